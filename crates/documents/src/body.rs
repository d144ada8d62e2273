//! Paragraphs and tables as `WordprocessingML`.

use crate::layout::{SIZE_4, TYPE_WIDTH};
use crate::text::{Lang, escape, lines};

/// How a column stands.
#[derive(Clone, Copy)]
pub(crate) enum Align {
    Left,
    Centre,
}

/// A column of a table: its heads in both languages, its share of the width, how its cells stand.
pub(crate) struct Column {
    zh: &'static str,
    en: &'static str,
    share: u32,
    align: Align,
}

/// A column of short values, centred.
pub(crate) const fn short(zh: &'static str, en: &'static str, share: u32) -> Column {
    Column { zh, en, share, align: Align::Centre }
}

/// A column of text, from the left.
pub(crate) const fn long(zh: &'static str, en: &'static str, share: u32) -> Column {
    Column { zh, en, share, align: Align::Left }
}

/// A run of text: tabs and line ends as Word has them. `properties` is the inside of `w:rPr`.
/// The hint has Word take “”, — and … from the Chinese font.
pub(crate) fn run(text: &str, properties: &str) -> String {
    let mut xml = format!("<w:r><w:rPr><w:rFonts w:hint=\"eastAsia\"/>{properties}</w:rPr>");
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    for (n, line) in text.split('\n').enumerate() {
        if n > 0 {
            xml.push_str("<w:br/>");
        }
        for (n, piece) in line.split('\t').enumerate() {
            if n > 0 {
                xml.push_str("<w:tab/>");
            }
            if !piece.is_empty() {
                xml.push_str("<w:t xml:space=\"preserve\">");
                xml.push_str(&escape(piece));
                xml.push_str("</w:t>");
            }
        }
    }
    xml.push_str("</w:r>");
    xml
}

/// A run in another Chinese font than its style's.
pub(crate) fn run_in(text: &str, font: &str) -> String {
    let named = format!("w:hint=\"eastAsia\" w:eastAsia=\"{font}\"/>");
    run(text, "").replacen("w:hint=\"eastAsia\"/>", &named, 1)
}

/// A paragraph of a style; `properties` is what follows the style inside `w:pPr`.
pub(crate) fn paragraph(style: &str, properties: &str, runs: &str) -> String {
    format!("<w:p><w:pPr><w:pStyle w:val=\"{style}\"/>{properties}</w:pPr>{runs}</w:p>")
}

/// A table as wide as the type area, ruled, its head repeated on each page.
pub(crate) fn table(lang: Lang, columns: &[Column], rows: &[Vec<String>]) -> String {
    let widths = widths(columns.iter().map(|column| column.share));
    let mut xml = table_start(&widths);
    xml.push_str("<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>");
    for (column, width) in columns.iter().zip(&widths) {
        let head = lang.pick(column.zh, column.en);
        xml.push_str(&cell(*width, &paragraph("TableHead", "<w:keepNext/>", &run(head, ""))));
    }
    xml.push_str("</w:tr>");
    for row in rows {
        xml.push_str(&row_start(row));
        for ((column, width), text) in columns.iter().zip(&widths).zip(row) {
            let style = match column.align {
                Align::Left => "TableText",
                Align::Centre => "TableCentre",
            };
            xml.push_str(&cell(*width, &paragraph(style, "", &run(text, ""))));
        }
        xml.push_str("</w:tr>");
    }
    xml.push_str("</w:tbl>");
    xml
}

/// A form: labels at the left, what is to be known at the right, `large` where it is the heart of the document.
pub(crate) fn form(rows: &[(&str, String)], large: bool) -> String {
    let (label_style, text_style) =
        if large { ("FormLabel", "FormText") } else { ("TableHead", "TableText") };
    let widths = widths([22, 78].into_iter());
    let mut xml = table_start(&widths);
    for (label, value) in rows {
        xml.push_str(&row_start(std::slice::from_ref(value)));
        xml.push_str(&cell(widths[0], &paragraph(label_style, "", &run(label, ""))));
        let paragraphs: String = lines(value).map(|line| paragraph(text_style, "", &run(line, ""))).collect();
        let paragraphs = if paragraphs.is_empty() { paragraph(text_style, "", "") } else { paragraphs };
        xml.push_str(&cell(widths[1], &paragraphs));
        xml.push_str("</w:tr>");
    }
    xml.push_str("</w:tbl>");
    xml
}

