//! The value of a tree. Values of the scope are borrowed as long as possible: a path into a large result copies only
//! what it ends at.

use std::{
    borrow::Cow,
    cmp::Ordering,
    collections::{BTreeMap, HashMap},
};

use serde_json::{Map, Number, Value};

use crate::{
    MAX_RESULT,
    ast::{Binary, Node, NodeKind, Unary},
    error::{EvalError, Span},
    functions,
};

/// Where names are looked up.
pub trait Scope {
    /// The value of a name; `None` counts as null.
    fn get(&self, name: &str) -> Option<Cow<'_, Value>>;
}

impl Scope for Value {
    fn get(&self, name: &str) -> Option<Cow<'_, Value>> {
        Value::get(self, name).map(Cow::Borrowed)
    }
}

impl Scope for Map<String, Value> {
    fn get(&self, name: &str) -> Option<Cow<'_, Value>> {
        Map::get(self, name).map(Cow::Borrowed)
    }
}

impl Scope for BTreeMap<String, Value> {
    fn get(&self, name: &str) -> Option<Cow<'_, Value>> {
        BTreeMap::get(self, name).map(Cow::Borrowed)
    }
}

impl Scope for HashMap<String, Value> {
    fn get(&self, name: &str) -> Option<Cow<'_, Value>> {
        HashMap::get(self, name).map(Cow::Borrowed)
    }
}

/// A value, or the members reached by `[*]`, to which the rest of the path applies one by one.
enum Reached<'a> {
    One(Cow<'a, Value>),
    Many(Vec<Cow<'a, Value>>),
}

impl<'a> Reached<'a> {
    fn own(self) -> Value {
        match self {
            Self::One(value) => value.into_owned(),
            Self::Many(values) => Value::Array(values.into_iter().map(Cow::into_owned).collect()),
        }
    }

    fn null() -> Self {
        Self::One(Cow::Owned(Value::Null))
    }

    /// Goes one step on from every value; what leads nowhere is left out of many and null for one.
    fn each(self, step: impl Fn(Cow<'a, Value>) -> Option<Cow<'a, Value>>) -> Self {
        match self {
            Self::One(value) => step(value).map_or_else(Self::null, Self::One),
            Self::Many(values) => {
                Self::Many(values.into_iter().filter_map(step).filter(|value| !value.is_null()).collect())
            }
        }
    }
}

/// Evaluates a tree.
pub fn eval<S: Scope + ?Sized>(node: &Node, scope: &S) -> Result<Value, EvalError> {
    reach(node, scope).map(Reached::own)
}

fn reach<'a, S: Scope + ?Sized>(node: &Node, scope: &'a S) -> Result<Reached<'a>, EvalError> {
    match &node.kind {
        NodeKind::Name(name) => Ok(scope.get(name).map_or_else(Reached::null, Reached::One)),
        NodeKind::Field(of, name) => Ok(reach(of, scope)?.each(|value| member(value, name))),
        NodeKind::Index(of, at) => {
            let of = reach(of, scope)?;
            let at = eval(at, scope)?;
            Ok(of.each(|value| element(value, &at)))
        }
        NodeKind::Every(of) => {
            let mut out = Vec::new();
            let values = match reach(of, scope)? {
                Reached::One(value) => vec![value],
                Reached::Many(values) => values,
            };
            for value in values {
                spread(value, &mut out);
                if out.len() > MAX_RESULT {
                    return Err(EvalError::too_large(node.span));
                }
            }
            Ok(Reached::Many(out))
        }
        _ => compute(node, scope).map(|value| Reached::One(Cow::Owned(value))),
    }
}

fn member<'a>(value: Cow<'a, Value>, name: &str) -> Option<Cow<'a, Value>> {
    match value {
        Cow::Borrowed(Value::Object(fields)) => fields.get(name).map(Cow::Borrowed),
        Cow::Owned(Value::Object(mut fields)) => fields.remove(name).map(Cow::Owned),
        _ => None,
    }
}

