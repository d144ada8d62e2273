//! How Chinese names are typed: their syllables, one for each character.

use pinyin::ToPinyin as _;

/// Characters that no dictionary of the crate has, from local names.
const LOCAL: &[(char, &str)] = &[('㛃', "jie"), ('𠮷', "ji")];

/// Syllables separated by blanks; other letters and digits stand for themselves, in small letters. `ü` is `v`.
pub fn syllables(text: &str) -> String {
    let mut spelled = String::with_capacity(text.len() * 2);
    let mut latin = false;
    for c in text.chars() {
        let known = c.to_pinyin().map(pinyin::Pinyin::plain);
        let local = LOCAL.iter().find(|(local, _)| *local == c).map(|(_, syllable)| *syllable);
        if let Some(syllable) = known.or(local) {
            separate(&mut spelled);
            spelled.extend(syllable.chars().map(|c| if c == 'ü' { 'v' } else { c }));
            latin = false;
        } else if c.is_alphanumeric() {
            if !latin {
                separate(&mut spelled);
            }
            spelled.extend(c.to_lowercase());
            latin = true;
        } else {
            latin = false;
        }
    }
    spelled
}

fn separate(spelled: &mut String) {
    if !spelled.is_empty() {
        spelled.push(' ');
    }
}

#[cfg(test)]
mod tests {
    use super::syllables;

    #[test]
    fn names_are_spelled_also_with_rare_characters_and_digits() {
        assert_eq!(syllables("石岛油库"), "shi dao you ku");
        assert_eq!(syllables("旅游区119号"), "lv you qu 119 hao");
        assert_eq!(syllables("𠮷㛃"), "ji jie");
        assert_eq!(syllables(""), "");
    }
}
