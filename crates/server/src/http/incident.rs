//! Incidents: the call, its verification, its people, its end. Plan 4.1.3, 4.3.1.

use axum::Json;
use axum::extract::Path;
use domain::incident as inc;
use domain::refusal::{FieldFault, Refusal, Thing};
use domain::types::{IncidentId, Lang, Point, Time};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::table::{Table, param};
use super::{Asked, Look, Page, id_in_path};
use crate::limits;
use crate::problem::{Form, Problem};
use crate::view::brief::IncidentBrief;
use crate::view::incident::IncidentView;
use crate::view::timeline::TimelineItem;

/// Incidents on one page, where nothing else is said.
const PAGE: usize = 100;
/// Incidents on one page at the most.
const PAGE_MAX: usize = 1_000;

pub(super) fn routes(t: &mut Table) {
    t.create::<inc::take_call::TakeCall>("/incidents", "");
    t.act::<inc::verify_call::VerifyCall>("/incidents/{id}/verify", "incident");
    t.act::<inc::classify_incident::ClassifyIncident>("/incidents/{id}/classify", "incident");
    t.act::<inc::raise_grade::RaiseGrade>("/incidents/{id}/grade", "incident");
    t.act::<inc::grade_severity::GradeSeverity>("/incidents/{id}/severity", "incident");
    t.act::<inc::merge_incident::MergeIncident>("/incidents/{id}/merge", "incident");
    t.act::<inc::control_incident::ControlIncident>("/incidents/{id}/control", "incident");
    t.act::<inc::close_incident::CloseIncident>("/incidents/{id}/close", "incident");
    t.create::<inc::count_casualties::CountCasualties>("/incidents/{id}/casualties", "incident");
    t.act::<inc::confirm_casualties::ConfirmCasualties>("/incidents/{id}/casualties/confirm", "incident");
    t.create::<inc::add_note::AddNote>("/incidents/{id}/notes", "incident");
    t.create::<inc::call_town::CallTown>("/incidents/{id}/town-calls", "incident");
    t.act::<inc::answer_town_call::AnswerTownCall>("/town-calls/{id}/answer", "town_call");
    t.create::<inc::give_instruction::GiveInstruction>("/incidents/{id}/instructions", "incident");
    t.act::<inc::assign_task::AssignTask>("/instructions/{id}/assign", "instruction");
    t.act::<inc::feed_back::FeedBack>("/instructions/{id}/feedback", "instruction");
    let list = [
        param("open", "true: those that are open (the default); false: those that are over"),
        param("limit", "how many, at most 1000; 100 where absent"),
        param("after", "where the page begins, from `next`"),
        param("min_seq", "wait until this entry is seen"),
    ];
    t.read::<Page<IncidentBrief>, _, _>("/incidents", "Incidents, newest first", &list, incidents);
    let near =
        [param("lon", "degrees east"), param("lat", "degrees north"), param("at", "when; now where absent")];
    let about = "Open incidents within 500 m and 30 min of a call";
    t.read::<Vec<IncidentBrief>, _, _>("/incidents/similar", about, &near, similar);
    t.read::<IncidentView, _, _>("/incidents/{id}", "An incident, whole", &[], incident);
    t.read::<Vec<TimelineItem>, _, _>(
        "/incidents/{id}/timeline",
        "What happened, line by line",
        &[],
        timeline,
    );
    let about = "The incident in one line, for telephone and chat";
    t.read::<ShortText, _, _>("/incidents/{id}/short-text", about, &[], short_text);
    let about = "The fields of a pasted 119 call sheet";
    t.ask::<PastedSheet, interop::call_sheet::CallSheet, _, _>("/call-sheets/parse", about, parse_sheet);
}

#[derive(Debug, Deserialize)]
struct ListQuery {
    open: Option<bool>,
    limit: Option<usize>,
    after: Option<IncidentId>,
}

