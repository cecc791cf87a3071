//! Texts: incidents.

use super::{common::plural, number, texts};

texts! {
    /// Incidents.
    Incidents {
        title => "인시던트", "Incidents";
        list => "인시던트 목록", "List of incidents";
        ongoing => "진행 중", "Ongoing";
        ended => "끝남", "Ended";
        all(n: u64) => format!("모두 {}", number(n)), format!("All {}", number(n));
        ongoing_n(n: u64) => format!("진행 중 {}", number(n)), format!("Ongoing {}", number(n));
        explained_n(n: u64) => format!("원인 있음 {}", number(n)), format!("With a cause {}", number(n));
        name(ci: &str, n: u64) => if n < 2 { ci.to_owned() } else { format!("{ci} 외 {}개 항목", number(n - 1)) }, if n < 2 { ci.to_owned() } else { format!("{ci} and {}", plural(n - 1, "other item", "other items")) };
        counts(deviations: u64, events: u64) => format!("이탈 {} · 이벤트 {}", number(deviations), number(events)), format!("{} · {}", plural(deviations, "deviation", "deviations"), plural(events, "event", "events"));
        items_n(n: u64) => format!("항목 {}", number(n)), plural(n, "item", "items");
        no_cause => "설명하는 원인을 찾지 못했습니다", "Nothing explains it";
        not_yet => "열면 원인을 찾습니다", "Causes are looked for when it is opened";
        alone(n: u64) => format!("묶이지 않은 이탈 {}건: 가까운 항목에서 같은 때 다른 이탈이 없었습니다.", number(n)), format!("{} alone: nothing near them deviated at the time.", plural(n, "deviation stands", "deviations stand"));
        looked(n: u64) => format!("계열 {}개를 평소와 비교했습니다", number(n)), format!("{} compared with what is usual", plural(n, "series", "series"));
        none => "이 기간에는 인시던트가 없습니다", "No incidents in this time";
        none_text => "지표가 평소를 벗어나 서로 가까운 항목에서 겹친 일이 없습니다.", "No metrics left the usual near each other at the same time.";
        no_data => "지표가 아직 없습니다", "There are no metrics yet";
        no_data_text => "지표를 가져오면 감지기가 평소와 다른 때를 찾아 가까운 것끼리 묶어 보여 줍니다.", "Import metrics, and the detector finds when they leave the usual and groups what is near.";
        import => "데이터 가져오기", "Import data";
        finding => "모든 계열을 평소와 비교하는 중입니다", "Comparing every series with what is usual";
        reach => "번짐", "How it spread";
        reach_note => "위에서 아래로 먼 항목, 선은 처음 이탈한 순서", "farther items lower, the line joins the first deviations";
        legend_severe => "심각", "Severe";
        legend_warn => "경고", "Warning";
        legend_order => "번진 순서", "Order";
        legend_event => "이벤트", "Event";
        candidate => "원인 후보", "likely cause";
        steps_away(n: u32) => format!("{n}단계"), plural(u64::from(n), "step away", "steps away");
        no_way => "이어지지 않음", "no way";
        changes => "변경", "Changes";
        reach_label(n: u64, from: &str, to: &str) => format!("{from}부터 {to}까지 항목 {}개로 번진 순서", number(n)), format!("how it spread over {} from {from} to {to}", plural(n, "item", "items"));
        hypotheses(n: u64) => format!("가설 {}", number(n)), plural(n, "hypothesis", "hypotheses");
        ask => "질문에서 열기", "Open as a question";
        ask_text(ci: &str, from: &str, to: &str) => format!("{from}부터 {to}까지 {ci}에 생긴 문제의 원인은?"), format!("What caused the trouble of {ci} between {from} and {to}?");
        evidence(n: u64) => format!("근거 {}", number(n)), format!("Evidence {}", number(n));
        against => "반박", "against";
        affected(n: u64) => format!("벗어난 항목 {}", number(n)), format!("{} off", plural(n, "item", "items"));
        topology => "토폴로지", "Topology";
        changes_before => "앞선 변경과 점검", "Changes and maintenance before";
        no_changes => "두 시간 앞부터 변경이나 점검 기록이 없습니다.", "No changes or maintenance from two hours before.";
        apart => "같은 때의 다른 인시던트", "Others at the same time";
        off(value: &str, expected: &str) => format!("{value}, 평소 {expected}"), format!("{value}, usually {expected}");
        form_silent => "값이 끊김", "silent";
        form_flat => "한 값에 머묾", "flat";
        missing => "미확인", "Missing";
        next => "다음 확인", "Check next";
        back => "목록으로", "Back to the list";
        confidence(percent: &str) => format!("확신도 {percent} %"), format!("{percent} % sure");
        lasted(text: &str) => format!("{text} 동안"), format!("for {text}");
        pick => "인시던트를 고르면 번진 순서와 가설이 보입니다.", "Choose an incident to see how it spread and what may have caused it.";
        deviation_list => "이탈", "Deviations";
    }
}
