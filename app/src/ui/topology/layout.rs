//! Where the items of a picture stand: layers from left (who uses) to right (what is used), few crossings, groups where
//! there are too many. Pure, so that it is tested without a browser.

use std::collections::{BTreeMap, HashMap, HashSet};

use model::graph::{GraphNode, Subgraph};

/// Greatest and least width of a node in pixels; the least one of all where even that is too wide for the room.
const WIDE: f64 = 172.0;
const SLIM: f64 = 140.0;
const TINY: f64 = 104.0;
/// Height of a node in pixels.
pub const NODE_H: f64 = 26.0;
/// Least and greatest room between two layers in pixels.
const LEAST_GAP: f64 = 40.0;
const TINY_GAP: f64 = 26.0;
const GAP: f64 = 120.0;
/// Room between two columns of one layer in pixels.
const NEAR: f64 = 18.0;
/// Least distance of two nodes below each other in pixels.
const PITCH: f64 = 36.0;
/// Greatest distance of two nodes below each other in pixels.
const WIDE_PITCH: f64 = 56.0;
/// More nodes than this in one column stand in two.
const COLUMN: usize = 22;
/// More items than this are grouped by layer and kind.
const GROUP_ABOVE: usize = 60;
/// The same where the layers do not fit into the room side by side.
const GROUP_ABOVE_CROWDED: usize = 16;
/// The scale below which a code cannot be read.
pub const READABLE: f64 = 0.62;
/// Fewer items than this make no group.
const LEAST_GROUP: usize = 4;

/// A node of the picture: one item, or a group of one kind in one layer.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Placed {
    /// Code of the item, or the key of the group.
    pub key: String,
    /// What is written: code, or nothing for a group.
    pub code: String,
    /// Name of the item.
    pub name: String,
    /// Kind, a key of the catalogue.
    pub kind: String,
    /// Signed number of hops from the start: below 0 uses it, above 0 is used by it.
    pub layer: i32,
    /// Hops from the start.
    pub depth: u32,
    /// Codes in a group; empty for an item.
    pub members: Vec<String>,
    /// Left edge in pixels.
    pub x: i32,
    /// Upper edge in pixels.
    pub y: i32,
}

/// A line between two nodes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wire {
    /// Index of the source.
    pub from: usize,
    /// Index of the target.
    pub to: usize,
    /// Types of the relations, without repetition.
    pub types: Vec<String>,
    /// Relations in it.
    pub count: usize,
    /// Path in SVG.
    pub path: String,
}

/// A picture.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Layout {
    /// Nodes, layer by layer, from above.
    pub nodes: Vec<Placed>,
    /// Lines.
    pub wires: Vec<Wire>,
    /// Layer and its left edge in pixels.
    pub heads: Vec<(i32, i32)>,
    /// Width in pixels.
    pub width: i32,
    /// Height in pixels.
    pub height: i32,
    /// Width of a node in pixels.
    pub node_w: i32,
}

/// The room a picture has, in pixels: it is spread over it as far as that helps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Room {
    /// Width.
    pub width: i32,
    /// Height.
    pub height: i32,
}

/// How layers are found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Order {
    /// From the hops and parents of the answer, else from the relations.
    #[default]
    Hops,
    /// In the order of the nodes: a path.
    Path,
}

/// Lays out an answer of the topology. `open` are keys of groups shown item by item, `keep` codes that never hide in one.
pub fn layout(
    graph: &Subgraph,
    order: Order,
    open: &HashSet<String>,
    keep: &HashSet<String>,
    room: Room,
) -> Layout {
    let layers = match order {
        Order::Path => (0..graph.nodes.len()).map(|i| i32::try_from(i).unwrap_or(i32::MAX)).collect(),
        Order::Hops => layers(graph),
    };
    let above = if crowded(&layers, room) { GROUP_ABOVE_CROWDED } else { GROUP_ABOVE };
    let (mut nodes, place_of) = gather(graph, &layers, open, keep, above);
    let mut wires = join(graph, &place_of);
    let mut columns = columns(&nodes);
    untangle(&mut columns, &wires, nodes.len());
    let Frame { order, heads, width, height, node_w } = place(&mut nodes, &columns, room);
    let mut rank = vec![0; nodes.len()];
    for (at, &index) in order.iter().enumerate() {
        rank[index] = at;
    }
    let mut sorted: Vec<(usize, Placed)> = nodes.into_iter().enumerate().map(|(i, n)| (rank[i], n)).collect();
    sorted.sort_by_key(|(at, _)| *at);
    let nodes: Vec<Placed> = sorted.into_iter().map(|(_, n)| n).collect();
    for wire in &mut wires {
        (wire.from, wire.to) = (rank[wire.from], rank[wire.to]);
        wire.path = path(&nodes[wire.from], &nodes[wire.to], node_w);
    }
    Layout { nodes, wires, heads, width, height, node_w }
}

