//! Slice chat.
