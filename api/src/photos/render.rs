//! Makes the two public copies of a photograph from its pixels alone: display (1600 px) and thumbnail (320 px), both
//! JPEG, upright, in sRGB, on white, without one byte of the original. Does not judge: `check` has done so.
//!
//! The picture is reduced first and turned afterwards, since turning 12 million pixels costs more than everything else.

use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{PixelType, Resizer};
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, RgbImage};
use image_hasher::{HashAlg, HasherConfig};
use moxcms::{ColorProfile, DataColorSpace, Layout, TransformOptions};

use super::check::{PhotoFormat, PhotoLimits, PhotoRefusal};
use super::structure::PhotoStructure;

/// Pixels along the longer side of the display copy, at most.
const DISPLAY_SIDE: u32 = 1600;
/// JPEG quality of the display copy.
const DISPLAY_QUALITY: u8 = 82;
/// Pixels along the longer side of the thumbnail, at most.
const THUMBNAIL_SIDE: u32 = 320;
/// JPEG quality of the thumbnail.
const THUMBNAIL_QUALITY: u8 = 80;
/// Bytes a decoded pixel may take on average: 8 bits for red, green, blue and opacity.
const BYTES_PER_PIXEL: u64 = 4;

/// The public copies of one photograph and what was learned while making them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Renditions {
    /// JPEG of at most 1600 px a side.
    pub display: Vec<u8>,
    /// JPEG of at most 320 px a side.
    pub thumbnail: Vec<u8>,
    /// Pixels across of the original, upright.
    pub width: u32,
    /// Pixels down of the original, upright.
    pub height: u32,
    /// Blockhash of the upright thumbnail, 8 x 8 bits: pictures that differ in up to 6 bits look alike.
    pub perceptual_hash: i64,
}

/// Makes the public copies of the picture in `bytes`, of which `structure` was read and `orientation` (1 to 8) is known.
///
/// # Errors
/// `Corrupt` when the pixels cannot be decoded, `Bomb` when decoding them would take more memory than was foreseen.
pub fn render(
    bytes: &[u8],
    structure: &PhotoStructure,
    orientation: u8,
    limits: &PhotoLimits,
) -> Result<Renditions, PhotoRefusal> {
    // Decoders are fed by strangers: a panic in one is a damaged picture, not an outage.
    catch_unwind(AssertUnwindSafe(|| {
        render_unguarded(bytes, structure, orientation, limits)
    }))
    .unwrap_or(Err(PhotoRefusal::Corrupt))
}

fn render_unguarded(
    bytes: &[u8],
    structure: &PhotoStructure,
    orientation: u8,
    limits: &PhotoLimits,
) -> Result<Renditions, PhotoRefusal> {
    let picture = bytes.get(..structure.end).ok_or(PhotoRefusal::Truncated)?;
    let (width, height) = fit(structure.width, structure.height, DISPLAY_SIDE);
    let decoded = decode(picture, structure, (width, height), limits)?;
    let profile = decoded.profile.clone();
    let mut pixels = decoded.reduce(width, height)?;
    if let Some(profile) = profile.filter(|profile| profile.len() <= limits.profile_bytes) {
        pixels = to_srgb(pixels, &profile);
    }
    let display = RgbImage::from_raw(width, height, pixels).ok_or(PhotoRefusal::Corrupt)?;
    let display = turn(display, orientation);
    let thumbnail = thumbnail_of(&display)?;
    let sideways = orientation >= 5;
    Ok(Renditions {
        display: encode(&display, DISPLAY_QUALITY)?,
        thumbnail: encode(&thumbnail, THUMBNAIL_QUALITY)?,
        width: if sideways { structure.height } else { structure.width },
        height: if sideways { structure.width } else { structure.height },
        perceptual_hash: perceptual_hash(&thumbnail),
    })
}

fn thumbnail_of(display: &RgbImage) -> Result<RgbImage, PhotoRefusal> {
    let (width, height) = fit(display.width(), display.height(), THUMBNAIL_SIDE);
    let from = (display.width(), display.height());
    let small = shrink(display.as_raw(), from, (width, height), PixelType::U8x3)?;
    RgbImage::from_raw(width, height, small).ok_or(PhotoRefusal::Corrupt)
}

/// Display copy and thumbnail of a picture that has the display copy's size already.
pub(super) fn encode_copies(display: &RgbImage) -> Result<(Vec<u8>, Vec<u8>), PhotoRefusal> {
    let thumbnail = thumbnail_of(display)?;
    Ok((
        encode(display, DISPLAY_QUALITY)?,
        encode(&thumbnail, THUMBNAIL_QUALITY)?,
    ))
}

