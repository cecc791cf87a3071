//! Patterns of file names and values: `*` is any text, `?` any letter.

/// Whether `text` fits `pattern` as a whole.
pub(crate) fn fits(pattern: &str, text: &str) -> bool {
    let pattern: Vec<char> = pattern.chars().collect();
    let text: Vec<char> = text.chars().collect();
    let (mut p, mut t) = (0, 0);
    // where to try again: behind the last `*`, and how much of the text it has eaten
    let mut again: Option<(usize, usize)> = None;
    while t < text.len() {
        match pattern.get(p) {
            Some('*') => {
                again = Some((p + 1, t));
                p += 1;
            }
            Some(&c) if c == '?' || Some(&c) == text.get(t) => {
                p += 1;
                t += 1;
            }
            _ => match again {
                Some((after, eaten)) => {
                    again = Some((after, eaten + 1));
                    p = after;
                    t = eaten + 1;
                }
                None => return false,
            },
        }
    }
    pattern.iter().skip(p).all(|c| *c == '*')
}

/// Name of a file without its folder.
pub(crate) fn base(name: &str) -> &str {
    name.rsplit(['/', '\\']).next().unwrap_or(name)
}

/// Name of a file without folder and endings of a format (`metrics/cpu.csv.gz` → `cpu`).
pub(crate) fn stem(name: &str) -> &str {
    let mut name = base(name);
    for ending in [".gz", ".csv", ".tsv", ".txt", ".json", ".ndjson", ".jsonl"] {
        let cut = name.len().saturating_sub(ending.len());
        if cut > 0 && name.get(cut..).is_some_and(|end| end.eq_ignore_ascii_case(ending)) {
            name = name.get(..cut).unwrap_or(name);
        }
    }
    name
}

/// The names that fit a pattern; files uploaded one by one have lost their folder, so the last part is tried too.
pub(crate) fn select<'a>(pattern: &str, names: &'a [String]) -> Vec<&'a str> {
    let whole: Vec<&str> = names.iter().map(String::as_str).filter(|name| fits(pattern, name)).collect();
    if !whole.is_empty() || !pattern.contains('/') {
        return whole;
    }
    names.iter().map(String::as_str).filter(|name| !name.contains('/') && fits(base(pattern), name)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_any_text_and_a_question_mark_for_one_letter() {
        for (pattern, text, expect) in [
            ("metrics/*_metric.csv", "metrics/ad-5f_metric.csv", true),
            ("metrics/*_metric.csv", "metrics/front_service.csv", false),
            ("*.*.*.*", "33.33.33.76", true),
            ("*.*.*.*", "emailservice", false),
            ("a*b*c", "aXbYbZc", true),
            ("서버-?", "서버-1", true),
            ("서버-?", "서버-10", false),
            ("", "", true),
            ("*", "", true),
        ] {
            assert_eq!(fits(pattern, text), expect, "{pattern} {text}");
        }
    }

    #[test]
    fn an_uploaded_file_without_its_folder_is_found_by_its_last_part() {
        let names = vec!["a_metric.csv".to_owned(), "b.csv".to_owned()];
        assert_eq!(select("metrics/*_metric.csv", &names), ["a_metric.csv"]);
    }

    #[test]
    fn a_stem_has_no_folder_and_no_endings() {
        assert_eq!(stem("x/y/event_log.csv.gz"), "event_log");
        assert_eq!(stem("a.b.json"), "a.b");
        assert_eq!(stem(".csv"), ".csv");
    }
}
