//! Topology.

use leptos::{prelude::*, server_fn::codec::Json};
use model::graph::*;

use super::ServerError;

/// Answers a question to the topology.
#[server(name = GraphQueryFn, endpoint = "graph/query", input = Json)]
pub async fn graph_query(query: GraphQuery) -> Result<Subgraph, ServerError> {
    let call = crate::ssr::call().await?;
    Ok(services::cmdb::graph_query(&call.app, &call.caller, query).await?)
}
