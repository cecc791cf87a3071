//! The vocabulary of the design: every component in every state, from the components the pages use.

mod fields;
mod floats;
mod lists;
mod marks;

use leptos::prelude::*;

use crate::{
    i18n::{Localized, l, t},
    ui::{
        Badge, BrandMark, Button, Card, Chip, Crit, Crumb, Empty, ErrorState, Ev, FilterChip, Forbidden,
        Head, IconButton, Kind, Kpi, Meter, Size, Skeleton, StatusDot, Tone, ic, set_crumbs, toast,
    },
};

/// A text of this page only: it is for builders, and every sentence stands where it is used.
pub(super) fn w(ko: &str, en: &str) -> String {
    l(&Localized::new(ko, en))
}

/// A part of the page.
#[component]
pub(super) fn Part(
    #[prop(into)] title: String,
    #[prop(optional)] class: &'static str,
    children: Children,
) -> impl IntoView {
    view! {
        <section class=class>
            <h2>{title}</h2>
            {children()}
        </section>
    }
}

/// The page.
#[component]
pub fn ComponentsPage() -> impl IntoView {
    let title = t().shell.p_components();
    set_crumbs(vec![Crumb::here(title)]);
    view! {
        <div class="vocabulary" tabindex="0" role="region" aria-label=title>
            <div class="inner">
                <section class="w12 row">
                    <BrandMark />
                    <h1>"Tobit " {title}</h1>
                    <span class="small faint mono">"tokens.css + components.css + kit.css"</span>
                </section>
                <Colours />
                <Letters />
                <Buttons />
                <fields::Fields />
                <States />
                <Facts />
                <Views />
                <marks::Marks />
                <lists::Lists />
                <floats::Floats />
            </div>
        </div>
    }
    .into_any()
}

#[component]
fn Colours() -> impl IntoView {
    let names = (1..=12)
        .map(|n| format!("n-{n}"))
        .chain(
            [
                "accent",
                "accent-soft",
                "ok",
                "ok-soft",
                "warn",
                "warn-soft",
                "danger",
                "danger-soft",
                "info",
                "info-soft",
                "band",
                "mark",
            ]
            .map(str::to_owned),
        )
        .chain((1..=8).map(|n| format!("data-{n}")))
        .chain((1..=5).map(|n| format!("seq-{n}")));
    let swatches = names
        .map(|name| {
            let colour = format!("var(--{name})");
            view! {
                <div>
                    <i style:background=colour></i>
                    {name}
                </div>
            }
        })
        .collect_view();
    view! {
        <Part title=w("색", "Colours") class="w8">
            <div class="swatches">{swatches}</div>
        </Part>
    }
    .into_any()
}

#[component]
fn Letters() -> impl IntoView {
    view! {
        <Part title=w("글자", "Type") class="w4">
            <p class="kpi"><span class="value">{w("결제 p95 ", "Payment p95 ")} "2,310" <small>"ms"</small></span></p>
            <h1>{w("결제가 왜 느려졌지?", "Why is payment slow?")}</h1>
            <h2>{w("근거가 있는 한 문장 결론", "One sentence, with evidence")}</h2>
            <p>{w("읽는 글은 14, 줄 높이 1.7. 단어 중간에서 끊지 않습니다.", "Reading is 14 with a line height of 1.7.")}</p>
            <p class="small">{w("조작하는 글과 표는 13, ", "Tables and controls are 13, ")} <code>"db-pay-01 0O 1lI"</code></p>
        </Part>
    }
    .into_any()
}

#[component]
fn Buttons() -> impl IntoView {
    let on = RwSignal::new(false);
    view! {
        <Part title=w("버튼", "Buttons") class="w5">
            <div class="row wrap-row">
                <Button kind=Kind::Primary on_click=move |_| toast(w("눌렀습니다", "Pressed"))>{w("발행", "Publish")}</Button>
                <Button icon=ic::PLAY kbd="Ctrl ↵">{w("실행", "Run")}</Button>
                <Button kind=Kind::Ghost icon=ic::SHARE_2>{w("공유", "Share")}</Button>
                <Button kind=Kind::Danger>{w("삭제", "Delete")}</Button>
                <Button kind=Kind::DangerSolid>{w("영구 삭제", "Delete for good")}</Button>
                <Button disabled=true>{w("비활성", "Not now")}</Button>
                <Button busy=true>{w("저장하는 중", "Saving")}</Button>
                <IconButton glyph=ic::ELLIPSIS label=t().common.more() kind=Kind::Plain />
                <Button kind=Kind::Primary size=Size::Large>{w("로그인", "Sign in")}</Button>
                <Button size=Size::Small>{w("수정", "Edit")}</Button>
                <IconButton
                    glyph=ic::PIN
                    label=w("고정", "Pin")
                    pressed=Signal::derive(move || Some(on.get()))
                    on_click=move |_| on.update(|on| *on = !*on)
                />
            </div>
        </Part>
    }
    .into_any()
}

