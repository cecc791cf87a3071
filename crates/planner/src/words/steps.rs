//! Labels of steps.

use super::Wording;
use crate::logic::Reduce;

impl Wording<'_> {
    /// Label of a step that compares.
    pub fn comparing(&self, subject: &str) -> String {
        if self.ko() { format!("{subject} 비교") } else { format!("Compare {subject}") }
    }

    /// Label of a step that counts.
    pub fn counting(&self, subject: &str, reduce: &Reduce) -> String {
        match (reduce, self.ko()) {
            (Reduce::Count, true) => format!("{subject} 세기"),
            (Reduce::Count, false) => format!("Count {subject}"),
            (_, true) => format!("{subject} 계산"),
            (_, false) => format!("Compute over {subject}"),
        }
    }

    /// Label of a step that groups.
    pub fn grouping(&self, subject: &str, by: &[String]) -> String {
        let by = by.iter().map(|f| self.field(f)).collect::<Vec<_>>().join(", ");
        if self.ko() { format!("{by}별 {subject} 집계") } else { format!("Group {subject} by {by}") }
    }

    /// Label of a step that ranks.
    pub fn ranking(&self, subject: &str, field: &str) -> String {
        let field = self.field(field);
        if self.ko() {
            format!("{field} 순으로 {subject} 정렬")
        } else {
            format!("Rank {subject} by {field}")
        }
    }

    /// Label of a step that finds records.
    pub fn finding(&self, subject: &str) -> String {
        if self.ko() { format!("{subject} 찾기") } else { format!("Find {subject}") }
    }

    /// Label of a step that measures.
    pub fn measuring(&self, subject: &str) -> String {
        if self.ko() { format!("{subject} 조회") } else { format!("Query {subject}") }
    }
}
