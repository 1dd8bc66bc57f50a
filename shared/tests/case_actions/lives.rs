//! Whole lives of cases: what a decided step leaves behind for the next one.

use std::collections::BTreeMap;

use shared::domain::case::facts::{ActorFacts, CaseFacts, PrimaryFacts};
use shared::domain::case::merging::{may_merge, members_follow_to, successor, take_over};
use shared::domain::case::{
    Action, CaseKind, CaseMemory, CaseState, Effect, Outcome, Particulars, RatingEffect, RatingInput, Refusal,
    Resolved, Transition, Urgency, Visibility, decide, decide_rating,
};
use shared::domain::deadline::ClockKind;
use shared::domain::id::{AccountId, CaseId};
use shared::domain::time::Timestamp;

use crate::world::{actor, calendar, now, plain, world};

/// A case on its way, with a clock that each step moves on by a minute. Every clock is due a day after it starts.
struct Life {
    facts: CaseFacts,
    now: Timestamp,
}

impl Life {
    fn new(kind: CaseKind) -> Self {
        Self {
            facts: CaseFacts::submitted(kind, Urgency::Routine, Visibility::Public),
            now: now(),
        }
    }

    fn step(&mut self, action: Action, who: &str, account: i64) -> Result<Transition, Refusal> {
        let person = ActorFacts {
            id: Some(AccountId(account)),
            ..actor(who)
        };
        let step = decide(action, &self.facts, &person, self.now, &calendar())?;
        self.take(&step, Some(AccountId(account)));
        Ok(step)
    }

    fn take(&mut self, step: &Transition, by: Option<AccountId>) {
        let due = self.now.plus_minutes(24 * 60);
        let dues: BTreeMap<_, _> = step
            .starts
            .iter()
            .chain(&step.resumes)
            .map(|clock| (*clock, due))
            .collect();
        let given = Particulars {
            lead_unit: Some("371323001".to_owned()),
            claimed_outcome: Some(Outcome::Resolved),
            promise_until: Some(due),
            extension_working_days: Some(5),
            ..Particulars::default()
        };
        self.facts.apply(step, by, self.now, &given, &dues, Some(due));
        self.now = self.now.plus_minutes(1);
    }

    fn rate(&mut self, grade: u8, resolved: Resolved) -> RatingEffect {
        let rating = RatingInput {
            grade,
            resolved,
            attitude: None,
            speed: None,
            comment: None,
        };
        let (effect, step) = decide_rating(&rating, &self.facts, &actor("owner"), self.now, &calendar()).unwrap();
        self.take(&step, Some(AccountId(1)));
        effect
    }

    /// From submission to a signed order.
    fn reach_handling(&mut self) {
        self.step(Action::Accept, "clerk", 2).unwrap();
        self.step(Action::Dispatch, "dispatcher", 3).unwrap();
        self.step(Action::SignFor, "unit_liaison", 4).unwrap();
    }

    /// From handling to a released reply.
    fn reach_replied(&mut self) {
        self.step(Action::SubmitReply, "unit_handler", 5).unwrap();
        self.step(Action::SignReply, "unit_leader", 6).unwrap();
        self.step(Action::ReleaseReply, "reviewer", 7).unwrap();
    }
}

#[test]
fn a_broken_lamp_is_reported_answered_rated_low_redone_and_closed_as_solved() {
    let mut life = Life::new(CaseKind::Assistance);
    life.reach_handling();
    assert_eq!((life.facts.state, life.facts.dispatch_count), (CaseState::Handling, 1));
    assert!(life.facts.due(ClockKind::Handle).is_some() && life.facts.due(ClockKind::SignFor).is_none());
    life.reach_replied();
    assert!(
        life.facts.due(ClockKind::Handle).is_none(),
        "the released reply ends the handling clock"
    );
    assert_eq!(life.rate(2, Resolved::No), RatingEffect::Redo);
    assert_eq!(
        (life.facts.state, life.facts.cycle, life.facts.redo_count),
        (CaseState::Handling, 2, 1)
    );
    assert!(life.facts.due(ClockKind::Redo).is_some() && life.facts.due(ClockKind::RatingWindow).is_none());
    life.reach_replied();
    assert_eq!(
        life.rate(5, Resolved::Yes),
        RatingEffect::Close {
            outcome: Outcome::Resolved
        }
    );
    assert_eq!(
        (life.facts.state, life.facts.outcome),
        (CaseState::Closed, Some(Outcome::Resolved))
    );
    assert!(!life.facts.memory.unrated && life.facts.memory.closed_at.is_some());
}

