//! Questions for a cause: one step that looks for it, and what to say about what it found.

use chrono::{DateTime, Duration, SecondsFormat, Utc};
use model::{Lang, tools::RcaRun};
use serde_json::json;

use super::Generator;
use crate::{
    read::{Part, Reader},
    say::Say,
    time::Window,
};

/// Minutes looked at when the question names no time: those before the moment taken as now.
const NOW: i64 = 30;

/// What a question for a cause is about.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Why {
    /// Items that suffer; every item is a candidate when empty.
    pub items: Vec<String>,
    /// The time; what is wrong now when absent.
    pub window: Option<Window>,
}

impl Why {
    /// Out of a question that was read: what it names, else what was talked about before.
    pub fn of(reader: &Reader<'_>) -> Self {
        let mut items: Vec<String> = Vec::new();
        for part in &reader.parts {
            match part {
                Part::Items(codes) => items.extend(codes.iter().cloned()),
                Part::System { item: Some(item), .. } => items.push(item.clone()),
                _ => {}
            }
        }
        items.dedup();
        let mut window = reader.times.windows.first().cloned();
        if window.is_none() && items.is_empty() {
            window = reader.focus.window.clone();
            items.extend(reader.focus.named.first().cloned());
        }
        Self { items, window }
    }

    /// What it is about, in words.
    pub fn words(&self, lang: Lang) -> String {
        let of = self.items.join(", ");
        let when = self.window.as_ref().map(|w| w.words.clone()).filter(|w| !w.is_empty());
        match (lang, of.is_empty(), when) {
            (Lang::Ko, true, None) => "지금 무엇이 문제인지, 그 원인".to_owned(),
            (Lang::Ko, true, Some(when)) => format!("{when} 이상의 원인"),
            (Lang::Ko, false, None) => format!("{of} 이상의 원인"),
            (Lang::Ko, false, Some(when)) => format!("{when} {of} 이상의 원인"),
            (Lang::En, true, None) => "what is wrong now, and its cause".to_owned(),
            (Lang::En, true, Some(when)) => format!("the cause of the trouble, {when}"),
            (Lang::En, false, None) => format!("the cause of the trouble of {of}"),
            (Lang::En, false, Some(when)) => format!("the cause of the trouble of {of}, {when}"),
        }
    }
}

impl Generator<'_> {
    /// The step that looks for the cause, and what to say about it. `as_of` is the moment taken as now.
    pub fn why(&mut self, why: &Why, as_of: DateTime<Utc>) -> String {
        let stamp = |at: DateTime<Utc>| json!(at.to_rfc3339_opts(SecondsFormat::AutoSi, true));
        let mut args = RcaRun::default();
        match why.items.as_slice() {
            [] => {}
            [one] => args.ci = Some(json!(one)),
            many => args.ci = Some(json!(many)),
        }
        match &why.window {
            Some(w) if w.moment => args.around = w.from.map(stamp),
            Some(w) => {
                args.from = w.from.map(stamp);
                args.to =
                    w.to.map(|to| to.min(as_of.max(w.from.unwrap_or(to) + Duration::minutes(1)))).map(stamp);
            }
            // The data may end before now; then the last of them is looked at.
            None if self.measured(as_of) => {
                args.from = Some(stamp(as_of - Duration::minutes(NOW)));
                args.to = Some(stamp(as_of));
            }
            None => {}
        }
        let words = why.words(self.lang);
        let label = match self.lang {
            Lang::Ko => format!("{words} 찾기"),
            Lang::En => format!("Look for {words}"),
        };
        let id = self.tool(label, "rca.run", &args);
        self.say(&id, &Say::Causes { subject: String::new() });
        id
    }

    /// Whether there are data around a moment.
    fn measured(&self, at: DateTime<Utc>) -> bool {
        let catalogue = self.index.catalogue();
        let covers = catalogue.metrics.iter().filter_map(|m| m.covers);
        covers
            .chain(catalogue.records.iter().filter_map(|r| r.covers))
            .any(|(from, to)| from < at && at - Duration::minutes(NOW) < to)
    }
}
