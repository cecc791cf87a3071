//! Words without a sense of their own: which of them say nothing, by the way they are built.

/// `안했어`, `못받은`: a verb that is denied.
pub(super) fn denied(word: &str) -> bool {
    let rest = word.strip_prefix('안').or_else(|| word.strip_prefix('못'));
    rest.is_some_and(|rest| {
        ["했", "한", "하", "되", "된", "됐", "돼", "뜬", "뜨", "받", "나", "왔", "온", "쓰", "쓴"]
            .iter()
            .any(|v| rest.starts_with(v))
    })
}

/// The last syllable ends in ㄴ, as verbs before a noun do.
pub(super) fn ends_in_n(word: &str) -> bool {
    const FINALS: u32 = 28;
    const N: u32 = 4;
    let last = word.chars().last().map_or(0, u32::from);
    (0xac00..=0xd7a3).contains(&last) && (last - 0xac00) % FINALS == N
}

/// Letters without a syllable: `ㄱㄱ`, `ㅋㅋ`.
pub(super) fn laughing(word: &str) -> bool {
    word.chars().all(|c| ('\u{1100}'..='\u{11ff}').contains(&c) || ('\u{3131}'..='\u{318e}').contains(&c))
}

/// Verbs that say of a thing no more than that it is there or happened, in any form.
pub(crate) fn light_verb(word: &str) -> bool {
    const STEMS: &[&str] = &[
        "돌리",
        "돌린",
        "돌려",
        "돌아",
        "굴리",
        "굴려",
        "굴린",
        "띄우",
        "띄운",
        "띄워",
        "떠있",
        "뜬",
        "뜨는",
        "떴",
        "터지",
        "터졌",
        "울리",
        "울렸",
        "울린",
        "찍히",
        "찍힌",
        "찍혔",
        "올라온",
        "올라왔",
        "들어온",
        "들어왔",
        "나온",
        "나왔",
        "나오",
        "생긴",
        "생겼",
        "달려",
        "달린",
        "박혀",
        "박힌",
        "깔려",
        "깔린",
        "물려",
        "물린",
        "했던",
        "하던",
        "해야",
        "전화해",
        "연락해",
        "물어",
        "여쭤",
        "알고",
        "보고",
        "봐야",
        "부르",
        "불러",
        "쓰는",
        "쓰고",
        "쓴",
        "써야",
        "있더",
        "있던",
        "있는",
        "남아",
        "남은",
        "잡힌",
        "잡혔",
        "걸린",
        "걸려",
        "걸렸",
        "한거",
        "한건",
        "된거",
        "된건",
        "난거",
        "난건",
        "하는거",
        "했는",
        "뽑아",
        "뽑은",
        "보이는",
        "보여",
        "끊기",
        "끊긴",
        "끊겨",
        "갖고",
        "가지고",
        "가진",
        "굴러",
    ];
    STEMS.iter().any(|s| word.starts_with(s))
}

/// A certain day of the week, or certain days; `요일별` names none.
pub(super) fn names_day(words: &str) -> bool {
    let words = words.to_lowercase();
    let korean =
        ["월", "화", "수", "목", "금", "토", "일"].iter().any(|d| words.starts_with(&format!("{d}요일")));
    korean
        || words.contains("주말")
        || matches!(words.as_str(), "평일" | "주중" | "working days")
        || words.starts_with("weekend")
        || words.ends_with("days") && words != "days"
        || words.ends_with("day") && !words.contains(' ')
}

/// A Hangul word without the particles behind it.
pub(super) fn stem(word: &str) -> &str {
    let cut = crate::text::hangul::PARTICLES
        .iter()
        .filter(|(p, _)| word.ends_with(p) && word.len() > p.len())
        .max_by_key(|(p, _)| p.len());
    cut.map_or(word, |(p, _)| &word[..word.len() - p.len()])
}

/// Nothing is denied by empty lists.
pub(super) fn only_empty(said: &str) -> bool {
    !["Ne,", "op: Ne", "NotIn", "outside: [ItemSet", "without: [RecordSet", "Missing"]
        .iter()
        .any(|x| said.contains(x))
}

/// Korean verbs and adverbs end in a few ways; a noun that is not known has a particle or none of them.
pub(super) fn korean_filler(word: &str, noun_follows: bool) -> bool {
    const VERBS: &[&str] = &[
        "다", "요", "까", "니", "냐", "나", "죠", "지", "네", "게", "서", "며", "면", "던", "해", "줘", "봐",
        "어", "아", "여", "워", "려", "고", "데", "써", "져", "라", "자", "음", "임", "함", "히", "도록",
        "진", "린", "긴", "난", "든", "친", "킨", "된", "운", "낸", "쓴", "준", "둔", "뜬", "할", "될", "혀",
        "켜", "쳐",
    ];
    // `망한 작업`, `의지하는 시스템`: before a noun it narrows the noun, and what it means is not known.
    const NARROWING: &[&str] = &[
        "한", "은", "는", "운", "진", "린", "난", "던", "친", "든", "킨", "된", "낸", "쓴", "준", "할", "될",
    ];
    const EITHER: &[&str] = &["인", "로", "이", "는", "은", "한"];
    if noun_follows && NARROWING.iter().any(|e| word.ends_with(e)) {
        return false;
    }
    if VERBS.iter().any(|e| word.ends_with(e)) {
        return true;
    }
    EITHER.iter().any(|e| word.ends_with(e)) && (noun_follows || word.chars().count() <= 2)
}

/// English verbs and adverbs that no lexicon has to know. Directly before a noun they qualify it.
pub(super) fn english_filler(word: &str, noun_follows: bool) -> bool {
    let verb = ["ing", "ed"].iter().any(|e| word.ends_with(e)) && word.len() > 4 && !noun_follows;
    let adverb = ["ly", "n't"].iter().any(|e| word.ends_with(e)) && word.len() > 4;
    // A misspelt little word (`wich`, `teh`).
    let misspelt = word.len() <= 5
        && [
            "which", "what", "have", "does", "many", "much", "with", "from", "were", "there", "that", "the",
            "are", "how", "show", "list", "please",
        ]
        .iter()
        .any(|w| crate::text::similar::distance(word, w, 1).is_some());
    word.len() <= 2 || verb || adverb || misspelt
}
