//! Call sheets (接警单) pasted from 119, 110, 120 and 12345 systems: text in, fields of the intake form out. Plan 4.3.1.
//!
//! Every layout is a label with its value: `地址：…`, `【地点】…`, `来电号码 …`, a table with its labels in the first line.
//! What was not read is handed back line by line; what was inferred from words, and not read from a label, is named in
//! `guessed`. Nothing is filled in without the dispatcher seeing where it came from.

mod labels;
mod segments;
mod values;

use domain::incident::Source;
use domain::types::{Datum, Point, Time};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use self::labels::Field;
use self::segments::{Segment, segments};

/// What was read from a pasted call sheet. Absent is what the sheet does not say.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CallSheet {
    /// Where the call came from.
    pub source: Option<Source>,
    /// Who called.
    pub caller: Option<String>,
    /// From which number: digits, with a leading `+` and dashes as written.
    pub caller_number: Option<String>,
    /// Number of the recording.
    pub recording: Option<String>,
    /// When it was received; a time without an offset is the country's (UTC+8).
    pub received_at: Option<Time>,
    /// Where, as written.
    pub place_text: Option<String>,
    /// The position, where the sheet gives one.
    pub point: Option<Point>,
    /// Its datum, where the sheet names one; otherwise it must be asked for.
    pub datum: Option<Datum>,
    /// Hazard code that the words point to: `hazchem`, `fire`, `traffic`, `forest_fire`, `flood`, `eq_geo`, `mine`.
    pub hazard_hint: Option<String>,
    /// Dispatch grade (调派等级), 1 to 5.
    pub grade: Option<u8>,
    /// People trapped.
    pub trapped: Option<u32>,
    /// The substance.
    pub substance: Option<String>,
    /// What was told.
    pub narrative: Option<String>,
    /// Fields that were inferred from words instead of read from a label.
    pub guessed: Vec<String>,
    /// Lines and cells that no field took, as pasted.
    pub unread: Vec<String>,
}

/// Plan 4.3.1: reads a pasted call sheet. Any text is accepted; what is not understood is in `unread`.
pub fn parse_call_sheet(text: &str) -> CallSheet {
    let mut reading = Reading::default();
    for segment in segments(text) {
        reading.take(segment);
    }
    reading.finish()
}

/// A sheet half read.
#[derive(Default)]
struct Reading {
    sheet: CallSheet,
    /// The organisation that reports, before the person's name.
    org: Option<String>,
    date: Option<String>,
    /// Is the text of the last label still going on?
    narrating: bool,
    /// Lines without a label.
    loose: Vec<String>,
    /// The words of the label that names the kind of incident.
    kind: Option<String>,
}

impl Reading {
    fn take(&mut self, segment: Segment) {
        let Segment { label, value, whole } = segment;
        let Some(field) = label else {
            match &mut self.sheet.narrative {
                Some(narrative) if self.narrating => {
                    narrative.push('\n');
                    narrative.push_str(&value);
                }
                _ => self.loose.push(value),
            }
            return;
        };
        self.narrating = false;
        if value.is_empty() {
            self.sheet.unread.push(whole);
            return;
        }
        if !self.read(field, &value) {
            self.sheet.unread.push(whole);
        }
    }

    /// Puts a value into its field; `false` when it does not fit, when the field is taken by another value, or when the
    /// value says more than the field holds: then its line is handed back.
    fn read(&mut self, field: Field, value: &str) -> bool {
        let sheet = &mut self.sheet;
        match field {
            Field::Source => put(&mut sheet.source, values::source(value)) && values::only_source(value),
            Field::Org => put(&mut self.org, Some(value.to_owned())),
            Field::Caller => self.read_caller(value),
            Field::Number => self.read_number(value),
            Field::Recording => put(&mut sheet.recording, values::code(value)),
            Field::Time => self.read_time(value),
            Field::Date => value.chars().count() <= DATE_CHARS && put(&mut self.date, Some(value.to_owned())),
            Field::Place => self.read_place(value),
            Field::Kind => self.read_kind(value),
            Field::Grade => put(&mut sheet.grade, values::grade(value)),
            Field::Trapped => {
                put(&mut sheet.trapped, values::trapped_by_label(value)) && values::only_trapped(value)
            }
            Field::Substance => put(&mut sheet.substance, values::known(value)),
            Field::Narrative => {
                self.narrating = true;
                match &mut sheet.narrative {
                    Some(narrative) => {
                        narrative.push('\n');
                        narrative.push_str(value);
                    }
                    none => *none = Some(value.to_owned()),
                }
                true
            }
            Field::Other => false,
        }
    }

