//! Requests in Korean, known by stems with endings of a request and by orders of any verb but those of telling.

use super::harmless;
use crate::lexicon::{
    orders::{ORDERS, QUESTION_WORDS, TELLING},
    verbs::{KO_CHANGE, KO_PLAIN, KO_REQUEST},
};

pub(super) fn korean(text: &str) -> Option<String> {
    for stem in KO_CHANGE {
        for (at, _) in text.match_indices(stem) {
            // A stem inside another word (`유지보수변경`) still is the stem; what decides is what follows.
            let rest = text[at + stem.len()..].trim_start_matches(['을', '를', '도', '좀', ' ']);
            // Asking leave to change something is a request as well.
            if let Some(after) = rest.strip_prefix("해도").map(str::trim_start)
                && ["돼", "되", "될", "괜찮"].iter().any(|w| after.starts_with(w))
            {
                return Some(format!("{stem}해도 되는지"));
            }
            let Some(ending) = KO_REQUEST.iter().find(|e| rest.starts_with(**e)) else {
                let plain = matches!(
                    rest.trim_end_matches(['!', '.', '~', ' ']),
                    "해" | "해요" | "할 것" | "할것" | "바로 해"
                );
                if plain && !text.contains('?') && !QUESTION_WORDS.iter().any(|w| text.contains(w)) {
                    return Some(format!("{stem}해"));
                }
                if rest.is_empty() || matches!(rest, "!" | "." | "~" | "!!") {
                    // A bare stem at the end of a text that asks nothing is a request (`서버 3대 재부팅`).
                    let noun = text[..at].trim_end();
                    let asks = noun.is_empty() || text.contains('?');
                    if !asks && bare_request(stem, noun) {
                        return Some((*stem).to_owned());
                    }
                }
                continue;
            };
            if harmless(&text[..at]) || reading(rest, ending, stem) {
                continue;
            }
            return Some(format!("{stem}{ending}"));
        }
    }
    if let Some(words) = stem_with_ending(text) {
        return Some(words);
    }
    for word in KO_PLAIN {
        for (at, _) in text.match_indices(word) {
            let before = &text[..at];
            let starts = before.is_empty()
                || before.ends_with(' ')
                || before.ends_with(['을', '를', '로', '도', '좀', ',', '다', '서', '만']);
            let rest = &text[at + word.len()..];
            // `지워진`, `바뀐` are no requests; neither is `바꿔 말하면`.
            let past =
                rest.starts_with(['진', '졌', '지']) || rest.starts_with(" 말") || rest.starts_with("서 보");
            if starts && !past && !harmless(before) {
                return Some((*word).to_owned());
            }
        }
    }
    None
}

/// `넣어봐`, `끊어주시기 바랍니다`: verbs that change things with any ending of a request.
fn stem_with_ending(text: &str) -> Option<String> {
    const STEMS: [&str; 26] = [
        "지워",
        "없애",
        "바꿔",
        "고쳐",
        "넣어",
        "꺼",
        "켜",
        "내려",
        "올려",
        "날려",
        "죽여",
        "옮겨",
        "풀어",
        "막아",
        "비워",
        "밀어",
        "낮춰",
        "높여",
        "줄여",
        "늘려",
        "채워",
        "덮어써",
        "끊어",
        "떼어",
        "붙여",
        "심어",
    ];
    const ENDINGS: [&str; 9] = ["봐", "줘", "주시", "주세요", "주십시오", "줄래", "놔", "버려", "달라"];
    for stem in STEMS {
        for (at, _) in text.match_indices(stem) {
            let (before, rest) = (&text[..at], text[at + stem.len()..].trim_start());
            let starts = before.is_empty() || before.ends_with([' ', '을', '를', '좀', '만', '도', ',']);
            if let Some(ending) =
                ENDINGS.iter().find(|e| rest.starts_with(**e)).filter(|_| starts && !harmless(before))
            {
                return Some(format!("{stem}{ending}"));
            }
            // `등급을 전부 하로 낮춰`: an order without an ending, behind what it should become.
            let bare = rest.trim_matches(['!', '.', '~', ' ']).is_empty();
            if bare && before.trim_end().ends_with('로') && !harmless(before) {
                return Some(stem.to_owned());
            }
        }
    }
    None
}

