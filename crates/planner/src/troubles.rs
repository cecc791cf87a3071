//! What is said when a question cannot be answered: what is missing, and the nearest there is.

use chrono::{DateTime, Utc};
use model::{Lang, answer::Choice, plan::Reason};

use crate::{
    Outcome,
    plan::choices,
    read::Trouble,
    text::{similar, squash},
    vocabulary::Index,
    words::Wording,
};

/// The outcome for a trouble.
pub fn tell(index: &Index, trouble: &Trouble, lang: Lang, why: Vec<Reason>) -> Outcome {
    let ko = lang == Lang::Ko;
    let missing =
        |text: String, choices: Vec<Choice>| Outcome::Unanswerable { text, choices, why: why.clone() };
    let ask_back = |text: &str, choices: Vec<Choice>| Outcome::Clarify {
        text: text.to_owned(),
        choices,
        why: why.clone(),
    };
    match trouble {
        Trouble::UnknownItem(code) => {
            let near = nearest(index, code, 4);
            let offer = near.join(", ");
            let text = match (ko, near.is_empty()) {
                (true, true) => format!("'{code}' 항목은 존재하지 않습니다."),
                (true, false) => format!("'{code}' 항목은 존재하지 않습니다. 비슷한 이름의 항목을 찾으신다면 아래에서 골라 주십시오."),
                (false, true) => format!("There is no item '{code}'."),
                (false, false) => format!("There is no item '{code}'. If you mean one with a similar name, choose below."),
            };
            let _ = offer;
            missing(text, choices(near.into_iter().map(|c| if ko { format!("{c} 정보 알려줘") } else { format!("Show details of {c}") }).collect()))
        }
        Trouble::Several { words, codes } => ask_back(
            &if ko {
                format!("'{words}'에 해당하는 항목이 {}개 있습니다. 어느 것을 말씀하시나요?", codes.len())
            } else {
                format!("There are {} items that '{words}' may mean. Which one do you mean?", codes.len())
            },
            choices(
                codes
                    .iter()
                    .take(8)
                    .map(|c| if ko { format!("{c} 정보 알려줘") } else { format!("Show details of {c}") })
                    .collect(),
            ),
        ),
        Trouble::UnknownValue(words) => {
            let text = if ko {
                format!("등록된 데이터에 '{words}'에 해당하는 시스템이나 값이 존재하지 않습니다.")
            } else {
                format!("'{words}' does not exist in the data: no item, system or value has this name.")
            };
            missing(text, choices(index.examples(lang).into_iter().take(3).collect()))
        }
        Trouble::UnknownField { words, of, has } => {
            let of = of.iter().take(3).cloned().collect::<Vec<_>>().join(", ");
            let has = has.iter().take(14).cloned().collect::<Vec<_>>().join(", ");
            let text = if ko {
                format!("{of}에는 '{words}' 정보가 없습니다. 등록된 속성: {has}.")
            } else {
                format!("The data have no '{words}' for {of}. Recorded fields: {has}.")
            };
            missing(text, Vec::new())
        }
        Trouble::NoMetric { words, of } => {
            let of = of.iter().take(3).cloned().collect::<Vec<_>>().join(", ");
            let text = if ko {
                format!("{of}에 대한 '{words}' 측정 데이터가 없습니다.")
            } else {
                format!("There are no measurements of '{words}' for {of}.")
            };
            missing(text, Vec::new())
        }
        Trouble::OutsideData { what, window, covers } => {
            let (from, to) = (day(covers.0), day(covers.1));
            let text = if ko {
                format!("{} 기간의 {what} 데이터가 없습니다. 데이터는 {from}부터 {to}까지(UTC) 있습니다.", window.words)
            } else {
                format!("There are no data of {what} for {}. The data cover {from} to {to} (UTC).", window.words)
            };
            missing(text, Vec::new())
        }
        Trouble::Future => missing(
            if ko { "앞으로의 값은 데이터에 없어 답할 수 없습니다. 기록된 기간에 대해 물어봐 주십시오." } else { "The data hold no future values, so this cannot be answered. Please ask about a period that was recorded." }.to_owned(),
            choices(index.examples(lang).into_iter().take(3).collect()),
        ),
        Trouble::RootCause => missing(
            if ko {
                "근본 원인 분석은 아직 제공하지 않아 원인을 답할 수 없습니다. 해당 시간대의 지표나 이벤트는 조회할 수 있습니다."
            } else {
                "Root-cause analysis is not available yet, so the cause cannot be named. Metrics and events of that time can be queried."
            }
            .to_owned(),
            choices(index.examples(lang).into_iter().take(4).collect()),
        ),
        Trouble::NothingMeant => ask_back(
            if ko { "무엇에 대한 질문인지 알려 주십시오. 어떤 항목, 어느 시간대를 말씀하시나요?" } else { "Which one do you mean? Please name the item or the time you are asking about." },
            choices(index.examples(lang).into_iter().take(4).collect()),
        ),
        Trouble::Help => ask_back(
            if ko { "안녕하십니까. 등록된 항목과 관계, 이벤트·유지보수·변경 이력, 지표에 대해 물어보실 수 있습니다. 예를 들면 다음과 같습니다." } else { "Hello. You can ask about the recorded items and their relations, events, maintenance and changes, and metrics. Some examples:" },
            choices(index.examples(lang).into_iter().take(6).collect()),
        ),
        Trouble::Unclear(_) => ask_back(
            if ko { "어떤 항목에 대한 질문인지 알려 주십시오. 코드나 이름, 종류를 함께 적어 주시면 답할 수 있습니다." } else { "Which item do you mean? Please add its code, name or kind." },
            choices(index.examples(lang).into_iter().take(4).collect()),
        ),
        Trouble::LeftOut { understood, words } => {
            let reading = Wording { index, lang }.ask(understood);
            // Words nothing in the estate or the language of questions knows: there are no such data.
            let unknown = words.iter().all(|w| index.dictionary.get(&squash(w)).is_none());
            let words = words.iter().map(|w| format!("'{w}'")).collect::<Vec<_>>().join(", ");
            let text = if ko {
                format!("데이터에 {words}에 해당하는 것이 없거나 이해하지 못했습니다. 이 부분을 빼면 '{reading}'(으)로 이해했습니다. 다른 말로 다시 적어 주시거나, 무엇을 뜻하는지 알려 주십시오.")
            } else {
                format!("The data have no {words}, or I did not understand it. Without it I read the question as: {reading}. Please say it in other words, or tell me what it means.")
            };
            let offers = choices(index.examples(lang).into_iter().take(3).collect());
            if unknown { missing(text, offers) } else { ask_back(&text, offers) }
        }
        Trouble::Unanchored(words) => ask_back(
            &if ko {
                format!("'{words}'이 언제를 말씀하시는지 알려 주십시오. 날짜나 시각, '지난 24시간' 같은 기간으로 적어 주시면 답할 수 있습니다.")
            } else {
                format!("When is '{words}'? Please give a date, a time or a period such as 'last 24 hours'.")
            },
            Vec::new(),
        ),
        Trouble::NotUnderstood => missing(
            if ko {
                "질문에 해당하는 데이터를 찾지 못했습니다. 등록된 항목·이벤트·이력·지표에 대해서만 답할 수 있습니다."
            } else {
                "This cannot be answered: the data have nothing about it. Questions can be about the recorded items, events, history and metrics."
            }
            .to_owned(),
            choices(index.examples(lang).into_iter().take(4).collect()),
        ),
    }
}

fn day(t: DateTime<Utc>) -> String {
    t.format("%Y-%m-%d %H:%M").to_string()
}

/// Items looked at for nearest names; of more than these only those that begin alike.
const LOOKED_AT: usize = 1_000;

/// Codes with the most trigrams in common.
pub fn nearest(index: &Index, code: &str, n: usize) -> Vec<String> {
    let key = squash(code);
    let items = &index.vocabulary().items;
    let head: String = code.chars().take(3).collect();
    let alike = |c: &str| {
        items.len() <= LOOKED_AT || c.get(..head.len()).is_some_and(|c| c.eq_ignore_ascii_case(&head))
    };
    let plain = |c: &str| -> String {
        c.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
    };
    let mut scored: Vec<(f32, &str)> = items
        .iter()
        .filter(|item| alike(&item.code))
        .take(LOOKED_AT)
        .map(|item| (similar::trigrams(&key, &plain(&item.code)), item.code.as_str()))
        .filter(|(s, _)| *s >= 0.3)
        .collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
    scored.into_iter().take(n).map(|(_, c)| c.to_owned()).collect()
}
