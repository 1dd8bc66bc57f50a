//! One public case: its facts, the words and photos that were released, and the sentences of its timeline that are for everybody.

use diesel::prelude::*;
use shared::{
    contract::{
        case::CaseSupervisionView,
        problem::ProblemCode,
        public_case::{PublicCaseView, PublicEventView, PublicPhotoView, PublicReplyView},
    },
    domain::{id::ReplyId, receipt::ReceiptCodec, time::Timestamp},
};

use super::face::{address, facts, rating, shows_words};
use crate::{
    city::City,
    database::{
        DbConnection, StoreError,
        ids::made_at,
        schema::{case_events, case_photos, cases, ratings},
    },
    errors::Failure,
    services::Services,
    stores::{
        case_store::CaseRow,
        parse_word,
        publication_store::{self, PENDING, RELEASED, REPORT},
        supervision_store,
    },
    views::case_parts,
};

/// Entries of the timeline shown.
const MOST_EVENTS: i64 = 200;

/// The public face of the case with this id: four statements, and one more when it was ever supervised.
///
/// # Errors
/// `NotFound` for what is not public, whether it exists or not; `Busy`.
pub async fn public_case(services: &Services, id: i64) -> Result<PublicCaseView, Failure> {
    let city = services.city();
    let (receipts, now) = (services.receipts.clone(), services.now());
    services
        .database
        .readers
        .read(move |connection| show(connection, &city, &receipts, id, now))
        .await
}

fn show(
    connection: &mut DbConnection,
    city: &City,
    receipts: &ReceiptCodec,
    id: i64,
    now: Timestamp,
) -> Result<PublicCaseView, Failure> {
    let (row, rated) = case_with_rating(connection, id)?.ok_or(ProblemCode::NotFound)?;
    public_face(connection, city, receipts, &row, rated, now)
}

/// What the public sees of this case: three statements more, four when it was ever supervised.
///
/// # Errors
/// `NotFound` for what is not public.
pub(in crate::views) fn public_face(
    connection: &mut DbConnection,
    city: &City,
    receipts: &ReceiptCodec,
    row: &CaseRow,
    rated: Option<Rated>,
    now: Timestamp,
) -> Result<PublicCaseView, Failure> {
    if !row.is_public() {
        return Err(ProblemCode::NotFound.into());
    }
    let id = row.id;
    let mut view = PublicCaseView {
        facts: facts(city, receipts, row)?,
        text: None,
        awaits_moderation: row.publication == PENDING,
        commitment: case_parts::commitment(&row.facts()?, false, now),
        replies: Vec::new(),
        photos: Vec::new(),
        supervisions: supervisions(connection, row)?,
        timeline: timeline(connection, id)?,
    };
    view.facts.rating = rated
        .map(|(cycle, grade, resolved)| rating(cycle, grade, &resolved))
        .transpose()?;
    if shows_words(row) {
        add_words(connection, &mut view, id)?;
        add_photos(connection, &mut view, id)?;
    }
    Ok(view)
}

/// Cycle, grade and whether it is solved.
pub(in crate::views) type Rated = (i64, i64, String);

/// The row of a case, public or not, with its latest rating.
///
/// # Errors
/// The database's failure.
pub(in crate::views) fn case_with_rating(
    connection: &mut DbConnection,
    id: i64,
) -> Result<Option<(CaseRow, Option<Rated>)>, Failure> {
    type Found = (CaseRow, Option<i64>, Option<i64>, Option<String>);
    let found: Option<Found> = cases::table
        .left_join(ratings::table.on(ratings::case_id.eq(cases::id)))
        .filter(cases::id.eq(id))
        .order(ratings::id.desc())
        .select((
            CaseRow::as_select(),
            ratings::cycle.nullable(),
            ratings::grade.nullable(),
            ratings::resolved.nullable(),
        ))
        .first(connection)
        .optional()
        .map_err(StoreError::from)?;
    Ok(found.map(|(row, cycle, grade, resolved)| {
        let rated = cycle.zip(grade).zip(resolved);
        (row, rated.map(|((cycle, grade), resolved)| (cycle, grade, resolved)))
    }))
}

fn add_words(connection: &mut DbConnection, view: &mut PublicCaseView, id: i64) -> Result<(), Failure> {
    let decided = publication_store::list_latest(connection, id).map_err(StoreError::from)?;
    for (row, reply) in decided.into_iter().filter(|(row, _)| row.is_released()) {
        if row.subject == REPORT {
            view.facts.title = row.title;
            view.text = row.body;
        } else if let (Some(text), Some((cycle, outcome, released_at))) = (row.body, reply) {
            view.replies.push(PublicReplyView {
                id: ReplyId(row.subject_id),
                text,
                outcome: parse_word("replies.outcome", &outcome).ok(),
                cycle: u32::try_from(cycle).unwrap_or_default(),
                replied_at: released_at.map(Timestamp),
            });
        }
    }
    Ok(())
}

fn add_photos(connection: &mut DbConnection, view: &mut PublicCaseView, id: i64) -> Result<(), Failure> {
    let photos: Vec<(i64, String)> = case_photos::table
        .filter(case_photos::case_id.eq(id).and(case_photos::publication.eq(RELEASED)))
        .order(case_photos::id.asc())
        .limit(200)
        .select((case_photos::id, case_photos::purpose))
        .load(connection)
        .map_err(StoreError::from)?;
    view.facts.thumbnail = photos.first().map(|(photo, _)| address(*photo, "thumbnail"));
    view.photos = photos
        .into_iter()
        .map(|(photo, purpose)| PublicPhotoView {
            display: address(photo, "display"),
            thumbnail: address(photo, "thumbnail"),
            purpose,
        })
        .collect();
    Ok(())
}

fn supervisions(connection: &mut DbConnection, row: &CaseRow) -> Result<Vec<CaseSupervisionView>, StoreError> {
    if row.tier == 0 {
        return Ok(Vec::new());
    }
    let rows = supervision_store::list_of_case(connection, row.id)?;
    rows.iter().map(case_parts::supervision).collect()
}

/// What happened, in the platform's own sentences for everybody: nothing in them was typed by anyone.
fn timeline(connection: &mut DbConnection, id: i64) -> Result<Vec<PublicEventView>, StoreError> {
    let events: Vec<(i64, Option<String>)> = case_events::table
        .filter(case_events::case_id.eq(id).and(case_events::audience.eq("public")))
        .order(case_events::id.asc())
        .limit(MOST_EVENTS)
        .select((case_events::id, case_events::public_sentence))
        .load(connection)?;
    let views = events.into_iter().filter_map(|(event, sentence)| {
        Some(PublicEventView {
            at: made_at(event),
            sentence: sentence?,
        })
    });
    Ok(views.collect())
}
