//! A desk's shift is handed over (交接班), Plan 4.2.3: without signing off, and with a sheet that writes itself.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{DeskKind, ShiftHandedOver};
use crate::act::{Decision, Resource, Stream, Target, rule};
use crate::authority::Role;
use crate::context::{Actor, Context};
use crate::personal::{Personal, Subject};
use crate::refusal::Refusal;
use crate::state::State;
use crate::types::{HandOverId, Text, text};

/// The shift goes to somebody else.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HandOverShift {
    /// The desk.
    pub desk: DeskKind,
    /// Who takes over, by position.
    pub to: Text,
    /// What he must know.
    #[serde(default)]
    pub remarks: Option<Text>,
}

rule!(HandOverShift, hand_over_shift, |_a| Target::Jurisdiction);

/// A desk hands over its own shift only.
pub fn allow(actor: &Actor, desk: DeskKind) -> Result<(), Refusal> {
    let own = match desk {
        DeskKind::Brigade => actor.role.is_brigade(),
        DeskKind::Bureau => actor.role.is_bureau(),
        DeskKind::Govt => actor.role == Role::Govt,
    };
    if own { Ok(()) } else { Err(Refusal::NotYours { act: crate::act::ActKind::HandOverShift }) }
}

/// Hands the shift over.
pub fn hand_over_shift(state: &State, ctx: &mut Context, act: HandOverShift) -> Result<Decision, Refusal> {
    allow(&ctx.actor, act.desk)?;
    let hand_over: HandOverId = ctx.fresh();
    let subject = Subject(format!("hand-over/{hand_over}"));
    let event = ShiftHandedOver {
        hand_over,
        desk: act.desk,
        to: text::line("/to", &act.to)?,
        remarks: text::prose_opt("/remarks", act.remarks.as_deref())?.map(|r| Personal::new(subject, r)),
        open_incidents: u32::try_from(state.incidents.len()).unwrap_or(u32::MAX),
        forces_out: u32::try_from(state.engaged.len()).unwrap_or(u32::MAX),
        by: ctx.report()?,
    };
    let mut decision = Decision::about(Resource::plain("hand_over", hand_over));
    decision.push_on(Stream::Duty, event);
    Ok(decision)
}

#[cfg(test)]
mod tests {
    use super::HandOverShift;
    use crate::duty::DeskKind;
    use crate::refusal::Refusal;
    use crate::testing::Town;

    fn hand_over(desk: DeskKind, to: &str) -> HandOverShift {
        HandOverShift { desk, to: to.to_owned(), remarks: Some("石岛水源压力低".to_owned()) }
    }

    /// Plan 4.2.3: a desk hands over without signing off; what is open and who is out is on the sheet by itself.
    #[test]
    fn a_shift_is_handed_over_with_what_is_open() {
        let mut town = Town::rongcheng("08:00");
        let fire = town.oil_depot_burns();
        town.ordered(fire, &["huagong", "jijiu"]);
        town.at("08:30").does("dispatcher", hand_over(DeskKind::Brigade, "指挥中心值班员02"));
        let shift = &town.state.duty.shifts[&DeskKind::Brigade];
        assert_eq!((shift.officer.as_str(), shift.since), ("指挥中心值班员02", town.now));
        let crate::Event::Duty(crate::duty::Event::ShiftHandedOver(e)) = &town.journal.last().unwrap().event
        else {
            panic!("the last thing that happened is the handover");
        };
        assert_eq!((e.open_incidents, e.forces_out), (1, 2));
    }

    /// Plan 4.2.3: a desk hands over its own shift only, to somebody.
    #[test]
    fn a_desk_hands_over_its_own_shift_only() {
        let mut town = Town::rongcheng("08:00");
        for (who, desk) in [
            ("dispatcher", DeskKind::Bureau),
            ("bureau", DeskKind::Govt),
            ("govt", DeskKind::Brigade),
            ("post", DeskKind::Bureau),
        ] {
            let refusal = town.act(who, hand_over(desk, "值班员02")).unwrap_err();
            assert!(matches!(refusal, Refusal::NotYours { .. }), "{refusal}");
        }
        assert_eq!(town.act("bureau", hand_over(DeskKind::Bureau, " ")).unwrap_err().code(), "field");
        assert_eq!(
            town.act("huagong", hand_over(DeskKind::Brigade, "值班员02")).unwrap_err().clause(),
            Some("4.2.3")
        );
        assert_eq!(town.count("duty.shift_handed_over"), 0);
        for (who, desk) in
            [("commander", DeskKind::Brigade), ("deputy", DeskKind::Bureau), ("govt", DeskKind::Govt)]
        {
            town.does(who, hand_over(desk, "值班员02"));
        }
    }
}
