//! Vocabularies for tests: the sample estates read through their mappings, and an estate made up here.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::Read,
    path::{Path, PathBuf},
};

use chrono::{DateTime, Utc};
use model::{Localized, schema::*};
use planner::{Item, Link, Vocabulary};
use serde_json::{Map, Value};
use serde_yaml_ng::Value as Yaml;

pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

pub fn data() -> Option<PathBuf> {
    let path = root().join("../shared/data");
    path.join("estate/ci.csv").exists().then_some(path)
}

fn rows(path: &Path) -> Vec<BTreeMap<String, String>> {
    let mut bytes = Vec::new();
    let file = std::fs::File::open(path).unwrap();
    if path.extension().is_some_and(|e| e == "gz") {
        flate2::read::GzDecoder::new(file).read_to_end(&mut bytes).unwrap();
    } else {
        std::io::BufReader::new(file).read_to_end(&mut bytes).unwrap();
    }
    let mut reader = csv::Reader::from_reader(bytes.as_slice());
    let heads = reader.headers().unwrap().clone();
    reader
        .records()
        .flatten()
        .map(|r| heads.iter().map(str::to_owned).zip(r.iter().map(str::to_owned)).collect())
        .collect()
}

fn localized(y: &Yaml) -> Localized {
    let text = |k: &str| y["label"][k].as_str().unwrap_or_default().to_owned();
    Localized::new(text("ko"), text("en"))
}

fn synonyms(y: &Yaml) -> Vec<String> {
    y["synonyms"]
        .as_sequence()
        .map(|s| s.iter().filter_map(|v| v.as_str().map(str::to_owned)).collect())
        .unwrap_or_default()
}

fn role<T: serde::de::DeserializeOwned>(y: &Yaml) -> Option<T> {
    serde_yaml_ng::from_value(y["role"].clone()).ok()
}

fn number(text: &str) -> Value {
    text.parse::<i64>()
        .map(Value::from)
        .or_else(|_| text.parse::<f64>().map(Value::from))
        .unwrap_or_else(|_| Value::from(text))
}

fn time(text: &str) -> Option<DateTime<Utc>> {
    let text = text.replace(' ', "T");
    let text = if text.ends_with("+00") { format!("{}:00", text) } else { text };
    text.parse().ok()
}

fn field(key: &str, y: &Yaml, values: &BTreeMap<String, u64>) -> FieldDef {
    let mut list: Vec<(&String, &u64)> = values.iter().collect();
    list.sort_by(|a, b| b.1.cmp(a.1).then(a.0.cmp(b.0)));
    let text = y["type"].as_str() == Some("text");
    let numeric = !text && !values.is_empty() && values.keys().all(|v| v.parse::<f64>().is_ok());
    FieldDef {
        key: key.to_owned(),
        label: localized(y),
        r#type: if numeric { FieldType::Number } else { FieldType::Text },
        unit: y["unit"].as_str().unwrap_or_default().to_owned(),
        role: role(y),
        synonyms: synonyms(y),
        order: Vec::new(),
        values: if list.len() <= 200 { list.iter().map(|(v, _)| (*v).clone()).collect() } else { Vec::new() },
        distinct: list.len() as u64,
    }
}

