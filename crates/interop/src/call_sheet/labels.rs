//! What the labels of call sheets are called.

/// The field that a label names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    Source,
    /// The organisation that reports.
    Org,
    Caller,
    Number,
    Recording,
    Time,
    /// The day alone; the time stands elsewhere.
    Date,
    Place,
    /// The kind of incident.
    Kind,
    Grade,
    Trapped,
    Substance,
    Narrative,
    /// A label that we know and have no field for: its line is handed back.
    Other,
}

/// Labels as 119, 110, 120 and 12345 systems print them.
const LABELS: &[(Field, &[&str])] = &[
    (
        Field::Source,
        &["报警来源", "警情来源", "接警来源", "来源", "来电渠道", "接警渠道", "报警渠道", "渠道", "报警方式"],
    ),
    (Field::Org, &["报送单位", "上报单位", "报告单位", "转办单位", "转警单位", "来文单位"]),
    (
        Field::Caller,
        &[
            "报警人",
            "报警人姓名",
            "报警人员",
            "来电人",
            "来电人姓名",
            "诉求人",
            "反映人",
            "联系人",
            "联系人姓名",
            "报告人",
            "求助人",
            "呼救人",
            "主叫姓名",
            "姓名",
        ],
    ),
    (
        Field::Number,
        &[
            "报警电话",
            "报警人电话",
            "报警号码",
            "来电号码",
            "来电电话",
            "来电",
            "联系电话",
            "联系方式",
            "主叫号码",
            "主叫",
            "电话号码",
            "电话",
            "手机号码",
            "手机号",
            "手机",
            "回拨电话",
            "呼救电话",
            "号码",
        ],
    ),
    (Field::Recording, &["录音编号", "录音号", "录音流水号", "录音文件", "录音文件号", "录音"]),
    (
        Field::Time,
        &[
            "报警时间",
            "接警时间",
            "来电时间",
            "报送时间",
            "受理时间",
            "上报时间",
            "接报时间",
            "立案时间",
            "呼救时间",
            "登记时间",
            "时间",
        ],
    ),
    (Field::Date, &["报警日期", "接警日期", "来电日期", "日期"]),
    (
        Field::Place,
        &[
            "报警地址",
            "警情地址",
            "警情地点",
            "案发地址",
            "案发地点",
            "发生地址",
            "发生地点",
            "事故地址",
            "事故地点",
            "事发地址",
            "事发地点",
            "事发地",
            "灾害地点",
            "灾害地址",
            "灾情地址",
            "起火地点",
            "起火地址",
            "详细地址",
            "现场地址",
            "现场位置",
            "具体位置",
            "救援地点",
            "地址",
            "地点",
            "位置",
        ],
    ),
    (
        Field::Kind,
        &[
            "灾害类型",
            "灾害种类",
            "灾害类别",
            "灾情类型",
            "警情类别",
            "警情类型",
            "警情性质",
            "案件类型",
            "案件类别",
            "事故类型",
            "事故类别",
            "事件类型",
            "诉求类型",
            "灾种",
            "类型",
            "类别",
        ],
    ),
    (Field::Grade, &["调派等级", "调度等级", "出动等级"]),
    (Field::Trapped, &["被困人数", "被困人员", "被困情况", "人员被困", "伤亡被困", "被困"]),
    (
        Field::Substance,
        &[
            "物质名称",
            "危化品名称",
            "化学品名称",
            "泄漏物质",
            "泄漏介质",
            "涉及物质",
            "燃烧物质",
            "燃烧物",
            "危化品",
            "化学品",
            "介质",
            "品名",
            "物质",
        ],
    ),
    (
        Field::Narrative,
        &[
            "情况描述",
            "警情描述",
            "灾情描述",
            "现场情况",
            "简要情况",
            "简要警情",
            "简要案情",
            "报警内容",
            "警情内容",
            "诉求内容",
            "事件描述",
            "基本情况",
            "详细情况",
            "描述",
            "内容",
            "情况",
            "简况",
            "案情",
            "事由",
        ],
    ),
    (
        Field::Other,
        &[
            "接警单编号",
            "接警单号",
            "警情编号",
            "警情单号",
            "案件编号",
            "工单编号",
            "工单号",
            "单号",
            "编号",
            "流水号",
            "接警员",
            "接警人",
            "值班员",
            "受理人",
            "坐席",
            "工号",
            "警情等级",
            "灾情等级",
            "优先级",
            "备注",
            "辖区",
            "所属辖区",
            "管辖单位",
            "主管单位",
            "性别",
            "年龄",
            "处理状态",
            "状态",
        ],
    ),
];

/// Marks that may stand around or behind a label.
pub(super) fn is_mark(c: char) -> bool {
    matches!(c, '*' | '※' | '●' | '■' | '◆' | '-' | '·' | '•') || c.is_whitespace()
}

/// The field of a label, blanks within it left out (地　址).
pub(super) fn field(label: &str) -> Option<Field> {
    let label: String = label.chars().filter(|c| !c.is_whitespace()).collect();
    LABELS.iter().find(|(_, names)| names.contains(&label.as_str())).map(|(field, _)| *field)
}

/// The longest label that a text begins with, and its characters.
pub(super) fn at_start(text: &[char]) -> Option<(Field, usize)> {
    let starts = |name: &str| {
        let mut rest = text.iter();
        name.chars().all(|c| rest.next() == Some(&c)).then(|| name.chars().count())
    };
    let found = LABELS
        .iter()
        .flat_map(|(field, names)| names.iter().filter_map(move |n| starts(n).map(|l| (*field, l))));
    found.max_by_key(|(_, length)| *length)
}
