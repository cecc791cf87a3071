//! The rules of the business and their storage, one folder per slice. Nothing here knows HTTP; nothing outside knows SQL.

pub mod access;
pub mod app;
pub mod audit;
pub mod auth;
pub mod chat;
pub mod cmdb;
pub mod config;
pub mod db;
mod error;
pub mod events;
pub mod golden;
pub mod imports;
pub mod incidents;
pub mod metrics;
pub mod ops;
pub mod rca;
pub mod relations;
pub mod runs;
pub mod secret;
pub mod settings;
pub mod synonyms;
pub mod tenants;

pub use access::{Caller, Client, Granted};
pub use app::App;
pub use error::{Error, Result};
