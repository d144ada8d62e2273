//! 首报、续报、终报: information on an incident to the government duty office (Plan 3.3).

use crate::body::{Column, long, short};
use crate::page::{Form, Page};
use crate::text::given;
use crate::{DateTime, Lang, Official};

/// Which report of an incident this is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// 首报.
    First,
    /// 续报, counted from 1.
    FollowUp(u32),
    /// 终报.
    Final,
}

/// A report upward; the copies (抄报) stand in `official.copied_to`.
#[derive(Clone, Debug)]
pub struct InformationReport {
    pub official: Official,
    pub stage: Stage,
    /// 总值班室.
    pub addressed_to: String,
    pub incident: String,
    pub occurred_at: DateTime,
    pub place: String,
    /// 灾种 and severity, such as 危险化学品事故（较大，初步判定）.
    pub kind: Option<String>,
    /// 简要经过.
    pub situation: String,
    pub casualties: Vec<Casualties>,
    /// 已采取的措施.
    pub measures: Vec<String>,
    /// 到场力量.
    pub forces: Option<String>,
    /// 原因 (as far as known).
    pub cause: Option<String>,
    /// 下一步工作.
    pub next_steps: Vec<String>,
    /// 需协调事项.
    pub requests: Option<String>,
}

/// A confirmed count.
#[derive(Clone, Debug)]
pub struct Casualties {
    /// 死亡, 失联, 重伤, 轻伤, 被困, 转移.
    pub kind: String,
    pub count: u32,
    pub as_of: DateTime,
    pub source: String,
    pub confirmed_by: String,
}

impl InformationReport {
    /// The report as an upward document.
    pub fn docx(&self, lang: Lang) -> Vec<u8> {
        let mut page = Page::new(&self.official, lang, Form::Upward);
        let (head, tail) = self.title(lang);
        page.title(&head, &tail, None);
        page.addressee(&self.addressed_to);
        page.heading("基本情况", "What happened");
        page.text(&self.opening(lang));
        page.text(&self.situation);
        page.heading("人员伤亡", "Casualties");
        if self.casualties.is_empty() {
            page.text(lang.pick(
                "截至目前，未收到经核实的人员伤亡信息。",
                "So far, no casualties have been confirmed.",
            ));
        } else {
            let rows: Vec<Vec<String>> = self.casualties.iter().map(Casualties::cells).collect();
            page.table(&CASUALTIES, &rows);
        }
        page.section("原因初判", "Cause, as far as known", self.cause.as_ref());
        page.section("到场力量", "Forces on scene", self.forces.as_ref());
        page.list("已采取的措施", "Measures taken", &self.measures);
        page.list("下一步工作", "Next steps", &self.next_steps);
        page.section("需协调解决的事项", "What is asked for", self.requests.as_ref());
        page.text(&match (lang, self.stage) {
            (Lang::Zh, Stage::Final) => "特此报告。".to_owned(),
            (Lang::Zh, _) => "后续情况将及时续报。".to_owned(),
            (Lang::En, Stage::Final) => "This concludes the reports on the incident.".to_owned(),
            (Lang::En, _) => "Further reports will follow.".to_owned(),
        });
        page.sign(&self.official.date.official(lang));
        page.finish()
    }

    fn title(&self, lang: Lang) -> (String, String) {
        let incident = self.incident.trim();
        match lang {
            Lang::Zh => {
                let stage = match self.stage {
                    Stage::First => "首报".to_owned(),
                    Stage::FollowUp(n) => format!("续报（第{n}次）"),
                    Stage::Final => "终报".to_owned(),
                };
                (format!("关于{incident}的"), stage)
            }
            Lang::En => {
                let stage = match self.stage {
                    Stage::First => "First report: ".to_owned(),
                    Stage::FollowUp(n) => format!("Follow-up report {n}: "),
                    Stage::Final => "Final report: ".to_owned(),
                };
                (stage, incident.to_owned())
            }
        }
    }

    fn opening(&self, lang: Lang) -> String {
        let (at, place, incident) = (self.occurred_at.official(lang), &self.place, &self.incident);
        match (lang, given(self.kind.as_ref())) {
            (Lang::Zh, None) => format!("{incident}发生于{at}，地点：{place}。"),
            (Lang::Zh, Some(kind)) => format!("{incident}发生于{at}，地点：{place}，类型及等级：{kind}。"),
            (Lang::En, None) => format!("{incident}: {at}, {place}."),
            (Lang::En, Some(kind)) => format!("{incident}: {at}, {place}. Kind and severity: {kind}."),
        }
    }
}

const CASUALTIES: [Column; 5] = [
    short("类别", "Kind", 14),
    short("人数", "Count", 12),
    short("截至时间", "As of", 20),
    long("信息来源", "Source", 30),
    long("核实人", "Confirmed by", 24),
];

impl Casualties {
    fn cells(&self) -> Vec<String> {
        vec![
            self.kind.clone(),
            self.count.to_string(),
            self.as_of.clock(),
            self.source.clone(),
            self.confirmed_by.clone(),
        ]
    }
}
