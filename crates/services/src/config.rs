//! Configuration: flags, environment, defaults, and where each value came from.
