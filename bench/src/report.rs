//! Timing, and how figures are written.

use std::time::{Duration, Instant};

/// Runs something once and says how long it took.
pub fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let begun = Instant::now();
    let result = work();
    (result, begun.elapsed())
}

/// A figure that is one duration.
pub fn line(what: &str, took: Duration, note: &str) {
    println!("{what:<52} {:>9.2} ms   {note}", took.as_secs_f64() * 1e3);
}

/// A figure of many runs: median, 95th percentile, maximum.
pub fn spread(what: &str, mut runs: Vec<Duration>, note: &str) {
    runs.sort_unstable();
    let at = |percent: usize| {
        runs.get((runs.len().saturating_sub(1)) * percent / 100).copied().unwrap_or_default()
    };
    let ms = |d: Duration| d.as_secs_f64() * 1e3;
    println!("{what:<52} {:>9.2} ms   p95 {:.2}   max {:.2}   {note}", ms(at(50)), ms(at(95)), ms(at(100)));
}

/// Resident memory of this program in megabytes.
pub fn resident_mb() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let kb = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:")?.trim().strip_suffix(" kB")?.trim().parse::<f64>().ok());
    kb.unwrap_or_default() / 1024.0
}

/// A small generator of numbers that are the same every time (SplitMix64).
pub struct Random(u64);

impl Random {
    /// A generator that starts at `seed`.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next number.
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `limit`.
    pub fn below(&mut self, limit: u32) -> u32 {
        u32::try_from(self.next() % u64::from(limit.max(1))).unwrap_or(0)
    }
}
