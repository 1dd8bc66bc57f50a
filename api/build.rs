//! Looks whether the pages were built that a release carries. It builds none itself: that takes Node, and a network.

#![allow(clippy::print_stdout, reason = "cargo reads what a build script prints")]

use std::{env, path::Path};

const PAGES: &[&str] = &[
    "../web/apps/citizen/dist/index.html",
    "../web/apps/staff/dist/index.html",
];

fn main() -> Result<(), String> {
    // A debug build reads the files when they are asked for.
    if env::var("PROFILE").as_deref() == Ok("debug") {
        println!("cargo:rerun-if-changed=build.rs");
        return Ok(());
    }
    println!("cargo:rerun-if-env-changed=REQUIRE_WEB");
    for page in PAGES {
        // A missing file makes cargo look again at each build.
        println!("cargo:rerun-if-changed={page}");
        if Path::new(page).exists() {
            continue;
        }
        if env::var_os("REQUIRE_WEB").is_some() {
            return Err(format!("{page} is not there: build the pages first (web/README.md)"));
        }
        println!("cargo:warning={page} is not there: the program will show a placeholder");
    }
    Ok(())
}
