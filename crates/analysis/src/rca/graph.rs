//! Who depends on whom among the candidates.

use std::collections::{HashSet, VecDeque};

use super::Input;

/// Dependencies in both directions.
#[derive(Default)]
pub(crate) struct Graph {
    below: Vec<Vec<u32>>,
    above: Vec<Vec<u32>>,
}

impl Graph {
    pub fn new(input: &Input<'_>) -> Self {
        let n = input.items.len();
        let (mut below, mut above) = (vec![Vec::new(); n], vec![Vec::new(); n]);
        let calls = input.series.iter().filter_map(|s| Some((s.item, s.peer?)));
        let links = input.links.iter().map(|l| (l.from, l.to)).chain(calls);
        for (from, to) in links.filter(|(from, to)| from != to) {
            if let (Some(b), true) = (below.get_mut(from as usize), (to as usize) < n) {
                b.push(to);
                if let Some(a) = above.get_mut(to as usize) {
                    a.push(from);
                }
            }
        }
        for row in below.iter_mut().chain(above.iter_mut()) {
            row.sort_unstable();
            row.dedup();
        }
        Self { below, above }
    }

    /// What an item depends on directly.
    pub fn below(&self, item: u32) -> &[u32] {
        self.below.get(item as usize).map_or(&[], Vec::as_slice)
    }

    /// What depends on an item directly.
    pub fn above(&self, item: u32) -> &[u32] {
        self.above.get(item as usize).map_or(&[], Vec::as_slice)
    }

    /// Items within `hops` relations, with their distance, nearest first; the start is left out.
    pub fn reach(&self, start: u32, up: bool, hops: u32) -> Vec<(u32, u32)> {
        let mut seen = vec![false; self.below.len()];
        let mut found = Vec::new();
        let mut open = VecDeque::from([(start, 0)]);
        if let Some(slot) = seen.get_mut(start as usize) {
            *slot = true;
        }
        while let Some((item, depth)) = open.pop_front() {
            if depth > 0 {
                found.push((item, depth));
            }
            if depth == hops {
                continue;
            }
            for &next in if up { self.above(item) } else { self.below(item) } {
                if let Some(slot) = seen.get_mut(next as usize)
                    && !*slot
                {
                    *slot = true;
                    open.push_back((next, depth + 1));
                }
            }
        }
        found
    }

    /// Items below that depend on the item themselves: those it stands in a circle with.
    pub fn round(&self, item: u32, hops: u32) -> HashSet<u32> {
        let above: HashSet<u32> = self.reach(item, true, hops).into_iter().map(|r| r.0).collect();
        self.reach(item, false, hops).into_iter().map(|r| r.0).filter(|other| above.contains(other)).collect()
    }

    /// A shortest way from an item up to one that depends on it, through items that `fit` where there is one.
    pub fn way_up(&self, from: u32, to: u32, fit: impl Fn(u32) -> bool) -> Vec<u32> {
        self.way(from, to, &fit).or_else(|| self.way(from, to, &|_| true)).unwrap_or_else(|| vec![from])
    }

    fn way(&self, from: u32, to: u32, fit: &dyn Fn(u32) -> bool) -> Option<Vec<u32>> {
        let mut parent: Vec<Option<u32>> = vec![None; self.below.len()];
        let mut open = VecDeque::from([from]);
        while let Some(item) = open.pop_front() {
            if item == to {
                let mut way = vec![to];
                let mut at = to;
                while at != from {
                    at = (*parent.get(at as usize)?)?;
                    way.push(at);
                }
                way.reverse();
                return Some(way);
            }
            for &next in self.above(item) {
                let slot = parent.get_mut(next as usize)?;
                if next != from && slot.is_none() && (next == to || fit(next)) {
                    *slot = Some(item);
                    open.push_back(next);
                }
            }
        }
        None
    }
}
