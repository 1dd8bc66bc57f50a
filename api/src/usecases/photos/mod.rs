//! Photographs: named by cases, received, read as they came, removed.

mod discard;
pub mod expect;
pub mod read_original;
pub mod remove;
pub mod remove_unattached;
pub mod remove_unnamed;
pub mod upload;

pub(super) use discard::{discard, discard_named};
pub use expect::{expect_photos, parse_hashes};
pub use read_original::{OriginalPhoto, read_original};
pub use remove::remove_photo;
pub use upload::{PhotoHints, UploadedPhoto, upload_photo};
