//! Times told by the period asked about before: `같은 시간`, `the hour after that`, `그 다음 한 시간`.

use chrono::Duration;

use super::Focus;
use crate::{
    text::{
        atoms::{Atom, Form, join},
        leading_number,
    },
    time::{Times, Window},
};

/// Where it lies.
#[derive(Clone, Copy)]
enum Place {
    Same,
    After(Duration),
    Before(Duration),
}

/// Adds the window such words mean. True when there is one.
pub(super) fn carry(atoms: &[Atom], times: &mut Times, focus: &Focus) -> bool {
    let Some(last) = focus.window.as_ref().filter(|_| times.windows.is_empty()) else { return false };
    let (Some(from), Some(to)) = (last.from, last.to) else { return false };
    let Some((begin, end, place)) = (0..atoms.len())
        .find_map(|i| korean(atoms, i).or_else(|| english(atoms, i)).map(|(end, p)| (i, end, p)))
    else {
        return false;
    };
    let (from, to) = match place {
        Place::Same => (from, to),
        Place::After(width) => (to, to + width),
        Place::Before(width) => (from - width, from),
    };
    times.windows.push(Window {
        from: Some(from),
        to: Some(to),
        words: join(atoms, begin, end),
        clock_only: false,
        whole_days: last.whole_days,
        moment: false,
    });
    times.atoms.push((begin, end));
    true
}

/// Hangul syllables from `i` on without the spaces between them.
fn run(atoms: &[Atom], i: usize, most: usize) -> String {
    let rest = atoms.get(i..).unwrap_or_default();
    rest.iter().take(most).take_while(|a| a.form == Form::Syllable).map(|a| a.text.as_str()).collect()
}

fn korean(atoms: &[Atom], i: usize) -> Option<(usize, Place)> {
    if !atoms[i].first || atoms[i].form != Form::Syllable {
        return None;
    }
    let text = run(atoms, i, 10);
    let same = [
        "같은시간대",
        "같은시간동안",
        "같은시간",
        "같은시각",
        "같은기간",
        "같은때",
        "같은날",
        "그시간대",
        "그시간",
        "그시각",
        "그기간",
        "그때",
        "그날",
        "그무렵",
        "당시",
        "동시간대",
        "동일시간대",
        "동일한시간대",
        "동일한시간",
        "동일기간",
        "동일한기간",
    ];
    if let Some(w) = same.iter().filter(|w| text.starts_with(**w)).max_by_key(|w| w.len()) {
        return Some((i + w.chars().count(), Place::Same));
    }
    let leads = [
        ("그다음", true),
        ("바로다음", true),
        ("그뒤", true),
        ("그후", true),
        ("그이후", true),
        ("다음", true),
        ("그전", false),
        ("그이전", false),
        ("바로전", false),
    ];
    let (lead, after) = leads.iter().filter(|(w, _)| text.starts_with(w)).max_by_key(|(w, _)| w.len())?;
    let mut at = i + lead.chars().count();
    let mut n = 1;
    if let Some((value, "")) = atoms.get(at).and_then(|a| leading_number(&a.text)) {
        n = value as i64;
        at += 1;
    } else {
        let words = [("한", 1), ("두", 2), ("세", 3)];
        if let Some((_, many)) = words.iter().find(|(w, _)| run(atoms, at, 1) == *w) {
            n = *many;
            at += 1;
        }
    }
    let unit = run(atoms, at, 2);
    let (width, len) = match () {
        () if unit.starts_with("시간") => (Duration::hours(n), 2),
        () if unit.starts_with('분') => (Duration::minutes(n), 1),
        () if unit.starts_with("하루") => (Duration::days(1), 2),
        () => return None,
    };
    Some((at + len, if *after { Place::After(width) } else { Place::Before(width) }))
}

fn english(atoms: &[Atom], i: usize) -> Option<(usize, Place)> {
    let word = |k: usize| atoms.get(k).map_or("", |a| a.text.as_str());
    if word(i) == "same"
        && matches!(
            word(i + 1),
            "time"
                | "period"
                | "window"
                | "hour"
                | "interval"
                | "day"
                | "timeframe"
                | "range"
                | "times"
                | "week"
                | "month"
        )
    {
        let more = matches!((word(i + 1), word(i + 2)), ("time", "window" | "period" | "range" | "frame"));
        return Some((i + if more { 3 } else { 2 }, Place::Same));
    }
    // `at that time`, `in that window`
    if word(i) == "that"
        && matches!(
            word(i + 1),
            "time" | "period" | "window" | "hour" | "day" | "week" | "month" | "interval"
        )
    {
        return Some((i + 2, Place::Same));
    }
    let width = |w: &str, n: i64| match w {
        "hour" | "hours" => Some(Duration::hours(n)),
        "minute" | "minutes" => Some(Duration::minutes(n)),
        "day" | "days" => Some(Duration::days(n)),
        _ => None,
    };
    // `the next hour`, `the following 2 hours`
    if matches!(word(i), "next" | "following") {
        let (n, at) = match word(i + 1).parse::<i64>() {
            Ok(n) => (n, i + 2),
            Err(_) => (1, i + 1),
        };
        return width(word(at), n).map(|w| (at + 1, Place::After(w)));
    }
    // `the hour after that`, `two hours later`
    let (n, at) = match word(i) {
        "the" | "an" | "one" => (1, i + 1),
        "two" => (2, i + 1),
        "three" => (3, i + 1),
        w => (w.parse::<i64>().ok()?, i + 1),
    };
    let width = width(word(at), n)?;
    let that = |k: usize| if matches!(word(k), "that" | "it" | "this") { k + 1 } else { k };
    match word(at + 1) {
        "after" | "afterwards" => Some((that(at + 2), Place::After(width))),
        "later" => Some((at + 2, Place::After(width))),
        "before" if matches!(word(at + 2), "" | "that" | "it" | "?" | "this") => {
            Some((that(at + 2), Place::Before(width)))
        }
        _ => None,
    }
}
