//! What can go wrong, with the place.

use model::Localized;

/// A stretch of the source, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// Byte after the last.
    pub end: usize,
}

impl Span {
    /// From `start` to before `end`.
    pub fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// From the start of this one to the end of the other.
    pub fn to(self, other: Self) -> Self {
        Self { start: self.start, end: other.end.max(self.end) }
    }

    /// The same stretch in a text that begins `by` bytes earlier.
    pub fn shifted(self, by: usize) -> Self {
        Self { start: self.start + by, end: self.end + by }
    }
}

/// The source is not an expression.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{} (at {}..{})", message.en, span.start, span.end)]
pub struct ParseError {
    /// Where.
    pub span: Span,
    /// What is wrong and how to mend it.
    pub message: Localized,
}

impl ParseError {
    pub(crate) fn new(span: Span, ko: impl Into<String>, en: impl Into<String>) -> Self {
        Self { span, message: Localized::new(ko, en) }
    }
}

/// The expression cannot be computed for these values.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{} (at {}..{})", message.en, span.start, span.end)]
pub struct EvalError {
    /// The part that cannot be computed.
    pub span: Span,
    /// What is wrong.
    pub message: Localized,
}

impl EvalError {
    pub(crate) fn new(span: Span, ko: impl Into<String>, en: impl Into<String>) -> Self {
        Self { span, message: Localized::new(ko, en) }
    }

    pub(crate) fn too_large(span: Span) -> Self {
        Self::new(span, "결과가 너무 큽니다", "the result is too large")
    }
}
