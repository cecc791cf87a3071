//! Source to tokens.

use serde_json::{Number, Value};

use crate::{
    MAX_SOURCE,
    ast::{continues_word, starts_word},
    error::{ParseError, Span},
};

/// A token.
#[derive(Debug, Clone, PartialEq)]
pub enum Token {
    /// A name or a keyword.
    Word(String),
    /// A number or a text.
    Literal(Value),
    /// An operator or bracket.
    Sign(&'static str),
    /// The end.
    End,
}

const SIGNS: [&str; 25] = [
    "&&", "||", "==", "!=", "<=", ">=", "<", ">", "!", "+", "-", "*", "/", "%", "(", ")", "[", "]", ".", ",",
    "?", ":", "=", "&", "|",
];

/// All tokens with their places, ending with [`Token::End`].
pub fn lex(source: &str) -> Result<Vec<(Token, Span)>, ParseError> {
    if source.len() > MAX_SOURCE {
        return Err(ParseError::new(
            Span::new(MAX_SOURCE, source.len()),
            format!("식이 너무 깁니다. {MAX_SOURCE}바이트 이하로 줄이십시오"),
            format!("the expression is too long; keep it within {MAX_SOURCE} bytes"),
        ));
    }
    let mut out = Vec::new();
    let mut at = 0;
    while let Some(c) = source.get(at..).and_then(|rest| rest.chars().next()) {
        let rest = source.get(at..).unwrap_or_default();
        if c.is_whitespace() {
            at += c.len_utf8();
            continue;
        }
        let (token, len) = if starts_word(c) {
            let word: String = rest.chars().take_while(|c| continues_word(*c)).collect();
            let len = word.len();
            (Token::Word(word), len)
        } else if c.is_ascii_digit() {
            number(rest, at)?
        } else if c == '"' || c == '\'' {
            text(rest, at, c)?
        } else {
            sign(rest, at, c)?
        };
        out.push((token, Span::new(at, at + len)));
        at += len;
    }
    out.push((Token::End, Span::new(source.len(), source.len())));
    Ok(out)
}

fn sign(rest: &str, at: usize, c: char) -> Result<(Token, usize), ParseError> {
    let sign = SIGNS.into_iter().find(|sign| rest.starts_with(sign));
    let span = Span::new(at, at + c.len_utf8());
    match sign {
        Some("=") => {
            Err(ParseError::new(span, "비교에는 '=' 대신 '=='를 쓰십시오", "write '==' to compare, not '='"))
        }
        Some("&" | "|") => Err(ParseError::new(
            span,
            "논리 연산은 '&&' 또는 'and', '||' 또는 'or'로 쓰십시오",
            "write '&&' or 'and', '||' or 'or'",
        )),
        Some(sign) => Ok((Token::Sign(sign), sign.len())),
        None => Err(ParseError::new(
            span,
            format!("'{c}' 문자는 식에 쓸 수 없습니다"),
            format!("'{c}' has no meaning in an expression"),
        )),
    }
}

fn number(rest: &str, at: usize) -> Result<(Token, usize), ParseError> {
    let bytes = rest.as_bytes();
    let digits = |from: usize| bytes.iter().skip(from).take_while(|b| b.is_ascii_digit()).count();
    let mut len = digits(0);
    let mut whole = true;
    if bytes.get(len) == Some(&b'.') && bytes.get(len + 1).is_some_and(u8::is_ascii_digit) {
        len += 1 + digits(len + 1);
        whole = false;
    }
    if matches!(bytes.get(len), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(len + 1), Some(b'+' | b'-')));
        let power = digits(len + 1 + sign);
        if power > 0 {
            len += 1 + sign + power;
            whole = false;
        }
    }
    let text = rest.get(..len).unwrap_or_default();
    let value = match whole.then(|| text.parse::<i64>().ok()).flatten() {
        Some(whole) => Some(Number::from(whole)),
        None => text.parse::<f64>().ok().and_then(Number::from_f64),
    };
    let span = Span::new(at, at + len);
    let value = value.ok_or_else(|| {
        ParseError::new(
            span,
            format!("{text}은(는) 너무 큰 수입니다"),
            format!("{text} is too large a number"),
        )
    })?;
    Ok((Token::Literal(Value::Number(value)), len))
}

fn text(rest: &str, at: usize, quote: char) -> Result<(Token, usize), ParseError> {
    let mut out = String::new();
    let mut chars = rest.char_indices().skip(1);
    while let Some((i, c)) = chars.next() {
        match c {
            _ if c == quote => return Ok((Token::Literal(Value::String(out)), i + 1)),
            '\\' => {
                let span = Span::new(at + i, at + i + 1);
                let escaped = chars.next().map(|(_, c)| c);
                out.push(match escaped {
                    Some('n') => '\n',
                    Some('t') => '\t',
                    Some('r') => '\r',
                    Some('b') => '\u{8}',
                    Some('f') => '\u{c}',
                    Some(c @ ('"' | '\'' | '\\' | '/')) => c,
                    Some('u') => unicode(&mut chars).ok_or_else(|| {
                        ParseError::new(
                            span,
                            "\\u 뒤에는 16진수 네 자리를 쓰십시오",
                            "write four hexadecimal digits after \\u",
                        )
                    })?,
                    _ => {
                        return Err(ParseError::new(
                            span,
                            "역슬래시 뒤에는 n, t, r, u, 따옴표, 역슬래시만 쓸 수 있습니다",
                            "after a backslash only n, t, r, u, a quote or a backslash may stand",
                        ));
                    }
                });
            }
            c => out.push(c),
        }
    }
    Err(ParseError::new(
        Span::new(at, at + rest.len()),
        "문자열을 닫는 따옴표가 없습니다",
        "the text has no closing quote",
    ))
}

/// Four hexadecimal digits; a pair of surrogates is one character.
fn unicode(chars: &mut impl Iterator<Item = (usize, char)>) -> Option<char> {
    let mut unit =
        || -> Option<u32> { (0..4).try_fold(0, |sum, _| Some(sum * 16 + chars.next()?.1.to_digit(16)?)) };
    let first = unit()?;
    if !(0xD800..0xDC00).contains(&first) {
        return char::from_u32(first);
    }
    if (chars.next()?.1, chars.next()?.1) != ('\\', 'u') {
        return None;
    }
    let second = (0..4).try_fold(0u32, |sum, _| Some(sum * 16 + chars.next()?.1.to_digit(16)?))?;
    let low = second.checked_sub(0xDC00).filter(|low| *low < 0x400)?;
    char::from_u32(0x10000 + ((first - 0xD800) << 10) + low)
}
