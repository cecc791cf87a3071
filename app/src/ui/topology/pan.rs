//! Moving and zooming the picture: wheel, buttons, drag, pinch.

use leptos::{
    ev::{PointerEvent, WheelEvent},
    html::Div,
    prelude::*,
};

use super::layout::READABLE;

/// Room kept around a picture that is fitted, in pixels.
pub const MARGIN: f64 = 24.0;

/// Where the picture lies in its stage.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct View {
    /// Moved right by, in pixels.
    pub x: f64,
    /// Moved down by, in pixels.
    pub y: f64,
    /// Enlarged by.
    pub scale: f64,
}

/// The hand on the picture.
#[derive(Clone, Copy)]
pub struct Pan {
    /// Where it lies now.
    pub view: RwSignal<View>,
    /// Whether a person moved it: then it is not fitted again by itself.
    pub touched: RwSignal<bool>,
    stage: NodeRef<Div>,
    fingers: StoredValue<Vec<(i32, f64, f64)>>,
}

impl Pan {
    /// A hand on the picture in `stage`.
    pub fn new(stage: NodeRef<Div>) -> Self {
        Self {
            view: RwSignal::new(View { x: 0.0, y: 0.0, scale: 1.0 }),
            touched: RwSignal::new(false),
            stage,
            fingers: StoredValue::new(Vec::new()),
        }
    }

    /// Shows all of a picture of this size, not enlarged; where it would be too small to read, it shows what is around
    /// `center`. `head` is the height of what lies over its upper edge.
    pub fn fit(&self, width: i32, height: i32, center: (i32, i32), head: f64) {
        let Some(stage) = self.stage.get_untracked() else { return };
        let (w, h) = (f64::from(stage.client_width()), f64::from(stage.client_height()) - head);
        let (width, height) = (f64::from(width), f64::from(height));
        if w <= 0.0 || h <= 0.0 || width <= 0.0 || height <= 0.0 {
            return;
        }
        let scale = ((w - 2.0 * MARGIN) / width).min((h - 2.0 * MARGIN) / height).clamp(READABLE, 1.0);
        let place = |room: f64, size: f64, middle: i32| {
            let size = size * scale;
            if size + 2.0 * MARGIN <= room + 1.0 {
                (room - size) / 2.0
            } else {
                (room / 2.0 - f64::from(middle) * scale).clamp(room - size - MARGIN, MARGIN)
            }
        };
        self.view.set(View { x: place(w, width, center.0), y: head + place(h, height, center.1), scale });
        self.touched.set(false);
    }

    /// Zooms about the middle of the stage.
    pub fn zoom(&self, factor: f64) {
        let Some(stage) = self.stage.get_untracked() else { return };
        self.zoom_at(factor, f64::from(stage.client_width()) / 2.0, f64::from(stage.client_height()) / 2.0);
    }

    fn zoom_at(&self, factor: f64, x: f64, y: f64) {
        self.touched.set(true);
        self.view.update(|view| {
            let scale = (view.scale * factor).clamp(0.2, 3.0);
            let ratio = scale / view.scale;
            *view = View { x: x - (x - view.x) * ratio, y: y - (y - view.y) * ratio, scale };
        });
    }

    /// Brings a place of the picture into sight, moving no more than needed.
    pub fn reveal(&self, x: f64, y: f64, w: f64, h: f64, head: f64) {
        let Some(stage) = self.stage.get_untracked() else { return };
        let (width, height) = (f64::from(stage.client_width()), f64::from(stage.client_height()));
        self.view.update(|view| {
            let (left, top) = (view.x + x * view.scale, view.y + y * view.scale);
            let (right, bottom) = (left + w * view.scale, top + h * view.scale);
            if left < MARGIN {
                view.x += MARGIN - left;
            } else if right > width - MARGIN {
                view.x -= right - (width - MARGIN);
            }
            if top < head + 8.0 {
                view.y += head + 8.0 - top;
            } else if bottom > height - MARGIN {
                view.y -= bottom - (height - MARGIN);
            }
        });
    }

    /// The wheel zooms where the picture fills the page, else only with Ctrl, so that the page can be scrolled over it.
    pub fn wheel(&self, event: &WheelEvent, embedded: bool) {
        if embedded && !event.ctrl_key() && !event.meta_key() {
            return;
        }
        event.prevent_default();
        let (x, y) = self.inside(f64::from(event.client_x()), f64::from(event.client_y()));
        self.zoom_at((-event.delta_y().clamp(-120.0, 120.0) * 0.0016).exp(), x, y);
    }

    fn inside(&self, x: f64, y: f64) -> (f64, f64) {
        let Some(stage) = self.stage.get_untracked() else { return (x, y) };
        let rect = stage.get_bounding_client_rect();
        (x - rect.left(), y - rect.top())
    }

    /// A finger or the mouse goes down.
    pub fn down(&self, event: &PointerEvent) {
        if event.pointer_type() == "mouse" && event.button() != 0 {
            return;
        }
        let (x, y) = self.inside(f64::from(event.client_x()), f64::from(event.client_y()));
        self.fingers.update_value(|f| {
            f.retain(|(id, ..)| *id != event.pointer_id());
            f.push((event.pointer_id(), x, y));
        });
        if let Some(stage) = self.stage.get_untracked() {
            // Without capture a drag only ends at the edge.
            drop(stage.set_pointer_capture(event.pointer_id()));
        }
    }

    /// It moves: one drags, two also zoom.
    pub fn moved(&self, event: &PointerEvent) {
        let (x, y) = self.inside(f64::from(event.client_x()), f64::from(event.client_y()));
        let before = self.fingers.get_value();
        let Some(at) = before.iter().position(|(id, ..)| *id == event.pointer_id()) else { return };
        let mut after = before.clone();
        after[at] = (event.pointer_id(), x, y);
        let share = 1.0 / f64::from(u8::try_from(before.len()).unwrap_or(1).max(1));
        let (dx, dy) = ((x - before[at].1) * share, (y - before[at].2) * share);
        if dx != 0.0 || dy != 0.0 {
            self.touched.set(true);
            self.view.update(|view| {
                view.x += dx;
                view.y += dy;
            });
        }
        if let ([a, b], [c, d]) = (before.as_slice(), after.as_slice()) {
            let apart = |p: &(i32, f64, f64), q: &(i32, f64, f64)| (p.1 - q.1).hypot(p.2 - q.2).max(1.0);
            self.zoom_at(apart(c, d) / apart(a, b), f64::midpoint(c.1, d.1), f64::midpoint(c.2, d.2));
        }
        self.fingers.set_value(after);
    }

    /// It goes up.
    pub fn up(&self, event: &PointerEvent) {
        self.fingers.update_value(|f| f.retain(|(id, ..)| *id != event.pointer_id()));
    }
}
