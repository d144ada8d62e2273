//! The city's command post (现场指挥部) is established and takes over, Plan 4.1.5.
//!
//! Decision and take-over are one batch: there is no moment with a post and another commander. It takes effect when
//! the city decided, not when somebody typed it; the brigade then briefs within its limit.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::event::{CommandTakenOver, PostEstablished};
use super::state::{Holder, POST};
use crate::act::{ActKind, Decision, Resource, Target, rule};
use crate::context::{Context, Reported};
use crate::incident::query::not_before;
use crate::refusal::{FieldFault, Refusal};
use crate::state::{IncidentFile, State};
use crate::types::{IncidentId, Text, limits, text};

/// The city decides on a command post.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EstablishPost {
    /// At which incident.
    pub incident: IncidentId,
    /// The decision: its document number, or 口头 and by whom.
    pub decision: Text,
    /// The position that commands (总指挥).
    pub commander: Text,
    /// Where it stands.
    pub place: Text,
    /// Its radio channel.
    #[serde(default)]
    pub post_channel: Option<Text>,
    /// The positions it consists of.
    #[serde(default)]
    pub members: Vec<Text>,
}

rule!(EstablishPost, establish_post, |a| Target::Incident(a.incident));

/// May a post be established? Once, from the brigade's command or the superior's.
pub fn allow(state: &State, incident: IncidentId) -> Result<&IncidentFile, Refusal> {
    let file = crate::incident::open(state, incident)?;
    if file.command.holder == Holder::Post {
        return Err(Refusal::AlreadyDone { act: ActKind::EstablishPost });
    }
    Ok(file)
}

/// Establishes it; it commands from that moment on.
pub fn establish_post(state: &State, ctx: &mut Context, act: EstablishPost) -> Result<Decision, Refusal> {
    let file = allow(state, act.incident)?;
    let by = taking_over(file, ctx)?;
    let commander = text::line("/commander", &act.commander)?;
    let established = PostEstablished {
        commander: commander.clone(),
        place: text::line("/place", &act.place)?,
        decision: text::line("/decision", &act.decision)?,
        members: members(&act.members)?,
        channel: text::line_opt("/post_channel", act.post_channel.as_deref())?,
        // From when the brigade can know of it: a decision typed in an hour late does not make it late.
        briefing_due: ctx.now.plus_s(state.readiness.limits().briefing_limit_s),
        by: by.clone(),
    };
    let taken_over = CommandTakenOver { holder: Holder::Post, name: POST.to_owned(), commander, by };
    Ok(Decision::about(Resource::of("command_post", act.incident, act.incident))
        .then(act.incident, established)
        .then(act.incident, taken_over))
}

/// When command passes: not before the last time it did. Times are typed in whole minutes; within that, it follows.
pub(super) fn taking_over(file: &IncidentFile, ctx: &Context) -> Result<Reported, Refusal> {
    let mut by = ctx.report()?;
    not_before(&by, file.command.since)?;
    by.at = by.at.max(file.command.since);
    Ok(by)
}

fn members(given: &[Text]) -> Result<Vec<Text>, Refusal> {
    let limit = limits::POST_MEMBERS;
    if given.len() > limit {
        return Err(Refusal::field("/members", FieldFault::TooMany { count: given.len(), limit }));
    }
    given.iter().map(|member| text::line("/members", member)).collect()
}

#[cfg(test)]
mod tests {
    use super::super::scenes::{is_refused, on_scene, post};
    use super::*;
    use crate::command_post::delegate_command::DelegateCommand;
    use crate::command_post::{Delegate, Held};
    use crate::dispatch::release_order::ReleaseOrder;
    use crate::testing::Town;
    use crate::types::{Lang, OrderId};

    fn released(order: OrderId) -> ReleaseOrder {
        ReleaseOrder { order, note: None }
    }

