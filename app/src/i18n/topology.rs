//! Texts: Topology.

use super::{common::plural, number, texts};

texts! {
    /// Topology.
    Topology {
        title => "토폴로지", "Topology";
        picture => "토폴로지 그림", "Topology picture";
        picture_of(n: u64) => format!("항목 {}개. 화살표로 관계를 따라 이동합니다", number(n)), format!("{}. Arrow keys follow the relations", plural(n, "item", "items"));
        zoom => "확대와 축소", "Zoom";
        zoom_in => "확대", "Zoom in";
        zoom_out => "축소", "Zoom out";
        zoom_fit => "화면에 맞춤", "Fit to the view";
        fold_all => "모두 접기", "Fold all";
        group_of(kind: &str, n: u64) => format!("{kind} 그룹 {}개", number(n)), format!("group of {} {kind}", number(n));
        impact_depth(n: u32) => format!("영향 {n}단계"), format!("impact step {n}");
        layer(layer: i32, n: u64) => match layer {
            0 => format!("시작 층 · {}", number(n)),
            l if l < 0 => format!("쓰는 쪽 {}단계 · {}", -l, number(n)),
            l => format!("쓰이는 쪽 {l}단계 · {}", number(n)),
        }, match layer {
            0 => format!("start · {}", number(n)),
            l if l < 0 => format!("used by, step {} · {}", -l, number(n)),
            l => format!("uses, step {l} · {}", number(n)),
        };
        // the bar
        start => "시작", "Start";
        start_note => "무엇을 쓰고 무엇이 쓰는지, 멈추면 어디까지 영향이 가는지 그림과 목록으로 봅니다.", "What it uses, what uses it, and how far an outage reaches, as a picture and as a list.";
        start_hint => "시작할 항목을 고르세요", "Choose an item to start from";
        pick => "항목 고르기", "Choose an item";
        pick_placeholder => "코드나 이름", "Code or name";
        from => "시작 항목", "From";
        to => "도착 항목", "To";
        mode => "보기", "View";
        around => "둘레", "Around";
        impact => "영향", "Impact";
        path => "경로", "Path";
        components => "묶음", "Components";
        cycles => "순환", "Cycles";
        direction => "방향", "Direction";
        dir_both => "양쪽", "Both";
        dir_out => "쓰는 것", "What it uses";
        dir_in => "쓰는 쪽", "What uses it";
        depth => "단계", "Steps";
        types => "관계", "Relations";
        kinds => "종류", "Kinds";
        all_types => "모든 관계", "all relations";
        all_kinds => "모든 종류", "all kinds";
        impact_types => "영향을 옮기는 관계", "relations that carry impact";
        redundancy => "이중화 반영", "Count redundancy";
        redundancy_hint => "같은 역할의 항목이 하나라도 살아 있으면 멈추지 않는 것으로 봅니다", "An item keeps running while one of its alternatives does";
        find => "그림에서 찾기", "Find in the picture";
        found(at: u64, n: u64) => format!("{} / {}", number(at), number(n)), format!("{} / {}", number(at), number(n));
        find_next => "다음 결과", "Next match";
        find_prev => "이전 결과", "Previous match";
        as_list => "목록", "List";
        as_picture => "그림", "Picture";
        shown(n: u64) => format!("{}개 표시", number(n)), format!("{} shown", plural(n, "item", "items"));
        cut(n: u64, total: u64) => format!("{}개 가운데 {}개만 표시합니다. 단계를 줄이거나 종류를 고르세요.", number(total), number(n)), format!("Only {} of {} are shown. Take fewer steps or choose kinds.", number(n), number(total));
        // the list beside
        panel => "고른 항목과 목록", "Chosen item and list";
        impact_sum(n: u64) => format!("멈추면 항목 {}개가 영향을 받습니다.", number(n)), format!("If it stops, {} affected.", plural(n, "item is", "items are"));
        impact_none => "멈추어도 영향을 받는 항목이 없습니다.", "Nothing is affected if it stops.";
        around_sum(n: u64) => format!("항목 {}개가 이어져 있습니다.", number(n)), format!("{} connected.", plural(n, "item is", "items are"));
        around_none => "이 조건으로 이어진 항목이 없습니다.", "Nothing is connected under these conditions.";
        path_sum(n: u64) => format!("{}단계로 이어집니다.", number(n)), format!("Connected in {}.", plural(n, "step", "steps"));
        path_none => "두 항목을 잇는 경로가 없습니다. 방향이나 관계를 넓혀 보세요.", "No path connects the two. Widen the direction or the relations.";
        path_hint => "두 항목을 고르면 가장 짧은 경로를 보입니다.", "Choose two items to see the shortest path.";
        components_sum(n: u64) => format!("서로 이어진 묶음 {}개", number(n)), plural(n, "connected group", "connected groups");
        cycles_sum(n: u64) => format!("순환 {}개", number(n)), plural(n, "cycle", "cycles");
        cycles_none => "순환이 없습니다.", "There are no cycles.";
        group_n(i: u64, n: u64) => format!("{}번 · 항목 {}개", number(i), number(n)), format!("no. {} · {}", number(i), plural(n, "item", "items"));
        step_direct => "직접", "Direct";
        step_n(n: u32) => format!("{n}단계"), format!("step {n}");
        hop_start => "출발", "Start";
        start_here => "여기서 시작", "Start here";
        what_if => "멈추면?", "If it stops?";
        path_from => "여기서 경로", "Path from here";
        ask_cause => "질문", "Ask";
        events_24h(n: u64) => format!("최근 24시간 이벤트 {}건", number(n)), format!("{} in the last 24 hours", plural(n, "event", "events"));
        // the key
        key => "범례", "Key";
        key_group => "접힌 그룹, 수", "folded group, count";
        key_impact => "영향 단계", "step of impact";
        key_arrow => "화살표는 쓰는 쪽에서 쓰이는 쪽으로", "arrows lead from user to used";
        keys_relation => "관계 따라", "along relations";
        keys_layer => "같은 층", "same layer";
        keys_group => "펼치기", "unfold";
        keys_open => "열기", "open";
        empty_title => "이을 항목이 아직 없습니다", "There is nothing to connect yet";
        empty_hint => "구성 항목과 관계를 가져오면 여기에서 서로의 의존과 영향을 볼 수 있습니다.", "Once items and relations are imported, their dependencies and impact can be seen here.";
        import => "가져오기", "Import";
    }
}
