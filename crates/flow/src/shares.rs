//! What all runs of a program share: how many calls a source and a tenant may have at work, whose turn it is, and which
//! sources are left in peace because they fail.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use model::TenantId;
use tokio::sync::oneshot;

/// Calls of one tenant at work at the same time, over all sources.
const PER_TENANT: usize = 32;
/// Calls of a source at work at the same time, where nothing else is said.
const PER_SOURCE: usize = 8;
/// Failures within [`WINDOW`] that open a circuit, and for how long.
const FAILURES: usize = 5;
const WINDOW: Duration = Duration::from_secs(30);

/// Limits shared by all runs.
pub struct Shares {
    limits: HashMap<String, usize>,
    per_tenant: usize,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    sources: HashMap<String, Source>,
    tenants: HashMap<TenantId, usize>,
}

#[derive(Default)]
struct Source {
    at_work: usize,
    /// Who waits, by tenant; the first tenant is next, and goes to the end when it had its turn.
    waiting: VecDeque<(TenantId, VecDeque<oneshot::Sender<Permit>>)>,
    failures: VecDeque<Instant>,
    open_until: Option<Instant>,
    /// A single call tries whether the source is back.
    probing: bool,
}

/// The right to one call of a source; given back when dropped.
pub struct Permit {
    /// None when it never counted.
    shares: Option<Arc<Shares>>,
    source: String,
    tenant: TenantId,
}

impl Default for Shares {
    fn default() -> Self {
        Self::new(&[("postgres", 8), ("graph", 4), ("llm", 4), ("memory", 32)], PER_TENANT)
    }
}

