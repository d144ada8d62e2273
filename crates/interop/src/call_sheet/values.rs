//! What the values of call sheets say: numbers, times, telephone numbers, words.

use domain::incident::Source;
use domain::types::{Datum, Point, Time};

/// Full-width forms become the plain ones: digits, letters, colons.
fn narrow(text: &str) -> String {
    let one = |c: char| match c {
        '\u{3000}' => ' ',
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        '—' | '–' | '‐' | '―' | '−' => '-',
        c => c,
    };
    text.chars().map(one).collect()
}

/// A value that says something: not 无, 不详, 未知.
pub(super) fn known(text: &str) -> Option<String> {
    let says_nothing = ["无", "不详", "未知", "不明", "-", "—", "/", "暂无"].contains(&text);
    (!says_nothing).then(|| text.to_owned())
}

/// Where a call came from.
pub(super) fn source(text: &str) -> Option<Source> {
    let text = narrow(text);
    let has = |words: &[&str]| words.iter().any(|w| text.contains(w));
    if has(&["12345", "热线"]) {
        return Some(Source::Hotline12345);
    }
    let table: [(&[&str], Source); 4] = [
        (&["119", "消防"], Source::Fire119),
        (&["110", "公安", "警方"], Source::Police110),
        (&["120", "急救"], Source::Ambulance120),
        (&["部门", "单位", "局", "镇", "街道", "企业", "公司"], Source::Department),
    ];
    table.into_iter().find(|(words, _)| has(words)).map(|(_, source)| source)
}

/// Does the value say where the call came from, and nothing else?
pub(super) fn only_source(text: &str) -> bool {
    const WORDS: &[&str] = &[
        "12345",
        "119",
        "110",
        "120",
        "热线",
        "消防",
        "公安",
        "警方",
        "急救",
        "部门",
        "单位",
        "指挥中心",
        "报警",
        "接警",
        "转警",
        "转办",
        "电话",
        "来电",
        "平台",
        "服务",
        "便民",
        "市民",
        "政务",
        "中心",
        "台",
        "上报",
        "报送",
        "联动",
    ];
    nothing_but(&narrow(text), WORDS)
}

/// Is the text made of these words, marks and blanks alone?
fn nothing_but(text: &str, words: &[&str]) -> bool {
    let rest = words.iter().fold(text.to_owned(), |t, word| t.replace(word, " "));
    !rest.chars().any(char::is_alphanumeric)
}

/// A code such as a recording's number: one word of letters, digits and dashes.
pub(super) fn code(text: &str) -> Option<String> {
    let text = narrow(text);
    let fits =
        text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/' | '#' | ' '));
    (fits && text.chars().any(|c| c.is_ascii_digit())).then_some(text)
}

/// Digits of a telephone number: an extension of three to an international number of fifteen.
const PHONE_DIGITS: std::ops::RangeInclusive<usize> = 3..=15;

/// A telephone number of any country or network; nothing else may stand in the text.
pub(super) fn phone(text: &str) -> Option<String> {
    let text = narrow(text);
    let fits = text.chars().all(|c| c.is_ascii_digit() || matches!(c, '-' | '+' | ' ' | '(' | ')' | '转'));
    let digits = text.chars().filter(char::is_ascii_digit).count();
    (fits && PHONE_DIGITS.contains(&digits)).then(|| text.chars().filter(|c| *c != ' ').collect())
}

/// A name and a number in one value: `过路司机 10200000119`, `张某（0631-0900001）`.
pub(super) fn name_and_number(text: &str) -> Option<(String, String)> {
    let narrowed = narrow(text);
    let start = narrowed.find(|c: char| c.is_ascii_digit() || c == '+')?;
    let (name, rest) = narrowed.split_at(start);
    let number = phone(rest.trim_end_matches([')', '，', ',', '。', ' ']))?;
    let name = name.trim_matches(|c: char| c.is_whitespace() || matches!(c, '(' | ',' | '，' | ':' | '/'));
    let long = number.chars().filter(char::is_ascii_digit).count() >= 7;
    (long && !name.is_empty()).then(|| (name.to_owned(), number))
}

