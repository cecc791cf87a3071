//! What the page shows, read from its address.

use chrono::{DateTime, Utc};
use model::{
    RunId, UserId,
    run::{RunQuery, RunStatus},
};

use crate::ui::estate::{Query, Span};

/// Rows of a page.
const PAGE: u32 = 100;
/// Milliseconds from which a run is slow.
pub const SLOW_MS: f64 = 1_000.0;

/// What the page shows.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct State {
    /// Words.
    pub text: String,
    /// Statuses; all when empty.
    pub status: Vec<RunStatus>,
    /// Kinds; all when empty.
    pub kind: Vec<String>,
    /// Only those of the person signed in.
    pub mine: bool,
    /// Only slow ones.
    pub slow: bool,
    /// Time.
    pub span: Span,
    /// Runs chosen for comparison, in the order they were chosen.
    pub pair: Vec<RunId>,
}

impl State {
    /// Reads the address.
    pub fn of(query: &Query) -> Self {
        let run = |key: &str| query.get(key).parse::<RunId>().ok();
        Self {
            text: query.get("q").to_owned(),
            status: query.list("status").iter().filter_map(|s| s.parse().ok()).collect(),
            kind: query.list("kind"),
            mine: query.get("who") == "me",
            slow: query.get("slow") == "1",
            span: Span::parse(query.get("range"), Span::All),
            pair: [run("a"), run("b")].into_iter().flatten().collect(),
        }
    }

    /// The question to the server, for the first page.
    pub fn query(&self, me: Option<UserId>, now: DateTime<Utc>) -> RunQuery {
        let (from, until) = self.span.bounds(Some(now));
        RunQuery {
            status: self.status.clone(),
            kind: self.kind.clone(),
            user: me.filter(|_| self.mine),
            from,
            // runs that begin while the page is open belong to it
            until: until.filter(|_| matches!(self.span, Span::Between(..))),
            text: self.text.clone(),
            min_ms: self.slow.then_some(SLOW_MS),
            after: None,
            limit: PAGE,
        }
    }

    /// Whether anything narrows the list.
    pub fn narrowed(&self) -> bool {
        !self.text.is_empty()
            || !self.status.is_empty()
            || !self.kind.is_empty()
            || self.mine
            || self.slow
            || self.span != Span::All
    }
}

/// Writes the chosen runs into the address.
pub fn set_pair(query: &mut Query, pair: &[RunId]) {
    let text = |at: usize| pair.get(at).map(ToString::to_string).unwrap_or_default();
    query.set("a", text(0));
    query.set("b", text(1));
}

/// Chooses a run for comparison or lets go of it; of three the one chosen first is let go.
pub fn toggle_pair(pair: &[RunId], id: RunId) -> Vec<RunId> {
    let mut out: Vec<RunId> = pair.iter().copied().filter(|chosen| *chosen != id).collect();
    if out.len() == pair.len() {
        out.push(id);
    }
    let from = out.len().saturating_sub(2);
    out.split_off(from)
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn of_three_chosen_runs_the_first_is_let_go() {
        let id = |n: u128| RunId(Uuid::from_u128(n));
        let two = toggle_pair(&toggle_pair(&[], id(1)), id(2));
        assert_eq!(toggle_pair(&two, id(3)), [id(2), id(3)]);
        assert_eq!(toggle_pair(&two, id(1)), [id(2)]);
    }
}