#[component]
fn States() -> impl IntoView {
    let error = model::ApiError::new(
        model::ErrorCode::Unavailable,
        "지표 저장소가 응답하지 않습니다",
        "the store of metrics does not answer",
    )
    .with_hint(
        "5초 안에 답이 없었습니다. 마지막 값을 계속 보여 드립니다.",
        "No answer within 5 s. You keep the last values.",
    );
    let error = model::ApiError { trace_id: Some("7f3a0000000000000000000000000c21".to_owned()), ..error };
    view! {
        <Part title=w("화면의 네 상태", "The four states of a view") class="w12">
            <div class="four">
                <Card>
                    <Head title=w("비어 있음: 할 일 하나, 예 하나", "Empty: one action") />
                    <Empty
                        glyph=ic::UPLOAD
                        title=w("아직 구성 항목이 없습니다", "No configuration items yet")
                        text=w("운영하는 것을 가져오면 여기 목록이 됩니다.", "Bring in what you run; it is listed here.")
                    >
                        <Button kind=Kind::Primary>{w("가져오기", "Import")}</Button>
                    </Empty>
                </Card>
                <Card>
                    <Head title=w("불러오는 중: 150 ms 뒤, 최종 모양으로", "Loading: after 150 ms") />
                    <Skeleton rows=5 />
                </Card>
                <Card>
                    <Head title=w("오류: 무엇이, 왜, 어떻게", "Error: what, why, how") />
                    <ErrorState error=error on_retry=|()| toast(w("다시 시도합니다", "Trying again")) />
                </Card>
                <Card>
                    <Head title=w("권한 없음: 누가 줄 수 있는지", "Forbidden: who can grant it") />
                    <Forbidden />
                </Card>
            </div>
        </Part>
    }
    .into_any()
}

#[component]
fn Facts() -> impl IntoView {
    let lit = RwSignal::new(None::<u32>);
    let ev = move |n: u32| {
        view! {
            <Ev
                n=n
                hot=Signal::derive(move || lit.get() == Some(n))
                on_point=move |on: bool| lit.set(on.then_some(n))
            />
        }
    };
    view! {
        <Part title=w("상태: 모양이 말하고 색이 거듭함", "Status: the shape says it") class="w7">
            <div class="row wrap-row">
                {[Tone::Ok, Tone::Warn, Tone::Danger, Tone::Info, Tone::Maint, Tone::Off, Tone::Run]
                    .map(|tone| view! { <StatusDot tone=tone /> })
                    .into_iter()
                    .collect_view()}
            </div>
            <div class="row wrap-row mt-3">
                <Badge tone=Tone::Ok>{w("발행", "Published")}</Badge>
                <Badge tone=Tone::Info>{w("초안", "Draft")}</Badge>
                <Badge tone=Tone::Warn>{w("승인 대기", "Waiting")}</Badge>
                <Badge tone=Tone::Danger>{w("실패", "Failed")}</Badge>
                <Badge>{w("보관", "Archived")}</Badge>
                <Badge tone=Tone::Line>"SQL"</Badge>
                <Crit level=4u32 />
            </div>
            <p class="mt-3">
                {w("결제 p95는 14:08에 2,430 ms까지 올랐습니다", "Payment p95 rose to 2,430 ms at 14:08")} {ev(1)} ". "
                {w("3분 앞서 변경이 있었습니다", "A change came 3 minutes before")} {ev(2)} "."
            </p>
        </Part>
        <Part title=w("수치", "Figures") class="w5">
            <div class="row gap-6 items-start">
                <Kpi label=w("응답 p95", "Response p95") value="2,310" unit="ms" delta=w("평소 180–420", "usually 180–420") />
                <Kpi label=w("이벤트", "Events") value="214" delta=w("24시간", "24 h") />
                <div class="grow stack">
                    <Meter label=w("디스크", "Disk") share=0.46 />
                    <Meter label=w("메모리", "Memory") share=0.82 tone=Tone::Warn />
                    <Meter label=w("풀", "Pool") share=0.97 tone=Tone::Danger />
                </div>
            </div>
        </Part>
    }
    .into_any()
}

#[component]
fn Views() -> impl IntoView {
    let open = RwSignal::new(true);
    let worst = RwSignal::new(true);
    view! {
        <Part title=w("거르기", "Filters") class="w12">
            <div class="row wrap-row">
                <Show when=move || open.get()>
                    <FilterChip field=w("상태", "Status") value=w("심각", "Critical") on_remove=move |()| open.set(false) />
                </Show>
                <Chip icon=ic::LIST_FILTER add=true on_click=move |_| open.set(true)>{t().common.condition()}</Chip>
                <span class="chip-group">
                    <Chip pressed=Signal::derive(move || Some(worst.get())) on_click=move |_| worst.update(|on| *on = !*on)>
                        <StatusDot tone=Tone::Danger /> " 9"
                    </Chip>
                    <Chip pressed=Signal::derive(move || Some(!worst.get())) on_click=move |_| worst.update(|on| *on = !*on)>
                        <StatusDot tone=Tone::Warn /> " 14"
                    </Chip>
                </span>
            </div>
        </Part>
    }
    .into_any()
}
