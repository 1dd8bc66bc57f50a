//! Photographs and the cases that name them. A case may name a photograph before it arrives; whichever comes second
//! joins the two. Which words and how many a caller may send is checked before.

use diesel::{dsl::not, prelude::*};
use shared::domain::{
    case::Visibility,
    photo::{PhotoHash, PhotoPurpose},
    time::Timestamp,
};

use crate::database::{
    DbConnection, StoreError, Transaction,
    append::append_row,
    prepared::ExecutePrepared,
    schema::{case_events, case_photos, cases, photos, replies, work_orders},
};

use super::case_store::CaseRow;

/// A photograph that was received and rendered. It never changes, but for being attached.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = photos)]
pub struct PhotoRow {
    /// Time-ordered id: when it was received.
    pub id: i64,
    /// The account that sent it.
    pub uploader_id: i64,
    /// [`PhotoHash`] of the bytes as they were sent.
    pub sha256: String,
    /// Media type of the original.
    pub content_type: String,
    /// Bytes of the original as it is kept.
    pub byte_count: i64,
    /// Pixels across, upright.
    pub width: i64,
    /// Pixels down, upright.
    pub height: i64,
    /// Where the private original is kept.
    pub original_key: String,
    /// Where the rendition for the screen is kept.
    pub display_key: String,
    /// Where the small rendition is kept.
    pub thumbnail_key: String,
    /// Near pictures differ in few of its 64 bits.
    pub perceptual_hash: i64,
    /// What the camera wrote about place and time, JSON; offered to the sender, never believed.
    pub hints: String,
    /// A case names it.
    pub attached: bool,
}

/// A photograph that a case names, arrived or still expected.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = case_photos, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct CasePhotoRow {
    /// Time-ordered id.
    pub id: i64,
    /// One more at every change.
    pub version: i64,
    /// The case.
    pub case_id: i64,
    /// The account that named it, and alone may send it.
    pub uploader_id: i64,
    /// [`PhotoHash`].
    pub sha256: String,
    /// The photograph, once it arrived.
    pub photo_id: Option<i64>,
    /// `PhotoPurpose`.
    pub purpose: String,
    /// What it belongs to: the case itself, the timeline's entry or the reply.
    pub subject_id: i64,
    /// The moderator's decision: `pending` until there is one.
    pub publication: String,
    /// The released rendition for the screen.
    pub public_display_key: Option<String>,
    /// The released small rendition.
    pub public_thumbnail_key: Option<String>,
}
append_row!(CasePhotoRow, case_photos::table, order = 60);

/// The photograph with this id.
///
/// # Errors
/// `NotFound`, or the database's failure.
pub fn get_photo(connection: &mut DbConnection, id: i64) -> QueryResult<PhotoRow> {
    photos::table.find(id).select(PhotoRow::as_select()).first(connection)
}

/// The photograph that this account sent with these bytes.
///
/// # Errors
/// The database's failure.
pub fn find_photo(connection: &mut DbConnection, uploader_id: i64, sha256: &str) -> QueryResult<Option<PhotoRow>> {
    photos::table
        .filter(photos::uploader_id.eq(uploader_id).and(photos::sha256.eq(sha256)))
        .select(PhotoRow::as_select())
        .first(connection)
        .optional()
}

/// All photographs that a case names, in the order in which they were named, with the photograph where it arrived.
///
/// # Errors
/// The database's failure.
pub fn list_case_photos(
    connection: &mut DbConnection,
    case_id: i64,
) -> QueryResult<Vec<(CasePhotoRow, Option<PhotoRow>)>> {
    case_photos::table
        .left_join(photos::table.on(case_photos::photo_id.eq(photos::id.nullable())))
        .filter(case_photos::case_id.eq(case_id))
        .order(case_photos::id.asc())
        .limit(500)
        .select((CasePhotoRow::as_select(), Option::<PhotoRow>::as_select()))
        .load(connection)
}

/// Whether a case waits for this photograph.
///
/// # Errors
/// The database's failure.
pub fn is_expected(connection: &mut DbConnection, uploader_id: i64, sha256: &str) -> QueryResult<bool> {
    diesel::select(diesel::dsl::exists(
        case_photos::table.filter(
            case_photos::photo_id
                .is_null()
                .and(case_photos::uploader_id.eq(uploader_id))
                .and(case_photos::sha256.eq(sha256)),
        ),
    ))
    .get_result(connection)
}

/// Adds a photograph now, so that what runs later in the same group finds it.
///
/// # Errors
/// `Duplicate` when the account sent it before; the database's failure.
pub fn insert_photo(transaction: &mut Transaction<'_>, row: &PhotoRow) -> Result<(), StoreError> {
    transaction.change(|connection| diesel::insert_into(photos::table).values(row).execute(connection))?;
    Ok(())
}

