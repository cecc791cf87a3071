//! Texts: List of configuration items.

use super::texts;

texts! {
    /// List of configuration items.
    Cis {
        title => "구성 항목", "Configuration items";
    }
}
