//! How texts are cut into parts, over arbitrary texts (3GPP TS 23.040).

#![allow(clippy::unwrap_used, reason = "a test says where it fails")]

use channels::sms::parts::{Coding, Part, gsm7_text, parts, ucs2_parts, ucs2_text, without_header};
use channels::sms::signed;
use proptest::prelude::*;

/// Texts as they occur: Chinese, Latin, what costs two places in either alphabet, and anything else.
fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        prop::sample::select(vec![
            "石岛", "㛃", "𠮷", "😀", "A", "7", " ", "\n", "€", "{", "[", "é", "Δ", "@", "\u{1B}"
        ])
        .prop_map(str::to_owned),
        any::<char>().prop_map(String::from),
        "[ -~]{0,90}".prop_map(|text| text),
    ];
    prop::collection::vec(piece, 0..80).prop_map(|pieces| pieces.concat())
}

fn read(part: &Part) -> String {
    let octets = part.octets();
    let body = without_header(&octets, part.header.is_some());
    match part.coding {
        Coding::Gsm7 => gsm7_text(body),
        Coding::Ucs2 => ucs2_text(body),
    }
}

fn check(cut: &[Part], text: &str, reference: u8) -> Result<(), TestCaseError> {
    let whole: String = cut.iter().map(read).collect();
    prop_assert_eq!(
        &whole,
        text,
        "a telephone puts together what was sent, and no part holds half a character"
    );
    let (single, part) = if cut[0].coding == Coding::Gsm7 { (160, 153) } else { (140, 134) };
    if cut.len() == 1 {
        prop_assert!(cut[0].header.is_none() && cut[0].body.len() <= single);
        return Ok(());
    }
    prop_assert!(cut.iter().map(|part| part.body.len()).sum::<usize>() > single, "one would have done");
    for (at, one) in cut.iter().enumerate() {
        prop_assert!(one.body.len() <= part && one.octets().len() <= part + 7);
        prop_assert_eq!(one.coding, cut[0].coding);
        let [length, 0, 3, mark, total, number] = one.header.unwrap() else {
            panic!("no concatenation header")
        };
        prop_assert_eq!((length, mark), (5, reference));
        prop_assert_eq!((usize::from(total), usize::from(number)), (cut.len(), at + 1));
        if at + 1 < cut.len() {
            prop_assert!(one.body.len() + 4 > part, "a part is filled as far as its next character lets it");
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn a_text_comes_together_again_whatever_it_is(text in text(), reference in any::<u8>()) {
        check(&parts(&text, reference), &text, reference)?;
        check(&ucs2_parts(&text, reference), &text, reference)?;
    }

    #[test]
    fn a_text_is_signed_exactly_once(text in text(), times in 0_usize..3) {
        let given = format!("{}{text}", "【荣成应急】".repeat(times));
        let made = signed(&given, Some("荣成应急"));
        prop_assert!(made.starts_with("【荣成应急】"));
        prop_assert!(!made.trim_start_matches("【荣成应急】").trim_start().starts_with("【荣成应急】"));
        prop_assert_eq!(made.matches("【荣成应急】").count(), 1 + text.matches("【荣成应急】").count());
        prop_assert_eq!(signed(&made, Some("荣成应急")), made);
    }
}

/// The edges: 70 and 71 characters, 160 and 161, and what costs two places right at the edge.
#[test]
fn one_more_character_makes_a_second_part() {
    let count = |text: &str| parts(text, 1).len();
    assert_eq!([70, 71, 134, 135].map(|n| count(&"急".repeat(n))), [1, 2, 2, 3]);
    assert_eq!([160, 161, 306, 307].map(|n| count(&"A".repeat(n))), [1, 2, 2, 3]);
    assert_eq!([80, 81].map(|n| count(&"€".repeat(n))), [1, 2]);
    assert_eq!([35, 36].map(|n| count(&"𠮷".repeat(n))), [1, 2]);
    assert_eq!(count(&format!("{}€", "A".repeat(159))), 2, "the escape and its sign stay together");
    // 66 and half a pair would be 67.
    let cut = parts(&format!("{}𠮷{}", "急".repeat(66), "急".repeat(10)), 9);
    assert_eq!(cut.iter().map(|part| part.body.len() / 2).collect::<Vec<_>>(), [66, 12]);
    // One character that is not of the GSM alphabet makes all of it UCS-2.
    assert_eq!(count(&format!("{}急", "A".repeat(70))), 2);
    assert_eq!(parts("", 1), [Part { coding: Coding::Gsm7, header: None, body: vec![] }]);
}
