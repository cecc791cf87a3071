//! Words that ask, link or describe and change no answer.

/// True for such a word.
pub fn harmless(word: &str) -> bool {
    ENGLISH.binary_search(&word).is_ok() || KOREAN.iter().any(|w| *w == word)
}

/// In order.
const ENGLISH: &[&str] = &[
    "able", "account", "accounts", "across", "actually", "after", "again", "against", "ago", "along", "already", "although", "always", "among", "amount", "amounts", "anybody", "anyone", "anything", "anyway", "appear", "appeared", "appears", "apply", "around", "asap", "ask", "assigned", "available", "away", "back", "based", "became", "become", "before", "behind", "belong", "best", "bit", "both", "break", "brief", "briefing", "briefly", "bring", "broke", "broken", "brought", "came", "can", "care", "case", "cases", "certain", "chain", "charge", "check", "clear", "clearly", "come", "comes", "coming", "concerning", "consider", "contain", "contained", "contains", "correct", "counted", "course", "covered", "covers", "curently", "curious", "data", "dataset", "date", "day", "days", "deal", "dear", "described", "difference", "different", "differs", "distinct", "does", "doing", "dont", "double", "down", "during", "each", "early", "easy", "edge", "edges", "either", "else", "end", "ends", "enough", "equal", "etc", "even", "ever", "everybody", "everyone", "everything", "exact", "exactly", "example", "faced", "fact", "far", "feel", "figure", "figures", "find", "fine", "follow", "following", "follows", "form", "format", "found", "full", "fully", "further", "gave", "general", "gets", "getting", "given", "gives", "giving", "goes", "going", "gone", "good", "gotten", "great", "group", "had", "halt", "halts", "hand", "handle", "handled", "handles", "hang", "happen", "happening", "happens", "hasn't", "having", "held", "help", "hence", "hey", "highest", "hit", "hits", "hold", "holding", "holds", "hours", "how", "however", "identified", "identify", "indeed", "inside", "instance", "instances", "instead", "interested", "involved", "involving", "it", "just", "keep", "keeps", "kept", "kind", "kindly", "knew", "know", "known", "knows", "largest", "lasted", "lasting", "lasts", "later", "least", "left", "let", "lets", "lies", "like", "liked", "likely", "likes", "links", "listed", "listing", "little", "locate", "located", "logged", "long", "look", "looked", "looking", "looks", "lot", "lots", "made", "main", "mainly", "make", "makes", "making", "many", "matter", "maybe", "mean", "means", "meant", "measured", "mention", "mentioned", "met", "mind", "mine", "minimum", "minutes", "moment", "month", "more", "most", "much", "must", "namely", "near", "nearly", "necessary", "need", "needed", "needs", "never", "next", "nice", "nobody", "normal", "normally", "note", "noted", "nothing", "now", "number", "numbers", "observed", "occasion", "occasions", "occur", "occurred", "occurrence", "occurrences", "occurring", "occurs", "off", "often", "okay", "once", "ones", "only", "onto", "order", "ordered", "others", "otherwise", "ought", "out", "overall", "own", "page", "pair", "pairs", "particular", "past", "people", "percentage-points", "perhaps", "period", "person", "piece", "please", "plus", "point", "points", "possible", "possibly", "present", "presently", "prior", "probably", "produced", "properly", "provide", "provided", "provides", "put", "question", "quick", "quickly", "quite", "raised", "rather", "reach", "reached", "reaches", "real", "really", "reason", "received", "receives", "regarding", "related", "relation", "relations", "relationship", "relationships", "remain", "report", "reported", "reports", "required", "respect", "respective", "respectively", "rest", "result", "retrieve", "return", "returned", "right", "said", "sample", "samples", "saw", "say", "saying", "says", "seconds", "seem", "seemed", "seems", "seen", "send", "sense", "set", "several", "shall", "she", "show", "showed", "shown", "shows", "side", "simple", "simply", "since", "sits", "sitting", "slightly", "small", "some", "somebody", "someone", "something", "sometimes", "somewhere", "soon", "sorry", "sort", "sorted", "specific", "specifically", "spent", "stand", "stands", "started", "starting", "starts", "stay", "still", "stop", "stops", "stored", "straight", "such", "suppose", "sure", "take", "taken", "takes", "talk", "telling", "tells", "than", "thank", "thanks", "that", "their", "theirs", "themselves", "then", "there", "therefore", "they", "thing", "think", "though", "thought", "through", "throughout", "thus", "till", "time", "times", "today", "together", "told", "took", "top", "topic", "total", "towards", "tried", "true", "truly", "try", "turn", "under", "understand", "unique", "unit", "units", "until", "up", "upon", "use", "useful", "using", "usual", "usually", "various", "versus", "via", "view", "want", "wanted", "wants", "way", "ways", "week", "well", "went", "were", "whatever", "whenever", "where", "wherever", "whether", "whichever", "while", "whole", "whom", "whose", "why", "will", "within", "without", "wonder", "wondering", "would", "year", "yes", "yet", "you", "your", "yours",
];

const KOREAN: &[&str] = &[
    "안녕", "안녕하세요", "혹시", "그냥", "일단", "먼저", "다시", "한번", "한 번", "제발", "부탁", "감사", "당장", "빨리", "아마", "정확히", "대충", "간단히",
    "각자", "전반", "기록상", "데이터상", "현황", "내용", "부분", "수준", "상황", "결과적으로", "기본적으로", "어디어디", "누구누구", "무엇무엇", "뭐뭐",
    "집계", "통계", "문제", "문제가", "생겨", "차지", "차지하는", "나오는", "따라가", "서로", "사람", "인원", "분", "관계", "쌍", "이내", "적", "경우", "건수", "갯수", "대수", "순위", "전부", "우리", "우리꺼", "저희", "회사", "담당자님", "이름", "순", "순서", "개념", "최대한", "자세히", "하나", "하나씩", "자신", "스스로", "자체", "본인", "기준",
    "번호", "말", "말씀", "질문", "답", "답변", "숫자", "수치", "값들", "그때", "당시", "무렵", "이후", "이전", "가량", "남짓", "동안", "내내", "소수", "소수점", "첫째", "둘째", "자리",
    "자리까지", "반올림", "단위", "표", "표로", "형식", "요약", "정도", "쭉", "싹다", "쫙", "좀", "아까", "방금", "조금", "약간", "실제", "실제로", "보통", "원래", "과연",
    "도대체", "대체", "얼마", "어느정도", "뭐임", "머야", "머임", "몇인지", "몇임", "인거", "건가", "건지", "거야", "거지", "거임", "거", "걸", "게", "데", "줄", "수",
];

#[cfg(test)]
mod tests {
    use super::ENGLISH;

    #[test]
    fn the_words_stand_in_order() {
        let mut sorted = ENGLISH.to_vec();
        sorted.sort_unstable();
        sorted.dedup();
        assert_eq!(sorted, ENGLISH);
    }
}
