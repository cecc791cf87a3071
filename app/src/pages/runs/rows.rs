//! The rows, fetched in pages as they come into view.

use leptos::{prelude::*, task::spawn_local};
use model::{
    ApiError,
    run::{RunQuery, RunStatus, RunSummary},
};

use crate::{api, ui::call};

/// The rows that are here.
#[derive(Clone, Copy)]
pub struct Rows {
    /// Them.
    pub rows: RwSignal<Vec<RunSummary>>,
    /// Runs that fit by kind.
    pub kinds: RwSignal<Vec<(String, u64)>>,
    /// Runs that fit by status.
    pub statuses: RwSignal<Vec<(RunStatus, u64)>>,
    /// More can be fetched.
    pub more: RwSignal<bool>,
    /// The first answer came.
    pub ready: RwSignal<bool>,
    /// What went wrong.
    pub error: RwSignal<Option<ApiError>>,
    next: StoredValue<Option<String>>,
    loading: StoredValue<bool>,
    generation: StoredValue<u64>,
    ask: Signal<RunQuery>,
}

impl Rows {
    /// Rows of what is asked, fetched anew when it changes.
    pub fn of(ask: Signal<RunQuery>) -> Self {
        let rows = Self {
            rows: RwSignal::new(Vec::new()),
            kinds: RwSignal::new(Vec::new()),
            statuses: RwSignal::new(Vec::new()),
            more: RwSignal::new(false),
            ready: RwSignal::new(false),
            error: RwSignal::new(None),
            next: StoredValue::new(None),
            loading: StoredValue::new(false),
            generation: StoredValue::new(0),
            ask,
        };
        Effect::new(move || {
            ask.track();
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
        if self.loading.get_value() {
            return;
        }
        self.loading.set_value(true);
        let query = RunQuery { after: self.next.get_value(), ..self.ask.get_untracked() };
        let mine = self.generation.get_value();
        spawn_local(async move {
            let answer = call(move || api::runs::list_runs(query.clone())).await;
            if self.generation.try_get_value() != Some(mine) {
                return;
            }
            self.loading.set_value(false);
            match answer {
                Ok(page) => {
                    if first {
                        self.kinds.set(page.kinds);
                        self.statuses.set(page.statuses);
                        self.rows.set(page.items);
                    } else {
                        self.rows.update(|all| all.extend(page.items));
                    }
                    self.more.set(page.next.is_some());
                    self.next.set_value(page.next);
                    self.error.set(None);
                    self.ready.set(true);
                }
                Err(error) => self.error.set(Some(error)),
            }
        });
    }
}
