//! A question on its way: text, gold, and how people really type.

use std::collections::BTreeMap;

use chrono::{Datelike, Timelike};
use model::Lang;
use serde_json::{Value, json};

use super::{
    format::{Gold, Tolerance, Turn},
    moment,
    world::{DAY, World},
};
use crate::rng::Rng;

/// A question before it has its place in the file.
pub(super) struct Draft {
    pub text: String,
    pub gold: Gold,
    pub how: String,
    pub context: Vec<Turn>,
    pub must_contain: Vec<Vec<String>>,
    pub must_not_contain: Vec<String>,
    /// Parts that are never misspelled: names and values.
    pub exact: Vec<String>,
}

impl Draft {
    pub fn new(text: String, gold: Gold, how: impl Into<String>) -> Self {
        let (context, must_contain, must_not_contain, exact) = Default::default();
        Self { text, gold, how: how.into(), context, must_contain, must_not_contain, exact }
    }

    /// Keeps these parts as they are.
    pub fn exact<S: AsRef<str>>(mut self, parts: &[S]) -> Self {
        self.exact.extend(parts.iter().map(|part| part.as_ref().to_owned()));
        self
    }

    /// After this turn.
    pub fn after(mut self, user: String, assistant: String) -> Self {
        self.context.push(Turn { user, assistant });
        self
    }
}

/// One of several wordings, the Korean or the English ones.
pub(super) fn one(rng: &mut Rng, lang: Lang, ko: &[String], en: &[String]) -> String {
    rng.pick(if lang == Lang::Ko { ko } else { en }).cloned().unwrap_or_default()
}

pub(super) fn count(value: usize) -> Gold {
    number(value as f64, Tolerance::Abs(0.0), "")
}

pub(super) fn number(value: f64, tolerance: Tolerance, unit: &str) -> Gold {
    let mut also_in = BTreeMap::new();
    match unit {
        "ms" => {
            also_in.insert("s".to_owned(), round(value / 1_000.0));
        }
        "min" => {
            also_in.insert("h".to_owned(), round(value / 60.0));
        }
        _ => {}
    }
    Gold::Number { value: round(value), tolerance, unit: unit.to_owned(), accept: Vec::new(), also_in }
}

pub(super) fn text(value: impl Into<String>) -> Gold {
    Gold::String { value: value.into(), accept: Vec::new() }
}

/// The best of several, all of those that tie being right.
pub(super) fn any_of(mut best: Vec<String>) -> Option<Gold> {
    let value = if best.is_empty() { return None } else { best.remove(0) };
    Some(Gold::String { value, accept: best })
}

pub(super) fn record<const N: usize>(fields: [(&str, Value); N]) -> Gold {
    Gold::Record { fields: fields_of(fields), tolerance: Tolerance::Abs(0.5), accept: Vec::new() }
}

/// One of several whole records.
pub(super) fn any_record(mut all: Vec<BTreeMap<String, Value>>, tolerance: Tolerance) -> Option<Gold> {
    let fields = if all.is_empty() { return None } else { all.remove(0) };
    Some(Gold::Record { fields, tolerance, accept: all })
}

pub(super) fn fields_of<const N: usize>(fields: [(&str, Value); N]) -> BTreeMap<String, Value> {
    fields.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}

pub(super) fn table(rows: BTreeMap<String, usize>) -> Gold {
    let rows = rows.into_iter().map(|(key, value)| (key, json!(value))).collect();
    Gold::Table { rows, tolerance: Tolerance::Abs(0.0) }
}

pub(super) fn set(world: &World<'_>, members: &[usize], allowed: &[usize]) -> Gold {
    Gold::Set { required: world.codes(members), allowed: world.codes(allowed), pattern: world.pattern() }
}