#[test]
fn a_third_demand_waits_for_a_reviewer_and_a_dismissed_one_for_tier_one() {
    let mut life = Life::new(CaseKind::Complaint);
    life.reach_handling();
    for _ in 0..2 {
        life.reach_replied();
        assert_eq!(life.rate(1, Resolved::No), RatingEffect::Redo);
    }
    life.reach_replied();
    assert_eq!(
        life.rate(4, Resolved::No),
        RatingEffect::AwaitJudgement,
        "a good grade with `not solved` is a redo"
    );
    assert_eq!((life.facts.state, life.facts.redo_count), (CaseState::Replied, 2));
    let mut upheld = Life {
        facts: life.facts.clone(),
        now: life.now,
    };
    upheld.step(Action::UpholdDemand, "reviewer", 8).unwrap();
    assert_eq!((upheld.facts.state, upheld.facts.redo_count), (CaseState::Handling, 3));
    assert_eq!(upheld.facts.memory.demand_since, None);

    life.step(Action::DismissDemand, "reviewer", 8).unwrap();
    assert_eq!(
        life.facts.state,
        CaseState::Replied,
        "one person does not close it alone"
    );
    assert_eq!(
        life.step(Action::CloseExplained, "hotline_supervisor", 8).err(),
        Some(Refusal::SamePerson)
    );
    let mut denied = Life {
        facts: life.facts.clone(),
        now: life.now,
    };
    denied
        .step(Action::DenyCloseExplained, "hotline_supervisor", 9)
        .unwrap();
    assert_eq!(
        (denied.facts.state, denied.facts.redo_count),
        (CaseState::Handling, 3),
        "the demand stands"
    );
    life.step(Action::CloseExplained, "hotline_supervisor", 9).unwrap();
    assert_eq!(
        (life.facts.state, life.facts.outcome),
        (CaseState::Closed, Some(Outcome::Explained))
    );
    assert_eq!(
        (life.facts.memory.demand_since, life.facts.memory.pending.len()),
        (None, 0)
    );
}

#[test]
fn whoever_wrote_or_signed_the_reply_does_not_review_it() {
    let mut life = Life::new(CaseKind::Assistance);
    life.reach_handling();
    life.step(Action::SubmitReply, "unit_handler", 5).unwrap();
    assert_eq!(
        life.step(Action::SignReply, "unit_leader", 5).err(),
        Some(Refusal::SamePerson)
    );
    life.step(Action::SignReply, "unit_leader", 6).unwrap();
    for account in [5, 6] {
        assert_eq!(
            life.step(Action::ReleaseReply, "reviewer", account).err(),
            Some(Refusal::OwnWork)
        );
    }
    assert!(life.step(Action::ReleaseReply, "reviewer", 7).is_ok());
}

#[test]
fn the_acceptance_clock_rests_while_the_requester_is_asked() {
    let mut life = Life::new(CaseKind::Assistance);
    let due = life.now.plus_minutes(60);
    life.facts.memory.clocks.insert(ClockKind::Accept, due);
    life.step(Action::AskInformation, "clerk", 2).unwrap();
    assert_eq!(
        (
            life.facts.due(ClockKind::Accept),
            life.facts.memory.paused[&ClockKind::Accept].due
        ),
        (None, due)
    );
    let step = life.step(Action::SupplyInformation, "owner", 1).unwrap();
    assert_eq!(step.resumes, [ClockKind::Accept]);
    assert!(life.facts.due(ClockKind::Accept).is_some() && life.facts.memory.paused.is_empty());
    assert_eq!(
        life.step(Action::AskInformation, "clerk", 2).err(),
        Some(Refusal::AlreadyUsed)
    );
}

