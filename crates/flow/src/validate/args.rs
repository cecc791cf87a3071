//! Arguments of tools against their schemas: names and types of what is written down, and of what references give.

use std::collections::BTreeMap;

use binding::{Expr, NodeKind};
use serde_json::{Map, Value};

use super::{
    Issue, IssueCode,
    schema::{Misfit, Schema},
};
use crate::{
    reference::{Reference, dollar_texts},
    tools::Catalog,
};

/// Checks the arguments of one step.
pub fn check(
    tool: &str,
    args: &Map<String, Value>,
    path: &str,
    catalog: &dyn Catalog,
    tools: &BTreeMap<&str, &str>,
    issues: &mut Vec<Issue>,
) {
    let input = catalog.spec(tool).map(|spec| &spec.input).filter(|input| input.is_object());
    let mut texts = Vec::new();
    for (key, value) in args {
        dollar_texts(value, &format!("{path}.args.{key}"), &mut texts);
    }
    for (place, text) in &texts {
        let Some(given) = output_of(text, place, catalog, tools, issues) else { continue };
        let place_in_args = place.strip_prefix(path).and_then(|rest| rest.strip_prefix(".args."));
        let wanted = input.zip(place_in_args).and_then(|(input, place)| walk(Schema::new(input), place));
        if let Some(wanted) = wanted {
            agree(wanted, &given, place, text, issues);
        }
    }
    let Some(input) = input else { return };
    let mut misfits = Vec::new();
    let later =
        |value: &Value| value.as_str().is_some_and(|text| text.starts_with('$') && !text.starts_with("$$"));
    Schema::new(input).check(&Value::Object(args.clone()), &format!("{path}.args"), &later, &mut misfits);
    issues.extend(misfits.into_iter().map(|(place, misfit)| issue(&place, &misfit)));
}

fn issue(place: &str, misfit: &Misfit) -> Issue {
    let (ko, en) = match misfit {
        Misfit::Missing(name) => {
            (format!("'{name}' 인수가 필요합니다"), format!("the argument '{name}' is needed"))
        }
        Misfit::Unknown(name, known) => {
            let known = known.join(", ");
            (
                format!("'{name}' 인수는 없습니다. 있는 인수: {known}"),
                format!("there is no argument '{name}'; there are {known}"),
            )
        }
        Misfit::Type(wanted) => (
            format!("값의 형식이 다릅니다. {wanted} 형식으로 쓰십시오"),
            format!("the value is of another type; write {wanted}"),
        ),
        Misfit::Choice(list) => {
            let list = list.join(", ");
            (format!("{list} 가운데 하나여야 합니다"), format!("it is one of {list}"))
        }
    };
    Issue::new(place, IssueCode::BadArgument, ko, en)
}

/// The schema at a place like `select.filter[0].value`.
fn walk<'a>(mut schema: Schema<'a>, place: &str) -> Option<Schema<'a>> {
    for part in place.split('.') {
        let (name, indexes) =
            part.split_once('[').map_or((part, 0), |(name, rest)| (name, 1 + rest.matches('[').count()));
        schema = schema.field(name)?;
        for _ in 0..indexes {
            schema = schema.items()?;
        }
    }
    Some(schema)
}

/// What a reference gives: a list of members, or a value, with the types it may have (empty for any).
struct Given {
    list: bool,
    types: Vec<String>,
}

/// What a reference to the output of a tool gives; an issue when the output has no such part.
fn output_of(
    text: &str,
    place: &str,
    catalog: &dyn Catalog,
    tools: &BTreeMap<&str, &str>,
    issues: &mut Vec<Issue>,
) -> Option<Given> {
    let reference = Reference::parse(text)?.ok()?;
    let output = &catalog.spec(tools.get(reference.root())?)?.output;
    if !output.is_object() {
        return None;
    }
    let path = Expr::parse(text.strip_prefix('$')?).ok()?;
    let mut parts = Vec::new();
    parts_of(path.root(), &mut parts);
    let mut schema = Some(Schema::new(output));
    let mut list = false;
    for part in parts {
        let here = schema?;
        schema = match part {
            Part::Field(name) => match here.field(&name) {
                Some(field) => Some(field),
                None if here.closed() => {
                    issues.push(Issue::new(
                        place,
                        IssueCode::UnknownOutput,
                        format!(
                            "'{}' 단계의 출력에는 '{name}'이(가) 없습니다. rows, total을 쓰십시오",
                            reference.root()
                        ),
                        format!("the output of '{}' has no '{name}'; use rows or total", reference.root()),
                    ));
                    return None;
                }
                None => None,
            },
            Part::Member => here.items(),
            Part::All => {
                list = true;
                here.items()
            }
        };
    }
    let types: Vec<String> =
        schema.map(|schema| schema.types().into_iter().map(str::to_owned).collect()).unwrap_or_default();
    Some(Given { list, types })
}

enum Part {
    Field(String),
    Member,
    All,
}

fn parts_of(node: &binding::Node, out: &mut Vec<Part>) {
    match &node.kind {
        NodeKind::Field(inner, name) => {
            parts_of(inner, out);
            out.push(Part::Field(name.clone()));
        }
        NodeKind::Index(inner, index) => {
            parts_of(inner, out);
            out.push(match &index.kind {
                NodeKind::Literal(Value::String(name)) => Part::Field(name.clone()),
                _ => Part::Member,
            });
        }
        NodeKind::Every(inner) => {
            parts_of(inner, out);
            out.push(Part::All);
        }
        _ => {}
    }
}

/// Whether what a reference gives is what the argument takes.
fn agree(wanted: Schema<'_>, given: &Given, place: &str, text: &str, issues: &mut Vec<Issue>) {
    let takes = wanted.types();
    if takes.is_empty() {
        return;
    }
    let gives: Vec<&str> =
        if given.list { vec!["array"] } else { given.types.iter().map(String::as_str).collect() };
    let fits =
        |gives: &str| takes.iter().any(|takes| *takes == gives || (*takes == "number" && gives == "integer"));
    if gives.is_empty() || gives.into_iter().any(fits) {
        return;
    }
    let takes = takes.join(" | ");
    let gives = if given.list { "array".to_owned() } else { given.types.join(" | ") };
    issues.push(Issue::new(
        place,
        IssueCode::TypeMismatch,
        format!("'{text}'은(는) {gives} 형식인데 {takes} 형식이 필요합니다"),
        format!("'{text}' gives {gives}, but {takes} is needed"),
    ));
}
