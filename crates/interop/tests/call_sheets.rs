//! The sample sheets, and variants of them.
#![allow(clippy::unwrap_used, reason = "a test may fall over")]

use domain::incident::Source;
use domain::types::{Datum, Point, Time};
use interop::{CallSheet, parse_call_sheet};

const SHEETS: &str = include_str!("../../../data/samples/call-sheets.txt");

fn sample(n: usize) -> CallSheet {
    let sheet = SHEETS.split("=== sheet ").nth(n).unwrap();
    parse_call_sheet(sheet.split_once('\n').unwrap().1)
}

fn at(text: &str) -> Option<Time> {
    Time::parse(text)
}

/// Plan 4.3.1: a sheet of the 119 system fills the intake form.
#[test]
fn labelled_lines_are_read() {
    let expected = CallSheet {
        source: Some(Source::Fire119),
        caller: Some("群众".into()),
        caller_number: Some("0631-0900001".into()),
        recording: Some("R20260412-0037".into()),
        received_at: at("2026-04-12T08:31:07+08:00"),
        place_text: Some("荣成市石岛管理区港湾街道石岛油库三号罐区".into()),
        hazard_hint: Some("hazchem".into()),
        grade: Some(2),
        trapped: Some(2),
        substance: Some("汽油".into()),
        narrative: Some(
            "油库三号罐区输油管线破裂，汽油外泄，现场气味浓，两名工人在泵房内未出来，暂无明火。".into(),
        ),
        unread: vec!["接警单编号：JJ20260412083107001".into()],
        ..CallSheet::default()
    };
    assert_eq!(sample(1), expected);
}

/// What was told has no label here: it is taken, and it is said that it was a guess.
#[test]
fn one_paragraph_is_read() {
    let expected = CallSheet {
        caller: Some("过路司机".into()),
        caller_number: Some("10200000119".into()),
        recording: Some("R20260412-0041".into()),
        received_at: at("2026-04-12T08:36:00+08:00"),
        place_text: Some("成山镇成山路口往西约200米".into()),
        hazard_hint: Some("traffic".into()),
        trapped: Some(3),
        narrative: Some("客车与货车相撞，客车侧翻，车上约二十人，有三人被卡住，货车油箱漏油。".into()),
        guessed: vec!["narrative".into(), "trapped".into()],
        ..CallSheet::default()
    };
    assert_eq!(sample(2), expected);
}

#[test]
fn a_table_is_read() {
    let expected = CallSheet {
        source: Some(Source::Police110),
        caller: Some("商户".into()),
        caller_number: Some("0631-0900002".into()),
        received_at: at("2026-04-12T08:52:00+08:00"),
        place_text: Some("崖头街道崖头商业广场三楼".into()),
        hazard_hint: Some("fire".into()),
        narrative: Some("三楼饭店后厨起火，烟大，楼内顾客正在疏散，是否有人被困不明".into()),
        unread: vec!["警情编号：110-20260412-0218".into()],
        ..CallSheet::default()
    };
    assert_eq!(sample(3), expected);
}

#[test]
fn bracketed_labels_are_read() {
    let expected = CallSheet {
        source: Some(Source::Hotline12345),
        caller: Some("村民".into()),
        caller_number: Some("0631-0900003".into()),
        recording: Some("R20260412-0055".into()),
        received_at: at("2026-04-12T09:05:30+08:00"),
        place_text: Some("崖西镇崖西林场南坡".into()),
        hazard_hint: Some("forest_fire".into()),
        narrative: Some("林场南坡冒烟,风大,有蔓延趋势,山下有村庄.".into()),
        ..CallSheet::default()
    };
    assert_eq!(sample(4), expected);
}

/// A department's report: its position comes with its datum, rare characters stay as they are.
#[test]
fn a_departments_report_is_read() {
    let expected = CallSheet {
        source: Some(Source::Department),
        caller: Some("荣成市水利局 值班员02".into()),
        caller_number: Some("0631-0900004".into()),
        received_at: at("2026-04-12T09:40:00+08:00"),
        place_text: Some("滕家镇滕家水库".into()),
        point: Some(Point { lon: 122.33332, lat: 37.07234 }),
        datum: Some(Datum::Wgs84),
        hazard_hint: Some("flood".into()),
        trapped: Some(5),
        narrative: Some(
            "水库下游㛃石沟桥涵漫水,5名施工人员被困在𠮷祥路桥机械队工棚顶,水位仍在上涨,请求舟艇支援。".into(),
        ),
        ..CallSheet::default()
    };
    assert_eq!(sample(5), expected);
}

#[test]
fn windows_line_ends_and_lost_ones_make_no_difference() {
    let sheet = SHEETS.split("=== sheet ").nth(4).unwrap().split_once('\n').unwrap().1;
    assert_eq!(parse_call_sheet(&sheet.replace('\n', "\r\n")), sample(4));
    assert_eq!(parse_call_sheet(&sheet.replace('\n', "")), sample(4));
}

