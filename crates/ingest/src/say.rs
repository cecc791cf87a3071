//! What went wrong, in both languages.

use model::{Lang, Localized};

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
        "시각으로 읽을 수 없습니다. 값을 고치거나 시각 형식을 적으세요 (예: %Y-%m-%d %H:%M, 매핑 파일에서는 format)"
            .to_owned(),
        "cannot be read as a time; correct it or name the time format (as %Y-%m-%d %H:%M; `format` in a mapping file)"
            .to_owned(),
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
    let list = |lang: Lang| by.iter().map(|by| lookup(by, lang)).collect::<Vec<_>>().join(", ");
    refusal(
        field,
        value,
        "no_such_item",
        format!(
            "이 값을 가진 구성 항목이 없습니다 (찾은 순서: {}). 값을 고치거나, 항목을 먼저 가져오거나, ‘없으면 이 종류로 만들기’에 종류를 적으세요 (매핑 파일에서는 create_as)",
            list(Lang::Ko)
        ),
        format!(
            "no configuration item has this value (looked up by {}); correct it, import the item first, or name a kind to make missing items of (`create_as` in a mapping file)",
            list(Lang::En)
        ),
    )
}

/// A way to look up an item, as people and mappings call it.
fn lookup(by: &str, lang: Lang) -> String {
    match (by, lang) {
        ("id", Lang::Ko) => "식별자(id)".to_owned(),
        ("code", Lang::Ko) => "코드(code)".to_owned(),
        ("name", Lang::Ko) => "이름(name)".to_owned(),
        (by, _) => by.to_owned(),
    }
}

pub(crate) fn ambiguous_item(field: &str, value: &str, by: &str) -> Refusal {
    refusal(
        field,
        value,
        "ambiguous_item",
        format!("{} 값이 같은 구성 항목이 둘 이상입니다. 코드나 식별자로 찾으세요", lookup(by, Lang::Ko)),
        format!("more than one configuration item has this {by}; look it up by code or id"),
    )
}

pub(crate) fn duplicate(field: &str, value: &str) -> Refusal {
    refusal(
        field,
        value,
        "duplicate",
        "같은 값이 이 가져오기에 이미 있습니다. 하나만 남기세요. 항목마다 첫 행만 받으려면 매핑 파일에 once: true를 적으세요"
            .to_owned(),
        "this import has the same value already; keep one of them, or write `once: true` in the mapping file to take the first row of each item"
            .to_owned(),
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
        "JSON 객체가 아니어서 필드로 펼칠 수 없습니다. {\"이름\": 값} 모양으로 쓰거나 이 열을 속성 하나로 받으세요".to_owned(),
        "not a JSON object, so it has no entries to take as fields; write {\"name\": value} or take the column as one field"
            .to_owned(),
    )
}

pub(crate) fn too_long(field: &str, value: &str, most: usize) -> Refusal {
    refusal(
        field,
        value,
        "too_long",
        format!("너무 깁니다. {most}자까지 쓸 수 있습니다. 열이 바뀌지 않았는지 확인하세요"),
        format!("too long, at most {most} letters; check whether this is the column that is meant"),
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
        "이 행의 글자가 파일의 다른 행과 다른 인코딩입니다. 파일 전체를 UTF-8로 저장하세요".to_owned(),
        "the letters of this row are in another encoding than the rest of the file; save all of it as UTF-8"
            .to_owned(),
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
        "끝난 시각이 시작 시각보다 앞섭니다. 두 시각이 바뀌지 않았는지 확인하세요".to_owned(),
        "it ends before it begins; check whether the two times are exchanged".to_owned(),
    )
}
