//! Changing the city's data: what an import would change and do to open cases, and the import itself. The whole city is checked with the new data
//! before anything is stored; versions are only ever added.

mod difference;
mod effects;
mod import;
mod merge;
mod preview;
mod units_table;

#[cfg(test)]
mod tests;

pub use self::{
    difference::Difference,
    effects::effects,
    import::{ImportPlan, KindChange, Unchanged, import, plan_import},
    merge::{DataFile, exported_files},
    preview::preview,
};

use crate::database::StoreError;

/// Why data were not taken.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A file's name does not tell what it holds.
    #[error("{0}: which kind of data is this? Say it with --kind")]
    UnknownKind(String),
    /// Two files of one kind, or two of one year.
    #[error("{0}: given twice")]
    Twice(String),
    /// The data do not fit together; each entry is one readable sentence.
    #[error("nothing was imported, the data do not fit together:\n  {}", .0.join("\n  "))]
    Unsound(Vec<String>),
    /// Somebody imported between the plan and the import.
    #[error("somebody else imported data meanwhile; nothing was imported, please look again")]
    Overtaken,
}
