//! Words and figures: languages, dates, numerals, and text made safe for XML.

use std::fmt::Write as _;

/// Language of the headings and fixed sentences. What the caller wrote stays as it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lang {
    /// Chinese, the official form.
    #[default]
    Zh,
    /// English, for readers abroad and for training; no official form.
    En,
}

impl Lang {
    pub(crate) fn pick<'a>(self, zh: &'a str, en: &'a str) -> &'a str {
        match self {
            Lang::Zh => zh,
            Lang::En => en,
        }
    }
}

/// A day of the local calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Date {
    pub year: u16,
    /// 1 to 12.
    pub month: u8,
    /// 1 to 31.
    pub day: u8,
}

impl Date {
    /// 2026年11月24日: Arabic figures, no leading zero (GB/T 9704-2012, 7.3.5.4).
    pub fn official(self, lang: Lang) -> String {
        match lang {
            Lang::Zh => format!("{}年{}月{}日", self.year, self.month, self.day),
            Lang::En => format!("{} {} {}", self.day, month_name(self.month), self.year),
        }
    }
}

/// A moment in local time; the caller has already applied the offset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DateTime {
    pub date: Date,
    /// 0 to 23.
    pub hour: u8,
    /// 0 to 59.
    pub minute: u8,
    /// Only where seconds matter, as in a timeline.
    pub second: Option<u8>,
}

impl DateTime {
    /// 2026年11月24日 8时30分, as it stands in running text.
    pub fn official(self, lang: Lang) -> String {
        let day = self.date.official(lang);
        match (lang, self.second) {
            (Lang::Zh, None) => format!("{day} {}时{:02}分", self.hour, self.minute),
            (Lang::Zh, Some(second)) => format!("{day} {}时{:02}分{second:02}秒", self.hour, self.minute),
            (Lang::En, None) => format!("{day} {:02}:{:02}", self.hour, self.minute),
            (Lang::En, Some(second)) => format!("{day} {:02}:{:02}:{second:02}", self.hour, self.minute),
        }
    }

    /// 11-24 08:30, as it stands in a table; with seconds where they are known.
    pub fn clock(self) -> String {
        let mut clock =
            format!("{:02}-{:02} {:02}:{:02}", self.date.month, self.date.day, self.hour, self.minute);
        if let Some(second) = self.second {
            write!(clock, ":{second:02}").expect("writing to a String cannot fail");
        }
        clock
    }
}

fn month_name(month: u8) -> &'static str {
    const NAMES: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    NAMES.get(usize::from(month).wrapping_sub(1)).copied().unwrap_or("?")
}

/// 一, 二, … 十, 十一, … 九十九: numbers of headings. Beyond that, Arabic figures.
pub(crate) fn numeral(n: usize) -> String {
    const DIGITS: [&str; 10] = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    match n {
        1..=9 => DIGITS[n].to_owned(),
        10..=19 => format!("十{}", DIGITS[n % 10]),
        20..=99 => format!("{}十{}", DIGITS[n / 10], DIGITS[n % 10]),
        _ => n.to_string(),
    }
}

/// Width in half characters: an ASCII character is one, all others two.
pub(crate) fn half_widths(text: &str) -> u32 {
    text.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum()
}

/// Text that XML 1.0 can hold: markup escaped; a character that XML forbids becomes U+FFFD, so that its
/// place is seen.
pub(crate) fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\t' | '\n' | ' '..='\u{FFFD}' | '\u{10000}'.. => safe.push(c),
            _ => safe.push('\u{FFFD}'),
        }
    }
    safe
}

/// The lines of a text as they were typed on any system; blank ones are left out.
pub(crate) fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.split(['\n', '\r']).filter(|line| !line.trim().is_empty())
}

/// A text that was given, or nothing when it is blank.
pub(crate) fn given(text: Option<&String>) -> Option<&str> {
    text.map(String::as_str).filter(|text| !text.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_are_numbered_as_in_official_documents() {
        assert_eq!([1, 10, 11, 20, 99, 100].map(numeral).join(" "), "一 十 十一 二十 九十九 100");
    }

    /// GB/T 9704-2012, 7.3.5.4: Arabic figures, no leading zero.
    #[test]
    fn a_moment_reads_as_the_administration_writes_it() {
        let at = DateTime { date: Date { year: 2026, month: 1, day: 4 }, hour: 8, minute: 5, second: None };
        assert_eq!(at.official(Lang::Zh), "2026年1月4日 8时05分");
        assert_eq!(at.official(Lang::En), "4 January 2026 08:05");
        assert_eq!(DateTime { second: Some(9), ..at }.clock(), "01-04 08:05:09");
    }

    #[test]
    fn what_xml_forbids_is_shown_as_a_replacement_and_rare_characters_stay() {
        assert_eq!(escape("㛃𠮷<&>\"\u{0}\u{1b}\u{FFFE}"), "㛃𠮷&lt;&amp;&gt;&quot;\u{FFFD}\u{FFFD}\u{FFFD}");
    }
}
