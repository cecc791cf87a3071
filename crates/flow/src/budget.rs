//! What a run may still use up. Amounts are taken before work begins and only ever go down to nothing.

use std::sync::atomic::{AtomicU64, Ordering};

use model::{plan::Budget, run::Spent};

/// Millionths of the currency of the price table, the unit money is counted in.
const MICRO: f64 = 1_000_000.0;

/// An amount that is left, and what it was.
#[derive(Debug)]
struct Amount {
    all: u64,
    left: AtomicU64,
}

impl Amount {
    fn new(all: u64) -> Self {
        Self { all, left: AtomicU64::new(all) }
    }

    /// Takes `n`, all of it or nothing.
    fn take(&self, n: u64) -> bool {
        self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(n)).is_ok()
    }

    /// Takes what was used already; what is more than there was brings it to nothing.
    fn charge(&self, n: u64) {
        let _ =
            self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| Some(left.saturating_sub(n)));
    }

    fn left(&self) -> u64 {
        self.left.load(Ordering::Relaxed)
    }

    fn spent(&self) -> u64 {
        self.all.saturating_sub(self.left())
    }
}

/// The pool all steps of a run draw on.
#[derive(Debug)]
pub struct Pool {
    steps: Amount,
    calls: Amount,
    rows: Amount,
    bytes: Amount,
    tokens: Amount,
    micros: Amount,
    /// Sub-plans inside each other.
    pub depth: u8,
}

impl Pool {
    /// A pool with everything in it but what was spent before.
    pub fn new(budget: &Budget, before: &Spent) -> Self {
        let pool = Self {
            steps: Amount::new(budget.steps),
            calls: Amount::new(budget.calls),
            rows: Amount::new(budget.rows),
            bytes: Amount::new(budget.bytes),
            tokens: Amount::new(budget.tokens),
            micros: Amount::new(micros(budget.money)),
            depth: budget.depth,
        };
        pool.steps.charge(before.steps);
        pool.calls.charge(before.calls);
        pool.output(before.rows, before.bytes);
        pool.model(before.tokens, before.money);
        pool
    }

    /// Takes a node that starts.
    pub fn step(&self) -> Result<(), &'static str> {
        if self.steps.take(1) { Ok(()) } else { Err("steps") }
    }

    /// Takes a call of a tool; refused also when nothing is left of what its output would need.
    pub fn call(&self) -> Result<(), &'static str> {
        if self.rows.left() == 0 {
            return Err("rows");
        }
        if self.bytes.left() == 0 {
            return Err("bytes");
        }
        if self.calls.take(1) { Ok(()) } else { Err("calls") }
    }

    /// Takes what an output was.
    pub fn output(&self, rows: u64, bytes: u64) {
        self.rows.charge(rows);
        self.bytes.charge(bytes);
    }

    /// Whether a language model may still be called.
    pub fn may_use_model(&self) -> Result<(), &'static str> {
        match (self.tokens.left(), self.micros.left()) {
            (0, _) => Err("tokens"),
            (_, 0) => Err("money"),
            _ => Ok(()),
        }
    }

    /// Takes what a language model cost.
    pub fn model(&self, tokens: u64, money: f64) {
        self.tokens.charge(tokens);
        self.micros.charge(micros(money));
    }

    /// Rows that may still be given.
    pub fn rows_left(&self) -> u64 {
        self.rows.left()
    }

    /// What was used.
    pub fn spent(&self) -> Spent {
        Spent {
            steps: self.steps.spent(),
            calls: self.calls.spent(),
            rows: self.rows.spent(),
            bytes: self.bytes.spent(),
            tokens: self.tokens.spent(),
            money: f64::from(u32::try_from(self.micros.spent()).unwrap_or(u32::MAX)) / MICRO,
        }
    }
}

fn micros(money: f64) -> u64 {
    // A float becomes the nearest whole number that fits; below zero and not a number become 0.
    (money * MICRO).round() as u64
}
