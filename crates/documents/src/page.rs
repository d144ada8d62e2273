//! A document under construction: heading, matter, signature, imprint, margins.

use crate::body::{self, Column, imprint, paragraph, run, run_in};
use crate::layout::{
    FOOTER, HEADER, HEI, INDENT_2, KAI, LETTER_FOOTER, LETTER_HEADER, LETTER_LINE_LEFT, LETTER_LINE_RIGHT,
    LINE, MARGIN_BOTTOM, MARGIN_LEFT, MARGIN_RIGHT, MARGIN_TOP, MARK_DROP, PAGE_HEIGHT, PAGE_WIDTH,
    RED_LINE_GAP_PT, TYPE_WIDTH,
};
use crate::official::Official;
use crate::package::{Margin, NAMESPACES, margin_id, pack};
use crate::text::{Lang, given, half_widths, lines, numeral};

const DRILL: (&str, &str) = ("【演练】", "【演练 DRILL】");
/// One character of the tightened body, in twips.
const CHAR: u32 = 315;
/// Half a character of the title, 11 pt, in twips; and how many of them a line holds.
const TITLE_HALF: u32 = 220;
const TITLE_HALF_WIDTHS: u32 = TYPE_WIDTH / TITLE_HALF;

/// The form that a document takes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form<'a> {
    /// Red mark, number centred, red line.
    RedHead,
    /// The same to a superior: number at the left, signer at the right (7.2.6).
    Upward,
    /// Letter 信函格式 (10.1).
    Letter,
    /// Bulletin: its name in red, issue, issuer and date, red line.
    Bulletin { name: &'a str, issue: &'a str },
    /// A form for the desk: no red heading.
    Plain,
}

/// A document being written from top to bottom.
pub(crate) struct Page<'a> {
    official: &'a Official,
    form: Form<'a>,
    pub(crate) lang: Lang,
    title: String,
    xml: String,
    headings: usize,
    after_table: bool,
    /// Where the properties of the last paragraph of text start, to keep it with the signature.
    last_text: Option<usize>,
}

impl<'a> Page<'a> {
    /// Starts with the heading 版头 of the form.
    pub(crate) fn new(official: &'a Official, lang: Lang, form: Form<'a>) -> Self {
        let (title, xml) = (String::new(), String::new());
        let mut page =
            Self { official, form, lang, title, xml, headings: 0, after_table: false, last_text: None };
        match form {
            Form::RedHead | Form::Upward => page.red_head(),
            Form::Bulletin { name, issue } => page.bulletin_head(name, issue),
            Form::Letter => page.letter_head(),
            Form::Plain => {}
        }
        page
    }