/// 2026-04-12 08:31:07, 2026年4月12日 08时36分, 2026/4/12 8:52, 20260412083107; with an offset as RFC 3339 has it.
pub(super) fn time(text: &str) -> Option<Time> {
    let text = narrow(text);
    let text = text.trim();
    if let Some(time) = Time::parse(text) {
        return Some(time);
    }
    let between = |c: char| {
        matches!(c, '年' | '月' | '日' | '号' | '时' | '点' | '分' | '秒' | '/' | '-' | '.' | ':' | 'T' | ' ')
    };
    let plain = ["上午", "下午", "晚上", "凌晨"].iter().fold(text.to_owned(), |t, word| t.replace(word, " "));
    if !plain.chars().all(|c| c.is_ascii_digit() || between(c)) {
        return None;
    }
    let mut parts: Vec<&str> = plain.split(between).filter(|p| !p.is_empty()).collect();
    let compact = plain.clone();
    if parts.len() == 1 && matches!(compact.len(), 12 | 14) {
        let cuts = [(0, 4), (4, 6), (6, 8), (8, 10), (10, 12), (12, 14)];
        parts = cuts.iter().filter_map(|(a, b)| compact.get(*a..*b)).collect();
    }
    if !(5..=6).contains(&parts.len()) || parts[0].len() != 4 || parts[1..].iter().any(|p| p.len() > 2) {
        return None;
    }
    let numbers: Vec<u32> = parts.iter().map(|p| p.parse().ok()).collect::<Option<_>>()?;
    let hour = hour_of_day(text, numbers[3])?;
    let second = numbers.get(5).copied().unwrap_or(0);
    let (year, month, day, minute) = (numbers[0], numbers[1], numbers[2], numbers[4]);
    // The country has one legal time.
    Time::parse(&format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}+08:00"))
}

/// The hour that is meant by 下午2时. 晚上12时 and 晚上2时 are of this night or of the next: nobody knows which day it was.
fn hour_of_day(text: &str, hour: u32) -> Option<u32> {
    let says = |word| text.contains(word);
    match hour {
        12 if says("凌晨") => Some(0),
        5..=11 if says("晚上") => Some(hour + 12),
        0..=12 if says("晚上") => None,
        0..=11 if says("下午") => Some(hour + 12),
        hour => Some(hour),
    }
}

/// 二级, 2级, Ⅱ级, 2.
pub(super) fn grade(text: &str) -> Option<u8> {
    let text = narrow(text);
    let text = text.trim().trim_end_matches('级').trim();
    let roman = ["Ⅰ", "Ⅱ", "Ⅲ", "Ⅳ", "Ⅴ"].iter().position(|r| *r == text);
    let latin = ["I", "II", "III", "IV", "V"].iter().position(|r| *r == text);
    let counted = roman.or(latin).and_then(|i| u32::try_from(i + 1).ok()).or_else(|| number(text));
    counted.and_then(|n| u8::try_from(n).ok()).filter(|n| (1..=5).contains(n))
}

/// A whole number in digits, or in Chinese up to some thousands: 二十三, 两百, 一千零五. 两三 and 三四十 are no one number,
/// and neither is 二〇, digit by digit: they are handed back.
fn number(text: &str) -> Option<u32> {
    if text.is_empty() {
        return None;
    }
    if text.bytes().all(|b| b.is_ascii_digit()) {
        return text.parse().ok().filter(|n| *n <= MOST_PEOPLE);
    }
    let (mut sum, mut digit, mut below) = (0_u32, None, u32::MAX);
    for c in text.chars() {
        if let Some(unit) = unit(c) {
            // 十 alone is ten; units fall from left to right.
            let count = if unit == 10 { digit.take().unwrap_or(1) } else { digit.take()? };
            sum += (unit < below).then_some(count * unit)?;
            below = unit;
        } else {
            // A nought fills the place of a unit that is left out: 一千零五.
            let pending = digit.filter(|d| *d > 0 || sum == 0);
            digit = pending.is_none().then(|| numeral(c)).flatten();
            digit?;
        }
    }
    let whole = sum + digit.unwrap_or(0);
    (whole <= MOST_PEOPLE).then_some(whole)
}

fn unit(c: char) -> Option<u32> {
    [('十', 10), ('百', 100), ('千', 1000)].iter().find(|(name, _)| *name == c).map(|(_, unit)| *unit)
}

fn numeral(c: char) -> Option<u32> {
    match c {
        '〇' => Some(0),
        '两' | '俩' => Some(2),
        c => "零一二三四五六七八九".chars().position(|d| d == c).and_then(|i| u32::try_from(i).ok()),
    }
}

/// People in one figure; more is a slip of the finger, as in the domain.
const MOST_PEOPLE: u32 = domain::types::limits::PEOPLE;

fn is_numeral(c: char) -> bool {
    c.is_ascii_digit() || "零〇一二三四五六七八九十百千两俩".contains(c)
}

