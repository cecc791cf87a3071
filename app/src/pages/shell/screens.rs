//! The screens there are: their group, address, icon and key. Rail, palette, shortcuts and help read this one list.

use model::perm::{EstateImport, EstateRead, Permission, Role, RunRead, SettingsRead};

use crate::{
    i18n::t,
    ui::{ic, ic::Glyph},
};

/// A group of the rail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    /// Day by day.
    Operate,
    /// What is brought in.
    Data,
    /// What ran.
    Observe,
    /// Running the product.
    Admin,
}

impl Group {
    /// The groups in order.
    pub const ALL: [Self; 4] = [Self::Operate, Self::Data, Self::Observe, Self::Admin];

    /// Kept in the browser under this name.
    pub fn key(self) -> &'static str {
        match self {
            Self::Operate => "operate",
            Self::Data => "data",
            Self::Observe => "observe",
            Self::Admin => "admin",
        }
    }

    /// Its name.
    pub fn label(self) -> &'static str {
        let text = t().shell;
        match self {
            Self::Operate => text.g_operate(),
            Self::Data => text.g_data(),
            Self::Observe => t().runs.observe(),
            Self::Admin => text.g_admin(),
        }
    }
}

/// A screen.
#[derive(Debug, Clone, Copy)]
pub struct Screen {
    /// Its group.
    pub group: Group,
    /// Its address.
    pub href: &'static str,
    /// Its icon.
    pub glyph: Glyph,
    /// The letter after `G`.
    pub letter: char,
    /// The least role it is open to.
    pub least: Role,
    label: fn() -> &'static str,
}

impl Screen {
    /// Its name.
    pub fn label(&self) -> &'static str {
        (self.label)()
    }

    /// Whether an address belongs to it.
    pub fn holds(&self, path: &str) -> bool {
        if self.href == "/" {
            return path == "/" || path.starts_with("/threads");
        }
        path == self.href || path.strip_prefix(self.href).is_some_and(|rest| rest.starts_with('/'))
    }
}

/// All of them, in the order of the rail.
pub const SCREENS: &[Screen] = &[
    Screen {
        group: Group::Operate,
        href: "/",
        glyph: ic::MESSAGE_CIRCLE_QUESTION_MARK,
        letter: 'A',
        least: EstateRead::LEAST,
        label: || t().shell.p_ask(),
    },
    Screen {
        group: Group::Operate,
        href: "/events",
        glyph: ic::RADIO_TOWER,
        letter: 'E',
        least: EstateRead::LEAST,
        label: || t().shell.p_events(),
    },
    Screen {
        group: Group::Operate,
        href: "/incidents",
        glyph: ic::SIREN,
        letter: 'N',
        least: EstateRead::LEAST,
        label: || t().incidents.title(),
    },
    Screen {
        group: Group::Operate,
        href: "/cis",
        glyph: ic::NETWORK,
        letter: 'C',
        least: EstateRead::LEAST,
        label: || t().shell.p_cis(),
    },
    Screen {
        group: Group::Operate,
        href: "/topology",
        glyph: ic::WAYPOINTS,
        letter: 'T',
        least: EstateRead::LEAST,
        label: || t().shell.p_topology(),
    },
    Screen {
        group: Group::Data,
        href: "/import",
        glyph: ic::UPLOAD,
        letter: 'I',
        least: EstateImport::LEAST,
        label: || t().shell.p_import(),
    },
    Screen {
        group: Group::Data,
        href: "/words",
        glyph: ic::LANGUAGES,
        letter: 'W',
        least: EstateRead::LEAST,
        label: || t().synonyms.title(),
    },
    Screen {
        group: Group::Data,
        href: "/relations",
        glyph: ic::GIT_FORK,
        letter: 'R',
        least: EstateRead::LEAST,
        label: || t().relations.title(),
    },
    Screen {
        group: Group::Data,
        href: "/causes",
        glyph: ic::SCALE,
        letter: 'Y',
        least: EstateRead::LEAST,
        label: || t().causes.title(),
    },
    Screen {
        group: Group::Observe,
        href: "/runs",
        glyph: ic::LIST_TREE,
        letter: 'J',
        least: RunRead::LEAST,
        label: || t().runs.title(),
    },
    Screen {
        group: Group::Admin,
        href: "/settings",
        glyph: ic::SETTINGS,
        letter: 'S',
        least: SettingsRead::LEAST,
        label: || t().shell.p_settings(),
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_screen_has_a_letter_of_its_own() {
        let mut letters: Vec<char> = SCREENS.iter().map(|screen| screen.letter).collect();
        letters.sort_unstable();
        letters.dedup();
        assert_eq!(letters.len(), SCREENS.len());
    }

    #[test]
    fn an_address_belongs_to_one_screen() {
        for path in [
            "/",
            "/threads/x",
            "/cis",
            "/cis/db-01",
            "/events",
            "/topology",
            "/import",
            "/settings",
            "/runs/x",
            "/words",
            "/causes",
            "/relations",
            "/incidents",
        ] {
            assert_eq!(SCREENS.iter().filter(|screen| screen.holds(path)).count(), 1, "{path}");
        }
    }
}
