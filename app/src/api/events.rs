//! Records: events, maintenance, work, tickets.

use leptos::prelude::*;
use model::records::*;

use super::{ServerError, Wire};

/// A page of records, newest first.
#[server(name = ListRecordsFn, endpoint = "events/list", protocol = Wire)]
pub async fn list_records(query: RecordQuery) -> Result<RecordPage, ServerError> {
    let call = crate::ssr::call().await?;
    Ok(services::events::list(&call.app, &call.caller, query).await?)
}

/// A page of records that are the same again, one row each with a count.
#[server(name = GroupRecordsFn, endpoint = "events/groups", protocol = Wire)]
pub async fn group_records(query: RecordQuery) -> Result<RecordGroupPage, ServerError> {
    let call = crate::ssr::call().await?;
    Ok(services::events::groups(&call.app, &call.caller, query).await?)
}

/// How many records there were in each piece of time.
#[server(name = RecordHistogramFn, endpoint = "events/histogram", protocol = Wire)]
pub async fn record_histogram(query: RecordQuery, bars: u32) -> Result<RecordHistogram, ServerError> {
    let call = crate::ssr::call().await?;
    Ok(services::events::histogram(&call.app, &call.caller, query, bars).await?)
}
