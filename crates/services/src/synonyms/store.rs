//! SQL of words.

use model::{
    perm::WordsEdit,
    synonym::{SetSynonyms, TermSet},
};

use crate::{access::Granted, db::TenantTx, error::Result};

/// Replaces the words for one thing; false when it is gone.
pub async fn set(
    tx: &mut TenantTx<'_>,
    _: Granted<WordsEdit>,
    request: &SetSynonyms,
    words: &[String],
) -> Result<bool> {
    let tenant = tx.tenant();
    let statement = match request.set {
        TermSet::Kind => "update ci_kind set synonyms = $3 where tenant_id = $1 and key = $2 and $4 = ''",
        TermSet::Field => "update ci_field set synonyms = $3 where tenant_id = $1 and key = $2 and $4 = ''",
        TermSet::Relation => {
            "update relation_type set synonyms = $3 where tenant_id = $1 and key = $2 and $4 = ''"
        }
        TermSet::Record => {
            "update record_kind set synonyms = $3 where tenant_id = $1 and key = $2 and $4 = ''"
        }
        TermSet::Metric => "update metric set synonyms = $3 where tenant_id = $1 and key = $2 and $4 = ''",
        TermSet::RecordField => {
            "update record_field set synonyms = $3 where tenant_id = $1 and key = $2 and kind = $4"
        }
    };
    let done = sqlx::query(statement)
        .bind(tenant.0)
        .bind(&request.key)
        .bind(words)
        .bind(&request.of)
        .execute(tx.conn())
        .await?;
    Ok(done.rows_affected() == 1)
}
