//! Slice settings.