#[test]
fn an_unanswered_question_ends_as_incomplete_and_is_taken_up_again_when_it_is_answered() {
    let mut life = Life::new(CaseKind::Assistance);
    life.step(Action::AskInformation, "clerk", 2).unwrap();
    life.now = life.now.plus_minutes(2 * 24 * 60);
    life.step(Action::ExpireInformation, "system", 0).unwrap();
    assert_eq!(
        (life.facts.state, life.facts.outcome),
        (CaseState::Closed, Some(Outcome::Incomplete))
    );
    life.step(Action::SupplyInformation, "owner", 1).unwrap();
    assert_eq!((life.facts.state, life.facts.outcome), (CaseState::Submitted, None));
}

#[test]
fn the_third_dispatch_designates_and_ends_the_returns() {
    let mut life = Life::new(CaseKind::Assistance);
    life.step(Action::Accept, "clerk", 2).unwrap();
    for round in 1..=2 {
        life.step(Action::Dispatch, "dispatcher", 3).unwrap();
        life.step(Action::RequestReturn, "unit_leader", 6).unwrap();
        assert_eq!(
            life.step(Action::ApproveReturn, "dispatcher", 3).err(),
            Some(Refusal::OriginalDispatcher)
        );
        life.step(Action::ApproveReturn, "dispatcher", 30).unwrap();
        assert_eq!(
            (life.facts.state, life.facts.return_count, life.facts.designated),
            (CaseState::Accepted, round, false)
        );
    }
    let step = life.step(Action::Dispatch, "dispatcher", 3).unwrap();
    assert!(step.has(Effect::Designate) && life.facts.designated);
    assert_eq!(
        life.step(Action::RequestReturn, "unit_leader", 6).err(),
        Some(Refusal::Designated)
    );
}

#[test]
fn a_case_that_nobody_rates_is_closed_as_unrated_with_what_the_unit_claims() {
    let mut life = Life::new(CaseKind::Assistance);
    life.reach_handling();
    life.reach_replied();
    life.now = life.now.plus_minutes(2 * 24 * 60);
    life.step(Action::ExpireRating, "system", 0).unwrap();
    assert!(life.facts.memory.unrated);
    life.step(Action::Reopen, "owner", 1).unwrap();
    assert!(!life.facts.memory.unrated && life.facts.memory.reopened_by_requester);
    assert_eq!(
        (life.facts.state, life.facts.cycle, life.facts.outcome),
        (CaseState::Handling, 2, None)
    );
}

#[test]
fn what_the_media_had_is_looked_back_at_twice_before_it_is_archived_and_one_visit_answers_for_all_that_is_due() {
    let replied = || {
        let mut life = Life::new(CaseKind::Assistance);
        life.facts = plain(CaseState::Replied);
        life.facts.memory.clocks.clear();
        life
    };
    let mut unwatched = replied();
    unwatched.facts.tier = 1;
    unwatched.rate(5, Resolved::Yes);
    assert_eq!(unwatched.facts.look_backs().count(), 0, "the hotline's own is not");

    let mut life = replied();
    life.facts.tier = 2;
    life.rate(5, Resolved::Yes);
    assert_eq!(life.facts.look_backs().count(), 2);
    let early = life.step(Action::LookBack, "media_supervisor", 8);
    assert_eq!(early, Err(Refusal::NoLookBackDue));
    let second = life.now.plus_minutes(3 * 24 * 60);
    life.facts.memory.clocks.insert(ClockKind::SecondLookBack, second);
    life.now = life.now.plus_minutes(2 * 24 * 60);
    assert_eq!(
        life.step(Action::Archive, "system", 0),
        Err(Refusal::LookBackOutstanding)
    );
    life.step(Action::LookBack, "media_supervisor", 8).unwrap();
    assert_eq!(
        life.facts.look_backs().collect::<Vec<_>>(),
        [(ClockKind::SecondLookBack, second)]
    );
    let mut late = Life {
        facts: life.facts.clone(),
        now: second,
    };
    life.step(Action::Reopen, "media_supervisor", 8).unwrap();
    assert_eq!(
        life.facts.look_backs().count(),
        0,
        "what is taken up again is not looked back at"
    );
    late.step(Action::LookBack, "media_supervisor", 8).unwrap();
    late.step(Action::Archive, "system", 0).unwrap();
}

