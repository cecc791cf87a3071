//! The functions.

use serde_json::{Number, Value};

use crate::{
    MAX_RESULT,
    error::{EvalError, ParseError, Span},
    eval::{compare, equal, number_of, show},
};

/// Name, least and most number of arguments, and what it gives in Korean and English.
pub const FUNCTIONS: &[(&str, usize, usize, &str, &str)] = &[
    ("size", 1, 1, "목록의 개수, 문자열의 글자 수", "members of a list, characters of a text"),
    ("sum", 1, 16, "합계", "sum of a list or of the arguments"),
    ("avg", 1, 16, "평균", "mean of a list or of the arguments"),
    ("min", 1, 16, "가장 작은 값", "least of a list or of the arguments"),
    ("max", 1, 16, "가장 큰 값", "greatest of a list or of the arguments"),
    ("lower", 1, 1, "소문자로", "in lower case"),
    ("upper", 1, 1, "대문자로", "in upper case"),
    ("contains", 2, 2, "문자열이나 목록에 들어 있는지", "whether a text or list has it"),
    ("starts_with", 2, 2, "그 문자열로 시작하는지", "whether a text begins with it"),
    ("round", 1, 2, "반올림 (소수 자릿수)", "rounded (to so many decimals)"),
    ("coalesce", 1, 16, "null이 아닌 첫 값", "the first value that is not null"),
    ("first", 1, 1, "목록의 첫 값", "first member of a list"),
    ("last", 1, 1, "목록의 마지막 값", "last member of a list"),
    ("join", 1, 2, "목록을 이은 문자열 (구분자)", "a list as one text (with a separator)"),
];

/// Refuses unknown functions and wrong numbers of arguments.
pub fn check(name: &str, args: usize, span: Span) -> Result<(), ParseError> {
    let Some((_, least, most, ..)) = FUNCTIONS.iter().find(|(known, ..)| *known == name) else {
        let known: Vec<&str> = FUNCTIONS.iter().map(|(name, ..)| *name).collect();
        let known = known.join(", ");
        return Err(ParseError::new(
            span,
            format!("'{name}' 함수는 없습니다. 쓸 수 있는 함수: {known}"),
            format!("there is no function '{name}'; there are {known}"),
        ));
    };
    if args < *least || args > *most {
        let range = if least == most { least.to_string() } else { format!("{least}–{most}") };
        return Err(ParseError::new(
            span,
            format!("'{name}' 함수는 인수를 {range}개 받습니다 (현재 {args}개)"),
            format!("'{name}' takes {range} arguments, not {args}"),
        ));
    }
    Ok(())
}

/// Calls a function.
pub fn call(name: &str, mut args: Vec<Value>, span: Span) -> Result<Value, EvalError> {
    let first = args.first().cloned().unwrap_or(Value::Null);
    let second = args.get(1).cloned();
    match name {
        "coalesce" => Ok(args.into_iter().find(|arg| !arg.is_null()).unwrap_or(Value::Null)),
        "size" => size(&first, span),
        "sum" | "avg" => total(name, members(args), span),
        "min" | "max" => extreme(name == "max", members(args), span),
        "lower" => Ok(text(&first).map_or(Value::Null, |text| text.to_lowercase().into())),
        "upper" => Ok(text(&first).map_or(Value::Null, |text| text.to_uppercase().into())),
        "contains" => Ok(contains(&first, &second.unwrap_or(Value::Null)).into()),
        "starts_with" => {
            let begins = text(&first).zip(second.as_ref().and_then(text));
            Ok(begins.is_some_and(|(text, start)| text.starts_with(&start)).into())
        }
        "round" => round(&first, second.as_ref(), span),
        "first" => Ok(end_of(args.swap_remove(0), true)),
        "last" => Ok(end_of(args.swap_remove(0), false)),
        "join" => join(&first, second.as_ref(), span),
        other => Err(EvalError::new(
            span,
            format!("'{other}' 함수는 없습니다"),
            format!("there is no function '{other}'"),
        )),
    }
}

/// A text, or a number or truth value written as one; `None` for the rest.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

