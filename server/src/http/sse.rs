//! Streams of events: the steps of a run, the progress of an import. They can be taken up again where they broke off,
//! they end when the session ends, and `done` tells the other side to close.

use std::{convert::Infallible, time::Duration};

use axum::{
    extract::State,
    http::HeaderMap,
    response::{
        Sse,
        sse::{Event, KeepAlive},
    },
};
use futures::{Stream, StreamExt, future, stream};
use model::{
    ImportId, RunId,
    answer::RunEvent,
    imports::{ImportState, ImportStatus},
};
use services::{Caller, app::Shared, auth, imports, ops, runs};

use super::{
    Site,
    envelope::Failure,
    extract::{Part, Signed},
};

/// Silence after which a comment keeps the connection open.
const HEARTBEAT: Duration = Duration::from_secs(15);

/// A stream of events that ends by itself.
pub type Events =
    Sse<axum::response::sse::KeepAliveStream<stream::BoxStream<'static, Result<Event, Infallible>>>>;

/// `GET /api/sse/runs/{id}`: events named `run` with a [`RunEvent`] each, then `done`.
pub async fn run(
    State(site): State<Site>,
    State(app): State<Shared>,
    Signed(caller): Signed,
    Part(id): Part<RunId>,
    headers: HeaderMap,
) -> Result<Events, Failure> {
    let events = ops::subscribe(&app, &caller, id, last_id(&headers)).await?;
    Ok(send(&site, &app, &caller, run_events(events)))
}

/// `GET /api/sse/imports/{id}`: events named `import` with an [`ImportStatus`] each, then `done`.
pub async fn import(
    State(site): State<Site>,
    State(app): State<Shared>,
    Signed(caller): Signed,
    Part(id): Part<ImportId>,
) -> Result<Events, Failure> {
    let statuses = imports::watch(&app, &caller, id).await?;
    let events = statuses.enumerate().map(|(n, status): (usize, ImportStatus)| {
        let last = status.state != ImportState::Running;
        (Event::default().id((n + 1).to_string()).event("import").json_data(&status), last)
    });
    Ok(send(&site, &app, &caller, events))
}

/// The events of a run as they are sent. Whoever has seen the last one already is told that there is nothing more.
pub fn run_events(
    events: impl Stream<Item = (u64, RunEvent)>,
) -> impl Stream<Item = (Result<Event, axum::Error>, bool)> {
    events
        .map(Some)
        .chain(stream::iter([None]))
        .scan(false, |ended, told| {
            let sent = match told {
                Some((seq, mut event)) => {
                    let last = matches!(event, RunEvent::Finished { .. });
                    if let RunEvent::Finished { response } = &mut event {
                        // Every step was told before.
                        runs::few_steps(response);
                    }
                    *ended |= last;
                    Some((Event::default().id(seq.to_string()).event("run").json_data(&event), last))
                }
                None => (!*ended).then(|| (Ok(Event::default().comment("over")), true)),
            };
            future::ready(Some(sent))
        })
        .filter_map(future::ready)
}

/// Sends events until the last, the end of the session, or the end of the server.
pub fn send(
    site: &Site,
    app: &Shared,
    caller: &Caller,
    events: impl Stream<Item = (Result<Event, axum::Error>, bool)> + Send + 'static,
) -> Events {
    let told = events.flat_map(|(event, last)| {
        let event = event.unwrap_or_else(|error| {
            tracing::error!(%error, "an event could not be written");
            Event::default().comment("unwritable")
        });
        let done = last.then(|| Event::default().event("done").data("{}"));
        stream::iter([Some(event), done].into_iter().flatten().map(Ok))
    });
    let (stop, session) = (site.stop.clone(), auth::open_stream(app, caller));
    let until = async move {
        tokio::select! {
            () = stop.cancelled() => {}
            () = session.signed_out() => {}
        }
    };
    Sse::new(told.take_until(Box::pin(until)).boxed()).keep_alive(KeepAlive::new().interval(HEARTBEAT))
}

/// Where a stream broke off: the browser sends the number of the last event it has seen.
fn last_id(headers: &HeaderMap) -> u64 {
    let seen = headers.get("last-event-id").and_then(|value| value.to_str().ok()?.trim().parse().ok());
    // No stream has so many; what is counted on from here never overflows.
    seen.unwrap_or(0_u64).min(u64::from(u32::MAX))
}