    fn markings(&self) -> Vec<&'a str> {
        [given(self.official.secrecy.as_ref()), given(self.official.urgency.as_ref())]
            .into_iter()
            .flatten()
            .collect()
    }

    /// Secrecy and urgency at the left, one below the other; then the mark, 35 mm below the type area's
    /// upper edge whether they are there or not (7.2.2 to 7.2.4).
    fn mark(&mut self, name: &str) {
        let markings = self.markings();
        for marking in &markings {
            self.xml.push_str(&paragraph("Marking", "", &run(marking, "")));
        }
        let used = LINE * u32::try_from(markings.len()).expect("there are at most two markings");
        self.xml.push_str(&mark(name, MARK_DROP.saturating_sub(used)));
    }

    fn red_head(&mut self) {
        self.mark(&self.official.issuer);
        let number = run(given(self.official.number.as_ref()).unwrap_or(""), "");
        let two_lines = 2 * LINE;
        if self.form == Form::Upward {
            let signer = given(self.official.signed_by.as_ref()).unwrap_or("");
            let label = self.lang.pick("签发人：", "Signed by: ");
            let tab = format!("<w:tabs><w:tab w:val=\"right\" w:pos=\"{}\"/></w:tabs>", TYPE_WIDTH - CHAR);
            let place = format!(
                "{tab}<w:spacing w:before=\"{two_lines}\"/><w:ind w:left=\"{CHAR}\" w:right=\"{CHAR}\"/>"
            );
            let name = run_in(signer, KAI);
            let runs = format!("{number}{}{name}", run(&format!("\t{label}"), ""));
            self.xml.push_str(&paragraph("Number", &place, &runs));
        } else {
            let place = format!("<w:spacing w:before=\"{two_lines}\"/><w:jc w:val=\"center\"/>");
            self.xml.push_str(&paragraph("Number", &place, &number));
        }
        self.xml.push_str(&red_line());
    }

    fn bulletin_head(&mut self, name: &str, issue: &str) {
        self.mark(name);
        let place = format!("<w:spacing w:before=\"{}\"/><w:jc w:val=\"center\"/>", LINE / 2);
        self.xml.push_str(&paragraph("Number", &place, &run(issue, "")));
        let tab = format!(
            "<w:tabs><w:tab w:val=\"right\" w:pos=\"{}\"/></w:tabs><w:ind w:left=\"{CHAR}\" w:right=\"{CHAR}\"/>",
            TYPE_WIDTH - CHAR
        );
        let line = format!("{}\t{}", self.official.issuer, self.official.date.official(self.lang));
        self.xml.push_str(&paragraph("Number", &tab, &run(&line, "")));
        self.xml.push_str(&red_line());
    }

    /// Below the upper red line: markings at the left, number at the right (10.1). The mark and the line are in
    /// the first page's header.
    fn letter_head(&mut self) {
        let number = given(self.official.number.as_ref()).unwrap_or("");
        let markings = self.markings();
        let first = format!("{}\t", markings.first().copied().unwrap_or(""));
        let tab = format!(
            "<w:tabs><w:tab w:val=\"right\" w:pos=\"{TYPE_WIDTH}\"/></w:tabs><w:spacing w:before=\"280\"/>"
        );
        let runs = format!("{}{}", run_in(&first, HEI), run(number, ""));
        self.xml.push_str(&paragraph("Number", &tab, &runs));
        if let Some(second) = markings.get(1) {
            self.xml.push_str(&paragraph("Marking", "", &run(second, "")));
        }
    }

    /// The title, two lines below the heading; `head` and `tail` stand on lines of their own where one line
    /// does not hold them. A subtitle below it.
    pub(crate) fn title(&mut self, head: &str, tail: &str, subtitle: Option<&str>) {
        let drill = if self.official.drill { self.lang.pick(DRILL.0, DRILL.1) } else { "" };
        self.title = format!("{drill}{head}{tail}");
        let before = match self.form {
            Form::Plain => 0,
            Form::Bulletin { .. } => LINE,
            _ => 2 * LINE,
        };
        let after = if subtitle.is_some() { 120 } else { LINE };
        let fits = |text: &str| half_widths(text) <= TITLE_HALF_WIDTHS;
        let first = format!("{drill}{head}");
        let (shown, aside) = if !fits(&self.title) && fits(&first) && fits(tail) {
            (format!("{first}\n{tail}"), 0)
        } else {
            (self.title.clone(), title_indent(&self.title))
        };
        let place = format!(
            "<w:spacing w:before=\"{before}\" w:after=\"{after}\"/><w:ind w:left=\"{aside}\" w:right=\"{aside}\"/>"
        );
        self.xml.push_str(&paragraph("Title", &place, &run(&shown, "")));
        if let Some(subtitle) = subtitle {
            let place = format!("<w:spacing w:after=\"{}\"/>", LINE / 2);
            self.xml.push_str(&paragraph("Subtitle", &place, &run(subtitle, "")));
        }
    }

    /// 主送机关, from the left edge, with a full-width colon (7.3.2).
    pub(crate) fn addressee(&mut self, to: &str) {
        let colon = self.lang.pick("：", ":");
        self.xml.push_str(&paragraph("Addressee", "", &run(&format!("{to}{colon}"), "")));
    }

    /// Running text; each line of it is a paragraph.
    pub(crate) fn text(&mut self, text: &str) {
        let text = text.to_owned();
        for line in lines(&text) {
            let place = self.gap();
            self.last_text = Some(self.xml.len() + "<w:p><w:pPr><w:pStyle w:val=\"BodyText\"/>".len());
            self.xml.push_str(&paragraph("BodyText", place, &run(line, "")));
        }
    }

    /// Running text that a place is kept for: 无 where nothing was given.
    pub(crate) fn text_or_none(&mut self, text: Option<&String>) {
        let none = self.lang.pick("无。", "None.");
        self.text(given(text).unwrap_or(none));
    }

    /// A heading and its text, or nothing of both.
    pub(crate) fn section(&mut self, zh: &str, en: &str, text: Option<&String>) {
        if let Some(text) = given(text) {
            self.heading(zh, en);
            self.text(text);
        }
    }

    /// A heading and numbered paragraphs, or nothing of both.
    pub(crate) fn list(&mut self, zh: &str, en: &str, items: &[String]) {
        let items: Vec<&str> =
            items.iter().map(String::as_str).filter(|item| !item.trim().is_empty()).collect();
        if items.is_empty() {
            return;
        }
        self.heading(zh, en);
        let several = items.len() > 1;
        for (n, item) in items.into_iter().enumerate() {
            let number = if several { format!("{}. ", n + 1) } else { String::new() };
            self.text(&format!("{number}{item}"));
        }
    }

    /// A heading of the first level, numbered 一、 in Chinese and 1. in English (7.3.3).
    pub(crate) fn heading(&mut self, zh: &str, en: &str) {
        self.headings += 1;
        let text = match self.lang {
            Lang::Zh => format!("{}、{zh}", numeral(self.headings)),
            Lang::En => format!("{}. {en}", self.headings),
        };
        let place = self.gap();
        self.xml.push_str(&paragraph("Heading1", place, &run(&text, "")));
    }

    /// A table; where it would be empty, 无.
    pub(crate) fn table(&mut self, columns: &[Column], rows: &[Vec<String>]) {
        if rows.is_empty() {
            self.text_or_none(None);
            return;
        }
        self.part_tables();
        self.xml.push_str(&body::table(self.lang, columns, rows));
        self.after_table = true;
    }

    /// A form of labels and values; rows without a value are left out.
    pub(crate) fn form(&mut self, rows: Vec<(&str, Option<String>)>) {
        let rows: Vec<(&str, String)> = rows
            .into_iter()
            .filter_map(|(label, value)| given(value.as_ref()).map(|value| (label, value.to_owned())))
            .collect();
        if rows.is_empty() {
            return;
        }
        self.part_tables();
        self.xml.push_str(&body::form(&rows, self.form != Form::Plain));
        self.after_table = true;
    }

    /// A little room before a table; without a paragraph between them, two tables would be read as one.
    fn part_tables(&mut self) {
        let room = if self.after_table { 160 } else { 80 };
        self.xml.push_str(&paragraph(
            "BodyText",
            &format!("<w:keepNext/><w:spacing w:line=\"{room}\"/>"),
            "",
        ));
    }

    /// Places for signatures by hand, side by side.
    pub(crate) fn signatures(&mut self, labels: &[&str]) {
        let step = TYPE_WIDTH / u32::try_from(labels.len().max(1)).expect("a form has few signatures");
        let tabs: Vec<String> = (1u32..)
            .zip(labels.iter().skip(1))
            .map(|(n, _)| format!("<w:tab w:val=\"left\" w:pos=\"{}\"/>", n * step))
            .collect();
        let tabs = tabs.concat();
        let colon = self.lang.pick("：", ":");
        let text = labels.iter().map(|label| format!("{label}{colon}")).collect::<Vec<_>>().join("\t");
        let place = format!("<w:keepLines/><w:tabs>{tabs}</w:tabs><w:spacing w:before=\"{LINE}\"/>");
        self.xml.push_str(&paragraph("FormText", &place, &run(&text, "")));
        self.after_table = false;
    }

    /// 署名 and 成文日期: the date four characters from the right edge, the issuer centred over it, room for the
    /// seal above both (7.3.5.1). `date` is the document's, or has the time too.
    pub(crate) fn sign(&mut self, date: &str) {
        // A signature never stands alone on its page.
        if let Some(place) = self.last_text.take().filter(|_| !self.after_table) {
            self.xml.insert_str(place, "<w:keepNext/>");
        }
        let issuer = &self.official.issuer;
        let (issuer_width, date_width) = (half_widths(issuer) * CHAR / 2, half_widths(date) * CHAR / 2);
        let (issuer_right, date_right) = signature_indents(issuer_width, date_width);
        let above = format!(
            "<w:keepNext/><w:keepLines/><w:spacing w:before=\"{}\"/><w:ind w:right=\"{issuer_right}\"/>",
            2 * LINE
        );
        self.xml.push_str(&paragraph("Signature", &above, &run(issuer, "")));
        let below = format!("<w:ind w:right=\"{date_right}\"/>");
        self.xml.push_str(&paragraph("Signature", &below, &run(date, "")));
        self.after_table = false;
    }

    /// Signature, note and imprint, and the package around it all.
    pub(crate) fn finish(mut self) -> Vec<u8> {
        if let Some(contact) = &self.official.contact {
            let note = match self.lang {
                Lang::Zh => format!("（联系人：{}，联系电话：{}）", contact.name, contact.phone),
                Lang::En => format!("(Contact: {}, telephone {})", contact.name, contact.phone),
            };
            let place = format!("<w:spacing w:before=\"{}\"/>", LINE / 2);
            self.xml.push_str(&paragraph("BodyText", &place, &run(&note, "")));
        }
        let rows = self.imprint_rows();
        if !rows.is_empty() {
            self.xml.push_str(&imprint(&rows, self.form != Form::Letter));
        }
        // A table cannot be a document's last block, and the frame hangs on the paragraph after it.
        self.xml.push_str(&paragraph("BodyText", "<w:spacing w:line=\"20\"/>", ""));
        let margins = self.margins();
        let section = self.section_properties(&margins);
        let document =
            format!("<w:document {NAMESPACES}><w:body>{}{section}</w:body></w:document>", self.xml);
        pack(&self.title, &self.official.issuer, &document, &margins)
    }

    fn imprint_rows(&self) -> Vec<String> {
        let mut rows = Vec::new();
        let copies: Vec<&str> =
            self.official.copied_to.iter().map(String::as_str).filter(|to| !to.trim().is_empty()).collect();
        if !copies.is_empty() {
            rows.push(match self.lang {
                Lang::Zh => format!("抄送：{}。", copies.join("，")),
                Lang::En => format!("Copies: {}.", copies.join(", ")),
            });
        }
        if self.form != Form::Letter
            && let Some(printer) = given(self.official.printed_by.as_ref())
        {
            let date = self.official.printed_on.unwrap_or(self.official.date).official(self.lang);
            rows.push(match self.lang {
                Lang::Zh => format!("{printer}\t{date}印发"),
                Lang::En => format!("{printer}\tissued {date}"),
            });
        }
        rows
    }

    /// Page numbers right on odd pages and left on even ones, one character from the edge (7.5); 【演练】 above.
    fn margins(&self) -> Vec<Margin> {
        let letter = self.form == Form::Letter;
        let below = if letter { FOOTER - LETTER_FOOTER } else { 0 };
        let number = |side: &str| {
            let place = format!(
                "<w:spacing w:after=\"{below}\"/><w:ind w:left=\"280\" w:right=\"280\"/><w:jc w:val=\"{side}\"/>"
            );
            let field = format!(
                "{}<w:fldSimple w:instr=\" PAGE \">{}</w:fldSimple>{}",
                run("— ", ""),
                run("1", ""),
                run(" —", "")
            );
            paragraph("Footer", &place, &field)
        };
        let mut margins = vec![
            Margin { name: "footer1", content: number("right") },
            Margin { name: "footer2", content: number("left") },
        ];
        let drill = paragraph("Header", "", &run(self.lang.pick(DRILL.0, DRILL.1), ""));
        if self.official.drill {
            margins.push(Margin { name: "header1", content: drill.clone() });
            margins.push(Margin { name: "header2", content: drill.clone() });
        }
        if letter {
            // Below 【演练】 the mark still has its upper edge at 30 mm.
            let drill = if self.official.drill { drill } else { String::new() };
            let head = format!("{drill}{}{}", mark(&self.official.issuer, 0), letter_line("bottom"));
            margins.push(Margin { name: "header3", content: head });
            margins.push(Margin { name: "footer3", content: letter_line("top") });
        }
        margins
    }

    fn section_properties(&self, margins: &[Margin]) -> String {
        let letter = self.form == Form::Letter;
        let references: Vec<String> = margins
            .iter()
            .enumerate()
            .map(|(n, margin)| {
                let (kind, page) = margin.name.split_at(6);
                let page = match page {
                    "1" => "default",
                    "2" => "even",
                    _ => "first",
                };
                format!("<w:{kind}Reference w:type=\"{page}\" r:id=\"{}\"/>", margin_id(n))
            })
            .collect();
        let references = references.concat();
        let header = if letter && !self.official.drill { LETTER_HEADER } else { HEADER };
        let footer = if letter { LETTER_FOOTER } else { FOOTER };
        let first = if letter { "<w:titlePg/>" } else { "" };
        format!(
            "<w:sectPr>{references}<w:pgSz w:w=\"{PAGE_WIDTH}\" w:h=\"{PAGE_HEIGHT}\"/>\
             <w:pgMar w:top=\"{MARGIN_TOP}\" w:right=\"{MARGIN_RIGHT}\" w:bottom=\"{MARGIN_BOTTOM}\" \
             w:left=\"{MARGIN_LEFT}\" w:header=\"{header}\" w:footer=\"{footer}\" w:gutter=\"0\"/>{first}</w:sectPr>"
        )
    }

    /// Room between a table and what follows it.
    fn gap(&mut self) -> &'static str {
        if std::mem::take(&mut self.after_table) { "<w:spacing w:before=\"160\"/>" } else { "" }
    }
}

