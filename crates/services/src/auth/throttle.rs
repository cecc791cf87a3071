//! Failed sign-ins slow down whoever makes them, never the owner of the account.
//!
//! Three counts: by account and address (5), by address (30), by account from anywhere (20; it does not hold for an
//! address from which the account was signed in before). An attempt is counted before the password is looked at, so
//! that many at once do not slip through; success takes it back. Unknown accounts are counted like known ones.

use std::net::IpAddr;

use chrono::{DateTime, Duration, Utc};
use model::{ApiError, ErrorCode};
use sha2::{Digest, Sha256};

use super::store;
use crate::{db::SystemTx, error::Result};

/// A count without a failure for this long begins anew.
const FORGET_AFTER: Duration = Duration::hours(1);

/// The counts an attempt belongs to.
pub(super) struct Attempt {
    pair: Count,
    address: Count,
    account: Count,
}

struct Count {
    key: Vec<u8>,
    limit: i32,
}

impl Attempt {
    pub fn new(login: &str, address: IpAddr) -> Self {
        let (login, net) = (login.to_lowercase(), network(address));
        let count = |text: String, limit| Count { key: Sha256::digest(text.as_bytes()).to_vec(), limit };
        Self {
            pair: count(format!("pair\0{login}\0{net}"), 5),
            address: count(format!("address\0{net}"), 30),
            account: count(format!("account\0{login}"), 20),
        }
    }

    /// Counts the attempt, or refuses it and says when to come back. `known` tells that the account was signed in from
    /// this address before.
    pub async fn begin(&self, tx: &mut SystemTx<'_>, known: bool, now: DateTime<Utc>) -> Result<()> {
        let held = [Some(&self.pair), Some(&self.address), (!known).then_some(&self.account)];
        for count in held.into_iter().flatten() {
            if let Some(wait) = store::blocked_until(tx, &count.key).await?.and_then(|until| left(until, now))
            {
                return Err(refused(wait));
            }
        }
        for count in [&self.pair, &self.address, &self.account] {
            let failures = store::count_failure(tx, &count.key, now, now - FORGET_AFTER).await?;
            if failures >= count.limit {
                store::block(tx, &count.key, now + pause(failures - count.limit)).await?;
            }
        }
        Ok(())
    }

    /// Takes the attempt back: it was the owner.
    pub async fn succeeded(&self, tx: &mut SystemTx<'_>) -> Result<()> {
        store::forget_failures(tx, &self.pair.key).await?;
        store::forget_failures(tx, &self.account.key).await?;
        store::take_back_failure(tx, &self.address.key, self.address.limit).await
    }
}

/// How long a block still holds. One that would hold longer than any does was made before a clock was set back.
fn left(until: DateTime<Utc>, now: DateTime<Utc>) -> Option<Duration> {
    let left = until - now;
    (left > Duration::zero() && left <= pause(i32::MAX)).then_some(left)
}

/// 1, 2, 4, 8, then 15 minutes.
fn pause(beyond: i32) -> Duration {
    Duration::minutes(match beyond {
        ..=0 => 1,
        1 => 2,
        2 => 4,
        3 => 8,
        _ => 15,
    })
}

/// What counts as one address: an IPv4 address, or the /64 network of an IPv6 one.
pub(super) fn network(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(v4) => v4.to_string(),
        IpAddr::V6(v6) => {
            let s = v6.segments();
            format!("{:x}:{:x}:{:x}:{:x}::/64", s[0], s[1], s[2], s[3])
        }
    }
}

fn refused(wait: Duration) -> crate::Error {
    let minutes = (wait.num_seconds() + 59) / 60;
    let mut error = ApiError::new(
        ErrorCode::TooMany,
        format!("로그인 실패가 많아 잠시 막았습니다. {minutes}분 후에 다시 시도하세요"),
        format!("too many failed sign-ins; try again in {minutes} min"),
    );
    error.retry_after_ms = u64::try_from(wait.num_milliseconds()).ok();
    error.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ipv6_network_counts_as_one_address_and_a_mapped_one_as_ipv4() {
        let net = |text: &str| network(text.parse().unwrap());
        assert_eq!(net("2001:db8:1:2:aaaa::1"), net("2001:db8:1:2:bbbb::2"));
        assert_ne!(net("2001:db8:1:2::1"), net("2001:db8:1:3::1"));
        assert_eq!(net("::ffff:10.0.0.1"), "10.0.0.1");
    }

    #[test]
    fn a_block_ends_in_time_also_when_the_clock_is_set_back() {
        let now = Utc::now();
        let after = |minutes| left(now + Duration::minutes(minutes), now).map(|left| left.num_minutes());
        assert_eq!(
            [after(-1), after(0), after(1), after(15), after(16), after(300)],
            [None, None, Some(1), Some(15), None, None]
        );
    }

    #[test]
    fn the_pause_grows_and_never_passes_a_quarter_of_an_hour() {
        let minutes: Vec<i64> = (0..7).map(|n| pause(n).num_minutes()).collect();
        assert_eq!(minutes, [1, 2, 4, 8, 15, 15, 15]);
    }
}
