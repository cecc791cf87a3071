//! Tests of the layout.

use model::graph::GraphEdge;

use super::*;

fn node(code: &str, depth: u32, parent: &str) -> GraphNode {
    GraphNode {
        code: code.into(),
        name: code.into(),
        kind: "server".into(),
        depth,
        parent: parent.into(),
        via: String::new(),
        group: 0,
    }
}

fn edge(source: &str, target: &str) -> GraphEdge {
    GraphEdge { source: source.into(), target: target.into(), r#type: "uses".into() }
}

fn none() -> HashSet<String> {
    HashSet::new()
}

fn layer_of(layout: &Layout, code: &str) -> i32 {
    layout.nodes.iter().find(|n| n.code == code).map(|n| n.layer).unwrap()
}

#[test]
fn who_uses_it_stands_left_and_what_it_uses_stands_right() {
    let graph = Subgraph {
        nodes: vec![node("db", 0, ""), node("app", 1, "db"), node("host", 1, "db")],
        edges: vec![edge("app", "db"), edge("db", "host")],
        ..Subgraph::default()
    };
    let picture = layout(&graph, Order::Hops, &none(), &none(), Room::default());
    assert_eq!((layer_of(&picture, "app"), layer_of(&picture, "db"), layer_of(&picture, "host")), (-1, 0, 1));
    assert!(picture.wires.iter().all(|w| picture.nodes[w.from].x < picture.nodes[w.to].x));
}

#[test]
fn a_cycle_is_laid_out_too() {
    let graph = Subgraph {
        nodes: vec![node("a", 0, ""), node("b", 0, ""), node("c", 0, "")],
        edges: vec![edge("a", "b"), edge("b", "c"), edge("c", "a")],
        ..Subgraph::default()
    };
    let picture = layout(&graph, Order::Hops, &none(), &none(), Room::default());
    assert_eq!(picture.nodes.len(), 3);
    assert_eq!(picture.wires.len(), 3);
}

#[test]
fn a_path_stands_in_its_own_order() {
    let graph = Subgraph {
        nodes: vec![node("a", 0, ""), node("b", 1, "a"), node("c", 2, "b")],
        edges: vec![edge("b", "a"), edge("b", "c")],
        ..Subgraph::default()
    };
    let picture = layout(&graph, Order::Path, &none(), &none(), Room::default());
    assert_eq!((layer_of(&picture, "a"), layer_of(&picture, "b"), layer_of(&picture, "c")), (0, 1, 2));
}

#[test]
fn many_of_a_kind_are_one_node_until_it_is_opened() {
    let mut graph = Subgraph { nodes: vec![node("db", 0, "")], ..Subgraph::default() };
    for i in 0..80 {
        let code = format!("app-{i:02}");
        graph.edges.push(edge(&code, "db"));
        graph.nodes.push(node(&code, 1, "db"));
    }
    let closed = layout(&graph, Order::Hops, &none(), &HashSet::from(["app-07".to_owned()]), Room::default());
    assert_eq!(closed.nodes.len(), 3, "start, group and the one that is kept");
    assert_eq!(closed.nodes.iter().map(|n| n.members.len()).sum::<usize>(), 79);
    assert_eq!(closed.wires.iter().map(|w| w.count).sum::<usize>(), 80);
    let opened =
        layout(&graph, Order::Hops, &HashSet::from([group_key(-1, "server")]), &none(), Room::default());
    assert_eq!(opened.nodes.len(), 81);
}

#[test]
fn no_two_nodes_lie_over_each_other() {
    let mut graph = Subgraph { nodes: vec![node("db", 0, "")], ..Subgraph::default() };
    for i in 0..55 {
        let code = format!("app-{i:02}");
        graph.edges.push(edge(&code, "db"));
        graph.nodes.push(node(&code, 1, "db"));
    }
    let picture = layout(&graph, Order::Hops, &none(), &none(), Room::default());
    let mut places: Vec<(i32, i32)> = picture.nodes.iter().map(|n| (n.x, n.y)).collect();
    places.sort_unstable();
    places.dedup();
    assert_eq!(places.len(), 56);
    assert!(places.windows(2).all(|w| w[0].0 != w[1].0 || w[1].1 - w[0].1 >= pixels(NODE_H)));
}

#[test]
fn a_picture_fits_a_room_that_is_wide_enough() {
    let nodes = (0..6)
        .map(|i| node(&format!("n{i}"), i, &i.checked_sub(1).map(|p| format!("n{p}")).unwrap_or_default()))
        .collect();
    let edges = (1..6).map(|i| edge(&format!("n{}", i - 1), &format!("n{i}"))).collect();
    let graph = Subgraph { nodes, edges, ..Subgraph::default() };
    let picture = layout(&graph, Order::Hops, &none(), &none(), Room { width: 1200, height: 600 });
    assert!((1140..=1201).contains(&picture.width), "{}", picture.width);
}

#[test]
fn a_narrow_room_groups_sooner_and_still_shows_every_layer() {
    let mut graph = Subgraph { nodes: vec![node("db", 0, "")], ..Subgraph::default() };
    for (depth, count) in [(1, 7), (2, 31), (3, 4), (4, 1)] {
        let parent = if depth == 1 { "db".to_owned() } else { format!("n{}-0", depth - 1) };
        for i in 0..count {
            let code = format!("n{depth}-{i}");
            graph.edges.push(edge(&code, &parent));
            graph.nodes.push(node(&code, depth, &parent));
        }
    }
    let narrow = layout(&graph, Order::Hops, &none(), &none(), Room { width: 416, height: 300 });
    assert!(f64::from(narrow.width) * READABLE <= 416.0, "{}", narrow.width);
    assert_eq!(narrow.heads.len(), 5);
    let wide = layout(&graph, Order::Hops, &none(), &none(), Room { width: 1200, height: 600 });
    assert!(wide.nodes.iter().all(|n| n.members.is_empty()), "there is room for every item");
}

#[test]
fn an_empty_answer_is_an_empty_picture() {
    assert!(layout(&Subgraph::default(), Order::Hops, &none(), &none(), Room::default()).nodes.is_empty());
}
