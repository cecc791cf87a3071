//! Conditions on fields, evaluated in memory: lists, facets, tools, topology.
//!
//! Text compares folded (letter case, compatibility characters). Numbers compare as numbers where the field is one, the
//! value asked for is one, or for order both sides read as one. Words with an order (`FieldDef::order`) compare by it. A
//! list fits when one of its members does, and is unequal when none is equal. A field is absent when it is null, an empty
//! text or an empty list; an absent field is unequal to everything and in no order to anything.

use std::cmp::Ordering;

use chrono::{DateTime, Utc};
use model::{
    Condition, Op,
    schema::{FieldDef, FieldType},
};
use serde_json::Value;

use super::{
    snapshot::Snapshot,
    text::{folded, number, same, shown},
};
use crate::error::{Error, Result};

/// A value as conditions see it.
#[derive(Debug, Clone, Copy)]
pub enum Cell<'a> {
    /// Absent.
    Missing,
    /// A text that is kept outside the fields: code, name, kind.
    Text(&'a str),
    /// A value of a field.
    Value(&'a Value),
}

impl<'a> From<Option<&'a Value>> for Cell<'a> {
    fn from(value: Option<&'a Value>) -> Self {
        value.map_or(Self::Missing, Self::Value)
    }
}

impl Cell<'_> {
    /// The value as JSON, `null` when absent.
    pub fn to_value(self) -> Value {
        match self {
            Self::Missing => Value::Null,
            Self::Text(text) => Value::String(text.to_owned()),
            Self::Value(value) => value.clone(),
        }
    }
}

/// What a field compares as.
#[derive(Debug, Clone, PartialEq)]
pub struct Spec {
    /// Type of its values.
    pub r#type: FieldType,
    /// Words from least to most, folded; empty when they have no order.
    pub words: Vec<String>,
}

impl Spec {
    /// A field of this type without ordered words.
    pub fn of(r#type: FieldType) -> Self {
        Self { r#type, words: Vec::new() }
    }
}

impl From<&FieldDef> for Spec {
    fn from(field: &FieldDef) -> Self {
        Self { r#type: field.r#type, words: field.order.iter().map(|word| folded(word)).collect() }
    }
}

/// One value a condition compares with.
#[derive(Debug, Clone)]
struct Operand {
    text: String,
    number: Option<f64>,
    /// The value was given as a number, so the comparison is one of numbers.
    numeric: bool,
    time: Option<DateTime<Utc>>,
    rank: Option<usize>,
}

#[derive(Debug, Clone)]
struct Test {
    field: String,
    op: Op,
    operands: Vec<Operand>,
    spec: Spec,
}

/// Conditions made ready, all of which must hold.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    tests: Vec<Test>,
}

impl Filter {
    /// Prepares conditions. `spec` knows the fields; an unknown one is an error that names it.
    pub fn new(conditions: &[Condition], spec: impl Fn(&str) -> Option<Spec>) -> Result<Self> {
        let mut tests = Vec::with_capacity(conditions.len());
        for (at, condition) in conditions.iter().enumerate() {
            let spec = spec(&condition.field)
                .ok_or_else(|| unknown_field(&format!("filter[{at}].field"), &condition.field))?;
            let operands = operands(condition).map(|value| Operand::new(&value, &spec)).collect();
            tests.push(Test { field: condition.field.clone(), op: condition.op, operands, spec });
        }
        Ok(Self { tests })
    }

    /// Prepares conditions on items: `code`, `name`, `kind` and the fields of the estate.
    pub fn of_items(conditions: &[Condition], estate: &Snapshot) -> Result<Self> {
        Self::new(conditions, |field| item_spec(estate, field))
    }

    /// Whether there is nothing to check.
    pub fn is_empty(&self) -> bool {
        self.tests.is_empty()
    }

    /// Whether all conditions hold for what `cell` gives for a field.
    pub fn accepts<'a>(&self, cell: impl Fn(&str) -> Cell<'a>) -> bool {
        self.tests.iter().all(|test| test.holds(cell(&test.field)))
    }

    /// Whether all conditions hold for an item of the estate.
    pub fn accepts_item(&self, estate: &Snapshot, node: u32) -> bool {
        self.accepts(|field| item_cell(estate, node, field))
    }
}

/// What a field of items compares as; nothing for a field the estate does not have.
pub fn item_spec(estate: &Snapshot, field: &str) -> Option<Spec> {
    match field {
        "code" | "name" | "kind" => Some(Spec::of(FieldType::Text)),
        other => estate.field(other).map(Spec::from),
    }
}

