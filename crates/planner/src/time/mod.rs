//! Expressions of time in both languages: absolute, relative, clock windows, zones.

mod brackets;
mod parts;
mod spans;

use chrono::{DateTime, Duration, NaiveDateTime, TimeZone, Utc};
use chrono_tz::Tz;

use crate::text::atoms::Atom;
use spans::{Span, SpanKind};

/// A window of time: `from <= t < to`.
#[derive(Debug, Clone, PartialEq)]
pub struct Window {
    /// From, inclusive; open when absent.
    pub from: Option<DateTime<Utc>>,
    /// To, exclusive; open when absent.
    pub to: Option<DateTime<Utc>>,
    /// As typed.
    pub words: String,
    /// Made of clock times without a date.
    pub clock_only: bool,
    /// A date, without clock times.
    pub whole_days: bool,
    /// A single moment of a clock.
    pub moment: bool,
}

/// Windows in a question, the atoms they stand in, and the zone the question names.
#[derive(Debug, Clone, Default)]
pub struct Times {
    /// The windows.
    pub windows: Vec<Window>,
    /// First atom and atom after the last of each window.
    pub atoms: Vec<(usize, usize)>,
    /// Zone named in the question.
    pub zone: Option<Tz>,
    /// Atoms that belong to the windows and say nothing else: the name of the zone, a date apart from its clock times.
    pub silent: Vec<(usize, usize)>,
    /// The window is told by the period asked about before.
    pub carried: bool,
    /// The zone the times are read in.
    pub tz: Option<Tz>,
}

/// What decides the reading.
#[derive(Debug, Clone, Copy)]
pub struct Frame<'a> {
    /// Now.
    pub as_of: DateTime<Utc>,
    /// Zone of times.
    pub tz: Tz,
    /// The time covered by data.
    pub covers: &'a [(DateTime<Utc>, DateTime<Utc>)],
}

