//! A force may leave (撤收), released by whom commands (Plan 4.1.5). Its return form is then due.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::step::{find, nobody_inside, step_allowed, when};
use super::{Order, OrderReleased, OrderStep};
use crate::act::{ActKind, Decision, Resource, Target, rule};
use crate::context::Context;
use crate::personal::Personal;
use crate::refusal::{Refusal, Thing};
use crate::state::{IncidentFile, State};
use crate::types::{OrderId, Text, text};

/// The force may leave.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReleaseOrder {
    /// Which order.
    pub order: OrderId,
    /// A remark.
    #[serde(default)]
    pub note: Option<Text>,
}

rule!(ReleaseOrder, release_order, |a| Target::of(Thing::Order, a.order));

/// May this order take the step now? Not while its people are inside.
pub fn allow(file: &IncidentFile, order: &Order) -> Result<(), Refusal> {
    step_allowed(order, ActKind::ReleaseOrder, OrderStep::Released)?;
    nobody_inside(file, order, ActKind::ReleaseOrder)
}

/// The force may leave.
pub fn release_order(state: &State, ctx: &mut Context, act: ReleaseOrder) -> Result<Decision, Refusal> {
    let (incident, file, order) = find(state, act.order)?;
    allow(file, order)?;
    let note = text::prose_opt("/note", act.note.as_deref())?.map(|n| Personal::new(incident, n));
    let return_due = ctx.now.plus_s(state.readiness.limits().return_form_limit_s);
    let by = when(ctx, order, OrderStep::Released)?;
    let event = OrderReleased { order: order.id, note, return_due, by };
    Ok(Decision::about(Resource::of("order", order.id, incident)).then(incident, event))
}

#[cfg(test)]
mod tests {
    use super::super::scenes::{acknowledge, file, is, order, ordered, post_established, refused};
    use super::ReleaseOrder;
    use crate::act::ActKind;
    use crate::dispatch::OrderStep;
    use crate::testing::slug;
    use crate::types::OrderId;

    fn release(order: OrderId) -> ReleaseOrder {
        ReleaseOrder { order, note: None }
    }

    /// Plan 4.1.5: who commands releases; the force is free, and its return form is due.
    #[test]
    fn who_commands_releases_a_force() {
        let (mut town, fire, id) = ordered("huagong");
        town.does("commander", release(id));
        let released = order(&town, id);
        assert_eq!((released.step, released.due), (OrderStep::Released, Some(town.now.plus_s(86_400))));
        assert!(town.state.engaged.is_empty());
        assert!(file(&town, fire).dispatch.running_order_of(&slug("huagong")).is_none());
        is(&refused(&mut town, "commander", release(id)), "already_done", None, &[]);
        town.does("huagong", acknowledge(id));
        assert_eq!(order(&town, id).step, OrderStep::Released, "a step told late does not bind it again");
        assert!(town.state.engaged.is_empty());
    }

    /// Plan 4.1.5: an order does not end over the heads of its people: a withdrawal would no longer reach them.
    #[test]
    fn an_order_does_not_end_while_its_people_are_inside() {
        use crate::command_post::enter_scene::EnterScene;
        use crate::command_post::leave_scene::LeaveScene;
        use crate::dispatch::cancel_order::CancelOrder;
        use crate::dispatch::decline_order::DeclineOrder;
        let (mut town, fire, id) = ordered("huagong");
        for (group, count) in [("堵漏组", 4), ("侦检组", 2)] {
            town.does(
                "huagong",
                EnterScene { incident: fire, order: Some(id), group: group.to_owned(), count },
            );
        }
        let declined = DeclineOrder { order: id, reason: "车辆在修".to_owned() };
        let cancelled = CancelOrder { order: id, reason: "误派".to_owned() };
        for refusal in [
            refused(&mut town, "commander", release(id)),
            refused(&mut town, "huagong", declined),
            refused(&mut town, "commander", cancelled),
        ] {
            is(&refusal, "still_inside", Some("4.1.5"), &[ActKind::LeaveScene]);
            let text = refusal.text(crate::types::Lang::Zh);
            assert!(text.contains("堵漏组、侦检组") && text.contains("6 人"), "{text}");
        }
        for (group, count) in [("堵漏组", 4), ("侦检组", 2)] {
            town.does(
                "huagong",
                LeaveScene { incident: fire, order: Some(id), group: group.to_owned(), count },
            );
        }
        town.does("commander", release(id));
    }

    /// Plan 4.1.5: a force does not release itself, and the brigade does not release once the post commands.
    #[test]
    fn nobody_else_releases() {
        let (mut town, fire, id) = ordered("huagong");
        is(&refused(&mut town, "huagong", release(id)), "not_permitted", Some("4.1.5"), &[]);
        is(
            &refused(&mut town, "post", release(id)),
            "not_in_command",
            Some("4.1.5"),
            &[ActKind::OrderWithdrawal, ActKind::DraftPlan],
        );
        town.does("leader", post_established(fire));
        is(
            &refused(&mut town, "commander", release(id)),
            "not_in_command",
            Some("4.1.5"),
            &[ActKind::OrderWithdrawal, ActKind::DraftPlan],
        );
        town.does("post", release(id));
    }
}
