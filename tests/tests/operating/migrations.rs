//! Migrations say what they will do, and a database of a newer program is refused before anything is touched.

use api::{
    config::Config,
    database::{Database, DatabaseLimits, DatabaseUrl, MigrationState, StoreError, migrate},
};
use diesel::{RunQueryDsl, sql_query};
use system_tests::{
    process::program,
    schema::Schema,
    server::{TestServer, beginning, on_both},
};

fn url_of(config: &Config) -> DatabaseUrl {
    config.database_url().unwrap()
}

#[test]
fn an_empty_database_is_told_what_it_will_get_and_looking_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("leer.db");
    let schema = Schema::make();
    for url in [format!("sqlite:{}", file.display()), schema.url().to_owned()] {
        let url: DatabaseUrl = url.parse().unwrap();
        for _ in 0..2 {
            let MigrationState::Behind(pending) = migrate::look(&url).unwrap() else {
                panic!("{url:?} has everything already");
            };
            assert!(!pending.is_empty() && pending.iter().all(|migration| !migration.purpose.is_empty()));
        }
        drop(Database::open(&url, &DatabaseLimits::default(), beginning()).unwrap());
        assert_eq!(migrate::look(&url).unwrap(), MigrationState::Current);
    }
}

#[test]
fn a_database_of_a_newer_program_is_refused_in_a_clear_sentence() {
    on_both(async |server: TestServer| {
        let url = url_of(&server.services.config);
        server
            .services
            .database
            .writer
            .write(|transaction| {
                transaction.change(|connection| {
                    sql_query("INSERT INTO __diesel_schema_migrations (version) VALUES ('20991231000000')")
                        .execute(connection)
                })
            })
            .await
            .unwrap();
        assert_eq!(
            migrate::look(&url).unwrap(),
            MigrationState::Newer(vec!["20991231000000".to_owned()])
        );
        let refused = Database::open(&url, &DatabaseLimits::default(), beginning())
            .err()
            .unwrap();
        assert!(matches!(refused, StoreError::Newer(_)));
        let text = refused.to_string();
        assert!(
            text.contains("newer version") && text.contains("20991231000000"),
            "{text}"
        );
    });
}

#[test]
fn the_command_says_what_it_would_do_and_then_does_it() {
    let folder = tempfile::tempdir().unwrap();
    let run = |argument: Option<&str>| {
        let out = program()
            .unwrap()
            .arg("migrate")
            .args(argument)
            .env_remove("DATABASE_URL")
            .env("SHOUFA_DATA", folder.path())
            .output()
            .unwrap();
        assert!(out.status.success(), "{out:?}");
        String::from_utf8(out.stdout).unwrap()
    };
    let database = folder.path().join("shoufa.db");
    let plan = run(Some("--plan"));
    assert!(
        plan.contains("would apply") && plan.contains("Nothing was changed"),
        "{plan}"
    );
    assert!(!database.exists());
    assert!(run(None).contains("up to date"));
    assert!(database.exists());
    assert_eq!(run(Some("--dry-run")), "The database is up to date.\n");
}
