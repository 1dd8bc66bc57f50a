//! What goes into an export, and in which order: the account first, then each case, then the photographs that the person sent.

use std::{collections::VecDeque, sync::Arc};

use serde::Serialize;
use serde_json::json;

use super::archive::{Archive, Entry};
use crate::{
    access::{Actor, PersonActor, phone_number::open_number},
    database::{StoreError, ids::made_at},
    errors::Failure,
    photos::PhotoKey,
    services::Services,
    stores::{
        account_store, case_store, closing_store, export_store, follow_store, notice_store, photo_store::PhotoRow,
    },
    views,
};

/// Cases or photographs read at a time.
const PAGE: i64 = 50;
/// Consents, notices and follows at most in one list: more than a lifetime brings.
const MOST: i64 = 10_000;
const README: &str = "这里是您在本平台的全部个人数据。\r\n\
    account.json 账户、授权、设备、关注和站内消息；cases 文件夹里每件诉求一个文件；photos 文件夹里是您上传的原图。\r\n\
    文件含有您的个人信息，请妥善保管。\r\n";

/// The person's data, read as they are added.
pub(super) struct Content {
    services: Arc<Services>,
    person: i64,
    begun: bool,
    cases: VecDeque<i64>,
    cases_before: Option<i64>,
    photos: VecDeque<PhotoRow>,
    photos_after: Option<i64>,
    parts: i64,
    added: i64,
}

impl Content {
    /// Counts what there is.
    pub(super) async fn of(services: &Arc<Services>, person: i64) -> Result<Self, Failure> {
        let parts = services
            .database
            .readers
            .read(move |connection| {
                let cases = closing_store::count_cases(connection, person)?;
                let photos = export_store::count_photos(connection, person)?;
                Ok::<_, StoreError>(1 + cases + photos)
            })
            .await?;
        Ok(Self {
            services: Arc::clone(services),
            person,
            begun: false,
            cases: VecDeque::new(),
            cases_before: Some(i64::MAX),
            photos: VecDeque::new(),
            photos_after: Some(0),
            parts,
            added: 0,
        })
    }

    /// How much was added; more than 100 when the person wrote something meanwhile.
    pub(super) const fn percent(&self) -> i64 {
        self.added * 100 / self.parts
    }

    /// Adds the next part; `false` when all are there.
    pub(super) async fn add_next(&mut self, archive: &mut Archive) -> Result<bool, Failure> {
        if !self.begun {
            self.begun = true;
            self.add_account(archive).await?;
        } else if let Some(case) = self.next_case().await? {
            self.add_case(archive, case).await?;
        } else if let Some(photo) = self.next_photo().await? {
            self.add_photo(archive, photo).await?;
        } else {
            return Ok(false);
        }
        self.added += 1;
        Ok(true)
    }

    async fn add_account(&self, archive: &mut Archive) -> Result<(), Failure> {
        let (shared, person) = (Arc::clone(&self.services), self.person);
        let account = self
            .services
            .database
            .readers
            .read(move |connection| account_of(&shared, connection, person))
            .await?;
        archive
            .add("account.json".to_owned(), Entry::Text, pretty(&account)?)
            .await?;
        archive.add("说明.txt".to_owned(), Entry::Text, README.into()).await
    }

    async fn next_case(&mut self) -> Result<Option<i64>, Failure> {
        if let (true, Some(before)) = (self.cases.is_empty(), self.cases_before) {
            let person = self.person;
            let page = self
                .services
                .database
                .readers
                .read(move |connection| {
                    case_store::list_of_requester(connection, person, before, PAGE).map_err(StoreError::from)
                })
                .await?;
            self.cases_before = page.last().map(|case| case.id);
            self.cases.extend(page.iter().map(|case| case.id));
        }
        Ok(self.cases.pop_front())
    }

    async fn add_case(&self, archive: &mut Archive, case: i64) -> Result<(), Failure> {
        let owner = Actor::Person(PersonActor::without_session(self.person));
        let shown = views::cases::show_case(&self.services, &owner, case).await?;
        let name = format!("cases/{}.json", self.services.receipts.write(case));
        archive.add(name, Entry::Text, pretty(&shown.view)?).await
    }

    async fn next_photo(&mut self) -> Result<Option<PhotoRow>, Failure> {
        if let (true, Some(after)) = (self.photos.is_empty(), self.photos_after) {
            let person = self.person;
            let page = self
                .services
                .database
                .readers
                .read(move |connection| {
                    export_store::list_photos(connection, person, after, PAGE).map_err(StoreError::from)
                })
                .await?;
            self.photos_after = page.last().map(|photo| photo.id);
            self.photos.extend(page);
        }
        Ok(self.photos.pop_front())
    }

    async fn add_photo(&self, archive: &mut Archive, photo: PhotoRow) -> Result<(), Failure> {
        let key: PhotoKey = photo.original_key.parse().map_err(Failure::internal)?;
        let bytes = self.services.photos.read(key).await?;
        let ending = photo.content_type.rsplit('/').next().unwrap_or("bin");
        archive
            .add(format!("photos/{}.{ending}", photo.id), Entry::Photo, bytes)
            .await
    }
}

fn account_of(
    services: &Services,
    connection: &mut crate::database::DbConnection,
    person: i64,
) -> Result<serde_json::Value, Failure> {
    let store = StoreError::from;
    let row = account_store::get_person(connection, person).map_err(store)?;
    let number = open_number(&services.access.secrets, &row.phone_cipher)?;
    let consents = export_store::list_consents(connection, person, MOST).map_err(store)?;
    let devices = export_store::list_devices(connection, person).map_err(store)?;
    let notices = notice_store::list_notices(connection, person, i64::MAX, MOST).map_err(store)?;
    let follows = follow_store::list_followed(connection, person, i64::MAX, MOST).map_err(store)?;
    let receipt = |id: i64| services.receipts.write(id);
    Ok(json!({
        "phone": number.national(),
        "display_name": row.display_name,
        "locale": row.locale,
        "has_password": row.password_hash.is_some(),
        "registered_at": row.verified_at.map(shared::domain::time::Timestamp),
        "consents": consents.iter().map(|(consent, case)| json!({
            "purpose": consent.purpose,
            "wording_version": consent.wording_version,
            "channel": consent.channel,
            "given_at": made_at(consent.id),
            "withdrawn_at": consent.withdrawn_at.map(shared::domain::time::Timestamp),
            "receipt_no": case.map(receipt),
        })).collect::<Vec<_>>(),
        "devices": devices.iter().map(|device| json!({
            "provider": device.provider,
            "registered_at": made_at(device.id),
            "seen_at": shared::domain::time::Timestamp(device.seen_at),
        })).collect::<Vec<_>>(),
        "follows": follows.iter().map(|case| receipt(case.id)).collect::<Vec<_>>(),
        "notices": notices.iter().map(|notice| json!({
            "at": made_at(notice.id),
            "receipt_no": notice.case_id.map(receipt),
            "title": notice.title,
            "body": notice.body,
        })).collect::<Vec<_>>(),
    }))
}

fn pretty(value: &impl Serialize) -> Result<Vec<u8>, Failure> {
    serde_json::to_vec_pretty(value).map_err(Failure::internal)
}