/// A value beside the label 被困人数: 2, 2人, 约二十人, 无, 被困5人.
pub(super) fn trapped_by_label(text: &str) -> Option<u32> {
    let text = narrow(text);
    let text = text.trim();
    if ["无", "无人", "无被困", "没有", "无人被困"].contains(&text) {
        return Some(0);
    }
    let bare =
        text.trim_start_matches(['约', '有', '共']).trim_end_matches(['人', '名', '左', '右', '余']).trim();
    number(bare).or_else(|| trapped_in_text(text))
}

/// Does the value tell the trapped, and nothing else (no dead, no hurt)?
pub(super) fn only_trapped(text: &str) -> bool {
    const WORDS: &[&str] = &["被困", "没有", "无", "约", "有", "共", "人", "名", "左右", "余"];
    let text: String = narrow(text).chars().filter(|c| !is_numeral(*c)).collect();
    nothing_but(&text, WORDS)
}

/// 被困5人, 5人被困, 有三人被卡住. `None` where no number stands with it.
pub(super) fn trapped_in_text(text: &str) -> Option<u32> {
    let text = narrow(text);
    let chars: Vec<char> = text.chars().collect();
    let is = |at: usize, word: &str| chars[at..].iter().copied().take(word.chars().count()).eq(word.chars());
    for at in 0..chars.len() {
        if is(at, "被困")
            && let Some(n) = people_at(&chars[at + 2..])
        {
            return Some(n);
        }
        if ["被困", "被卡", "被埋", "被压", "受困"].iter().any(|w| is(at, w))
            && let Some(n) = people_before(&chars[..at])
        {
            return Some(n);
        }
    }
    None
}

/// 「约 5 人」 at the start of a text.
fn people_at(chars: &[char]) -> Option<u32> {
    let skip = chars.iter().take(3).position(|c| is_numeral(*c))?;
    if !chars[..skip].iter().all(|c| matches!(c, '约' | ' ' | '有' | '了' | ':' | '人' | '员')) {
        return None;
    }
    let figure: String = chars[skip..].iter().take_while(|c| is_numeral(**c)).collect();
    let unit = chars.get(skip + figure.chars().count());
    unit.filter(|c| matches!(c, '人' | '名' | '个')).and_then(|_| number(&figure))
}

/// 「三名工人」 at the end of a text: a figure with 人 or 名, and few words between it and what follows.
fn people_before(chars: &[char]) -> Option<u32> {
    let from = chars.len().saturating_sub(8);
    let clause = chars[from..]
        .iter()
        .rposition(|c| matches!(c, '，' | ',' | '。' | '；' | ';' | '、'))
        .map_or(from, |i| from + i + 1);
    let near = &chars[clause..];
    let unit = near.iter().rposition(|c| matches!(c, '人' | '名'))?;
    let unit = if near[..unit].last().is_some_and(|c| is_numeral(*c)) {
        unit
    } else {
        near.iter().position(|c| *c == '名')?
    };
    let start = near[..unit].iter().rposition(|c| !is_numeral(*c)).map_or(0, |i| i + 1);
    let figure: String = near[start..unit].iter().collect();
    number(&figure)
}

/// Words that point to a hazard, the more telling first: a forest that burns is no house, an oil depot no mere fire.
const HAZARD_WORDS: &[(&str, &[&str])] = &[
    ("forest_fire", &["山火", "森林", "林火", "林场起火", "林场着火", "林场冒烟", "林区"]),
    (
        "hazchem",
        &[
            "油库",
            "泄漏",
            "泄露",
            "化工",
            "危化",
            "危险化学",
            "燃气",
            "煤气",
            "液化气",
            "天然气",
            "液氨",
            "氨气",
            "氯气",
            "油罐",
            "罐区",
            "工贸",
        ],
    ),
    ("traffic", &["车祸", "交通", "相撞", "侧翻", "追尾", "翻车", "撞车"]),
    ("mine", &["矿山", "矿井", "矿难", "铁矿", "石材矿", "采石", "尾矿", "矿"]),
    ("flood", &["洪", "积水", "内涝", "涝", "溃坝", "漫水", "决口", "暴雨"]),
    ("eq_geo", &["地震", "塌方", "滑坡", "泥石流", "山体崩", "崩塌", "地陷", "地质灾害"]),
    ("fire", &["火灾", "起火", "着火", "失火", "明火", "火"]),
];

/// Words that hold such a word and mean nothing of it.
const NOT_MEANT: &[&str] = &[
    "无明火",
    "暂无火",
    "没有明火",
    "未见明火",
    "无火",
    "火车",
    "消火栓",
    "灭火器",
    "防火",
    "矿泉水",
    "火锅",
    "交通便利",
];

