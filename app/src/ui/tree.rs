//! A tree that opens and closes, with the keys of a tree: arrows, Home, End, Enter.

use std::collections::HashSet;

use leptos::prelude::*;

use super::{Icon, ic, ic::Glyph};

/// A node.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TreeNode {
    /// What it is known by.
    pub id: String,
    /// Its words.
    pub label: String,
    /// A remark after them.
    pub note: String,
    /// An icon before them.
    pub icon: Option<Glyph>,
    /// What is under it.
    pub children: Vec<TreeNode>,
}

#[derive(Clone, PartialEq)]
struct Row {
    node: TreeNode,
    level: usize,
    parent: Option<String>,
}

fn flatten(
    nodes: &[TreeNode],
    closed: &HashSet<String>,
    level: usize,
    parent: Option<&str>,
    out: &mut Vec<Row>,
) {
    for node in nodes {
        let mut own = node.clone();
        let children = std::mem::take(&mut own.children);
        own.children = if children.is_empty() { Vec::new() } else { vec![TreeNode::default()] };
        out.push(Row { node: own, level, parent: parent.map(str::to_owned) });
        if !closed.contains(&node.id) {
            flatten(&children, closed, level + 1, Some(&node.id), out);
        }
    }
}

/// A tree. It is drawn as a flat list, so a large one stays cheap.
#[component]
pub fn Tree(
    /// What it shows.
    #[prop(into)]
    nodes: Signal<Vec<TreeNode>>,
    /// What it is of.
    #[prop(into)]
    label: Signal<String>,
    /// The chosen node.
    #[prop(into)]
    selected: Signal<Option<String>>,
    /// Called with the id chosen.
    #[prop(into)]
    on_select: Callback<String>,
) -> impl IntoView {
    let closed = RwSignal::new(HashSet::<String>::new());
    let rows = Memo::new(move |_| {
        let mut out = Vec::new();
        flatten(&nodes.read(), &closed.read(), 0, None, &mut out);
        out
    });
    let prefix = super::form::fresh_id("tree");
    let row_id = move |id: &str| format!("{prefix}-{id}");
    let find_id = row_id.clone();
    let focus = move |id: String| {
        on_select.run(id.clone());
        let id = find_id(&id);
        request_animation_frame(move || super::dialog::focus_id(&id));
    };
    let keydown = move |event: leptos::ev::KeyboardEvent| {
        let rows = rows.get_untracked();
        let here = rows.iter().position(|row| Some(&row.node.id) == selected.get_untracked().as_ref());
        let Some(row) = here.and_then(|i| rows.get(i)).or(rows.first()) else { return };
        let i = here.unwrap_or(0);
        let (has_children, is_closed) =
            (!row.node.children.is_empty(), closed.with_untracked(|c| c.contains(&row.node.id)));
        let to = match event.key().as_str() {
            "ArrowDown" => rows.get(i + 1),
            "ArrowUp" => i.checked_sub(1).and_then(|i| rows.get(i)),
            "Home" => rows.first(),
            "End" => rows.last(),
            "ArrowRight" if has_children && is_closed => {
                closed.update(|c| _ = c.remove(&row.node.id));
                None
            }
            "ArrowRight" if has_children => rows.get(i + 1),
            "ArrowLeft" if has_children && !is_closed => {
                closed.update(|c| _ = c.insert(row.node.id.clone()));
                None
            }
            "ArrowLeft" => rows.iter().find(|r| Some(&r.node.id) == row.parent.as_ref()),
            _ => return,
        };
        event.prevent_default();
        if let Some(to) = to {
            focus(to.node.id.clone());
        }
    };
    view! {
        <div role="tree" aria-label=move || label.get() on:keydown=keydown>
            {move || {
                let first = rows.read().first().map(|row| row.node.id.clone());
                rows.get()
                    .into_iter()
                    .map(|row| {
                        let id = row.node.id.clone();
                        let (mine, chosen, toggled, tab) = (id.clone(), id.clone(), id.clone(), id.clone());
                        let parent = !row.node.children.is_empty();
                        let open = !closed.read_untracked().contains(&id);
                        let first = first.clone();
                        view! {
                            <div
                                class="tree-row"
                                role="treeitem"
                                id=row_id(&id)
                                style:--lv=row.level.to_string()
                                prop:ariaLevel=(row.level + 1).to_string()
                                aria-expanded=parent.then(|| open.to_string())
                                aria-selected=move || (selected.get().as_ref() == Some(&mine)).to_string()
                                tabindex=move || {
                                    let at = selected.get().or_else(|| first.clone());
                                    if at.as_ref() == Some(&tab) { "0" } else { "-1" }
                                }
                                on:click=move |_| on_select.run(chosen.clone())
                            >
                                {if parent {
                                    view! {
                                        <span
                                            class="twist-hit"
                                            on:click=move |event| {
                                                event.stop_propagation();
                                                closed
                                                    .update(|c| {
                                                        if !c.remove(&toggled) {
                                                            c.insert(toggled.clone());
                                                        }
                                                    });
                                            }
                                        >
                                            <Icon glyph=ic::CHEVRON_DOWN class="twist" />
                                        </span>
                                    }
                                        .into_any()
                                } else {
                                    view! { <span class="twist"></span> }.into_any()
                                }}
                                {row.node.icon.map(|glyph| view! { <Icon glyph=glyph class="s faint" /> })}
                                <span class="cut">{row.node.label}</span>
                                <span class="faint small cut">{row.node.note}</span>
                            </div>
                        }
                    })
                    .collect_view()
            }}
        </div>
    }
}
