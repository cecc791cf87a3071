//! Databases and fixtures for tests.
