//! Which way failures travel along a relation, by its name: what needs something fails with it. A person corrects it.

use model::{Localized, imports::TravelGuess, schema::Travel};

/// What a word of a name says about source and target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Hint {
    /// The source needs the target.
    Needs,
    /// The target needs the source.
    Feeds,
    /// Neither needs the other.
    Beside,
    /// Each needs the other.
    Mutual,
}

/// English words, as a dictionary has them; names use their forms (`depends_on`, `hosted`).
const ENGLISH: &[(Hint, &[&str])] = &[
    (
        Hint::Needs,
        &[
            "depend",
            "use",
            "utilize",
            "consume",
            "require",
            "need",
            "rely",
            "run",
            "call",
            "invoke",
            "query",
            "read",
            "write",
            "store",
            "mount",
            "subscribe",
            "resolve",
            "authenticate",
            "install",
            "deploy",
            "connect",
            "attach",
            "plug",
            "uplink",
            "route",
            "access",
        ],
    ),
    (
        Hint::Feeds,
        &[
            "host",
            "contain",
            "provide",
            "supply",
            "power",
            "feed",
            "serve",
            "support",
            "carry",
            "enable",
            "cool",
            "publish",
            "deliver",
            "transport",
        ],
    ),
    (
        Hint::Beside,
        &[
            "own",
            "owner",
            "member",
            "manage",
            "operate",
            "locate",
            "relate",
            "associate",
            "similar",
            "same",
            "near",
            "adjacent",
            "document",
            "monitor",
            "observe",
            "backup",
            "replicate",
            "replica",
            "standby",
            "replace",
        ],
    ),
    (Hint::Mutual, &["cluster", "peer", "sync", "synchronize"]),
];

/// Korean stems stand anywhere in the name.
const KOREAN: &[(&str, Hint)] = &[
    ("의존", Hint::Needs),
    ("종속", Hint::Needs),
    ("사용", Hint::Needs),
    ("이용", Hint::Needs),
    ("호출", Hint::Needs),
    ("실행", Hint::Needs),
    ("구동", Hint::Needs),
    ("가동", Hint::Needs),
    ("조회", Hint::Needs),
    ("저장", Hint::Needs),
    ("필요", Hint::Needs),
    ("연결", Hint::Needs),
    ("접속", Hint::Needs),
    ("연계", Hint::Needs),
    ("설치", Hint::Needs),
    ("배포", Hint::Needs),
    ("탑재", Hint::Needs),
    ("구독", Hint::Needs),
    ("인증", Hint::Needs),
    ("마운트", Hint::Needs),
    ("공급", Hint::Feeds),
    ("제공", Hint::Feeds),
    ("급전", Hint::Feeds),
    ("냉각", Hint::Feeds),
    ("호스팅", Hint::Feeds),
    ("수용", Hint::Feeds),
    ("포함", Hint::Feeds),
    ("지원", Hint::Feeds),
    ("전달", Hint::Feeds),
    ("발행", Hint::Feeds),
    ("담당", Hint::Beside),
    ("소유", Hint::Beside),
    ("관리", Hint::Beside),
    ("위치", Hint::Beside),
    ("관련", Hint::Beside),
    ("연관", Hint::Beside),
    ("소속", Hint::Beside),
    ("인접", Hint::Beside),
    ("유사", Hint::Beside),
    ("문서", Hint::Beside),
    ("감시", Hint::Beside),
    ("모니터링", Hint::Beside),
    ("백업", Hint::Beside),
    ("예비", Hint::Beside),
    ("복제", Hint::Beside),
    ("이중화", Hint::Beside),
    ("대체", Hint::Beside),
    ("클러스터", Hint::Mutual),
    ("동기화", Hint::Mutual),
    ("상호", Hint::Mutual),
];

/// Endings that turn a verb around: `used_by`, `사용됨`, `호스팅되는`.
const TURNED: &[&str] = &["by", "됨", "되는", "된다", "당함", "받음", "받는"];

/// Guesses which way failures travel along relations of this name; `label` is what people call it, or empty.
pub fn travel(key: &str, label: &Localized) -> TravelGuess {
    let found = [key, label.ko.as_str(), label.en.as_str()].into_iter().find_map(hint);
    let Some((word, hint, turned)) = found else {
        return TravelGuess {
            travel: Travel::ToSource,
            sure: false,
            why: Localized::new(
                "이름만으로는 알 수 없습니다. 관계는 흔히 필요로 하는 쪽에서 필요한 것으로 향합니다",
                "the name does not say; relations mostly point from what needs something to what it needs",
            ),
        };
    };
    let (travel, ko, en) = match (hint, turned) {
        (Hint::Needs, false) | (Hint::Feeds, true) => {
            (Travel::ToSource, "출발이 도착을 필요로 합니다", "the source needs the target")
        }
        (Hint::Feeds, false) | (Hint::Needs, true) => {
            (Travel::ToTarget, "도착이 출발을 필요로 합니다", "the target needs the source")
        }
        (Hint::Beside, _) => {
            (Travel::None, "한쪽이 멈춰도 다른 쪽은 돕니다", "one goes on when the other fails")
        }
        (Hint::Mutual, _) => (Travel::Both, "서로를 필요로 합니다", "each needs the other"),
    };
    TravelGuess {
        travel,
        sure: true,
        why: Localized::new(format!("‘{word}’: {ko}"), format!("“{word}”: {en}")),
    }
}