    /// A name, sometimes with the number behind it: `过路司机 13800000000`.
    fn read_caller(&mut self, value: &str) -> bool {
        match values::name_and_number(value) {
            Some((name, number)) => {
                put(&mut self.sheet.caller, Some(name)) && put(&mut self.sheet.caller_number, Some(number))
            }
            None => put(&mut self.sheet.caller, Some(value.to_owned())),
        }
    }

    /// A number, sometimes with a name before it.
    fn read_number(&mut self, value: &str) -> bool {
        if let Some(number) = values::phone(value) {
            return put(&mut self.sheet.caller_number, Some(number));
        }
        match values::name_and_number(value) {
            Some((name, number)) if self.sheet.caller.is_none() => {
                put(&mut self.sheet.caller_number, Some(number)) && put(&mut self.sheet.caller, Some(name))
            }
            _ => false,
        }
    }

    fn read_time(&mut self, value: &str) -> bool {
        let whole = values::time(value);
        let joined = || self.date.as_ref().and_then(|date| values::time(&format!("{date} {value}")));
        let time = whole.or_else(joined);
        put(&mut self.sheet.received_at, time)
    }

    /// A position and its datum are one value: another position is not read over the first, nor its datum put on it.
    fn read_place(&mut self, value: &str) -> bool {
        let (text, position) = values::position(value);
        position.is_none_or(|found| self.put_position(found))
            && (text.is_empty() || put(&mut self.sheet.place_text, Some(text)))
    }

    fn put_position(&mut self, found: (Point, Option<Datum>)) -> bool {
        let known = self.sheet.point.map(|point| (point, self.sheet.datum));
        let (point, datum) = known.unwrap_or(found);
        (self.sheet.point, self.sheet.datum) = (Some(point), datum);
        (point, datum) == found
    }

    /// The kind may name no hazard that we know; then it is handed back, and nothing else is made of it.
    fn read_kind(&mut self, value: &str) -> bool {
        let hint = values::hazard(value).map(str::to_owned);
        put(&mut self.kind, Some(value.to_owned()))
            && put(&mut self.sheet.hazard_hint, hint)
            && values::only_hazard(value)
    }

    fn finish(mut self) -> CallSheet {
        self.name_the_caller();
        self.place_loose_lines();
        let sheet = &mut self.sheet;
        let told = [sheet.narrative.as_deref(), sheet.place_text.as_deref(), sheet.substance.as_deref()];
        let told: Vec<&str> = told.into_iter().flatten().collect();
        if sheet.hazard_hint.is_none() && self.kind.is_none() {
            sheet.hazard_hint = told.iter().find_map(|t| values::hazard(t)).map(str::to_owned);
            guessed(&mut sheet.guessed, "hazard_hint", sheet.hazard_hint.is_some());
        }
        if sheet.trapped.is_none() {
            sheet.trapped = sheet.narrative.as_deref().and_then(values::trapped_in_text);
            guessed(&mut sheet.guessed, "trapped", sheet.trapped.is_some());
        }
        self.sheet
    }

    fn name_the_caller(&mut self) {
        let Some(org) = self.org.take() else { return };
        if self.sheet.source.is_none() {
            self.sheet.source = Some(Source::Department);
            self.sheet.guessed.push("source".into());
        }
        let person = self.sheet.caller.take();
        self.sheet.caller = Some(person.map_or_else(|| org.clone(), |person| format!("{org} {person}")));
    }

    /// Text without any label is what was told, where no label says what was; otherwise it is handed back. A heading
    /// (接警单) is not what was told.
    fn place_loose_lines(&mut self) {
        let told = |line: &String| self.sheet.narrative.is_none() && line.chars().count() >= TOLD_CHARS;
        let (told, rest): (Vec<String>, Vec<String>) = self.loose.drain(..).partition(told);
        if !told.is_empty() {
            self.sheet.narrative = Some(told.join("\n"));
            self.sheet.guessed.push("narrative".into());
        }
        self.sheet.unread.extend(rest);
    }
}

/// A longer text is no day; it would be read again beside each time.
const DATE_CHARS: usize = 40;
/// Shorter lines without a label are headings, not what a caller told.
const TOLD_CHARS: usize = 10;

fn guessed(list: &mut Vec<String>, field: &str, is: bool) {
    if is {
        list.push(field.to_owned());
    }
}

/// Fills an empty field. The same value twice is no harm; another one is not read over the first.
fn put<T: PartialEq>(field: &mut Option<T>, value: Option<T>) -> bool {
    let Some(value) = value else { return false };
    if let Some(known) = field {
        return *known == value;
    }
    *field = Some(value);
    true
}
