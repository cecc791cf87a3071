//! The estate of one tenant at one generation, in memory and immutable: items, topology, catalogue, vocabulary.
//!
//! Invariant: items are ordered by code and a node of the topology is the place of its item in that order, so that ties
//! between nodes go to the smaller code.

use std::collections::{BTreeMap, HashMap};

use analysis::{Edge, Topology, TypeSet};
use chrono::{DateTime, Utc};
use model::{
    CiId, ImportId, Lang,
    cmdb::EstateState,
    schema::{Catalogue, CiKind, FieldDef, FieldType, RecordRole, RelationType, Travel},
    text::Localized,
};
use planner::{Index, Item, Vocabulary, vocabulary::Link};
use serde_json::Value;
use uuid::Uuid;

use super::{
    store,
    text::{folded, shown},
};
use crate::{
    db::TenantTx,
    error::{Error, Result},
};

/// Distinct values of a field that are listed in the catalogue.
const VALUES_LISTED: usize = 200;

/// What a snapshot knows of an item besides its code, name, kind and fields.
#[derive(Debug, Clone)]
pub struct Meta {
    /// Identifier.
    pub id: CiId,
    /// The import that brought it.
    pub import: Option<ImportId>,
    /// When it was first seen.
    pub created_at: DateTime<Utc>,
    /// Last change of the item itself.
    pub updated_at: DateTime<Utc>,
    /// Records of role event in the last 24 hours of the data covered.
    pub recent_events: u32,
}

/// The estate of a tenant.
pub struct Snapshot {
    generation: u64,
    index: Index,
    meta: Vec<Meta>,
    by_code: HashMap<String, u32>,
    by_id: HashMap<CiId, u32>,
    topology: Topology,
    /// The topology with every relation from what needs to what is needed; absent where it is the same.
    needs: Option<Topology>,
    types: Vec<String>,
    search: Vec<Box<str>>,
    origins: HashMap<ImportId, String>,
}

impl Snapshot {
    /// Reads the estate of the transaction's tenant.
    pub(super) async fn load(tx: &mut TenantTx<'_>) -> Result<Self> {
        // The generation is read first: a change that commits while the rest is read only makes the snapshot load again.
        let generation = store::generation(tx).await?;
        let catalogue = store::catalogue(tx).await?;
        let items = store::items(tx).await?;
        let relations = store::relations(tx).await?;
        let kinds: Vec<String> =
            catalogue.records.iter().filter(|k| k.role == RecordRole::Event).map(|k| k.key.clone()).collect();
        let recent = store::recent_records(tx, &kinds).await?;
        let measured = store::measured(tx).await?;
        let origins = store::origins(tx).await?;
        let build = move || Self::build(generation, catalogue, items, relations, &recent, measured, origins);
        tokio::task::spawn_blocking(build)
            .await
            .map_err(|e| Error::Internal(format!("building a snapshot: {e}")))?
    }

