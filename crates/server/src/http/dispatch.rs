//! Dispatch: first response, stand-by, plans, orders, filings. Plan 4.1.4, 4.3.1, 4.3.2.

use axum::Json;
use axum::extract::Path;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use domain::dispatch::{self as d, Order, OrderStep};
use domain::refusal::Thing;
use domain::types::ids::Fresh;
use domain::types::{ForceId, IncidentId, OrderId, PlanId};
use domain::{IncidentFile, Refusal};
use serde::Deserialize;

use super::table::{Table, param};
use super::{Asked, Look, id_in_path};
use crate::problem::Problem;
use crate::view::dispatch::{FilingView, PlanView};
use crate::view::order::OrderView;
use crate::view::proposal::ProposalView;

pub(super) fn routes(t: &mut Table) {
    t.create::<d::order_first_response::OrderFirstResponse>("/incidents/{id}/first-response", "incident");
    t.create::<d::send_linkage_notices::SendLinkageNotices>("/incidents/{id}/linkage-notices", "incident");
    t.act::<d::acknowledge_notice::AcknowledgeNotice>("/linkage-notices/{id}/acknowledge", "notice");
    t.create::<d::push_stand_by::PushStandBy>("/incidents/{id}/stand-by", "incident");
    t.act::<d::confirm_stand_by::ConfirmStandBy>("/stand-bys/{id}/confirm", "stand_by");
    t.act::<d::lift_stand_by::LiftStandBy>("/stand-bys/{id}/lift", "stand_by");
    t.create::<d::send_letter::SendLetter>("/incidents/{id}/requests", "incident");
    t.act::<d::answer_letter::AnswerLetter>("/requests/{id}/answer", "letter");
    t.create::<d::draft_plan::DraftPlan>("/incidents/{id}/plans", "incident");
    t.act::<d::revise_plan::RevisePlan>("/plans/{id}/revise", "plan");
    t.act::<d::submit_plan::SubmitPlan>("/plans/{id}/submit", "plan");
    t.act::<d::withdraw_plan::WithdrawPlan>("/plans/{id}/withdraw", "plan");
    t.act::<d::approve_plan::ApprovePlan>("/plans/{id}/approve", "plan");
    t.act::<d::send_back_plan::SendBackPlan>("/plans/{id}/send-back", "plan");
    let path = "/plans/{id}/record-telephone-approval";
    t.act::<d::record_telephone_approval::RecordTelephoneApproval>(path, "plan");
    t.act::<d::confirm_in_writing::ConfirmInWriting>("/plans/{id}/confirm-in-writing", "plan");
    t.act::<d::receive_order::ReceiveOrder>("/orders/{id}/receive", "order");
    t.act::<d::acknowledge_order::AcknowledgeOrder>("/orders/{id}/acknowledge", "order");
    t.act::<d::decline_order::DeclineOrder>("/orders/{id}/decline", "order");
    t.act::<d::depart_order::DepartOrder>("/orders/{id}/depart", "order");
    t.act::<d::arrive_order::ArriveOrder>("/orders/{id}/arrive", "order");
    t.act::<d::deploy_order::DeployOrder>("/orders/{id}/deploy", "order");
    t.create::<d::report_progress::ReportProgress>("/orders/{id}/progress", "order");
    t.act::<d::release_order::ReleaseOrder>("/orders/{id}/release", "order");
    t.act::<d::return_order::ReturnOrder>("/orders/{id}/return", "order");
    t.act::<d::cancel_order::CancelOrder>("/orders/{id}/cancel", "order");
    t.act::<d::sign_filing::SignFiling>("/filings/{id}/sign", "filing");
    let about = "What the composition calls for, and who fills it";
    t.read::<ProposalView, _, _>(
        "/incidents/{id}/proposal",
        about,
        &[param("grade", "as if at this grade")],
        proposal,
    );
    let about = "A proposal as it was when a plan cited it";
    t.read_bytes("/proposals/{hash}", about, "application/json", &[], kept_proposal);
    t.read::<PlanView, _, _>("/plans/{id}", "A plan", &[], plan);
    let filter = [
        param("incident", "of this incident"),
        param("force", "of this force"),
        param("step", "at this step"),
    ];
    t.read::<Vec<OrderView>, _, _>("/orders", "Orders of open incidents", &filter, orders);
    t.read::<OrderView, _, _>("/orders/{id}", "An order", &[], order);
    t.read::<Vec<FilingView>, _, _>("/filings", "Filings of open incidents", &[], filings);
}

#[derive(Debug, Deserialize)]
struct ProposalQuery {
    grade: Option<u8>,
}

