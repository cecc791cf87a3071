//! Words a tenant uses for what is in its catalogue, beside names and keys: questions may say them.
//!
//! Invariant: a word means one thing of its set. One that is the name or a word of another is refused.

mod store;

use model::{
    ErrorCode, Localized,
    perm::WordsEdit,
    schema::Catalogue,
    synonym::{SetSynonyms, TermSet},
};
use serde_json::json;

use crate::{
    access::Caller,
    app::App,
    audit, cmdb,
    error::{Error, Result},
};

/// Most words for one thing, and most characters of one.
const MOST: usize = 40;
const LONGEST: usize = 80;

/// A thing of the catalogue, as far as words matter.
struct Term<'c> {
    key: &'c str,
    label: &'c Localized,
    synonyms: &'c [String],
}

/// Replaces the words for one thing; gives them as they are kept.
pub async fn set(app: &App, caller: &Caller, request: SetSynonyms) -> Result<Vec<String>> {
    let may = caller.grant::<WordsEdit>()?;
    let catalogue = cmdb::catalogue(app, caller).await?;
    let terms = terms(&catalogue, request.set, &request.of);
    let Some(own) = terms.iter().find(|term| term.key == request.key) else {
        return Err(Error::not_found(
            format!("카탈로그에 {}이(가) 없습니다", request.key),
            format!("there is no {} in the catalogue", request.key),
        ));
    };
    let words = cleaned(&request.words)?;
    for (at, word) in words.iter().enumerate() {
        if let Some(other) = terms.iter().find(|term| term.key != request.key && says(term, word)) {
            return Err(taken(at, word, other));
        }
    }
    let before = own.synonyms.to_vec();
    let mut tx = app.db.tenant(caller).await?;
    if !store::set(&mut tx, may, &request, &words).await? {
        return Err(model::ApiError::new(
            ErrorCode::Conflict,
            "그 사이에 카탈로그가 바뀌었습니다",
            "the catalogue has changed meanwhile",
        )
        .into());
    }
    cmdb::write::bump(&mut tx).await?;
    let entry = audit::Entry::by(caller, "words.changed", request.key.clone())
        .before(json!(before))
        .after(json!(words));
    audit::record(tx.conn(), entry).await?;
    tx.commit().await?;
    Ok(words)
}

fn terms<'c>(catalogue: &'c Catalogue, set: TermSet, of: &str) -> Vec<Term<'c>> {
    macro_rules! of_all {
        ($list:expr) => {
            $list.iter().map(|t| Term { key: &t.key, label: &t.label, synonyms: &t.synonyms }).collect()
        };
    }
    match set {
        TermSet::Kind => of_all!(catalogue.kinds),
        TermSet::Field => of_all!(catalogue.fields),
        TermSet::Relation => of_all!(catalogue.relations),
        TermSet::Record => of_all!(catalogue.records),
        TermSet::Metric => of_all!(catalogue.metrics),
        TermSet::RecordField => match catalogue.records.iter().find(|kind| kind.key == of) {
            Some(kind) => of_all!(kind.fields),
            None => Vec::new(),
        },
    }
}

/// Trimmed, without empty and repeated ones.
fn cleaned(words: &[String]) -> Result<Vec<String>> {
    let mut out: Vec<String> = Vec::new();
    for (at, word) in words.iter().enumerate() {
        let word = word.split_whitespace().collect::<Vec<_>>().join(" ");
        if word.chars().count() > LONGEST {
            return Err(Error::invalid(
                format!("words[{at}]"),
                format!("낱말은 {LONGEST}자까지입니다"),
                format!("a word has at most {LONGEST} characters"),
            ));
        }
        if !word.is_empty() && !out.iter().any(|known| same(known, &word)) {
            out.push(word);
        }
    }
    if out.len() > MOST {
        return Err(Error::invalid(
            "words",
            format!("낱말은 {MOST}개까지입니다"),
            format!("at most {MOST} words"),
        ));
    }
    Ok(out)
}

fn same(a: &str, b: &str) -> bool {
    a.to_lowercase() == b.to_lowercase()
}

fn says(term: &Term<'_>, word: &str) -> bool {
    same(term.key, word)
        || same(&term.label.ko, word)
        || same(&term.label.en, word)
        || term.synonyms.iter().any(|known| same(known, word))
}

fn taken(at: usize, word: &str, other: &Term<'_>) -> Error {
    let (ko, en) = (other.label.get(model::Lang::Ko), other.label.get(model::Lang::En));
    Error::invalid(
        format!("words[{at}]"),
        format!(
            "'{word}'은(는) 이미 {ko}({})을(를) 뜻합니다. 다른 낱말을 쓰거나 그쪽에서 먼저 지우세요",
            other.key
        ),
        format!("“{word}” already means {en} ({}); use another word, or remove it there first", other.key),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_trimmed_and_kept_once() {
        let words = [" 서버 ", "서버", "Server", "server", ""].map(str::to_owned);
        assert_eq!(cleaned(&words).unwrap(), ["서버", "Server"]);
        assert!(cleaned(&["x".repeat(81)]).is_err());
    }
}
