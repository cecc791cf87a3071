//! From a question to a plan, or to what has to be said instead.

use model::{
    Lang,
    answer::Choice,
    plan::{Origin, Plan, Reason},
};

use crate::{
    Outcome, Question,
    generate::{Generator, why::Why},
    logic::{Ask, Want},
    read::{
        Part, Reader, Trouble, clauses, focus, language,
        turn::{self, Turn},
    },
    refuse::{Refusal, refusal},
    vocabulary::Index,
    words::Wording,
};

/// Below this a reading is asked about before it is answered.
pub(crate) const SURE: f32 = 0.6;

impl Index {
    /// Reads a question and makes the plan that answers it.
    pub fn plan(&self, question: &Question<'_>) -> Outcome {
        let mut outcome = self.read(question);
        let lang = question.lang.unwrap_or_else(|| language(question.text));
        let wording = Wording { index: self, lang };
        let why = match &mut outcome {
            Outcome::Plan(plan) => &mut plan.why,
            Outcome::Clarify { why, .. }
            | Outcome::Unanswerable { why, .. }
            | Outcome::Refuse { why, .. } => why,
        };
        for reason in why {
            reason.meaning = wording.meaning(&reason.slot, &reason.meaning);
        }
        outcome
    }

    fn read(&self, question: &Question<'_>) -> Outcome {
        let lang = question.lang.unwrap_or_else(|| language(question.text));
        if let Some(reason) = refusal(question.text) {
            return refused(&reason, lang);
        }
        let focus = focus::focus(self, question.context, question.as_of, question.tz);
        let (turn, asks, left) = clauses::read_all(self, question.text, &focus, question.as_of, question.tz);
        let Turn { reader, ask } = turn;
        let mut why = reader.why.clone();
        match ask {
            Ok(_) if !left.is_empty() => {
                let understood = match asks.as_slice() {
                    [one] => one.clone(),
                    many => Ask::Both(many.iter().map(|a| (String::new(), a.clone())).collect()),
                };
                let offers = self.rewritings(question, &left);
                let trouble = Trouble::LeftOut { understood: Box::new(understood), words: left };
                offering(crate::troubles::tell(self, &trouble, lang, why), offers)
            }
            Ok(_) if reader.confidence() < SURE => {
                let words: Vec<String> = reader.unknown_words();
                let reading = asks.iter().map(|ask| Wording { index: self, lang }.ask(ask));
                let reading = reading.collect::<Vec<_>>().join(" / ");
                let listed = words.iter().map(|w| format!("'{w}'")).collect::<Vec<_>>().join(", ");
                let text = match lang {
                    Lang::Ko => format!(
                        "{listed}의 뜻을 몰라 '{reading}'(으)로만 이해했습니다. 아래에서 고르시거나 다른 말로 다시 적어 주십시오."
                    ),
                    Lang::En => format!(
                        "I do not know {listed}, and read the question only as: {reading}. Choose below, or say it in other words."
                    ),
                };
                Outcome::Clarify { text, choices: self.rewritings(question, &words), why }
            }
            Ok(_) => {
                let ask = match asks.as_slice() {
                    [one] => one.clone(),
                    many => Ask::Both(many.iter().map(|a| (String::new(), a.clone())).collect()),
                };
                let tz = reader.times.zone.unwrap_or(question.tz);
                let mut generator = Generator::new(self, lang, tz.name());
                generator.decimals =
                    decimals(&reader.mentions.iter().map(|m| m.words.as_str()).collect::<Vec<_>>());
                generator.unit =
                    asked_unit(&reader.mentions.iter().map(|m| m.words.as_str()).collect::<Vec<_>>());
                generator.answer(&ask, true);
                let wording = Wording { index: self, lang };
                let words = wording.ask(&ask);
                why.push(Reason { words: String::new(), slot: "operation".into(), meaning: words.clone() });
                let confidence = reader.confidence();
                let goal = match lang {
                    Lang::Ko => format!("이해한 내용: {words}"),
                    Lang::En => format!("Understood as: {words}"),
                };
                let root = generator.root();
                Outcome::Plan(Box::new(Plan {
                    goal,
                    lang,
                    origin: Origin::Rule,
                    root,
                    confidence,
                    why,
                    timeout_ms: 10_000,
                    tz: tz.name().to_owned(),
                    budget: model::plan::Budget::default(),
                }))
            }
            Err(Trouble::RootCause) => self.why(question, &reader, lang, why),
            Err(trouble @ Trouble::Unanchored(_)) => {
                let offers = self.dated(question, &trouble, lang);
                offering(crate::troubles::tell(self, &trouble, lang, why), offers)
            }
            Err(trouble) => crate::troubles::tell(self, &trouble, lang, why),
        }
    }