/// Pixels as a decoder gave them.
struct Decoded {
    pixels: Vec<u8>,
    kind: PixelType,
    width: u32,
    height: u32,
    profile: Option<Vec<u8>>,
}

impl Decoded {
    /// Brings the picture to the size wanted, as opaque RGB.
    fn reduce(self, width: u32, height: u32) -> Result<Vec<u8>, PhotoRefusal> {
        let reduced = if (self.width, self.height) == (width, height) {
            self.pixels
        } else {
            shrink(&self.pixels, (self.width, self.height), (width, height), self.kind)?
        };
        Ok(match self.kind {
            PixelType::U8 => reduced.iter().flat_map(|&grey| [grey; 3]).collect(),
            PixelType::U8x4 => on_white(&reduced),
            _ => reduced,
        })
    }
}

fn decode(
    picture: &[u8],
    structure: &PhotoStructure,
    wanted: (u32, u32),
    limits: &PhotoLimits,
) -> Result<Decoded, PhotoRefusal> {
    let halves = structure.width / 2 >= wanted.0 && structure.height / 2 >= wanted.1;
    if structure.decodes_reduced() && halves {
        decode_reduced(picture, wanted)
    } else {
        decode_full(picture, structure, limits)
    }
}

/// Decodes a baseline JPEG straight to 1/2, 1/4 or 1/8 of its size: memory follows the result, not the original.
fn decode_reduced(picture: &[u8], (width, height): (u32, u32)) -> Result<Decoded, PhotoRefusal> {
    let damaged = |_: jpeg_decoder::Error| PhotoRefusal::Corrupt;
    let side = |pixels: u32| u16::try_from(pixels).map_err(|_| PhotoRefusal::Dimensions);
    let mut decoder = jpeg_decoder::Decoder::new(picture);
    let (width, height) = decoder.scale(side(width)?, side(height)?).map_err(damaged)?;
    let pixels = decoder.decode().map_err(damaged)?;
    let kind = match decoder.info().map(|info| info.pixel_format) {
        Some(jpeg_decoder::PixelFormat::L8) => PixelType::U8,
        Some(jpeg_decoder::PixelFormat::RGB24) => PixelType::U8x3,
        _ => return Err(PhotoRefusal::Corrupt),
    };
    Ok(Decoded {
        pixels,
        kind,
        width: width.into(),
        height: height.into(),
        profile: decoder.icc_profile(),
    })
}

/// Decodes every pixel; of an animation the first frame.
fn decode_full(picture: &[u8], structure: &PhotoStructure, limits: &PhotoLimits) -> Result<Decoded, PhotoRefusal> {
    let format = match structure.format {
        PhotoFormat::Jpeg => ImageFormat::Jpeg,
        PhotoFormat::Png => ImageFormat::Png,
        PhotoFormat::WebP => ImageFormat::WebP,
    };
    let mut reader = ImageReader::with_format(Cursor::new(picture), format);
    let mut bounds = image::Limits::default();
    bounds.max_image_width = Some(limits.longest_side);
    bounds.max_image_height = Some(limits.longest_side);
    bounds.max_alloc = Some(limits.decoder_side_bytes);
    reader.limits(bounds);
    let mut decoder = reader.into_decoder().map_err(|error| refusal(&error))?;
    let (width, height) = decoder.dimensions();
    if (width, height) != (structure.width, structure.height) {
        return Err(PhotoRefusal::Corrupt);
    }
    // The decoder does not hold its output against `max_alloc`.
    if decoder.total_bytes() > limits.full_decode_pixels.saturating_mul(BYTES_PER_PIXEL) {
        return Err(PhotoRefusal::Bomb);
    }
    let profile = decoder.icc_profile().ok().flatten();
    let (pixels, kind) = match DynamicImage::from_decoder(decoder).map_err(|error| refusal(&error))? {
        DynamicImage::ImageLuma8(grey) => (grey.into_raw(), PixelType::U8),
        DynamicImage::ImageRgb8(colour) => (colour.into_raw(), PixelType::U8x3),
        grey @ DynamicImage::ImageLuma16(_) => (grey.into_luma8().into_raw(), PixelType::U8),
        colour @ DynamicImage::ImageRgb16(_) => (colour.into_rgb8().into_raw(), PixelType::U8x3),
        other => (other.into_rgba8().into_raw(), PixelType::U8x4),
    };
    Ok(Decoded {
        pixels,
        kind,
        width,
        height,
        profile,
    })
}

fn refusal(error: &ImageError) -> PhotoRefusal {
    match error {
        ImageError::Limits(_) => PhotoRefusal::Bomb,
        _ => PhotoRefusal::Corrupt,
    }
}

