//! The state of a page in its address, so that a view can be saved, sent and gone back to.

use leptos::prelude::*;
use leptos_router::{
    NavigateOptions,
    hooks::{use_location, use_navigate},
};
use model::Condition;

/// Names and values after the `?`, in order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Query(Vec<(String, String)>);

impl Query {
    /// Reads what stands after the `?`.
    pub fn parse(search: &str) -> Self {
        let decode = |text: &str| {
            let text = text.replace('+', " ");
            js_sys::decode_uri_component(&text).map_or_else(|_| text.clone(), String::from)
        };
        Self(
            search
                .trim_start_matches('?')
                .split('&')
                .filter(|pair| !pair.is_empty())
                .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
                .map(|(key, value)| (decode(key), decode(value)))
                .collect(),
        )
    }

    /// The first value of a name, or nothing.
    pub fn get(&self, key: &str) -> &str {
        self.0.iter().find(|(k, _)| k == key).map_or("", |(_, v)| v)
    }

    /// Every value of a name.
    pub fn all<'q>(&'q self, key: &'q str) -> impl Iterator<Item = &'q str> {
        self.0.iter().filter(move |(k, _)| k == key).map(|(_, v)| v.as_str())
    }

    /// A list in one value, separated by commas.
    pub fn list(&self, key: &str) -> Vec<String> {
        self.get(key).split(',').filter(|s| !s.is_empty()).map(str::to_owned).collect()
    }

    /// Sets a name; an empty value takes it away.
    pub fn set(&mut self, key: &str, value: impl Into<String>) {
        self.0.retain(|(k, _)| k != key);
        let value = value.into();
        if !value.is_empty() {
            self.0.push((key.to_owned(), value));
        }
    }

    /// Sets a name to several values.
    pub fn set_all(&mut self, key: &str, values: impl IntoIterator<Item = String>) {
        self.0.retain(|(k, _)| k != key);
        self.0.extend(values.into_iter().map(|v| (key.to_owned(), v)));
    }

    /// The conditions under `f`.
    pub fn conditions(&self) -> Vec<Condition> {
        self.all("f")
            .filter_map(|text| {
                let mut parts = text.splitn(3, '~');
                let (field, op, value) = (parts.next()?, parts.next()?, parts.next().unwrap_or("null"));
                Some(Condition {
                    field: field.to_owned(),
                    op: serde_json::from_value(serde_json::Value::String(op.to_owned())).ok()?,
                    value: serde_json::from_str(value).ok()?,
                })
            })
            .collect()
    }

    /// Sets the conditions under `f`.
    pub fn set_conditions(&mut self, conditions: &[Condition]) {
        self.set_all(
            "f",
            conditions.iter().filter_map(|c| {
                let op = serde_json::to_value(c.op).ok()?;
                Some(format!("{}~{}~{}", c.field, op.as_str()?, c.value))
            }),
        );
    }

    /// As it stands after the `?`, without it.
    pub fn text(&self) -> String {
        let encode = |text: &str| {
            String::from(js_sys::encode_uri_component(text))
                .replace("%2C", ",")
                .replace("%3A", ":")
                .replace("%7E", "~")
        };
        self.0.iter().map(|(k, v)| format!("{}={}", encode(k), encode(v))).collect::<Vec<_>>().join("&")
    }

    /// A path with this state.
    pub fn href(&self, path: &str) -> String {
        let text = self.text();
        if text.is_empty() { path.to_owned() } else { format!("{path}?{text}") }
    }
}

/// The address of the page now open.
#[derive(Clone, Copy)]
pub struct Address {
    /// Its state; changes with every step back and forward too.
    pub query: Memo<Query>,
    go: Callback<(Query, bool)>,
}

impl Address {
    /// The address of the page at `path`, without its state.
    pub fn of(path: impl Fn() -> String + Send + Sync + 'static) -> Self {
        let location = use_location();
        let search = location.search;
        let navigate = use_navigate();
        Self {
            query: Memo::new(move |_| Query::parse(&search.get())),
            go: Callback::new(move |(query, replace): (Query, bool)| {
                navigate(
                    &query.href(&path()),
                    NavigateOptions { replace, scroll: false, ..NavigateOptions::default() },
                );
            }),
        }
    }

    /// Changes the state in place: typing, sorting.
    pub fn update(&self, change: impl FnOnce(&mut Query)) {
        self.step(change, true);
    }

    /// Changes the state as a step that can be gone back.
    pub fn push(&self, change: impl FnOnce(&mut Query)) {
        self.step(change, false);
    }

    fn step(&self, change: impl FnOnce(&mut Query), replace: bool) {
        let before = self.query.get_untracked();
        let mut after = before.clone();
        change(&mut after);
        if after != before {
            self.go.run((after, replace));
        }
    }

    /// One value of the state as a signal.
    pub fn value(&self, key: &'static str) -> Memo<String> {
        let query = self.query;
        Memo::new(move |_| query.with(|q| q.get(key).to_owned()))
    }
}
