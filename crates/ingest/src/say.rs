//! What went wrong, in both languages.

use model::Localized;

/// Something wrong with a mapping: where, and how to mend it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Path in the mapping, as `files[2].at.column`.
    pub path: String,
    /// What is wrong and what would be right.
    pub text: Localized,
}

impl Problem {
    /// A problem at `path`.
    pub fn new(path: impl Into<String>, ko: impl Into<String>, en: impl Into<String>) -> Self {
        Self { path: path.into(), text: Localized::new(ko, en) }
    }
}

/// Why an import cannot go on.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The mapping is wrong or does not fit the files.
    #[error("the mapping does not fit: {}", list(.0))]
    Mapping(Vec<Problem>),
    /// A file cannot be read to its end.
    #[error("{file}: {}", .text.en)]
    File {
        /// The file.
        file: String,
        /// Why.
        text: Localized,
    },
    /// The receiver of the rows wanted no more.
    #[error("stopped")]
    Stopped,
}

fn list(problems: &[Problem]) -> String {
    problems.iter().map(|p| format!("{}: {}", p.path, p.text.en)).collect::<Vec<_>>().join("; ")
}

/// Why a row or one of its values was not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub field: String,
    pub value: String,
    pub reason: &'static str,
    pub text: Localized,
}

fn refusal(field: &str, value: &str, reason: &'static str, ko: String, en: String) -> Refusal {
    Refusal {
        field: field.to_owned(),
        value: value.chars().take(200).collect(),
        reason,
        text: Localized { ko, en },
    }
}

pub(crate) fn missing(field: &str) -> Refusal {
    refusal(
        field,
        "",
        "missing",
        format!("'{field}' 값이 비어 있습니다. 값을 채우세요"),
        format!("'{field}' is empty; fill it in"),
    )
}

pub(crate) fn not_a_number(field: &str, value: &str) -> Refusal {
    refusal(
        field,
        value,
        "not_a_number",
        "숫자가 아닙니다. 숫자만 쓰거나 매핑에서 이 열을 빼세요".to_owned(),
        "not a number; write a plain number or leave the column out of the mapping".to_owned(),
    )
}

pub(crate) fn not_a_time(field: &str, value: &str) -> Refusal {
    refusal(
        field,
        value,
        "not_a_time",
        "시각으로 읽을 수 없습니다. 매핑의 format에 형식을 적으세요 (예: %Y-%m-%d %H:%M)".to_owned(),
        "cannot be read as a time; name its format in the mapping (as %Y-%m-%d %H:%M)".to_owned(),
    )
}

pub(crate) fn not_yes_or_no(field: &str, value: &str) -> Refusal {
    refusal(
        field,
        value,
        "not_yes_or_no",
        "예/아니요 값이 아닙니다. true 또는 false로 쓰세요".to_owned(),
        "neither yes nor no; write true or false".to_owned(),
    )
}

pub(crate) fn no_such_item(field: &str, value: &str, by: &[String]) -> Refusal {
    let by = by.join(", ");
    refusal(
        field,
        value,
        "no_such_item",
        format!(
            "이 값을 가진 구성 항목이 없습니다 (찾은 순서: {by}). 항목을 먼저 가져오거나 create_as를 쓰세요"
        ),
        format!("no configuration item has this value (looked up by {by}); import the item or use create_as"),
    )
}

pub(crate) fn ambiguous_item(field: &str, value: &str, by: &str) -> Refusal {
    refusal(
        field,
        value,
        "ambiguous_item",
        format!("{by} 값이 같은 구성 항목이 둘 이상입니다. 코드나 식별자로 찾으세요"),
        format!("more than one configuration item has this {by}; look it up by code or id"),
    )
}

pub(crate) fn duplicate(field: &str, value: &str) -> Refusal {
    refusal(
        field,
        value,
        "duplicate",
        "같은 값이 이 가져오기에 이미 있습니다. 하나만 남기거나 once: true를 쓰세요".to_owned(),
        "this import has the same value already; keep one or use once: true".to_owned(),
    )
}

pub(crate) fn bad_json(field: &str, value: &str) -> Refusal {
    refusal(
        field,
        value,
        "bad_json",
        "JSON으로 읽을 수 없습니다. 따옴표와 괄호를 확인하세요".to_owned(),
        "cannot be read as JSON; check quotes and brackets".to_owned(),
    )
}

pub(crate) fn not_an_object(field: &str, value: &str) -> Refusal {
    refusal(
        field,
        value,
        "bad_json",
        "JSON 객체가 아니어서 필드로 펼칠 수 없습니다".to_owned(),
        "not a JSON object, so it has no entries to take as fields".to_owned(),
    )
}

pub(crate) fn too_long(field: &str, value: &str, most: usize) -> Refusal {
    refusal(
        field,
        value,
        "too_long",
        format!("너무 깁니다. {most}자까지 쓸 수 있습니다"),
        format!("too long; at most {most} letters"),
    )
}

pub(crate) fn nul(field: &str) -> Refusal {
    refusal(
        field,
        "",
        "bad_row",
        "NUL 문자가 들어 있습니다. 파일이 손상되지 않았는지 확인하세요".to_owned(),
        "holds a NUL character; check that the file is not damaged".to_owned(),
    )
}

pub(crate) fn bad_encoding() -> Refusal {
    refusal(
        "",
        "",
        "bad_encoding",
        "글자를 읽을 수 없습니다. 파일을 UTF-8로 저장하세요".to_owned(),
        "the letters cannot be read; save the file as UTF-8".to_owned(),
    )
}

pub(crate) fn wrong_width(found: usize, expected: usize) -> Refusal {
    refusal(
        "",
        &found.to_string(),
        "bad_row",
        format!("열이 {found}개입니다. 머리글은 {expected}개입니다. 따옴표나 구분자를 확인하세요"),
        format!("{found} columns, but the head has {expected}; check quotes and separators"),
    )
}

pub(crate) fn not_a_row(value: &str) -> Refusal {
    refusal(
        "",
        value,
        "bad_row",
        "JSON 객체가 아닙니다. 행은 {\"열\": 값} 모양이어야 합니다".to_owned(),
        "not a JSON object; a row looks like {\"column\": value}".to_owned(),
    )
}

pub(crate) fn ends_before_it_begins(field: &str, value: &str) -> Refusal {
    refusal(
        field,
        value,
        "not_a_time",
        "끝난 시각이 시작 시각보다 앞섭니다".to_owned(),
        "it ends before it begins".to_owned(),
    )
}
