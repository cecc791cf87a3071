//! Where questions are typed. Enter sends, Shift+Enter breaks the line; a syllable still being composed is never sent.

use leptos::{ev::KeyboardEvent, html, prelude::*};

use super::{state::AskState, templates::TemplateMenu};
use crate::{
    i18n::t,
    ui::{Icon, ic, prefs},
};

/// The field for a question. `large` on the empty home page.
#[component]
pub fn Composer(state: AskState, #[prop(optional)] large: bool) -> impl IntoView {
    let a = t().ask;
    let field = NodeRef::<html::Textarea>::new();
    let busy = move || state.busy.with(Option::is_some);
    let can_send = move || !busy() && state.draft.with(|draft| !draft.trim().is_empty());
    let send = move || {
        if busy() {
            return;
        }
        let question = state.draft.get_untracked().trim().to_owned();
        if !question.is_empty() {
            state.draft.set(String::new());
            state.send(question);
        }
    };
    // The field grows with its text, up to eight lines.
    Effect::new(move || {
        state.draft.track();
        if let Some(field) = field.get() {
            let style = web_sys::HtmlElement::style(&field);
            let _ = style.set_property("height", "auto");
            let height = field.scroll_height().min(200);
            let _ = style.set_property("height", &format!("{height}px"));
        }
    });
    let keys = move |ev: KeyboardEvent| {
        if ev.key() == "Enter" && !ev.shift_key() && !ev.is_composing() && ev.key_code() != 229 {
            ev.prevent_default();
            send();
        } else if ev.key() == "Escape" && busy() {
            state.stop();
        }
    };
    let (label, placeholder, rows) =
        if large { (a.question(), a.placeholder(), 2) } else { (a.next_question(), a.placeholder_next(), 1) };
    view! {
        <form class="composer" class:large=large on:submit=move |ev| { ev.prevent_default(); send(); }>
            <label class="sr" for="question">{label}</label>
            <textarea id="question" node_ref=field rows=rows maxlength="4000" placeholder=placeholder autofocus=large
                data-testid="question" prop:value=move || state.draft.get()
                on:input:target=move |ev| state.draft.set(ev.target().value()) on:keydown=keys></textarea>
            <div class="bar">
                <button type="button" class="chip" title=t().trace.plan_first_hint() aria-pressed=move || state.plan_first.get().to_string() data-testid="plan-first"
                    on:click=move |_| {
                        state.plan_first.update(|on| *on = !*on);
                        prefs::write("plan_first", if state.plan_first.get_untracked() { "on" } else { "off" });
                    }>
                    <Icon glyph=ic::LIST_TREE class="s"/>{t().trace.plan_first()}
                </button>
                <TemplateMenu state/>
                <span class="small faint opt grow cut">{a.send_hint()}</span>
                {move || if busy() {
                    view! { <button type="button" class="btn sm" data-testid="stop" on:click=move |_| state.stop()>{a.stop()}<kbd>"Esc"</kbd></button> }.into_any()
                } else {
                    view! {
                        <button type="submit" class="btn primary sm icon" disabled=move || !can_send() aria-label=a.send() title=a.send() data-testid="send">
                            <Icon glyph=ic::ARROW_UP/>
                        </button>
                    }.into_any()
                }}
            </div>
        </form>
    }
}