/// The size that fits into a square of `side`, never larger than the picture.
fn fit(width: u32, height: u32, side: u32) -> (u32, u32) {
    let longer = width.max(height).max(1);
    if longer <= side {
        return (width, height);
    }
    let scaled = |length: u32| (length * side + longer / 2) / longer;
    (scaled(width).max(1), scaled(height).max(1))
}

/// Resamples with Lanczos3; with opacity, colours are weighted by it.
fn shrink(pixels: &[u8], from: (u32, u32), to: (u32, u32), kind: PixelType) -> Result<Vec<u8>, PhotoRefusal> {
    if from == to {
        return Ok(pixels.to_vec());
    }
    let source = ImageRef::new(from.0, from.1, pixels, kind).map_err(|_| PhotoRefusal::Corrupt)?;
    let mut result = Image::new(to.0, to.1, kind);
    Resizer::new()
        .resize(&source, &mut result, None)
        .map_err(|_| PhotoRefusal::Corrupt)?;
    Ok(result.into_vec())
}

fn on_white(pixels: &[u8]) -> Vec<u8> {
    let mut opaque = Vec::with_capacity(pixels.len() / 4 * 3);
    for &[red, green, blue, opacity] in pixels.as_chunks::<4>().0 {
        let mix = |colour: u8| {
            let sum = u16::from(colour) * u16::from(opacity) + 255 * (255 - u16::from(opacity));
            u8::try_from((sum + 127) / 255).unwrap_or(u8::MAX)
        };
        opaque.extend([mix(red), mix(green), mix(blue)]);
    }
    opaque
}

/// Converts RGB pixels to sRGB. A profile that cannot be read, or that is not for RGB, leaves them as they are.
fn to_srgb(pixels: Vec<u8>, profile: &[u8]) -> Vec<u8> {
    let Ok(source) = ColorProfile::new_from_slice(profile) else {
        return pixels;
    };
    if source.color_space != DataColorSpace::Rgb {
        return pixels;
    }
    let transform = source.create_transform_8bit(
        Layout::Rgb,
        &ColorProfile::new_srgb(),
        Layout::Rgb,
        TransformOptions::default(),
    );
    let mut result = vec![0; pixels.len()];
    match transform.and_then(|transform| transform.transform(&pixels, &mut result)) {
        Ok(()) => result,
        Err(_) => pixels,
    }
}

fn turn(picture: RgbImage, orientation: u8) -> RgbImage {
    let orientation = Orientation::from_exif(orientation).unwrap_or(Orientation::NoTransforms);
    let mut picture = DynamicImage::ImageRgb8(picture);
    picture.apply_orientation(orientation);
    picture.into_rgb8()
}

fn encode(picture: &RgbImage, quality: u8) -> Result<Vec<u8>, PhotoRefusal> {
    let side = |pixels: u32| u16::try_from(pixels).map_err(|_| PhotoRefusal::Dimensions);
    let (width, height) = (side(picture.width())?, side(picture.height())?);
    let mut written = Vec::new();
    let mut encoder = jpeg_encoder::Encoder::new(&mut written, quality);
    // The encoder's default takes one pixel's colour for four.
    encoder.set_chroma_subsampling_method(jpeg_encoder::ChromaSubsamplingMethod::Average);
    encoder
        .encode(picture.as_raw(), width, height, jpeg_encoder::ColorType::Rgb)
        .map_err(|_| PhotoRefusal::Corrupt)?;
    Ok(written)
}

fn perceptual_hash(thumbnail: &RgbImage) -> i64 {
    let hasher = HasherConfig::with_bytes_type::<[u8; 8]>()
        .hash_alg(HashAlg::Blockhash)
        .hash_size(8, 8)
        .to_hasher();
    i64::from_be_bytes(hasher.hash_image(thumbnail).into_inner())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copies_fit_their_square_and_are_never_enlarged() {
        assert_eq!(fit(4032, 3024, 1600), (1600, 1200));
        assert_eq!(fit(3024, 4032, 320), (240, 320));
        assert_eq!(fit(640, 427, 1600), (640, 427));
        assert_eq!(fit(16_384, 16, 320), (320, 1));
    }

    #[test]
    fn what_is_clear_becomes_white() {
        assert_eq!(on_white(&[10, 20, 30, 255, 10, 20, 30, 0]), [10, 20, 30, 255, 255, 255]);
    }

    #[test]
    fn the_narrowest_picture_still_has_a_hash() {
        perceptual_hash(&RgbImage::new(320, 1));
    }

    #[test]
    fn a_broken_colour_profile_changes_nothing() {
        assert_eq!(to_srgb(vec![1, 2, 3], b"acsp"), [1, 2, 3]);
    }
}
