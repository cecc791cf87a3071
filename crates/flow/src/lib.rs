//! The plan tree: validation and the executor.
//!
//! Invariants: every step that starts ends exactly once; no step starts after cancellation or after its deadline; a failure
//! is a value that the steps depending on it see as missing, never the end of its siblings; a panic in a tool is a failed
//! step. Nothing here reads or writes data: tools do, through [`Tools`].

mod exec;
mod reference;
mod tools;
mod validate;

pub use exec::{Execution, RunContext, StepResult, run};
pub use reference::{Missing, Reference};
pub use tools::{Access, CallContext, Catalog, ToolError, Tools};
pub use validate::{Issue, IssueCode, MAX_DEPTH, MAX_NODES, MAX_ROUNDS, validate};
