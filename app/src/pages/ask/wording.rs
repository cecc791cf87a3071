//! Columns and values of an answer in the language of its reader: labels where the data have keys.

use leptos::prelude::*;
use model::{
    Lang,
    answer::{AskResponse, Column},
    plan::Kind,
    schema::{FieldDef, FieldRole},
};
use serde_json::{Map, Value};

use super::{blocks::show, state::TurnState};
use crate::{
    i18n::{self, trade},
    ui::{
        Remote, Tone,
        estate::{Book, severity, status_tone, use_book},
    },
};

/// The catalogue, read once for the whole conversation.
pub fn provide_book() {
    provide_context(use_book());
}

/// The catalogue of the conversation.
pub fn book() -> Remote<Book> {
    use_context::<Remote<Book>>().unwrap_or_else(use_book)
}

/// A value as it is shown.
#[derive(Debug, Clone, PartialEq)]
pub struct Said {
    /// In words.
    pub text: String,
    /// Its shape and colour; none for what is no state.
    pub tone: Option<Tone>,
}

impl Said {
    fn plain(text: impl Into<String>) -> Self {
        Self { text: text.into(), tone: None }
    }
}

/// How the columns of one step are read.
#[derive(Clone)]
pub struct Wording {
    book: Option<Book>,
    lang: Lang,
    /// The kind of record the step looked at.
    record: Option<String>,
}

impl Wording {
    /// For the step behind a number of evidence; `book` may still be on its way.
    pub fn of(turn: TurnState, n: Option<u32>, book: Option<Book>) -> Self {
        let lang = turn.plan.with_untracked(|plan| plan.as_ref().map_or_else(i18n::lang, |plan| plan.lang));
        let record = turn.answer.with_untracked(|answer| record_of(answer.as_ref()?, n?));
        Self { book, lang, record }
    }

    /// The language of the answer.
    pub fn lang(&self) -> Lang {
        self.lang
    }

    /// A stored word that stands alone.
    pub fn word(&self, stored: &str) -> String {
        trade::word(stored, self.lang).map_or_else(|| stored.to_owned(), str::to_owned)
    }

    /// The field of the catalogue a column shows.
    fn field(&self, key: &str) -> Option<&FieldDef> {
        let book = self.book.as_ref()?;
        if let Some(own) = ["ci.", "source.", "target."].iter().find_map(|prefix| key.strip_prefix(prefix)) {
            return book.field(own);
        }
        match self.record.as_deref().and_then(|kind| book.record_def(kind)) {
            Some(record) => record.fields.iter().find(|field| field.key == key),
            None => book.field(key),
        }
    }

    /// The head of a column that the answer gives no name.
    pub fn head(&self, key: &str) -> String {
        let label = self.field(key).map(|field| field.label.get(self.lang)).filter(|label| !label.is_empty());
        label.or_else(|| trade::column(key, self.lang)).unwrap_or(key).to_owned()
    }

    /// A value in words.
    pub fn say(&self, column: &Column, row: &Map<String, Value>) -> Said {
        let key = column.key.as_str();
        let Some(value) = row.get(key).filter(|value| !value.is_null()) else { return Said::plain("") };
        if let Some(unit) = self.unit_of_row(column, row) {
            return Said::plain(format!("{} {unit}", show(Some(value))));
        }
        let field = self.field(key);
        if let (Some(field), Some(number)) = (field, value.as_f64())
            && field.unit.is_empty()
            && field.role.is_none()
        {
            // A bare number of a field may be a port or a year, where a separator would be wrong.
            return Said::plain(number.to_string());
        }
        if let Some(role) = field.and_then(|field| field.role).or_else(|| tool_role(key)) {
            return self.state(role, field, value);
        }
        let Value::String(text) = value else { return Said::plain(self.number_word(key, value)) };
        Said::plain(self.key_word(key, text, field.is_some()).unwrap_or_else(|| show(Some(value))))
    }

    /// Where the rows of a table are of several metrics, each value stands with the unit of its own.
    fn unit_of_row(&self, column: &Column, row: &Map<String, Value>) -> Option<&str> {
        let measured = matches!(column.key.as_str(), "value" | "expected");
        let metric =
            row.get("metric").and_then(Value::as_str).filter(|_| measured && column.unit.is_empty())?;
        let unit = trade::unit(self.book.as_ref()?.metric_def(metric)?.unit.as_str(), self.lang);
        (!unit.is_empty()).then_some(unit)
    }

