//! Official documents as .docx, made from what is recorded when they are asked for.

use axum::extract::Path;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use domain::refusal::Thing;
use domain::types::{
    IncidentId, LetterId, OrderId, OrgId, PlanId, ReinforcementId, ReportId, SituationReportId,
};
use domain::{Recorded, Refusal};
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
    let stream = look.stream(&opened).await?;
    let bytes = if kind == "review" {
        let viewer = look.viewer_of(&opened.state);
        Some(viewer.review_document(opened.file(), &stream).docx(viewer.doc_lang()))
    } else {
        one_of(&look, &opened, &stream, kind, &of)
    };
    let bytes =
        bytes.ok_or_else(|| look.refused(&Refusal::not_found(Thing::File, format!("{name} {of}"))))?;
    Ok(docx(&format!("{}-{kind}.docx", opened.file().incident.number), bytes))
}

/// A document of one thing, from the incident as it stood when that was made: what came later does not stand in it.
/// `None` where there is no such thing here.
fn one_of(look: &Look, opened: &Opened, stream: &[Recorded], kind: &str, of: &str) -> Option<Vec<u8>> {
    let (viewer, file) = (look.viewer_of(&opened.state), opened.file());
    let lang = viewer.doc_lang();
    match kind {
        "order" => {
            let id: OrderId = of.parse().ok()?;
            let force = &file.dispatch.orders.get(&id)?.force;
            if !viewer.is_desk() && !viewer.is_own_force(force) {
                return None;
            }
            let then = opened.when(stream, |f| f.dispatch.orders.contains_key(&id))?;
            let order = then.file().dispatch.orders.get(&id)?;
            Some(look.viewer_of(&then.state).order_document(then.file(), order).docx(lang))
        }
        "filing" => Some(viewer.filing_document(file, &of.parse::<OrgId>().ok()?)?.docx(lang)),
        "plan" => {
            let id: PlanId = of.parse().ok()?;
            let plan = file.dispatch.plans.get(&id)?;
            let asked = (plan.revision, &plan.submitted);
            let then = opened.when(stream, |f| {
                f.dispatch.plans.get(&id).is_some_and(|p| (p.revision, &p.submitted) == asked)
            })?;
            Some(look.viewer_of(&then.state).plan_document(then.file(), plan).docx(lang))
        }
        "report" => {
            let id: ReportId = of.parse().ok()?;
            let version = file.report.reports.get(&id)?.version();
            let then =
                opened.when(stream, |f| f.report.reports.get(&id).is_some_and(|r| r.version() == version))?;
            Some(look.viewer_of(&then.state).report_document(then.file(), id)?.docx(lang))
        }
        "situation-report" => {
            let id: SituationReportId = of.parse().ok()?;
            let then = opened.when(stream, |f| f.report.situation.contains_key(&id))?;
            Some(look.viewer_of(&then.state).situation_document(then.file(), id)?.docx(lang))
        }
        "briefing" => {
            let Some(handed_in) = &file.command.post.as_deref()?.briefing else {
                return Some(viewer.briefing_document(file)?.docx(lang));
            };
            let then = opened.when(stream, |f| {
                f.command.post.as_deref().is_some_and(|post| post.briefing.as_ref() == Some(handed_in))
            })?;
            Some(look.viewer_of(&then.state).briefing_document(then.file())?.docx(lang))
        }
        "request" => {
            let id: LetterId = of.parse().ok()?;
            let letter = file.dispatch.letters.get(&id)?;
            let then = opened.when(stream, |f| f.dispatch.letters.contains_key(&id))?;
            Some(look.viewer_of(&then.state).letter_document(then.file(), letter).docx(lang))
        }
        "reinforcement" => {
            let id: ReinforcementId = of.parse().ok()?;
            let then = opened.when(stream, |f| f.reinforcement.requests.contains_key(&id))?;
            Some(look.viewer_of(&then.state).reinforcement_document(then.file(), id)?.docx(lang))
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
