//! Metrics from files to rows on a real PostgreSQL, the way `tobit import` takes: reading, resolving items, writing.

use std::{
    fs::File,
    io::{BufWriter, Write},
    path::Path,
    time::Instant,
};

use chrono::{DateTime, Duration, Utc};
use services::imports;
use testkit::TestApp;

use crate::report::line;

const HOSTS: usize = 50;
const MINUTES: i64 = 4_000;
const METRICS: usize = 10;

const MAPPING: &str = "
name: bench
tz: UTC
files:
  - file: long.csv
    rows: metrics_long
    item: {column: host, by: [code], create_as: host}
    at: time
    metric: metric
    value: value
  - file: wide.csv
    rows: metrics_wide
    item: {column: host, by: [code], create_as: host}
    at: time
    metrics: {m0: w0, m1: w1, m2: w2, m3: w3, m4: w4, m5: w5, m6: w6, m7: w7, m8: w8, m9: w9}
";

/// Measures the import of one long and one wide file.
pub async fn run() -> anyhow::Result<()> {
    for (file, what) in [("long.csv", "long"), ("wide.csv", "wide")] {
        let t = TestApp::start().await;
        let folder = tempfile::tempdir()?;
        let rows = if file == "long.csv" { long(folder.path())? } else { wide(folder.path())? };
        let mut mapping = imports::parse_mapping(&t.app, &t.one.admin, MAPPING).await?;
        mapping.files.retain(|entry| entry.file == file);
        let begun = Instant::now();
        let status = imports::run_folder(&t.app, &t.one.admin, folder.path(), mapping, |_| {}).await?;
        let took = begun.elapsed();
        anyhow::ensure!(status.counts.rejected == 0, "rejected rows: {:?}", status.rejects.first());
        #[expect(clippy::cast_precision_loss, reason = "a few million")]
        let rate = |count: u64| count as f64 / took.as_secs_f64();
        println!("-- import of a {what} file: {rows} rows, {} samples", status.counts.samples_new);
        let rates = format!("{:.0} rows/s, {:.0} samples/s", rate(rows), rate(status.counts.samples_new));
        line("file to rows (goal 200 000 rows/s)", took, &rates);
    }
    Ok(())
}

fn start() -> anyhow::Result<DateTime<Utc>> {
    Ok("2026-01-01T00:00:00Z".parse()?)
}

#[expect(clippy::cast_precision_loss, reason = "small numbers")]
fn value(host: usize, metric: usize, minute: i64) -> f64 {
    let wave = (minute as f64 / 229.0 + host as f64).sin();
    50.0 + 40.0 * wave + metric as f64 + (minute % 7) as f64 / 8.0
}

/// One row per value: 2 000 000 rows.
fn long(folder: &Path) -> anyhow::Result<u64> {
    let mut out = BufWriter::new(File::create(folder.join("long.csv"))?);
    writeln!(out, "time,host,metric,value")?;
    let mut rows = 0;
    for minute in 0..MINUTES {
        let at = (start()? + Duration::minutes(minute)).format("%Y-%m-%d %H:%M:%S");
        for host in 0..HOSTS {
            for metric in 0..METRICS {
                writeln!(out, "{at},host-{host:02},m{metric},{:.3}", value(host, metric, minute))?;
                rows += 1;
            }
        }
    }
    out.flush()?;
    Ok(rows)
}

/// One row per host and minute with ten values.
fn wide(folder: &Path) -> anyhow::Result<u64> {
    let mut out = BufWriter::new(File::create(folder.join("wide.csv"))?);
    writeln!(out, "time,host,w0,w1,w2,w3,w4,w5,w6,w7,w8,w9")?;
    let mut rows = 0;
    for minute in 0..MINUTES {
        let at = (start()? + Duration::minutes(minute)).format("%Y-%m-%d %H:%M:%S");
        for host in 0..HOSTS {
            write!(out, "{at},host-{host:02}")?;
            for metric in 0..METRICS {
                write!(out, ",{:.3}", value(host, metric, minute))?;
            }
            writeln!(out)?;
            rows += 1;
        }
    }
    out.flush()?;
    Ok(rows)
}
