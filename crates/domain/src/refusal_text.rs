//! What a refusal says to a person: what was refused, why, and what to do next. For a tired duty officer at four in
//! the morning: the glossary's words, no codes, no blame.

use crate::act::ActKind;
use crate::authority::Role;
use crate::command_post::Holder;
use crate::command_post::state::{BRIGADE, POST};
use crate::labels::{clause, moment, span, status as status_word};
use crate::refusal::{Blocker, FieldFault, Instead, Refusal, Thing};
use crate::types::{IncidentId, Lang, Text};

/// The text of the language: both are written side by side, so that neither is forgotten.
macro_rules! say {
    ($lang:expr, $zh:literal, $en:literal $(,)?) => {
        match $lang {
            crate::types::Lang::Zh => format!($zh),
            crate::types::Lang::En => format!($en),
        }
    };
}
pub(crate) use say;

impl Instead {
    /// The lawful next key, as it is written on it.
    pub fn text(&self, lang: Lang) -> Text {
        self.0.label(lang).to_owned()
    }
}

impl Refusal {
    /// What was refused, why, what to do.
    pub fn text(&self, lang: Lang) -> Text {
        match self {
            Self::NotFound { what, id } => not_found(lang, *what, id),
            Self::Field { pointer, fault } => field(lang, pointer, fault),
            Self::NotPermitted { act, role, clause, who_may, instead } => {
                not_permitted(lang, *act, *role, clause, who_may, instead)
            }
            Self::NotYours { act } => not_yours(lang, *act),
            Self::OnBehalfMissing { act } => on_behalf_missing(lang, *act),
            Self::NotInCommand { act, holder, .. } => not_in_command(lang, *act, holder),
            Self::ApprovalNeeded { name, .. } => approval_needed(lang, name),
            Self::OtherBasis { name, basis, law, .. } => other_basis(lang, name, basis, law),
            Self::WrongStatus { act, what, status, needs } => wrong_status(lang, *act, *what, status, needs),
            Self::StaleRevision { seen, now } => stale_revision(lang, *seen, *now),
            Self::IncidentOver { status, merged_into, .. } => incident_over(lang, status, *merged_into),
            Self::DrillMixed { drill: true, .. } => mixed_with_drill(lang),
            Self::DrillMixed { drill: false, .. } => mixed_with_real(lang),
            Self::AlreadyOrdered { name, .. } => already_ordered(lang, name),
            Self::AlreadyPlanned { name, .. } => already_planned(lang, name),
            Self::AlreadyDone { act } => already_done(lang, *act),
            Self::StillInside { act, groups, count } => still_inside(lang, *act, groups, *count),
            Self::CannotClose { blockers } => cannot_close(lang, blockers),
            Self::NotAsked { asked } => not_asked(lang, asked),
            Self::NotASigner { account } => not_a_signer(lang, account),
            Self::FirstDo { act, first, clause: rests_on } => first_do(lang, *act, *first, rests_on),
            Self::Limit { what, limit } => too_many(lang, *what, *limit),
            Self::NobodyOnDuty { name, .. } => nobody_on_duty(lang, name),
            Self::AlreadyEstablished => lang
                .pick("本地区已启用，不能重复启用。", "The jurisdiction is already established.")
                .to_owned(),
        }
    }
}

fn not_found(lang: Lang, what: Thing, id: &str) -> Text {
    let what = what.label(lang);
    say!(
        lang,
        "找不到{what} {id}：编号有误，或不在您的查看范围内。请刷新后再查。",
        "No {what} {id}: the number is wrong, or it is not yours to see. Reload and look again."
    )
}

fn field(lang: Lang, pointer: &str, fault: &FieldFault) -> Text {
    let (field, fault) = (field_name(pointer, lang), fault.text(lang));
    say!(lang, "“{field}”{fault}", "“{field}” {fault}")
}

fn not_yours(lang: Lang, act: ActKind) -> Text {
    let act = act.label(lang);
    say!(
        lang,
        "“{act}”只能对本单位、本队的事项办理。请由所属单位办理，或由值班席代录。",
        "“{act}” is for what is your own. Ask its owner to do it, or a duty desk to type it in."
    )
}

fn on_behalf_missing(lang: Lang, act: ActKind) -> Text {
    let act = act.label(lang);
    say!(
        lang,
        "代录“{act}”须注明由谁报告、通过何种方式（电话、电台、当面、纸质）。请补填后再提交。",
        "“{act}” is typed in for somebody else: say for whom, and whether by telephone, radio, in person or on paper."
    )
}

