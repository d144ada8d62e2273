//! The jurisdiction's registers, told.

use super::Teller;
use crate::composition::Event as Composition;
use crate::duty::Event as Duty;
use crate::jurisdiction::Event as Jurisdiction;
use crate::ledger::Event as Ledger;
use crate::org::Event as Org;
use crate::readiness::Event as Readiness;
use crate::refusal_text::say;
use crate::types::{CompositionId, Text};

pub(super) fn jurisdiction(t: Teller<'_>, event: &Jurisdiction) -> Text {
    match event {
        Jurisdiction::JurisdictionEstablished(e) => {
            let name = t.lang.pick(&e.jurisdiction.name_zh, &e.jurisdiction.name_en);
            say!(t.lang, "{name}启用本平台", "{name} established")
        }
    }
}

pub(super) fn org(t: Teller<'_>, event: &Org) -> Text {
    match event {
        Org::OrgRegistered(e) => {
            let name = &e.org.name;
            say!(t.lang, "单位登记：{name}", "organisation registered: {name}")
        }
        Org::OrgContactsSet(e) => {
            let (name, by) = (t.org(&e.org), &e.by.by);
            say!(t.lang, "{by} 更新{name}联系方式", "{by} set the contacts of {name}")
        }
        Org::AccountOpened(e) => {
            let (id, position) = (&e.account.id, &e.account.position);
            say!(t.lang, "开通账号 {id}（{position}）", "account {id} opened ({position})")
        }
    }
}

pub(super) fn ledger(t: Teller<'_>, event: &Ledger) -> Text {
    match event {
        Ledger::ForceRegistered(e) => {
            let name = &e.force.name;
            say!(t.lang, "力量列入台账：{name}", "force entered in the ledger: {name}")
        }
        Ledger::ForceContactsSet(e) => {
            let (name, by) = (t.force(&e.force), &e.by.by);
            say!(t.lang, "{by} 更新{name}联系方式", "{by} set the contacts of {name}")
        }
    }
}

pub(super) fn duty(t: Teller<'_>, event: &Duty) -> Text {
    match event {
        Duty::DutyListed(e) => {
            let rows = e.rows.len();
            say!(t.lang, "值班表生效（{rows} 岗）", "duty list in force ({rows} positions)")
        }
        Duty::ShiftHandedOver(e) => {
            let (desk, to) = (e.desk.label(t.lang), &e.to);
            say!(t.lang, "{desk}交接班：{to}接班", "{desk}: shift handed over to {to}")
        }
    }
}

pub(super) fn readiness(t: Teller<'_>, event: &Readiness) -> Text {
    match event {
        Readiness::LimitsSet(_) => {
            t.lang.pick("各平战状态时限生效", "limits of the readiness states set").to_owned()
        }
        Readiness::ReadinessChanged(e) => {
            let (state, why) = (e.state.label(t.lang), &e.why);
            say!(t.lang, "转入{state}状态：{why}", "readiness state is now {state}: {why}")
        }
    }
}

pub(super) fn composition(t: Teller<'_>, event: &Composition) -> Text {
    match event {
        Composition::CompositionAdopted(e) => {
            let (hazard, grade) = (t.hazard(&e.composition.hazard), e.composition.grade);
            let version = e.composition.version;
            say!(
                t.lang,
                "启用调度编成：{hazard} {grade} 级（第 {version} 版）",
                "composition adopted: {hazard}, grade {grade} (version {version})"
            )
        }
        Composition::CompositionPreauthorised(e) => {
            let (name, by, why) = (name(t, &e.composition), &e.by.by, &e.why);
            say!(
                t.lang,
                "{by} 预先授权调度编成 {name}：{why}",
                "{by} agreed in advance to composition {name}: {why}"
            )
        }
        Composition::PreauthorisationRevoked(e) => {
            let (name, by) = (name(t, &e.composition), &e.by.by);
            say!(
                t.lang,
                "{by} 撤销调度编成 {name} 预先授权",
                "{by} revoked the agreement in advance to composition {name}"
            )
        }
    }
}

fn name(t: Teller<'_>, id: &CompositionId) -> Text {
    match t.names.state.composition.get(id) {
        Ok(found) => {
            let (hazard, grade) = (t.hazard(&found.hazard), found.grade);
            say!(t.lang, "{hazard} {grade} 级", "{hazard} grade {grade}")
        }
        Err(_) => id.to_string(),
    }
}
