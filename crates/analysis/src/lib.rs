//! Topology algorithms over an immutable snapshot. Pure: no IO, no clock, no randomness.

pub mod topology;

pub use topology::{Edge, Hit, Path, Reached, Topology, TypeSet, Walk};
