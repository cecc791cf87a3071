//! Words of the estate: what questions may say for kinds, fields, relations, records and metrics.

use leptos::{prelude::*, task::spawn_local};
use model::{
    Localized,
    schema::Catalogue,
    synonym::{SetSynonyms, TermSet},
};

use crate::{
    api,
    i18n::{l, t},
    ui::{
        Crumb, Empty, Icon, IconButton, Input, LinkButton, Loaded, NoMatch, Remote, SearchBox, Size, Tab,
        Tabs, button::Kind, call, estate::Address, ic, remote, session, set_crumbs, toast, toast_error,
    },
};

/// A thing of the catalogue with its words.
#[derive(Debug, Clone, PartialEq)]
struct Term {
    set: TermSet,
    of: String,
    key: String,
    label: String,
    words: Vec<String>,
}

impl Term {
    fn says(&self, text: &str) -> bool {
        let text = text.to_lowercase();
        [&self.key, &self.label]
            .into_iter()
            .chain(&self.words)
            .any(|word| word.to_lowercase().contains(&text))
    }
}

fn term(set: TermSet, of: &str, key: &str, label: &Localized, words: &[String]) -> Term {
    let name = l(label);
    let label = if name.is_empty() { key.to_owned() } else { name };
    Term { set, of: of.to_owned(), key: key.to_owned(), label, words: words.to_vec() }
}

/// The terms of one tab.
fn terms(catalogue: &Catalogue, tab: &str) -> Vec<Term> {
    match tab {
        "fields" => {
            catalogue.fields.iter().map(|f| term(TermSet::Field, "", &f.key, &f.label, &f.synonyms)).collect()
        }
        "relations" => catalogue
            .relations
            .iter()
            .map(|r| term(TermSet::Relation, "", &r.key, &r.label, &r.synonyms))
            .collect(),
        "records" => catalogue
            .records
            .iter()
            .flat_map(|kind| {
                let own = term(TermSet::Record, "", &kind.key, &kind.label, &kind.synonyms);
                let name = own.label.clone();
                let fields = kind.fields.iter().map(move |f| {
                    let field = term(TermSet::RecordField, &kind.key, &f.key, &f.label, &f.synonyms);
                    Term { label: t().synonyms.of_record(&name, &field.label), ..field }
                });
                std::iter::once(own).chain(fields)
            })
            .collect(),
        "metrics" => catalogue
            .metrics
            .iter()
            .map(|m| term(TermSet::Metric, "", &m.key, &m.label, &m.synonyms))
            .collect(),
        _ => catalogue.kinds.iter().map(|k| term(TermSet::Kind, "", &k.key, &k.label, &k.synonyms)).collect(),
    }
}

/// The page of `/words`.
#[component]
pub fn WordsPage() -> impl IntoView {
    let text = t().synonyms;
    set_crumbs(vec![Crumb::here(text.title())]);
    let address = Address::of(|| "/words".to_owned());
    let asked = address.value("tab");
    let tab = Signal::derive(move || if asked.read().is_empty() { "kinds".to_owned() } else { asked.get() });
    let search = RwSignal::new(String::new());
    let catalogue = remote(|| call(api::cmdb::catalogue));
    let tabs = Signal::derive(move || {
        let count = |key: &str| catalogue.value.with(|c| c.as_ref().map(|c| terms(c, key).len() as u64));
        [
            ("kinds", text.kinds()),
            ("fields", text.fields()),
            ("relations", text.relations()),
            ("records", text.records()),
            ("metrics", text.metrics()),
        ]
        .into_iter()
        .map(|(key, label)| Tab::new(key, label, count(key)))
        .collect::<Vec<_>>()
    });
    let may = session::may(<model::perm::WordsEdit as model::perm::Permission>::LEAST);
    let empty = move || {
        view! {
            <Empty title=text.none() text=text.none_text() glyph=ic::LANGUAGES>
                <LinkButton kind=Kind::Primary href="/import" icon=ic::UPLOAD>{t().shell.p_import()}</LinkButton>
            </Empty>
        }
    };
    let is_empty =
        Callback::new(|c: Catalogue| c.kinds.is_empty() && c.metrics.is_empty() && c.records.is_empty());
    view! {
        <div class="words-page" data-testid="words">
            <header class="page-head">
                <h1>{text.title()}</h1>
                <p class="small soft wide-only grow cut">{text.lead()}</p>
                <SearchBox value=search label=text.search()/>
            </header>
            <Tabs id="words" value=tab tabs label=text.tabs() on_change=move |value: String| address.push(|q| q.set("tab", if value == "kinds" { String::new() } else { value }))/>
            <Loaded remote=catalogue is_empty=is_empty empty=empty let:_found>
                <div class="words-list scroll" id="words-panel" role="tabpanel" tabindex="0" aria-labelledby=move || format!("words-{}", tab.get())>
                    {move || {
                        let wanted = search.get();
                        let shown: Vec<Term> = catalogue.value.with_untracked(|c| c.as_ref().map(|c| terms(c, &tab.get())).unwrap_or_default()).into_iter().filter(|term| wanted.is_empty() || term.says(&wanted)).collect();
                        if shown.is_empty() {
                            return view! { <NoMatch on_clear=move |()| search.set(String::new())/> }.into_any();
                        }
                        view! {
                            <table class="data-table">
                                <thead><tr><th scope="col" class="w-name">{text.name()}</th><th scope="col">{text.words()}</th></tr></thead>
                                <tbody>{shown.into_iter().map(|term| view! { <Row term catalogue may/> }).collect_view()}</tbody>
                            </table>
                        }.into_any()
                    }}
                </div>
            </Loaded>
        </div>
    }
}

