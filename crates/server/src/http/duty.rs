//! Duty, shift handover and the readiness state, Plan 4.1.2, 4.2.3.

use axum::Json;
use domain::authority::Role;
use domain::duty::DeskKind;
use domain::types::Time;
use serde::Deserialize;

use super::table::{Table, param};
use super::{Asked, Look};
use crate::problem::{Form, Problem};
use crate::view::desk::desk_of;
use crate::view::duty::{DutyView, ShiftSheet};

pub(super) fn routes(t: &mut Table) {
    t.create::<domain::duty::hand_over_shift::HandOverShift>("/shifts/hand-over", "");
    t.act::<domain::readiness::change_readiness::ChangeReadiness>("/readiness", "");
    let at = [param("at", "at this moment; now where absent")];
    t.read::<Vec<DutyView>, _, _>("/duty", "Who is on duty", &at, duty);
    let desk = [param("desk", "brigade, bureau or govt; the own desk where absent")];
    t.read::<ShiftSheet, _, _>("/shifts/sheet", "The shift hand-over sheet, as it stands now", &desk, sheet);
}

#[derive(Debug, Deserialize)]
struct DutyQuery {
    at: Option<String>,
}

async fn duty(look: Look, Asked(q): Asked<DutyQuery>) -> Result<Json<Vec<DutyView>>, Problem> {
    look.desks_only()?;
    let viewer = look.viewer();
    let at = match q.at.as_deref() {
        None => viewer.now,
        Some(text) => Time::parse(text).ok_or_else(|| Problem::field(look.lang, "/at", Form::NotATime))?,
    };
    Ok(Json(viewer.duty_at(at)))
}

#[derive(Debug, Deserialize)]
struct SheetQuery {
    desk: Option<DeskKind>,
}

async fn sheet(look: Look, Asked(q): Asked<SheetQuery>) -> Result<Json<ShiftSheet>, Problem> {
    look.roles_only(&[
        Role::Dispatcher,
        Role::Commander,
        Role::Bureau,
        Role::ShiftLeader,
        Role::Deputy,
        Role::Govt,
        Role::Leader,
        Role::Auditor,
    ])?;
    let desk = q.desk.or_else(|| desk_of(look.actor.role)).unwrap_or(DeskKind::Brigade);
    Ok(Json(look.viewer().shift_sheet(desk)))
}
