//! The plan tree: validation and the executor.
