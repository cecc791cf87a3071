//! Topology algorithms over an immutable snapshot, statistics of series, detectors, forecasts and root causes. Pure: no
//! IO, no clock, no randomness.

pub mod forecast;
pub mod meaning;
pub mod peers;
pub mod rca;
pub mod seasonal;
pub mod stats;
pub mod topology;

pub use topology::{Edge, Hit, Path, Reached, Topology, TypeSet, Walk};
