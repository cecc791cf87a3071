//! Series of metrics: samples of items (and of pairs of items), stored by day.

mod anomalies;
pub(crate) mod bands;
mod compare;
mod forecast;
mod query;
mod reduce;
pub(crate) mod store;
mod thin;
pub mod write;

use std::collections::HashMap;

use model::{
    ApiError, ErrorCode,
    metrics::{RangeQuery, SeriesData, SeriesInfo},
    tools::{MetricAnomalies, MetricCompare, MetricForecast, MetricQuery, MetricTop, ToolOutput},
};

use crate::{
    access::Caller,
    app::App,
    cmdb,
    error::{Error, Result},
    incidents,
};

/// Series one range query may ask for.
const SERIES: usize = 20;

/// Hours a range query may foretell.
const HOURS: u32 = 720;

/// Points a series of a range query may have.
const POINTS: (u32, u32) = (10, 5_000);

/// The series of an item, those of its call edges included.
pub async fn series_of(app: &App, caller: &Caller, ci: &str) -> Result<Vec<SeriesInfo>> {
    let estate = cmdb::estate(app, caller).await?;
    let Some(meta) = estate.node(ci).and_then(|node| estate.meta(node)) else {
        return Err(Error::not_found(
            format!("'{ci}' 구성 항목이 없습니다"),
            format!("there is no item '{ci}'"),
        ));
    };
    store::series_of(&mut app.db.tenant(caller).await?, &estate, meta.id).await
}

/// Samples of series in a window, thinned; series that do not exist are an error.
pub async fn range(app: &App, caller: &Caller, query: RangeQuery) -> Result<Vec<SeriesData>> {
    if query.series.len() > SERIES {
        return Err(Error::invalid(
            "series",
            format!("한 번에 시계열 {SERIES}개까지 조회할 수 있습니다"),
            format!("at most {SERIES} series can be read at once"),
        ));
    }
    if query.from >= query.to {
        return Err(Error::invalid(
            "to",
            "끝 시각은 시작 시각보다 뒤여야 합니다",
            "the end of the window must come after its start",
        ));
    }
    let points = query.max_points.clamp(POINTS.0, POINTS.1) as usize;
    let estate = cmdb::estate(app, caller).await?;
    let mut tx = app.db.tenant(caller).await?;
    let infos = store::series_by_id(&mut tx, &estate, &query.series).await?;
    if let Some(missing) = query.series.iter().find(|id| !infos.iter().any(|info| info.id == **id)) {
        return Err(ApiError::new(
            ErrorCode::NotFound,
            format!("시계열이 없습니다: {missing}"),
            format!("there is no series {missing}"),
        )
        .into());
    }
    if query.ahead_h > HOURS {
        return Err(Error::invalid(
            "ahead_h",
            format!("예측은 {HOURS}시간까지입니다"),
            format!("a forecast reaches at most {HOURS} hours"),
        ));
    }
    let window = store::Window::new(Some(query.from), Some(query.to));
    let mut samples = store::samples(&mut tx, &query.series, window).await?;
    let mut usual = if query.usual {
        let asked: Vec<_> = infos.iter().map(|info| (info.id, info.covers)).collect();
        let mut usual = bands::usual(&mut tx, &asked, window, points).await?;
        for (id, deviation) in incidents::deviations_of(&mut tx, &estate, &query.series, window).await? {
            usual.entry(id).or_default().anomalies.push(deviation);
        }
        usual
    } else {
        HashMap::new()
    };
    let mut ahead = HashMap::new();
    for info in infos.iter().filter(|_| query.ahead_h > 0) {
        let Some((_, last)) = info.covers.filter(|c| c.1 >= query.from && c.1 < query.to) else { continue };
        let found = store::samples(&mut tx, &[info.id], bands::history(last)).await?;
        let hours = query.ahead_h;
        let work = move || bands::ahead(found.values().next().map_or(&[][..], Vec::as_slice), hours);
        let told = tokio::task::spawn_blocking(work).await;
        ahead.insert(info.id, told.map_err(|e| Error::Internal(format!("foretelling: {e}")))?);
    }
    Ok(infos
        .into_iter()
        .map(|info| {
            let (points, bucket_ms) =
                thin::thinned(&samples.remove(&info.id).unwrap_or_default(), window, points);
            let unit =
                estate.catalogue().metrics.iter().find(|m| m.key == info.metric).map(|m| m.unit.clone());
            let (usual, ahead) = (usual.remove(&info.id), ahead.remove(&info.id));
            SeriesData { info, unit: unit.unwrap_or_default(), points, bucket_ms, usual, ahead }
        })
        .collect())
}

/// Samples of a chart, thinned to about so many points.
pub(crate) fn outlined(samples: &[(i64, f64)], points: usize) -> Vec<(f64, f64)> {
    thin::outline(samples, points)
}

/// `metric.query`.
pub async fn tool_query(app: &App, caller: &Caller, args: MetricQuery) -> Result<ToolOutput> {
    let estate = cmdb::estate(app, caller).await?;
    query::query(&mut app.db.tenant(caller).await?, &estate, &args, caller.lang).await
}

/// `metric.compare`.
pub async fn tool_compare(app: &App, caller: &Caller, args: MetricCompare) -> Result<ToolOutput> {
    let estate = cmdb::estate(app, caller).await?;
    compare::compare(&mut app.db.tenant(caller).await?, &estate, &args, caller.lang).await
}

/// `metric.anomalies`.
pub async fn tool_anomalies(app: &App, caller: &Caller, args: MetricAnomalies) -> Result<ToolOutput> {
    let estate = cmdb::estate(app, caller).await?;
    anomalies::anomalies(&mut app.db.tenant(caller).await?, &estate, &args, caller.lang).await
}

/// `metric.top`.
pub async fn tool_top(app: &App, caller: &Caller, args: MetricTop) -> Result<ToolOutput> {
    let estate = cmdb::estate(app, caller).await?;
    forecast::top(&mut app.db.tenant(caller).await?, &estate, args, caller.lang).await
}

/// `forecast.metric`.
pub async fn tool_forecast(app: &App, caller: &Caller, args: MetricForecast) -> Result<ToolOutput> {
    let estate = cmdb::estate(app, caller).await?;
    forecast::foretell(&mut app.db.tenant(caller).await?, &estate, &args, caller.lang).await
}
