//! Services on real PostgreSQL, under the real roles, with two tenants.

mod auth;
mod ground;
mod tenancy;
