//! Tokens to a tree, by recursive descent.

use serde_json::Value;

use crate::{
    MAX_DEPTH, MAX_NODES,
    ast::{Binary, KEYWORDS, Node, NodeKind, Unary},
    error::{ParseError, Span},
    functions,
    lexer::{Token, lex},
};

/// Parses a whole source.
pub fn parse(source: &str) -> Result<Node, ParseError> {
    let mut parser = Parser { tokens: lex(source)?, at: 0, depth: 0, nodes: 0 };
    let root = parser.choice()?;
    match parser.peek() {
        Token::End => Ok(root),
        _ => Err(parser.unexpected("끝", "the end")),
    }
}

struct Parser {
    tokens: Vec<(Token, Span)>,
    at: usize,
    depth: usize,
    nodes: usize,
}

type Parsed = Result<Node, ParseError>;

impl Parser {
    fn peek(&self) -> &Token {
        self.tokens.get(self.at).map_or(&Token::End, |(token, _)| token)
    }

    fn span(&self) -> Span {
        self.tokens.get(self.at).or(self.tokens.last()).map(|(_, span)| *span).unwrap_or_default()
    }

    fn advance(&mut self) -> Token {
        let token = self.peek().clone();
        self.at = (self.at + 1).min(self.tokens.len());
        token
    }

    /// Takes a sign if it is next.
    fn sign(&mut self, sign: &str) -> bool {
        let found = matches!(self.peek(), Token::Sign(next) if *next == sign);
        if found {
            self.advance();
        }
        found
    }

    /// Takes a keyword if it is next.
    fn word(&mut self, word: &str) -> bool {
        let found = matches!(self.peek(), Token::Word(next) if next == word);
        if found {
            self.advance();
        }
        found
    }

    fn expect(&mut self, sign: &'static str) -> Result<Span, ParseError> {
        let span = self.span();
        if self.sign(sign) {
            Ok(span)
        } else {
            Err(self.unexpected(&format!("'{sign}'"), &format!("'{sign}'")))
        }
    }

    fn unexpected(&self, ko: &str, en: &str) -> ParseError {
        let (found_ko, found_en) = match self.peek() {
            Token::End => ("식의 끝".to_owned(), "the end".to_owned()),
            Token::Word(word) => (format!("'{word}'"), format!("'{word}'")),
            Token::Literal(value) => (value.to_string(), value.to_string()),
            Token::Sign(sign) => (format!("'{sign}'"), format!("'{sign}'")),
        };
        ParseError::new(
            self.span(),
            format!("{ko}이(가) 와야 할 자리에 {found_ko}이(가) 있습니다"),
            format!("expected {en}, found {found_en}"),
        )
    }

    fn node(&mut self, span: Span, kind: NodeKind) -> Parsed {
        self.nodes += 1;
        if self.nodes > MAX_NODES {
            return Err(ParseError::new(
                span,
                format!("식의 요소가 {MAX_NODES}개를 넘습니다. 나누어 쓰십시오"),
                format!("the expression has more than {MAX_NODES} parts; split it"),
            ));
        }
        Ok(Node { span, kind })
    }

    fn deeper(&mut self, inner: impl FnOnce(&mut Self) -> Parsed) -> Parsed {
        if self.depth >= MAX_DEPTH {
            return Err(ParseError::new(
                self.span(),
                format!("괄호와 함수가 {MAX_DEPTH}겹보다 깊습니다"),
                format!("nested deeper than {MAX_DEPTH} levels"),
            ));
        }
        self.depth += 1;
        let node = inner(self);
        self.depth -= 1;
        node
    }

    fn choice(&mut self) -> Parsed {
        let cond = self.binary(1)?;
        if !self.sign("?") {
            return Ok(cond);
        }
        let then = self.deeper(Self::choice)?;
        self.expect(":")?;
        let otherwise = self.deeper(Self::choice)?;
        let span = cond.span.to(otherwise.span);
        self.node(span, NodeKind::Choice(Box::new(cond), Box::new(then), Box::new(otherwise)))
    }

    /// Operators of `level` and tighter.
    fn binary(&mut self, level: u8) -> Parsed {
        if level == 3 {
            return self.not();
        }
        if level > 6 {
            return self.prefix();
        }
        let mut left = self.binary(level + 1)?;
        let mut compared = false;
        while let Some(op) = self.operator().filter(|op| op.level() == level) {
            if level == 4 && compared {
                return Err(ParseError::new(
                    self.span(),
                    "비교는 이어 쓸 수 없습니다. 'a < b and b < c'처럼 나누십시오",
                    "comparisons do not chain; write 'a < b and b < c'",
                ));
            }
            compared = true;
            self.advance();
            let right = self.binary(level + 1)?;
            let span = left.span.to(right.span);
            left = self.node(span, NodeKind::Binary(op, Box::new(left), Box::new(right)))?;
        }
        Ok(left)
    }

