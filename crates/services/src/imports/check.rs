//! A trial run: everything but writing.

use std::collections::{HashMap, HashSet};

use model::{
    CiId,
    imports::{ImportCheck, ImportCounts, Mapping},
};
use serde_json::{Map, Value};
use tokio::sync::mpsc;

use super::{
    batch::{Batch, Sender},
    store,
    work::{together, unreadable},
};
use crate::{
    cmdb::write::{StoredItem, stored_items},
    db::TenantTx,
    error::{Error, Result},
};

/// Runs a mapping over files and counts what would happen.
pub(super) async fn check(
    tx: &mut TenantTx<'_>,
    files: std::sync::Arc<super::files::OnDisk>,
    mapping: Mapping,
) -> Result<ImportCheck> {
    let stored = stored_items(tx).await?;
    let known: Vec<ingest::KnownItem> = stored
        .iter()
        .map(|item| ingest::KnownItem {
            code: item.code.clone(),
            name: item.name.clone(),
            id: item.external_id.clone().unwrap_or_default(),
            fields: item.fields.clone(),
        })
        .collect();
    let (to, mut from) = mpsc::channel::<Batch>(4);
    let reader = tokio::task::spawn_blocking(move || {
        let mut sender = Sender::new(to);
        let outcome = ingest::run(&mapping, files.as_ref(), known, &mut sender);
        sender.finish();
        outcome
    });
    let mut trial = Trial { stored, counts: ImportCounts::default(), patched: HashMap::new() };
    let mut found = ImportCheck::default();
    while let Some(mut batch) = from.recv().await {
        let room = usize::try_from(store::SHOWN).unwrap_or_default().saturating_sub(found.rejects.len());
        found.rejects.extend(std::mem::take(&mut batch.rejects).into_iter().take(room));
        trial.count(tx, batch).await?;
    }
    match reader.await.map_err(|error| Error::Internal(format!("the reader ended: {error}")))? {
        Ok(outcome) => {
            found.counts = together(outcome.counts, trial.counts());
            found.lookups = outcome.lookups;
            Ok(found)
        }
        Err(ingest::Error::Mapping(problems)) => {
            found.problems = problems.into_iter().map(|problem| (problem.path, problem.text)).collect();
            Ok(found)
        }
        Err(ingest::Error::File { file, text }) => {
            found.problems.push((file, text));
            Ok(found)
        }
        Err(error) => Err(unreadable(&error)),
    }
}

/// The items there are, by the number the reader knows them by, and what would change.
struct Trial {
    stored: Vec<StoredItem>,
    counts: ImportCounts,
    /// Items only their fields of which are given: whether anything changes.
    patched: HashMap<u32, bool>,
}

impl Trial {
    async fn count(&mut self, tx: &mut TenantTx<'_>, batch: Batch) -> Result<()> {
        for item in batch.items {
            let Some(before) = self.stored.get(item.no as usize) else {
                self.counts.items_new += 1;
                continue;
            };
            let same = before.name == item.name
                && before.kind == item.kind
                && (item.id.is_empty() || before.external_id.as_ref() == Some(&item.id))
                && !changes(&before.fields, &item.fields);
            if same { self.counts.items_same += 1 } else { self.counts.items_changed += 1 }
        }
        for patch in batch.fields {
            let changed =
                self.stored.get(patch.no as usize).is_none_or(|item| changes(&item.fields, &patch.fields));
            *self.patched.entry(patch.no).or_default() |= changed;
        }
        if !batch.relations.is_empty() {
            let given = batch.relations.len() as u64;
            let ends: HashSet<_> = batch
                .relations
                .into_iter()
                .filter_map(|r| Some((self.id(r.source)?.0, self.id(r.target)?.0, r.r#type)))
                .collect();
            self.counts.relations_new += given.saturating_sub(store::count_relations(tx, &ends).await?);
        }
        if !batch.records.is_empty() {
            let keys: HashSet<_> = batch.records.into_iter().map(|r| (r.kind, r.key)).collect();
            // the same key twice is the same record
            let given = keys.len() as u64;
            self.counts.records_new += given.saturating_sub(store::count_records(tx, &keys).await?);
        }
        self.counts.samples_new += batch.samples.len() as u64;
        Ok(())
    }

    fn counts(&self) -> ImportCounts {
        let changed = self.patched.values().filter(|changed| **changed).count() as u64;
        let mut counts = self.counts;
        counts.items_changed += changed;
        counts.items_same += self.patched.len() as u64 - changed;
        counts
    }

    fn id(&self, no: u32) -> Option<CiId> {
        self.stored.get(no as usize).map(|item| item.id)
    }
}

fn changes(before: &Map<String, Value>, given: &Map<String, Value>) -> bool {
    given.iter().any(|(key, value)| before.get(key) != Some(value))
}
