//! A range of time: a length counted back from the end of the data, or two moments. In the address it is `7d` or `from..to`.

use chrono::{DateTime, Duration, FixedOffset, NaiveDateTime, TimeZone, Utc};
use leptos::prelude::*;

use super::text::tx;
use crate::{
    i18n::{self, format::zone},
    ui::{Button, Chip, Field, Input, Kind, Popover, ic},
};

/// A range of time.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Span {
    /// Everything there is.
    #[default]
    All,
    /// The last so many hours of the data.
    Last(u32),
    /// From one moment to another.
    Between(DateTime<Utc>, DateTime<Utc>),
}

impl Span {
    /// Reads the form of the address; `fallback` when it is empty or cannot be read.
    pub fn parse(text: &str, fallback: Self) -> Self {
        if text == "all" {
            return Self::All;
        }
        if let Some((from, to)) = text.split_once("..")
            && let (Ok(from), Ok(to)) = (from.parse::<i64>(), to.parse::<i64>())
            && let (Some(from), Some(to)) =
                (DateTime::from_timestamp(from, 0), DateTime::from_timestamp(to, 0))
            && from < to
        {
            return Self::Between(from, to);
        }
        let hours = match text.strip_suffix('d') {
            Some(days) => days.parse::<u32>().ok().and_then(|d| d.checked_mul(24)),
            None => text.strip_suffix('h').and_then(|h| h.parse().ok()),
        };
        hours.filter(|h| (1..=87_600).contains(h)).map_or(fallback, Self::Last)
    }

    /// The form of the address.
    pub fn text(&self) -> String {
        match self {
            Self::All => "all".to_owned(),
            Self::Last(hours) if hours.is_multiple_of(24) => format!("{}d", hours / 24),
            Self::Last(hours) => format!("{hours}h"),
            Self::Between(from, to) => format!("{}..{}", from.timestamp(), to.timestamp()),
        }
    }

    /// From and to; `end` is the moment the data ends. The end itself is inside.
    pub fn bounds(&self, end: Option<DateTime<Utc>>) -> (Option<DateTime<Utc>>, Option<DateTime<Utc>>) {
        match self {
            Self::All => (None, None),
            Self::Last(hours) => {
                let end = end.unwrap_or_else(i18n::format::now) + Duration::seconds(1);
                (Some(end - Duration::hours(i64::from(*hours))), Some(end))
            }
            Self::Between(from, to) => (Some(*from), Some(*to)),
        }
    }

    /// In words, with the day the data ends where that is not about now: `last 7 days` of data of last year is no
    /// last week.
    pub fn words_until(&self, end: Option<DateTime<Utc>>) -> String {
        match (self, end) {
            (Self::Last(_), Some(end)) if i18n::format::now() - end > Duration::days(1) => {
                format!("{} · {}", self.words(), tx().range_until(&i18n::date(end)))
            }
            _ => self.words(),
        }
    }

    /// In words.
    pub fn words(&self) -> String {
        match self {
            Self::All => tx().range_all().to_owned(),
            Self::Last(hours) => tx().range_last(&length(*hours)),
            Self::Between(from, to) => {
                let same_day = i18n::date(*from) == i18n::date(*to);
                if same_day {
                    format!("{} {}–{}", i18n::date(*from), i18n::time(*from), i18n::time(*to))
                } else {
                    format!("{} – {}", i18n::date_time(*from), i18n::date_time(*to))
                }
            }
        }
    }
}

fn length(hours: u32) -> String {
    if hours > 24 && hours.is_multiple_of(24) { tx().days(hours / 24) } else { tx().hours(hours) }
}

/// A moment as a `datetime-local` field writes it, in the chosen zone.
pub fn local_text(at: DateTime<Utc>) -> String {
    match FixedOffset::east_opt(zone().offset_seconds()) {
        Some(offset) => at.with_timezone(&offset).format("%Y-%m-%dT%H:%M").to_string(),
        None => at.format("%Y-%m-%dT%H:%M").to_string(),
    }
}

