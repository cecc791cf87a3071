//! Texts of charts.

use crate::i18n::{lang, number, texts};

texts! {
    /// Texts of charts.
    ChartText {
        as_table => "표로 보기", "Show as table";
        as_picture => "그림으로 보기", "Show as picture";
        time => "시각", "Time";
        least => "최소", "Min";
        greatest => "최대", "Max";
        usual => "기대 범위", "Expected range";
        ahead => "예측", "Forecast";
        usual_low => "기대 하한", "Expected from";
        usual_high => "기대 상한", "Expected to";
        usual_at(low: &str, high: &str) => format!("기대 {low}–{high}"), format!("expected {low}–{high}");
        outside(n: u64) => format!("기대 범위를 벗어난 구간 {}개", number(n)), if n == 1 { "1 stretch outside of the expected range".to_owned() } else { format!("{} stretches outside of the expected range", number(n)) };
        category => "항목", "Item";
        no_points => "이 시간에는 값이 없습니다", "No values in this time";
        not_loaded => "그래프를 그리는 부분을 불러오지 못했습니다. 값은 표로 볼 수 있습니다.", "The part that draws charts could not be loaded. The values can be read as a table.";
        chosen => "고른 구간", "Chosen time";
        rest(n: u64) => format!("외 {}줄", number(n)), format!("and {} more rows", number(n));
        summary(name: &str, min: &str, max: &str, last: &str) => format!("{name}: 최소 {min}, 최대 {max}, 마지막 {last}"), format!("{name}: min {min}, max {max}, last {last}");
        bar_summary(name: &str, n: u64, top: &str) => format!("{name}: {}개, 가장 큰 값 {top}", number(n)), format!("{name}: {} bars, largest {top}", number(n));
        marks(n: u64) => format!("표시 {}개", number(n)), format!("{} marks", number(n));
        at_times(n: u64) => format!("{}건", number(n)), number(n);
    }
}

/// The texts in the language now in use.
pub fn tx() -> ChartText {
    ChartText(lang())
}
