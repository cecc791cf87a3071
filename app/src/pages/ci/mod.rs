//! The page of a configuration item. Every part loads by itself, so that one that fails leaves the others standing.

mod attributes;
mod history;
mod metrics;
mod neighbours;
mod records;

use std::sync::Arc;

use leptos::prelude::*;
use leptos_router::hooks::{use_navigate, use_params_map};
use model::{
    ErrorCode,
    cmdb::CiDetail,
    metrics::SeriesInfo,
    records::{RecordPage, RecordQuery},
    schema::FieldRole,
};

use self::{
    attributes::{Attributes, Relations, origin_name},
    history::History,
    metrics::{Metrics, Window, by_metric, covers},
    neighbours::Neighbours,
    records::{InWindow, OfKind},
};
use crate::{
    api,
    i18n::t,
    pages::cis::question_href,
    ui::{
        Badge, Crit, Crumb, Empty, ErrorState, Icon, LinkButton, Remote, Selection, SelectionAct, Skeleton,
        StatusDot, Tab, Tabs, Time, Tone,
        button::Kind,
        call,
        chart::Mark,
        estate::{
            Address, Book, Items, Query, RangePicker, Span, bars, item_state, lookup, use_book, value_text,
        },
        facts::TimeForm,
        ic, offer_selection, remote, set_crumbs,
    },
};

pub use neighbours::{codes, depths};

/// The page of a configuration item.
#[component]
pub fn CiPage() -> impl IntoView {
    let params = use_params_map();
    let code = Memo::new(move |_| params.with(|p| p.get("code").unwrap_or_default()));
    view! { {move || view! { <Item code=code.get()/> }.into_any()} }
}

/// One item; another code is another item, built anew.
#[component]
fn Item(code: String) -> impl IntoView {
    let text = t().ci;
    set_crumbs(vec![Crumb::link(t().cis.title(), "/cis"), Crumb::here(code.clone())]);
    let path = format!("/cis/{}", String::from(js_sys::encode_uri_component(&code)));
    let address = Address::of(move || path.clone());
    let book = use_book();
    let wanted = code.clone();
    let detail = remote(move || {
        let code = wanted.clone();
        call(move || api::cmdb::get_ci(code.clone()))
    });
    let wanted = code.clone();
    let series = remote(move || {
        let code = wanted.clone();
        call(move || api::metrics::ci_series(code.clone()))
    });
    let retry = Callback::new(move |()| {
        book.reload();
        detail.reload();
        series.reload();
    });
    view! {
        <div class="page ci-page">
            {move || match (book.value.get(), detail.value.get(), book.error.get().or(detail.error.get())) {
                (Some(book), Some(detail), None) => view! { <Body detail book address series/> }.into_any(),
                (_, _, Some(error)) if error.kind == ErrorCode::NotFound => {
                    let hint = error.hint.as_ref().map(crate::i18n::l).unwrap_or_default();
                    view! {
                        <Empty title=t().common.not_found(&code) text=hint glyph=ic::FILE_QUESTION_MARK>
                            <LinkButton kind=Kind::Primary href="/cis">{text.to_list()}</LinkButton>
                        </Empty>
                    }
                        .into_any()
                }
                (_, _, Some(error)) => view! { <ErrorState error=error on_retry=retry/> }.into_any(),
                _ => view! { <Skeleton rows=12/> }.into_any(),
            }}
        </div>
    }
}

