//! What people said about anomalies: one that is none is not told again, and its series is judged more mildly.

use super::{Anomaly, Form};

/// Of a threshold, how much one word may raise it at most, and where it ends.
const STEP: f64 = 1.5;
const MOST: f64 = 24.0;
/// How far above the anomaly that was none the threshold goes.
const ABOVE: f64 = 1.05;
/// Milliseconds an anomaly may lie beside the span that was said to be none and still be the same.
const NEAR: i64 = 15 * 60_000;

/// An anomaly of a series that was said to be none.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Taught {
    /// First sample, milliseconds since 1970.
    pub from: i64,
    /// Last.
    pub until: i64,
    /// What it looked like.
    pub form: Form,
    /// Robust standard deviations it was away.
    pub sigma: f64,
}

/// The threshold of a series after what was said of it, in order: each word puts it just above what was none, but never by
/// more than half at once, so that one slip of the hand does not blind the detector.
pub fn threshold(k: f64, said: &[Taught]) -> f64 {
    said.iter().fold(k, |k, one| k.max((one.sigma * ABOVE).min(k * STEP))).min(MOST.max(k))
}

/// Whether an anomaly is one that was said to be none.
pub fn is_known(anomaly: &Anomaly, said: &[Taught]) -> bool {
    said.iter().any(|one| {
        one.form == anomaly.form && anomaly.from <= one.until + NEAR && one.from <= anomaly.until + NEAR
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(from: i64, sigma: f64) -> Taught {
        Taught { from, until: from + 600_000, form: Form::High, sigma }
    }

    #[test]
    fn a_threshold_goes_just_above_what_was_none_and_never_far_at_once() {
        assert!((threshold(6.0, &[said(0, 7.0)]) - 7.35).abs() < 1e-9);
        assert!((threshold(6.0, &[said(0, 300.0)]) - 9.0).abs() < 1e-9);
        assert!(
            (threshold(6.0, &[said(0, 300.0), said(1, 300.0), said(2, 300.0), said(3, 300.0)]) - 24.0).abs()
                < 1e-9
        );
        assert_eq!(threshold(6.0, &[said(0, 3.0)]), 6.0);
        assert_eq!(threshold(6.0, &[]), 6.0);
    }

    #[test]
    fn the_same_again_is_known_and_another_is_not() {
        let at = |from: i64, form| Anomaly { from, until: from, form, value: 1.0, expected: 0.0, sigma: 9.0 };
        let taught = [said(10_000_000, 7.0)];
        assert!(is_known(&at(10_600_000, Form::High), &taught));
        assert!(!is_known(&at(10_600_000, Form::Low), &taught));
        assert!(!is_known(&at(20_000_000, Form::High), &taught));
    }
}
