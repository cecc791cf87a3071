//! What a question about records refers to: its kinds, and what a field name stands for.

use chrono::{DateTime, Utc};
use model::{
    Condition, Lang,
    answer::Column,
    schema::{FieldDef, FieldRole, FieldType, RecordKind},
    tools::RecordSelect,
};
use serde_json::Value;
use sqlx::{Postgres, QueryBuilder};

use super::conditions::push_condition;
use crate::{
    cmdb::{
        Snapshot,
        filter::{item_spec, moment},
        item_column, select,
        table::column,
    },
    error::{Error, Result},
};

/// What a name in a condition, grouping or measure stands for.
#[derive(Debug, Clone)]
pub(super) enum Term<'a> {
    /// When it happened or began.
    At,
    /// When it ended.
    Until,
    /// Kind of the record.
    Kind,
    /// Minutes between `at` and `until`.
    Duration,
    /// `weekday` or `hour_of_day` of the time it began, in a zone.
    Part(&'static str, String),
    /// A field of the kind.
    Field(&'a FieldDef),
    /// A field of the item it is about; `code` for the item itself.
    Item(String),
}

/// The kinds in question, and the estate they belong to.
pub(super) struct Scope<'a> {
    pub estate: &'a Snapshot,
    pub kinds: Vec<&'a RecordKind>,
    /// Zone of parts of time.
    pub tz: String,
}

impl<'a> Scope<'a> {
    /// The scope of one kind; an unknown one is an error that lists what there is.
    pub(super) fn one(estate: &'a Snapshot, key: &str) -> Result<Self> {
        Ok(Self { estate, kinds: vec![kind(estate, "select.kind", key)?], tz: "UTC".to_owned() })
    }

    /// What a name stands for.
    pub(super) fn term(&self, path: &str, name: &str) -> Result<Term<'a>> {
        match name {
            "at" => return Ok(Term::At),
            "until" => return Ok(Term::Until),
            "kind" => return Ok(Term::Kind),
            "ci" => return Ok(Term::Item("code".to_owned())),
            _ => {}
        }
        if let Some(field) = name.strip_prefix("ci.")
            && item_spec(self.estate, field).is_some()
        {
            return Ok(Term::Item(field.to_owned()));
        }
        if let Some(field) = self.field(name) {
            return Ok(Term::Field(field));
        }
        if name == "duration_min" {
            return Ok(Term::Duration);
        }
        if let Some(part) = ["weekday", "hour_of_day"].into_iter().find(|part| *part == name) {
            return Ok(Term::Part(part, self.tz.clone()));
        }
        let known: Vec<&str> =
            self.kinds.iter().flat_map(|k| k.fields.iter().map(|f| f.key.as_str())).collect();
        let known = known.join(", ");
        Err(Error::invalid(
            path,
            format!("기록에 '{name}' 필드가 없습니다. 있는 필드: at, until, ci, {known}"),
            format!("the records have no field '{name}'; there are at, until, ci, {known}"),
        ))
    }

    /// Definition of a field of the kinds.
    pub(super) fn field(&self, key: &str) -> Option<&'a FieldDef> {
        self.kinds.iter().find_map(|kind| kind.fields.iter().find(|f| f.key == key))
    }

    /// Keys of the fields with a role, over all kinds.
    pub(super) fn keys_of(&self, roles: &[FieldRole]) -> Vec<String> {
        let mut keys: Vec<String> = Vec::new();
        for field in self.kinds.iter().flat_map(|kind| &kind.fields) {
            if field.role.is_some_and(|role| roles.contains(&role)) && !keys.contains(&field.key) {
                keys.push(field.key.clone());
            }
        }
        keys
    }

    /// The time covered by records of the kinds, first to last.
    pub(super) fn covers(&self) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
        let mut spans = self.kinds.iter().filter_map(|kind| kind.covers);
        let first = spans.next()?;
        Some(spans.fold(first, |all, span| (all.0.min(span.0), all.1.max(span.1))))
    }

    /// The column of a name.
    pub(super) fn column(&self, name: &str, term: &Term<'_>, lang: Lang) -> Column {
        let pick = |ko: &str, en: &str| if lang == Lang::Ko { ko.to_owned() } else { en.to_owned() };
        match term {
            Term::At => column(name, pick("시각", "time"), "", false),
            Term::Until => column(name, pick("종료", "end"), "", false),
            Term::Kind => column(name, pick("종류", "kind"), "", false),
            Term::Duration => column(name, pick("소요 시간", "duration"), "min", true),
            Term::Part("weekday", _) => column(name, pick("요일", "weekday"), "", false),
            Term::Part(..) => column(name, pick("시간대", "hour of day"), "", true),
            Term::Field(field) => {
                column(name, field.label.get(lang), field.unit.as_str(), field.r#type == FieldType::Number)
            }
            Term::Item(field) if field == "code" => column(name, pick("대상", "item"), "", false),
            Term::Item(field) => item_column(self.estate, name, field, lang),
        }
    }
}

