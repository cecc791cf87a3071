//! Whether a plan can run, before it runs. Every issue says where it is and how to mend it, so that a person and a model
//! can both repair the plan.

mod args;
mod names;
mod schema;
mod shape;

use model::{plan::Plan, run::PlanCost};

use crate::tools::Catalog;

pub use model::run::{Issue, IssueCode};
pub(crate) use names::dependencies;

/// Most nodes of a plan.
pub const MAX_NODES: usize = 200;
/// Deepest nesting.
pub const MAX_DEPTH: usize = 8;
/// Most rounds of loops inside each other.
pub const MAX_ROUNDS: u64 = 1_000;

/// Most issues that are named; nobody mends more at a time.
const MAX_ISSUES: usize = 100;

/// What is wrong with a plan for the tools of one caller, at most a hundred things; nothing when it can run.
pub fn validate(plan: &Plan, catalog: &dyn Catalog) -> Vec<Issue> {
    let mut issues = Vec::new();
    // Deeper trees are not walked further, so that the walk itself is bounded.
    if shape::check(plan, &mut issues) {
        names::check(plan, catalog, &mut issues);
        shape::approvals(plan, catalog, &mut issues);
        shape::affordable(plan, catalog, &mut issues);
    }
    issues.truncate(MAX_ISSUES);
    issues
}

/// The most a plan can do; sub-plans are not known before.
pub fn cost(plan: &Plan, catalog: &dyn Catalog) -> PlanCost {
    shape::cost(plan, catalog)
}

#[cfg(test)]
mod tests;

#[cfg(test)]
mod tests_specs;