/// The layer of every node: one step right of its parent along a relation, one step left against it.
fn layers(graph: &Subgraph) -> Vec<i32> {
    let index: HashMap<&str, usize> =
        graph.nodes.iter().enumerate().map(|(i, n)| (n.code.as_str(), i)).collect();
    let edges: HashSet<(&str, &str)> =
        graph.edges.iter().map(|e| (e.source.as_str(), e.target.as_str())).collect();
    if graph.nodes.iter().all(|n| n.parent.is_empty()) {
        return longest(graph, &index);
    }
    let mut by_depth: Vec<&GraphNode> = graph.nodes.iter().collect();
    by_depth.sort_by_key(|n| n.depth);
    let mut out = vec![0; graph.nodes.len()];
    for node in by_depth {
        let (Some(&at), Some(&parent)) = (index.get(node.code.as_str()), index.get(node.parent.as_str()))
        else {
            continue;
        };
        let (code, from) = (node.code.as_str(), node.parent.as_str());
        let step = match (edges.contains(&(from, code)), edges.contains(&(code, from))) {
            (true, true) if out[parent] < 0 => -1,
            (false, true) => -1,
            _ => 1,
        };
        out[at] = out[parent] + step;
    }
    out
}

/// Layers by the longest way along relations; what closes a cycle counts no further.
fn longest(graph: &Subgraph, index: &HashMap<&str, usize>) -> Vec<i32> {
    let mut next = vec![Vec::new(); graph.nodes.len()];
    let mut waits = vec![0usize; graph.nodes.len()];
    for edge in &graph.edges {
        if let (Some(&a), Some(&b)) = (index.get(edge.source.as_str()), index.get(edge.target.as_str()))
            && a != b
        {
            next[a].push(b);
            waits[b] += 1;
        }
    }
    let mut out = vec![0; graph.nodes.len()];
    let mut done = vec![false; graph.nodes.len()];
    let mut ready: Vec<usize> = (0..waits.len()).filter(|&i| waits[i] == 0).collect();
    for _ in 0..graph.nodes.len() {
        let at = match ready.pop() {
            Some(at) => at,
            // A cycle: begin anywhere in it.
            None => match done.iter().position(|d| !d) {
                Some(at) => at,
                None => break,
            },
        };
        if std::mem::replace(&mut done[at], true) {
            continue;
        }
        for &to in &next[at] {
            if !done[to] {
                out[to] = out[to].max(out[at] + 1);
                waits[to] = waits[to].saturating_sub(1);
                if waits[to] == 0 {
                    ready.push(to);
                }
            }
        }
    }
    out
}

/// Whether the layers, item by item, are wider than the room even at the smallest scale that can be read.
fn crowded(layers: &[i32], room: Room) -> bool {
    let mut sizes: BTreeMap<i32, usize> = BTreeMap::new();
    for layer in layers {
        *sizes.entry(*layer).or_default() += 1;
    }
    let parts: usize = sizes.values().map(|n| n.div_ceil(COLUMN)).sum();
    let width = ratio(parts) * (SLIM + NEAR) + ratio(sizes.len()) * (LEAST_GAP - NEAR);
    room.width > 0 && width * READABLE > f64::from(room.width)
}

