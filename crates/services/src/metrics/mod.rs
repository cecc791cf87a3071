//! Series of metrics.

pub mod write;
