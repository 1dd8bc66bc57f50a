//! What residents and staff are promised about photographs, over HTTP, on both databases and with real pictures.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test may end where its premise fails"
)]

use std::{path::Path, sync::Arc};

use api::{
    access::{Actor, PersonActor, RequestContext},
    background::tidy_photos_once,
    config::Config,
    database::StoreError,
    stores::photo_store,
    usecases::cases::{NewCase, NewPlace, SubmittedCase, submit_case},
};
use serde_json::Value;
use sha2::{Digest, Sha256};
use shared::{
    contract::{photo::PhotoView, problem::ProblemCode},
    domain::{case::Visibility, hexadecimal::lower_hex, role::Role},
};
use system_tests::{
    samples::sample,
    server::{TestActor, TestAnswer, TestServer, on_both, on_both_with, on_sqlite_with},
};

const JPEG: &[(&str, &str)] = &[("Content-Type", "image/jpeg")];
const TAIL: &[u8] = b"SHOUFA-TAIL-MARK";

async fn upload(actor: &TestActor, name: &str) -> TestAnswer {
    actor.post_body("/api/v1/photos", JPEG, sample(name)).await.unwrap()
}

async fn uploaded(actor: &TestActor, name: &str) -> PhotoView {
    upload(actor, name).await.expect(201).json()
}

fn hash(bytes: &[u8]) -> String {
    lower_hex(&Sha256::digest(bytes))
}

fn files(folder: &Path) -> usize {
    std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| if path.is_dir() { files(&path) } else { 1 })
        .sum()
}