    fn build(
        generation: u64,
        mut catalogue: Catalogue,
        mut rows: Vec<store::ItemRow>,
        relations: Vec<(Uuid, Uuid, String)>,
        recent: &HashMap<Uuid, u32>,
        measured: BTreeMap<String, Vec<String>>,
        origins: HashMap<ImportId, String>,
    ) -> Result<Self> {
        rows.sort_by(|a, b| a.code.cmp(&b.code));
        let mut items = Vec::with_capacity(rows.len());
        let mut meta = Vec::with_capacity(rows.len());
        for row in rows {
            meta.push(Meta {
                id: CiId(row.id),
                import: row.import_id.map(ImportId),
                created_at: row.created_at,
                updated_at: row.updated_at,
                recent_events: recent.get(&row.id).copied().unwrap_or(0),
            });
            items.push(Item { code: row.code, name: row.name, kind: row.kind, fields: row.fields.0 });
        }
        let by_id: HashMap<CiId, u32> = meta.iter().zip(0_u32..).map(|(m, node)| (m.id, node)).collect();
        let mut by_code = HashMap::with_capacity(items.len());
        for (item, node) in items.iter().zip(0_u32..) {
            by_code.entry(folded(&item.code)).or_insert(node);
        }

        let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
        for (_, _, kind) in &relations {
            *counts.entry(kind).or_default() += 1;
        }
        let types: Vec<String> = counts.keys().map(|kind| (*kind).to_owned()).collect();
        count_relations(&mut catalogue, &counts);
        count_kinds(&mut catalogue, &items);
        count_fields(&mut catalogue, &items);
        let edges: Vec<Edge> = relations
            .iter()
            .filter_map(|(source, target, kind)| {
                let kind = types.binary_search(kind).ok().and_then(|at| u16::try_from(at).ok())?;
                Some(Edge { source: *by_id.get(&CiId(*source))?, target: *by_id.get(&CiId(*target))?, kind })
            })
            .collect();
        let links = links(&edges, &items, &types);
        let nodes = u32::try_from(items.len()).unwrap_or(u32::MAX);
        let needs = needs(&edges, &catalogue, &types).map(|edges| Topology::new(nodes, edges));
        let topology = Topology::new(nodes, edges);
        let search = items.iter().map(|item| search_text(item, &catalogue)).collect();
        let index = Index::new(Vocabulary { catalogue, items, measured, links, synonyms: Vec::new() });
        let kept = index.vocabulary().items.as_slice();
        if kept.len() != meta.len() || !kept.is_sorted_by(|a, b| a.code <= b.code) {
            return Err(Error::Internal("the vocabulary changed the order of the items".to_owned()));
        }
        Ok(Self { generation, index, meta, by_code, by_id, topology, needs, types, search, origins })
    }

    /// Generation of the estate this is a picture of.
    pub fn generation(&self) -> u64 {
        self.generation
    }

    /// The vocabulary, made ready for questions.
    pub fn index(&self) -> &Index {
        &self.index
    }

    /// Kinds, fields, relation types, kinds of records, metrics.
    pub fn catalogue(&self) -> &Catalogue {
        &self.index.vocabulary().catalogue
    }

    /// The items, by code.
    pub fn items(&self) -> &[Item] {
        &self.index.vocabulary().items
    }

    /// The graph; nodes are places in [`Snapshot::items`].
    pub fn topology(&self) -> &Topology {
        &self.topology
    }

    /// The graph failures travel against: a relation points from what needs to what is needed, whichever way the estate
    /// writes it. Without types whose failures travel to the target it is the same as [`Snapshot::topology`].
    pub fn needs(&self) -> &Topology {
        self.needs.as_ref().unwrap_or(&self.topology)
    }

    /// Every node.
    pub fn nodes(&self) -> std::ops::Range<u32> {
        0..self.topology.nodes()
    }

    /// The item of a node.
    pub fn item(&self, node: u32) -> Option<&Item> {
        self.items().get(node as usize)
    }

    /// What else is known of the item of a node.
    pub fn meta(&self, node: u32) -> Option<&Meta> {
        self.meta.get(node as usize)
    }

    /// Code of a node; empty for a node that is not there.
    pub fn code(&self, node: u32) -> &str {
        self.item(node).map_or("", |item| item.code.as_str())
    }

    /// The node of a code: exactly as written, else without regard to letter case.
    pub fn node(&self, code: &str) -> Option<u32> {
        match self.items().binary_search_by(|item| item.code.as_str().cmp(code)) {
            Ok(at) => u32::try_from(at).ok(),
            Err(_) => self.by_code.get(&folded(code)).copied(),
        }
    }

    /// The node of an item.
    pub fn node_of(&self, id: CiId) -> Option<u32> {
        self.by_id.get(&id).copied()
    }

    /// Identifiers of nodes.
    pub fn ids(&self, nodes: impl IntoIterator<Item = u32>) -> Vec<Uuid> {
        nodes.into_iter().filter_map(|node| self.meta(node)).map(|meta| meta.id.0).collect()
    }

    /// Where an item came from: the name of its import, or nothing.
    pub fn origin(&self, node: u32) -> &str {
        let import = self.meta(node).and_then(|meta| meta.import);
        import.and_then(|import| self.origins.get(&import)).map_or("", String::as_str)
    }

