//! Names of row kinds and column roles.

use crate::{
    i18n::t,
    ui::{ic, ic::Glyph},
};

/// What rows of a kind are.
pub fn rows(kind: &str) -> &'static str {
    let x = t().import;
    match kind {
        "items" => x.k_items(),
        "item_fields" => x.k_item_fields(),
        "relations" => x.k_relations(),
        "records" => x.k_records(),
        "metrics_wide" => x.k_metrics_wide(),
        _ => x.k_metrics_long(),
    }
}

/// The same in a word or two, for narrow places.
pub fn short(kind: &str) -> &'static str {
    let x = t().import;
    match kind {
        "records" => x.short_records(),
        "metrics_wide" | "metrics_long" => x.short_metrics(),
        _ => rows(kind),
    }
}

/// A way to find an item: by code, identifier, name, or a field.
pub fn lookup(by: &str) -> &str {
    let x = t().import;
    match by {
        "code" => x.role_code(),
        "id" => x.role_id(),
        "name" => x.role_name(),
        "created" => x.made_new(),
        field => field,
    }
}

/// The icon of rows of a kind.
pub fn rows_glyph(kind: &str) -> Glyph {
    match kind {
        "items" | "item_fields" => ic::BOX,
        "relations" => ic::NETWORK,
        "records" => ic::RADIO_TOWER,
        _ => ic::CHART_LINE,
    }
}

/// What a column is.
pub fn role(role: &str) -> &'static str {
    let x = t().import;
    match role {
        "code" => x.role_code(),
        "id" => x.role_id(),
        "name" => x.role_name(),
        "kind" => x.role_kind(),
        "item" => x.role_item(),
        "source" => x.role_source(),
        "target" => x.role_target(),
        "type" => x.role_type(),
        "at" => x.role_at(),
        "until" => x.role_until(),
        "metric" => x.role_metric(),
        "value" => x.role_value(),
        "unit" => x.role_unit(),
        "object" => x.role_object(),
        "skip" => x.role_skip(),
        _ => x.role_field(),
    }
}