fn element<'a>(value: Cow<'a, Value>, at: &Value) -> Option<Cow<'a, Value>> {
    if let Value::String(name) = at {
        return member(value, name);
    }
    let at = at.as_i64()?;
    let place = |len: usize| {
        let len = i64::try_from(len).ok()?;
        let at = if at < 0 { len + at } else { at };
        usize::try_from(at).ok()
    };
    match value {
        Cow::Borrowed(Value::Array(items)) => items.get(place(items.len())?).map(Cow::Borrowed),
        Cow::Owned(Value::Array(mut items)) => {
            let at = place(items.len())?;
            (at < items.len()).then(|| Cow::Owned(items.swap_remove(at)))
        }
        _ => None,
    }
}

fn spread<'a>(value: Cow<'a, Value>, out: &mut Vec<Cow<'a, Value>>) {
    match value {
        Cow::Borrowed(Value::Array(items)) => out.extend(items.iter().map(Cow::Borrowed)),
        Cow::Owned(Value::Array(items)) => out.extend(items.into_iter().map(Cow::Owned)),
        _ => {}
    }
}

fn compute<S: Scope + ?Sized>(node: &Node, scope: &S) -> Result<Value, EvalError> {
    match &node.kind {
        NodeKind::Literal(value) => Ok(value.clone()),
        NodeKind::List(items) => {
            items.iter().map(|item| eval(item, scope)).collect::<Result<_, _>>().map(Value::Array)
        }
        NodeKind::Unary(Unary::Not, of) => Ok((!truthy(&eval(of, scope)?)).into()),
        NodeKind::Unary(Unary::Minus, of) => minus(&eval(of, scope)?, node.span),
        NodeKind::Binary(Binary::And, a, b) => {
            Ok((truthy(&eval(a, scope)?) && truthy(&eval(b, scope)?)).into())
        }
        NodeKind::Binary(Binary::Or, a, b) => {
            Ok((truthy(&eval(a, scope)?) || truthy(&eval(b, scope)?)).into())
        }
        NodeKind::Binary(op, a, b) => binary(*op, &eval(a, scope)?, &eval(b, scope)?, node.span),
        NodeKind::Choice(cond, then, otherwise) => {
            eval(if truthy(&eval(cond, scope)?) { then } else { otherwise }, scope)
        }
        NodeKind::Call(name, args) => {
            let args = args.iter().map(|arg| eval(arg, scope)).collect::<Result<Vec<_>, _>>()?;
            functions::call(name, args, node.span)
        }
        NodeKind::Name(_) | NodeKind::Field(..) | NodeKind::Index(..) | NodeKind::Every(_) => {
            eval(node, scope)
        }
    }
}

/// Whether a value counts as true: not null, false, zero or empty.
pub fn truthy(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(yes) => *yes,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(fields) => !fields.is_empty(),
    }
}

/// Equality that does not tell `1` from `1.0`.
pub fn equal(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => a == b || a.as_f64() == b.as_f64(),
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| equal(a, b)),
        (a, b) => a == b,
    }
}

/// The order of two numbers, texts or truth values; `None` when one of them is null.
pub fn compare(a: &Value, b: &Value, span: Span) -> Result<Option<Ordering>, EvalError> {
    match (a, b) {
        (Value::Null, _) | (_, Value::Null) => Ok(None),
        (Value::Number(a), Value::Number(b)) => Ok(match (a.as_i64(), b.as_i64()) {
            (Some(a), Some(b)) => Some(a.cmp(&b)),
            _ => a.as_f64().zip(b.as_f64()).and_then(|(a, b)| a.partial_cmp(&b)),
        }),
        (Value::String(a), Value::String(b)) => Ok(Some(a.cmp(b))),
        (Value::Bool(a), Value::Bool(b)) => Ok(Some(a.cmp(b))),
        _ => Err(EvalError::new(
            span,
            format!("{}와(과) {}의 크기는 비교할 수 없습니다", kind_ko(a), kind_ko(b)),
            format!("{} and {} have no order", kind_en(a), kind_en(b)),
        )),
    }
}

