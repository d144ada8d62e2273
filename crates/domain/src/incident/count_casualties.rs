//! Counting casualties, Plan 4.3.1: one counted thing, from whoever has the figures; a count never overwrites another.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::CasualtiesCounted;
use super::query::{open, people};
use super::state::Figures;
use crate::act::{ActKind, Decision, Resource, Target, rule};
use crate::authority::Role;
use crate::context::{Actor, Context};
use crate::personal::Personal;
use crate::refusal::Refusal;
use crate::state::{IncidentFile, State};
use crate::types::{IncidentId, Text, Time, text};

/// A count.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CountCasualties {
    /// The incident.
    pub incident: IncidentId,
    /// 死亡
    pub dead: u32,
    /// 失联
    pub missing: u32,
    /// 重伤
    pub badly_hurt: u32,
    /// 轻伤
    pub hurt: u32,
    /// 被困
    pub trapped: u32,
    /// 转移
    pub moved: u32,
    /// Who says so: 市卫健局.
    pub source: Text,
    /// As of when.
    pub as_of: Time,
}

rule!(CountCasualties, count_casualties, |a| Target::Incident(a.incident));

/// May this actor count here? A force counts only where it was ordered to.
pub fn allow<'a>(state: &'a State, incident: IncidentId, actor: &Actor) -> Result<&'a IncidentFile, Refusal> {
    let file = open(state, incident)?;
    let ordered = || file.dispatch.orders.values().any(|order| Some(&order.force) == actor.force.as_ref());
    if actor.role == Role::Force && !ordered() {
        return Err(Refusal::NotYours { act: ActKind::CountCasualties });
    }
    Ok(file)
}

/// Records the count under its own revision.
pub fn count_casualties(state: &State, ctx: &mut Context, act: CountCasualties) -> Result<Decision, Refusal> {
    let file = allow(state, act.incident, &ctx.actor)?;
    let counted = CasualtiesCounted {
        revision: file.incident.casualties.as_ref().map_or(0, |c| c.revision).saturating_add(1),
        figures: Figures {
            dead: people("/dead", act.dead)?,
            missing: people("/missing", act.missing)?,
            badly_hurt: people("/badly_hurt", act.badly_hurt)?,
            hurt: people("/hurt", act.hurt)?,
            trapped: people("/trapped", act.trapped)?,
            moved: people("/moved", act.moved)?,
        },
        source: Personal::new(act.incident, text::line("/source", &act.source)?),
        as_of: ctx.stated("/as_of", Some(act.as_of))?,
        by: ctx.report()?,
    };
    let resource = Resource::of("incident", act.incident, act.incident);
    Ok(Decision::about(resource).then(act.incident, counted))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::incident::stage::Stage;
    use crate::refusal::FieldFault;
    use crate::types::limits;

    fn count(incident: IncidentId, town: &Stage) -> CountCasualties {
        CountCasualties {
            incident,
            dead: 0,
            missing: 1,
            badly_hurt: 0,
            hurt: 2,
            trapped: 2,
            moved: 40,
            source: "市卫健局".to_owned(),
            as_of: town.now,
        }
    }

    /// Plan 4.3.1: each count has its revision; none goes upward by itself.
    #[test]
    fn each_count_has_its_revision() {
        let mut town = Stage::rongcheng();
        let incident = town.fire();
        town.concerns(incident, "org-weijian");
        let first = count(incident, &town);
        town.does("dept-weijian", first.clone());
        town.does("dispatcher", CountCasualties { dead: 1, missing: 0, ..first });
        let known = town.file(incident).incident;
        let counted = known.casualties.unwrap();
        assert_eq!((counted.revision, counted.figures.dead, counted.figures.missing), (2, 1, 0));
        assert!(known.confirmed_casualties.is_none());
    }

    /// A force counts where it was ordered to, and nowhere else.
    #[test]
    fn a_force_counts_only_where_it_was_ordered_to() {
        let mut town = Stage::rongcheng();
        let incident = town.fire();
        town.orders(incident, "shidao");
        let act = count(incident, &town);
        town.does("shidao", act.clone());
        let refusal = town.is_refused("yatou", act);
        assert_eq!(refusal, Refusal::NotYours { act: ActKind::CountCasualties });
    }

    /// Plan 4.3.1: towns and departments count where it is their own affair: the town of the place, who was told.
    #[test]
    fn who_may_not_see_an_incident_does_not_count_there() {
        let mut town = Stage::rongcheng();
        let incident = town.fire();
        let act = count(incident, &town);
        town.does("town-gangwan", act.clone());
        for who in ["town-yatou", "dept-weijian"] {
            let refusal = town.is_refused(who, act.clone());
            assert_eq!(refusal, Refusal::NotYours { act: ActKind::CountCasualties });
        }
        town.concerns(incident, "org-weijian");
        town.does("dept-weijian", act.clone());
        let nowhere = CountCasualties { incident: IncidentId(ulid::Ulid(7)), ..act };
        assert_eq!(town.is_refused("dept-weijian", nowhere).code(), "not_found");
    }

    #[test]
    fn a_slip_of_the_finger_is_not_a_count() {
        let mut town = Stage::rongcheng();
        let incident = town.fire();
        let act = count(incident, &town);
        let most = i64::from(limits::PEOPLE);
        let refusal = town.is_refused("bureau", CountCasualties { moved: limits::PEOPLE + 1, ..act.clone() });
        assert_eq!(refusal, Refusal::field("/moved", FieldFault::OutOfRange { least: 0, most }));
        town.does("bureau", CountCasualties { moved: limits::PEOPLE, ..act.clone() });
        let ahead = CountCasualties { as_of: town.now.plus_s(61), ..act };
        assert_eq!(town.is_refused("bureau", ahead).code(), "field");
    }
}
