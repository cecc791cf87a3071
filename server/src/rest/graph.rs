//! Topology.

use axum::extract::State;
use model::{
    ApiError, Envelope,
    graph::{GraphQuery, Subgraph},
};
use services::{app::Shared, cmdb};

use crate::http::{
    envelope::{Answer, Reply},
    extract::{Body, Signed},
};

/// Answers a question to the topology: what is around, what fails, the way between, components, cycles.
#[utoipa::path(
    post, path = "/api/v1/graph/query", tag = "estate", request_body = GraphQuery,
    responses(
        (status = 200, body = Envelope<Subgraph>),
        (status = 400, body = Envelope<ApiError>),
        (status = 404, description = "An item does not exist", body = Envelope<ApiError>),
    )
)]
pub async fn query_graph(
    State(app): State<Shared>,
    Signed(caller): Signed,
    Body(query): Body<GraphQuery>,
) -> Answer<Subgraph> {
    Ok(Reply(cmdb::graph_query(&app, &caller, query).await?))
}
