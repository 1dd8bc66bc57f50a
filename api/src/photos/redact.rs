//! Makes the copies that the public sees: the display copy with what a moderator marked made unrecognisable, and its thumbnail.
//!
//! A marked box becomes a few flat tiles: their colours are averages over many pixels, from which no face and no plate comes
//! back. Which boxes are marked is a person's decision.

use std::panic::{AssertUnwindSafe, catch_unwind};

use image::{ImageFormat, RgbImage};

use super::check::PhotoRefusal;
use super::render;

/// Tiles along the longer side of a box.
const TILES: u32 = 6;
/// Pixels of a tile's side at least.
const TILE_MIN: u32 = 12;

/// A part of the picture in fractions of its sides: within 0 to 1, with a size above 0.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MarkedBox {
    /// Left edge.
    pub x: f64,
    /// Upper edge.
    pub y: f64,
    /// Width.
    pub width: f64,
    /// Height.
    pub height: f64,
}

impl MarkedBox {
    /// A box that lies within the picture; one that reaches over an edge is cut there. `None` for what is no box.
    #[must_use]
    pub fn new(x: f64, y: f64, width: f64, height: f64) -> Option<Self> {
        let finite = [x, y, width, height].iter().all(|number| number.is_finite());
        let marked = Self {
            x: x.clamp(0.0, 1.0),
            y: y.clamp(0.0, 1.0),
            width: (x + width).clamp(0.0, 1.0) - x.clamp(0.0, 1.0),
            height: (y + height).clamp(0.0, 1.0) - y.clamp(0.0, 1.0),
        };
        (finite && marked.width > 0.0 && marked.height > 0.0).then_some(marked)
    }

    /// The pixels covered, rounded outwards: left, top, right, bottom, the last two exclusive.
    fn pixels(self, width: u32, height: u32) -> [u32; 4] {
        [
            to_pixel(self.x * f64::from(width), width, f64::floor),
            to_pixel(self.y * f64::from(height), height, f64::floor),
            to_pixel((self.x + self.width) * f64::from(width), width, f64::ceil),
            to_pixel((self.y + self.height) * f64::from(height), height, f64::ceil),
        ]
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to 0 and the side, which fits"
)]
fn to_pixel(place: f64, side: u32, round: fn(f64) -> f64) -> u32 {
    round(place).clamp(0.0, f64::from(side)) as u32
}

/// The display copy with the boxes made unrecognisable, and its thumbnail; both JPEG.
///
/// # Errors
/// `Corrupt` when the display copy cannot be read, which is not to be expected of one that this room made.
pub fn redact(display: &[u8], boxes: &[MarkedBox]) -> Result<(Vec<u8>, Vec<u8>), PhotoRefusal> {
    catch_unwind(AssertUnwindSafe(|| {
        let picture = image::load_from_memory_with_format(display, ImageFormat::Jpeg);
        let mut picture = picture.map_err(|_| PhotoRefusal::Corrupt)?.into_rgb8();
        for marked in boxes {
            let covered = marked.pixels(picture.width(), picture.height());
            flatten(&mut picture, covered);
        }
        render::encode_copies(&picture)
    }))
    .unwrap_or(Err(PhotoRefusal::Corrupt))
}

fn flatten(picture: &mut RgbImage, [left, top, right, bottom]: [u32; 4]) {
    let longer = right.saturating_sub(left).max(bottom.saturating_sub(top));
    let tile = longer.div_ceil(TILES).max(TILE_MIN);
    for y in (top..bottom).step_by(tile as usize) {
        for x in (left..right).step_by(tile as usize) {
            flatten_tile(picture, [x, y, (x + tile).min(right), (y + tile).min(bottom)]);
        }
    }
}

fn flatten_tile(picture: &mut RgbImage, [left, top, right, bottom]: [u32; 4]) {
    let places = || (top..bottom).flat_map(move |y| (left..right).map(move |x| (x, y)));
    let mut sums = [0u64; 3];
    let mut count = 0u64;
    for (x, y) in places() {
        let pixel = picture.get_pixel(x, y);
        for (sum, colour) in sums.iter_mut().zip(pixel.0) {
            *sum += u64::from(colour);
        }
        count += 1;
    }
    let mean = sums.map(|sum| u8::try_from(sum / count.max(1)).unwrap_or(u8::MAX));
    for (x, y) in places() {
        picture.put_pixel(x, y, image::Rgb(mean));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Fine black and white stripes, as the characters of a plate are.
    fn striped() -> Vec<u8> {
        let picture = RgbImage::from_fn(400, 300, |x, _| image::Rgb([if x % 4 < 2 { 0 } else { 255 }; 3]));
        render::encode_copies(&picture).unwrap().0
    }

    fn contrast(picture: &RgbImage, y: u32, from: u32, to: u32) -> u8 {
        let row: Vec<u8> = (from..to).map(|x| picture.get_pixel(x, y).0[0]).collect();
        row.iter().max().unwrap() - row.iter().min().unwrap()
    }

    #[test]
    fn what_was_marked_cannot_be_made_out_and_the_rest_stays() {
        let marked = MarkedBox::new(0.25, 0.25, 0.5, 0.5).unwrap();
        let (display, thumbnail) = redact(&striped(), &[marked]).unwrap();
        let display = image::load_from_memory(&display).unwrap().into_rgb8();
        assert!(contrast(&display, 150, 104, 296) < 24, "inside the box");
        assert!(contrast(&display, 20, 104, 296) > 200, "outside of it");
        let thumbnail = image::load_from_memory(&thumbnail).unwrap();
        assert_eq!((thumbnail.width(), thumbnail.height()), (320, 240));
    }

    #[test]
    fn a_box_is_cut_at_the_edge_and_nonsense_is_none() {
        let marked = MarkedBox::new(0.9, -0.5, 0.5, 2.0).unwrap();
        assert_eq!(marked.pixels(100, 50), [90, 0, 100, 50]);
        for (x, y, width, height) in [
            (f64::NAN, 0.0, 0.1, 0.1),
            (0.1, 0.1, 0.0, 0.1),
            (0.1, 0.1, -0.1, 0.1),
            (1.0, 0.1, 0.5, 0.1),
            (0.1, f64::INFINITY, 0.1, 0.1),
        ] {
            assert_eq!(MarkedBox::new(x, y, width, height), None);
        }
    }

    #[test]
    fn bytes_that_are_no_picture_are_refused() {
        assert_eq!(redact(b"not a picture", &[]), Err(PhotoRefusal::Corrupt));
    }
}
