//! What every operation has in common, written into the description once: how it fails, and how large its whole numbers
//! may be.

use serde_json::{Value, json};
use utoipa::openapi::{
    Content, ContentBuilder, OpenApi, Ref, RefOr, ResponseBuilder,
    path::{Operation, PathItem},
};

/// The description with failures and limits of numbers said exactly.
pub(super) fn exactly(mut api: OpenApi) -> serde_json::Result<Value> {
    for item in api.paths.paths.values_mut() {
        for operation in operations(item) {
            let failures = &mut operation.responses.responses;
            let open = operation
                .security
                .as_ref()
                .is_some_and(|all| all.iter().all(|one| *one == Default::default()));
            if !open && !failures.contains_key("401") {
                failures.insert("401".to_owned(), failure("Nobody is signed in, or the session has ended"));
            }
            failures.insert(
                "default".to_owned(),
                failure("Any other failure; `docs/ERRORS.md` lists the kinds with what to do about each"),
            );
        }
    }
    // The types of the description know no unsigned numbers.
    let mut value = serde_json::to_value(&api)?;
    unsigned(&mut value);
    Ok(value)
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    let PathItem { get, put, post, delete, patch, .. } = item;
    [get, put, post, delete, patch].into_iter().flatten()
}

fn failure(description: &str) -> RefOr<utoipa::openapi::Response> {
    let body: Content =
        ContentBuilder::new().schema(Some(Ref::from_schema_name("Envelope_ApiError"))).build();
    ResponseBuilder::new().description(description).content("application/json", body).build().into()
}

/// `int32` that is never negative is a `uint32` with its own end, and so for 64 bits.
fn unsigned(value: &mut Value) {
    match value {
        Value::Object(map) => {
            if map.get("type") == Some(&json!("integer")) && map.get("minimum") == Some(&json!(0)) {
                let end = match map.get("format").and_then(Value::as_str) {
                    Some("int32") => Some(("uint32", u64::from(u32::MAX))),
                    Some("int64") => Some(("uint64", u64::MAX)),
                    _ => None,
                };
                if let Some((format, most)) = end {
                    map.insert("format".to_owned(), json!(format));
                    map.entry("maximum").or_insert(json!(most));
                }
            }
            map.values_mut().for_each(unsigned);
        }
        Value::Array(list) => list.iter_mut().for_each(unsigned),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_that_are_never_negative_say_where_they_end() {
        let mut schema = json!({"properties": {
            "limit": {"type": "integer", "format": "int32", "minimum": 0},
            "cis": {"type": "integer", "format": "int32", "minimum": 0, "maximum": 9},
            "by": {"type": "integer", "format": "int32"},
        }});
        unsigned(&mut schema);
        let properties = &schema["properties"];
        assert_eq!(properties["limit"]["maximum"], json!(u32::MAX));
        assert_eq!(
            (&properties["limit"]["format"], &properties["cis"]["maximum"]),
            (&json!("uint32"), &json!(9))
        );
        assert_eq!(properties["by"]["format"], "int32");
    }

    #[test]
    fn every_operation_says_how_it_fails_and_the_numbers_survive_being_written() {
        let api = crate::rest::openapi().expect("a description");
        let paths = api["paths"].as_object().expect("paths");
        for (path, item) in paths {
            for (method, operation) in item.as_object().expect("an item") {
                assert!(operation["responses"]["default"].is_object(), "{method} {path}");
                let open = operation["security"] == json!([{}]);
                assert_eq!(
                    operation["responses"]["401"].is_object(),
                    !open || path.ends_with("sign-in") || path.ends_with("refresh"),
                    "{method} {path}"
                );
            }
        }
        let limit = &api["components"]["schemas"]["CiListQuery"]["properties"]["limit"];
        assert_eq!((&limit["format"], &limit["maximum"]), (&json!("uint32"), &json!(u32::MAX)));
    }
}
