//! Another percentile of what was asked about last (`그럼 p99는?`, `and p95?`).

use super::Reader;

const NAMES: [&str; 4] = ["p50", "p90", "p95", "p99"];

impl Reader<'_> {
    /// The metric that is meant when a question that goes on says a percentile and nothing else that is measured: the one of the
    /// same name with that percentile, or the same metric where its name has none.
    pub(super) fn other_percentile(&self, last: usize) -> Option<usize> {
        let named = self.concepts_named();
        if self.mentions.len() > 8 || named.iter().any(|c| !NAMES.contains(&c.as_str())) {
            return None;
        }
        let said = self.percentile()?;
        let own = self.index.concepts_of(last);
        let Some(part) = NAMES.iter().find(|p| own.contains(**p)) else { return Some(last) };
        let mut wanted = own.clone();
        wanted.remove(*part);
        wanted.insert(said);
        let edges = self.index.catalogue().metrics.get(last)?.per_edge;
        let mut metrics = self.index.catalogue().metrics.iter().enumerate();
        metrics.find(|(i, m)| m.per_edge == edges && self.index.concepts_of(*i) == wanted).map(|(i, _)| i)
    }
}
