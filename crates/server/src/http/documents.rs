//! Official documents as .docx, made from what is recorded when they are asked for.

use axum::extract::Path;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use domain::Refusal;
use domain::refusal::Thing;
use domain::types::{
    IncidentId, LetterId, OrderId, OrgId, PlanId, ReinforcementId, ReportId, SituationReportId,
};
use serde::Deserialize;

use super::table::{Table, param};
use super::{Asked, Look, Opened, id_in_path};
use crate::problem::Problem;
use crate::view::desk::desk_of;

pub(super) fn routes(t: &mut Table) {
    let of = [param("of", "id of the order, plan, report …, or of the authority of a filing")];
    let about = "An official document: order, filing, plan, report, situation-report, review, briefing, request, \
                 reinforcement";
    t.read_bytes("/incidents/{id}/documents/{name}", about, documents::MEDIA_TYPE, &of, document);
    t.read_bytes("/shifts/sheet.docx", "The shift hand-over sheet", documents::MEDIA_TYPE, &[], hand_over);
}

#[derive(Debug, Deserialize)]
struct DocumentQuery {
    of: Option<String>,
}

async fn document(
    look: Look,
    Path((id, name)): Path<(String, String)>,
    Asked(q): Asked<DocumentQuery>,
) -> Result<Response, Problem> {
    let id: IncidentId = id_in_path(&look, Thing::Incident, &id)?;
    let opened = look.incident(id).await?;
    let of = q.of.unwrap_or_default();
    let kind = name.strip_suffix(".docx").unwrap_or("");
    if !look.actor.role.is_desk() && kind != "order" {
        return Err(Problem::not_for_you(look.lang));
    }
    let bytes = if kind == "review" {
        let stream = look.stream(id).await?;
        let viewer = look.viewer_of(&opened.state);
        Some(viewer.review_document(opened.file(), &stream).docx(viewer.doc_lang()))
    } else {
        one_of(&look, &opened, kind, &of)
    };
    let bytes =
        bytes.ok_or_else(|| look.refused(&Refusal::not_found(Thing::File, format!("{name} {of}"))))?;
    Ok(docx(&format!("{}-{kind}.docx", opened.file().incident.number), bytes))
}

/// A document of one thing; `None` where there is no such thing here.
fn one_of(look: &Look, opened: &Opened, kind: &str, of: &str) -> Option<Vec<u8>> {
    let (viewer, file) = (look.viewer_of(&opened.state), opened.file());
    let lang = viewer.doc_lang();
    match kind {
        "order" => {
            let order = file.dispatch.orders.get(&of.parse::<OrderId>().ok()?)?;
            let seen = viewer.is_desk() || viewer.is_own_force(&order.force);
            seen.then(|| viewer.order_document(file, order).docx(lang))
        }
        "filing" => Some(viewer.filing_document(file, &of.parse::<OrgId>().ok()?)?.docx(lang)),
        "plan" => {
            let plan = file.dispatch.plans.get(&of.parse::<PlanId>().ok()?)?;
            Some(viewer.plan_document(file, plan).docx(lang))
        }
        "report" => Some(viewer.report_document(file, of.parse::<ReportId>().ok()?)?.docx(lang)),
        "situation-report" => {
            Some(viewer.situation_document(file, of.parse::<SituationReportId>().ok()?)?.docx(lang))
        }
        "briefing" => Some(viewer.briefing_document(file)?.docx(lang)),
        "request" => Some(viewer.letter_document(file, of.parse::<LetterId>().ok()?)?.docx(lang)),
        "reinforcement" => {
            Some(viewer.reinforcement_document(file, of.parse::<ReinforcementId>().ok()?)?.docx(lang))
        }
        _ => None,
    }
}

async fn hand_over(look: Look) -> Result<Response, Problem> {
    let desk = desk_of(look.actor.role).ok_or_else(|| Problem::not_for_you(look.lang))?;
    let viewer = look.viewer();
    let sheet = viewer.shift_sheet(desk);
    Ok(docx("shift.docx", viewer.hand_over_document(&sheet).docx(viewer.doc_lang())))
}

fn docx(name: &str, bytes: Vec<u8>) -> Response {
    let disposition = format!("attachment; filename=\"{name}\"");
    let mut response = ([(header::CONTENT_TYPE, documents::MEDIA_TYPE)], bytes).into_response();
    if let Ok(value) = HeaderValue::from_str(&disposition) {
        response.headers_mut().insert(header::CONTENT_DISPOSITION, value);
    }
    response
}
