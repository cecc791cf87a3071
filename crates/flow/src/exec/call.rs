//! One call of a tool: admitted by the limits and the circuit breaker of its source, retried while that makes sense, given
//! up at the deadline, stopped on cancellation, and never able to take the run down with it.

use std::{
    panic::AssertUnwindSafe,
    sync::Arc,
    time::{Duration, Instant},
};

use futures::FutureExt;
use model::{
    Localized,
    plan::{Retry, StepStatus},
    tools::{Effect, ToolOutput},
};
use serde_json::{Map, Value};

use super::{engine::Engine, outcome::Done};
use crate::{
    shares::Shares,
    tools::{CallContext, ToolError},
};

/// Most calls after the first, whatever the plan asks for.
const RETRIES: u8 = 3;
/// Longest wait between two calls.
const LONGEST_WAIT: Duration = Duration::from_secs(5);
/// How long a tool may take to stop what it has at work elsewhere.
const ABANDON: Duration = Duration::from_millis(500);

/// A call to be made.
pub struct Call<'a> {
    pub path: &'a str,
    pub tool: &'a str,
    pub args: &'a Map<String, Value>,
    pub retry: Retry,
    pub cache_s: Option<u32>,
    pub deadline: Instant,
}

/// How a call ended, how often it was made, and whether an earlier result stood for it.
pub struct Ended {
    pub done: Done,
    pub attempts: u32,
    pub cached: bool,
}

/// Tells the circuit breaker how a call ended, also when it was dropped.
struct Probe<'a> {
    shares: &'a Shares,
    source: &'a str,
    told: bool,
}

impl Probe<'_> {
    fn ended(mut self, well: bool, now: Instant) {
        self.told = true;
        self.shares.ended(self.source, Some(well), now);
    }
}

impl Drop for Probe<'_> {
    fn drop(&mut self) {
        if !self.told {
            self.shares.ended(self.source, None, Instant::now());
        }
    }
}

impl Engine {
    /// Makes a call.
    pub async fn call(&self, call: Call<'_>) -> Ended {
        // The token of the call ends with it, so that work it started elsewhere does not outlive it.
        let own = self.cancel.child_token();
        let guard = own.clone().drop_guard();
        let key = format!("{}/{}", self.run_key, call.path);
        let mut cx = CallContext::new(call.deadline, own, key);
        cx.cache_s = call.cache_s;
        cx.rows_left = self.pool.rows_left();
        let mut attempts = 0;
        let outcome = {
            let mut work = std::pin::pin!(self.attempts(&call, &cx, &mut attempts));
            let given_up = tokio::select! {
                biased;
                () = self.cancel.cancelled() => Err(cancelled()),
                done = &mut work => Ok(done),
                () = self.clock.sleep_until(call.deadline) => Err(timed_out()),
            };
            match given_up {
                Ok(done) => done,
                Err(done) => {
                    // The future is kept until what it has at work is stopped; only then others get its connection.
                    let _ = tokio::time::timeout(ABANDON, self.tools.abandon(&cx)).await;
                    done
                }
            }
        };
        drop(guard);
        Ended { done: outcome, attempts, cached: cx.was_cached() }
    }

    async fn attempts(&self, call: &Call<'_>, cx: &CallContext, attempts: &mut u32) -> Done {
        let source = self.tools.source(call.tool);
        let may_repeat = self.tools.effect(call.tool) == Effect::Read;
        let mut wait = Duration::from_millis(u64::from(call.retry.backoff_ms));
        loop {
            if let Err(what) = self.pool.call() {
                return over_budget(what);
            }
            let permit = match source {
                "" => None,
                source => Some(self.shares.acquire(source, self.tenant).await),
            };
            if !source.is_empty() && !self.shares.admits(source, self.clock.now()) {
                return circuit_open(source);
            }
            let probe = Probe { shares: &self.shares, source, told: source.is_empty() };
            *attempts += 1;
            let outcome = self.attempt(call, cx).await;
            let now = self.clock.now();
            drop(permit);
            let error = match outcome {
                Ok(output) => {
                    probe.ended(true, now);
                    return Done::ok(output);
                }
                Err(error) => error,
            };
            // A question that makes no sense says nothing about its source; one that was busy does.
            if error.fault.retryable {
                probe.ended(false, now);
            } else {
                drop(probe);
            }
            let left = call.deadline.saturating_duration_since(now);
            let spent = *attempts > u32::from(call.retry.times.min(RETRIES));
            if !error.fault.retryable || !may_repeat || spent || left <= wait {
                return Done::failed(StepStatus::Failed, Some(error.fault.message)).coded(error.code);
            }
            self.clock.sleep_until(now + jittered(wait, call.path, *attempts)).await;
            wait = (wait * 2).min(LONGEST_WAIT);
        }
    }

    async fn attempt(&self, call: &Call<'_>, cx: &CallContext) -> Result<Arc<ToolOutput>, Fault> {
        // State of a tool that panicked is not looked at again by this call.
        let made = AssertUnwindSafe(self.tools.call(call.tool, call.args.clone(), cx)).catch_unwind().await;
        match made {
            Ok(Ok(output)) => Ok(Arc::new(output)),
            Ok(Err(fault)) => {
                let code = if fault.retryable { "transient" } else { "permanent" };
                Err(Fault { fault, code })
            }
            Err(_) => {
                let tool = call.tool;
                let fault = ToolError::new(
                    format!("'{tool}' 도구 안에서 오류가 났습니다"),
                    format!("the tool '{tool}' broke down"),
                );
                Err(Fault { fault, code: "bug" })
            }
        }
    }
}

struct Fault {
    fault: ToolError,
    code: &'static str,
}

/// Between half of a wait and all of it, by step and attempt: not all at once, and the same every time.
fn jittered(wait: Duration, path: &str, attempt: u32) -> Duration {
    let hash = path.bytes().fold(u64::from(attempt).wrapping_mul(0x9E37_79B9), |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3)
    });
    wait / 2 + wait.mul_f64(f64::from(u8::try_from(hash >> 32 & 0xFF).unwrap_or(0)) / 512.0)
}

pub fn cancelled() -> Done {
    Done::failed(StepStatus::Cancelled, Some(Localized::new("실행이 중단되었습니다", "the run was stopped")))
        .coded("cancelled")
}

pub fn timed_out() -> Done {
    Done::failed(
        StepStatus::TimedOut,
        Some(Localized::new("주어진 시간 안에 끝나지 않았습니다", "it did not finish in the time allowed")),
    )
    .coded("timeout")
}

/// Left out because something is used up.
pub fn over_budget(what: &str) -> Done {
    let ko = match what {
        "steps" => "단계 수",
        "calls" => "호출 수",
        "rows" => "행 수",
        "bytes" => "데이터 양",
        "tokens" => "토큰",
        "money" => "비용",
        _ => "하위 계획의 깊이",
    };
    Done::failed(
        StepStatus::Skipped,
        Some(Localized::new(
            format!("허용된 {ko}을(를) 모두 써서 실행하지 않았습니다"),
            format!("left out because the budget of {what} is used up"),
        )),
    )
    .coded("budget")
}

fn circuit_open(source: &str) -> Done {
    Done::failed(
        StepStatus::Failed,
        Some(Localized::new(
            format!("'{source}'에서 오류가 이어져 잠시 부르지 않습니다"),
            format!("'{source}' keeps failing and is left in peace for a while"),
        )),
    )
    .coded("circuit_open")
}
