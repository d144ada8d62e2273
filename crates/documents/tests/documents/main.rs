//! The documents of one incident, unzipped and measured (GB/T 9704-2012).

mod cast;
mod reader;

use cast::at;
use muster_documents::{Lang, layout};
use proptest::prelude::*;
use reader::{part, parts, text};

const BODY: &str = "word/document.xml";

/// Every word of every document, as the offices will read it.
#[test]
fn each_document_says_what_its_form_requires() {
    for (name, docx) in cast::everything(Lang::Zh) {
        insta::assert_snapshot!(name, text(&docx, BODY));
    }
}

#[test]
fn headings_are_in_english_where_it_is_asked_for() {
    for (name, docx) in cast::everything(Lang::En) {
        insta::assert_snapshot!(format!("{name}.en"), text(&docx, BODY));
    }
}

/// GB/T 9704-2012, 5.2: A4, 37 mm above, 28 mm at the left, a type area of 156 × 225 mm.
#[test]
fn the_type_area_is_that_of_the_standard() {
    for (name, docx) in cast::everything(Lang::Zh) {
        let body = part(&docx, BODY);
        assert!(body.contains("<w:pgSz w:w=\"11906\" w:h=\"16838\"/>"), "{name}");
        assert!(
            body.contains("<w:pgMar w:top=\"2098\" w:right=\"1474\" w:bottom=\"1978\" w:left=\"1588\""),
            "{name}"
        );
    }
    let mm = |twips: u32| f64::from(twips) / 1440.0 * 25.4;
    assert!((mm(layout::TYPE_WIDTH) - 156.0).abs() < 0.1);
    let height = layout::PAGE_HEIGHT - layout::MARGIN_TOP - layout::MARGIN_BOTTOM;
    assert!((mm(height) - 225.0).abs() < 0.2);
    assert!(22 * layout::LINE <= height, "22 lines fit");
    let tightened = layout::SIZE_3 * 10 - layout::TIGHTEN.unsigned_abs();
    assert!(28 * tightened <= layout::TYPE_WIDTH, "28 characters fit");
    assert!(29 * tightened > layout::TYPE_WIDTH, "and not 29");
}

/// GB/T 9704-2012, 5.2.2, 7.3: 仿宋 3号 at 29 pt; title 小标宋 2号; headings 黑体 and 楷体.
#[test]
fn type_is_that_of_the_standard() {
    let styles = part(&cast::order().docx(Lang::Zh), "word/styles.xml");
    let style = |id: &str| {
        let start = styles.find(&format!("w:styleId=\"{id}\"")).unwrap();
        let length = styles[start..].find("</w:style>").unwrap();
        styles[start..start + length].to_owned()
    };
    let normal = style("Normal");
    assert!(normal.contains("w:eastAsia=\"仿宋_GB2312\""));
    assert!(normal.contains("<w:sz w:val=\"32\"/>"));
    assert!(normal.contains("w:line=\"580\" w:lineRule=\"exact\""));
    assert!(style("BodyText").contains("w:firstLineChars=\"200\""));
    let title = style("Title");
    assert!(title.contains("w:eastAsia=\"方正小标宋简体\"") && title.contains("<w:sz w:val=\"44\"/>"));
    assert!(style("Heading1").contains("w:eastAsia=\"黑体\""));
    assert!(style("Heading2").contains("w:eastAsia=\"楷体_GB2312\""));
}

/// GB/T 9704-2012, 7.5: — 1 —, right on odd pages, left on even ones, 4号 宋体.
#[test]
fn page_numbers_stand_at_the_outer_edge() {
    let docx = cast::review().docx(Lang::Zh);
    assert!(part(&docx, "word/settings.xml").contains("<w:evenAndOddHeaders/>"));
    let (odd, even) = (part(&docx, "word/footer1.xml"), part(&docx, "word/footer2.xml"));
    assert!(odd.contains("<w:jc w:val=\"right\"/>") && even.contains("<w:jc w:val=\"left\"/>"));
    assert_eq!(text(&docx, "word/footer1.xml"), "— 1 —\n");
    assert!(odd.contains("w:instr=\" PAGE \""));
}

/// GB/T 9704-2012, 7.2.6: the signer stands in the heading of what goes upward, and only there.
#[test]
fn upward_documents_name_their_signer_in_the_heading() {
    let upward = text(&cast::reinforcement_request().docx(Lang::Zh), BODY);
    assert!(upward.contains("荣应急〔2026〕13号\t签发人：于某某"), "{upward}");
    assert!(!text(&cast::review().docx(Lang::Zh), BODY).contains("签发人："));
}

/// GB/T 9704-2012, 10.1: red double lines of 170 mm in first header and footer, no number on the first page.
#[test]
fn a_letter_has_its_lines_and_no_number_on_the_first_page() {
    let docx = cast::filing().docx(Lang::Zh);
    assert!(part(&docx, BODY).contains("<w:titlePg/>"));
    assert!(part(&docx, "word/header3.xml").contains("<w:bottom w:val=\"thickThinSmallGap\""));
    let foot = part(&docx, "word/footer3.xml");
    assert!(foot.contains("<w:top w:val=\"thinThickSmallGap\"") && !foot.contains("PAGE"));
    let length = layout::TYPE_WIDTH + layout::LETTER_LINE_LEFT + layout::LETTER_LINE_RIGHT;
    assert!((f64::from(length) / 1440.0 * 25.4 - 170.0).abs() < 0.1);
    assert!(!parts(&cast::order().docx(Lang::Zh)).contains(&"word/footer3.xml".to_owned()));
}

