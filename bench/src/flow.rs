//! The executor: microseconds a node costs in sequence and in a wide fan-out, without and with a journal, and a thousand
//! runs at the same time; beside LangGraph with its savers, on the same machine in the same run.

use std::{
    path::{Path, PathBuf},
    process::Command,
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::Context;
use async_trait::async_trait;
use flow::{CallContext, Journal, MemoryJournal, NoJournal, RunContext, ToolError, Tools};
use model::{
    Lang,
    plan::{Budget, Kind, Need, Node, Origin, Plan},
    tools::ToolOutput,
};
use serde_json::{Map, Value, json};
use services::runs::journal;
use testkit::TestApp;
use tokio_util::sync::CancellationToken;

use crate::report::resident_mb;

/// Versions of the peer.
const PEER: [&str; 3] = ["langgraph==1.2.22", "langgraph-checkpoint-postgres", "psycopg[binary]"];
/// Runs at the same time.
const MANY: usize = 1_000;

/// Gives one row and costs nothing.
struct Nothing;

#[async_trait]
impl Tools for Nothing {
    async fn call(&self, _: &str, _: Map<String, Value>, _: &CallContext) -> Result<ToolOutput, ToolError> {
        let row = Map::from_iter([("code".to_owned(), json!("a"))]);
        Ok(ToolOutput { rows: vec![row], total: 1, ..ToolOutput::default() })
    }
}

fn plan(root: Node) -> Plan {
    Plan {
        goal: String::new(),
        lang: Lang::En,
        origin: Origin::User,
        root,
        confidence: 1.0,
        why: Vec::new(),
        timeout_ms: 60_000,
        tz: String::new(),
        budget: Budget::default(),
    }
}

fn tools(count: usize) -> Vec<Node> {
    (0..count).map(|n| Node::tool(format!("n{n}"), "", "nothing", json!({}))).collect()
}

fn sequence() -> Plan {
    plan(Node::new("root", "", Kind::Seq { nodes: tools(10) }))
}

fn fan_out() -> Plan {
    let wide = Node::new("wide", "", Kind::Par { nodes: tools(100), max: 0, need: Need::All });
    let join = Node::tool("join", "", "nothing", json!({}));
    plan(Node::new("root", "", Kind::Seq { nodes: vec![wide, join] }))
}

async fn carry_out(plan: &Plan, journal: Arc<dyn Journal>) -> anyhow::Result<()> {
    let cx = RunContext {
        journal: Arc::clone(&journal),
        ..RunContext::new(plan, Instant::now() + Duration::from_secs(60), CancellationToken::new())
    };
    let done = flow::run(plan, Arc::new(Nothing), cx).await;
    journal.sync().await.map_err(|error| anyhow::anyhow!("{}", error.en))?;
    anyhow::ensure!(done.results.values().all(|result| result.error.is_none()), "a step failed");
    Ok(())
}

/// The fastest of some rounds, in microseconds a node.
async fn best(
    plan: &Plan,
    nodes: u32,
    rounds: u32,
    journal: impl AsyncFn() -> anyhow::Result<Arc<dyn Journal>>,
) -> anyhow::Result<f64> {
    let mut fastest = Duration::MAX;
    for _ in 0..rounds {
        let journal = journal().await?;
        let begun = Instant::now();
        carry_out(plan, journal).await?;
        fastest = fastest.min(begun.elapsed());
    }
    Ok(fastest.as_secs_f64() * 1e6 / f64::from(nodes))
}

/// Many runs in sequence with a journal, as a busy server has them: microseconds a node over all.
async fn busy(t: &TestApp, plan: &Plan, nodes: u32, runs: u32) -> anyhow::Result<f64> {
    let begun = Instant::now();
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..runs {
        let journal = journal::begin(&t.app, &t.one.admin, "bench", "flow").await?;
        let plan = plan.clone();
        tasks.spawn(async move { carry_out(&plan, journal).await });
    }
    while let Some(done) = tasks.join_next().await {
        done??;
    }
    Ok(begun.elapsed().as_secs_f64() * 1e6 / f64::from(nodes * runs))
}

struct Figures {
    sequence: f64,
    sequence_memory: f64,
    sequence_postgres: f64,
    fan_out: f64,
    fan_out_memory: f64,
    fan_out_postgres: f64,
    wall_s: f64,
    nodes_per_cpu_s: f64,
    rss_mb: f64,
}

async fn ours(t: &TestApp) -> anyhow::Result<Figures> {
    let (sequence, fan_out) = (sequence(), fan_out());
    let none = async || Ok(Arc::new(NoJournal) as Arc<dyn Journal>);
    let memory = async || Ok(Arc::new(MemoryJournal::default()) as Arc<dyn Journal>);
    let postgres = async || {
        let journal = journal::begin(&t.app, &t.one.admin, "bench", "flow").await?;
        Ok(journal as Arc<dyn Journal>)
    };
    let (wall_s, nodes_per_cpu_s, rss_mb) = many(&sequence).await?;
    Ok(Figures {
        sequence: best(&sequence, 10, 500, none).await?,
        sequence_memory: best(&sequence, 10, 500, memory).await?,
        sequence_postgres: best(&sequence, 10, 50, postgres).await?,
        fan_out: best(&fan_out, 101, 100, none).await?,
        fan_out_memory: best(&fan_out, 101, 100, memory).await?,
        fan_out_postgres: best(&fan_out, 101, 30, postgres).await?,
        wall_s,
        nodes_per_cpu_s,
        rss_mb,
    })
}

async fn many(plan: &Plan) -> anyhow::Result<(f64, f64, f64)> {
    let (begun, cpu) = (Instant::now(), cpu_seconds());
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..MANY {
        let plan = plan.clone();
        tasks.spawn(async move { carry_out(&plan, Arc::new(NoJournal)).await });
    }
    while let Some(done) = tasks.join_next().await {
        done??;
    }
    #[expect(clippy::cast_precision_loss, reason = "ten thousand")]
    let nodes = (MANY * 10) as f64;
    Ok((begun.elapsed().as_secs_f64(), nodes / (cpu_seconds() - cpu).max(0.001), resident_mb()))
}

/// Processor time of this program so far.
fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name = stat.rsplit(')').next().unwrap_or_default();
    let ticks = after_name.split_whitespace().skip(11).take(2).filter_map(|field| field.parse::<f64>().ok());
    ticks.sum::<f64>() / 100.0
}

