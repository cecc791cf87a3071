//! Pieces of a question that are one: values of a field, kinds side by side, a kind beside an item of that kind.

use model::{Condition, Op};

use super::{Reader, sets::Unit};
use crate::{logic::ItemSet, text::hangul::Josa};

impl Reader<'_> {
    /// Values of one field, kinds side by side, a kind beside an item of that kind: one unit.
    pub(super) fn merge(&self, units: &mut Vec<Unit>) {
        self.merge_types(units);
        let chained = units.iter().any(|u| matches!(u, Unit::Rel { .. }));
        let mut i = 0;
        while i + 1 < units.len() {
            let (a, b) = (units[i].clone(), units[i + 1].clone());
            // `a db and a web`: articles part nothing.
            let between: Vec<&str> = (a.span().1..b.span().0)
                .map(|k| self.words(k))
                .filter(|w| !matches!(*w, "a" | "an" | "the"))
                .collect();
            let near = between.len() <= 1;
            let joined = near
                && between.iter().all(|w| {
                    matches!(
                        *w,
                        "and"
                            | "or"
                            | ","
                            | "및"
                            | "&"
                            | "/"
                            | "또는"
                            | "+"
                            | "혹은"
                            | "와"
                            | "과"
                            | "하고"
                            | "랑"
                            | "이랑"
                    )
                });
            let bare = between.is_empty();
            let (span_end, next_begin) = (a.span().1, b.span().0);
            let merged = match (a, b) {
                (
                    Unit::Kind { kinds: ka, filter: fa, from, case: ca, .. },
                    Unit::Kind { kinds: kb, filter: fb, case, to, from: bf },
                ) if joined
                    && (ka.is_empty() || kb.is_empty() || !bare || matches!(ca, Some(Josa::With)))
                    && !(ka.is_empty() && !fa.is_empty() && !self.adjacent_condition(from, bf)) =>
                {
                    let mut kinds = ka.clone();
                    kinds.extend(kb.into_iter().filter(|k| !ka.contains(k)));
                    let mut filter = fa;
                    filter.extend(fb);
                    Some(Unit::Kind { kinds, filter, case, from, to })
                }
                // `디비 서버`, `보안 시스템`: one noun before another
                (
                    Unit::Kind { kinds: ka, filter: fa, from, case: None, .. },
                    Unit::Kind { kinds: kb, filter: fb, case, to, .. },
                ) if bare && !ka.is_empty() && !kb.is_empty() && ka != kb => {
                    let (kinds, more) = self.compound(from, &ka, &kb);
                    let mut filter = fa;
                    filter.extend(fb);
                    filter.extend(more);
                    Some(Unit::Kind { kinds, filter, case, from, to })
                }
                // `구성요소(COMPOSED_OF)`, `의존관계 DEPENDS_ON`: the type behind the word for it
                (
                    Unit::Rel { family, types: ta, turn, exact: ea, from, .. },
                    Unit::Rel { types: tb, exact: eb, to, .. },
                ) if (bare || between == ["("]) && ta.iter().any(|t| tb.contains(t)) => {
                    let types = if eb { tb } else { ta };
                    Some(Unit::Rel { family, types, turn, exact: ea || eb, from, to })
                }
                (Unit::Set { set: sa, from, .. }, Unit::Set { set: sb, case, to, .. })
                    if joined && sa.named().is_some() && sb.named().is_some() =>
                {
                    let mut codes = sa.named().map(<[String]>::to_vec).unwrap_or_default();
                    codes.extend(sb.named().map(<[String]>::to_vec).unwrap_or_default());
                    Some(Unit::Set { set: ItemSet::codes(codes), case, from, to })
                }
                (
                    Unit::System { field, values: va, items: ia, from, .. },
                    Unit::System { values: vb, items: ib, case, to, .. },
                ) if joined || near && between.iter().all(|w| matches!(*w, "(" | ")")) => {
                    let mut values = va;
                    values.extend(vb.into_iter().filter(|v| !values.contains(v)).collect::<Vec<_>>());
                    let mut items = ia;
                    items.extend(ib.into_iter().filter(|v| !items.contains(v)).collect::<Vec<_>>());
                    Some(Unit::System { field, values, items, case, from, to })
                }
                // `ERP 서버에 배포된 앱`: beside a relation a system only narrows the kind it stands at.
                (
                    Unit::System { field, values, from, case: None | Some(Josa::Of | Josa::Plain), .. },
                    Unit::Kind { kinds, mut filter, case, to, .. },
                ) if chained && bare && !kinds.is_empty() && !self.are_systems(&kinds) => {
                    filter.push(super::sets::one_of(&field, &values));
                    Some(Unit::Kind { kinds, filter, case, from, to })
                }
                // `a server in zone-c of SECOPS`
                (
                    Unit::Kind { kinds, mut filter, from, case, .. },
                    Unit::System { field, values, to, .. },
                ) if chained
                    && !kinds.is_empty()
                    && !self.are_systems(&kinds)
                    && self.lang == model::Lang::En
                    && !between.is_empty()
                    && (span_end..next_begin).all(|k| {
                        matches!(self.words(k), "of" | "in" | "at" | "on" | "for" | "from" | "the")
                            || matches!(self.parts[k], super::Part::Value(..))
                    })
                    && !matches!(units.get(i + 2), Some(Unit::Rel { .. })) =>
                {
                    filter.push(super::sets::one_of(&field, &values));
                    Some(Unit::Kind { kinds, filter, case, from, to })
                }
                // `스카다(SCADA) 시스템`
                (
                    Unit::System { field, values, items, from, .. },
                    Unit::Kind { kinds, filter, case, to, .. },
                ) if (bare || between == [")"]) && filter.is_empty() && self.are_systems(&kinds) => {
                    Some(Unit::System { field, values, items, case, from, to })
                }
                (
                    Unit::Kind { kinds, filter, from, .. },
                    Unit::System { field, values, items, case, to, .. },
                ) if bare
                    && filter.is_empty()
                    && self.are_systems(&kinds)
                    && self.words(from).is_ascii()
                    && self.lang == model::Lang::En =>
                {
                    Some(Unit::System { field, values, items, case, from, to })
                }
                // `SRV-MON-03 서버`, `server srv-mon-03`
                (Unit::Set { set, from, case: ca, .. }, Unit::Kind { kinds, filter, case, to, .. })
                    if bare
                        && filter.is_empty()
                        && (ca.is_none() || ca == Some(Josa::Plain))
                        && self.appositive(&set, &kinds) =>
                {
                    Some(Unit::Set { set, case, from, to })
                }
                (Unit::Kind { kinds, filter, from, .. }, Unit::Set { set, case, to, .. })
                    if bare
                        && filter.is_empty()
                        && self.appositive(&set, &kinds)
                        && !self.are_systems(&kinds) =>
                {
                    Some(Unit::Set { set, case, from, to })
                }
                _ => None,
            };
            match merged {
                Some(unit) => {
                    units[i] = unit;
                    units.remove(i + 1);
                    i = i.saturating_sub(1);
                }
                None => i += 1,
            }
        }
    }

    /// `… depend on, by depends_on only`, `depends_on 관계로 … 의존하는`: the type says which relations the other word means.
    fn merge_types(&self, units: &mut Vec<Unit>) {
        let exact_at = units.iter().position(|u| {
            let Unit::Rel { exact: true, from, to, .. } = u else { return false };
            let before = from.checked_sub(1).map(|k| self.words(k)).unwrap_or_default();
            matches!(before, "by" | "via" | "through" | "along" | "using" | "following" | "only")
                || self.words(*to).starts_with("관계") && !self.words(*to).starts_with("관계가")
        });
        let Some(e) = exact_at else { return };
        let Unit::Rel { types: named, .. } = units[e].clone() else { return };
        let other = units.iter().enumerate().position(|(k, u)| {
            k != e && matches!(u, Unit::Rel { types, .. } if types.iter().any(|t| named.contains(t)))
        });
        if let Some(k) = other {
            if let Unit::Rel { types, .. } = &mut units[k] {
                *types = named;
            }
            units.remove(e);
        }
    }

    /// Two kinds as one noun: a value the second kind has (`보안 시스템`), a kind of machine (`DB 서버`), else the second.
    pub(super) fn compound(
        &self,
        at: usize,
        first: &[String],
        second: &[String],
    ) -> (Vec<String>, Vec<Condition>) {
        let values = self.mentions[at].senses.iter().filter_map(|(s, _)| match s {
            crate::dictionary::Sense::Value(f, v) => Some((f, v)),
            _ => None,
        });
        for (f, v) in values {
            let occurs = self.index.vocabulary().items.iter().any(|item| {
                second.contains(&item.kind)
                    && item.fields.get(f).and_then(|x| x.as_str()).is_some_and(|x| x.eq_ignore_ascii_case(v))
            });
            if occurs {
                return (second.to_vec(), vec![Condition::new(f.clone(), Op::Eq, v.clone())]);
            }
        }
        let machine = second.iter().all(|k| crate::dictionary::concept(k) == "server");
        (if machine { first.to_vec() } else { second.to_vec() }, Vec::new())
    }

    pub(super) fn adjacent_condition(&self, from: usize, to: usize) -> bool {
        to <= from + 2
    }

    pub(super) fn are_systems(&self, kinds: &[String]) -> bool {
        !kinds.is_empty()
            && self
                .index
                .systems
                .values()
                .filter_map(|&i| self.index.item(i))
                .any(|item| kinds.contains(&item.kind))
    }

    pub(super) fn appositive(&self, set: &ItemSet, kinds: &[String]) -> bool {
        let Some(codes) = set.named() else {
            return kinds.is_empty();
        };
        kinds.is_empty()
            || codes.iter().filter_map(|c| self.index.item_by_code(c)).all(|item| kinds.contains(&item.kind))
    }
}
