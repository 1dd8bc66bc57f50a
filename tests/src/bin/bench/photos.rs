//! Photos to both renditions against `vipsthumbnail`, whole processes, CPU less their start; and the peak of memory.

use std::{
    fs, io,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use api::photos::{PhotoLimits, render_file};

use super::table::{Goal, Table};

/// What one picture cost.
pub(crate) struct Picture {
    /// Its name in the table.
    pub(crate) name: &'static str,
    /// Our CPU for both renditions, less the process start.
    pub(crate) ours: Duration,
    /// `vipsthumbnail` for both renditions, less two process starts.
    pub(crate) reference: Duration,
    /// Our peak memory in megabytes.
    pub(crate) peak: f64,
}

/// Runs in the child: renders the picture, or nothing when there is none (to measure the start alone).
pub(crate) fn child(path: Option<&Path>) -> io::Result<()> {
    if let Some(path) = path {
        let rendered =
            render_file(path, &PhotoLimits::default()).map_err(|error| io::Error::other(format!("{error:?}")))?;
        std::hint::black_box(rendered);
    }
    Ok(())
}

/// Measures the pictures of the sample folder that are there.
pub(crate) fn measure(samples: &Path, folder: &Path, batches: usize) -> io::Result<Vec<Picture>> {
    let pictures = [("12 megapixels", "phone-12mp.jpg"), ("48 megapixels", "phone-48mp.jpg")];
    let program = std::env::current_exe()?;
    let start = least(batches, || run(Command::new(&program).arg("render-photo")))?;
    let vips_start = least(batches, || run(Command::new("vipsthumbnail").arg("--version")))?;
    let mut measured = Vec::new();
    for (name, file) in pictures {
        let path = samples.join(file);
        if !path.exists() {
            return Err(io::Error::other(format!(
                "{} is not there: run tests/samples/fetch --large",
                path.display()
            )));
        }
        let mut peak: f64 = 0.0;
        let ours = least(batches, || {
            let memory = run(Command::new(&program).arg("render-photo").arg(&path))?;
            peak = peak.max(memory);
            Ok(memory)
        })?;
        let reference = least(batches, || {
            thumbnail(&path, folder, 1600)?;
            thumbnail(&path, folder, 320)
        })?;
        measured.push(Picture {
            name,
            ours: ours.saturating_sub(start),
            reference: reference.saturating_sub(vips_start * 2),
            peak,
        });
    }
    Ok(measured)
}

/// Measures and adds the figures; the pictures are made by `tests/samples/fetch --large`.
pub(crate) fn report(asked: &super::Asked, table: &mut Table) -> io::Result<()> {
    let samples =
        std::env::var_os("SHOUFA_SAMPLE_PHOTOS").map_or_else(|| PathBuf::from("target/sample-photos"), PathBuf::from);
    let folder = tempfile::tempdir()?;
    for (picture, most) in measure(&samples, folder.path(), if asked.quick { 1 } else { 3 })?
        .into_iter()
        .zip([0.75, 0.85])
    {
        let ratio = picture.ours.as_secs_f64() / picture.reference.as_secs_f64();
        let seen = format!(
            "{ratio:.2} ({} ms against {} ms)",
            picture.ours.as_millis(),
            picture.reference.as_millis()
        );
        table.add(
            format!("CPU of both renditions to vipsthumbnail, {}", picture.name),
            ratio,
            Goal::AtMost(most),
            seen,
        );
        let seen = format!("{:.0} MB", picture.peak);
        table.add(
            format!("peak memory of rendering, {}", picture.name),
            picture.peak,
            Goal::AtMost(80.0),
            seen,
        );
    }
    Ok(())
}

/// Runs in a batch share one reading of the kernel's clock, which counts in hundredths of a second.
const BATCH: u32 = 5;

fn thumbnail(path: &Path, folder: &Path, side: u32) -> io::Result<f64> {
    let out: PathBuf = folder.join(format!("{side}.jpg[Q=82,strip]"));
    run(Command::new("vipsthumbnail")
        .arg(path)
        .args(["--size", &format!("{side}x{side}>"), "-o"])
        .arg(out))
}

/// CPU of one run: the mean of a batch, the least of some batches.
fn least(batches: usize, mut one: impl FnMut() -> io::Result<f64>) -> io::Result<Duration> {
    let mut best = Duration::MAX;
    for _ in 0..batches {
        let before = children_cpu();
        for _ in 0..BATCH {
            one()?;
        }
        best = best.min((children_cpu().saturating_sub(before)) / BATCH);
    }
    Ok(best)
}

/// Runs a program to its end and answers its peak memory in megabytes.
fn run(command: &mut Command) -> io::Result<f64> {
    let mut child = command.stdout(std::process::Stdio::null()).spawn()?;
    let mut peak: f64 = 0.0;
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status;
        }
        peak = peak.max(super::machine::memory_of(child.id()).1);
        std::thread::sleep(Duration::from_millis(1));
    };
    if status.success() {
        Ok(peak)
    } else {
        Err(io::Error::other("the measured program failed"))
    }
}

/// CPU of all children waited for: fields 16 and 17 of `/proc/self/stat`, in hundredths of a second.
fn children_cpu() -> Duration {
    let text = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after = text.rsplit(") ").next().unwrap_or_default();
    let ticks: u64 = after
        .split_whitespace()
        .skip(13)
        .take(2)
        .filter_map(|field| field.parse::<u64>().ok())
        .sum();
    Duration::from_millis(ticks * 10)
}
