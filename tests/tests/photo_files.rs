//! What lies in the photo folder is what rows name: leftovers of a cut-off program go, and so do the public copies of what
//! was taken back from the public.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may end where its premise fails"
)]

mod reports;

use std::{
    fs::File,
    path::{Path, PathBuf},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use api::{
    photos::{PhotoKey, Shelf},
    usecases::photos::remove_unnamed::remove_unnamed,
};
use reports::{lamp, receipt, release_all, submit};
use serde_json::json;
use shared::{contract::photo::PhotoView, domain::role::Role};
use system_tests::{
    samples::sample,
    server::{TestServer, beginning, on_both},
};

fn folder(server: &TestServer) -> PathBuf {
    server.services.config.data.join("photos")
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries
        .flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] })
        .collect()
}

/// `hours` after the test's beginning.
fn hour(hours: i64) -> SystemTime {
    let micros = beginning().plus_minutes(hours * 60).0;
    UNIX_EPOCH + Duration::from_micros(micros.try_into().unwrap())
}

/// Stores a file that no row names, written at this hour, as a power cut after the storing leaves it.
fn leave(server: &TestServer, key: &PhotoKey, hours: i64) -> PathBuf {
    let path = folder(server).join(key.as_str());
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(&path, sample("small.jpg")).unwrap();
    File::options()
        .write(true)
        .open(&path)
        .unwrap()
        .set_modified(hour(hours))
        .unwrap();
    path
}

async fn tidy(server: &TestServer) -> usize {
    let mut removed = 0;
    for shelf in Shelf::all() {
        removed += remove_unnamed(&server.services, shelf).await.unwrap();
    }
    removed
}

#[test]
fn a_file_that_no_row_names_goes_after_a_day_and_every_named_one_stays() {
    on_both(async |server: TestServer| {
        let resident = server.citizen("13805390001").await;
        let headers = [("Content-Type", "image/jpeg")];
        let answer = resident
            .post_body("/api/v1/photos", &headers, sample("china.jpg"))
            .await;
        let photo: PhotoView = answer.unwrap().expect(201).json();
        let mut report = lamp();
        report.photos = vec![photo.sha256.clone()];
        let receipt = receipt(&server, submit(&server, &resident, report).await);
        let moderator = server.staff(Role::Moderator, "3713.hotline").await;
        release_all(&moderator, &receipt).await;
        let named = files(&folder(&server));
        assert_eq!(named.len(), 5, "original, two renditions, two public copies");
        for path in &named {
            File::options()
                .write(true)
                .open(path)
                .unwrap()
                .set_modified(hour(1))
                .unwrap();
        }

        let original = leave(&server, &PhotoKey::new_original("image/png"), 1);
        let rendition = leave(&server, &PhotoKey::new_rendition(), 2);
        let recent = leave(&server, &PhotoKey::new_rendition(), 20);
        let of_another_database = leave(&server, &PhotoKey::new_original("image/jpeg"), -1);
        let not_ours = folder(&server).join("originals").join("读我.txt");
        std::fs::write(&not_ours, "管理员放的").unwrap();
        assert_eq!(tidy(&server).await, 0, "within the day a row may still come");

        server.clock.advance_minutes(30 * 60);
        assert_eq!(tidy(&server).await, 2);
        assert!(!original.exists() && !rendition.exists());
        assert!(recent.exists() && of_another_database.exists() && not_ours.exists());
        assert!(named.iter().all(|path| path.exists()));
        assert_eq!(tidy(&server).await, 0);
    });
}

#[test]
fn the_public_copies_go_with_the_consent_and_the_requester_keeps_the_photo() {
    on_both(async |server: TestServer| {
        let resident = server.citizen("13805390001").await;
        let headers = [("Content-Type", "image/jpeg")];
        let answer = resident
            .post_body("/api/v1/photos", &headers, sample("china.jpg"))
            .await;
        let photo: PhotoView = answer.unwrap().expect(201).json();
        let mut report = lamp();
        report.photos = vec![photo.sha256.clone()];
        let receipt = receipt(&server, submit(&server, &resident, report).await);
        let moderator = server.staff(Role::Moderator, "3713.hotline").await;
        release_all(&moderator, &receipt).await;
        let path = format!("/api/v1/public/cases/{receipt}");
        let shown = server.anonymous().get(&path).await.expect(200).value();
        let url = shown["photos"][0]["display"].as_str().unwrap().to_owned();
        server.anonymous().get(&url).await.expect(200);
        assert_eq!(files(&folder(&server)).len(), 5);

        let withdrawn = json!({ "given": false });
        let answer = resident.put("/api/v1/me/consents/publication", &withdrawn).await;
        assert!((200..300).contains(&answer.status));
        server.anonymous().get(&url).await.expect(404);
        assert_eq!(files(&folder(&server)).len(), 3, "the copies are off the disk");
        resident.get(&photo.display_url).await.expect(200);
    });
}
