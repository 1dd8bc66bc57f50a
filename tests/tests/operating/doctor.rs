//! The examination finds what an operator breaks, says what to do, and changes nothing.

use std::{fs::Permissions, os::unix::fs::PermissionsExt, sync::Arc, time::UNIX_EPOCH};

use api::{
    clock::{Clock, HandClock, SystemClock},
    config::Config,
    doctor::{Finding, Level, examine, gravest},
};
use diesel::{RunQueryDsl, sql_query};
use serde_json::Value;
use shared::{contract::secret::Secret, domain::time::Timestamp};
use system_tests::{
    fake_fcm::FakeFcm,
    process::program,
    server::{TestServer, on_both_with, on_sqlite_with},
};

#[track_caller]
fn level_of(findings: &[Finding], subject: &str) -> Level {
    let of_subject: Vec<_> = findings.iter().filter(|finding| finding.subject == subject).collect();
    assert!(!of_subject.is_empty(), "nothing about {subject}: {findings:?}");
    of_subject.iter().map(|finding| finding.level).max().unwrap()
}

/// A server whose operator did everything: a text gateway, a push key, a fresh backup.
fn well_kept(config: &mut Config) {
    config.sms.url = Some("https://sms.example/messages".to_owned());
    config.sms.token = Some(Secret::new("geheim"));
    let stamp = std::fs::File::create(config.data.join("last-backup")).unwrap();
    let night = u64::try_from(system_tests::server::beginning().0).unwrap() - 8 * 3_600_000_000;
    stamp
        .set_modified(UNIX_EPOCH + std::time::Duration::from_micros(night))
        .unwrap();
}

async fn examined(server: &TestServer) -> Vec<Finding> {
    examine(&server.services.config, None, server.clock.as_ref(), false).await
}

#[test]
fn each_finding_that_is_not_well_says_what_to_do() {
    on_both_with(well_kept, async |server: TestServer| {
        server.citizen("13800000001").await;
        let findings = examined(&server).await;
        for finding in &findings {
            assert_eq!(finding.level == Level::Ok, finding.advice.is_none(), "{finding:?}");
        }
        for well in [
            "settings", "storage", "database", "keys", "city", "push", "sms", "outbox", "sweep", "backup",
        ] {
            assert_eq!(level_of(&findings, well), Level::Ok, "{findings:?}");
        }
        // It is 23 November 2026, and the holidays of 2027 are not known yet.
        assert_eq!(level_of(&findings, "calendar"), Level::Warning);
        let told = format!("{findings:?}");
        assert!(
            told.contains("2027.json") && !told.contains("geheim") && !told.contains("1380000"),
            "{told}"
        );
    });
}

#[test]
fn a_clock_that_was_set_back_is_found_by_the_newest_row() {
    on_both_with(well_kept, async |server: TestServer| {
        server.citizen("13800000001").await;
        let back = HandClock::at(server.services.now().plus_minutes(-10));
        let findings = examine(&server.services.config, None, &back, false).await;
        assert_eq!(level_of(&findings, "clock"), Level::Problem, "{findings:?}");
    });
}

#[test]
fn a_clock_away_from_the_databases_is_found() {
    on_both_with(well_kept, async |server: TestServer| {
        let config = &server.services.config;
        let ahead = HandClock::at(Timestamp(SystemClock.now().0 + 300_000_000));
        let wrong = examine(config, None, &ahead, false).await;
        // The embedded database has no clock of its own.
        if config.database.url.is_some() {
            assert_eq!(level_of(&wrong, "clock"), Level::Problem, "{wrong:?}");
        }
    });
}

#[test]
fn lost_or_foreign_keys_are_found_before_anything_is_written_with_new_ones() {
    on_sqlite_with(well_kept, async |server: TestServer| {
        server.citizen("13800000001").await;
        let keys = server.services.config.data.join("keys.json");
        std::fs::set_permissions(&keys, Permissions::from_mode(0o644)).unwrap();
        assert_eq!(level_of(&examined(&server).await, "keys"), Level::Warning);
        let kept = std::fs::read(&keys).unwrap();
        std::fs::remove_file(&keys).unwrap();
        assert_eq!(level_of(&examined(&server).await, "keys"), Level::Problem);
        assert!(!keys.exists(), "looking makes no keys");
        let elsewhere = tempfile::tempdir().unwrap();
        api::access::secrets::Secrets::open(elsewhere.path()).unwrap();
        std::fs::copy(elsewhere.path().join("keys.json"), &keys).unwrap();
        let findings = examined(&server).await;
        assert_eq!(level_of(&findings, "keys"), Level::Problem, "{findings:?}");
        std::fs::write(&keys, kept).unwrap();
    });
}

