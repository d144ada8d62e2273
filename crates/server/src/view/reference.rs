//! Who I am, and the jurisdiction's own words: hazards, capabilities, towns, bases, limits.

use domain::authority::Role;
use domain::jurisdiction::{Basis, Capability, Hazard, Linkage};
use domain::readiness::{Limits, ReadinessState};
use domain::types::{Lang, Point, Text};
use schemars::JsonSchema;
use serde::Serialize;

use super::brief::ForceBrief;
use super::{Moment, Ref, Viewer};

/// The jurisdiction in brief.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct JurisdictionView {
    /// Six digits.
    pub code: Text,
    /// Its name.
    pub name: Text,
    /// Its superior's name.
    pub superior: Text,
}

/// Who I am.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Me {
    /// The account.
    pub account: Text,
    /// What it stands for.
    pub role: Role,
    /// Its position.
    pub position: Text,
    /// Its organisation.
    pub org: Ref,
    /// Its force.
    pub force: Option<Ref>,
    /// The jurisdiction.
    pub jurisdiction: JurisdictionView,
    /// Is this a demonstration node?
    pub demo: bool,
    /// The language answers come in.
    pub lang: Lang,
    /// The readiness state.
    pub readiness: ReadinessState,
}

/// A town.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct TownView {
    /// Nine digits.
    pub code: Text,
    /// Its name.
    pub name: Text,
    /// Its organisation.
    pub org: Text,
    /// Its seat.
    pub point: Point,
}

/// How a kind of force is mobilised.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct BasisView {
    /// Kinds of force.
    pub kinds: Vec<Text>,
    /// Types of force.
    pub types: Vec<Text>,
    /// Hazards.
    pub hazards: Vec<Text>,
    /// How.
    pub basis: Basis,
    /// By what.
    pub source: Text,
    /// Clause of the plan.
    pub clause: Text,
}

/// A composition in force.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct CompositionView {
    /// The composition.
    pub composition: domain::composition::Composition,
    /// Agreed to in advance by the bureau.
    pub preauthorised: Option<PreauthorisationView>,
}

/// An agreement in advance.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct PreauthorisationView {
    /// Who agreed.
    pub officer: Text,
    /// Why.
    pub why: Text,
    /// Until when.
    pub until: Option<Moment>,
}

/// A duty commander, who may sign orders.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct SignerView {
    /// His account.
    pub account: Text,
    /// His position.
    pub position: Text,
}

/// The jurisdiction's own words.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Reference {
    /// Hazards.
    pub hazards: Vec<Hazard>,
    /// Capabilities.
    pub capabilities: Vec<Capability>,
    /// Towns.
    pub towns: Vec<TownView>,
    /// Who gets linkage notices.
    pub linkages: Vec<Linkage>,
    /// Mobilisation bases; the first that matches holds.
    pub bases: Vec<BasisView>,
    /// The readiness state.
    pub readiness: ReadinessState,
    /// Its limits.
    pub limits: Limits,
    /// Who may sign orders.
    pub signers: Vec<SignerView>,
    /// Organisations asked by letter.
    pub asked_by_letter: Vec<Ref>,
    /// Organisations above, for requests.
    pub superiors: Vec<Ref>,
    /// Departments and towns, for tasks.
    pub orgs: Vec<Ref>,
}

/// A capability of a force, with its quantity.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ForceCapability {
    /// Code.
    pub code: Text,
    /// Name.
    pub name: Text,
    /// How much.
    pub quantity: u32,
    /// Unit.
    pub unit: Text,
}

/// A force with its capabilities.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ForceView {
    /// In brief.
    pub brief: ForceBrief,
    /// Its full name.
    pub full_name: Text,
    /// Its industry authority.
    pub authority: Ref,
    /// How it is mobilised, hazard aside.
    pub basis: Basis,
    /// Seconds from acknowledgement to departure.
    pub mobilisation_s: u32,
    /// `24h`, `day`, `on_call`.
    pub duty_mode: Text,
    /// What it can do.
    pub capabilities: Vec<ForceCapability>,
    /// Vehicles and plates.
    pub vehicles: Vec<Text>,
    /// Who is on duty there.
    pub on_duty: Option<Text>,
    /// How far it is from the place asked about.
    pub distance_m: Option<u32>,
}

