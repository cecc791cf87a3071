//! Slice runs.
