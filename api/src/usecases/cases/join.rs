//! Row 8: "it is the same with me". The resident gets an own case that begins as merged under the public one: an own receipt,
//! the same handling, a reply and a rating of his own. Of the other's case it takes over only what is public.

use std::sync::Arc;

use shared::{
    contract::problem::ProblemCode,
    domain::{
        case::{
            Action, CaseState, Visibility,
            timeline::{SentenceFacts, sentence},
        },
        photo::PhotoPurpose,
        role::Role,
    },
};

use super::{
    perform::{Scene, StepOutcome, perform},
    step::{Act, Stepped},
    telling::notify,
};
use crate::{
    access::{Actor, RequestContext},
    city::City,
    errors::Failure,
    services::Services,
    stores::{
        case_store::{self, CaseRow, PlaceRecord},
        outbox_store::{OutboxRow, Task},
        timeline_store::CaseEventRow,
        to_json,
    },
    usecases::{
        photos::expect_photos,
        words::{BODY_LIMIT, optional_text},
    },
};

/// What the resident adds.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Joining {
    /// What it is like with him.
    pub text: Option<String>,
    /// SHA-256 of photos.
    pub photos: Vec<String>,
    /// How it came.
    pub channel: String,
}

/// Opens the own case; the outcome is that case's.
///
/// # Errors
/// `NotFound` for what is not public; `AlreadyExists` when the resident joined before; what the rules refuse.
pub async fn join_case(
    services: &Arc<Services>,
    actor: &Actor,
    context: &RequestContext,
    primary_id: i64,
    joining: Joining,
) -> Result<StepOutcome, Failure> {
    let words = optional_text("text", joining.text.as_deref(), BODY_LIMIT)?;
    let request = (primary_id, joining.clone());
    perform(services, actor, context, "case.join", &request, move |scene| {
        let requester = scene.actor_id()?;
        let joined = scene
            .transaction
            .read(|connection| case_store::has_member(connection, primary_id, requester))?;
        if joined {
            return Err(Failure::new(ProblemCode::AlreadyExists).with_detail("您已经一起反映过这件诉求"));
        }
        let primary = scene.take(&Act::new(primary_id, Action::MeToo))?;
        let row = own_case(scene, &primary, requester, words.as_deref(), &joining.channel);
        write_down(scene, &row)?;
        scene.complained_again(primary_id)?;
        scene.record("case.join", row.id);
        let purpose = PhotoPurpose::Report;
        expect_photos(
            scene.transaction,
            scene.services,
            row.id,
            row.id,
            requester,
            purpose,
            &joining.photos,
        )?;
        Ok(StepOutcome {
            case_id: row.id,
            version: row.version,
            state: CaseState::Merged,
            cycle: 1,
            due_at: None,
            order_id: None,
        })
    })
    .await
}

/// The row: the matter is the primary's, the words are the resident's own, and a home's exact place stays with its owner.
fn own_case(scene: &Scene<'_, '_>, primary: &Stepped, requester: i64, words: Option<&str>, channel: &str) -> CaseRow {
    let title = format!("我也遇到：{}", matter(scene.city, &primary.row));
    let of_a_home = primary.row.place().map_or(true, |place| place.home);
    let point = |degrees: Option<f64>| degrees.filter(|_| !of_a_home);
    let mut memory = shared::domain::case::CaseMemory::default();
    memory.complained_unit.clone_from(&primary.facts.memory.complained_unit);
    CaseRow {
        id: scene.services.next_id(),
        version: 1,
        requester_id: Some(requester),
        channel: channel.to_owned(),
        latitude: point(primary.row.latitude),
        longitude: point(primary.row.longitude),
        h3_cell: primary.row.h3_cell.filter(|_| !of_a_home),
        place: to_json(&PlaceRecord {
            home: of_a_home,
            ..PlaceRecord::default()
        }),
        body: words.unwrap_or(&title).to_owned(),
        title,
        answers: "{}".to_owned(),
        visibility: Visibility::Private.as_str().to_owned(),
        state: CaseState::Merged.as_str().to_owned(),
        is_open: false,
        cycle: 1,
        redo_count: 0,
        return_count: 0,
        dispatch_count: 0,
        designated: false,
        tier: 0,
        primary_case_id: Some(primary.row.id),
        lead_unit: None,
        due_at: None,
        outcome: None,
        publication: "none".to_owned(),
        memory: to_json(&memory),
        updated_at: scene.services.now().0,
        ..primary.row.clone()
    }
}

fn matter(city: &City, row: &CaseRow) -> String {
    let category = row.category.as_deref().and_then(|code| city.categories.get(code));
    category.map_or_else(|| "同一件事".to_owned(), |category| category.name.clone())
}

fn write_down(scene: &mut Scene<'_, '_>, row: &CaseRow) -> Result<(), Failure> {
    let (services, now) = (scene.services, scene.services.now());
    let said = sentence(Action::MeToo, &SentenceFacts::default()).unwrap_or_default();
    case_store::insert_case(scene.transaction, row)?;
    if let Some(requester) = row.requester_id {
        let topic = Action::MeToo.as_str();
        notify(services, scene.transaction, requester, row, topic, &said, now);
    }
    scene.transaction.append(CaseEventRow {
        id: services.next_id(),
        case_id: row.id,
        order_id: None,
        cycle: 1,
        action: Action::MeToo.as_str().to_owned(),
        actor_id: scene.actor.id(),
        actor_role: Role::Requester.as_str().to_owned(),
        actor_unit: None,
        state_before: None,
        state_after: row.state.clone(),
        audience: "requester".to_owned(),
        sentence: Some(said),
        public_sentence: None,
        detail: "{}".to_owned(),
    });
    let task = OutboxRow::new(services.next_id(), Task::IndexCase, row.id, "{}".to_owned(), now);
    scene.transaction.append(task);
    scene.transaction.count("cases_received", "all", 1);
    if let Some(county) = &row.county {
        scene.transaction.count("cases_received", county.as_str(), 1);
    }
    scene.transaction.count("cases_by_state", row.state.as_str(), 1);
    Ok(())
}