async fn proposal(
    look: Look,
    Path(id): Path<String>,
    Asked(q): Asked<ProposalQuery>,
) -> Result<Json<ProposalView>, Problem> {
    look.desks_only()?;
    let id: IncidentId = id_in_path(&look, Thing::Incident, &id)?;
    let opened = look.incident(id).await?;
    let (viewer, file) = (look.viewer_of(&opened.state), opened.file());
    let wanted = file.incident.hazard.as_deref().zip(q.grade.or(file.incident.grade));
    let composition = wanted.and_then(|(hazard, grade)| viewer.state.composition.find(hazard, grade));
    let options = recommend::Options::default();
    let found = composition.map(|c| recommend::propose(viewer.state, file, c, viewer.now, options));
    if let Some(proposal) = &found {
        let (node, hash, text) = (look.node.clone(), proposal.hash(), proposal.canonical());
        let kept = tokio::task::spawn_blocking(move || node.proposals.put(&hash, text.as_bytes()));
        Problem::fault(look.lang, Problem::fault(look.lang, kept.await)?)?;
    }
    Ok(Json(viewer.proposal(file, found.as_ref())))
}

async fn kept_proposal(look: Look, Path(hash): Path<String>) -> Result<Response, Problem> {
    look.desks_only()?;
    let (node, asked) = (look.node.clone(), hash.clone());
    let kept = tokio::task::spawn_blocking(move || node.proposals.get(&asked)).await;
    let kept = Problem::fault(look.lang, Problem::fault(look.lang, kept)?)?;
    let bytes = kept.ok_or_else(|| look.refused(&Refusal::not_found(Thing::File, &hash)))?;
    Ok(([(header::CONTENT_TYPE, "application/json")], bytes).into_response())
}

async fn plan(look: Look, Path(id): Path<String>) -> Result<Json<PlanView>, Problem> {
    look.desks_only()?;
    let id: PlanId = id_in_path(&look, Thing::Plan, &id)?;
    let opened = look.incident_with(Thing::Plan, id).await?;
    let file = opened.file();
    let plan =
        file.dispatch.plans.get(&id).ok_or_else(|| look.refused(&Refusal::not_found(Thing::Plan, id)))?;
    Ok(Json(look.viewer_of(&opened.state).plan(file, plan)))
}

async fn order(look: Look, Path(id): Path<String>) -> Result<Json<OrderView>, Problem> {
    let id: OrderId = id_in_path(&look, Thing::Order, &id)?;
    let opened = look.incident_with(Thing::Order, id).await?;
    let (file, viewer) = (opened.file(), look.viewer_of(&opened.state));
    let seen = |o: &&std::sync::Arc<d::Order>| viewer.is_desk() || viewer.is_own_force(&o.force);
    let order = file.dispatch.orders.get(&id).filter(seen);
    let order = order.ok_or_else(|| look.refused(&Refusal::not_found(Thing::Order, id)))?;
    Ok(Json(viewer.order(file, order)))
}

impl Look {
    /// The incident that something belongs to, hot or cold.
    pub(crate) async fn incident_with(&self, what: Thing, id: impl Fresh) -> Result<super::Opened, Problem> {
        let owner = self.published.state.owner.get(&id.ulid()).copied();
        let not_found = || self.refused(&Refusal::not_found(what, id.ulid()));
        self.incident(owner.ok_or_else(not_found)?).await.map_err(|_| not_found())
    }
}

#[derive(Debug, Deserialize)]
struct OrdersQuery {
    incident: Option<IncidentId>,
    force: Option<ForceId>,
    step: Option<OrderStep>,
}

async fn orders(look: Look, Asked(q): Asked<OrdersQuery>) -> Result<Json<Vec<OrderView>>, Problem> {
    if let Some(id) = q.incident {
        let opened = look.incident(id).await?;
        return Ok(Json(chosen(&look.viewer_of(&opened.state), opened.file(), &q)));
    }
    let viewer = look.viewer();
    let files = viewer.state.whole().filter(|f| viewer.sees(f));
    // Of an incident that is over only what is still owed: an order without its return form.
    let owed = |f: &IncidentFile, o: &Order| !f.incident.status.is_over() || o.step == OrderStep::Released;
    Ok(Json(files.flat_map(|f| viewer.orders_where(f, |o| is_asked(o, &q) && owed(f, o))).collect()))
}

fn chosen(viewer: &crate::view::Viewer<'_>, file: &IncidentFile, q: &OrdersQuery) -> Vec<OrderView> {
    viewer.orders_where(file, |o| is_asked(o, q))
}

fn is_asked(order: &Order, q: &OrdersQuery) -> bool {
    q.force.as_ref().is_none_or(|f| *f == order.force) && q.step.is_none_or(|s| s == order.step)
}

async fn filings(look: Look) -> Json<Vec<FilingView>> {
    let viewer = look.viewer();
    let files = viewer.state.whole().filter(|f| viewer.sees(f));
    Json(files.flat_map(|f| viewer.filings(f)).collect())
}
