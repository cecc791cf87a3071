//! The expression language of screens, workflows, notifications and prompts: `s1.total > 0 and s2.rows[0].name == "x"`.
//!
//! Invariants: parsing and evaluating are pure, never panic and end within bounds set by [`MAX_SOURCE`], [`MAX_DEPTH`],
//! [`MAX_NODES`] and [`MAX_RESULT`]. A name, field or index that does not exist is `null`, never an error.
//!
//! * Values: numbers, `"text"` or `'text'`, `true`, `false`, `null`, lists `[1, 2]`.
//! * Paths: `a.b`, `a["b c"]`, `a[0]`, `a[-1]` (the last), `a[*].b` (the `b` of every member, lists in lists flattened).
//! * Operators, loosest first: `c ? x : y`, `or` `||`, `and` `&&`, `not`, `== != < <= > >= in`, `+ -`, `* / %`, `-x` `!x`.
//! * Functions: see [`FUNCTIONS`].
//!
//! Comparing with `null` is false (but for `==` and `!=`), calculating with `null` or dividing by zero gives `null`.

mod ast;
mod error;
mod eval;
mod functions;
mod lexer;
mod parser;
mod template;

pub use ast::{Binary, Node, NodeKind, Unary};
pub use error::{EvalError, ParseError, Span};
pub use eval::{Scope, truthy};
pub use functions::FUNCTIONS;
pub use template::Template;

use serde_json::Value;

/// Longest source in bytes.
pub const MAX_SOURCE: usize = 4_000;
/// Deepest nesting of parentheses, brackets, calls, prefixes and choices.
pub const MAX_DEPTH: usize = 10;
/// Most parts of one expression.
pub const MAX_NODES: usize = 256;
/// Most members of a list, or bytes of a text, that an expression may make.
pub const MAX_RESULT: usize = 1_000_000;

/// A parsed expression. It prints as the shortest source that means the same.
#[derive(Debug, Clone, PartialEq)]
pub struct Expr {
    root: Node,
}

impl Expr {
    /// Parses an expression; the error says where it went wrong.
    pub fn parse(source: &str) -> Result<Self, ParseError> {
        parser::parse(source).map(|root| Self { root })
    }

    /// The value of the expression for the names of `scope`.
    pub fn eval<S: Scope + ?Sized>(&self, scope: &S) -> Result<Value, EvalError> {
        eval::eval(&self.root, scope)
    }

    /// Whether the value of the expression counts as true.
    pub fn test<S: Scope + ?Sized>(&self, scope: &S) -> Result<bool, EvalError> {
        self.eval(scope).map(|value| truthy(&value))
    }

    /// The names it looks up, sorted, each once.
    pub fn roots(&self) -> Vec<String> {
        let mut names = Vec::new();
        self.root.names(&mut names);
        names.sort();
        names.dedup();
        names
    }

    /// True for a bare path (`s1.rows[*].code`): no operator, call or literal.
    pub fn is_path(&self) -> bool {
        self.root.is_path()
    }

    /// The tree.
    pub fn root(&self) -> &Node {
        &self.root
    }
}

impl std::fmt::Display for Expr {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.root.fmt(f)
    }
}

#[cfg(test)]
mod tests;
