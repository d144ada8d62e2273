//! A sheet falls into segments: a label with its value, or text without a label.

use super::labels::{self, Field};

/// A piece of the sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Segment {
    pub(super) label: Option<Field>,
    /// The value, trimmed; of a segment without a label, all of it.
    pub(super) value: String,
    /// As pasted, label and all.
    pub(super) whole: String,
}

/// Blanks that separate cells of a table without tabs.
const CELL_BLANKS: usize = 2;
/// Labels that a line must have at least to be a table's heading.
const HEADING_LABELS: usize = 3;

/// All pieces, in their order.
pub(super) fn segments(text: &str) -> Vec<Segment> {
    let lines: Vec<&str> =
        text.lines().map(str::trim).filter(|line| line.chars().any(char::is_alphanumeric)).collect();
    let mut found = Vec::new();
    let mut rest = lines.iter().copied().peekable();
    while let Some(line) = rest.next() {
        let Some((headings, cells)) = heading(line) else {
            from_line(line, &mut found);
            continue;
        };
        let Some(row) = rest.next_if(|row| heading(row).is_none()) else {
            from_line(line, &mut found);
            continue;
        };
        from_row(&headings, &cells, row, &mut found);
        // A second row is a second call: it is handed back, not mixed with the first.
        while let Some(row) = rest.next_if(|row| split_cells(row).len() == cells.len()) {
            found.push(Segment { label: Some(Field::Other), value: row.to_owned(), whole: row.to_owned() });
        }
    }
    join_lone_labels(found)
}

/// A label alone on its line takes the next line without a label as its value.
fn join_lone_labels(found: Vec<Segment>) -> Vec<Segment> {
    let mut joined: Vec<Segment> = Vec::new();
    for segment in found {
        match joined.last_mut() {
            Some(last) if segment.label.is_none() && last.label.is_some() && last.value.is_empty() => {
                last.whole = format!("{}\n{}", last.whole, segment.whole);
                last.value = segment.value;
            }
            _ => joined.push(segment),
        }
    }
    joined
}

fn split_cells(line: &str) -> Vec<String> {
    let cell = |c: &str| c.trim().to_owned();
    if line.contains('\t') {
        return line.split('\t').map(cell).collect();
    }
    let bars = line.trim_matches(['|', '｜', '│']);
    if bars.contains(['|', '｜', '│']) {
        return bars.split(['|', '｜', '│']).map(cell).collect();
    }
    let mut cells = vec![String::new()];
    let mut blanks = 0;
    for c in line.chars() {
        if c.is_whitespace() {
            // An ideographic space is as wide as two.
            blanks += if c == '\u{3000}' { CELL_BLANKS } else { 1 };
            continue;
        }
        let last = cells.len() - 1;
        if blanks >= CELL_BLANKS && !cells[last].is_empty() {
            cells.push(c.to_string());
        } else {
            if blanks > 0 && !cells[last].is_empty() {
                cells[last].push(' ');
            }
            cells[last].push(c);
        }
        blanks = 0;
    }
    cells
}

/// The labels of a table's heading: most cells are labels, and none has a value.
fn heading(line: &str) -> Option<(Vec<Option<Field>>, Vec<String>)> {
    let cells = split_cells(line);
    let fields: Vec<Option<Field>> = cells.iter().map(|c| labels::field(c)).collect();
    let known = fields.iter().flatten().count();
    (known >= HEADING_LABELS && known * 2 > cells.len()).then_some((fields, cells))
}

fn from_row(headings: &[Option<Field>], names: &[String], row: &str, found: &mut Vec<Segment>) {
    let cells = split_cells(row);
    for (i, cell) in cells.into_iter().enumerate() {
        let name = names.get(i).map_or("", String::as_str);
        let label = headings.get(i).copied().flatten().or(Some(Field::Other));
        if !cell.is_empty() {
            let whole = if name.is_empty() { cell.clone() } else { format!("{name}：{cell}") };
            found.push(Segment { label, value: cell, whole });
        }
    }
}

/// Cuts a line where a label begins: at its start, after a semicolon, a full stop, a tab or a bar, or at a bracket.
fn from_line(line: &str, found: &mut Vec<Segment>) {
    let chars: Vec<char> = line.chars().collect();
    let mut cuts: Vec<(usize, Label)> = Vec::new();
    let (mut at, mut before) = (0, Before { last: None, only_marks: true });
    while at < chars.len() {
        let label = starts_here(&chars, at, before);
        let next = label.map_or(at, |label| label.value).max(at + 1);
        cuts.extend(label.map(|label| (label.from, label)));
        before = chars[at..next].iter().fold(before, |before, c| before.then(*c));
        at = next;
    }
    let first = cuts.first().map_or(chars.len(), |(from, _)| *from);
    loose(&chars[..first], found);
    for (i, (from, label)) in cuts.iter().enumerate() {
        let end = cuts.get(i + 1).map_or(chars.len(), |(next, _)| *next);
        labelled(&chars[*from..end], label.value - from, label.field, found);
    }
}

/// A label in a line: where it begins, where its value does.
#[derive(Debug, Clone, Copy)]
struct Label {
    from: usize,
    value: usize,
    field: Field,
}

