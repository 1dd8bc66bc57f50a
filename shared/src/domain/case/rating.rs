//! A rating, what it must be, and what it does: close the case, have it redone, or bring the demand before a reviewer.
//! There is no default grade: a case that nobody rates is closed as unrated.

use serde::{Deserialize, Serialize};

use crate::domain::calendar::Calendar;
use crate::domain::case::transition::{Transition, decide_rated};
use crate::domain::case::words::closed_list;
use crate::domain::case::{Action, ActorFacts, CaseFacts, CaseKind, Outcome, Refusal};
use crate::domain::time::Timestamp;

/// The longest comment, in characters.
pub const COMMENT_LIMIT: usize = 500;
/// The lowest grade that counts as satisfied.
pub const SATISFIED_FROM: u8 = 3;

closed_list! {
    /// Whether the matter is solved, in the requester's words.
    pub enum Resolved as "answer" {
        /// It is.
        Yes = "yes", "已解决";
        /// In part.
        Partly = "partly", "部分解决";
        /// It is not: a redo, whatever the grade.
        No = "no", "未解决";
    }
}

/// What the requester says about a reply.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RatingInput {
    /// The result, 1 (very dissatisfied) to 5 (very satisfied).
    pub grade: u8,
    /// Whether the matter is solved.
    pub resolved: Resolved,
    /// The attitude, 1–5, if the requester wants.
    #[serde(default)]
    pub attitude: Option<u8>,
    /// The speed, 1–5, if the requester wants.
    #[serde(default)]
    pub speed: Option<u8>,
    /// Words, at most 500 characters.
    #[serde(default)]
    pub comment: Option<String>,
}

/// What a rating does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RatingEffect {
    /// The case is closed, the requester satisfied.
    Close {
        /// How it ended.
        outcome: Outcome,
    },
    /// It is redone at once.
    Redo,
    /// A reviewer judges whether another redo is reasonable.
    AwaitJudgement,
}

impl RatingInput {
    /// Whether grades and comment are within their bounds.
    ///
    /// # Errors
    /// `grade_out_of_range` or `text_too_long`.
    pub fn check(&self) -> Result<(), Refusal> {
        let grades = [Some(self.grade), self.attitude, self.speed];
        if !grades.into_iter().flatten().all(|grade| (1..=5).contains(&grade)) {
            return Err(Refusal::GradeOutOfRange);
        }
        if self
            .comment
            .as_ref()
            .is_some_and(|comment| comment.chars().count() > COMMENT_LIMIT)
        {
            return Err(Refusal::TextTooLong);
        }
        Ok(())
    }

    /// The act that this rating is: rows 23 and 24.
    #[must_use]
    pub const fn action(&self) -> Action {
        if self.is_satisfied() {
            Action::RateSatisfied
        } else {
            Action::Redo
        }
    }

    /// Grade 3 or better and solved at least in part.
    #[must_use]
    pub const fn is_satisfied(&self) -> bool {
        self.grade >= SATISFIED_FROM && !matches!(self.resolved, Resolved::No)
    }

    /// What the rating does to a case in these facts, whoever may give it.
    #[must_use]
    pub fn effect(&self, facts: &CaseFacts) -> RatingEffect {
        if self.is_satisfied() {
            RatingEffect::Close {
                outcome: outcome_as_rated(facts, self.resolved),
            }
        } else if facts.next_redo_is_automatic() {
            RatingEffect::Redo
        } else {
            RatingEffect::AwaitJudgement
        }
    }
}

/// Checks a rating and decides its act, with the outcome that the requester's answer gives.
///
/// # Errors
/// As [`RatingInput::check`] and [`crate::domain::case::transition::decide`].
pub fn decide_rating(
    rating: &RatingInput,
    facts: &CaseFacts,
    actor: &ActorFacts,
    now: Timestamp,
    calendar: &Calendar,
) -> Result<(RatingEffect, Transition), Refusal> {
    rating.check()?;
    let step = decide_rated(rating.action(), facts, actor, now, calendar, rating.resolved)?;
    Ok((rating.effect(facts), step))
}

/// The outcome of a case rated as satisfied. An explanation stays one even when it was liked: it is counted apart.
pub(crate) fn outcome_as_rated(facts: &CaseFacts, resolved: Resolved) -> Outcome {
    match (facts.kind, facts.memory.claimed_outcome) {
        (CaseKind::Inquiry, _) => Outcome::Answered,
        (_, _) if facts.memory.from_mediation => Outcome::Mediated,
        (CaseKind::Suggestion, Some(claim @ (Outcome::Adopted | Outcome::NotAdopted))) => claim,
        (_, Some(Outcome::Explained)) => Outcome::Explained,
        _ if resolved == Resolved::Partly => Outcome::PartlyResolved,
        _ => Outcome::Resolved,
    }
}

/// The outcome of a case that nobody rated: what the unit claims; without a claim, that there was a reply.
pub(crate) fn outcome_as_claimed(facts: &CaseFacts) -> Outcome {
    match facts.memory.claimed_outcome {
        _ if facts.kind == CaseKind::Inquiry => Outcome::Answered,
        _ if facts.memory.from_mediation => Outcome::Mediated,
        Some(claim) => claim,
        None => Outcome::Answered,
    }
}
