//! The plan tree: validation and the executor.
//!
//! Invariants: every step that starts ends exactly once; no step starts after cancellation or after its deadline; a failure
//! is a value that the steps depending on it see as missing, never the end of its siblings; a panic in a tool is a failed
//! step. Nothing here reads or writes data: tools do, through [`Tools`].

mod budget;
mod clock;
mod exec;
mod guide;
mod journal;
mod reference;
mod shares;
mod tools;
mod validate;

pub use budget::Pool;
pub use clock::{Clock, SystemClock};
pub use exec::{Emit, Execution, RunContext, StepResult, run};
pub use guide::{Guide, NoGuide, Said, Trouble};
pub use journal::{Ask, Decided, Effect, Entry, Journal, MemoryJournal, NoJournal, Replay};
pub use model::run::{Issue, IssueCode};
pub use reference::{Missing, Reference, uses};
pub use shares::{Permit, Shares};
pub use tools::{Access, CallContext, Catalog, ToolError, Tools};
pub use validate::{MAX_DEPTH, MAX_NODES, MAX_ROUNDS, cost, validate};
