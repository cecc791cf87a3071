//! Fields of items, relations and records: from columns, and from the entries of JSON objects.

use std::collections::{BTreeMap, HashMap, HashSet};

use model::imports::FieldNaming;
use serde_json::{Map, Value};

use super::{compile::Compiler, survey::Kinds};
use crate::{
    catalogue::{Observer, Seen},
    path::{At, Path},
    read::Row,
    say::{self, Refusal},
    time::Times,
    value::{Kind, tidy, typed},
};

/// How deep objects inside objects become fields of their own (`net.ip`).
const DEEPEST: usize = 4;

/// Whose fields they are.
#[derive(Debug, Clone, Copy)]
pub(super) enum Scope<'a> {
    Items,
    Relations,
    Records(&'a str),
}

/// How the fields of a file are read.
pub(super) struct FieldPlan<'a> {
    scope: Scope<'a>,
    direct: Vec<Direct>,
    /// Objects whose entries become fields: what is put before their names, and where they are.
    spread: Vec<(String, String, Path)>,
    skip: HashSet<String>,
    /// Keys of JSON rows that are read elsewhere.
    used: HashSet<String>,
    naming: Option<&'a BTreeMap<String, FieldNaming>>,
    times: Times,
    seen: HashMap<String, Seen>,
}

struct Direct {
    key: String,
    column: String,
    path: Path,
    kind: Kind,
    seen: Seen,
}

impl<'a> FieldPlan<'a> {
    /// A plan; `used` are the columns the row means something else by, `kinds` what the survey found.
    pub fn new(
        compiler: &mut Compiler<'a>,
        scope: Scope<'a>,
        fields: &'a BTreeMap<String, String>,
        skip: &'a [String],
        used: &[&str],
        kinds: &Kinds,
    ) -> Self {
        let mapping = compiler.mapping;
        let naming = match scope {
            Scope::Items => Some(&mapping.fields),
            Scope::Relations => None,
            Scope::Records(kind) => mapping.records.get(kind).map(|naming| &naming.fields),
        };
        let zone = model::imports::TimeRef::default();
        let mut plan = Self {
            scope,
            direct: Vec::new(),
            spread: Vec::new(),
            skip: skip.iter().cloned().collect(),
            used: used.iter().map(|name| (*name).to_owned()).collect(),
            naming,
            times: Times::new(&zone, &mapping.tz).unwrap_or_else(|_| Times::auto()),
            seen: HashMap::new(),
        };
        let (stars, plain): (Vec<_>, Vec<_>) = fields.iter().partition(|(key, _)| key.ends_with('*'));
        for (key, column) in plain {
            let path = compiler.lenient(&format!("fields.{key}"), column);
            plan.used.insert(column.clone());
            plan.used.extend(path.key().map(str::to_owned));
            plan.add(key, column, path, kinds);
        }
        for (key, columns) in stars {
            let prefix = key.trim_end_matches('*');
            for column in columns.split(',').map(str::trim).filter(|c| !c.is_empty()) {
                match compiler.head {
                    Some(head) if column == "*" => plan.rest(prefix, head, kinds),
                    _ => {
                        let path = compiler.lenient(&format!("fields.{key}"), column);
                        plan.used.insert(column.to_owned());
                        plan.spread.push((prefix.to_owned(), column.to_owned(), path));
                    }
                }
            }
        }
        plan
    }

    fn add(&mut self, key: &str, column: &str, path: Path, kinds: &Kinds) {
        let kind = match self.naming.and_then(|naming| naming.get(key)).and_then(|naming| naming.r#type) {
            Some(declared) => Kind::declared(declared, &self.times),
            None => kinds.of(key),
        };
        let seen = Seen::default();
        self.direct.push(Direct { key: key.to_owned(), column: column.to_owned(), path, kind, seen });
    }

    /// Every column not read elsewhere.
    fn rest(&mut self, prefix: &str, head: &[String], kinds: &Kinds) {
        for (i, column) in head.iter().enumerate() {
            if !self.used.contains(column) && !self.skip.contains(column) {
                self.add(&format!("{prefix}{column}"), column, Path::Column(i), kinds);
            }
        }
    }

    /// Columns of CSV whose type the survey has to find out.
    pub fn open_columns(&self) -> Vec<(String, usize)> {
        self.direct
            .iter()
            .filter(|direct| matches!(direct.kind, Kind::AsGiven))
            .filter_map(|direct| match direct.path {
                Path::Column(column) => Some((direct.key.clone(), column)),
                _ => None,
            })
            .collect()
    }

    /// The fields of a row.
    pub fn read(&mut self, row: Row<'_>) -> Result<Map<String, Value>, Refusal> {
        let mut fields = Map::new();
        // entries of objects first, so that a column named on its own wins
        for i in 0..self.spread.len() {
            let Some((prefix, column, path)) = self.spread.get(i).cloned() else { continue };
            let whole = matches!(path, Path::Row);
            match path.object(row) {
                At::Nothing => {}
                At::Json(value) => match value.as_ref() {
                    Value::Object(map) => self.entries(&prefix, map, whole, 1, &mut fields)?,
                    other => return Err(say::not_an_object(&column, &other.to_string())),
                },
                At::Cell(text) => return Err(say::not_an_object(&column, &text)),
                At::Broken(text) => return Err(say::bad_json(&column, text)),
            }
        }
        for direct in &mut self.direct {
            let at = direct.path.at(row);
            if let Some(value) = typed(&direct.column, &at, &direct.kind)? {
                direct.seen.see(&value, matches!(direct.kind, Kind::Time(_)));
                fields.insert(direct.key.clone(), value);
            }
        }
        Ok(fields)
    }

    fn entries(
        &mut self,
        prefix: &str,
        map: &Map<String, Value>,
        whole: bool,
        depth: usize,
        fields: &mut Map<String, Value>,
    ) -> Result<(), Refusal> {
        for (name, value) in map {
            let name = tidy(name);
            if self.skip.contains(name.as_ref()) || (whole && self.used.contains(name.as_ref())) {
                continue;
            }
            let key = format!("{prefix}{name}");
            if let Value::Object(inner) = value
                && depth < DEEPEST
            {
                self.entries(&format!("{key}."), inner, false, depth + 1, fields)?;
                continue;
            }
            let kind = match self.naming.and_then(|naming| naming.get(&key)).and_then(|naming| naming.r#type)
            {
                Some(declared) => Kind::declared(declared, &self.times),
                None => Kind::AsGiven,
            };
            let at = match value {
                Value::Null => At::Nothing,
                Value::String(text) if text.trim().is_empty() => At::Nothing,
                other => At::Json(std::borrow::Cow::Borrowed(other)),
            };
            if let Some(value) = typed(&key, &at, &kind)? {
                self.seen.entry(key.clone()).or_default().see(&value, matches!(kind, Kind::Time(_)));
                fields.insert(key, value);
            }
        }
        Ok(())
    }

    /// Tells the catalogue what was seen.
    pub fn tell(self, observer: &mut Observer) {
        let scope = match self.scope {
            Scope::Items => None,
            Scope::Records(kind) => Some(kind),
            Scope::Relations => return,
        };
        for direct in self.direct {
            observer.field(scope, &direct.key, &direct.column, direct.seen);
        }
        for (key, seen) in self.seen {
            observer.field(scope, &key, &key, seen);
        }
    }
}

/// The columns a row reads for other things than fields.
pub(super) fn used<'a>(columns: &[&'a str]) -> Vec<&'a str> {
    columns.iter().copied().filter(|column| !column.is_empty() && !column.starts_with('=')).collect()
}
