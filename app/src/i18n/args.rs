//! Names of what tools are given, in both languages. What is not known here is shown by its key.

use super::Lang;

const NAMES: &[(&str, &str, &str)] = &[
    ("a", "앞 기간", "first period"),
    ("agg", "집계", "aggregate"),
    ("around", "시점", "around"),
    ("b", "뒤 기간", "second period"),
    ("buckets", "구간 단위", "buckets"),
    ("ci", "대상", "items"),
    ("codes", "대상", "items"),
    ("cond", "조건", "condition"),
    ("desc", "내림차순", "descending"),
    ("direction", "방향", "direction"),
    ("fields", "보여 줄 필드", "fields"),
    ("filter", "조건", "conditions"),
    ("from", "시작", "from"),
    ("group_by", "묶기", "grouped by"),
    ("having", "결과 조건", "having"),
    ("hops", "거리", "hops"),
    ("horizon", "예측 기간", "horizon"),
    ("items", "반복 대상", "for each of"),
    ("kind", "종류", "kind"),
    ("kinds", "종류", "kinds"),
    ("least", "작은 것부터", "least first"),
    ("limit", "최대 개수", "at most"),
    ("max", "최대 횟수", "rounds at most"),
    ("max_depth", "최대 단계", "deepest"),
    ("measures", "계산", "measures"),
    ("metric", "지표", "metric"),
    ("min_depth", "최소 단계", "shallowest"),
    ("mutual", "서로", "both ways"),
    ("n", "개수", "number"),
    ("on", "갈림 기준", "by the value of"),
    ("over", "기준", "over"),
    ("peer", "상대", "other end"),
    ("question", "질문", "question"),
    ("redundancy", "이중화 고려", "redundancy"),
    ("sensitivity", "민감도", "sensitivity"),
    ("series", "계열 포함", "with series"),
    ("sort", "정렬", "order"),
    ("source", "출발", "source"),
    ("target", "도착", "target"),
    ("template", "템플릿", "template"),
    ("text", "찾는 말", "text"),
    ("to", "끝", "to"),
    ("together", "합쳐서", "together"),
    ("types", "관계", "relations"),
    ("tz", "시간대", "time zone"),
    ("until", "끝나는 조건", "until"),
    ("what", "결정할 것", "to decide"),
    ("who", "결정하는 역할", "decided by"),
    ("within", "범위", "within"),
];

/// The name of an argument; `None` where it is not known.
pub fn name(key: &str, lang: Lang) -> Option<&'static str> {
    let at = NAMES.binary_search_by_key(&key, |(key, ..)| key).ok()?;
    let (_, ko, en) = NAMES.get(at)?;
    Some(if lang == Lang::Ko { ko } else { en })
}

/// A comparison as it is written between a field and a value.
pub fn comparison(op: &str, lang: Lang) -> Option<&'static str> {
    let (ko, en) = match op {
        "eq" => ("=", "="),
        "ne" => ("≠", "≠"),
        "lt" => ("<", "<"),
        "le" => ("≤", "≤"),
        "gt" => (">", ">"),
        "ge" => ("≥", "≥"),
        "in" => ("=", "="),
        "not_in" => ("≠", "≠"),
        "contains" => ("포함", "contains"),
        "prefix" => ("시작", "begins with"),
        "exists" => ("있음", "is present"),
        "missing" => ("없음", "is absent"),
        _ => return None,
    };
    Some(if lang == Lang::Ko { ko } else { en })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_in_order_and_found_in_both_languages() {
        assert!(NAMES.is_sorted_by(|a, b| a.0 < b.0));
        assert_eq!(name("limit", Lang::Ko), Some("최대 개수"));
        assert_eq!(name("limit", Lang::En), Some("at most"));
        assert_eq!(name("unheard_of", Lang::En), None);
    }
}
