//! Records: events, maintenance, work, tickets, alarms.

pub mod write;
