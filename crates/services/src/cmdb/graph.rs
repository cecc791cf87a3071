//! Questions to the topology, behind a trait: the snapshot in memory answers, another store may.

use analysis::{Reached, TypeSet, Walk};
use async_trait::async_trait;
use model::{
    graph::{Direction, GraphEdge, GraphNode, GraphQuery, Subgraph},
    {ApiError, ErrorCode},
};

use super::{filter::Filter, snapshot::Snapshot};
use crate::error::{Error, Result};

/// Relations one question may look at: far beyond a hub of the largest estates, and still less than a second.
const BUDGET: u64 = 20_000_000;

/// Relations in one picture.
const EDGES_SHOWN: usize = 5_000;

/// Items in the answer about components and cycles.
const GROUPED_SHOWN: usize = 5_000;

/// A store of the topology. Every implementation keeps the same semantics: a start is never part of a result, depth is the
/// least number of hops, order is (depth, code), and the order also picks parents and paths.
#[async_trait]
pub trait GraphStore: Send + Sync {
    /// What it is called.
    fn backend(&self) -> &'static str;

    /// Generation of the estate it answers from.
    fn generation(&self) -> u64;

    /// Answers a question; `keep` chooses the items listed, all of them are passed through.
    async fn query(&self, query: &GraphQuery, keep: &Filter) -> Result<Subgraph>;
}

#[async_trait]
impl GraphStore for Snapshot {
    fn backend(&self) -> &'static str {
        "memory"
    }

    fn generation(&self) -> u64 {
        Self::generation(self)
    }

    async fn query(&self, query: &GraphQuery, keep: &Filter) -> Result<Subgraph> {
        self.answer(query, keep)
    }
}

impl Snapshot {
    fn answer(&self, query: &GraphQuery, keep: &Filter) -> Result<Subgraph> {
        match query {
            GraphQuery::Traverse { roots, direction, min_depth, max_depth, filter, limit } => {
                let walk = self.walk(*direction, self.types(&filter.types)?, *min_depth, *max_depth, *limit);
                let roots = self.known(roots)?;
                let reached =
                    self.topology().traverse(&roots, &walk, |node| self.keeps(node, &filter.kinds, keep));
                Ok(self.picture(&roots, &reached, &walk.types))
            }
            GraphQuery::Impact { roots, max_depth, filter, redundancy, limit } => {
                let types =
                    if filter.types.is_empty() { self.impact_types() } else { self.types(&filter.types)? };
                let walk = self.walk(Direction::In, types, 1, *max_depth, *limit);
                let roots = self.known(roots)?;
                let reached = self
                    .needs()
                    .impact(&roots, &walk, *redundancy, |node| self.keeps(node, &filter.kinds, keep));
                Ok(self.picture(&roots, &reached, &walk.types))
            }
            GraphQuery::Path { from, to, direction, filter, max_depth } => {
                let ends = self
                    .known(std::slice::from_ref(from))?
                    .into_iter()
                    .zip(self.known(std::slice::from_ref(to))?);
                let types = self.types(&filter.types)?;
                let mut found = Subgraph { generation: Self::generation(self), ..Subgraph::default() };
                for (from, to) in ends {
                    if let Some(path) =
                        self.topology().shortest_path(from, to, *direction, &types, *max_depth, BUDGET)
                    {
                        self.draw_path(&mut found, &path, *direction);
                    }
                }
                Ok(found)
            }
            GraphQuery::Components { filter } => Ok(self.groups(
                self.topology().components(&self.types(&filter.types)?),
                &filter.types,
                &filter.kinds,
                keep,
            )?),
            GraphQuery::Cycles { filter } => Ok(self.groups(
                self.topology().cycles(&self.types(&filter.types)?),
                &filter.types,
                &filter.kinds,
                keep,
            )?),
        }
    }

    fn walk(&self, direction: Direction, types: TypeSet, min: u32, max: u32, limit: u32) -> Walk {
        Walk { direction, types, min_depth: min, max_depth: max, limit: limit as usize, budget: BUDGET }
    }

    fn keeps(&self, node: u32, kinds: &[String], keep: &Filter) -> bool {
        let kind = self.item(node).map_or("", |item| item.kind.as_str());
        (kinds.is_empty() || kinds.iter().any(|k| k == kind)) && keep.accepts_item(self, node)
    }

    /// The relation types named; an unknown one is an error that lists what there is.
    pub(super) fn types(&self, names: &[String]) -> Result<TypeSet> {
        self.type_set(names).map_err(|unknown| {
            let known =
                self.catalogue().relations.iter().map(|r| r.key.as_str()).collect::<Vec<_>>().join(", ");
            Error::invalid(
                "types",
                format!("'{unknown}' 관계 유형은 없습니다. 등록된 유형: {known}"),
                format!("there is no relation type '{unknown}'; there are {known}"),
            )
        })
    }

