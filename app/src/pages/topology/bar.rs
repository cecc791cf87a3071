//! The controls: mode, start, direction, steps, relations, kinds, search in the picture.

use leptos::prelude::*;
use model::graph::Direction;

use super::state::{Mode, State};
use crate::{
    i18n::t,
    ui::{
        Check, Chip, Choice, Icon, Input, Popover, Segmented, Select,
        estate::{Address, Book, CiPicker},
        ic,
    },
};

/// The name of a mode.
pub fn mode_name(mode: Mode) -> &'static str {
    let text = t().topology;
    match mode {
        Mode::Around => text.around(),
        Mode::Impact => text.impact(),
        Mode::Path => text.path(),
        Mode::Components => text.components(),
        Mode::Cycles => text.cycles(),
    }
}

/// The controls.
#[component]
pub fn Bar(
    /// The catalogue.
    book: Book,
    /// What is shown.
    state: Memo<State>,
    /// The address of the page.
    address: Address,
    /// Letters looked for in the picture.
    find: RwSignal<String>,
    /// The place among the matches, from 1, and their number.
    #[prop(into)]
    found: Signal<(usize, usize)>,
    /// Goes to the next match, or the one before.
    #[prop(into)]
    on_find: Callback<bool>,
) -> impl IntoView {
    let text = t().topology;
    let known = StoredValue::new(book);
    let mode = Memo::new(move |_| state.with(|s| s.mode));
    let shown_book = Signal::derive(move || Some(known.get_value()));
    let types = move || {
        known.with_value(|b| {
            b.relations.iter().map(|r| (r.key.clone(), b.relation(&r.key), r.count)).collect::<Vec<_>>()
        })
    };
    let kinds = move || {
        known.with_value(|b| {
            b.kinds.iter().map(|k| (k.key.clone(), b.kind(&k.key), k.count)).collect::<Vec<_>>()
        })
    };
    view! {
        <div class="topo-bar">
            <Segmented
                label=text.mode()
                value=Signal::derive(move || mode.get().key().to_owned())
                options=Mode::ALL.map(|m| Choice::new(m.key(), mode_name(m))).to_vec()
                on_change=move |key: String| {
                    address.push(|q| {
                        q.set("mode", if key == "around" { String::new() } else { key });
                        q.set("depth", "");
                        q.set("group", "");
                    });
                }
            />
            <Show when=move || mode.get().starts()>
                <CiPicker
                    value=Signal::derive(move || state.with(|s| s.start.clone()))
                    label=text.from()
                    placeholder=text.pick_placeholder()
                    book=shown_book
                    on_pick=move |code: String| address.push(|q| q.set("start", code))
                />
            </Show>
            <Show when=move || mode.get() == Mode::Path>
                <Icon glyph=ic::ARROW_RIGHT class="s faint"/>
                <CiPicker
                    value=Signal::derive(move || state.with(|s| s.to.clone()))
                    label=text.to()
                    placeholder=text.to()
                    book=shown_book
                    on_pick=move |code: String| address.push(|q| q.set("to", code))
                />
            </Show>
            <Show when=move || matches!(mode.get(), Mode::Around | Mode::Path)>
                <Select
                    label=text.direction()
                    value=Signal::derive(move || state.with(|s| direction_key(s.direction).to_owned()))
                    options=vec![
                        Choice::new("both", text.dir_both()),
                        Choice::new("out", text.dir_out()),
                        Choice::new("in", text.dir_in()),
                    ]
                    on_change=move |key: String| address.push(|q| q.set("dir", if key == "both" { String::new() } else { key }))
                />
            </Show>
            <Show when=move || matches!(mode.get(), Mode::Around | Mode::Impact)>
                <Segmented
                    label=text.depth()
                    value=Signal::derive(move || state.with(|s| s.depth.to_string()))
                    options=Signal::derive(move || {
                        let steps: &[u32] = if mode.get() == Mode::Impact { &[1, 2, 3, 6, 12] } else { &[1, 2, 3, 4] };
                        steps.iter().map(|n| Choice::new(n.to_string(), n.to_string())).collect()
                    })
                    on_change=move |n: String| address.push(|q| q.set("depth", n))
                />
            </Show>
            <Several
                label=text.types()
                none=Signal::derive(move || if mode.get() == Mode::Impact { text.impact_types() } else { text.all_types() }.to_owned())
                all=types()
                chosen=Signal::derive(move || state.with(|s| s.types.clone()))
                on_change={move |keys: Vec<String>| address.push(|q| q.set("types", keys.join(",")))}
            />
            <Show when=move || matches!(mode.get(), Mode::Around | Mode::Impact)>
                <Several
                    label=text.kinds()
                    none=text.all_kinds().to_owned()
                    all=kinds()
                    chosen=Signal::derive(move || state.with(|s| s.kinds.clone()))
                    on_change={move |keys: Vec<String>| address.push(|q| q.set("kinds", keys.join(",")))}
                />
            </Show>
            <Show when=move || mode.get() == Mode::Impact>
                <span class="row" title=text.redundancy_hint()>
                    <Check
                        checked=Signal::derive(move || state.with(|s| s.redundancy))
                        on_change=move |on: bool| address.push(|q| q.set("redundancy", if on { "1" } else { "" }))
                    >
                        {text.redundancy()}
                    </Check>
                </span>
            </Show>
            <span class="grow"></span>
            <span class="topo-find">
                <Input
                    value=find
                    label=text.find()
                    placeholder=text.find()
                    icon=ic::SEARCH
                    unit=Signal::derive(move || {
                        let (at, n) = found.get();
                        (!find.read().is_empty()).then(|| text.found(at as u64, n as u64))
                    })
                    on_enter=move |()| on_find.run(true)
                />
                <button type="button" class="btn icon" aria-label=text.find_prev() title=text.find_prev() on:click=move |_| on_find.run(false)>
                    <Icon glyph=ic::CHEVRON_UP class="s"/>
                </button>
                <button type="button" class="btn icon" aria-label=text.find_next() title=text.find_next() on:click=move |_| on_find.run(true)>
                    <Icon glyph=ic::CHEVRON_DOWN class="s"/>
                </button>
            </span>
        </div>
    }
}

