//! Charts. A description ([`LineSpec`], [`BarSpec`]) gives the picture, its table and the sentence for a screen reader;
//! ECharts is loaded when the first chart is shown. [`Sparkline`] and [`Histogram`] are plain SVG and need no library.

mod bar;
mod echart;
mod histogram;
mod js;
mod line;
mod loader;
mod options;
mod shown;
mod spark;
mod spec;
mod table;
mod text;
mod theme;

pub use bar::BarChart;
pub use echart::{EChart, Tooltip, picture};
pub use histogram::{Bar, Histogram, HistogramSpec, Part};
pub use line::LineChart;
pub use shown::{AidSwitches, ahead_shown, usual_shown};
pub use spark::Sparkline;
pub use spec::{
    AnswerChart, BarSpec, Limit, LineSeries, LineSpec, Mark, float, moment, number, whole, with_unit,
};
pub use table::{ChartFrame, TableData};
pub use theme::color;

pub(crate) use js::{call as js_call, get as js_get};
