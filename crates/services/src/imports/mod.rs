//! Slice imports.
