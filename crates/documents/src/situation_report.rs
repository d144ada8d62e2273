//! 情况专报: the situation as the bureau compiles it for the leaders (Plan 4.1.5).

use crate::body::{Column, long, short};
use crate::page::{Form, Page};
use crate::{DateTime, Lang, Official};

/// One issue of the situation report.
#[derive(Clone, Debug)]
pub struct SituationReport {
    pub official: Official,
    /// 期号, such as 第3期; a blank one is left out.
    pub issue: String,
    pub incident: String,
    /// 截至.
    pub as_of: DateTime,
    /// 灾情.
    pub situation: String,
    /// 处置进展.
    pub progress: Option<String>,
    pub forces: Vec<Force>,
    /// 气象、道路、环境.
    pub conditions: Option<String>,
    /// 研判.
    pub assessment: Option<String>,
    pub instructions: Vec<Instruction>,
    /// 下一步工作.
    pub next_steps: Vec<String>,
}

/// A force in action.
#[derive(Clone, Debug)]
pub struct Force {
    pub name: String,
    pub strength: String,
    pub task: String,
    pub status: String,
}

/// A leader's instruction and what became of it.
#[derive(Clone, Debug)]
pub struct Instruction {
    pub leader: String,
    pub words: String,
    pub assigned_to: String,
    pub feedback: Option<String>,
}

impl SituationReport {
    /// The report under its own red heading.
    pub fn docx(&self, lang: Lang) -> Vec<u8> {
        let name = lang.pick("情况专报", "Situation Report");
        let mut page = Page::new(&self.official, lang, Form::Bulletin { name, issue: &self.issue });
        let incident = self.incident.trim();
        let (head, tail) = match lang {
            Lang::Zh => (incident.to_owned(), "处置情况"),
            Lang::En => ("Response to: ".to_owned(), incident),
        };
        page.title(
            &head,
            tail,
            Some(&match lang {
                Lang::Zh => format!("（截至{}）", self.as_of.official(lang)),
                Lang::En => format!("(as of {})", self.as_of.official(lang)),
            }),
        );
        page.heading("灾情概况", "Situation");
        page.text_or_none(Some(&self.situation));
        page.section("处置进展", "Progress", self.progress.as_ref());
        if !self.forces.is_empty() {
            page.heading("力量投入", "Forces in action");
            let rows: Vec<Vec<String>> = self.forces.iter().map(Force::cells).collect();
            page.table(&FORCES, &rows);
        }
        page.section("现场条件", "Conditions", self.conditions.as_ref());
        page.section("分析研判", "Assessment", self.assessment.as_ref());
        if !self.instructions.is_empty() {
            page.heading("领导批示落实情况", "Leaders' instructions");
            let rows: Vec<Vec<String>> = self.instructions.iter().map(|row| row.cells(lang)).collect();
            page.table(&INSTRUCTIONS, &rows);
        }
        page.list("下一步工作", "Next steps", &self.next_steps);
        page.finish()
    }
}

const FORCES: [Column; 4] = [
    long("力量名称", "Force", 30),
    long("人员装备", "Strength", 22),
    long("任务", "Task", 32),
    short("状态", "Status", 16),
];

const INSTRUCTIONS: [Column; 4] = [
    long("批示领导", "Leader", 18),
    long("批示内容", "Instruction", 34),
    long("承办单位", "Assigned to", 20),
    long("落实情况", "Feedback", 28),
];

impl Force {
    fn cells(&self) -> Vec<String> {
        vec![self.name.clone(), self.strength.clone(), self.task.clone(), self.status.clone()]
    }
}

impl Instruction {
    fn cells(&self, lang: Lang) -> Vec<String> {
        let pending = || lang.pick("办理中", "under way").to_owned();
        vec![
            self.leader.clone(),
            self.words.clone(),
            self.assigned_to.clone(),
            self.feedback.clone().unwrap_or_else(pending),
        ]
    }
}
