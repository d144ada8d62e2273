//! A force reports from the scene: text, photos, position.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::step::{find, on_earth, when};
use super::{Order, OrderProgressed};
use crate::act::{ActKind, Decision, Resource, Target, rule};
use crate::context::Context;
use crate::personal::Personal;
use crate::refusal::{FieldFault, Refusal, Thing};
use crate::state::State;
use crate::types::{FileId, OrderId, Point, Text, limits, text};

/// Something to report.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReportProgress {
    /// Which order.
    pub order: OrderId,
    /// What.
    pub text: Text,
    /// Where.
    #[serde(default)]
    pub position: Option<Point>,
    /// Photos, uploaded before.
    #[serde(default)]
    pub files: Vec<FileId>,
}

rule!(ReportProgress, report_progress, |a| Target::of(Thing::Order, a.order));

/// Only while the force is bound by the order.
pub fn allow(order: &Order) -> Result<(), Refusal> {
    if order.step.is_running() {
        return Ok(());
    }
    Err(Refusal::WrongStatus {
        act: ActKind::ReportProgress,
        what: Thing::Order,
        status: order.step.code(),
        needs: "issued|received|acknowledged|departed|arrived|deployed",
    })
}

/// Reports.
pub fn report_progress(state: &State, ctx: &mut Context, act: ReportProgress) -> Result<Decision, Refusal> {
    let (incident, _, order) = find(state, act.order)?;
    allow(order)?;
    if act.files.len() > limits::FILES_PER_ACT {
        let fault = FieldFault::TooMany { count: act.files.len(), limit: limits::FILES_PER_ACT };
        return Err(Refusal::field("/files", fault));
    }
    let event = OrderProgressed {
        order: order.id,
        text: Personal::new(incident, text::prose("/text", &act.text)?),
        position: on_earth(act.position)?,
        files: act.files,
        by: when(ctx, order)?,
    };
    Ok(Decision::about(Resource::of("order", order.id, incident)).then(incident, event))
}