/// A drill on live desks is marked in every document: title, file properties, header of every page.
#[test]
fn a_drill_says_so_in_the_title_and_on_every_page() {
    let mut filing = cast::filing();
    filing.official.drill = true;
    let docx = filing.docx(Lang::Zh);
    for header in ["word/header1.xml", "word/header2.xml", "word/header3.xml"] {
        assert!(text(&docx, header).starts_with("【演练】"), "{header}");
    }
    assert!(text(&docx, BODY).contains("【演练】关于调用"));
    assert!(part(&docx, "docProps/core.xml").contains("<dc:title>【演练】关于"));
    for (name, docx) in cast::everything(Lang::Zh) {
        let all: String = parts(&docx).iter().map(|name| part(&docx, name)).collect();
        assert!(!all.contains("演练"), "{name} is no drill");
    }
}

/// Tables are exactly as wide as the type area, and so are their columns together.
#[test]
fn no_table_runs_over_the_edge() {
    for (name, docx) in cast::everything(Lang::Zh) {
        let body = part(&docx, BODY);
        for table in body.split("<w:tbl>").skip(1) {
            let grid = table.split("<w:tblGrid>").nth(1).unwrap().split("</w:tblGrid>").next().unwrap();
            let sum: u32 = grid
                .split("w:w=\"")
                .skip(1)
                .map(|width| width.split('"').next().unwrap().parse::<u32>().unwrap())
                .sum();
            assert_eq!(sum, layout::TYPE_WIDTH, "{name}");
            assert!(table.contains("<w:tblLayout w:type=\"fixed\"/>"), "{name}");
        }
    }
}

/// A first report at two in the morning has hardly anything in it yet.
#[test]
fn what_is_not_known_leaves_no_empty_heading() {
    for (name, docx) in cast::bare("油库起火。") {
        insta::assert_snapshot!(format!("{name}.bare"), text(&docx, BODY));
    }
}

/// Pages of one text: nothing is cut off.
#[test]
fn a_long_text_is_there_to_its_end() {
    let long = format!("{}全文完", "沿途侦察、冷却、堵截，随时报告。".repeat(200));
    for (name, docx) in cast::bare(&long) {
        assert!(text(&docx, BODY).contains(&long), "{name}");
    }
}

/// A row as long as a page may break; short rows may not.
#[test]
fn a_row_longer_than_a_page_may_break() {
    let mut review = cast::review();
    let short_rows = part(&review.docx(Lang::Zh), BODY).matches("<w:cantSplit/>").count();
    review.timeline[0].what = "沿途侦察、冷却、堵截。".repeat(400);
    let docx = review.docx(Lang::Zh);
    assert_eq!(part(&docx, BODY).matches("<w:cantSplit/>").count(), short_rows - 1);
    assert!(text(&docx, BODY).contains(&review.timeline[0].what));
}

/// The same input gives the same bytes, on every node and at any time.
#[test]
fn equal_documents_are_equal_bytes() {
    assert_eq!(cast::everything(Lang::Zh), cast::everything(Lang::Zh));
}

/// 㛃 and 𠮷 are in names of people here; markup and control characters come with pasted text.
#[test]
fn rare_characters_and_markup_survive_in_every_place() {
    let name = "王㛃𠮷<w:p>&amp;\"'";
    let mut order = cast::order();
    order.force = name.into();
    order.report_to = name.into();
    order.official.copied_to = vec![name.into()];
    order.incident = name.into();
    let docx = order.docx(Lang::Zh);
    assert_eq!(text(&docx, BODY).matches(name).count(), 4);
    let mut filing = cast::filing();
    filing.official.issuer = name.into();
    filing.orders[0].force = "1\u{0}2\u{1b}3".into();
    let docx = filing.docx(Lang::Zh);
    assert!(text(&docx, "word/header3.xml").contains(name));
    assert!(text(&docx, BODY).contains("1\u{FFFD}2\u{FFFD}3"), "what XML forbids is seen, not lost");
}

/// Whatever stands in a text, every line of it stands in the document, and the document is XML.
fn lines_of(text: &str) -> Vec<String> {
    text.split(['\n', '\r'])
        .filter(|line| !line.trim().is_empty())
        .map(|line| {
            line.chars()
                .map(|c| match c {
                    '\t' | ' '..='\u{FFFD}' | '\u{10000}'.. => c,
                    _ => '\u{FFFD}',
                })
                .collect()
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_text_survives(words in "(?s).{0,300}", rare in "[㛃𠮷<>&\"'\\]\\t\\n\\r\u{0}\u{FFFE}a]{0,40}") {
        let words = format!("{words}{rare}");
        let mut plan = cast::plan();
        plan.situation.clone_from(&words);
        plan.tasks[0].task.clone_from(&words);
        plan.approvals[0].at = at(23, 59);
        let docx = plan.docx(Lang::Zh);
        let body = text(&docx, BODY);
        let lines = lines_of(&words);
        for line in &lines {
            prop_assert!(body.matches(line.as_str()).count() >= 2, "{line:?} in text and table");
        }
        for name in parts(&docx) {
            text(&docx, &name);
        }
    }
}