fn direction_key(direction: Direction) -> &'static str {
    match direction {
        Direction::Both => "both",
        Direction::Out => "out",
        Direction::In => "in",
    }
}

/// Several of a list, or none for all of it.
#[component]
fn Several(
    #[prop(into)] label: String,
    #[prop(into)] none: Signal<String>,
    all: Vec<(String, String, u64)>,
    #[prop(into)] chosen: Signal<Vec<String>>,
    #[prop(into)] on_change: Callback<Vec<String>>,
) -> impl IntoView {
    let open = RwSignal::new(false);
    let all = StoredValue::new(all);
    let title = label.clone();
    let words = move || {
        let chosen = chosen.get();
        all.with_value(|all| {
            let names: Vec<&str> = all
                .iter()
                .filter(|(key, ..)| chosen.contains(key))
                .map(|(_, name, _)| name.as_str())
                .collect();
            match names.as_slice() {
                [] => none.get(),
                [one] => (*one).to_owned(),
                [one, rest @ ..] => crate::ui::estate::tx().more(one, rest.len() as u64),
            }
        })
    };
    view! {
        <Popover
            open=open
            label=label.clone()
            class="pop several-form"
            trigger=move || {
                let title = title.clone();
                view! {
                    <Chip expanded=Signal::derive(move || Some(open.get())) on_click=move |_| open.update(|o| *o = !*o)>
                        <em>{title.clone()}</em>
                        <span class="cut">{words}</span>
                    </Chip>
                }
            }
        >
            <div class="filter-values" role="group" aria-label=label.clone()>
                {all.get_value()
                    .into_iter()
                    .map(|(key, name, count)| {
                        let (mine, picked) = (key.clone(), key);
                        view! {
                            <div class="filter-value">
                                <Check
                                    checked=Signal::derive(move || chosen.read().contains(&mine))
                                    on_change=move |on: bool| {
                                        let mut keys = chosen.get_untracked();
                                        keys.retain(|k| *k != picked);
                                        if on {
                                            keys.push(picked.clone());
                                        }
                                        on_change.run(keys);
                                    }
                                >
                                    <span class="cut">{name}</span>
                                </Check>
                                <span class="small faint">{crate::i18n::number(count)}</span>
                            </div>
                        }
                    })
                    .collect_view()}
                <button type="button" class="btn ghost sm" on:click=move |_| on_change.run(Vec::new())>{t().common.clear()}</button>
            </div>
        </Popover>
    }
}
