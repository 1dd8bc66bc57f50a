//! What the photo room promises, on real photographs: the right pictures taken and shown upright, the wrong ones
//! refused for the right reason, nothing private in a public copy, nothing left behind.
//!
//! The pictures come from `tests/samples/fetch`, run here when they are missing; without them these tests fail.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, OnceLock};

use api::photos::{
    LocalFolder, PhotoError, PhotoFormat, PhotoLimits, PhotoRefusal, PhotoStorage, PhotoWorkshop, ProcessedPhoto,
    render_file,
};
use image::RgbImage;
use shared::domain::time::Timestamp;
use tempfile::{NamedTempFile, TempDir};

const LINYI: (f64, f64) = (35.0518, 118.3478);
const TAIL: &[u8] = b"SHOUFA-TAIL-MARK";

/// The folder of sample photographs, fetched once a test run.
fn samples() -> &'static Path {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let folder =
            std::env::var_os("SHOUFA_SAMPLE_PHOTOS").map_or_else(|| root.join("target/sample-photos"), PathBuf::from);
        let script = root.join("tests/samples/fetch");
        let status = Command::new(&script).arg(&folder).status().unwrap();
        assert!(
            status.success(),
            "{} could not bring the sample photographs; its words are above",
            script.display()
        );
        folder
    })
}

fn sample(name: &str) -> PathBuf {
    samples().join(name)
}

/// A workshop over an empty store.
struct Bench {
    folder: TempDir,
    store: LocalFolder,
    workshop: PhotoWorkshop,
}

impl Bench {
    fn new() -> Self {
        Self::with(PhotoLimits::default(), 2, 64)
    }

