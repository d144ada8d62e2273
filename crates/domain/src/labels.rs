//! What things are called, in both languages: the official words of the plan, and plain English.
//!
//! Every enum that people meet has its label here, exhaustively: a new variant does not compile without a name.

use crate::act::ActKind;
use crate::authority::Role;
use crate::command_post::{Delegate, Holder};
use crate::context::Through;
use crate::delivery::{ChannelKind, FailedWhy, MessageStatus};
use crate::dispatch::{ApprovalMeans, Escalation};
use crate::dispatch::{OrderStep, PlanStatus};
use crate::duty::DeskKind;
use crate::incident::{Severity, SeverityStage, Source, Status};
use crate::jurisdiction::Basis;
use crate::ledger::{ForceKind, Mark};
use crate::readiness::{DeadlineKind, ReadinessState};
use crate::refusal::Thing;
use crate::reinforcement::{Means, ReinforcementStatus};
use crate::report::Stage;
use crate::review::facts::IntervalKind;
use crate::types::{Lang, Text, Time};

impl Lang {
    /// The text of this language.
    pub fn pick<'a>(self, zh: &'a str, en: &'a str) -> &'a str {
        match self {
            Self::Zh => zh,
            Self::En => en,
        }
    }

    /// Joins a list as this language does.
    pub fn join<T: AsRef<str>>(self, items: &[T]) -> Text {
        let items: Vec<&str> = items.iter().map(AsRef::as_ref).collect();
        items.join(self.pick("、", ", "))
    }
}

macro_rules! labels {
    ($($type:ident { $($variant:ident $zh:literal $en:literal)* })*) => {$(
        impl $type {
            /// What it is called.
            pub fn label(self, lang: Lang) -> &'static str {
                match self { $(Self::$variant => lang.pick($zh, $en)),* }
            }
        }
    )*};
}

