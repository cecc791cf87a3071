//! The error every interface answers with, and the envelope of every REST answer.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::text::{Lang, Localized};

/// What went wrong, stable for programs. The number sent is the HTTP status × 100 + a serial number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    /// A field is missing or wrong; `fields` says which.
    Invalid,
    /// Nobody is signed in, or the session has ended.
    SignedOut,
    /// Name or password do not fit.
    BadCredentials,
    /// Signed in, but without the right.
    Forbidden,
    /// It does not exist, or the caller may not know that it does.
    NotFound,
    /// The address does not take that method.
    MethodNotAllowed,
    /// The body is of a type that is not understood.
    UnsupportedType,
    /// Another change came first, or the thing exists already.
    Conflict,
    /// More bytes, rows or nodes than allowed.
    TooLarge,
    /// Too many requests; `retry_after_ms` says when to come back.
    TooMany,
    /// A fault of ours; the trace id finds it in the log.
    Internal,
    /// A part the request needs is down; the rest works.
    Unavailable,
    /// The time allowed ran out.
    Timeout,
}

impl ErrorCode {
    /// Every code, for the documentation and the test of uniqueness.
    pub const ALL: [Self; 13] = [
        Self::Invalid,
        Self::SignedOut,
        Self::BadCredentials,
        Self::Forbidden,
        Self::NotFound,
        Self::MethodNotAllowed,
        Self::UnsupportedType,
        Self::Conflict,
        Self::TooLarge,
        Self::TooMany,
        Self::Internal,
        Self::Unavailable,
        Self::Timeout,
    ];

    /// HTTP status × 100 + serial number.
    pub fn number(self) -> u32 {
        match self {
            Self::Invalid => 40001,
            Self::SignedOut => 40101,
            Self::BadCredentials => 40102,
            Self::Forbidden => 40301,
            Self::NotFound => 40401,
            Self::MethodNotAllowed => 40501,
            Self::UnsupportedType => 41501,
            Self::Conflict => 40901,
            Self::TooLarge => 41301,
            Self::TooMany => 42901,
            Self::Internal => 50001,
            Self::Unavailable => 50301,
            Self::Timeout => 50401,
        }
    }

    /// The HTTP status that goes with it.
    pub fn status(self) -> u16 {
        u16::try_from(self.number() / 100).unwrap_or(500)
    }
}

/// One wrong field: where it is and why it was refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FieldError {
    /// Path of the field, as `files[0].columns.code`.
    pub path: String,
    /// What is wrong and how to mend it.
    pub reason: Localized,
}

/// An error as a person and a program may see it; the cause stays in the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ApiError {
    /// Stable kind.
    pub kind: ErrorCode,
    /// What happened, for a person.
    pub message: Localized,
    /// What to do about it, where there is something.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<Localized>,
    /// The wrong fields, for forms.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldError>,
    /// Finds the cause in the log.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trace_id: Option<String>,
    /// When trying again makes sense, in milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after_ms: Option<u64>,
}

impl ApiError {
    /// An error of `kind` with a message in both languages.
    pub fn new(kind: ErrorCode, ko: impl Into<String>, en: impl Into<String>) -> Self {
        Self {
            kind,
            message: Localized::new(ko, en),
            hint: None,
            fields: Vec::new(),
            trace_id: None,
            retry_after_ms: None,
        }
    }

    /// The same error with advice.
    #[must_use]
    pub fn with_hint(mut self, ko: impl Into<String>, en: impl Into<String>) -> Self {
        self.hint = Some(Localized::new(ko, en));
        self
    }

    /// The same error with one more wrong field.
    #[must_use]
    pub fn with_field(
        mut self,
        path: impl Into<String>,
        ko: impl Into<String>,
        en: impl Into<String>,
    ) -> Self {
        self.fields.push(FieldError { path: path.into(), reason: Localized::new(ko, en) });
        self
    }
}

impl std::fmt::Display for ApiError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.message.get(Lang::En))
    }
}

impl std::error::Error for ApiError {}

/// The body of every REST answer but streams and downloads. `code` is 0 for success, else [`ErrorCode::number`].
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Envelope<T> {
    /// When the answer was made.
    pub time: DateTime<Utc>,
    /// 0, or [`ErrorCode::number`].
    pub code: u32,
    /// `OK`, or the error in the language of the request.
    pub message: String,
    /// The result, or the [`ApiError`].
    pub data: T,
}