#[test]
fn a_broken_promise_goes_back_to_work_at_tier_three() {
    let mut life = Life::new(CaseKind::Assistance);
    life.reach_handling();
    life.step(Action::RequestCommitment, "unit_leader", 6).unwrap();
    life.step(Action::Commit, "government_inspector", 9).unwrap();
    assert_eq!(
        (life.facts.state, life.facts.outcome),
        (CaseState::Committed, None),
        "a promise is not a result"
    );
    life.now = life.now.plus_minutes(2 * 24 * 60);
    life.step(Action::BreakPromise, "system", 0).unwrap();
    assert_eq!((life.facts.state, life.facts.tier), (CaseState::Handling, 3));
}

#[test]
fn a_question_is_answered_at_once_and_a_redo_of_it_goes_to_the_dispatcher() {
    let mut life = Life::new(CaseKind::Inquiry);
    life.step(Action::AnswerDirectly, "clerk", 2).unwrap();
    assert_eq!(
        life.step(Action::RateSatisfied, "follow_up_clerk", 2).err(),
        Some(Refusal::OwnWork)
    );
    assert_eq!(life.rate(2, Resolved::Partly), RatingEffect::Redo);
    assert_eq!(life.facts.state, CaseState::Accepted);
    let step = life.step(Action::Dispatch, "dispatcher", 3).unwrap();
    assert!(
        step.starts.contains(&ClockKind::Redo) && !step.starts.contains(&ClockKind::Handle),
        "the shorter limit"
    );
}

#[test]
fn ratings_close_by_what_the_requester_says_and_keep_explanations_apart() {
    use CaseKind::{Assistance, Inquiry, Suggestion};
    let outcome = |kind, claimed, resolved| {
        let mut facts = plain(CaseState::Replied);
        facts.kind = kind;
        facts.memory.claimed_outcome = claimed;
        RatingInput {
            grade: 3,
            resolved,
            attitude: None,
            speed: None,
            comment: None,
        }
        .effect(&facts)
    };
    let close = |outcome| RatingEffect::Close { outcome };
    assert_eq!(
        outcome(Assistance, Some(Outcome::Resolved), Resolved::Partly),
        close(Outcome::PartlyResolved)
    );
    assert_eq!(
        outcome(Assistance, Some(Outcome::Explained), Resolved::Yes),
        close(Outcome::Explained)
    );
    assert_eq!(
        outcome(Suggestion, Some(Outcome::NotAdopted), Resolved::Yes),
        close(Outcome::NotAdopted)
    );
    assert_eq!(outcome(Inquiry, None, Resolved::Yes), close(Outcome::Answered));
    assert_eq!(
        outcome(Assistance, Some(Outcome::Resolved), Resolved::No),
        RatingEffect::Redo
    );
}

#[test]
fn grades_and_comments_have_bounds() {
    let rating = |grade, attitude, comment: &str| {
        RatingInput {
            grade,
            resolved: Resolved::Yes,
            attitude,
            speed: None,
            comment: Some(comment.to_owned()),
        }
        .check()
    };
    assert_eq!(rating(5, Some(1), &"好".repeat(500)), Ok(()));
    assert_eq!(rating(5, None, &"好".repeat(501)), Err(Refusal::TextTooLong));
    for (grade, attitude) in [(0, None), (6, None), (5, Some(0)), (5, Some(6))] {
        assert_eq!(rating(grade, attitude, ""), Err(Refusal::GradeOutOfRange));
    }
}

