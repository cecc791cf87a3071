//! Whatever steps give, there is an answer.

use proptest::prelude::*;

use super::*;

fn any_say() -> impl Strategy<Value = Say> {
    let column =
        prop_oneof![Just("code"), Just("count"), Just("at"), Just("a"), Just("")].prop_map(str::to_owned);
    (0..16u8, column, ".{0,8}", any::<bool>(), any::<u32>()).prop_map(|(kind, column, subject, flag, n)| {
        match kind {
            0 => number(&subject, &column, "s", "건"),
            1 => Say::List { subject, column, counter: "대".into(), with: vec!["count".into()] },
            2 => Say::Fields { column, fields: vec!["at".into(), "count".into()] },
            3 => Say::Groups {
                subject,
                by: vec![column],
                values: vec!["count".into(), "at".into()],
                unit: String::new(),
                counter: String::new(),
                share: false,
            },
            4 => Say::Top {
                subject,
                column,
                value: "count".into(),
                unit: "%".into(),
                counter: String::new(),
                n,
                desc: flag,
                with: vec!["at".into()],
                place: false,
            },
            5 => Say::Related { subject, start: vec![column], impact: flag },
            6 => Say::Path { from: column, to: subject, only_length: flag, whether: !flag },
            7 => Say::YesNo { subject, rows_mean_yes: flag, column },
            8 => Say::Records { subject, latest: flag, fields: vec![], n: 0, place: false },
            9 => Say::Compare {
                subject,
                column,
                sides: (String::new(), "b".into()),
                unit: "%".into(),
                how: String::new(),
            },
            10 => Say::Chart { subject, unit: String::new() },
            11 => Say::Anomalies { subject },
            12 => Say::Forecast { subject, unit: "%".into(), limit: flag.then_some(90.0) },
            13 => Say::Changes { subject },
            14 => Say::Now { zone: subject },
            _ => Say::Timeline { subject },
        }
    })
}

fn any_cell() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        ".{0,6}".prop_map(Value::from),
        Just(json!("2025-12-20T09:14:21Z")),
        Just(json!(["a", 1, null])),
        Just(json!({"x": {"y": 1}})),
    ]
}

fn any_rows() -> impl Strategy<Value = Vec<serde_json::Map<String, Value>>> {
    let key = prop_oneof![
        Just("code"),
        Just("count"),
        Just("at"),
        Just("a"),
        Just("b"),
        Just("depth"),
        Just("rows"),
        Just("columns")
    ];
    let row = proptest::collection::btree_map(key.prop_map(str::to_owned), any_cell(), 0..6)
        .prop_map(|row| row.into_iter().collect());
    proptest::collection::vec(row, 0..5)
}

proptest! {
    #[test]
    fn whatever_a_step_gives_there_is_an_answer(
        says in proptest::collection::vec(any_say(), 0..4),
        rows in any_rows(),
        total in any::<u64>(),
        korean in any::<bool>(),
    ) {
        let lang = if korean { Lang::Ko } else { Lang::En };
        let says: Vec<(&str, Say)> = says.into_iter().map(|say| ("s1", say)).collect();
        let plan = plan(lang, vec![Node::tool("s1", "", "t", json!({}))], &says);
        let results = BTreeMap::from([("s1".to_owned(), done("t", ToolOutput { rows, total, ..ToolOutput::default() }))]);
        let c = compose(index(), &plan, &results);
        prop_assert!(!c.answer.is_empty());
        let in_words = c.blocks.iter().any(|block| matches!(block, AnswerBlock::Text { .. }));
        prop_assert!(in_words);
        prop_assert_eq!(&c, &compose(index(), &plan, &results));
    }
}
