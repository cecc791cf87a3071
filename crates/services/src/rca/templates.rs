//! Templates of root-cause analysis as assets of the tenant: versions, which one is in force, which one applies.
//!
//! Invariant: a version is never changed; bringing an old one back makes a new one. Invariant: nothing with a fault is kept.

use chrono::{DateTime, Datelike, Timelike, Utc};
use model::{
    ApiError, CiId, ErrorCode, FieldError, Localized,
    perm::{EstateRead, RcaEdit},
    rca::{
        Applies, BUILT_IN, RcaTemplateDetail, RcaTemplateSummary, SaveRcaTemplate, Template, TemplateChange,
        TemplateFault, TemplateFaultCode, template_changes,
    },
    schema::Catalogue,
    tools::AssetUsed,
};
use planner::compose::{Josa, particle, with_particle};
use serde_json::{Value, json};

use super::stored;
use crate::{
    access::Caller,
    app::App,
    audit::{self, Entry},
    cmdb,
    db::TenantTx,
    error::{Error, Result},
};

/// Most templates of a tenant, and most characters of a reason.
const MOST: i64 = 200;
/// Entries of a list that are looked at one by one; a list that is longer is refused as a whole.
const LISTED: usize = 100;
const REASON: usize = 300;

/// A template about to be used, and what says which one it is.
#[derive(Debug, Clone)]
pub(super) struct Chosen {
    pub template: Template,
    pub used: AssetUsed,
}

impl Chosen {
    fn new(template: Template, version: u32) -> Self {
        let used = AssetUsed {
            kind: "rca.template".into(),
            key: template.key.clone(),
            version,
            name: template.name.clone(),
        };
        Self { template, used }
    }
}

/// The templates of the tenant by key, the one that comes with the product first.
pub async fn list(app: &App, caller: &Caller) -> Result<Vec<RcaTemplateSummary>> {
    let may = caller.grant::<EstateRead>()?;
    let mut tx = app.db.tenant(caller).await?;
    let mut all = vec![built_in()];
    all.extend(stored::list(&mut tx, may).await?);
    Ok(all)
}

/// A template with its versions; the newest one where none is named.
pub async fn get(app: &App, caller: &Caller, key: &str, version: Option<u32>) -> Result<RcaTemplateDetail> {
    let may = caller.grant::<EstateRead>()?;
    if key == BUILT_IN {
        let (summary, template) = (built_in(), Template::default());
        return Ok(RcaTemplateDetail { summary, version: 0, template, versions: Vec::new() });
    }
    let mut tx = app.db.tenant(caller).await?;
    let summary = stored::summary(&mut tx, may, key).await?.ok_or_else(|| missing(key))?;
    let version = version.unwrap_or(summary.latest);
    let template = stored::body(&mut tx, may, key, version).await?.ok_or_else(|| no_version(key, version))?;
    let versions = stored::versions(&mut tx, may, key).await?;
    Ok(RcaTemplateDetail { summary, version, template, versions })
}

/// What differs between two versions, by path.
pub async fn diff(app: &App, caller: &Caller, key: &str, from: u32, to: u32) -> Result<Vec<TemplateChange>> {
    let before = get(app, caller, key, Some(from)).await?;
    let after = get(app, caller, key, Some(to)).await?;
    Ok(template_changes(&before.template, &after.template))
}

/// What is wrong with a template in this estate; empty when it can be saved.
pub async fn check(app: &App, caller: &Caller, template: &Template) -> Result<Vec<TemplateFault>> {
    caller.grant::<EstateRead>()?;
    let catalogue = cmdb::catalogue(app, caller).await?;
    let mut faults = template.faults();
    faults.extend(unknown(&catalogue, template));
    if template.key == BUILT_IN {
        faults.push(TemplateFault::new(
            "key",
            TemplateFaultCode::Range,
            "'default'는 제품에 들어 있는 템플릿입니다. 다른 식별자를 쓰세요",
            "'default' is the template that comes with the product; use another identifier",
        ));
    }
    Ok(faults)
}

/// Saves a template as its next version.
pub async fn save(app: &App, caller: &Caller, request: SaveRcaTemplate) -> Result<u32> {
    caller.grant::<RcaEdit>()?;
    let faults = check(app, caller, &request.template).await?;
    if !faults.is_empty() {
        return Err(refused(faults));
    }
    let reason = reason(&request.reason)?;
    keep(app, caller, &request.template, request.base, reason, None).await
}

/// Brings a version back as the next one.
pub async fn revert(app: &App, caller: &Caller, key: &str, version: u32) -> Result<u32> {
    caller.grant::<RcaEdit>()?;
    let old = get(app, caller, key, Some(version)).await?;
    if old.summary.built_in {
        return Err(fixed());
    }
    keep(app, caller, &old.template, old.summary.latest, String::new(), Some(version)).await
}