async fn incidents(look: Look, Asked(q): Asked<ListQuery>) -> Json<Page<IncidentBrief>> {
    let viewer = look.viewer();
    let state = &look.published.state;
    let limit = q.limit.unwrap_or(PAGE).clamp(1, PAGE_MAX);
    let before = |id: &IncidentId| q.after.is_none_or(|after| *id < after);
    let mut items: Vec<IncidentBrief> = if q.open.unwrap_or(true) {
        let open = state.incidents.values().rev().filter(|f| !f.incident.status.is_over());
        let seen = open.filter(|f| before(&f.incident.id) && viewer.sees(f));
        seen.take(limit + 1).map(|f| viewer.brief(f)).collect()
    } else if viewer.is_desk() {
        let over = state.archive.values().rev().filter(|s| before(&s.id));
        over.take(limit + 1).map(|s| viewer.brief_archived(s)).collect()
    } else {
        Vec::new()
    };
    let more = items.len() > limit;
    items.truncate(limit);
    let next = if more { items.last().map(|i| i.id.clone()) } else { None };
    Json(Page { items, next })
}

#[derive(Debug, Deserialize)]
struct NearQuery {
    lon: f64,
    lat: f64,
    at: Option<String>,
    drill: Option<bool>,
}

async fn similar(look: Look, Asked(q): Asked<NearQuery>) -> Result<Json<Vec<IncidentBrief>>, Problem> {
    look.desks_only()?;
    let viewer = look.viewer();
    let at = match q.at.as_deref() {
        None => viewer.now,
        Some(text) => Time::parse(text).ok_or_else(|| Problem::field(look.lang, "/at", Form::NotATime))?,
    };
    let point = Point { lon: q.lon, lat: q.lat };
    if !point.is_valid() {
        return Err(look.wrong("/lon", Form::NotAPlace));
    }
    let found = inc::similar(viewer.state, point, at, q.drill.unwrap_or(false));
    let briefs = found.into_iter().filter_map(|s| {
        let mut brief = viewer.brief(viewer.state.hot(s.incident)?);
        brief.distance_m = Some(s.distance_m);
        brief.minutes = Some(s.apart_s / 60);
        Some(brief)
    });
    Ok(Json(briefs.collect()))
}

async fn incident(look: Look, Path(id): Path<String>) -> Result<Json<IncidentView>, Problem> {
    let id = id_in_path(&look, Thing::Incident, &id)?;
    let opened = look.incident(id).await?;
    Ok(Json(look.viewer_of(&opened.state).incident(opened.file())))
}

async fn timeline(look: Look, Path(id): Path<String>) -> Result<Json<Vec<TimelineItem>>, Problem> {
    look.desks_only()?;
    let id: IncidentId = id_in_path(&look, Thing::Incident, &id)?;
    let opened = look.incident(id).await?;
    let entries = look.stream(&opened).await?;
    Ok(Json(look.viewer_of(&opened.state).timeline(opened.file(), &entries)))
}

/// A text to copy.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct ShortText {
    /// The text.
    text: String,
}

async fn short_text(look: Look, Path(id): Path<String>) -> Result<Json<ShortText>, Problem> {
    look.desks_only()?;
    let id = id_in_path(&look, Thing::Incident, &id)?;
    let opened = look.incident(id).await?;
    Ok(Json(ShortText { text: look.viewer_of(&opened.state).short_text(opened.file()) }))
}

/// A pasted sheet.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PastedSheet {
    /// Its text.
    text: String,
}

async fn parse_sheet(
    look: Look,
    headers: axum::http::HeaderMap,
    body: axum::body::Bytes,
) -> Result<Json<interop::call_sheet::CallSheet>, Problem> {
    look.desks_only()?;
    let lang: Lang = look.lang;
    super::act::said_to_be_json(&headers, &body, lang)?;
    let value = serde_json::from_slice(&body).map_err(|e| Problem::not_json(lang, &e))?;
    let sheet: PastedSheet = super::act::shaped(value, lang)?;
    let (chars, limit) = (sheet.text.chars().count(), limits::SHEET_CHARS);
    if chars > limit {
        return Err(Problem::refused(&Refusal::field("/text", FieldFault::TooLong { chars, limit }), lang));
    }
    Ok(Json(interop::call_sheet::parse_call_sheet(&sheet.text)))
}
