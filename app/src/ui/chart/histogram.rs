//! Records in time as bars, inline SVG: dragging chooses a piece of time, so does the keyboard.

use leptos::{
    ev::{KeyboardEvent, PointerEvent},
    html::Div,
    prelude::*,
};
use wasm_bindgen::{JsCast, closure::Closure};

use super::{
    spec::{float, moment, round_moments, whole},
    text::tx,
};
use crate::i18n;

/// A part of a bar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// What it counts, shown in the legend.
    pub name: String,
    /// Token of its colour.
    pub token: &'static str,
    /// How many.
    pub count: u64,
}

/// A bar: its start and its parts, from below.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bar {
    /// Milliseconds since 1970.
    pub at: i64,
    /// Parts from below.
    pub parts: Vec<Part>,
}

/// Bars over time.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HistogramSpec {
    /// Bars in order of time.
    pub bars: Vec<Bar>,
    /// Width of a bar in milliseconds.
    pub step: i64,
    /// Window in milliseconds, from and to.
    pub window: (i64, i64),
    /// Dashed lines: moment and label.
    pub marks: Vec<(i64, String)>,
}

const LEFT: f64 = 34.0;
const RIGHT: f64 = 4.0;
const TOP: f64 = 14.0;
const BOTTOM: f64 = 18.0;

/// Records in time. `on_choose` gets from and to in milliseconds.
#[component]
pub fn Histogram(
    /// What to show.
    #[prop(into)]
    spec: Signal<HistogramSpec>,
    /// What it is, for who cannot see it.
    #[prop(into)]
    label: Signal<String>,
    /// A piece of time was chosen.
    #[prop(into)]
    on_choose: Callback<(i64, i64)>,
    /// Height in pixels.
    #[prop(default = 84.0)]
    height: f64,
) -> impl IntoView {
    let host = NodeRef::<Div>::new();
    let width = RwSignal::new(0.0);
    let held = StoredValue::new_local(None::<(web_sys::ResizeObserver, Closure<dyn FnMut()>)>);
    Effect::new(move |_| {
        let Some(element) = host.get() else { return };
        width.set(f64::from(element.client_width()));
        let changed = Closure::<dyn FnMut()>::new(move || {
            if let Some(Some(element)) = host.try_get_untracked() {
                width.try_set(f64::from(element.client_width()));
            }
        });
        if let Ok(observer) = web_sys::ResizeObserver::new(changed.as_ref().unchecked_ref()) {
            observer.observe(&element);
            held.set_value(Some((observer, changed)));
        }
    });
    on_cleanup(move || {
        if let Some(Some((observer, _))) = held.try_update_value(Option::take) {
            observer.disconnect();
        }
    });
    // Pixels while dragging; bars while choosing by keyboard.
    let drag = RwSignal::new(None::<(f64, f64)>);
    let local_x = move |event: &PointerEvent| {
        host.get_untracked()
            .map_or(0.0, |e| f64::from(event.client_x()) - e.get_bounding_client_rect().left())
    };
    let scale = move || spec.with(|s| Scale::new(s, width.get(), height));
    let choose = move |a: f64, b: f64| {
        let s = scale();
        let (from, to) = (s.time(a.min(b)), s.time(a.max(b)));
        let step = spec.with_untracked(|s| s.step.max(1));
        let (from, to) = (from.div_euclid(step) * step, (to.div_euclid(step) + 1) * step);
        on_choose.run((from, to));
    };
    let keyboard = move |event: KeyboardEvent| {
        let s = scale();
        let step = s.width_of(spec.with_untracked(|s| s.step));
        let (a, b) = drag.get_untracked().unwrap_or((s.x(s.to) - step / 2.0, s.x(s.to) - step / 2.0));
        let bound = |x: f64| x.clamp(LEFT, (s.width - RIGHT).max(LEFT));
        let next = match (event.key().as_str(), event.shift_key()) {
            ("ArrowLeft", false) => Some((bound(b - step), bound(b - step))),
            ("ArrowRight", false) => Some((bound(b + step), bound(b + step))),
            ("ArrowLeft", true) => Some((a, bound(b - step))),
            ("ArrowRight", true) => Some((a, bound(b + step))),
            ("Enter", _) if drag.get_untracked().is_some() => {
                choose(a, b);
                drag.set(None);
                event.prevent_default();
                return;
            }
            ("Escape", _) => None,
            _ => return,
        };
        event.prevent_default();
        drag.set(next);
    };
    view! {
        <div
            node_ref=host
            class="histogram"
            style=format!("height:{height}px")
            role="application"
            tabindex="0"
            aria-label=move || format!("{}. {}", label.get(), spec.with(sentence))
            on:pointerdown=move |event| {
                if event.button() == 0 {
                    let x = local_x(&event);
                    drag.set(Some((x, x)));
                    if let Some(element) = host.get_untracked() {
                        drop(element.set_pointer_capture(event.pointer_id()));
                    }
                }
            }
            on:pointermove=move |event| {
                if event.buttons() & 1 == 1 {
                    let x = local_x(&event);
                    drag.update(|d| if let Some((_, b)) = d { *b = x; });
                }
            }
            on:pointerup=move |_| {
                if let Some((a, b)) = drag.get_untracked() {
                    drag.set(None);
                    if (a - b).abs() >= 4.0 {
                        choose(a, b);
                    }
                }
            }
            on:pointercancel=move |_| drag.set(None)
            on:blur=move |_| drag.set(None)
            on:keydown=keyboard
        >
            <svg class="plot" width=move || width.get() height=height aria-hidden="true">
                {move || draw(&spec.get(), &scale())}
                {move || {
                    drag.get().map(|(a, b)| {
                        let s = scale();
                        let (l, r) = (a.min(b).max(LEFT), a.max(b).max(LEFT + 2.0));
                        let text = format!("{} – {}", i18n::date_time(moment(s.time(l))), i18n::date_time(moment(s.time(r))));
                        view! {
                            <rect class="hist-brush" x=l y=TOP width=(r - l).max(2.0) height=height - TOP - BOTTOM></rect>
                            <text class="t1" x=l.min(s.width - 210.0).max(LEFT) y="10">{text}</text>
                        }
                    })
                }}
            </svg>
            <span class="sr" aria-live="polite">
                {move || drag.get().map(|(a, b)| {
                    let s = scale();
                    format!("{} {} – {}", tx().chosen(), i18n::date_time(moment(s.time(a.min(b)))), i18n::date_time(moment(s.time(a.max(b)))))
                })}
            </span>
        </div>
    }
}

