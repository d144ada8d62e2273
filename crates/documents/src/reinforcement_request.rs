//! 跨区域增援请示: the bureau asks its superior for forces from elsewhere (Plan 4.1.4, 3.2).
//!
//! A 请示 has one matter, one addressee, a signer in its heading and a contact in its note.

use crate::body::{Column, long, short};
use crate::page::{Form, Page};
use crate::{DateTime, Lang, Official};

/// The request; `official.signed_by` and `official.contact` are expected of it.
#[derive(Clone, Debug)]
pub struct ReinforcementRequest {
    pub official: Official,
    /// The one superior.
    pub addressed_to: String,
    pub incident: String,
    pub situation: String,
    /// Own forces in action.
    pub own_forces: Option<String>,
    /// Why they do not suffice.
    pub shortfall: Option<String>,
    pub needs: Vec<Need>,
    pub assembly_point: Option<String>,
    pub report_to: Option<String>,
    /// When it was already asked by telephone, by whom and of whom.
    pub asked_by_telephone: Option<(DateTime, String)>,
}

/// One thing that is needed.
#[derive(Clone, Debug)]
pub struct Need {
    pub capability: String,
    /// With its unit.
    pub quantity: String,
    /// As text: 2小时内.
    pub needed_by: Option<String>,
    pub purpose: String,
}

impl ReinforcementRequest {
    /// The request as an upward document.
    pub fn docx(&self, lang: Lang) -> Vec<u8> {
        let mut page = Page::new(&self.official, lang, Form::Upward);
        let incident = self.incident.trim();
        let (head, tail) = match lang {
            Lang::Zh => (format!("关于跨区域增援{incident}"), "救援处置的请示"),
            Lang::En => ("Request for cross-region reinforcement: ".to_owned(), incident),
        };
        page.title(&head, tail, None);
        page.addressee(&self.addressed_to);
        page.heading("灾情概况", "Situation");
        page.text_or_none(Some(&self.situation));
        page.section("本地力量投入情况", "Own forces in action", self.own_forces.as_ref());
        page.section("力量缺口", "Shortfall", self.shortfall.as_ref());
        page.heading("请求增援力量", "Reinforcement asked for");
        page.table(&NEEDS, &self.needs.iter().enumerate().map(|(n, need)| need.cells(n)).collect::<Vec<_>>());
        page.form(vec![
            (lang.pick("集结地点", "Assembly point"), self.assembly_point.clone()),
            (lang.pick("现场对接", "Report to"), self.report_to.clone()),
        ]);
        if let Some((at, words)) = &self.asked_by_telephone {
            let at = at.official(lang);
            page.text(&match lang {
                Lang::Zh => format!("此前已于{at}电话请示：{}。", words.trim_end_matches(['。', '.'])),
                Lang::En => format!("Asked by telephone at {at}: {}.", words.trim_end_matches(['。', '.'])),
            });
        }
        page.text(lang.pick("妥否，请批示。", "We ask for your decision."));
        page.sign(&self.official.date.official(lang));
        page.finish()
    }
}

const NEEDS: [Column; 5] = [
    short("序号", "No.", 8),
    long("所需力量", "Capability", 30),
    short("数量", "Quantity", 14),
    short("到达时限", "Needed by", 18),
    long("用途", "Purpose", 30),
];

impl Need {
    fn cells(&self, n: usize) -> Vec<String> {
        vec![
            (n + 1).to_string(),
            self.capability.clone(),
            self.quantity.clone(),
            self.needed_by.clone().unwrap_or_default(),
            self.purpose.clone(),
        ]
    }
}
