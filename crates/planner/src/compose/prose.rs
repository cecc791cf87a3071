//! Text written twice at once: plain for terminals, and marked (bold, evidence numbers) for pages.

/// The two forms of a text, grown together so that they never say different things.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Prose {
    plain: String,
    marked: String,
}

impl Prose {
    /// Words.
    pub fn text(&mut self, text: &str) -> &mut Self {
        self.plain.push_str(text);
        self.marked.push_str(text);
        self
    }

    /// Words that are the answer.
    pub fn strong(&mut self, text: &str) -> &mut Self {
        self.plain.push_str(text);
        if text.is_empty() || text.contains('*') {
            self.marked.push_str(text);
        } else {
            self.marked.push_str("**");
            self.marked.push_str(text);
            self.marked.push_str("**");
        }
        self
    }

    /// The number of the evidence the sentence stands on; only pages show it.
    pub fn cite(&mut self, n: u32) -> &mut Self {
        self.marked.push_str(&format!(" [{n}]"));
        self
    }

    /// A new line.
    pub fn line(&mut self) -> &mut Self {
        if !self.plain.is_empty() {
            self.plain.push('\n');
            self.marked.push('\n');
        }
        self
    }

    /// A new line of a list.
    pub fn item(&mut self) -> &mut Self {
        self.line().text("- ")
    }

    /// True when nothing was written.
    pub fn is_empty(&self) -> bool {
        self.plain.is_empty()
    }

    /// The plain text.
    pub fn plain(&self) -> &str {
        &self.plain
    }

    /// The marked text.
    pub fn marked(&self) -> &str {
        &self.marked
    }
}
