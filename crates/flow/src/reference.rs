//! References of arguments to earlier steps: `"$s1.rows[*].code"`.

use std::borrow::Cow;

use binding::{Expr, Scope, Template};
use model::{
    Localized,
    plan::{Kind, Node},
};
use serde_json::{Map, Value};

/// A reference: a path that begins with the name of a step or of the variable of a for-each.
#[derive(Debug, Clone, PartialEq)]
pub struct Reference {
    path: Expr,
    root: String,
}

impl Reference {
    /// Reads `$s1.rows[0].code`; `None` for texts that are no reference, an error for one that is written wrongly.
    pub fn parse(text: &str) -> Option<Result<Self, Localized>> {
        let path = text.strip_prefix('$').filter(|rest| !rest.starts_with('$'))?;
        Some(Self::path(path).map_err(|why| {
            Localized::new(
                format!(
                    "참조 '{text}'을(를) 읽을 수 없습니다: {}. '$'로 시작하는 글자는 '$$'로 쓰십시오",
                    why.ko
                ),
                format!(
                    "the reference '{text}' cannot be read: {}; a text that begins with '$' is written '$$'",
                    why.en
                ),
            )
        }))
    }

    fn path(path: &str) -> Result<Self, Localized> {
        let path = Expr::parse(path).map_err(|error| error.message)?;
        let roots = path.roots();
        match roots.as_slice() {
            [root] if path.is_path() => Ok(Self { root: root.clone(), path }),
            _ => Err(Localized::new(
                "경로만 쓸 수 있습니다 (예: $s1.rows[*].code)",
                "only a path may stand here (as $s1.rows[*].code)",
            )),
        }
    }

    /// The step or variable it begins with.
    pub fn root(&self) -> &str {
        &self.root
    }

    /// The value in a scope that knows the root; null when there is none.
    pub fn value<S: Scope + ?Sized>(&self, scope: &S) -> Value {
        self.path.eval(scope).unwrap_or(Value::Null)
    }
}

impl std::fmt::Display for Reference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "${}", self.path)
    }
}

/// A value that is needed and not there: the step that needs it is left out for this reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    /// The step or variable.
    pub root: String,
    /// Why there is nothing, for a person.
    pub reason: Localized,
}

/// What references are resolved against.
pub(crate) trait Source {
    /// The value a name stands for, or why there is none.
    fn find(&self, name: &str) -> Result<Cow<'_, Value>, Missing>;
}

/// One name and its value.
struct Single<'a>(&'a str, Cow<'a, Value>);

impl Scope for Single<'_> {
    fn get(&self, name: &str) -> Option<Cow<'_, Value>> {
        (name == self.0).then(|| Cow::Borrowed(self.1.as_ref()))
    }
}

/// The value of one reference.
pub(crate) fn resolve_one(reference: &Reference, source: &dyn Source) -> Result<Value, Missing> {
    let value = source.find(&reference.root)?;
    let value = reference.value(&Single(&reference.root, value));
    if value.is_null() {
        let root = reference.root.clone();
        let reason = Localized::new(
            format!("앞 단계의 결과에 {reference} 값이 없습니다"),
            format!("the earlier step gave no {reference}"),
        );
        return Err(Missing { root, reason });
    }
    Ok(value)
}

/// Arguments with all their references replaced by values.
pub(crate) fn resolve_args(
    args: &Map<String, Value>,
    source: &dyn Source,
) -> Result<Map<String, Value>, Missing> {
    args.iter().map(|(key, value)| Ok((key.clone(), resolve(value, source)?))).collect()
}

fn resolve(value: &Value, source: &dyn Source) -> Result<Value, Missing> {
    match value {
        Value::String(text) if text.starts_with("$$") => Ok(text.get(1..).unwrap_or_default().into()),
        Value::String(text) => match Reference::parse(text) {
            None => Ok(value.clone()),
            Some(Ok(reference)) => resolve_one(&reference, source),
            Some(Err(reason)) => Err(Missing { root: String::new(), reason }),
        },
        Value::Array(items) => {
            items.iter().map(|item| resolve(item, source)).collect::<Result<_, _>>().map(Value::Array)
        }
        Value::Object(fields) => resolve_args(fields, source).map(Value::Object),
        Value::Null | Value::Bool(_) | Value::Number(_) => Ok(value.clone()),
    }
}

