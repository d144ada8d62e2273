//! Forming the brigade's forward headquarters (前方指挥部), Plan 4.1.2: its leader, its groups, its channel.
//!
//! Formed again, it replaces what stood before; the record keeps both. It is the brigade's own, and stays so under a
//! command post.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::event::ForwardHeadquartersFormed;
use super::state::Group;
use crate::act::{Decision, Resource, Target, rule};
use crate::context::Context;
use crate::refusal::{FieldFault, Refusal};
use crate::state::{IncidentFile, State};
use crate::types::{IncidentId, Text, limits, text};

/// The brigade forms its forward headquarters.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FormForwardHeadquarters {
    /// At which incident.
    pub incident: IncidentId,
    /// The position that leads it.
    pub commander: Text,
    /// Where it stands.
    pub place: Text,
    /// Its groups; a force stands in one of them.
    pub groups: Vec<Group>,
    /// Its radio channel.
    pub channel: Text,
}

rule!(FormForwardHeadquarters, form_forward_headquarters, |a| Target::Incident(a.incident));

/// May it be formed? At any time while the incident is open.
pub fn allow(state: &State, incident: IncidentId) -> Result<&IncidentFile, Refusal> {
    crate::incident::open(state, incident)
}

/// Forms it.
pub fn form_forward_headquarters(
    state: &State,
    ctx: &mut Context,
    act: FormForwardHeadquarters,
) -> Result<Decision, Refusal> {
    allow(state, act.incident)?;
    let event = ForwardHeadquartersFormed {
        commander: text::line("/commander", &act.commander)?,
        place: text::line("/place", &act.place)?,
        groups: groups(state, &act.groups)?,
        channel: text::line("/channel", &act.channel)?,
        by: ctx.report()?,
    };
    Ok(Decision::about(Resource::of("incident", act.incident, act.incident)).then(act.incident, event))
}

fn groups(state: &State, given: &[Group]) -> Result<Vec<Group>, Refusal> {
    let limit = limits::GROUPS_PER_HEADQUARTERS;
    if given.len() > limit {
        return Err(Refusal::field("/groups", FieldFault::TooMany { count: given.len(), limit }));
    }
    let mut placed = std::collections::BTreeSet::new();
    let mut groups: Vec<Group> = Vec::with_capacity(given.len());
    for (i, group) in given.iter().enumerate() {
        let name = text::line("/groups", &group.name)?;
        if groups.iter().any(|g| g.name == name) {
            return Err(Refusal::field(format!("/groups/{i}/name"), FieldFault::Twice { what: name }));
        }
        for (j, force) in group.forces.iter().enumerate() {
            let known = state.ledger.force(force)?;
            if !placed.insert(force) {
                let what = known.short.clone();
                return Err(Refusal::field(format!("/groups/{i}/forces/{j}"), FieldFault::Twice { what }));
            }
        }
        groups.push(Group {
            name,
            leader: text::line("/groups", &group.leader)?,
            forces: group.forces.clone(),
        });
    }
    Ok(groups)
}

#[cfg(test)]
mod tests {
    use super::super::scenes::{is_refused, on_scene, post};
    use super::*;
    use crate::testing::slug;

    fn formed(incident: IncidentId, forces: &[&[&str]]) -> FormForwardHeadquarters {
        let group = |(i, forces): (usize, &&[&str])| Group {
            name: format!("第{i}组"),
            leader: "大队值班指挥长".to_owned(),
            forces: forces.iter().map(|force| slug(force)).collect(),
        };
        FormForwardHeadquarters {
            incident,
            commander: "大队值班指挥长".to_owned(),
            place: "油库北门".to_owned(),
            groups: forces.iter().enumerate().map(group).collect(),
            channel: "消防 3 频道".to_owned(),
        }
    }

    /// Plan 4.1.2: forward headquarters, its groups and its radio plan stand on the incident, also under a post.
    #[test]
    fn the_forward_headquarters_stands_with_its_groups_and_channel() {
        let (mut town, fire, _) = on_scene();
        town.does("commander", formed(fire, &[&["huagong"], &["jijiu", "shidao"]]));
        town.does("leader", post(fire));
        town.does("dispatcher", formed(fire, &[&["huagong", "jijiu"]]));
        let forward = town.state.hot(fire).unwrap().command.forward.clone().unwrap();
        assert_eq!((forward.channel.as_str(), forward.groups.len()), ("消防 3 频道", 1));
    }

    #[test]
    fn a_force_stands_in_one_group_only() {
        let (mut town, fire, _) = on_scene();
        let twice = town.act("commander", formed(fire, &[&["huagong"], &["jijiu", "huagong"]]));
        is_refused(twice, "field", "荣成化工应急队");
        is_refused(town.act("bureau", formed(fire, &[])), "not_permitted", "119指挥中心");
    }
}
