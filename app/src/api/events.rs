//! Records: events, maintenance, work, tickets.

use leptos::{prelude::*, server_fn::codec::Json};
use model::records::*;

use super::ServerError;

/// A page of records, newest first.
#[server(name = ListRecordsFn, endpoint = "events/list", input = Json)]
pub async fn list_records(query: RecordQuery) -> Result<RecordPage, ServerError> {
    let call = crate::ssr::call().await?;
    Ok(services::events::list(&call.app, &call.caller, query).await?)
}

/// Records that are the same again, one row each with a count, at most 200.
#[server(name = GroupRecordsFn, endpoint = "events/groups", input = Json)]
pub async fn group_records(query: RecordQuery) -> Result<Vec<RecordGroup>, ServerError> {
    let call = crate::ssr::call().await?;
    Ok(services::events::groups(&call.app, &call.caller, query).await?)
}

/// How many records there were in each piece of time.
#[server(name = RecordHistogramFn, endpoint = "events/histogram", input = Json)]
pub async fn record_histogram(query: RecordQuery, bars: u32) -> Result<RecordHistogram, ServerError> {
    let call = crate::ssr::call().await?;
    Ok(services::events::histogram(&call.app, &call.caller, query, bars).await?)
}
