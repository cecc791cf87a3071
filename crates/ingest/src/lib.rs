//! Files of an estate to typed rows through a mapping; no IO beyond readers.
//!
//! * [`parse`], [`validate`], [`to_yaml`]: the mapping, as people write it.
//! * [`run`]: files through a mapping to a [`Sink`]: items, relations, records, samples, rejected rows.
//! * [`preview`] and [`guess`]: what a file seems to be, before there is a mapping.
//!
//! Invariant: memory is bounded by the number of items, relations and series, never by the number of rows.

mod catalogue;
mod guess;
mod lookup;
mod mapping;
mod path;
mod pattern;
mod read;
mod rows;
mod run;
mod say;
mod time;
mod value;

pub use guess::{Known, guess, travel};
pub use mapping::{parse, to_yaml, validate};
pub use read::{Counted, Files, Memory, Preview, count_values, preview, values};
pub use rows::{
    Go, ItemFields, KnownItem, NewItem, NewRecord, NewRelation, NewSeries, Outcome, Sample, Sink,
};
pub use run::{fit, run};
pub use say::{Error, Problem};
pub use time::Times;
