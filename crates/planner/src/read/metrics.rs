//! Questions about metrics.

use super::{Part, Reader, Trouble, domain::head, sets::Built};
use crate::{
    dictionary::concept,
    lexicon::W,
    logic::{Ask, ItemSet, MetricSet, MetricWant, outside},
    text::words,
};

impl Reader<'_> {
    /// Reads a question about one metric or several.
    pub fn read_metric(&mut self) -> Result<Ask, Trouble> {
        let several = self.metrics_apart();
        if several.len() < 2 {
            return self.read_one_metric();
        }
        let (parts, used) = (self.parts.clone(), self.used.clone());
        let mut asks = Vec::new();
        for keep in &several {
            self.parts = parts.clone();
            self.used = used.clone();
            for other in several.iter().flatten().filter(|i| !keep.contains(i)) {
                self.parts[*other] = Part::Word;
                self.used[*other] = true;
            }
            asks.push((String::new(), self.read_one_metric()?));
        }
        self.parts = parts;
        Ok(Ask::Both(asks))
    }

    /// Names of different metrics side by side (`CPU와 메모리 사용률`): the places of each.
    fn metrics_apart(&self) -> Vec<Vec<usize>> {
        let heads = |i: usize| match &self.parts[i] {
            Part::Concept(c) => words(c).iter().map(|w| concept(w)).find(|w| head(w)),
            Part::Metric(m) => {
                let own = self.index.concepts_of(*m);
                words(self.words(i)).iter().map(|w| concept(w)).find(|w| head(w) && own.contains(w))
            }
            _ => None,
        };
        let named: Vec<(usize, String)> =
            (0..self.parts.len()).filter_map(|i| heads(i).map(|h| (i, h))).collect();
        let mut groups: Vec<(String, Vec<usize>)> = Vec::new();
        for (i, h) in named {
            let Some((last, list)) = groups.last_mut() else {
                groups.push((h, vec![i]));
                continue;
            };
            let from = list.last().copied().unwrap_or(0);
            let joint = self.mentions[from..i].iter().enumerate().any(|(k, m)| {
                m.sign == Some(',')
                    || m.any(&[W::And]) && !m.named()
                    || k == 0 && m.josa.contains(&crate::text::hangul::Josa::With)
            });
            if *last == h || !joint || i - from > 4 {
                if *last == h {
                    list.push(i);
                    continue;
                }
                return Vec::new();
            }
            groups.push((h, vec![i]));
        }
        if self.has_any(&[W::Compare, W::Difference]) || groups.len() < 2 {
            return Vec::new();
        }
        groups.into_iter().map(|(_, list)| list).collect()
    }

    fn read_one_metric(&mut self) -> Result<Ask, Trouble> {
        let by = self.take_groups();
        let built = self.build_set();
        // `요즘 좀 느린 것 같은데`: of what is not said.
        let felt =
            (0..self.parts.len()).filter(|&i| matches!(self.parts[i], Part::Concept(_) | Part::Metric(_)));
        let felt: Vec<usize> = felt.collect();
        if !felt.is_empty()
            && felt
                .iter()
                .all(|&i| self.mentions[i].is(W::Max) && self.parts[i] == Part::Concept("latency".into()))
            && !built.any
            && built.kinds.is_empty()
            && !self.focus.any
            && !self.has_any(&[W::Which, W::Who, W::Where])
        {
            return Err(Trouble::NothingMeant);
        }
        let go_on = self.focus.any && (self.goes_on() || self.concepts_named().is_empty());
        let old = match &self.focus.ask {
            Some(Ask::Metric(set, want)) => Some((set.clone(), want.clone())),
            _ => None,
        };
        let sibling =
            old.as_ref().filter(|_| self.focus.any).and_then(|(set, _)| self.other_percentile(set.metric));
        let metric = match (sibling.or_else(|| self.best_metric_for(&built)), &old) {
            (Some(m), _) => m,
            (None, Some((set, _))) if go_on => set.metric,
            _ => return Err(self.vague()),
        };
        let mut set = MetricSet {
            metric,
            of: self.metric_items(&built, metric),
            peer: None,
            filter: self.value_conditions.iter().map(|(_, c)| c.clone()).collect(),
            window: self.window(),
        };
        if let [_, second] = self.times.windows.as_slice() {
            let based = |k: usize| {
                self.mentions.iter().position(|m| m.time == Some(k)).is_some_and(|i| self.is_base(i))
            };
            if based(1) && !based(0) && self.how().is_some() {
                set.window = Some(second.clone());
            }
        }
        if let Some((old, _)) = &old
            && (go_on || self.focus.any && !built.any && self.window().is_none() && self.mentions.len() <= 8)
        {
            if set.of.is_none() && !built.any {
                set.of = old.of.clone();
            }
            if set.window.is_none() {
                set.window = old.window.clone();
            }
        }
        let def = self.index.catalogue().metrics.get(metric);
        let (w, k) =
            (self.metric_words(), def.map(|m| m.label.get(self.lang).to_owned()).unwrap_or_default());
        self.because(&w, "metric", k.clone());
        self.check_measured(&set, &w)?;
        self.check_kinds(&built, metric, &w)?;
        if def.is_some_and(|m| m.per_edge)
            && let [a, b, ..] = built.names.as_slice()
        {
            set.of = Some(ItemSet::codes(vec![a.clone()]));
            set.peer = Some(b.clone());
        }
        let covers = def.and_then(|m| m.covers);
        if let (Some(window), Some(covers)) = (&mut set.window, covers)
            && outside(window, covers)
        {
            // Clock times without a date mean the last day there are data of.
            if window.clock_only
                && let Some(from) = window.from
            {
                let shift = covers.1.date_naive() - from.date_naive();
                window.from = window.from.map(|t| t + shift);
                window.to = window.to.map(|t| t + shift);
            }
            if outside(window, covers) {
                return Err(Trouble::OutsideData { what: k, window: window.clone(), covers });
            }
        }
        if set.window.is_none() && old.is_none() {
            set.window = None;
        }
        let several = self.reductions();
        if !several.is_empty() && by.is_empty() && self.value_conditions.is_empty() {
            let each = |f: &&str| {
                let want = MetricWant::Value { agg: (*f).to_owned(), together: false };
                (String::new(), Ask::Metric(set.clone(), want))
            };
            return Ok(Ask::Both(several.iter().map(each).collect()));
        }
        let want =
            self.metric_want(&set, &by, &built, old.as_ref().filter(|_| go_on || !built.any).map(|(_, w)| w));
        Ok(Ask::Metric(set, want))
    }

    fn metric_words(&self) -> String {
        let list: Vec<&str> = self
            .parts
            .iter()
            .enumerate()
            .filter(|(_, p)| matches!(p, Part::Metric(_) | Part::Concept(_)))
            .map(|(i, _)| self.words(i))
            .collect();
        list.join(" ")
    }

    /// The items whose samples are meant; none for all that are measured.
    fn metric_items(&self, built: &Built, metric: usize) -> Option<ItemSet> {
        if !built.any {
            return None;
        }
        let set = built.set.clone();
        // `node CPU where X runs`: the metric of the node is kept with what runs there.
        if let crate::logic::Start::Hop(hop) = &set.start
            && let Some(codes) = hop.from.named()
            && let Some(list) = self
                .index
                .catalogue()
                .metrics
                .get(metric)
                .and_then(|m| self.index.vocabulary().measured.get(&m.key))
            && codes.iter().all(|c| list.contains(c))
        {
            let kinds = set.kinds();
            let own = list.iter().filter_map(|c| self.index.item_by_code(c)).any(|x| kinds.contains(&x.kind));
            if !own {
                return Some(hop.from.clone());
            }
        }
        if set.named().is_some() || !set.is_plain() {
            return Some(set);
        }
        let key = &self.index.catalogue().metrics.get(metric)?.key;
        let measured = self.index.vocabulary().measured.get(key);
        let kinds = set.kinds();
        if let Some(list) = measured
            && set.filter.iter().all(|c| c.field == "kind")
        {
            let inside: Vec<String> = list
                .iter()
                .filter(|c| self.index.item_by_code(c).is_some_and(|item| kinds.contains(&item.kind)))
                .cloned()
                .collect();
            return if inside.len() == list.len() || inside.is_empty() { None } else { Some(set) };
        }
        if set.filter.iter().all(|c| c.field == "kind") && measured.is_none() { None } else { Some(set) }
    }

    /// Kinds none of whose items the metric is measured on get no answer about others.
    fn check_kinds(&self, built: &Built, metric: usize, words: &str) -> Result<(), Trouble> {
        let kinds = built.set.kinds();
        let Some(def) = self.index.catalogue().metrics.get(metric) else { return Ok(()) };
        let Some(list) = self.index.vocabulary().measured.get(&def.key) else { return Ok(()) };
        let fits = |c: &String| self.index.item_by_code(c).is_some_and(|item| kinds.contains(&item.kind));
        if kinds.is_empty() || !built.set.is_plain() || list.iter().any(fits) {
            return Ok(());
        }
        let label = |k: &String| {
            let kind = self.index.catalogue().kinds.iter().find(|x| x.key == *k);
            kind.map_or(k.clone(), |x| x.label.get(self.lang).to_owned())
        };
        Err(Trouble::NoMetric { words: words.to_owned(), of: kinds.iter().map(label).collect() })
    }

    fn check_measured(&self, set: &MetricSet, words: &str) -> Result<(), Trouble> {
        let Some(def) = self.index.catalogue().metrics.get(set.metric) else { return Ok(()) };
        let Some(list) = self.index.vocabulary().measured.get(&def.key) else { return Ok(()) };
        let Some(codes) = set.of.as_ref().and_then(ItemSet::named) else { return Ok(()) };
        if codes.iter().any(|c| list.contains(c)) {
            return Ok(());
        }
        let words = if words.is_empty() { def.label.get(self.lang).to_owned() } else { words.to_owned() };
        Err(Trouble::NoMetric { words, of: codes.to_vec() })
    }

    /// `the 95th percentile of the P95 latency`, `P95 지연의 p99`: one is the name of the metric, the other is asked for.
    pub(super) fn percentile_apart(&self) -> Option<String> {
        let mut said: Vec<String> = (0..self.mentions.len()).filter_map(|i| self.percentile_at(i)).collect();
        match (said.len(), self.lang) {
            (0 | 1, _) => None,
            (_, model::Lang::Ko) => said.pop(),
            _ => Some(said.swap_remove(0)),
        }
    }

    /// The reduction that was asked for.
    fn aggregate(&self, metric: usize) -> Option<String> {
        let own = self.index.concepts_of(metric);
        if self.has(W::Avg) {
            return Some("avg".into());
        }
        if let Some(p) = self.percentile_apart() {
            return Some(p);
        }
        if let Some(p) = self.percentile().filter(|p| !own.contains(p)) {
            return Some(p);
        }
        // `호출 지연 중앙값의 최대`: the median is the name of the metric.
        let name = own.contains("p50") && self.has_any(&[W::Max, W::Min, W::Sum]);
        if self.has(W::Median) && !name {
            return Some("p50".into());
        }
        if self.has(W::Sum) {
            return Some("sum".into());
        }
        if self.mentions.iter().any(|m| matches!(m.words.as_str(), "total" | "총" | "in total"))
            && self.value_conditions.is_empty()
        {
            return Some("sum".into());
        }
        if self.has(W::Max) {
            return Some("max".into());
        }
        if self.has(W::Min) {
            return Some("min".into());
        }
        if self.has(W::Latest) {
            return Some("last".into());
        }
        None
    }

    fn metric_want(
        &self,
        set: &MetricSet,
        by: &[String],
        built: &Built,
        old: Option<&MetricWant>,
    ) -> MetricWant {
        let agg = self.aggregate(set.metric);
        let one = set.of.as_ref().and_then(ItemSet::named).is_some_and(|c| c.len() == 1)
            || set.peer.is_some()
            || self.measured_once(set);
        let up = self.has_any(&[W::Max, W::Most, W::Longest]) || self.has(W::Top);
        let down = self.has_any(&[W::Min, W::Fewest, W::Shortest, W::Bottom]);
        // The worst of what should be high is the lowest.
        let turned = self.worst_is_low(set.metric);
        let (up, down) = if turned { (down, up) } else { (up, down) };
        let agg = match agg.as_deref() {
            Some("max") if turned => Some("min".to_owned()),
            _ => agg,
        };
        if by.iter().any(|b| b == "ci") && self.amount.is_none() {
            return MetricWant::Value { agg: agg.unwrap_or_else(|| "avg".into()), together: false };
        }
        if let [first, second] = self.times.windows.as_slice() {
            // The first of the pair is what the other is compared with.
            let other = if set.window.as_ref() == Some(second) { first } else { second };
            let how = self.how();
            // `높았어?` asks which is higher, not for the highest.
            let said = self.mentions.iter().any(|m| {
                ["최대", "최고", "최소", "최저", "피크", "peak", "max", "min"]
                    .iter()
                    .any(|w| m.words.starts_with(w))
            });
            let polar = matches!(how, Some(crate::logic::How::More | crate::logic::How::Less)) && !said;
            let agg = agg.filter(|a| !polar || !matches!(a.as_str(), "max" | "min"));
            return MetricWant::Compare {
                agg: agg.unwrap_or_else(|| "avg".into()),
                other: other.clone(),
                how,
            };
        }
        if self.has(W::Trend) && agg.is_none() {
            return MetricWant::Trend;
        }
        let counting = self.has_any(&[W::Count, W::Sample])
            || self
                .mentions
                .iter()
                .any(|m| matches!(m.words.as_str(), "minutes" | "분" | "몇 분" | "times" | "몇분"));
        if let (Some((_, condition)), true) =
            (self.value_conditions.first(), !counting || !one && self.asks_service(built))
        {
            let agg = match condition.op {
                model::Op::Lt | model::Op::Le => "min",
                _ => "max",
            };
            if !one {
                let agg = if self.has(W::Avg) { "avg" } else { agg };
                return MetricWant::Over { agg: agg.into(), condition: condition.clone(), count: counting };
            }
            if !counting {
                return MetricWant::Samples;
            }
        }
        if !set.filter.is_empty() || self.has(W::Sample) && agg.is_none() {
            return MetricWant::Samples;
        }
        if let Some(width) = by.iter().find(|b| matches!(b.as_str(), "hour" | "day" | "minute")) {
            let top = (up || down).then_some(up && !down);
            let agg = if self.has(W::Avg) || agg.is_none() || top.is_some() {
                "avg".into()
            } else {
                agg.unwrap_or_default()
            };
            return MetricWant::Buckets { agg, width: width.clone(), top };
        }
        let hour = self.has_any(&[W::HourOfDay, W::Hour]) && (up || down);
        if hour {
            return MetricWant::Buckets { agg: "avg".into(), width: "hour".into(), top: Some(!down) };
        }
        if one && self.has(W::When) && (up || down) {
            return MetricWant::When { max: !down };
        }
        if one && self.has(W::When) && !up && !down && agg.is_none() {
            let least = matches!(old, Some(MetricWant::Value { agg, .. }) if agg == "min")
                || matches!(old, Some(MetricWant::When { max: false }));
            return MetricWant::When { max: !least };
        }
        if !one && (up || down) && (self.asks_service(built) || set.of.is_none()) {
            let agg = match agg.as_deref() {
                Some("max") if self.has(W::Most) && !self.has(W::Max) => "avg".to_owned(),
                Some(a) => a.to_owned(),
                None => "avg".to_owned(),
            };
            return MetricWant::Top {
                agg,
                n: self.n(),
                desc: !down,
                when: self.has(W::When),
                place: self.place_only,
            };
        }
        if self.has(W::Either) || self.has(W::Difference) && built.names.len() == 2 {
            return MetricWant::Top {
                agg: agg.unwrap_or_else(|| "avg".into()),
                n: 2,
                desc: !down,
                when: false,
                place: false,
            };
        }
        if agg.is_none()
            && let Some(old) = old
        {
            return old.clone();
        }
        let together = self.has_any(&[W::Together, W::All]) && set.of.is_none();
        MetricWant::Value {
            agg: agg.unwrap_or_else(|| if up { "max".into() } else { "avg".into() }),
            together,
        }
    }

    /// `worst success rate`: of what is good when it is high.
    fn worst_is_low(&self, metric: usize) -> bool {
        let own = self.index.concepts_of(metric);
        let good = ["success", "success rate", "availability", "uptime"].iter().any(|c| own.contains(*c));
        good && self
            .mentions
            .iter()
            .any(|m| ["worst", "나빴", "나쁜", "나쁘", "최악", "저조"].iter().any(|w| m.words.contains(w)))
    }

    /// The metric is measured on one item only.
    fn measured_once(&self, set: &MetricSet) -> bool {
        set.of.is_none()
            && self
                .index
                .catalogue()
                .metrics
                .get(set.metric)
                .and_then(|m| self.index.vocabulary().measured.get(&m.key))
                .is_some_and(|l| l.len() == 1)
    }

    /// The question asks which item it is.
    fn asks_service(&self, built: &Built) -> bool {
        self.has_any(&[W::Which, W::Who, W::Where])
            || self.amount.is_some()
            || built.kinds.iter().any(|k| !k.is_empty())
            || self.has(W::List)
    }
}
