//! The real photographs of the story, and what must not be left in the pictures that the platform serves.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use image::RgbImage;
use sha2::{Digest, Sha256};
use shared::domain::hexadecimal::lower_hex;

use crate::caller::{Told, expect};

/// A photograph as a phone would send it.
pub(crate) struct Picture {
    /// The file's bytes.
    pub(crate) bytes: Vec<u8>,
    /// Their SHA-256, by which a case names it.
    pub(crate) sha256: String,
}

/// The photographs of the story.
pub(crate) struct Album {
    /// What the resident sends: 12 megapixels, turned, with time and place of the camera.
    pub(crate) report: Picture,
    /// What the unit sends: from before and after each of its two tries.
    pub(crate) unit: [Picture; 4],
}

impl Album {
    /// Fetches the sample photographs, once, and reads those that the story needs.
    pub(crate) fn fetch() -> Told<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let fetched = Command::new(root.join("samples/fetch"))
            .output()
            .map_err(|error| format!("tests/samples/fetch：{error}"))?;
        expect(fetched.status.success(), || {
            format!("取不到样例照片：{}", String::from_utf8_lossy(&fetched.stderr))
        })?;
        let folder = std::env::var_os("SHOUFA_SAMPLE_PHOTOS")
            .map_or_else(|| root.join("../target/sample-photos"), PathBuf::from);
        let read = |name: &str| Picture::read(&folder.join(name));
        Ok(Self {
            report: read("phone-12mp.jpg")?,
            unit: [
                read("linyi.jpg")?,
                read("orientation-3.jpg")?,
                read("linyi-no-zone.jpg")?,
                read("orientation-6.jpg")?,
            ],
        })
    }
}

impl Picture {
    fn read(path: &Path) -> Told<Self> {
        let bytes = std::fs::read(path).map_err(|error| format!("{}：{error}", path.display()))?;
        let sha256 = lower_hex(&Sha256::digest(&bytes));
        Ok(Self { bytes, sha256 })
    }
}

/// The kinds of the application segments before a JPEG's picture data; none when it is no JPEG.
pub(crate) fn segments(jpeg: &[u8]) -> Option<Vec<u8>> {
    let mut rest = jpeg.strip_prefix(&[0xFF, 0xD8])?;
    let mut kinds = Vec::new();
    loop {
        let [0xFF, kind, high, low, ..] = *rest else {
            return None;
        };
        if kind == 0xDA {
            return Some(kinds);
        }
        kinds.push(kind);
        rest = rest.get(2 + usize::from(u16::from_be_bytes([high, low]))..)?;
    }
}

/// Whether the picture says when, where or with what it was taken.
pub(crate) fn tells_its_origin(jpeg: &[u8]) -> bool {
    // APP1 holds EXIF and XMP, APP13 IPTC, FE comments.
    let telling = |kinds: Vec<u8>| kinds.iter().any(|kind| matches!(kind, 0xE1 | 0xED | 0xFE));
    let holds = |mark: &[u8]| jpeg.windows(mark.len()).any(|part| part == mark);
    segments(jpeg).is_none_or(telling) || holds(b"Exif\0") || holds(b"Sample Phone Maker")
}

/// A part of a picture in fractions of its sides: left, top, width, height.
pub(crate) type Part = [f64; 4];

/// How much two copies of a picture differ within a part of it and elsewhere: the mean difference of a colour, 0 to 255. What
/// lies within 16 pixels of the part's edge belongs to neither, since JPEG spreads what changes.
pub(crate) fn difference(one: &[u8], other: &[u8], part: Part) -> Told<(f64, f64)> {
    let (one, other) = (decoded(one)?, decoded(other)?);
    expect(one.dimensions() == other.dimensions(), || {
        format!("两份照片的大小不同：{:?} 和 {:?}", one.dimensions(), other.dimensions())
    })?;
    let (width, height) = (f64::from(one.width()), f64::from(one.height()));
    let [left, top, right, bottom] = [
        part[0] * width,
        part[1] * height,
        (part[0] + part[2]) * width,
        (part[1] + part[3]) * height,
    ];
    let lies_in = |x: f64, y: f64, margin: f64| {
        x >= left - margin && x < right + margin && y >= top - margin && y < bottom + margin
    };
    let (mut inside, mut outside) = ((0.0, 0.0), (0.0, 0.0));
    for ((x, y, before), after) in one.enumerate_pixels().zip(other.pixels()) {
        let (x, y) = (f64::from(x), f64::from(y));
        let sum = if lies_in(x, y, -16.0) {
            &mut inside
        } else if lies_in(x, y, 16.0) {
            continue;
        } else {
            &mut outside
        };
        for (before, after) in before.0.into_iter().zip(after.0) {
            sum.0 += f64::from(before.abs_diff(after));
            sum.1 += 1.0;
        }
    }
    Ok((inside.0 / inside.1, outside.0 / outside.1))
}

fn decoded(jpeg: &[u8]) -> Told<RgbImage> {
    let picture = image::load_from_memory(jpeg).map_err(|error| format!("读不出照片：{error}"))?;
    Ok(picture.into_rgb8())
}