fn approval_needed(lang: Lang, name: &str) -> Text {
    let clause = clause("4.1.4", lang);
    say!(
        lang,
        "调用{name}须先报应急管理局同意（{clause}）。请拟制调用方案报送，或电话请示后登记电话同意；可先发待命。",
        "{name} is ordered only after the emergency bureau agrees ({clause}). Submit a plan, or record its approval by telephone; a stand-by may go out now."
    )
}

fn wrong_status(lang: Lang, act: ActKind, what: Thing, status: &str, needs: &str) -> Text {
    let (act, what) = (act.label(lang), what.label(lang));
    let (now, needs) = (status_word(status, lang), status_word(needs, lang));
    say!(
        lang,
        "{what}现为“{now}”，“{needs}”时才能{act}。请按现在的状态办理。",
        "This {what} is {now}; to {act}, it must be {needs}. Go on from its present state."
    )
}

fn stale_revision(lang: Lang, seen: u32, now: u32) -> Text {
    say!(
        lang,
        "您看到的是第 {seen} 稿，现已是第 {now} 稿，本次未办理。请刷新，看清改动后再办理。",
        "You saw version {seen}, and {now} is current; nothing was done. Reload, read the change, then decide."
    )
}

fn mixed_with_drill(lang: Lang) -> Text {
    say!(
        lang,
        "所选警情是演练，不能与真实警情并为一起。请核对后另选。",
        "The incident you named is a drill; a drill and a real incident are never one. Choose again."
    )
}

fn mixed_with_real(lang: Lang) -> Text {
    say!(
        lang,
        "所选警情是真实警情，不能与演练并为一起。请核对后另选。",
        "The incident you named is real; a drill and a real incident are never one. Choose again."
    )
}

fn already_ordered(lang: Lang, name: &str) -> Text {
    say!(
        lang,
        "{name}在本警情已有出动指令，不重复下达。请在指令板查看。",
        "{name} already has an order here; it is not ordered twice. See the order board."
    )
}

fn already_planned(lang: Lang, name: &str) -> Text {
    say!(
        lang,
        "{name}已列入本警情另一份未办结的调用方案。请在该方案中修改，或先撤回该方案。",
        "{name} already stands in another open plan of this incident. Change that plan, or withdraw it first."
    )
}

fn already_done(lang: Lang, act: ActKind) -> Text {
    let act = act.label(lang);
    say!(lang, "“{act}”已办理过，不必再办。", "“{act}” was done before; nothing to do again.")
}

fn still_inside(lang: Lang, act: ActKind, groups: &str, count: u32) -> Text {
    let (act, rests_on) = (act.label(lang), clause("4.1.5", lang));
    say!(
        lang,
        "内场登记仍有该力量 {count} 人（{groups}），不能{act}（{rests_on}）。请先让其撤出并登记。",
        "{count} people of this force are registered inside ({groups}): to {act}, they must be out ({rests_on}). Get them out and register it first."
    )
}

fn cannot_close(lang: Lang, blockers: &[Blocker]) -> Text {
    let blockers: Vec<Text> = blockers.iter().map(|blocker| blocker.text(lang)).collect();
    let blockers = blockers.join(lang.pick("；", "; "));
    say!(lang, "还不能结案：{blockers}。请逐项办结后再结案。", "It cannot be closed yet: {blockers}.")
}

fn not_asked(lang: Lang, asked: &str) -> Text {
    say!(
        lang,
        "现待答复的是：{asked}。本次未记录，请由其答复，或代录其答复。",
        "The answer is awaited from {asked}. Nothing was recorded: let them answer, or type their answer in."
    )
}

fn not_a_signer(lang: Lang, account: &str) -> Text {
    let clause = clause("4.1.4", lang);
    say!(
        lang,
        "{account} 不是消防救援大队值班指挥长，不能签发出动指令（{clause}）。请改选值班指挥长为签发人。",
        "{account} is not a duty commander of the brigade and cannot sign orders ({clause}). Choose a duty commander as the signer."
    )
}

fn first_do(lang: Lang, act: ActKind, first: ActKind, rests_on: &str) -> Text {
    let (act, first, clause) = (act.label(lang), first.label(lang), clause(rests_on, lang));
    say!(lang, "须先{first}，才能{act}（{clause}）。", "First {first}; only then {act} ({clause}).")
}