#[test]
fn an_act_brings_what_it_needs() {
    let facts = plain(CaseState::Handling);
    let check = |action, given: &Particulars| given.check(action, &facts, now());
    let some = |text: &str| Some(text.to_owned());
    let none = Particulars::default();
    for (action, missing) in [
        (Action::AskInformation, Refusal::NeedsReason),
        (Action::Refuse, Refusal::NeedsReason),
        (Action::HandOff, Refusal::NeedsAcknowledgement),
        (Action::AnswerDirectly, Refusal::NeedsArticle),
        (Action::Dispatch, Refusal::NeedsUnit),
        (Action::RequestReturn, Refusal::NeedsLegalBasis),
        (Action::RequestExtension, Refusal::NeedsReason),
        (Action::ReferToMediation, Refusal::NeedsConsent),
        (Action::SubmitReply, Refusal::NeedsClaimedOutcome),
        (Action::SendBack, Refusal::NeedsReason),
        (Action::RequestCloseExplained, Refusal::NeedsLegalBasis),
    ] {
        assert_eq!(check(action, &none), Err(missing), "{action}");
    }
    let reasoned = Particulars {
        reason: some("已进入诉讼程序"),
        ..none.clone()
    };
    assert_eq!(check(Action::AskInformation, &reasoned), Ok(()));
    assert_eq!(
        check(
            Action::AskInformation,
            &Particulars {
                reason: some("  "),
                ..none.clone()
            }
        ),
        Err(Refusal::NeedsReason)
    );
    assert_eq!(check(Action::Refuse, &reasoned), Err(Refusal::NeedsLawfulPath));
    assert_eq!(
        check(Action::RequestCommitment, &reasoned),
        Err(Refusal::NeedsPromiseDate)
    );
    for (days, fits) in [(None, false), (Some(0), false), (Some(10), true), (Some(11), false)] {
        let asked = Particulars {
            extension_working_days: days,
            ..reasoned.clone()
        };
        assert_eq!(check(Action::RequestExtension, &asked).is_ok(), fits, "{days:?}");
    }
    let long = Particulars {
        reason: Some("长".repeat(2001)),
        ..none
    };
    assert_eq!(check(Action::AskInformation, &long), Err(Refusal::TextTooLong));
}

#[test]
fn the_unit_complained_of_does_not_handle_the_case_alone() {
    let mut facts = plain(CaseState::Accepted);
    facts.memory.complained_unit = Some("371323-物业".to_owned());
    let check = |lead: &str, co: &[&str]| {
        let co_units = co.iter().map(ToString::to_string).collect();
        let given = Particulars {
            lead_unit: Some(lead.to_owned()),
            co_units,
            ..Particulars::default()
        };
        given.check(Action::Dispatch, &facts, now())
    };
    assert_eq!(check("371323-物业", &[]), Err(Refusal::ComplainedUnit));
    assert_eq!(check("371323-物业", &["371323-物业"]), Err(Refusal::ComplainedUnit));
    assert_eq!(check("371323-物业", &["371323-住建"]), Ok(()));
    assert_eq!(check("371323-住建", &[]), Ok(()));
}

