//! Keys and database belong together: with the keys gone, or another installation's, the server does not start, says what to
//! do, and has changed nothing.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on fails, and says where"
)]

use std::{fs, sync::Arc};

use api::{access::secrets::KEY_FILE, services::Services};
use serde_json::json;
use system_tests::server::{TestServer, on_both};

/// Starts once more on the same folder and database; answers what the operator reads.
async fn start_again(server: &TestServer) -> Result<Services, String> {
    let clock = Arc::clone(&server.clock) as _;
    let started = Services::start(server.services.config.clone(), clock).await;
    started.map_err(|error| error.to_string())
}

#[test]
fn a_database_is_served_with_its_own_keys_and_with_no_others() {
    on_both(async |server: TestServer| {
        let phone = "13853900031";
        server.citizen(phone).await;
        let file = server.services.config.data.join(KEY_FILE);
        let kept = fs::read(&file).unwrap();
        drop(start_again(&server).await.expect("the same keys"));

        fs::remove_file(&file).unwrap();
        let told = start_again(&server).await.err().expect("the keys are gone");
        for part in [
            "keys.json",
            "missing",
            "Restore the file from the backup",
            "nothing was changed",
        ] {
            assert!(told.contains(part), "{told}");
        }
        assert!(!file.exists(), "no new keys are made for an old database");

        let other = tempfile::tempdir().unwrap();
        api::access::secrets::Secrets::open(other.path()).unwrap();
        fs::copy(other.path().join(KEY_FILE), &file).unwrap();
        let told = start_again(&server).await.err().expect("the keys are another's");
        assert!(told.contains("does not belong to this database"), "{told}");

        fs::write(&file, kept).unwrap();
        drop(start_again(&server).await.expect("the right keys are back"));
        let code = json!({ "phone": phone });
        server.clock.advance_minutes(2);
        let asked = server.anonymous().post("/api/v1/accounts/codes", &code).await;
        asked.expect(202);
    });
}
