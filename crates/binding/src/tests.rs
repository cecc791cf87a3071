use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

fn scope() -> Value {
    json!({
        "s1": {"total": 3, "rows": [{"code": "a", "n": 1, "tags": ["x", "y"]}, {"code": "b", "n": 2.5, "tags": ["z"]}, {"n": null}]},
        "s2": {"rows": []},
        "이름": "서버",
        "item": {"b c": 1},
    })
}

fn value(source: &str) -> Value {
    Expr::parse(source).unwrap().eval(&scope()).unwrap()
}

#[test]
fn expressions_have_their_usual_meaning() {
    for (source, expected) in [
        ("1 + 2 * 3", json!(7)),
        ("(1 + 2) * 3", json!(9)),
        ("7 / 2", json!(3.5)),
        ("6 / 2", json!(3)),
        ("7 % 4", json!(3)),
        ("-2 - -3", json!(1)),
        ("10 - 3 - 2", json!(5)),
        ("s1.total > 0 and s1.rows[0].code == \"a\"", json!(true)),
        ("s1.total > 0 && !(s1.rows[0].code == 'b')", json!(true)),
        ("not s1.total == 3 or false", json!(false)),
        ("s1.rows[*].code", json!(["a", "b"])),
        ("s1.rows[*].tags[*]", json!(["x", "y", "z"])),
        ("s1.rows[-1].n", json!(null)),
        ("s1.rows[1].n", json!(2.5)),
        ("s1.rows[99].code", json!(null)),
        ("nowhere.at.all[3]", json!(null)),
        ("nowhere > 3", json!(false)),
        ("nowhere + 3", json!(null)),
        ("1 / 0", json!(null)),
        ("이름 + '는 ' + 3", json!("서버는 3")),
        ("item[\"b c\"]", json!(1)),
        ("'a' in s1.rows[*].code", json!(true)),
        ("'b' in 'abc'", json!(true)),
        ("s2.rows ? 'some' : 'none'", json!("none")),
        ("s1.total == 1 ? 1 : s1.total == 3 ? 3 : 0", json!(3)),
        ("[1, 'a', null]", json!([1, "a", null])),
        ("1 == 1.0", json!(true)),
        ("size(s1.rows)", json!(3)),
        ("sum(s1.rows[*].n)", json!(3.5)),
        ("avg(1, 2)", json!(1.5)),
        ("max(s1.rows[*].n)", json!(2.5)),
        ("min('b', 'a')", json!("a")),
        ("avg([])", json!(null)),
        ("upper('ab') + lower('CD')", json!("ABcd")),
        ("contains('abc', 'bc')", json!(true)),
        ("starts_with('srv-1', 'srv')", json!(true)),
        ("round(2.345, 2)", json!(2.35)),
        ("round(-2.5)", json!(-3)),
        ("coalesce(nowhere, null, 4)", json!(4)),
        ("first(s1.rows).code", json!("a")),
        ("last(s1.rows[*].code)", json!("b")),
        ("join(s1.rows[*].code, '/')", json!("a/b")),
        ("9223372036854775807 + 1", json!(9.223372036854776e18)),
    ] {
        assert_eq!(value(source), expected, "{source}");
    }
}

#[test]
fn errors_say_where_and_how_to_mend() {
    for (source, start, words) in [
        ("a = 1", 2, "=="),
        ("a & b", 2, "&&"),
        ("1 +", 3, "a value"),
        ("(1", 2, "')'"),
        ("'abc", 0, "closing quote"),
        ("nope(1)", 0, "no function"),
        ("size()", 0, "takes 1"),
        ("a < b < c", 6, "chain"),
        ("a b", 2, "the end"),
        ("a.1", 2, "name of a field"),
        ("#", 0, "no meaning"),
        ("", 0, "a value"),
    ] {
        let error = Expr::parse(source).unwrap_err();
        assert_eq!(error.span.start, start, "{source}: {error}");
        assert!(error.message.en.contains(words), "{source}: {error}");
        assert!(!error.message.ko.is_empty());
    }
}

#[test]
fn what_cannot_be_computed_is_an_error_with_its_place() {
    let error = Expr::parse("1 + (이름 - 2)").unwrap().eval(&scope()).unwrap_err();
    assert_eq!(
        (error.span.start, error.message.en.as_str()),
        (4, "'-' does not work on a text and a number")
    );
    assert!(Expr::parse("'a' < 1").unwrap().eval(&scope()).is_err());
    assert!(Expr::parse("sum('a')").unwrap().eval(&scope()).is_err());
}

#[test]
fn limits_are_kept() {
    let nested = format!("{}1{}", "(".repeat(MAX_DEPTH + 1), ")".repeat(MAX_DEPTH + 1));
    assert!(Expr::parse(&nested).unwrap_err().message.en.contains("nested"));
    let fine = format!("{}1{}", "(".repeat(MAX_DEPTH), ")".repeat(MAX_DEPTH));
    assert!(Expr::parse(&fine).is_ok());
    assert!(Expr::parse(&"1+".repeat(MAX_NODES)).unwrap_err().message.en.contains("parts"));
    assert!(Expr::parse(&" ".repeat(MAX_SOURCE + 1)).unwrap_err().message.en.contains("too long"));
    assert!(Expr::parse(&"-".repeat(3000)).is_err());
}