fn sentence(spec: &HistogramSpec) -> String {
    let total: u64 = spec.bars.iter().flat_map(|b| b.parts.iter().map(|p| p.count)).sum();
    format!(
        "{} – {}, {}",
        i18n::date_time(moment(spec.window.0)),
        i18n::date_time(moment(spec.window.1)),
        tx().at_times(total)
    )
}

/// Time to pixels and back.
#[derive(Debug, Clone, Copy)]
struct Scale {
    from: i64,
    to: i64,
    width: f64,
    height: f64,
    most: f64,
}

impl Scale {
    fn new(spec: &HistogramSpec, width: f64, height: f64) -> Self {
        let most = spec.bars.iter().map(|b| b.parts.iter().map(|p| p.count).sum::<u64>()).max().unwrap_or(0);
        let (from, to) = spec.window;
        #[expect(clippy::cast_precision_loss, reason = "a count of records")]
        let most = nice(most.max(1) as f64);
        Self { from, to: to.max(from + 1), width, height, most }
    }

    fn room(&self) -> f64 {
        (self.width - LEFT - RIGHT).max(1.0)
    }

    fn x(&self, at: i64) -> f64 {
        LEFT + float(at - self.from) / float(self.to - self.from) * self.room()
    }

    fn width_of(&self, ms: i64) -> f64 {
        float(ms) / float(self.to - self.from) * self.room()
    }

    fn time(&self, x: f64) -> i64 {
        let share = ((x - LEFT) / self.room()).clamp(0.0, 1.0);
        self.from + whole(share * float(self.to - self.from))
    }

    fn y(&self, count: f64) -> f64 {
        self.height - BOTTOM - count / self.most * (self.height - TOP - BOTTOM)
    }
}

