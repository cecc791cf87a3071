//! What handlers take: the caller, JSON bodies, queries and path parts, each with an error that says what is wrong.

use std::{fmt::Display, str::FromStr};

use axum::{
    body::Bytes,
    extract::{FromRef, FromRequest, FromRequestParts, Path, Query, Request},
    http::{HeaderMap, header, request::Parts},
};
use model::{ApiError, ErrorCode};
use serde::de::DeserializeOwned;
use services::{Caller, app::Shared};

use super::envelope::{Failure, too_large};

/// Deepest nesting of a JSON body.
const DEPTH_MAX: usize = 64;
/// Longest list of a JSON body.
const LIST_MAX: usize = 10_000;
/// Most letters of what is repeated of a request that cannot be read.
const REPEATED: usize = 300;

/// Who calls: by the cookie of a browser, or by `Authorization: Bearer`.
#[derive(Debug, Clone)]
pub struct Signed(pub Caller);

impl<S> FromRequestParts<S> for Signed
where
    S: Send + Sync,
    Shared: FromRef<S>,
{
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        Ok(Self(app::ssr::caller_of(&Shared::from_ref(state), parts).await?))
    }
}

/// The program and who calls it: what a handler hands on to the services.
pub struct Call {
    /// The program.
    pub app: Shared,
    /// Who calls.
    pub caller: Caller,
}

impl<S> FromRequestParts<S> for Call
where
    S: Send + Sync,
    Shared: FromRef<S>,
{
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        let Signed(caller) = Signed::from_request_parts(parts, state).await?;
        Ok(Self { app: Shared::from_ref(state), caller })
    }
}

/// A JSON body.
#[derive(Debug, Clone)]
pub struct Body<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Body<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<Self, Failure> {
        if !is_json(request.headers()) {
            return Err(not_json().into());
        }
        let bytes = Bytes::from_request(request, state).await.map_err(|_| Failure(too_large()))?;
        check_shape(&bytes)?;
        // A list would be taken for the fields of a request in their order, which nobody means.
        if bytes.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'[') {
            return Err(unreadable("body", &"expected an object { … }, found a list").into());
        }
        read(&bytes).map(Self).map_err(Failure)
    }
}

/// Reads a body; what does not fit is named by its way from the top, as `body.query.limit`.
fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, ApiError> {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let place = match error.path().to_string().as_str() {
            "." | "?" => "body".to_owned(),
            way => format!("body.{way}"),
        };
        unreadable(&place, error.inner())
    })?;
    reader.end().map_err(|error| unreadable("body", &error))?;
    Ok(value)
}

/// Whether a body is said to be JSON.
pub fn is_json(headers: &HeaderMap) -> bool {
    headers.get(header::CONTENT_TYPE).is_some_and(|value| {
        let value = value.as_bytes().to_ascii_lowercase();
        value.starts_with(b"application/json") || value.ends_with(b"+json")
    })
}

/// The error for a body that is something else.
pub fn not_json() -> ApiError {
    ApiError::new(
        ErrorCode::UnsupportedType,
        "본문은 application/json 이어야 합니다",
        "the body must be application/json",
    )
    .with_hint("Content-Type: application/json 헤더를 보내세요", "send Content-Type: application/json")
}

/// Refuses nesting and lists no honest request has, before anything is built of them.
fn check_shape(bytes: &[u8]) -> Result<(), ApiError> {
    let mut lists: Vec<usize> = Vec::new();
    let (mut quoted, mut escaped) = (false, false);
    for byte in bytes {
        match (quoted, byte) {
            (true, _) if escaped => escaped = false,
            (true, b'\\') => escaped = true,
            (_, b'"') => quoted = !quoted,
            (false, b'[' | b'{') => lists.push(1),
            (false, b']' | b'}') => drop(lists.pop()),
            (false, b',') => {
                if let Some(length) = lists.last_mut() {
                    *length += 1;
                }
            }
            _ => {}
        }
        if lists.len() > DEPTH_MAX || lists.last().is_some_and(|length| *length > LIST_MAX) {
            return Err(ApiError::new(
                ErrorCode::TooLarge,
                format!("본문이 {DEPTH_MAX}단계보다 깊거나 목록이 {LIST_MAX}개보다 깁니다"),
                format!("the body is nested deeper than {DEPTH_MAX} or has a list longer than {LIST_MAX}"),
            )
            .with_hint("요청을 나누어 보내세요", "send it in parts"));
        }
    }
    Ok(())
}

