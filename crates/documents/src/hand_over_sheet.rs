//! 值班交接班表: what one shift leaves to the next (Plan 4.2.3).

use crate::body::{Column, long, short};
use crate::page::{Form, Page};
use crate::{DateTime, Lang, Official};

/// The sheet; `official.issuer` is the desk.
#[derive(Clone, Debug)]
pub struct HandOverSheet {
    pub official: Official,
    pub shift_from: DateTime,
    pub shift_to: DateTime,
    pub handed_by: String,
    pub taken_by: String,
    pub shift_leader: Option<String>,
    pub readiness_state: Option<String>,
    pub incidents: Vec<Incident>,
    pub forces_out: Vec<ForceOut>,
    /// 待办批示和事项.
    pub pending: Vec<Pending>,
    pub remarks: Option<String>,
}

/// An incident that is still open.
#[derive(Clone, Debug)]
pub struct Incident {
    pub number: String,
    pub name: String,
    pub status: String,
    pub since: DateTime,
    pub next_step: Option<String>,
}

/// A force that is out.
#[derive(Clone, Debug)]
pub struct ForceOut {
    pub force: String,
    pub incident: String,
    pub status: String,
    pub since: DateTime,
    pub contact: Option<String>,
}

/// An instruction or a matter that is not done.
#[derive(Clone, Debug)]
pub struct Pending {
    pub what: String,
    pub from: String,
    pub owner: Option<String>,
    pub due: Option<DateTime>,
}

impl HandOverSheet {
    /// The sheet as a form.
    pub fn docx(&self, lang: Lang) -> Vec<u8> {
        let mut page = Page::new(&self.official, lang, Form::Plain);
        let tail = lang.pick("值班交接班表", ": shift hand-over sheet");
        page.title(&self.official.issuer, tail, None);
        page.form(self.rows(lang));
        page.heading("在办灾情", "Open incidents");
        page.table(&INCIDENTS, &self.incidents.iter().map(Incident::cells).collect::<Vec<_>>());
        page.heading("在外力量", "Forces out");
        page.table(&FORCES_OUT, &self.forces_out.iter().map(ForceOut::cells).collect::<Vec<_>>());
        page.heading("待办批示和事项", "Pending instructions and matters");
        page.table(&PENDING, &self.pending.iter().map(Pending::cells).collect::<Vec<_>>());
        page.section("其他情况", "Remarks", self.remarks.as_ref());
        page.signatures(&[
            lang.pick("交班人（签名）", "Handed over by"),
            lang.pick("接班人（签名）", "Taken over by"),
            lang.pick("带班领导（签名）", "Shift leader"),
        ]);
        page.finish()
    }

    fn rows(&self, lang: Lang) -> Vec<(&'static str, Option<String>)> {
        let to = lang.pick("至", " to ");
        let shift = format!("{}{to}{}", self.shift_from.official(lang), self.shift_to.official(lang));
        vec![
            (lang.pick("班次", "Shift"), Some(shift)),
            (lang.pick("交班人", "Handed by"), Some(self.handed_by.clone())),
            (lang.pick("接班人", "Taken by"), Some(self.taken_by.clone())),
            (lang.pick("带班领导", "Shift leader"), self.shift_leader.clone()),
            (lang.pick("平战状态", "Readiness state"), self.readiness_state.clone()),
        ]
    }
}

const INCIDENTS: [Column; 5] = [
    long("警情编号", "Number", 18),
    long("名称", "Name", 28),
    short("状态", "Status", 13),
    short("接警时间", "Since", 16),
    long("下一步", "Next step", 25),
];

const FORCES_OUT: [Column; 5] = [
    long("力量名称", "Force", 28),
    long("警情", "Incident", 24),
    short("状态", "Status", 12),
    short("状态时间", "Since", 16),
    long("联系方式", "Contact", 20),
];

const PENDING: [Column; 4] =
    [long("事项", "What", 44), long("来源", "From", 20), long("承办", "Owner", 20), short("时限", "Due", 16)];

impl Incident {
    fn cells(&self) -> Vec<String> {
        vec![
            self.number.clone(),
            self.name.clone(),
            self.status.clone(),
            self.since.clock(),
            self.next_step.clone().unwrap_or_default(),
        ]
    }
}

impl ForceOut {
    fn cells(&self) -> Vec<String> {
        vec![
            self.force.clone(),
            self.incident.clone(),
            self.status.clone(),
            self.since.clock(),
            self.contact.clone().unwrap_or_default(),
        ]
    }
}

impl Pending {
    fn cells(&self) -> Vec<String> {
        vec![
            self.what.clone(),
            self.from.clone(),
            self.owner.clone().unwrap_or_default(),
            self.due.map(DateTime::clock).unwrap_or_default(),
        ]
    }
}
