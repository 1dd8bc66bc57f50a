//! The parts of a case that several viewers see alike: the exact place, the answers, the photos, a promise, the supervisions.
//! Who may see them is decided by the view that asks.

use std::collections::BTreeMap;

use shared::{
    contract::case::{AnswerView, CasePhotoView, CasePlaceView, CaseSupervisionView, CommitmentView, MilestoneView},
    domain::{
        case::{Action, CaseFacts, CaseState, Milestone},
        id::{EventId, PhotoId},
        role::Role,
        supervision::{Cause, SupervisionResult, Tier},
        time::Timestamp,
    },
};

use crate::{
    city::City,
    database::{StoreError, ids::made_at},
    stores::{case_store::CaseRow, parse_word, photo_store::CasePhotoRow, supervision_store::SupervisionFactsRow},
};

/// Where it is.
pub(super) fn place(city: &City, row: &CaseRow) -> Result<CasePlaceView, StoreError> {
    let place = row.place()?;
    let name = row.region.as_deref().and_then(|code| city.regions.full_name(code));
    Ok(CasePlaceView {
        latitude: row.latitude,
        longitude: row.longitude,
        accuracy_m: place.accuracy_m,
        region: row.region.clone(),
        region_name: name.map(str::to_owned),
        words: place.words,
        home: place.home,
    })
}

/// The answers to the category's questions, each under the question's own words.
pub(super) fn answers(city: &City, row: &CaseRow) -> Vec<AnswerView> {
    let given: BTreeMap<String, String> = serde_json::from_str(&row.answers).unwrap_or_default();
    let category = row.category.as_deref().and_then(|code| city.categories.get(code));
    let label = |code: &str| {
        let questions = category
            .map(|category| category.questions.as_slice())
            .unwrap_or_default();
        let question = questions.iter().find(|question| question.code == code);
        question.map_or_else(|| code.to_owned(), |question| question.label.clone())
    };
    let view = |(code, answer): (String, String)| AnswerView {
        question: label(&code),
        answer,
    };
    given.into_iter().map(view).collect()
}

/// A photo, with the paths of its renditions once it arrived.
pub(super) fn photo(row: &CasePhotoRow) -> CasePhotoView {
    let path = |rendition: &str| row.photo_id.map(|id| format!("/api/v1/photos/{id}/{rendition}"));
    CasePhotoView {
        id: row.photo_id.map(PhotoId),
        sha256: row.sha256.clone(),
        purpose: row.purpose.clone(),
        subject_id: EventId(row.subject_id),
        display: path("display"),
        thumbnail: path("thumbnail"),
    }
}

/// What the unit promised, or with `asked` only asks to promise.
pub(super) fn commitment(facts: &CaseFacts, asked: bool, now: Timestamp) -> Option<CommitmentView> {
    let shown = facts.state == CaseState::Committed || (asked && facts.pending(Action::RequestCommitment).is_some());
    let until = facts.memory.promise_until.filter(|_| shown)?;
    Some(CommitmentView {
        promised_day: Timestamp(until.0.saturating_sub(1)).city_date(),
        milestones: milestones(facts, now),
    })
}

fn milestones(facts: &CaseFacts, now: Timestamp) -> Vec<MilestoneView> {
    let memory = &facts.memory;
    let overdue = |place: usize| {
        memory
            .milestones_ahead()
            .any(|(ahead, over)| ahead == place && over <= now)
    };
    let view = |(place, milestone): (usize, &Milestone)| MilestoneView {
        day: milestone.day,
        text: milestone.text.clone(),
        reached_at: memory.reached.get(&place).copied(),
        overdue: overdue(place),
    };
    memory.milestones.iter().enumerate().map(view).collect()
}

/// What may be told of a supervision to whoever may see the case.
pub(super) fn supervision(row: &SupervisionFactsRow) -> Result<CaseSupervisionView, StoreError> {
    let tier: Tier = parse_word("supervisions.tier", &row.tier)?;
    let cause: Cause = parse_word("supervisions.cause", &row.cause)?;
    let owner: Role = parse_word("supervisions.owner", &row.owner)?;
    let word = row.result.as_deref();
    let result: Option<SupervisionResult> = word.map(|word| parse_word("supervisions.result", word)).transpose()?;
    Ok(CaseSupervisionView {
        tier,
        tier_number: tier.number(),
        tier_name: tier.name_zh().to_owned(),
        cause_name: tier.tells_why(cause).then(|| cause.name_zh().to_owned()),
        owner_name: owner.name_zh().to_owned(),
        opened_at: made_at(row.id),
        due_at: Timestamp(row.due_at),
        result,
        result_name: result.map(|result| result.name_zh().to_owned()),
        closed_at: row.closed_at.map(Timestamp),
    })
}