async fn keep(
    app: &App,
    caller: &Caller,
    template: &Template,
    base: u32,
    reason: String,
    of: Option<u32>,
) -> Result<u32> {
    let may = caller.grant::<RcaEdit>()?;
    let mut tx = app.db.tenant(caller).await?;
    let key = template.key.as_str();
    let version = if base == 0 {
        if stored::count(&mut tx, may).await? >= MOST {
            return Err(ApiError::new(
                ErrorCode::TooMany,
                format!("원인 분석 템플릿은 {MOST}개까지입니다"),
                format!("there are at most {MOST} templates"),
            )
            .with_hint("쓰지 않는 것을 지우세요", "remove some that are no longer needed")
            .into());
        }
        stored::create(&mut tx, may, key).await?.then_some(1)
    } else {
        stored::advance(&mut tx, may, key, base).await?
    };
    let Some(version) = version else {
        return Err(ApiError::new(
            ErrorCode::Conflict,
            format!("템플릿 {} 이미 있거나 그 사이에 바뀌었습니다", with_particle(key, Josa::Subject)),
            format!("the template {key} is already there, or has changed in the meantime"),
        )
        .with_hint(
            "새로 불러와 다시 고치거나 다른 식별자를 쓰세요",
            "load it again and repeat the change, or use another identifier",
        )
        .into());
    };
    let new = stored::NewVersion { key, version, body: serde_json::to_value(template)?, reason, of };
    stored::add(&mut tx, may, caller, &new).await?;
    cmdb::write::bump(&mut tx).await?;
    let entry = Entry::by(caller, "rca.template.save", format!("rca-template/{key}"))
        .after(json!({"version": version, "of": of, "template": template}));
    audit::record(tx.conn(), entry).await?;
    tx.commit().await?;
    Ok(version)
}

/// Puts a version in force, or none.
pub async fn activate(app: &App, caller: &Caller, key: &str, version: Option<u32>) -> Result<()> {
    let may = caller.grant::<RcaEdit>()?;
    let before = get(app, caller, key, version).await?.summary;
    if before.built_in {
        return Err(fixed());
    }
    let mut tx = app.db.tenant(caller).await?;
    if !stored::activate(&mut tx, may, key, version).await? {
        return Err(missing(key));
    }
    cmdb::write::bump(&mut tx).await?;
    let entry = Entry::by(caller, "rca.template.activate", format!("rca-template/{key}"))
        .before(json!({"active": before.active}))
        .after(json!({"active": version}));
    audit::record(tx.conn(), entry).await?;
    tx.commit().await
}

/// Removes a template with its versions.
pub async fn remove(app: &App, caller: &Caller, key: &str) -> Result<()> {
    let may = caller.grant::<RcaEdit>()?;
    let before = get(app, caller, key, None).await?;
    if before.summary.built_in {
        return Err(fixed());
    }
    let mut tx = app.db.tenant(caller).await?;
    if !stored::remove(&mut tx, may, key).await? {
        return Err(missing(key));
    }
    cmdb::write::bump(&mut tx).await?;
    let entry = Entry::by(caller, "rca.template.remove", format!("rca-template/{key}"))
        .before(json!({"version": before.version, "template": before.template}));
    audit::record(tx.conn(), entry).await?;
    tx.commit().await
}

/// The template of a run: the one given (by name, by name and version, or whole), else the one in force that applies.
pub(super) async fn choose(
    tx: &mut TenantTx<'_>,
    caller: &Caller,
    given: Option<&Value>,
    seen: &Seen,
) -> Result<Chosen> {
    let may = caller.grant::<EstateRead>()?;
    match given {
        None | Some(Value::Null) => {
            let mut best = Chosen::new(Template::default(), 0);
            let active = stored::active(tx, may).await?;
            let asks = active.iter().any(|(template, _)| !template.applies.metrics.is_empty());
            let metrics = if asks { stored::measured(tx, may, &seen.items).await? } else { Vec::new() };
            for (template, version) in active {
                let more = best.used.key == BUILT_IN
                    || template.applies.conditions() > best.template.applies.conditions();
                if more && seen.fits(&template.applies, &metrics) {
                    best = Chosen::new(template, version);
                }
            }
            Ok(best)
        }
        Some(Value::String(name)) => {
            let (key, version) = match name.split_once('@') {
                None => (name.as_str(), None),
                Some((key, text)) => (key, Some(text.parse().map_err(|_| no_version_word(text))?)),
            };
            if key == BUILT_IN {
                return Ok(Chosen::new(Template::default(), 0));
            }
            let summary = stored::summary(tx, may, key).await?.ok_or_else(|| missing(key))?;
            // a name alone means what is in force, else the newest
            let version = version.or(summary.active).unwrap_or(summary.latest);
            let template =
                stored::body(tx, may, key, version).await?.ok_or_else(|| no_version(key, version))?;
            Ok(Chosen::new(template, version))
        }
        Some(whole) => {
            let template: Template = serde_json::from_value(whole.clone()).map_err(|cause| {
                Error::invalid(
                    "template",
                    format!("템플릿의 이름이나 템플릿 전체(JSON)를 쓰세요: {cause}"),
                    format!("give the name of a template, or a whole template: {cause}"),
                )
            })?;
            let faults = template.faults();
            if faults.is_empty() { Ok(Chosen::new(template, 0)) } else { Err(under("template", faults)) }
        }
    }
}