labels! {
    ActKind {
        EstablishJurisdiction "启用本地区" "establish the jurisdiction"
        ChangeReadiness "转换平战状态" "change the readiness state"
        AdoptComposition "启用调度编成" "adopt a composition"
        PreauthoriseComposition "预先授权调度编成" "agree to a composition in advance"
        RevokePreauthorisation "撤销编成预先授权" "revoke the agreement in advance"
        HandOverShift "交接班" "hand over the shift"
        TakeCall "接警" "take a call"
        VerifyCall "核实警情" "verify the call"
        ClassifyIncident "确定灾种和调派等级" "set hazard and dispatch grade"
        RaiseGrade "提升调派等级" "raise the dispatch grade"
        GradeSeverity "定灾害等级" "grade the severity"
        MergeIncident "并案" "merge the incident"
        CallTown "叫应区镇、街道" "call the town and await its answer"
        AnswerTownCall "应答叫应" "answer the town call"
        CountCasualties "登记伤亡人数" "count casualties"
        ConfirmCasualties "核定伤亡人数" "confirm casualties"
        AddNote "记事" "add a note"
        GiveInstruction "登记领导批示" "record a leader's instruction"
        AssignTask "交办任务" "assign the task"
        FeedBack "反馈办理情况" "report back"
        ControlIncident "宣布控制" "declare it controlled"
        CloseIncident "结案" "close the incident"
        OrderFirstResponse "调派自有站先期处置" "order the own stations at once"
        SendLinkageNotices "发联动通知" "send linkage notices"
        AcknowledgeNotice "确认联动通知" "acknowledge the notice"
        PushStandBy "发待命" "send a stand-by"
        ConfirmStandBy "确认待命" "confirm the stand-by"
        LiftStandBy "解除待命" "lift the stand-by"
        SendLetter "发商请函" "send a letter of request"
        AnswerLetter "答复商请" "answer the letter of request"
        DraftPlan "拟制调用方案" "draft a plan"
        RevisePlan "修改调用方案" "revise the plan"
        SubmitPlan "报送调用方案" "submit the plan"
        WithdrawPlan "撤回调用方案" "withdraw the plan"
        ApprovePlan "同意调用方案" "approve the plan"
        SendBackPlan "退回调用方案" "send the plan back"
        RecordTelephoneApproval "登记电话同意" "record an approval by telephone"
        ConfirmInWriting "补办书面同意" "confirm in writing"
        ReceiveOrder "收到出动指令" "receive the order"
        AcknowledgeOrder "接令" "acknowledge the order"
        DeclineOrder "报告不能出动" "decline the order"
        DepartOrder "报告出动" "depart"
        ArriveOrder "报告到场" "arrive"
        DeployOrder "报告展开" "deploy"
        ReportProgress "报告进展" "report progress"
        ReleaseOrder "下令撤收" "release the force"
        ReturnOrder "报告归队" "return"
        CancelOrder "中途返回" "call the force back"
        SignFiling "签收报备" "sign for the filing"
        FormForwardHeadquarters "成立前方指挥部" "form the forward headquarters"
        EstablishPost "成立现场指挥部" "establish the command post"
        HandInBriefing "移交情况" "brief the command post"
        DelegateCommand "授权指挥" "delegate command"
        RaiseCommand "提级指挥" "raise command to the superior"
        OrderWithdrawal "下令紧急撤离" "order the emergency withdrawal"
        ConfirmWithdrawal "报告撤离清点" "confirm the withdrawal"
        AppointSafetyOfficer "指定安全员" "appoint the safety officer"
        EnterScene "登记进入内场" "register people going in"
        LeaveScene "登记撤出内场" "register people coming out"
        RequestReinforcement "申请跨区域增援" "request reinforcement"
        AnswerReinforcement "登记上级答复" "record the superior's answer"
        AttachForce "编入增援力量" "attach an outside force"
        ReleaseAttached "撤收增援力量" "release the outside force"
        FileReport "报送信息" "file a report"
        CorrectReport "更正信息报告" "correct the report"
        ReadReport "阅示信息报告" "mark the report as read"
        CompileSituationReport "编发情况专报" "compile a situation report"
        WriteReview "撰写战评总结" "write the review"
        SetContacts "更新联系方式" "set the contacts"
        OpenChannels "开通消息通道" "open the channels"
        AttemptMessage "发送消息" "send the message"
        RecordDelivery "登记送达情况" "record the delivery"
        AnswerNotification "登记回复" "record the answer"
        RecordUnmatched "登记无法对应的回复" "record an answer to nothing known"
        SubscribePush "开通网页推送" "let a browser take messages"
        UnsubscribePush "停用网页推送" "end a browser's messages"
        MeetDeadline "到期处理" "meet the deadline"
    }
    Role {
        Dispatcher "119指挥中心" "119 centre"
        Commander "大队值班指挥长" "brigade duty commander"
        Bureau "应急局值班员" "bureau duty officer"
        ShiftLeader "应急局带班领导" "bureau shift leader"
        Deputy "应急局备岗领导" "bureau deputy"
        Govt "总值班室" "government duty office"
        Leader "市领导" "leader of the city"
        Post "现场指挥部" "command post"
        Force "救援力量" "force"
        Dept "部门、单位" "department"
        Town "区镇、街道" "town"
        Admin "系统管理员" "administrator"
        Auditor "审计员" "auditor"
        System "系统" "system"
        Integration "外部接口" "integration"
    }
    Thing {
        Incident "警情" "incident"
        Plan "调用方案" "plan"
        Order "出动指令" "order"
        Filing "报备" "filing"
        StandBy "待命" "stand-by"
        Notice "联动通知" "linkage notice"
        Letter "商请函" "letter of request"
        TownCall "叫应" "town call"
        Instruction "领导批示" "instruction"
        Withdrawal "紧急撤离" "emergency withdrawal"
        Reinforcement "跨区域增援" "reinforcement"
        Attached "增援力量" "outside force"
        Report "信息报告" "report"
        SituationReport "情况专报" "situation report"
        Force "救援力量" "force"
        Org "单位" "organisation"
        Account "账号" "account"
        Composition "调度编成" "composition"
        Hazard "灾种" "hazard"
        Capability "救援能力" "capability"
        Place "地名" "place"
        Town "区镇、街道" "town"
        File "附件" "attachment"
        Notification "对外通知" "notification"
        Message "消息" "message"
    }
    DeadlineKind {
        OrderStep "出动指令下一步" "next step of the order"
        PlanAnswer "调用方案答复" "answer to the plan"
        WrittenAgreement "补办书面同意" "agreement in writing"
        FilingSign "报备签收" "signature for the filing"
        NoticeAnswer "联动通知确认" "answer to the linkage notice"
        StandByAnswer "待命确认" "confirmation of the stand-by"
        LetterAnswer "商请答复" "answer to the letter of request"
        TownAnswer "叫应应答" "the town's answer"
        FirstReport "首报" "first report"
        FollowUpReport "续报" "follow-up report"
        FinalReport "终报" "final report"
        SituationReport "情况专报" "situation report"
        ReportRead "报告签阅" "reading of the report"
        InstructionFeedback "批示反馈" "feedback on the instruction"
        ReviewDue "战评总结" "review"
        WithdrawalConfirm "撤离清点" "confirmation of the withdrawal"
        BriefingDue "情况移交" "briefing of the command post"
        ReinforcementAnswer "增援申请答复" "answer to the reinforcement request"
        NotificationAnswer "对外通知回复" "answer to a notification"
        Strength "力量足额接令" "strength acknowledged"
    }
    OrderStep {
        Issued "已下达" "issued"
        Received "已送达" "received"
        Acknowledged "已接令" "acknowledged"
        Declined "不能出动" "declined"
        Departed "已出动" "departed"
        Arrived "已到场" "arrived"
        Deployed "已展开" "deployed"
        Released "可归队" "released"
        Returned "已归队" "returned"
        Cancelled "中途返回" "called back"
    }
    PlanStatus {
        Draft "拟制中" "draft"
        Submitted "待同意" "submitted"
        Approved "已同意" "approved"
        PartlyApproved "部分同意" "partly approved"
        SentBack "已退回" "sent back"
        Withdrawn "已撤回" "withdrawn"
    }
    Status {
        Reported "待核实" "reported"
        Verified "已核实" "verified"
        Responding "处置中" "responding"
        Controlled "已受控" "controlled"
        Closed "已结案" "closed"
        FalseAlarm "误报" "false alarm"
        Merged "已并案" "merged"
    }
    Severity {
        Ungraded "未定级" "ungraded"
        General "一般" "general"
        Serious "较大" "serious"
        Major "重大" "major"
        Extraordinary "特别重大" "extraordinary"
    }
    SeverityStage {
        Preliminary "初判" "preliminary"
        Confirmed "核定" "confirmed"
    }
    Source {
        Fire119 "119" "119"
        Police110 "110" "110"
        Ambulance120 "120" "120"
        Hotline12345 "12345" "12345"
        Department "部门" "department"
    }
    Stage {
        First "首报" "first report"
        FollowUp "续报" "follow-up report"
        Final "终报" "final report"
    }
    Basis {
        AfterApproval "经同意后下达指令" "order after approval"
        Direct "直接下达指令" "direct order"
        LinkageNotice "联动通知" "linkage notice"
        LetterOfRequest "商请" "letter of request"
    }
    Holder {
        Brigade "消防救援大队" "fire brigade"
        Post "现场指挥部" "command post"
        Superior "上级消防救援机构" "superior brigade"
    }
    Through {
        Phone "电话" "telephone"
        Radio "电台" "radio"
        InPerson "当面" "in person"
        Paper "纸质" "paper"
        Message "短信" "message"
    }
    ChannelKind {
        Sms "短信" "SMS"
        Voice "语音" "voice call"
        Mail "邮件" "mail"
        Dingtalk "钉钉" "DingTalk"
        Wecom "企业微信" "WeCom"
        Feishu "飞书" "Feishu"
        Siren "警笛灯牌" "siren"
        Webhook "系统接口" "webhook"
        Push "网页推送" "web push"
    }
    MessageStatus {
        Queued "待发" "queued"
        Sending "发送中" "sending"
        HandedOver "已交网关" "handed over"
        Delivered "已送达" "delivered"
        Failed "未送达" "failed"
    }
    FailedWhy {
        BadAddress "号码或地址错误" "wrong number or address"
        Bounced "网关回执未送达" "bounced"
        Refused "网关拒绝" "refused by the gateway"
        Unreachable "通道不通" "channel unreachable"
        TimedOut "超时" "timed out"
        NoChannel "本节点未开通该通道" "channel not open here"
        Superseded "已无须发送" "no longer needed"
    }
    Means {
        Platform "平台" "platform"
        Phone "电话" "telephone"
    }
    ReinforcementStatus {
        Waiting "待答复" "waiting"
        Approved "已同意" "approved"
        Declined "未同意" "declined"
    }
    ReadinessState {
        Routine "平时" "routine"
        Heightened "加强" "heightened"
        Emergency "应急" "emergency"
    }
    DeskKind {
        Brigade "消防大队指挥中心" "119 centre"
        Bureau "应急局值守" "bureau duty desk"
        Govt "总值班室" "government duty office"
    }
    ForceKind {
        Government "政府力量" "government force"
        Enterprise "企业力量" "enterprise force"
        Social "社会力量" "social force"
        Expert "专家" "expert"
    }
    ApprovalMeans {
        Platform "平台" "on the platform"
        Telephone "电话" "by telephone"
        Preauthorised "预先授权" "agreed in advance"
    }
    Escalation {
        SecondContact "已转第二联系人" "second contact asked"
        Telephone "请电话联系" "telephone the force"
        NextForce "建议改派" "send another force"
    }
    IntervalKind {
        CallToFirstOrder "接警至首次下令" "call to first order"
        CallToPlan "接警至报送方案" "call to plan submitted"
        PlanToApproval "报送至同意" "plan to approval"
        ApprovalToAcknowledgement "同意至首次接令" "approval to first acknowledgement"
        FirstOrderToAcknowledgement "首次下令至首次接令" "first order to first acknowledgement"
        CallToFirstArrival "接警至首支到场" "call to first arrival"
        ArrivalToControlled "首支到场至受控" "first arrival to controlled"
        CallToControlled "接警至受控" "call to controlled"
        ControlledToClosed "受控至结案" "controlled to closed"
    }
    Mark {
        Engaged "已在其他警情" "at another incident"
        OffDuty "当前无人值班" "nobody on duty"
        Uninsured "保险失效或不详" "insurance lapsed or unknown"
        Unverified "台账超期未核" "entry not verified in time"
        NoContact "无联系方式" "no contact known"
    }
}

