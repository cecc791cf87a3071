//! Steps and sayings for what is watched, foretold and changed, and for the time.

use model::tools::{ChangeSearch, MetricAnomalies, MetricForecast, TimeNow};

use super::{Generator, sets::window as bounds};
use crate::{
    logic::{Ask, ItemSet, MetricSet},
    say::Say,
    time::Window,
};

impl Generator<'_> {
    /// Stretches in which series leave what is usual.
    pub(super) fn anomalies(
        &mut self,
        of: Option<&ItemSet>,
        metric: Option<usize>,
        window: Option<&Window>,
        told: bool,
    ) -> String {
        let ask = Ask::Anomalies { of: of.cloned(), metric, window: window.cloned() };
        let subject = self.wording.ask(&ask);
        let key = metric.and_then(|m| self.index.catalogue().metrics.get(m)).map(|m| m.key.clone());
        let ci = of.and_then(|s| self.codes(s));
        let (from, to) = bounds(window);
        let args =
            MetricAnomalies { metric: key.unwrap_or_default(), ci, from, to, ..MetricAnomalies::default() };
        let id = self.tool(self.wording.finding(&subject), "metric.anomalies", &args);
        if told {
            self.say(&id, &Say::Anomalies { subject });
        }
        id
    }

    /// How a metric goes on.
    pub(super) fn forecast(&mut self, set: &MetricSet, hours: u32, limit: Option<f64>, told: bool) -> String {
        let Some(def) = self.index.catalogue().metrics.get(set.metric).cloned() else { return String::new() };
        let ask = Ask::Forecast { set: set.clone(), hours, limit };
        let subject = self.wording.ask(&ask);
        let ci = set.of.as_ref().and_then(|s| self.codes(s));
        let (from, _) = bounds(set.window.as_ref());
        let args = MetricForecast { metric: def.key, ci, from, hours, threshold: limit };
        let id = self.tool(self.wording.measuring(&subject), "forecast.metric", &args);
        if told {
            self.say(&id, &Say::Forecast { subject, unit: def.unit, limit });
        }
        id
    }

    /// What was changed.
    pub(super) fn changes(&mut self, of: Option<&ItemSet>, window: Option<&Window>, told: bool) -> String {
        let ask = Ask::Changes { of: of.cloned(), window: window.cloned() };
        let subject = self.wording.ask(&ask);
        let ci = of.and_then(|s| self.codes(s));
        let (from, to) = bounds(window);
        let args = ChangeSearch { ci, from, to, ..ChangeSearch::default() };
        let id = self.tool(self.wording.finding(&subject), "change.search", &args);
        if told {
            self.say(&id, &Say::Changes { subject });
        }
        id
    }

    /// The moment.
    pub(super) fn now(&mut self, zone: &str, told: bool) -> String {
        let label = self.pick("지금 시각 확인", "Look at the clock");
        let id = self.tool(label, "time.now", &TimeNow { tz: zone.to_owned() });
        if told {
            self.say(&id, &Say::Now { zone: zone.to_owned() });
        }
        id
    }
}
