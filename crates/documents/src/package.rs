//! The parts of an Office Open XML package and the zip around them.

use std::io::{Cursor, Write as _};

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::body::FORM_SIZE;
use crate::layout::{
    FANG_SONG, HEI, INDENT_2, KAI, LATIN, LINE, SIZE_2, SIZE_3, SIZE_4, SIZE_SMALL_4, SONG, TIGHTEN,
    XIAO_BIAO_SONG,
};
use crate::text::escape;

pub(crate) const NAMESPACES: &str = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" \
     xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"";
const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const WORD_TYPE: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml";

/// A header or footer: its file name without `.xml`, and what stands in it.
pub(crate) struct Margin {
    pub(crate) name: &'static str,
    pub(crate) content: String,
}

/// The relationship id of the n-th header or footer, as the section names it.
pub(crate) fn margin_id(n: usize) -> String {
    format!("rId{}", n + 10)
}

/// Zips the parts. Entries carry no time, so equal documents are equal bytes.
pub(crate) fn pack(title: &str, creator: &str, document: &str, margins: &[Margin]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().last_modified_time(zip::DateTime::default());
    let mut add = |name: &str, content: &str| {
        zip.start_file(name, options).expect("the part names are distinct and short");
        zip.write_all(DECLARATION.as_bytes()).expect("writing to memory cannot fail");
        zip.write_all(content.as_bytes()).expect("writing to memory cannot fail");
    };
    add("[Content_Types].xml", &content_types(margins));
    add("_rels/.rels", &package_relations());
    add("docProps/core.xml", &core_properties(title, creator));
    add("word/document.xml", document);
    add("word/_rels/document.xml.rels", &document_relations(margins));
    add("word/styles.xml", &styles());
    add("word/settings.xml", &settings());
    add("word/fontTable.xml", &font_table());
    for margin in margins {
        let tag = if margin.name.starts_with("header") { "w:hdr" } else { "w:ftr" };
        let content = format!("<{tag} {NAMESPACES}>{}</{tag}>", margin.content);
        add(&format!("word/{}.xml", margin.name), &content);
    }
    zip.finish().expect("writing to memory cannot fail").into_inner()
}

fn content_types(margins: &[Margin]) -> String {
    let part = |name: &str, kind: &str| {
        format!("<Override PartName=\"/word/{name}.xml\" ContentType=\"{WORD_TYPE}.{kind}+xml\"/>")
    };
    let margins: String = margins
        .iter()
        .map(|margin| part(margin.name, if margin.name.starts_with("header") { "header" } else { "footer" }))
        .collect();
    format!(
        "<Types xmlns=\"{PACKAGE}/content-types\">\
         <Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
         <Default Extension=\"xml\" ContentType=\"application/xml\"/>{}{}{}{}{margins}\
         <Override PartName=\"/docProps/core.xml\" ContentType=\"application/vnd.openxmlformats-package.core-properties+xml\"/>\
         </Types>",
        part("document", "document.main"),
        part("styles", "styles"),
        part("settings", "settings"),
        part("fontTable", "fontTable"),
    )
}

fn package_relations() -> String {
    format!(
        "<Relationships xmlns=\"{PACKAGE}/relationships\">\
         <Relationship Id=\"rId1\" Type=\"{OFFICE}/officeDocument\" Target=\"word/document.xml\"/>\
         <Relationship Id=\"rId2\" Type=\"{PACKAGE}/relationships/metadata/core-properties\" Target=\"docProps/core.xml\"/>\
         </Relationships>"
    )
}

fn document_relations(margins: &[Margin]) -> String {
    let relation = |id: &str, kind: &str, name: &str| {
        format!("<Relationship Id=\"{id}\" Type=\"{OFFICE}/{kind}\" Target=\"{name}.xml\"/>")
    };
    let mut xml = format!("<Relationships xmlns=\"{PACKAGE}/relationships\">");
    for (id, kind) in [("rId1", "styles"), ("rId2", "settings"), ("rId3", "fontTable")] {
        xml.push_str(&relation(id, kind, kind));
    }
    for (n, margin) in margins.iter().enumerate() {
        let kind = if margin.name.starts_with("header") { "header" } else { "footer" };
        xml.push_str(&relation(&margin_id(n), kind, margin.name));
    }
    xml.push_str("</Relationships>");
    xml
}

fn core_properties(title: &str, creator: &str) -> String {
    format!(
        "<cp:coreProperties xmlns:cp=\"{PACKAGE}/metadata/core-properties\" \
         xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><dc:title>{}</dc:title><dc:creator>{}</dc:creator>\
         </cp:coreProperties>",
        escape(title),
        escape(creator)
    )
}

/// Odd and even pages differ (7.5); compatibility 15 lines the tables up with the text.
fn settings() -> String {
    format!(
        "<w:settings {NAMESPACES}><w:defaultTabStop w:val=\"420\"/><w:evenAndOddHeaders/>\
         <w:characterSpacingControl w:val=\"compressPunctuation\"/><w:compat><w:compatSetting \
         w:name=\"compatibilityMode\" w:uri=\"http://schemas.microsoft.com/office/word\" w:val=\"15\"/>\
         </w:compat></w:settings>"
    )
}

