//! What can go wrong, as a sentence for a person in Korean and English with the way out.

use std::{fmt, io, path::Path};

use model::{Lang, Localized};

/// What kind of thing went wrong, for programs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ErrorKind {
    /// Another instance owns the directory; its process id where it is known.
    Locked(Option<u32>),
    /// No PostgreSQL was found and none may or can be fetched.
    NoRuntime,
    /// Fetching failed.
    Download,
    /// A file is not the pinned one.
    Checksum,
    /// The cluster was made by another major version than the one at hand.
    WrongMajor,
    /// The disk is full.
    NoSpace,
    /// The data directory is damaged, or not one.
    BrokenData,
    /// A file or process belongs to somebody else.
    NotOurs,
    /// PostgreSQL does not start.
    StartFailed,
    /// A file cannot be read or written.
    Io,
}

/// A failure of the supervisor.
#[derive(Debug)]
pub struct Error {
    /// For programs.
    pub kind: ErrorKind,
    /// What happened.
    pub message: Localized,
    /// What to do about it.
    pub hint: Localized,
    source: Option<io::Error>,
}

/// Result of the supervisor.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// A failure of `kind`, said in both languages.
    pub fn new(kind: ErrorKind, ko: impl Into<String>, en: impl Into<String>) -> Self {
        Self { kind, message: Localized::new(ko, en), hint: Localized::default(), source: None }
    }

    /// The same failure with advice.
    #[must_use]
    pub fn hint(mut self, ko: impl Into<String>, en: impl Into<String>) -> Self {
        self.hint = Localized::new(ko, en);
        self
    }

    /// A file that could not be read or written.
    pub fn io(path: &Path, error: io::Error) -> Self {
        let place = path.display();
        if error.kind() == io::ErrorKind::StorageFull {
            return no_space(path);
        }
        let failure = Self::new(
            ErrorKind::Io,
            format!("{place} 파일을 다룰 수 없습니다: {error}"),
            format!("cannot use {place}: {error}"),
        )
        .hint("권한과 경로를 확인하세요", "check the path and its permissions");
        Self { source: Some(error), ..failure }
    }
}

/// The disk below `path` is full.
pub fn no_space(path: &Path) -> Error {
    let place = path.display();
    Error::new(
        ErrorKind::NoSpace,
        format!("{place} 위치의 디스크 공간이 부족합니다"),
        format!("no space left on the disk of {place}"),
    )
    .hint(
        "공간을 비우거나 --data-dir 로 다른 디스크를 지정하세요 (최소 300 MB 필요)",
        "free some space or name another disk with --data-dir (at least 300 MB are needed)",
    )
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.message.get(Lang::En))?;
        let hint = self.hint.get(Lang::En);
        if hint.is_empty() { Ok(()) } else { write!(f, "; {hint}") }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_ref().map(|error| error as _)
    }
}

/// Turns an [`io::Error`] at a path into an [`Error`].
pub trait At<T> {
    /// Names the path.
    fn at(self, path: &Path) -> Result<T>;
}

impl<T> At<T> for io::Result<T> {
    fn at(self, path: &Path) -> Result<T> {
        self.map_err(|error| Error::io(path, error))
    }
}