fn binary(op: Binary, a: &Value, b: &Value, span: Span) -> Result<Value, EvalError> {
    let ordered =
        |wanted: fn(Ordering) -> bool| compare(a, b, span).map(|order| order.is_some_and(wanted).into());
    match op {
        Binary::Eq => Ok(equal(a, b).into()),
        Binary::Ne => Ok((!equal(a, b)).into()),
        Binary::Lt => ordered(Ordering::is_lt),
        Binary::Le => ordered(Ordering::is_le),
        Binary::Gt => ordered(Ordering::is_gt),
        Binary::Ge => ordered(Ordering::is_ge),
        Binary::In => Ok(functions::contains(b, a).into()),
        Binary::Add if a.is_string() || b.is_string() => joined(a, b, span),
        Binary::Add | Binary::Sub | Binary::Mul | Binary::Div | Binary::Rem => arithmetic(op, a, b, span),
        // These two are evaluated before their right side is known.
        Binary::And => Ok((truthy(a) && truthy(b)).into()),
        Binary::Or => Ok((truthy(a) || truthy(b)).into()),
    }
}

fn joined(a: &Value, b: &Value, span: Span) -> Result<Value, EvalError> {
    let text = show(a) + &show(b);
    if text.len() > MAX_RESULT { Err(EvalError::too_large(span)) } else { Ok(text.into()) }
}

fn arithmetic(op: Binary, a: &Value, b: &Value, span: Span) -> Result<Value, EvalError> {
    let (x, y) = match (a, b) {
        (Value::Null, _) | (_, Value::Null) => return Ok(Value::Null),
        (Value::Number(x), Value::Number(y)) => (x, y),
        _ => {
            return Err(EvalError::new(
                span,
                format!("{}와(과) {}에는 '{}' 계산을 할 수 없습니다", kind_ko(a), kind_ko(b), op.symbol()),
                format!("'{}' does not work on {} and {}", op.symbol(), kind_en(a), kind_en(b)),
            ));
        }
    };
    if let (Some(x), Some(y)) = (x.as_i64(), y.as_i64()) {
        let exact = match op {
            Binary::Add => x.checked_add(y),
            Binary::Sub => x.checked_sub(y),
            Binary::Mul => x.checked_mul(y),
            Binary::Rem => x.checked_rem(y),
            _ => None,
        };
        if let Some(exact) = exact {
            return Ok(exact.into());
        }
    }
    let (x, y) = (x.as_f64().unwrap_or(0.0), y.as_f64().unwrap_or(0.0));
    Ok(number_of(match op {
        Binary::Add => x + y,
        Binary::Sub => x - y,
        Binary::Mul => x * y,
        Binary::Div => x / y,
        _ => x % y,
    }))
}

fn minus(value: &Value, span: Span) -> Result<Value, EvalError> {
    match value {
        Value::Null => Ok(Value::Null),
        Value::Number(_) => arithmetic(Binary::Sub, &Value::from(0), value, span),
        other => Err(EvalError::new(
            span,
            format!("{}에는 '-'를 붙일 수 없습니다", kind_ko(other)),
            format!("'-' does not work on {}", kind_en(other)),
        )),
    }
}

/// A number as a value: whole when it is whole, null when it is none (division by zero).
pub fn number_of(number: f64) -> Value {
    functions::whole(number).or_else(|| Number::from_f64(number)).map_or(Value::Null, Value::Number)
}

/// A value inside a text: texts as they are, null as nothing, lists with commas.
pub fn show(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(show).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}

fn kind_ko(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "참거짓",
        Value::Number(_) => "수",
        Value::String(_) => "문자열",
        Value::Array(_) => "목록",
        Value::Object(_) => "객체",
    }
}

fn kind_en(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a truth value",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}
