//! Texts: words of the estate.

use super::{common::plural, number, texts};

texts! {
    /// Words of the estate.
    Synonyms {
        title => "낱말", "Words";
        lead => "질문에서 이름 대신 쓸 수 있는 말입니다. 바꾸면 다음 질문부터 통합니다.", "What questions may say instead of the name. A change counts from the next question on.";
        tabs => "낱말의 종류", "Kinds of words";
        kinds => "항목 종류", "Kinds";
        fields => "항목의 값", "Fields";
        relations => "관계", "Relations";
        records => "기록", "Records";
        metrics => "지표", "Metrics";
        search => "낱말 찾기", "Search words";
        name => "이름", "Name";
        words => "다른 말", "Other words";
        add => "더하기", "Add";
        add_to(what: &str) => format!("{what}의 다른 말 더하기"), format!("Add a word for {what}");
        remove_word(word: &str) => format!("‘{word}’ 지우기"), format!("Remove “{word}”");
        saved => "낱말을 저장했습니다", "Words saved";
        none => "카탈로그가 비어 있습니다", "The catalogue is empty";
        none_text => "데이터를 가져오면 종류, 값, 관계, 기록, 지표가 여기에 나옵니다.", "Import data, and its kinds, fields, relations, records and metrics appear here.";
        used(n: u64) => format!("{}개", number(n)), plural(n, "item", "items");
        of_record(kind: &str, field: &str) => format!("{kind} · {field}"), format!("{kind} · {field}");
    }
}
