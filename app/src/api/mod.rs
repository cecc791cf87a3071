//! Server functions, one file per slice: what the browser may ask for. Each body extracts the caller and calls one
//! function of `services`; REST handlers call the same one.

pub mod auth;
pub mod causes;
pub mod chat;
pub mod cmdb;
pub mod events;
pub mod golden;
pub mod graph;
pub mod imports;
pub mod incidents;
pub mod metrics;
pub mod plans;
pub mod relations;
pub mod runs;
pub mod settings;
pub mod synonyms;

mod error;
#[cfg(any(feature = "csr", test))]
pub mod json;
mod wire;
pub use error::ServerError;
pub use wire::Wire;
