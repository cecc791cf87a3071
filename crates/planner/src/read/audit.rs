//! What a reading leaves out. A question whose words would change the answer and found no place is asked back, never
//! answered in part.

use model::{Lang, schema::FieldRole};

use super::fillers::{denied, ends_in_n, english_filler, korean_filler, laughing, light_verb, stem};
use super::{Domain, Part, Reader, numbers::is_unit};
use crate::{
    dictionary::Sense,
    lexicon::{W, harmless},
    logic::Ask,
    text::{hangul::Josa, has_hangul},
};

impl Reader<'_> {
    /// The words of the question that the reading does not account for.
    pub(crate) fn words_left(&self, ask: &Ask) -> Vec<String> {
        // The logical form with all its names and values; what is not in it decides nothing.
        let said = format!("{ask:?}");
        let has = |text: &str| said.contains(&format!("\"{text}\""));
        let mut out: Vec<String> = self.left.clone();
        if let Some(words) = self.best_of_unknown(&said) {
            out.push(words);
        }
        out.extend(self.amount_lost(&said));
        // A mean of their own is a limit for items only that nothing but conditions choose.
        if said.contains(super::than::AVERAGE) && !said.starts_with("Items(ItemSet { start: All") {
            out.extend(self.place(W::Avg).map(|i| self.words(i).to_owned()));
        }
        for (i, part) in self.parts.iter().enumerate() {
            let m = &self.mentions[i];
            let fits = match part {
                // `srv-01보다`: compared with it, not asked about.
                Part::Items(_)
                    if m.josa.contains(&Josa::Than)
                        && !["Versus", "Compare", "n: 2", "Both", ", Groups {"]
                            .iter()
                            .any(|x| said.contains(x)) =>
                {
                    false
                }
                Part::Items(codes) => {
                    codes.iter().all(|c| has(c) || self.system_value(c).is_some_and(|v| has(&v)))
                        || self.pronoun_at(i)
                }
                Part::System { value, item, .. } => has(value) || item.as_deref().is_some_and(has),
                Part::Value(_, v) | Part::RecValue(_, v) => {
                    has(v) || said.contains(&format!("Number({v})")) || self.used_in_order(i, &said)
                }
                Part::Prefix(p) => has(p),
                Part::Kinds(kinds) => self.wide || self.used[i] || self.kinds_fit(i, kinds, &said),
                Part::Rel { family, types, .. } => self.relation_fits(i, family, types, &said),
                Part::Number => self.used[i] || self.number_fits(i),
                Part::Field(list) => {
                    let address =
                        |f: &String| self.index.field(f).is_some_and(|d| d.role == Some(FieldRole::Address));
                    list.iter().any(|f| has(f) || has(&format!("ci.{f}")) || address(f) && has("code"))
                        || self.field_is_noise(i, &said)
                }
                Part::RecField(f) => has(f) || self.field_is_noise(i, &said),
                // `디스크 용량`: more words for the field beside it.
                Part::Attribute => [i.checked_sub(1), Some(i + 1)].into_iter().flatten().any(|k| {
                    matches!(
                        self.parts.get(k),
                        Some(
                            Part::Field(_)
                                | Part::RecField(_)
                                | Part::Concept(_)
                                | Part::Metric(_)
                                | Part::Attribute
                        )
                    )
                }),
                // A time that was said and is in no step would change the answer.
                Part::Time => self.time_fits(i, &said),
                Part::Concept(c) => self.concept_fits(c, ask, &said),
                Part::Unknown => self.means_nothing(i, &said),
                Part::Word => self.word_fits(i, &said),
                _ => true,
            };
            let inside = self.pointed.is_some_and(|(from, to)| (from..to).contains(&i));
            let fits = fits && !self.place_lost(i, part);
            if !fits && !inside && !out.contains(&m.words) {
                out.push(m.words.clone());
            }
        }
        out
    }

    /// The window is in a step.
    fn time_fits(&self, i: usize, said: &str) -> bool {
        let windows = &self.times.windows;
        let own = self.mentions[i].time.and_then(|t| windows.get(t));
        let kept = own.is_some_and(|w| said.contains(&format!("{:?}", w.words)));
        let timeless = ["Items(", "Edges", "Path", "Pairs", "Cycles"].iter().any(|a| said.starts_with(a));
        kept || windows.is_empty()
            || said.contains("at\"")
            || said.starts_with("Forecast")
            || windows.len() == 1 && (said.contains("Window {") || !timeless)
    }

    /// What is measured of a thing is in a step that measures it.
    fn concept_fits(&self, concept: &str, ask: &Ask, said: &str) -> bool {
        if !super::domain::head(concept) || !said.contains("Metric(") && self.domain == Domain::Metric {
            return true;
        }
        let mut metrics = Vec::new();
        metrics_of(ask, &mut metrics);
        let own = |m: &usize| {
            let own = self.index.concepts_of(*m);
            own.contains(concept)
                || crate::text::words(concept).iter().any(|w| own.contains(&crate::dictionary::concept(w)))
        };
        // Only what some metric is really about decides between them.
        let decides = self.index.concepts.iter().any(|own| own.contains(concept));
        !decides || metrics.iter().any(own) || said.contains("Anomalies") || said.contains("Forecast")
    }

    /// A number of members that was said and that a list does not keep.
    fn amount_lost(&self, said: &str) -> Option<String> {
        let n = self.amount.filter(|_| !self.place_only)?;
        let listed = said.starts_with("Items(") && said.contains("List(");
        if !listed || said.contains(&format!("n: {n}")) {
            return None;
        }
        let at = (0..self.parts.len()).find(|&i| {
            self.parts[i] == Part::Number
                && self.mentions[i].number.as_ref().is_some_and(|(v, _)| *v == f64::from(n))
        })?;
        Some(self.words(at).to_owned())
    }

    /// A place in an order (`the third one`) that no step keeps.
    fn place_lost(&self, i: usize, part: &Part) -> bool {
        let plain = matches!(part, Part::Number | Part::Word | Part::Unknown);
        // `per second`, `5 second`: a unit.
        let unit = self.words(i) == "second"
            && i > 0
            && (self.parts[i - 1] == Part::Number
                || matches!(self.words(i - 1), "per" | "a" | "each" | "one"));
        plain && !unit && !self.used[i] && !self.place_only && self.ordinal_at(i).is_some_and(|(n, _)| n > 1)
    }

    /// The value of the field of systems, for an item that stands for one.
    fn system_value(&self, code: &str) -> Option<String> {
        let field = self.index.role(model::schema::FieldRole::System)?;
        self.index.item_by_code(code)?.fields.get(&field.key)?.as_str().map(str::to_owned)
    }

    fn pronoun_at(&self, i: usize) -> bool {
        self.mentions[i].any(&[W::It, W::Those])
    }

    /// `major 이상` became a list of levels.
    fn used_in_order(&self, i: usize, said: &str) -> bool {
        match (&self.parts[i], self.domain) {
            (Part::RecValue(f, _), Domain::Record(k)) => {
                self.index.rec_field(k, f).is_some_and(|d| !d.order.is_empty())
                    && said.contains(&format!("\"{f}\""))
            }
            _ => false,
        }
    }

    fn kinds_fit(&self, i: usize, kinds: &[String], said: &str) -> bool {
        let has = |text: &str| said.contains(&format!("\"{text}\""));
        let systems = self.are_systems(kinds);
        if kinds.iter().any(|k| has(k)) || systems && (said.contains("system\"") || said.contains("\"sys")) {
            return true;
        }
        // A kind behind or before an item of that kind names it once more.
        let named = self.parts.iter().any(|p| match p {
            Part::Items(codes) => {
                codes.iter().filter_map(|c| self.index.item_by_code(c)).any(|x| kinds.contains(&x.kind))
            }
            Part::Set(set) => self.kinds_of(set).iter().any(|k| kinds.contains(k)),
            _ => false,
        });
        let focus =
            self.focus.set.as_ref().is_some_and(|s| self.kinds_of(s).iter().any(|k| kinds.contains(k)));
        // `지표`, `서비스` in a question about a metric: what it is measured on.
        let metric = self.domain == Domain::Metric;
        // `DB 서버`: one noun with the kind beside it.
        let compound = [i.checked_sub(1), Some(i + 1)]
            .into_iter()
            .flatten()
            .any(|k| matches!(self.parts.get(k), Some(Part::Kinds(other)) if other.iter().any(|o| has(o))));
        let reached = said.contains("Hop")
            && kinds.iter().any(|k| crate::dictionary::concept(k) == "server")
            && compound;
        if reached || compound && crate::dictionary::concept(&kinds[0]) == "server" {
            return true;
        }
        // A word that is also a general one.
        let general = self.mentions[i].is(W::Thing) || kinds.len() > 4;
        named
            || focus
            || metric
            || general
            || matches!(said.get(..6), Some("Cycles" | "Pairs "))
            || said.starts_with("Path")
            || said.starts_with("Edges")
            || said.starts_with("Cycles")
    }

    fn relation_fits(&self, i: usize, family: &str, types: &[String], said: &str) -> bool {
        let has = |text: &str| said.contains(&format!("\"{text}\""));
        if types.iter().any(|t| has(t)) || self.used[i] {
            return true;
        }
        if said.contains("Path {") || said.contains("impact: Some") || said.contains("types: []") {
            return true;
        }
        if family == "compose" && said.contains("system\"") {
            return true;
        }
        // A verb of what was measured, done or recorded, or of a field (`RAID6 쓰는`), is no relation.
        let thing = |k: usize| {
            matches!(
                self.parts.get(k),
                Some(
                    Part::Value(..)
                        | Part::RecValue(..)
                        | Part::Field(_)
                        | Part::RecField(_)
                        | Part::Rec
                        | Part::Concept(_)
                        | Part::Metric(_)
                )
            )
        };
        // What belongs to an item by a relation is not told by its own fields.
        if self.domain == Domain::Items && said.contains("Fields([\"*\"])") {
            return false;
        }
        // Used in the wide sense, by whatever joins the two.
        if family == "use" && said.contains("direction: Both") {
            return true;
        }
        // `what engine is X running on`: the field of X that is asked for says it.
        if said.starts_with("Items(ItemSet { start: Codes(") && said.contains("Fields([") {
            return true;
        }
        // With nothing else named there is nothing it could join.
        let ends = self
            .parts
            .iter()
            .filter(|p| {
                matches!(
                    p,
                    Part::Items(_) | Part::Set(_) | Part::System { .. } | Part::Kinds(_) | Part::Prefix(_)
                )
            })
            .count();
        if ends <= 1 {
            return true;
        }
        let beside = (i.saturating_sub(2)..=i + 2).any(|k| k != i && thing(k));
        beside || matches!(self.domain, Domain::Metric)
    }

    fn number_fits(&self, i: usize) -> bool {
        let m = &self.mentions[i];
        let value = m.number.as_ref().map_or(0.0, |(n, _)| *n);
        if self.mentions.get(i + 1).is_some_and(|m| {
            m.any(&[W::Step, W::Hops]) || m.words.starts_with("단계") || m.words.starts_with("홉")
        }) {
            return true;
        }
        // `one`, an ordinal that was read, `p95`, a unit of the answer (`1분 단위`).
        let next = self.words(i + 1);
        self.ordinal_at(i).is_some() && self.pointed.is_some()
            || next.starts_with("percentile")
            || next.starts_with("퍼센타일")
            || next.starts_with("분위")
            || next.starts_with("백분위")
            || value == 1.0 && matches!(next, "minute" | "분" | "hour" | "시간")
            || m.words == "one"
    }

    /// Words like `종류`, `정보`, `시간` name a field and are also just words.
    fn field_is_noise(&self, i: usize, said: &str) -> bool {
        let m = &self.mentions[i];
        let strong =
            m.senses.iter().any(|(s, n)| *n >= 2 && matches!(s, Sense::Field(_) | Sense::RecField(..)));
        let word = m.senses.iter().any(|(s, _)| matches!(s, Sense::Word(_)));
        // `어느 팀`: asked for.
        if i > 0 && self.mentions[i - 1].is(W::Which) && !word {
            return false;
        }
        !strong
            || word
            || said.contains("\"*\"")
            || self.parts.contains(&Part::Rec) && m.senses.iter().any(|(s, _)| matches!(s, Sense::Rec(_)))
    }

    /// `제일`, `가장` before a word that is not known: the ranking that was asked for is not there.
    fn best_of_unknown(&self, said: &str) -> Option<String> {
        let ranked = ["Top", "desc:", "When", "Versus", "\"max\"", "\"min\"", "Newest", "Path", "top: Some"];
        if ranked.iter().any(|r| said.contains(r)) {
            return None;
        }
        let at = self.mentions.iter().position(|m| {
            matches!(m.words.as_str(), "제일" | "가장" | "젤" | "most" | "least")
                && !m.any(&[W::Most, W::Fewest])
        })?;
        let next = self.mentions.get(at + 1)?;
        (self.parts.get(at + 1) == Some(&Part::Unknown)).then(|| format!("{} {}", self.words(at), next.words))
    }

    /// Words that nothing knows and that say something.
    pub fn unknown_words(&self) -> Vec<String> {
        let unknown = |i: &usize| self.parts[*i] == Part::Unknown;
        let all = (0..self.parts.len()).filter(unknown);
        let (plain, rest): (Vec<usize>, Vec<usize>) = all.partition(|i| self.means_nothing(*i, ""));
        let list = if rest.is_empty() { plain } else { rest };
        list.into_iter().map(|i| self.words(i).to_owned()).collect()
    }

    /// How sure the reading is, by what is known of its words: 0.2 to 0.97.
    pub fn confidence(&self) -> f32 {
        let (mut known, mut unknown, mut guessed) = (0.0_f32, 0.0_f32, 0.0_f32);
        for (i, part) in self.parts.iter().enumerate() {
            match part {
                Part::Sign => {}
                Part::Unknown if self.means_nothing(i, "") => unknown += 0.3,
                Part::Unknown => unknown += 1.0,
                _ => known += 1.0,
            }
            if self.mentions[i].fuzzy {
                guessed += 1.0;
            }
        }
        let share = if known + unknown > 0.0 { unknown / (known + unknown) } else { 1.0 };
        (0.97 - share * 0.6 - guessed * 0.06).clamp(0.2, 0.97)
    }

    /// Something is asked, and of what is not said (`요즘 좀 느린 것 같은데`, `the most problematic one`); else nothing is known.
    pub(super) fn vague(&self) -> super::Trouble {
        let asks = self.mentions.iter().enumerate().any(|(i, m)| {
            m.any(&[
                W::Most,
                W::Fewest,
                W::Max,
                W::Min,
                W::Trouble,
                W::Odd,
                W::Well,
                W::Down,
                W::Full,
                W::Longest,
                W::Compare,
                W::Changed,
            ]) || matches!(self.parts.get(i), Some(Part::Concept(_)))
        });
        let unknown =
            (0..self.parts.len()).any(|i| self.parts[i] == Part::Unknown && !self.means_nothing(i, ""));
        if asks && !unknown { super::Trouble::NothingMeant } else { super::Trouble::NotUnderstood }
    }

    /// An unknown word that decides nothing: a verb, a filler, a sign of politeness.
    fn means_nothing(&self, i: usize, said: &str) -> bool {
        let m = &self.mentions[i];
        let word = m.words.as_str();
        let stem = stem(word);
        // `which service eats the most CPU`: an English verb stands between a noun and what it is most of.
        let verb = word.is_ascii()
            && word.ends_with('s')
            && i > 0
            && self.mentions.get(i + 1).is_some_and(|n| {
                n.any(&[W::Most, W::Fewest, W::Max, W::Min])
                    || n.words == "the"
                        && self.mentions.get(i + 2).is_some_and(|n| n.any(&[W::Most, W::Fewest]))
            })
            && matches!(self.parts.get(i - 1), Some(Part::Kinds(_) | Part::Word));
        // `제일 많이 쏟아낸 장비`: what is done often is that which is counted.
        let often =
            i > 0 && has_hangul(word) && self.mentions[i - 1].any(&[W::Most, W::Fewest]) && ends_in_n(word);
        // `승인 안 한`: one word of its own before the verb.
        let alone = matches!(word, "안" | "못")
            && self.mentions.get(i + 1).is_some_and(|n| n.sign.is_none() && n.number.is_none());
        if denied(word) || alone {
            const DENIALS: [&str; 7] = [
                "op: Ne",
                "Ne,",
                "NotIn",
                "outside: [ItemSet",
                "without: [RecordSet",
                "Missing",
                "desc: false",
            ];
            return DENIALS.iter().any(|x| said.contains(x));
        }
        let common = ["공통", "공동", "common", "both"].iter().any(|w| word.starts_with(w));
        if common && said.contains("inside: [ItemSet") {
            return true;
        }
        let nobody =
            ["아무도", "누구도", "아무것도", "아무데도", "어디에도"].iter().any(|w| word.starts_with(w));
        if nobody && said.contains("outside: [ItemSet") {
            return true;
        }
        // `cep가 올린 이벤트`: what a value that is no person did to come about.
        let subject = i > 0
            && has_hangul(word)
            && ends_in_n(word)
            && self.mentions[i - 1].case() == Some(Josa::Subject)
            && matches!((&self.parts[i - 1], self.domain), (Part::RecValue(f, _), Domain::Record(k))
                if !super::record_fields::is_person(self.index.rec_field(k, f)));
        if subject || verb || often || laughing(word) || light_verb(word) {
            return true;
        }
        // `파이썬이랑 고`: one more of a list, however short.
        let listed = i > 0
            && word.chars().count() == 1
            && has_hangul(word)
            && matches!(self.parts.get(i + 1), Some(Part::Kinds(_) | Part::Rec))
            && self.mentions[i - 1].josa.contains(&Josa::With)
            && self.parts[i - 1].is_thing();
        if listed {
            return false;
        }
        if word.chars().count() < 2 || harmless(word) || harmless(stem) || is_unit(stem) || is_unit(word) {
            return true;
        }
        // The name of a unit behind a number, the English of a Korean word in brackets.
        if i > 0 && (self.parts[i - 1] == Part::Number || self.mentions[i - 1].sign == Some('(')) {
            return true;
        }
        // `실패(degraded)`, `critical (sev 5)`: the value beside it says what is meant.
        let level = |names: &[&str]| names.iter().any(|n| crate::dictionary::group_of(n).contains(&stem));
        let valued = |role| match self.domain {
            Domain::Record(k) => self
                .index
                .rec_role(k, role)
                .is_some_and(|f| self.rec_conditions.iter().any(|(_, c)| c.field == f.key)),
            _ => false,
        };
        if level(&["failed", "success"]) && valued(FieldRole::Outcome)
            || level(&["critical", "major", "high"]) && valued(FieldRole::Severity)
        {
            return true;
        }
        let noun = matches!(
            self.parts.get(i + 1),
            Some(
                Part::Kinds(_)
                    | Part::Rec
                    | Part::RecValue(..)
                    | Part::Value(..)
                    | Part::System { .. }
                    | Part::Items(_)
                    | Part::Set(_)
            )
        ) || self.mentions.get(i + 1).is_some_and(|m| m.any(&[W::Thing, W::Code, W::Name]));
        if has_hangul(word) {
            // `완전히 끊기는 서버`: said of what fails, which the reading is about.
            return korean_filler(word, noun && !said.contains("impact: Some"));
        }
        let lang_mixed = self.lang == Lang::Ko && m.josa.contains(&Josa::Plain);
        lang_mixed || english_filler(word, noun)
    }
}

/// The metrics a question asks of.
fn metrics_of(ask: &Ask, out: &mut Vec<usize>) {
    match ask {
        Ask::Metric(set, _) | Ask::Forecast { set, .. } => out.push(set.metric),
        Ask::Anomalies { metric, .. } => out.extend(*metric),
        Ask::Both(list) => list.iter().for_each(|(_, a)| metrics_of(a, out)),
        Ask::Then(a, b) => {
            metrics_of(a, out);
            metrics_of(b, out);
        }
        _ => {}
    }
}
