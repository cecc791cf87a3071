//! The time zone of the machine, by the ways a Unix machine tells it.

use chrono_tz::Tz;

/// The zone of `TZ`, `/etc/timezone` or the target of `/etc/localtime`; UTC where none of them tells.
pub(super) fn of_machine(env: &dyn Fn(&str) -> Option<String>) -> Tz {
    let named = |text: String| text.trim().trim_start_matches(':').parse::<Tz>().ok();
    env("TZ")
        .and_then(named)
        .or_else(|| std::fs::read_to_string("/etc/timezone").ok().and_then(named))
        .or_else(|| {
            let target = std::fs::read_link("/etc/localtime").ok()?;
            let text = target.to_string_lossy().into_owned();
            named(text.split_once("zoneinfo/")?.1.to_owned())
        })
        .unwrap_or(Tz::UTC)
}