fn too_many(lang: Lang, what: Thing, limit: usize) -> Text {
    let what = what.label(lang);
    say!(
        lang,
        "本警情的{what}已达上限 {limit} 件，不能再增。请在已有的上面办理。",
        "This incident has {limit} entries of the kind “{what}” already, the most there may be. Go on with those there are."
    )
}

fn nobody_on_duty(lang: Lang, name: &str) -> Text {
    say!(
        lang,
        "{name}值班表上此时无人在岗。请按联系方式登记表打电话，并提醒其更新值班表。",
        "Nobody is on the duty list of {name} now. Telephone by the contact register, and have the list brought up to date."
    )
}

fn not_permitted(
    lang: Lang,
    act: ActKind,
    role: Role,
    rests_on: &str,
    who_may: &[Role],
    instead: &[Instead],
) -> Text {
    let who: Vec<&str> = who_may.iter().map(|role| role.label(lang)).collect();
    let (who, act, role) = (lang.join(&who), act.label(lang), role.label(lang));
    let rests_on = clause(rests_on, lang);
    let mut text = say!(
        lang,
        "{role}不能{act}（{rests_on}）。此事由{who}办理。",
        "The {role} may not {act} ({rests_on}). It is for: {who}."
    );
    if !instead.is_empty() {
        let keys: Vec<Text> = instead.iter().map(|key| key.text(lang)).collect();
        let keys = lang.join(&keys);
        text.push_str(&say!(lang, "您可以：{keys}。", " You may: {keys}."));
    }
    text
}

fn not_in_command(lang: Lang, act: ActKind, holder: &str) -> Text {
    let (act, rests_on) = (act.label(lang), clause("4.1.5", lang));
    if holder == BRIGADE {
        return say!(
            lang,
            "现场指挥部尚未接管，现由消防救援大队指挥，“{act}”由其办理（{rests_on}）。紧急撤离随时可下。",
            "The command post has not taken over: the fire brigade commands, and “{act}” is for it ({rests_on}). An emergency withdrawal always goes through."
        );
    }
    let holder = if holder == POST { Holder::Post.label(lang) } else { holder };
    say!(
        lang,
        "指挥权已移交{holder}，“{act}”由其下达或授权（{rests_on}）。紧急撤离随时可下；需增调力量，请按其指令拟制调用方案。",
        "Command lies with the {holder}: “{act}” comes from there or by its delegation ({rests_on}). An emergency withdrawal always goes through; for more forces, draft a plan by its order."
    )
}

fn other_basis(lang: Lang, name: &str, basis: &str, source: &str) -> Text {
    let ground = if source.is_empty() {
        String::new()
    } else {
        say!(lang, "（依据：{source}）", " (source: {source})")
    };
    match basis {
        "linkage_notice" => say!(
            lang,
            "{name}按联动通知调动，不下出动指令{ground}。请改发联动通知。",
            "{name} is mobilised by linkage notice, not by order{ground}. Send a linkage notice."
        ),
        "letter_of_request" => say!(
            lang,
            "{name}须商请调动，不下出动指令{ground}。请改发商请函；情况紧急的注明“紧急”，可先发待命。",
            "{name} is mobilised by letter of request, not by order{ground}. Send a letter, marked urgent where it is; a stand-by may go out now."
        ),
        "after_approval" => say!(
            lang,
            "{name}须经应急管理局同意后调用{ground}。请拟制调用方案报送。",
            "{name} is ordered only after the emergency bureau agrees{ground}. Submit a plan."
        ),
        _ => say!(
            lang,
            "{name}可直接下达出动指令，不必走此程序{ground}。",
            "{name} may be ordered directly; this is not its way{ground}."
        ),
    }
}

fn incident_over(lang: Lang, now: &str, merged_into: Option<IncidentId>) -> Text {
    let now = status_word(now, lang);
    if merged_into.is_some() {
        return say!(
            lang,
            "本警情{now}，不再办理。请到并入的那起警情上办理。",
            "This incident is {now}; nothing more is done here. Go on in the one it was merged into."
        );
    }
    say!(
        lang,
        "本警情{now}，不再办理。如又起新情况，请重新接警。",
        "This incident is {now}; nothing more is done here. If it flares up again, take a new call."
    )
}

