//! One call of a tool: retried while that makes sense, given up at the deadline, stopped on cancellation, and never able
//! to take the run down with it.

use std::{
    panic::AssertUnwindSafe,
    time::{Duration, Instant},
};

use futures::FutureExt;
use model::{Localized, plan::StepStatus, tools::ToolOutput};
use serde_json::{Map, Value};
use tokio_util::sync::CancellationToken;

use super::outcome::Done;
use crate::tools::{CallContext, ToolError, Tools};

/// Calls after the first.
const RETRIES: u32 = 2;

/// Wait before the first retry; it doubles.
const BACKOFF: Duration = Duration::from_millis(50);

pub async fn call(
    tools: &dyn Tools,
    tool: &str,
    args: &Map<String, Value>,
    deadline: Instant,
    cancel: &CancellationToken,
) -> Done {
    // The token of the call ends with it, so that work it started elsewhere does not outlive it.
    let own = cancel.child_token();
    let guard = own.clone().drop_guard();
    let cx = CallContext { deadline, cancel: own };
    let outcome = tokio::select! {
        biased;
        () = cancel.cancelled() => cancelled(),
        () = tokio::time::sleep_until(deadline.into()) => timed_out(),
        done = attempts(tools, tool, args, &cx) => done,
    };
    drop(guard);
    outcome
}

async fn attempts(tools: &dyn Tools, tool: &str, args: &Map<String, Value>, cx: &CallContext) -> Done {
    let mut wait = BACKOFF;
    for attempt in 0.. {
        match attempt_once(tools, tool, args, cx).await {
            Ok(output) => return Done::ok(output),
            Err(error) => {
                let left = cx.deadline.saturating_duration_since(Instant::now());
                if !error.retryable || attempt >= RETRIES || left <= wait {
                    return Done::failed(StepStatus::Failed, Some(error.message));
                }
            }
        }
        tokio::time::sleep(wait).await;
        wait *= 2;
    }
    timed_out()
}

async fn attempt_once(
    tools: &dyn Tools,
    tool: &str,
    args: &Map<String, Value>,
    cx: &CallContext,
) -> Result<ToolOutput, ToolError> {
    // State of a tool that panicked is not looked at again by this call.
    AssertUnwindSafe(tools.call(tool, args.clone(), cx)).catch_unwind().await.unwrap_or_else(|_| {
        Err(ToolError::new(
            format!("'{tool}' 도구 안에서 오류가 났습니다"),
            format!("the tool '{tool}' broke down"),
        ))
    })
}

pub fn cancelled() -> Done {
    Done::failed(StepStatus::Cancelled, Some(Localized::new("실행이 중단되었습니다", "the run was stopped")))
}

pub fn timed_out() -> Done {
    Done::failed(
        StepStatus::TimedOut,
        Some(Localized::new("주어진 시간 안에 끝나지 않았습니다", "it did not finish in the time allowed")),
    )
}