/// A Korean sentence that ends in an order of any verb but those of telling: `포트 막아 줘`, `상태를 정상으로 돌려놔`. Verbs
/// are many, ways to be told something few.
pub(super) fn order(text: &str) -> Option<String> {
    for sentence in text.split(['.', '!', ';', '\n', '~', '…']) {
        let sentence = sentence.trim().trim_end_matches(',');
        if sentence.is_empty() || sentence.contains('?') {
            continue;
        }
        let words: Vec<&str> = sentence.split(' ').collect();
        let Some((last, before)) = words.split_last() else { continue };
        let Some(ending) = ORDERS.iter().find(|ending| last.ends_with(**ending)) else { continue };
        let mut stem = last[..last.len() - ending.len()].to_owned();
        if stem.is_empty() {
            // `막아 줘`: the verb stands before; `목록 줘`: a noun does, and is what is wanted
            let Some(verb) = before.last() else { continue };
            let joined = ["아", "어", "여", "해", "워", "춰", "려", "켜", "꺼", "와", "줘", "놔", "써"];
            if !joined.iter().any(|end| verb.ends_with(end)) {
                continue;
            }
            stem = (*verb).to_owned();
        }
        let about: String = before.join(" ");
        let made = stem.ends_with("만들어") || stem.ends_with("바꿔");
        let told = if made { harmless(&about) } else { TELLING.iter().any(|verb| tells(&stem, verb)) };
        if !told && stem.chars().all(crate::text::is_hangul) {
            return Some(format!("{stem}{ending}"));
        }
    }
    None
}

/// Whether a stem is this verb, also as the end of a compound (`원인분석해`); short verbs end too many others.
fn tells(stem: &str, verb: &str) -> bool {
    stem == verb || verb.chars().count() > 1 && stem.ends_with(verb)
}

/// Endings that also occur in questions about what was done.
fn reading(rest: &str, ending: &str, stem: &str) -> bool {
    let after = rest[ending.len()..].trim_start();
    match *ending.as_bytes() {
        // `변경하고 나서 발생한`, `배포하고 있는`
        _ if ending == "하고" || ending == "해서" || ending == "하시고" => {
            after.starts_with("나서") && !after.contains("해줘")
                || after.starts_with("있")
                || after.starts_with("난")
                || matches!(stem, "설정" | "적용" | "실행" | "배포" | "등록" | "가동")
                    && !after.contains("알려")
                    && after.contains("는")
        }
        _ if ending == "해야" => {
            after.starts_with("하는")
                || after.starts_with("할")
                || after.starts_with("되는")
                || after.starts_with("될")
        }
        _ if ending == "해요" || ending == "한 뒤 알려" => false,
        _ if ending == "해주" => after.starts_with('는') || after.starts_with('던'),
        _ if ending == "시키" || ending == "시켜" => {
            after.starts_with('는') || after.starts_with("던") || after.starts_with("진")
        }
        _ if ending == "한 다음" || ending == "한다음" => {
            after.starts_with("날") || after.starts_with("에 발생")
        }
        _ if ending == "부탁" => false,
        _ => false,
    }
}

/// `… 전부 삭제`: stems that are no name of a record by themselves.
fn bare_request(stem: &str, before: &str) -> bool {
    let fresh = ["새로운", "새 ", "신규"].iter().any(|w| before.contains(w));
    if fresh && matches!(stem, "등록" | "추가" | "생성" | "입력") {
        return !before.contains("몇") && !before.contains("최근");
    }
    matches!(
        stem,
        "삭제"
            | "제거"
            | "초기화"
            | "강제종료"
            | "강제 종료"
            | "재시작"
            | "재부팅"
            | "셧다운"
            | "종료"
            | "중지"
            | "비활성화"
            | "포맷"
            | "폐기"
    ) && [
        "전부", "전체", "죄다", "몽땅", "모두", "모든", "다", "싹", "당장", "지금", "바로", "즉시", "을",
        "를", "서버", "해당",
    ]
    .iter()
    .any(|w| before.ends_with(w) || before.contains(&format!("{w} ")))
        && !before.contains("몇")
        && !before.contains("이력")
        && !before.contains("최근")
        && !before.contains("마지막")
}
