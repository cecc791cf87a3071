//! Slice auth.