/// Items to nodes, many of a kind in a layer to one group. Also says in which node each item went.
fn gather<'g>(
    graph: &'g Subgraph,
    layers: &[i32],
    open: &HashSet<String>,
    keep: &HashSet<String>,
    above: usize,
) -> (Vec<Placed>, HashMap<&'g str, usize>) {
    let mut groups: BTreeMap<(i32, &str), Vec<usize>> = BTreeMap::new();
    if graph.nodes.len() > above {
        for (i, node) in graph.nodes.iter().enumerate() {
            if node.depth > 0 && !keep.contains(&node.code) {
                groups.entry((layers[i], &node.kind)).or_default().push(i);
            }
        }
        groups.retain(|(layer, kind), members| {
            members.len() >= LEAST_GROUP && !open.contains(&group_key(*layer, kind))
        });
    }
    let mut nodes = Vec::new();
    let mut place_of = HashMap::new();
    for ((layer, kind), members) in &groups {
        for &i in members {
            place_of.insert(graph.nodes[i].code.as_str(), nodes.len());
        }
        nodes.push(Placed {
            key: group_key(*layer, kind),
            kind: (*kind).to_owned(),
            layer: *layer,
            depth: members.iter().map(|&i| graph.nodes[i].depth).min().unwrap_or(0),
            members: members.iter().map(|&i| graph.nodes[i].code.clone()).collect(),
            ..Placed::default()
        });
    }
    for (i, node) in graph.nodes.iter().enumerate() {
        if !place_of.contains_key(node.code.as_str()) {
            place_of.insert(&node.code, nodes.len());
            nodes.push(Placed {
                key: node.code.clone(),
                code: node.code.clone(),
                name: node.name.clone(),
                kind: node.kind.clone(),
                layer: layers[i],
                depth: node.depth,
                ..Placed::default()
            });
        }
    }
    (nodes, place_of)
}

/// The key of a group; no code holds this character.
pub fn group_key(layer: i32, kind: &str) -> String {
    format!("\u{1}{layer}:{kind}")
}

