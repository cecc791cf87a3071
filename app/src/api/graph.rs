//! Topology.

use leptos::prelude::*;
use model::graph::*;

use super::{ServerError, Wire};

/// Answers a question to the topology.
#[server(name = GraphQueryFn, endpoint = "graph/query", protocol = Wire)]
pub async fn graph_query(query: GraphQuery) -> Result<Subgraph, ServerError> {
    let call = crate::ssr::call().await?;
    Ok(services::cmdb::graph_query(&call.app, &call.caller, query).await?)
}