/// A kind of record by its key.
pub(super) fn kind<'a>(estate: &'a Snapshot, path: &str, key: &str) -> Result<&'a RecordKind> {
    estate.catalogue().records.iter().find(|kind| kind.key == key).ok_or_else(|| {
        let known = estate.catalogue().records.iter().map(|k| k.key.as_str()).collect::<Vec<_>>().join(", ");
        Error::invalid(
            path,
            format!("'{key}' 종류의 기록이 없습니다. 있는 종류: {known}"),
            format!("there is no kind of record '{key}'; there are {known}"),
        )
    })
}

/// A choice of records made ready: what a person should know of it, and its WHERE.
pub(super) struct Chosen<'a> {
    pub scope: Scope<'a>,
    pub notes: Vec<String>,
    items: Option<Vec<uuid::Uuid>>,
    from: Option<DateTime<Utc>>,
    to: Option<DateTime<Utc>>,
    filter: &'a [Condition],
}

impl<'a> Chosen<'a> {
    /// Reads a selection.
    pub(super) fn new(estate: &'a Snapshot, args: &'a RecordSelect, lang: Lang) -> Result<Self> {
        let mut scope = Scope::one(estate, &args.kind)?;
        scope.tz = zone("select.tz", &args.tz)?;
        let mut notes = Vec::new();
        let items = args.ci.as_ref().map(|codes| {
            let named = select::named(estate, codes, lang);
            notes.extend(named.notes);
            estate.ids(named.nodes)
        });
        let (from, to) = (time("select.from", args.from.as_ref())?, time("select.to", args.to.as_ref())?);
        notes.extend(coverage_note(scope.covers(), from, to, lang));
        Ok(Self { scope, notes, items, from, to, filter: &args.filter })
    }

    /// Writes the conditions of the choice, after `WHERE`.
    pub(super) fn push(&self, sql: &mut QueryBuilder<Postgres>, tenant: model::TenantId) -> Result<()> {
        sql.push("r.tenant_id = ").push_bind(tenant.0);
        let kinds: Vec<String> = self.scope.kinds.iter().map(|kind| kind.key.clone()).collect();
        sql.push(" AND r.kind = ANY (").push_bind(kinds).push(")");
        if let Some(items) = &self.items {
            sql.push(" AND r.ci_id = ANY (").push_bind(items.clone()).push(")");
        }
        if let Some(from) = self.from {
            sql.push(" AND r.at >= ").push_bind(from);
        }
        if let Some(to) = self.to {
            sql.push(" AND r.at < ").push_bind(to);
        }
        for (at, condition) in self.filter.iter().enumerate() {
            sql.push(" AND ");
            push_condition(sql, &self.scope, condition, &format!("select.filter[{at}]"))?;
        }
        Ok(())
    }
}

