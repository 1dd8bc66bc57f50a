//! A backup is taken while residents report with photographs; the data are deleted and restored. What was acknowledged before the
//! backup began is there again, the photographs are the same bytes, the audit trail is as it was written, and whoever was signed in
//! still is.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test says what went wrong by failing"
)]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Output, Stdio},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use reqwest::Client;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use shared::domain::hexadecimal::lower_hex;
use system_tests::{
    fake_sms::{BEARER, FakeSms},
    process::{ServerProcess, Setting, program},
    samples::sample,
    schema::Schema,
};
use tokio::sync::Mutex;

const PHONE: &str = "13853900007";
const CLIENTS: usize = 6;

/// Receipts that were acknowledged, each with the hash of its photograph.
type Acknowledged = Arc<Mutex<BTreeMap<String, String>>>;

#[tokio::test(flavor = "multi_thread")]
async fn what_was_acknowledged_before_a_backup_comes_back_on_sqlite() {
    lost_and_restored(None).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_acknowledged_before_a_backup_comes_back_on_postgresql() {
    let schema = Schema::make();
    lost_and_restored(Some(&schema)).await;
}

async fn lost_and_restored(schema: Option<&Schema>) {
    let place = tempfile::tempdir().unwrap();
    let (data, store) = (place.path().join("data"), place.path().join("backups"));
    fs::create_dir(&data).unwrap();
    let sms = FakeSms::start().unwrap();
    let mut setting = Setting::new(&data)
        .unwrap()
        .with("SHOUFA_SMS_URL", sms.address())
        .with("SHOUFA_SMS_TOKEN", BEARER)
        .with("SHOUFA_LOG", "warn");
    if let Some(schema) = schema {
        setting = setting.with("DATABASE_URL", schema.url());
    }
    let server = ServerProcess::start(&setting).await.unwrap();
    let resident = register(&server.base(), &sms).await;
    let load = Load::start(&server.base(), &resident.access);
    tokio::time::sleep(Duration::from_secs(2)).await;

    let head = place.path().join("head.json");
    let published = reqwest::get(format!("{}/api/v1/public/audit-head", server.base())).await;
    fs::write(&head, published.unwrap().bytes().await.unwrap()).unwrap();
    let before = load.acknowledged.lock().await.clone();
    assert!(before.len() >= 5, "only {} reports before the backup", before.len());
    let first = shoufa(&setting, &["backup", path(&store), "--verify"]).await;
    assert!(
        first.status.success() && said(&first).contains("verified"),
        "{}",
        said(&first)
    );
    let after = load.acknowledged.lock().await.len();
    assert!(after > before.len(), "reports go on while the backup is taken");
    let backup = only_backup(&store);
    tokio::time::sleep(Duration::from_millis(1100)).await;
    load.stop().await;
    let second = shoufa(&setting, &["backup", path(&store)]).await;
    assert!(second.status.success(), "{}", said(&second));
    let (all, new) = photographs(&said(&second));
    assert!(
        0 < new && new < all,
        "a second backup copies what is new: {}",
        said(&second)
    );
    only_for_their_owner(&store);

    // Beside data that are there, nothing is restored.
    server.kill().unwrap();
    let refused = shoufa(&setting, &["restore", path(&backup)]).await;
    assert!(
        !refused.status.success() && said(&refused).contains("--replace"),
        "{}",
        said(&refused)
    );

    fs::remove_dir_all(&data).unwrap();
    fs::create_dir(&data).unwrap();
    if let Some(schema) = schema {
        schema.empty();
    }
    let restored = shoufa(&setting, &["restore", path(&backup)]).await;
    assert!(restored.status.success(), "{}", said(&restored));
    let verified = shoufa(&setting, &["audit", "verify", "--published", path(&head)]).await;
    assert!(
        verified.status.success() && said(&verified).contains("as it was written"),
        "{}",
        said(&verified)
    );
    let server = ServerProcess::start(&setting).await.unwrap();
    everything_is_there(&server.base(), &resident, &before, &data).await;

    // A damaged photograph is named, and nothing is put in its place.
    let damaged = a_photograph(&store);
    fs::set_permissions(&damaged, fs::Permissions::from_mode(0o600)).unwrap();
    fs::write(&damaged, "别的内容").unwrap();
    drop(server);
    let refused = shoufa(&setting, &["restore", "--replace", path(&store)]).await;
    let name = damaged.file_name().unwrap().to_string_lossy().into_owned();
    assert!(
        !refused.status.success() && said(&refused).contains(&name),
        "{}",
        said(&refused)
    );
    assert!(data.join("keys.json").exists(), "what was there still is");
}

/// The backup into a place that is taken, with the program's leave: what was there is put aside and can be looked at.
#[tokio::test(flavor = "multi_thread")]
async fn what_a_restored_backup_replaces_is_put_aside() {
    let schema = Schema::make();
    for database in [None, Some(schema.url())] {
        let place = tempfile::tempdir().unwrap();
        let (data, store) = (place.path().join("data"), place.path().join("backups"));
        let mut setting = Setting::new(&data).unwrap().with("SHOUFA_LOG", "warn");
        if let Some(url) = database {
            setting = setting.with("DATABASE_URL", url);
        }
        fs::create_dir(&data).unwrap();
        drop(ServerProcess::start(&setting).await.unwrap());
        assert!(shoufa(&setting, &["backup", path(&store)]).await.status.success());
        let restored = shoufa(&setting, &["restore", path(&store), "--replace"]).await;
        assert!(restored.status.success(), "{}", said(&restored));
        let aside = |name: &str| {
            let mut names = fs::read_dir(&data).unwrap().map(|entry| entry.unwrap().file_name());
            names.any(|other| other.to_string_lossy().starts_with(name))
        };
        assert!(aside("keys.replaced_") && aside("photos.replaced_"));
        assert!(database.is_some() || aside("shoufa.db.replaced_"));
        drop(ServerProcess::start(&setting).await.unwrap());
        if database.is_some() {
            schema.drop_put_aside();
        }
    }
}

async fn everything_is_there(base: &str, resident: &Resident, before: &BTreeMap<String, String>, data: &Path) {
    let client = Client::new();
    let refreshed = client
        .post(format!("{base}/api/v1/sessions/refresh"))
        .json(&json!({ "refresh_token": resident.refresh }))
        .send()
        .await
        .unwrap();
    assert!(
        refreshed.status().is_success(),
        "a session outlives the loss: {}",
        refreshed.status()
    );
    let tokens: Value = refreshed.json().await.unwrap();
    let token = tokens["access_token"].as_str().unwrap();
    let me = get(&client, &format!("{base}/api/v1/me"), token).await;
    assert!(
        me["phone"].as_str().unwrap().ends_with("0007"),
        "the number is opened with the restored keys: {me}"
    );
    let originals: BTreeSet<String> = files(&data.join("photos/originals"))
        .iter()
        .map(|file| hash(&fs::read(file).unwrap()))
        .collect();
    for (receipt, photo) in before {
        let case = get(&client, &format!("{base}/api/v1/cases/{receipt}"), token).await;
        let url = case["photos"][0]["display"]
            .as_str()
            .expect("a photograph with the case");
        let shown = client
            .get(format!("{base}{url}"))
            .bearer_auth(token)
            .send()
            .await
            .unwrap();
        assert!(shown.status().is_success(), "{url}: {}", shown.status());
        assert!(
            originals.contains(photo),
            "the photograph of {receipt} is the same bytes"
        );
    }
}

struct Resident {
    access: String,
    refresh: String,
}

async fn register(base: &str, sms: &FakeSms) -> Resident {
    let client = Client::new();
    let asked = client
        .post(format!("{base}/api/v1/accounts/codes"))
        .json(&json!({ "phone": PHONE }))
        .send();
    assert!(asked.await.unwrap().status().is_success());
    let code = loop {
        if let Some(code) = sms.latest_code(&format!("+86{PHONE}")) {
            break code;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    };
    let made = client
        .post(format!("{base}/api/v1/accounts"))
        .json(&json!({ "phone": PHONE, "code": code }))
        .send();
    let tokens: Value = made.await.unwrap().json().await.unwrap();
    let token = |name: &str| tokens[name].as_str().unwrap().to_owned();
    Resident {
        access: token("access_token"),
        refresh: token("refresh_token"),
    }
}

/// Residents who report with photographs, one after the other, until told to stop.
struct Load {
    acknowledged: Acknowledged,
    stop: Arc<AtomicBool>,
    clients: Vec<tokio::task::JoinHandle<()>>,
}

impl Load {
    fn start(base: &str, token: &str) -> Self {
        let (acknowledged, stop) = (Acknowledged::default(), Arc::new(AtomicBool::new(false)));
        let picture = Arc::new(sample("small.jpg"));
        let clients = (0..CLIENTS).map(|phone| {
            let (base, token, picture) = (base.to_owned(), token.to_owned(), Arc::clone(&picture));
            let (acknowledged, stop) = (Arc::clone(&acknowledged), Arc::clone(&stop));
            tokio::spawn(async move {
                let client = Client::new();
                for number in 0.. {
                    if stop.load(Ordering::Relaxed) {
                        break;
                    }
                    let mark = format!("{phone}-{number}");
                    let bytes = with_comment(&picture, &mark);
                    let photo = hash(&bytes);
                    let receipt = report(&client, &base, &token, &mark, bytes, &photo).await;
                    acknowledged.lock().await.insert(receipt, photo);
                }
            })
        });
        let clients = clients.collect();
        Self {
            acknowledged,
            stop,
            clients,
        }
    }

    async fn stop(self) {
        self.stop.store(true, Ordering::Relaxed);
        for client in self.clients {
            client.await.unwrap();
        }
    }
}

/// Other bytes, the same picture: a comment behind the JPEG's first marker.
fn with_comment(picture: &[u8], words: &str) -> Vec<u8> {
    let (start, rest) = picture.split_at(2);
    let length = u16::try_from(words.len() + 2).unwrap().to_be_bytes();
    [start, &[0xFF, 0xFE], &length, words.as_bytes(), rest].concat()
}

async fn report(client: &Client, base: &str, token: &str, mark: &str, bytes: Vec<u8>, photo: &str) -> String {
    let uploaded = client
        .post(format!("{base}/api/v1/photos"))
        .bearer_auth(token)
        .header("Content-Type", "image/jpeg")
        .body(bytes)
        .send()
        .await
        .unwrap();
    assert!(uploaded.status().is_success(), "{}", uploaded.text().await.unwrap());
    let answer = client
        .post(format!("{base}/api/v1/cases"))
        .bearer_auth(token)
        .header("Idempotency-Key", format!("report-of-phone-{mark}"))
        .json(&json!({
            "text": format!("沂城街道罗家庄村口路灯不亮，夜班回家看不清路。编号{mark}"),
            "category": "facilities.street_light",
            "visibility": "public",
            "place": { "words": "村口大路" },
            "photos": [photo],
        }))
        .send()
        .await
        .unwrap();
    let status = answer.status();
    let body: Value = answer.json().await.unwrap();
    assert!(status.is_success(), "{status}: {body}");
    body["receipt_no"].as_str().unwrap().to_owned()
}

async fn get(client: &Client, address: &str, token: &str) -> Value {
    let answer = client.get(address).bearer_auth(token).send().await.unwrap();
    assert!(answer.status().is_success(), "{address}: {}", answer.status());
    answer.json().await.unwrap()
}

/// Runs `shoufa` with what the server is set to.
async fn shoufa(setting: &Setting, arguments: &[&str]) -> Output {
    let mut command = program().unwrap();
    command
        .env_remove("DATABASE_URL")
        .env("SHOUFA_DATA", &setting.data)
        .envs(&setting.variables)
        .args(arguments)
        .stdin(Stdio::null());
    tokio::task::spawn_blocking(move || command.output().unwrap())
        .await
        .unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

fn path(path: &Path) -> &str {
    path.to_str().unwrap()
}

fn hash(bytes: &[u8]) -> String {
    lower_hex(&Sha256::digest(bytes))
}

/// `… 12 photographs, 3 of them new`.
fn photographs(text: &str) -> (usize, usize) {
    let line = text.lines().find(|line| line.contains("of them new")).unwrap();
    let numbers: Vec<usize> = line.split([' ', ',']).filter_map(|word| word.parse().ok()).collect();
    (numbers[numbers.len() - 2], numbers[numbers.len() - 1])
}

fn only_backup(store: &Path) -> PathBuf {
    let mut found = fs::read_dir(store).unwrap().map(|entry| entry.unwrap().path());
    found.find(|path| path.join("manifest.json").is_file()).unwrap()
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
    found
}

fn a_photograph(store: &Path) -> PathBuf {
    files(&store.join("photos/originals")).into_iter().next().unwrap()
}

fn only_for_their_owner(store: &Path) {
    for file in files(store) {
        let mode = fs::metadata(&file).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{}", file.display());
    }
}