impl FieldFault {
    /// What is wrong with the field, as the rest of a sentence about it.
    pub fn text(&self, lang: Lang) -> Text {
        match self {
            Self::Empty => lang.pick("未填写。请填写后再提交。", "is empty. Fill it in.").to_owned(),
            Self::TooLong { chars, limit } => {
                say!(
                    lang,
                    "有 {chars} 字，最多 {limit} 字。请精简。",
                    "has {chars} characters, and {limit} are the most."
                )
            }
            Self::TooMany { count, limit } => {
                say!(
                    lang,
                    "有 {count} 项，最多 {limit} 项。请分次办理。",
                    "has {count} items, and {limit} are the most. Do it in parts."
                )
            }
            Self::ControlCharacter => lang
                .pick(
                    "含有不能显示的字符。请重新输入，不要粘贴。",
                    "has a character that cannot be printed. Type it again.",
                )
                .to_owned(),
            Self::OutOfRange { least, most } => {
                say!(lang, "应在 {least} 至 {most} 之间。", "must lie between {least} and {most}.")
            }
            Self::NotAPoint => lang
                .pick(
                    "不是有效的经纬度。请在地图上重新点选。",
                    "is no point on earth. Click on the map again.",
                )
                .to_owned(),
            Self::PlaceUnknown => lang
                .pick(
                    "无法定位。请在地图上点选，或选择地名、所在区镇街道。",
                    "cannot be located. Click on the map, or choose a place or a town.",
                )
                .to_owned(),
            Self::TooFarAhead { limit_s } => too_far_ahead(lang, *limit_s),
            Self::TooLongAgo { limit_s } => too_long_ago(lang, *limit_s),
            Self::Twice { what } => {
                say!(lang, "重复了：{what}。请只保留一处。", "names {what} twice. Keep one of them.")
            }
            Self::Unknown { value } => {
                say!(lang, "“{value}”不在可选范围内。请重新选择。", "cannot be “{value}”. Choose again.")
            }
            Self::NotHigher { now } => {
                say!(lang, "须高于现在的 {now}。", "must be higher than {now}, which holds now.")
            }
            Self::BeforeEarlierStep { earlier } => {
                let earlier = moment(*earlier, lang);
                say!(
                    lang,
                    "早于上一步的时间（{earlier}）。请核对发生时间。",
                    "is earlier than the step before ({earlier}). Check when it happened."
                )
            }
            Self::AfterLaterStep { later } => {
                let later = moment(*later, lang);
                say!(
                    lang,
                    "晚于下一步的时间（{later}）。请核对发生时间。",
                    "is later than the step after ({later}). Check when it happened."
                )
            }
        }
    }
}

fn too_far_ahead(lang: Lang, limit_s: i64) -> Text {
    let limit = span(limit_s, lang);
    say!(lang, "晚于当前时间超过 {limit}。请核对时间。", "lies more than {limit} ahead. Check the time.")
}

fn too_long_ago(lang: Lang, limit_s: i64) -> Text {
    let limit = span(limit_s, lang);
    say!(lang, "距今超过 {limit}，不能补录。请核对日期。", "lies more than {limit} back. Check the date.")
}

impl Blocker {
    /// What must be done before the incident can be closed.
    pub fn text(&self, lang: Lang) -> Text {
        match self {
            Self::NotControlled => lang.pick("尚未宣布控制", "it was not declared controlled").to_owned(),
            Self::OrdersRunning(n) => say!(lang, "{n} 支力量尚未撤收、归队", "{n} orders are still running"),
            Self::PlansWaiting(n) => say!(lang, "{n} 份调用方案待答复", "{n} plans wait for an answer"),
            Self::WrittenAgreementDue(n) => {
                say!(lang, "{n} 份电话同意未补办书面同意", "{n} approvals by telephone lack the written one")
            }
            Self::WithdrawalUnconfirmed(n) => {
                say!(
                    lang,
                    "{n} 次紧急撤离未全部清点",
                    "{n} emergency withdrawals are not confirmed by everyone"
                )
            }
            Self::PeopleInside(n) => say!(lang, "内场登记仍有 {n} 人", "{n} people are registered inside"),
            Self::LettersWaiting(n) => {
                say!(lang, "{n} 件商请未得答复", "{n} letters of request have no answer")
            }
            Self::ReinforcementWaiting(n) => {
                say!(lang, "{n} 件增援请求未得答复", "{n} requests for help have no answer")
            }
            Self::AttachedForces(n) => {
                say!(lang, "{n} 支增援力量未撤收", "{n} outside forces are still attached")
            }
            Self::NoFinalReport => lang.pick("未报送终报", "the final report is missing").to_owned(),
            Self::InstructionsOpen(n) => {
                say!(lang, "{n} 件领导批示未办结反馈", "{n} instructions lack the final feedback")
            }
        }
    }
}

