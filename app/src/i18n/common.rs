//! Words used on every page.

use super::{josa, number, texts};

texts! {
    /// Words used on every page.
    Common {
        cancel => "취소", "Cancel";
        close => "닫기", "Close";
        save => "저장", "Save";
        delete => "삭제", "Delete";
        remove => "제거", "Remove";
        rename => "이름 바꾸기", "Rename";
        retry => "다시 시도", "Try again";
        undo => "되돌리기", "Undo";
        copy => "복사", "Copy";
        copied => "복사했습니다", "Copied";
        search => "찾기", "Search";
        clear => "지우기", "Clear";
        reset => "초기화", "Reset";
        all => "모두", "All";
        none => "없음", "None";
        more => "더 보기", "More";
        less => "접기", "Less";
        yes => "예", "Yes";
        no => "아니요", "No";
        open => "열기", "Open";
        download => "내려받기", "Download";
        upload => "올리기", "Upload";
        loading => "불러오는 중", "Loading";
        condition => "조건", "Filter";
        columns => "열", "Columns";
        density => "밀도", "Density";
        sort => "정렬", "Sort";
        sort_by => "정렬 기준", "Sort by";
        ascending => "오름차순", "Ascending";
        descending => "내림차순", "Descending";
        select_all => "모두 선택", "Select all";
        previous => "이전", "Previous";
        next => "다음", "Next";
        back => "뒤로", "Back";
        home => "홈으로", "Go home";
        details => "자세히", "Details";
        actions => "동작", "Actions";
        notices => "알림", "Notifications";
        unit => "단위", "Unit";
        value => "값", "Value";
        name => "이름", "Name";
        kind => "종류", "Kind";
        status => "상태", "Status";
        time => "시각", "Time";
        total => "합계", "Total";
        // status words: shape, word and colour together
        st_ok => "정상", "OK";
        st_warn => "경고", "Warning";
        st_danger => "심각", "Critical";
        st_info => "정보", "Info";
        st_off => "무응답", "No answer";
        st_maint => "점검", "Maintenance";
        st_run => "실행 중", "Running";
        // the four states of every view
        empty_title => "아직 없습니다", "Nothing here yet";
        no_match => "맞는 것이 없습니다", "Nothing matches";
        no_match_hint => "조건을 줄이거나 다른 말로 찾아 보세요.", "Remove a filter or search for something else.";
        clear_filters => "조건 지우기", "Clear filters";
        error_title => "불러오지 못했습니다", "This could not be loaded";
        trace => "트레이스", "Trace";
        copy_trace => "트레이스 번호 복사", "Copy the trace id";
        forbidden_title => "볼 권한이 없습니다", "You may not see this";
        forbidden_hint => "관리자에게 권한을 요청하세요.", "Ask an administrator for access.";
        stale(at: &str) => format!("{at}에 받은 값입니다."), format!("Values received at {at}.");
        rows(n: u64) => format!("{}건", number(n)), plural(n, "row", "rows");
        items(n: u64) => format!("{}개", number(n)), plural(n, "item", "items");
        selected(n: u64) => format!("{}개 선택", number(n)), format!("{} selected", number(n));
        of_total(shown: u64, total: u64) => format!("{}개 중 {}", number(total), number(shown)), format!("{} of {}", number(shown), number(total));
        remove_filter(what: &str) => format!("{what} 조건 지우기"), format!("Remove the filter {what}");
        criticality(n: u32) => format!("중요도 {n}"), format!("Criticality {n}");
        evidence(n: u32) => format!("근거 {n}"), format!("Evidence {n}");
        not_found(what: &str) => format!("{} 찾을 수 없습니다", josa(what, "을/를")), format!("{what} cannot be found");
    }
}

/// A number with its noun in English: `1 row`, `12 rows`.
pub fn plural(n: u64, one: &str, many: &str) -> String {
    format!("{} {}", number(n), if n == 1 { one } else { many })
}
