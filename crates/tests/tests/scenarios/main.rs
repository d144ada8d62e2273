//! Stories of the field over HTTP, played by all users on Rongcheng's data against the real program.
//!
//! One file a step of the joint mechanism, named with its clause. Each has `plays`, the step as the whole story plays it
//! (`whole_story.rs`, once for real and once as a drill), and beside it the step's own refusals and turns.
#![allow(clippy::unwrap_used, reason = "a test may fall over")]

mod call_4_3_1;
mod command_4_1_5;
mod field;
mod first_response_4_3_2;
mod information_4_3_1;
mod messages_4_2_2;
mod orders_4_1_4;
mod plan_4_1_4;
mod proposal_4_2_4;
mod push_4_2_2;
mod review_4_3_3;
mod set_clock;
mod silence_4_1_4;
mod whole_story;