/// Puts the words of a term into the catalogue.
fn learn(catalogue: &mut Catalogue, term: &Term, words: &[String]) {
    let place = match term.set {
        TermSet::Kind => catalogue.kinds.iter_mut().find(|k| k.key == term.key).map(|k| &mut k.synonyms),
        TermSet::Field => catalogue.fields.iter_mut().find(|f| f.key == term.key).map(|f| &mut f.synonyms),
        TermSet::Relation => {
            catalogue.relations.iter_mut().find(|r| r.key == term.key).map(|r| &mut r.synonyms)
        }
        TermSet::Record => catalogue.records.iter_mut().find(|k| k.key == term.key).map(|k| &mut k.synonyms),
        TermSet::Metric => catalogue.metrics.iter_mut().find(|m| m.key == term.key).map(|m| &mut m.synonyms),
        TermSet::RecordField => catalogue
            .records
            .iter_mut()
            .find(|k| k.key == term.of)
            .and_then(|k| k.fields.iter_mut().find(|f| f.key == term.key))
            .map(|f| &mut f.synonyms),
    };
    if let Some(place) = place {
        *place = words.to_vec();
    }
}

#[component]
fn Row(term: Term, catalogue: Remote<Catalogue>, may: bool) -> impl IntoView {
    let text = t().synonyms;
    let words = RwSignal::new(term.words.clone());
    let typed = RwSignal::new(String::new());
    let wrong = RwSignal::new(None::<String>);
    let (label, key) = (term.label.clone(), term.key.clone());
    let add_label = text.add_to(&label);
    let term = StoredValue::new(term);
    let save = move |next: Vec<String>| {
        let request = term.with_value(|term| SetSynonyms {
            set: term.set,
            of: term.of.clone(),
            key: term.key.clone(),
            words: next,
        });
        spawn_local(async move {
            match call(move || api::synonyms::set_synonyms(request.clone())).await {
                Ok(kept) => {
                    toast(text.saved());
                    wrong.try_set(None);
                    typed.try_set(String::new());
                    // The row stays as it is, with the focus in it; the catalogue behind it learns of the change.
                    term.try_with_value(|term| {
                        catalogue.value.update_untracked(|c| {
                            if let Some(c) = c {
                                learn(c, term, &kept);
                            }
                        });
                    });
                    words.try_set(kept);
                }
                Err(error) => match error.fields.first() {
                    Some(field) => _ = wrong.try_set(Some(l(&field.reason))),
                    None => toast_error(&error),
                },
            }
        });
    };
    let add = move || {
        let word = typed.get_untracked().trim().to_owned();
        if !word.is_empty() {
            let mut next = words.get_untracked();
            next.push(word);
            save(next);
        }
    };
    view! {
        <tr data-testid="term">
            <td class="w-name"><b>{label}</b>" "<code class="small faint">{key}</code></td>
            <td>
                <div class="words">
                    {move || words.get().into_iter().map(|word| {
                        let gone = word.clone();
                        view! {
                            <span class="chip">{word.clone()}
                                {may.then(|| view! {
                                    <button type="button" class="chip-part" aria-label=text.remove_word(&word) on:click=move |_| {
                                        let next = words.get_untracked().into_iter().filter(|w| *w != gone).collect();
                                        save(next);
                                    }><Icon glyph=ic::X class="s"/></button>
                                })}
                            </span>
                        }
                    }).collect_view()}
                    {may.then(|| view! {
                        <form on:submit=move |event| { event.prevent_default(); add(); }>
                            <Input value=typed label=add_label.clone() placeholder=text.add() size=Size::Small/>
                            <IconButton glyph=ic::PLUS size=Size::Small label=add_label on_click=move |_| add()/>
                        </form>
                    })}
                    {move || wrong.get().map(|why| view! { <span class="err" role="alert">{why}</span> })}
                </div>
            </td>
        </tr>
    }
}
