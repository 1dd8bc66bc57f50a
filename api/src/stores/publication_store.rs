//! What moderators decided on the words of reports and replies. Decisions are added, never changed: the newest counts.

use std::collections::BTreeMap;

use diesel::{
    IntoSql,
    prelude::*,
    sql_types::{Bool, Nullable, Text},
};
use shared::domain::{case::Visibility, photo::PhotoPurpose, time::Timestamp};

use super::{
    case_store::CaseRow,
    photo_store::{CasePhotoRow, PhotoRow},
};
use crate::database::{
    DbConnection, StoreError, Transaction,
    append::append_row,
    connection::on_each_backend,
    prepared::ExecutePrepared,
    schema::{case_events, case_photos, cases, photos, publications, replies},
};

/// The words of a report.
pub const REPORT: &str = "report";
/// The words of a reply.
pub const REPLY: &str = "reply";
/// Shown to the public.
pub const RELEASED: &str = "released";
/// Not shown to the public.
pub const REFUSED: &str = "refused";
/// Waiting for a moderator.
pub const PENDING: &str = "pending";
/// Not meant for the public.
pub const NONE: &str = "none";
/// Decisions read of one case at most.
const MOST_OF_A_CASE: i64 = 200;

/// A decision on words.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = publications, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct PublicationRow {
    /// Time-ordered id: when it was decided.
    pub id: i64,
    /// The case.
    pub case_id: i64,
    /// [`REPORT`] or [`REPLY`].
    pub subject: String,
    /// The case again, or the reply.
    pub subject_id: i64,
    /// [`RELEASED`] or [`REFUSED`].
    pub decision: String,
    /// The title as the public reads it.
    pub title: Option<String>,
    /// The words as the public reads them.
    pub body: Option<String>,
    /// The spans that were hidden, JSON.
    pub masks: String,
    /// Who decided.
    pub moderator_id: i64,
    /// Why it was refused.
    pub reason: Option<String>,
}
append_row!(PublicationRow, publications::table, order = 60);

impl PublicationRow {
    /// Whether the public may read the words.
    #[must_use]
    pub fn is_released(&self) -> bool {
        self.decision == RELEASED
    }
}

/// What of a reply the public may know besides its words: the cycle, the outcome claimed, when it was released.
pub type ReplyFacts = (i64, String, Option<i64>);

/// The newest decision on each of the case's texts, in the order of their subjects, with the reply where it is one.
///
/// # Errors
/// The database's failure.
pub fn list_latest(
    connection: &mut DbConnection,
    case_id: i64,
) -> QueryResult<Vec<(PublicationRow, Option<ReplyFacts>)>> {
    type Found = (PublicationRow, Option<i64>, Option<String>, Option<i64>);
    let rows: Vec<Found> = publications::table
        .left_join(
            replies::table.on(publications::subject
                .eq(REPLY)
                .and(replies::id.eq(publications::subject_id))),
        )
        .filter(publications::case_id.eq(case_id))
        .order(publications::id.desc())
        .limit(MOST_OF_A_CASE)
        .select((
            PublicationRow::as_select(),
            replies::cycle.nullable(),
            replies::outcome.nullable(),
            replies::released_at.nullable(),
        ))
        .load(connection)?;
    let mut latest = BTreeMap::new();
    for (row, cycle, outcome, released_at) in rows {
        let reply = cycle.zip(outcome).map(|(cycle, outcome)| (cycle, outcome, released_at));
        latest
            .entry((row.subject != REPORT, row.subject_id))
            .or_insert((row, reply));
    }
    Ok(latest.into_values().collect())
}

/// What lists show of what was released: by case, the report's title and the id of the first photo.
#[derive(Debug, Default)]
pub struct Released {
    /// Titles of reports.
    pub titles: BTreeMap<i64, String>,
    /// First photos.
    pub photos: BTreeMap<i64, i64>,
}

/// What was released of these cases, for lists. One statement.
///
/// # Errors
/// The database's failure.
pub fn list_released(connection: &mut DbConnection, case_ids: &[i64]) -> QueryResult<Released> {
    type Found = (i64, i64, bool, Option<String>);
    let mut rows: Vec<Found> = on_each_backend!(connection, |inner| {
        let decisions = publications::table
            .filter(publications::case_id.eq_any(case_ids))
            .filter(publications::subject.eq(REPORT))
            .select((
                publications::case_id,
                publications::id,
                false.into_sql::<Bool>(),
                publications::title,
            ));
        let photos = case_photos::table
            .filter(case_photos::case_id.eq_any(case_ids))
            .filter(case_photos::publication.eq(RELEASED))
            .select((
                case_photos::case_id,
                case_photos::id,
                true.into_sql::<Bool>(),
                None::<String>.into_sql::<Nullable<Text>>(),
            ));
        decisions.union_all(photos).load(inner)
    })?;
    rows.sort_unstable_by_key(|(_, id, ..)| *id);
    let mut released = Released::default();
    for (case_id, id, is_photo, title) in rows {
        match (is_photo, title) {
            (true, _) => {
                released.photos.entry(case_id).or_insert(id);
            }
            (false, Some(title)) => {
                released.titles.insert(case_id, title);
            }
            // A refusal has no title; it takes back what was released before.
            (false, None) => {
                released.titles.remove(&case_id);
            }
        }
    }
    Ok(released)
}