    /// Whether there is data, and what hurts answers.
    pub(super) fn state(&self, lang: Lang) -> EstateState {
        let catalogue = self.catalogue();
        EstateState {
            cis: self.items().len() as u64,
            relations: self.topology.edges() as u64,
            records: catalogue.records.iter().map(|kind| kind.count).sum(),
            series: catalogue.metrics.iter().map(|metric| metric.series).sum(),
            unrelated: self.nodes().filter(|&node| self.topology.degree(node) == 0).count() as u64,
            demo: self.origins.values().any(|name| name == "demo"),
            examples: self.index.examples(lang),
        }
    }

    /// Everything of an item that text is searched in, folded.
    pub(super) fn search_text(&self, node: u32) -> &str {
        self.search.get(node as usize).map_or("", |text| text)
    }

    /// Key of a relation type by its number.
    pub fn type_name(&self, kind: u16) -> &str {
        self.types.get(usize::from(kind)).map_or("", String::as_str)
    }

    /// The types named; `None` and the first unknown one when the estate has no such type.
    pub fn type_set(&self, names: &[String]) -> std::result::Result<TypeSet, String> {
        if names.is_empty() {
            return Ok(TypeSet::all());
        }
        let mut found = Vec::new();
        for name in names {
            // Two types may differ in letter case only, so the very name goes first.
            let relations = &self.catalogue().relations;
            let known = relations
                .iter()
                .find(|r| r.key == *name)
                .or_else(|| relations.iter().find(|r| folded(&r.key) == folded(name)));
            let key = known.map(|r| r.key.as_str()).ok_or_else(|| name.clone())?;
            // A type of the catalogue without relations follows nothing.
            found.extend(self.types.iter().position(|t| t == key).and_then(|at| u16::try_from(at).ok()));
        }
        Ok(TypeSet::only(found))
    }

    /// The types a failure travels over.
    pub fn impact_types(&self) -> TypeSet {
        let impact = |name: &String| {
            self.catalogue().relations.iter().any(|r| (r.impact || r.forward) && r.key == *name)
        };
        TypeSet::only((0_u16..).zip(&self.types).filter(|(_, name)| impact(name)).map(|(at, _)| at))
    }

    /// Definition of a field of items.
    pub fn field(&self, key: &str) -> Option<&FieldDef> {
        self.catalogue().fields.iter().find(|field| field.key == key)
    }
}

/// The relations turned so that failures travel against them; none where none has to be turned.
fn needs(edges: &[Edge], catalogue: &Catalogue, types: &[String]) -> Option<Vec<Edge>> {
    let travel: Vec<Travel> = types
        .iter()
        .map(|key| {
            catalogue.relations.iter().find(|r| r.key == *key).map_or(Travel::None, RelationType::travel)
        })
        .collect();
    if !travel.iter().any(|travel| travel.to_target()) {
        return None;
    }
    let turned = |edge: &Edge| Edge { source: edge.target, target: edge.source, kind: edge.kind };
    let mut out = Vec::with_capacity(edges.len());
    for edge in edges {
        match travel.get(usize::from(edge.kind)) {
            Some(Travel::ToTarget) => out.push(turned(edge)),
            Some(Travel::Both) => out.extend([*edge, turned(edge)]),
            _ => out.push(*edge),
        }
    }
    Some(out)
}

/// Which kinds the types of relations join.
fn links(edges: &[Edge], items: &[Item], types: &[String]) -> Vec<Link> {
    let kind = |node: u32| items.get(node as usize).map(|item| item.kind.as_str());
    let mut counts: BTreeMap<(u16, &str, &str), u64> = BTreeMap::new();
    for edge in edges {
        if let (Some(source), Some(target)) = (kind(edge.source), kind(edge.target)) {
            *counts.entry((edge.kind, source, target)).or_default() += 1;
        }
    }
    counts
        .into_iter()
        .map(|((of, source, target), count)| Link {
            r#type: types.get(usize::from(of)).cloned().unwrap_or_default(),
            source: source.to_owned(),
            target: target.to_owned(),
            count,
        })
        .collect()
}

