//! Texts: List of configuration items.

use super::{common::plural, josa, number, texts};

texts! {
    /// List of configuration items.
    Cis {
        title => "구성 항목", "Configuration items";
        search => "구성 항목 찾기", "Search configuration items";
        search_hint => "코드, 이름, 속성 값", "Code, name, any value";
        table => "구성 항목 표", "Table of configuration items";
        views => "저장한 보기", "Saved views";
        save_view => "보기 저장", "Save the view";
        view_name => "보기 이름", "Name of the view";
        view_hint => "지금의 찾기, 조건, 정렬, 열을 이 브라우저에 저장합니다. 주소를 복사해도 같은 보기를 보낼 수 있습니다.", "Keeps search, filters, order and columns in this browser. The address alone sends the same view.";
        view_saved(name: &str) => format!("보기 {} 저장했습니다", josa(&format!("‘{name}’"), "을/를")), format!("View “{name}” saved");
        view_removed(name: &str) => format!("보기 {} 지웠습니다", josa(&format!("‘{name}’"), "을/를")), format!("View “{name}” removed");
        remove_view(name: &str) => format!("보기 {name} 지우기"), format!("Remove the view {name}");
        import => "가져오기", "Import";
        to_topology => "토폴로지로", "Topology";
        columns => "열 고르기", "Choose columns";
        columns_reset => "처음 열로", "Default columns";
        c_events => "이벤트", "Events";
        c_events_long => "이벤트, 최근 24시간", "Events, last 24 hours";
        c_relations => "관계", "Relations";
        c_updated => "최근 변경", "Changed";
        c_trend => "지표 추세", "Trend";
        count(n: u64, all: u64) => format!("{}개 / 전체 {}", number(n), number(all)), format!("{} of {}", number(n), plural(all, "item", "items"));
        row_at(at: u64) => format!("{}번째", number(at)), format!("row {}", number(at));
        k_move => "이동", "move";
        k_open => "열기", "open";
        k_peek => "미리 보기", "peek";
        k_select => "선택", "select";
        bulk(n: u64) => format!("선택한 {}개에 대해", number(n)), format!("About the {} selected", number(n));
        unselect => "해제", "Clear";
        bulk_ask => "질문", "Ask";
        bulk_path => "둘 사이 경로", "Path between";
        bulk_csv => "CSV로 내려받기", "Download as CSV";
        bulk_copy => "코드 복사", "Copy codes";
        as_of(at: &str) => format!("{at} 기준"), format!("as of {at}");
        peek => "미리 보기", "Preview";
        open_item => "항목 열기", "Open the item";
        in_topology => "토폴로지", "Topology";
        ask_about => "이 항목에 질문", "Ask about it";
        empty_title => "구성 항목이 아직 없습니다", "There are no configuration items yet";
        empty_text => "CSV, JSON, NDJSON 파일을 가져오면 여기에서 찾고, 거르고, 열어 볼 수 있습니다.", "Import CSV, JSON or NDJSON files to search, filter and open items here.";
        empty_action => "파일 가져오기", "Import files";
        no_series => "값 없음", "no values";
        trend_of(metric: &str) => format!("{metric} 추세"), format!("trend of {metric}");
    }
}
