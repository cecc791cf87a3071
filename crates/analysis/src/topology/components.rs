//! Groups of items: what hangs together, and what depends on itself.

use super::{Topology, TypeSet};

impl Topology {
    /// Weakly connected components, largest first, then by their smallest node; nodes of each in order.
    pub fn components(&self, types: &TypeSet) -> Vec<Vec<u32>> {
        let mut root: Vec<u32> = (0..self.nodes()).collect();
        for edge in self.all_edges().filter(|e| types.has(e.kind)) {
            let (a, b) = (find(&mut root, edge.source), find(&mut root, edge.target));
            // The smaller number stays the root, so a component is known by its smallest node.
            if let Some(slot) = root.get_mut(a.max(b) as usize) {
                *slot = a.min(b);
            }
        }
        let mut groups: Vec<Vec<u32>> = vec![Vec::new(); root.len()];
        for node in 0..self.nodes() {
            let of = find(&mut root, node);
            if let Some(group) = groups.get_mut(of as usize) {
                group.push(node);
            }
        }
        groups.retain(|group| !group.is_empty());
        largest_first(groups)
    }

    /// Strongly connected components of more than one node (every node reaches every other), largest first.
    pub fn cycles(&self, types: &TypeSet) -> Vec<Vec<u32>> {
        let count = self.nodes() as usize;
        let mut search = Search {
            order: vec![0; count],
            low: vec![0; count],
            on_stack: vec![false; count],
            ..Search::default()
        };
        for node in 0..self.nodes() {
            if search.order.get(node as usize).copied() == Some(0) {
                search.from(self, node, types);
            }
        }
        largest_first(search.found)
    }
}

fn find(root: &mut [u32], node: u32) -> u32 {
    let mut at = node;
    while let Some(&up) = root.get(at as usize) {
        if up == at {
            break;
        }
        // Halving keeps the chains short.
        let above = root.get(up as usize).copied().unwrap_or(up);
        if let Some(slot) = root.get_mut(at as usize) {
            *slot = above;
        }
        at = above;
    }
    at
}

fn largest_first(mut groups: Vec<Vec<u32>>) -> Vec<Vec<u32>> {
    for group in &mut groups {
        group.sort_unstable();
    }
    groups.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.first().cmp(&b.first())));
    groups
}

/// Tarjan's search without recursion: an estate may be one long chain.
#[derive(Default)]
struct Search {
    /// Order of discovery from 1; 0 is not seen.
    order: Vec<u32>,
    low: Vec<u32>,
    on_stack: Vec<bool>,
    stack: Vec<u32>,
    next: u32,
    found: Vec<Vec<u32>>,
}

impl Search {
    fn from(&mut self, topology: &Topology, start: u32, types: &TypeSet) {
        self.enter(start);
        let mut work: Vec<(u32, usize)> = vec![(start, 0)];
        while let Some(frame) = work.last_mut() {
            let (node, at) = *frame;
            frame.1 += 1;
            let Some(&(target, kind)) = topology.out.row(node).get(at) else {
                work.pop();
                if let Some(&(parent, _)) = work.last() {
                    self.lower(parent, self.low_of(node));
                }
                self.close(node);
                continue;
            };
            if !types.has(kind) {
                continue;
            }
            let order = self.order.get(target as usize).copied().unwrap_or(0);
            if order == 0 {
                self.enter(target);
                work.push((target, 0));
            } else if self.on_stack.get(target as usize).copied().unwrap_or(false) {
                self.lower(node, order);
            }
        }
    }

    fn enter(&mut self, node: u32) {
        self.next += 1;
        let at = node as usize;
        if let (Some(order), Some(low), Some(on)) =
            (self.order.get_mut(at), self.low.get_mut(at), self.on_stack.get_mut(at))
        {
            (*order, *low, *on) = (self.next, self.next, true);
            self.stack.push(node);
        }
    }

    fn low_of(&self, node: u32) -> u32 {
        self.low.get(node as usize).copied().unwrap_or(u32::MAX)
    }

    fn lower(&mut self, node: u32, to: u32) {
        if let Some(low) = self.low.get_mut(node as usize) {
            *low = (*low).min(to);
        }
    }

    /// Takes a finished component off the stack when `node` is its first.
    fn close(&mut self, node: u32) {
        if self.order.get(node as usize).copied() != Some(self.low_of(node)) {
            return;
        }
        let mut group = Vec::new();
        while let Some(member) = self.stack.pop() {
            if let Some(on) = self.on_stack.get_mut(member as usize) {
                *on = false;
            }
            group.push(member);
            if member == node {
                break;
            }
        }
        if group.len() > 1 {
            self.found.push(group);
        }
    }
}