/// The hazard that a text points to.
pub(super) fn hazard(text: &str) -> Option<&'static str> {
    let text = NOT_MEANT.iter().fold(text.to_owned(), |t, words| t.replace(words, "　"));
    HAZARD_WORDS.iter().find(|(_, words)| words.iter().any(|w| text.contains(w))).map(|(code, _)| *code)
}

/// Does the value name a kind of hazard, and nothing else?
pub(super) fn only_hazard(text: &str) -> bool {
    const WORDS: &[&str] = &[
        "危化品",
        "事故",
        "灾害",
        "灾情",
        "警情",
        "救援",
        "抢险",
        "地质",
        "非煤",
        "客货车",
        "道路",
        "类",
        "和",
        "与",
        "及",
    ];
    let words: Vec<&str> = HAZARD_WORDS.iter().flat_map(|(_, words)| words.iter().copied()).collect();
    let rest = WORDS.iter().fold(text.to_owned(), |t, word| t.replace(word, " "));
    nothing_but(&rest, &words) || nothing_but(text, &words)
}

/// A place and, where it stands there, its position: `滕家水库 (122.33332,37.07234 WGS84)`. A position without a datum
/// keeps none: it must be asked for.
pub(super) fn position(text: &str) -> (String, Option<(Point, Option<Datum>)>) {
    let Some((start, end, point)) = coordinates(text) else { return (text.to_owned(), None) };
    let (before, after) = (&text[..start], &text[end..]);
    let whole = narrow(text).to_ascii_uppercase();
    let datum = DATUMS.iter().find(|(word, _)| whole.contains(word)).map(|(_, datum)| *datum);
    let opened = before.rfind(['(', '（']).filter(|at| before[*at..].chars().all(|c| !is_word(c)));
    let closed = after.find([')', '）']).filter(|at| opened.is_some() && only_datum(&after[..*at]));
    let opened = opened.filter(|_| closed.is_some());
    let marks = |c: char| c.is_whitespace() || matches!(c, '：' | ':' | '，' | ',');
    let head = before[..opened.unwrap_or(before.len())].trim_end_matches(marks);
    let head = head.trim_end_matches("坐标").trim_end_matches("经纬度").trim_matches(marks);
    let tail = closed.map_or(after, |at| after[at..].trim_start_matches([')', '）']));
    // The datum's name alone is no part of the place.
    let tail = if only_datum(tail) { "" } else { tail.trim_matches(marks) };
    let place = format!("{head}{tail}");
    (place, Some((point, datum)))
}

/// What datums are called.
const DATUMS: &[(&str, Datum)] = &[
    ("WGS84", Datum::Wgs84),
    ("WGS-84", Datum::Wgs84),
    ("CGCS2000", Datum::Cgcs2000),
    ("GCJ02", Datum::Gcj02),
    ("GCJ-02", Datum::Gcj02),
    ("高德", Datum::Gcj02),
    ("BD09", Datum::Bd09),
    ("BD-09", Datum::Bd09),
    ("百度", Datum::Bd09),
];

/// Names a datum, and nothing else.
fn only_datum(text: &str) -> bool {
    let mut words: Vec<&str> = DATUMS.iter().map(|(word, _)| *word).collect();
    words.extend(["坐标系", "坐标", "经纬度", "地图"]);
    nothing_but(&narrow(text).to_ascii_uppercase(), &words)
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() && !"坐标经纬度".contains(c)
}

