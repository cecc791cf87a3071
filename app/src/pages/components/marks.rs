//! Vocabulary: steps of a plan in every state, what a step of work looks like, topology, timeline, banner.

use std::collections::HashMap;

use leptos::prelude::*;
use model::graph::{GraphEdge, GraphNode, Subgraph};

use super::{Part, w};
use crate::{
    i18n::t,
    ui::{
        Icon, Tone, TopologyView,
        ic::{self, Glyph},
        topology::NodeState,
    },
};

/// Level, icon with its class, name, outcome, share of the lane in percent, time, whether it went wrong.
type Step = (u32, Option<(Glyph, &'static str)>, String, String, u32, &'static str, bool);

fn steps() -> Vec<Step> {
    let ok = Some((ic::CIRCLE_CHECK, "s ic-ok"));
    let waits = Some((ic::CIRCLE_DASHED, "s ic-off"));
    vec![
        (0, ok, w("대상 찾기", "Find the items"), w("12개", "12 items"), 8, "0.2 s", false),
        (
            1,
            None,
            w("지표 이동", "Shift of metrics"),
            w("24 / 36 계열", "24 of 36 series"),
            36,
            "1.1 s",
            false,
        ),
        (0, waits, w("가설 순위", "Rank the causes"), w("대기", "waiting"), 0, "", false),
        (
            0,
            Some((ic::CIRCLE_ALERT, "s ic-warn")),
            w("병렬 수집", "Gather side by side"),
            w("5개 중 4개 성공", "4 of 5 succeeded"),
            60,
            "2.1 s",
            true,
        ),
        (
            0,
            Some((ic::CLOCK_ALERT, "s ic-warn")),
            w("로그", "Logs"),
            w("시간 초과, 건너뜀", "took too long, left out"),
            58,
            "2.0 s",
            true,
        ),
        (
            0,
            Some((ic::CIRCLE_X, "s ic-bad")),
            w("외부 API", "Outside API"),
            w("실패: 403", "failed: 403"),
            12,
            "0.4 s",
            true,
        ),
        (
            0,
            Some((ic::LOCK, "s ic-off")),
            w("회원 정보", "Members"),
            w("권한 없음", "not allowed"),
            0,
            "",
            false,
        ),
    ]
}

#[component]
pub fn Marks() -> impl IntoView {
    let rows = steps()
        .into_iter()
        .map(|(level, icon, name, out, share, ms, bad)| {
            let class = match (bad, icon.is_none()) {
                (true, _) => "step bad",
                (_, true) => "step run",
                _ => "step",
            };
            view! {
                <li class=class style=format!("--lv:{level}")>
                    <span class="state">
                        {match icon {
                            Some((glyph, class)) => view! { <Icon glyph=glyph class=class/> }.into_any(),
                            None => view! { <span class="dot run"></span> }.into_any(),
                        }}
                    </span>
                    <span class="name">{name}</span>
                    <span class="out">{out}</span>
                    <span class="lane" aria-hidden="true">{(share > 0).then(|| view! { <i style=format!("left:0;width:{share}%")></i> })}</span>
                    <span class="ms">{ms}</span>
                </li>
            }
        })
        .collect_view();
    view! {
        <Part title=w("계획 단계: 모든 상태", "Steps of a plan in every state") class="w7">
            <ul class="card vocabulary-steps">{rows}</ul>
        </Part>
        <Part title=w("타임라인과 배너", "Timeline and banner") class="w5">
            <ol class="timeline card vocabulary-steps">
                <li><time>"14:02"</time><span class="node"><span class="dot info"></span></span><span>{w("CHG-2141 배포", "CHG-2141 rolled out")}</span></li>
                <li><time>"14:04"</time><span class="node"><span class="dot danger"></span></span><span>{w("접속 거부 시작, 214회", "Connections refused, 214 times")}</span></li>
                <li><time>"14:31"</time><span class="node"><span class="dot ok"></span></span><span>{w("정상으로 돌아옴", "Back to normal")}</span></li>
            </ol>
            <div class="banner warn mt-3">
                <Icon glyph=ic::UNPLUG class="s"/>
                <span class="grow"><b>{t().shell.offline()}</b></span>
                <span class="nowrap">{t().shell.offline_retry(8, 3)}</span>
            </div>
            <ol class="steps mt-3" aria-label=w("단계", "Steps")>
                <li class="done"><b>"1"</b>{w("파일", "Files")}</li>
                <li aria-current="step"><b>"2"</b>{w("매핑과 검증", "Mapping")}</li>
                <li><b>"3"</b>{w("가져오기", "Import")}</li>
            </ol>
        </Part>
        <Picture/>
    }
    .into_any()
}

/// Items around one that stopped: those hit carry their distance, long codes stay apart.
#[component]
fn Picture() -> impl IntoView {
    let node = |code: &str, depth: u32, parent: &str| GraphNode {
        code: code.to_owned(),
        name: code.to_owned(),
        kind: "server".to_owned(),
        depth,
        parent: parent.to_owned(),
        via: String::new(),
        group: 0,
    };
    let edge = |source: &str, target: &str| GraphEdge {
        source: source.to_owned(),
        target: target.to_owned(),
        r#type: "calls".to_owned(),
    };
    let graph = Subgraph {
        nodes: vec![
            node("db-pay-01", 0, ""),
            node("application-settlement-seoul-a-primary", 1, "db-pay-01"),
            node("application-settlement-seoul-b-primary", 1, "db-pay-01"),
            node("web-shop-01", 2, "application-settlement-seoul-a-primary"),
            node("stg-san-02", 1, "db-pay-01"),
        ],
        edges: vec![
            edge("application-settlement-seoul-a-primary", "db-pay-01"),
            edge("application-settlement-seoul-b-primary", "db-pay-01"),
            edge("web-shop-01", "application-settlement-seoul-a-primary"),
            edge("db-pay-01", "stg-san-02"),
        ],
        ..Subgraph::default()
    };
    let selected = RwSignal::new(Some("db-pay-01".to_owned()));
    let hit = HashMap::from([
        ("application-settlement-seoul-a-primary".to_owned(), 1),
        ("application-settlement-seoul-b-primary".to_owned(), 1),
        ("web-shop-01".to_owned(), 2),
    ]);
    let state = |tone: Tone| NodeState { tone, word: tone.word().to_owned() };
    let states = HashMap::from([
        ("db-pay-01".to_owned(), state(Tone::Danger)),
        ("application-settlement-seoul-a-primary".to_owned(), state(Tone::Warn)),
        ("stg-san-02".to_owned(), state(Tone::Ok)),
    ]);
    view! {
        <Part title=w("토폴로지: 영향의 깊이는 숫자", "Topology: depth of impact is a numeral") class="w12">
            <div class="card">
                <TopologyView
                    graph=Signal::stored(graph)
                    selected=selected
                    on_select=move |code: String| selected.set(Some(code))
                    highlight=Signal::stored(hit)
                    states=Signal::stored(states)
                    height=180
                />
            </div>
        </Part>
    }
}
