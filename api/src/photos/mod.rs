//! Residents' photographs: what is accepted, what is read from them, what is made of them and where it is kept.
//!
//! This room knows neither HTTP nor the database: it is handed a file, and hands back keys and facts, or a refusal.

pub mod check;
pub mod exif;
pub mod incoming;
pub mod key;
pub mod redact;
pub mod render;
pub mod storage;
mod structure;
pub mod workshop;

pub use check::{PhotoFormat, PhotoLimits, PhotoRefusal};
pub use exif::{ExifHints, PlaceHint};
pub use incoming::{IncomingPhoto, ReceivedPhoto};
pub use key::{PhotoKey, Shelf};
pub use redact::MarkedBox;
pub use storage::{LocalFolder, PhotoContent, PhotoStorage, StorageError, StoredFile};
pub use workshop::{PhotoError, PhotoWorkshop, ProcessedPhoto, PublicCopies, render_file};
