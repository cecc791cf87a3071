//! The mappings of `examples/` over the real files they were written for: every row is taken or left out for a reason.

use std::path::{Path, PathBuf};

use crate::common::{Folder, Kept};
use model::schema::{FieldRole, FieldType};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Runs an example over its data, where the data is there.
fn example(name: &str) -> Option<(ingest::Outcome, Kept)> {
    let data = root().join("../shared/data").join(name);
    if !data.is_dir() {
        eprintln!("skipped: {} is not there", data.display());
        return None;
    }
    let yaml = std::fs::read_to_string(root().join(format!("examples/mappings/{name}.yaml"))).unwrap();
    let mapping = ingest::parse(&yaml).unwrap();
    let mut kept = Kept::default();
    let outcome = ingest::run(&mapping, &Folder(data), [], &mut kept).unwrap();
    Some((outcome, kept))
}

#[test]
fn every_row_of_the_estate_goes_in() {
    let Some((outcome, kept)) = example("estate") else { return };
    assert_eq!(kept.rejects, []);
    assert_eq!(outcome.counts.read, 280 + 280 + 810 + 1_478 + 1_731 + 30_993);
    assert_eq!(outcome.counts.accepted, outcome.counts.read);
    assert_eq!(
        (kept.items.len(), kept.relations.len(), kept.records.len()),
        (280, 810, 1_478 + 1_731 + 30_993)
    );
    assert!(kept.patches.is_empty());
    let keys: std::collections::HashSet<_> = kept.records.iter().map(|r| (&r.kind, &r.key)).collect();
    assert_eq!(keys.len(), kept.records.len(), "every record has a key of its own");

    let server = &kept.items["srv-mon-03"].fields;
    assert_eq!(server["memory_gb"], 128);
    assert_eq!(server["system"], "mon");
    assert_eq!(kept.items["os-mes-02"].fields["version"], "8.4");
    let switch = &kept.items["net-mes-02"].fields;
    assert_eq!((&switch["ports"], &switch["vendor"]), (&24.into(), &"arista".into()));
    assert_eq!(kept.items["sys-scada"].fields["depends_on"], serde_json::json!(["mes"]));
    assert_eq!(kept.items["sys-scada"].fields["criticality"], 5);

    let field = |key: &str| outcome.catalogue.fields.iter().find(|f| f.key == key).unwrap();
    assert_eq!(field("criticality").r#type, FieldType::Number);
    assert_eq!(field("version").r#type, FieldType::Text);
    assert_eq!(field("connected_servers").r#type, FieldType::List);
    assert_eq!(field("owner").role, Some(FieldRole::Owner));
    assert!(field("type").synonyms.contains(&"ci_type".to_owned()), "the column's own name is a synonym");
    assert_eq!(outcome.catalogue.kinds.len(), 12);
    assert_eq!(outcome.catalogue.relations.len(), 7);
    let events = outcome.catalogue.records.iter().find(|r| r.key == "event").unwrap();
    assert_eq!(events.fields.iter().find(|f| f.key == "severity").unwrap().r#type, FieldType::Number);
    let work = outcome.catalogue.records.iter().find(|r| r.key == "work").unwrap();
    assert_eq!(work.fields.iter().find(|f| f.key == "duration_min").unwrap().unit, "min");
}

#[test]
fn every_row_of_the_boutique_goes_in_or_is_left_out_for_a_reason() {
    let Some((outcome, kept)) = example("online-boutique") else { return };
    assert_eq!(kept.rejects, []);
    let count = |kind: &str| kept.items.values().filter(|item| item.kind == kind).count();
    assert_eq!((count("service"), count("node")), (11, 10));
    let relations = |r#type: &str| kept.relations.iter().filter(|r| r.r#type == r#type).count();
    assert_eq!((relations("calls"), relations("runs_on")), (14, 12));
    assert_eq!(kept.items["cartservice"].fields["pod"], "cartservice-579f59597d-wc2lz");
    assert_eq!(kept.series.len(), 10 * 18 + 5 + 2 * 14);
    let codes = kept.codes();
    let edges = kept.series.iter().filter(|s| s.peer.is_some()).count();
    assert_eq!(edges, 28);
    let edge = kept
        .series
        .iter()
        .find(|s| {
            codes[&s.item] == "recommendationservice"
                && s.peer.is_some_and(|p| codes[&p] == "productcatalogservice")
        })
        .unwrap();
    assert!(kept.samples.iter().any(|s| s.series == edge.no));
    let front = kept.series.iter().find(|s| &*s.metric == "success_rate").unwrap();
    assert_eq!(codes[&front.item], "frontend");
    let samples: Vec<f64> = kept.samples.iter().filter(|s| s.series == front.no).map(|s| s.value).collect();
    assert_eq!(samples.iter().filter(|v| **v < 50.0).count(), 7);

    // what is missing in the samples is NaN or empty in the files
    let cells = 10 * 1_209 * 18 + 1_209 * 5 + 2 * 1_209 * 14;
    assert!(
        kept.samples.len() < cells && kept.samples.len() > cells * 9 / 10,
        "{} of {cells}",
        kept.samples.len()
    );
    assert_eq!(outcome.counts.read, outcome.counts.accepted + outcome.counts.skipped);
    let cpu = outcome.catalogue.metrics.iter().find(|m| m.key == "cpu_usage_rate").unwrap();
    assert!(cpu.synonyms.contains(&"CpuUsageRate(%)".to_owned()));
    assert_eq!(cpu.unit, "%");
}

#[test]
fn the_example_of_the_documentation_is_a_mapping() {
    for page in ["MAPPING.md", "MAPPING.ko.md"] {
        let text = std::fs::read_to_string(root().join("docs").join(page)).unwrap();
        let yaml = text.split("```yaml\n").find(|part| part.contains("files:")).unwrap();
        let yaml = yaml.split("```").next().unwrap();
        assert_eq!(
            ingest::parse(yaml).map_err(|problems| format!("{page}: {problems:#?}")).unwrap().files.len(),
            2
        );
    }
}
