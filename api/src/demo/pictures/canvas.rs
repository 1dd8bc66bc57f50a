//! A small canvas: shapes with soft edges on a field of colours, at the end a JPEG. It knows no scene.

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "pixels: small numbers, clamped where they could leave their range"
)]

use image::{ExtendedColorType, ImageError, codecs::jpeg::JpegEncoder};

/// Pixels from left to right.
pub(super) const WIDTH: u32 = 1024;
/// Pixels from top to bottom.
pub(super) const HEIGHT: u32 = 768;

/// Red, green, blue from 0 to 1.
pub(super) type Colour = [f32; 3];
/// A place in pixels from the upper left corner.
pub(super) type Spot = (f32, f32);

/// What is being drawn.
pub(super) struct Canvas {
    pixels: Vec<Colour>,
}

impl Canvas {
    /// A field that goes from one colour at the top to another at the bottom.
    pub(super) fn shaded(top: Colour, bottom: Colour) -> Self {
        let mut pixels = Vec::with_capacity((WIDTH * HEIGHT) as usize);
        for row in 0..HEIGHT {
            let colour = mix(top, bottom, row as f32 / HEIGHT as f32);
            pixels.extend(std::iter::repeat_n(colour, WIDTH as usize));
        }
        Self { pixels }
    }

    /// Fills a polygon: four lines through each row of pixels, each covering its part of every pixel exactly.
    pub(super) fn polygon(&mut self, corners: &[Spot], colour: Colour) {
        const LINES: u8 = 4;
        let [left, top, right, bottom] = bounds(corners, 1.0);
        let mut covered = vec![0.0_f32; (right - left) as usize];
        for row in top..bottom {
            covered.fill(0.0);
            for line in 0..LINES {
                let y = row as f32 + (f32::from(line) + 0.5) / f32::from(LINES);
                for span in spans(corners, y) {
                    cover_span(&mut covered, left as f32, span, 1.0 / f32::from(LINES));
                }
            }
            let start = (row * WIDTH + left) as usize;
            for (pixel, share) in self.pixels[start..].iter_mut().zip(&covered) {
                if *share > 0.0 {
                    *pixel = mix(*pixel, colour, share.min(1.0));
                }
            }
        }
    }

    /// Fills an ellipse.
    pub(super) fn ellipse(&mut self, centre: Spot, radius: Spot, colour: Colour) {
        let corners = [
            (centre.0 - radius.0, centre.1 - radius.1),
            (centre.0 + radius.0, centre.1 + radius.1),
        ];
        let smaller = radius.0.min(radius.1);
        self.cover(bounds(&corners, 1.0), colour, |(x, y)| {
            let distance = ((x - centre.0) / radius.0).hypot((y - centre.1) / radius.1);
            0.5 - (distance - 1.0) * smaller
        });
    }

    /// Draws a line with round ends through the spots.
    pub(super) fn line(&mut self, spots: &[Spot], width: f32, colour: Colour) {
        self.cover(bounds(spots, width), colour, |spot| {
            let nearest = spots
                .windows(2)
                .map(|pair| to_segment(spot, pair[0], pair[1]))
                .fold(f32::MAX, f32::min);
            width / 2.0 - nearest + 0.5
        });
    }

    /// Adds light around a spot.
    pub(super) fn glow(&mut self, centre: Spot, radius: f32, light: Colour) {
        let corners = [
            (centre.0 - radius, centre.1 - radius),
            (centre.0 + radius, centre.1 + radius),
        ];
        self.each(bounds(&corners, 0.0), |pixel, (x, y)| {
            let share = (1.0 - (x - centre.0).hypot(y - centre.1) / radius).max(0.0).powi(2);
            for (channel, add) in pixel.iter_mut().zip(light) {
                *channel += add * share;
            }
        });
    }

    /// The picture as JPEG, with a little grain so that surfaces do not look painted.
    ///
    /// # Errors
    /// The encoder's.
    pub(super) fn into_jpeg(self, seed: u32) -> Result<Vec<u8>, ImageError> {
        let mut grain = Grain(seed.wrapping_mul(2_654_435_761).max(1));
        let mut bytes = Vec::with_capacity(self.pixels.len() * 3);
        for pixel in self.pixels {
            let noise = grain.next();
            bytes.extend(pixel.map(|channel| ((channel + noise).clamp(0.0, 1.0) * 255.0) as u8));
        }
        let mut jpeg = Vec::new();
        JpegEncoder::new_with_quality(&mut jpeg, 86).encode(&bytes, WIDTH, HEIGHT, ExtendedColorType::Rgb8)?;
        Ok(jpeg)
    }

