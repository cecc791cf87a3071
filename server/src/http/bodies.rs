//! Bodies of requests that come too slowly: small ones must be whole in time, files must keep coming.

use std::{io, time::Duration};

use axum::{
    body::{Body, to_bytes},
    extract::Request,
    middleware::Next,
    response::Response,
};
use futures::StreamExt;
use model::{ApiError, ErrorCode};

use super::{
    BODY_MAX,
    envelope::{refuse, too_large},
};

/// How long a small body may take.
const WHOLE: Duration = Duration::from_secs(20);
/// How long nothing may come of a file.
const PAUSE: Duration = Duration::from_secs(30);

/// Reads the body before anything works on it: whoever sends it byte by byte holds nothing but a connection, and not for
/// long.
pub async fn whole(request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    match tokio::time::timeout(WHOLE, to_bytes(body, BODY_MAX)).await {
        Ok(Ok(bytes)) => next.run(Request::from_parts(parts, Body::from(bytes))).await,
        Ok(Err(_)) => refuse(too_large()),
        Err(_) => refuse(too_slow()),
    }
}

/// Breaks off a file of which nothing comes any more.
pub async fn keeps_coming(request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let pieces = futures::stream::unfold(Some(body.into_data_stream()), |stream| async move {
        let mut stream = stream?;
        match tokio::time::timeout(PAUSE, stream.next()).await {
            Ok(piece) => Some((piece?.map_err(io::Error::other), Some(stream))),
            Err(_) => Some((Err(io::Error::new(io::ErrorKind::TimedOut, "nothing comes any more")), None)),
        }
    });
    next.run(Request::from_parts(parts, Body::from_stream(pieces))).await
}

fn too_slow() -> ApiError {
    ApiError::new(
        ErrorCode::Timeout,
        format!("본문이 {}초 안에 도착하지 않았습니다", WHOLE.as_secs()),
        format!("the body did not arrive within {} seconds", WHOLE.as_secs()),
    )
    .with_hint("연결을 확인하고 다시 보내세요", "check the connection and send it again")
}
