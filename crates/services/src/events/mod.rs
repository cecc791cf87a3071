//! Records: events, maintenance, work, tickets, alarms. Kinds and fields are data of the tenant.
//!
//! Conditions mean the same as in `cmdb::filter`, said in SQL; conditions on the item a record is about are answered by the
//! snapshot first and become a set of items.

mod aggregate;
mod conditions;
mod scope;
mod search;
mod store;
pub mod write;

pub(crate) use scope::{coverage_note, stamp, time};

use model::{
    records::{RecordGroupPage, RecordHistogram, RecordPage, RecordQuery},
    tools::{RecordAggregate, RecordSearch, ToolOutput},
};

use crate::{access::Caller, app::App, cmdb, error::Result};

/// A page of records, newest first.
pub async fn list(app: &App, caller: &Caller, query: RecordQuery) -> Result<RecordPage> {
    let estate = cmdb::estate(app, caller).await?;
    store::list(&mut app.db.tenant(caller).await?, &estate, &query).await
}

/// A page of records that are the same again (kind, item, title, category), one row each, the latest first.
pub async fn groups(app: &App, caller: &Caller, query: RecordQuery) -> Result<RecordGroupPage> {
    let estate = cmdb::estate(app, caller).await?;
    store::groups(&mut app.db.tenant(caller).await?, &estate, &query).await
}

/// How many records there were in each piece of time, by severity, else category, else kind.
pub async fn histogram(app: &App, caller: &Caller, query: RecordQuery, bars: u32) -> Result<RecordHistogram> {
    let estate = cmdb::estate(app, caller).await?;
    store::histogram(&mut app.db.tenant(caller).await?, &estate, &query, bars).await
}

/// `event.search` and `history.search`.
pub async fn search(app: &App, caller: &Caller, args: RecordSearch) -> Result<ToolOutput> {
    let estate = cmdb::estate(app, caller).await?;
    search::search(&mut app.db.tenant(caller).await?, &estate, &args, caller.lang).await
}

/// `event.aggregate` and `history.aggregate`.
pub async fn aggregate(app: &App, caller: &Caller, args: RecordAggregate) -> Result<ToolOutput> {
    let estate = cmdb::estate(app, caller).await?;
    aggregate::aggregate(&mut app.db.tenant(caller).await?, &estate, &args, caller.lang).await
}
