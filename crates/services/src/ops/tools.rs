//! The tools plans may use: names to functions, arguments checked, errors in words.

use std::{
    collections::HashMap,
    sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use flow::{Access, CallContext, ToolError};
use model::{
    Localized,
    perm::{self, EstateRead, Permission},
    schema::MetricDef,
    tools::{
        ChangeSearch, CiAggregate, CiSearch, Effect, GraphArgs, GraphEdges, MetricAnomalies, MetricCompare,
        MetricForecast, MetricQuery, MetricTop, RcaRun, RecordAggregate, RecordSearch, TimeNow, ToolOutput,
        ToolSpec,
    },
};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::{as_of, cache, changes, schema};
use crate::{
    access::Caller,
    app::Shared,
    cmdb,
    db::Backends,
    error::{Error, Result},
    events, metrics, rca,
};

/// A tool as it stands in the list below.
struct Entry {
    name: &'static str,
    about: &'static str,
    /// What it reads from: `postgres`, or `memory` for the snapshot of the estate.
    source: &'static str,
    /// What a call usually takes, in milliseconds.
    cost_ms: u32,
    input: fn() -> Value,
    /// Columns that rows always have, with their type.
    columns: &'static [(&'static str, &'static str)],
}

/// The only tool whose output is another one each time.
const CLOCK: &str = "time.now";
const MEMORY: &str = "memory";
const POSTGRES: &str = "postgres";
const ITEM: &[(&str, &str)] = &[("code", "string"), ("name", "string"), ("kind", "string")];
const REACHED: &[(&str, &str)] =
    &[("code", "string"), ("name", "string"), ("kind", "string"), ("depth", "integer")];

/// Every tool; all of them look only. A new one is a line here and an arm of [`Toolbox::dispatch`].
#[rustfmt::skip]
const TOOLS: &[Entry] = &[
    Entry { name: "ci.search", about: "finds configuration items by conditions and text", source: MEMORY, cost_ms: 5,
        input: schema::of::<CiSearch>, columns: ITEM },
    Entry { name: "ci.get", about: "gives fields of named configuration items", source: MEMORY, cost_ms: 2,
        input: schema::of::<CiSearch>, columns: ITEM },
    Entry { name: "ci.aggregate", about: "counts and summarises configuration items by groups", source: MEMORY, cost_ms: 5,
        input: schema::of::<CiAggregate>, columns: &[] },
    Entry { name: "graph.neighbours", about: "gives the items one relation away", source: MEMORY, cost_ms: 2,
        input: schema::of::<GraphArgs>, columns: REACHED },
    Entry { name: "graph.traverse", about: "gives the items within some relations", source: MEMORY, cost_ms: 5,
        input: schema::of::<GraphArgs>, columns: REACHED },
    Entry { name: "graph.impact", about: "gives the items that fail when an item fails", source: MEMORY, cost_ms: 5,
        input: schema::of::<GraphArgs>, columns: REACHED },
    Entry { name: "graph.path", about: "gives a shortest path between two items", source: MEMORY, cost_ms: 5,
        input: schema::of::<GraphArgs>, columns: &[] },
    Entry { name: "graph.components", about: "gives the connected parts of the topology", source: MEMORY, cost_ms: 10,
        input: schema::of::<GraphArgs>, columns: &[] },
    Entry { name: "graph.cycles", about: "gives the cycles of the topology", source: MEMORY, cost_ms: 10,
        input: schema::of::<GraphArgs>, columns: &[] },
    Entry { name: "graph.edges", about: "gives or counts relations", source: MEMORY, cost_ms: 5,
        input: schema::of::<GraphEdges>, columns: &[] },
    Entry { name: "event.search", about: "finds events", source: POSTGRES, cost_ms: 20,
        input: schema::of::<RecordSearch>, columns: &[] },
    Entry { name: "event.aggregate", about: "counts and summarises events by groups", source: POSTGRES, cost_ms: 20,
        input: schema::of::<RecordAggregate>, columns: &[] },
    Entry { name: "history.search", about: "finds maintenance, changes, tickets and other records", source: POSTGRES,
        cost_ms: 20, input: schema::of::<RecordSearch>, columns: &[] },
    Entry { name: "history.aggregate", about: "counts and summarises records by groups", source: POSTGRES, cost_ms: 20,
        input: schema::of::<RecordAggregate>, columns: &[] },
    Entry { name: "change.search", about: "finds what was changed on items and on what they are joined to", source: POSTGRES,
        cost_ms: 30, input: schema::of::<ChangeSearch>, columns: &[("at", "string"), ("ci", "string"), ("hops", "integer"),
            ("record", "string"), ("what", "string"), ("outcome", "string")] },
    Entry { name: CLOCK, about: "gives the moment", source: MEMORY, cost_ms: 1,
        input: schema::of::<TimeNow>, columns: &[("at", "string"), ("local", "string"), ("weekday", "string"),
            ("zone", "string")] },
    Entry { name: "metric.query", about: "reduces samples of a metric in a window", source: POSTGRES, cost_ms: 40,
        input: schema::of::<MetricQuery>, columns: &[] },
    Entry { name: "metric.compare", about: "compares a metric in two windows", source: POSTGRES, cost_ms: 60,
        input: schema::of::<MetricCompare>, columns: &[] },
    Entry { name: "metric.anomalies", about: "finds stretches in which series leave what is usual for the hour of the week",
        source: POSTGRES, cost_ms: 400, input: schema::of::<MetricAnomalies>, columns: &[("ci", "string"),
            ("metric", "string"), ("from", "string"), ("until", "string"), ("form", "string"), ("value", "number"),
            ("expected", "number"), ("sigma", "number")] },
    Entry { name: "metric.top", about: "ranks items by the reduced value of a metric", source: POSTGRES, cost_ms: 40,
        input: schema::of::<MetricTop>, columns: &[("ci", "string")] },
    Entry { name: "forecast.metric", about: "foretells a metric with an interval where the history allows it",
        source: POSTGRES, cost_ms: 100, input: schema::of::<MetricForecast>, columns: &[("ci", "string"), ("at", "string"),
            ("expected", "number"), ("low", "number"), ("high", "number")] },
    Entry { name: "rca.run", about: "ranks what may have caused what deviates in a window", source: POSTGRES, cost_ms: 400,
        input: schema::of::<RcaRun>, columns: &[("rank", "integer"), ("ci", "string"), ("resource", "string"),
            ("metric", "string"), ("confidence", "number"), ("since", "string"), ("summary", "string")] },
];

static SPECS: LazyLock<Vec<ToolSpec>> = LazyLock::new(|| {
    TOOLS
        .iter()
        .map(|tool| ToolSpec {
            name: tool.name.to_owned(),
            about: tool.about.to_owned(),
            effect: Effect::Read,
            permission: EstateRead::NAME.to_owned(),
            source: tool.source.to_owned(),
            cost_ms: tool.cost_ms,
            input: (tool.input)(),
            output: schema::output(tool.columns),
        })
        .collect()
});

/// Every tool, as it is listed.
pub fn specs() -> Vec<ToolSpec> {
    SPECS.clone()
}

/// The tools a caller may use.
pub fn tools_of(caller: &Caller) -> Vec<ToolSpec> {
    SPECS.iter().filter(|spec| may_use(caller, spec)).cloned().collect()
}

fn may_use(caller: &Caller, spec: &ToolSpec) -> bool {
    perm::ALL.iter().any(|(name, least)| *name == spec.permission && caller.role >= *least)
}

fn spec(name: &str) -> Option<&'static ToolSpec> {
    SPECS.iter().find(|spec| spec.name == name)
}

