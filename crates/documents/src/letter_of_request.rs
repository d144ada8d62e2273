//! 商请函: asking for forces that cannot be ordered: military, armed police, maritime (Plan 4.1.4).

use crate::body::{Column, long, short};
use crate::page::{Form, Page};
use crate::{DateTime, Lang, Official};

/// The letter.
#[derive(Clone, Debug)]
pub struct LetterOfRequest {
    pub official: Official,
    pub addressed_to: String,
    pub incident: String,
    pub situation: String,
    /// The legal source, a full phrase after 根据.
    pub basis: String,
    pub requests: Vec<Request>,
    pub assembly_point: Option<String>,
    pub report_to: Option<String>,
    /// A direct request that was made first, because it was urgent.
    pub direct_request: Option<DirectRequest>,
}

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Request {
    pub capability: String,
    /// With its unit: 2艘.
    pub quantity: String,
    pub task: String,
    /// As text: 1小时内.
    pub needed_by: Option<String>,
}

/// A request by telephone before the letter.
#[derive(Clone, Debug)]
pub struct DirectRequest {
    pub at: DateTime,
    /// Who asked.
    pub by: String,
    /// Who was asked, and what was answered.
    pub answer: String,
}

impl LetterOfRequest {
    /// The request as a letter.
    pub fn docx(&self, lang: Lang) -> Vec<u8> {
        let mut page = Page::new(&self.official, lang, Form::Letter);
        let incident = self.incident.trim();
        let (head, tail) = match lang {
            Lang::Zh => (format!("关于商请支援{incident}"), "救援处置的函"),
            Lang::En => ("Request for support: ".to_owned(), incident),
        };
        page.title(&head, tail, None);
        page.addressee(&self.addressed_to);
        page.text(&self.situation);
        page.text(&match lang {
            Lang::Zh => format!("根据{}，商请贵单位派出下列力量予以支援：", self.basis),
            Lang::En => format!("Under {}, we ask you to support us with:", self.basis),
        });
        page.table(&REQUESTS, &self.requests.iter().map(Request::cells).collect::<Vec<_>>());
        page.form(vec![
            (lang.pick("集结地点", "Assembly point"), self.assembly_point.clone()),
            (lang.pick("现场对接", "Report to"), self.report_to.clone()),
        ]);
        if let Some(direct) = &self.direct_request {
            let at = direct.at.official(lang);
            page.text(&match lang {
                Lang::Zh => format!(
                    "因情况紧急，{at}已由{}先行电话商请，答复：{}。现补函确认。",
                    direct.by,
                    direct.answer.trim_end_matches(['。', '.'])
                ),
                Lang::En => format!(
                    "As it was urgent, {} asked by telephone at {at}; the answer: {}. This letter confirms it.",
                    direct.by,
                    direct.answer.trim_end_matches(['。', '.'])
                ),
            });
        }
        page.text(lang.pick("专此函商，请予支持为盼。", "We would be grateful for your support."));
        page.sign(&self.official.date.official(lang));
        page.finish()
    }
}

const REQUESTS: [Column; 4] = [
    long("所需力量", "Capability", 30),
    short("数量", "Quantity", 14),
    long("任务", "Task", 36),
    short("到达时限", "Needed by", 20),
];

impl Request {
    fn cells(&self) -> Vec<String> {
        vec![
            self.capability.clone(),
            self.quantity.clone(),
            self.task.clone(),
            self.needed_by.clone().unwrap_or_default(),
        ]
    }
}