/// Finds the expressions of time.
pub fn read(atoms: &[Atom], frame: Frame<'_>) -> Times {
    let zone = parts::zone(atoms);
    let tz = zone.map_or(frame.tz, |(z, _)| z);
    let now = frame.as_of.with_timezone(&tz).naive_local();
    let mut spans = Vec::new();
    let mut i = 0;
    while i < atoms.len() {
        match spans::at(atoms, i, now, &spans) {
            Some(span) => {
                i = parts::weekday_behind(atoms, span.end.max(i + 1), span.kind == SpanKind::Day);
                spans.push(Span { end: i, ..span });
            }
            None => i = brackets::days_in_bracket(atoms, i, &mut spans).unwrap_or(i + 1),
        }
    }
    spans = join_dates(atoms, spans);
    let mut out = Times {
        zone: zone.map(|(z, _)| z),
        tz: Some(tz),
        silent: zone.iter().map(|(_, a)| *a).collect(),
        ..Times::default()
    };
    let mut k = 0;
    while k < spans.len() {
        let (range, used) = range_at(atoms, &spans, k);
        let mut range = range;
        if !range.year_given {
            settle_year(&mut range, tz, frame);
        }
        if range.clock_only {
            settle_day(&mut range, &spans, frame, now);
        }
        let utc = |t: NaiveDateTime| {
            tz.from_local_datetime(&t).earliest().map_or_else(|| t.and_utc(), |t| t.with_timezone(&Utc))
        };
        out.windows.push(Window {
            from: range.from.map(utc),
            to: range.to.map(utc),
            words: crate::text::atoms::join(atoms, range.begin, range.end),
            clock_only: range.clock_only,
            whole_days: range.whole_days,
            moment: range.moment,
        });
        out.atoms.push((range.begin, range.end));
        k += used;
    }
    // A date beside clock windows is where they lie, not a window of its own.
    if out.windows.len() > 1 && out.windows.iter().any(|w| w.clock_only) {
        let keep: Vec<bool> = out.windows.iter().map(|w| !w.whole_days || !one_day(w)).collect();
        if out.windows.iter().filter(|w| w.whole_days && one_day(w)).count() == 1 {
            let gone = out.atoms.iter().zip(&keep).filter(|(_, k)| !**k).map(|(a, _)| *a);
            out.silent.extend(gone.collect::<Vec<_>>());
            let mut it = keep.iter();
            out.windows.retain(|_| it.next().copied().unwrap_or(true));
            let mut it = keep.iter();
            out.atoms.retain(|_| it.next().copied().unwrap_or(true));
        }
    }
    // `last night between 1 and 3`: a clock inside a part of the day or a longer time says it more closely.
    if let [a, b] = out.windows.as_slice() {
        let day = Duration::days(1);
        let (outer, inner) = if a.clock_only { (b.clone(), a.clone()) } else { (a.clone(), b.clone()) };
        if inner.clock_only && !outer.clock_only && !outer.whole_days_or_open() {
            let lies = |shift: Duration| {
                inner.from.map(|t| t - shift) >= outer.from && inner.to.map(|t| t - shift) <= outer.to
            };
            let shift = [Duration::zero(), day].into_iter().find(|s| lies(*s));
            if let Some(shift) = shift {
                let k = usize::from(!a.clock_only);
                let gone = out.atoms.remove(1 - k);
                let mut window = inner;
                window.from = window.from.map(|t| t - shift);
                window.to = window.to.map(|t| t - shift);
                window.clock_only = false;
                out.windows = vec![window];
                out.silent.push(gone);
            }
        }
    }
    just_before(atoms, &mut out);
    repeated(&mut out);
    // `상반기(1월~6월)`: a bracket explains the window before it.
    let mut k = 1;
    while k < out.windows.len() {
        let (a, b) = (&out.windows[k - 1], &out.windows[k]);
        let inside = a.from <= b.from && a.from.is_some() && b.to.is_some() && a.to >= b.to;
        let bracket = out.atoms[k].0.checked_sub(1).is_some_and(|i| atoms[i].text == "(");
        if inside && bracket {
            let end = out.atoms[k].1;
            out.windows.remove(k);
            out.atoms.remove(k);
            out.atoms[k - 1].1 = end;
        } else {
            k += 1;
        }
    }
    if let Some((_, (from, to))) = zone
        && let Some(last) = out.atoms.iter_mut().find(|(_, end)| *end == from)
    {
        last.1 = to;
    }
    out
}

/// `04:36~04:41 … 직전 5분(04:31~04:36)`: the time before a window that was said, which a bracket may say more exactly.
fn just_before(atoms: &[Atom], out: &mut Times) {
    let Some(k) = (1..out.windows.len()).find(|&k| out.windows[k].words.starts_with("직전")) else {
        return;
    };
    let (first, own) = (out.windows[k - 1].clone(), out.windows[k].clone());
    let (Some(from), Some(a), Some(b)) = (first.from, own.from, own.to) else { return };
    let bracket = out.atoms.get(k + 1).is_some_and(|(at, _)| *at > 0 && atoms[at - 1].text == "(");
    if bracket {
        let behind = out.windows.remove(k + 1);
        let end = out.atoms.remove(k + 1).1;
        let end = if atoms.get(end).is_some_and(|a| a.text == ")") { end + 1 } else { end };
        out.windows[k] = Window { words: own.words, ..behind };
        out.atoms[k].1 = end;
        return;
    }
    let whole = |t: DateTime<Utc>| t - Duration::seconds(1);
    out.windows[k].from = Some(from - (whole(b) - a));
    out.windows[k].to = Some(from);
}

/// A window that is said twice is one (`3분기 - 2분기` behind a comparison of the two).
fn repeated(out: &mut Times) {
    let mut k = 1;
    while k < out.windows.len() {
        let (from, to) = (out.windows[k].from, out.windows[k].to);
        // `(3분기 - 2분기)`: two that are named before, and no time between them.
        let empty = from.is_some() && to.is_some() && from >= to;
        let same = empty
            || (0..k).any(|a| {
                (out.windows[a].from, out.windows[a].to) == (out.windows[k].from, out.windows[k].to)
            });
        if same {
            out.windows.remove(k);
            let gone = out.atoms.remove(k);
            out.silent.push(gone);
        } else {
            k += 1;
        }
    }
}