/// The tools of a caller, as plans are checked against them.
pub struct Known<'a>(pub &'a Caller);

impl flow::Catalog for Known<'_> {
    fn access(&self, tool: &str) -> Access {
        match spec(tool) {
            None => Access::Unknown,
            Some(spec) if may_use(self.0, spec) => Access::Allowed,
            Some(_) => Access::Denied,
        }
    }

    fn spec(&self, tool: &str) -> Option<&ToolSpec> {
        spec(tool)
    }

    fn names(&self) -> Vec<String> {
        SPECS.iter().filter(|spec| may_use(self.0, spec)).map(|spec| spec.name.clone()).collect()
    }
}

/// The tools in the hands of one caller.
pub struct Toolbox {
    app: Shared,
    caller: Caller,
    /// Version of the data the run began with.
    data: u64,
    /// The moment taken as now; none for the clock.
    as_of: Option<DateTime<Utc>>,
    /// The time zone of whoever asks, an IANA name.
    tz: String,
    /// What is at work for each call, by its key.
    calls: Mutex<HashMap<String, Backends>>,
}

impl Toolbox {
    /// Tools that act for `caller` on this version of the data, at this moment, in this time zone.
    pub fn new(app: Shared, caller: Caller, data: u64, as_of: Option<DateTime<Utc>>, tz: &str) -> Self {
        Self { app, caller, data, as_of, tz: tz.to_owned(), calls: Mutex::default() }
    }

    /// The moment of the run.
    fn now(&self) -> DateTime<Utc> {
        self.as_of.unwrap_or_else(Utc::now)
    }

    /// Arguments that look at nothing after that moment, and tell it in the zone of whoever asks.
    async fn bounded(&self, name: &str, mut args: Map<String, Value>) -> Map<String, Value> {
        if name == CLOCK && args.get("tz").and_then(Value::as_str).is_none_or(str::is_empty) {
            args.insert("tz".to_owned(), Value::String(self.tz.clone()));
        }
        if let Ok(estate) = cmdb::estate(&self.app, &self.caller).await {
            let key = args.get("metric").and_then(Value::as_str).unwrap_or_default().to_owned();
            let of = |metric: &&MetricDef| key.is_empty() || metric.key == key;
            let covers = estate.catalogue().metrics.iter().filter(of).filter_map(|m| m.covers);
            let ends = covers.map(|c| c.1).max();
            as_of::bound(name, &mut args, self.now(), ends);
        }
        args
    }