/// The first `n` of names with values, or a few more where the last ones tie. `None` where there are too few.
pub(super) fn ranked(mut all: Vec<(String, f64)>, n: usize, tolerance: Tolerance) -> Option<(usize, Gold)> {
    all.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    let close = |a: f64, b: f64| match tolerance {
        Tolerance::Abs(_) => a == b,
        // what is this close may come in either order
        Tolerance::Rel(rel) => (a - b).abs() <= rel * a.abs(),
    };
    let mut n = n;
    while n < all.len() && close(all.get(n - 1)?.1, all.get(n)?.1) {
        n += 1;
    }
    if n > 5 || n > all.len() {
        return None;
    }
    all.truncate(n);
    let mut ties: Vec<Vec<String>> = Vec::new();
    for pair in all.windows(2) {
        let [(a, x), (b, y)] = pair else { continue };
        if !close(*x, *y) {
            continue;
        }
        match ties.last_mut().filter(|group| group.last() == Some(a)) {
            Some(group) => group.push(b.clone()),
            None => ties.push(vec![a.clone(), b.clone()]),
        }
    }
    let rows = all.into_iter().map(|(name, value)| (name, json!(round(value)))).collect();
    Some((n, Gold::Ranked { rows, ties, values_required: true, tolerance }))
}

/// All names with the greatest value.
pub(super) fn greatest(all: &[(String, f64)]) -> (Vec<String>, f64) {
    let top = all.iter().map(|(_, value)| *value).fold(f64::MIN, f64::max);
    let mut names: Vec<String> =
        all.iter().filter(|(_, value)| *value == top).map(|(name, _)| name.clone()).collect();
    names.sort();
    (names, top)
}

pub(super) fn round(value: f64) -> f64 {
    (value * 1e4).round() / 1e4
}

/// A span of time with the words for it.
#[derive(Debug, Clone)]
pub(super) struct Span {
    pub from: i64,
    pub to: i64,
    pub words: String,
    /// Other spans the words may mean.
    pub or: Vec<(i64, i64)>,
}

impl Span {
    fn new(from: i64, to: i64, words: String) -> Self {
        Self { from, to, words, or: Vec::new() }
    }

    pub fn has(&self, at: i64) -> bool {
        (self.from..self.to).contains(&at)
    }

    /// The same question counted over each reading.
    pub fn each(&self, count: impl Fn(i64, i64) -> usize) -> Gold {
        let gold = count(self.from, self.to);
        let mut accept: Vec<f64> = self.or.iter().map(|(from, to)| count(*from, *to) as f64).collect();
        accept.retain(|other| *other != gold as f64);
        accept.dedup();
        let (unit, also_in) = Default::default();
        Gold::Number { value: gold as f64, tolerance: Tolerance::Abs(0.0), unit, accept, also_in }
    }
}

/// A day in words.
pub(super) fn day_words(day: i64, lang: Lang, rng: &mut Rng) -> String {
    let date = moment(day);
    match (lang, rng.below(3)) {
        (_, 0) => date.format("%Y-%m-%d").to_string(),
        (Lang::Ko, 1) => format!("{}월 {}일", date.month(), date.day()),
        (Lang::Ko, _) => format!("{}년 {}월 {}일", date.year(), date.month(), date.day()),
        (Lang::En, 1) => date.format("%B %-d").to_string(),
        (Lang::En, _) => date.format("%b %-d, %Y").to_string(),
    }
}

/// A day of the history that is over.
pub(super) fn any_day(world: &World<'_>, rng: &mut Rng) -> i64 {
    let last = world.end.div_euclid(DAY);
    (last - rng.whole(1, crate::DAYS - 2)) * DAY
}

/// Days, as people ask for records.
pub(super) fn days(world: &World<'_>, rng: &mut Rng, lang: Lang) -> Span {
    let today = world.end.div_euclid(DAY) * DAY;
    let say = |ko: &str, en: &str| if lang == Lang::Ko { ko } else { en }.to_owned();
    match rng.below(8) {
        0 => Span::new(today - DAY, today, say("어제", "yesterday")),
        1 => Span::new(today, world.end + 1, say("오늘", "today")),
        2 => Span {
            or: vec![
                (today - 6 * DAY, world.end + 1),
                (today - 7 * DAY, today),
                (today - 7 * DAY, world.end + 1),
            ],
            ..Span::new(world.end - 7 * DAY, world.end + 1, say("최근 7일", "in the last 7 days"))
        },
        3 => {
            let from = any_day(world, rng).min(today - 4 * DAY);
            let to = from + rng.whole(1, 3) * DAY;
            let (a, b) = (moment(from).format("%Y-%m-%d"), moment(to).format("%Y-%m-%d"));
            let words = say(&format!("{a}부터 {b}까지"), &format!("from {a} to {b}"));
            // whether the last day belongs to it is a matter of habit
            Span { or: vec![(from, to)], ..Span::new(from, to + DAY, words) }
        }
        4 => {
            let day = any_day(world, rng);
            let word = day_words(day, lang, rng);
            Span::new(
                day - 9 * 3_600,
                day + 15 * 3_600,
                say(&format!("한국시간 {word}"), &format!("on {word} KST")),
            )
        }
        _ => {
            let day = any_day(world, rng);
            let word = day_words(day, lang, rng);
            Span::new(day, day + DAY, say(&word, &format!("on {word}")))
        }
    }
}

