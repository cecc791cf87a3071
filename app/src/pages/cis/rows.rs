//! Rows of the list, fetched in pages as they come into view.

use std::collections::{HashMap, HashSet, hash_map::Entry};

use chrono::{DateTime, Utc};
use leptos::{prelude::*, task::spawn_local};
use model::{
    ApiError,
    cmdb::{CiListQuery, CiSummary},
};

use crate::{
    api,
    i18n::format::now,
    ui::{call, net},
};

/// Rows in one page.
const PAGE: usize = 100;

/// The rows that are here, by page.
#[derive(Clone, Copy)]
pub struct Rows {
    /// Rows that fit.
    pub total: RwSignal<u64>,
    /// Items in the tenant.
    pub all: RwSignal<u64>,
    /// What went wrong at the last request.
    pub error: RwSignal<Option<ApiError>>,
    /// The first answer came.
    pub ready: RwSignal<bool>,
    /// When the newest page came.
    pub at: RwSignal<Option<DateTime<Utc>>>,
    pages: RwSignal<HashMap<usize, Vec<CiSummary>>>,
    asked: StoredValue<HashSet<usize>>,
    // The query the pages belong to; an answer to an older one is dropped.
    generation: StoredValue<u64>,
    // The pages still show an older query until the first answer of the new one.
    stale: StoredValue<bool>,
    query: Signal<CiListQuery>,
}

impl Rows {
    /// Rows of a query, fetched anew when it changes.
    pub fn of(query: Signal<CiListQuery>) -> Self {
        let rows = Self {
            total: RwSignal::new(0),
            all: RwSignal::new(0),
            error: RwSignal::new(None),
            ready: RwSignal::new(false),
            at: RwSignal::new(None),
            pages: RwSignal::new(HashMap::new()),
            asked: StoredValue::new(HashSet::new()),
            generation: StoredValue::new(0),
            stale: StoredValue::new(false),
            query,
        };
        // A server that is back is asked again.
        let reconnected = net::use_reconnected();
        Effect::new(move || {
            query.track();
            reconnected.track();
            rows.restart();
        });
        rows
    }

    /// Fetches everything in view again.
    pub fn restart(self) {
        self.generation.update_value(|n| *n += 1);
        self.asked.set_value(HashSet::new());
        self.stale.set_value(true);
        self.need(0, 1);
    }

    /// A row, when it is here.
    pub fn get(self, index: usize) -> Option<CiSummary> {
        self.pages.with(|pages| pages.get(&(index / PAGE)).and_then(|page| page.get(index % PAGE)).cloned())
    }

    /// Makes sure that rows `from .. to` come.
    pub fn need(self, from: usize, to: usize) {
        for page in from / PAGE..=to.saturating_sub(1) / PAGE {
            let fresh = self.asked.try_update_value(|asked| asked.insert(page)).unwrap_or(false);
            if fresh {
                self.fetch(page);
            }
        }
    }

    /// The rows with these numbers, those that are not here yet included. What fails to come is an error, not a gap.
    pub async fn collect(self, wanted: Vec<usize>) -> Result<Vec<CiSummary>, ApiError> {
        let mut fetched: HashMap<usize, Vec<CiSummary>> = HashMap::new();
        let mut out = Vec::with_capacity(wanted.len());
        for index in wanted {
            let page = index / PAGE;
            if let Some(row) = self
                .pages
                .with_untracked(|pages| pages.get(&page).and_then(|rows| rows.get(index % PAGE)).cloned())
            {
                out.push(row);
                continue;
            }
            let rows = match fetched.entry(page) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(place) => {
                    let query = self.page_query(page);
                    let answer = call(move || api::cmdb::list_cis(query.clone())).await?;
                    place.insert(answer.items)
                }
            };
            out.extend(rows.get(index % PAGE).cloned());
        }
        Ok(out)
    }

    fn page_query(self, page: usize) -> CiListQuery {
        let mut query = self.query.get_untracked();
        query.offset = u32::try_from(page * PAGE).unwrap_or(u32::MAX);
        query.limit = u32::try_from(PAGE).unwrap_or(100);
        query
    }

    fn fetch(self, page: usize) {
        let mine = self.generation.get_value();
        let query = self.page_query(page);
        spawn_local(async move {
            let answer = call(move || api::cmdb::list_cis(query.clone())).await;
            if self.generation.try_get_value() != Some(mine) {
                return;
            }
            match answer {
                Ok(answer) => {
                    let replace =
                        self.stale.try_update_value(|s| std::mem::replace(s, false)).unwrap_or(false);
                    self.pages.update(|pages| {
                        if replace {
                            pages.clear();
                        }
                        pages.insert(page, answer.items);
                    });
                    self.total.set(answer.total);
                    self.all.set(answer.all);
                    self.error.set(None);
                    self.at.set(Some(now()));
                    self.ready.set(true);
                }
                Err(error) => {
                    self.asked.update_value(|asked| {
                        asked.remove(&page);
                    });
                    self.error.set(Some(error));
                }
            }
        });
    }
}
