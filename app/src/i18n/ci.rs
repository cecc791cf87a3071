//! Texts: Page of a configuration item.

use super::{common::plural, number, texts};

texts! {
    /// Page of a configuration item.
    Ci {
        title => "구성 항목", "Configuration item";
        tabs => "항목의 정보", "About the item";
        overview => "개요", "Overview";
        relations => "관계", "Relations";
        metrics => "지표", "Metrics";
        topology => "토폴로지", "Topology";
        attributes => "속성", "Attributes";
        as_json => "JSON", "JSON";
        as_table => "표", "Table";
        origin => "출처", "Origin";
        demo => "시연 데이터", "demo data";
        created => "처음 들어옴", "First seen";
        updated => "최근 변경", "Changed";
        no_attributes => "속성이 없습니다", "No attributes";
        no_relations => "다른 항목과의 관계가 없습니다", "It has no relations";
        no_metrics => "지표가 없습니다", "It has no metrics";
        no_records => "이 기간에는 기록이 없습니다", "No records in this time";
        ask => "이 항목에 질문", "Ask about it";
        open_topology => "토폴로지에서 열기", "Open in the topology";
        uses => "쓰는 것", "Uses";
        used_by => "쓰는 쪽", "Used by";
        more_relations(n: u64) => format!("{}개 더 보기", number(n)), format!("{} more", number(n));
        depth(n: u32) => format!("{n}단계"), plural(u64::from(n), "step", "steps");
        impact => "영향", "Impact";
        view => "보기", "View";
        around(n: u64) => format!("둘레 {}개", number(n)), format!("{} around it", plural(n, "item", "items"));
        impact_sum(n: u64) => format!("멈추면 {}개 영향", number(n)), format!("{} affected if it stops", plural(n, "item", "items"));
        last => "마지막", "last";
        mean => "평균", "mean";
        band => "최소–최대", "min–max";
        marks => "변경·이벤트", "changes, events";
        all_metrics(n: u64) => format!("지표 {}개 모두", number(n)), format!("all {}", plural(n, "metric", "metrics"));
        no_values => "이 기간에는 값이 없습니다", "No values in this time";
        covered(from: &str, to: &str) => format!("값은 {from} – {to}에 있습니다."), format!("There are values for {from} – {to}.");
        to_end => "마지막 24시간", "Last 24 hours";
        peers(n: u64, all: u64) => format!("상대 {}개 가운데 {}개", number(all), number(n)), format!("{} of {} other ends", number(n), number(all));
        in_time(n: u64) => format!("{}건", number(n)), plural(n, "record", "records");
        numbered => "번호는 지표 위의 표시와 같습니다.", "Numbers are those of the marks in the charts.";
        history => "변경과 작업", "Changes and work";
        all_events => "모두 보기", "Show all";
        load_more => "더 불러오기", "Load more";
        shown_of(n: u64, total: u64) => format!("{}건 가운데 {}건", number(total), number(n)), format!("{} of {}", number(n), plural(total, "record", "records"));
        missing => "항목을 찾을 수 없습니다", "The item cannot be found";
        to_list => "목록으로", "To the list";
    }
}