/// The fonts by name, each with what to take where it is not installed.
fn font_table() -> String {
    let fonts: String = [
        (FANG_SONG, "仿宋"),
        (XIAO_BIAO_SONG, "方正小标宋_GBK"),
        (HEI, "SimHei"),
        (KAI, "楷体"),
        (SONG, "SimSun"),
    ]
    .map(|(name, alternative)| {
        format!(
            "<w:font w:name=\"{name}\"><w:altName w:val=\"{alternative}\"/><w:charset w:val=\"86\"/>\
             <w:family w:val=\"auto\"/><w:pitch w:val=\"default\"/></w:font>"
        )
    })
    .concat();
    format!("<w:fonts {NAMESPACES}>{fonts}</w:fonts>")
}

fn styles() -> String {
    let body = |font: &str, latin: &str, size: u32, more: &str| {
        format!(
            "<w:rFonts w:ascii=\"{latin}\" w:hAnsi=\"{latin}\" w:cs=\"{latin}\" w:eastAsia=\"{font}\"/>\
             {more}<w:sz w:val=\"{size}\"/><w:szCs w:val=\"{size}\"/>"
        )
    };
    let red = "<w:color w:val=\"FF0000\"/>";
    let centre = "<w:jc w:val=\"center\"/>";
    let tight = format!("<w:spacing w:val=\"{TIGHTEN}\"/>");
    let line = |pt20: u32| {
        format!("<w:spacing w:before=\"0\" w:after=\"0\" w:line=\"{pt20}\" w:lineRule=\"exact\"/>")
    };
    let indent = format!("<w:ind w:firstLineChars=\"200\" w:firstLine=\"{INDENT_2}\"/>");
    let next = "<w:keepNext/>";
    let normal = body(FANG_SONG, LATIN, SIZE_3, &tight);
    let level = |n: u32| format!("{next}{indent}<w:outlineLvl w:val=\"{n}\"/>");
    // Order inside w:pPr is fixed by the schema: keepNext, spacing, ind, jc, outlineLvl.
    let styles: String = [
        ("BodyText", "Body Text", format!("{indent}<w:jc w:val=\"both\"/>"), String::new()),
        ("Addressee", "主送机关", String::new(), String::new()),
        ("Heading1", "heading 1", level(0), body(HEI, HEI, SIZE_3, "")),
        ("Heading2", "heading 2", level(1), body(KAI, LATIN, SIZE_3, "")),
        ("Title", "Title", format!("{next}{}{centre}", line(720)), body(XIAO_BIAO_SONG, XIAO_BIAO_SONG, SIZE_2, "")),
        ("Subtitle", "Subtitle", format!("{next}{centre}"), body(KAI, LATIN, SIZE_3, "")),
        ("Mark", "发文机关标志", format!("{next}{centre}"), body(XIAO_BIAO_SONG, XIAO_BIAO_SONG, SIZE_2, red)),
        ("Marking", "密级和紧急程度", next.to_owned(), body(HEI, HEI, SIZE_3, "")),
        ("Number", "发文字号", next.to_owned(), String::new()),
        ("Signature", "Signature", "<w:jc w:val=\"right\"/>".to_owned(), String::new()),
        ("Imprint", "版记", line(480), body(FANG_SONG, LATIN, SIZE_4, "")),
        ("TableHead", "表头", format!("{}{centre}", line(400)), body(HEI, HEI, SIZE_SMALL_4, "")),
        ("TableText", "表内文字", line(400), body(FANG_SONG, LATIN, SIZE_SMALL_4, "")),
        ("TableCentre", "表内居中", format!("{}{centre}", line(400)), body(FANG_SONG, LATIN, SIZE_SMALL_4, "")),
        ("FormLabel", "表单项目", format!("{}{centre}", line(480)), body(HEI, HEI, FORM_SIZE, "")),
        ("FormText", "表单内容", line(480), body(FANG_SONG, LATIN, FORM_SIZE, "")),
        ("Header", "header", format!("{}{centre}", line(LINE)), body(HEI, HEI, SIZE_3, red)),
        ("Footer", "footer", line(280), body(SONG, SONG, SIZE_4, "")),
    ]
    .map(|(id, name, paragraph, run)| {
        format!(
            "<w:style w:type=\"paragraph\" w:styleId=\"{id}\"><w:name w:val=\"{name}\"/><w:basedOn w:val=\"Normal\"/>\
             <w:qFormat/><w:pPr>{paragraph}</w:pPr><w:rPr>{run}</w:rPr></w:style>"
        )
    })
    .concat();
    format!(
        "<w:styles {NAMESPACES}><w:docDefaults><w:rPrDefault><w:rPr>{}<w:lang w:val=\"en-US\" w:eastAsia=\"zh-CN\"/>\
         </w:rPr></w:rPrDefault></w:docDefaults>\
         <w:style w:type=\"paragraph\" w:default=\"1\" w:styleId=\"Normal\"><w:name w:val=\"Normal\"/><w:qFormat/>\
         <w:pPr><w:widowControl w:val=\"0\"/>{}</w:pPr><w:rPr>{normal}</w:rPr></w:style>{styles}</w:styles>",
        body(FANG_SONG, LATIN, SIZE_3, ""),
        line(LINE)
    )
}
