//! The picture of what is around an item, or of what fails with it.

use std::collections::HashMap;

use leptos::prelude::*;
use leptos_router::hooks::use_navigate;
use model::graph::{Direction, EdgeFilter, GraphQuery, Subgraph};

use crate::{
    api,
    i18n::t,
    pages::cis::ci_href,
    ui::{
        Choice, ErrorState, Head, Icon, Segmented, Skeleton, TopologyView, call,
        estate::{Address, Book, lookup, node_states},
        ic, remote,
    },
};

/// Most items in the picture of this page; the topology page shows more.
const MOST: u32 = 150;

/// The picture. What is shown is kept under `topo` in the address: a number of steps, or `impact`.
#[component]
pub fn Neighbours(
    /// Code of the item.
    #[prop(into)]
    code: Signal<String>,
    /// The catalogue.
    book: Book,
    /// The address of the page.
    address: Address,
) -> impl IntoView {
    let text = t().ci;
    let shown = Memo::new(move |_| {
        let wanted = address.query.with(|q| q.get("topo").to_owned());
        if matches!(wanted.as_str(), "2" | "3" | "impact") { wanted } else { "1".to_owned() }
    });
    let impact = move || shown.read().as_str() == "impact";
    let answer = remote(move || {
        let roots = vec![code.get()];
        let query = match shown.get().parse::<u32>() {
            Ok(max_depth) => GraphQuery::Traverse {
                roots,
                direction: Direction::Both,
                min_depth: 1,
                max_depth,
                filter: EdgeFilter::default(),
                limit: MOST,
            },
            Err(_) => GraphQuery::Impact {
                roots,
                max_depth: 10,
                filter: EdgeFilter::default(),
                redundancy: false,
                limit: MOST,
            },
        };
        call(move || api::graph::graph_query(query.clone()))
    });
    let graph = Signal::derive(move || answer.value.get().unwrap_or_default());
    let items = lookup(Signal::derive(move || graph.with(codes)));
    let known = StoredValue::new(book);
    let states =
        Signal::derive(move || items.value.with(|i| known.with_value(|b| node_states(Some(b), i.as_ref()))));
    let highlight = Signal::derive(move || if impact() { depths(&graph.get()) } else { HashMap::new() });
    let navigate = use_navigate();
    let open =
        Callback::new(move |to: String| navigate(&ci_href(&to), leptos_router::NavigateOptions::default()));
    let options = vec![
        Choice::new("1", text.depth(1)),
        Choice::new("2", text.depth(2)),
        Choice::new("3", text.depth(3)),
        Choice::new("impact", text.impact()),
    ];
    let note = move || {
        answer.value.with(|a| {
            let n = a.as_ref().map_or(0, |a| a.total);
            Some(if impact() { text.impact_sum(n) } else { text.around(n) })
        })
    };
    let full = move || {
        let code = String::from(js_sys::encode_uri_component(&code.get()));
        if impact() {
            format!("/topology?start={code}&mode=impact")
        } else {
            format!("/topology?start={code}&depth={}", shown.get())
        }
    };
    let shape = Memo::new(move |_| (answer.value.with(Option::is_some), answer.error.get()));
    view! {
        <section class="card" data-testid="ci-topology">
            <Head title=text.topology() note=Signal::derive(note)>
                <Segmented
                    label=text.view()
                    value=shown
                    options=options
                    on_change=move |value: String| address.update(|q| q.set("topo", if value == "1" { String::new() } else { value }))
                />
                <a class="btn ghost sm icon" href=full aria-label=text.open_topology() title=text.open_topology()>
                    <Icon glyph=ic::MAXIMIZE_2 class="s"/>
                </a>
            </Head>
            {move || match shape.get() {
                (true, _) => {
                    view! {
                        <TopologyView
                            graph=graph
                            selected=Signal::derive(move || Some(code.get()))
                            on_select=open
                            on_open=open
                            highlight=highlight
                            states=states
                            kind_label=Callback::new(move |key: String| known.with_value(|b| b.kind(&key)))
                            height=260
                        />
                    }
                        .into_any()
                }
                (false, Some(error)) => view! { <ErrorState error=error on_retry=Callback::new(move |()| answer.reload())/> }.into_any(),
                (false, None) => view! { <Skeleton rows=6/> }.into_any(),
            }}
        </section>
    }
}

/// Codes of an answer.
pub fn codes(graph: &Subgraph) -> Vec<String> {
    graph.nodes.iter().map(|n| n.code.clone()).collect()
}

/// Depth of an impact by code, without the start.
pub fn depths(graph: &Subgraph) -> HashMap<String, u32> {
    graph.nodes.iter().filter(|n| n.depth > 0).map(|n| (n.code.clone(), n.depth)).collect()
}
