//! Relations said of the one they are done to: `호출을 가장 많이 받는`, `receives the most requests`.

use model::Lang;

use crate::{scan::Mention, text::hangul::Josa};

/// A verb of receiving governs the relation.
pub(super) fn receives(mentions: &[Mention], rel: usize, lang: Lang) -> bool {
    let Some(noun) = mentions.get(rel) else { return false };
    match lang {
        // The noun with its object particle, then the verb with whatever stands between.
        Lang::Ko => {
            let object =
                noun.josa.contains(&Josa::Object) || noun.words.ends_with('을') || noun.words.ends_with('를');
            let verb = |m: &Mention| {
                ["받는", "받고", "받은", "받았", "받나", "받아", "당하는", "당한"]
                    .iter()
                    .any(|v| m.words.starts_with(v))
            };
            object && mentions.iter().skip(rel + 1).take(4).any(verb)
        }
        Lang::En => {
            let verb = |m: &Mention| {
                matches!(
                    m.words.as_str(),
                    "receives" | "receive" | "received" | "receiving" | "gets" | "get" | "got"
                )
            };
            let from = rel.saturating_sub(4);
            mentions.get(from..rel).is_some_and(|before| before.iter().any(verb))
        }
    }
}
