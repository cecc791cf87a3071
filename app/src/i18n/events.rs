//! Texts: Events.

use super::texts;

texts! {
    /// Events.
    Events {
        title => "이벤트", "Events";
    }
}
