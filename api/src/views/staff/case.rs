//! A case as those see it who work on it. Decides who may open it and who learns who asked; never shows a whole number.

use std::sync::Arc;

use shared::{
    contract::{
        case::AllowedActionView,
        problem::ProblemCode,
        staff_case::{ClockView, DuplicateView, SealView, StaffCaseView, StaffRequesterView, SuggestionView},
    },
    domain::{
        case::{Action, ActorFacts, CaseFacts, CaseState, Refusal, Visibility, allowed_actions},
        role::Role,
        similarity::{NEAR_DUPLICATE_DEFAULT, Pairs},
        time::Timestamp,
    },
};

use super::entries::{self, Names};
use crate::{
    access::{Actor, StaffActor, phone_number::open_number, viewpoint::actor_facts},
    city::City,
    database::{
        DbConnection, StoreError,
        ids::{first_id_at, made_at},
    },
    errors::Failure,
    services::Services,
    stores::{
        case_parts_store::{self, CaseParts},
        case_seal,
        case_store::{self, CaseRow},
        desk_store::{self, RequesterRow},
        order_store::{self, WorkOrderRow},
    },
    views::case_parts,
};

/// Roles that open any case within their reach.
const READERS: &[Role] = &[
    Role::Clerk,
    Role::Dispatcher,
    Role::Reviewer,
    Role::FollowUpClerk,
    Role::UnitLiaison,
    Role::UnitHandler,
    Role::UnitLeader,
    Role::HotlineSupervisor,
    Role::GovernmentInspector,
    Role::DisciplineOfficer,
];
/// Roles of the hotline, which alone contacts the requester of a confidential case.
const HOTLINE: &[Role] = &[Role::Clerk, Role::FollowUpClerk, Role::HotlineSupervisor];
/// What a helping unit does with its own order; the rest is the lead's.
const OF_HELPERS: &[Action] = &[Action::SignFor, Action::AddProgress];
/// Minutes back in which the same matter is looked for: 30 days.
const DUPLICATE_MINUTES: i64 = 30 * 24 * 60;
/// Cases compared, and offered, at most.
const COMPARED: i64 = 200;
const OFFERED: usize = 5;

/// The case with everything that the viewer's roles may see.
///
/// # Errors
/// `NotFound` when none of the roles reaches it.
pub async fn show(services: &Services, viewer: &StaffActor, case_id: i64) -> Result<StaffCaseView, Failure> {
    let city = services.city();
    let (actor, now) = (Actor::Staff(viewer.clone()), services.now());
    let city_ = Arc::clone(&city);
    let read = services
        .database
        .readers
        .read(move |connection| read(connection, &city_, &actor, case_id, now))
        .await?;
    view(services, &city, &read, now)
}

/// Which version of the case there is now.
///
/// # Errors
/// `NotFound` when none of the viewer's roles reaches it.
pub(super) async fn version(services: &Services, viewer: &StaffActor, case_id: i64) -> Result<i64, Failure> {
    let (city, actor) = (services.city(), Actor::Staff(viewer.clone()));
    let reader = services.database.readers.read(move |connection| -> Result<_, Failure> {
        let row = case_store::get_case(connection, case_id).map_err(StoreError::from)?;
        let orders = order_store::list_orders(connection, case_id).map_err(StoreError::from)?;
        viewpoint(&city, &actor, &row, &orders).ok_or(ProblemCode::NotFound)?;
        Ok(row.version)
    });
    reader.await
}

/// What the statements brought.
struct Read {
    row: CaseRow,
    requester: Option<RequesterRow>,
    primary: Option<CaseRow>,
    parts: CaseParts,
    clocks: Vec<ClockView>,
    alike: Vec<CaseRow>,
    names: Names,
    viewpoint: ActorFacts,
    /// The stage of the order through which the viewer helps, when he does not lead.
    helping: Option<String>,
}

/// At most four statements: the case, its primary or the cases like it, its parts, the names of those who acted.
fn read(
    connection: &mut DbConnection,
    city: &City,
    actor: &Actor,
    case_id: i64,
    now: Timestamp,
) -> Result<Read, Failure> {
    let (row, requester) = desk_store::get_case_with_requester(connection, case_id).map_err(StoreError::from)?;
    let parts = case_parts_store::read_parts(connection, case_id).map_err(StoreError::from)?;
    let (viewpoint, helping) = viewpoint(city, actor, &row, &parts.orders).ok_or(ProblemCode::NotFound)?;
    let facts = row.facts()?;
    let hurry = super::Hurry {
        kind: facts.kind,
        urgency: facts.urgency,
        category: row.category.as_deref(),
        now,
    };
    let clocks = entries::clocks(connection, city, &hurry, &parts.clocks)?;
    let waits = matches!(facts.state, CaseState::Submitted | CaseState::Accepted);
    let (primary, alike) = match (row.primary_case_id, &row.category) {
        (Some(primary), _) => (
            Some(case_store::get_case(connection, primary).map_err(StoreError::from)?),
            Vec::new(),
        ),
        (None, Some(category)) if waits => {
            let from = first_id_at(now.plus_minutes(-DUPLICATE_MINUTES));
            let alike = desk_store::list_public_of_category(connection, category, from, COMPARED);
            (None, alike.map_err(StoreError::from)?)
        }
        _ => (None, Vec::new()),
    };
    let names = desk_store::list_names(connection, &actors(&parts)).map_err(StoreError::from)?;
    Ok(Read {
        row,
        requester,
        primary,
        parts,
        clocks,
        alike,
        names: names.into_iter().collect(),
        viewpoint,
        helping,
    })
}

