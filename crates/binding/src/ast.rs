//! The tree of an expression, and its printed form.

use std::fmt::{self, Display, Formatter};

use serde_json::Value;

use crate::error::Span;

/// A part of an expression. Equality does not look at where it stood.
#[derive(Debug, Clone)]
pub struct Node {
    /// Where it stands in the source.
    pub span: Span,
    /// What it is.
    pub kind: NodeKind,
}

impl PartialEq for Node {
    fn eq(&self, other: &Self) -> bool {
        self.kind == other.kind
    }
}

/// The kinds of parts.
#[derive(Debug, Clone, PartialEq)]
pub enum NodeKind {
    /// A number, text, truth value or null.
    Literal(Value),
    /// A list of expressions.
    List(Vec<Node>),
    /// A name of the scope.
    Name(String),
    /// `of.name`.
    Field(Box<Node>, String),
    /// `of[at]`.
    Index(Box<Node>, Box<Node>),
    /// `of[*]`.
    Every(Box<Node>),
    /// A prefix.
    Unary(Unary, Box<Node>),
    /// Two operands.
    Binary(Binary, Box<Node>, Box<Node>),
    /// `if ? then : otherwise`.
    Choice(Box<Node>, Box<Node>, Box<Node>),
    /// A function with its arguments.
    Call(String, Vec<Node>),
}

/// Prefixes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unary {
    /// `not`, `!`.
    Not,
    /// `-`.
    Minus,
}

/// Operators between two operands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Binary {
    /// `or`, `||`.
    Or,
    /// `and`, `&&`.
    And,
    /// `==`.
    Eq,
    /// `!=`.
    Ne,
    /// `<`.
    Lt,
    /// `<=`.
    Le,
    /// `>`.
    Gt,
    /// `>=`.
    Ge,
    /// `in`.
    In,
    /// `+`: sum, or texts joined.
    Add,
    /// `-`.
    Sub,
    /// `*`.
    Mul,
    /// `/`.
    Div,
    /// `%`.
    Rem,
}

impl Binary {
    /// How it is written.
    pub fn symbol(self) -> &'static str {
        match self {
            Self::Or => "or",
            Self::And => "and",
            Self::Eq => "==",
            Self::Ne => "!=",
            Self::Lt => "<",
            Self::Le => "<=",
            Self::Gt => ">",
            Self::Ge => ">=",
            Self::In => "in",
            Self::Add => "+",
            Self::Sub => "-",
            Self::Mul => "*",
            Self::Div => "/",
            Self::Rem => "%",
        }
    }

    /// How tightly it binds.
    pub(crate) fn level(self) -> u8 {
        match self {
            Self::Or => 1,
            Self::And => 2,
            Self::Eq | Self::Ne | Self::Lt | Self::Le | Self::Gt | Self::Ge | Self::In => 4,
            Self::Add | Self::Sub => 5,
            Self::Mul | Self::Div | Self::Rem => 6,
        }
    }
}

/// Words that cannot be names.
pub(crate) const KEYWORDS: [&str; 7] = ["and", "or", "not", "in", "true", "false", "null"];

impl Node {
    pub(crate) fn names(&self, out: &mut Vec<String>) {
        match &self.kind {
            NodeKind::Literal(_) => {}
            NodeKind::Name(name) => out.push(name.clone()),
            NodeKind::Field(of, _) | NodeKind::Every(of) | NodeKind::Unary(_, of) => of.names(out),
            NodeKind::Index(a, b) | NodeKind::Binary(_, a, b) => {
                a.names(out);
                b.names(out);
            }
            NodeKind::Choice(a, b, c) => {
                a.names(out);
                b.names(out);
                c.names(out);
            }
            NodeKind::List(items) | NodeKind::Call(_, items) => items.iter().for_each(|item| item.names(out)),
        }
    }

    pub(crate) fn is_path(&self) -> bool {
        match &self.kind {
            NodeKind::Name(_) => true,
            NodeKind::Field(of, _) | NodeKind::Every(of) => of.is_path(),
            NodeKind::Index(of, at) => of.is_path() && at.is_constant(),
            _ => false,
        }
    }

    fn is_constant(&self) -> bool {
        match &self.kind {
            NodeKind::Literal(_) => true,
            NodeKind::Unary(Unary::Minus, of) => of.is_constant(),
            _ => false,
        }
    }

    fn level(&self) -> u8 {
        match &self.kind {
            NodeKind::Choice(..) => 0,
            NodeKind::Binary(op, ..) => op.level(),
            NodeKind::Unary(op, of) => {
                if says_not(*op, of) {
                    3
                } else {
                    7
                }
            }
            _ => 8,
        }
    }

    fn print(&self, f: &mut Formatter<'_>, least: u8) -> fmt::Result {
        if self.level() < least {
            write!(f, "(")?;
            self.print(f, 0)?;
            return write!(f, ")");
        }
        match &self.kind {
            NodeKind::Literal(value) => write!(f, "{value}"),
            NodeKind::Name(name) => write!(f, "{name}"),
            NodeKind::List(items) => {
                write!(f, "[")?;
                print_all(items, f)?;
                write!(f, "]")
            }
            NodeKind::Field(of, name) => {
                print_base(of, f)?;
                if is_word(name) {
                    write!(f, ".{name}")
                } else {
                    write!(f, "[{}]", Value::from(name.as_str()))
                }
            }
            NodeKind::Index(of, at) => {
                print_base(of, f)?;
                write!(f, "[{at}]")
            }
            NodeKind::Every(of) => {
                print_base(of, f)?;
                write!(f, "[*]")
            }
            NodeKind::Unary(op, of) if says_not(*op, of) => {
                write!(f, "not ")?;
                of.print(f, 3)
            }
            NodeKind::Unary(op, of) => {
                write!(f, "{}", if *op == Unary::Not { "!" } else { "-" })?;
                of.print(f, 7)
            }
            NodeKind::Binary(op, a, b) => {
                // Comparisons do not chain, so both sides of one stand in parentheses; the others lean left.
                a.print(f, if op.level() == 4 { 5 } else { op.level() })?;
                write!(f, " {} ", op.symbol())?;
                b.print(f, op.level() + 1)
            }
            NodeKind::Choice(cond, then, otherwise) => {
                cond.print(f, 1)?;
                write!(f, " ? ")?;
                then.print(f, 0)?;
                write!(f, " : ")?;
                otherwise.print(f, 0)
            }
            NodeKind::Call(name, args) => {
                write!(f, "{name}(")?;
                print_all(args, f)?;
                write!(f, ")")
            }
        }
    }
}

/// `not a == b` needs no parentheses where `!(a == b)` does.
fn says_not(op: Unary, of: &Node) -> bool {
    op == Unary::Not && (3..7).contains(&of.level())
}

/// What stands before `.` or `[`: a number there would swallow the point.
fn print_base(of: &Node, f: &mut Formatter<'_>) -> fmt::Result {
    if matches!(&of.kind, NodeKind::Literal(Value::Number(_))) { write!(f, "({of})") } else { of.print(f, 8) }
}

fn print_all(items: &[Node], f: &mut Formatter<'_>) -> fmt::Result {
    for (i, item) in items.iter().enumerate() {
        if i > 0 {
            write!(f, ", ")?;
        }
        item.print(f, 0)?;
    }
    Ok(())
}

/// Whether a text can be written as a name.
pub(crate) fn is_word(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next().is_some_and(starts_word) && chars.all(continues_word)
}

pub(crate) fn starts_word(c: char) -> bool {
    c.is_alphabetic() || c == '_'
}

pub(crate) fn continues_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

impl Display for Node {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.print(f, 0)
    }
}