/// The next round number: 1, 2, 5 and their tenfolds.
fn nice(value: f64) -> f64 {
    let tens = 10f64.powf(value.log10().floor());
    [1.0_f64, 2.0, 2.5, 5.0, 10.0]
        .into_iter()
        .filter(|n| n.fract() == 0.0 || tens >= 10.0)
        .map(|n| n * tens)
        .find(|n| *n >= value)
        .unwrap_or(value)
}

fn draw(spec: &HistogramSpec, scale: &Scale) -> impl IntoView + use<> {
    let scale = *scale;
    let base = scale.y(0.0);
    let lines: Vec<_> = [0.0, scale.most / 2.0, scale.most]
        .into_iter()
        .filter(|v| v.fract() == 0.0)
        .map(|value| {
            let y = scale.y(value);
            view! {
                <line class=if value == 0.0 { "base" } else { "axis" } x1=LEFT x2=scale.width - RIGHT y1=y y2=y></line>
                <text x=LEFT - 6.0 y=y + 4.0 text-anchor="end">{i18n::compact(value)}</text>
            }
        })
        .collect();
    let bar_width = (scale.width_of(spec.step) - 1.0).clamp(1.0, 26.0);
    let bars: Vec<_> = spec
        .bars
        .iter()
        .flat_map(|bar| {
            let x = scale.x(bar.at) + (scale.width_of(spec.step) - bar_width) / 2.0;
            let mut below = 0.0;
            bar.parts
                .iter()
                .map(|part| {
                    #[expect(clippy::cast_precision_loss, reason = "a count of records")]
                    let count = part.count as f64;
                    let (y, bottom) = (scale.y(below + count), scale.y(below));
                    below += count;
                    let title = format!("{} · {} {}", i18n::date_time(moment(bar.at)), part.name, i18n::number(part.count));
                    view! {
                        <rect x=x y=y width=bar_width height=(bottom - y - if below > count { 1.0 } else { 0.0 }).max(0.5) rx="1" style=format!("fill:var(--{})", part.token)>
                            <title>{title}</title>
                        </rect>
                    }
                })
                .collect::<Vec<_>>()
        })
        .collect();
    let ticks: Vec<_> = ticks(&scale)
        .into_iter()
        .map(|(at, text)| view! { <text x=scale.x(at) y=scale.height - 3.0 text-anchor="middle">{text}</text> })
        .collect();
    let marks: Vec<_> = spec
        .marks
        .iter()
        .filter(|(at, _)| *at >= scale.from && *at <= scale.to)
        .map(|(at, label)| {
            let x = scale.x(*at);
            view! { <line class="cross" x1=x x2=x y1=TOP - 6.0 y2=base><title>{label.clone()}</title></line> }
        })
        .collect();
    view! { {lines} {bars} {marks} {ticks} }
}

/// Ticks at round moments of the chosen zone, as many as have room.
fn ticks(scale: &Scale) -> Vec<(i64, String)> {
    const DAY: i64 = 86_400_000;
    let offset = i64::from(i18n::format::zone().offset_seconds()) * 1000;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "pixels of a window")]
    let most = (scale.room() / 90.0).max(1.0) as u32;
    let (moments, step) = round_moments(scale.from, scale.to, offset, most);
    moments
        .into_iter()
        .filter(|at| scale.x(*at) > LEFT + 14.0 && scale.x(*at) < scale.width - 20.0)
        .map(|at| {
            (
                at,
                if step >= DAY || (at + offset).rem_euclid(DAY) == 0 {
                    i18n::day(moment(at))
                } else {
                    i18n::time(moment(at))
                },
            )
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_axis_ends_at_a_round_number() {
        assert_eq!(nice(7.0).to_string(), "10");
        assert_eq!(nice(34.0).to_string(), "50");
        assert_eq!(nice(210.0).to_string(), "250");
        assert_eq!(nice(1.0).to_string(), "1");
    }

    #[test]
    fn a_pixel_and_its_time_agree() {
        let spec = HistogramSpec { step: 60_000, window: (0, 3_600_000), ..HistogramSpec::default() };
        let scale = Scale::new(&spec, 500.0, 84.0);
        assert_eq!(scale.time(scale.x(1_800_000)), 1_800_000);
        assert_eq!(scale.time(-50.0), 0);
    }
}
