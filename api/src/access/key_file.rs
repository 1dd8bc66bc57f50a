//! The key file: made at the first start, changed by replacing it whole, readable by its owner alone.
//!
//! It decides which keys are in the file and in which order. The first of a kind is used for new values, the others still
//! open old ones. When a key may go is decided by the command that asks for it.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
};

use base64::{Engine, engine::general_purpose::STANDARD};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::secrets::{SecretError, random_bytes};

/// Name of the key file in the data folder.
pub const KEY_FILE: &str = "keys.json";
/// Length of every key.
pub(super) const KEY_BYTES: usize = 32;

/// Keys that are replaced while a server works. The others stay as long as their database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum KeyKind {
    /// They sign access tokens, which live for minutes.
    Tokens,
    /// They seal telephone numbers, second factors and waiting text messages.
    Phones,
}

impl KeyKind {
    const fn prefix(self) -> char {
        match self {
            Self::Tokens => 't',
            Self::Phones => 'p',
        }
    }
}

/// A key with its name, as it is in the file.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct KeyEntry {
    pub(super) id: String,
    pub(super) key: Zeroizing<String>,
}

impl KeyEntry {
    fn new(kind: KeyKind, number: usize) -> Self {
        Self {
            id: format!("{}{number}", kind.prefix()),
            key: fresh(),
        }
    }
}

/// The file's content.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct KeyFile {
    pub(super) token_keys: Vec<KeyEntry>,
    pub(super) phone_keys: Vec<KeyEntry>,
    pub(super) phone_lookup_key: Zeroizing<String>,
    pub(super) receipt_key: Zeroizing<String>,
    pub(super) code_pepper: Zeroizing<String>,
}

impl KeyFile {
    /// The file of the data folder; made when there is none.
    pub(super) fn open(folder: &Path) -> Result<Self, SecretError> {
        let path = folder.join(KEY_FILE);
        let text = match fs::read_to_string(&path) {
            Ok(text) => Zeroizing::new(text),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => make(folder, &path)?,
            Err(error) => return Err(SecretError::File(path, error)),
        };
        parse(path, &text)
    }

    fn read(folder: &Path) -> Result<Self, SecretError> {
        let path = folder.join(KEY_FILE);
        let text = fs::read_to_string(&path)
            .map(Zeroizing::new)
            .map_err(|error| SecretError::File(path.clone(), error))?;
        parse(path, &text)
    }

    fn keys(&mut self, kind: KeyKind) -> &mut Vec<KeyEntry> {
        match kind {
            KeyKind::Tokens => &mut self.token_keys,
            KeyKind::Phones => &mut self.phone_keys,
        }
    }

    fn replace(&self, folder: &Path) -> Result<(), SecretError> {
        let path = folder.join(KEY_FILE);
        write_beside(folder, &path, self)?
            .persist(&path)
            .map_err(|failed| SecretError::File(path.clone(), failed.error))?;
        sync(folder, &path)
    }
}

/// Adds a new key behind those that are there: servers learn to open with it before any of them uses it. Answers its id.
///
/// # Errors
/// When the file cannot be read or written.
pub fn announce(folder: &Path, kind: KeyKind) -> Result<String, SecretError> {
    let mut file = KeyFile::read(folder)?;
    let keys = file.keys(kind);
    let number = |entry: &KeyEntry| entry.id.get(1..).and_then(|digits| digits.parse::<usize>().ok());
    let highest = keys.iter().filter_map(number).max().unwrap_or(keys.len());
    let entry = KeyEntry::new(kind, highest + 1);
    let id = entry.id.clone();
    keys.push(entry);
    file.replace(folder)?;
    Ok(id)
}

/// Puts the key with this id first: from now on it is used for new values.
///
/// # Errors
/// When the file cannot be read or written, or has no such key.
pub fn put_first(folder: &Path, kind: KeyKind, id: &str) -> Result<(), SecretError> {
    let mut file = KeyFile::read(folder)?;
    let keys = file.keys(kind);
    let Some(at) = keys.iter().position(|entry| entry.id == id) else {
        return Err(SecretError::Damaged(folder.join(KEY_FILE), "the announced key is gone"));
    };
    keys.get_mut(..=at).unwrap_or_default().rotate_right(1);
    file.replace(folder)
}

/// Removes every key of this kind but the first; answers the ids of those that went.
///
/// # Errors
/// When the file cannot be read or written.
pub fn keep_first(folder: &Path, kind: KeyKind) -> Result<Vec<String>, SecretError> {
    let mut file = KeyFile::read(folder)?;
    let keys = file.keys(kind);
    let gone: Vec<String> = keys.iter().skip(1).map(|entry| entry.id.clone()).collect();
    keys.truncate(1);
    if !gone.is_empty() {
        file.replace(folder)?;
    }
    Ok(gone)
}

fn parse(path: PathBuf, text: &str) -> Result<KeyFile, SecretError> {
    serde_json::from_str(text).map_err(|_| SecretError::Damaged(path, "not the expected JSON"))
}

fn fresh() -> Zeroizing<String> {
    Zeroizing::new(STANDARD.encode(random_bytes::<KEY_BYTES>().as_slice()))
}

/// Written beside its place and then linked into it: two processes that start at once end up with the same keys.
fn make(folder: &Path, path: &Path) -> Result<Zeroizing<String>, SecretError> {
    let failed = |error| SecretError::File(path.to_path_buf(), error);
    let file = KeyFile {
        token_keys: vec![KeyEntry::new(KeyKind::Tokens, 1)],
        phone_keys: vec![KeyEntry::new(KeyKind::Phones, 1)],
        phone_lookup_key: fresh(),
        receipt_key: fresh(),
        code_pepper: fresh(),
    };
    match write_beside(folder, path, &file)?.persist_noclobber(path) {
        Ok(_) => sync(folder, path)?,
        Err(other) if other.error.kind() == std::io::ErrorKind::AlreadyExists => {}
        Err(other) => return Err(failed(other.error)),
    }
    fs::read_to_string(path).map(Zeroizing::new).map_err(failed)
}

/// A temporary file is made readable for its owner alone.
fn write_beside(folder: &Path, path: &Path, file: &KeyFile) -> Result<tempfile::NamedTempFile, SecretError> {
    let failed = |error| SecretError::File(path.to_path_buf(), error);
    let text = serde_json::to_string_pretty(file)
        .map(Zeroizing::new)
        .map_err(|_| SecretError::Damaged(path.to_path_buf(), "cannot be written as JSON"))?;
    let mut temporary = tempfile::NamedTempFile::new_in(folder).map_err(failed)?;
    temporary.write_all(text.as_bytes()).map_err(failed)?;
    temporary.as_file().sync_all().map_err(failed)?;
    Ok(temporary)
}

fn sync(folder: &Path, path: &Path) -> Result<(), SecretError> {
    fs::File::open(folder)
        .and_then(|folder| folder.sync_all())
        .map_err(|error| SecretError::File(path.to_path_buf(), error))
}
