//! Holds the rooms of the code apart: who may import whom is the table in `rooms`, and docs/architecture.md says why.
//! What a line names is read by `paths`; this file walks the folders, compares, and reads the dependency trees.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test says what went wrong by failing"
)]

mod paths;
mod rooms;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use paths::{Place, named_paths};
use rooms::{ROOMS, Room, room_of};

/// The repository's root.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("the crate lies in the repository")
        .to_path_buf()
}

/// Each Rust file under `folder`, as a path from the repository's root with `/` between its parts.
fn rust_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
        let path = entry.expect("a readable folder").path();
        if path.is_dir() {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// What is wrong in one file: `file:line: what it names; the rule`.
fn violations(file: &str, text: &str) -> Vec<String> {
    let Some(room) = room_of(file) else { return Vec::new() };
    named_paths(&Place::of_file(file), text)
        .into_iter()
        .filter_map(|named| {
            let rule = room.broken_by(file, &named.segments)?;
            Some(format!(
                "{file}:{}: {} names `{}`: {rule}",
                named.line,
                room.name,
                named.segments.join("::")
            ))
        })
        .collect()
}

#[test]
fn no_room_imports_what_it_must_not_know() {
    let root = root();
    let mut files = Vec::new();
    for source in ["api/src", "shared/src", "mobile-bridge/src"] {
        rust_files(&root.join(source), &mut files);
    }
    files.sort();
    let mut seen: Vec<&str> = Vec::new();
    let mut wrong = Vec::new();
    for path in &files {
        let file = path
            .strip_prefix(&root)
            .expect("a file of the repository")
            .to_string_lossy()
            .replace('\\', "/");
        let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{file}: {error}"));
        if let Some(Room { name, .. }) = room_of(&file) {
            seen.push(name);
        }
        wrong.extend(violations(&file, &text));
    }
    assert!(
        wrong.is_empty(),
        "{} lines cross a wall:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    // A room is passed over only when it is not there: a folder that was renamed must be renamed in the table too.
    for room in ROOMS {
        let exists = root.join(room.folder).exists() || root.join(format!("{}.rs", room.folder)).exists();
        assert_eq!(
            exists,
            seen.contains(&room.name),
            "{} exists but no file of it was read",
            room.folder
        );
    }
    assert!(
        seen.contains(&"shared::domain"),
        "the rules of the city were not found under {}",
        root.display()
    );
}

/// The names of all crates that `package` is built from, with exactly `features`.
fn crates_under(package: &str, features: &[&str]) -> Vec<String> {
    let output = Command::new(env!("CARGO"))
        .current_dir(root())
        .args([
            "tree",
            "--locked",
            "--package",
            package,
            "--edges",
            "normal",
            "--prefix",
            "none",
        ])
        .args(features)
        .output()
        .expect("cargo runs");
    assert!(
        output.status.success(),
        "cargo tree: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    let text = String::from_utf8(output.stdout).expect("cargo writes UTF-8");
    text.lines()
        .filter_map(|line| line.split_whitespace().next())
        .map(str::to_owned)
        .collect()
}

#[test]
fn the_rules_are_built_without_network_database_or_bridge() {
    let crates = crates_under("shared", &["--no-default-features"]);
    assert!(
        crates.iter().any(|name| name == "chrono"),
        "cargo tree gave no tree: {crates:?}"
    );
    for banned in [
        "tokio",
        "diesel",
        "actix",
        "uniffi",
        "reqwest",
        "rand",
        "libsqlite3-sys",
        "pq-sys",
    ] {
        let found: Vec<_> = crates.iter().filter(|name| name.starts_with(banned)).collect();
        assert!(
            found.is_empty(),
            "`shared` without features must not be built from {found:?}"
        );
    }
}

#[test]
fn the_phone_carries_no_server() {
    let crates = crates_under("mobile-bridge", &[]);
    assert!(
        crates.iter().any(|name| name == "shared"),
        "cargo tree gave no tree: {crates:?}"
    );
    for banned in ["api", "diesel", "actix-web", "actix-http", "pq-sys", "argon2", "utoipa"] {
        assert!(
            !crates.iter().any(|name| name == banned),
            "`mobile-bridge` must not be built from {banned}"
        );
    }
}

/// The self-test: lines that must be caught, each in the file where it would be wrong.
#[test]
fn a_forbidden_line_is_caught_with_its_file_and_line() {
    for (file, text, names) in [
        (
            "api/src/routes/cases/submit.rs",
            "\nuse crate::stores::case_store;",
            "api::stores::case_store",
        ),
        (
            "api/src/routes/cases/submit.rs",
            "\nuse diesel::prelude::*;",
            "diesel::prelude::*",
        ),
        (
            "api/src/routes/cases/submit.rs",
            "\nuse crate::{access::Actor, stores};",
            "api::stores",
        ),
        (
            "api/src/routes/cases/submit.rs",
            "\nfn f() { crate::database::writer::write(); }",
            "api::database::writer::write",
        ),
        ("api/src/routes/mod.rs", "\nuse super::stores;", "api::stores"),
        (
            "api/src/routes/cases/mod.rs",
            "\nmod a { use super::super::super::stores::{self, x}; }",
            "api::stores",
        ),
        (
            "api/src/usecases/submit_case.rs",
            "\n#[actix_web::get(\"/\")] fn f() {}",
            "actix_web::get",
        ),
        (
            "api/src/usecases/submit_case.rs",
            "\npub use crate::views as shown;",
            "api::views",
        ),
        (
            "api/src/views/case_page.rs",
            "\nuse crate::database::writer::Writer;",
            "api::database::writer::Writer",
        ),
        (
            "api/src/views/case_page.rs",
            "\nfn f() { diesel::update(x); }",
            "diesel::update",
        ),
        (
            "api/src/stores/case_store.rs",
            "\nuse shared::contract::cases::CaseView;",
            "shared::contract::cases::CaseView",
        ),
        (
            "api/src/background/deemed_signing.rs",
            "\nextern crate diesel;",
            "diesel",
        ),
        (
            "api/src/access/tokens.rs",
            "\nuse ::actix_web::FromRequest;",
            "actix_web::FromRequest",
        ),
        ("api/src/delivery/outbox.rs", "\nuse crate::*;", "api::*"),
        ("shared/src/domain/case/mod.rs", "\nlet now = Utc::now();", "Utc::now"),
        ("shared/src/domain/deadline.rs", "\npub async fn due() {}", "async"),
        (
            "shared/src/domain/deadline.rs",
            "\nuse std::{collections::BTreeMap, time::SystemTime};",
            "std::time::SystemTime",
        ),
        (
            "shared/src/domain/role.rs",
            "\nuse crate::contract::problem::ProblemCode;",
            "shared::contract::problem::ProblemCode",
        ),
        ("mobile-bridge/src/working_days.rs", "\nuse api::stores;", "api::stores"),
    ] {
        let found = violations(file, text);
        assert!(!found.is_empty(), "{file} passed with {text:?}");
        let expected = format!("{file}:2: ");
        assert!(
            found[0].starts_with(&expected) && found[0].contains(&format!("`{names}`")),
            "{found:?}"
        );
    }
}

/// The self-test's other half: what only looks like it.
#[test]
fn an_allowed_line_is_left_alone() {
    for (file, text) in [
        (
            "api/src/routes/cases/submit.rs",
            "use crate::{access::Actor, usecases, views::case_page};",
        ),
        (
            "api/src/routes/cases/submit.rs",
            "//! not `use diesel::prelude`\n/* use diesel; /* crate::stores */ */",
        ),
        (
            "api/src/routes/cases/submit.rs",
            "const TEXT: &str = \"use diesel::x; \\\" crate::stores::y\";",
        ),
        (
            "api/src/routes/cases/submit.rs",
            "const TEXT: &str = r#\"use \"diesel\"::x;\"#; const C: char = '\"'; fn f<'a>() {}",
        ),
        ("api/src/routes/stores_page.rs", "use crate::usecases::stores_report;"),
        ("api/src/access/extractor.rs", "use actix_web::FromRequest;"),
        (
            "api/src/stores/case_store.rs",
            "use diesel::prelude::*; use shared::domain::case::CaseKind;",
        ),
        (
            "api/src/views/case_page.rs",
            "use diesel::prelude::*; use crate::database::readers::Readers;",
        ),
        (
            "api/src/server.rs",
            "use actix_web::App; use crate::stores; use diesel::prelude::*;",
        ),
        (
            "shared/src/domain/deadline.rs",
            "use std::time::Duration; fn now(now: Timestamp) -> Timestamp { now }",
        ),
        (
            "shared/src/client/outbox.rs",
            "use tokio::sync::Mutex; use crate::contract::problem;",
        ),
    ] {
        assert_eq!(violations(file, text), Vec::<String>::new(), "{text:?}");
    }
}