    /// Paints over a part; `coverage` says how much of a pixel is covered, and may leave 0 to 1.
    fn cover(&mut self, part: [u32; 4], colour: Colour, coverage: impl Fn(Spot) -> f32) {
        self.each(part, |pixel, spot| {
            let share = coverage(spot).clamp(0.0, 1.0);
            if share > 0.0 {
                *pixel = mix(*pixel, colour, share);
            }
        });
    }

    fn each(&mut self, [left, top, right, bottom]: [u32; 4], mut change: impl FnMut(&mut Colour, Spot)) {
        for row in top..bottom {
            let start = (row * WIDTH) as usize;
            let line = &mut self.pixels[start + left as usize..start + right as usize];
            for (column, pixel) in (left..right).zip(line) {
                change(pixel, (column as f32 + 0.5, row as f32 + 0.5));
            }
        }
    }
}

/// One colour with a share of another.
pub(super) fn mix(from: Colour, to: Colour, share: f32) -> Colour {
    std::array::from_fn(|channel| from[channel] + (to[channel] - from[channel]) * share)
}

/// Left, top, right and bottom of what lies around the spots, within the canvas.
fn bounds(spots: &[Spot], margin: f32) -> [u32; 4] {
    let least = |pick: fn(&Spot) -> f32| spots.iter().map(pick).fold(f32::MAX, f32::min) - margin;
    let most = |pick: fn(&Spot) -> f32| spots.iter().map(pick).fold(f32::MIN, f32::max) + margin;
    let within = |value: f32, end: u32| value.clamp(0.0, end as f32) as u32;
    [
        within(least(|spot| spot.0).floor(), WIDTH),
        within(least(|spot| spot.1).floor(), HEIGHT),
        within(most(|spot| spot.0).ceil(), WIDTH),
        within(most(|spot| spot.1).ceil(), HEIGHT),
    ]
}

fn sides(corners: &[Spot]) -> impl Iterator<Item = (Spot, Spot)> {
    corners.iter().copied().zip(corners.iter().copied().cycle().skip(1))
}

fn to_segment(spot: Spot, a: Spot, b: Spot) -> f32 {
    let along = (b.0 - a.0, b.1 - a.1);
    let length = along.0.mul_add(along.0, along.1 * along.1).max(f32::EPSILON);
    let share = (((spot.0 - a.0) * along.0 + (spot.1 - a.1) * along.1) / length).clamp(0.0, 1.0);
    (spot.0 - a.0 - along.0 * share).hypot(spot.1 - a.1 - along.1 * share)
}

/// Where a horizontal line runs inside a polygon.
fn spans(corners: &[Spot], y: f32) -> Vec<Spot> {
    let mut crossings: Vec<f32> = sides(corners)
        .filter(|(a, b)| (a.1 > y) != (b.1 > y))
        .map(|(a, b)| (b.0 - a.0) * (y - a.1) / (b.1 - a.1) + a.0)
        .collect();
    crossings.sort_by(f32::total_cmp);
    crossings.chunks_exact(2).map(|pair| (pair[0], pair[1])).collect()
}

/// Adds what a span covers of each pixel of a row that begins at `left`.
fn cover_span(covered: &mut [f32], left: f32, (from, to): Spot, weight: f32) {
    let (from, to) = (from - left, to - left);
    let first = from.max(0.0) as usize;
    let last = (to.max(0.0).ceil() as usize).min(covered.len());
    for (place, share) in covered.iter_mut().enumerate().take(last).skip(first) {
        let (start, end) = (place as f32, place as f32 + 1.0);
        *share += (to.min(end) - from.max(start)).max(0.0) * weight;
    }
}

/// The same noise for the same seed (xorshift).
pub(super) struct Grain(pub(super) u32);

impl Grain {
    fn step(&mut self) -> f32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 17;
        self.0 ^= self.0 << 5;
        (self.0 >> 8) as f32 / (1 << 24) as f32
    }

    fn next(&mut self) -> f32 {
        (self.step() - 0.5) * 0.035
    }

    /// A number within the bounds.
    pub(super) fn between(&mut self, least: f32, most: f32) -> f32 {
        least + (most - least) * self.step()
    }
}
