//! The error of every slice, and the one conversion to what a person may see.

use model::{ApiError, ErrorCode};

/// What can go wrong in a service.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Something the caller is told as it is.
    #[error("{0}")]
    Api(#[from] ApiError),
    /// The database.
    #[error("database: {0}")]
    Database(#[from] sqlx::Error),
    /// A migration.
    #[error("migration: {0}")]
    Migrate(#[from] sqlx::migrate::MigrateError),
    /// A stored document is not what this version expects.
    #[error("stored document: {0}")]
    Document(#[from] serde_json::Error),
    /// Reading or writing a file.
    #[error("file: {0}")]
    Io(#[from] std::io::Error),
    /// Anything that is a fault of ours.
    #[error("{0}")]
    Internal(String),
}

/// Result of a service.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// It does not exist, or the caller may not know that it does.
    pub fn not_found(ko: impl Into<String>, en: impl Into<String>) -> Self {
        Self::Api(ApiError::new(ErrorCode::NotFound, ko, en))
    }

    /// A value is wrong.
    pub fn invalid(path: impl Into<String>, ko: impl Into<String>, en: impl Into<String>) -> Self {
        let (ko, en) = (ko.into(), en.into());
        Self::Api(ApiError::new(ErrorCode::Invalid, ko.clone(), en.clone()).with_field(path, ko, en))
    }

    /// What a person may see. The cause of an internal error is for the log only.
    pub fn to_api(&self) -> ApiError {
        match self {
            Self::Api(error) => error.clone(),
            Self::Database(error) => database(error),
            Self::Io(error) if error.kind() == std::io::ErrorKind::StorageFull => disk_full(),
            Self::Migrate(_) | Self::Document(_) | Self::Io(_) | Self::Internal(_) => internal(),
        }
    }
}

fn internal() -> ApiError {
    ApiError::new(ErrorCode::Internal, "서버에서 오류가 발생했습니다", "the server failed")
        .with_hint("추적 번호를 관리자에게 알려 주세요", "give the trace id to an administrator")
}

/// The disk is full, of the database or of uploads.
pub(crate) fn disk_full() -> ApiError {
    ApiError::new(
        ErrorCode::Unavailable,
        "디스크에 남은 공간이 없습니다",
        "there is no space left on the disk",
    )
    .with_hint(
        "데이터 폴더가 있는 디스크를 비우세요. 관리자에게 알려 주세요",
        "make room on the disk of the data directory; tell an administrator",
    )
}

fn database(error: &sqlx::Error) -> ApiError {
    match error {
        sqlx::Error::RowNotFound => ApiError::new(ErrorCode::NotFound, "찾을 수 없습니다", "not found"),
        sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::Io(_) => {
            let mut error = ApiError::new(
                ErrorCode::Unavailable,
                "데이터베이스에 연결할 수 없습니다",
                "the database cannot be reached",
            );
            error.retry_after_ms = Some(2_000);
            error
        }
        sqlx::Error::Database(db) => match db.code().as_deref() {
            // What PostgreSQL cannot keep came with the request: a text with a NUL, a moment or number out of its range.
            Some("22021" | "22P05") => ApiError::new(
                ErrorCode::Invalid,
                "글자 NUL(U+0000)이 들어 있는 값은 쓸 수 없습니다",
                "a value holds the character NUL (U+0000), which cannot be used",
            )
            .with_hint("그 글자를 지우고 다시 시도하세요", "remove that character and try again"),
            Some("22007" | "22008") => ApiError::new(
                ErrorCode::Invalid,
                "시각이 다룰 수 있는 범위를 벗어났습니다",
                "a time is outside of the range that can be used",
            )
            .with_hint("기원전 4713년과 294276년 사이로 쓰세요", "use one between 4713 BC and 294276"),
            Some("22003") => ApiError::new(
                ErrorCode::Invalid,
                "숫자가 다룰 수 있는 범위를 벗어났습니다",
                "a number is outside of the range that can be used",
            ),
            Some("57014") => {
                ApiError::new(ErrorCode::Timeout, "시간이 초과되었습니다", "the time allowed ran out")
            }
            Some("23505") => ApiError::new(ErrorCode::Conflict, "이미 있습니다", "it exists already"),
            Some("40001" | "40P01") => ApiError::new(
                ErrorCode::Conflict,
                "다른 변경이 먼저 저장되었습니다",
                "another change came first",
            ),
            Some("53300" | "57P01" | "57P02" | "57P03") => {
                let mut error = ApiError::new(
                    ErrorCode::Unavailable,
                    "데이터베이스를 쓸 수 없습니다",
                    "the database is not available",
                );
                error.retry_after_ms = Some(2_000);
                error
            }
            Some("53100") => disk_full(),
            _ => internal(),
        },
        _ => internal(),
    }
}
