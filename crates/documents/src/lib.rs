//! Official documents (公文) of the joint dispatch as `.docx` bytes.
//!
//! Each document is a plain struct in a file of its own and has one method, `docx(lang)`. What it
//! prints is exactly what it was given: no clock, no I/O, no lookup, so the same input gives the same
//! bytes on every node. Layout follows GB/T 9704-2012; the numbers stand in [`layout`]. This crate
//! knows no domain type; the server fills the structs.
//!
//! | Document | File | Form |
//! |---|---|---|
//! | 出动指令 | [`order`] | red heading |
//! | 报备 | [`filing`] | letter (信函格式) |
//! | 调用方案 | [`plan`] | red heading |
//! | 首报、续报、终报 | [`information_report`] | red heading, upward |
//! | 情况专报 | [`situation_report`] | bulletin heading |
//! | 战评总结 | [`review`] | red heading |
//! | 值班交接班表 | [`hand_over_sheet`] | form |
//! | 移交指挥情况报告 | [`briefing`] | red heading |
//! | 商请函 | [`letter_of_request`] | letter (信函格式) |
//! | 跨区域增援请示 | [`reinforcement_request`] | red heading, upward |
//!
//! A drill (`Official::drill`) carries 【演练】 in its title and in the header of every page.
//! Fonts are named, not shipped: `仿宋_GB2312`, `方正小标宋简体`, `黑体`, `楷体_GB2312`, `宋体`.

mod body;
pub mod briefing;
pub mod filing;
pub mod hand_over_sheet;
pub mod information_report;
pub mod layout;
pub mod letter_of_request;
mod official;
pub mod order;
mod package;
mod page;
pub mod plan;
pub mod reinforcement_request;
pub mod review;
pub mod situation_report;
mod text;

pub use official::{Contact, Official};
pub use text::{Date, DateTime, Lang};

/// The media type of every document made here.
pub const MEDIA_TYPE: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
