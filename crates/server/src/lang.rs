//! The language that a client asks for.

use axum::http::{HeaderMap, header};
use domain::types::Lang;

/// From `Accept-Language`: the first of Chinese and English by weight; Chinese where neither is asked for.
pub fn of(headers: &HeaderMap) -> Lang {
    let Some(asked) = headers.get(header::ACCEPT_LANGUAGE).and_then(|v| v.to_str().ok()) else {
        return Lang::Zh;
    };
    let mut best = (0.0, Lang::Zh);
    for item in asked.split(',') {
        let (tag, weight) = item.split_once(";q=").unwrap_or((item, "1"));
        let lang = match tag.trim().split('-').next() {
            Some(zh) if zh.eq_ignore_ascii_case("zh") => Lang::Zh,
            Some(en) if en.eq_ignore_ascii_case("en") => Lang::En,
            _ => continue,
        };
        let weight: f32 = weight.trim().parse().unwrap_or(0.0);
        if weight > best.0 {
            best = (weight, lang);
        }
    }
    best.1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_heaviest_known_language_is_spoken_and_chinese_otherwise() {
        let of = |text: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_LANGUAGE, text.parse().unwrap());
            super::of(&headers)
        };
        assert_eq!(of("en"), Lang::En);
        assert_eq!(of("fr, en-GB;q=0.5, zh-CN;q=0.8"), Lang::Zh);
        assert_eq!(of("zh;q=0.2,en;q=0.9"), Lang::En);
        assert_eq!(of("fr"), Lang::Zh);
        assert_eq!(of(";;;q=,"), Lang::Zh);
        assert_eq!(super::of(&HeaderMap::new()), Lang::Zh);
    }
}