    /// Plan 4.1.5: from the city's decision on, orders come from the post or by its delegation.
    #[test]
    fn the_post_takes_over_at_once_and_the_brigade_orders_by_delegation_only() {
        let (mut town, fire, orders) = on_scene();
        is_refused(town.act("post", released(orders[0])), "not_in_command", "消防救援大队");
        let seq = town.journal.len();
        town.at("08:40").does("leader", post(fire));
        assert_eq!(town.kinds_since(seq), ["command.post_established", "command.taken_over"]);
        is_refused(town.act("commander", released(orders[0])), "not_in_command", "指挥权已移交现场指挥部");
        town.does(
            "post",
            DelegateCommand { incident: fire, to: Delegate::RescueSection, scope: "抢险救援".to_owned() },
        );
        town.does("commander", released(orders[0]));
        town.does("post", released(orders[1]));
        is_refused(town.act("leader", post(fire)), "already_done", "成立现场指挥部");
    }

    /// Plan 4.1.5: the decision counts from when it was taken, not from when the duty office typed it.
    #[test]
    fn a_decision_typed_in_later_takes_effect_when_it_was_taken() {
        let (mut town, fire, _) = on_scene();
        is_refused(town.at("08:45").act("govt", post(fire)), "on_behalf_missing", "代录");
        town.by_phone_for("市政府分管领导").that_happened(-600).does("govt", post(fire));
        let command = &town.state.hot(fire).unwrap().command;
        let before = command.commander_at(town.now.plus_s(-601)).map(|held| held.holder);
        let after = command.commander_at(town.now.plus_s(-600)).map(|held| held.holder);
        assert_eq!((before, after), (Some(Holder::Brigade), Some(Holder::Post)));
        let due = command.post.as_ref().unwrap().briefing_due;
        assert_eq!(due, town.now.plus_s(900), "the brigade has its time from when it can know");
    }

    #[test]
    fn command_does_not_pass_before_it_last_passed() {
        let (mut town, fire, _) = on_scene();
        let answer = town.by_phone_for("市政府分管领导").that_happened(-7200).act("bureau", post(fire));
        is_refused(answer, "field", "发生时间");
    }

    /// Who commanded at each moment is on record, whatever order the take-overs came in.
    #[test]
    fn exactly_one_commands_at_each_moment() {
        use crate::command_post::raise_command::RaiseCommand;
        use proptest::prelude::*;
        proptest!(ProptestConfig::with_cases(48), |(moves in prop::collection::vec((0..3_u8, 0..4000_i64, 0..4000_i64), 1..8))| {
            let mut town = Town::rongcheng("08:00");
            let fire = town.oil_depot_burns();
            let opened = town.state.hot(fire).unwrap().command.since;
            for (what, passes_s, back_s) in moves {
                town.after_s(passes_s).by_phone_for("市领导").that_happened(-back_s);
                // Refused or not: the record must hold either way.
                let _ = match what {
                    0 => town.act("govt", post(fire)),
                    1 => town.act("dispatcher", RaiseCommand {
                        incident: fire,
                        to: crate::testing::slug("org-weihai-xiaofang"),
                        commander: "支队值班指挥长".to_owned(),
                    }),
                    _ => town.act("post", DelegateCommand {
                        incident: fire, to: Delegate::Brigade, scope: "全部".to_owned(),
                    }),
                };
            }
            let command = &town.state.hot(fire).unwrap().command;
            let history: Vec<&Held> = command.history.iter().collect();
            prop_assert_eq!(history[0].since, opened);
            for pair in history.windows(2) {
                prop_assert_eq!(pair[0].until, Some(pair[1].since), "no gap, no overlap");
                prop_assert!(pair[0].since <= pair[1].since, "command passes forward in time");
            }
            prop_assert_eq!(history.last().unwrap().until, None);
            prop_assert_eq!(history.last().unwrap().holder, command.holder);
            for moment in history.iter().flat_map(|held| [held.since, held.since.plus_s(1)]) {
                let holders = command.history.iter().filter(|h| {
                    h.since <= moment && h.until.is_none_or(|until| moment < until)
                });
                prop_assert_eq!(holders.count(), 1);
            }
        });
    }

    #[test]
    fn the_refusal_reads_in_english_too() {
        let (mut town, fire, orders) = on_scene();
        town.does("leader", post(fire));
        let text = town.act("commander", released(orders[0])).unwrap_err().text(Lang::En);
        assert!(text.starts_with("Command lies with the command post"), "{text}");
    }
}