#[test]
fn variants_of_a_layout_say_the_same() {
    let plain = parse_call_sheet(
        "报警时间：2026-04-12 08:31\n报警电话：0631-0900001\n地址：石岛油库\n灾害类型：火灾\n被困人数：2",
    );
    assert_eq!(plain.unread, Vec::<String>::new());
    for variant in [
        "报警时间：２０２６－０４－１２　０８：３１\n报警电话：０６３１－０９００００１\n地址：石岛油库\n灾害类型：火灾\n被困人数：２",
        "【报警时间】2026年4月12日8时31分【报警电话】0631-0900001【地址】石岛油库【灾害类型】火灾【被困人数】两人",
        "报警时间\t2026-04-12 08:31\n报警电话\t0631-0900001\n地　址：石岛油库\n灾害类型\t火灾\n被困人数\t2",
        "| 报警时间 | 报警电话 | 地址 | 灾害类型 | 被困人数 |\n|---|---|---|---|---|\n| 2026-04-12 08:31 | 0631-0900001 | 石岛油库 | 火灾 | 2 |",
        "报警时间  报警电话  地址  灾害类型  被困人数\n2026-04-12 08:31  0631-0900001  石岛油库  火灾  2",
        "报警时间:2026-04-12 08:31 报警电话:0631-0900001 地址:石岛油库 灾害类型:火灾 被困人数:2",
        "报警时间：\n2026-04-12 08:31\n报警电话：\n0631-0900001\n地址：\n石岛油库\n灾害类型：\n火灾\n被困人数：\n2人",
    ] {
        assert_eq!(parse_call_sheet(variant), plain, "{variant}");
    }
}

#[test]
fn what_does_not_fit_its_field_is_handed_back() {
    let sheet = parse_call_sheet(
        "荣成市接警单\n报警时间：刚才\n报警电话：打不通\n被困人数：不明\n来源：群众\n地址：\n",
    );
    let all_but_empty = CallSheet { unread: Vec::new(), ..sheet.clone() };
    assert_eq!(all_but_empty, CallSheet::default());
    for line in
        ["报警时间：刚才", "报警电话：打不通", "被困人数：不明", "来源：群众", "地址：", "荣成市接警单"]
    {
        assert!(sheet.unread.iter().any(|u| u == line), "{line}: {:?}", sheet.unread);
    }
}

/// The second row of a table is another call; a second value never overwrites the first.
#[test]
fn nothing_is_mixed_or_overwritten() {
    let rows = parse_call_sheet(
        "报警时间\t地址\t报警电话\n2026-04-12 08:31\t石岛油库\t0631-0900001\n2026-04-12 08:40\t俚岛港\t0631-0900002",
    );
    assert_eq!(rows.place_text.as_deref(), Some("石岛油库"));
    assert_eq!(rows.unread, ["2026-04-12 08:40\t俚岛港\t0631-0900002"]);
    let twice = parse_call_sheet("地址：石岛油库\n地址：俚岛港");
    assert_eq!(
        (twice.place_text.as_deref(), twice.unread),
        (Some("石岛油库"), vec!["地址：俚岛港".to_owned()])
    );
}

/// A position has its own datum: that of another line would put it some hundred metres away.
#[test]
fn a_second_position_is_handed_back_with_its_datum() {
    let first = Some(Point { lon: 122.33332, lat: 37.07234 });
    for second in ["位置：122.34005，37.07311 GCJ-02", "位置：122.33332，37.07234 GCJ-02"] {
        let sheet = parse_call_sheet(&format!("地址：滕家水库 (122.33332,37.07234)\n{second}"));
        assert_eq!((sheet.point, sheet.datum), (first, None));
        assert_eq!(sheet.unread, [second]);
    }
    let same =
        parse_call_sheet("地址：滕家水库 (122.33332,37.07234 WGS84)\n位置：122.33332，37.07234 WGS-84");
    assert_eq!((same.point, same.datum, same.unread), (first, Some(Datum::Wgs84), Vec::new()));
}

#[test]
fn what_was_told_may_have_several_lines() {
    let sheet =
        parse_call_sheet("地点：石岛油库\n情况描述：三号罐泄漏。\n现场有两名工人。\n请求增援。\n录音号：R1");
    assert_eq!(sheet.narrative.as_deref(), Some("三号罐泄漏。\n现场有两名工人。\n请求增援。"));
    assert_eq!(sheet.recording.as_deref(), Some("R1"));
}

/// What a field cannot hold is not dropped: the line is handed back beside the figure that was read from it.
#[test]
fn a_value_that_says_more_is_read_and_handed_back() {
    let sheet = parse_call_sheet("来源：石岛油库119\n伤亡被困：死亡1人，被困5人\n灾害类型：火灾（高层住宅）");
    assert_eq!(
        (sheet.source, sheet.trapped, sheet.hazard_hint.as_deref()),
        (Some(Source::Fire119), Some(5), Some("fire"))
    );
    assert_eq!(
        sheet.unread,
        ["来源：石岛油库119", "伤亡被困：死亡1人，被困5人", "灾害类型：火灾（高层住宅）"]
    );
}
