//! Services on real PostgreSQL, under the real roles, with two tenants.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test says what went wrong by panicking")]

mod answers;
mod auth;
mod cmdb;
mod conditions;
mod estate;
mod events;
mod golden;
mod ground;
mod imports;
mod incidents;
mod listeners;
mod metrics;
mod rca;
mod rca_odd;
mod relations;
mod replan;
mod runs;
mod sample;
mod tenancy;