/// What a run is about, as far as conditions ask.
pub(super) struct Seen {
    /// The items asked about; none for all.
    pub items: Vec<CiId>,
    /// Their kinds.
    pub kinds: Vec<String>,
    /// Begin of the window.
    pub at: DateTime<Utc>,
}

impl Seen {
    fn fits(&self, applies: &Applies, metrics: &[String]) -> bool {
        let any = |wanted: &[String], there: &[String]| {
            wanted.is_empty() || wanted.iter().any(|key| there.contains(key))
        };
        let in_time = applies.time.as_ref().is_none_or(|time| {
            let zone: chrono_tz::Tz = time.tz.parse().unwrap_or(chrono_tz::UTC);
            let local = self.at.with_timezone(&zone);
            time.holds(local.weekday().number_from_monday(), local.hour())
        });
        in_time && any(&applies.kinds, &self.kinds) && any(&applies.metrics, metrics)
    }
}

fn built_in() -> RcaTemplateSummary {
    let template = Template::default();
    RcaTemplateSummary {
        key: template.key,
        name: template.name,
        latest: 0,
        active: Some(0),
        applies: template.applies,
        built_in: true,
        by: String::new(),
        at: None,
    }
}

/// Kinds, metrics and zones nobody has here.
fn unknown(catalogue: &Catalogue, template: &Template) -> Vec<TemplateFault> {
    let mut faults = Vec::new();
    for (at, key) in template.applies.kinds.iter().enumerate().take(LISTED) {
        if !catalogue.kinds.iter().any(|kind| kind.key == *key) {
            faults.push(TemplateFault::new(
                format!("applies.kinds[{at}]"),
                TemplateFaultCode::Unknown,
                format!("항목 종류 {} 없습니다", with_particle(key, Josa::Subject)),
                format!("there is no kind of item {key}"),
            ));
        }
    }
    for (at, key) in template.applies.metrics.iter().enumerate().take(LISTED) {
        if !catalogue.metrics.iter().any(|metric| metric.key == *key) {
            faults.push(TemplateFault::new(
                format!("applies.metrics[{at}]"),
                TemplateFaultCode::Unknown,
                format!("지표 {} 없습니다", with_particle(key, Josa::Subject)),
                format!("there is no metric {key}"),
            ));
        }
    }
    if let Some(time) = &template.applies.time
        && time.tz.parse::<chrono_tz::Tz>().is_err()
    {
        faults.push(TemplateFault::new(
            "applies.time.tz",
            TemplateFaultCode::Unknown,
            format!("시간대 {} 없습니다. Asia/Seoul처럼 쓰세요", with_particle(&time.tz, Josa::Subject)),
            format!("there is no time zone {}; write it like Asia/Seoul", time.tz),
        ));
    }
    faults
}

fn reason(text: &str) -> Result<String> {
    let text = text.trim();
    if text.chars().count() > REASON {
        return Err(Error::invalid(
            "reason",
            format!("이유는 {REASON}자까지입니다"),
            format!("a reason has at most {REASON} characters"),
        ));
    }
    Ok(text.to_owned())
}

/// The faults as an error with every field named.
pub(super) fn refused(faults: Vec<TemplateFault>) -> Error {
    under("template", faults)
}

fn under(root: &str, faults: Vec<TemplateFault>) -> Error {
    let first = faults.first().map(|fault| fault.hint.clone()).unwrap_or_default();
    let mut error = ApiError::new(ErrorCode::Invalid, first.ko, first.en);
    error.fields = faults
        .into_iter()
        .map(|fault| FieldError { path: format!("{root}.{}", fault.path), reason: fault.hint })
        .collect();
    error.into()
}

fn fixed() -> Error {
    ApiError::new(
        ErrorCode::Invalid,
        "제품에 들어 있는 템플릿은 바꾸거나 지울 수 없습니다",
        "the template that comes with the product can be neither changed nor removed",
    )
    .with_hint(
        "복사해서 고친 것을 저장하고 적용하세요",
        "copy it, save the changed copy and put that in force",
    )
    .into()
}

fn missing(key: &str) -> Error {
    Error::not_found(
        format!("원인 분석 템플릿 {} 없습니다", with_particle(key, Josa::Subject)),
        format!("there is no template of root-cause analysis {key}"),
    )
}

fn no_version(key: &str, version: u32) -> Error {
    Error::not_found(
        format!("템플릿 {key}에는 {version}번 버전이 없습니다"),
        format!("the template {key} has no version {version}"),
    )
}

fn no_version_word(text: &str) -> Error {
    let hint = Localized::new(
        format!("'{text}'{} 버전이 아닙니다. 이름@3처럼 쓰세요", particle(text, Josa::Topic)),
        format!("'{text}' is no version; write it like name@3"),
    );
    Error::invalid("template", hint.ko, hint.en)
}
