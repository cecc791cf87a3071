//! Words that operations systems store, and names of the columns tools make, in both languages. Values are data of the
//! tenant: what is not known here is shown as it is.

use super::Lang;

/// Spellings in data, Korean, English.
type Word = (&'static [&'static str], &'static str, &'static str);

const WORDS: &[Word] = &[
    (&["success", "succeeded", "successful"], "성공", "success"),
    (&["fail", "failed", "failure"], "실패", "failed"),
    (&["degraded"], "성능 저하", "degraded"),
    (&["partial", "partially_successful"], "일부 성공", "partial"),
    (&["cancelled", "canceled"], "취소", "cancelled"),
    (&["rolled_back", "rollback"], "되돌림", "rolled back"),
    (&["timeout", "timed_out"], "시간 초과", "timed out"),
    (&["completed", "complete", "done"], "완료", "completed"),
    (&["reboot", "restart"], "재부팅", "reboot"),
    (&["patch"], "패치", "patch"),
    (&["upgrade"], "업그레이드", "upgrade"),
    (&["backup"], "백업", "backup"),
    (&["inspection"], "점검", "inspection"),
    (&["replacement", "replace"], "교체", "replacement"),
    (&["deployment", "deploy"], "배포", "deployment"),
    (&["migration"], "이전", "migration"),
    (&["config", "configuration", "config_change"], "설정 변경", "configuration"),
    (&["audit"], "감사", "audit"),
    (&["capacity"], "용량 조정", "capacity"),
    (&["integration"], "연동", "integration"),
    (&["monitoring"], "모니터링 중", "monitoring"),
    (&["active"], "사용 중", "active"),
    (&["inactive"], "사용 안 함", "inactive"),
    (&["maintenance"], "유지보수", "maintenance"),
    (&["retired", "decommissioned"], "폐기", "retired"),
    (&["planned"], "계획됨", "planned"),
    (&["pending"], "대기", "pending"),
    (&["running"], "실행 중", "running"),
    (&["stopped"], "중지", "stopped"),
    (&["open"], "열림", "open"),
    (&["closed"], "닫힘", "closed"),
    (&["resolved"], "해결됨", "resolved"),
    (&["in_progress"], "진행 중", "in progress"),
    (&["critical"], "심각", "critical"),
    (&["major"], "중대", "major"),
    (&["minor"], "경미", "minor"),
    (&["warning"], "경고", "warning"),
    (&["info", "information", "informational"], "정보", "info"),
    (&["high"], "높음", "high"),
    (&["medium"], "보통", "medium"),
    (&["low"], "낮음", "low"),
];

/// A stored word in a language; `None` where it is not known or already in it.
pub fn word(stored: &str, lang: Lang) -> Option<&'static str> {
    let lower = stored.trim().to_lowercase();
    let (_, ko, en) =
        WORDS.iter().find(|(stored, ko, _)| stored.contains(&lower.as_str()) || *ko == lower)?;
    let word = if lang == Lang::Ko { ko } else { en };
    (*word != lower).then_some(*word)
}

/// Forms of what leaves the usual, as `metric.anomalies` names them.
pub fn form(stored: &str, lang: Lang) -> Option<&'static str> {
    let (ko, en) = match stored {
        "high" => ("평소보다 높음", "higher than usual"),
        "low" => ("평소보다 낮음", "lower than usual"),
        "flat" => ("값이 움직이지 않음", "does not move"),
        "silent" => ("값이 들어오지 않음", "no samples"),
        "apart" => ("같은 종류와 다름", "apart from its peers"),
        _ => return None,
    };
    Some(if lang == Lang::Ko { ko } else { en })
}

/// A weekday by its first three letters.
pub fn weekday(stored: &str, lang: Lang) -> Option<&'static str> {
    let (ko, en) = match stored {
        "mon" => ("월요일", "Monday"),
        "tue" => ("화요일", "Tuesday"),
        "wed" => ("수요일", "Wednesday"),
        "thu" => ("목요일", "Thursday"),
        "fri" => ("금요일", "Friday"),
        "sat" => ("토요일", "Saturday"),
        "sun" => ("일요일", "Sunday"),
        _ => return None,
    };
    Some(if lang == Lang::Ko { ko } else { en })
}

