//! Shortest paths, searched from both ends.

use model::graph::Direction;

use super::{Topology, TypeSet, rows::Rows};

/// A path: nodes in order, both ends included, and the type of the relation between each two.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Path {
    /// Nodes from first to last.
    pub nodes: Vec<u32>,
    /// Types of the relations walked, one less than nodes.
    pub via: Vec<u16>,
}

const UNSEEN: u32 = u32::MAX;

/// One end of the search: distance of every node seen, and the outermost level.
struct End<'a> {
    sides: [Option<&'a Rows>; 2],
    distance: Vec<u32>,
    frontier: Vec<u32>,
    depth: u32,
}

impl End<'_> {
    fn at(&self, node: u32) -> u32 {
        self.distance.get(node as usize).copied().unwrap_or(UNSEEN)
    }

    /// Expands the whole outermost level; gives the number of relations looked at.
    fn advance(&mut self, types: &TypeSet) -> u64 {
        self.depth += 1;
        let mut spent = 0;
        let mut next = Vec::new();
        for &node in &self.frontier {
            for rows in self.sides.into_iter().flatten() {
                let row = rows.row(node);
                spent += row.len() as u64;
                for &(other, kind) in row {
                    if types.has(kind)
                        && let Some(distance) = self.distance.get_mut(other as usize)
                        && *distance == UNSEEN
                    {
                        *distance = self.depth;
                        next.push(other);
                    }
                }
            }
        }
        self.frontier = next;
        spent
    }
}

impl Topology {
    /// The shortest path of at most `max_depth` hops; among several the one whose nodes come first. `None` when there is
    /// none, when an end does not exist, or when more than `budget` relations had to be looked at.
    pub fn shortest_path(
        &self,
        from: u32,
        to: u32,
        direction: Direction,
        types: &TypeSet,
        max_depth: u32,
        budget: u64,
    ) -> Option<Path> {
        if from >= self.nodes() || to >= self.nodes() {
            return None;
        }
        if from == to {
            return Some(Path { nodes: vec![from], via: Vec::new() });
        }
        let back = match direction {
            Direction::Out => Direction::In,
            Direction::In => Direction::Out,
            Direction::Both => Direction::Both,
        };
        let mut ahead = self.end(from, direction);
        let mut behind = self.end(to, back);
        let mut spent = 0;
        loop {
            if ahead.depth + behind.depth >= max_depth
                || ahead.frontier.is_empty()
                || behind.frontier.is_empty()
                || spent > budget
            {
                return None;
            }
            let smaller_ahead = ahead.frontier.len() <= behind.frontier.len();
            let (moving, waiting) = if smaller_ahead { (&mut ahead, &behind) } else { (&mut behind, &ahead) };
            spent += moving.advance(types);
            // Both searches know their outermost level completely, so the first meeting is a shortest one and every
            // shortest path passes through one of these nodes.
            let meeting: Vec<u32> =
                moving.frontier.iter().copied().filter(|&n| waiting.at(n) == waiting.depth).collect();
            if !meeting.is_empty() {
                return self.assemble(from, &ahead, &behind, meeting, types);
            }
        }
    }

    fn end(&self, node: u32, direction: Direction) -> End<'_> {
        let mut distance = vec![UNSEEN; self.nodes() as usize];
        if let Some(slot) = distance.get_mut(node as usize) {
            *slot = 0;
        }
        End { sides: self.sides(direction), distance, frontier: vec![node], depth: 0 }
    }

    /// Picks, step by step, the smallest node that still lies on a shortest path.
    fn assemble(
        &self,
        from: u32,
        ahead: &End<'_>,
        behind: &End<'_>,
        meeting: Vec<u32>,
        types: &TypeSet,
    ) -> Option<Path> {
        let length = ahead.depth + behind.depth;
        let mut good = vec![false; self.nodes() as usize];
        let mut level = meeting;
        for depth in (0..=ahead.depth).rev() {
            let mut before = Vec::new();
            for &node in &level {
                match good.get_mut(node as usize) {
                    Some(mark) if !*mark => *mark = true,
                    _ => continue,
                }
                if depth == 0 {
                    continue;
                }
                for rows in behind.sides.into_iter().flatten() {
                    before.extend(
                        rows.row(node)
                            .iter()
                            .filter(|&&(other, kind)| types.has(kind) && ahead.at(other) == depth - 1)
                            .map(|&(other, _)| other),
                    );
                }
            }
            level = before;
        }
        let mut path = Path { nodes: vec![from], via: Vec::new() };
        let mut node = from;
        for step in 1..=length {
            let fits = |other: u32| {
                if step <= ahead.depth {
                    ahead.at(other) == step && good.get(other as usize).copied().unwrap_or(false)
                } else {
                    behind.at(other) == length - step
                }
            };
            let (next, via) = ahead
                .sides
                .into_iter()
                .flatten()
                .filter_map(|rows| rows.row(node).iter().copied().find(|&(o, k)| types.has(k) && fits(o)))
                .min()?;
            path.nodes.push(next);
            path.via.push(via);
            node = next;
        }
        Some(path)
    }
}
