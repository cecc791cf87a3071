//! Everything the page of an item shows at once.

use model::{
    ApiError, ErrorCode,
    cmdb::{CiDetail, CiRelation},
};

use super::{list::summary, snapshot::Snapshot, store};
use crate::{db::TenantTx, error::Result};

/// The item of a code.
pub(super) async fn detail(tx: &mut TenantTx<'_>, estate: &Snapshot, code: &str) -> Result<CiDetail> {
    let found = estate.node(code).and_then(|node| Some((node, summary(estate, node)?, estate.meta(node)?)));
    let Some((node, ci, meta)) = found else {
        return Err(ApiError::new(
            ErrorCode::NotFound,
            format!("'{code}' 구성 항목이 없습니다"),
            format!("there is no item '{code}'"),
        )
        .with_hint("목록에서 코드를 확인해 주세요", "look up the code in the list")
        .into());
    };
    let relation = |(other, kind): (u32, u16), outgoing| {
        let item = estate.item(other)?;
        Some(CiRelation {
            r#type: estate.type_name(kind).to_owned(),
            outgoing,
            code: item.code.clone(),
            name: item.name.clone(),
            kind: item.kind.clone(),
        })
    };
    let outgoing = estate.topology().outgoing(node).filter_map(|edge| relation(edge, true));
    let incoming = estate.topology().incoming(node).filter_map(|edge| relation(edge, false));
    Ok(CiDetail {
        relations: outgoing.chain(incoming).collect(),
        records: store::records_of(tx, meta.id).await?,
        series: store::series_of(tx, meta.id).await?,
        origin: estate.origin(node).to_owned(),
        created_at: meta.created_at,
        ci,
    })
}