/// The imprint 版记, held to the lower edge of the type area: thick, thin and thick rule (7.4.1).
/// `ruled` is false for letters, whose imprint has no rules (10.1). It is one frame, not a floating table,
/// which older `LibreOffice` leaves where the text ends. Paragraphs are one frame only while frame, borders and
/// indents are equal: so the space at a row's left is a character, and the rule between rows an underlined tab.
pub(crate) fn imprint(rows: &[String], ruled: bool) -> String {
    let borders = if ruled {
        format!("<w:pBdr>{}{}</w:pBdr>", border("top", THICK), border("bottom", THICK))
    } else {
        String::new()
    };
    // Where the lines after the first start: below what follows 抄送：.
    const HANG: u32 = 1120;
    let paragraph = |tab: u32, line: &str, runs: &str| {
        let properties = format!(
            "<w:framePr w:w=\"{TYPE_WIDTH}\" w:hSpace=\"0\" w:vSpace=\"120\" w:wrap=\"notBeside\" \
             w:vAnchor=\"margin\" w:hAnchor=\"margin\" w:xAlign=\"left\" w:yAlign=\"bottom\"/>{borders}\
             <w:tabs><w:tab w:val=\"right\" w:pos=\"{tab}\"/></w:tabs>{line}\
             <w:ind w:left=\"{HANG}\" w:hanging=\"{HANG}\"/>"
        );
        paragraph("Imprint", &properties, runs)
    };
    // A hanging indent is a tab stop too: so the first tab reaches it, the second the right edge.
    let thin = run("\t\t", "<w:sz w:val=\"8\"/><w:szCs w:val=\"8\"/><w:u w:val=\"single\"/>");
    let mut xml = String::new();
    for (n, row) in rows.iter().enumerate() {
        if n > 0 && ruled {
            xml.push_str(&paragraph(TYPE_WIDTH, "<w:spacing w:line=\"100\"/>", &thin));
        }
        xml.push_str(&paragraph(TYPE_WIDTH - 280, "", &run(&format!("\u{3000}{row}"), "")));
    }
    xml
}

/// First and last rule of the imprint, 0.35 mm, in eighths of a point (7.4.1).
const THICK: u32 = 8;

fn border(edge: &str, size: u32) -> String {
    format!("<w:{edge} w:val=\"single\" w:sz=\"{size}\" w:space=\"0\" w:color=\"000000\"/>")
}

/// Size of type in the forms, for the styles.
pub(crate) const FORM_SIZE: u32 = SIZE_4;

fn table_start(widths: &[u32]) -> String {
    let borders: String =
        [("top", 8), ("left", 8), ("bottom", 8), ("right", 8), ("insideH", 4), ("insideV", 4)]
            .map(|(edge, size)| border(edge, size))
            .concat();
    let grid: Vec<String> = widths.iter().map(|width| format!("<w:gridCol w:w=\"{width}\"/>")).collect();
    let grid = grid.concat();
    format!(
        "<w:tbl><w:tblPr><w:tblW w:w=\"{TYPE_WIDTH}\" w:type=\"dxa\"/><w:jc w:val=\"center\"/>\
         <w:tblBorders>{borders}</w:tblBorders><w:tblLayout w:type=\"fixed\"/>\
         <w:tblCellMar><w:top w:w=\"40\" w:type=\"dxa\"/><w:left w:w=\"60\" w:type=\"dxa\"/>\
         <w:bottom w:w=\"40\" w:type=\"dxa\"/><w:right w:w=\"60\" w:type=\"dxa\"/></w:tblCellMar>\
         </w:tblPr><w:tblGrid>{grid}</w:tblGrid>"
    )
}

/// A short row stays on one page; a long one may break, or it would leave a hole before it.
fn row_start(cells: &[String]) -> String {
    const SHORT_CHARS: usize = 200;
    let short = cells.iter().all(|text| text.chars().count() <= SHORT_CHARS && lines(text).count() <= 8);
    format!("<w:tr><w:trPr>{}</w:trPr>", if short { "<w:cantSplit/>" } else { "" })
}

fn cell(width: u32, content: &str) -> String {
    format!(
        "<w:tc><w:tcPr><w:tcW w:w=\"{width}\" w:type=\"dxa\"/><w:vAlign w:val=\"center\"/></w:tcPr>{content}</w:tc>"
    )
}

/// Shares turned into twips that add up to the width of the type area.
fn widths(shares: impl Iterator<Item = u32>) -> Vec<u32> {
    let shares: Vec<u32> = shares.collect();
    let whole: u32 = shares.iter().sum();
    let mut widths: Vec<u32> = shares.iter().map(|share| TYPE_WIDTH * share / whole).collect();
    let rest = TYPE_WIDTH - widths.iter().sum::<u32>();
    if let Some(last) = widths.last_mut() {
        *last += rest;
    }
    widths
}