#[test]
fn an_old_backup_dead_letters_and_overdue_work_are_found() {
    on_both_with(well_kept, async |server: TestServer| {
        let resident = server.citizen("13800000001").await;
        let case = serde_json::json!({ "text": "村东头路灯不亮" });
        resident.post_once("/api/v1/cases", "einmal-1", &case).await.expect(201);
        server.clock.advance_minutes(3 * 24 * 60);
        let services = Arc::clone(&server.services);
        services
            .database
            .writer
            .write(|transaction| {
                transaction.change(|connection| {
                    sql_query("UPDATE outbox SET next_at = NULL WHERE id = (SELECT min(id) FROM outbox)")
                        .execute(connection)
                })
            })
            .await
            .unwrap();
        let findings = examined(&server).await;
        for late in ["backup", "outbox", "sweep"] {
            assert_eq!(level_of(&findings, late), Level::Warning, "{findings:?}");
        }
        let told = format!("{findings:?}");
        assert!(told.contains("shoufa outbox list"), "{told}");
        assert!(gravest(&findings) >= Level::Warning);
    });
}

#[test]
fn a_push_key_is_read_and_asked_about_when_online() {
    let fake = FakeFcm::start().unwrap();
    let set = |config: &mut Config| {
        let key = config.data.join("push-key.json");
        std::fs::write(&key, fake.service_account_json()).unwrap();
        std::fs::set_permissions(&key, Permissions::from_mode(0o600)).unwrap();
        config.push.fcm_service_account = Some(key);
        config.push.fcm_base = Some(fake.base());
    };
    on_sqlite_with(set, async |server: TestServer| {
        let mut config = server.services.config.clone();
        let findings = examine(&config, None, &SystemClock, true).await;
        assert_eq!(level_of(&findings, "push"), Level::Ok, "{findings:?}");
        std::fs::write(config.data.join("broken.json"), "{\"private_key\": \"geheim\"}").unwrap();
        config.push.fcm_service_account = Some(config.data.join("broken.json"));
        let findings = examine(&config, None, &SystemClock, false).await;
        assert_eq!(level_of(&findings, "push"), Level::Problem);
        assert!(!format!("{findings:?}").contains("geheim"));
    });
}

#[test]
fn the_command_ends_with_the_gravest_finding() {
    let folder = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str], variables: &[(&str, &str)]| {
        let out = program()
            .unwrap()
            .arg("doctor")
            .args(arguments)
            .env_remove("DATABASE_URL")
            .env("SHOUFA_DATA", folder.path())
            .envs(variables.iter().copied())
            .output()
            .unwrap();
        (out.status.code().unwrap(), String::from_utf8(out.stdout).unwrap())
    };
    let (code, told) = run(&[], &[]);
    assert_eq!(code, 1, "{told}");
    assert!(told.contains("warning  sms") && told.contains("-> "), "{told}");
    let unreachable = [("DATABASE_URL", "postgres://shoufa:geheim@127.0.0.1:1/shoufa")];
    let (code, told) = run(&["--json"], &unreachable);
    assert_eq!(code, 2, "{told}");
    assert!(!told.contains("geheim"), "{told}");
    let findings: Vec<Value> = serde_json::from_str(&told).unwrap();
    assert!(
        findings
            .iter()
            .any(|finding| finding["subject"] == "database" && finding["level"] == "problem")
    );
    let (code, told) = run(&[], &[("SHOUFA_LISTN", "x")]);
    assert_eq!(code, 2, "{told}");
    assert!(told.contains("did you mean SHOUFA_LISTEN"), "{told}");
    assert!(!folder.path().join("shoufa.db").exists() && !folder.path().join("keys.json").exists());
}
