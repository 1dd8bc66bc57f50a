//! When a failed delivery is tried again, and when it is given up. Pure: attempts, failure and chance come in.
//!
//! Exponential with full jitter: a crowd of messages that failed together does not come back together. Who keeps the
//! count and the clock is the outbox.

use std::{borrow::Cow, time::Duration};

use super::DeliveryFailure;

/// Least wait after a quota answer that names none. Google asks for a minute.
pub const QUOTA_FLOOR: Duration = Duration::from_mins(1);
/// Least wait of all, so that a small chance never makes a tight loop.
const SHORTEST: Duration = Duration::from_secs(1);

/// How patient the outbox is. Data of the operator; the default suits a notice that is still worth reading tomorrow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackoffPolicy {
    /// Upper end of the first wait; it doubles with each attempt.
    pub first: Duration,
    /// Where the doubling stops.
    pub cap: Duration,
    /// After how many attempts a message is a dead letter.
    pub max_attempts: u32,
    /// Wait while the gateway is misconfigured.
    pub while_misconfigured: Duration,
}

impl Default for BackoffPolicy {
    fn default() -> Self {
        Self {
            first: Duration::from_secs(5),
            cap: Duration::from_hours(1),
            max_attempts: 15,
            while_misconfigured: Duration::from_mins(5),
        }
    }
}

/// What becomes of a message after a failed attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NextStep {
    /// Try again after this time.
    Retry {
        /// Time from now.
        after: Duration,
    },
    /// Delete the device's registration; the message has nowhere to go.
    ForgetRecipient,
    /// Keep it aside for a person to look at; no further attempt.
    DeadLetter {
        /// Why.
        code: Cow<'static, str>,
    },
    /// Raise the alarm and try again after this time, without counting the attempt: the message is not at fault.
    Hold {
        /// Time from now.
        after: Duration,
        /// What the operator must correct.
        code: Cow<'static, str>,
    },
}

impl BackoffPolicy {
    /// The next step after the attempt number `attempts` (the first is 1) ended in `failure`. `chance` is drawn from
    /// `0.0..1.0`; anything else counts as the nearer end.
    #[must_use]
    pub fn next_step(&self, attempts: u32, failure: &DeliveryFailure, chance: f64) -> NextStep {
        match failure {
            DeliveryFailure::RecipientGone { .. } => NextStep::ForgetRecipient,
            DeliveryFailure::Permanent { code } => NextStep::DeadLetter { code: code.clone() },
            DeliveryFailure::Misconfigured { code } => {
                let after = self
                    .while_misconfigured
                    .saturating_add(self.first.mul_f64(sane(chance)));
                NextStep::Hold {
                    after,
                    code: code.clone(),
                }
            }
            DeliveryFailure::Retry { code, .. } if attempts >= self.max_attempts => {
                NextStep::DeadLetter { code: code.clone() }
            }
            DeliveryFailure::Retry { after, .. } => NextStep::Retry {
                after: self.wait(attempts, *after, chance),
            },
        }
    }

    /// A random part of the ceiling of this attempt, on top of what the gateway asked for.
    fn wait(&self, attempts: u32, asked: Option<Duration>, chance: f64) -> Duration {
        let doublings = attempts.saturating_sub(1).min(31);
        let ceiling = self.first.saturating_mul(1 << doublings).min(self.cap);
        asked
            .unwrap_or_default()
            .saturating_add(ceiling.mul_f64(sane(chance)))
            .max(SHORTEST)
    }
}

fn sane(chance: f64) -> f64 {
    if chance.is_nan() { 1.0 } else { chance.clamp(0.0, 1.0) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn retry(after: Option<Duration>) -> DeliveryFailure {
        DeliveryFailure::Retry {
            after,
            code: "HTTP_503".into(),
        }
    }

    fn seconds(attempts: u32, after: Option<u64>, chance: f64) -> Option<u64> {
        let failure = retry(after.map(Duration::from_secs));
        match BackoffPolicy::default().next_step(attempts, &failure, chance) {
            NextStep::Retry { after } => Some(after.as_secs()),
            _ => None,
        }
    }

    #[test]
    fn the_wait_doubles_up_to_the_cap_and_is_spread_over_all_of_it() {
        let ceilings: Vec<_> = (1..=12).map(|attempt| seconds(attempt, None, 1.0)).collect();
        let expected = [5, 10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600, 3600].map(Some);
        assert_eq!(ceilings, expected);
        assert_eq!(seconds(5, None, 0.5), Some(40));
        assert_eq!(seconds(9, None, 0.0), Some(1), "never a tight loop");
    }

    #[test]
    fn what_the_gateway_asks_for_is_the_least() {
        assert_eq!(seconds(1, Some(120), 0.0), Some(120));
        assert_eq!(seconds(3, Some(120), 1.0), Some(140));
    }

    #[test]
    fn patience_ends_in_a_dead_letter() {
        let policy = BackoffPolicy::default();
        assert!(seconds(14, None, 0.3).is_some());
        let dead = NextStep::DeadLetter {
            code: "HTTP_503".into(),
        };
        assert_eq!(policy.next_step(15, &retry(None), 0.3), dead);
        assert_eq!(policy.next_step(u32::MAX, &retry(None), 0.3), dead);
        let refused = DeliveryFailure::Permanent {
            code: "INVALID_ARGUMENT".into(),
        };
        assert_eq!(
            policy.next_step(1, &refused, 0.3),
            NextStep::DeadLetter {
                code: "INVALID_ARGUMENT".into()
            }
        );
    }

    #[test]
    fn a_wrong_key_loses_no_message() {
        let failure = DeliveryFailure::Misconfigured {
            code: "UNAUTHENTICATED".into(),
        };
        let step = BackoffPolicy::default().next_step(10_000, &failure, 0.0);
        assert_eq!(
            step,
            NextStep::Hold {
                after: Duration::from_mins(5),
                code: "UNAUTHENTICATED".into()
            }
        );
    }

    #[test]
    fn a_device_that_is_gone_is_forgotten() {
        let failure = DeliveryFailure::RecipientGone {
            code: "UNREGISTERED".into(),
        };
        assert_eq!(
            BackoffPolicy::default().next_step(1, &failure, 0.9),
            NextStep::ForgetRecipient
        );
    }

    #[test]
    fn odd_chances_and_counts_do_no_harm() {
        for chance in [f64::NAN, f64::INFINITY, -1.0, 2.0] {
            for attempts in [0, 1, 14] {
                let wait = seconds(attempts, Some(60), chance);
                assert!(
                    wait.is_some_and(|wait| (60..=3_660).contains(&wait)),
                    "{chance} {attempts}"
                );
            }
        }
    }
}
