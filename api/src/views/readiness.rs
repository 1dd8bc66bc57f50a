//! Whether this process can do its work: the database answers, and the writer takes jobs.

use crate::{database::StoreError, errors::Failure, services::Services};

/// Reads and passes an empty job through the writer.
///
/// # Errors
/// `Busy` or `Internal`, when either does not answer.
pub async fn ready(services: &Services) -> Result<(), Failure> {
    services.database.readers.read(|_| Ok::<_, StoreError>(())).await?;
    services.database.writer.write(|_| Ok::<_, StoreError>(())).await?;
    Ok(())
}