    /// A state, a level, a result, a category: its word, and its shape where it has one.
    fn state(&self, role: FieldRole, field: Option<&FieldDef>, value: &Value) -> Said {
        let text = show(Some(value));
        let word = trade::word(&text, self.lang).map_or_else(|| text.clone(), str::to_owned);
        let tone = match (role, field) {
            (FieldRole::Severity, Some(field)) => Some(severity(field, value).tone),
            (FieldRole::Severity | FieldRole::Status | FieldRole::Outcome, _) => Some(status_tone(&text)),
            (FieldRole::Category, _) => None,
            _ => return Said::plain(text),
        };
        Said { text: word, tone: tone.filter(|tone| *tone != Tone::Neutral) }
    }

    /// A number that tools make, as it is read.
    fn number_word(&self, key: &str, value: &Value) -> String {
        match (key, value.as_f64(), self.lang) {
            ("hour_of_day", Some(hour), Lang::Ko) => format!("{hour}시"),
            ("hour_of_day", Some(hour), Lang::En) => format!("{hour}:00"),
            ("confidence", Some(share), _) if (0.0..=1.0).contains(&share) => {
                format!("{} %", (share * 100.0).round())
            }
            _ => show(Some(value)),
        }
    }

    /// The label of a key of the catalogue, or the word of a tool.
    fn key_word(&self, key: &str, text: &str, of_field: bool) -> Option<String> {
        let label = |label: &model::Localized| {
            let label = label.get(self.lang);
            (!label.is_empty()).then(|| label.to_owned())
        };
        let book = self.book.as_deref();
        match key {
            "kind" | "ci.kind" | "source.kind" | "target.kind" => {
                book?.kinds.iter().find(|kind| kind.key == text).and_then(|kind| label(&kind.label))
            }
            _ if of_field => None,
            "via" | "type" => {
                book?.relations.iter().find(|r| r.key == text).and_then(|relation| label(&relation.label))
            }
            "metric" => book?.metrics.iter().find(|m| m.key == text).and_then(|metric| label(&metric.label)),
            "form" => trade::form(text, self.lang).map(str::to_owned),
            "weekday" => trade::weekday(text, self.lang).map(str::to_owned),
            "resource" => serde_json::from_value::<model::rca::Resource>(Value::String(text.to_owned()))
                .ok()
                .and_then(|resource| label(&resource.label())),
            _ => None,
        }
    }
}

/// Columns that tools make out of fields with a meaning.
fn tool_role(key: &str) -> Option<FieldRole> {
    (key == "outcome").then_some(FieldRole::Outcome)
}

/// The kind of record a step of the answer looked at.
fn record_of(answer: &AskResponse, n: u32) -> Option<String> {
    let step = &answer.evidence.iter().find(|evidence| evidence.n == n)?.step;
    // A step of another way is named with the number of the change before it.
    let own = step.rsplit('.').next().unwrap_or(step);
    let node = answer.plan.as_ref()?.nodes().into_iter().find(|node| node.id == *step || node.id == own)?;
    let args = match &node.kind {
        Kind::Tool { args, .. } => args,
        Kind::ForEach { body, .. } => match &body.kind {
            Kind::Tool { args, .. } => args,
            _ => return None,
        },
        _ => return None,
    };
    args.get("select")?.get("kind")?.as_str().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn said(lang: Lang, key: &str, value: Value) -> Said {
        let column = Column { key: key.into(), label: String::new(), unit: String::new(), numeric: false };
        let row = Map::from_iter([(key.to_owned(), value)]);
        Wording { book: None, lang, record: None }.say(&column, &row)
    }

    #[test]
    fn words_of_tools_are_said_in_the_language_of_the_answer() {
        assert_eq!(said(Lang::Ko, "weekday", json!("mon")).text, "월요일");
        assert_eq!(said(Lang::Ko, "form", json!("high")).text, "평소보다 높음");
        let outcome = said(Lang::Ko, "outcome", json!("success"));
        assert_eq!(outcome, Said { text: "성공".into(), tone: Some(Tone::Ok) });
        assert_eq!(said(Lang::En, "outcome", json!("실패")).text, "failed");
        assert_eq!(said(Lang::Ko, "outcome", Value::Null).text, "");
        assert_eq!(said(Lang::En, "hour_of_day", json!(9)).text, "9:00");
        assert_eq!(said(Lang::Ko, "confidence", json!(0.49)).text, "49 %");
        let wording = Wording { book: None, lang: Lang::Ko, record: None };
        assert_eq!((wording.head("hops").as_str(), wording.head("x_y").as_str()), ("떨어진 단계", "x_y"));
    }
}
