//! Slice tenants.
