//! Command on scene, Plan 4.1.2, 4.1.5.

use axum::Json;
use axum::extract::Path;
use domain::command_post as cp;
use domain::refusal::Thing;
use schemars::JsonSchema;
use serde::Serialize;

use super::table::Table;
use super::{Look, id_in_path};
use crate::problem::Problem;

pub(super) fn routes(t: &mut Table) {
    let path = "/incidents/{id}/command/forward-headquarters";
    t.act::<cp::form_forward_headquarters::FormForwardHeadquarters>(path, "incident");
    t.act::<cp::establish_post::EstablishPost>("/incidents/{id}/command-post", "incident");
    t.act::<cp::hand_in_briefing::HandInBriefing>("/incidents/{id}/command/briefing", "incident");
    t.act::<cp::delegate_command::DelegateCommand>("/incidents/{id}/command/delegate", "incident");
    t.act::<cp::raise_command::RaiseCommand>("/incidents/{id}/command/rise", "incident");
    t.create::<cp::order_withdrawal::OrderWithdrawal>("/incidents/{id}/command/withdraw-all", "incident");
    t.act::<cp::confirm_withdrawal::ConfirmWithdrawal>("/withdrawals/{id}/confirm", "withdrawal");
    let path = "/incidents/{id}/scene/safety-officer";
    t.act::<cp::appoint_safety_officer::AppointSafetyOfficer>(path, "incident");
    t.act::<cp::enter_scene::EnterScene>("/incidents/{id}/scene/enter", "incident");
    t.act::<cp::leave_scene::LeaveScene>("/incidents/{id}/scene/leave", "incident");
    let about = "The brigade's briefing, made from what is known";
    t.read::<Briefing, _, _>("/incidents/{id}/briefing", about, &[], briefing);
}

/// A briefing as text.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Briefing {
    /// Line by line.
    lines: Vec<String>,
}

async fn briefing(look: Look, Path(id): Path<String>) -> Result<Json<Briefing>, Problem> {
    look.desks_only()?;
    let id = id_in_path(&look, Thing::Incident, &id)?;
    let opened = look.incident(id).await?;
    Ok(Json(Briefing { lines: look.viewer_of(&opened.state).briefing_lines(opened.file()) }))
}
