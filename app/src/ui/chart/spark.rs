//! A small line in a row: inline SVG, so that a list of them needs no chart library.

use leptos::prelude::*;

/// A small line over time. Values outside of `usual` are drawn in the colour of a limit crossed.
#[component]
pub fn Sparkline(
    /// Values in order of time, evenly apart.
    #[prop(into)]
    values: Vec<f64>,
    /// What it says, for who cannot see it.
    #[prop(into)]
    label: String,
    /// Usual range of the values.
    #[prop(optional_no_strip)]
    usual: Option<(f64, f64)>,
    /// Width in pixels.
    #[prop(default = 120)]
    width: u32,
    /// Height in pixels.
    #[prop(default = 24)]
    height: u32,
) -> impl IntoView {
    let shape = Shape::new(&values, usual, f64::from(width), f64::from(height));
    view! {
        <svg class="plot spark" width=width height=height viewBox=format!("0 0 {width} {height}") role="img" aria-label=label>
            <path class="line" d=shape.line style="stroke:var(--n-8);stroke-width:1.5"></path>
            {(!shape.outside.is_empty())
                .then(|| view! { <path class="line" d=shape.outside.clone() style="stroke:var(--danger);stroke-width:2.25"></path> })}
            {shape.end.map(|(x, y)| view! { <circle cx=x.to_string() cy=y.to_string() r="3" style="fill:var(--n-8)"></circle> })}
        </svg>
    }
}

/// The paths of a small line.
#[derive(Debug, Clone, PartialEq, Default)]
struct Shape {
    line: String,
    outside: String,
    end: Option<(f64, f64)>,
}

impl Shape {
    fn new(values: &[f64], usual: Option<(f64, f64)>, width: f64, height: f64) -> Self {
        let known = || values.iter().copied().filter(|v| v.is_finite());
        let (Some(least), Some(most)) = (known().min_by(f64::total_cmp), known().max_by(f64::total_cmp))
        else {
            return Self::default();
        };
        let span = if most > least { most - least } else { 1.0 };
        let last = values.len().saturating_sub(1).max(1);
        #[expect(clippy::cast_precision_loss, reason = "a few hundred points")]
        let x = |i: usize| 1.0 + i as f64 / last as f64 * (width - 5.0);
        let y = |v: f64| height - 3.0 - (v - least) / span * (height - 6.0);
        let mut shape = Self::default();
        let (mut pen, mut out_pen) = (false, false);
        for (i, v) in values.iter().enumerate() {
            if !v.is_finite() {
                (pen, out_pen) = (false, false);
                continue;
            }
            let point = format!("{:.1} {:.1}", x(i), y(*v));
            shape.line.push_str(if pen { "L" } else { "M" });
            shape.line.push_str(&point);
            pen = true;
            if usual.is_some_and(|(lo, hi)| *v < lo || *v > hi) {
                shape.outside.push_str(if out_pen { "L" } else { "M" });
                shape.outside.push_str(&point);
                out_pen = true;
            } else {
                out_pen = false;
            }
            shape.end = Some((x(i), y(*v)));
        }
        shape
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gap_lifts_the_pen() {
        let shape = Shape::new(&[1.0, f64::NAN, 2.0], None, 100.0, 24.0);
        assert_eq!(shape.line.matches('M').count(), 2);
        assert!(shape.outside.is_empty());
    }

    #[test]
    fn only_values_outside_of_the_usual_range_are_marked() {
        let shape = Shape::new(&[1.0, 2.0, 9.0, 9.5, 2.0], Some((0.0, 5.0)), 100.0, 24.0);
        assert_eq!(shape.outside.matches('M').count(), 1);
        assert_eq!(shape.outside.matches('L').count(), 1);
    }
}