/// A unit as it stands in the head of a column.
pub fn unit(stored: &str, lang: Lang) -> &str {
    match (stored, lang) {
        ("s" | "sec" | "second" | "seconds", Lang::Ko) => "초",
        ("min" | "minute" | "minutes", Lang::Ko) => "분",
        ("h" | "hr" | "hour" | "hours", Lang::Ko) => "시간",
        ("d" | "day" | "days", Lang::Ko) => "일",
        ("hop" | "hops", Lang::Ko) => "단계",
        ("count" | "1", _) => "",
        _ => stored,
    }
}

const COLUMNS: &[(&str, &str, &str)] = &[
    ("code", "코드", "Code"),
    ("name", "이름", "Name"),
    ("kind", "종류", "Kind"),
    ("at", "시각", "Time"),
    ("from", "시작", "From"),
    ("until", "종료", "Until"),
    ("ci", "대상", "Item"),
    ("peer", "상대", "Peer"),
    ("count", "건수", "Count"),
    ("distinct", "서로 다른 수", "Distinct"),
    ("depth", "단계", "Depth"),
    ("parent", "상위", "Via item"),
    ("via", "관계", "Relation"),
    ("hop", "순서", "Hop"),
    ("hops", "떨어진 단계", "Relations away"),
    ("length", "길이", "Length"),
    ("avg", "평균", "Average"),
    ("min", "최솟값", "Minimum"),
    ("max", "최댓값", "Maximum"),
    ("sum", "합계", "Sum"),
    ("p50", "중앙값", "Median"),
    ("p90", "90 백분위수", "P90"),
    ("p95", "95 백분위수", "P95"),
    ("p99", "99 백분위수", "P99"),
    ("first", "처음 값", "First"),
    ("last", "마지막 값", "Last"),
    ("samples", "표본 수", "Samples"),
    ("min_at", "시각", "Time"),
    ("max_at", "시각", "Time"),
    ("value", "값", "Value"),
    ("change", "변화", "Change"),
    ("change_pct", "변화율", "Change in percent"),
    ("share", "비율", "Share"),
    ("minute", "시각", "Time"),
    ("hour", "시각", "Time"),
    ("day", "날짜", "Date"),
    ("week", "주", "Week"),
    ("month", "달", "Month"),
    ("weekday", "요일", "Weekday"),
    ("hour_of_day", "시간대", "Hour of day"),
    ("source", "출발", "Source"),
    ("target", "도착", "Target"),
    ("type", "관계", "Relation"),
    ("record", "기록", "Record"),
    ("what", "내용", "What"),
    ("outcome", "결과", "Outcome"),
    ("duration_min", "소요 시간", "Duration"),
    ("metric", "지표", "Metric"),
    ("form", "모양", "Form"),
    ("expected", "예상", "Expected"),
    ("low", "하한", "Low"),
    ("high", "상한", "High"),
    ("sigma", "벗어난 정도", "Deviations"),
    ("reaches", "한계 도달", "Reaches the limit"),
    ("rank", "순위", "Rank"),
    ("resource", "자원", "Resource"),
    ("confidence", "확신도", "Confidence"),
    ("since", "시작", "Since"),
    ("summary", "요약", "Summary"),
    ("title", "제목", "Title"),
    ("note", "비고", "Note"),
    ("local", "현지 시각", "Local time"),
    ("zone", "시간대", "Zone"),
];

/// What a column that tools make is called.
pub fn column(key: &str, lang: Lang) -> Option<&'static str> {
    let (_, ko, en) = COLUMNS.iter().find(|(name, _, _)| *name == key)?;
    Some(if lang == Lang::Ko { ko } else { en })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stored_words_are_said_in_both_languages_and_unknown_ones_are_left() {
        assert_eq!(word("Success", Lang::Ko), Some("성공"));
        assert_eq!(word("성공", Lang::En), Some("success"));
        assert_eq!(word("rolled_back", Lang::En), Some("rolled back"));
        assert_eq!(word("success", Lang::En), None);
        assert_eq!(word("파랑", Lang::Ko), None);
        assert_eq!(unit("min", Lang::Ko), "분");
        assert_eq!(unit("GB", Lang::Ko), "GB");
    }
}