#[test]
fn roots_are_the_names_looked_up() {
    let expr = Expr::parse("s2.total > s1.rows[i].n and size(s1.rows) > 0").unwrap();
    assert_eq!(expr.roots(), ["i", "s1", "s2"]);
    assert!(!expr.is_path());
    assert!(Expr::parse("s1.rows[*].code").unwrap().is_path());
    assert!(Expr::parse("s1.rows[-1]").unwrap().is_path());
    assert!(!Expr::parse("s1.rows[i]").unwrap().is_path());
}

#[test]
fn a_template_of_one_expression_keeps_the_type() {
    let render = |source: &str| Template::parse(source).unwrap().render(&scope()).unwrap();
    assert_eq!(render("{{ s1.total }}"), json!(3));
    assert_eq!(render("{{ s1.rows[*].code }}"), json!(["a", "b"]));
    assert_eq!(render("총 {{ s1.total }}건: {{ s1.rows[*].code }}."), json!("총 3건: a, b."));
    assert_eq!(render("[{{ nowhere }}]"), json!("[]"));
    assert_eq!(render(r"\{{ s1.total }}"), json!("{{ s1.total }}"));
    assert_eq!(render("{{ '}}' }}"), json!("}}"));
    assert_eq!(render(""), json!(""));
    assert_eq!(Template::parse("ab {{ 1 + }}").unwrap_err().span.start, 10);
    assert!(Template::parse("ab {{ 1").is_err());
    assert_eq!(Template::parse("{{b}} {{a}} {{b}}").unwrap().roots(), ["a", "b"]);
}

fn source() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("s1".to_owned()),
        Just("이름".to_owned()),
        Just("true".to_owned()),
        Just("null".to_owned()),
        any::<u32>().prop_map(|n| n.to_string()),
        (0.0..1e6f64).prop_map(|n| n.to_string()),
        ".{0,5}".prop_map(|text| Value::from(text).to_string()),
    ];
    leaf.prop_recursive(4, 40, 3, |inner| {
        let op = prop_oneof![
            Just("or"),
            Just("and"),
            Just("=="),
            Just("!="),
            Just("<"),
            Just("<="),
            Just(">"),
            Just(">="),
            Just("in"),
            Just("+"),
            Just("-"),
            Just("*"),
            Just("/"),
            Just("%")
        ];
        prop_oneof![
            (inner.clone(), op.clone(), inner.clone()).prop_map(|(a, op, b)| format!("({a}) {op} ({b})")),
            (inner.clone(), op, inner.clone()).prop_map(|(a, op, b)| format!("{a} {op} {b}")),
            inner.clone().prop_map(|a| format!("not ({a})")),
            inner.clone().prop_map(|a| format!("-({a})")),
            inner.clone().prop_map(|a| format!("({a}).rows[*].code")),
            inner.clone().prop_map(|a| format!("({a})[0][\"b c\"]")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("coalesce({a}, [{b}])")),
            (inner.clone(), inner.clone(), inner).prop_map(|(a, b, c)| format!("({a} ? {b} : {c})")),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn no_text_makes_it_panic(text in ".{0,60}") {
        if let Ok(expr) = Expr::parse(&text) {
            let _ = expr.eval(&scope());
        }
        if let Ok(template) = Template::parse(&text) {
            let _ = template.render(&scope());
        }
    }

    #[test]
    fn no_tokens_make_it_panic(tokens in proptest::collection::vec(
        prop_oneof!["[a-z]{1,3}", "[0-9.e]{1,4}", r#"[-+*/%!<>=&|?:.,(){}\[\]'"\\ ]{1,3}"#, Just("{{".to_owned())], 0..40)
    ) {
        let text = tokens.concat();
        if let Ok(expr) = Expr::parse(&text) {
            let _ = expr.eval(&scope());
        }
        let _ = Template::parse(&text);
    }

    #[test]
    fn printed_expressions_mean_the_same(source in source()) {
        if let Ok(expr) = Expr::parse(&source) {
            let printed = expr.to_string();
            let again = Expr::parse(&printed);
            prop_assert!(again.is_ok(), "{} printed as {}: {:?}", source, printed, again);
            let again = again.unwrap();
            prop_assert_eq!(&expr, &again, "{} printed as {}", source, printed);
            prop_assert_eq!(expr.eval(&scope()), again.eval(&scope()).map_err(|e| model_span(&expr, &e)));
        }
    }
}

/// Places differ between a source and its printed form; take those of the source.
fn model_span(expr: &Expr, error: &EvalError) -> EvalError {
    match expr.eval(&scope()) {
        Err(own) if own.message == error.message => own,
        _ => error.clone(),
    }
}
