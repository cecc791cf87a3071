//! What commands print: results to standard output, everything else to standard error, in both languages where no
//! language was chosen.

use std::{
    fmt::Display,
    io::{self, IsTerminal, Write},
};

use model::{ApiError, Localized};

/// Wrong fields that are listed one by one.
const FIELDS_SHOWN: usize = 20;

/// A line of the result. A reader that has gone away is no failure.
pub fn line(text: impl Display) {
    let _ = writeln!(io::stdout().lock(), "{text}");
}

/// A line of progress.
pub fn progress(text: &Localized) {
    let _ = writeln!(io::stderr().lock(), "· {} · {}", text.ko, text.en);
}

/// A line that replaces itself at a terminal, and is left out elsewhere until it is the last.
pub fn over(text: &str, last: bool) {
    let mut out = io::stderr().lock();
    if io::stderr().is_terminal() {
        let _ = write!(out, "\r\x1b[2K{text}{}", if last { "\n" } else { "" });
        let _ = out.flush();
    } else if last {
        let _ = writeln!(out, "{text}");
    }
}

/// Why a command failed and what to do, in both languages.
pub fn failure(error: &anyhow::Error) {
    let mut out = io::stderr().lock();
    let told = error
        .downcast_ref::<services::Error>()
        .map(services::Error::to_api)
        .or_else(|| error.downcast_ref::<ApiError>().cloned());
    let (message, fields, hint) = match (told, error.downcast_ref::<supervisor::Error>()) {
        (Some(told), _) => (told.message, told.fields, told.hint.unwrap_or_default()),
        (None, Some(error)) => (error.message.clone(), Vec::new(), error.hint.clone()),
        (None, None) => (Localized::same(format!("{error:#}")), Vec::new(), Localized::default()),
    };
    // What a person may not see over the network, whoever runs the command may.
    let cause = match error.downcast_ref::<services::Error>() {
        Some(services::Error::Api(_)) | None => String::new(),
        Some(cause) => format!("  {cause}\n"),
    };
    let mut text = String::new();
    let mut say = |mark: &str, said: &Localized| {
        if !said.ko.is_empty() {
            text.push_str(&format!("{mark}{}\n", said.ko));
        }
        if !said.en.is_empty() && said.en != said.ko {
            text.push_str(&format!("{mark}{}\n", said.en));
        }
    };
    say("✗ ", &message);
    // A field whose reason is the message itself says nothing more.
    for field in fields.iter().filter(|field| field.reason != message).take(FIELDS_SHOWN) {
        say(&format!("  {}: ", field.path), &field.reason);
    }
    say("  → ", &hint);
    let _ = write!(out, "{text}{cause}");
}
