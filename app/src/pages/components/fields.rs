//! Vocabulary: what values are put into.

use leptos::prelude::*;

use super::{Part, w};
use crate::ui::{Check, Choice, Field, Input, Segmented, Select, Switch, TextArea, ic};

#[component]
pub fn Fields() -> impl IntoView {
    let name = RwSignal::new("db-pay-01".to_owned());
    let port = RwSignal::new("70000".to_owned());
    let secret = RwSignal::new(String::new());
    let note = RwSignal::new(String::new());
    let kind = RwSignal::new("b".to_owned());
    let form = RwSignal::new("table".to_owned());
    let ticked = RwSignal::new(true);
    let on = RwSignal::new(true);
    let wrong = Signal::derive(move || {
        let fits = port.read().parse::<u32>().is_ok_and(|port| port <= 65_535);
        (!fits).then(|| w("65535 이하여야 합니다", "65535 at most"))
    });
    view! {
        <Part title=w("입력", "Fields") class="w7">
            <div class="grid grid-cols-2 gap-3 max-sm:grid-cols-1">
                <Field label=w("이름", "Name")>
                    <Input value=name />
                </Field>
                <Field label=w("포트", "Port") error=wrong>
                    <Input value=port />
                </Field>
                <Field label=w("비밀번호", "Password") hint=w("12자 이상", "12 characters or more")>
                    <Input value=secret r#type="password" autocomplete="new-password" />
                </Field>
                <Field label=w("환경", "Environment")>
                    <Select
                        value=kind
                        options=vec![Choice::new("a", w("개발", "Development")), Choice::new("b", w("운영", "Production"))]
                        on_change=move |value| kind.set(value)
                    />
                </Field>
                <Field label=w("단위가 있는 값", "A value with its unit")>
                    <Input value=RwSignal::new("30".to_owned()) unit=w("초", "s") icon=ic::TIMER />
                </Field>
                <Field label=w("사유", "Reason")>
                    <TextArea value=note rows=2 />
                </Field>
            </div>
            <div class="row wrap-row mt-3">
                <Check checked=ticked on_change=move |value| ticked.set(value)>{w("켬", "On")}</Check>
                <Check checked=false partial=true on_change=|_| {}>{w("일부", "Some")}</Check>
                <Switch checked=on label=w("두 단계 인증", "Second factor") on_change=move |value| on.set(value) />
                <Segmented
                    label=w("보기", "View")
                    value=form
                    options=vec![
                        Choice::new("text", w("문장", "Sentence")),
                        Choice::new("table", w("표", "Table")),
                        Choice::new("json", "JSON"),
                    ]
                    on_change=move |value| form.set(value)
                />
            </div>
        </Part>
    }
    .into_any()
}
