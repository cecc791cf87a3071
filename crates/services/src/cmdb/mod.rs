//! Configuration items, their relations and the catalogue of the estate.

mod store;
pub mod write;

pub use write::bump;
