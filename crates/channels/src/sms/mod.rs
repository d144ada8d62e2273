//! Text messages: the number they go to, the 【signature】 they carry, the parts they are cut into.

pub(crate) mod frames;
pub mod linked;
pub mod parts;

use crate::channel::SendFault;

/// The text with the sender's signature in front, once: operators refuse a message without it, and people read two as a
/// fraud.
pub fn signed(text: &str, signature: Option<&str>) -> String {
    let Some(signature) = signature else { return text.to_owned() };
    let mark = format!("【{signature}】");
    let mut rest = text.trim_start();
    while let Some(behind) = rest.strip_prefix(mark.as_str()) {
        rest = behind.trim_start();
    }
    format!("{mark}{rest}")
}

/// A mobile number as Chinese gateways want it: eleven digits, without 86, `+86`, `0086`, blanks and hyphens. Numbers
/// of other countries keep their `+`.
pub fn mobile(address: &str) -> Result<String, SendFault> {
    let number: String = address.chars().filter(|c| !matches!(c, ' ' | '-' | '\u{3000}')).collect();
    let national = number.strip_prefix("+86").or_else(|| number.strip_prefix("0086")).unwrap_or(&number);
    let national =
        if national.len() == 13 { national.strip_prefix("86").unwrap_or(national) } else { national };
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    // Which second figures are given out changes with the years; the gateway knows.
    if national.len() == 11 && digits(national) && national.starts_with('1') {
        return Ok(national.to_owned());
    }
    if let Some(foreign) = number.strip_prefix('+')
        && (7..=15).contains(&foreign.len())
        && digits(foreign)
        && !foreign.starts_with("86")
        && !foreign.starts_with('0')
    {
        return Ok(number);
    }
    Err(SendFault::bad_address("this is no mobile number: it has 11 digits and begins with 1"))
}

/// A telephone number that can be rung: digits, and `+` in front.
pub fn telephone(address: &str) -> Result<String, SendFault> {
    if let Ok(mobile) = mobile(address) {
        return Ok(mobile);
    }
    let number: String =
        address.chars().filter(|c| !matches!(c, ' ' | '-' | '(' | ')' | '（' | '）' | '\u{3000}')).collect();
    let digits = number.strip_prefix('+').unwrap_or(&number);
    if (3..=15).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit()) {
        return Ok(number);
    }
    Err(SendFault::bad_address("this is no telephone number: 3 to 15 digits, a landline with its area code"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_signed_once() {
        assert_eq!(signed("石岛油库起火", Some("荣成应急")), "【荣成应急】石岛油库起火");
        assert_eq!(signed("【荣成应急】石岛油库起火", Some("荣成应急")), "【荣成应急】石岛油库起火");
        assert_eq!(signed(" 【荣成应急】【荣成应急】起火", Some("荣成应急")), "【荣成应急】起火");
        assert_eq!(signed("【演练】集合", Some("荣成应急")), "【荣成应急】【演练】集合");
        assert_eq!(signed("集合", None), "集合");
    }

    #[test]
    fn a_mobile_number_is_taken_as_people_write_it() {
        for written in ["13900000000", "+8613900000000", "0086 139-0000-0000", "8613900000000"] {
            assert_eq!(mobile(written).unwrap(), "13900000000", "{written}");
        }
        assert_eq!(mobile("+82101234567").unwrap(), "+82101234567");
        for wrong in [
            "",
            "1390000000",
            "139000000000",
            "22900000000",
            "0631-7562119",
            "1390000000x",
            "１３９",
            "+86123",
        ] {
            assert!(mobile(wrong).unwrap_err().is_lasting(), "{wrong}");
        }
    }

    #[test]
    fn a_landline_is_rung_and_no_message_goes_there() {
        assert_eq!(telephone("0631-7562119").unwrap(), "06317562119");
        assert_eq!(telephone("119").unwrap(), "119");
        assert!(telephone("张三").is_err() && telephone("1;rm").is_err() && telephone("").is_err());
    }
}
