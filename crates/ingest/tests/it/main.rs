//! Readers, mappings and guesses over whole files.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test says what went wrong by panicking")]

mod common;
mod examples;
mod guesses;
mod hostile;
mod readers;