fn join(graph: &Subgraph, place_of: &HashMap<&str, usize>) -> Vec<Wire> {
    let mut between: BTreeMap<(usize, usize), (Vec<String>, usize)> = BTreeMap::new();
    for edge in &graph.edges {
        if let (Some(&from), Some(&to)) =
            (place_of.get(edge.source.as_str()), place_of.get(edge.target.as_str()))
            && from != to
        {
            let (types, count) = between.entry((from, to)).or_default();
            *count += 1;
            if !types.contains(&edge.r#type) {
                types.push(edge.r#type.clone());
            }
        }
    }
    between
        .into_iter()
        .map(|((from, to), (types, count))| Wire { from, to, types, count, path: String::new() })
        .collect()
}

fn columns(nodes: &[Placed]) -> BTreeMap<i32, Vec<usize>> {
    let mut columns: BTreeMap<i32, Vec<usize>> = BTreeMap::new();
    for (i, node) in nodes.iter().enumerate() {
        columns.entry(node.layer).or_default().push(i);
    }
    for column in columns.values_mut() {
        column.sort_by(|&a, &b| (&nodes[a].kind, &nodes[a].key).cmp(&(&nodes[b].kind, &nodes[b].key)));
    }
    columns
}

/// Orders every layer by the mean place of its neighbours, forwards and back a few times.
fn untangle(columns: &mut BTreeMap<i32, Vec<usize>>, wires: &[Wire], count: usize) {
    let mut near = vec![Vec::new(); count];
    for wire in wires {
        near[wire.from].push(wire.to);
        near[wire.to].push(wire.from);
    }
    let mut at = vec![0.0; count];
    let spread = |column: &[usize], at: &mut [f64]| {
        for (i, &node) in column.iter().enumerate() {
            at[node] = (ratio(i) + 0.5) / ratio(column.len());
        }
    };
    for column in columns.values() {
        spread(column, &mut at);
    }
    let layers: Vec<i32> = columns.keys().copied().collect();
    for round in 0..6 {
        let pass: Box<dyn Iterator<Item = &i32>> =
            if round % 2 == 0 { Box::new(layers.iter()) } else { Box::new(layers.iter().rev()) };
        for layer in pass {
            let Some(column) = columns.get_mut(layer) else { continue };
            let mut wanted: Vec<(f64, usize)> = column
                .iter()
                .map(|&node| {
                    let sum: f64 = near[node].iter().map(|&n| at[n]).sum();
                    (if near[node].is_empty() { at[node] } else { sum / ratio(near[node].len()) }, node)
                })
                .collect();
            wanted.sort_by(|a, b| a.0.total_cmp(&b.0));
            *column = wanted.into_iter().map(|(_, node)| node).collect();
            spread(column, &mut at);
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "a few thousand nodes")]
fn ratio(count: usize) -> f64 {
    count as f64
}

#[expect(clippy::cast_possible_truncation, reason = "pixels, rounded")]
fn pixels(value: f64) -> i32 {
    value.round() as i32
}

/// Where everything stands.
struct Frame {
    /// Nodes in reading order.
    order: Vec<usize>,
    heads: Vec<(i32, i32)>,
    width: i32,
    height: i32,
    node_w: i32,
}

/// Gives every node its place.
fn place(nodes: &mut [Placed], columns: &BTreeMap<i32, Vec<usize>>, room: Room) -> Frame {
    let rows = columns.values().map(|c| c.len().min(COLUMN)).max().unwrap_or(1);
    let parts_of = |column: &[usize]| column.len().div_ceil(COLUMN).max(1);
    let parts: usize = columns.values().map(|c| parts_of(c)).sum();
    let (gaps, inner) = (ratio(columns.len().saturating_sub(1)), ratio(parts - columns.len().min(parts)));
    let free = f64::from(room.width) - inner * NEAR;
    // Where the room is too small even for a picture made smaller, nodes and gaps become narrow.
    let small = room.width > 0
        && (ratio(parts) * SLIM + gaps * LEAST_GAP + inner * NEAR) * READABLE > f64::from(room.width);
    let (slim, least) = if small { (TINY, TINY_GAP) } else { (SLIM, LEAST_GAP) };
    let node_w = ((free - gaps * least) / ratio(parts.max(1))).clamp(slim, WIDE);
    let gap = if gaps > 0.0 { ((free - ratio(parts) * node_w) / gaps).clamp(least, GAP) } else { 0.0 };
    let pitch_of = |count: usize, height: f64| (height / ratio(count.max(1))).clamp(PITCH, WIDE_PITCH);
    let height = (ratio(rows) * pitch_of(rows, f64::from(room.height))).max(4.0 * PITCH);
    let (mut x, mut order, mut heads) = (0.0, Vec::new(), Vec::new());
    for (layer, column) in columns {
        heads.push((*layer, pixels(x)));
        for part in column.chunks(column.len().div_ceil(parts_of(column)).max(1)) {
            let pitch = pitch_of(part.len(), height);
            let top = (height - pitch * ratio(part.len())) / 2.0;
            for (i, &node) in part.iter().enumerate() {
                nodes[node].x = pixels(x);
                nodes[node].y = pixels(top + pitch * (ratio(i) + 0.5) - NODE_H / 2.0);
                order.push(node);
            }
            x += node_w + NEAR;
        }
        x += gap - NEAR;
    }
    Frame {
        order,
        heads,
        width: pixels((x - gap).max(node_w)),
        height: pixels(height),
        node_w: pixels(node_w),
    }
}

/// A curve from the side of the source that looks at the target.
fn path(from: &Placed, to: &Placed, w: i32) -> String {
    let h = pixels(NODE_H / 2.0);
    let (y1, y2) = (from.y + h, to.y + h);
    if from.x == to.x {
        // Both in one column: out and back in on the left.
        let (x, out) = (from.x, from.x - 22);
        return format!("M{x} {y1}C{out} {y1} {out} {y2} {x} {y2}");
    }
    let (x1, x2) = if from.x < to.x { (from.x + w, to.x) } else { (from.x, to.x + w) };
    let middle = (x1 + x2) / 2;
    format!("M{x1} {y1}C{middle} {y1} {middle} {y2} {x2} {y2}")
}

#[cfg(test)]
#[path = "layout_tests.rs"]
mod tests;
