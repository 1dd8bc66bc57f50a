//! The sample photographs, brought by `tests/samples/fetch` when they are missing.

#![allow(
    clippy::unwrap_used,
    clippy::missing_panics_doc,
    reason = "a test that cannot go on fails, and says where"
)]

use std::{
    path::{Path, PathBuf},
    process::Command,
    sync::OnceLock,
};

fn folder() -> &'static Path {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let folder =
            std::env::var_os("SHOUFA_SAMPLE_PHOTOS").map_or_else(|| root.join("target/sample-photos"), PathBuf::from);
        let script = root.join("tests/samples/fetch");
        let status = Command::new(&script).arg(&folder).status().unwrap();
        assert!(
            status.success(),
            "{} could not bring the sample photographs",
            script.display()
        );
        folder
    })
}

/// The bytes of the sample of this name.
#[must_use]
pub fn sample(name: &str) -> Vec<u8> {
    std::fs::read(folder().join(name)).unwrap()
}