impl Window {
    /// Whole days, or without an end: a clock beside it may mean each of its days.
    fn whole_days_or_open(&self) -> bool {
        match (self.from, self.to) {
            (Some(from), Some(to)) => to - from > Duration::hours(24),
            _ => true,
        }
    }
}

fn one_day(w: &Window) -> bool {
    matches!((w.from, w.to), (Some(a), Some(b)) if b - a == Duration::days(1))
}

struct Range {
    from: Option<NaiveDateTime>,
    to: Option<NaiveDateTime>,
    begin: usize,
    end: usize,
    clock_only: bool,
    whole_days: bool,
    moment: bool,
    year_given: bool,
}

/// `12월 15일 오전 3시`: a date directly before a clock gives it its day.
fn join_dates(atoms: &[Atom], spans: Vec<Span>) -> Vec<Span> {
    let mut out: Vec<Span> = Vec::new();
    for span in spans {
        if let Some(last) = out.last()
            && span.kind == SpanKind::Clock
            && last.kind == SpanKind::Day
            && parts::gap(atoms, last.end, span.begin)
        {
            let date = last.from.date();
            let shift = |t: NaiveDateTime| {
                let days = t.date() - span.from.date();
                date.and_time(t.time()) + days
            };
            let joined = Span {
                from: shift(span.from),
                to: shift(span.to),
                begin: last.begin,
                end: span.end,
                kind: SpanKind::Moment,
                year_given: last.year_given,
                point: span.point,
                afternoon: span.afternoon,
            };
            out.pop();
            out.push(joined);
        } else if let Some(last) = out.last_mut()
            && span.kind == SpanKind::Day
            && last.kind == SpanKind::Clock
            && parts::gap_english(atoms, last.end, span.begin)
        {
            // `04:30 on December 15`
            let date = span.from.date();
            last.from = date.and_time(last.from.time());
            last.to = last.from + (last.to - last.from).min(Duration::hours(1));
            if last.point {
                last.to = last.from + Duration::minutes(1);
            }
            last.kind = SpanKind::Moment;
            last.year_given = span.year_given;
            last.end = span.end;
        } else {
            out.push(span);
        }
    }
    out
}