impl Chosen<'_> {
    /// How many parts of the calendar (`hour`, `day`, `week`, `month`) the choice spans, as far as the data go; none for
    /// other groups.
    pub(super) fn parts(&self, part: &str, tz: &str) -> u64 {
        let Some((first, last)) = self.scope.covers() else { return 0 };
        let zone: chrono_tz::Tz = tz.parse().unwrap_or(chrono_tz::UTC);
        let from = self.from.map_or(first, |from| from.max(first)).with_timezone(&zone).naive_local();
        // The end is not a member.
        let end = self.to.map_or(last, |to| (to - chrono::Duration::milliseconds(1)).min(last));
        let to = end.with_timezone(&zone).naive_local();
        if to < from {
            return 0;
        }
        let only: Vec<String> = self
            .filter
            .iter()
            .filter(|c| c.field == "weekday" && matches!(c.op, model::Op::Eq | model::Op::In))
            .flat_map(crate::cmdb::filter::operands)
            .filter_map(|v| v.as_str().map(str::to_owned))
            .collect();
        let hours = self.filter.iter().any(|c| c.field == "hour_of_day");
        let wanted = |day: &chrono::NaiveDate| {
            use chrono::Datelike;
            let name = crate::cmdb::table::WEEKDAYS
                .get(usize::try_from(day.weekday().num_days_from_monday()).unwrap_or(0))
                .copied()
                .unwrap_or_default();
            only.is_empty() || only.iter().any(|day| day == name)
        };
        let days = from.date().iter_days().take_while(|day| *day <= to.date()).take(100_000);
        let count = match part {
            "day" => days.filter(wanted).count(),
            "hour" if only.is_empty() && !hours => {
                use chrono::Timelike;
                let whole =
                    |t: chrono::NaiveDateTime| t.with_minute(0).and_then(|t| t.with_second(0)).unwrap_or(t);
                return u64::try_from((whole(to) - whole(from)).num_hours() + 1).unwrap_or(0);
            }
            "week" => {
                use chrono::Datelike;
                days.map(|day| day.iso_week()).collect::<std::collections::BTreeSet<_>>().len()
            }
            "month" => {
                use chrono::Datelike;
                days.map(|day| (day.year(), day.month())).collect::<std::collections::BTreeSet<_>>().len()
            }
            _ => 0,
        };
        u64::try_from(count).unwrap_or(0)
    }
}

/// Reads a moment of an argument: RFC 3339, a date, or milliseconds since 1970.
pub(crate) fn time(path: &str, value: Option<&Value>) -> Result<Option<DateTime<Utc>>> {
    let read = match value {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::String(text)) => moment(text),
        Some(Value::Number(ms)) => ms.as_i64().and_then(DateTime::from_timestamp_millis),
        Some(_) => None,
    };
    read.map(Some).ok_or_else(|| {
        Error::invalid(
            path,
            "시각을 읽을 수 없습니다. 2025-12-01T00:00:00Z 형식으로 적어 주세요",
            "the time cannot be read; write it as 2025-12-01T00:00:00Z",
        )
    })
}

/// Says that a window lies outside the time covered.
pub(crate) fn coverage_note(
    covers: Option<(DateTime<Utc>, DateTime<Utc>)>,
    from: Option<DateTime<Utc>>,
    to: Option<DateTime<Utc>>,
    lang: Lang,
) -> Option<String> {
    let Some((first, last)) = covers else {
        return Some(match lang {
            Lang::Ko => "아직 데이터가 없습니다".to_owned(),
            Lang::En => "there is no data yet".to_owned(),
        });
    };
    if from.is_none_or(|from| from <= last) && to.is_none_or(|to| to > first) {
        return None;
    }
    let show = |at: DateTime<Utc>| at.format("%Y-%m-%d %H:%M UTC").to_string();
    Some(match lang {
        Lang::Ko => {
            format!("요청한 기간에는 데이터가 없습니다. 데이터가 있는 기간: {} ~ {}", show(first), show(last))
        }
        Lang::En => {
            format!("the window lies outside the data, which covers {} to {}", show(first), show(last))
        }
    })
}

/// A moment as tools and lists write it.
pub(crate) fn stamp(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true)
}

/// The name of a time zone; UTC when none was given.
pub(super) fn zone(path: &str, tz: &str) -> Result<String> {
    if tz.is_empty() {
        return Ok("UTC".to_owned());
    }
    tz.parse::<chrono_tz::Tz>().map(|tz| tz.name().to_owned()).map_err(|_| {
        Error::invalid(
            path,
            format!("'{tz}' 시간대를 알 수 없습니다. Asia/Seoul처럼 IANA 이름을 쓰세요"),
            format!("unknown time zone '{tz}'; use an IANA name such as Asia/Seoul"),
        )
    })
}
