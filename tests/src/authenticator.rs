//! An authenticator app as a member of staff has on the phone: it scans the URI and shows codes.

#![allow(
    clippy::unwrap_used,
    clippy::missing_panics_doc,
    reason = "a test that cannot go on fails, and says where"
)]

use api::clock::Clock;
use serde_json::{Value, json};
use totp_rs::Totp;

use crate::server::TestActor;

/// Seconds of a step.
pub const STEP: i64 = 30;

/// The app with one entry.
pub struct Authenticator {
    totp: Totp,
}

impl Authenticator {
    /// Scans `otpauth://…`.
    #[must_use]
    pub fn scan(uri: &str) -> Self {
        Self {
            totp: Totp::from_url(uri).unwrap(),
        }
    }

    /// The code at the server's present moment, `steps` later.
    #[must_use]
    pub fn code(&self, actor: &TestActor, steps: i64) -> String {
        let seconds = actor.server.clock.now().0 / 1_000_000 + steps * STEP;
        self.totp.generate(u64::try_from(seconds).unwrap()).to_string()
    }

    /// Enrols the actor over HTTP; answers the app and the recovery codes.
    pub async fn enrol(actor: &TestActor, password: &str) -> (Self, Vec<String>) {
        let path = "/api/v1/staff/me/second-factor";
        let begun = actor
            .post(&format!("{path}/enrolments"), &json!({ "current_password": password }))
            .await
            .expect(201)
            .value();
        let app = Self::scan(begun["uri"].as_str().unwrap());
        let confirm = json!({ "enrolment": begun["enrolment"], "code": app.code(actor, 0) });
        let confirmed: Value = actor.put(path, &confirm).await.expect(200).value();
        let codes = confirmed["codes"].as_array().unwrap();
        let codes = codes.iter().map(|code| code.as_str().unwrap().to_owned()).collect();
        (app, codes)
    }
}