/// The value of a field of an item.
pub fn item_cell<'a>(estate: &'a Snapshot, node: u32, field: &str) -> Cell<'a> {
    let Some(item) = estate.item(node) else { return Cell::Missing };
    match field {
        "code" => Cell::Text(&item.code),
        "name" => Cell::Text(&item.name),
        "kind" => Cell::Text(&item.kind),
        other => item.fields.get(other).into(),
    }
}

/// The error for a field nobody knows.
pub fn unknown_field(path: &str, field: &str) -> Error {
    Error::invalid(
        path,
        format!("'{field}'라는 필드가 없습니다. 카탈로그에 있는 필드 이름을 쓰세요"),
        format!("there is no field '{field}'; use the name of a field of the catalogue"),
    )
}

/// The values of a condition: one, or those of a list. Null compares with nothing.
pub(crate) fn operands(condition: &Condition) -> impl Iterator<Item = Value> + '_ {
    let list = match &condition.value {
        Value::Array(list) => list.as_slice(),
        single => std::slice::from_ref(single),
    };
    list.iter().filter(|value| !value.is_null()).cloned()
}

/// Reads a moment as conditions and stored fields write it: RFC 3339, or a date for its first moment in UTC.
pub(crate) fn moment(text: &str) -> Option<DateTime<Utc>> {
    let text = text.trim();
    if text.len() < 10 || !text.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    if let Ok(at) = DateTime::parse_from_rfc3339(text) {
        return Some(at.to_utc());
    }
    let naive = chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f")
        .or_else(|_| chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S%.f"))
        .or_else(|_| chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M"));
    match naive {
        Ok(at) => Some(at.and_utc()),
        Err(_) => {
            Some(chrono::NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?.and_hms_opt(0, 0, 0)?.and_utc())
        }
    }
}

impl Operand {
    fn new(value: &Value, spec: &Spec) -> Self {
        let text = shown(value).map(|text| folded(&text)).unwrap_or_default();
        Self {
            number: number(&text),
            numeric: value.is_number() || spec.r#type == FieldType::Number,
            time: (spec.r#type == FieldType::Time).then(|| shown(value).and_then(|t| moment(&t))).flatten(),
            rank: spec.words.iter().position(|word| *word == text),
            text,
        }
    }

    fn equals(&self, text: &str) -> bool {
        if self.numeric
            && let (Some(a), Some(b)) = (number(text), self.number)
        {
            return a == b;
        }
        if let Some(time) = self.time
            && let Some(other) = moment(text)
        {
            return time == other;
        }
        same(text, &self.text)
    }

    /// How a stored text stands to this value; nothing when they are in no order.
    fn order(&self, text: &str, words: &[String]) -> Option<Ordering> {
        if !words.is_empty()
            && let Some(rank) = self.rank
        {
            let other = words.iter().position(|word| same(text, word))?;
            return Some(other.cmp(&rank));
        }
        if let Some(time) = self.time {
            return moment(text).map(|other| other.cmp(&time));
        }
        match (number(text), self.number) {
            (Some(a), Some(b)) => a.partial_cmp(&b),
            (None, None) if !self.numeric => Some(folded(text).as_str().cmp(&self.text)),
            _ => None,
        }
    }
}

impl Test {
    fn holds(&self, cell: Cell<'_>) -> bool {
        match cell {
            Cell::Missing => self.holds_for(&[]),
            Cell::Text("") => self.holds_for(&[]),
            Cell::Text(text) => self.holds_for(&[text.into()]),
            Cell::Value(Value::Array(list)) => {
                self.holds_for(&list.iter().filter_map(shown).collect::<Vec<_>>())
            }
            Cell::Value(Value::Object(object)) => {
                self.holds_for(&[serde_json::Value::from(object.clone()).to_string().into()])
            }
            Cell::Value(value) => match shown(value) {
                Some(text) => self.holds_for(&[text]),
                None => self.holds_for(&[]),
            },
        }
    }

    fn holds_for(&self, members: &[std::borrow::Cow<'_, str>]) -> bool {
        let any = |fits: &dyn Fn(&str, &Operand) -> bool| {
            members.iter().any(|member| self.operands.iter().any(|operand| fits(member, operand)))
        };
        let ordered = |fits: fn(Ordering) -> bool| {
            any(&|member, operand| operand.order(member, &self.spec.words).is_some_and(fits))
        };
        match self.op {
            Op::Exists => !members.is_empty(),
            Op::Missing => members.is_empty(),
            Op::Eq | Op::In => any(&|member, operand| operand.equals(member)),
            Op::Ne | Op::NotIn => !any(&|member, operand| operand.equals(member)),
            Op::Contains => any(&|member, operand| folded(member).contains(&operand.text)),
            Op::Prefix => any(&|member, operand| folded(member).starts_with(&operand.text)),
            Op::Lt => ordered(Ordering::is_lt),
            Op::Le => ordered(Ordering::is_le),
            Op::Gt => ordered(Ordering::is_gt),
            Op::Ge => ordered(Ordering::is_ge),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn check(value: Value, op: Op, with: Value, spec: Spec) -> bool {
        let filter = Filter::new(&[Condition::new("f", op, with)], |_| Some(spec.clone())).unwrap();
        filter.accepts(|_| Cell::Value(&value))
    }

    fn text() -> Spec {
        Spec::of(FieldType::Text)
    }

    #[test]
    fn text_compares_without_letter_case_and_width() {
        assert!(check(json!("Cisco"), Op::Eq, json!("CISCO"), text()));
        assert!(check(json!("ＡＢＣ"), Op::Eq, json!("abc"), text()));
        assert!(check(json!("서울 데이터센터"), Op::Contains, json!("데이터"), text()));
        assert!(check(json!("Zone-A"), Op::Prefix, json!("zone"), text()));
        assert!(!check(json!("a"), Op::Ne, json!("A"), text()));
    }

    #[test]
    fn numbers_compare_as_numbers() {
        assert!(check(json!(10), Op::Gt, json!(9), Spec::of(FieldType::Number)));
        assert!(check(json!("10"), Op::Gt, json!("9"), text()));
        assert!(check(json!("8.40"), Op::Eq, json!(8.4), text()));
        assert!(!check(json!("8.40"), Op::Eq, json!("8.4"), text()));
        assert!(check(json!(16), Op::Eq, json!("16.0"), Spec::of(FieldType::Number)));
        assert!(!check(json!("many"), Op::Gt, json!(3), text()));
    }

    #[test]
    fn words_compare_by_their_order() {
        let spec =
            Spec { r#type: FieldType::Text, words: vec!["info".into(), "주의".into(), "심각".into()] };
        assert!(check(json!("심각"), Op::Ge, json!("주의"), spec.clone()));
        assert!(check(json!("주의"), Op::Ge, json!("주의"), spec.clone()));
        assert!(!check(json!("INFO"), Op::Gt, json!("Info"), spec.clone()));
        assert!(!check(json!("other"), Op::Ge, json!("info"), spec));
    }

    #[test]
    fn moments_compare_as_moments() {
        let spec = Spec::of(FieldType::Time);
        assert!(check(
            json!("2025-12-01T09:00:00+09:00"),
            Op::Eq,
            json!("2025-12-01T00:00:00Z"),
            spec.clone()
        ));
        assert!(check(json!("2025-12-01T00:00:00Z"), Op::Lt, json!("2025-12-02"), spec));
    }

    #[test]
    fn an_absent_field_is_unequal_to_everything_and_ordered_with_nothing() {
        for absent in [json!(null), json!(""), json!([])] {
            assert!(check(absent.clone(), Op::Missing, json!(null), text()));
            assert!(!check(absent.clone(), Op::Exists, json!(null), text()));
            assert!(check(absent.clone(), Op::Ne, json!("x"), text()));
            assert!(check(absent.clone(), Op::NotIn, json!(["x"]), text()));
            assert!(!check(absent.clone(), Op::Eq, json!("x"), text()));
            assert!(!check(absent, Op::Lt, json!(1), text()));
        }
    }

    #[test]
    fn an_empty_list_selects_nothing() {
        assert!(!check(json!("a"), Op::In, json!([]), text()));
        assert!(check(json!("a"), Op::NotIn, json!([]), text()));
        assert!(check(json!("a"), Op::In, json!("A"), text()));
    }

    #[test]
    fn a_list_fits_when_a_member_does() {
        assert!(check(json!(["web", "prod"]), Op::Eq, json!("PROD"), text()));
        assert!(!check(json!(["web", "prod"]), Op::Ne, json!("prod"), text()));
        assert!(check(json!(["web"]), Op::NotIn, json!(["prod"]), text()));
    }

    #[test]
    fn an_unknown_field_is_named() {
        let error = Filter::new(&[Condition::new("nope", Op::Eq, "x")], |_| None).unwrap_err();
        assert!(error.to_api().message.en.contains("nope"));
    }
}
