//! Texts with expressions in them: `안녕하세요, {{ user.name }}님`.

use serde_json::Value;

use crate::{
    Expr, MAX_RESULT,
    error::{EvalError, ParseError, Span},
    eval::{Scope, show},
};

/// A parsed text. A text that is one expression and nothing else gives its raw value; otherwise values are written into
/// the text (null as nothing, lists with commas). `\{{` stands for `{{` itself.
#[derive(Debug, Clone, PartialEq)]
pub struct Template {
    parts: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq)]
enum Part {
    Text(String),
    Expr(Expr),
}

impl Template {
    /// Parses a text; places of errors are places in the text.
    pub fn parse(source: &str) -> Result<Self, ParseError> {
        let mut parts = Vec::new();
        let mut text = String::new();
        let mut at = 0;
        while let Some(found) = source.get(at..).and_then(|rest| rest.find("{{")) {
            let open = at + found;
            text.push_str(source.get(at..open).unwrap_or_default());
            if text.ends_with('\\') {
                text.pop();
                text.push_str("{{");
                at = open + 2;
                continue;
            }
            let inner = source.get(open + 2..).unwrap_or_default();
            let len = closing(inner).ok_or_else(|| {
                ParseError::new(
                    Span::new(open, source.len()),
                    "'{{'를 닫는 '}}'가 없습니다",
                    "there is no '}}' for this '{{'",
                )
            })?;
            let expr = Expr::parse(inner.get(..len).unwrap_or_default())
                .map_err(|error| ParseError { span: error.span.shifted(open + 2), ..error })?;
            if !text.is_empty() {
                parts.push(Part::Text(std::mem::take(&mut text)));
            }
            parts.push(Part::Expr(expr));
            at = open + 2 + len + 2;
        }
        text.push_str(source.get(at..).unwrap_or_default());
        if !text.is_empty() {
            parts.push(Part::Text(text));
        }
        Ok(Self { parts })
    }

    /// The value of the text for the names of `scope`.
    pub fn render<S: Scope + ?Sized>(&self, scope: &S) -> Result<Value, EvalError> {
        if let [Part::Expr(expr)] = self.parts.as_slice() {
            return expr.eval(scope);
        }
        let mut out = String::new();
        for part in &self.parts {
            match part {
                Part::Text(text) => out.push_str(text),
                Part::Expr(expr) => out.push_str(&show(&expr.eval(scope)?)),
            }
            if out.len() > MAX_RESULT {
                return Err(EvalError::too_large(Span::default()));
            }
        }
        Ok(out.into())
    }

    /// The names its expressions look up, sorted, each once.
    pub fn roots(&self) -> Vec<String> {
        let mut names: Vec<String> = self
            .parts
            .iter()
            .filter_map(|part| match part {
                Part::Expr(expr) => Some(expr.roots()),
                Part::Text(_) => None,
            })
            .flatten()
            .collect();
        names.sort();
        names.dedup();
        names
    }

    /// True when there is no expression in it.
    pub fn is_plain(&self) -> bool {
        self.parts.iter().all(|part| matches!(part, Part::Text(_)))
    }
}

/// Where `}}` stands outside of quotes.
fn closing(inner: &str) -> Option<usize> {
    let mut quote: Option<char> = None;
    let mut escaped = false;
    for (i, c) in inner.char_indices() {
        match quote {
            Some(_) if escaped => escaped = false,
            Some(_) if c == '\\' => escaped = true,
            Some(q) if c == q => quote = None,
            Some(_) => {}
            None if c == '"' || c == '\'' => quote = Some(c),
            None if inner.get(i..).is_some_and(|rest| rest.starts_with("}}")) => return Some(i),
            None => {}
        }
    }
    None
}
