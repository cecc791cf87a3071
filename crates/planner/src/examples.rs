//! Questions made from what an estate really has.

use model::{
    Lang,
    schema::{FieldRole, FieldType},
};

use crate::{
    Question,
    compose::{Josa, with_particle},
    vocabulary::Index,
};

impl Index {
    /// Five or six questions made from real items, fields, records and metrics of this estate, each of which can be
    /// planned.
    pub fn examples(&self, lang: Lang) -> Vec<String> {
        let as_of = self
            .catalogue()
            .records
            .iter()
            .filter_map(|r| r.covers)
            .chain(self.catalogue().metrics.iter().filter_map(|m| m.covers))
            .map(|c| c.1)
            .max()
            .unwrap_or_default();
        let mut out: Vec<String> = Vec::new();
        for q in self.candidates(lang) {
            let question = Question { text: &q, context: &[], as_of, tz: chrono_tz::UTC, lang: Some(lang) };
            if !out.contains(&q) && self.plans(&question) {
                out.push(q);
            }
            if out.len() == 6 {
                break;
            }
        }
        out
    }

    fn plans(&self, question: &Question<'_>) -> bool {
        let focus = crate::read::Focus::default();
        let turn = crate::read::turn::read(self, question.text, &focus, question.as_of, question.tz);
        turn.ask.is_ok()
    }

    fn candidates(&self, lang: Lang) -> Vec<String> {
        let ko = lang == Lang::Ko;
        let cat = self.catalogue();
        let mut out = Vec::new();
        let mut kinds: Vec<_> = cat.kinds.iter().filter(|k| k.count > 0).collect();
        kinds.sort_by(|a, b| b.count.cmp(&a.count).then(a.key.cmp(&b.key)));
        let label = |k: &model::Localized, key: &str| {
            let text = k.get(lang);
            if text.is_empty() { key.to_owned() } else { text.to_owned() }
        };
        for record in &cat.records {
            let name = label(&record.label, &record.key);
            if record.count > 0 && record.role == model::schema::RecordRole::Event {
                out.push(if ko {
                    format!("{} 가장 많은 항목 3개는?", with_particle(&name, Josa::Subject))
                } else {
                    format!("Which 3 items have the most {}?", crate::words::plural(&name))
                });
            }
        }
        if let Some(item) = self.middle_item() {
            let field = cat
                .fields
                .iter()
                .find(|f| f.role == Some(FieldRole::Owner) && item.fields.contains_key(&f.key))
                .or_else(|| {
                    cat.fields
                        .iter()
                        .find(|f| item.fields.contains_key(&f.key) && f.r#type == FieldType::Text)
                });
            if let Some(f) = field {
                let name = label(&f.label, &f.key);
                out.push(if ko {
                    format!("{}의 {name} 알려줘", item.code)
                } else {
                    format!("What is the {} of {}?", name.to_lowercase(), item.code)
                });
            }
        }
        if let Some(kind) = kinds.first() {
            let name = label(&kind.label, &kind.key);
            match self.role(FieldRole::System) {
                Some(f) => {
                    let by = label(&f.label, &f.key);
                    out.push(if ko {
                        format!("{by}별 {name} 수")
                    } else {
                        format!("Number of {} by {}", crate::words::plural(&name), by.to_lowercase())
                    });
                }
                None => out.push(if ko {
                    format!("{name} 몇 개야?")
                } else {
                    format!("How many {} are there?", crate::words::plural(&name))
                }),
            }
        }
        if let Some(m) = cat.metrics.iter().find(|m| !m.per_edge && m.series > 0).or(cat.metrics.first()) {
            let name = label(&m.label, &m.key);
            out.push(if ko {
                format!("{name} 평균이 가장 높은 항목은?")
            } else {
                format!("Which item had the highest average {}?", name.to_lowercase())
            });
        }
        if let Some(code) = self.impact_target() {
            out.push(if ko {
                format!("{code} 장애 시 영향받는 항목은?")
            } else {
                format!("What is affected if {code} fails?")
            });
        }
        for record in cat.records.iter().filter(|r| r.role != model::schema::RecordRole::Event && r.count > 0)
        {
            let name = label(&record.label, &record.key);
            if let Some(item) = self.middle_item() {
                out.push(if ko {
                    format!("{}의 가장 최근 {name} 내역", item.code)
                } else {
                    format!("Latest {} of {}", name.to_lowercase(), item.code)
                });
            }
        }
        if let Some(kind) = kinds.get(1).or(kinds.first()) {
            let name = label(&kind.label, &kind.key);
            out.push(if ko {
                format!("{name} 목록 보여줘")
            } else {
                format!("List all {}", crate::words::plural(&name))
            });
        }
        for kind in kinds.iter().take(4) {
            let name = label(&kind.label, &kind.key);
            out.push(if ko {
                format!("{name} 몇 개야?")
            } else {
                format!("How many {} are there?", crate::words::plural(&name))
            });
        }
        out
    }

    fn middle_item(&self) -> Option<&crate::vocabulary::Item> {
        let items = &self.vocabulary().items;
        items.get(items.len() / 2)
    }

    /// An item of a kind whose failures reach others.
    fn impact_target(&self) -> Option<String> {
        let v = self.vocabulary();
        let travel = |key: &str| v.catalogue.relations.iter().find(|r| r.key == key).map(|r| r.travel());
        let reaching = |l: &crate::vocabulary::Link| match travel(&l.r#type)? {
            way if way.to_source() => Some((l.count, l.target.clone())),
            way if way.to_target() => Some((l.count, l.source.clone())),
            _ => None,
        };
        let (_, kind) = v.links.iter().filter_map(reaching).max_by_key(|(count, _)| *count)?;
        v.items.iter().find(|i| i.kind == kind).map(|i| i.code.clone())
    }
}
