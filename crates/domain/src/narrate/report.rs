//! Reports and the review, told.

use super::{Teller, many};
use crate::refusal_text::say;
use crate::report::Event;
use crate::types::Text;

pub(super) fn line(t: Teller<'_>, event: &Event) -> Text {
    let lang = t.lang;
    match event {
        Event::Filed(e) => {
            let (org, stage) = (t.org(&e.filed_by), e.stage.label(lang));
            let phone = if e.by_phone { lang.pick("（电话）", " by telephone") } else { "" };
            let late = if e.late { lang.pick("，迟报", ", late") } else { "" };
            say!(lang, "{org} 报送{stage}{phone}{late}", "{org} filed the {stage}{phone}{late}")
        }
        Event::Corrected(e) => {
            let (stage, version, why) = (t.report_stage(e.report), e.version, t.words(Some(&e.why)));
            say!(lang, "更正{stage}（第 {version} 版）{why}", "{stage} corrected (version {version}){why}")
        }
        Event::Read(e) => {
            let (stage, who, version) = (t.report_stage(e.report), &e.by.by, e.version);
            say!(
                lang,
                "{who} 已阅{stage}（第 {version} 版）",
                "{who} has read the {stage} (version {version})"
            )
        }
        Event::Missed(e) => {
            let stage = e.stage.label(lang);
            say!(lang, "{stage}超时未报", "the {stage} did not come in time")
        }
        Event::Unread(e) => {
            let stage = t.report_stage(e.report);
            say!(lang, "{stage}超时未阅", "nobody at the duty office has read the {stage} in time")
        }
        Event::SituationCompiled(e) => {
            let number = e.number;
            say!(lang, "编发情况专报第 {number} 期", "situation report no. {number} compiled")
        }
        Event::SituationMissed(_) => {
            lang.pick("情况专报超时未编", "the next situation report did not come in time").to_owned()
        }
    }
}

pub(super) fn review(t: Teller<'_>, event: &crate::review::Event) -> Text {
    match event {
        crate::review::Event::Written(e) => {
            let (revision, count) = (e.revision, e.improvements.len());
            let told = many(count, "improvement", "improvements");
            say!(
                t.lang,
                "战评总结第 {revision} 稿（改进措施 {count} 项）",
                "review written, version {revision} ({told})"
            )
        }
        crate::review::Event::Missed(_) => {
            t.lang.pick("战评总结超时未完成", "the review was not written in time").to_owned()
        }
    }
}
