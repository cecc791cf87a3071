//! Names a node can see: those of its own round of a loop first, then those outside.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, PoisonError},
};

use binding::Scope;
use model::Localized;
use serde_json::Value;

use super::outcome::Done;
use crate::reference::{Missing, Source};

/// The names of a plan, or of one round of a loop.
pub struct Frame<'p> {
    /// What stands before identifiers in results: `s2[3].`.
    pub prefix: String,
    parent: Option<&'p Frame<'p>>,
    variables: Vec<(&'p str, Value)>,
    /// Nodes whose output is looked at by others; the outputs of other groups are not put together.
    wanted: Arc<BTreeSet<String>>,
    done: Mutex<BTreeMap<String, Arc<Done>>>,
}

impl<'p> Frame<'p> {
    /// The names of a plan whose steps are told with `prefix` before them; `args` is what it was called with.
    pub fn plan(prefix: String, wanted: BTreeSet<String>, args: Value) -> Self {
        let variables = vec![("args", args)];
        Self { prefix, parent: None, variables, wanted: Arc::new(wanted), done: Mutex::default() }
    }

    /// Round `round` of the loop `id` with variables of its own.
    pub fn round(parent: &'p Frame<'p>, id: &str, round: usize, variables: Vec<(&'p str, Value)>) -> Self {
        Self {
            prefix: format!("{}{id}[{round}].", parent.prefix),
            parent: Some(parent),
            variables,
            wanted: Arc::clone(&parent.wanted),
            done: Mutex::default(),
        }
    }

    pub fn wants(&self, id: &str) -> bool {
        self.wanted.contains(id)
    }

    /// What a step of this round or plan has become, if it has ended.
    pub fn outcome(&self, id: &str) -> Option<Arc<Done>> {
        self.done.lock().unwrap_or_else(PoisonError::into_inner).get(id).cloned()
    }

    /// The identifier of a node in results.
    pub fn id(&self, id: &str) -> String {
        format!("{}{id}", self.prefix)
    }

    pub fn finish(&self, id: &str, done: &Arc<Done>) {
        self.done.lock().unwrap_or_else(PoisonError::into_inner).insert(id.to_owned(), Arc::clone(done));
    }

    /// What the given names stand for, now.
    pub fn see<'n>(&self, names: impl IntoIterator<Item = &'n str>) -> View {
        View(names.into_iter().filter_map(|name| Some((name.to_owned(), self.find(name)?))).collect())
    }

    fn find(&self, name: &str) -> Option<Seen> {
        if let Some((_, item)) = self.variables.iter().find(|(variable, _)| *variable == name) {
            return Some(Seen::Item(item.clone()));
        }
        let own = self.done.lock().unwrap_or_else(PoisonError::into_inner).get(name).cloned();
        match (own, self.parent) {
            (Some(done), _) => Some(Seen::Step(done)),
            (None, Some(parent)) => parent.find(name),
            (None, None) => None,
        }
    }
}

enum Seen {
    Item(Value),
    Step(Arc<Done>),
}

/// Names and what they stood for when they were looked up.
pub struct View(BTreeMap<String, Seen>);

impl View {
    /// Why one of the names has no value, if so.
    pub fn missing(&self, name: &str) -> Option<Missing> {
        self.find(name).err()
    }
}

impl Source for View {
    fn find(&self, name: &str) -> Result<Cow<'_, Value>, Missing> {
        let reason = match self.0.get(name) {
            Some(Seen::Item(item)) => return Ok(Cow::Borrowed(item)),
            Some(Seen::Step(done)) if done.usable() => return Ok(Cow::Borrowed(done.value())),
            Some(Seen::Step(_)) => Localized::new(
                format!("앞 단계 '{name}'의 결과가 없습니다"),
                format!("the earlier step '{name}' gave no result"),
            ),
            None => Localized::new(
                format!("'{name}' 단계가 아직 실행되지 않았습니다"),
                format!("the step '{name}' has not run"),
            ),
        };
        Err(Missing { root: name.to_owned(), reason })
    }
}

impl Scope for View {
    fn get(&self, name: &str) -> Option<Cow<'_, Value>> {
        self.find(name).ok()
    }
}
