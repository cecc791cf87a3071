//! The rules of a password and of a login name, as far as the browser can tell; the server has the last word.

use crate::i18n::t;

/// Least number of characters, as on the server.
const MIN_CHARS: usize = 12;

/// Which rules a password keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rules {
    /// 12 characters or more.
    pub long_enough: bool,
    /// Holds no word known about its owner.
    pub without_names: bool,
    /// Is not one sign again and again, nor a row of neighbours.
    pub not_plain: bool,
    /// 16 characters or more.
    pub long: bool,
}

impl Rules {
    /// Whether it can be sent.
    pub fn accepted(&self) -> bool {
        self.long_enough && self.without_names && self.not_plain
    }
}

/// Checks a password against what is known about its owner.
pub fn password_rules(password: &str, about: &[&str]) -> Rules {
    let chars: Vec<char> = password.chars().collect();
    let lower = password.to_lowercase();
    let names = about
        .iter()
        .flat_map(|text| text.split(|c: char| !c.is_alphanumeric()))
        .chain(["tobit"])
        .filter(|word| word.chars().count() >= 3)
        .map(str::to_lowercase);
    let mut kinds = chars.clone();
    kinds.sort_unstable();
    kinds.dedup();
    let neighbours = chars.windows(2).filter(|pair| (pair[1] as i64 - pair[0] as i64).abs() <= 1).count();
    Rules {
        long_enough: chars.len() >= MIN_CHARS,
        without_names: !chars.is_empty() && names.into_iter().all(|word| !lower.contains(&word)),
        not_plain: kinds.len() >= 6 && neighbours * 2 < chars.len(),
        long: chars.len() >= 16,
    }
}

/// 0 … 4: how many of the rules it keeps.
pub fn strength(password: &str, rules: &Rules) -> u32 {
    if password.is_empty() {
        return 0;
    }
    [rules.long_enough, rules.without_names, rules.not_plain, rules.long].into_iter().map(u32::from).sum()
}

/// What is wrong with a login name; nothing while it is empty.
pub fn login_problem(login: &str) -> Option<&'static str> {
    let text = t().shell;
    if login.is_empty() {
        return None;
    }
    if let Some((before, domain)) = login.split_once('@') {
        let whole =
            !before.is_empty() && domain.len() >= 3 && !domain.starts_with('.') && !domain.ends_with('.');
        return (!whole).then(|| text.bad_email());
    }
    (login.chars().count() < 3 || login.chars().any(char::is_whitespace)).then(|| text.bad_login())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phrase_of_unrelated_words_keeps_every_rule() {
        let rules = password_rules("lantern-orbit-cabbage-42", &["표다솜", "dasom", "커머스"]);
        assert!(rules.accepted() && rules.long);
        assert_eq!(strength("lantern-orbit-cabbage-42", &rules), 4);
    }

    #[test]
    fn names_repetition_and_rows_are_found() {
        assert!(!password_rules("my-dasom-secret-9", &["dasom@corp.example"]).without_names);
        assert!(!password_rules("aaaaaaaaaaaaaaaa", &[]).not_plain);
        assert!(!password_rules("abcdefghijklmnop", &[]).not_plain);
        assert!(!password_rules("짧은비밀번호", &[]).long_enough);
        assert_eq!(strength("", &password_rules("", &[])), 0);
    }

    #[test]
    fn a_login_is_a_word_or_an_address() {
        assert_eq!(login_problem(""), None);
        assert_eq!(login_problem("admin"), None);
        assert_eq!(login_problem("a@b.kr"), None);
        assert!(login_problem("dasom.pyo@").is_some());
        assert!(login_problem("ab").is_some());
        assert!(login_problem("two words").is_some());
    }
}