/// What the viewer is to the case: through its lead order, else through an order to help that he holds.
pub(super) fn viewpoint(
    city: &City,
    actor: &Actor,
    row: &CaseRow,
    orders: &[WorkOrderRow],
) -> Option<(ActorFacts, Option<String>)> {
    // A tier opens the case to those who hold it.
    let memory = row.facts().ok()?.memory;
    let holder = memory.supervision.map(|supervision| supervision.owner);
    let reads = |facts: &ActorFacts| {
        let mut readers = READERS.iter().chain(&holder);
        readers.any(|role| facts.roles.contains(role))
    };
    let lead = orders.iter().rev().find(|order| order.role == "lead");
    let through_lead = actor_facts(city, actor, row, lead.map(|order| order.unit.as_str()));
    if reads(&through_lead) {
        return Some((through_lead, None));
    }
    let helping = orders
        .iter()
        .filter(|order| order.role == "co" && order.cycle == row.cycle && order.stage != "returned");
    helping
        .map(|order| (actor_facts(city, actor, row, Some(&order.unit)), order))
        .find(|(facts, _)| reads(facts))
        .map(|(facts, order)| (facts, Some(order.stage.clone())))
}

fn actors(parts: &CaseParts) -> Vec<i64> {
    let events = parts.events.iter().filter_map(|event| event.actor_id);
    let handlers = parts.orders.iter().filter_map(|order| order.handler_id);
    let writers = parts.replies.iter().map(|reply| reply.written_by);
    let reviewers = parts.replies.iter().filter_map(|reply| reply.reviewed_by);
    let mut ids: Vec<i64> = events.chain(handlers).chain(writers).chain(reviewers).collect();
    ids.sort_unstable();
    ids.dedup();
    ids.truncate(500);
    ids
}

fn view(services: &Services, city: &City, read: &Read, now: Timestamp) -> Result<StaffCaseView, Failure> {
    let Read { row, parts, names, .. } = read;
    let mut facts = row.facts()?;
    facts.no_publicity = city.ladder.no_publicity.covers(&facts, row.category.as_deref());
    facts.member_count = u32::try_from(parts.member_count).unwrap_or(u32::MAX);
    facts.primary = read.primary.as_ref().map(case_store::primary_facts).transpose()?;
    let receipt = |id: i64| services.receipts.write(id);
    Ok(StaffCaseView {
        receipt_no: receipt(row.id),
        version: row.version,
        title: row.title.clone(),
        body: row.body.clone(),
        summary: summary(parts),
        answers: case_parts::answers(city, row),
        kind: facts.kind,
        category: row.category.clone(),
        category_name: row.category.as_deref().and_then(|code| city.categories.full_name(code)),
        place: case_parts::place(city, row)?,
        visibility: facts.visibility,
        urgency: facts.urgency,
        state: facts.state,
        state_name: facts.state.name_zh().to_owned(),
        cycle: facts.cycle,
        redo_count: facts.redo_count,
        return_count: facts.return_count,
        dispatch_count: facts.dispatch_count,
        designated: facts.designated,
        urge_count: facts.memory.urge_count,
        tier: facts.tier,
        lead_unit_name: facts.lead_unit.as_deref().map(|code| city.unit_name(code).to_owned()),
        lead_unit: facts.lead_unit.clone(),
        complained_unit: facts.memory.complained_unit.clone(),
        due: row.due_at.map(Timestamp),
        commitment: case_parts::commitment(&facts, true, now),
        outcome: facts.outcome,
        unrated: facts.memory.unrated,
        excluded: facts.memory.excluded,
        seal: facts.memory.seal.clone().map(|sha256| SealView {
            intact: case_seal::seal(row, parts) == sha256,
            sha256,
        }),
        channel: row.channel.clone(),
        publication: row.publication.clone(),
        received_at: made_at(row.id),
        updated_at: row.updated_at(),
        requester: requester(services, read, facts.visibility)?,
        primary: row.primary_case_id.map(receipt),
        member_count: facts.member_count,
        timeline: entries::events(city, names, &parts.events)?,
        orders: parts
            .orders
            .iter()
            .map(|order| entries::order(city, names, order))
            .collect(),
        clocks: read.clocks.clone(),
        supervisions: parts
            .supervisions
            .iter()
            .map(case_parts::supervision)
            .collect::<Result<_, _>>()?,
        replies: entries::replies(names, &parts.replies)?,
        ratings: parts.ratings.iter().map(entries::rating).collect(),
        photos: parts.photos.iter().map(case_parts::photo).collect(),
        allowed_actions: acts(city, read, &facts, now),
        suggestions: suggestions(city, row, &facts),
        duplicates: duplicates(services, read)?,
    })
}

