//! Keys and database belong together: without the keys that it was begun with, a database has telephone numbers that nobody can
//! read and receipt numbers that mean other cases. So its keys are recognised at each start, and new ones are only made for a
//! new database.

use std::path::{Path, PathBuf};

use super::secrets::{KEY_FILE, SecretError, Secrets};
use crate::{
    database::{Database, StoreError},
    stores::installation_store,
};

/// Why a server does not start on this database with these keys. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum InstallationError {
    /// The key file is gone.
    #[error(
        "the key file {0} is missing, but the database was begun with keys: without them telephone numbers cannot be read and \
         receipt numbers change. Restore the file from the backup and start again; nothing was changed"
    )]
    KeysMissing(PathBuf),
    /// The key file is another installation's.
    #[error(
        "the key file {0} does not belong to this database, which was begun with other keys. Restore the right file from the \
         backup, or name the right database, and start again; nothing was changed"
    )]
    OtherKeys(PathBuf),
    /// The key file cannot be used.
    #[error(transparent)]
    Secrets(#[from] SecretError),
    /// The database failed.
    #[error(transparent)]
    Database(#[from] StoreError),
}

/// The keys in `folder`, which are those of this database. A new database gets new keys, or those that are there.
///
/// # Errors
/// Keys that are missing, damaged or another database's; the database's failure.
pub async fn open_keys(folder: &Path, database: &Database) -> Result<Secrets, InstallationError> {
    let path = folder.join(KEY_FILE);
    let begun = find(database).await?.is_some();
    if begun && !path.exists() {
        return Err(InstallationError::KeysMissing(path));
    }
    let secrets = Secrets::open(folder)?;
    let own = secrets.fingerprint();
    if !begun {
        let fingerprint = own.clone();
        database
            .writer
            .write(move |transaction| installation_store::insert_key_fingerprint(transaction, &fingerprint))
            .await?;
    }
    // Of two servers that begin a database at once, the slower one finds the other's keys here.
    if find(database).await? == Some(own) {
        Ok(secrets)
    } else {
        Err(InstallationError::OtherKeys(path))
    }
}

async fn find(database: &Database) -> Result<Option<String>, StoreError> {
    database
        .readers
        .read(|connection| Ok(installation_store::find_key_fingerprint(connection)?))
        .await
}