/// The files of a released photo of a case that is public now: display and thumbnail.
///
/// # Errors
/// The database's failure.
pub fn find_public_photo(connection: &mut DbConnection, id: i64) -> QueryResult<Option<(String, String)>> {
    let keys: Option<(Option<String>, Option<String>)> = case_photos::table
        .inner_join(cases::table.on(cases::id.eq(case_photos::case_id)))
        .filter(case_photos::id.eq(id))
        .filter(case_photos::publication.eq(RELEASED))
        .filter(cases::visibility.eq(Visibility::Public.as_str()))
        .filter(cases::publication.ne(NONE))
        .select((case_photos::public_display_key, case_photos::public_thumbnail_key))
        .first(connection)
        .optional()?;
    Ok(keys.and_then(|(display, thumbnail)| display.zip(thumbnail)))
}

/// Cases that wait for a moderator, oldest first, after the id `after`.
///
/// # Errors
/// The database's failure.
pub fn list_pending(connection: &mut DbConnection, after: i64, limit: i64) -> QueryResult<Vec<CaseRow>> {
    cases::table
        .filter(cases::publication.eq(PENDING).and(cases::id.gt(after)))
        .order(cases::id.asc())
        .limit(limit)
        .select(CaseRow::as_select())
        .load(connection)
}

/// Writes a decision on a photo, when nobody else decided meanwhile.
///
/// # Errors
/// `Stale`; the database's failure.
pub fn set_photo(
    transaction: &mut Transaction<'_>,
    id: i64,
    version: i64,
    publication: &'static str,
    keys: Option<(&str, &str)>,
) -> Result<(), StoreError> {
    transaction.guarded(|connection| {
        diesel::update(case_photos::table.filter(case_photos::id.eq(id).and(case_photos::version.eq(version))))
            .set((
                case_photos::version.eq(version + 1),
                case_photos::publication.eq(publication),
                case_photos::public_display_key.eq(keys.map(|(display, _)| display)),
                case_photos::public_thumbnail_key.eq(keys.map(|(_, thumbnail)| thumbnail)),
            ))
            .execute_prepared(connection)
    })
}

/// Writes whether a case's words and photos are released, when the row still has the version that was read.
///
/// # Errors
/// `Stale`; the database's failure.
pub fn set_publication(
    transaction: &mut Transaction<'_>,
    row: &CaseRow,
    publication: &'static str,
    now: Timestamp,
) -> Result<(), StoreError> {
    transaction.guarded(|connection| {
        diesel::update(cases::table.filter(cases::id.eq(row.id).and(cases::version.eq(row.version))))
            .set((
                cases::version.eq(row.version + 1),
                cases::publication.eq(publication),
                cases::updated_at.eq(now.0),
            ))
            .execute_prepared(connection)
    })
}

/// The public cases of one person, oldest first, after the id `after`.
///
/// # Errors
/// The database's failure.
pub fn list_public_of(
    connection: &mut DbConnection,
    requester_id: i64,
    after: i64,
    limit: i64,
) -> QueryResult<Vec<CaseRow>> {
    cases::table
        .filter(cases::requester_id.eq(requester_id).and(cases::id.gt(after)))
        .filter(cases::visibility.eq(Visibility::Public.as_str()))
        .order(cases::id.asc())
        .limit(limit)
        .select(CaseRow::as_select())
        .load(connection)
}

/// Takes a case out of the public's sight for good, when the row still has the version that was read.
///
/// # Errors
/// `Stale`; the database's failure.
pub fn hide_case(transaction: &mut Transaction<'_>, row: &CaseRow, now: Timestamp) -> Result<(), StoreError> {
    transaction.guarded(|connection| {
        diesel::update(cases::table.filter(cases::id.eq(row.id).and(cases::version.eq(row.version))))
            .set((
                cases::version.eq(row.version + 1),
                cases::visibility.eq(Visibility::Private.as_str()),
                cases::publication.eq(NONE),
                cases::updated_at.eq(now.0),
            ))
            .execute_prepared(connection)
    })
}

/// A photo that a moderator decides on, with the photograph where it arrived.
#[derive(Debug, Clone)]
pub struct ModeratedPhoto {
    /// The photo in its case.
    pub named: CasePhotoRow,
    /// The photograph itself.
    pub photo: Option<PhotoRow>,
}

/// The photos of a case that the public may come to see: not those of internal progress, nor of replies that were not released.
///
/// # Errors
/// The database's failure.
pub fn list_photos_to_moderate(connection: &mut DbConnection, case_id: i64) -> QueryResult<Vec<ModeratedPhoto>> {
    type Found = (CasePhotoRow, Option<PhotoRow>, Option<String>, Option<String>);
    let rows: Vec<Found> = case_photos::table
        .left_join(photos::table.on(case_photos::photo_id.eq(photos::id.nullable())))
        .left_join(case_events::table.on(case_events::id.eq(case_photos::subject_id)))
        .left_join(replies::table.on(replies::id.eq(case_photos::subject_id)))
        .filter(case_photos::case_id.eq(case_id))
        .order(case_photos::id.asc())
        .limit(500)
        .select((
            CasePhotoRow::as_select(),
            Option::<PhotoRow>::as_select(),
            case_events::audience.nullable(),
            replies::state.nullable(),
        ))
        .load(connection)?;
    let shown = |(named, _, audience, reply): &Found| match named.purpose.parse() {
        Ok(PhotoPurpose::Report | PhotoPurpose::Information) => true,
        Ok(PhotoPurpose::Progress) => audience.as_deref() == Some("public"),
        Ok(PhotoPurpose::ReplyBefore | PhotoPurpose::ReplyAfter) => reply.as_deref() == Some(RELEASED),
        Err(_) => false,
    };
    Ok(rows
        .into_iter()
        .filter(shown)
        .map(|(named, photo, ..)| ModeratedPhoto { named, photo })
        .collect())
}
