//! Texts: root causes.

use super::{common::plural, number, texts};

texts! {
    /// Root causes.
    Why {
        hypotheses(n: u64) => format!("가설 {}", number(n)), plural(n, "hypothesis", "hypotheses");
        ranking => "근거 강도와 시간 순서로 매긴 순위", "ranked by strength of evidence and order in time";
        confidence(what: &str, percent: &str) => format!("{what}: 확신도 {percent} %"), format!("{what}: {percent} % sure");
        counts(for_it: u64, against: u64) => format!("지지 {} · 반박 {}", number(for_it), number(against)), format!("{} for · {} against", number(for_it), number(against));
        for_it => "지지", "For";
        against => "반박", "Against";
        missing => "미확인", "Missing";
        next => "다음 확인", "Check next";
        path => "전파 경로", "Path";
        radius => "영향 범위", "Blast radius";
        radius_of(all: u64, deviating: u64) =>
            format!("의존하는 항목 {}개 중 {}개가 함께 이상", number(all), number(deviating)),
            format!("{} depend on it; {} deviate too", plural(all, "item", "items"), number(deviating));
    }
}
