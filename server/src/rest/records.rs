//! Records: events, maintenance, work, tickets.

use axum::extract::State;
use model::{
    ApiError, Envelope,
    records::{RecordGroupPage, RecordHistogram, RecordPage, RecordQuery},
};
use serde::Deserialize;
use services::{app::Shared, events};
use utoipa::ToSchema;

use crate::http::{
    envelope::{Answer, Reply},
    extract::{Body, Signed},
};

/// Which records to count in time.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HistogramArgs {
    /// The records.
    query: RecordQuery,
    /// Pieces of time wanted.
    #[serde(default = "forty")]
    bars: u32,
}

fn forty() -> u32 {
    40
}

/// A page of records, newest first.
#[utoipa::path(
    post, path = "/api/v1/records/query", tag = "estate", request_body = RecordQuery,
    responses((status = 200, body = Envelope<RecordPage>), (status = 400, body = Envelope<ApiError>))
)]
pub async fn query_records(
    State(app): State<Shared>,
    Signed(caller): Signed,
    Body(query): Body<RecordQuery>,
) -> Answer<RecordPage> {
    Ok(Reply(events::list(&app, &caller, query).await?))
}

/// A page of records that are the same again, one row each with a count, the latest first.
#[utoipa::path(
    post, path = "/api/v1/records/groups", tag = "estate", request_body = RecordQuery,
    responses((status = 200, body = Envelope<RecordGroupPage>), (status = 400, body = Envelope<ApiError>))
)]
pub async fn group_records(
    State(app): State<Shared>,
    Signed(caller): Signed,
    Body(query): Body<RecordQuery>,
) -> Answer<RecordGroupPage> {
    Ok(Reply(events::groups(&app, &caller, query).await?))
}

/// How many records there were in each piece of time.
#[utoipa::path(
    post, path = "/api/v1/records/histogram", tag = "estate", request_body = HistogramArgs,
    responses((status = 200, body = Envelope<RecordHistogram>), (status = 400, body = Envelope<ApiError>))
)]
pub async fn histogram(
    State(app): State<Shared>,
    Signed(caller): Signed,
    Body(args): Body<HistogramArgs>,
) -> Answer<RecordHistogram> {
    Ok(Reply(events::histogram(&app, &caller, args.query, args.bars).await?))
}