/// Reads a `datetime-local` field, in the chosen zone.
pub fn parse_local(text: &str) -> Option<DateTime<Utc>> {
    let naive = NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M")
        .or_else(|_| NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S"))
        .ok()?;
    let offset = FixedOffset::east_opt(zone().offset_seconds())?;
    offset.from_local_datetime(&naive).single().map(|t| t.with_timezone(&Utc))
}

/// Lengths offered, in hours.
const LENGTHS: [u32; 8] = [1, 6, 24, 72, 168, 336, 720, 2160];

/// Chooses a range of time.
#[component]
pub fn RangePicker(
    /// The range.
    #[prop(into)]
    span: Signal<Span>,
    /// The moment the data ends.
    #[prop(into)]
    end: Signal<Option<DateTime<Utc>>>,
    /// It changed.
    #[prop(into)]
    on_change: Callback<Span>,
) -> impl IntoView {
    let open = RwSignal::new(false);
    let (from, to) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let wrong = RwSignal::new(None::<String>);
    Effect::new(move || {
        if open.get() {
            let (a, b) = span.get_untracked().bounds(end.get_untracked());
            let b = b.or(end.get_untracked()).unwrap_or_else(i18n::format::now);
            to.set(local_text(b));
            from.set(local_text(a.unwrap_or(b - Duration::days(7))));
            wrong.set(None);
        }
    });
    let choose = move |span: Span| {
        open.set(false);
        on_change.run(span);
    };
    let custom =
        move || match (from.with_untracked(|t| parse_local(t)), to.with_untracked(|t| parse_local(t))) {
            (Some(a), Some(b)) if a < b => choose(Span::Between(a, b)),
            _ => wrong.set(Some(tx().range_wrong().to_owned())),
        };
    view! {
        <Popover
            open=open
            label=tx().range()
            class="pop range-form"
            trigger=move || {
                view! {
                    <Chip icon=ic::CLOCK expanded=Signal::derive(move || Some(open.get())) on_click=move |_| open.update(|o| *o = !*o)>
                        <span data-testid="range">{move || span.get().words_until(end.get())}</span>
                    </Chip>
                }
            }
        >
            <div class="stack">
                <div class="range-presets" role="group" aria-label=tx().range()>
                    {LENGTHS
                        .into_iter()
                        .map(|hours| {
                            view! {
                                <button
                                    type="button"
                                    class="chip"
                                    aria-pressed=move || (span.get() == Span::Last(hours)).to_string()
                                    on:click=move |_| choose(Span::Last(hours))
                                >
                                    {length(hours)}
                                </button>
                            }
                        })
                        .collect_view()}
                    <button type="button" class="chip" aria-pressed=move || (span.get() == Span::All).to_string() on:click=move |_| choose(Span::All)>
                        {tx().range_all()}
                    </button>
                </div>
                <p class="small faint">{tx().range_end()} {move || end.get().map(|e| format!(" ({} {})", i18n::date_time(e), zone().label()))}</p>
                <form
                    class="stack"
                    on:submit=move |event| {
                        event.prevent_default();
                        custom();
                    }
                >
                    <Field label=tx().range_from()>
                        <Input value=from r#type="datetime-local"/>
                    </Field>
                    <Field label=tx().range_to() error=wrong>
                        <Input value=to r#type="datetime-local"/>
                    </Field>
                    <div class="row filter-end">
                        <Button kind=Kind::Primary r#type="submit">{tx().apply()}</Button>
                    </div>
                </form>
            </div>
        </Popover>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_form_is_read_back() {
        for span in [Span::All, Span::Last(6), Span::Last(168)] {
            assert_eq!(Span::parse(&span.text(), Span::Last(1)), span);
        }
        let between = Span::Between(
            DateTime::from_timestamp(100, 0).unwrap(),
            DateTime::from_timestamp(200, 0).unwrap(),
        );
        assert_eq!(Span::parse(&between.text(), Span::All), between);
    }

    #[test]
    fn what_cannot_be_read_is_the_fallback() {
        for text in ["", "x", "0d", "200..100", "99999999999d", "-3h"] {
            assert_eq!(Span::parse(text, Span::Last(24)), Span::Last(24), "{text}");
        }
    }
}