/// What stands before a place in a line, carried along: a sheet may be all dashes, and is read once.
#[derive(Debug, Clone, Copy)]
struct Before {
    /// The last character that is not a blank.
    last: Option<char>,
    /// Nothing but marks so far.
    only_marks: bool,
}

impl Before {
    fn then(self, c: char) -> Self {
        let last = if c == ' ' { self.last } else { Some(c) };
        Self { last, only_marks: self.only_marks && labels::is_mark(c) }
    }
}

fn is_stop(c: char) -> bool {
    matches!(c, ';' | '；' | '。' | '\t' | '|' | '｜' | '│' | '、' | ',' | '，')
}

/// Is there a label at this place? In brackets anywhere; bare ones only at the start or after a stop.
fn starts_here(chars: &[char], at: usize, before: Before) -> Option<Label> {
    if let Some(close) = closing(chars[at]) {
        let end = at + 1 + chars[at + 1..].iter().take(MOST_LABEL_CHARS).position(|c| *c == close)?;
        let name: String = chars[at + 1..end].iter().collect();
        let field = labels::field(&name)?;
        let value = after_separator(chars, end + 1).map_or(end + 1, |(v, _)| v);
        return Some(Label { from: at, value, field });
    }
    let fresh = before.last.is_none_or(is_stop) || before.only_marks;
    let wide_blank = at > 1
        && chars[at - 1].is_whitespace()
        && (chars[at - 1] == '\u{3000}' || chars[at - 2].is_whitespace());
    // After a single blank only a label with its colon counts: 「报警人：群众 电话：…」.
    let blank = at > 0 && chars[at - 1].is_whitespace();
    if !(fresh || wide_blank || blank) {
        return None;
    }
    let (field, length) = spaced_label(chars, at)?;
    let end = at + length;
    if end == chars.len() {
        return fresh.then_some(Label { from: at, value: end, field });
    }
    let (value, firm) = after_separator(chars, end)?;
    let after_comma = before.last.is_some_and(|c| matches!(c, '、' | ',' | '，'));
    let enough = firm || ((fresh || wide_blank) && !after_comma);
    enough.then_some(Label { from: at, value, field })
}

/// Longer texts in brackets are no labels.
const MOST_LABEL_CHARS: usize = 12;

fn closing(open: char) -> Option<char> {
    match open {
        '【' => Some('】'),
        '[' => Some(']'),
        '［' => Some('］'),
        '〔' => Some('〕'),
        '「' => Some('」'),
        '<' => Some('>'),
        '《' => Some('》'),
        _ => None,
    }
}

/// A label whose two characters may stand apart (地　址).
fn spaced_label(chars: &[char], at: usize) -> Option<(Field, usize)> {
    let plain = labels::at_start(&chars[at..]);
    if plain.is_some() {
        return plain;
    }
    let colon = chars[at..].iter().take(MOST_LABEL_CHARS).position(|c| is_colon(*c))?;
    let name: String = chars[at..at + colon].iter().collect();
    labels::field(&name).map(|field| (field, colon))
}

fn is_colon(c: char) -> bool {
    matches!(c, ':' | '：' | '=' | '＝' | '︰' | '﹕')
}

/// Where the value begins behind a label, and whether a colon or tab says so; `None` when the label runs on as a word.
fn after_separator(chars: &[char], end: usize) -> Option<(usize, bool)> {
    let mut at = end;
    let (mut blank, mut firm) = (false, false);
    while let Some(c) = chars.get(at) {
        match c {
            c if is_colon(*c) && !firm => firm = true,
            '\t' | '|' | '｜' | '│' => firm = true,
            c if c.is_whitespace() => blank = true,
            _ => break,
        }
        at += 1;
    }
    (blank || firm).then_some((at, firm))
}

fn clean(chars: &[char]) -> String {
    let text: String = chars.iter().collect();
    text.trim_matches(|c: char| c.is_whitespace() || matches!(c, ';' | '；' | '|' | '｜' | '│')).to_owned()
}

fn loose(chars: &[char], found: &mut Vec<Segment>) {
    let text = clean(chars);
    if text.chars().any(char::is_alphanumeric) {
        found.push(Segment { label: None, value: text.clone(), whole: text });
    }
}

/// A label and its value. A value that is one short fact ends at the semicolon; what follows is text of its own.
fn labelled(chars: &[char], value: usize, field: Field, found: &mut Vec<Segment>) {
    let of_value = &chars[value.min(chars.len())..];
    let ends = |c: &char| match field {
        Field::Narrative => false,
        Field::Place => matches!(c, ';' | '；' | '。'),
        _ => matches!(c, ';' | '；'),
    };
    let end = of_value.iter().position(ends).unwrap_or(of_value.len());
    let text = clean(&of_value[..end]);
    let short = text.trim_end_matches(['。', '，', ',', '、']).trim_end();
    let text = if field == Field::Narrative { text } else { short.to_owned() };
    let whole = clean(&chars[..value.min(chars.len()) + end]);
    found.push(Segment { label: Some(field), value: text, whole });
    loose(&of_value[end..], found);
}