/// Two decimal numbers beside each other, longitude and latitude in either order, where only one order is possible.
fn coordinates(text: &str) -> Option<(usize, usize, Point)> {
    let mut figures: Vec<(usize, usize, f64)> = Vec::new();
    let mut from = None;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        match (from, c.is_ascii_digit() || c == '.') {
            (None, true) => from = Some(at),
            (Some(start), false) => {
                let figure = &text[start..at];
                if figure.contains('.')
                    && figure.len() <= 24
                    && let Ok(n) = figure.parse()
                {
                    figures.push((start, at, n));
                }
                from = None;
            }
            _ => {}
        }
    }
    figures.windows(2).find_map(|pair| {
        let ((start, first_end, a), (second, end, b)) = (pair[0], pair[1]);
        let between = &text[first_end..second];
        let beside = between.chars().count() <= 4 && !between.chars().any(is_word);
        let (lon, lat) = if a > 90.0 { (a, b) } else { (b, a) };
        let point = Point { lon, lat };
        (beside && lon > 90.0 && point.is_valid()).then_some((start, end, point))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_people_write_them() {
        for (text, n) in [
            ("2", Some(2)),
            ("二十", Some(20)),
            ("十二", Some(12)),
            ("两百三十", Some(230)),
            ("一千零五", Some(1005)),
            ("一百零五", Some(105)),
            ("零", Some(0)),
            ("十", Some(10)),
            ("二〇", None),
            ("两三", None),
            ("三四十", None),
            ("十五六", None),
            ("三十四十", None),
            ("百", None),
            ("若干", None),
            ("", None),
        ] {
            assert_eq!(number(text), n, "{text}");
        }
    }

    #[test]
    fn times_are_read_as_systems_print_them() {
        let expected = Time::parse("2026-04-12T08:05:00+08:00");
        for text in [
            "2026-04-12 08:05:00",
            "2026年4月12日8时5分",
            "2026/4/12 8:05",
            "２０２６－０４－１２　０８：０５",
            "20260412080500",
            "2026.4.12 8:05",
            "2026-04-12T00:05:00Z",
        ] {
            assert_eq!(time(text), expected, "{text}");
        }
        assert_eq!(time("2026年4月12日下午2时5分"), Time::parse("2026-04-12T14:05:00+08:00"));
        for (text, clock) in [
            ("凌晨12时05分", "00:05"),
            ("凌晨3时0分", "03:00"),
            ("下午12时05分", "12:05"),
            ("晚上8时05分", "20:05"),
        ] {
            let expected = Time::parse(&format!("2026-04-12T{clock}:00+08:00"));
            assert_eq!(time(&format!("2026年4月12日{text}")), expected, "{text}");
        }
        for text in [
            "2026年4月12日晚上12时05分",
            "2026年4月12日晚上2时05分",
            "今天早上",
            "8:05",
            "2026-13-40 08:05",
            "26-4-12 8:05",
        ] {
            assert_eq!(time(text), None, "{text}");
        }
    }

    /// Numbers of other networks and short numbers count; a street number behind words does not.
    #[test]
    fn telephone_numbers_are_not_only_mobile_ones() {
        for text in ["10200000119", "0631-0900001", "95598", "+86 0631 0900001", "（0631）0900001转801"] {
            assert!(phone(text).is_some(), "{text}");
        }
        assert_eq!(phone("０６３１－０９０００１"), Some("0631-090001".into()));
        assert_eq!(phone("解放路12号"), None);
        assert_eq!(name_and_number("过路司机 10200000119"), Some(("过路司机".into(), "10200000119".into())));
        assert_eq!(name_and_number("值班员02"), None);
    }

    #[test]
    fn trapped_people_are_counted_only_where_a_figure_says_so() {
        for (text, n) in [
            ("有三人被卡住", Some(3)),
            ("5名施工人员被困", Some(5)),
            ("被困约20人", Some(20)),
            ("是否有人被困不明", None),
            ("两人死亡，多人被困", None),
        ] {
            assert_eq!(trapped_in_text(text), n, "{text}");
        }
        assert_eq!(trapped_by_label("无"), Some(0));
        assert_eq!(trapped_by_label("约二十人"), Some(20));
        for text in ["伤2人", "两三人", "被困三四十人"] {
            assert_eq!(trapped_by_label(text), None, "{text}");
        }
    }

    #[test]
    fn words_point_to_hazards() {
        for (text, code) in [
            ("危化品泄漏", Some("hazchem")),
            ("林场南坡冒烟，山火", Some("forest_fire")),
            ("饭店起火", Some("fire")),
            ("客货车相撞", Some("traffic")),
            ("矿井透水", Some("mine")),
            ("城区内涝积水", Some("flood")),
            ("山体滑坡", Some("eq_geo")),
            ("暂无明火", None),
            ("送两箱矿泉水", None),
        ] {
            assert_eq!(hazard(text), code, "{text}");
        }
    }

    #[test]
    fn a_position_keeps_its_datum_or_none() {
        let point = Point { lon: 122.33332, lat: 37.07234 };
        let (place, found) = position("滕家水库 (122.33332,37.07234 WGS84)");
        assert_eq!((place.as_str(), found), ("滕家水库", Some((point, Some(Datum::Wgs84)))));
        let (place, found) = position("滕家水库，坐标：37.07234，122.33332");
        assert_eq!((place.as_str(), found), ("滕家水库", Some((point, None))));
        let (place, found) = position("滕家水库 122.33332 37.07234 GCJ-02");
        assert_eq!((place.as_str(), found), ("滕家水库", Some((point, Some(Datum::Gcj02)))));
        assert_eq!(position("解放路1.5公里处").1, None);
    }
}