fn size(value: &Value, span: Span) -> Result<Value, EvalError> {
    match value {
        Value::Null => Ok(0.into()),
        Value::String(text) => Ok(text.chars().count().into()),
        Value::Array(items) => Ok(items.len().into()),
        Value::Object(fields) => Ok(fields.len().into()),
        Value::Bool(_) | Value::Number(_) => Err(EvalError::new(
            span,
            "size는 목록이나 문자열에만 쓸 수 있습니다",
            "size wants a list or a text",
        )),
    }
}

/// The arguments, or the members of the only one when it is a list; nulls are left out.
fn members(args: Vec<Value>) -> Vec<Value> {
    let members = match <[Value; 1]>::try_from(args) {
        Ok([Value::Array(items)]) => items,
        Ok([one]) => vec![one],
        Err(args) => args,
    };
    members.into_iter().filter(|member| !member.is_null()).collect()
}

fn total(name: &str, members: Vec<Value>, span: Span) -> Result<Value, EvalError> {
    let mut whole: Option<i64> = Some(0);
    let mut sum = 0.0;
    for member in &members {
        let Value::Number(number) = member else {
            return Err(EvalError::new(
                span,
                format!("{name}은(는) 수에만 쓸 수 있습니다"),
                format!("{name} wants numbers"),
            ));
        };
        whole = whole.and_then(|whole| whole.checked_add(number.as_i64()?));
        sum += number.as_f64().unwrap_or(0.0);
    }
    if name == "avg" {
        return Ok(if members.is_empty() { Value::Null } else { number_of(sum / members.len() as f64) });
    }
    Ok(whole.map_or_else(|| number_of(sum), Value::from))
}

fn extreme(greatest: bool, members: Vec<Value>, span: Span) -> Result<Value, EvalError> {
    let mut best: Option<Value> = None;
    for member in members {
        let better = match &best {
            None => true,
            Some(best) => {
                let order = compare(&member, best, span)?;
                order == Some(if greatest { std::cmp::Ordering::Greater } else { std::cmp::Ordering::Less })
            }
        };
        if better {
            best = Some(member);
        }
    }
    Ok(best.unwrap_or(Value::Null))
}

/// Whether `of` has `item`: a member of a list, a part of a text, a key of an object.
pub fn contains(of: &Value, item: &Value) -> bool {
    match of {
        Value::Array(items) => items.iter().any(|member| equal(member, item)),
        Value::String(whole) => text(item).is_some_and(|part| whole.contains(&part)),
        Value::Object(fields) => item.as_str().is_some_and(|key| fields.contains_key(key)),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

fn round(value: &Value, places: Option<&Value>, span: Span) -> Result<Value, EvalError> {
    let number = match value {
        Value::Null => return Ok(Value::Null),
        Value::Number(number) if number.is_i64() || number.is_u64() => return Ok(value.clone()),
        Value::Number(number) => number.as_f64().unwrap_or(0.0),
        _ => return Err(EvalError::new(span, "round는 수에만 쓸 수 있습니다", "round wants a number")),
    };
    let places = places.and_then(Value::as_i64).unwrap_or(0).clamp(0, 12);
    let scale = 10f64.powi(i32::try_from(places).unwrap_or(0));
    let scaled = number * scale;
    // A number too large to scale has no decimals to round.
    Ok(if scaled.is_finite() { number_of(scaled.round() / scale) } else { number_of(number) })
}

fn end_of(value: Value, first: bool) -> Value {
    match value {
        Value::Array(mut items) if !items.is_empty() => {
            if first {
                items.swap_remove(0)
            } else {
                items.pop().unwrap_or(Value::Null)
            }
        }
        _ => Value::Null,
    }
}

fn join(value: &Value, separator: Option<&Value>, span: Span) -> Result<Value, EvalError> {
    let separator = separator.map_or(", ".to_owned(), show);
    let Value::Array(items) = value else { return Ok(show(value).into()) };
    let mut out = String::new();
    for (i, item) in items.iter().enumerate() {
        if i > 0 {
            out.push_str(&separator);
        }
        out.push_str(&show(item));
        if out.len() > MAX_RESULT {
            return Err(EvalError::too_large(span));
        }
    }
    Ok(out.into())
}

/// Keeps whole results whole.
pub fn whole(number: f64) -> Option<Number> {
    (number.fract() == 0.0 && number.abs() < 9e15).then(|| Number::from(number as i64))
}
