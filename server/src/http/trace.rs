//! The trace of a request: W3C `traceparent` taken over and sent on, a span around everything it does, one log line at
//! its end, and a panic turned into an answer.

use std::{panic::AssertUnwindSafe, time::Instant};

use axum::{
    extract::Request,
    http::{HeaderMap, HeaderName, HeaderValue},
    middleware::Next,
    response::Response,
};
use futures::FutureExt;
use services::access::Trace;
use tracing::{Instrument, info_span};

use super::envelope::{internal, refuse};

const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");
/// The header of an answer that names its trace.
pub const TRACE_ID: HeaderName = HeaderName::from_static("x-trace-id");

/// Puts a [`Trace`] on the request and its id on the answer and on every log line between.
pub async fn trace(mut request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let trace = read(request.headers()).unwrap_or_else(|| Trace { id: random_hex::<16>(), parent: None });
    let span = info_span!(
        "request",
        trace_id = %trace.id,
        parent_id = trace.parent.as_deref().unwrap_or_default(),
        method = %request.method(),
        path = request.uri().path(),
    );
    let api = request.uri().path().starts_with("/api/");
    request.extensions_mut().insert(trace.clone());
    let answered = async move {
        let mut response = match AssertUnwindSafe(next.run(request)).catch_unwind().await {
            Ok(response) => response,
            Err(cause) => {
                tracing::error!(cause = panic_text(&*cause), "a request panicked");
                refuse(internal())
            }
        };
        let (status, ms) = (response.status().as_u16(), begun.elapsed().as_secs_f64() * 1000.0);
        if api {
            tracing::info!(status, ms, "answered");
        } else {
            tracing::debug!(status, ms, "answered");
        }
        let parent = format!("00-{}-{}-01", trace.id, random_hex::<8>());
        for (name, value) in [(TRACE_ID, trace.id), (TRACEPARENT, parent)] {
            if let Ok(value) = HeaderValue::from_str(&value) {
                response.headers_mut().insert(name, value);
            }
        }
        response
    };
    answered.instrument(span).await
}

/// `00-<trace id>-<span id>-<flags>`; anything else begins a trace of its own.
fn read(headers: &HeaderMap) -> Option<Trace> {
    let text = headers.get(TRACEPARENT)?.to_str().ok()?;
    let mut parts = text.split('-');
    let version = parts.next().filter(|part| hex(part, 2) && *part != "ff")?;
    let id = parts.next().filter(|part| hex(part, 32) && part.bytes().any(|byte| byte != b'0'))?;
    let parent = parts.next().filter(|part| hex(part, 16) && part.bytes().any(|byte| byte != b'0'))?;
    parts.next().filter(|part| hex(part, 2))?;
    // Later versions may add parts, this one may not.
    (version != "00" || parts.next().is_none()).then(|| Trace { id: id.into(), parent: Some(parent.into()) })
}

fn hex(text: &str, length: usize) -> bool {
    text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
}

/// `N` random bytes as hexadecimal digits.
pub fn random_hex<const N: usize>() -> String {
    rand::random::<[u8; 32]>().iter().take(N).map(|byte| format!("{byte:02x}")).collect()
}

fn panic_text(cause: &(dyn std::any::Any + Send)) -> &str {
    let text = cause.downcast_ref::<&str>().copied();
    text.or_else(|| cause.downcast_ref::<String>().map(String::as_str)).unwrap_or("no message")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Option<Trace> {
        let mut headers = HeaderMap::new();
        headers.insert(TRACEPARENT, HeaderValue::from_str(text).unwrap());
        read(&headers)
    }

    #[test]
    fn a_valid_traceparent_is_taken_over() {
        let trace = parse("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01").unwrap();
        assert_eq!(trace.id, "4bf92f3577b34da6a3ce929d0e0e4736");
        assert_eq!(trace.parent.as_deref(), Some("00f067aa0ba902b7"));
    }

    #[test]
    fn anything_else_begins_a_trace_of_its_own() {
        for text in [
            "",
            "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
            "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-x",
            "00-4bf9-00f067aa0ba902b7-01",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn random_ids_have_their_length() {
        assert_eq!((random_hex::<16>().len(), random_hex::<8>().len()), (32, 16));
    }
}
