//! When to try again.

use std::time::Duration;

use api::delivery::backoff::{BackoffPolicy, NextStep};
use system_tests::fake_fcm::Answer;

use crate::clients::outcome;

#[tokio::test]
async fn a_busy_service_is_left_alone_for_the_time_it_asked() {
    let policy = BackoffPolicy::default();
    for (answer, least) in [
        (Answer::Quota, 60),
        (Answer::QuotaSeconds(600), 600),
        (Answer::Unavailable(None), 1),
    ] {
        let failure = outcome(answer.clone()).await.unwrap_err();
        for chance in [0.0, 0.5, 0.999] {
            match policy.next_step(1, &failure, chance) {
                NextStep::Retry { after } => assert!(after >= Duration::from_secs(least), "{answer:?} {after:?}"),
                other => panic!("{other:?}"),
            }
        }
    }
}