/// Hours of a day, as people ask for metrics.
pub(super) fn hours(world: &World<'_>, rng: &mut Rng, lang: Lang) -> Span {
    let day = any_day(world, rng);
    let begin = rng.whole(0, 40) * 1_800;
    let length = rng.pick(&[1_800, 3_600, 7_200, 10_800]).copied().unwrap_or(3_600);
    let (from, to) = (day + begin, (day + begin + length).min(day + DAY - 1_800));
    let today = world.end.div_euclid(DAY) * DAY;
    let date = if day == today - DAY && rng.chance(0.5) {
        if lang == Lang::Ko { "어제" } else { "yesterday" }.to_owned()
    } else {
        day_words(day, lang, rng)
    };
    let (a, b) = (moment(from).format("%H:%M").to_string(), moment(to).format("%H:%M").to_string());
    let whole = moment(from).minute() == 0 && moment(to).minute() == 0;
    let (x, y) = (moment(from).hour(), moment(to).hour());
    let words = match (lang, rng.below(3)) {
        (Lang::Ko, 0) if whole => format!("{date} {x}시부터 {y}시까지"),
        (Lang::Ko, 1) => format!("{date} {a}부터 {b} 사이"),
        (Lang::Ko, _) => format!("{date} {a}~{b}"),
        (Lang::En, 0) => format!("between {a} and {b} on {date}"),
        (Lang::En, 1) => format!("on {date} from {a} to {b}"),
        (Lang::En, _) => format!("on {date} {a}-{b}"),
    };
    let words = words.replace("on yesterday", "yesterday");
    Span::new(from, to, words)
}

/// Types as people do: a forgotten space, a swapped pair of letters, no question mark, no capitals.
pub(super) fn carelessly(text: &str, exact: &[String], lang: Lang, rng: &mut Rng) -> String {
    match rng.below(16) {
        0 => text.trim_end_matches(['?', '.']).to_owned(),
        1 if lang == Lang::En && !exact.iter().any(|part| part.chars().any(char::is_uppercase)) => {
            text.to_lowercase()
        }
        2 if lang == Lang::En => misspelled(text, exact, rng),
        3 | 4 if lang == Lang::Ko => joined(text, exact, rng),
        _ => text.to_owned(),
    }
}

fn kept(word: &str, exact: &[String]) -> bool {
    exact.iter().any(|part| part.split(' ').any(|part| word.contains(part) || part.contains(word)))
}

/// Two neighbours of one long word change places.
fn misspelled(text: &str, exact: &[String], rng: &mut Rng) -> String {
    let fits = |word: &&str| {
        word.len() >= 7 && word.bytes().all(|byte| byte.is_ascii_lowercase()) && !kept(word, exact)
    };
    let words: Vec<&str> = text.split(' ').filter(fits).collect();
    let Some(word) = rng.pick(&words).copied() else { return text.to_owned() };
    let at = 2 + rng.below(word.len() - 4);
    let mut letters: Vec<char> = word.chars().collect();
    letters.swap(at, at + 1);
    text.replacen(word, &letters.into_iter().collect::<String>(), 1)
}

/// One space between Korean words is missing.
fn joined(text: &str, exact: &[String], rng: &mut Rng) -> String {
    let words: Vec<&str> = text.split(' ').collect();
    let korean = |word: &str| word.chars().all(|c| !c.is_ascii()) && !kept(word, exact);
    let places: Vec<usize> = (1..words.len()).filter(|i| korean(words[i - 1]) && korean(words[*i])).collect();
    let Some(place) = rng.pick(&places).copied() else { return text.to_owned() };
    let (left, right) = words.split_at(place);
    format!("{}{}", left.join(" "), right.join(" "))
}
