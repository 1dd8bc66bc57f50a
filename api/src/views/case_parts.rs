//! The parts of a case that its requester and staff see alike: the exact place, the answers, the photos. Who may see them is
//! decided by the view that asks.

use std::collections::BTreeMap;

use shared::{
    contract::case::{AnswerView, CasePhotoView, CasePlaceView, CommitmentView, MilestoneView},
    domain::{
        case::{Action, CaseFacts, CaseState, Milestone},
        id::{EventId, PhotoId},
        time::Timestamp,
    },
};

use crate::{
    city::City,
    database::StoreError,
    stores::{case_store::CaseRow, photo_store::CasePhotoRow},
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
