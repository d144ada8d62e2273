//! 战评总结: what happened, how long it took, what is learnt (Plan 4.3.3).

use crate::body::{Column, long, short};
use crate::page::{Form, Page};
use crate::{DateTime, Lang, Official};

/// The brigade's written review to the bureau.
#[derive(Clone, Debug)]
pub struct Review {
    pub official: Official,
    pub addressed_to: String,
    pub incident: String,
    pub summary: String,
    pub timeline: Vec<Moment>,
    pub intervals: Vec<Interval>,
    /// Deviations from the composition and from limits.
    pub deviations: Vec<Deviation>,
    /// 主要做法.
    pub measures: Vec<String>,
    /// 经验教训.
    pub lessons: Vec<String>,
    pub improvements: Vec<Improvement>,
    /// 意见建议, to the bureau.
    pub proposals: Vec<String>,
}

/// One line of the timeline.
#[derive(Clone, Debug)]
pub struct Moment {
    pub happened: DateTime,
    /// When it was entered: late typing is not late action.
    pub recorded: DateTime,
    pub what: String,
    /// 平台、电话、电台、代录.
    pub through: String,
}

/// A span between two moments, with its limit.
#[derive(Clone, Debug)]
pub struct Interval {
    /// 接警至首次出动指令.
    pub name: String,
    /// As text: 2分10秒.
    pub took: String,
    pub limit: Option<String>,
    /// 达标, 超时3分.
    pub verdict: Option<String>,
}

/// A difference between what was foreseen and what was done.
#[derive(Clone, Debug)]
pub struct Deviation {
    pub foreseen: String,
    pub done: String,
    pub why: Option<String>,
}

/// An improvement, with owner and date.
#[derive(Clone, Debug)]
pub struct Improvement {
    pub what: String,
    pub owner: String,
    /// As text: 2026年12月31日前.
    pub due: String,
}

impl Review {
    /// The review as a report.
    pub fn docx(&self, lang: Lang) -> Vec<u8> {
        let mut page = Page::new(&self.official, lang, Form::RedHead);
        let incident = self.incident.trim();
        let (head, tail) = match lang {
            Lang::Zh => (format!("关于{incident}的"), "战评总结"),
            Lang::En => ("After-action review: ".to_owned(), incident),
        };
        page.title(&head, tail, None);
        page.addressee(&self.addressed_to);
        page.heading("基本情况", "Summary");
        page.text_or_none(Some(&self.summary));
        page.heading("处置经过", "Timeline");
        page.table(&TIMELINE, &self.timeline.iter().map(Moment::cells).collect::<Vec<_>>());
        page.heading("各环节用时", "Intervals");
        page.table(&INTERVALS, &self.intervals.iter().map(Interval::cells).collect::<Vec<_>>());
        page.heading("与编成和时限的偏差", "Deviations from composition and limits");
        page.table(&DEVIATIONS, &self.deviations.iter().map(Deviation::cells).collect::<Vec<_>>());
        page.list("主要做法", "Measures", &self.measures);
        page.list("经验教训", "Lessons", &self.lessons);
        if !self.improvements.is_empty() {
            page.heading("改进措施", "Improvements");
            let rows: Vec<Vec<String>> =
                self.improvements.iter().enumerate().map(|(n, row)| row.cells(n)).collect();
            page.table(&IMPROVEMENTS, &rows);
        }
        page.list("意见建议", "Proposals", &self.proposals);
        page.text(lang.pick("特此报告。", "Reported herewith."));
        page.sign(&self.official.date.official(lang));
        page.finish()
    }
}

const TIMELINE: [Column; 4] = [
    short("发生时间", "Happened", 18),
    short("记录时间", "Recorded", 18),
    long("事项", "What", 50),
    short("途径", "Through", 14),
];

const INTERVALS: [Column; 4] = [
    long("环节", "From … to …", 46),
    short("用时", "Took", 18),
    short("时限", "Limit", 18),
    short("评定", "Verdict", 18),
];

const DEVIATIONS: [Column; 3] =
    [long("编成或时限要求", "Foreseen", 34), long("实际情况", "Done", 34), long("原因", "Why", 32)];

const IMPROVEMENTS: [Column; 4] = [
    short("序号", "No.", 8),
    long("改进措施", "Improvement", 50),
    long("责任单位", "Owner", 22),
    short("完成时限", "Due", 20),
];

impl Moment {
    fn cells(&self) -> Vec<String> {
        vec![self.happened.clock(), self.recorded.clock(), self.what.clone(), self.through.clone()]
    }
}

impl Interval {
    fn cells(&self) -> Vec<String> {
        let or_dash = |text: &Option<String>| text.clone().unwrap_or_else(|| "—".to_owned());
        vec![self.name.clone(), self.took.clone(), or_dash(&self.limit), or_dash(&self.verdict)]
    }
}

impl Deviation {
    fn cells(&self) -> Vec<String> {
        vec![self.foreseen.clone(), self.done.clone(), self.why.clone().unwrap_or_default()]
    }
}

impl Improvement {
    fn cells(&self, n: usize) -> Vec<String> {
        vec![(n + 1).to_string(), self.what.clone(), self.owner.clone(), self.due.clone()]
    }
}
