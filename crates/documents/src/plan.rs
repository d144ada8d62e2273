//! 调用方案: which forces are to be called, and the record of its approval (Plan 4.1.4).

use crate::body::{Column, long, short};
use crate::page::{Form, Page};
use crate::{DateTime, Lang, Official};

/// A dispatch plan as it was put to the bureau.
#[derive(Clone, Debug)]
pub struct Plan {
    pub official: Official,
    /// Whose agreement is asked: the emergency bureau.
    pub addressed_to: String,
    pub incident: String,
    pub situation: String,
    /// A full sentence: clause and composition used.
    pub basis: String,
    pub tasks: Vec<Task>,
    /// 未满足的编成单元: what the composition asks for and no force can give, with the reason.
    pub gaps: Vec<String>,
    /// 通信、防护、保障 and the like.
    pub remarks: Option<String>,
    pub approvals: Vec<Approval>,
}

/// One force of the plan.
#[derive(Clone, Debug)]
pub struct Task {
    pub force: String,
    pub task: String,
    pub assembly_point: String,
    /// 预计到达, such as 25 分钟.
    pub arrival: Option<String>,
    /// Why this force.
    pub reason: Option<String>,
}

/// One step of the approval: asked, agreed, sent back, confirmed in writing.
#[derive(Clone, Debug)]
pub struct Approval {
    /// 经办、审批、补办书面同意.
    pub step: String,
    /// Name and post.
    pub officer: String,
    /// 同意, 退回, 部分同意, with what was said.
    pub opinion: String,
    /// 平台, 电话, 书面.
    pub means: String,
    /// 录音编号, of an approval by telephone.
    pub recording: Option<String>,
    pub at: DateTime,
}

impl Plan {
    /// The plan as a document.
    pub fn docx(&self, lang: Lang) -> Vec<u8> {
        let mut page = Page::new(&self.official, lang, Form::RedHead);
        let incident = self.incident.trim();
        let (head, tail) = match lang {
            Lang::Zh => (format!("关于处置{incident}的"), "应急救援力量调用方案"),
            Lang::En => ("Dispatch plan: ".to_owned(), incident),
        };
        page.title(&head, tail, None);
        page.addressee(&self.addressed_to);
        page.heading("灾情概况", "Situation");
        page.text_or_none(Some(&self.situation));
        page.heading("调用依据", "Basis");
        page.text_or_none(Some(&self.basis));
        page.heading("调用力量及任务", "Forces and tasks");
        let tasks: Vec<Vec<String>> = self.tasks.iter().enumerate().map(|(n, task)| task.cells(n)).collect();
        page.table(&TASKS, &tasks);
        page.heading("未满足的编成单元", "What remains uncovered");
        page.text_or_none(Some(&self.gaps.join("\n")));
        page.section("其他事项", "Remarks", self.remarks.as_ref());
        page.text(lang.pick("以上方案，请予审定。", "We ask for your agreement to this plan."));
        page.sign(&self.official.date.official(lang));
        page.heading("审批记录", "Record of approval");
        if self.approvals.is_empty() {
            page.text(lang.pick("尚未审批。", "Not yet decided."));
        } else {
            let approvals: Vec<Vec<String>> = self.approvals.iter().map(Approval::cells).collect();
            page.table(&APPROVALS, &approvals);
        }
        page.finish()
    }
}

const TASKS: [Column; 6] = [
    short("序号", "No.", 7),
    long("力量名称", "Force", 20),
    long("任务", "Task", 24),
    long("集结地点", "Assembly point", 17),
    short("预计到达", "Arrival", 13),
    long("调用理由", "Reason", 19),
];

const APPROVALS: [Column; 6] = [
    short("环节", "Step", 12),
    long("人员", "Officer", 16),
    long("意见", "Opinion", 26),
    short("方式", "Means", 9),
    long("录音编号", "Recording", 22),
    short("时间", "Time", 15),
];

impl Task {
    fn cells(&self, n: usize) -> Vec<String> {
        vec![
            (n + 1).to_string(),
            self.force.clone(),
            self.task.clone(),
            self.assembly_point.clone(),
            self.arrival.clone().unwrap_or_default(),
            self.reason.clone().unwrap_or_default(),
        ]
    }
}

impl Approval {
    fn cells(&self) -> Vec<String> {
        vec![
            self.step.clone(),
            self.officer.clone(),
            self.opinion.clone(),
            self.means.clone(),
            self.recording.clone().unwrap_or_default(),
            self.at.clock(),
        ]
    }
}
