//! One case for a caller: all of it for its requester, its public face for everybody else. At most four statements.

use std::sync::Arc;

use shared::{
    contract::{
        case::{AllowedActionView, CaseView, OwnCaseView, PrimaryCaseView},
        problem::ProblemCode,
        public_case::PublicCaseView,
    },
    domain::{
        case::{Action, CaseFacts, CaseState, allowed_actions},
        receipt::ReceiptCodec,
        time::Timestamp,
    },
};

use super::{entries, summary::summary};
use crate::{
    access::{Actor, viewpoint::actor_facts},
    city::City,
    database::{DbConnection, StoreError},
    errors::Failure,
    services::Services,
    stores::{
        case_parts_store::{self, CaseParts},
        case_store::{self, CaseRow},
    },
    views::{
        case_parts,
        public::{case_with_rating, public_face},
    },
};

/// A case and, when it is the caller's own, the version that a change is guarded by.
#[derive(Debug)]
pub struct ShownCase {
    /// What is shown.
    pub view: CaseView,
    /// The version of an own case.
    pub version: Option<i64>,
}

/// The case as `actor` may see it.
///
/// # Errors
/// `NotFound` for somebody else's case that is not public; `Busy`.
pub async fn show_case(services: &Arc<Services>, actor: &Actor, case_id: i64) -> Result<ShownCase, Failure> {
    let (who, city, receipts) = (actor.clone(), services.city(), services.receipts.clone());
    let now = services.now();
    let read = services
        .database
        .readers
        .read(move |connection| read_case(connection, &city, &receipts, &who, case_id, now))
        .await?;
    let read = match read {
        Found::Own(read) => read,
        Found::Public(public) => {
            return Ok(ShownCase {
                view: CaseView::Public(public),
                version: None,
            });
        }
    };
    let view = own(services, &services.city(), actor, &read, now)?;
    Ok(ShownCase {
        version: Some(view.version),
        view: CaseView::Own(Box::new(view)),
    })
}

/// What the statements brought.
struct Read {
    row: CaseRow,
    parts: CaseParts,
    primary: Option<(CaseRow, CaseParts)>,
}

/// The caller's own case, or the public face of somebody else's.
enum Found {
    Own(Box<Read>),
    Public(Box<PublicCaseView>),
}

fn read_case(
    connection: &mut DbConnection,
    city: &City,
    receipts: &ReceiptCodec,
    actor: &Actor,
    case_id: i64,
    now: Timestamp,
) -> Result<Found, Failure> {
    let (row, rated) = case_with_rating(connection, case_id)?.ok_or(ProblemCode::NotFound)?;
    let own = matches!(actor, Actor::Person(person) if row.requester_id == Some(person.id));
    if !own {
        let public = public_face(connection, city, receipts, &row, rated, now)?;
        return Ok(Found::Public(Box::new(public)));
    }
    let parts = case_parts_store::read_parts(connection, case_id).map_err(StoreError::from)?;
    let primary = match row.primary_case_id {
        Some(id) => Some((
            case_store::get_case(connection, id).map_err(StoreError::from)?,
            case_parts_store::read_parts(connection, id).map_err(StoreError::from)?,
        )),
        None => None,
    };
    Ok(Found::Own(Box::new(Read { row, parts, primary })))
}

fn own(
    services: &Services,
    city: &City,
    actor: &Actor,
    read: &Read,
    now: Timestamp,
) -> Result<OwnCaseView, StoreError> {
    let Read { row, parts, primary } = read;
    let mut facts = row.facts()?;
    facts.no_publicity = city.ladder.no_publicity.covers(&facts, row.category.as_deref());
    facts.member_count = u32::try_from(parts.member_count).unwrap_or(u32::MAX);
    let leading = primary.as_ref().map(|(leading, _)| leading);
    facts.primary = leading.map(case_store::primary_facts).transpose()?;
    let shared = primary.as_ref().map(|(_, shared)| shared);
    let promising = leading.map(CaseRow::facts).transpose()?;

    let mut timeline = entries::events(&parts.events, row.requester_id, false)?;
    let mut replies = entries::replies(&parts.replies);
    let mut photos = entries::photos(&parts.photos, &timeline, &replies, false);
    let mut orders: Vec<_> = parts.orders.iter().map(|order| entries::order(city, order)).collect();
    if let Some(shared) = shared {
        let theirs = entries::events(&shared.events, row.requester_id, true)?;
        let answered = entries::replies(&shared.replies);
        photos.extend(entries::photos(&shared.photos, &theirs, &answered, true));
        replies.extend(answered);
        timeline.extend(theirs);
        timeline.sort_by_key(|event| event.id);
        orders.extend(shared.orders.iter().map(|order| entries::order(city, order)));
    }
    let mut held: Vec<_> = parts.supervisions.iter().collect();
    held.extend(shared.iter().flat_map(|shared| &shared.supervisions));
    held.sort_by_key(|supervision| supervision.id);
    let question = entries::question(&parts.events).filter(|_| facts.state == CaseState::NeedsInformation);
    Ok(OwnCaseView {
        summary: summary(city, &services.receipts, row, leading)?,
        version: row.version,
        text: row.body.clone(),
        urgency: facts.urgency,
        answers: case_parts::answers(city, row),
        place: case_parts::place(city, row)?,
        cycle: facts.cycle,
        redo_count: facts.redo_count,
        tier: facts.tier,
        urge_count: facts.memory.urge_count,
        question,
        publication: row.publication.clone(),
        commitment: case_parts::commitment(promising.as_ref().unwrap_or(&facts), false, now),
        primary: leading
            .map(|leading| {
                let state: CaseState = crate::stores::parse_word("cases.state", &leading.state)?;
                Ok::<_, StoreError>(PrimaryCaseView {
                    receipt_no: leading.is_public().then(|| services.receipts.write(leading.id)),
                    state,
                    state_name: state.name_zh().to_owned(),
                })
            })
            .transpose()?,
        supervisions: held
            .into_iter()
            .map(case_parts::supervision)
            .collect::<Result<_, _>>()?,
        timeline,
        orders,
        replies,
        photos,
        ratings: entries::ratings(&parts.ratings, row.requester_id)?,
        allowed_actions: acts(city, actor, row, &facts, now),
    })
}

/// What is for the requester to do; joining and following are for others.
fn acts(city: &City, actor: &Actor, row: &CaseRow, facts: &CaseFacts, now: Timestamp) -> Vec<AllowedActionView> {
    let viewpoint = actor_facts(city, actor, row, None);
    let verdicts = allowed_actions(facts, &viewpoint, now, &city.calendar).into_iter();
    verdicts
        .filter(|verdict| !matches!(verdict.action, Action::MeToo | Action::Follow))
        .map(Into::into)
        .collect()
}