    /// The question with periods in place of a time that was not said.
    fn dated(&self, question: &Question<'_>, trouble: &Trouble, lang: Lang) -> Vec<Choice> {
        let Trouble::Unanchored(words) = trouble else { return Vec::new() };
        let periods = match lang {
            Lang::Ko => ["지난 24시간", "지난 7일", "지난 30일"],
            Lang::En => ["in the last 24 hours", "in the last 7 days", "in the last 30 days"],
        };
        let lower = question.text.to_lowercase();
        let Some(at) = lower.find(words.as_str()).filter(|_| lower.len() == question.text.len()) else {
            return Vec::new();
        };
        let (before, after) = (question.text.get(..at), question.text.get(at + words.len()..));
        let (Some(before), Some(after)) = (before, after) else { return Vec::new() };
        choices(periods.iter().map(|p| format!("{before}{p}{after}")).collect())
    }

    /// The plan for a question for a cause.
    fn why(&self, question: &Question<'_>, reader: &Reader<'_>, lang: Lang, mut why: Vec<Reason>) -> Outcome {
        let about = Why::of(reader);
        let tz = reader.times.zone.unwrap_or(question.tz);
        let mut generator = Generator::new(self, lang, tz.name());
        generator.why(&about, question.as_of);
        let words = about.words(lang);
        why.push(Reason { words: String::new(), slot: "operation".into(), meaning: words.clone() });
        let goal = match lang {
            Lang::Ko => format!("이해한 내용: {words}"),
            Lang::En => format!("Understood as: {words}"),
        };
        Outcome::Plan(Box::new(Plan {
            goal,
            lang,
            origin: Origin::Rule,
            root: generator.root(),
            confidence: reader.confidence(),
            why,
            timeout_ms: 20_000,
            tz: tz.name().to_owned(),
            budget: model::plan::Budget::default(),
        }))
    }

    /// A short title of a conversation: what it is about and what was asked.
    pub fn title(&self, question: &str) -> String {
        let focus = crate::read::Focus::default();
        let now = chrono::DateTime::<chrono::Utc>::UNIX_EPOCH + chrono::Duration::days(20_000);
        let turn = turn::read(self, question, &focus, now, chrono_tz::UTC);
        let mut things: Vec<String> = Vec::new();
        for (i, p) in turn.reader.parts.iter().enumerate() {
            let word = match p {
                Part::Items(codes) => codes.first().cloned(),
                Part::System { value, .. } => Some(value.to_uppercase()),
                Part::Prefix(_)
                | Part::Kinds(_)
                | Part::Value(..)
                | Part::Rec
                | Part::RecValue(..)
                | Part::Field(_)
                | Part::RecField(_)
                | Part::Concept(_)
                | Part::Metric(_)
                | Part::Time => Some(turn.reader.words(i).to_owned()),
                _ => None,
            };
            if let Some(w) = word
                && !things.contains(&w)
            {
                things.push(w);
            }
        }
        let operation = match (&turn.ask, language(question)) {
            (Ok(Ask::Items(_, Want::Number(_)) | Ask::Records(_, Want::Number(_))), Lang::Ko) => "집계",
            (Ok(Ask::Items(_, Want::Number(_)) | Ask::Records(_, Want::Number(_))), Lang::En) => "count",
            (Ok(Ask::Path { .. }), Lang::Ko) => "경로",
            (Ok(Ask::Path { .. }), Lang::En) => "path",
            _ => "",
        };
        let mut title = things.join(" ");
        if !operation.is_empty() && title.chars().count() < 34 {
            title = format!("{title} {operation}");
        }
        let title = title.trim();
        if title.chars().count() < 2 { shorten(question) } else { shorten(title) }
    }
}

