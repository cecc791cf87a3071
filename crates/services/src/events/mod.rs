//! Slice events.
