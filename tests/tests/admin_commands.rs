//! `shoufa admin …` as an operator types it: tables are tried before they are taken, passwords lie in a file of one's own.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test says what went wrong by failing"
)]

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::Path,
    process::{Output, Stdio},
};

use system_tests::{process::program, schema::Schema};

/// Runs `shoufa` on this data folder and database.
fn shoufa(data: &Path, database: Option<&str>, arguments: &[&str]) -> Output {
    let mut command = program().unwrap();
    command.env_remove("DATABASE_URL").env("SHOUFA_DATA", data);
    if let Some(url) = database {
        command.env("DATABASE_URL", url);
    }
    command.args(arguments).stdin(Stdio::null()).output().unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

fn on_both(promise: impl Fn(&Path, Option<&str>)) {
    promise(tempfile::tempdir().unwrap().path(), None);
    let schema = Schema::make();
    promise(tempfile::tempdir().unwrap().path(), Some(schema.url()));
}

#[test]
fn people_are_tried_imported_and_their_passwords_lie_in_a_file_of_the_operator_alone() {
    on_both(|folder, database| {
        let table = folder.join("people.csv");
        fs::copy(
            concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/examples/people.csv"),
            &table,
        )
        .unwrap();
        let passwords = folder.join("people.passwords.csv");
        let file = table.display().to_string();
        let data = folder.join("data");
        let tried = shoufa(&data, database, &["admin", "import", "--file", &file, "--dry-run"]);
        assert!(
            tried.status.success() && said(&tried).contains("4 people with 5 roles"),
            "{}",
            said(&tried)
        );
        assert!(!passwords.exists());
        let imported = shoufa(&data, database, &["admin", "import", "--file", &file]);
        assert!(imported.status.success(), "{}", said(&imported));
        let text = fs::read_to_string(&passwords).unwrap();
        assert_eq!(text.lines().count(), 5, "{text}");
        assert!(!said(&imported).contains(text.lines().last().unwrap().rsplit(',').next().unwrap()));
        assert_eq!(fs::metadata(&passwords).unwrap().permissions().mode() & 0o777, 0o600);
        let again = shoufa(&data, database, &["admin", "import", "--file", &file]);
        assert!(
            !again.status.success() && said(&again).contains("line 2: username"),
            "{}",
            said(&again)
        );
        // Passwords that nobody handed out yet are not written over, and nobody is imported without them.
        fs::write(&table, "username,display_name,unit\nli.na,李娜,3713.hotline\n").unwrap();
        let kept = shoufa(&data, database, &["admin", "import", "--file", &file]);
        assert!(!kept.status.success(), "{}", said(&kept));
        assert_eq!(fs::read_to_string(&passwords).unwrap(), text);
        fs::remove_file(&passwords).unwrap();
        let imported = shoufa(&data, database, &["admin", "import", "--file", &file]);
        assert!(imported.status.success(), "{}", said(&imported));
    });
}

#[test]
fn units_are_taken_from_a_table_through_the_checks_of_the_whole_city() {
    on_both(|folder, database| {
        let table = folder.join("units.csv");
        fs::copy(
            concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/examples/units.csv"),
            &table,
        )
        .unwrap();
        let (file, data) = (table.display().to_string(), folder.join("data"));
        let tried = shoufa(&data, database, &["data", "import", &file, "--dry-run"]);
        assert!(
            said(&tried).contains("2 added, 0 removed, 0 changed"),
            "{}",
            said(&tried)
        );
        let imported = shoufa(&data, database, &["data", "import", &file]);
        assert!(imported.status.success(), "{}", said(&imported));
        let same = shoufa(&data, database, &["data", "import", &file]);
        assert!(said(&same).contains("nothing to import"), "{}", said(&same));
        let orphan =
            "code,name,short_name,level,parent,region\n3713.tram,有轨电车公司,电车,enterprise,3713.none,3713\n";
        fs::write(&table, orphan).unwrap();
        let refused = shoufa(&data, database, &["data", "import", &file]);
        assert!(
            !refused.status.success() && said(&refused).contains("3713.none"),
            "{}",
            said(&refused)
        );
        fs::write(
            &table,
            "code,name,short_name,level,region\n3713.tram,电车,电车,tram,3713\n",
        )
        .unwrap();
        let refused = shoufa(&data, database, &["data", "import", &file]);
        assert!(
            said(&refused).contains("units.csv: line 2: level"),
            "{}",
            said(&refused)
        );
    });
}

#[test]
fn an_administrator_for_an_emergency_is_made_with_a_reason_and_ends() {
    on_both(|folder, database| {
        let name = ["admin", "break-glass", "--username", "yingji"];
        let without = shoufa(folder, database, &name);
        assert!(!without.status.success());
        let reason = [&name[..], &["--reason", "安全管理员联系不上"]].concat();
        let long = shoufa(folder, database, &[&reason[..], &["--hours", "25"]].concat());
        assert!(!long.status.success());
        let made = shoufa(folder, database, &reason);
        assert!(
            made.status.success() && said(&made).contains("can sign in until"),
            "{}",
            said(&made)
        );
        let again = shoufa(folder, database, &reason);
        assert!(!again.status.success(), "{}", said(&again));
    });
}

#[test]
fn only_the_three_administrators_are_made_by_command() {
    on_both(|folder, database| {
        for role in ["security_admin", "system_admin", "audit_admin"] {
            let name = role.replace('_', ".");
            let arguments = ["admin", "create", "--username", &name, "--role", role];
            // Without a terminal the password is a line of the input, which has none here.
            let refused = shoufa(folder, database, &arguments);
            assert!(said(&refused).contains("password"), "{}", said(&refused));
        }
        let clerk = shoufa(
            folder,
            database,
            &["admin", "create", "--username", "clerk", "--role", "clerk"],
        );
        assert!(
            said(&clerk).contains("security_admin, system_admin or audit_admin"),
            "{}",
            said(&clerk)
        );
    });
}