/// The outcome with better questions to choose from than examples, where there are any.
fn offering(outcome: Outcome, offers: Vec<Choice>) -> Outcome {
    match outcome {
        Outcome::Clarify { text, why, .. } if !offers.is_empty() => {
            Outcome::Clarify { text, choices: offers, why }
        }
        Outcome::Unanswerable { text, why, .. } if !offers.is_empty() => {
            Outcome::Unanswerable { text, choices: offers, why }
        }
        other => other,
    }
}

fn shorten(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.chars().count() <= 40 {
        return text;
    }
    let cut: String = text.chars().take(39).collect();
    format!("{cut}…")
}

fn refused(reason: &Refusal, lang: Lang) -> Outcome {
    let (words, text) = match (reason, lang) {
        (Refusal::Change(w), Lang::Ko) => (
            w,
            format!(
                "요청하신 '{w}' 작업은 수행할 수 없습니다. Tobit은 데이터를 조회만 하며, 데이터를 변경·삭제하거나 명령을 실행하지 않습니다."
            ),
        ),
        (Refusal::Change(w), Lang::En) => (
            w,
            format!(
                "I cannot do this ('{w}'): Tobit only reads data. It does not change or delete anything and runs no commands."
            ),
        ),
        (Refusal::Secret(w), Lang::Ko) => (
            w,
            format!(
                "'{w}' 같은 비밀 정보는 알려 드릴 수 없습니다. Tobit은 비밀번호·키·토큰을 다루지 않으며 조회만 합니다."
            ),
        ),
        (Refusal::Secret(w), Lang::En) => (
            w,
            format!(
                "I cannot give away secrets such as '{w}'. Tobit keeps no passwords, keys or tokens and only reads data."
            ),
        ),
        (Refusal::Override(w), Lang::Ko) => (
            w,
            "규칙을 바꾸거나 무시하라는 요청은 따를 수 없습니다. Tobit은 데이터를 조회만 합니다.".to_owned(),
        ),
        (Refusal::Override(w), Lang::En) => {
            (w, "I cannot set my rules aside. Tobit only reads data.".to_owned())
        }
    };
    let meaning = match reason {
        Refusal::Change(_) => "change",
        Refusal::Secret(_) => "secret",
        Refusal::Override(_) => "override",
    };
    Outcome::Refuse {
        text,
        why: vec![Reason { words: words.clone(), slot: "operation".into(), meaning: meaning.into() }],
    }
}

/// Decimal places a question asks for.
fn decimals(words: &[&str]) -> Option<u8> {
    let text = words.join(" ");
    for (n, names) in [
        (0, ["소수 없이", "whole number", "정수로", "정수만", "no decimals"]),
        (1, ["소수 첫째", "소수점 첫째", "one decimal", "소수점 한", "소수 한"]),
        (2, ["소수 둘째", "소수점 둘째", "two decimal", "소수점 두", "소수 두"]),
        (3, ["소수 셋째", "소수점 셋째", "three decimal", "소수점 세", "소수 세"]),
    ] {
        if names.iter().any(|name| text.contains(name)) {
            return Some(n);
        }
    }
    None
}

/// The unit a question asks for a number in.
fn asked_unit(words: &[&str]) -> Option<&'static str> {
    const UNITS: [(&str, &[&str]); 6] = [
        ("ms", &["in ms", "in milliseconds", "ms로", "밀리초로", "몇 밀리초", "몇 ms", "( ms )"]),
        ("s", &["in seconds", "초로", "몇 초", "몇초"]),
        ("min", &["in minutes", "분으로", "몇 분", "몇분", "how many minutes"]),
        ("h", &["in hours", "시간으로", "몇 시간", "몇시간", "how many hours"]),
        ("GB", &["in gb", "in gigabytes", "기가로", "gb로"]),
        ("TB", &["in tb", "in terabytes", "테라로", "tb로"]),
    ];
    let text = format!(" {} ", words.join(" "));
    // A unit is a word of its own.
    let said = |w: &str| {
        text.match_indices(w).any(|(at, _)| {
            let ends = text[at + w.len()..].chars().next().is_none_or(|c| !c.is_ascii_alphanumeric());
            ends && text[..at].ends_with(' ')
        })
    };
    UNITS.iter().find(|(_, list)| list.iter().any(|w| said(w))).map(|(unit, _)| *unit)
}

/// Choices of questions.
pub fn choices(questions: Vec<String>) -> Vec<Choice> {
    questions.into_iter().map(|q| Choice { label: q.clone(), question: q }).collect()
}
