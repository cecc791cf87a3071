//! Compressed rows: for each node the list of (other end, type), ordered.

/// One direction of the graph.
#[derive(Debug, Clone, Default)]
pub(super) struct Rows {
    starts: Vec<u32>,
    cells: Vec<(u32, u16)>,
}

impl Rows {
    /// Builds rows out of (node, other end, type), ordered by node.
    pub(super) fn new(nodes: u32, ordered: impl Iterator<Item = (u32, u32, u16)>) -> Self {
        let mut starts = vec![0_u32; nodes as usize + 1];
        let mut cells = Vec::new();
        for (node, other, kind) in ordered {
            if let Some(count) = starts.get_mut(node as usize + 1) {
                *count += 1;
                cells.push((other, kind));
            }
        }
        let mut sum = 0;
        for start in &mut starts {
            sum += *start;
            *start = sum;
        }
        Self { starts, cells }
    }

    pub(super) fn nodes(&self) -> u32 {
        u32::try_from(self.starts.len().saturating_sub(1)).unwrap_or(u32::MAX)
    }

    pub(super) fn len(&self) -> usize {
        self.cells.len()
    }

    /// The row of a node; empty for a node that is not there.
    pub(super) fn row(&self, node: u32) -> &[(u32, u16)] {
        let at = node as usize;
        match (self.starts.get(at), self.starts.get(at + 1)) {
            (Some(&from), Some(&to)) => self.cells.get(from as usize..to as usize).unwrap_or_default(),
            _ => &[],
        }
    }
}
