//! Slice metrics.