fn count_relations(catalogue: &mut Catalogue, counts: &BTreeMap<&str, u64>) {
    for (key, count) in counts {
        match catalogue.relations.iter_mut().find(|r| r.key == *key) {
            Some(relation) => relation.count = *count,
            None => catalogue.relations.push(RelationType {
                key: (*key).to_owned(),
                label: Localized::same(*key),
                synonyms: Vec::new(),
                impact: false,
                forward: false,
                decided: false,
                count: *count,
            }),
        }
    }
}

fn count_kinds(catalogue: &mut Catalogue, items: &[Item]) {
    let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
    for item in items {
        *counts.entry(&item.kind).or_default() += 1;
    }
    for (key, count) in counts {
        match catalogue.kinds.iter_mut().find(|k| k.key == key) {
            Some(kind) => kind.count = count,
            None => catalogue.kinds.push(CiKind {
                key: key.to_owned(),
                label: Localized::same(key),
                synonyms: Vec::new(),
                count,
            }),
        }
    }
}

fn count_fields(catalogue: &mut Catalogue, items: &[Item]) {
    let mut found: BTreeMap<&str, (HashMap<String, u64>, Option<FieldType>)> = BTreeMap::new();
    for item in items {
        for (key, value) in &item.fields {
            let (counts, kind) = found.entry(key).or_default();
            let seen = type_of(value);
            *kind = match (*kind, seen) {
                (before, None) => before,
                (None, seen) => seen,
                (Some(before), Some(seen)) if before == seen => Some(before),
                _ => Some(FieldType::Text),
            };
            match value {
                Value::Array(list) => list.iter().filter_map(shown).for_each(|text| {
                    *counts.entry(text.into_owned()).or_default() += 1;
                }),
                other => {
                    if let Some(text) = shown(other) {
                        *counts.entry(text.into_owned()).or_default() += 1;
                    }
                }
            }
        }
    }
    for (key, (counts, kind)) in found {
        let at = match catalogue.fields.iter().position(|f| f.key == key) {
            Some(at) => at,
            None => {
                catalogue.fields.push(FieldDef {
                    key: key.to_owned(),
                    label: Localized::same(key),
                    r#type: kind.unwrap_or(FieldType::Text),
                    unit: String::new(),
                    role: None,
                    synonyms: Vec::new(),
                    order: Vec::new(),
                    values: Vec::new(),
                    distinct: 0,
                });
                catalogue.fields.len() - 1
            }
        };
        let Some(field) = catalogue.fields.get_mut(at) else { continue };
        field.distinct = counts.len() as u64;
        if counts.len() <= VALUES_LISTED {
            let mut values: Vec<(String, u64)> = counts.into_iter().collect();
            values.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
            field.values = values.into_iter().map(|(value, _)| value).collect();
        }
    }
}

fn type_of(value: &Value) -> Option<FieldType> {
    match value {
        Value::Null | Value::Object(_) => None,
        Value::Bool(_) => Some(FieldType::Bool),
        Value::Number(_) => Some(FieldType::Number),
        Value::String(_) => Some(FieldType::Text),
        Value::Array(_) => Some(FieldType::List),
    }
}

/// Code, name, words for the kind, values: what a person may type to find the item.
fn search_text(item: &Item, catalogue: &Catalogue) -> Box<str> {
    let mut text = folded(&item.code);
    let mut add = |part: &str| {
        text.push('\n');
        text.push_str(&folded(part));
    };
    add(&item.name);
    add(&item.kind);
    if let Some(kind) = catalogue.kinds.iter().find(|k| k.key == item.kind) {
        add(&kind.label.ko);
        add(&kind.label.en);
        kind.synonyms.iter().for_each(|word| add(word));
    }
    for value in item.fields.values() {
        match value {
            Value::Array(list) => list.iter().filter_map(shown).for_each(|part| add(&part)),
            other => {
                if let Some(part) = shown(other) {
                    add(&part);
                }
            }
        }
    }
    text.into_boxed_str()
}
