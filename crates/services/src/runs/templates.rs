//! Plans kept under a name and called with arguments.

use chrono::{DateTime, Utc};
use model::{
    ApiError, ErrorCode, perm,
    run::{NewTemplate, PlanTemplate, TemplateParam},
};
use serde_json::{Map, Value, json};
use sqlx::FromRow;

use crate::{
    access::Caller,
    app::App,
    audit::{self, Entry},
    db::TenantTx,
    error::{Error, Result},
};

#[derive(FromRow)]
struct Stored {
    name: String,
    title: String,
    about: String,
    params: Value,
    plan: Value,
    version: i32,
    updated_by: String,
    updated_at: DateTime<Utc>,
}

const COLUMNS: &str = "name, title, about, params, plan, version, updated_by, updated_at";

impl Stored {
    fn template(self) -> Result<PlanTemplate> {
        Ok(PlanTemplate {
            name: self.name,
            title: self.title,
            about: self.about,
            params: serde_json::from_value(self.params)?,
            plan: serde_json::from_value(self.plan)?,
            version: u32::try_from(self.version).unwrap_or_default(),
            updated_by: self.updated_by,
            updated_at: self.updated_at,
        })
    }
}

/// Templates of the tenant by name, at most 1 000.
pub async fn list(app: &App, caller: &Caller) -> Result<Vec<PlanTemplate>> {
    caller.grant::<perm::PlanRun>()?;
    let mut tx = app.db.tenant(caller).await?;
    let tenant = tx.tenant();
    let rows: Vec<Stored> = sqlx::query_as(sqlx::AssertSqlSafe(format!(
        "select {COLUMNS} from plan_template where tenant_id = $1 order by name limit 1000"
    )))
    .bind(tenant.0)
    .fetch_all(tx.conn())
    .await?;
    rows.into_iter().map(Stored::template).collect()
}

/// A template by name.
pub async fn get(app: &App, caller: &Caller, name: &str) -> Result<PlanTemplate> {
    caller.grant::<perm::PlanRun>()?;
    let mut tx = app.db.tenant(caller).await?;
    find(&mut tx, name).await?.ok_or_else(|| missing(name))
}

async fn find(tx: &mut TenantTx<'_>, name: &str) -> Result<Option<PlanTemplate>> {
    let tenant = tx.tenant();
    let row: Option<Stored> = sqlx::query_as(sqlx::AssertSqlSafe(format!(
        "select {COLUMNS} from plan_template where tenant_id = $1 and name = $2"
    )))
    .bind(tenant.0)
    .bind(name)
    .fetch_optional(tx.conn())
    .await?;
    row.map(Stored::template).transpose()
}

/// Saves a template whose plan was found to be valid; refused when its version is not the one that is replaced.
pub(crate) async fn save(app: &App, caller: &Caller, new: NewTemplate) -> Result<PlanTemplate> {
    caller.grant::<perm::PlanSave>()?;
    let mut tx = app.db.tenant(caller).await?;
    let before = find(&mut tx, &new.name).await?;
    let tenant = tx.tenant();
    let row: Option<Stored> = sqlx::query_as(sqlx::AssertSqlSafe(format!(
        "insert into plan_template as t (tenant_id, name, title, about, params, plan, updated_by)
         select $1, $2, $3, $4, $5, $6, $7
         where $8 = 0 or exists (select 1 from plan_template where tenant_id = $1 and name = $2 and version = $8)
         on conflict (tenant_id, name) do update set title = excluded.title, about = excluded.about,
             params = excluded.params, plan = excluded.plan, version = t.version + 1, updated_by = excluded.updated_by,
             updated_at = now()
         where t.version = $8
         returning {COLUMNS}"
    )))
    .bind(tenant.0)
    .bind(&new.name)
    .bind(new.title.trim())
    .bind(new.about.trim())
    .bind(serde_json::to_value(&new.params)?)
    .bind(serde_json::to_value(&new.plan)?)
    .bind(&caller.login)
    .bind(i32::try_from(new.version).unwrap_or(i32::MAX))
    .fetch_optional(tx.conn())
    .await?;
    let Some(row) = row else {
        let now = before.map_or(0, |template| template.version);
        return Err(ApiError::new(
            ErrorCode::Conflict,
            format!("템플릿 {}이(가) 그 사이에 바뀌었습니다 (지금 버전 {now})", new.name),
            format!("the template {} has changed in the meantime (it is at version {now})", new.name),
        )
        .with_hint("새로 불러와 다시 고치세요", "load it again and repeat the change")
        .into());
    };
    let mut entry = Entry::by(caller, "template.save", format!("template/{}", new.name)).after(json!(new));
    if let Some(before) = before {
        entry = entry.before(json!(before));
    }
    audit::record(tx.conn(), entry).await?;
    tx.commit().await?;
    row.template()
}

/// Removes a template.
pub async fn remove(app: &App, caller: &Caller, name: &str) -> Result<()> {
    caller.grant::<perm::PlanSave>()?;
    let mut tx = app.db.tenant(caller).await?;
    let before = find(&mut tx, name).await?.ok_or_else(|| missing(name))?;
    let tenant = tx.tenant();
    sqlx::query("delete from plan_template where tenant_id = $1 and name = $2")
        .bind(tenant.0)
        .bind(name)
        .execute(tx.conn())
        .await?;
    let entry = Entry::by(caller, "template.remove", format!("template/{name}")).before(json!(before));
    audit::record(tx.conn(), entry).await?;
    tx.commit().await
}

fn missing(name: &str) -> Error {
    Error::not_found(format!("템플릿 {name}이(가) 없습니다"), format!("there is no template {name}"))
}

/// The arguments a template is called with: checked, with defaults filled in.
pub(crate) fn arguments(
    params: &[TemplateParam],
    mut given: Map<String, Value>,
) -> Result<Map<String, Value>> {
    let mut args = Map::new();
    for param in params {
        let name = &param.name;
        let value = given.remove(name).filter(|value| !value.is_null()).or_else(|| param.default.clone());
        let Some(value) = value else {
            return Err(Error::invalid(
                format!("args.{name}"),
                format!("인수 {name}이(가) 필요합니다"),
                format!("the argument {name} is needed"),
            ));
        };
        if !fits(&param.r#type, &value) {
            let wanted = &param.r#type;
            return Err(Error::invalid(
                format!("args.{name}"),
                format!("인수 {name}은(는) {wanted} 형식이어야 합니다"),
                format!("the argument {name} is to be of the type {wanted}"),
            ));
        }
        args.insert(name.clone(), value);
    }
    if let Some(unknown) = given.keys().next() {
        let known: Vec<&str> = params.iter().map(|param| param.name.as_str()).collect();
        let known = known.join(", ");
        return Err(Error::invalid(
            format!("args.{unknown}"),
            format!("인수 {unknown}은(는) 없습니다. 있는 인수: {known}"),
            format!("there is no argument {unknown}; there are: {known}"),
        ));
    }
    Ok(args)
}

fn fits(wanted: &str, value: &Value) -> bool {
    match wanted {
        "text" => value.is_string(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        "list" => value.is_array(),
        "time" => value.as_str().is_some_and(|text| DateTime::parse_from_rfc3339(text).is_ok()),
        _ => true,
    }
}

/// Types of parameters.
pub(crate) const TYPES: [&str; 6] = ["text", "number", "boolean", "list", "time", "any"];
