//! The proposal as the dispatcher sees it, with what each next key would send.

use domain::IncidentFile;
use domain::dispatch::TaskGiven;
use domain::jurisdiction::Basis;
use domain::types::Text;
use recommend::{Pick, Proposal, SlotProposal};
use schemars::JsonSchema;
use serde::Serialize;

use super::brief::{CodeName, ForceBrief, MarkView};
use super::{Ref, Viewer};

/// A force for a slot.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct PickView {
    /// The force.
    pub force: Option<ForceBrief>,
    /// Its id and name.
    pub force_ref: Ref,
    /// How much it brings.
    pub quantity: u32,
    /// Seconds until it is there.
    pub eta_s: u32,
    /// Seconds of the way.
    pub travel_s: u32,
    /// Seconds until it departs.
    pub mobilisation_s: u32,
    /// Straight distance.
    pub distance_m: u32,
    /// How it is mobilised.
    pub basis: Basis,
    /// Within the slot's time?
    pub in_time: bool,
    /// Why it cannot be chosen now; a dispatcher may decide otherwise.
    pub held: bool,
    /// What to know about it.
    pub marks: Vec<MarkView>,
    /// One line why.
    pub reason: Text,
}

/// What cannot be filled.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct GapView {
    /// How much is missing.
    pub missing: u32,
    /// One line why.
    pub text: Text,
}

/// A slot of the composition.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct SlotView {
    /// Its place in the composition.
    pub index: u32,
    /// Its id; a task names it.
    pub slot: Text,
    /// What is needed.
    pub capability: CodeName,
    /// In what unit.
    pub unit: Text,
    /// How much.
    pub quantity: u32,
    /// How much is ordered already.
    pub standing: u32,
    /// How much stands in plans that wait.
    pub planned: u32,
    /// How much this proposal fills.
    pub filled: u32,
    /// Within how many minutes.
    pub within_min: u32,
    /// Why it is needed.
    pub why: Text,
    /// Who fills it.
    pub picks: Vec<PickView>,
    /// Who else could.
    pub alternatives: Vec<PickView>,
    /// What cannot be filled.
    pub gap: Option<GapView>,
}

/// The composition that a proposal fills.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct CompositionCitedView {
    /// Its id.
    pub id: Text,
    /// Its version.
    pub version: u32,
    /// Its hazard.
    pub hazard: Text,
    /// Its grade.
    pub grade: u8,
    /// Where its quantities come from.
    pub source: Text,
    /// Agreed to in advance?
    pub preauthorised: bool,
}

/// A proposal.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ProposalView {
    /// A plan cites it by this.
    pub hash: Option<Text>,
    /// Its incident.
    pub incident: Text,
    /// The composition; absent while hazard or grade are not known.
    pub composition: Option<CompositionCitedView>,
    /// `straight_line`: no road times yet.
    pub travel_basis: Text,
    /// The slots.
    pub slots: Vec<SlotView>,
    /// The proposal in some lines.
    pub text: Vec<Text>,
    /// What first response would order: own stations.
    pub first_response: Vec<TaskGiven>,
    /// Who would be told to stand by.
    pub stand_by: Vec<Text>,
    /// Who would be sent a linkage notice.
    pub linkage: Vec<Text>,
    /// The tasks of a plan that carries it out.
    pub tasks: Vec<TaskGiven>,
}

impl Viewer<'_> {
    /// The proposal with its defaults; `None` where no composition is known yet.
    pub fn proposal(&self, file: &IncidentFile, proposal: Option<&Proposal>) -> ProposalView {
        let here = file.incident.id;
        let lang = self.lang;
        ProposalView {
            hash: proposal.map(Proposal::hash),
            incident: here.to_string(),
            composition: proposal.map(|p| CompositionCitedView {
                id: p.composition.id.to_string(),
                version: p.composition.version,
                hazard: p.composition.hazard.clone(),
                grade: p.composition.grade,
                source: p.composition.source.get(lang).to_owned(),
                preauthorised: p.composition.preauthorised,
            }),
            travel_basis: recommend::TRAVEL_STRAIGHT_LINE.to_owned(),
            slots: proposal.map(|p| p.slots.iter().map(|s| self.slot(file, s)).collect()).unwrap_or_default(),
            text: proposal
                .map(|p| p.text.iter().map(|l| l.get(lang).to_owned()).collect())
                .unwrap_or_default(),
            first_response: recommend::default_first_response(self.state, file, proposal, self.now),
            stand_by: proposal
                .map(|p| recommend::default_stand_by(self.state, file, p))
                .unwrap_or_default()
                .iter()
                .map(ToString::to_string)
                .collect(),
            linkage: self.linkage_left(file),
            tasks: proposal.map(|p| recommend::plan_tasks(self.state, p)).unwrap_or_default(),
        }
    }

    /// The services that a notice of this hazard goes to and that have not been told yet.
    fn linkage_left(&self, file: &IncidentFile) -> Vec<Text> {
        let hazard = file.incident.hazard.as_deref();
        let told = |org: &domain::types::OrgId| file.dispatch.notices.values().any(|n| n.org == *org);
        let fits = |h: &Text| h == "any" || Some(h.as_str()) == hazard;
        let left = self.state.jurisdiction.linkages.iter();
        let left = left.filter(|l| l.hazards.iter().any(fits) && !told(&l.org));
        let mut orgs: Vec<Text> = left.map(|l| l.org.to_string()).collect();
        orgs.dedup();
        orgs
    }

    /// A slot with who fills it.
    pub(super) fn slot(&self, file: &IncidentFile, s: &SlotProposal) -> SlotView {
        let known = self.state.jurisdiction.capability(&s.capability);
        let name = known.map_or(s.capability.as_str(), |c| self.lang.pick(&c.name_zh, &c.name_en));
        SlotView {
            index: s.index,
            slot: s.slot.clone(),
            capability: CodeName { code: s.capability.clone(), name: name.to_owned() },
            unit: known.map_or_else(Text::new, |c| self.lang.pick(&c.unit_zh, &c.unit).to_owned()),
            quantity: s.quantity,
            standing: s.standing,
            planned: s.planned,
            filled: s.filled,
            within_min: s.within_min,
            why: s.why.get(self.lang).to_owned(),
            picks: s.picks.iter().map(|p| self.pick(file, p)).collect(),
            alternatives: s.alternatives.iter().map(|p| self.pick(file, p)).collect(),
            gap: s
                .gap
                .as_ref()
                .map(|g| GapView { missing: g.missing, text: g.text.get(self.lang).to_owned() }),
        }
    }

    fn pick(&self, file: &IncidentFile, p: &Pick) -> PickView {
        PickView {
            force: self.force_brief_by_id(&p.force, Some(file.incident.id)),
            force_ref: self.force(&p.force),
            quantity: p.quantity,
            eta_s: p.eta_s,
            travel_s: p.travel_s,
            mobilisation_s: p.mobilisation_s,
            distance_m: p.distance_m,
            basis: p.basis,
            in_time: p.in_time,
            held: p.held.is_some(),
            marks: p.marks.iter().map(|m| self.mark(*m)).collect(),
            reason: p.reason.get(self.lang).to_owned(),
        }
    }
}