#[component]
fn Body(detail: CiDetail, book: Book, address: Address, series: Remote<Vec<SeriesInfo>>) -> impl IntoView {
    let text = t().ci;
    let code = detail.ci.code.clone();
    // The window of charts and marks: counted back from the end of this item's values, else of all data.
    let fallback_end = book.ends_at();
    let covered = Memo::new(move |_| series.value.with(|s| s.as_deref().and_then(covers)));
    let end = Memo::new(move |_| covered.get().map(|c| c.1).or(fallback_end));
    let span = Memo::new(move |_| address.query.with(|q| Span::parse(q.get("range"), Span::Last(24))));
    let window: Memo<Option<Window>> = Memo::new(move |_| {
        series.value.with(Option::is_some).then_some(())?;
        match span.get().bounds(end.get()) {
            (Some(from), Some(to)) => Some((from, to)),
            _ => covered.get().map(|(a, b)| (a, b + chrono::Duration::seconds(1))),
        }
    });
    let set_span = Callback::new(move |span: Span| {
        address.push(|q| q.set("range", if span == Span::Last(24) { String::new() } else { span.text() }))
    });
    let record_code = code.clone();
    let records = remote(move || {
        let window = window.get();
        let query = RecordQuery {
            cis: vec![record_code.clone()],
            from: window.map(|w| w.0),
            to: window.map(|w| w.1),
            limit: 200,
            ..RecordQuery::default()
        };
        async move {
            if window.is_none() {
                return Ok(RecordPage { items: Vec::new(), next: None, total: 0 });
            }
            call(move || api::events::list_records(query.clone())).await
        }
    });
    let known = StoredValue::new(book.clone());
    let marked = Memo::new(move |_| {
        records.value.with(|r| {
            known.with_value(|b| r.as_ref().map(|r| records::marked(&r.items, b)).unwrap_or_default())
        })
    });
    let marks: Memo<Vec<Mark>> =
        Memo::new(move |_| marked.with(|m| known.with_value(|b| records::marks(m, b))));
    let others: Vec<String> = detail.relations.iter().map(|r| r.code.clone()).collect();
    let items = lookup(Signal::stored(others));
    let tab = Memo::new(move |_| {
        let tab = address.query.with(|q| q.get("tab").to_owned());
        if tab.is_empty() { "overview".to_owned() } else { tab }
    });
    let mut tabs = vec![
        Tab::new("overview", text.overview(), None),
        Tab::new("relations", text.relations(), Some(detail.relations.len() as u64)),
        Tab::new("metrics", text.metrics(), Some(detail.series)),
    ];
    tabs.extend(
        detail
            .records
            .iter()
            .filter(|(_, n)| *n > 0)
            .map(|(kind, n)| Tab::new(format!("r.{kind}"), book.record(kind), Some(*n))),
    );
    let detail = Arc::new(detail);
    let scene = Scene {
        detail: Arc::clone(&detail),
        book: book.clone(),
        address,
        series,
        window,
        set_span,
        records,
        marked,
        marks,
        items,
    };
    view! {
        <CiHead detail=Arc::clone(&detail) book=book/>
        <div class="tabbar">
            <Tabs
                id="ci"
                label=text.tabs()
                value=tab
                tabs=tabs
                on_change=move |value: String| address.push(|q| q.set("tab", if value == "overview" { String::new() } else { value }))
            />
            <RangePicker span=span end=end on_change=set_span/>
        </div>
        <div class="ci-body" id="ci-panel" role="tabpanel" aria-labelledby=move || format!("ci-{}", tab.get())>
            {move || scene.show(&tab.get())}
        </div>
    }
}

/// What the tabs share.
#[derive(Clone)]
struct Scene {
    detail: Arc<CiDetail>,
    book: Book,
    address: Address,
    series: Remote<Vec<SeriesInfo>>,
    window: Memo<Option<Window>>,
    set_span: Callback<Span>,
    records: Remote<RecordPage>,
    marked: Memo<Vec<model::records::Record>>,
    marks: Memo<Vec<Mark>>,
    items: Remote<Items>,
}

impl Scene {
    fn show(&self, tab: &str) -> AnyView {
        let code = self.detail.ci.code.clone();
        match tab {
            "relations" => view! {
                <div class="ci-two">
                    <Relations relations=self.detail.relations.clone() book=self.book.clone() items=self.items.value full=true/>
                    <Neighbours code=code book=self.book.clone() address=self.address/>
                </div>
            }
            .into_any(),
            "metrics" => self.metrics(None),
            kind if kind.starts_with("r.") => view! { <OfKind code=code kind=kind[2..].to_owned() book=self.book.clone()/> }.into_any(),
            _ => self.overview(code),
        }
    }

    fn overview(&self, code: String) -> AnyView {
        let acted = self.detail.records.iter().any(|(kind, n)| *n > 0 && history::is_act(&self.book, kind));
        view! {
            <div class="ci-cols">
                <div>
                    <Attributes detail=(*self.detail).clone() book=self.book.clone()/>
                    <Relations relations=self.detail.relations.clone() book=self.book.clone() items=self.items.value/>
                </div>
                <div>
                    {self.metrics(Some(4))}
                    <Neighbours code=code.clone() book=self.book.clone() address=self.address/>
                    {self.events()}
                </div>
                {acted.then(|| view! {
                    <div class="ci-acts">
                        <History code book=self.book.clone() address=self.address/>
                    </div>
                })}
            </div>
        }
        .into_any()
    }

    fn metrics(&self, only: Option<usize>) -> AnyView {
        let (series, window, marks) = (self.series, self.window, self.marks);
        let (address, set_span) = (self.address, self.set_span);
        let (book, code) = (self.book.clone(), self.detail.ci.code.clone());
        (move || match (series.value.get(), series.error.get()) {
            (Some(list), _) if list.is_empty() => view! {
                <section class="card">
                    <crate::ui::Head title=t().ci.metrics()/>
                    <p class="small faint rel-none">{t().ci.no_metrics()}</p>
                </section>
            }
            .into_any(),
            (Some(list), _) => {
                let metrics = by_metric(&list, &book);
                let on_all = Callback::new(move |()| address.push(|q| q.set("tab", "metrics")));
                let on_end = Callback::new(move |()| set_span.run(Span::Last(24)));
                match only {
                    Some(only) => view! { <Metrics code=code.clone() metrics book=book.clone() window marks only on_all on_end/> }.into_any(),
                    None => view! { <Metrics code=code.clone() metrics book=book.clone() window marks on_all on_end/> }.into_any(),
                }
            }
            (None, Some(error)) => view! { <section class="card"><ErrorState error=error on_retry=Callback::new(move |()| series.reload())/></section> }.into_any(),
            (None, None) => view! { <section class="card"><Skeleton rows=6/></section> }.into_any(),
        })
        .into_any()
    }

