//! What the values of a column look like.

use std::collections::HashSet;

use serde_json::Value;

use super::Known;
use crate::{time::Times, value};

/// What the first values of a column look like; shares are of the values that are not empty.
#[derive(Debug, Clone, Default)]
pub(super) struct Shape {
    pub filled: usize,
    pub distinct: usize,
    pub numbers: f64,
    pub times: f64,
    pub objects: f64,
    pub words: f64,
    pub codes: f64,
    pub ids: f64,
    pub names: f64,
    /// Known codes before the first `-`, as pods have them.
    pub code_parts: f64,
    /// Known codes when capital letters do not count.
    pub loose_codes: f64,
    pub kinds: f64,
}

impl Shape {
    /// What values look like; `loose` are the known codes in small letters.
    pub fn new(values: &[&str], known: &Known, loose: &HashSet<String>) -> Self {
        let values: Vec<&str> = values.iter().map(|v| v.trim()).filter(|v| !v.is_empty()).collect();
        let filled = values.len();
        if filled == 0 {
            return Self::default();
        }
        let times = Times::auto();
        let share =
            |fits: &dyn Fn(&str) -> bool| values.iter().filter(|v| fits(v)).count() as f64 / filled as f64;
        let number = |v: &str| v.parse::<f64>().is_ok();
        // a bare number is a time only when its size says so
        let time = |v: &str| {
            let dated = value::looks_like_a_date(v) || v.contains('년');
            let epoch = matches!(v.len(), 10 | 13) && v.bytes().all(|b| b.is_ascii_digit());
            (dated || epoch || v.contains(':')) && times.read(v).is_some()
        };
        Self {
            filled,
            distinct: values.iter().collect::<HashSet<_>>().len(),
            numbers: share(&|v| number(v) || value::absent(v)),
            times: share(&time),
            objects: share(&|v| {
                v.starts_with('{') && matches!(serde_json::from_str::<Value>(v), Ok(Value::Object(_)))
            }),
            words: share(&|v| v.contains(' ')),
            codes: share(&|v| known.codes.contains(v)),
            ids: share(&|v| known.ids.contains(v)),
            names: share(&|v| known.names.contains(v)),
            code_parts: share(&|v| v.split_once('-').is_some_and(|(start, _)| known.codes.contains(start))),
            loose_codes: share(&|v| loose.contains(v.to_lowercase().as_str())),
            kinds: share(&|v| known.kinds.contains(v)),
        }
    }

    /// Whether its values name items the estate has.
    pub fn finds_items(&self) -> f64 {
        self.codes.max(self.ids).max(self.names * 0.9).max(self.code_parts * 0.8).max(self.loose_codes * 0.8)
    }

    /// Whether every value is another one.
    pub fn unique(&self) -> bool {
        self.filled > 0 && self.distinct == self.filled
    }
}
