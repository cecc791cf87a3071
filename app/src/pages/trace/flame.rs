//! The flame graph: what took the time, same tools in the same place as one block. Few blocks however many steps.

use std::collections::BTreeMap;

use leptos::prelude::*;

use super::{Scene, tree::Tree};
use crate::i18n::{duration_ms, percent, t};

/// A block narrower than this share of the run is left out.
const LEAST: f64 = 0.002;

/// A block.
#[derive(Debug, Clone, PartialEq)]
pub struct Block {
    /// Label of the step, or the tool where several are one.
    pub name: String,
    /// Steps in it.
    pub count: u64,
    /// Milliseconds of all of them.
    pub ms: f64,
    /// Left edge, as a share of the run.
    pub left: f64,
    /// Width, as a share of the run.
    pub width: f64,
    /// Level, from 0.
    pub level: u32,
    /// The first step of it.
    pub path: String,
    /// One of them went wrong.
    pub bad: bool,
    /// One of them is on the critical path.
    pub critical: bool,
}

/// What is being put into one block: rows of the tree.
struct Group {
    members: Vec<usize>,
    weight: f64,
}

/// The blocks of a run. The time of a row is at least that of what is below it, so that work at the same time counts in full.
pub fn blocks(tree: &Tree) -> Vec<Block> {
    let count = tree.spans.len();
    let mut below: Vec<Vec<usize>> = vec![Vec::new(); count];
    let mut weight: Vec<f64> = tree.spans.iter().map(super::tree::Span::ms).collect();
    for at in (1..count).rev() {
        if let Some(parent) = tree.spans[at].parent {
            below[parent].push(at);
        }
    }
    // rows come after the row that holds them, so going back sees every row after those below it
    for at in (0..count).rev() {
        let inside: f64 = below[at].iter().map(|child| weight[*child]).sum();
        weight[at] = weight[at].max(inside);
        below[at].reverse();
    }
    let mut out = Vec::new();
    let all = weight.first().copied().unwrap_or(0.0).max(0.001);
    let root = Group { members: if count > 0 { vec![0] } else { Vec::new() }, weight: all };
    let mut open = vec![(root, 0.0, 0)];
    while let Some((group, left, level)) = open.pop() {
        let Some(first) = group.members.first().map(|at| &tree.spans[*at]) else { continue };
        let width = group.weight / all;
        let many = group.members.len() > 1;
        out.push(Block {
            name: if many { first.tool.clone() } else { first.label.clone() },
            count: group.members.len() as u64,
            ms: group.members.iter().map(|at| tree.spans[*at].ms()).sum(),
            left,
            width,
            level,
            path: first.path.clone(),
            bad: group.members.iter().any(|at| tree.spans[*at].bad()),
            critical: group.members.iter().any(|at| tree.spans[*at].critical),
        });
        let mut kinds: BTreeMap<&str, Group> = BTreeMap::new();
        for child in group.members.iter().flat_map(|at| &below[*at]) {
            let entry = kinds
                .entry(tree.spans[*child].tool.as_str())
                .or_insert(Group { members: Vec::new(), weight: 0.0 });
            entry.members.push(*child);
            entry.weight += weight[*child];
        }
        let mut kinds: Vec<Group> = kinds.into_values().collect();
        kinds.sort_by(|a, b| b.weight.total_cmp(&a.weight));
        let mut at = left;
        for kind in kinds {
            let width = kind.weight / all;
            if width >= LEAST {
                open.push((kind, at, level + 1));
            }
            at += width;
        }
    }
    out.sort_by(|a, b| a.level.cmp(&b.level).then(a.left.total_cmp(&b.left)));
    out
}

/// The flame graph.
#[component]
pub fn Flame(scene: Scene) -> impl IntoView {
    let text = t().trace;
    let found = Memo::new(move |_| scene.tree.with(|tree| blocks(tree)));
    let levels = move || found.with(|all| all.iter().map(|b| b.level + 1).max().unwrap_or(1));
    view! {
        <section class="trace-flame" aria-label=text.flame()>
            <p class="small faint">{text.flame_hint()}</p>
            <div class="flame" style=move || format!("height:{}px", levels() * 26)>
                {move || {
                    found
                        .get()
                        .into_iter()
                        .map(|block| {
                            let label = text.flame_block(&block.name, block.count, &duration_ms(block.ms), &percent(block.width));
                            let (path, mine) = (block.path.clone(), block.path.clone());
                            view! {
                                <button
                                    type="button"
                                    class="flame-block"
                                    class:crit=block.critical
                                    class:bad=block.bad
                                    style=format!("left:{:.3}%;width:{:.3}%;top:{}px", block.left * 100.0, block.width * 100.0, block.level * 26)
                                    title=label.clone()
                                    aria-label=label
                                    aria-pressed=move || (scene.chosen.read().as_str() == mine).to_string()
                                    on:click=move |_| scene.choose(path.clone())
                                >
                                    <span class="cut">{block.name.clone()}</span>
                                    {(block.count > 1).then(|| view! { <span class="faint">"×"{block.count}</span> })}
                                </button>
                            }
                        })
                        .collect_view()
                }}
            </div>
        </section>
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::pages::trace::tree::{
        build,
        tests::{detail, step},
    };

    #[test]
    fn thirty_thousand_steps_of_one_tool_are_one_block() {
        let body = json!({"id": "s3", "kind": "tool", "tool": "metric.query", "args": {}});
        let root = json!({"id": "s2", "kind": "for_each", "items": "$s1.rows", "var": "item", "body": body, "max": 30000, "par": 8});
        let mut steps = vec![step("s2", "for_each", 0.0, 30_000.0)];
        steps.extend((0..30_000).map(|n| step(&format!("s2[{n}].s3"), "metric.query", f64::from(n), 1.0)));
        let tree = build(&detail(root, Vec::new()), &steps);
        let found = blocks(&tree);
        assert_eq!(found.len(), 3);
        assert_eq!((found[2].count, found[2].name.as_str()), (30_000, "metric.query"));
        assert!((found[2].width - 1.0).abs() < 1e-9);
    }
}
