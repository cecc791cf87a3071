//! Services on real PostgreSQL, under the real roles, with two tenants.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test says what went wrong by panicking")]

mod auth;
mod cmdb;
mod conditions;
mod estate;
mod events;
mod golden;
mod ground;
mod imports;
mod incidents;
mod metrics;
mod rca;
mod relations;
mod replan;
mod runs;
mod sample;
mod tenancy;