impl Viewer<'_> {
    /// Who I am.
    pub fn me(&self, demo: bool) -> Me {
        let j = &self.state.jurisdiction;
        Me {
            account: self.actor.account.to_string(),
            role: self.actor.role,
            position: self.actor.position.clone(),
            org: self.org(&self.actor.org),
            force: self.actor.force.as_ref().map(|f| self.force(f)),
            jurisdiction: JurisdictionView {
                code: j.code.clone(),
                name: self.lang.pick(&j.name_zh, &j.name_en).to_owned(),
                superior: self.lang.pick(&j.superior_zh, &j.superior_en).to_owned(),
            },
            demo,
            lang: self.lang,
            readiness: self.state.readiness.state,
        }
    }

    /// The jurisdiction's own words.
    pub fn reference(&self) -> Reference {
        use domain::org::OrgKind;
        let j = &self.state.jurisdiction;
        let orgs = |wanted: &dyn Fn(&domain::org::Org) -> bool| -> Vec<Ref> {
            let all = self.state.org.orgs.values().filter(|o| wanted(o));
            all.map(|o| Ref { id: o.id.to_string(), name: o.short.clone() }).collect()
        };
        let signers = self.state.org.accounts.values().filter(|a| a.role == Role::Commander);
        Reference {
            hazards: j.hazards.clone(),
            capabilities: j.capabilities.clone(),
            towns: j
                .towns
                .iter()
                .map(|t| TownView {
                    code: t.code.clone(),
                    name: t.name.clone(),
                    org: t.org.to_string(),
                    point: t.point,
                })
                .collect(),
            linkages: j.linkages.clone(),
            bases: self.bases(),
            readiness: self.state.readiness.state,
            limits: self.state.readiness.limits().clone(),
            signers: signers
                .map(|a| SignerView { account: a.id.to_string(), position: a.position.clone() })
                .collect(),
            asked_by_letter: orgs(&|o| domain::dispatch::send_letter::allow(self.state, &o.id).is_ok()),
            superiors: orgs(&|o| o.kind == OrgKind::Superior),
            orgs: orgs(&|o| {
                !matches!(
                    o.kind,
                    OrgKind::Superior | OrgKind::Neighbour | OrgKind::Enterprise | OrgKind::Social
                )
            }),
        }
    }

    fn bases(&self) -> Vec<BasisView> {
        let rules = self.state.jurisdiction.bases.iter().map(|b| BasisView {
            kinds: b.kinds.clone(),
            types: b.types.clone(),
            hazards: b.hazards.clone(),
            basis: b.basis,
            source: self.lang.pick(&b.source_zh, &b.source_en).to_owned(),
            clause: b.clause.clone(),
        });
        rules.collect()
    }

    /// Compositions in force.
    pub fn compositions(&self) -> Vec<CompositionView> {
        let c = &self.state.composition;
        let all = c.in_force.values().map(|composition| {
            let agreed = c.preauthorisation(composition, self.now);
            CompositionView {
                composition: composition.as_ref().clone(),
                preauthorised: agreed.map(|a| PreauthorisationView {
                    officer: a.officer.clone(),
                    why: a.why.clone(),
                    until: self.moment_opt(a.until),
                }),
            }
        });
        all.collect()
    }

    /// A force with its capabilities; `near` measures its distance.
    pub fn force_view(&self, f: &domain::ledger::Force, near: Option<Point>) -> ForceView {
        let j = &self.state.jurisdiction;
        let capabilities = f.capabilities.iter().map(|(code, quantity)| {
            let known = j.capability(code);
            let pick = |zh: fn(&Capability) -> &str, en: fn(&Capability) -> &str| {
                known.map_or(code.as_str(), |c| self.lang.pick(zh(c), en(c))).to_owned()
            };
            ForceCapability {
                code: code.clone(),
                name: pick(|c| &c.name_zh, |c| &c.name_en),
                quantity: *quantity,
                unit: known.map_or_else(Text::new, |c| self.lang.pick(&c.unit_zh, &c.unit).to_owned()),
            }
        });
        let vehicles = f.vehicles.iter().map(|v| {
            let plate = v.plate.as_ref().map(|p| format!(" {p}")).unwrap_or_default();
            format!("{}{plate} ×{}", v.name, v.count)
        });
        ForceView {
            brief: self.force_brief(f, None),
            full_name: f.name.clone(),
            authority: self.org(&f.authority),
            basis: j.basis(f, None).0,
            mobilisation_s: f.mobilisation_s,
            duty_mode: f.duty_mode.clone(),
            capabilities: capabilities.collect(),
            vehicles: vehicles.collect(),
            on_duty: self.state.duty.on_duty_of(f.id.as_str(), self.now).map(|d| d.officer),
            distance_m: near.map(|p| p.distance_m(f.point)),
        }
    }
}
