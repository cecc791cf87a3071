//! Samples on a real PostgreSQL: how fast they are written, how fast a range is read.

use std::time::Instant;

use chrono::{DateTime, Duration, Utc};
use model::{ImportId, metrics::RangeQuery};
use serde_json::{Map, json};
use services::{
    cmdb::write::{self, NewItem},
    metrics::{self, write::SeriesWriter},
};
use testkit::TestApp;
use uuid::Uuid;

use crate::report::{line, spread};

const ITEMS: usize = 20;
const METRICS: usize = 5;
const DAYS: i64 = 14;

/// Measures writing and reading.
pub async fn run() -> anyhow::Result<()> {
    let t = TestApp::start().await;
    let start: DateTime<Utc> = "2026-01-01T00:00:00Z".parse()?;
    let mut tx = t.app.db.tenant(&t.one.admin).await?;
    let import = ImportId(Uuid::now_v7());
    write::begin(&mut tx).await?;
    let items: Vec<NewItem> = (0..ITEMS)
        .map(|n| NewItem { code: format!("host-{n:02}"), kind: "host".into(), ..NewItem::default() })
        .collect();
    let ids = write::upsert_items(&mut tx, import, &items).await?.ids;

    let begun = Instant::now();
    let mut writer = SeriesWriter::new(import);
    for item in &items {
        let Some(&ci) = ids.get(&item.code) else { continue };
        for metric in 0..METRICS {
            let series = writer.ensure_series(&mut tx, &format!("metric_{metric}"), ci, None).await?;
            for minute in 0..DAYS * 1_440 {
                let at = start.timestamp_millis() + minute * 60_000;
                #[expect(clippy::cast_precision_loss, reason = "a few thousand")]
                let value = 50.0 + 40.0 * (minute as f64 / 229.0).sin() + (minute % 7) as f64;
                writer.push(series, at, value);
            }
            writer.flush_if_full(&mut tx).await?;
        }
    }
    let written = writer.finish(&mut tx).await?;
    let took = begun.elapsed();
    write::finish(&mut tx).await?;
    tx.commit().await?;
    #[expect(clippy::cast_precision_loss, reason = "a few million")]
    let rate = written as f64 / took.as_secs_f64();
    println!("-- metrics: {written} samples of {} series over {DAYS} days", ITEMS * METRICS);
    line("write (goal 200 000 samples/s)", took, &format!("{:.0} samples/s", rate));

    let series: Vec<_> =
        metrics::series_of(&t.app, &t.one.viewer, "host-07").await?.into_iter().map(|s| s.id).collect();
    let mut runs = Vec::new();
    let mut points = 0;
    for _ in 0..50 {
        let query = RangeQuery {
            series: series.clone(),
            from: start,
            to: start + Duration::days(7),
            max_points: 1_000,
            usual: false,
            ahead_h: 0,
        };
        let begun = Instant::now();
        let found = metrics::range(&t.app, &t.one.viewer, query).await?;
        runs.push(begun.elapsed());
        points = found.iter().map(|s| s.points.len()).sum();
    }
    spread("range of 5 metrics, 7 days, 1 min (goal 50 ms)", runs, &format!("{points} points"));

    let args = Map::from_iter([
        ("metric".to_owned(), json!("metric_1")),
        ("agg".to_owned(), json!(["avg", "p95", "max_at"])),
    ]);
    let mut runs = Vec::new();
    for _ in 0..20 {
        let args = serde_json::from_value(args.clone().into())?;
        let begun = Instant::now();
        metrics::tool_query(&t.app, &t.one.viewer, args).await?;
        runs.push(begun.elapsed());
    }
    spread("avg, p95, max_at of a metric on all items, 14 days", runs, "403 200 samples");
    Ok(())
}
