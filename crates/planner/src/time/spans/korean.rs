//! Expressions of time in Korean that begin with a word.

use chrono::{Duration, Months, NaiveDate, NaiveDateTime};

use super::{
    Span, SpanKind,
    calendar::{calendar, rolling},
    clock, clock_span,
    english::unit_of,
    midnight, number,
    numeric::{hour, syllable},
    span, year_for,
};
use crate::{
    text::{atoms::Atom, leading_number},
    time::parts::hangul,
};

const KO_CALENDAR: &[(&str, char, i64)] = &[
    ("다음날", 'd', -1),
    ("이튿날", 'd', -1),
    ("익일", 'd', -1),
    ("그저께", 'd', 2),
    ("엊그제", 'd', 2),
    ("그제", 'd', 2),
    ("오늘", 'd', 0),
    ("금일", 'd', 0),
    ("당일", 'd', 0),
    ("어제", 'd', 1),
    ("전날", 'd', 1),
    ("작일", 'd', 1),
    ("지지난주", 'w', 2),
    ("저저번주", 'w', 2),
    ("이번주", 'w', 0),
    ("금주", 'w', 0),
    ("지난주", 'w', 1),
    ("저번주", 'w', 1),
    ("전주", 'w', 1),
    ("지지난달", 'm', 2),
    ("저저번달", 'm', 2),
    ("이번달", 'm', 0),
    ("이달", 'm', 0),
    ("금월", 'm', 0),
    ("당월", 'm', 0),
    ("지난달", 'm', 1),
    ("저번달", 'm', 1),
    ("전월", 'm', 1),
    ("이번분기", 'q', 0),
    ("당분기", 'q', 0),
    ("지난분기", 'q', 1),
    ("저번분기", 'q', 1),
    ("전분기", 'q', 1),
    ("올해", 'y', 0),
    ("금년", 'y', 0),
    ("이번년도", 'y', 0),
    ("작년", 'y', 1),
    ("지난해", 'y', 1),
    ("전년도", 'y', 1),
    ("재작년", 'y', 2),
];

pub(super) fn korean(atoms: &[Atom], i: usize, now: NaiveDateTime) -> Option<Span> {
    if !atoms[i].first {
        return None;
    }
    let run = hangul(atoms, i, 6);
    // `최근 7일`, `지난 24시간`, `최근 일주일`
    for lead in ["최근", "지난", "직전", "과거"] {
        let Some(rest) = run.strip_prefix(lead) else { continue };
        let at = i + lead.chars().count();
        for (word, unit, n) in [
            ("일주일", 'w', 1),
            ("한주", 'w', 1),
            ("한달", 'm', 1),
            ("한시간", 'h', 1),
            ("하루", 'd', 1),
            ("일년", 'y', 1),
            ("이틀", 'd', 2),
            ("사흘", 'd', 3),
            ("보름", 'd', 15),
            ("두달", 'm', 2),
            ("세달", 'm', 3),
            ("두시간", 'h', 2),
            ("반년", 'm', 6),
        ] {
            if rest.starts_with(word) {
                return rolling(i, at + word.chars().count(), unit, n, now);
            }
        }
        if rest.is_empty()
            && let Some((value, unit)) = atoms.get(at).and_then(|a| leading_number(&a.text))
        {
            let n = value as i64;
            if let Some(u) = unit_of(unit) {
                return rolling(i, at + 1, u, n, now);
            }
            let tail = hangul(atoms, at + 1, 4);
            for (word, u) in [
                ("시간", 'h'),
                ("분기", 'q'),
                ("분", 'i'),
                ("일", 'd'),
                ("주", 'w'),
                ("개월", 'm'),
                ("달", 'm'),
                ("년", 'y'),
                ("초", 's'),
            ] {
                if tail.starts_with(word) && u != 'q' {
                    let mut end = at + 1 + word.chars().count();
                    for more in ["간", "동안", "내", "이내"] {
                        if hangul(atoms, end, 2).starts_with(more) {
                            end += more.chars().count();
                        }
                    }
                    return rolling(i, end, u, n, now);
                }
            }
        }
    }
    if let Some((word, unit, back)) =
        KO_CALENDAR.iter().filter(|(w, _, _)| run.starts_with(w)).max_by_key(|(w, _, _)| w.len())
    {
        let n = word.chars().count();
        // The words may be written with a space, but not begin in the middle of another.
        return calendar(i, i + n, *unit, *back, now);
    }
    for (word, from, n) in [("상반기", 1, 6), ("하반기", 7, 6)] {
        if run.starts_with(word) {
            let year = year_for(now, from, 1);
            let start = NaiveDate::from_ymd_opt(year, from, 1)?;
            let end = start.checked_add_months(Months::new(n))?;
            return Some(span(midnight(start), midnight(end), i, i + 3, SpanKind::Calendar, false));
        }
    }
    for (word, pm, whole) in [
        ("오전", false, (0, 12)),
        ("오후", true, (12, 24)),
        ("새벽", false, (0, 6)),
        ("아침", false, (6, 9)),
        ("저녁", true, (18, 21)),
        ("밤", true, (21, 24)),
        ("낮", true, (12, 18)),
    ] {
        let Some(rest) = run.strip_prefix(word) else { continue };
        let at = i + word.chars().count();
        if rest.is_empty()
            && let Some(a) = atoms.get(at)
        {
            if let Some(h) = number(&a.text).filter(|h| *h <= 12 && syllable(atoms, at + 1) == "시") {
                return hour(atoms, i, at, h, now, Some(pm));
            }
            if let Some(t) = clock(&a.text) {
                return Some(clock_span(now, t, i, at + 1, false, Some(pm)));
            }
        }
        if matches!(word, "오전" | "오후" | "새벽") {
            let day = midnight(now.date());
            let to = day + Duration::hours(whole.1);
            return Some(Span {
                afternoon: Some(pm),
                ..span(day + Duration::hours(whole.0), to, i, at, SpanKind::Clock, true)
            });
        }
    }
    for (word, h) in [("정오", 12), ("자정", 0)] {
        // `자정을 넘겨서`: what crosses it lies on both sides.
        let crossed = run.strip_prefix(word).is_some_and(|r| {
            ["넘", "을넘", "지나", "을지나", "걸쳐", "에걸쳐"].iter().any(|w| r.starts_with(w))
        });
        if run.starts_with(word) && !crossed {
            // `정오부터 1시까지`: what follows noon is in the afternoon.
            return Some(clock_span(now, (h, 0, 0), i, i + 2, false, Some(h == 12)));
        }
    }
    None
}