/// Every text of a value that begins with `$`, with its place below `path`.
pub(crate) fn dollar_texts<'v>(value: &'v Value, path: &str, out: &mut Vec<(String, &'v str)>) {
    match value {
        Value::String(text) if text.starts_with('$') => out.push((path.to_owned(), text)),
        Value::Array(items) => {
            for (i, item) in items.iter().enumerate() {
                dollar_texts(item, &format!("{path}[{i}]"), out);
            }
        }
        Value::Object(fields) => {
            for (key, field) in fields {
                dollar_texts(field, &format!("{path}.{key}"), out);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// Names of steps and variables that a node uses, its children included.
pub fn uses(node: &Node) -> Vec<String> {
    let mut names = Vec::new();
    needs(node, &mut names);
    names
}

/// Names of steps and variables that a node needs, its children included.
pub(crate) fn needs(node: &Node, out: &mut Vec<String>) {
    let mut texts = Vec::new();
    let expression = |source: &str| Expr::parse(source).map(|expr| expr.roots()).unwrap_or_default();
    let template = |source: &str| Template::parse(source).map(|text| text.roots()).unwrap_or_default();
    if let Some(when) = &node.when {
        out.extend(expression(when));
    }
    match &node.kind {
        Kind::Tool { args, .. } | Kind::Call { args, .. } => {
            args.values().for_each(|value| dollar_texts(value, "", &mut texts));
        }
        Kind::If { cond: source, .. }
        | Kind::Switch { on: source, .. }
        | Kind::Loop { until: source, .. } => {
            out.extend(expression(source));
        }
        Kind::ForEach { items: input, .. } | Kind::Llm { input, .. } if input.starts_with('$') => {
            texts.push((String::new(), input.as_str()));
        }
        Kind::Expand { question: source, .. } | Kind::Approve { what: source, .. } => {
            out.extend(template(source));
        }
        Kind::Compose { blocks } => out.extend(blocks.iter().map(|block| block.from.clone())),
        Kind::ForEach { .. } | Kind::Llm { .. } | Kind::Seq { .. } | Kind::Par { .. } | Kind::Dag { .. } => {}
    }
    out.extend(texts.iter().filter_map(|(_, text)| Some(Reference::parse(text)?.ok()?.root)));
    node.children().into_iter().for_each(|child| needs(child, out));
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    struct Known;

    impl Source for Known {
        fn find(&self, name: &str) -> Result<Cow<'_, Value>, Missing> {
            match name {
                "s1" => Ok(Cow::Owned(json!({"rows": [{"code": "a"}, {"code": "b"}], "total": 2}))),
                "s2" => Ok(Cow::Owned(json!({"rows": [], "total": 0}))),
                other => Err(Missing { root: other.into(), reason: Localized::same("gone") }),
            }
        }
    }

    fn args(value: Value) -> Result<Value, Missing> {
        let Value::Object(map) = value else { panic!("an object") };
        resolve_args(&map, &Known).map(Value::Object)
    }

    #[test]
    fn references_become_values_anywhere_in_the_arguments() {
        let resolved = args(json!({
            "ci": "$s1.rows[*].code",
            "filter": [{"field": "code", "value": "$s1.rows[0].code"}],
            "n": "$s1.total",
            "text": "$$s1",
            "none": "$s2.rows[*].code",
        }));
        let expected = json!({
            "ci": ["a", "b"], "filter": [{"field": "code", "value": "a"}], "n": 2, "text": "$s1", "none": []
        });
        assert_eq!(resolved.unwrap(), expected);
    }

    #[test]
    fn what_is_not_there_is_missing_with_its_reason() {
        let missing = args(json!({"ci": "$s2.rows[0].code"})).unwrap_err();
        assert_eq!(missing.root, "s2");
        assert!(missing.reason.en.contains("$s2.rows[0].code"));
        assert_eq!(args(json!({"ci": "$s9.rows"})).unwrap_err().root, "s9");
        assert!(args(json!({"ci": "$1 + 2"})).is_err());
    }
}
