//! Typed models shared by browser and server: what crosses a border is defined here once.
//!
//! Invariant: serde only. Nothing in this crate does IO, reads a clock or draws a random number.

pub mod answer;
pub mod auth;
pub mod chat;
pub mod cmdb;
pub mod condition;
pub mod error;
pub mod golden;
pub mod graph;
pub mod ids;
pub mod imports;
pub mod incident;
pub mod metrics;
pub mod perm;
pub mod plan;
pub mod rca;
pub mod records;
pub mod relations;
pub mod run;
pub mod schema;
pub mod settings;
pub mod synonym;
pub mod text;
pub mod tools;

pub use condition::{Condition, Op};
pub use error::{ApiError, Envelope, ErrorCode, FieldError};
pub use ids::*;
pub use text::{Lang, Localized};
