//! Texts the pages about the estate share.

use crate::i18n::{common::plural, josa, lang, number, texts};

texts! {
    /// Texts the pages about the estate share.
    EstateText {
        code => "코드", "Code";
        name => "이름", "Name";
        kind => "종류", "Kind";
        item => "구성 항목", "Item";
        at => "시각", "Time";
        until => "끝", "Until";
        add_filter => "조건", "Filter";
        field => "항목", "Field";
        operator => "비교", "Comparison";
        value => "값", "Value";
        values => "값 고르기", "Choose values";
        find_value => "값 찾기", "Find a value";
        apply => "적용", "Apply";
        no_values => "값이 없습니다", "No values";
        op_eq => "같음", "is";
        op_ne => "다름", "is not";
        op_lt => "보다 작음", "less than";
        op_le => "이하", "at most";
        op_gt => "보다 큼", "greater than";
        op_ge => "이상", "at least";
        op_in => "다음 가운데", "is one of";
        op_not_in => "다음이 아님", "is none of";
        op_contains => "포함", "contains";
        op_prefix => "이렇게 시작함", "begins with";
        op_exists => "값이 있음", "has a value";
        op_missing => "값이 없음", "has no value";
        op_before => "이전", "before";
        op_after => "이후", "since";
        d_ne(v: &str) => format!("{v} 아님"), format!("not {v}");
        d_lt(v: &str) => format!("{v} 미만"), format!("< {v}");
        d_le(v: &str) => format!("{v} 이하"), format!("≤ {v}");
        d_gt(v: &str) => format!("{v} 초과"), format!("> {v}");
        d_ge(v: &str) => format!("{v} 이상"), format!("≥ {v}");
        d_contains(v: &str) => format!("‘{v}’ 포함"), format!("contains “{v}”");
        d_prefix(v: &str) => format!("{} 시작", josa(&format!("‘{v}’"), "으로/로")), format!("begins with “{v}”");
        more(v: &str, n: u64) => format!("{v} 외 {}", number(n)), format!("{v} and {} more", number(n));
        range => "기간", "Time range";
        range_all => "전체 기간", "All time";
        range_last(v: &str) => format!("최근 {v}"), format!("last {v}");
        range_until(day: &str) => format!("{day}까지"), format!("to {day}");
        range_end => "데이터의 마지막 시각부터 셉니다", "counted back from the end of the data";
        range_from => "부터", "From";
        range_to => "까지", "To";
        range_wrong => "시작이 끝보다 뒤입니다", "The start is after the end";
        hours(n: u32) => format!("{n}시간"), plural(u64::from(n), "hour", "hours");
        days(n: u32) => format!("{n}일"), plural(u64::from(n), "day", "days");
        picker_none => "맞는 항목이 없습니다", "No item matches";
        picker_typing => "코드나 이름을 입력하세요", "Type a code or a name";
    }
}

/// The texts in the language now in use.
pub fn tx() -> EstateText {
    EstateText(lang())
}
