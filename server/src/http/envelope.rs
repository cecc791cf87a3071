//! The shape of every REST answer: `{time, code, message, data}` with the true HTTP status.

use axum::{
    Json,
    body::Body,
    extract::Request,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use chrono::{DateTime, SubsecRound, Utc};
use model::{ApiError, Envelope, ErrorCode, Lang};
use serde::Serialize;
use services::access::Trace;
use utoipa::ToSchema;

use super::FUNCTIONS;

/// A successful answer.
#[derive(Debug)]
pub struct Reply<T>(pub T);

impl<T: Serialize> IntoResponse for Reply<T> {
    fn into_response(self) -> Response {
        Json(Envelope { time: now(), code: 0, message: "OK".into(), data: self.0 }).into_response()
    }
}

/// The data of an answer that has none: `{}`.
#[derive(Debug, Serialize, ToSchema)]
pub struct Nothing {}

/// A failed answer. It becomes a body in [`answer_errors`], which knows the language of the request.
#[derive(Debug, Clone)]
pub struct Failure(pub ApiError);

impl From<services::Error> for Failure {
    fn from(error: services::Error) -> Self {
        let told = error.to_api();
        if told.kind.status() >= 500 {
            // The cause is for the log alone; the trace id leads to it.
            tracing::error!(cause = %error, "request failed");
        }
        Self(told)
    }
}

impl From<ApiError> for Failure {
    fn from(error: ApiError) -> Self {
        Self(error)
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.0.kind.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// Result of a handler.
pub type Answer<T> = Result<Reply<T>, Failure>;

/// What a service gives, as the answer.
pub async fn reply<T>(work: impl Future<Output = services::Result<T>>) -> Answer<T> {
    Ok(Reply(work.await?))
}

/// That a service did what was asked, as the answer.
pub async fn done(work: impl Future<Output = services::Result<()>>) -> Answer<Nothing> {
    work.await?;
    Ok(Reply(Nothing {}))
}

/// Gives failures their body: the envelope, or for server functions the error alone, as their callers decode it.
pub async fn answer_errors(request: Request, next: Next) -> Response {
    let lang = app::ssr::lang_of(request.headers()).unwrap_or_default();
    let trace = request.extensions().get::<Trace>().map(|trace| trace.id.clone());
    let api = request.uri().path().starts_with("/api/");
    let function = FUNCTIONS.contains(request.uri().path());
    let response = next.run(request).await;
    if !response.status().is_client_error() && !response.status().is_server_error() {
        return response;
    }
    let failure = match response.extensions().get::<Failure>() {
        Some(failure) => failure.0.clone(),
        // The user interface answers with pages.
        None if !api => return response,
        // A server function has written its own error.
        None if is_json(response.headers()) => return response,
        None => unnamed(response.status()),
    };
    body(response, ApiError { trace_id: trace, ..failure }, lang, function)
}

fn body(response: Response, error: ApiError, lang: Lang, function: bool) -> Response {
    let status = response.status();
    let retry = error.retry_after_ms;
    let mut answer = if function {
        (status, Json(error)).into_response()
    } else {
        let message = error.message.get(lang).to_owned();
        (status, Json(Envelope { time: now(), code: error.kind.number(), message, data: error }))
            .into_response()
    };
    let (parts, _) = response.into_parts();
    for (name, value) in &parts.headers {
        if name != header::CONTENT_TYPE && name != header::CONTENT_LENGTH {
            answer.headers_mut().append(name, value.clone());
        }
    }
    if let Some(ms) = retry {
        answer.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(ms.div_ceil(1000)));
    }
    answer
}

fn is_json(headers: &HeaderMap) -> bool {
    headers.get(header::CONTENT_TYPE).is_some_and(|value| value.as_bytes().starts_with(b"application/json"))
}

/// Now, in milliseconds.
fn now() -> DateTime<Utc> {
    Utc::now().trunc_subsecs(3)
}

/// What the framework refused by itself.
fn unnamed(status: StatusCode) -> ApiError {
    match status {
        StatusCode::NOT_FOUND => not_found(),
        StatusCode::PAYLOAD_TOO_LARGE => too_large(),
        StatusCode::METHOD_NOT_ALLOWED => ApiError::new(
            ErrorCode::MethodNotAllowed,
            "이 주소는 그 메서드를 받지 않습니다",
            "this address does not take that method",
        )
        .with_hint("Allow 헤더의 메서드를 사용하세요", "use a method of the Allow header"),
        status if status.is_client_error() => {
            ApiError::new(ErrorCode::Invalid, "요청을 읽을 수 없습니다", "the request cannot be read")
        }
        _ => internal(),
    }
}

/// Nothing is at this address.
pub fn not_found() -> ApiError {
    ApiError::new(ErrorCode::NotFound, "이 주소에는 아무것도 없습니다", "there is nothing at this address")
        .with_hint("/api/docs 에서 주소를 확인하세요", "see /api/docs for the addresses there are")
}

/// A body or head is larger than allowed.
pub fn too_large() -> ApiError {
    ApiError::new(ErrorCode::TooLarge, "요청이 너무 큽니다", "the request is too large")
        .with_hint("본문은 1 MiB 이하로 나누어 보내세요", "send bodies of at most 1 MiB")
}

/// A fault of ours.
pub fn internal() -> ApiError {
    ApiError::new(ErrorCode::Internal, "서버에서 오류가 발생했습니다", "the server failed")
        .with_hint("추적 번호를 관리자에게 알려 주세요", "give the trace id to an administrator")
}

/// An empty response with a failure, for layers that answer by themselves.
pub fn refuse(error: ApiError) -> Response<Body> {
    Failure(error).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_error_has_the_status_of_its_number() {
        for code in ErrorCode::ALL {
            let response = Failure(ApiError::new(code, "가", "a")).into_response();
            assert_eq!(u32::from(response.status().as_u16()), code.number() / 100);
        }
    }

    #[test]
    fn every_error_is_listed_for_people_and_no_number_means_two_things() {
        let listed = include_str!("../../../docs/ERRORS.md");
        let mut numbers: Vec<u32> = ErrorCode::ALL.iter().map(|code| code.number()).collect();
        for code in ErrorCode::ALL {
            let kind = serde_json::to_value(code).expect("a kind");
            let row = format!("| {} | `{}` |", code.number(), kind.as_str().unwrap_or_default());
            assert!(listed.contains(&row), "docs/ERRORS.md has no row {row}");
        }
        numbers.sort_unstable();
        numbers.dedup();
        assert_eq!(numbers.len(), ErrorCode::ALL.len());
    }
}
