//! The rows: repeats in one row each, or one row per record, fetched in pages as they come into view.

use chrono::{DateTime, Utc};
use leptos::{prelude::*, task::spawn_local};
use model::{
    ApiError,
    records::{Record, RecordGroup, RecordQuery},
};

use crate::{
    api,
    i18n::format::now,
    ui::{call, net},
};

/// A row.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// The record, the newest of the group.
    pub record: Record,
    /// When the first happened.
    pub first_at: DateTime<Utc>,
    /// How many.
    pub count: u64,
}

impl From<Record> for Row {
    fn from(record: Record) -> Self {
        Self { first_at: record.at, record, count: 1 }
    }
}

impl From<RecordGroup> for Row {
    fn from(group: RecordGroup) -> Self {
        Self { record: group.last, first_at: group.first_at, count: group.count }
    }
}

/// What a list is asked for: the question, and whether repeats are grouped.
pub type Ask = (RecordQuery, bool);

/// The rows that are here.
#[derive(Clone, Copy)]
pub struct Rows {
    /// Them.
    pub rows: RwSignal<Vec<Row>>,
    /// Rows that fit, and records in them.
    pub total: RwSignal<Option<(u64, u64)>>,
    /// More can be fetched.
    pub more: RwSignal<bool>,
    /// The first answer came.
    pub ready: RwSignal<bool>,
    /// What went wrong.
    pub error: RwSignal<Option<ApiError>>,
    /// When the newest rows came.
    pub at: RwSignal<Option<DateTime<Utc>>>,
    next: StoredValue<Option<String>>,
    loading: StoredValue<bool>,
    generation: StoredValue<u64>,
    ask: Signal<Option<Ask>>,
}

impl Rows {
    /// Rows of what is asked, fetched anew when it changes.
    pub fn of(ask: Signal<Option<Ask>>) -> Self {
        let rows = Self {
            rows: RwSignal::new(Vec::new()),
            total: RwSignal::new(None),
            more: RwSignal::new(false),
            ready: RwSignal::new(false),
            error: RwSignal::new(None),
            at: RwSignal::new(None),
            next: StoredValue::new(None),
            loading: StoredValue::new(false),
            generation: StoredValue::new(0),
            ask,
        };
        // A server that is back is asked again.
        let reconnected = net::use_reconnected();
        Effect::new(move || {
            ask.track();
            reconnected.track();
            rows.restart();
        });
        rows
    }

    /// Fetches from the beginning.
    pub fn restart(self) {
        self.generation.update_value(|n| *n += 1);
        self.loading.set_value(false);
        self.next.set_value(None);
        self.fetch(true);
    }

    /// Rows up to `to` come into view.
    pub fn need(self, to: usize) {
        if self.more.get_untracked() && to + 20 >= self.rows.with_untracked(Vec::len) {
            self.fetch(false);
        }
    }

    fn fetch(self, first: bool) {
        let Some((mut query, grouped)) = self.ask.get_untracked() else { return };
        if self.loading.get_value() {
            return;
        }
        self.loading.set_value(true);
        query.cursor = self.next.get_value();
        let mine = self.generation.get_value();
        spawn_local(async move {
            let answer = if grouped {
                call(move || api::events::group_records(query.clone())).await.map(|page| {
                    let rows: Vec<Row> = page.items.into_iter().map(Row::from).collect();
                    // the number of all groups is known only where there is one on the page
                    let counted = (!rows.is_empty()).then_some((page.total, page.records));
                    (rows, page.next, counted)
                })
            } else {
                call(move || api::events::list_records(query.clone())).await.map(|page| {
                    let total = page.total;
                    (page.items.into_iter().map(Row::from).collect(), page.next, Some((total, total)))
                })
            };
            if self.generation.try_get_value() != Some(mine) {
                return;
            }
            self.loading.set_value(false);
            match answer {
                Ok((rows, next, total)) => {
                    self.rows.update(|all| {
                        if first {
                            all.clear();
                        }
                        all.extend(rows);
                    });
                    self.more.set(next.is_some());
                    self.next.set_value(next);
                    if first || total.is_some() {
                        self.total.set(total);
                    }
                    self.error.set(None);
                    self.at.set(Some(now()));
                    self.ready.set(true);
                }
                Err(error) => self.error.set(Some(error)),
            }
        });
    }
}
