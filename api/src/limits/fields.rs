//! The header fields `RateLimit` and `RateLimit-Policy` (IETF draft "`RateLimit` header fields for HTTP"): lists of structured fields.

use std::fmt::Write;

use super::{Standing, Verdict, table::whole_seconds};

impl Verdict {
    /// The budgets that hold, such as `"reading-address";q=6000;w=60`; none when nothing is counted.
    #[must_use]
    pub fn policy_field(&self) -> Option<String> {
        self.field(|text, standing| {
            let (quota, window) = (standing.quota.most, standing.quota.window.as_secs());
            write!(text, "\"{}\";q={quota};w={window}", standing.name)
        })
    }

    /// What is left of each, and the seconds until it is full again, such as `"reading-address";r=5999;t=1`.
    #[must_use]
    pub fn limit_field(&self) -> Option<String> {
        self.field(|text, standing| {
            let (left, full_in) = (standing.taken.left, whole_seconds(standing.taken.full_in));
            write!(text, "\"{}\";r={left};t={full_in}", standing.name)
        })
    }

    fn field(&self, one: impl Fn(&mut String, &Standing) -> std::fmt::Result) -> Option<String> {
        let mut text = String::with_capacity(80);
        for standing in self.standings.iter().flatten() {
            if !text.is_empty() {
                text.push_str(", ");
            }
            one(&mut text, standing).ok()?;
        }
        (!text.is_empty()).then_some(text)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::limits::table::{Quota, Taken};

    #[test]
    fn the_fields_are_lists_of_strings_with_parameters() {
        let standing = |name, most| {
            Some(Standing {
                name,
                quota: Quota {
                    most,
                    window: Duration::from_mins(1),
                },
                taken: Taken {
                    left: most - 1,
                    full_in: Duration::from_millis(1_100),
                    wait: None,
                },
            })
        };
        let verdict = Verdict {
            standings: [standing("reading-address", 6000), standing("reading-account", 600)],
        };
        assert_eq!(
            verdict.policy_field().as_deref(),
            Some("\"reading-address\";q=6000;w=60, \"reading-account\";q=600;w=60")
        );
        assert_eq!(
            verdict.limit_field().as_deref(),
            Some("\"reading-address\";r=5999;t=2, \"reading-account\";r=599;t=2")
        );
        assert_eq!(Verdict::default().limit_field(), None);
    }
}
