//! What commands print: results to standard output, everything else to standard error, in both languages where no
//! language was chosen.

use std::{
    fmt::Display,
    io::{self, IsTerminal, Write},
    path::Path,
};

use model::{ApiError, ErrorCode, Localized};

/// A file that cannot be read.
pub fn unread(path: &Path, error: &io::Error) -> ApiError {
    let (place, why) = (path.display(), why(error));
    ApiError::new(
        ErrorCode::NotFound,
        format!("{place} 파일을 읽을 수 없습니다: {}", why.ko),
        format!("{place} cannot be read: {}", why.en),
    )
}

/// A file that cannot be written.
pub fn unwritten(path: &Path, error: &io::Error) -> ApiError {
    let (place, why) = (path.display(), why(error));
    ApiError::new(
        ErrorCode::Unavailable,
        format!("{place} 파일을 쓸 수 없습니다: {}", why.ko),
        format!("{place} cannot be written: {}", why.en),
    )
}

/// A file whose JSON is not what is wanted.
pub fn unparsed(path: &Path, error: &serde_json::Error) -> ApiError {
    let (place, line, column) = (path.display(), error.line(), error.column());
    ApiError::new(
        ErrorCode::Invalid,
        format!("{place} 파일의 {line}행 {column}번째 글자를 이해할 수 없습니다: {error}"),
        format!("{place} is not understood at line {line}, column {column}: {error}"),
    )
}

/// Why a file cannot be used, where it is one of the usual reasons.
pub fn why(error: &io::Error) -> Localized {
    use io::ErrorKind::{
        InvalidData, IsADirectory, NotADirectory, NotFound, PermissionDenied, ReadOnlyFilesystem, StorageFull,
    };
    match error.kind() {
        NotFound => Localized::new("그런 파일이나 폴더가 없습니다", "there is no such file or folder"),
        PermissionDenied => Localized::new("권한이 없습니다", "there is no permission"),
        IsADirectory => Localized::new("폴더입니다", "it is a folder"),
        NotADirectory => Localized::new("폴더가 아닙니다", "it is no folder"),
        ReadOnlyFilesystem => Localized::new("읽기 전용 디스크입니다", "the disk is read-only"),
        StorageFull => Localized::new("디스크에 남은 공간이 없습니다", "there is no space left on the disk"),
        InvalidData => Localized::new("UTF-8 글이 아닙니다", "it is no text in UTF-8"),
        _ => Localized::same(error.to_string()),
    }
}

/// Wrong fields that are listed one by one.
const FIELDS_SHOWN: usize = 20;

/// A line of the result. A reader that has gone away is no failure.
pub fn line(text: impl Display) {
    let _ = writeln!(io::stdout().lock(), "{text}");
}

/// A line of progress.
pub fn progress(text: &Localized) {
    let _ = writeln!(io::stderr().lock(), "· {} · {}", text.ko, text.en);
}

/// A line that replaces itself at a terminal, and is left out elsewhere until it is the last.
pub fn over(text: &str, last: bool) {
    let mut out = io::stderr().lock();
    if io::stderr().is_terminal() {
        let _ = write!(out, "\r\x1b[2K{text}{}", if last { "\n" } else { "" });
        let _ = out.flush();
    } else if last {
        let _ = writeln!(out, "{text}");
    }
}

/// Why a command failed and what to do, in both languages.
pub fn failure(error: &anyhow::Error) {
    let mut out = io::stderr().lock();
    let told = error
        .downcast_ref::<services::Error>()
        .map(services::Error::to_api)
        .or_else(|| error.downcast_ref::<ApiError>().cloned());
    let (message, fields, hint) = match (told, error.downcast_ref::<supervisor::Error>()) {
        (Some(told), _) => (told.message, told.fields, told.hint.unwrap_or_default()),
        (None, Some(error)) => (error.message.clone(), Vec::new(), error.hint.clone()),
        (None, None) => (Localized::same(format!("{error:#}")), Vec::new(), Localized::default()),
    };
    // What a person may not see over the network, whoever runs the command may.
    let cause = match error.downcast_ref::<services::Error>() {
        Some(services::Error::Api(_)) | None => String::new(),
        Some(cause) => format!("  {cause}\n"),
    };
    let mut text = String::new();
    let mut say = |mark: &str, said: &Localized| {
        if !said.ko.is_empty() {
            text.push_str(&format!("{mark}{}\n", said.ko));
        }
        if !said.en.is_empty() && said.en != said.ko {
            text.push_str(&format!("{mark}{}\n", said.en));
        }
    };
    say("✗ ", &message);
    // A field whose reason is the message itself says nothing more.
    for field in fields.iter().filter(|field| field.reason != message).take(FIELDS_SHOWN) {
        say(&format!("  {}: ", field.path), &field.reason);
    }
    say("  → ", &hint);
    let _ = write!(out, "{text}{cause}");
}
