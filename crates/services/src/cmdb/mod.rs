//! Configuration items, their relations and the catalogue of the estate.
//!
//! PostgreSQL is the truth. What is shown and asked goes to an immutable snapshot in memory ([`Estates`]), replaced when
//! the generation of the estate has changed; a change raises it in its own transaction ([`bump`]).

mod detail;
mod estates;
pub mod filter;
mod graph;
mod list;
pub(crate) mod select;
mod snapshot;
mod store;
pub(crate) mod table;
pub mod text;
mod tools;
pub mod write;

use std::sync::Arc;

use model::{
    Lang,
    cmdb::{CiDetail, CiListQuery, CiPage, EstateState, Facet},
    graph::{GraphQuery, Subgraph},
    perm::EstateRead,
    schema::Catalogue,
    tools::{CiAggregate, CiSearch, GraphArgs, GraphEdges, ToolOutput},
};

pub use estates::Estates;
pub use graph::GraphStore;
pub use snapshot::{Meta, Snapshot};
pub(crate) use tools::{item_column, left_out_note};
pub use write::bump;

use crate::{access::Caller, app::App, error::Result};

/// The estate of the caller's tenant as it is now.
pub async fn estate(app: &App, caller: &Caller) -> Result<Arc<Snapshot>> {
    caller.grant::<EstateRead>()?;
    app.estates.snapshot(&app.db, caller).await
}

/// A page of the list of items.
pub async fn list(app: &App, caller: &Caller, query: CiListQuery) -> Result<CiPage> {
    list::page(estate(app, caller).await?.as_ref(), &query)
}

/// The values of fields in a filtered list, with their numbers.
pub async fn facets(
    app: &App,
    caller: &Caller,
    query: CiListQuery,
    fields: Vec<String>,
) -> Result<Vec<Facet>> {
    list::facets(estate(app, caller).await?.as_ref(), &query, &fields)
}

/// Everything about one item.
pub async fn get(app: &App, caller: &Caller, code: &str) -> Result<CiDetail> {
    let estate = estate(app, caller).await?;
    let mut tx = app.db.tenant(caller).await?;
    detail::detail(&mut tx, &estate, code).await
}

/// Kinds, fields, relation types, kinds of records and metrics of the estate.
pub async fn catalogue(app: &App, caller: &Caller) -> Result<Catalogue> {
    Ok(estate(app, caller).await?.catalogue().clone())
}

/// Whether there is data, and questions to begin with.
pub async fn estate_state(app: &App, caller: &Caller, lang: Lang) -> Result<EstateState> {
    Ok(estate(app, caller).await?.state(lang))
}

/// Answers a question to the topology.
pub async fn graph_query(app: &App, caller: &Caller, query: GraphQuery) -> Result<Subgraph> {
    let estate = estate(app, caller).await?;
    let store: &dyn GraphStore = estate.as_ref();
    store.query(&query, &filter::Filter::default()).await
}

/// `ci.search` and `ci.get`.
pub async fn tool_search(app: &App, caller: &Caller, args: CiSearch) -> Result<ToolOutput> {
    tools::search(estate(app, caller).await?.as_ref(), &args, caller.lang)
}

/// `ci.aggregate`.
pub async fn tool_aggregate(app: &App, caller: &Caller, args: CiAggregate) -> Result<ToolOutput> {
    tools::aggregate(estate(app, caller).await?.as_ref(), &args, caller.lang)
}

/// `graph.neighbours`, `graph.traverse`, `graph.impact`, `graph.path`, `graph.components`, `graph.cycles`.
pub async fn tool_graph(app: &App, caller: &Caller, name: &str, args: GraphArgs) -> Result<ToolOutput> {
    let estate = estate(app, caller).await?;
    tools::graph(estate.as_ref(), &estate, name, &args, caller.lang).await
}

/// `graph.edges`.
pub async fn tool_edges(app: &App, caller: &Caller, args: GraphEdges) -> Result<ToolOutput> {
    tools::edges(estate(app, caller).await?.as_ref(), &args, caller.lang)
}