impl Shares {
    /// Limits by source, and of each tenant.
    pub fn new(limits: &[(&str, usize)], per_tenant: usize) -> Self {
        Self {
            limits: limits.iter().map(|(source, limit)| ((*source).to_owned(), (*limit).max(1))).collect(),
            per_tenant: per_tenant.max(1),
            state: Mutex::default(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn limit(&self, source: &str) -> usize {
        self.limits.get(source).copied().unwrap_or(PER_SOURCE)
    }

    /// Waits for the right to call a source. Tenants that wait take turns, however much each of them waits for.
    pub async fn acquire(self: &Arc<Self>, source: &str, tenant: TenantId) -> Permit {
        loop {
            let turn = {
                let mut state = self.lock();
                let State { sources, tenants } = &mut *state;
                if !sources.contains_key(source) {
                    sources.insert(source.to_owned(), Source::default());
                }
                let (own, others) = (tenants.entry(tenant).or_default(), sources.get_mut(source));
                let Some(entry) = others else { continue };
                if entry.at_work < self.limit(source) && *own < self.per_tenant && entry.waiting.is_empty() {
                    entry.at_work += 1;
                    *own += 1;
                    return self.permit(source, tenant);
                }
                let (sender, turn) = oneshot::channel();
                match entry.waiting.iter_mut().find(|(waits, _)| *waits == tenant) {
                    Some((_, queue)) => queue.push_back(sender),
                    None => entry.waiting.push_back((tenant, VecDeque::from([sender]))),
                }
                turn
            };
            self.pass_on();
            // A permit that was handed over and not taken comes back by itself.
            if let Ok(permit) = turn.await {
                return permit;
            }
        }
    }

    fn permit(self: &Arc<Self>, source: &str, tenant: TenantId) -> Permit {
        Permit { shares: Some(Arc::clone(self)), source: source.to_owned(), tenant }
    }

    /// Gives free places to those who wait, tenant by tenant.
    fn pass_on(self: &Arc<Self>) {
        let mut state = self.lock();
        let State { sources, tenants } = &mut *state;
        for (name, source) in sources.iter_mut() {
            let limit = self.limit(name);
            let mut passed_over = 0;
            while source.at_work < limit && passed_over < source.waiting.len() {
                let Some((tenant, mut queue)) = source.waiting.pop_front() else { break };
                let own = tenants.entry(tenant).or_default();
                if *own >= self.per_tenant {
                    source.waiting.push_back((tenant, queue));
                    passed_over += 1;
                    continue;
                }
                while let Some(waits) = queue.pop_front() {
                    match waits.send(self.permit(name, tenant)) {
                        Ok(()) => {
                            source.at_work += 1;
                            *own += 1;
                            passed_over = 0;
                            break;
                        }
                        // Whoever gave up waiting takes nothing.
                        Err(mut permit) => permit.shares = None,
                    }
                }
                if !queue.is_empty() {
                    source.waiting.push_back((tenant, queue));
                }
            }
        }
    }

    fn give_back(self: &Arc<Self>, source: &str, tenant: TenantId) {
        {
            let mut state = self.lock();
            let mut waits = false;
            if let Some(source) = state.sources.get_mut(source) {
                source.at_work = source.at_work.saturating_sub(1);
                waits = !source.waiting.is_empty();
            }
            if let Some(own) = state.tenants.get_mut(&tenant) {
                *own = own.saturating_sub(1);
                // At its limit the tenant may be waited for at other sources too.
                waits |= *own + 1 >= self.per_tenant;
                if *own == 0 {
                    state.tenants.remove(&tenant);
                }
            }
            if !waits {
                return;
            }
        }
        self.pass_on();
    }

    /// Whether a source may be called now; after a pause one call tries.
    pub fn admits(&self, source: &str, now: Instant) -> bool {
        let mut state = self.lock();
        let Some(source) = state.sources.get_mut(source) else { return true };
        match source.open_until {
            None => true,
            Some(until) if now < until || source.probing => false,
            Some(_) => {
                source.probing = true;
                true
            }
        }
    }

    /// A call that was admitted ended: well, with a fault of the source, or (`None`) without saying anything about it.
    pub fn ended(&self, source: &str, well: Option<bool>, now: Instant) {
        let mut state = self.lock();
        let Some(source) = state.sources.get_mut(source) else { return };
        match well {
            None => source.probing = false,
            Some(true) => {
                source.probing = false;
                source.open_until = None;
                source.failures.clear();
            }
            Some(false) => {
                source.failures.push_back(now);
                while source.failures.front().is_some_and(|at| now.saturating_duration_since(*at) > WINDOW) {
                    source.failures.pop_front();
                }
                if source.probing || source.failures.len() >= FAILURES {
                    source.open_until = now.checked_add(WINDOW);
                    source.failures.clear();
                }
                source.probing = false;
            }
        }
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        if let Some(shares) = self.shares.take() {
            shares.give_back(&self.source, self.tenant);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn tenant(n: u128) -> TenantId {
        TenantId(Uuid::from_u128(n))
    }

    #[tokio::test]
    async fn a_tenant_with_one_call_waits_for_one_turn_not_for_the_whole_queue_of_another() {
        let shares = Arc::new(Shares::new(&[("db", 1)], 8));
        let held = shares.acquire("db", tenant(1)).await;
        let order = Arc::new(Mutex::new(Vec::new()));
        let mut tasks = Vec::new();
        for (n, who) in [(1, "busy"), (1, "busy"), (1, "busy"), (2, "quiet")] {
            let (shares, order) = (Arc::clone(&shares), Arc::clone(&order));
            tasks.push(tokio::spawn(async move {
                let _permit = shares.acquire("db", tenant(n)).await;
                order.lock().unwrap().push(who);
            }));
            tokio::task::yield_now().await;
        }
        drop(held);
        for task in tasks {
            task.await.unwrap();
        }
        assert_eq!(*order.lock().unwrap(), ["busy", "quiet", "busy", "busy"]);
    }

    #[tokio::test]
    async fn who_gives_up_waiting_takes_no_place() {
        let shares = Arc::new(Shares::new(&[("db", 1)], 8));
        let held = shares.acquire("db", tenant(1)).await;
        let impatient = tokio::time::timeout(Duration::from_millis(5), shares.acquire("db", tenant(2))).await;
        assert!(impatient.is_err());
        drop(held);
        let next = tokio::time::timeout(Duration::from_secs(5), shares.acquire("db", tenant(3))).await;
        assert!(next.is_ok());
    }

    #[test]
    fn five_failures_open_a_circuit_and_one_call_tries_after_the_pause() {
        let shares = Arc::new(Shares::default());
        let begin = Instant::now();
        shares.lock().sources.insert("db".to_owned(), Source::default());
        for _ in 0..FAILURES {
            assert!(shares.admits("db", begin));
            shares.ended("db", Some(false), begin);
        }
        assert!(!shares.admits("db", begin));
        let later = begin + WINDOW;
        assert!(shares.admits("db", later));
        assert!(!shares.admits("db", later), "a second call goes along with the one that tries");
        shares.ended("db", Some(false), later);
        assert!(!shares.admits("db", later));
        let later = later + WINDOW;
        assert!(shares.admits("db", later));
        shares.ended("db", Some(true), later);
        assert!(shares.admits("db", later));
    }
}
