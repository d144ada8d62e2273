//! The readiness state and its limits.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Event;
use crate::types::Time;

/// 平战状态
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReadinessState {
    /// 平时
    #[default]
    Routine,
    /// 加强
    Heightened,
    /// 应急
    Emergency,
}

/// The limits of one readiness state; data of the jurisdiction, each with its source there.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// From an order to its acknowledgement, seconds.
    pub answer_limit_s: i64,
    /// From a message to the next way (the next channel, then the next person) while nobody answers, seconds.
    pub way_limit_s: i64,
    /// From orders to the proposal of a supplement where less than they ask for is acknowledged, seconds.
    pub strength_limit_s: i64,
    /// Beyond a force's own mobilisation time until it departs, seconds.
    pub depart_grace_s: i64,
    /// Beyond the estimated travel time until it arrives, seconds.
    pub arrive_grace_s: i64,
    /// From arrival to deployment, seconds.
    pub deploy_limit_s: i64,
    /// Between progress reports, seconds.
    pub progress_interval_s: i64,
    /// From a submitted plan to its answer, seconds.
    pub approval_limit_s: i64,
    /// For each deputy who is then asked, seconds.
    pub deputy_limit_s: i64,
    /// From an agreement by telephone to the written one, seconds.
    pub written_confirmation_limit_s: i64,
    /// For a town's shift leader to answer (叫应), seconds.
    pub town_answer_limit_s: i64,
    /// For an industry authority to sign for a filing, seconds.
    pub filing_sign_limit_s: i64,
    /// From the call to the first report, seconds.
    pub first_report_limit_s: i64,
    /// Between follow-up reports, seconds.
    pub follow_up_interval_s: i64,
    /// From control to the final report, seconds.
    pub final_report_limit_s: i64,
    /// For the duty office to read a report, seconds.
    pub report_read_limit_s: i64,
    /// For a force to confirm a stand-by, seconds.
    pub stand_by_confirm_limit_s: i64,
    /// For a public service to acknowledge a notice, seconds.
    pub linkage_confirm_limit_s: i64,
    /// For an answer to a letter of request, seconds.
    pub request_answer_limit_s: i64,
    /// For the superior's answer, seconds.
    pub reinforcement_answer_limit_s: i64,
    /// Between situation reports, seconds.
    pub situation_report_interval_s: i64,
    /// For each force to confirm that it is out, seconds.
    pub withdrawal_confirm_limit_s: i64,
    /// For the brigade to brief the command post, seconds.
    pub briefing_limit_s: i64,
    /// For the return form after release, seconds.
    pub return_form_limit_s: i64,
    /// For the feedback on an instruction, seconds.
    pub instruction_feedback_limit_s: i64,
    /// From closing to the review, seconds.
    pub review_limit_s: i64,
    /// Within which a late entry is accepted, seconds; never beyond what the program allows.
    pub late_entry_max_s: i64,
    /// After which a position is stale, seconds.
    pub position_stale_s: i64,
}

/// The limits of all three states.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LimitsTable {
    /// 平时
    pub routine: Limits,
    /// 加强
    pub heightened: Limits,
    /// 应急
    pub emergency: Limits,
}

/// How ready the jurisdiction is.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Readiness {
    /// The state now.
    pub state: ReadinessState,
    /// Since when.
    pub since: Time,
    /// Limits per state.
    pub table: LimitsTable,
}

impl Readiness {
    pub(crate) fn apply(&mut self, event: &Event, at: Time) {
        match event {
            Event::LimitsSet(e) => self.table = (*e.limits).clone(),
            Event::ReadinessChanged(e) => {
                self.state = e.state;
                self.since = at;
            }
        }
    }

    /// The limits that hold now.
    pub fn limits(&self) -> &Limits {
        match self.state {
            ReadinessState::Routine => &self.table.routine,
            ReadinessState::Heightened => &self.table.heightened,
            ReadinessState::Emergency => &self.table.emergency,
        }
    }
}
