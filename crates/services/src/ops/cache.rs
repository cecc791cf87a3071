//! Results of calls that may be given again: to whoever has the same rights in the same tenant, while the data are the same.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use model::tools::ToolOutput;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use crate::access::Caller;

/// Bytes kept at most, as far as they can be told.
const MOST: usize = 64 << 20;
/// How long a result stands where a plan says nothing else.
const USUAL: Duration = Duration::from_secs(300);

/// What makes two calls the same.
pub type Key = [u8; 32];

/// The key of a call: tool, arguments however they are ordered, tenant, rights, language of labels, version of the data.
pub fn key(caller: &Caller, data: u64, tool: &str, args: &Map<String, Value>) -> Key {
    let mut hash = Sha256::new();
    hash.update(caller.tenant.0.as_bytes());
    hash.update(caller.role.as_str());
    hash.update([u8::from(caller.lang == model::Lang::Ko)]);
    hash.update(data.to_le_bytes());
    hash.update(tool);
    hash.update([0]);
    canonical_map(args, &mut hash);
    hash.finalize().into()
}

fn canonical(value: &Value, hash: &mut Sha256) {
    match value {
        Value::Object(fields) => canonical_map(fields, hash),
        Value::Array(items) => {
            hash.update(b"[");
            items.iter().for_each(|item| canonical(item, hash));
            hash.update(b"]");
        }
        plain => {
            hash.update(plain.to_string());
            hash.update(b",");
        }
    }
}

fn canonical_map(fields: &Map<String, Value>, hash: &mut Sha256) {
    let mut keys: Vec<&String> = fields.keys().collect();
    keys.sort();
    hash.update(b"{");
    for key in keys {
        hash.update(Value::from(key.as_str()).to_string());
        hash.update(b":");
        if let Some(value) = fields.get(key) {
            canonical(value, hash);
        }
    }
    hash.update(b"}");
}

struct Kept {
    output: Arc<ToolOutput>,
    since: Instant,
    bytes: usize,
}

#[derive(Default)]
struct Inner {
    kept: HashMap<Key, Kept>,
    order: VecDeque<Key>,
    bytes: usize,
}

/// Results kept in memory; the oldest go first.
#[derive(Default)]
pub struct Cache(Mutex<Inner>);

impl Cache {
    /// A result that may stand for a call for at most so many seconds.
    pub fn get(&self, key: &Key, seconds: Option<u32>) -> Option<Arc<ToolOutput>> {
        let longest = seconds.map_or(USUAL, |seconds| Duration::from_secs(u64::from(seconds)));
        let inner = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        inner.kept.get(key).filter(|kept| kept.since.elapsed() < longest).map(|kept| Arc::clone(&kept.output))
    }

    /// Keeps a result.
    pub fn put(&self, key: Key, output: &ToolOutput) {
        let bytes = size(output);
        if bytes > MOST / 8 {
            return;
        }
        let kept = Kept { output: Arc::new(output.clone()), since: Instant::now(), bytes };
        let mut inner = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match inner.kept.insert(key, kept) {
            Some(before) => inner.bytes = inner.bytes.saturating_sub(before.bytes),
            None => inner.order.push_back(key),
        }
        inner.bytes += bytes;
        while inner.bytes > MOST {
            let Some(oldest) = inner.order.pop_front() else { break };
            if let Some(gone) = inner.kept.remove(&oldest) {
                inner.bytes = inner.bytes.saturating_sub(gone.bytes);
            }
        }
    }
}

/// About the bytes of an output in memory.
fn size(output: &ToolOutput) -> usize {
    fn of(value: &Value) -> usize {
        32 + match value {
            Value::String(text) => text.len(),
            Value::Array(items) => items.iter().map(of).sum(),
            Value::Object(fields) => fields.iter().map(|(key, value)| 48 + key.len() + of(value)).sum(),
            Value::Null | Value::Bool(_) | Value::Number(_) => 0,
        }
    }
    let rows: usize =
        output.rows.iter().flat_map(|row| row.iter()).map(|(key, value)| 48 + key.len() + of(value)).sum();
    let points: usize = output.series.iter().map(|series| 64 + series.points.len() * 16).sum();
    let graph =
        output.graph.as_ref().map_or(0, |graph| serde_json::to_vec(graph).map_or(0, |json| json.len() * 2));
    1_024 + rows + points + graph
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{Lang, TenantId, UserId, perm::Role};
    use serde_json::json;
    use uuid::Uuid;

    fn caller(tenant: u128, role: Role) -> Caller {
        Caller {
            user: UserId(Uuid::nil()),
            login: String::new(),
            tenant: TenantId(Uuid::from_u128(tenant)),
            role,
            session: None,
            lang: Lang::En,
            trace: crate::access::Trace::default(),
        }
    }

    fn args(value: Value) -> Map<String, Value> {
        value.as_object().cloned().unwrap_or_default()
    }

    #[test]
    fn only_the_same_call_with_the_same_rights_on_the_same_data_is_the_same() {
        let one = caller(1, Role::Viewer);
        let base = key(&one, 7, "ci.search", &args(json!({"a": [1, 2], "b": {"c": 1, "d": 2}})));
        assert_eq!(base, key(&one, 7, "ci.search", &args(json!({"b": {"d": 2, "c": 1}, "a": [1, 2]}))));
        for other in [
            key(&caller(2, Role::Viewer), 7, "ci.search", &args(json!({"a": [1, 2], "b": {"c": 1, "d": 2}}))),
            key(&caller(1, Role::Admin), 7, "ci.search", &args(json!({"a": [1, 2], "b": {"c": 1, "d": 2}}))),
            key(&one, 8, "ci.search", &args(json!({"a": [1, 2], "b": {"c": 1, "d": 2}}))),
            key(&one, 7, "ci.get", &args(json!({"a": [1, 2], "b": {"c": 1, "d": 2}}))),
            key(&one, 7, "ci.search", &args(json!({"a": [2, 1], "b": {"c": 1, "d": 2}}))),
            key(&one, 7, "ci.search", &args(json!({"a": [[1], 2], "b": {"c": 1, "d": 2}}))),
        ] {
            assert_ne!(base, other);
        }
    }

    #[test]
    fn the_oldest_results_go_when_there_are_too_many() {
        let cache = Cache::default();
        let row = args(json!({"text": "x".repeat(1 << 20)}));
        let output = ToolOutput { rows: vec![row], ..ToolOutput::default() };
        for n in 0..100_u8 {
            cache.put([n; 32], &output);
        }
        assert!(cache.get(&[0; 32], None).is_none() && cache.get(&[99; 32], None).is_some());
        assert!(cache.get(&[99; 32], Some(0)).is_none());
        assert!(cache.0.lock().unwrap().bytes <= MOST);
    }
}