    fn with(limits: PhotoLimits, at_once: usize, waiting: usize) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = LocalFolder::open(folder.path()).unwrap();
        let workshop = PhotoWorkshop::new(Arc::new(store.clone()), limits, at_once, waiting);
        Self {
            folder,
            store,
            workshop,
        }
    }

    fn upload(&self, bytes: &[u8]) -> NamedTempFile {
        let file = NamedTempFile::new_in(self.store.incoming()).unwrap();
        fs::write(file.path(), bytes).unwrap();
        file
    }

    async fn process(&self, path: &Path) -> Result<ProcessedPhoto, PhotoError> {
        self.workshop.process(self.upload(&fs::read(path).unwrap())).await
    }

    async fn accept(&self, name: &str) -> ProcessedPhoto {
        self.process(&sample(name))
            .await
            .unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    async fn refuse(&self, path: &Path) -> PhotoRefusal {
        match self.process(path).await {
            Err(PhotoError::Refused(refusal)) => refusal,
            other => panic!("{}: {other:?}", path.display()),
        }
    }

    fn renditions(&self, photo: &ProcessedPhoto) -> [Vec<u8>; 2] {
        [&photo.display_key, &photo.thumbnail_key].map(|key| self.store.read(key).unwrap())
    }

    fn display(&self, photo: &ProcessedPhoto) -> RgbImage {
        image::load_from_memory(&self.store.read(&photo.display_key).unwrap())
            .unwrap()
            .into_rgb8()
    }

    fn files_left(&self) -> usize {
        files(self.folder.path()).len()
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

/// The mean difference of a colour value, 0 to 255, between two pictures of the same size.
fn difference(one: &RgbImage, other: &RgbImage) -> f64 {
    assert_eq!(one.dimensions(), other.dimensions());
    let sum: u64 = one
        .as_raw()
        .iter()
        .zip(other.as_raw())
        .map(|(a, b)| u64::from(a.abs_diff(*b)))
        .sum();
    f64::from(u32::try_from(sum).unwrap()) / f64::from(u32::try_from(one.as_raw().len()).unwrap())
}

fn far(one: i64, other: i64) -> u32 {
    (one ^ other).count_ones()
}

#[tokio::test]
async fn however_the_phone_was_held_the_picture_stands_upright() {
    let bench = Bench::new();
    let upright = image::open(sample("china.jpg")).unwrap().into_rgb8();
    let first = bench.accept("orientation-1.jpg").await;
    let names = (1..=8).map(|number| format!("orientation-{number}.jpg"));
    for name in names.chain(["orientation-6.png".to_owned(), "orientation-6.webp".to_owned()]) {
        let photo = bench.accept(&name).await;
        assert_eq!((photo.width, photo.height), (640, 427), "{name}");
        let apart = difference(&bench.display(&photo), &upright);
        assert!(apart < 6.0, "{name} differs by {apart}");
        assert!(
            far(photo.perceptual_hash, first.perceptual_hash) <= 2,
            "{name} hashes apart"
        );
    }
}

#[tokio::test]
async fn no_public_copy_tells_where_when_or_with_what_it_was_taken() {
    let bench = Bench::new();
    let mut names: Vec<String> = [
        "linyi.jpg",
        "photo.png",
        "photo.webp",
        "progressive.jpg",
        "display-p3.jpg",
    ]
    .map(str::to_owned)
    .into();
    names.extend(
        [
            "goexif/sample1.jpg",
            "goexif/samples/has-lens-info.jpg",
            "phone-12mp.jpg",
        ]
        .map(str::to_owned),
    );
    for name in names {
        let photo = bench.accept(&name).await;
        for copy in bench.renditions(&photo) {
            assert!(
                copy.starts_with(&[0xFF, 0xD8, 0xFF]) && copy.ends_with(&[0xFF, 0xD9]),
                "{name}"
            );
            let read = exif::Reader::new().read_from_container(&mut std::io::Cursor::new(&copy));
            assert!(read.is_err(), "{name}: EXIF in a public copy");
            for trace in [
                &b"Exif"[..],
                b"ICC_PROFILE",
                b"http://ns.adobe.com",
                b"Sample Phone Maker",
                b"NIKON",
            ] {
                assert!(!contains(&copy, trace), "{name}: {}", String::from_utf8_lossy(trace));
            }
        }
    }
}

#[tokio::test]
async fn place_and_time_are_offered_as_the_camera_wrote_them() {
    let bench = Bench::new();
    let evening: Timestamp = serde_json::from_str("\"2026-11-20T18:45:30+08:00\"").unwrap();
    for name in [
        "linyi.jpg",
        "linyi-no-zone.jpg",
        "photo.png",
        "photo.webp",
        "progressive.jpg",
        "phone-12mp.jpg",
    ] {
        let hints = bench.accept(name).await.hints;
        let place = hints.place.unwrap_or_else(|| panic!("{name}: no place"));
        assert!(
            (place.latitude - LINYI.0).abs() < 1e-5 && (place.longitude - LINYI.1).abs() < 1e-5,
            "{name}"
        );
        assert_eq!(hints.taken_at, Some(evening), "{name}");
    }
    let beijing = bench.accept("goexif/sample1.jpg").await.hints.place.unwrap();
    assert!((beijing.latitude - 39.9156).abs() < 1e-3 && (beijing.longitude - 116.3908).abs() < 1e-3);
}

#[tokio::test]
async fn a_camera_without_a_fix_or_a_clock_offers_nothing() {
    let bench = Bench::new();
    let hints = bench.accept("null-island.jpg").await.hints;
    assert_eq!((hints.place, hints.taken_at), (None, None));
    assert_eq!(bench.accept("china.jpg").await.hints.place, None);
}

#[tokio::test]
async fn a_phone_photo_becomes_a_display_copy_and_a_thumbnail() {
    let bench = Bench::new();
    let received = fs::read(sample("phone-12mp.jpg")).unwrap();
    let photo = bench.accept("phone-12mp.jpg").await;
    assert_eq!((photo.width, photo.height), (3024, 4032));
    assert_eq!(photo.content_type, PhotoFormat::Jpeg.content_type());
    assert_eq!(photo.bytes, received.len() as u64);
    let counted = Command::new("sha256sum")
        .arg(sample("phone-12mp.jpg"))
        .output()
        .unwrap();
    assert!(
        String::from_utf8(counted.stdout)
            .unwrap()
            .starts_with(&format!("{} ", photo.sha256))
    );
    assert_eq!(bench.store.read(&photo.original_key).unwrap(), received);
    let sizes = bench.renditions(&photo).map(|copy| {
        let picture = image::load_from_memory(&copy).unwrap();
        (picture.width(), picture.height())
    });
    assert_eq!(sizes, [(1200, 1600), (240, 320)]);
    let keys: HashSet<_> = photo.keys().into_iter().collect();
    assert_eq!(keys.len(), 3);
    assert_eq!(bench.files_left(), 3);
    bench.workshop.discard(photo.keys()).await.unwrap();
    assert_eq!(bench.files_left(), 0);
}

#[tokio::test]
async fn the_reduced_decode_shows_what_the_full_one_shows() {
    let bench = Bench::new();
    let photo = bench.accept("phone-12mp.jpg").await;
    let whole = image::open(sample("phone-12mp.jpg")).unwrap().rotate90();
    let expected = whole
        .resize_exact(1200, 1600, image::imageops::FilterType::Lanczos3)
        .into_rgb8();
    let apart = difference(&bench.display(&photo), &expected);
    assert!(apart < 4.0, "differs by {apart}");
}

#[tokio::test]
async fn grey_print_and_half_clear_pictures_are_shown_as_they_look() {
    let bench = Bench::new();
    let upright = image::open(sample("china.jpg")).unwrap();
    let grey = bench.display(&bench.accept("grey.jpg").await);
    assert!(difference(&grey, &image::DynamicImage::ImageLuma8(upright.to_luma8()).into_rgb8()) < 6.0);
    let print = bench.display(&bench.accept("cmyk.jpg").await);
    assert!(difference(&print, &upright.to_rgb8()) < 12.0);
    let half = bench.display(&bench.accept("half-clear.png").await);
    assert!(
        half.get_pixel(20, 200).0.iter().all(|&colour| colour > 250),
        "what is clear is shown white"
    );
    let (left, right) = (half.get_pixel(600, 400).0, upright.to_rgb8().get_pixel(600, 400).0);
    assert!(left.iter().zip(right).all(|(a, b)| a.abs_diff(b) < 30));
    bench.accept("grey16.png").await;
}

#[tokio::test]
async fn the_colours_of_a_wide_gamut_phone_do_not_go_pale() {
    let bench = Bench::new();
    let photo = bench.display(&bench.accept("display-p3.jpg").await);
    let [red, green, blue] = photo.get_pixel(200, 150).0;
    assert!(red > 250 && green < 12 && blue < 12, "({red}, {green}, {blue})");
}

#[tokio::test]
async fn what_is_not_a_sound_picture_is_refused_for_its_reason_and_leaves_nothing() {
    use PhotoRefusal::{Bomb, Corrupt, Dimensions, HeicNotSupported, Truncated, TypeNotAllowed};
    let bench = Bench::new();
    for (name, reason) in [
        ("linyi-truncated.jpg", Truncated),
        ("progressive-truncated.jpg", Truncated),
        ("photo-truncated.png", Truncated),
        ("photo-truncated.webp", Truncated),
        ("photo-damaged.png", Corrupt),
        ("bomb-12000.png", Dimensions),
        ("bomb-4800.png", Bomb),
        ("bomb-header.png", Dimensions),
        ("bomb-65535.jpg", Dimensions),
        ("bomb-claims-8000.jpg", Bomb),
        ("bomb-scans.jpg", Bomb),
        ("drawing.svg", TypeNotAllowed),
        ("drawing-named.jpg", TypeNotAllowed),
        ("page-named.png", TypeNotAllowed),
        ("animation-named.gif", TypeNotAllowed),
        ("empty.jpg", TypeNotAllowed),
        ("phone.heic", HeicNotSupported),
    ] {
        assert_eq!(bench.refuse(&sample(name)).await, reason, "{name}");
        assert_eq!(bench.files_left(), 0, "{name} left a file");
    }
}

#[tokio::test]
async fn a_file_over_the_limit_is_refused() {
    let bench = Bench::with(
        PhotoLimits {
            file_bytes: 100_000,
            ..PhotoLimits::default()
        },
        1,
        8,
    );
    assert_eq!(bench.refuse(&sample("china.jpg")).await, PhotoRefusal::TooLarge);
    assert_eq!(bench.files_left(), 0);
}

#[tokio::test]
async fn camera_files_cut_off_or_with_corrupt_headers_never_bring_it_down() {
    let bench = Bench::new();
    let mut refused = 0;
    let all = files(&samples().join("goexif"));
    assert!(all.len() > 50, "{} files", all.len());
    for path in all {
        match bench.process(&path).await {
            Ok(photo) => bench.workshop.discard(photo.keys()).await.unwrap(),
            Err(PhotoError::Refused(_)) => refused += 1,
            Err(other) => panic!("{}: {other}", path.display()),
        }
        assert_eq!(bench.files_left(), 0, "{}", path.display());
    }
    assert!(refused >= 47, "only {refused} refused");
}

#[tokio::test]
async fn a_place_written_as_text_is_not_guessed_at() {
    let bench = Bench::new();
    let block = fs::read(sample("goexif/samples/geodegrees_as_string.jpg")).unwrap();
    match bench.workshop.process(bench.upload(&block)).await {
        Ok(photo) => assert_eq!(photo.hints.place, None),
        Err(PhotoError::Refused(_)) => {}
        Err(other) => panic!("{other}"),
    }
}

#[tokio::test]
async fn bytes_behind_a_pictures_end_are_kept_nowhere() {
    let bench = Bench::new();
    for name in ["linyi-polyglot.jpg", "photo-polyglot.png", "photo-polyglot.webp"] {
        let received = fs::read(sample(name)).unwrap();
        assert!(contains(&received, TAIL));
        let photo = bench.accept(name).await;
        assert_eq!(photo.bytes, received.len() as u64, "{name}");
        assert!(photo.original_bytes < photo.bytes, "{name}");
        for key in photo.keys() {
            assert!(!contains(&bench.store.read(&key).unwrap(), TAIL), "{name}: {key}");
        }
        let plain = bench.accept(&name.replace("-polyglot", "")).await;
        assert_eq!(bench.renditions(&photo), bench.renditions(&plain), "{name}");
        assert_eq!(
            bench.store.read(&photo.original_key).unwrap(),
            bench.store.read(&plain.original_key).unwrap()
        );
    }
}

#[tokio::test]
async fn the_same_scene_hashes_near_and_another_far() {
    let bench = Bench::new();
    let first = bench.accept("china.jpg").await.perceptual_hash;
    for near in ["photo.webp", "progressive.jpg", "small.jpg", "linyi.jpg"] {
        let apart = far(first, bench.accept(near).await.perceptual_hash);
        assert!(apart <= 6, "{near}: {apart}");
    }
    let apart = far(first, bench.accept("flower.jpg").await.perceptual_hash);
    assert!(apart > 10, "flower.jpg: {apart}");
}

#[tokio::test]
async fn when_too_many_wait_the_next_is_told_to_come_back() {
    let bench = Bench::with(PhotoLimits::default(), 1, 1);
    let bytes = fs::read(sample("linyi.jpg")).unwrap();
    let uploads: Vec<_> = (0..4).map(|_| bench.upload(&bytes)).collect();
    let outcomes = futures_util::future::join_all(uploads.into_iter().map(|file| bench.workshop.process(file))).await;
    let done = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
    let busy = outcomes
        .iter()
        .filter(|outcome| matches!(outcome, Err(PhotoError::Busy)))
        .count();
    assert_eq!((done, busy), (2, 2));
    assert_eq!(bench.files_left(), 6);
    bench.accept("linyi.jpg").await;
}

#[tokio::test]
async fn a_caller_who_goes_away_leaves_no_photo_behind() {
    let bench = Bench::with(PhotoLimits::default(), 1, 1);
    let upload = bench.upload(&fs::read(sample("phone-12mp.jpg")).unwrap());
    let wait = std::time::Duration::from_millis(5);
    assert!(
        tokio::time::timeout(wait, bench.workshop.process(upload))
            .await
            .is_err()
    );
    // The next photo gets its turn only when the abandoned work has ended.
    let next = bench.accept("small.jpg").await;
    bench.workshop.discard(next.keys()).await.unwrap();
    for _ in 0..200 {
        if bench.files_left() == 0 {
            return;
        }
        tokio::time::sleep(wait).await;
    }
    panic!("{} files left", bench.files_left());
}

#[test]
fn a_picture_can_be_rendered_without_a_store() {
    let renditions = render_file(&sample("phone-12mp.jpg"), &PhotoLimits::default()).unwrap();
    assert_eq!((renditions.width, renditions.height), (3024, 4032));
    assert!(renditions.thumbnail.len() < renditions.display.len());
}
