//! 出动指令: the order to one force (Plan 4.1.4).

use crate::page::{Form, Page};
use crate::text::given;
use crate::{DateTime, Lang, Official};

/// An order to one force: what to do, where to go, whom to report to.
#[derive(Clone, Debug)]
pub struct Order {
    pub official: Official,
    /// 受令力量.
    pub force: String,
    /// Name of the incident, such as 石岛油库火灾.
    pub incident: String,
    /// What happened, in short.
    pub situation: Option<String>,
    /// 依据: the clause or law, and who agreed, when and how; a full phrase after 根据.
    pub basis: String,
    pub task: String,
    pub assembly_point: String,
    pub route: Option<String>,
    /// 报到对象.
    pub report_to: String,
    pub report_phone: Option<String>,
    pub radio_channel: Option<String>,
    pub call_sign: Option<String>,
    pub wind: Option<String>,
    pub protection: Option<String>,
    /// 携带装备物资.
    pub bring: Option<String>,
    /// 免费通行车辆号牌.
    pub plates: Vec<String>,
    pub answer_due: Option<DateTime>,
    pub issued_at: DateTime,
    /// Who issued it, with his post.
    pub issued_by: String,
}

impl Order {
    /// The order as a document.
    pub fn docx(&self, lang: Lang) -> Vec<u8> {
        let mut page = Page::new(&self.official, lang, Form::RedHead);
        let incident = self.incident.trim();
        let (head, tail) = match lang {
            Lang::Zh => (format!("关于参加{incident}救援处置的"), "出动指令"),
            Lang::En => ("Order to turn out: ".to_owned(), incident),
        };
        page.title(&head, tail, None);
        page.addressee(&self.force);
        if let Some(situation) = given(self.situation.as_ref()) {
            page.text(situation);
        }
        page.text(&match lang {
            Lang::Zh => format!("根据{}，命你单位立即出动，执行以下任务：", self.basis),
            Lang::En => format!("Under {}, you are ordered to turn out at once for this task:", self.basis),
        });
        page.form(self.rows(lang));
        if let Some(due) = self.answer_due {
            let due = due.official(lang);
            page.text(&match lang {
                Lang::Zh => format!("请于{due}前确认接令；不能出动的，立即说明原因。途中和到场情况随时报告。"),
                Lang::En => format!(
                    "Acknowledge before {due}; if you cannot turn out, say why at once. Report on the way and on arrival."
                ),
            });
        }
        page.sign(&self.issued_at.official(lang));
        page.finish()
    }

    fn rows(&self, lang: Lang) -> Vec<(&'static str, Option<String>)> {
        let label = |zh: &'static str, en: &'static str| lang.pick(zh, en);
        let colon = label("：", ": ");
        let phone = given(self.report_phone.as_ref())
            .map(|phone| format!("{}{colon}{phone}", label("电话", "telephone")));
        let call_sign = given(self.call_sign.as_ref())
            .map(|call_sign| format!("{}{colon}{call_sign}", label("呼号", "call sign")));
        let plates = self.plates.join(lang.pick("、", ", "));
        vec![
            (label("任务", "Task"), Some(self.task.clone())),
            (label("集结地点", "Assembly point"), Some(self.assembly_point.clone())),
            (label("行进路线", "Route"), self.route.clone()),
            (label("报到对象", "Report to"), joined(&[Some(&self.report_to), phone.as_ref()], lang)),
            (label("通信联络", "Radio"), joined(&[self.radio_channel.as_ref(), call_sign.as_ref()], lang)),
            (label("风向风力", "Wind"), self.wind.clone()),
            (label("防护要求", "Protection"), self.protection.clone()),
            (label("携带物资", "Bring"), self.bring.clone()),
            (label("免费通行车牌", "Free passage for"), Some(plates)),
            (label("下令人", "Issued by"), Some(self.issued_by.clone())),
        ]
    }
}

/// What is given of two things, in one line.
fn joined(parts: &[Option<&String>; 2], lang: Lang) -> Option<String> {
    let parts: Vec<&str> = parts.iter().filter_map(|part| given(*part)).collect();
    (!parts.is_empty()).then(|| parts.join(lang.pick("，", ", ")))
}