/// 发文机关标志: as large as the type area lets it be, up to 48 pt; a short one is spread out.
fn mark(name: &str, before: u32) -> String {
    let width = half_widths(name).max(1);
    let size = (1740 / width).clamp(44, 96);
    let spread = if width <= 12 { 360 } else { 0 };
    let line = size * 13;
    let place = format!("<w:spacing w:before=\"{before}\" w:line=\"{line}\" w:lineRule=\"exact\"/>");
    let properties =
        format!("<w:spacing w:val=\"{spread}\"/><w:sz w:val=\"{size}\"/><w:szCs w:val=\"{size}\"/>");
    paragraph("Mark", &place, &run(name, &properties))
}

/// The red line of the heading, as wide as the type area.
fn red_line() -> String {
    let line = RED_LINE_GAP_PT * 20;
    let border = "<w:keepNext/><w:pBdr><w:bottom w:val=\"single\" w:sz=\"12\" w:space=\"0\" w:color=\"FF0000\"/></w:pBdr>";
    paragraph("Number", &format!("{border}<w:spacing w:line=\"{line}\" w:lineRule=\"exact\"/>"), "")
}

/// A red double line of a letter, 170 mm: thick above thin at the top, thin above thick at the foot (10.1).
fn letter_line(edge: &str) -> String {
    let style = if edge == "bottom" { "thickThinSmallGap" } else { "thinThickSmallGap" };
    let border = format!(
        "<w:pBdr><w:{edge} w:val=\"{style}\" w:sz=\"24\" w:space=\"0\" w:color=\"FF0000\"/></w:pBdr>\
         <w:spacing w:line=\"{}\" w:lineRule=\"exact\"/><w:ind w:left=\"-{LETTER_LINE_LEFT}\" w:right=\"-{LETTER_LINE_RIGHT}\"/>",
        if edge == "bottom" { RED_LINE_GAP_PT * 20 } else { 40 }
    );
    paragraph("Footer", &border, "")
}

/// How far a title of several lines is drawn in, so that its lines are of even length (7.3.1).
fn title_indent(title: &str) -> u32 {
    let width = half_widths(title);
    if width <= TITLE_HALF_WIDTHS {
        return 0;
    }
    let line = width.div_ceil(width.div_ceil(TITLE_HALF_WIDTHS)) + 3;
    TYPE_WIDTH.saturating_sub(line * TITLE_HALF) / 2
}

/// Right indents of issuer and date, so that their middles are one above the other.
fn signature_indents(issuer: u32, date: u32) -> (u32, u32) {
    let date_right = 4 * CHAR;
    let middle = date_right + date / 2;
    match middle.checked_sub(issuer / 2) {
        Some(issuer_right) if issuer_right >= CHAR => (issuer_right, date_right),
        // A long issuer stands one character from the edge, and the date moves under its middle.
        _ => (CHAR, (CHAR + (issuer / 2).min(TYPE_WIDTH / 2 - CHAR)).saturating_sub(date / 2).max(INDENT_2)),
    }
}
