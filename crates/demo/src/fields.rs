//! What is known of every item: team, place, state, make, versions.

use serde_json::{Map, Value, json};

use crate::{
    Item,
    company::Company,
    estate::{Estate, Layer, Node},
    rng::Rng,
};

/// Items with their fields.
pub(crate) fn items(company: &Company, estate: &Estate, rng: &mut Rng) -> Vec<Item> {
    estate
        .nodes
        .iter()
        .enumerate()
        .map(|(i, node)| Item {
            code: node.code.clone(),
            name: node.name.clone(),
            kind: node.layer.kind(),
            fields: fields(company, estate, node, i, rng),
        })
        .collect()
}

fn fields(company: &Company, estate: &Estate, node: &Node, i: usize, rng: &mut Rng) -> Map<String, Value> {
    let mut fields = Map::new();
    let mut put = |key: &str, value: Value| {
        fields.insert(key.to_owned(), value);
    };
    let domain = node.domain.and_then(|d| estate.domains.get(d));
    if let Some(domain) = domain {
        put("system", json!(company.say(&domain.ko, &domain.en)));
    }
    let team = match node.layer {
        Layer::Service | Layer::App | Layer::Container => {
            let domain = domain.map(|d| company.say(&d.ko, &d.en).to_owned()).unwrap_or_default();
            company.team(&domain)
        }
        Layer::Database | Layer::Cache => company.team("db"),
        Layer::Queue => company.team("platform"),
        Layer::Vm | Layer::Host | Layer::Storage => company.team("infra"),
        Layer::Switch => company.team("network"),
    };
    put("owner", json!(team));
    let status = match rng.below(20) {
        0 => company.say("점검", "maintenance"),
        1 => company.say("예비", "standby"),
        _ => company.say("운영", "active"),
    };
    put("status", json!(status));
    let criticality = match node.layer {
        Layer::Service => rng.whole(4, 5),
        Layer::App | Layer::Database | Layer::Switch | Layer::Storage => rng.whole(3, 5),
        _ => rng.whole(1, 4),
    };
    put("criticality", json!(criticality));
    let place = company.places.get(i % company.places.len().max(1)).copied().unwrap_or_default();
    if matches!(node.layer, Layer::Vm | Layer::Host | Layer::Switch | Layer::Storage | Layer::Database) {
        put("location", json!(company.say(place.0, place.1)));
    }
    let environment =
        if rng.chance(0.9) { company.say("운영", "production") } else { company.say("개발", "staging") };
    match node.layer {
        Layer::Service => {
            put("manager", json!(company.person(rng)));
            put("sla_pct", json!(rng.pick(&[99.0, 99.5, 99.9]).copied().unwrap_or(99.0)));
        }
        Layer::App => {
            put("language", json!(rng.word(&["java", "kotlin", "go", "python", "nodejs", "rust"])));
            put("version", json!(format!("{}.{}.{}", rng.whole(1, 6), rng.whole(0, 20), rng.whole(0, 9))));
            put("environment", json!(environment));
        }
        Layer::Container => {
            put("cpu_cores", json!(rng.pick(&[1, 2, 4]).copied().unwrap_or(1)));
            put("memory_gb", json!(rng.pick(&[1, 2, 4, 8]).copied().unwrap_or(1)));
        }
        Layer::Cache => {
            put("engine", json!(rng.word(&["redis", "valkey", "memcached"])));
            put("version", json!(format!("{}.{}", rng.whole(6, 8), rng.whole(0, 4))));
            put("memory_gb", json!(rng.pick(&[8, 16, 32]).copied().unwrap_or(8)));
        }
        Layer::Queue => {
            put("engine", json!(rng.word(&["kafka", "rabbitmq", "nats"])));
            put("version", json!(format!("{}.{}", rng.whole(2, 4), rng.whole(0, 13))));
        }
        Layer::Database => {
            put("engine", json!(rng.word(&["postgresql", "mysql", "oracle", "mariadb"])));
            put("version", json!(format!("{}.{}", rng.whole(8, 17), rng.whole(0, 9))));
            put("environment", json!(environment));
            put("capacity_gb", json!(rng.pick(&[200, 500, 1_000, 2_000]).copied().unwrap_or(200)));
        }
        Layer::Vm => {
            put("os", json!(rng.word(&["Rocky 9", "Ubuntu 24.04", "RHEL 8", "Windows Server 2022"])));
            put("cpu_cores", json!(rng.pick(&[2, 4, 8, 16]).copied().unwrap_or(2)));
            put("memory_gb", json!(rng.pick(&[8, 16, 32, 64]).copied().unwrap_or(8)));
            put("ip", json!(address(10, 20, i)));
        }
        Layer::Host => {
            put("vendor", json!(rng.word(&["Dell", "HPE", "Lenovo"])));
            put("model", json!(rng.word(&["R760", "DL380", "SR650"])));
            put("cpu_cores", json!(rng.pick(&[32, 64, 96]).copied().unwrap_or(32)));
            put("memory_gb", json!(rng.pick(&[256, 512, 1_024]).copied().unwrap_or(256)));
            put("ip", json!(address(10, 10, i)));
        }
        Layer::Switch => {
            put("vendor", json!(rng.word(&["Cisco", "Arista", "Juniper"])));
            put("ports", json!(rng.pick(&[24, 48, 96]).copied().unwrap_or(24)));
            put("firmware", json!(format!("{}.{}", rng.whole(9, 17), rng.whole(1, 9))));
            put("ip", json!(address(10, 1, i)));
        }
        Layer::Storage => {
            put("vendor", json!(rng.word(&["NetApp", "Pure", "Hitachi"])));
            put("capacity_tb", json!(rng.pick(&[50, 100, 200, 400]).copied().unwrap_or(50)));
        }
    }
    fields
}

fn address(a: usize, b: usize, i: usize) -> String {
    format!("{a}.{b}.{}.{}", i / 250, i % 250 + 1)
}