/// What a form calls a field: the last part of its pointer that is a name.
fn field_name(pointer: &str, lang: Lang) -> Text {
    let mut names = pointer.rsplit('/').filter(|part| !part.is_empty() && part.parse::<usize>().is_err());
    let Some(name) = names.next() else { return pointer.to_owned() };
    FIELDS
        .iter()
        .find(|(known, ..)| *known == name)
        .map_or_else(|| name.replace('_', " "), |(_, zh, en)| lang.pick(zh, en).to_owned())
}

/// What the forms call their fields.
const FIELDS: &[(&str, &str, &str)] = &[
    ("as_of", "截至时间", "as of"),
    ("assembly_point", "集结点", "assembly point"),
    ("ask", "商请事项", "request"),
    ("attached", "增援力量", "outside force"),
    ("bring", "携带装备", "what to bring"),
    ("call_sign", "呼号", "call sign"),
    ("caller", "报警人", "caller"),
    ("caller_number", "报警电话", "caller's number"),
    ("capability", "救援能力", "capability"),
    ("channel", "通信频道", "radio channel"),
    ("commander", "指挥员", "commander"),
    ("consumables", "消耗物资", "consumables"),
    ("contact", "联系方式", "contact"),
    ("count", "人数", "number of people"),
    ("decision", "决定文号", "decision"),
    ("due", "完成期限", "due date"),
    ("due_at", "办理时限", "due time"),
    ("eta_min", "预计到场分钟数", "minutes to arrival"),
    ("executed_by", "执行单位", "who carries it out"),
    ("files", "附件", "attachments"),
    ("force", "救援力量", "force"),
    ("forces", "救援力量", "forces"),
    ("from", "来自", "from"),
    ("grade", "调派等级", "dispatch grade"),
    ("group", "编组名称", "group"),
    ("groups", "编组", "groups"),
    ("hazard", "灾种", "hazard"),
    ("improvements", "改进措施", "improvements"),
    ("into", "并入警情", "incident to merge into"),
    ("leader", "带队负责人", "leader"),
    ("lessons", "经验教训", "lessons"),
    ("measures", "处置措施", "measures"),
    ("members", "指挥部成员", "members"),
    ("minutes", "作业时长", "minutes of work"),
    ("missing", "失联人数", "people missing"),
    ("name", "名称", "name"),
    ("narrative", "警情描述", "narrative"),
    ("need", "增援需求", "what is needed"),
    ("note", "备注", "note"),
    ("occurred_at", "发生时间", "when it happened"),
    ("officer", "答复人", "officer"),
    ("order", "出动指令", "order"),
    ("orders", "出动任务", "orders"),
    ("org", "单位", "organisation"),
    ("orgs", "单位", "organisations"),
    ("outcome", "核实结果", "outcome"),
    ("phone", "电话", "telephone"),
    ("place", "地点", "place"),
    ("plates", "车牌", "plates"),
    ("point", "经纬度", "point"),
    ("position", "职务", "position"),
    ("post_channel", "指挥部频道", "the post's channel"),
    ("proposals", "意见建议", "proposals"),
    ("protection", "防护要求", "protection"),
    ("quantity", "数量", "quantity"),
    ("radio_channel", "通信频道", "radio channel"),
    ("reason", "原因", "reason"),
    ("reasons", "退回理由", "reasons"),
    ("received_at", "接警时间", "when the call came"),
    ("recording", "录音号", "recording number"),
    ("remark", "意见", "remark"),
    ("remarks", "交班事项", "remarks"),
    ("report_to", "报到对象", "whom to report to"),
    ("revision", "版本", "revision"),
    ("scope", "授权范围", "scope"),
    ("severity", "事件级别", "severity"),
    ("signed_by", "签发人", "signer"),
    ("slot", "编成单元", "slot"),
    ("source", "来源", "source"),
    ("stage", "报告阶段", "stage"),
    ("strength", "人数", "strength"),
    ("substance", "涉及物质", "substance"),
    ("task", "任务", "task"),
    ("tasks", "任务", "tasks"),
    ("text", "内容", "text"),
    ("to", "对象", "to whom"),
    ("town", "区镇、街道", "town"),
    ("trapped", "被困人数", "people trapped"),
    ("until", "有效期至", "until"),
    ("what", "改进事项", "what"),
    ("who", "姓名或职务", "who"),
    ("why", "原因", "why"),
    ("wind", "风向风力", "wind"),
    ("words", "答复内容", "words"),
];
