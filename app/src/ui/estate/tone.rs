//! States of items and severities of records to a shape and a colour. Values are data of the tenant: words of the trade in
//! Korean and English are known, ranks come from the order of the catalogue, anything else stays neutral.

use model::schema::FieldDef;
use serde_json::Value;

use super::value::value_text;
use crate::ui::Tone;

/// Words that say a state, whole or as a part between separators.
const WORDS: &[(Tone, &[&str])] = &[
    (
        Tone::Danger,
        &[
            "critical",
            "crit",
            "fatal",
            "error",
            "err",
            "오류",
            "에러",
            "emergency",
            "emerg",
            "alert",
            "severe",
            "disaster",
            "down",
            "failed",
            "failure",
            "fault",
            "outage",
            "broken",
            "심각",
            "치명",
            "긴급",
            "장애",
            "고장",
            "다운",
            "실패",
            "중대",
        ],
    ),
    (
        Tone::Warn,
        &[
            "warning",
            "warn",
            "major",
            "minor",
            "degraded",
            "impaired",
            "unstable",
            "high",
            "경고",
            "주의",
            "저하",
            "불안정",
            "위험",
            "높음",
        ],
    ),
    (Tone::Maint, &["maintenance", "maint", "점검", "유지보수", "정비"]),
    (
        Tone::Off,
        &[
            "inactive",
            "off",
            "offline",
            "stopped",
            "disabled",
            "retired",
            "decommissioned",
            "unreachable",
            "unknown",
            "standby",
            "spare",
            "reserve",
            "planned",
            "예비",
            "예정",
            "비활성",
            "중지",
            "정지",
            "폐기",
            "무응답",
            "대기",
            "미사용",
            "종료",
        ],
    ),
    (
        Tone::Ok,
        &[
            "ok",
            "active",
            "up",
            "running",
            "online",
            "healthy",
            "normal",
            "operational",
            "in_service",
            "inservice",
            "live",
            "production",
            "clear",
            "cleared",
            "resolved",
            "success",
            "succeeded",
            "completed",
            "done",
            "정상",
            "운영",
            "가동",
            "활성",
            "사용",
            "해제",
            "성공",
            "완료",
            "복구",
            "해결",
        ],
    ),
    (
        Tone::Info,
        &[
            "info",
            "information",
            "informational",
            "notice",
            "debug",
            "low",
            "정보",
            "알림",
            "참고",
            "낮음",
            "보통",
            "medium",
        ],
    ),
];

/// The tone of a state word; neutral when the word is not known.
pub fn status_tone(value: &str) -> Tone {
    let lower = value.trim().to_lowercase();
    let known = |word: &str| WORDS.iter().find(|(_, words)| words.contains(&word)).map(|(tone, _)| *tone);
    known(&lower)
        .or_else(|| lower.split(|c: char| !c.is_alphanumeric()).filter_map(known).next())
        .or_else(|| {
            lower.split_whitespace().find_map(|part| known(part.trim_end_matches(['중', '됨', '함'])))
        })
        .or_else(|| known(lower.trim_end_matches(['중', '됨', '함']).trim()))
        .unwrap_or_default()
}

/// How bad a record is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Severity {
    /// Shape and colour.
    pub tone: Tone,
    /// Place in the order, larger is worse.
    pub rank: usize,
    /// The value as it is shown.
    pub word: String,
}

/// Reads a value of a field that says how bad a record is: a word with an order, a number, or a word of the trade.
pub fn severity(field: &FieldDef, value: &Value) -> Severity {
    let word = value_text(value);
    if word.is_empty() {
        return Severity::default();
    }
    let scale = scale(field);
    let rank = scale.iter().position(|v| v.eq_ignore_ascii_case(&word));
    let tone = match (status_tone(&word), rank) {
        (Tone::Neutral, Some(rank)) => ranked(rank, scale.len()),
        (tone, _) => tone,
    };
    let by_tone = match tone {
        Tone::Danger => 3,
        Tone::Warn => 2,
        Tone::Info => 1,
        _ => 0,
    };
    Severity { tone, rank: rank.unwrap_or(by_tone), word }
}

/// The values from least to most severe, as far as they are known.
pub fn scale(field: &FieldDef) -> Vec<String> {
    if !field.order.is_empty() {
        return field.order.clone();
    }
    let mut numbers: Vec<(f64, String)> =
        field.values.iter().filter_map(|v| v.trim().parse::<f64>().ok().map(|n| (n, v.clone()))).collect();
    if numbers.len() < field.values.len() || numbers.is_empty() {
        return Vec::new();
    }
    numbers.sort_by(|a, b| a.0.total_cmp(&b.0));
    numbers.into_iter().map(|(_, v)| v).collect()
}

/// The upper quarter of a scale is critical, the quarter below it a warning.
fn ranked(rank: usize, of: usize) -> Tone {
    if of < 2 {
        return Tone::Info;
    }
    match rank * 4 / (of - 1) {
        4.. => Tone::Danger,
        3 if of > 4 => Tone::Danger,
        2 | 3 => Tone::Warn,
        _ => Tone::Info,
    }
}

#[cfg(test)]
mod tests {
    use super::{super::book::base_field, *};

    #[test]
    fn state_words_of_both_languages_are_known() {
        assert_eq!(status_tone("Active"), Tone::Ok);
        assert_eq!(status_tone("운영중"), Tone::Ok);
        assert_eq!(status_tone("점검 중"), Tone::Maint);
        assert_eq!(status_tone("폐기"), Tone::Off);
        assert_eq!(status_tone("in-failure"), Tone::Danger);
        assert_eq!(status_tone("파랑"), Tone::Neutral);
    }

    #[test]
    fn numbers_are_ranked_among_the_values_there_are() {
        let field = base_field("severity", ["1", "2", "3", "4", "5"].map(str::to_owned).to_vec());
        let tones: Vec<Tone> = (1..=5).map(|n| severity(&field, &Value::from(n)).tone).collect();
        assert_eq!(tones, [Tone::Info, Tone::Info, Tone::Warn, Tone::Danger, Tone::Danger]);
    }

    #[test]
    fn words_without_meaning_follow_the_order_of_the_catalogue() {
        let mut field = base_field("level", Vec::new());
        field.order = ["파랑", "노랑", "빨강"].map(str::to_owned).to_vec();
        assert_eq!(severity(&field, &Value::from("빨강")).tone, Tone::Danger);
        assert_eq!(severity(&field, &Value::from("노랑")).tone, Tone::Warn);
        assert_eq!(severity(&field, &Value::from("파랑")).tone, Tone::Info);
    }
}