/// The word of a name that says something, what it says, and whether the name turns it around.
fn hint(name: &str) -> Option<(String, Hint, bool)> {
    let parts = parts(name);
    let has = |words: &[&str]| parts.iter().any(|part| words.contains(&part.as_str()));
    // a form of a verb says more than a word that may be a noun (`host_uses_storage`)
    let known = |bare: bool| {
        parts.iter().find_map(|part| {
            let of = |(hint, words): &(Hint, &[&str])| {
                words.iter().any(|word| (part == word) == bare && is_form(part, word)).then_some(*hint)
            };
            ENGLISH.iter().find_map(of).map(|hint| (part, hint))
        })
    };
    if let Some((part, hint)) = known(false).or_else(|| known(true)) {
        // what is hosted on something needs it, as what is hosted by it does
        let passive = part.ends_with("ed") && has(&["on", "in", "at", "from", "within"]);
        let turned = has(&["by"]) || hint == Hint::Feeds && passive;
        return Some((part.clone(), hint, turned));
    }
    let (at, stem, hint) = KOREAN
        .iter()
        .filter_map(|(stem, hint)| name.find(stem).map(|at| (at, *stem, *hint)))
        .max_by_key(|(_, stem, _)| stem.len())?;
    let rest = name.get(at + stem.len()..).unwrap_or_default();
    let turned = TURNED.iter().any(|ending| rest.starts_with(ending));
    Some((stem.to_owned(), hint, turned))
}

/// Whether a part of a name is a form of a word: `uses`, `used`, `using` of `use`.
fn is_form(part: &str, word: &str) -> bool {
    let irregular = matches!((part, word), ("fed", "feed") | ("ran", "run") | ("written", "write"));
    let stem = word.strip_suffix(['e', 'y']).unwrap_or(word);
    let Some(rest) = part.strip_prefix(stem) else { return irregular };
    let last = word.chars().next_back().unwrap_or(' ');
    let ending = match last {
        'e' => matches!(rest, "e" | "es" | "ed" | "ing"),
        'y' => matches!(rest, "y" | "ies" | "ied" | "ying"),
        _ => matches!(rest, "" | "s" | "es" | "ed" | "ing" | "ency" | "encies" | "ion" | "ions"),
    };
    // a doubled letter: `running`, `plugged`
    ending || rest.strip_prefix(last).is_some_and(|rest| matches!(rest, "ed" | "ing"))
}

/// The parts of a name in small letters: `DEPENDS_ON`, `dependsOn`, `depends on` → `depends`, `on`.
fn parts(name: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut last_small = false;
    for c in name.chars() {
        let opens = c.is_ascii_uppercase() && last_small;
        if opens || !c.is_ascii_alphanumeric() {
            parts.push(String::new());
        }
        last_small = c.is_ascii_lowercase();
        if let (true, Some(part)) = (c.is_ascii_alphanumeric(), parts.last_mut()) {
            part.extend(c.to_lowercase());
        }
    }
    parts.retain(|part| !part.is_empty());
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(names: &[&str], expect: Travel) {
        for name in names {
            let guess = travel(name, &Localized::default());
            assert_eq!((guess.travel, guess.sure), (expect, true), "{name}: {}", guess.why.en);
        }
    }

    #[test]
    fn what_needs_something_fails_with_it() {
        check(&["DEPENDS_ON", "dependsOn", "uses", "runs on", "CALLS", "relies_on"], Travel::ToSource);
        check(&["hosted_on", "powered by", "fed-by", "contained_in", "ProvidedBy"], Travel::ToSource);
        check(&["의존", "사용", "실행", "DB 연결", "공급받음", "포함됨"], Travel::ToSource);
    }

    #[test]
    fn what_is_needed_takes_others_with_it() {
        check(
            &["hosts", "FEEDS", "powers", "supplies", "contains", "used_by", "required-by"],
            Travel::ToTarget,
        );
        check(&["전원공급", "제공", "호스팅", "사용됨", "포함"], Travel::ToTarget);
    }

    #[test]
    fn what_only_stands_beside_carries_nothing() {
        check(
            &["owned_by", "LOCATED_IN", "related to", "monitors", "backup_of", "담당", "위치", "관련"],
            Travel::None,
        );
        check(&["peers_with", "clustered", "이중 클러스터"], Travel::Both);
    }

    #[test]
    fn a_name_that_says_nothing_is_a_guess_for_a_person() {
        let guess = travel("R17", &Localized::default());
        assert_eq!((guess.travel, guess.sure), (Travel::ToSource, false));
        // the name people gave it may say what the key does not
        assert_eq!(travel("R17", &Localized::new("전원 공급", "")).travel, Travel::ToTarget);
    }
}
