//! As much of JSON schema as the schemas of tools use: type, properties, required, items, enum, choices, references.

use serde_json::{Map, Value};

/// What does not fit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Misfit {
    /// A field that must be there is not.
    Missing(String),
    /// A field nobody knows, and those that are known.
    Unknown(String, Vec<String>),
    /// A value of another type, and what is wanted.
    Type(String),
    /// A value that is not in the list.
    Choice(Vec<String>),
}

/// A schema inside the document whose `$defs` it refers to.
#[derive(Clone, Copy)]
pub struct Schema<'a> {
    root: &'a Value,
    here: &'a Value,
}

/// Types a value may have, as far as the schema says; empty for any.
type Types<'a> = Vec<&'a str>;

impl<'a> Schema<'a> {
    pub fn new(root: &'a Value) -> Self {
        Self { root, here: root }.followed()
    }

    fn at(self, here: &'a Value) -> Self {
        Self { here, ..self }.followed()
    }

    /// The schema a reference stands for.
    fn followed(mut self) -> Self {
        for _ in 0..8 {
            let Some(name) =
                self.here.get("$ref").and_then(Value::as_str).and_then(|to| to.strip_prefix("#/$defs/"))
            else {
                break;
            };
            let Some(target) = self.root.get("$defs").and_then(|defs| defs.get(name)) else { break };
            self.here = target;
        }
        self
    }

    fn properties(self) -> Option<&'a Map<String, Value>> {
        self.here.get("properties").and_then(Value::as_object)
    }

    fn choices(self) -> impl Iterator<Item = Schema<'a>> {
        ["oneOf", "anyOf", "allOf"]
            .into_iter()
            .filter_map(move |key| self.here.get(key).and_then(Value::as_array))
            .flatten()
            .map(move |choice| self.at(choice))
    }

    /// The schema of a field.
    pub fn field(self, name: &str) -> Option<Self> {
        self.properties().and_then(|fields| fields.get(name)).map(|field| self.at(field))
    }

    /// The schema of members of a list.
    pub fn items(self) -> Option<Self> {
        self.here.get("items").filter(|items| items.is_object()).map(|items| self.at(items))
    }

    /// True when no other fields may be there.
    pub fn closed(self) -> bool {
        self.here.get("additionalProperties") == Some(&Value::Bool(false))
    }

    /// Types it may have; empty when it may be anything.
    pub fn types(self) -> Types<'a> {
        let own: Types<'a> = match self.here.get("type") {
            Some(Value::String(one)) => vec![one.as_str()],
            Some(Value::Array(many)) => many.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        };
        if !own.is_empty() {
            return own;
        }
        let mut all = Vec::new();
        for choice in self.choices() {
            let types = choice.types();
            if types.is_empty() {
                return Vec::new();
            }
            all.extend(types);
        }
        all
    }

    /// Everything in a value that does not fit, with its place. `open` says which values are not looked at: references
    /// that get their value later.
    pub fn check(
        self,
        value: &Value,
        path: &str,
        open: &dyn Fn(&Value) -> bool,
        out: &mut Vec<(String, Misfit)>,
    ) {
        if open(value) {
            return;
        }
        let choices: Vec<Schema<'a>> = self.choices().collect();
        if !choices.is_empty() {
            let mut fewest: Option<Vec<(String, Misfit)>> = None;
            for choice in choices {
                let mut misfits = Vec::new();
                choice.check(value, path, open, &mut misfits);
                if misfits.is_empty() {
                    return;
                }
                // What goes deepest into the value says most about it.
                let better = fewest.as_ref().is_none_or(|best| depth(&misfits) > depth(best));
                if better {
                    fewest = Some(misfits);
                }
            }
            out.extend(fewest.into_iter().flatten());
            return;
        }
        let types = self.types();
        if !types.is_empty() && !types.iter().any(|wanted| is(value, wanted)) {
            out.push((path.to_owned(), Misfit::Type(types.join(" | "))));
            return;
        }
        if let Some(list) = self.here.get("enum").and_then(Value::as_array)
            && !list.contains(value)
        {
            let list =
                list.iter().map(|one| one.as_str().map_or_else(|| one.to_string(), str::to_owned)).collect();
            out.push((path.to_owned(), Misfit::Choice(list)));
        }
        match value {
            Value::Object(fields) => self.object(fields, path, open, out),
            Value::Array(members) => {
                // A fixed list names the schema of each place.
                let places = self.here.get("prefixItems").and_then(Value::as_array);
                for (i, member) in members.iter().enumerate() {
                    let place = places.and_then(|places| places.get(i)).map(|place| self.at(place));
                    if let Some(schema) = place.or_else(|| self.items()) {
                        schema.check(member, &format!("{path}[{i}]"), open, out);
                    }
                }
            }
            _ => {}
        }
    }

    fn object(
        self,
        fields: &Map<String, Value>,
        path: &str,
        open: &dyn Fn(&Value) -> bool,
        out: &mut Vec<(String, Misfit)>,
    ) {
        let required = self.here.get("required").and_then(Value::as_array).into_iter().flatten();
        for name in required.filter_map(Value::as_str).filter(|name| !fields.contains_key(*name)) {
            out.push((path.to_owned(), Misfit::Missing(name.to_owned())));
        }
        for (name, value) in fields {
            let place = format!("{path}.{name}");
            match self.field(name) {
                Some(schema) => schema.check(value, &place, open, out),
                None if self.closed() => {
                    let known =
                        self.properties().map(|all| all.keys().cloned().collect()).unwrap_or_default();
                    out.push((place, Misfit::Unknown(name.clone(), known)));
                }
                None => {}
            }
        }
    }
}

fn depth(misfits: &[(String, Misfit)]) -> usize {
    misfits.iter().map(|(path, _)| path.len()).max().unwrap_or(0)
}

/// Whether a value is of a type of JSON schema.
pub fn is(value: &Value, wanted: &str) -> bool {
    match wanted {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.as_f64().is_some_and(|number| number.fract() == 0.0),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        _ => true,
    }
}