    fn operator(&self) -> Option<Binary> {
        Some(match self.peek() {
            Token::Word(word) => match word.as_str() {
                "or" => Binary::Or,
                "and" => Binary::And,
                "in" => Binary::In,
                _ => return None,
            },
            Token::Sign(sign) => match *sign {
                "||" => Binary::Or,
                "&&" => Binary::And,
                "==" => Binary::Eq,
                "!=" => Binary::Ne,
                "<" => Binary::Lt,
                "<=" => Binary::Le,
                ">" => Binary::Gt,
                ">=" => Binary::Ge,
                "+" => Binary::Add,
                "-" => Binary::Sub,
                "*" => Binary::Mul,
                "/" => Binary::Div,
                "%" => Binary::Rem,
                _ => return None,
            },
            Token::Literal(_) | Token::End => return None,
        })
    }

    /// `not` binds looser than a comparison: `not a == b` denies the comparison.
    fn not(&mut self) -> Parsed {
        let span = self.span();
        if !self.word("not") {
            return self.binary(4);
        }
        let of = self.deeper(Self::not)?;
        self.node(span.to(of.span), NodeKind::Unary(Unary::Not, Box::new(of)))
    }

    fn prefix(&mut self) -> Parsed {
        let span = self.span();
        let op = if self.sign("!") {
            Unary::Not
        } else if self.sign("-") {
            Unary::Minus
        } else {
            return self.postfix();
        };
        let of = self.deeper(Self::prefix)?;
        self.node(span.to(of.span), NodeKind::Unary(op, Box::new(of)))
    }

    fn postfix(&mut self) -> Parsed {
        let mut node = self.primary()?;
        loop {
            if self.sign(".") {
                let span = node.span.to(self.span());
                let Token::Word(name) = self.peek().clone() else {
                    return Err(self.unexpected("필드 이름", "the name of a field"));
                };
                self.advance();
                node = self.node(span, NodeKind::Field(Box::new(node), name))?;
            } else if self.sign("[") {
                if self.sign("*") {
                    let end = self.expect("]")?;
                    node = self.node(node.span.to(end), NodeKind::Every(Box::new(node)))?;
                    continue;
                }
                let at = self.deeper(Self::choice)?;
                let span = node.span.to(self.expect("]")?);
                node = match at.kind {
                    NodeKind::Literal(Value::String(name)) => {
                        self.node(span, NodeKind::Field(Box::new(node), name))?
                    }
                    _ => self.node(span, NodeKind::Index(Box::new(node), Box::new(at)))?,
                };
            } else {
                return Ok(node);
            }
        }
    }

    fn primary(&mut self) -> Parsed {
        let span = self.span();
        match self.advance() {
            Token::Literal(value) => self.node(span, NodeKind::Literal(value)),
            Token::Word(word) => match word.as_str() {
                "true" => self.node(span, NodeKind::Literal(Value::Bool(true))),
                "false" => self.node(span, NodeKind::Literal(Value::Bool(false))),
                "null" => self.node(span, NodeKind::Literal(Value::Null)),
                _ if KEYWORDS.contains(&word.as_str()) => {
                    self.at -= 1;
                    Err(self.unexpected("값", "a value"))
                }
                _ if matches!(self.peek(), Token::Sign("(")) => self.call(word, span),
                _ => self.node(span, NodeKind::Name(word)),
            },
            Token::Sign("(") => {
                let mut inner = self.deeper(Self::choice)?;
                inner.span = span.to(self.expect(")")?);
                Ok(inner)
            }
            Token::Sign("[") => {
                let items = self.list("]")?;
                let end = self.expect("]")?;
                self.node(span.to(end), NodeKind::List(items))
            }
            _ => {
                self.at = self.at.saturating_sub(1);
                Err(self.unexpected("값", "a value"))
            }
        }
    }

    fn call(&mut self, name: String, span: Span) -> Parsed {
        self.expect("(")?;
        let args = self.list(")")?;
        let end = self.expect(")")?;
        functions::check(&name, args.len(), span)?;
        self.node(span.to(end), NodeKind::Call(name, args))
    }

    /// Expressions between commas, up to (not including) `close`.
    fn list(&mut self, close: &'static str) -> Result<Vec<Node>, ParseError> {
        let mut items = Vec::new();
        if matches!(self.peek(), Token::Sign(sign) if *sign == close) {
            return Ok(items);
        }
        loop {
            items.push(self.deeper(Self::choice)?);
            if !self.sign(",") {
                return Ok(items);
            }
        }
    }
}
