//! Values of arguments, with errors in the language of the system.

use chrono::{DateTime, Utc};
use model::{Lang, Localized, ThreadId};

use crate::database::system_lang;

fn said(ko: impl Into<String>, en: impl Into<String>) -> String {
    Localized::new(ko, en).get(system_lang()).to_owned()
}

/// A moment with its zone.
pub fn moment(text: &str) -> Result<DateTime<Utc>, String> {
    DateTime::parse_from_rfc3339(text).map(|at| at.to_utc()).map_err(|_| {
        said(
            "날짜와 시각과 시간대를 쓰세요. 예: 2025-12-31T23:59:59Z, 2025-12-31T09:00:00+09:00",
            "write date, time and zone, as 2025-12-31T23:59:59Z or 2025-12-31T09:00:00+09:00",
        )
    })
}

/// An identifier of a conversation.
pub fn thread(text: &str) -> Result<ThreadId, String> {
    text.parse().map_err(|_| {
        said(
            "대화의 ID가 아닙니다. tobit ask가 답 아래에 출력하는 값을 쓰세요",
            "this is no identifier of a conversation; use the one tobit ask prints below an answer",
        )
    })
}

/// A whole number in a range.
fn within(text: &str, least: u32, most: u32) -> Result<u32, String> {
    text.parse().ok().filter(|number| (least..=most).contains(number)).ok_or_else(|| {
        said(
            format!("{least}에서 {most} 사이의 정수를 쓰세요"),
            format!("write a whole number from {least} to {most}"),
        )
    })
}

/// A number of configuration items of a demo estate.
pub fn cis(text: &str) -> Result<u32, String> {
    within(text, demo::LEAST, demo::MOST)
}

/// A number of questions about a demo estate.
pub fn questions(text: &str) -> Result<u32, String> {
    within(text, 300, 5_000)
}

/// What makes one demo estate differ from another.
pub fn seed(text: &str) -> Result<u64, String> {
    text.parse().map_err(|_| {
        said(
            format!("0에서 {} 사이의 정수를 쓰세요", u64::MAX),
            format!("write a whole number from 0 to {}", u64::MAX),
        )
    })
}

/// Whether the system speaks Korean, for what is shown before anything else is known.
pub fn is_korean() -> bool {
    system_lang() == Lang::Ko
}
