//! Demo data: a generated company, loaded as an import of its own and taken out as one.
//!
//! Names the tenant has already given (kinds, fields, metrics) are left as they are, so that taking the demo out again
//! leaves the catalogue as it was.

use std::{collections::HashSet, ops::ControlFlow, sync::Arc};

use chrono::{DateTime, Utc};
use demo::Demo;
use ingest::{Go, KnownItem, NewItem, NewRecord, NewRelation, NewSeries, Outcome, Sample, Sink};
use model::{
    ApiError, ErrorCode, ImportId,
    imports::{DemoRequest, ImportCounts, ImportStatus},
    perm::EstateImport,
    schema::{Catalogue, RecordKind},
};

use super::{batch::Sender, begin_in_background, run_and_watch, store, undo_in, work, work::Source};
use crate::{
    access::Caller,
    app::{App, Shared},
    cmdb::{self, write},
    error::{Error, Result},
};

/// Name of the demo import.
const NAME: &str = "demo";
const SECOND: i64 = 1_000_000;

/// Begins to load demo data and returns at once.
pub async fn load_demo(app: &Shared, caller: &Caller, request: DemoRequest) -> Result<ImportId> {
    caller.grant::<EstateImport>()?;
    let demo = generated(request, None).await?;
    let there = cmdb::estate(app, caller).await?.catalogue().clone();
    begin_in_background(app, caller, NAME, true, None, loading(Arc::new(demo), there)).await
}

/// Loads demo data whose history ends at `until`, or now, and returns when it is done, with the truth about its incidents.
pub async fn run_demo(
    app: &Shared,
    caller: &Caller,
    request: DemoRequest,
    until: Option<DateTime<Utc>>,
    progress: impl FnMut(&ImportStatus),
) -> Result<(ImportStatus, demo::Truth)> {
    caller.grant::<EstateImport>()?;
    let demo = Arc::new(generated(request, until).await?);
    let there = cmdb::estate(app, caller).await?.catalogue().clone();
    let source = loading(Arc::clone(&demo), there);
    let status = run_and_watch(app, caller, NAME, true, None, source, progress).await?;
    Ok((status, demo.truth.clone()))
}

/// Takes out the demo data and nothing else.
pub async fn remove_demo(app: &App, caller: &Caller) -> Result<ImportStatus> {
    caller.grant::<EstateImport>()?;
    let mut tx = app.db.tenant(caller).await?;
    if !store::lock(tx.conn(), caller.tenant).await? {
        return Err(work::at_work());
    }
    let mut last = None;
    for id in store::demos(&mut tx).await? {
        last = Some(undo_in(&mut tx, caller, id).await?);
    }
    let status = last.ok_or_else(|| Error::not_found("데모 데이터가 없습니다", "there is no demo data"))?;
    store::forget_unused_record_fields(&mut tx).await?;
    write::finish(&mut tx).await?;
    tx.commit().await?;
    Ok(status)
}

/// Refuses a second demo beside the first.
pub(super) fn loaded_already() -> Error {
    ApiError::new(ErrorCode::Conflict, "데모 데이터가 이미 있습니다", "demo data is loaded already")
        .with_hint("먼저 데모 데이터를 지우세요", "remove the demo data first")
        .into()
}

async fn generated(request: DemoRequest, until: Option<DateTime<Utc>>) -> Result<Demo> {
    if !(demo::LEAST..=demo::MOST).contains(&request.cis) {
        let (least, most) = (demo::LEAST, demo::MOST);
        return Err(Error::invalid(
            "cis",
            format!("구성 항목 수는 {least}에서 {most} 사이여야 합니다"),
            format!("the number of items has to lie between {least} and {most}"),
        ));
    }
    let now = until.unwrap_or_else(Utc::now);
    let made = tokio::task::spawn_blocking(move || demo::generate(request.seed, request.cis, now)).await;
    made.map_err(|error| Error::Internal(format!("making demo data ended: {error}")))
}

/// The demo as rows.
fn loading(demo: Arc<Demo>, there: Catalogue) -> Source {
    Box::new(move |known, sender| {
        let mut counts = ImportCounts::default();
        match give(&demo, &known, sender, &mut counts) {
            ControlFlow::Continue(()) => {
                let catalogue = only_new(&demo.catalogue, &there);
                Ok(Outcome { counts, lookups: Vec::new(), catalogue })
            }
            ControlFlow::Break(()) => Err(ingest::Error::Stopped),
        }
    })
}

fn give(demo: &Demo, known: &[KnownItem], sink: &mut Sender, counts: &mut ImportCounts) -> Go {
    let codes: HashSet<&str> = known.iter().map(|item| item.code.as_str()).collect();
    let first = u32::try_from(known.len()).unwrap_or(u32::MAX / 2);
    let no = |item: usize| first + u32::try_from(item).unwrap_or(u32::MAX / 2);
    let step = 1.0 / (demo.series().len().max(1) + 4) as f64;
    let mut done = 0.0;
    let took = |counts: &mut ImportCounts, rows: usize| {
        counts.read += rows as u64;
        counts.accepted += rows as u64;
    };
    for (i, item) in demo.items.iter().enumerate() {
        // an item of the tenant's own keeps its code
        let mut code = item.code.clone();
        while codes.contains(code.as_str()) {
            code.push_str("-demo");
        }
        sink.item(NewItem {
            no: no(i),
            code: code.into(),
            name: item.name.clone(),
            kind: item.kind.to_owned(),
            id: String::new(),
            fields: item.fields.clone(),
        })?;
    }
    took(counts, demo.items.len());
    for relation in &demo.relations {
        sink.relation(NewRelation {
            source: no(relation.source),
            target: no(relation.target),
            r#type: relation.r#type.to_owned(),
            fields: serde_json::Map::new(),
        })?;
    }
    took(counts, demo.relations.len());
    for record in &demo.records {
        sink.record(NewRecord {
            kind: record.kind.to_owned(),
            key: record.key.clone(),
            item: record.item.map(no),
            at: record.at * SECOND,
            until: record.until.map(|until| until * SECOND),
            fields: record.fields.clone(),
        })?;
    }
    took(counts, demo.records.len());
    for (number, series) in (0..).zip(demo.series()) {
        sink.series(NewSeries {
            no: number,
            metric: series.metric.into(),
            item: no(series.item),
            peer: series.peer.map(no),
        })?;
        for (at, value) in &series.samples {
            sink.sample(Sample { series: number, at: at * SECOND, value: *value })?;
        }
        took(counts, series.samples.len());
        done += step;
        sink.progress(series.metric, done, counts)?;
    }
    ControlFlow::Continue(())
}

/// What the tenant has not named yet. Of a kind of record it has, only the fields that are new.
fn only_new(demo: &Catalogue, there: &Catalogue) -> Catalogue {
    let mut new = demo.clone();
    new.kinds.retain(|kind| !there.kinds.iter().any(|other| other.key == kind.key));
    new.fields.retain(|field| !there.fields.iter().any(|other| other.key == field.key));
    new.relations.retain(|relation| !there.relations.iter().any(|other| other.key == relation.key));
    new.metrics.retain(|metric| !there.metrics.iter().any(|other| other.key == metric.key));
    for kind in &mut new.records {
        if let Some(other) = there.records.iter().find(|other| other.key == kind.key) {
            let fields = std::mem::take(&mut kind.fields);
            let fields =
                fields.into_iter().filter(|f| !other.fields.iter().any(|o| o.key == f.key)).collect();
            *kind = RecordKind { fields, ..other.clone() };
        }
    }
    new
}
