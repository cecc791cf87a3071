//! Slice cmdb.
