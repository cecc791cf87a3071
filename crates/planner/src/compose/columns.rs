//! Names and units of the columns that tools make themselves; those of the estate come from its catalogue.

use model::Lang;

const LABELS: &[(&str, &str, &str)] = &[
    ("code", "코드", "code"),
    ("name", "이름", "name"),
    ("kind", "종류", "kind"),
    ("at", "시각", "time"),
    ("until", "종료", "end"),
    ("ci", "대상", "item"),
    ("peer", "상대", "peer"),
    ("count", "건수", "count"),
    ("distinct", "서로 다른 수", "distinct"),
    ("depth", "단계", "depth"),
    ("parent", "상위", "via item"),
    ("via", "관계", "relation"),
    ("hop", "순서", "hop"),
    ("length", "길이", "length"),
    ("avg", "평균", "average"),
    ("min", "최솟값", "minimum"),
    ("max", "최댓값", "maximum"),
    ("sum", "합계", "sum"),
    ("p50", "중앙값", "median"),
    ("p90", "90 백분위수", "p90"),
    ("p95", "95 백분위수", "p95"),
    ("p99", "99 백분위수", "p99"),
    ("first", "처음 값", "first"),
    ("last", "마지막 값", "last"),
    ("samples", "표본 수", "samples"),
    ("min_at", "시각", "time"),
    ("max_at", "시각", "time"),
    ("value", "값", "value"),
    ("change", "변화", "change"),
    ("change_pct", "변화율", "change in percent"),
    ("share", "비율", "share"),
    ("minute", "시각", "time"),
    ("hour", "시각", "time"),
    ("day", "날짜", "date"),
    ("date", "날짜", "date"),
    ("week", "주", "week"),
    ("month", "달", "month"),
    ("weekday", "요일", "weekday"),
    ("hour_of_day", "시간대", "hour of day"),
    ("source", "출발", "source"),
    ("target", "도착", "target"),
    ("type", "관계", "relation"),
    ("hops", "떨어진 단계", "relations away"),
    ("record", "기록", "record"),
    ("what", "내용", "what"),
    ("outcome", "결과", "outcome"),
    ("duration_min", "소요 시간", "duration"),
];

/// What a column is called.
pub fn label(key: &str, lang: Lang) -> Option<&'static str> {
    LABELS.iter().find(|(name, _, _)| *name == key).map(|(_, ko, en)| match lang {
        Lang::Ko => *ko,
        Lang::En => *en,
    })
}

/// `avg_duration_min` is the function `avg` of the field `duration_min`.
pub fn measure(key: &str) -> Option<(&str, &str)> {
    let (function, field) = key.split_once('_')?;
    let known =
        matches!(function, "avg" | "min" | "max" | "sum" | "p50" | "p90" | "p95" | "p99" | "distinct");
    (known && !field.is_empty() && field != "at").then_some((function, field))
}

/// Whether a column of a metric tool is measured in the unit of the metric.
pub fn has_metric_unit(key: &str) -> bool {
    matches!(
        key,
        "avg"
            | "min"
            | "max"
            | "sum"
            | "p50"
            | "p90"
            | "p95"
            | "p99"
            | "first"
            | "last"
            | "value"
            | "a"
            | "b"
            | "change"
    )
}

/// The unit of a column that tools make.
pub fn unit(key: &str) -> &'static str {
    match key {
        "share" | "change_pct" => "%",
        "duration_min" => "min",
        _ => "",
    }
}

/// A weekday by its English name or its number, Monday first.
pub fn weekday(text: &str, lang: Lang) -> Option<&'static str> {
    const NAMES: [(&str, &str, &str); 7] = [
        ("mon", "월요일", "Monday"),
        ("tue", "화요일", "Tuesday"),
        ("wed", "수요일", "Wednesday"),
        ("thu", "목요일", "Thursday"),
        ("fri", "금요일", "Friday"),
        ("sat", "토요일", "Saturday"),
        ("sun", "일요일", "Sunday"),
    ];
    let lower = text.to_lowercase();
    let day = NAMES.iter().find(|(short, _, _)| lower.starts_with(short))?;
    Some(match lang {
        Lang::Ko => day.1,
        Lang::En => day.2,
    })
}
