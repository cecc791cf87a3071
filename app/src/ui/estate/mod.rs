//! What every page about the estate shares: names from the catalogue, states, values, conditions, time ranges, choosing
//! an item, and the state of a page in its address. Nothing here knows a kind, field or relation by name: all of that is
//! data of the tenant.

mod address;
mod book;
mod filter;
mod filter_value;
mod lookup;
mod narrow;
mod picker;
pub mod range;
mod record;
mod text;
mod tone;
mod value;

pub use address::{Address, Query};
pub use book::{Book, base_field, label_of, use_book};
pub use filter::{FilterBar, FilterField, describe};
pub use lookup::{Items, item_state, lookup, node_states};
pub use narrow::use_narrow;
pub use picker::CiPicker;
pub use range::{RangePicker, Span, parse_local};
pub use text::{EstateText, tx};
pub use tone::{Severity, severity, status_tone};
pub use value::{FieldValue, bars, value_text};
