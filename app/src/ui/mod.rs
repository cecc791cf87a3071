//! The design system: what every page is built from. A component is one class of `style/components.css`; its state is
//! ARIA or an HTML attribute, so that what looks selected is selected for a screen reader too.

pub mod button;
pub mod chart;
pub mod chip;
pub mod choice;
pub mod dialog;
pub mod download;
pub mod estate;
pub mod facts;
pub mod form;
pub mod frame;
pub mod ic;
pub mod icon;
pub mod keys;
pub mod menu;
pub mod net;
pub mod prefs;
pub mod remote;
pub mod session;
pub mod states;
pub mod table;
pub mod tabs;
pub mod toast;
pub mod topology;
pub mod tree;
pub mod virtual_table;

pub use button::{Button, IconButton, Kind, LinkButton, Size};
pub use chart::{BarChart, EChart, Histogram, LineChart, Sparkline};
pub use chip::{Badge, Chip, Count, Crit, Ev, FilterChip, Kbd, StatusDot, Tone};
pub use choice::{Check, Choice, Segmented, Select, Switch};
pub use dialog::{Confirm, Dialog, Drawer};
pub use facts::{Callout, Card, Head, Kpi, Kv, Meter, Time};
pub use form::{Field, Input, SearchBox, TextArea};
pub use frame::{Crumb, set_crumbs, set_title};
pub use icon::{BrandMark, Icon};
pub use keys::{PageKeys, page_keys};
pub use menu::{Menu, MenuItem, Popover};
pub use net::call;
pub use remote::{Loaded, Remote, remote};
pub use states::{Empty, ErrorState, Forbidden, NoMatch, Skeleton};
pub use table::Table;
pub use tabs::{Tab, Tabs};
pub use toast::{toast, toast_error, toast_undo};
pub use topology::TopologyView;
pub use tree::{Tree, TreeNode};
pub use virtual_table::{Col, VirtualTable};