/// The query of a URL.
#[derive(Debug, Clone)]
pub struct Args<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Args<T> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        Query::try_from_uri(&parts.uri).map(|Query(args)| Self(args)).map_err(|error| {
            let text = error.body_text();
            let (place, why) = in_query(&text);
            unreadable(&place, &why).into()
        })
    }
}

/// Which parameter of a query is wrong, where the framework names it, and why.
fn in_query(text: &str) -> (String, &str) {
    let why = text.strip_prefix("Failed to deserialize query string: ").unwrap_or(text);
    match why.split_once(": ") {
        Some((name, why)) if name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') => {
            (format!("query.{name}"), why)
        }
        _ => ("query".to_owned(), why),
    }
}

/// The one changing part of a path: an identifier or a code.
#[derive(Debug, Clone)]
pub struct Part<T>(pub T);

impl<S: Send + Sync, T: FromStr + Send> FromRequestParts<S> for Part<T>
where
    T::Err: Display,
{
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        let Path(text) = Path::<String>::from_request_parts(parts, state)
            .await
            .map_err(|error| Failure(unreadable("path", &error)))?;
        text.parse().map(Self).map_err(|error: T::Err| unreadable("path", &error).into())
    }
}

/// The error for what does not have its form: where, and why.
pub fn unreadable(place: &str, error: &dyn Display) -> ApiError {
    let mut why = error.to_string();
    if let Some((end, _)) = why.char_indices().nth(REPEATED) {
        why.truncate(end);
        why.push('…');
    }
    ApiError::new(ErrorCode::Invalid, "요청을 읽을 수 없습니다", "the request cannot be read")
        .with_field(place, format!("형식이 맞지 않습니다: {why}"), why)
        .with_hint("/api/docs 의 형식을 확인하세요", "see /api/docs for its form")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_fit_is_named_by_its_way() {
        #[derive(Debug, serde::Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Asked {
            #[expect(dead_code, reason = "only whether it can be read matters")]
            query: Vec<Inner>,
        }
        #[derive(Debug, serde::Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Inner {
            #[expect(dead_code, reason = "only whether it can be read matters")]
            limit: u32,
        }
        for (body, place) in [
            (r#"{"query":[{"limit":1},{"limit":-1}]}"#, "body.query[1].limit"),
            (r#"{"query":[{"limit":1,"x":2}]}"#, "body.query[0].x"),
            (r#"{"query":[{}]}"#, "body.query[0]"),
            ("{}", "body"),
            (r#"{"query":[]} {}"#, "body"),
        ] {
            let error = super::read::<Asked>(body.as_bytes()).expect_err("it does not fit");
            assert_eq!(error.fields[0].path, place, "{body}: {error:?}");
        }
        let query = "Failed to deserialize query string: limit: invalid digit found in string";
        assert_eq!(in_query(query), ("query.limit".to_owned(), "invalid digit found in string"));
        let missing = "Failed to deserialize query string: missing field `column`";
        assert_eq!(in_query(missing), ("query".to_owned(), "missing field `column`"));
    }

    #[test]
    fn ordinary_bodies_pass_and_monsters_do_not() {
        assert!(check_shape(br#"{"a":[1,2,{"b":"[[[["}],"c":"\"["}"#).is_ok());
        assert!(check_shape("[".repeat(65).as_bytes()).is_err());
        assert!(check_shape(format!("[{}0]", "0,".repeat(LIST_MAX)).as_bytes()).is_err());
    }
}