/// The company's estate and the shop together, as one tenant would have them.
pub fn sample() -> Option<Vocabulary> {
    let data = data()?;
    let mapping = |name: &str| -> Yaml {
        serde_yaml_ng::from_str(
            &std::fs::read_to_string(root().join(format!("examples/mappings/{name}.yaml"))).unwrap(),
        )
        .unwrap()
    };
    let estate = mapping("estate");
    let shop = mapping("online-boutique");
    let mut items: BTreeMap<String, Item> = BTreeMap::new();
    let mut code_of: BTreeMap<String, String> = BTreeMap::new();
    for r in rows(&data.join("estate/ci.csv")) {
        let mut fields = Map::new();
        for (key, column) in [
            ("type", "ci_type"),
            ("category", "ci_category"),
            ("status", "status"),
            ("criticality", "criticality"),
            ("location", "location"),
            ("owner", "owner"),
        ] {
            fields.insert(
                key.into(),
                if key == "criticality" { number(&r[column]) } else { Value::from(r[column].clone()) },
            );
        }
        code_of.insert(r["ci_id"].clone(), r["ci_code"].clone());
        items.insert(
            r["ci_code"].clone(),
            Item {
                code: r["ci_code"].clone(),
                name: r["ci_name"].clone(),
                kind: r["ci_subtype"].clone(),
                fields,
            },
        );
    }
    for r in rows(&data.join("estate/ci_ext.csv")) {
        let item = items.get_mut(&code_of[&r["ci_id"]]).unwrap();
        for column in ["attributes", "tags"] {
            let map: Map<String, Value> = serde_json::from_str(&r[column]).unwrap();
            item.fields.extend(map.into_iter().filter(|(k, _)| k != "ci_subtype" && k != "role"));
        }
    }
    let mut edges: Vec<(String, String, String)> = rows(&data.join("estate/relations.csv"))
        .into_iter()
        .map(|r| (r["source_ci_code"].clone(), r["rel_type"].clone(), r["target_ci_code"].clone()))
        .collect();
    for r in rows(&data.join("online-boutique/dependency.csv")) {
        let node = r["Target"].starts_with(|c: char| c.is_ascii_digit());
        for (code, kind) in [(&r["Source"], "service"), (&r["Target"], if node { "node" } else { "service" })]
        {
            items.entry(code.clone()).or_insert_with(|| Item {
                code: code.clone(),
                name: code.clone(),
                kind: kind.into(),
                fields: Map::new(),
            });
        }
        edges.push((r["Source"].clone(), if node { "runs_on" } else { "calls" }.into(), r["Target"].clone()));
    }
    let kind_of = |code: &str| items.get(code).map(|i| i.kind.clone()).unwrap_or_default();
    let mut links: BTreeMap<(String, String, String), u64> = BTreeMap::new();
    for (s, t, target) in &edges {
        *links.entry((t.clone(), kind_of(s), kind_of(target))).or_default() += 1;
    }
    let mut values: BTreeMap<String, BTreeMap<String, u64>> = BTreeMap::new();
    for item in items.values() {
        for (k, v) in &item.fields {
            let entry = values.entry(k.clone()).or_default();
            match v {
                Value::Array(list) => list
                    .iter()
                    .for_each(|v| *entry.entry(v.as_str().unwrap_or_default().to_owned()).or_default() += 1),
                Value::String(s) => *entry.entry(s.clone()).or_default() += 1,
                other => *entry.entry(other.to_string()).or_default() += 1,
            }
        }
    }
    let mut catalogue = Catalogue::default();
    let entries = |y: &Yaml, key: &str| -> Vec<(String, Yaml)> {
        y[key]
            .as_mapping()
            .map(|m| m.iter().map(|(k, v)| (k.as_str().unwrap().to_owned(), v.clone())).collect())
            .unwrap_or_default()
    };
    let lists: BTreeSet<String> = items
        .values()
        .flat_map(|i| i.fields.iter().filter(|(_, v)| v.is_array()).map(|(k, _)| k.clone()))
        .collect();
    for y in [&estate, &shop] {
        for (key, y) in entries(y, "kinds") {
            let count = items.values().filter(|i| i.kind == key).count() as u64;
            catalogue.kinds.push(CiKind { key, label: localized(&y), synonyms: synonyms(&y), count });
        }
        for (key, y) in entries(y, "relations") {
            let count = edges.iter().filter(|e| e.1 == key).count() as u64;
            catalogue.relations.push(RelationType {
                key,
                label: localized(&y),
                synonyms: synonyms(&y),
                impact: true,
                forward: false,
                decided: true,
                count,
            });
        }
        for (key, y) in entries(y, "fields") {
            let empty = BTreeMap::new();
            let mut def = field(&key, &y, values.get(&key).unwrap_or(&empty));
            if lists.contains(&key) {
                def.r#type = FieldType::List;
            }
            catalogue.fields.push(def);
        }
    }
    let files = [
        ("event", "event_log.csv.gz", "time"),
        ("maintenance", "maintenance_history.csv", "start_time"),
        ("work", "work_history.csv", "start_time"),
    ];
    for (key, y) in entries(&estate, "records") {
        let (_, file, at) = files.iter().find(|(k, _, _)| *k == key).unwrap();
        let list = rows(&data.join("estate").join(file));
        let mut times: Vec<DateTime<Utc>> = list.iter().filter_map(|r| time(&r[*at])).collect();
        times.sort();
        let fields = entries(&y, "fields")
            .into_iter()
            .map(|(f, y)| {
                let mut counts: BTreeMap<String, u64> = BTreeMap::new();
                for r in &list {
                    *counts.entry(r[&f].clone()).or_default() += 1;
                }
                field(&f, &y, &counts)
            })
            .collect();
        catalogue.records.push(RecordKind {
            key,
            label: localized(&y),
            role: role(&y).unwrap(),
            synonyms: synonyms(&y),
            fields,
            count: list.len() as u64,
            covers: Some((*times.first().unwrap(), *times.last().unwrap())),
        });
    }
    let services: Vec<String> = items
        .values()
        .filter(|i| i.kind == "service" && i.code != "loadgenerator")
        .map(|i| i.code.clone())
        .collect();
    let covers = Some(("2022-08-22T03:51:19Z".parse().unwrap(), "2022-08-22T23:59:20Z".parse().unwrap()));
    let mut measured = BTreeMap::new();
    for (key, y) in entries(&shop, "metrics") {
        let front = key == "success_rate" || key.starts_with("latency");
        let edge = key.starts_with("call_latency");
        measured.insert(key.clone(), if front { vec!["frontend".to_owned()] } else { services.clone() });
        catalogue.metrics.push(MetricDef {
            key,
            label: localized(&y),
            unit: y["unit"].as_str().unwrap_or_default().to_owned(),
            synonyms: synonyms(&y),
            per_edge: edge,
            series: 11,
            covers,
        });
    }
    let links = links
        .into_iter()
        .map(|((r#type, source, target), count)| Link { r#type, source, target, count })
        .collect();
    let mut items: Vec<Item> = items.into_values().collect();
    items.sort_by(|a, b| a.code.cmp(&b.code));
    Some(Vocabulary { catalogue, items, measured, links, synonyms: Vec::new() })
}
