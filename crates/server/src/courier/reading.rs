//! How a short answer reads: 「1 4821」, 「4821 接令」, 「2 4821 泵车在修」, a key on the telephone. What is not plainly a yes or a
//! no is for a person to read: nothing is guessed where lives depend on it.

use domain::delivery::Reading;

/// An answer, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Read {
    /// The short code that it names.
    pub(super) code: Option<String>,
    /// Yes, no, or for a person to read.
    pub(super) reading: Reading,
    /// What else it says.
    pub(super) words: String,
}

const YES: &[&str] =
    &["1", "接令", "收到", "确认", "出动", "可以", "待命", "好", "好的", "是", "yes", "y", "ok"];
const NO: &[&str] =
    &["2", "不能出动", "无法出动", "不能", "无法", "不行", "来不了", "去不了", "不去", "否", "no", "n"];

/// Signs of doubt behind a yes.
const DOUBT: &[&str] =
    &["不", "没", "无", "未", "否", "坏", "吗", "难", "缺", "修", "?", "not", "no ", "can't"];

/// Reads an answer. A short code is four digits that do not begin with 0.
pub(super) fn read(text: &str) -> Read {
    let plain: String = text.chars().map(narrow).collect();
    let (code, rest) = code_in(&plain);
    let rest = rest.trim_matches(|c: char| c.is_whitespace() || is_mark(c));
    let lower = rest.to_lowercase();
    let begins = |word: &&&str| {
        lower.strip_prefix(**word).is_some_and(|after| after.chars().next().is_none_or(ends_word))
    };
    // "不能" before "能", longer before shorter: the lists are tried by their longest hit.
    let longest = |words: &'static [&'static str]| words.iter().filter(begins).map(|w| w.len()).max();
    let (reading, cut) = match (longest(YES), longest(NO)) {
        (Some(yes), no) if no.is_none_or(|no| no < yes) => (Reading::Yes, yes),
        (_, Some(no)) => (Reading::No, no),
        _ => (Reading::Unclear, 0),
    };
    let words = rest.get(cut..).unwrap_or(rest).trim_matches(|c: char| c.is_whitespace() || is_mark(c));
    // A yes with any doubt behind it may be a no: 「收到，来不了」, 「收到，车坏了」; a no that has set out is none.
    let doubtful = |signs: &[&str]| signs.iter().any(|sign| words.contains(sign));
    let reading = match reading {
        Reading::Yes if doubtful(DOUBT) => Reading::Unclear,
        Reading::No if doubtful(&["已", "出发", "到了"]) => Reading::Unclear,
        other => other,
    };
    Read {
        code,
        reading,
        words: if reading == Reading::Unclear { text.trim().to_owned() } else { words.to_owned() },
    }
}

/// A key or word ends at a blank or a mark: 「出动不了」 is no 「出动」, 「2辆车马上到」 no 「2」.
fn ends_word(next: char) -> bool {
    next.is_whitespace() || is_mark(next)
}

fn narrow(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        '\u{3000}' => ' ',
        other => other,
    }
}

fn is_mark(c: char) -> bool {
    c.is_ascii_punctuation() || "，。、；：！？（）【】“”".contains(c)
}

/// The first group of figures that is a code, or a key and a code without a blank (14821), and the text without it.
fn code_in(text: &str) -> (Option<String>, String) {
    let mut at = 0;
    while let Some(start) = text[at..].find(|c: char| c.is_ascii_digit()).map(|i| at + i) {
        let end = text[start..].find(|c: char| !c.is_ascii_digit()).map_or(text.len(), |i| start + i);
        let group = &text[start..end];
        let code_start = match group.len() {
            4 if !group.starts_with('0') => Some(start),
            5 if group.starts_with(['1', '2']) && !group[1..].starts_with('0') => Some(start + 1),
            _ => None,
        };
        if let Some(code_start) = code_start {
            let rest = format!("{} {}", &text[..code_start], &text[end..]);
            return (Some(text[code_start..end].to_owned()), rest);
        }
        at = end;
    }
    (None, text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn reads(text: &str, code: Option<&str>, reading: Reading, words: &str) {
        let expected = Read { code: code.map(str::to_owned), reading, words: words.to_owned() };
        assert_eq!(read(text), expected, "{text}");
    }

    /// Plan 4.2.2: the answers that tired people send.
    #[test]
    fn answers_as_people_send_them() {
        reads("1 4821", Some("4821"), Reading::Yes, "");
        reads("14821", Some("4821"), Reading::Yes, "");
        reads("１４８２１", Some("4821"), Reading::Yes, "");
        reads("4821 1", Some("4821"), Reading::Yes, "");
        reads("4821接令", Some("4821"), Reading::Yes, "");
        reads("收到！4821", Some("4821"), Reading::Yes, "");
        reads("Ok 4821", Some("4821"), Reading::Yes, "");
        reads("1", None, Reading::Yes, "");
        reads("1 马上到 4821", Some("4821"), Reading::Yes, "马上到");
        reads("2 4821 泵车在修", Some("4821"), Reading::No, "泵车在修");
        reads("24821，泵车在修", Some("4821"), Reading::No, "泵车在修");
        reads("不能出动，没人 4821", Some("4821"), Reading::No, "没人");
        reads("No", None, Reading::No, "");
    }

    /// Nothing is guessed: what is not plainly a yes or a no goes to a person.
    #[test]
    fn what_is_not_plain_is_for_a_person() {
        reads("在路上堵着 4821", Some("4821"), Reading::Unclear, "在路上堵着 4821");
        reads("收到，来不了 4821", Some("4821"), Reading::Unclear, "收到，来不了 4821");
        for said in
            ["出动不了 4821", "接令不了 4821", "是否带泡沫 4821", "收到，车坏了 4821", "1辆车坏了 4821"]
        {
            reads(said, Some("4821"), Reading::Unclear, said);
        }
        for said in ["2辆车马上到 4821", "2小时后到 4821", "无法联系你们，已出动 4821", "1？ 不能吗 4821"]
        {
            reads(said, Some("4821"), Reading::Unclear, said);
        }
        reads("yesterday", None, Reading::Unclear, "yesterday");
        reads("11", None, Reading::Unclear, "11");
        reads("119 说了什么", None, Reading::Unclear, "119 说了什么");
        reads("0482", None, Reading::Unclear, "0482");
        reads("13800001234", None, Reading::Unclear, "13800001234");
        reads("", None, Reading::Unclear, "");
    }

    proptest! {
        /// Any text is read without a panic, and its words are its own.
        #[test]
        fn any_text_is_read(text in "\\PC{0,80}") {
            let read = read(&text);
            if let Some(code) = &read.code {
                prop_assert!(code.len() == 4 && !code.starts_with('0'));
            }
        }
    }
}