fn stored(server: &TestServer) -> usize {
    files(&server.services.config.data.join("photos"))
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

/// A report that names these photographs.
async fn report(server: &TestServer, requester: &TestActor, photos: Vec<String>) -> SubmittedCase {
    let actor = Actor::Person(PersonActor::without_session(requester.id().parse().unwrap()));
    let new = NewCase {
        title: None,
        text: "东关村路灯不亮，晚上下夜班看不见路，请尽快修好。".to_owned(),
        kind: None,
        category: Some("facilities.street_light".to_owned()),
        place: NewPlace {
            region: Some("371323".to_owned()),
            ..NewPlace::default()
        },
        visibility: Some(Visibility::Public),
        answers: vec![],
        photos,
        complained_unit: None,
        channel: "app".to_owned(),
        wants_push: false,
    };
    submit_case(&server.services, &actor, &RequestContext::default(), new)
        .await
        .unwrap()
}

async fn publication_of(server: &TestServer, case_id: i64) -> (String, i64) {
    server
        .services
        .database
        .readers
        .read(move |connection| {
            let row = api::stores::case_store::get_case(connection, case_id).map_err(StoreError::from)?;
            Ok::<_, StoreError>((row.publication, row.version))
        })
        .await
        .unwrap()
}

#[test]
fn place_and_time_are_read_and_offered_and_are_in_no_rendition() {
    on_both(async |server: TestServer| {
        let resident = server.citizen("13805390001").await;
        let photo = uploaded(&resident, "linyi.jpg").await;
        assert_eq!(photo.sha256, hash(&sample("linyi.jpg")));
        let (latitude, longitude) = (photo.hints.latitude.unwrap(), photo.hints.longitude.unwrap());
        assert!((latitude - 35.0518).abs() < 1e-5 && (longitude - 118.3478).abs() < 1e-5);
        assert_eq!(photo.hints.in_city, Some(true));
        assert!(photo.hints.taken_at.is_some());
        for url in [&photo.display_url, &photo.thumbnail_url] {
            let answer = resident.get(url).await.expect(200);
            assert_eq!(answer.header("content-type"), Some("image/jpeg"));
            assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
            assert!(answer.body.starts_with(&[0xFF, 0xD8, 0xFF]));
            assert!(!contains(&answer.body, b"Exif"), "{url}");
        }
        let elsewhere = uploaded(&resident, "goexif/sample1.jpg").await;
        assert_eq!(elsewhere.hints.in_city, Some(false), "Beijing");
        assert_eq!(uploaded(&resident, "china.jpg").await.hints.in_city, None);
    });
}

#[test]
fn the_same_picture_again_is_the_same_photograph_also_from_a_form() {
    on_both(async |server: TestServer| {
        let resident = server.citizen("13805390001").await;
        let first = uploaded(&resident, "china.jpg").await;
        let kept = stored(&server);
        let again: PhotoView = upload(&resident, "china.jpg").await.expect(200).json();
        assert_eq!(again, first);
        let (headers, body) = form(&[("photo", &sample("china.jpg"))]);
        let in_form = resident
            .post_body("/api/v1/photos", &[("Content-Type", &headers)], body)
            .await
            .unwrap();
        assert_eq!(in_form.expect(200).json::<PhotoView>(), first);
        assert_eq!(stored(&server), kept, "nothing is kept twice");
        let other = server.citizen("13805390002").await;
        assert_ne!(
            uploaded(&other, "china.jpg").await.id,
            first.id,
            "each sender has an own one"
        );
    });
}

/// A form's content type and body.
fn form(fields: &[(&str, &[u8])]) -> (String, Vec<u8>) {
    let mut body = Vec::new();
    for (name, bytes) in fields {
        let head = format!(
            "--mark\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"照片.jpg\"\r\nContent-Type: image/jpeg\r\n\r\n"
        );
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"--mark--\r\n");
    ("multipart/form-data; boundary=mark".to_owned(), body)
}

#[test]
fn every_refusal_says_why_and_leaves_nothing_behind() {
    on_both(async |server: TestServer| {
        use ProblemCode as P;
        let resident = server.citizen("13805390001").await;
        for (name, code) in [
            ("linyi-truncated.jpg", P::PhotoTruncated),
            ("photo-truncated.png", P::PhotoTruncated),
            ("photo-damaged.png", P::PhotoCorrupt),
            ("bomb-12000.png", P::PhotoDimensions),
            ("bomb-scans.jpg", P::PhotoBomb),
            ("drawing.svg", P::PhotoTypeNotAllowed),
            ("drawing-named.jpg", P::PhotoTypeNotAllowed),
            ("page-named.png", P::PhotoTypeNotAllowed),
            ("empty.jpg", P::PhotoTypeNotAllowed),
            ("phone.heic", P::PhotoHeicNotSupported),
        ] {
            upload(&resident, name).await.problem(code);
        }
        let picture = sample("small.jpg");
        let wrong = "0".repeat(64);
        let announced = [("Content-Type", "image/jpeg"), ("X-Content-SHA256", wrong.as_str())];
        let answer = resident
            .post_body("/api/v1/photos", &announced, picture.clone())
            .await
            .unwrap();
        answer.problem(P::PhotoHashMismatch);
        let path = format!("/api/v1/photos?sha256={wrong}");
        let answer = resident.post_body(&path, JPEG, picture.clone()).await.unwrap();
        answer.problem(P::PhotoHashMismatch);
        let answer = resident
            .post_body("/api/v1/photos?sha256=abc", JPEG, picture.clone())
            .await
            .unwrap();
        answer.problem(P::Invalid);
        let html = [("Content-Type", "text/html")];
        let answer = resident
            .post_body("/api/v1/photos", &html, picture.clone())
            .await
            .unwrap();
        answer.problem(P::UnsupportedMediaType);
        for fields in [vec![], vec![("a", picture.as_slice()), ("b", picture.as_slice())]] {
            let (kind, body) = form(&fields);
            let headers = [("Content-Type", kind.as_str())];
            let answer = resident.post_body("/api/v1/photos", &headers, body).await.unwrap();
            answer.problem(P::Malformed);
        }
        server
            .anonymous()
            .post_body("/api/v1/photos", JPEG, picture.clone())
            .await
            .unwrap()
            .problem(P::SignInRequired);
        assert_eq!(stored(&server), 0);
        let right = format!("/api/v1/photos?sha256={}", hash(&picture).to_uppercase());
        resident.post_body(&right, JPEG, picture).await.unwrap().expect(201);
    });
}

#[test]
fn a_body_over_the_limit_is_refused_whether_its_length_is_told_or_not() {
    on_both_with(
        |config: &mut Config| config.photos.file_bytes = 300_000,
        async |server: TestServer| {
            let resident = server.citizen("13805390001").await;
            let large = vec![0xFF; 300_001];
            let told = resident.post_body("/api/v1/photos", JPEG, large.clone()).await.unwrap();
            told.expect(413).problem(ProblemCode::PhotoTooLarge);
            let (status, answer) = send_in_pieces(&server, &resident, large.clone()).await;
            assert_eq!(status, 413, "{answer}");
            assert!(answer.contains("photo_too_large"), "{answer}");
            let (kind, body) = form(&[("photo", &large)]);
            let in_form = resident
                .post_body("/api/v1/photos", &[("Content-Type", &kind)], body)
                .await
                .unwrap();
            in_form.expect(413).problem(ProblemCode::PhotoTooLarge);
            assert_eq!(stored(&server), 0);
        },
    );
}

#[test]
fn a_body_of_many_megabytes_is_refused_at_the_usual_limit() {
    on_sqlite_with(
        |_| {},
        async |server: TestServer| {
            let resident = server.citizen("13805390001").await;
            let mut large = sample("small.jpg");
            large.resize(26_000_000, 0);
            let (status, answer) = send_in_pieces(&server, &resident, large).await;
            assert_eq!(status, 413, "{answer}");
            assert!(answer.contains("photo_too_large"), "{answer}");
            assert_eq!(stored(&server), 0);
        },
    );
}

/// Sends a body in pieces without telling its length, and answers the status and the body of the answer.
async fn send_in_pieces(server: &TestServer, actor: &TestActor, bytes: Vec<u8>) -> (u16, String) {
    use std::io::{Read, Write};
    let address = server.base.trim_start_matches("http://").to_owned();
    let head = format!(
        "POST /api/v1/photos HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {}\r\nContent-Type: image/jpeg\r\n\
         Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n",
        actor.bearer()
    );
    let sent = tokio::task::spawn_blocking(move || {
        let mut stream = std::net::TcpStream::connect(address).unwrap();
        stream.write_all(head.as_bytes()).unwrap();
        for piece in bytes.chunks(65_536) {
            let size = format!("{:x}\r\n", piece.len());
            // A server that has heard enough may stop listening.
            let taken = stream
                .write_all(size.as_bytes())
                .and_then(|()| stream.write_all(piece))
                .and_then(|()| stream.write_all(b"\r\n"));
            if taken.is_err() {
                break;
            }
        }
        let _ended = stream.write_all(b"0\r\n\r\n");
        let mut answer = Vec::new();
        let _closed = stream.read_to_end(&mut answer);
        String::from_utf8_lossy(&answer).into_owned()
    });
    let answer = sent.await.unwrap();
    let status = answer.split(' ').nth(1).and_then(|word| word.parse().ok());
    (status.unwrap_or_default(), answer)
}

#[test]
fn report_and_photographs_find_each_other_in_either_order() {
    on_both(async |server: TestServer| {
        let resident = server.citizen("13805390001").await;
        let early = uploaded(&resident, "linyi.jpg").await;
        let late = hash(&sample("china.jpg"));
        let case = report(&server, &resident, vec![early.sha256.clone(), late.clone()]).await;
        assert!(
            upload(&resident, "linyi.jpg")
                .await
                .expect(200)
                .json::<PhotoView>()
                .attached
        );
        let (_, version) = publication_of(&server, case.id).await;

        // Somebody else's picture with the same bytes is not the one that was named.
        let other = server.citizen("13805390002").await;
        assert!(!uploaded(&other, "china.jpg").await.attached);
        assert!(uploaded(&resident, "china.jpg").await.attached);
        let (publication, changed) = publication_of(&server, case.id).await;
        assert_eq!(changed, version + 1, "the case changed");
        assert_eq!(publication, "pending");
        let named = server
            .services
            .database
            .readers
            .read(move |connection| photo_store::list_case_photos(connection, case.id).map_err(StoreError::from))
            .await
            .unwrap();
        let hashes: Vec<_> = named.iter().map(|(named, _)| named.sha256.clone()).collect();
        assert_eq!(hashes, [early.sha256.clone(), late]);
        assert!(
            named
                .iter()
                .all(|(named, photo)| photo.is_some() && named.photo_id.is_some())
        );

        resident
            .delete(&format!("/api/v1/photos/{}", early.id))
            .await
            .expect(409)
            .problem(ProblemCode::ActionNotAllowed);
    });
}

#[test]
fn a_photograph_is_shown_to_those_concerned_and_hidden_from_all_others() {
    on_both(async |server: TestServer| {
        let resident = server.citizen("13805390001").await;
        let other = server.citizen("13805390002").await;
        let clerk = server.staff(Role::Clerk, "3713.hotline").await;
        let analyst = server.staff(Role::Analyst, "3713.hotline").await;
        let moderator = server.staff(Role::Moderator, "3713.hotline").await;
        let photo = uploaded(&resident, "linyi-polyglot.jpg").await;
        let original = format!("/api/v1/photos/{}/original", photo.id);
        for stranger in [&other, &clerk, &analyst, &moderator] {
            stranger
                .get(&photo.display_url)
                .await
                .expect(404)
                .problem(ProblemCode::NotFound);
            stranger
                .delete(&format!("/api/v1/photos/{}", photo.id))
                .await
                .problem(ProblemCode::NotFound);
        }
        report(&server, &resident, vec![photo.sha256.clone()]).await;
        for concerned in [&resident, &clerk, &moderator] {
            concerned.get(&photo.display_url).await.expect(200);
            concerned.get(&photo.thumbnail_url).await.expect(200);
        }
        for stranger in [&other, &analyst] {
            stranger.get(&photo.display_url).await.expect(404);
        }
        server
            .anonymous()
            .get(&photo.display_url)
            .await
            .problem(ProblemCode::SignInRequired);

        clerk.get(&original).await.expect(403).problem(ProblemCode::Forbidden);
        resident.get(&original).await.expect(403);
        let answer = moderator.get(&original).await.expect(200);
        assert_eq!(answer.header("content-type"), Some("image/jpeg"));
        assert!(answer.header("content-disposition").unwrap().starts_with("attachment"));
        assert!(contains(&answer.body, b"Exif"), "as it was taken");
        assert!(!contains(&answer.body, TAIL), "but for what followed the picture");
        let shown = resident.get(&photo.display_url).await;
        assert!(!contains(&shown.body, TAIL) && !contains(&shown.body, b"Exif"));
        assert_eq!(audited(&server, "photo.read_original").await, 1);
    });
}

async fn audited(server: &TestServer, action: &'static str) -> i64 {
    use api::database::schema::audit_records;
    use diesel::prelude::*;
    server
        .services
        .database
        .readers
        .read(move |connection| {
            audit_records::table
                .filter(audit_records::action.eq(action))
                .count()
                .get_result(connection)
                .map_err(StoreError::from)
        })
        .await
        .unwrap()
}

#[test]
fn what_no_case_names_is_removed_by_its_sender_or_after_a_day() {
    on_both(async |server: TestServer| {
        let resident = server.citizen("13805390001").await;
        let unwanted = uploaded(&resident, "flower.jpg").await;
        resident
            .delete(&format!("/api/v1/photos/{}", unwanted.id))
            .await
            .expect(204);
        resident.get(&unwanted.display_url).await.expect(404);
        assert_eq!(stored(&server), 0);

        let wanted = uploaded(&resident, "linyi.jpg").await;
        let forgotten = uploaded(&resident, "china.jpg").await;
        report(&server, &resident, vec![wanted.sha256]).await;
        server.clock.advance_minutes(24 * 60 - 1);
        assert_eq!(tidy_photos_once(&server.services).await.unwrap(), 0);
        server.clock.advance_minutes(2);
        assert_eq!(tidy_photos_once(&server.services).await.unwrap(), 1);
        assert_eq!(tidy_photos_once(&server.services).await.unwrap(), 0);
        assert_eq!(stored(&server), 3, "original and renditions of the wanted one");
        let _gone: Value = sign_in_again(&server, "13805390001")
            .await
            .get(&forgotten.display_url)
            .await
            .expect(404)
            .value();
    });
}

/// Tokens end while the clock is moved.
async fn sign_in_again(server: &TestServer, phone: &str) -> TestActor {
    server.citizen(phone).await
}

#[test]
fn nobody_piles_up_photographs_without_a_case() {
    on_sqlite_with(
        |_| {},
        async |server: TestServer| {
            let resident = server.citizen("13805390001").await;
            let first = uploaded(&resident, "small.jpg").await;
            copies(&server, first.id.0, 59).await;
            let refused = upload(&resident, "flower.jpg").await.expect(429);
            assert!(refused.header("retry-after").is_some());
            refused.problem(ProblemCode::TooManyAttempts);
            upload(&resident, "small.jpg").await.expect(200);
            assert_eq!(stored(&server), 3);
        },
    );
}

/// Rows of further photographs by the same sender.
async fn copies(server: &TestServer, photo_id: i64, count: i64) {
    let services = Arc::clone(&server.services);
    services
        .database
        .writer
        .write(move |transaction| {
            let row = transaction.read(|connection| photo_store::get_photo(connection, photo_id))?;
            for number in 1..=count {
                let mut copy = row.clone();
                copy.id += number;
                copy.sha256 = format!("{number:064}");
                photo_store::insert_photo(transaction, &copy)?;
            }
            Ok::<_, StoreError>(())
        })
        .await
        .unwrap();
}
