//! How often somebody may ask: by address and by account, for each kind of operation. In memory, bounded, for this process alone.
//!
//! What must hold across processes and restarts, such as codes for one number and wrong passwords, is counted in the database.

mod class;
mod fields;
pub mod guard;
pub mod live_desks;
mod table;

use std::{
    hash::{BuildHasher, RandomState},
    net::IpAddr,
    time::{Duration, Instant},
};

pub use self::class::Class;
use self::table::{Quota, Taken, TokenTable};
use crate::config::{ClassLimit, LimitsConfig};

/// Counts who asks for what.
pub struct RateLimits {
    enabled: bool,
    started: Instant,
    hasher: RandomState,
    table: TokenTable,
    limits: [ClassLimit; Class::ALL.len()],
}

/// Whom a budget belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Budget {
    /// Everybody at one IPv4 address, or in one IPv6 /64.
    Network(Network),
    /// One account.
    Account(i64),
}

/// What attempts are counted by: an IPv6 subscriber has a whole /64.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Network {
    V4(u32),
    V6(u64),
}

impl Network {
    fn of(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V4(address) => Self::V4(address.to_bits()),
            IpAddr::V6(address) => {
                let [a, b, c, d, ..] = address.segments();
                Self::V6(
                    [a, b, c, d]
                        .into_iter()
                        .fold(0, |bits, part| bits << 16 | u64::from(part)),
                )
            }
        }
    }
}

/// How one budget stands after a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Standing {
    name: &'static str,
    quota: Quota,
    taken: Taken,
}

/// What the budgets say about a request: what is left of each.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Verdict {
    standings: [Option<Standing>; 2],
}

impl Verdict {
    /// After how many seconds to come back; none when the request may go on.
    #[must_use]
    pub fn wait_seconds(&self) -> Option<u32> {
        let waits = self
            .standings
            .iter()
            .flatten()
            .filter_map(|standing| standing.taken.wait);
        waits.max().map(table::whole_seconds)
    }
}

impl RateLimits {
    /// An empty table of the configured size.
    #[must_use]
    pub fn new(config: &LimitsConfig) -> Self {
        Self {
            enabled: config.enabled,
            started: Instant::now(),
            hasher: RandomState::new(),
            table: TokenTable::with_places(if config.enabled { config.places } else { 0 }),
            limits: Class::ALL.map(|class| config.of(class)),
        }
    }

    /// Takes one request of this class from the budgets of who asks. A class without a budget costs nothing.
    #[must_use]
    pub fn take(&self, class: Class, address: Option<IpAddr>, account: Option<i64>) -> Verdict {
        if !self.enabled {
            return Verdict::default();
        }
        let limit = self.limits[class as usize];
        let (by_address, by_account) = class.names();
        let network = address.map(|address| Budget::Network(Network::of(address)));
        let first = self.take_one(by_address, limit.quota(limit.address), network, class);
        let refused = first.is_some_and(|standing| standing.taken.wait.is_some());
        let account = account.filter(|_| !refused).map(Budget::Account);
        Verdict {
            standings: [
                first,
                self.take_one(by_account, limit.quota(limit.account), account, class),
            ],
        }
    }

    fn take_one(&self, name: &'static str, quota: Option<Quota>, of: Option<Budget>, class: Class) -> Option<Standing> {
        let (quota, of) = (quota?, of?);
        let key = self.hasher.hash_one((class, of));
        let taken = self.table.take(key, quota, self.started.elapsed());
        Some(Standing { name, quota, taken })
    }
}

impl ClassLimit {
    fn quota(self, most: u32) -> Option<Quota> {
        (most > 0).then_some(Quota {
            most,
            window: Duration::from_secs(u64::from(self.seconds)),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limits(address: u32, account: u32) -> RateLimits {
        RateLimits::new(&LimitsConfig {
            writing: ClassLimit {
                address,
                account,
                seconds: 60,
            },
            ..LimitsConfig::default()
        })
    }

    fn take(limits: &RateLimits, class: Class, address: &str, account: Option<i64>) -> Verdict {
        limits.take(class, Some(address.parse().unwrap()), account)
    }

    #[test]
    fn an_account_is_limited_without_its_neighbours_at_the_same_address() {
        let limits = limits(100, 2);
        let ask = |class, account| take(&limits, class, "203.0.113.7", Some(account)).wait_seconds();
        for _ in 0..2 {
            assert_eq!(ask(Class::Writing, 1), None);
        }
        assert!(ask(Class::Writing, 1).is_some());
        assert_eq!(ask(Class::Writing, 2), None);
        assert_eq!(ask(Class::Reading, 1), None);
    }

    #[test]
    fn a_subscriber_has_one_budget_for_all_addresses_of_a_64() {
        let limits = limits(1, 1);
        let ask = |address| take(&limits, Class::Writing, address, None).wait_seconds();
        assert_eq!(ask("2001:db8:1:2::1"), None);
        assert_eq!(ask("2001:db8:1:2:ffff::9"), Some(60));
        assert_eq!(ask("2001:db8:1:3::1"), None);
        assert_eq!(
            Network::of("::ffff:192.0.2.1".parse().unwrap()),
            Network::of("192.0.2.1".parse().unwrap())
        );
    }

    #[test]
    fn nothing_is_counted_when_switched_off() {
        let off = RateLimits::new(&LimitsConfig {
            enabled: false,
            ..LimitsConfig::default()
        });
        assert_eq!(take(&off, Class::SigningIn, "192.0.2.1", None), Verdict::default());
    }
}
