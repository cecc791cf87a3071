//! The error a server function answers with: the product's own, or a failure of the way to it.

use leptos::{prelude::*, server_fn::codec::JsonEncoding};
use model::{ApiError, ErrorCode};
use serde::{Deserialize, Serialize};

/// An [`ApiError`], also for what happens between browser and server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServerError(pub ApiError);

impl FromServerFnError for ServerError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        Self(match error {
            ServerFnErrorErr::Request(_) => ApiError::new(
                ErrorCode::Unavailable,
                "서버에 연결할 수 없습니다",
                "the server cannot be reached",
            )
            .with_hint("네트워크를 확인하고 다시 시도하세요", "check the network and try again"),
            ServerFnErrorErr::Args(reason)
            | ServerFnErrorErr::Deserialization(reason)
            | ServerFnErrorErr::MissingArg(reason) => {
                ApiError::new(ErrorCode::Invalid, "요청을 읽을 수 없습니다", "the request cannot be read")
                    .with_hint(reason.clone(), reason)
            }
            other => {
                let text = other.to_string();
                ApiError::new(ErrorCode::Internal, "서버에서 오류가 발생했습니다", "the server failed")
                    .with_hint(text.clone(), text)
            }
        })
    }
}

impl std::fmt::Display for ServerError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for ServerError {}

#[cfg(feature = "ssr")]
impl From<services::Error> for ServerError {
    fn from(error: services::Error) -> Self {
        crate::ssr::fail(error)
    }
}
