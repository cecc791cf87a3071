//! Vocabulary: what floats and what is said.

use leptos::prelude::*;

use super::{Part, w};
use crate::{
    i18n::t,
    ui::{
        Button, Callout, Chip, Confirm, Dialog, Drawer, Kind, Menu, MenuItem, Popover, Tone, ic, toast,
        toast_error, toast_undo,
    },
};

#[component]
pub fn Floats() -> impl IntoView {
    let dialog = RwSignal::new(false);
    let confirm = RwSignal::new(false);
    let drawer = RwSignal::new(false);
    let menu = RwSignal::new(false);
    let pop = RwSignal::new(false);
    let wide = RwSignal::new(false);
    let fail = move |_| {
        let error = model::ApiError::new(
            model::ErrorCode::Invalid,
            "발행하지 못했습니다",
            "It could not be published",
        )
        .with_hint("테스트 1건이 실패했습니다", "one test failed");
        toast_error(&model::ApiError {
            trace_id: Some("7f3a0000000000000000000000000c21".to_owned()),
            ..error
        });
    };
    view! {
        <Part title=w("떠 있는 것", "What floats") class="w6">
            <div class="row wrap-row">
                <Button on_click=move |_| dialog.set(true)>{w("대화 상자", "Dialog")}</Button>
                <Button kind=Kind::Danger on_click=move |_| confirm.set(true)>{w("확인", "Confirm")}</Button>
                <Button on_click=move |_| drawer.set(true)>{w("서랍", "Drawer")}</Button>
                <Menu
                    open=menu
                    label=t().common.actions()
                    trigger=move || {
                        view! {
                            <Chip
                                expanded=Signal::derive(move || Some(menu.get()))
                                on_click=move |_| menu.update(|open| *open = !*open)
                            >
                                {t().common.actions()}
                            </Chip>
                        }
                    }
                >
                    <MenuItem icon=ic::PENCIL kbd="R" on_click=|()| toast(t().common.rename())>
                        {t().common.rename()}
                    </MenuItem>
                    <MenuItem
                        stay=true
                        checked=Signal::derive(move || Some(wide.get()))
                        on_click=move |()| wide.update(|on| *on = !*on)
                    >
                        {w("넓게", "Wide")}
                    </MenuItem>
                </Menu>
                <Popover
                    open=pop
                    label=t().common.details()
                    trigger=move || {
                        view! {
                            <Chip
                                expanded=Signal::derive(move || Some(pop.get()))
                                on_click=move |_| pop.update(|open| *open = !*open)
                            >
                                {t().common.details()}
                            </Chip>
                        }
                    }
                >
                    <p>{w("자리에 맞춰 위나 아래에 뜹니다.", "It stands above or below, where there is room.")}</p>
                </Popover>
            </div>
        </Part>
        <Part title=w("알림", "Messages") class="w6">
            <div class="row wrap-row">
                <Button on_click=|_| toast(t().common.copied())>{w("끝남", "Done")}</Button>
                <Button on_click=|_| {
                    toast_undo(w("담당을 바꿨습니다 · 3개", "Owner changed · 3"), || toast(t().common.undo()));
                }>{t().common.undo()}</Button>
                <Button on_click=fail>{w("실패", "Failure")}</Button>
            </div>
            <div class="stack mt-3">
                <Callout tone=Tone::Info>{w("지난 7일의 답 가운데 0.6 %가 10초를 넘었습니다.", "0.6 % of the answers took more than 10 s.")}</Callout>
                <Callout tone=Tone::Warn>{w("관계가 없는 항목이 12개 있습니다.", "12 items have no relation.")}</Callout>
            </div>
        </Part>
        <Dialog
            open=dialog
            title=w("이름 바꾸기", "Rename")
            footer=move || {
                view! {
                    <span class="grow"></span>
                    <Button on_click=move |_| dialog.set(false)>{t().common.cancel()}</Button>
                    <Button kind=Kind::Primary on_click=move |_| dialog.set(false)>{t().common.save()}</Button>
                }
            }
        >
            <p class="soft">{w("Esc로 닫히고, 초점은 열었던 단추로 돌아갑니다.", "Esc closes it; the focus goes back to where it was.")}</p>
        </Dialog>
        <Confirm
            open=confirm
            title=w("API 3개를 보관할까요?", "Archive 3 APIs?")
            text=w("화면 2개가 이 API를 씁니다. 보관하면 그 화면은 마지막 값만 보여 줍니다.", "2 screens use them and will show their last values.")
            action=w("보관", "Archive")
            on_confirm=|()| toast(w("보관했습니다", "Archived"))
        />
        <Drawer open=drawer title="db-pay-01">
            <p class="soft p-4">{w("넓은 화면에서는 오른쪽, 휴대 전화에서는 아래에서 나옵니다.", "At the right, or from below on a phone.")}</p>
        </Drawer>
    }
    .into_any()
}