/// What the clerk who took the call wrote beside the caller's words.
fn summary(parts: &CaseParts) -> Option<String> {
    let taken = parts
        .events
        .iter()
        .find(|event| event.action == Action::Submit.as_str())?;
    let detail: serde_json::Value = serde_json::from_str(&taken.detail).ok()?;
    detail["summary"].as_str().map(str::to_owned)
}

/// Who asked: never for those who handle a confidential case; else the name given and the number masked.
fn requester(services: &Services, read: &Read, visibility: Visibility) -> Result<Option<StaffRequesterView>, Failure> {
    let of_the_hotline = HOTLINE.iter().any(|role| read.viewpoint.roles.contains(role));
    let Some(requester) = &read.requester else {
        return Ok(None);
    };
    if visibility == Visibility::Confidential && !of_the_hotline {
        return Ok(None);
    }
    let number = open_number(&services.access.secrets, &requester.phone_cipher)?;
    Ok(Some(StaffRequesterView {
        display_name: requester.display_name.clone(),
        phone: Some(number.masked()),
    }))
}

fn acts(city: &City, read: &Read, facts: &CaseFacts, now: Timestamp) -> Vec<AllowedActionView> {
    let mut verdicts = allowed_actions(facts, &read.viewpoint, now, &city.calendar);
    if let Some(stage) = &read.helping {
        verdicts.retain(|verdict| OF_HELPERS.contains(&verdict.action));
        // A helping unit signs for its own order, whether or not the lead has signed.
        for verdict in verdicts.iter_mut().filter(|verdict| verdict.action == Action::SignFor) {
            verdict.allowed = stage == "to_sign";
            verdict.refusal = (!verdict.allowed).then_some(Refusal::WrongState);
        }
    }
    verdicts.into_iter().map(AllowedActionView::from).collect()
}

/// Whom the catalogue proposes, best first, while the case waits for its unit.
fn suggestions(city: &City, row: &CaseRow, facts: &CaseFacts) -> Vec<SuggestionView> {
    let Some(category) = row.category.as_deref().filter(|_| facts.state == CaseState::Accepted) else {
        return Vec::new();
    };
    let excluded: Vec<String> = facts.memory.complained_unit.iter().cloned().collect();
    let proposed = city
        .catalogue
        .suggest(category, row.region.as_deref(), &city.regions, &city.units, &excluded);
    let name = |code: &String| city.unit_name(code).to_owned();
    let view = |suggestion: shared::domain::catalogue::DispatchSuggestion| SuggestionView {
        lead_name: name(&suggestion.lead),
        lead: suggestion.lead,
        co_names: suggestion.co.iter().map(name).collect(),
        co: suggestion.co,
        reason: suggestion.reason,
        basis: suggestion.basis,
    };
    proposed.into_iter().map(view).collect()
}

/// Open public cases of the category in the same township, or county where no more is known, whose words are alike.
fn duplicates(services: &Services, read: &Read) -> Result<Vec<DuplicateView>, Failure> {
    let row = &read.row;
    let words = |case: &CaseRow| Pairs::of(&format!("{}\n{}", case.title, case.body));
    let own = words(row);
    let city = services.city();
    let near = |case: &&CaseRow| {
        let township = |code: &Option<String>| {
            let code = code.as_deref()?;
            city.regions.township_of(code).map(|township| township.code.clone())
        };
        case.id != row.id
            && case.county == row.county
            && match (township(&case.region), township(&row.region)) {
                (Some(one), Some(other)) => one == other,
                _ => true,
            }
    };
    let mut found: Vec<(f64, &CaseRow)> = read
        .alike
        .iter()
        .filter(near)
        .map(|case| (words(case).similarity(&own), case))
        .filter(|(similarity, _)| *similarity >= NEAR_DUPLICATE_DEFAULT)
        .collect();
    found.sort_by(|one, other| other.0.total_cmp(&one.0));
    found.truncate(OFFERED);
    let view = |(similarity, case): (f64, &CaseRow)| {
        Ok(DuplicateView {
            receipt_no: services.receipts.write(case.id),
            title: case.title.clone(),
            state: case.facts()?.state,
            similarity: percent(similarity),
            same_requester: case.requester_id.is_some() && case.requester_id == row.requester_id,
        })
    };
    found.into_iter().map(view).collect()
}

/// A share of 0 to 1 in whole percent.
fn percent(share: f64) -> u8 {
    (0..=100u8)
        .rev()
        .find(|percent| f64::from(*percent) <= share * 100.0)
        .unwrap_or(0)
}
