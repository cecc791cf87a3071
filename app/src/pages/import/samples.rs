//! Files to begin with: heads only, or with rows that fit together when all of them are imported.

use crate::{
    i18n::{Lang, t},
    ui::download,
};

/// What a file can be made for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sample {
    /// Configuration items.
    Items,
    /// Relations between them.
    Relations,
    /// Tickets, as an example of records.
    Records,
    /// Metrics, one value a row.
    Metrics,
}

impl Sample {
    fn file(self, lang: Lang) -> &'static str {
        match (self, lang) {
            (Self::Items, Lang::Ko) => "구성항목.csv",
            (Self::Items, Lang::En) => "items.csv",
            (Self::Relations, Lang::Ko) => "관계.csv",
            (Self::Relations, Lang::En) => "relations.csv",
            (Self::Records, Lang::Ko) => "티켓.csv",
            (Self::Records, Lang::En) => "tickets.csv",
            (Self::Metrics, Lang::Ko) => "지표.csv",
            (Self::Metrics, Lang::En) => "metrics.csv",
        }
    }

    /// Head and rows.
    fn lines(self, lang: Lang) -> &'static str {
        macro_rules! first {
            ($name:literal) => {
                include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/first/", $name))
            };
        }
        match (self, lang) {
            (Self::Items, Lang::Ko) => first!("ko/items.csv"),
            (Self::Items, Lang::En) => first!("en/items.csv"),
            (Self::Relations, Lang::Ko) => first!("ko/relations.csv"),
            (Self::Relations, Lang::En) => first!("en/relations.csv"),
            (Self::Records, Lang::Ko) => first!("ko/tickets.csv"),
            (Self::Records, Lang::En) => first!("en/tickets.csv"),
            (Self::Metrics, Lang::Ko) => first!("ko/metrics.csv"),
            (Self::Metrics, Lang::En) => first!("en/metrics.csv"),
        }
    }

    /// Offers the file: its head, and its rows too when they are wanted.
    pub fn download(self, with_rows: bool) {
        let lang = t().lang;
        let lines: Vec<&str> =
            self.lines(lang).lines().take(if with_rows { usize::MAX } else { 1 }).collect();
        // the mark that a spreadsheet needs to read UTF-8
        let text = format!("\u{feff}{}\r\n", lines.join("\r\n"));
        download::text(self.file(lang), "text/csv;charset=utf-8", &text);
    }
}