impl Delegate {
    /// To whom, where it is not an organisation; its name is in the register.
    pub fn label(&self, lang: Lang) -> Option<&'static str> {
        match self {
            Self::RescueSection => Some(lang.pick("抢险救援组", "rescue section")),
            Self::Brigade => Some(Holder::Brigade.label(lang)),
            Self::Org(_) => None,
        }
    }
}

/// A status by its stable code, as refusals carry it. Several statuses separated by `|` are joined.
pub fn status(codes: &str, lang: Lang) -> Text {
    let names: Vec<&str> = codes.split('|').map(|code| status_of(code, lang)).collect();
    names.join(lang.pick("、", " or "))
}

fn status_of(code: &str, lang: Lang) -> &str {
    match code {
        "draft" => PlanStatus::Draft.label(lang),
        "submitted" => PlanStatus::Submitted.label(lang),
        "approved" => PlanStatus::Approved.label(lang),
        "partly_approved" => PlanStatus::PartlyApproved.label(lang),
        "sent_back" => PlanStatus::SentBack.label(lang),
        "withdrawn" => PlanStatus::Withdrawn.label(lang),
        "issued" => OrderStep::Issued.label(lang),
        "received" => OrderStep::Received.label(lang),
        "acknowledged" => OrderStep::Acknowledged.label(lang),
        "declined" => lang.pick("已回绝", "declined"),
        "departed" => OrderStep::Departed.label(lang),
        "arrived" => OrderStep::Arrived.label(lang),
        "deployed" => OrderStep::Deployed.label(lang),
        "released" => OrderStep::Released.label(lang),
        "returned" => OrderStep::Returned.label(lang),
        "cancelled" => OrderStep::Cancelled.label(lang),
        "reported" => Status::Reported.label(lang),
        "verified" => Status::Verified.label(lang),
        "responding" => Status::Responding.label(lang),
        "controlled" => Status::Controlled.label(lang),
        "closed" => Status::Closed.label(lang),
        "false_alarm" => Status::FalseAlarm.label(lang),
        "merged" => Status::Merged.label(lang),
        "waiting" => ReinforcementStatus::Waiting.label(lang),
        "lifted" => lang.pick("已解除", "lifted"),
        "pushed" | "sent" => lang.pick("已发出", "sent"),
        "answered" => lang.pick("已答复", "answered"),
        "approved_by_telephone" => lang.pick("电话同意", "approved by telephone"),
        "confirmed" => SeverityStage::Confirmed.label(lang),
        "preliminary" => SeverityStage::Preliminary.label(lang),
        "none" => lang.pick("未报", "not filed"),
        "first" => lang.pick("已报首报", "filed with a first report"),
        "signed" => lang.pick("已签收", "signed"),
        "assigned" => lang.pick("已交办", "assigned"),
        "given" => lang.pick("未交办", "not assigned"),
        "done" => lang.pick("已办结", "done"),
        unknown => unknown,
    }
}

