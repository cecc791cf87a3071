//! Items by code: what a picture or a list says of those it only knows by code.

use std::{collections::HashMap, sync::Arc};

use leptos::prelude::*;
use model::{
    Condition, Op,
    cmdb::{CiListQuery, CiSummary},
    schema::FieldRole,
};

use super::{Book, tone::status_tone, value::value_text};
use crate::{
    api,
    ui::{
        Remote, call, remote,
        topology::{NodeState, NodeStates},
    },
};

/// Most items asked for at once.
const MOST: usize = 500;

/// Items by code.
pub type Items = Arc<HashMap<String, CiSummary>>;

/// Fetches the items of these codes, at most 500.
pub fn lookup(codes: Signal<Vec<String>>) -> Remote<Items> {
    remote(move || {
        let mut wanted = codes.get();
        wanted.sort_unstable();
        wanted.dedup();
        wanted.truncate(MOST);
        async move {
            if wanted.is_empty() {
                return Ok(Items::default());
            }
            let query = CiListQuery {
                filter: vec![Condition::new("code", Op::In, wanted)],
                limit: u32::try_from(MOST).unwrap_or(500),
                ..CiListQuery::default()
            };
            call(move || api::cmdb::list_cis(query.clone()))
                .await
                .map(|page| Arc::new(page.items.into_iter().map(|ci| (ci.code.clone(), ci)).collect()))
        }
    })
}

/// The state of an item in shape and word; neutral when the estate has no field for it.
pub fn item_state(book: &Book, ci: &CiSummary) -> NodeState {
    let word =
        book.role(FieldRole::Status).and_then(|f| ci.fields.get(&f.key)).map(value_text).unwrap_or_default();
    NodeState { tone: status_tone(&word), word }
}

/// The states of items for a picture.
pub fn node_states(book: Option<&Book>, items: Option<&Items>) -> NodeStates {
    match (book, items) {
        (Some(book), Some(items)) => items
            .iter()
            .map(|(code, ci)| (code.clone(), item_state(book, ci)))
            .filter(|(_, s)| !s.word.is_empty())
            .collect(),
        _ => NodeStates::new(),
    }
}
