//! Reasons for a reading, in words of the estate.

use super::Wording;

impl Wording<'_> {
    /// What a reason says, with the labels of the estate in place of its keys.
    pub fn meaning(&self, slot: &str, meaning: &str) -> String {
        let each = |of: &dyn Fn(&str) -> String| meaning.split(", ").map(of).collect::<Vec<_>>().join(", ");
        match slot {
            "kind" if meaning.starts_with("affected") => {
                self.pick("영향받는 모든 종류", "affected items of any kind")
            }
            "kind" => each(&|k| self.kind(k)),
            "relation" => each(&|t| self.relation(t)),
            "field" => each(&|f| self.field(f)),
            "operation" => match meaning.split_once(' ') {
                Some(("by", field)) if self.ko() => format!("{}별", self.field(field)),
                Some(("by", field)) => format!("by {}", self.field(field)),
                Some(("place", n)) if self.ko() => format!("{n}번째"),
                None if meaning == "impact" => self.pick("영향", "impact"),
                _ => meaning.to_owned(),
            },
            "value" => match meaning.split_once(' ') {
                Some((key, rest)) if !key.is_empty() && key.chars().any(char::is_alphabetic) => {
                    let field = if key == "count" { self.pick("개수", "count") } else { self.field(key) };
                    let days = key == "weekday";
                    let rest = if days { self.weekdays(rest) } else { rest.to_owned() };
                    format!("{field} {rest}")
                }
                _ => meaning.to_owned(),
            },
            _ => meaning.to_owned(),
        }
    }

    /// `= mon, tue` with the names of the days.
    fn weekdays(&self, text: &str) -> String {
        let name = |day: &str| {
            let plain = day.trim_start_matches("= ");
            let sign = if plain.len() < day.len() { "= " } else { "" };
            let name = crate::compose::weekday(plain, self.lang).unwrap_or(plain);
            format!("{sign}{name}")
        };
        text.split(", ").map(name).collect::<Vec<_>>().join(", ")
    }
}
