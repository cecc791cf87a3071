//! JSON schemas of arguments and outputs of tools, made from the types themselves.

use serde_json::{Map, Value, json};
use utoipa::ToSchema;

/// The schema of a type with everything it refers to below `$defs`.
pub fn of<T: ToSchema>() -> Value {
    let mut parts = Vec::new();
    T::schemas(&mut parts);
    let mut schema = plain(&T::schema());
    let defs: Map<String, Value> = parts.iter().map(|(name, schema)| (name.clone(), plain(schema))).collect();
    if let (Some(schema), false) = (schema.as_object_mut(), defs.is_empty()) {
        schema.insert("$defs".to_owned(), Value::Object(defs));
    }
    schema
}

/// The same as plain JSON, with references that stay inside of it.
fn plain<S: serde::Serialize>(schema: &S) -> Value {
    let mut schema = serde_json::to_value(schema).unwrap_or(Value::Bool(true));
    inside(&mut schema);
    schema
}

fn inside(schema: &mut Value) {
    match schema {
        Value::Object(fields) => {
            if let Some(Value::String(target)) = fields.get_mut("$ref")
                && let Some(name) = target.strip_prefix("#/components/schemas/")
            {
                *target = format!("#/$defs/{name}");
            }
            fields.values_mut().for_each(inside);
        }
        Value::Array(items) => items.iter_mut().for_each(inside),
        _ => {}
    }
}

/// The schema of the output of a tool whose rows always have these columns; more may come with its arguments.
pub fn output(columns: &[(&str, &str)]) -> Value {
    let row: Map<String, Value> =
        columns.iter().map(|(name, kind)| ((*name).to_owned(), json!({ "type": kind }))).collect();
    json!({
        "type": "object",
        "properties": {
            "columns": { "type": "array" },
            "rows": { "type": "array", "items": { "type": "object", "properties": row } },
            "total": { "type": "integer" },
            "truncated": { "type": "boolean" },
            "graph": { "type": "object" },
            "series": { "type": "array" },
            "hypotheses": { "type": "array" },
            "notes": { "type": "array", "items": { "type": "string" } },
        },
        "additionalProperties": false,
    })
}
