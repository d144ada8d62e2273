//! 移交指挥情况报告: the brigade's briefing to the command post that takes over (Plan 4.1.5).

use crate::body::{Column, long, short};
use crate::page::{Form, Page};
use crate::{DateTime, Lang, Official};

/// The briefing.
#[derive(Clone, Debug)]
pub struct Briefing {
    pub official: Official,
    /// 现场指挥部.
    pub command_post: String,
    pub incident: String,
    /// 截至.
    pub as_of: DateTime,
    /// Who commanded until now.
    pub commander: String,
    pub taken_over_at: Option<DateTime>,
    pub situation: String,
    pub casualties: Option<String>,
    pub forces: Vec<Force>,
    pub measures: Vec<String>,
    pub dangers: Vec<String>,
    /// 安全员 and who is inside.
    pub safety: Option<String>,
    pub channels: Vec<Channel>,
    /// 已请求、在途的支援.
    pub support: Option<String>,
    /// 需指挥部决定的事项.
    pub decisions: Vec<String>,
}

/// A force on scene or on its way.
#[derive(Clone, Debug)]
pub struct Force {
    pub name: String,
    pub strength: String,
    pub position: String,
    pub task: String,
    pub status: String,
}

/// A radio channel.
#[derive(Clone, Debug)]
pub struct Channel {
    pub name: String,
    pub used_by: String,
}

impl Briefing {
    /// The briefing as a document.
    pub fn docx(&self, lang: Lang) -> Vec<u8> {
        let mut page = Page::new(&self.official, lang, Form::RedHead);
        let incident = self.incident.trim();
        let (head, tail) = match lang {
            Lang::Zh => (format!("关于{incident}"), "现场指挥移交情况的报告"),
            Lang::En => ("Briefing to the command post: ".to_owned(), incident),
        };
        page.title(&head, tail, None);
        page.addressee(&self.command_post);
        page.text(&self.opening(lang));
        page.heading("灾情", "Situation");
        page.text_or_none(Some(&self.situation));
        page.section("人员伤亡", "Casualties", self.casualties.as_ref());
        page.heading("力量部署", "Forces");
        page.table(&FORCES, &self.forces.iter().map(Force::cells).collect::<Vec<_>>());
        page.list("已采取的措施", "Measures taken", &self.measures);
        page.list("主要危险", "Dangers", &self.dangers);
        page.section("现场安全管控", "Safety", self.safety.as_ref());
        if !self.channels.is_empty() {
            page.heading("通信联络", "Communications");
            page.table(&CHANNELS, &self.channels.iter().map(Channel::cells).collect::<Vec<_>>());
        }
        page.section("支援情况", "Support asked for and under way", self.support.as_ref());
        page.list("需指挥部决定的事项", "For the post to decide", &self.decisions);
        page.text(lang.pick("特此报告。", "Reported herewith."));
        page.sign(&self.as_of.official(lang));
        page.finish()
    }

    fn opening(&self, lang: Lang) -> String {
        let (as_of, commander) = (self.as_of.official(lang), &self.commander);
        let taken = self.taken_over_at.map(|at| at.official(lang));
        match (lang, taken) {
            (Lang::Zh, Some(at)) => {
                format!("现场指挥权已于{at}由{commander}移交指挥部。现将截至{as_of}的情况报告如下：")
            }
            (Lang::Zh, None) => format!("现场由{commander}指挥。现将截至{as_of}的情况报告如下："),
            (Lang::En, Some(at)) => {
                format!("Command passed from {commander} to the post at {at}. As of {as_of}:")
            }
            (Lang::En, None) => format!("{commander} is in command. As of {as_of}:"),
        }
    }
}

const FORCES: [Column; 5] = [
    long("力量名称", "Force", 24),
    long("人员装备", "Strength", 18),
    long("位置", "Position", 18),
    long("任务", "Task", 26),
    short("状态", "Status", 14),
];

const CHANNELS: [Column; 2] = [long("频道", "Channel", 40), long("使用单位", "Used by", 60)];

impl Force {
    fn cells(&self) -> Vec<String> {
        vec![
            self.name.clone(),
            self.strength.clone(),
            self.position.clone(),
            self.task.clone(),
            self.status.clone(),
        ]
    }
}

impl Channel {
    fn cells(&self) -> Vec<String> {
        vec![self.name.clone(), self.used_by.clone()]
    }
}