/// What a case names.
#[derive(Debug)]
pub struct Named<'a> {
    /// The case.
    pub case_id: i64,
    /// The case itself, the timeline's entry or the reply.
    pub subject_id: i64,
    /// The account that sends them.
    pub uploader_id: i64,
    /// What they show.
    pub purpose: PhotoPurpose,
    /// At most [`shared::domain::photo::MOST_PHOTOS`], each once.
    pub hashes: &'a [PhotoHash],
}

/// Writes down which photographs belong to a case, and joins those that are here already.
///
/// # Errors
/// The database's failure.
pub fn insert_named(
    transaction: &mut Transaction<'_>,
    named: &Named<'_>,
    mut next_id: impl FnMut() -> i64,
) -> Result<(), StoreError> {
    if named.hashes.is_empty() {
        return Ok(());
    }
    let hashes: Vec<&str> = named.hashes.iter().map(PhotoHash::as_str).collect();
    let here: Vec<(i64, String)> = transaction.read(|connection| {
        photos::table
            .filter(
                photos::uploader_id
                    .eq(named.uploader_id)
                    .and(photos::sha256.eq_any(hashes)),
            )
            .select((photos::id, photos::sha256))
            .load(connection)
    })?;
    let found: Vec<i64> = here.iter().map(|(id, _)| *id).collect();
    set_attached(transaction, &found)?;
    if !found.is_empty() && matches!(named.purpose, PhotoPurpose::Information | PhotoPurpose::Progress) {
        set_to_moderate(transaction, &[named.case_id], None)?;
    }
    for hash in named.hashes {
        let photo = here.iter().find(|(_, sha256)| sha256 == hash.as_str());
        transaction.append(CasePhotoRow {
            id: next_id(),
            version: 1,
            case_id: named.case_id,
            uploader_id: named.uploader_id,
            sha256: hash.as_str().to_owned(),
            photo_id: photo.map(|(id, _)| *id),
            purpose: named.purpose.as_str().to_owned(),
            subject_id: named.subject_id,
            publication: "pending".to_owned(),
            public_display_key: None,
            public_thumbnail_key: None,
        });
    }
    Ok(())
}

/// Joins a photograph to every case that waits for it. Those cases change, and what is public of them is looked at again.
/// Answers whether any waited.
///
/// # Errors
/// The database's failure.
pub fn attach_photo(
    transaction: &mut Transaction<'_>,
    photo_id: i64,
    uploader_id: i64,
    sha256: &str,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let waiting: Vec<(i64, i64)> = transaction.read(|connection| {
        case_photos::table
            .filter(case_photos::photo_id.is_null())
            .filter(
                case_photos::uploader_id
                    .eq(uploader_id)
                    .and(case_photos::sha256.eq(sha256)),
            )
            .order(case_photos::id.asc())
            .limit(100)
            .select((case_photos::id, case_photos::case_id))
            .load(connection)
    })?;
    if waiting.is_empty() {
        return Ok(false);
    }
    let ids: Vec<i64> = waiting.iter().map(|(id, _)| *id).collect();
    transaction.change(|connection| {
        diesel::update(
            case_photos::table
                .filter(case_photos::id.eq_any(&ids))
                .filter(case_photos::photo_id.is_null()),
        )
        .set((
            case_photos::photo_id.eq(Some(photo_id)),
            case_photos::version.eq(case_photos::version + 1),
        ))
        .execute_prepared(connection)
    })?;
    set_attached(transaction, &[photo_id])?;
    let mut named: Vec<i64> = waiting.iter().map(|(_, case_id)| *case_id).collect();
    named.sort_unstable();
    named.dedup();
    set_to_moderate(transaction, &named, Some(now))?;
    Ok(true)
}

fn set_attached(transaction: &mut Transaction<'_>, ids: &[i64]) -> Result<(), StoreError> {
    if ids.is_empty() {
        return Ok(());
    }
    transaction.change(|connection| {
        diesel::update(
            photos::table
                .filter(photos::id.eq_any(ids))
                .filter(not(photos::attached)),
        )
        .set(photos::attached.eq(true))
        .execute_prepared(connection)
    })?;
    Ok(())
}

