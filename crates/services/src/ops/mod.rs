//! Slice ops.
