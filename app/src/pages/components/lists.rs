//! Vocabulary: tabs, tree, plain table, a table of 20 000 rows.

use leptos::prelude::*;
use std::collections::BTreeSet;

use super::{Part, w};
use crate::{
    i18n::number,
    ui::{Col, Crit, StatusDot, Tab, Table, Tabs, Tone, Tree, TreeNode, VirtualTable, ic, toast},
};

/// Rows of the long table.
const ROWS: usize = 20_000;

#[component]
pub fn Lists() -> impl IntoView {
    let tab = RwSignal::new("a".to_owned());
    let node = RwSignal::new(None::<String>);
    let leaf = |id: &str, label: &str, note: &str| TreeNode {
        id: id.to_owned(),
        label: label.to_owned(),
        note: note.to_owned(),
        icon: Some(ic::SERVER),
        children: Vec::new(),
    };
    let nodes = vec![TreeNode {
        children: vec![leaf("2", "app-01", "10.0.0.1"), leaf("3", "app-02", "10.0.0.2")],
        icon: Some(ic::LAYERS),
        ..leaf("1", &w("결제", "Payment"), "2")
    }];
    view! {
        <Part title=w("탭과 트리", "Tabs and tree") class="w4">
            <Tabs
                id="vocabulary-tabs"
                label=w("보기", "View")
                value=tab
                tabs=vec![
                    Tab::new("a", w("속성", "Attributes"), None),
                    Tab::new("b", w("관계", "Relations"), Some(12)),
                    Tab::new("c", w("이벤트", "Events"), Some(3)),
                ]
                on_change=move |value| tab.set(value)
            />
            <div class="mt-3">
                <Tree nodes=nodes label=w("구성", "Structure") selected=node on_select=move |id| node.set(Some(id)) />
            </div>
            <div class="mt-3">
                <Table
                    label=w("작은 표", "A plain table")
                    heads=vec![(w("코드", "Code"), false), (w("관계", "Relations"), true)]
                >
                    <tr>
                        <td>
                            <span class="id">"db-pay-01"</span>
                        </td>
                        <td class="num">"9"</td>
                    </tr>
                    <tr>
                        <td>
                            <span class="id">"lb-edge-01"</span>
                        </td>
                        <td class="num">"18"</td>
                    </tr>
                </Table>
            </div>
        </Part>
        <Long />
    }
    .into_any()
}

#[component]
fn Long() -> impl IntoView {
    let down = RwSignal::new(false);
    let selected = RwSignal::new(BTreeSet::new());
    let row = move |i: usize| (i < ROWS).then(|| if down.get() { ROWS - i } else { i + 1 });
    let columns = vec![
        Col::new("state", w("상태", "Status"), 96, |n: &usize| {
            let tone = [Tone::Ok, Tone::Ok, Tone::Warn, Tone::Danger, Tone::Maint][n % 5];
            view! { <StatusDot tone=tone /> }
        }),
        Col::new(
            "code",
            w("코드", "Code"),
            140,
            |n: &usize| view! { <b class="id">{format!("srv-{n:05}")}</b> },
        )
        .sort(),
        Col::new("name", w("이름", "Name"), 0, |n: &usize| w(&format!("서버 {n}"), &format!("Server {n}"))),
        Col::new(
            "crit",
            w("중요도", "Criticality"),
            90,
            |n: &usize| view! { <Crit level=(*n % 5 + 1) as u32 /> },
        ),
        Col::new("n", w("관계", "Relations"), 90, |n: &usize| number((n * 7 % 41) as u64)).num(),
    ];
    view! {
        <Part title=w("2만 행의 표: J K, Space, Enter, X", "A table of 20 000 rows: J K, Space, Enter, X") class="w8">
            <div class="card tall">
                <VirtualTable
                    label=w("긴 표", "A long table")
                    columns=columns
                    total=ROWS
                    row=row
                    sort=Signal::derive(move || if down.get() { "-code" } else { "code" }.to_owned())
                    on_sort=move |sort: String| down.set(sort.starts_with('-'))
                    on_open=|n: usize| toast(format!("srv-{n:05}"))
                    selected=selected
                />
            </div>
        </Part>
    }
    .into_any()
}
