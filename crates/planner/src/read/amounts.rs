//! Amounts said in several words: `three and a half hours`, `3시간 반`, `1시간 30분`, `an hour and a half`.

use crate::{lexicon::W, scan::Mention};

/// One number for what is one amount.
pub(super) fn join(mentions: &mut Vec<Mention>) {
    let hour = |m: &Mention| matches!(m.words.as_str(), "시간" | "hour" | "hours" | "hr" | "hrs" | "h");
    let mut i = 0;
    while i < mentions.len() {
        let words = |k: usize| mentions.get(k).map_or("", |m| m.words.as_str());
        // `an hour and a half`: one, with its unit behind it.
        if matches!(words(i), "an" | "a")
            && words(i + 1) == "hour"
            && words(i + 2) == "and"
            && words(i + 4) == "half"
        {
            mentions[i].number = Some((1.0, String::new()));
            mentions[i].senses.clear();
        }
        let Some((value, unit)) = mentions[i].number.clone() else {
            i += 1;
            continue;
        };
        let words = |k: usize| mentions.get(k).map_or("", |m| m.words.as_str());
        let half =
            |k: usize| words(k) == "and" && matches!(words(k + 1), "a" | "one") && words(k + 2) == "half";
        let unit_at = unit.is_empty().then_some(i + 1).filter(|&k| mentions.get(k).is_some_and(hour));
        let behind = match (unit_at, unit.as_str()) {
            (Some(k), _) => Some(k + 1),
            (None, "h" | "hr" | "hrs" | "hour" | "hours") => Some(i + 1),
            _ => None,
        };
        // `three and a half hours`
        if half(i + 1) && mentions.get(i + 4).is_some_and(|m| hour(m) || is_named_unit(m)) {
            mentions[i].number = Some((value + 0.5, unit));
            mentions.drain(i + 1..i + 4);
        } else if let Some(k) = behind {
            let more = mentions.get(k).and_then(|m| m.number.clone());
            if words(k) == "반" && mentions[k].time.is_none()
                || words(k).starts_with("반") && words(k).chars().count() <= 3 && mentions[k].unknown()
            {
                mentions[i].number = Some((value + 0.5, unit));
                let josa = mentions[k].josa.clone();
                mentions[k - 1].josa.extend(josa);
                mentions.remove(k);
            } else if half(k) {
                mentions[i].number = Some((value + 0.5, unit));
                mentions.drain(k..k + 3);
            } else if let Some((minutes, short)) = more
                && minutes < 60.0
                && (matches!(short.as_str(), "m" | "min" | "mins" | "minutes")
                    || short.is_empty()
                        && matches!(words(k + 1), "분" | "minutes" | "minute" | "min" | "mins"))
            {
                let len = if short.is_empty() { 2 } else { 1 };
                mentions[i].number = Some((value + minutes / 60.0, unit));
                let josa = mentions[k + len - 1].josa.clone();
                mentions[k - 1].josa.extend(josa);
                mentions.drain(k..k + len);
            }
        }
        i += 1;
    }
}

fn is_named_unit(m: &Mention) -> bool {
    super::numbers::is_unit(&m.words) || m.any(&[W::Minute, W::Hour, W::Percent])
}
