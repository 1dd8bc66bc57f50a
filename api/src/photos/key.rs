//! The names under which photographs are kept, and the shelves by which they are gone through.
//!
//! Keys are random, say nothing of the picture and cannot name anything outside the store. Originals and renditions lie apart
//! so that nothing can serve one for the other by mistake.

use std::fmt;
use std::str::FromStr;

use uuid::Uuid;

const ORIGINALS: &str = "originals";
const RENDITIONS: &str = "renditions";
/// The folders in which keys lie.
pub(super) const FOLDERS: [&str; 2] = [ORIGINALS, RENDITIONS];
const ENDINGS: [&str; 3] = ["jpg", "png", "webp"];

/// Names one stored file, such as `originals/3f/a2/3fa2….jpg`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct PhotoKey(String);

impl PhotoKey {
    /// A new random key for an original of this media type.
    #[must_use]
    pub fn new_original(content_type: &str) -> Self {
        let ending = match content_type {
            "image/png" => "png",
            "image/webp" => "webp",
            _ => "jpg",
        };
        Self::random(ORIGINALS, ending)
    }

    /// A new random key for a rendition, which is always JPEG.
    #[must_use]
    pub fn new_rendition() -> Self {
        Self::random(RENDITIONS, "jpg")
    }

    fn random(folder: &str, ending: &str) -> Self {
        let name = Uuid::new_v4().simple().to_string();
        let (first, second) = (name.get(..2).unwrap_or_default(), name.get(2..4).unwrap_or_default());
        Self(format!("{folder}/{first}/{second}/{name}.{ending}"))
    }

    /// The key as text, as the database keeps it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it names a private original.
    #[must_use]
    pub fn is_original(&self) -> bool {
        self.0.starts_with(ORIGINALS)
    }

    /// Where it lies.
    #[must_use]
    pub fn shelf(&self) -> Shelf {
        let first = self
            .0
            .split('/')
            .nth(1)
            .and_then(|two| u8::from_str_radix(two, 16).ok());
        Shelf {
            folder: if self.is_original() { ORIGINALS } else { RENDITIONS },
            first: first.unwrap_or_default(),
        }
    }
}

impl fmt::Display for PhotoKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The text is not a key that this code made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a photo key")]
pub struct PhotoKeyError;

impl FromStr for PhotoKey {
    type Err = PhotoKeyError;

    fn from_str(text: &str) -> Result<Self, PhotoKeyError> {
        let mut parts = text.split('/');
        let (Some(folder), Some(first), Some(second), Some(file), None) =
            (parts.next(), parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(PhotoKeyError);
        };
        let (name, ending) = file.split_once('.').ok_or(PhotoKeyError)?;
        let hexadecimal = name.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        let sound = FOLDERS.contains(&folder)
            && ENDINGS.contains(&ending)
            && name.len() == 32
            && hexadecimal
            && name.get(..2) == Some(first)
            && name.get(2..4) == Some(second);
        if sound {
            Ok(Self(text.to_owned()))
        } else {
            Err(PhotoKeyError)
        }
    }
}

/// One part in 512 of all that is kept: the keys of one kind that begin with the same two digits. A folder here, a prefix in
/// a store of objects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shelf {
    folder: &'static str,
    first: u8,
}

impl Shelf {
    /// All shelves.
    pub fn all() -> impl Iterator<Item = Self> {
        FOLDERS
            .into_iter()
            .flat_map(|folder| (0..=u8::MAX).map(move |first| Self { folder, first }))
    }

    /// The shelf whose turn it is in this minute; each has its turn within nine hours.
    #[must_use]
    pub fn of_minute(minute: i64) -> Self {
        let [.., high, first] = minute.to_be_bytes();
        let folder = if high & 1 == 0 { ORIGINALS } else { RENDITIONS };
        Self { folder, first }
    }

    /// What all its keys begin with.
    #[must_use]
    pub fn prefix(self) -> String {
        format!("{}/{:02x}/", self.folder, self.first)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_names_nothing_outside_the_store() {
        let good = PhotoKey::new_original("image/webp");
        assert_eq!(good.as_str().parse::<PhotoKey>().unwrap(), good);
        assert!(good.is_original());
        for text in [
            "",
            "../../etc/passwd",
            "originals/../../etc/passwd",
            "/originals/3f/a2/3fa2.jpg",
            "originals/3f/a2/../../../3fa2.jpg",
            "originals/00/00/3fa20000000000000000000000000000.jpg",
            "originals/3f/a2/3fa20000000000000000000000000000.svg",
            "incoming/3f/a2/3fa20000000000000000000000000000.jpg",
            "originals/3f/a2/3fa20000000000000000000000000000.jpg/x",
        ] {
            assert_eq!(text.parse::<PhotoKey>(), Err(PhotoKeyError), "{text}");
        }
    }

    #[test]
    fn every_shelf_has_its_turn_within_nine_hours() {
        let turns: Vec<Shelf> = (30_000_000..30_000_512).map(Shelf::of_minute).collect();
        assert!(Shelf::all().all(|shelf| turns.contains(&shelf)));
        let key = PhotoKey::new_original("image/webp");
        assert!(key.as_str().starts_with(&key.shelf().prefix()));
    }
}
