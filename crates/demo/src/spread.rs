//! Along which ways a failure travels: from what something needs to what needs it.

use std::collections::{HashMap, VecDeque};

use crate::estate::Estate;

/// Who needs whom.
pub(crate) struct Dependents {
    needed_by: HashMap<usize, Vec<(usize, &'static str)>>,
}

impl Dependents {
    pub fn new(estate: &Estate) -> Self {
        let mut needed_by: HashMap<usize, Vec<(usize, &'static str)>> = HashMap::new();
        for relation in &estate.relations {
            needed_by.entry(relation.target).or_default().push((relation.source, relation.r#type));
        }
        Self { needed_by }
    }

    /// Who needs this directly, and by which relation.
    pub fn of(&self, node: usize) -> &[(usize, &'static str)] {
        self.needed_by.get(&node).map(Vec::as_slice).unwrap_or_default()
    }

    /// Everybody a failure reaches, with the number of steps, the nearest first.
    pub fn reach(&self, from: usize, deepest: u32, most: usize) -> Vec<(usize, u32)> {
        let mut reached: Vec<(usize, u32)> = Vec::new();
        let mut seen: HashMap<usize, u32> = HashMap::from([(from, 0)]);
        let mut queue = VecDeque::from([(from, 0)]);
        while let Some((node, hops)) = queue.pop_front() {
            if hops == deepest {
                continue;
            }
            for (next, _) in self.of(node) {
                if reached.len() < most && !seen.contains_key(next) {
                    seen.insert(*next, hops + 1);
                    reached.push((*next, hops + 1));
                    queue.push_back((*next, hops + 1));
                }
            }
        }
        reached
    }
}
