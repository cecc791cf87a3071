//! A folder of files, and a sink that keeps what it is given.

use std::{
    collections::BTreeMap,
    fs::File,
    io::{self, Read},
    ops::ControlFlow,
    path::{Path, PathBuf},
};

use ingest::{Files, Go, ItemFields, NewItem, NewRecord, NewRelation, NewSeries, Sample, Sink};
use model::imports::{ImportCounts, Reject};

pub struct Folder(pub PathBuf);

impl Files for Folder {
    fn names(&self) -> Vec<String> {
        fn walk(root: &Path, folder: &Path, names: &mut Vec<String>) {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    walk(root, &path, names);
                } else {
                    names.push(path.strip_prefix(root).unwrap().to_string_lossy().into_owned());
                }
            }
        }
        let mut names = Vec::new();
        walk(&self.0, &self.0, &mut names);
        names.sort();
        names
    }

    fn open(&self, name: &str) -> io::Result<Box<dyn Read + Send>> {
        Ok(Box::new(File::open(self.0.join(name))?))
    }

    fn bytes(&self, name: &str) -> u64 {
        std::fs::metadata(self.0.join(name)).map_or(0, |m| m.len())
    }
}

#[derive(Default)]
pub struct Kept {
    pub items: BTreeMap<String, NewItem>,
    pub patches: Vec<ItemFields>,
    pub relations: Vec<NewRelation>,
    pub records: Vec<NewRecord>,
    pub series: Vec<NewSeries>,
    pub samples: Vec<Sample>,
    pub rejects: Vec<Reject>,
    pub reported: f64,
}

impl Sink for Kept {
    fn item(&mut self, item: NewItem) -> Go {
        assert!(self.items.insert(item.code.to_string(), item).is_none(), "an item comes once");
        ControlFlow::Continue(())
    }
    fn fields(&mut self, fields: ItemFields) -> Go {
        self.patches.push(fields);
        ControlFlow::Continue(())
    }
    fn relation(&mut self, relation: NewRelation) -> Go {
        self.relations.push(relation);
        ControlFlow::Continue(())
    }
    fn record(&mut self, record: NewRecord) -> Go {
        self.records.push(record);
        ControlFlow::Continue(())
    }
    fn series(&mut self, series: NewSeries) -> Go {
        assert_eq!(series.no as usize, self.series.len(), "numbers count without a gap");
        self.series.push(series);
        ControlFlow::Continue(())
    }
    fn sample(&mut self, sample: Sample) -> Go {
        self.samples.push(sample);
        ControlFlow::Continue(())
    }
    fn reject(&mut self, reject: Reject) -> Go {
        self.rejects.push(reject);
        ControlFlow::Continue(())
    }
    fn progress(&mut self, _: &str, done: f64, _: &ImportCounts) -> Go {
        assert!((0.0..=1.0).contains(&done) && done >= self.reported, "progress goes forward");
        self.reported = done;
        ControlFlow::Continue(())
    }
}

impl Kept {
    /// Codes by number.
    pub fn codes(&self) -> BTreeMap<u32, &str> {
        self.items.values().map(|item| (item.no, item.code.as_ref())).collect()
    }
}
