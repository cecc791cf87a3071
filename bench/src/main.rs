//! Measures what `docs/PERFORMANCE.md` promises: `cargo run --release -p bench -- [graph] [metrics] [import] [estate] [flow]
//! [rca] [detector]`, all of them when none is named.
#![expect(clippy::print_stdout, reason = "the figures are the output")]

mod detector;
mod estate;
mod flow;
mod graph;
mod import;
mod metrics;
mod rca;
mod report;

use anyhow::bail;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let mut wanted: Vec<String> = std::env::args().skip(1).collect();
    if wanted.is_empty() {
        wanted =
            ["graph", "metrics", "import", "estate", "flow", "rca", "detector"].map(String::from).to_vec();
    }
    for name in wanted {
        match name.as_str() {
            "graph" => graph::run(),
            "metrics" => metrics::run().await?,
            "import" => import::run().await?,
            "estate" => estate::run().await?,
            "flow" => flow::run().await?,
            "rca" => rca::run()?,
            "detector" => detector::run(),
            other => bail!(
                "there is no benchmark {other}; there are graph, metrics, import, estate, flow, rca, detector"
            ),
        }
    }
    Ok(())
}
