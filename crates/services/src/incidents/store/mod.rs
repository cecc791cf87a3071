//! All SQL of incidents.

mod anomalies;
mod feedback;
mod grouping;
mod incidents;
mod scan;

use chrono::{DateTime, Utc};

pub use anomalies::*;
pub use feedback::*;
pub use grouping::*;
pub use incidents::*;
pub use scan::*;

/// A moment in milliseconds since 1970.
pub fn ms(at: DateTime<Utc>) -> i64 {
    at.timestamp_millis()
}

/// A moment of milliseconds since 1970.
pub fn moment(ms: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(ms).unwrap_or_default()
}
