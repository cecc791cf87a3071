//! The picture of items and relations: layers from left to right along the relations, groups where there are many,
//! zoom, drag, and a keyboard that walks along relations. It knows nothing of any page.

mod keys;
mod labels;
mod layout;
mod pan;
mod picture;
mod view;
mod wires;

use std::collections::HashMap;

use super::Tone;

pub use layout::{Order, group_key};
pub use picture::picture;
pub use view::TopologyView;

/// What is known of an item beside its place: shown at its node.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NodeState {
    /// Its state.
    pub tone: Tone,
    /// The state in a word, for a screen reader.
    pub word: String,
}

/// States by code.
pub type NodeStates = HashMap<String, NodeState>;

/// Worse states first: what a closed group shows of its members.
pub(crate) fn badness(tone: Tone) -> u8 {
    match tone {
        Tone::Danger => 6,
        Tone::Warn => 5,
        Tone::Off => 4,
        Tone::Maint => 3,
        Tone::Info | Tone::Run | Tone::Accent => 2,
        Tone::Ok => 1,
        Tone::Neutral | Tone::Line => 0,
    }
}
