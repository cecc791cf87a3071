//! A generated company estate with incidents of known cause.
//!
//! Everything follows from the seed, the number of items and the moment it ends at: no clock, no other randomness. Another
//! seed is another company, with other names and another topology.

mod company;
mod estate;
mod fields;
mod incidents;
mod load;
mod naming;
pub mod questions;
mod records;
mod rng;
mod series;
mod spread;

use chrono::{DateTime, Utc};
use model::{Localized, schema::Catalogue};
use serde::Serialize;
use serde_json::{Map, Value};

use self::{company::Company, estate::Estate, incidents::Plan, load::Rhythm, rng::Rng, series::Source};

/// Fewest items.
pub const LEAST: u32 = 60;
/// Most items.
pub const MOST: u32 = 20_000;
/// Days of history.
pub const DAYS: i64 = 14;

/// A configuration item.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// Code, with the company's name before it.
    pub code: String,
    /// Name.
    pub name: String,
    /// Kind, a key of the catalogue.
    pub kind: &'static str,
    /// Fields.
    pub fields: Map<String, Value>,
}

/// A relation between two items, by their places.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relation {
    /// Source.
    pub source: usize,
    /// Target.
    pub target: usize,
    /// Type, a key of the catalogue.
    pub r#type: &'static str,
}

/// A record.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// Kind, a key of the catalogue.
    pub kind: &'static str,
    /// Identifier.
    pub key: String,
    /// The item it is about.
    pub item: Option<usize>,
    /// When it happened or began, seconds since 1970.
    pub at: i64,
    /// When it ended.
    pub until: Option<i64>,
    /// Fields.
    pub fields: Map<String, Value>,
}

/// A series of a metric.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// Metric, a key of the catalogue.
    pub metric: &'static str,
    /// The item.
    pub item: usize,
    /// The other item of a call edge.
    pub peer: Option<usize>,
    /// Seconds since 1970 and value, in time order.
    pub samples: Vec<(i64, f64)>,
}

/// What was injected, and what really caused it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Incident {
    /// Identifier.
    pub id: String,
    /// What kind of failure it is.
    pub kind: &'static str,
    /// What happened, in a line.
    pub title: Localized,
    /// The cause.
    pub cause: Cause,
    /// When the cause began.
    pub start: DateTime<Utc>,
    /// When all of it was over.
    pub end: DateTime<Utc>,
    /// What it did, the cause's own metric first, by time.
    pub effects: Vec<Effect>,
}

/// Where an incident came from.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Cause {
    /// Code of the item.
    pub code: String,
    /// Metric that shows it first.
    pub metric: &'static str,
    /// What ran short or went wrong: `disk`, `memory`, `cpu`, `network`, `cache`, `storage`, `release`, `load`, `queue`.
    pub resource: &'static str,
    /// Identifier of the change or maintenance behind it, where there is one.
    pub record: Option<String>,
}

/// One metric of one item that an incident moved.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Effect {
    /// Code of the item.
    pub code: String,
    /// Metric.
    pub metric: &'static str,
    /// When it left its usual level.
    pub start: DateTime<Utc>,
    /// When it was back.
    pub end: DateTime<Utc>,
    /// `up` or `down`.
    pub direction: &'static str,
    /// Steps along dependencies from the cause.
    pub hops: u32,
}

/// The truth behind a demo, for checking what analysis finds.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Truth {
    /// Seed.
    pub seed: u64,
    /// Company.
    pub company: Localized,
    /// The moment the data ends at.
    pub now: DateTime<Utc>,
    /// Width of a sample in seconds.
    pub step_s: i64,
    /// What was injected.
    pub incidents: Vec<Incident>,
}

/// A company's estate.
#[derive(Debug, Clone)]
pub struct Demo {
    /// Name of the company.
    pub company: Localized,
    /// Items; business services first, hardware last.
    pub items: Vec<Item>,
    /// Relations.
    pub relations: Vec<Relation>,
    /// Records in time order.
    pub records: Vec<Record>,
    /// Names, synonyms and meaning of everything.
    pub catalogue: Catalogue,
    /// What was injected.
    pub truth: Truth,
    rhythm: Rhythm,
    plan: Plan,
    sources: Vec<Source>,
}

/// Makes an estate. `now` is where its history ends.
pub fn generate(seed: u64, cis: u32, now: DateTime<Utc>) -> Demo {
    let mut rng = Rng::new(seed);
    let company = Company::choose(&mut rng);
    let estate = Estate::build(&company, cis.clamp(LEAST, MOST) as usize, &mut rng);
    let items: Vec<Item> = fields::items(&company, &estate, &mut rng);
    // whole minutes, so that samples of all series stand at the same moments
    let end = now.timestamp().div_euclid(300) * 300;
    let rhythm = Rhythm::new(&company, end - DAYS * 86_400, end, &mut rng);
    let plan = Plan::make(&estate, &rhythm, &mut rng);
    let (sources, step) = series::sources(&estate, &plan, seed, DAYS * 86_400);
    let records = records::records(&company, &estate, &items, &rhythm, &plan, (seed, &mut rng));
    let truth = plan.truth(seed, &company, &items, now, step);
    Demo {
        company: company.name(),
        catalogue: naming::catalogue(&company, &items),
        items,
        relations: estate.relations,
        records,
        truth,
        rhythm: rhythm.with_step(step),
        plan,
        sources,
    }
}

impl Demo {
    /// Series one by one: each is made when it is asked for, so that memory holds one of them.
    pub fn series(&self) -> impl ExactSizeIterator<Item = Series> + '_ {
        self.sources.iter().map(|source| source.samples(&self.rhythm, &self.plan))
    }
}
