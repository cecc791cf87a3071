//! The tools plans may use: names to functions, arguments checked, errors in words.

use std::sync::Arc;

use async_trait::async_trait;
use flow::{CallContext, ToolError};
use model::{
    Localized,
    perm::{EstateRead, Permission},
    tools::{Effect, ToolOutput, ToolSpec},
};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::{
    access::Caller,
    app::Shared,
    cmdb,
    error::{Error, Result},
    events, metrics,
};

/// Name and purpose of every tool; all of them look only.
const TOOLS: &[(&str, &str)] = &[
    ("ci.search", "finds configuration items by conditions and text"),
    ("ci.get", "gives fields of named configuration items"),
    ("ci.aggregate", "counts and summarises configuration items by groups"),
    ("graph.neighbours", "gives the items one relation away"),
    ("graph.traverse", "gives the items within some relations"),
    ("graph.impact", "gives the items that fail when an item fails"),
    ("graph.path", "gives a shortest path between two items"),
    ("graph.components", "gives the connected parts of the topology"),
    ("graph.cycles", "gives the cycles of the topology"),
    ("graph.edges", "gives or counts relations"),
    ("event.search", "finds events"),
    ("event.aggregate", "counts and summarises events by groups"),
    ("history.search", "finds maintenance, changes, tickets and other records"),
    ("history.aggregate", "counts and summarises records by groups"),
    ("metric.query", "reduces samples of a metric in a window"),
    ("metric.compare", "compares a metric in two windows"),
];

/// Every tool, as it is listed.
pub fn specs() -> Vec<ToolSpec> {
    TOOLS
        .iter()
        .map(|(name, about)| ToolSpec {
            name: (*name).to_owned(),
            about: (*about).to_owned(),
            effect: Effect::Read,
            permission: EstateRead::NAME.to_owned(),
        })
        .collect()
}

/// The tools in the hands of one caller.
pub struct Toolbox {
    app: Shared,
    caller: Caller,
}

impl Toolbox {
    /// Tools that act for `caller`.
    pub fn new(app: Shared, caller: Caller) -> Self {
        Self { app, caller }
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
            "metric.query" => metrics::tool_query(app, caller, read(args)?).await,
            "metric.compare" => metrics::tool_compare(app, caller, read(args)?).await,
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
        _: &CallContext,
    ) -> std::result::Result<ToolOutput, ToolError> {
        self.dispatch(name, args).await.map_err(|error| tool_error(name, &error))
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
pub fn toolbox(app: &Shared, caller: &Caller) -> Arc<dyn flow::Tools> {
    Arc::new(Toolbox::new(Arc::clone(app), caller.clone()))
}