/// Public cases go back to the moderator. With `changed`, the cases count as changed: a decision about what they held
/// before then meets a newer version. A step in the same transaction has done that already.
fn set_to_moderate(
    transaction: &mut Transaction<'_>,
    case_ids: &[i64],
    changed: Option<Timestamp>,
) -> Result<(), StoreError> {
    if let Some(now) = changed {
        transaction.change(|connection| {
            diesel::update(cases::table.filter(cases::id.eq_any(case_ids)))
                .set((cases::version.eq(cases::version + 1), cases::updated_at.eq(now.0)))
                .execute_prepared(connection)
        })?;
    }
    transaction.change(|connection| {
        diesel::update(
            cases::table
                .filter(cases::id.eq_any(case_ids))
                .filter(cases::visibility.eq(Visibility::Public.as_str()))
                .filter(cases::publication.eq_any(["released", "refused"])),
        )
        .set(cases::publication.eq("pending"))
        .execute_prepared(connection)
    })?;
    Ok(())
}

/// Photographs that no case names, received before the id `before`, oldest first, after the id `after`.
///
/// # Errors
/// The database's failure.
pub fn list_unattached(
    connection: &mut DbConnection,
    after: i64,
    before: i64,
    limit: i64,
) -> QueryResult<Vec<PhotoRow>> {
    photos::table
        .filter(not(photos::attached))
        .filter(photos::id.gt(after).and(photos::id.lt(before)))
        .order(photos::id.asc())
        .limit(limit)
        .select(PhotoRow::as_select())
        .load(connection)
}

/// Photographs of this account that no case names, counted up to `most`.
///
/// # Errors
/// The database's failure.
pub fn count_unattached(connection: &mut DbConnection, uploader_id: i64, most: i64) -> QueryResult<i64> {
    let ids: Vec<i64> = photos::table
        .filter(photos::uploader_id.eq(uploader_id))
        .filter(not(photos::attached))
        .limit(most)
        .select(photos::id)
        .load(connection)?;
    Ok(i64::try_from(ids.len()).unwrap_or(most))
}

/// Photographs that arrived while the case that names them was being written by another process, at most `limit`.
///
/// # Errors
/// The database's failure.
pub fn list_missed(connection: &mut DbConnection, limit: i64) -> QueryResult<Vec<PhotoRow>> {
    photos::table
        .inner_join(
            case_photos::table.on(case_photos::uploader_id
                .eq(photos::uploader_id)
                .and(case_photos::sha256.eq(photos::sha256))
                .and(case_photos::photo_id.is_null())),
        )
        .filter(not(photos::attached))
        .order(photos::id.asc())
        .limit(limit)
        .select(PhotoRow::as_select())
        .load(connection)
}

/// Forgets a photograph that no case names. Its files are the caller's to remove, after the commit.
///
/// # Errors
/// `Stale` when a case named it meanwhile or it is gone; the database's failure.
pub fn delete_unattached(transaction: &mut Transaction<'_>, id: i64) -> Result<(), StoreError> {
    transaction.guarded(|connection| {
        diesel::delete(photos::table.filter(photos::id.eq(id).and(not(photos::attached)))).execute(connection)
    })
}

/// The places where this photograph is named, each with its case, oldest first, at most a hundred.
///
/// # Errors
/// The database's failure.
pub fn list_uses(connection: &mut DbConnection, photo_id: i64) -> QueryResult<Vec<(CasePhotoRow, CaseRow)>> {
    case_photos::table
        .inner_join(cases::table.on(case_photos::case_id.eq(cases::id)))
        .filter(case_photos::photo_id.eq(photo_id))
        .order(case_photos::id.asc())
        .limit(100)
        .select((CasePhotoRow::as_select(), CaseRow::as_select()))
        .load(connection)
}

/// The units that have or had a part in these cases and did not give it back: case and unit.
///
/// # Errors
/// The database's failure.
pub fn list_units(connection: &mut DbConnection, case_ids: &[i64]) -> QueryResult<Vec<(i64, String)>> {
    work_orders::table
        .filter(work_orders::case_id.eq_any(case_ids))
        .filter(work_orders::stage.ne_all(["returned", "cancelled"]))
        .select((work_orders::case_id, work_orders::unit))
        .limit(2_000)
        .load(connection)
}

/// Which of these timeline entries and replies the requester may read.
///
/// # Errors
/// The database's failure.
pub fn list_told(connection: &mut DbConnection, subject_ids: &[i64]) -> QueryResult<Vec<i64>> {
    let mut told: Vec<i64> = case_events::table
        .filter(
            case_events::id
                .eq_any(subject_ids)
                .and(case_events::audience.ne("staff")),
        )
        .select(case_events::id)
        .load(connection)?;
    let released: Vec<i64> = replies::table
        .filter(replies::id.eq_any(subject_ids).and(replies::state.eq("released")))
        .select(replies::id)
        .load(connection)?;
    told.extend(released);
    Ok(told)
}