/// The range that begins with span `k`, and how many spans it takes.
fn range_at(atoms: &[Atom], spans: &[Span], k: usize) -> (Range, usize) {
    let a = &spans[k];
    let clock = |s: &Span| matches!(s.kind, SpanKind::Clock | SpanKind::Moment);
    let before = parts::before(atoms, a.begin);
    if let Some(b) = spans.get(k + 1)
        && parts::links(
            atoms,
            a.end,
            b.begin,
            // `2026-11-22 between 10:00 and 11:00`
            before.between || atoms[a.begin..a.end].iter().any(|x| x.text == "between"),
        )
        && a.kind != SpanKind::Rolling
    {
        let mut from = a.from;
        let (mut b_from, mut b_to) = (b.from, b.to);
        if a.kind == SpanKind::Moment && b.kind == SpanKind::Clock {
            let date = a.from.date();
            b_from = date.and_time(b.from.time());
            b_to = b_from + (b.to - b.from);
        }
        // `between 17:00 and 19:00 on November 15`: the date belongs to both.
        if a.kind == SpanKind::Clock && b.kind == SpanKind::Moment {
            from = b.from.date().and_time(a.from.time());
        }
        if clock(a) && clock(b) && a.afternoon == Some(true) && b.afternoon.is_none() && b_from < from {
            b_from += Duration::hours(12);
            b_to += Duration::hours(12);
        }
        if clock(b) && b_from <= from && a.kind == SpanKind::Clock && b.kind == SpanKind::Moment {
            from -= Duration::days(1);
        } else if clock(b) && b_from <= from && a.kind == SpanKind::Clock {
            b_from += Duration::days(1);
        }
        if a.kind == SpanKind::Day && !a.year_given && b.kind == SpanKind::Day && from > b_from {
            from -= Duration::days(365);
        }
        let end = parts::after(atoms, b.end).map_or(b.end, |x| x.end);
        let to = if clock(b) { b_from } else { b_to };
        return (
            Range {
                from: Some(from),
                to: Some(to),
                begin: before.begin,
                end,
                clock_only: a.kind == SpanKind::Clock && b.kind == SpanKind::Clock,
                whole_days: !clock(a) && !clock(b),
                moment: false,
                year_given: match (a.kind, b.kind) {
                    (SpanKind::Clock, SpanKind::Moment) => b.year_given,
                    _ => a.year_given || b.year_given || a.kind == SpanKind::Clock,
                },
            },
            2,
        );
    }
    let mut range = Range {
        from: Some(a.from),
        to: Some(a.to),
        begin: a.begin,
        end: a.end,
        clock_only: a.kind == SpanKind::Clock,
        whole_days: !clock(a) && a.kind != SpanKind::Rolling,
        moment: a.point,
        year_given: a.year_given || a.kind == SpanKind::Clock || a.kind == SpanKind::Rolling,
    };
    let tail = parts::after(atoms, a.end);
    match (before.open, tail.as_ref().map(|t| t.open)) {
        (Some(parts::Open::Since), _) | (_, Some(parts::Open::Since)) => {
            range.from = Some(a.from);
            range.to = None;
        }
        (Some(parts::Open::After), _) | (_, Some(parts::Open::After)) => {
            range.from = Some(if clock(a) { a.from } else { a.to });
            range.to = None;
        }
        (Some(parts::Open::Before), _) | (_, Some(parts::Open::Before)) => {
            range.to = Some(a.from);
            range.from = None;
        }
        (Some(parts::Open::Until), _) | (_, Some(parts::Open::Until)) => {
            range.to = Some(if clock(a) { a.from } else { a.to });
            range.from = None;
        }
        _ => {}
    }
    if before.open.is_some() {
        range.begin = before.begin;
    }
    if let Some(tail) = tail {
        range.end = tail.end;
    }
    (range, 1)
}

/// A month or day without a year is the last one that is not after now, or the one the data cover.
fn settle_year(range: &mut Range, tz: Tz, frame: Frame<'_>) {
    use chrono::Datelike;
    let overlap = |range: &Range, shift: i32| {
        let moved = |t: Option<NaiveDateTime>| t.and_then(|t| t.with_year(t.year() + shift));
        let (from, to) = (moved(range.from), moved(range.to));
        frame.covers.iter().any(|(a, b)| {
            let (a, b) = (a.with_timezone(&tz).naive_local(), b.with_timezone(&tz).naive_local());
            from.is_none_or(|f| f <= b) && to.is_none_or(|t| t > a)
        })
    };
    if overlap(range, 0) {
        return;
    }
    if let Some(shift) = [-1, 1, -2, -3].into_iter().find(|s| overlap(range, *s)) {
        // Only when the estate has no data at all around now may another year be meant.
        let near =
            frame.covers.iter().any(|(a, b)| *a <= frame.as_of && *b >= frame.as_of - Duration::days(400));
        if !near {
            let moved = |t: Option<NaiveDateTime>| t.map(|t| t.with_year(t.year() + shift).unwrap_or(t));
            range.from = moved(range.from);
            range.to = moved(range.to);
        }
    }
}

/// Clock times without a date lie on the day named elsewhere in the question, else on the day of now.
fn settle_day(range: &mut Range, spans: &[Span], frame: Frame<'_>, now: NaiveDateTime) {
    let mut days = spans.iter().filter(|s| s.kind == SpanKind::Day);
    let day = match (days.next(), days.next()) {
        (Some(day), None) => day.from.date(),
        // The day is that of the asker, also when the clock times are of another zone.
        _ => frame.as_of.with_timezone(&frame.tz).date_naive(),
    };
    let shift = day - now.date();
    range.from = range.from.map(|t| t + shift);
    range.to = range.to.map(|t| t + shift);
}

#[cfg(test)]
mod tests;
