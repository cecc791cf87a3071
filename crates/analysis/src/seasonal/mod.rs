//! What is usual for the hour of the week, and what leaves it.
//!
//! The expected value is the level of the last two days plus what the slot of the week usually adds to it. The slot is a
//! median over weeks, the level a median over days, the spread one median absolute deviation for the whole series: none
//! of them is moved by the trouble that is looked for, and what was found to be trouble does not train what follows. With
//! less than two weeks the slot is one of the day, with less than two days there is the level alone.

mod day;
mod detect;
mod model;
mod taught;
mod watch;

pub use day::DayModel;
pub use detect::{Anomaly, Detection, Form, detect};
pub use model::{Band, Basis, Model};
pub use taught::{Taught, is_known, threshold};
pub use watch::{Watched, watch};

/// Which side counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Direction {
    /// Both.
    #[default]
    Both,
    /// Above what is usual only.
    Up,
    /// Below only.
    Down,
}

/// How strict it is.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// Robust standard deviations from which a sample is unusual.
    pub k: f64,
    /// Least distance from what is expected, in the unit of the metric.
    pub least: f64,
    /// Least distance as a share of what is expected: a series that hardly moves makes much of little.
    pub share: f64,
    /// An anomaly begins with so many unusual samples …
    pub n: usize,
    /// … of so many; one that is twice as far as `k` is enough alone.
    pub m: usize,
    /// Which side counts.
    pub direction: Direction,
    /// Minutes east of UTC at which the day begins.
    pub offset_min: i64,
    /// Spans in which nothing is expected: holidays, maintenance. Milliseconds since 1970, `from <= t < to`.
    pub exceptions: Vec<(i64, i64)>,
    /// Spans in which earlier anomalies were said to be none: they train as other samples do.
    pub accepted: Vec<(i64, i64)>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            k: 5.0,
            least: 0.0,
            share: 0.0,
            n: 2,
            m: 3,
            direction: Direction::Both,
            offset_min: 0,
            exceptions: Vec::new(),
            accepted: Vec::new(),
        }
    }
}

impl Settings {
    fn except(&self, at: i64) -> bool {
        self.exceptions.iter().any(|(from, to)| (*from..*to).contains(&at))
    }

    /// Half of the band of usual values.
    fn half(&self, sigma: f64, expected: f64) -> f64 {
        (self.k * sigma).max(self.least).max(self.share * expected.abs())
    }

    fn counts(&self, distance: f64, expected: f64) -> bool {
        distance.abs() >= self.least.max(self.share * expected.abs())
            && match self.direction {
                Direction::Both => true,
                Direction::Up => distance > 0.0,
                Direction::Down => distance < 0.0,
            }
    }
}
