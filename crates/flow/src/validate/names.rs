//! Names: identifiers, tools, and that every reference names something finished before.

use std::collections::{BTreeMap, BTreeSet};

use binding::{Expr, Template};
use model::plan::{Kind, Node, OnError, Plan};
use serde_json::{Map, Value};

use super::{Issue, IssueCode, args, shape::steps};
use crate::{
    reference::{Reference, dollar_texts, needs},
    tools::{Access, Catalog},
};

/// Names that no step may have.
const RESERVED: [&str; 3] = ["args", "last", "round"];

/// Checks all names of a plan whose shape is fine.
pub fn check(plan: &Plan, catalog: &dyn Catalog, issues: &mut Vec<Issue>) {
    let mut all = BTreeSet::new();
    identifiers(&plan.root, "root", &mut all, issues);
    let tools: BTreeMap<&str, &str> = plan
        .nodes()
        .into_iter()
        .filter_map(|node| match &node.kind {
            Kind::Tool { tool, .. } => Some((node.id.as_str(), tool.as_str())),
            _ => None,
        })
        .collect();
    let mut names = Names { catalog, all: &all, tools: &tools, issues };
    // What a template is called with.
    let mut known = BTreeSet::from(["args".to_owned()]);
    names.node(&plan.root, "root", &mut known);
}

fn identifiers<'p>(node: &'p Node, path: &str, all: &mut BTreeSet<&'p str>, issues: &mut Vec<Issue>) {
    let id = node.id.as_str();
    if !is_word(id) {
        issues.push(Issue::new(
            format!("{path}.id"),
            IssueCode::BadId,
            format!("식별자 '{id}'은(는) 쓸 수 없습니다. s1처럼 글자로 시작하는 낱말로 쓰십시오"),
            format!("'{id}' cannot be an identifier; write a word that begins with a letter, as s1"),
        ));
    } else if RESERVED.contains(&id) {
        issues.push(Issue::new(
            format!("{path}.id"),
            IssueCode::BadId,
            format!("'{id}'은(는) 따로 쓰이는 이름입니다. 다른 식별자를 쓰십시오"),
            format!("'{id}' has a meaning of its own; use another identifier"),
        ));
    } else if !all.insert(id) {
        issues.push(Issue::new(
            format!("{path}.id"),
            IssueCode::DuplicateId,
            format!("식별자 '{id}'이(가) 두 번 쓰였습니다. 하나를 바꾸십시오"),
            format!("the identifier '{id}' is used twice; change one of them"),
        ));
    }
    for (step, child) in steps(node) {
        identifiers(child, &format!("{path}{step}"), all, issues);
    }
}

fn is_word(text: &str) -> bool {
    Expr::parse(text)
        .is_ok_and(|expr| matches!(&expr.root().kind, binding::NodeKind::Name(name) if name == text))
}

struct Names<'a> {
    catalog: &'a dyn Catalog,
    all: &'a BTreeSet<&'a str>,
    /// Tools of the steps that call one.
    tools: &'a BTreeMap<&'a str, &'a str>,
    issues: &'a mut Vec<Issue>,
}

