//! Pasted text is hostile until read: any text gives a sheet, and nothing of it is lost without a word.

use interop::parse_call_sheet;
use proptest::prelude::*;

/// Pieces that sheets are made of, in any order and number.
fn sheet_like() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "报警时间",
        "报警电话",
        "地址",
        "【描述】",
        "[来源]",
        "被困人数",
        "被困",
        "录音号",
        "：",
        ":",
        " ",
        "\t",
        "|",
        "；",
        "。",
        "\n",
        "\r\n",
        "2026-04-12 08:31",
        "２０２６年",
        "119",
        "0631-0900001",
        "二十",
        "人",
        "石岛油库",
        "122.4,36.8",
        "(",
        "）",
        "㛃",
        "𠮷",
        "　",
        "=",
        "，",
        "千千千千千千",
        "99999999999999999999",
        ".",
        "..",
    ]);
    prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn any_text_gives_a_sheet(text in any::<String>()) {
        parse_call_sheet(&text);
    }

    /// Every letter and digit of the sheet stands in a field or in what was not read.
    #[test]
    fn a_broken_sheet_loses_nothing_without_a_word(text in sheet_like()) {
        let sheet = parse_call_sheet(&text);
        let said = text.contains("石岛油库");
        let kept = format!("{sheet:?}").contains("石岛油库");
        prop_assert_eq!(said, kept, "{:?}", sheet);
    }
}

/// A sheet is read once from its start to its end. Read anew at each character, these would take hours.
#[test]
fn a_hostile_sheet_is_read_at_once() {
    const CHARS: usize = 300_000;
    for piece in ["-", " "] {
        parse_call_sheet(&format!("{}地址", piece.repeat(CHARS)));
    }
    for piece in ["、", "\u{3000}", "【", "：", "，电话 ", "|", "千", "1.5,", "被困", "报警人电话"]
    {
        parse_call_sheet(&format!("{}地址", piece.repeat(CHARS / 10 / piece.chars().count())));
    }
    let times = "时间：8\n".repeat(CHARS / 100);
    parse_call_sheet(&format!("日期：{}\n{times}", "2".repeat(CHARS / 10)));
}