    /// The nodes of codes; unknown ones are an error that names them.
    fn known(&self, codes: &[String]) -> Result<Vec<u32>> {
        let unknown: Vec<&str> =
            codes.iter().filter(|code| self.node(code).is_none()).map(String::as_str).take(10).collect();
        if !unknown.is_empty() {
            let unknown = unknown.join(", ");
            return Err(ApiError::new(
                ErrorCode::NotFound,
                format!("구성 항목이 없습니다: {unknown}"),
                format!("there is no such item: {unknown}"),
            )
            .with_hint("목록에서 코드를 확인해 주세요", "look up the code in the list")
            .into());
        }
        Ok(codes.iter().filter_map(|code| self.node(code)).collect())
    }

    fn graph_node(&self, node: u32, depth: u32, parent: Option<u32>, via: Option<u16>) -> GraphNode {
        let item = self.item(node);
        GraphNode {
            code: self.code(node).to_owned(),
            name: item.map(|i| i.name.clone()).unwrap_or_default(),
            kind: item.map(|i| i.kind.clone()).unwrap_or_default(),
            depth,
            parent: parent.map(|p| self.code(p).to_owned()).unwrap_or_default(),
            via: via.map(|v| self.type_name(v).to_owned()).unwrap_or_default(),
            group: 0,
        }
    }

    fn picture(&self, roots: &[u32], reached: &Reached, types: &TypeSet) -> Subgraph {
        let mut starts = roots.to_vec();
        starts.sort_unstable();
        starts.dedup();
        let mut nodes: Vec<GraphNode> =
            starts.iter().map(|&node| self.graph_node(node, 0, None, None)).collect();
        nodes.extend(
            reached
                .hits
                .iter()
                .map(|hit| self.graph_node(hit.node, hit.depth, Some(hit.parent), Some(hit.via))),
        );
        starts.extend(reached.hits.iter().map(|hit| hit.node));
        Subgraph {
            nodes,
            edges: self.edges_between(&starts, types),
            total: reached.total as u64,
            truncated: reached.truncated,
            generation: Self::generation(self),
        }
    }

    fn edges_between(&self, nodes: &[u32], types: &TypeSet) -> Vec<GraphEdge> {
        let (edges, _) = self.topology().edges_between(nodes, types, EDGES_SHOWN);
        edges
            .into_iter()
            .map(|edge| GraphEdge {
                source: self.code(edge.source).to_owned(),
                target: self.code(edge.target).to_owned(),
                r#type: self.type_name(edge.kind).to_owned(),
            })
            .collect()
    }

    fn draw_path(&self, found: &mut Subgraph, path: &analysis::Path, direction: Direction) {
        let mut before: Option<u32> = None;
        let via = std::iter::once(None).chain(path.via.iter().copied().map(Some));
        for ((&node, via), depth) in path.nodes.iter().zip(via).zip(0_u32..) {
            found.nodes.push(self.graph_node(node, depth, before, via));
            if let (Some(parent), Some(kind)) = (before, via) {
                // Walking in both directions, the relation may point either way.
                let forward = direction == Direction::Out
                    || direction == Direction::Both
                        && self.topology().outgoing(parent).any(|edge| edge == (node, kind));
                let (source, target) = if forward { (parent, node) } else { (node, parent) };
                found.edges.push(GraphEdge {
                    source: self.code(source).to_owned(),
                    target: self.code(target).to_owned(),
                    r#type: self.type_name(kind).to_owned(),
                });
            }
            before = Some(node);
        }
        found.total = found.nodes.len() as u64;
    }

    fn groups(
        &self,
        groups: Vec<Vec<u32>>,
        types: &[String],
        kinds: &[String],
        keep: &Filter,
    ) -> Result<Subgraph> {
        let types = self.types(types)?;
        let mut found = Subgraph { generation: Self::generation(self), ..Subgraph::default() };
        let mut shown = Vec::new();
        for (members, group) in groups.into_iter().zip(0_u32..) {
            for node in members.into_iter().filter(|&node| self.keeps(node, kinds, keep)) {
                found.total += 1;
                if shown.len() < GROUPED_SHOWN {
                    shown.push(node);
                    found.nodes.push(GraphNode { group, ..self.graph_node(node, 0, None, None) });
                }
            }
        }
        found.truncated = (shown.len() as u64) < found.total;
        found.edges = self.edges_between(&shown, &types);
        Ok(found)
    }
}