/// Measures ourselves, then the peer.
pub async fn run() -> anyhow::Result<()> {
    let t = TestApp::start().await;
    let own = ours(&t).await?;
    let busy = busy(&t, &sequence(), 10, 200).await?;
    let url = testkit::cluster_url(t.database());
    let peer = tokio::task::spawn_blocking(move || langgraph(&url)).await?;
    let peer = peer.unwrap_or_else(|error| {
        println!("skipped: LangGraph ({error:#})");
        Value::Null
    });
    println!("-- flow: microseconds a node (fastest of many rounds)          ours    LangGraph");
    let of = |key: &str| peer.get(key).and_then(Value::as_f64);
    let line = |what: &str, own: f64, peer: Option<f64>| {
        let peer = peer
            .map_or_else(|| "–".to_owned(), |peer| format!("{peer:>9.1}   {:.0} ×", peer / own.max(0.001)));
        println!("{what:<56} {own:>9.1}   {peer}");
    };
    line("10 in sequence (goal 20)", own.sequence, of("sequence"));
    line("– with a journal in memory", own.sequence_memory, of("sequence_memory"));
    line("– durable in PostgreSQL at the end (goal 200)", own.sequence_postgres, of("sequence_postgres"));
    line("– 200 such runs at the same time", busy, None);
    line("fan-out of 100 and a join (goal 20)", own.fan_out, of("fan_out"));
    line("– with a journal in memory", own.fan_out_memory, of("fan_out_memory"));
    line("– durable in PostgreSQL at the end (goal 200)", own.fan_out_postgres, of("fan_out_postgres"));
    let crowd = |key: &str| peer.get("many").and_then(|many| many.get(key)).and_then(Value::as_f64);
    let plain = |what: &str, own: f64, peer: Option<f64>| {
        println!(
            "{what:<56} {own:>9.2}   {}",
            peer.map_or_else(|| "–".to_owned(), |peer| format!("{peer:>9.2}"))
        );
    };
    plain("1 000 runs of 10 at the same time, seconds", own.wall_s, crowd("wall_s"));
    plain("– nodes per processor second", own.nodes_per_cpu_s, crowd("nodes_per_cpu_s"));
    plain("– resident memory, MB", own.rss_mb, of("rss_mb"));
    Ok(())
}

/// The same with LangGraph, in a virtual environment kept beside the build.
fn langgraph(url: &str) -> anyhow::Result<Value> {
    let home = venv()?;
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("peers/langgraph_flow.py");
    let out = Command::new(home.join("bin/python")).arg(script).arg(url).output()?;
    anyhow::ensure!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    Ok(serde_json::from_slice(&out.stdout)?)
}

fn venv() -> anyhow::Result<PathBuf> {
    let home = std::env::var_os("HOME")
        .map_or_else(std::env::temp_dir, PathBuf::from)
        .join(".cache/tobit/bench/langgraph");
    if home.join("ready").exists() {
        return Ok(home);
    }
    println!("installing LangGraph to measure beside it ({})", home.display());
    let made = Command::new("python3").args(["-m", "venv"]).arg(&home).output().context("python3")?;
    anyhow::ensure!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let got = Command::new(home.join("bin/pip")).args(["install", "--quiet"]).args(PEER).output()?;
    anyhow::ensure!(got.status.success(), "{}", String::from_utf8_lossy(&got.stderr));
    std::fs::write(home.join("ready"), "")?;
    Ok(home)
}