/// A clause of the plan as it is printed there: `4.1.4` is 四（一）4. Other sources stand as they are.
pub fn clause(clause: &str, lang: Lang) -> Text {
    if lang == Lang::En {
        return format!("Plan {clause}");
    }
    const NUMERALS: [&str; 10] = ["〇", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    let numeral = |part: &str| part.parse::<usize>().ok().and_then(|n| NUMERALS.get(n)).copied();
    let mut parts = clause.splitn(3, '.');
    let (first, second, third) = (parts.next(), parts.next(), parts.next());
    match (first.and_then(numeral), second.and_then(numeral)) {
        (Some(first), Some(second)) => format!("方案{first}（{second}）{}", third.unwrap_or_default()),
        _ => clause.to_owned(),
    }
}

/// A moment by the country's one legal time (UTC+8): 11月24日08:30:05.
pub fn moment(at: Time, lang: Lang) -> Text {
    let beijing = jiff::tz::TimeZone::fixed(jiff::tz::offset(8));
    match jiff::Timestamp::from_millisecond(at.0) {
        Ok(stamp) => {
            let local = stamp.to_zoned_datetime(beijing);
            local.strftime(lang.pick("%-m月%-d日%H:%M:%S", "%Y-%m-%d %H:%M:%S")).to_string()
        }
        Err(_) => at.to_string(),
    }
}

/// A span in the largest units that matter: 45 秒, 12 分, 3 小时 5 分.
pub fn span(seconds: i64, lang: Lang) -> Text {
    let (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
    match (lang, hours, minutes) {
        (Lang::Zh, 0, 0) => format!("{seconds} 秒"),
        (Lang::En, 0, 0) => format!("{seconds} s"),
        (Lang::Zh, 0, _) => format!("{minutes} 分钟"),
        (Lang::En, 0, _) => format!("{minutes} min"),
        (Lang::Zh, _, 0) => format!("{hours} 小时"),
        (Lang::En, _, 0) => format!("{hours} h"),
        (Lang::Zh, ..) => format!("{hours} 小时 {minutes} 分钟"),
        (Lang::En, ..) => format!("{hours} h {minutes} min"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clause_is_called_as_in_the_printed_plan() {
        assert_eq!(clause("4.1.4", Lang::Zh), "方案四（一）4");
        assert_eq!(clause("3.2", Lang::Zh), "方案三（二）");
        assert_eq!(clause("火法 43", Lang::Zh), "火法 43");
        assert_eq!(clause("4.1.4", Lang::En), "Plan 4.1.4");
    }

    #[test]
    fn no_two_acts_bear_the_same_name() {
        for lang in [Lang::Zh, Lang::En] {
            let names: std::collections::BTreeSet<_> =
                ActKind::ALL.iter().map(|act| act.label(lang)).collect();
            assert_eq!(names.len(), ActKind::ALL.len());
        }
    }

    #[test]
    fn spans_and_moments_read_like_speech() {
        assert_eq!(span(45, Lang::Zh), "45 秒");
        assert_eq!(span(720, Lang::En), "12 min");
        assert_eq!(span(11_100, Lang::Zh), "3 小时 5 分钟");
        let at = Time::parse("2026-11-24T08:30:05+08:00").unwrap();
        assert_eq!(moment(at, Lang::Zh), "11月24日08:30:05");
        assert_eq!(moment(at, Lang::En), "2026-11-24 08:30:05");
    }

    /// A refusal never shows a code where a word belongs.
    #[test]
    fn every_status_that_a_refusal_may_carry_has_its_word() {
        let plans =
            [PlanStatus::Draft, PlanStatus::Submitted, PlanStatus::Approved, PlanStatus::PartlyApproved];
        let plans =
            plans.into_iter().chain([PlanStatus::SentBack, PlanStatus::Withdrawn]).map(PlanStatus::code);
        let orders = [
            OrderStep::Issued,
            OrderStep::Received,
            OrderStep::Acknowledged,
            OrderStep::Departed,
            OrderStep::Arrived,
            OrderStep::Deployed,
            OrderStep::Released,
            OrderStep::Returned,
            OrderStep::Declined,
            OrderStep::Cancelled,
        ];
        let incidents = [
            Status::Reported,
            Status::Verified,
            Status::Responding,
            Status::Controlled,
            Status::Closed,
            Status::FalseAlarm,
            Status::Merged,
        ];
        let codes = plans.chain(orders.map(OrderStep::code)).chain(incidents.map(Status::code));
        for code in codes.chain([
            "waiting",
            "lifted",
            "pushed",
            "none",
            "first",
            "confirmed",
            "preliminary",
            "approved_by_telephone",
        ]) {
            let word = status(code, Lang::Zh);
            assert!(word.chars().all(|c| !c.is_ascii_alphanumeric()), "{code}: {word}");
        }
        assert_eq!(status("submitted|draft", Lang::Zh), "待同意、拟制中");
    }
}
