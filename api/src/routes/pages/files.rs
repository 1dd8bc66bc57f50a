//! Where the files of the two apps come from: built into the program, or from a folder that the operator names instead. A debug
//! build reads what was built last beside the source.

use std::{
    borrow::Cow,
    path::{Component, Path},
};

use rust_embed::{Embed, EmbeddedFile};
use sha2::{Digest, Sha256};
use shared::domain::hexadecimal::lower_hex;

#[derive(Embed)]
#[folder = "../web/apps/citizen/dist"]
#[allow_missing = true]
struct Citizen;

#[derive(Embed)]
#[folder = "../web/apps/staff/dist"]
#[allow_missing = true]
struct Staff;

/// One of the apps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum App {
    /// What residents open.
    Citizen,
    /// What staff work with.
    Staff,
}

/// Below which the console lies.
const CONSOLE: &str = "staff";

/// A file as it was built.
pub(super) struct PageFile {
    pub(super) bytes: Cow<'static, [u8]>,
    /// The first half of the SHA-256, in hexadecimal digits.
    pub(super) mark: String,
}

impl App {
    /// Which app answers for a path, and the name of the file below it.
    pub(super) fn of(path: &str) -> (Self, &str) {
        let path = path.strip_prefix('/').unwrap_or(path);
        match path.strip_prefix(CONSOLE) {
            Some("") => (Self::Staff, ""),
            Some(rest) if rest.starts_with('/') => (Self::Staff, rest.trim_start_matches('/')),
            _ => (Self::Citizen, path),
        }
    }

    /// The file, if there is one of this name.
    pub(super) fn read(self, name: &str, root: Option<&Path>) -> Option<PageFile> {
        match root {
            Some(root) => self.read_below(root, name),
            None => self.embedded(name).map(|file| PageFile {
                mark: mark(&file.metadata.sha256_hash()),
                bytes: file.data,
            }),
        }
    }

    fn embedded(self, name: &str) -> Option<EmbeddedFile> {
        match self {
            Self::Citizen => Citizen::get(name),
            Self::Staff => Staff::get(name),
        }
    }

    /// A name leads nowhere but down.
    fn read_below(self, root: &Path, name: &str) -> Option<PageFile> {
        let goes_down = |part: Component| matches!(part, Component::Normal(_));
        if !Path::new(name).components().all(goes_down) {
            return None;
        }
        let folder = match self {
            Self::Citizen => root.to_path_buf(),
            Self::Staff => root.join(CONSOLE),
        };
        let bytes = std::fs::read(folder.join(name)).ok()?;
        Some(PageFile {
            mark: mark(&Sha256::digest(&bytes)),
            bytes: Cow::Owned(bytes),
        })
    }
}

fn mark(digest: &[u8]) -> String {
    lower_hex(digest.get(..16).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_console_lies_below_its_own_path_and_nothing_else_does() {
        assert_eq!(App::of("/"), (App::Citizen, ""));
        assert_eq!(App::of("/assets/app-1.js"), (App::Citizen, "assets/app-1.js"));
        assert_eq!(App::of("/staff"), (App::Staff, ""));
        assert_eq!(App::of("/staff/assets/app-1.js"), (App::Staff, "assets/app-1.js"));
        assert_eq!(App::of("/staffroom"), (App::Citizen, "staffroom"));
    }

    #[test]
    fn a_name_leads_out_of_the_folder_in_no_way() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("web");
        std::fs::create_dir(&root).unwrap();
        std::fs::write(folder.path().join("secret"), "geheim").unwrap();
        std::fs::write(root.join("index.html"), "<!doctype html>").unwrap();
        assert!(App::Citizen.read("index.html", Some(&root)).is_some());
        for name in ["../secret", "/etc/hostname", "./../secret", ".."] {
            assert!(App::Citizen.read(name, Some(&root)).is_none(), "{name}");
        }
    }
}
