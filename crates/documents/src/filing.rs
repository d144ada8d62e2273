//! 报备: the brigade tells an industry authority which of its forces were ordered (Plan 4.1.4).

use crate::body::{long, short};
use crate::page::{Form, Page};
use crate::text::given;
use crate::{DateTime, Lang, Official};

/// The orders to the forces of one industry authority.
#[derive(Clone, Debug)]
pub struct Filing {
    pub official: Official,
    /// 行业主管部门.
    pub authority: String,
    pub incident: String,
    /// What happened, in short.
    pub situation: Option<String>,
    /// A full phrase after 根据.
    pub basis: String,
    pub orders: Vec<Row>,
}

/// One order that is filed.
#[derive(Clone, Debug)]
pub struct Row {
    pub force: String,
    pub order_number: String,
    pub task: String,
    pub issued_at: DateTime,
    /// People and vehicles, as text.
    pub strength: Option<String>,
}

impl Filing {
    /// The filing as a letter.
    pub fn docx(&self, lang: Lang) -> Vec<u8> {
        let mut page = Page::new(&self.official, lang, Form::Letter);
        let incident = self.incident.trim();
        let (head, tail) = match lang {
            Lang::Zh => (format!("关于调用应急救援力量处置{incident}的"), "报备函"),
            Lang::En => ("Filing of orders to rescue forces: ".to_owned(), incident),
        };
        page.title(&head, tail, None);
        page.addressee(&self.authority);
        if let Some(situation) = given(self.situation.as_ref()) {
            page.text(situation);
        }
        page.text(&match lang {
            Lang::Zh => format!(
                "根据{}，现已向你单位主管的下列{}支应急救援力量下达出动指令，特此报备。",
                self.basis,
                self.orders.len()
            ),
            Lang::En => format!(
                "Under {}, orders were given to these {} forces in your charge, and are hereby filed with you.",
                self.basis,
                self.orders.len()
            ),
        });
        let rows: Vec<Vec<String>> = self.orders.iter().enumerate().map(|(n, row)| row.cells(n)).collect();
        page.table(&COLUMNS, &rows);
        page.text(lang.pick(
            "请予签收，并督促有关力量做好出动和保障工作。",
            "Please sign for this filing, and see to it that the forces turn out and are supported.",
        ));
        page.sign(&self.official.date.official(lang));
        page.finish()
    }
}

const COLUMNS: [crate::body::Column; 6] = [
    short("序号", "No.", 7),
    long("力量名称", "Force", 17),
    long("指令编号", "Order", 26),
    long("任务", "Task", 22),
    long("人员装备", "Strength", 13),
    short("下达时间", "Issued at", 15),
];

impl Row {
    fn cells(&self, n: usize) -> Vec<String> {
        vec![
            (n + 1).to_string(),
            self.force.clone(),
            self.order_number.clone(),
            self.task.clone(),
            self.strength.clone().unwrap_or_default(),
            self.issued_at.clock(),
        ]
    }
}