impl Names<'_> {
    /// Checks a node that starts when the names in `known` are finished, and adds those it finishes.
    fn node(&mut self, node: &'_ Node, path: &str, known: &mut BTreeSet<String>) {
        if let Some(when) = &node.when {
            self.expression(when, &format!("{path}.when"), known);
        }
        match &node.kind {
            Kind::Tool { tool, args } => {
                self.tool(tool, path);
                self.args(args, path, known);
                args::check(tool, args, path, self.catalog, self.tools, self.issues);
            }
            Kind::Call { template, args } => {
                self.template(template, path);
                self.args(args, path, known);
            }
            Kind::Seq { .. } => {
                for (step, child) in inner(node) {
                    self.node(child, &format!("{path}{step}"), known);
                }
            }
            Kind::Par { .. } => self.apart(node, path, known),
            Kind::Dag { nodes } => self.dag(nodes, path, known),
            Kind::If { cond, .. } => {
                self.expression(cond, &format!("{path}.cond"), known);
                self.apart(node, path, known);
            }
            Kind::Switch { on, .. } => {
                self.expression(on, &format!("{path}.on"), known);
                self.apart(node, path, known);
            }
            Kind::ForEach { items, var, body, .. } => self.for_each(items, var, body, path, known),
            Kind::Loop { body, until, .. } => {
                let mut inside = known.clone();
                inside.extend(["last".to_owned(), "round".to_owned()]);
                self.node(body, &format!("{path}.body"), &mut inside);
                self.expression(until, &format!("{path}.until"), &inside);
            }
            Kind::Expand { question, .. } => self.text(question, &format!("{path}.question"), known),
            Kind::Approve { what, .. } => self.text(what, &format!("{path}.what"), known),
            Kind::Llm { input, .. } => {
                self.reference(input, &format!("{path}.input"), known);
                self.apart(node, path, known);
            }
            Kind::Compose { blocks } => {
                for (i, block) in blocks.iter().enumerate() {
                    if !self.all.contains(block.from.as_str()) {
                        self.unknown(&block.from, &format!("{path}.blocks[{i}].from"));
                    }
                }
            }
        }
        if let OnError::Fallback(other) = &node.on_error {
            let mut own = known.clone();
            self.node(other, &format!("{path}.on_error.fallback"), &mut own);
        }
        known.insert(node.id.clone());
    }

    fn args(&mut self, args: &Map<String, Value>, path: &str, known: &BTreeSet<String>) {
        for (key, value) in args {
            let mut texts = Vec::new();
            dollar_texts(value, &format!("{path}.args.{key}"), &mut texts);
            for (place, text) in texts {
                self.reference(text, &place, known);
            }
        }
    }

    fn expression(&mut self, source: &str, path: &str, known: &BTreeSet<String>) {
        match Expr::parse(source) {
            Ok(expr) => expr.roots().iter().for_each(|name| self.known(name, path, known)),
            Err(error) => self.issues.push(Issue::new(
                path,
                IssueCode::BadExpression,
                format!("조건을 읽을 수 없습니다: {}", error.message.ko),
                format!("the condition cannot be read: {}", error.message.en),
            )),
        }
    }

    fn text(&mut self, source: &str, path: &str, known: &BTreeSet<String>) {
        match Template::parse(source) {
            Ok(text) if !text.is_plain() => {
                text.roots().iter().for_each(|name| self.known(name, path, known));
            }
            Ok(_) if !source.trim().is_empty() => {}
            Ok(_) => self.issues.push(Issue::new(
                path,
                IssueCode::BadExpression,
                "비어 있습니다. 글을 적으십시오",
                "it is empty; write a text",
            )),
            Err(error) => self.issues.push(Issue::new(
                path,
                IssueCode::BadExpression,
                format!("글을 읽을 수 없습니다: {}", error.message.ko),
                format!("the text cannot be read: {}", error.message.en),
            )),
        }
    }

    fn template(&mut self, name: &str, path: &str) {
        let Some(names) = self.catalog.templates() else { return };
        if !names.iter().any(|known| known == name) {
            let names = names.join(", ");
            self.issues.push(Issue::new(
                format!("{path}.template"),
                IssueCode::UnknownTemplate,
                format!("'{name}' 템플릿은 없습니다. 있는 템플릿: {names}"),
                format!("there is no template '{name}'; there are: {names}"),
            ));
        }
    }

    /// Children that do not see each other.
    fn apart(&mut self, node: &Node, path: &str, known: &mut BTreeSet<String>) {
        let before = known.clone();
        for (step, child) in inner(node) {
            let mut own = before.clone();
            self.node(child, &format!("{path}{step}"), &mut own);
            known.extend(own);
        }
    }

    /// Children that may refer to each other in any order, but not in circles.
    fn dag(&mut self, nodes: &[Node], path: &str, known: &mut BTreeSet<String>) {
        let ids: Vec<BTreeSet<String>> = nodes.iter().map(ids_of).collect();
        for (i, child) in nodes.iter().enumerate() {
            let mut own = known.clone();
            own.extend(
                ids.iter().enumerate().filter(|(j, _)| *j != i).flat_map(|(_, ids)| ids.iter().cloned()),
            );
            self.node(child, &format!("{path}.nodes[{i}]"), &mut own);
        }
        let edges = dependencies(nodes);
        let mut left: BTreeMap<usize, BTreeSet<usize>> = edges.into_iter().enumerate().collect();
        while let Some(free) = left.iter().find(|(_, waits)| waits.is_empty()).map(|(i, _)| *i) {
            left.remove(&free);
            left.values_mut().for_each(|waits| {
                waits.remove(&free);
            });
        }
        if !left.is_empty() {
            let circle: Vec<&str> =
                left.keys().filter_map(|i| nodes.get(*i)).map(|node| node.id.as_str()).collect();
            let circle = circle.join(", ");
            self.issues.push(Issue::new(
                path,
                IssueCode::Cycle,
                format!("서로를 기다리는 노드가 있습니다: {circle}. 참조를 한 방향으로 바꾸십시오"),
                format!("these nodes wait for each other: {circle}; let references go one way"),
            ));
        }
        known.extend(ids.into_iter().flatten());
    }

    fn for_each(&mut self, items: &str, var: &str, body: &Node, path: &str, known: &BTreeSet<String>) {
        match Reference::parse(items) {
            Some(_) => self.reference(items, &format!("{path}.items"), known),
            None => self.issues.push(Issue::new(
                format!("{path}.items"),
                IssueCode::BadExpression,
                "반복 대상은 '$s1.rows[*].code' 같은 참조여야 합니다",
                "the list of a loop is a reference, as '$s1.rows[*].code'",
            )),
        }
        if !is_word(var) || self.all.contains(var) {
            self.issues.push(Issue::new(
                format!("{path}.var"),
                IssueCode::BadId,
                format!("반복 변수 '{var}'은(는) 쓸 수 없습니다. 단계 식별자와 다른 낱말로 쓰십시오"),
                format!(
                    "'{var}' cannot be the variable of a loop; use a word that is no identifier of a step"
                ),
            ));
        }
        let mut inside = known.clone();
        inside.insert(var.to_owned());
        // What the body finishes stays inside: there are as many of it as there are rounds.
        self.node(body, &format!("{path}.body"), &mut inside);
    }

    fn tool(&mut self, tool: &str, path: &str) {
        let (code, ko, en) = match self.catalog.access(tool) {
            Access::Allowed => return,
            Access::Denied => (
                IssueCode::Denied,
                format!("'{tool}' 도구를 쓸 권한이 없습니다"),
                format!("you may not use the tool '{tool}'"),
            ),
            Access::Unknown => {
                let names = self.catalog.names().join(", ");
                (
                    IssueCode::UnknownTool,
                    format!("'{tool}' 도구는 없습니다. 쓸 수 있는 도구: {names}"),
                    format!("there is no tool '{tool}'; there are {names}"),
                )
            }
        };
        self.issues.push(Issue::new(format!("{path}.tool"), code, ko, en));
    }

    fn reference(&mut self, text: &str, path: &str, known: &BTreeSet<String>) {
        match Reference::parse(text) {
            None => {}
            Some(Ok(reference)) => self.known(reference.root(), path, known),
            Some(Err(hint)) => {
                self.issues.push(Issue { path: path.to_owned(), code: IssueCode::BadExpression, hint });
            }
        }
    }

    fn known(&mut self, name: &str, path: &str, known: &BTreeSet<String>) {
        if known.contains(name) {
            return;
        }
        if !self.all.contains(name) {
            self.unknown(name, path);
            return;
        }
        self.issues.push(Issue::new(
            path,
            IssueCode::LaterReference,
            format!(
                "'{name}' 단계는 이 단계보다 먼저 끝나지 않습니다. 순서를 바꾸거나 앞 단계를 참조하십시오"
            ),
            format!(
                "the step '{name}' is not finished before this one; reorder them or refer to an earlier step"
            ),
        ));
    }

    fn unknown(&mut self, name: &str, path: &str) {
        let steps: Vec<&str> = self.all.iter().copied().collect();
        let steps = steps.join(", ");
        self.issues.push(Issue::new(
            path,
            IssueCode::UnknownReference,
            format!("'{name}' 단계가 없습니다. 있는 단계: {steps}"),
            format!("there is no step '{name}'; there are {steps}"),
        ));
    }
}

/// The children of a node but what runs in its place when it fails.
fn inner(node: &Node) -> impl Iterator<Item = (String, &Node)> {
    steps(node).into_iter().filter(|(step, _)| step != ".on_error.fallback")
}

/// All identifiers a node finishes: its own and those below it, but not those inside loops.
fn ids_of(node: &Node) -> BTreeSet<String> {
    let mut ids = BTreeSet::from([node.id.clone()]);
    if !matches!(node.kind, Kind::ForEach { .. } | Kind::Loop { .. }) {
        ids.extend(node.inner().into_iter().flat_map(ids_of));
    }
    ids
}

/// For each node of a dag, the nodes beside it that it waits for.
pub fn dependencies(nodes: &[Node]) -> Vec<BTreeSet<usize>> {
    let mut owner = BTreeMap::new();
    for (i, node) in nodes.iter().enumerate() {
        owner.extend(ids_of(node).into_iter().map(|id| (id, i)));
    }
    nodes
        .iter()
        .enumerate()
        .map(|(i, node)| {
            let mut names = Vec::new();
            needs(node, &mut names);
            names.iter().filter_map(|name| owner.get(name).copied()).filter(|j| *j != i).collect()
        })
        .collect()
}
