//! A private PostgreSQL with pgvector: found or fetched, started, watched, stopped.
//!
//! [`Runtime::locate`] finds programs by a fixed order of sources; [`Cluster::start`] runs one cluster from them. The
//! server is a direct child: it dies with this process, and this process is the only one on the directory.
//!
//! Everything blocks; call it from `spawn_blocking` in an asynchronous program. Threads that spawn children are our own,
//! because a child is told to end when the thread that made it ends.

mod account;
mod cluster;
mod connection;
mod error;
mod progress;
mod runtime;
mod sys;

pub use cluster::{Cluster, Health, Settings};
pub use connection::Connection;
pub use error::{Error, ErrorKind, Result};
pub use progress::Progress;
pub use runtime::{Options, Runtime, Source};
