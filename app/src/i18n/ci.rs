//! Texts: Page of a configuration item.

use super::texts;

texts! {
    /// Page of a configuration item.
    Ci {
        title => "구성 항목", "Configuration item";
    }
}
