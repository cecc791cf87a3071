//! What the explorer shows, read from its address.

use model::graph::{Direction, EdgeFilter, GraphQuery};

use crate::ui::estate::Query;

/// What is asked of the topology.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mode {
    /// What is around the start.
    #[default]
    Around,
    /// What fails with it.
    Impact,
    /// The shortest way to another item.
    Path,
    /// Groups of connected items.
    Components,
    /// Circles of relations.
    Cycles,
}

impl Mode {
    /// Every mode, in the order it is offered.
    pub const ALL: [Self; 5] = [Self::Around, Self::Impact, Self::Path, Self::Components, Self::Cycles];

    /// Its word in the address.
    pub fn key(self) -> &'static str {
        match self {
            Self::Around => "around",
            Self::Impact => "impact",
            Self::Path => "path",
            Self::Components => "components",
            Self::Cycles => "cycles",
        }
    }

    /// Reads its word.
    pub fn of(key: &str) -> Self {
        Self::ALL.into_iter().find(|m| m.key() == key).unwrap_or_default()
    }

    /// Whether it begins at an item.
    pub fn starts(self) -> bool {
        matches!(self, Self::Around | Self::Impact | Self::Path)
    }
}

/// Most items of one answer.
const MOST: u32 = 1000;

/// What the explorer shows.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct State {
    /// What is asked.
    pub mode: Mode,
    /// Code to start from, or empty.
    pub start: String,
    /// Code to go to, or empty.
    pub to: String,
    /// Direction of the relations.
    pub direction: Direction,
    /// Most steps.
    pub depth: u32,
    /// Types followed; all when empty.
    pub types: Vec<String>,
    /// Kinds kept; all when empty.
    pub kinds: Vec<String>,
    /// Redundancy counts.
    pub redundancy: bool,
}

impl State {
    /// Reads the address.
    pub fn of(query: &Query) -> Self {
        let mode = Mode::of(query.get("mode"));
        let usual = if mode == Mode::Impact { 6 } else { 2 };
        Self {
            mode,
            start: query.get("start").to_owned(),
            to: query.get("to").to_owned(),
            direction: match query.get("dir") {
                "out" => Direction::Out,
                "in" => Direction::In,
                _ => Direction::Both,
            },
            depth: query.get("depth").parse().ok().filter(|d| (1..=12).contains(d)).unwrap_or(usual),
            types: query.list("types"),
            kinds: query.list("kinds"),
            redundancy: query.get("redundancy") == "1",
        }
    }

    /// The question to the topology; none while something is missing.
    pub fn query(&self) -> Option<GraphQuery> {
        let filter = EdgeFilter { types: self.types.clone(), kinds: self.kinds.clone() };
        let roots = vec![self.start.clone()];
        if self.mode.starts() && self.start.is_empty() {
            return None;
        }
        Some(match self.mode {
            Mode::Around => GraphQuery::Traverse {
                roots,
                direction: self.direction,
                min_depth: 1,
                max_depth: self.depth,
                filter,
                limit: MOST,
            },
            Mode::Impact => GraphQuery::Impact {
                roots,
                max_depth: self.depth,
                filter,
                redundancy: self.redundancy,
                limit: MOST,
            },
            Mode::Path if self.to.is_empty() => return None,
            Mode::Path => GraphQuery::Path {
                from: self.start.clone(),
                to: self.to.clone(),
                direction: self.direction,
                filter,
                max_depth: 30,
            },
            Mode::Components => GraphQuery::Components { filter },
            Mode::Cycles => GraphQuery::Cycles { filter },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_needs_both_ends() {
        let mut state = State { mode: Mode::Path, start: "a".into(), depth: 2, ..State::default() };
        assert!(state.query().is_none());
        state.to = "b".into();
        assert!(state.query().is_some());
    }

    #[test]
    fn components_need_no_start() {
        assert!(State { mode: Mode::Components, ..State::default() }.query().is_some());
        assert!(State::default().query().is_none());
    }
}