#[test]
fn violation_reports_are_merged_only_among_themselves() {
    let of = |kind| CaseFacts {
        kind,
        ..plain(CaseState::Accepted)
    };
    let (report, other) = (of(CaseKind::ViolationReport), of(CaseKind::Complaint));
    assert_eq!(
        may_merge((CaseId(2), &report), (CaseId(1), &other)),
        Err(Refusal::ReportKeptApart)
    );
    assert_eq!(
        may_merge((CaseId(2), &other), (CaseId(1), &report)),
        Err(Refusal::ReportKeptApart)
    );
    assert_eq!(may_merge((CaseId(2), &report), (CaseId(1), &report)), Ok(()));
    assert_eq!(
        may_merge((CaseId(1), &other), (CaseId(1), &other)),
        Err(Refusal::PrimaryUnsuited)
    );
    assert_eq!(
        may_merge((CaseId(2), &other), (CaseId(1), &plain(CaseState::Closed))),
        Err(Refusal::PrimaryUnsuited)
    );
    assert_eq!(
        may_merge((CaseId(2), &other), (CaseId(1), &plain(CaseState::Merged))),
        Err(Refusal::PrimaryUnsuited)
    );
}

#[test]
fn members_follow_a_primary_that_is_refused_handed_off_or_archived_and_the_oldest_replaces_a_withdrawn_one() {
    let follow: Vec<_> = CaseState::ALL
        .iter()
        .filter(|state| members_follow_to(**state).is_some())
        .collect();
    assert_eq!(
        follow,
        [&CaseState::NotAccepted, &CaseState::HandedOff, &CaseState::Archived]
    );
    for (action, state, who, given) in [
        (Action::Refuse, CaseState::Submitted, "clerk", "plain"),
        (Action::HandOff, CaseState::Accepted, "clerk", "plain"),
        (Action::Archive, CaseState::Closed, "system", "late"),
    ] {
        let step = decide(action, &world(given, state, action), &actor(who), now(), &calendar()).unwrap();
        assert!(step.has(Effect::MembersFollow), "{action}");
    }
    let leaving = CaseFacts {
        member_count: 2,
        redo_count: 1,
        ..plain(CaseState::Handling)
    };
    let step = decide(Action::Withdraw, &leaving, &actor("owner"), now(), &calendar()).unwrap();
    assert!(step.has(Effect::OldestMemberTakesOver));
    assert_eq!(successor(&[CaseId(30), CaseId(12), CaseId(20)]), Some(CaseId(12)));
    let mut member = plain(CaseState::Merged);
    member.visibility = Visibility::Private;
    member.memory.urge_count = 4;
    take_over(&mut member, &leaving);
    assert_eq!(
        (member.state, member.redo_count, member.member_count),
        (CaseState::Handling, 1, 1)
    );
    assert_eq!(
        (member.visibility, member.memory.urge_count, member.primary),
        (Visibility::Private, 4, None)
    );
    assert_eq!(member.memory.clocks, leaving.memory.clocks, "the clocks go on");
}

#[test]
fn a_split_case_goes_back_to_where_it_stood() {
    let mut life = Life::new(CaseKind::Assistance);
    life.step(Action::Accept, "clerk", 2).unwrap();
    life.step(Action::Merge, "dispatcher", 3).unwrap();
    life.facts.primary = Some(PrimaryFacts {
        id: CaseId(1),
        state: CaseState::Handling,
        cycle: 1,
        rating_until: None,
    });
    assert!(life.facts.memory.clocks.is_empty(), "the primary's clocks count");
    life.step(Action::Split, "dispatcher", 3).unwrap();
    assert_eq!((life.facts.state, life.facts.primary), (CaseState::Accepted, None));
    assert!(life.facts.due(ClockKind::Dispatch).is_some());
}

#[test]
fn what_a_case_remembers_survives_being_stored_and_an_older_row_is_read() {
    let mut life = Life::new(CaseKind::Complaint);
    life.reach_handling();
    life.step(Action::RequestExtension, "unit_leader", 6).unwrap();
    let stored = serde_json::to_string(&life.facts.memory).unwrap();
    assert_eq!(serde_json::from_str::<CaseMemory>(&stored).unwrap(), life.facts.memory);
    assert_eq!(
        serde_json::from_str::<CaseMemory>("{\"later\":1}").unwrap(),
        CaseMemory::default()
    );
}
