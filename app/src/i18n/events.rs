//! Texts: Events.

use super::{common::plural, number, texts};

texts! {
    /// Events.
    Events {
        title => "이벤트", "Events";
        search => "기록 찾기", "Search records";
        search_hint => "제목, 내용, 항목", "Title, text, item";
        table => "기록 표", "Table of records";
        kinds => "기록의 종류", "Kinds of records";
        all_kinds => "모든 기록", "All records";
        severity => "심각도", "Severity";
        state => "상태", "State";
        last_at => "마지막", "Last";
        content => "내용", "What";
        count => "횟수", "Count";
        grouped => "같은 것 묶음", "Group repeats";
        about => "항목", "Item";
        histogram => "시간별 기록 수", "Records over time";
        per_bar(step: &str) => format!("{step}마다, 건"), format!("records per {step}");
        drag_hint => "끌어서 구간 선택", "drag to choose a time";
        widen => "전체 기간", "All time";
        groups_sum(n: u64, rows: u64) => format!("{}줄 · 원본 {}건을 묶음", number(n), number(rows)), format!("{} for {}", plural(n, "row", "rows"), plural(rows, "record", "records"));
        loaded(n: u64) => format!("{}줄까지 불러옴", number(n)), format!("{} fetched", plural(n, "row", "rows"));
        news(n: u64) => format!("새 기록 {}건", number(n)), plural(n, "new record", "new records");
        more_rows => "더 불러오기", "Fetch more";
        rows_sum(n: u64, more: bool) => format!("{}{}건", number(n), if more { "+" } else { "" }), format!("{}{}", plural(n, "record", "records"), if more { "+" } else { "" });
        k_move => "이동", "move";
        k_ask => "원인 묻기", "ask for the cause";
        k_close => "닫기", "close";
        inspector => "고른 기록", "Chosen record";
        pick_hint => "기록을 고르면 여기에 내용과 관련 기록이 보입니다.", "Choose a record to see it and what is related here.";
        first_last(first: &str, last: &str) => format!("{first} 처음 · {last} 마지막"), format!("first {first} · last {last}");
        folded(n: u64) => format!("{}회를 한 줄로 묶음", number(n)), format!("{} in one row", plural(n, "record", "records"));
        from_to(from: &str, to: &str) => format!("{from} – {to}"), format!("{from} – {to}");
        ask => "원인 묻기", "Ask for the cause";
        ask_text(ci: &str, at: &str, title: &str) => if ci.is_empty() { format!("{at}에 일어난 ‘{title}’의 원인은?") } else { format!("{ci}에서 {at}에 일어난 ‘{title}’의 원인은?") }, if ci.is_empty() { format!("What caused “{title}” at {at}?") } else { format!("What caused “{title}” on {ci} at {at}?") };
        open_impact => "영향 보기", "See the impact";
        related => "관련 기록", "Related records";
        related_note => "이웃 1단계, 앞뒤 15분", "neighbours, 15 minutes around";
        related_none => "앞뒤 15분에 다른 기록이 없습니다.", "No other records within 15 minutes.";
        why_same => "같은 항목", "same item";
        why_user => "쓰는 쪽 1단계", "uses it, step 1";
        why_used => "쓰이는 쪽 1단계", "used by it, step 1";
        why_before(n: u64) => format!("{}분 앞", number(n)), format!("{} min before", number(n));
        why_after(n: u64) => format!("{}분 뒤", number(n)), format!("{} min after", number(n));
        why_now => "같은 때", "at the same time";
        raw => "원본", "Original";
        as_fields => "필드", "Fields";
        as_json => "JSON", "JSON";
        empty_title => "기록이 아직 없습니다", "There are no records yet";
        empty_text => "이벤트, 점검, 작업 이력을 가져오면 여기에서 시간과 함께 볼 수 있습니다.", "Import events, maintenance and work history to see them over time here.";
        empty_action => "파일 가져오기", "Import files";
        none_in_range => "이 기간과 조건에 맞는 기록이 없습니다", "No records in this time under these conditions";
        none_hint(from: &str, to: &str) => format!("기록은 {from} – {to}에 있습니다."), format!("There are records for {from} – {to}.");
        step_s(n: u64) => format!("{n}초"), format!("{n} s");
        step_min(n: u64) => format!("{n}분"), format!("{n} min");
        step_h(n: u64) => format!("{n}시간"), format!("{n} h");
        step_d(n: u64) => format!("{n}일"), plural(n, "day", "days");
    }
}