    fn events(&self) -> AnyView {
        let (records, marked, window, series) = (self.records, self.marked, self.window, self.series);
        let (book, code) = (self.book.clone(), self.detail.ci.code.clone());
        // Without charts there are no marks the numbers could be those of.
        let numbered = move || {
            if series.value.with(|s| s.as_ref().is_some_and(|s| !s.is_empty())) {
                marked.get()
            } else {
                Vec::new()
            }
        };
        (move || match (records.value.get(), records.error.get()) {
            (Some(page), _) => {
                let mut query = Query::default();
                query.set("ci", code.clone());
                query.set("kind", "all");
                if let Some((from, to)) = window.get() {
                    query.set("range", Span::Between(from, to).text());
                }
                view! { <InWindow records=page.items total=page.total marked={numbered()} book=book.clone() href=query.href("/events")/> }.into_any()
            }
            (None, Some(error)) => view! { <section class="card"><ErrorState error=error on_retry=Callback::new(move |()| records.reload())/></section> }.into_any(),
            (None, None) => view! { <section class="card"><Skeleton rows=4/></section> }.into_any(),
        })
        .into_any()
    }
}

/// Name, kind, state, and who and where.
#[component]
fn CiHead(detail: Arc<CiDetail>, book: Book) -> impl IntoView {
    let text = t().ci;
    let ci = detail.ci.clone();
    let origin = origin_name(&detail.origin);
    let state = item_state(&book, &ci);
    let fact = |role: FieldRole, glyph| {
        let field = book.role(role)?;
        let value = ci.fields.get(&field.key).map(value_text).filter(|v| !v.is_empty())?;
        let label = book.field_label(&field.key);
        let spoken = label.clone();
        Some(
            view! { <span title=label><Icon glyph=glyph class="s"/><span class="sr">{spoken}</span>{value}</span> },
        )
    };
    let facts = [
        (FieldRole::System, ic::LAYERS),
        (FieldRole::Owner, ic::USER_ROUND),
        (FieldRole::Location, ic::MAP_PIN),
    ]
    .into_iter()
    .filter_map(|(role, glyph)| fact(role, glyph))
    .collect_view();
    let kind = book.kind(&ci.kind);
    let crit = book
        .role(FieldRole::Criticality)
        .and_then(|f| Some((book.field_label(&f.key), bars(ci.fields.get(&f.key)?)?)));
    let code = String::from(js_sys::encode_uri_component(&ci.code));
    let impact = format!("/topology?start={code}&mode=impact");
    let navigate = use_navigate();
    let to = |href: String| {
        let navigate = navigate.clone();
        Callback::new(move |()| navigate(&href, leptos_router::NavigateOptions::default()))
    };
    let acts = vec![
        SelectionAct::new(ic::MESSAGE_CIRCLE_QUESTION_MARK, text.ask(), to(question_href(&ci.code))),
        SelectionAct::new(ic::NETWORK, t().topology.what_if(), to(impact.clone())),
        SelectionAct::new(
            ic::ROUTE,
            t().topology.path_from(),
            to(format!("/topology?start={code}&mode=path")),
        ),
    ];
    let (badge, title) = (ci.code.clone(), t().shell.pal_about(&ci.code));
    offer_selection(move || {
        Some(Selection { badge: badge.clone(), title: title.clone(), acts: acts.clone() })
    });
    view! {
        <header class="ci-head">
            <div class="stack">
                <h1>
                    {(state.tone != Tone::Neutral).then(|| view! { <StatusDot tone=state.tone label=state.word.clone() bare=true/> })}
                    <span data-testid="ci-code">{ci.code.clone()}</span>
                    <Badge>{kind}</Badge>
                    {(!state.word.is_empty()).then(|| view! { <Badge tone=state.tone>{state.word.clone()}</Badge> })}
                </h1>
                <div class="facts">
                    <span>{ci.name.clone()}</span>
                    {facts}
                    {crit.map(|(label, level)| view! { <span>{label}" "<Crit level=level/></span> })}
                    <span title=text.origin()><Icon glyph=ic::DATABASE class="s"/>{origin}</span>
                    <span title=text.updated()><Icon glyph=ic::REFRESH_CW class="s"/><Time at=ci.updated_at form=TimeForm::Relative/></span>
                </div>
            </div>
            <div class="row wrap-row">
                <LinkButton href=impact icon=ic::NETWORK>{t().topology.what_if()}</LinkButton>
                <LinkButton kind=Kind::Primary href=question_href(&ci.code) icon=ic::MESSAGE_CIRCLE_QUESTION_MARK>{text.ask()}</LinkButton>
            </div>
        </header>
    }
}
