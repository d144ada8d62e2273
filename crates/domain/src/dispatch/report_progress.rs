//! A force reports from the scene: text, photos, position (Plan 4.1.4).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::step::{find, on_earth, told};
use super::{Order, OrderProgressed, OrderStep};
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

/// Only while the force is bound by the order; what happened until then may still be told later.
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
    let by = told(ctx, order)?;
    if order.ended_at().is_none_or(|ended| by.at > ended) {
        allow(order)?;
    }
    if act.files.len() > limits::FILES_PER_ACT {
        let fault = FieldFault::TooMany { count: act.files.len(), limit: limits::FILES_PER_ACT };
        return Err(Refusal::field("/files", fault));
    }
    // What is told late does not move the next report back.
    let newest = order.heard_at().max(order.at(OrderStep::Deployed)).is_none_or(|known| by.at > known);
    let awaited = order.step == OrderStep::Deployed && newest;
    let next_due = awaited.then(|| by.at.plus_s(state.readiness.limits().progress_interval_s));
    let event = OrderProgressed {
        order: order.id,
        text: Personal::new(incident, text::prose("/text", &act.text)?),
        position: on_earth(act.position)?,
        files: act.files,
        next_due,
        by,
    };
    Ok(Decision::about(Resource::of("order", order.id, incident)).then(incident, event))
}

#[cfg(test)]
mod tests {
    use super::super::scenes::{arrive, is, is_field, order, ordered, refused};
    use super::ReportProgress;
    use crate::testing::slug;
    use crate::types::{FileId, OrderId, limits};

    fn says(order: OrderId, text: &str) -> ReportProgress {
        ReportProgress { order, text: text.to_owned(), position: None, files: Vec::new() }
    }

    /// Plan 4.1.4, 4.3.1: a force reports as often as it likes; the desk keeps the last ones before its eyes.
    #[test]
    fn a_force_reports_and_the_last_reports_are_kept() {
        let (mut town, _, id) = ordered("huagong");
        town.does("huagong", arrive(id));
        for n in 1..=25 {
            town.after_s(60).does("huagong", says(id, &format!("第{n}次：正在倒罐")));
        }
        let known = order(&town, id);
        assert_eq!(known.progress.len(), 20);
        assert_eq!(known.progress[19].text.open.as_deref(), Some("第25次：正在倒罐"));
        assert_eq!(town.count("order.progressed"), 25, "all of them are in the journal");
    }

    /// Plan 4.1.4: what a terminal queued without network is not lost because the force was released meanwhile.
    #[test]
    fn what_happened_before_the_release_may_be_told_after_it() {
        let (mut town, _, id) = ordered("huagong");
        town.does("huagong", arrive(id));
        town.after_s(600)
            .does("commander", crate::dispatch::release_order::ReleaseOrder { order: id, note: None });
        town.after_s(300).that_happened(-301).does("huagong", says(id, "倒罐完成"));
        town.that_happened(-300).does("huagong", says(id, "收整器材"));
        assert_eq!(order(&town, id).progress.len(), 2);
        town.that_happened(-299);
        is(&refused(&mut town, "huagong", says(id, "归队途中")), "wrong_status", None, &[]);
    }

    /// Plan 4.3.1: an empty report, too many photos, a report after release are refused.
    #[test]
    fn a_report_has_words_and_an_order_that_runs() {
        let (mut town, _, id) = ordered("huagong");
        is_field(&refused(&mut town, "huagong", says(id, " ")), "/text");
        let photo: FileId = slug("photo-1");
        let many =
            ReportProgress { files: vec![photo.clone(); limits::FILES_PER_ACT + 1], ..says(id, "照片") };
        is_field(&refused(&mut town, "huagong", many), "/files");
        town.does(
            "huagong",
            ReportProgress { files: vec![photo; limits::FILES_PER_ACT], ..says(id, "照片") },
        );
        town.does("commander", crate::dispatch::release_order::ReleaseOrder { order: id, note: None });
        town.after_s(1);
        is(&refused(&mut town, "huagong", says(id, "归队途中")), "wrong_status", None, &[]);
    }
}
