//! The pictures of the demonstration city: drawn here, and marked as drawn. No photograph of anybody or any place.

mod canvas;
mod scenes;

use image::ImageError;
use serde::Deserialize;

use self::canvas::{Canvas, Grain, HEIGHT, WIDTH};

/// What a picture shows. The later word of a name says in which condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Picture {
    /// A road at night; its lamps are out.
    LampsDark,
    /// The same road with one lamp burning.
    LampsPartly,
    /// The same road, lit.
    LampsLit,
    /// A road with a hole in it.
    RoadHole,
    /// A road with a fresh patch.
    RoadMended,
    /// Bins that run over.
    BinsFull,
    /// The same bins, emptied.
    BinsTidy,
    /// An open manhole with a branch in it, as people mark it.
    ManholeOpen,
    /// A manhole with its cover.
    ManholeCovered,
    /// Water over a crossing.
    StreetFlooded,
    /// The crossing, dry.
    StreetDry,
}

impl Picture {
    /// The picture as JPEG. The same picture and seed are the same bytes; another seed is another take of the scene.
    ///
    /// # Errors
    /// The encoder's.
    pub(super) fn draw(self, seed: u32) -> Result<Vec<u8>, ImageError> {
        let mut chance = Grain(seed.wrapping_mul(747_796_405).wrapping_add(2_891_336_453).max(1));
        let mut canvas = match self {
            Self::LampsDark => scenes::night_road(&mut chance, 0),
            Self::LampsPartly => scenes::night_road(&mut chance, 1),
            Self::LampsLit => scenes::night_road(&mut chance, 4),
            Self::RoadHole => scenes::day_road(&mut chance, false),
            Self::RoadMended => scenes::day_road(&mut chance, true),
            Self::BinsFull => scenes::bins(&mut chance, false),
            Self::BinsTidy => scenes::bins(&mut chance, true),
            Self::ManholeOpen => scenes::manhole(&mut chance, false),
            Self::ManholeCovered => scenes::manhole(&mut chance, true),
            Self::StreetFlooded => scenes::crossing(&mut chance, true),
            Self::StreetDry => scenes::crossing(&mut chance, false),
        };
        mark_as_drawn(&mut canvas);
        canvas.into_jpeg(seed)
    }
}

/// Writes 示意图 (a drawing, not a photograph) into the lower right corner, stroke by stroke: the program carries no font.
fn mark_as_drawn(canvas: &mut Canvas) {
    const SIZE: f32 = 44.0;
    #[expect(clippy::cast_precision_loss, reason = "a picture's size")]
    let (right, bottom) = (WIDTH as f32 - 20.0, HEIGHT as f32 - 18.0);
    let left = right - 3.0 * SIZE - 36.0;
    canvas.polygon(
        &[
            (left - 14.0, bottom - SIZE - 14.0),
            (right, bottom - SIZE - 14.0),
            (right, bottom),
            (left - 14.0, bottom),
        ],
        [0.08, 0.09, 0.11],
    );
    for (place, character) in [SHI, YI, TU].iter().enumerate() {
        #[expect(clippy::cast_precision_loss, reason = "three characters")]
        let x = left + place as f32 * (SIZE + 10.0);
        for stroke in *character {
            let spots: Vec<_> = stroke
                .iter()
                .map(|(across, down)| (x + across * SIZE / 16.0, bottom - SIZE - 7.0 + down * SIZE / 16.0))
                .collect();
            canvas.line(&spots, 2.6, [0.96, 0.96, 0.94]);
        }
    }
}

/// A character as lines on a field of 16 by 16.
type Strokes = &'static [&'static [(f32, f32)]];

const SHI: Strokes = &[
    &[(3.0, 2.5), (13.0, 2.5)],
    &[(1.0, 6.5), (15.0, 6.5)],
    &[(8.0, 6.5), (8.0, 14.5), (6.0, 13.5)],
    &[(4.5, 9.0), (2.0, 13.0)],
    &[(11.5, 9.0), (14.0, 13.0)],
];
const YI: Strokes = &[
    &[(8.0, 0.5), (8.0, 2.0)],
    &[(3.0, 2.2), (13.0, 2.2)],
    &[(5.5, 2.8), (6.2, 4.4)],
    &[(10.5, 2.8), (9.8, 4.4)],
    &[(1.5, 4.8), (14.5, 4.8)],
    &[(4.0, 6.4), (12.0, 6.4), (12.0, 10.6), (4.0, 10.6), (4.0, 6.4)],
    &[(4.0, 8.5), (12.0, 8.5)],
    &[(2.5, 12.0), (1.5, 14.5)],
    &[(4.8, 11.8), (5.2, 14.8), (10.5, 14.8), (11.2, 13.2)],
    &[(7.5, 11.6), (8.6, 13.0)],
    &[(12.8, 11.8), (14.5, 14.0)],
];
const TU: Strokes = &[
    &[(1.5, 1.0), (14.5, 1.0), (14.5, 15.0), (1.5, 15.0), (1.5, 1.0)],
    &[(7.0, 2.5), (4.0, 6.0)],
    &[(6.2, 3.8), (11.0, 3.8), (3.8, 9.8)],
    &[(6.0, 5.2), (12.2, 9.6)],
    &[(7.0, 9.4), (9.2, 10.8)],
    &[(6.0, 11.6), (9.8, 13.4)],
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_the_same_for_the_same_seed_and_another_take_for_another() {
        let first = Picture::LampsDark.draw(7).unwrap();
        assert_eq!(first, Picture::LampsDark.draw(7).unwrap());
        assert_ne!(first, Picture::LampsDark.draw(8).unwrap());
        let read = image::load_from_memory(&first).unwrap();
        assert_eq!((read.width(), read.height()), (WIDTH, HEIGHT));
    }
}