    fn calls(&self) -> MutexGuard<'_, HashMap<String, Backends>> {
        self.calls.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn dispatch(&self, name: &str, args: Map<String, Value>) -> Result<ToolOutput> {
        let (app, caller) = (self.app.as_ref(), &self.caller);
        match name {
            "ci.search" | "ci.get" => cmdb::tool_search(app, caller, read(args)?).await,
            "ci.aggregate" => cmdb::tool_aggregate(app, caller, read(args)?).await,
            "graph.edges" => cmdb::tool_edges(app, caller, read(args)?).await,
            name if name.starts_with("graph.") => cmdb::tool_graph(app, caller, name, read(args)?).await,
            "event.search" | "history.search" => events::search(app, caller, read(args)?).await,
            "event.aggregate" | "history.aggregate" => events::aggregate(app, caller, read(args)?).await,
            "change.search" => changes::search(app, caller, read(args)?).await,
            CLOCK => changes::now(&read(args)?, self.now(), caller.lang),
            "metric.query" => metrics::tool_query(app, caller, read(args)?).await,
            "metric.compare" => metrics::tool_compare(app, caller, read(args)?).await,
            "metric.anomalies" => metrics::tool_anomalies(app, caller, read(args)?).await,
            "metric.top" => metrics::tool_top(app, caller, read(args)?).await,
            "forecast.metric" => metrics::tool_forecast(app, caller, read(args)?).await,
            "rca.run" => rca::tool_run(app, caller, read(args)?).await,
            other => Err(Error::invalid(
                "tool",
                format!("{other} 도구는 없습니다"),
                format!("there is no tool {other}"),
            )),
        }
    }
}

fn read<T: DeserializeOwned>(args: Map<String, Value>) -> Result<T> {
    serde_json::from_value(Value::Object(args)).map_err(|error| {
        Error::invalid(
            "args",
            format!("도구의 인수가 잘못되었습니다: {error}"),
            format!("wrong arguments of the tool: {error}"),
        )
    })
}

#[async_trait]
impl flow::Tools for Toolbox {
    async fn call(
        &self,
        name: &str,
        args: Map<String, Value>,
        cx: &CallContext,
    ) -> std::result::Result<ToolOutput, ToolError> {
        let args = self.bounded(name, args).await;
        let key = (cx.cache_s != Some(0) && name != CLOCK)
            .then(|| cache::key(&self.caller, self.data, name, &args));
        if let Some(output) = key.as_ref().and_then(|key| self.app.runs.cache.get(key, cx.cache_s)) {
            cx.note_cached();
            return Ok(output.as_ref().clone());
        }
        let backends = Backends::default();
        self.calls().insert(cx.key.clone(), backends.clone());
        let outcome = backends.noting(self.dispatch(name, args)).await;
        self.calls().remove(&cx.key);
        let output = outcome.map_err(|error| tool_error(name, &error))?;
        if let Some(key) = key {
            self.app.runs.cache.put(key, &output);
        }
        Ok(output)
    }

    fn may_use(&self, name: &str) -> bool {
        spec(name).is_none_or(|spec| may_use(&self.caller, spec))
    }

    fn effect(&self, name: &str) -> Effect {
        spec(name).map_or(Effect::Read, |spec| spec.effect)
    }

    fn source(&self, name: &str) -> &str {
        spec(name).map_or("", |spec| spec.source.as_str())
    }

    async fn abandon(&self, cx: &CallContext) {
        let Some(backends) = self.calls().remove(&cx.key) else { return };
        if let Err(error) = self.app.db.stop(&backends).await {
            tracing::warn!(cause = %error, "a statement could not be stopped");
        }
    }
}

/// The cause goes to the log; the plan sees what a person may see, and whether trying again can help.
fn tool_error(name: &str, error: &Error) -> ToolError {
    let seen = error.to_api();
    if !matches!(error, Error::Api(_)) {
        tracing::warn!(tool = name, cause = %error, "tool failed");
    }
    let message = match &seen.hint {
        Some(hint) => Localized::new(
            format!("{} ({})", seen.message.ko, hint.ko),
            format!("{} ({})", seen.message.en, hint.en),
        ),
        None => seen.message.clone(),
    };
    ToolError { message, retryable: seen.kind == model::ErrorCode::Unavailable }
}

/// The toolbox as the executor wants it.
pub fn toolbox(
    app: &Shared,
    caller: &Caller,
    data: u64,
    as_of: Option<DateTime<Utc>>,
    tz: &str,
) -> Arc<dyn flow::Tools> {
    Arc::new(Toolbox::new(Arc::clone(app), caller.clone(), data, as_of, tz))
}
