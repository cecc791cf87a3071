//! Words that mean the same in operations. A term of the estate that falls into a group may be asked for by every
//! word of the group; the groups add no term that the estate does not have.

mod items;
mod measured;
mod records;
mod values;

/// Groups of words; the first is the name of the concept.
pub const GROUPS: [&[&[&str]]; 4] = [items::ITEMS, records::RECORDS, values::VALUES, measured::MEASURED];

/// Concepts that only narrow a metric and cannot name one alone.
pub const MODIFIERS: &[&str] = &[
    "usage",
    "rate",
    "client",
    "server",
    "server side",
    "node",
    "pod",
    "source",
    "destination",
    "read",
    "write",
    "receive",
    "transmit",
    "p50",
    "p90",
    "p95",
    "p99",
    "bytes",
    "time",
    "side",
    "per",
    "second",
    "seconds",
    "success",
    "service",
    "network",
    "container",
    "type",
];

/// Words of keys that name a unit and not a thing.
pub const UNITS: &[&str] = &[
    "gb", "tb", "mb", "kb", "gib", "mib", "mi", "gi", "min", "mins", "sec", "ms", "s", "pct", "percent", "m",
    "ops", "usd", "krw", "mhz", "ghz",
];
