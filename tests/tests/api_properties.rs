//! Whatever the document allows, and much that it does not, is asked for by everybody: no answer is the server's failure and
//! none is of another shape than documented. Schemathesis makes up the requests; `./dev test` installs it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on fails, and says where"
)]

mod town;

use std::{
    env,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::{Value, json};
use shared::domain::role::Role;
use system_tests::server::{TestServer, on_both_with};
use town::{HOTLINE, Town, UNIT};

/// Requests made up for each operation as each of sixteen actors on one database: more than fifty.
const EXAMPLES: &str = "4";
/// Of the first run; each has its own. Chosen once: what failed yesterday fails today.
const SEED: usize = 12_345;
/// They end the session that all other requests need, so they are asked for last.
const ENDING_SESSIONS: [&str; 3] = ["sign_out", "sign_out_everywhere", "sign_out_one"];
/// Answers for as long as the session lasts.
const ENDLESS: &str = "follow_events";

#[test]
fn everybody_is_answered_as_documented_whatever_is_asked() {
    on_both_with(
        |config| config.limits.enabled = false,
        async |server: TestServer| {
            let town = Town::found(&server).await;
            let folder = tempfile::tempdir().unwrap();
            let tester = Tester {
                address: server.base.clone(),
                known: folder.path().join("known.json"),
                folder: folder.path().to_owned(),
            };
            std::fs::write(&tester.known, things(&town).await.to_string()).unwrap();
            let everybody = everybody(&town).await;
            let wrong = tokio::task::spawn_blocking(move || {
                let runs = everybody.iter().zip(SEED..).flat_map(|((who, bearer), seed)| {
                    ["--exclude-operation-id", "--include-operation-id"]
                        .map(|filter| tester.wrong(who, bearer.as_deref(), filter, seed))
                });
                runs.flatten().collect::<Vec<_>>()
            });
            let wrong = wrong.await.unwrap();
            assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
        },
    );
}

/// Everybody with a session, and a visitor. Administrators come last: they may lock others out.
async fn everybody(town: &Town) -> Vec<(&'static str, Option<String>)> {
    let server = &town.server;
    let mut all = vec![("a visitor", None)];
    for (who, actor) in [
        ("a resident", &town.resident),
        ("a clerk", &town.clerk),
        ("a dispatcher", &town.dispatcher),
        ("a reviewer", &town.reviewer),
        ("a follow-up clerk", &town.follow_up),
        ("a supervisor", &town.supervisor),
        ("a government inspector", &town.inspector),
        ("a moderator", &town.moderator),
        ("a unit's liaison", &town.liaison),
        ("a unit's handler", &town.handler),
        ("a unit's leader", &town.leader),
        (
            "a system administrator",
            &server.staff(Role::SystemAdmin, HOTLINE).await,
        ),
        ("an audit administrator", &server.staff(Role::AuditAdmin, HOTLINE).await),
        (
            "a security administrator",
            &server.staff(Role::SecurityAdmin, HOTLINE).await,
        ),
    ] {
        all.push((who, Some(actor.bearer().to_owned())));
    }
    all
}

/// Things that exist, by the name of a parameter or field or by a part of the path: made-up names would find nothing.
async fn things(town: &Town) -> Value {
    let mut receipts = Vec::new();
    for visibility in ["public", "private", "confidential"] {
        receipts.push(town.submitted(visibility).await);
        receipts.push(town.accepted(visibility).await);
    }
    let to_sign = town.accepted("public").await;
    let waiting = town.dispatch(&to_sign).await;
    let handled = town.accepted("public").await;
    let working = town.dispatch(&handled).await;
    town.sign_for(&working).await;
    let answered = town.answered("public").await;
    receipts.extend([to_sign, handled, answered]);
    let refused = town.submitted("public").await;
    let refusal = json!({ "reason": "不属于受理范围", "lawful_path": "向法院反映" });
    let path = format!("/api/v1/staff/cases/{refused}/refuse");
    town.clerk.post(&path, &refusal).await.expect(200);
    receipts.push(refused);
    let longer = json!({ "working_days": 2, "reason": "灯具要从外地调运。" });
    for (act, asked) in [("extension", longer), ("commitment", town.promise())] {
        let path = format!("/api/v1/staff/orders/{working}/{act}");
        town.leader.post(&path, &asked).await.expect(200);
    }
    json!({
        "receipt_no": receipts,
        "primary": receipts,
        "receiver": ["市供水集团热线"],
        "acknowledgement": ["值班员接收"],
        "working_days": [2],
        "promised_day": [town.promise()["promised_day"]],
        "milestones": [town.promise()["milestones"]],
        "county": ["371323"],
        "category": ["facilities.street_light"],
        "lead": [UNIT],
        "unit": [UNIT],
        "article": ["fund-withdrawal"],
        "handler": [town.handler.id()],
        "up_to": ["999999999999999999"],
        "text": ["健康路东段的路灯有五盏不亮，已经一个星期了。"],
        "question": ["在哪条路上？"],
        "reason": ["路灯归住建部门管。"],
        "latitude": [35.79],
        "longitude": [118.63],
        "phone": ["13853900029"],
        "queue": ["acceptance", "dispatch", "signing", "handling", "mine", "extensions", "commitments", "review"],
        "purpose": ["push", "publication"],
        "/staff/orders/": [waiting, working],
        "/staff/accounts/": [town.other_dispatcher.id()],
        "/units/": [HOTLINE, UNIT],
        "/knowledge/": ["fund-withdrawal"],
    })
}

/// How requests are made up and sent.
struct Tester {
    address: String,
    known: PathBuf,
    folder: PathBuf,
}

impl Tester {
    /// What was answered otherwise than documented, in the tester's words.
    fn wrong(&self, who: &str, bearer: Option<&str>, filter: &str, seed: usize) -> Option<String> {
        let program =
            env::var("API_TESTER").expect("API_TESTER names the program Schemathesis; `./dev test` installs it");
        let hooks = Path::new(env!("CARGO_MANIFEST_DIR")).join("api-properties");
        let mut command = Command::new(program);
        command
            .current_dir(&self.folder)
            .env("PYTHONPATH", hooks)
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .env("SCHEMATHESIS_HOOKS", "hooks")
            .env("KNOWN_THINGS", &self.known)
            .args(["run", &format!("{}/api/v1/openapi.json", self.address), "--no-color"])
            .args([
                "--phases",
                "fuzzing",
                "--max-examples",
                EXAMPLES,
                "--seed",
                &seed.to_string(),
            ])
            .args([
                "--generation-database",
                "none",
                "--warnings",
                "off",
                "--continue-on-failure",
            ])
            .args(["--suppress-health-check", "all", "--checks"])
            .arg("not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance");
        for operation in ENDING_SESSIONS {
            command.args([filter, operation]);
        }
        if filter == "--exclude-operation-id" {
            command.args([filter, ENDLESS]);
        }
        if let Some(bearer) = bearer {
            command.args(["--header", &format!("Authorization: Bearer {bearer}")]);
        }
        let output = command.output().expect("the API tester starts");
        (!output.status.success()).then(|| format!("as {who}:\n{}", String::from_utf8_lossy(&output.stdout)))
    }
}
