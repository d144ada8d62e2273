//! Reads a document back, as a peer would: unzip, parse, look.

#![allow(clippy::unwrap_used, reason = "only tests read documents; what cannot be read fails them")]

use std::io::{Cursor, Read as _};

use quick_xml::events::Event;

/// One part of the package, as text.
pub(crate) fn part(docx: &[u8], name: &str) -> String {
    let mut zip = zip::ZipArchive::new(Cursor::new(docx)).unwrap();
    let mut text = String::new();
    zip.by_name(name).unwrap_or_else(|_| panic!("{name} is missing")).read_to_string(&mut text).unwrap();
    text
}

/// The names of all parts.
pub(crate) fn parts(docx: &[u8]) -> Vec<String> {
    zip::ZipArchive::new(Cursor::new(docx)).unwrap().file_names().map(str::to_owned).collect()
}

/// The text of a part: a paragraph a line, cells of a table parted by a bar. Panics where it is no XML.
pub(crate) fn text(docx: &[u8], name: &str) -> String {
    let xml = part(docx, name);
    let mut reader = quick_xml::Reader::from_str(&xml);
    let (mut text, mut inside, mut cells) = (String::new(), false, 0);
    loop {
        match reader.read_event().unwrap() {
            Event::Start(tag) if tag.name().as_ref() == "w:t" => inside = true,
            Event::End(tag) if tag.name().as_ref() == "w:t" => inside = false,
            Event::Start(tag) if tag.name().as_ref() == "w:tc" => cells += 1,
            Event::End(tag) if tag.name().as_ref() == "w:tc" => {
                cells -= 1;
                text.push_str(" | ");
            }
            Event::End(tag) if tag.name().as_ref() == "w:tr" => text.push('\n'),
            Event::End(tag) if tag.name().as_ref() == "w:p" => {
                text.push_str(if cells > 0 { "" } else { "\n" });
            }
            Event::Empty(tag) if tag.name().as_ref() == "w:br" => text.push('⏎'),
            Event::Empty(tag) if tag.name().as_ref() == "w:tab" && !within_tabs(&tag) => text.push('\t'),
            Event::Text(piece) if inside => text.push_str(&piece),
            Event::GeneralRef(name) if inside => text.push(match &*name {
                "amp" => '&',
                "lt" => '<',
                "gt" => '>',
                "quot" => '"',
                other => panic!("unknown entity {other}"),
            }),
            Event::Eof => return text,
            _ => {}
        }
    }
}

/// A tab stop has attributes, a tab in the text has none.
fn within_tabs(tag: &quick_xml::events::BytesStart<'_>) -> bool {
    tag.attributes().next().is_some()
}
