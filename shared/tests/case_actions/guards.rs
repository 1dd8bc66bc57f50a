//! Each guard by itself: the same act passes without the fact and is refused with it.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use shared::domain::case::facts::{ActBy, ActorFacts, CaseFacts, PendingRequest, PrimaryFacts};
use shared::domain::case::{Action, CaseKind, CaseState, Outcome, Refusal, Urgency, Visibility, decide};
use shared::domain::deadline::ClockKind;
use shared::domain::id::CaseId;
use shared::domain::role::Role;

use crate::world::{ACTOR, SOMEBODY, actor, calendar, now, on, plain, world};

/// Decides twice: in the named world, which must pass, and after `spoil`, which must give exactly `refusal`.
fn refused_when(
    (action, state, who, given): (Action, CaseState, &str, &str),
    refusal: Refusal,
    spoil: impl Fn(&mut CaseFacts),
) {
    refused_for(&actor(who), (action, state, given), refusal, spoil);
}

fn refused_for(
    actor: &ActorFacts,
    (action, state, given): (Action, CaseState, &str),
    refusal: Refusal,
    spoil: impl Fn(&mut CaseFacts),
) {
    let mut facts = world(given, state, action);
    let before = decide(action, &facts, actor, now(), &calendar());
    assert!(before.is_ok(), "{action} must pass before it is spoilt: {before:?}");
    spoil(&mut facts);
    assert_eq!(
        decide(action, &facts, actor, now(), &calendar()).err(),
        Some(refusal),
        "{action}"
    );
}

#[test]
fn a_clerk_asks_once_and_an_expired_question_can_be_answered_for_a_while() {
    let ask = (Action::AskInformation, CaseState::Submitted, "clerk", "plain");
    refused_when(ask, Refusal::AlreadyUsed, |facts| facts.memory.information_asked = true);
    let supply = (Action::SupplyInformation, CaseState::Closed, "owner", "incomplete");
    refused_when(supply, Refusal::WindowOver, |facts| {
        facts.memory.clocks.insert(ClockKind::SupplyAfterExpiry, now());
    });
    refused_when(supply, Refusal::NotIncomplete, |facts| {
        facts.outcome = Some(Outcome::Resolved);
    });
}

#[test]
fn a_refusal_is_appealed_once_in_time_and_decided_by_another_clerk() {
    let appeal = (Action::AppealRefusal, CaseState::NotAccepted, "owner", "plain");
    refused_when(appeal, Refusal::AlreadyUsed, |facts| facts.memory.appealed = true);
    refused_when(appeal, Refusal::WindowOver, |facts| {
        facts.memory.clocks.remove(&ClockKind::AppealWindow);
    });
    let appealed = |facts: &mut CaseFacts, by| {
        facts.memory.appealed = true;
        facts.memory.refusal = Some(ActBy { by, at: now() });
    };
    for action in [Action::Accept, Action::Refuse, Action::AskInformation, Action::HandOff] {
        refused_when(
            (action, CaseState::Submitted, "clerk", "plain"),
            Refusal::SameClerk,
            |facts| appealed(facts, ACTOR),
        );
        let mut facts = plain(CaseState::Submitted);
        appealed(&mut facts, SOMEBODY);
        assert!(
            decide(action, &facts, &actor("clerk"), now(), &calendar()).is_ok(),
            "another clerk: {action}"
        );
    }
}

#[test]
fn joining_and_following_need_a_public_case_of_somebody_else() {
    let facts = plain(CaseState::Handling);
    for action in [Action::MeToo, Action::Follow] {
        for hidden in [Visibility::Private, Visibility::Confidential] {
            let act = (action, CaseState::Handling, "resident", "plain");
            refused_when(act, Refusal::NotPublic, |facts| facts.visibility = hidden);
        }
        let own = ActorFacts {
            is_requester: true,
            ..actor("resident")
        };
        assert_eq!(
            decide(action, &facts, &own, now(), &calendar()).err(),
            Some(Refusal::OwnCase)
        );
    }
    let follower = ActorFacts {
        is_follower: true,
        ..actor("resident")
    };
    let again = decide(Action::Follow, &facts, &follower, now(), &calendar());
    assert_eq!(again.err(), Some(Refusal::AlreadyFollowing));
    assert!(decide(Action::MeToo, &facts, &follower, now(), &calendar()).is_ok());
}

#[test]
fn only_questions_are_answered_at_once_and_only_disputes_go_to_mediation() {
    let answer = (Action::AnswerDirectly, CaseState::Submitted, "clerk", "inquiry");
    refused_when(answer, Refusal::NotInquiry, |facts| facts.kind = CaseKind::Complaint);
    for kind in [
        CaseKind::ViolationReport,
        CaseKind::Inquiry,
        CaseKind::Suggestion,
        CaseKind::Commendation,
    ] {
        let refer = (Action::ReferToMediation, CaseState::Handling, "dispatcher", "plain");
        refused_when(refer, Refusal::MediationUnsuited, |facts| facts.kind = kind);
    }
}

#[test]
fn an_order_is_returned_in_time_not_after_designation_and_judged_by_another_dispatcher() {
    for state in [CaseState::Dispatched, CaseState::Handling] {
        let ask = (Action::RequestReturn, state, "unit_leader", "plain");
        refused_when(ask, Refusal::Designated, |facts| facts.designated = true);
        refused_when(ask, Refusal::WindowOver, |facts| {
            facts.memory.clocks.remove(&ClockKind::ReturnRequestComplex);
            facts.memory.clocks.insert(ClockKind::ReturnRequest, now());
        });
    }
    for action in [Action::ApproveReturn, Action::DenyReturn] {
        let act = (action, CaseState::ReturnRequested, "dispatcher", "plain");
        refused_when(act, Refusal::OriginalDispatcher, |facts| {
            facts.memory.dispatched_by = Some(ACTOR);
        });
    }
}

#[test]
fn extensions_are_asked_before_the_limit_never_for_emergencies_and_at_most_twice() {
    let ask = (Action::RequestExtension, CaseState::Handling, "unit_leader", "plain");
    refused_when(ask, Refusal::NoExtensionForEmergency, |facts| {
        facts.urgency = Urgency::Emergency;
    });
    refused_when(ask, Refusal::AlreadyUsed, |facts| facts.memory.extensions = 2);
    refused_when(ask, Refusal::WindowOver, |facts| {
        facts.memory.clocks.remove(&ClockKind::Redo);
        facts.memory.clocks.insert(ClockKind::Handle, now());
    });
    for action in [Action::ApproveExtension, Action::DenyExtension] {
        let first = (action, CaseState::Handling, "reviewer", "asked");
        refused_when(first, Refusal::WrongDeciderForExtension, |facts| {
            facts.memory.extensions = 1;
        });
        let second = (
            action,
            CaseState::Handling,
            "government_inspector",
            "asked a second time",
        );
        refused_when(second, Refusal::WrongDeciderForExtension, |facts| {
            facts.memory.extensions = 0;
        });
    }
}

#[test]
fn where_two_people_are_named_the_first_asks_once_and_the_second_is_somebody_else() {
    use CaseState::{Handling, Replied};
    for (request, state, first, yes, second) in [
        (
            Action::RequestExtension,
            Handling,
            "unit_leader",
            Action::ApproveExtension,
            "reviewer",
        ),
        (
            Action::RequestCommitment,
            Handling,
            "unit_leader",
            Action::Commit,
            "government_inspector",
        ),
        (
            Action::SubmitReply,
            Handling,
            "unit_handler",
            Action::SignReply,
            "unit_leader",
        ),
        (
            Action::RequestCloseExplained,
            Replied,
            "reviewer",
            Action::CloseExplained,
            "hotline_supervisor",
        ),
    ] {
        let asked = PendingRequest {
            action: request,
            by: ACTOR,
            at: now(),
            until: None,
        };
        let (ask, answer) = ((request, state, first, "plain"), (yes, state, second, "asked"));
        refused_when(ask, Refusal::AlreadyPending, |facts| facts.memory.pending.push(asked));
        refused_when(answer, Refusal::SamePerson, |facts| facts.memory.pending = vec![asked]);
        refused_when(answer, Refusal::NothingPending, |facts| facts.memory.pending.clear());
        let step = decide(request, &plain(state), &actor(first), now(), &calendar()).unwrap();
        assert_eq!(
            (step.to, step.pends),
            (state, Some(request)),
            "the first person's act keeps the state and waits"
        );
        let step = decide(yes, &world("asked", state, yes), &actor(second), now(), &calendar()).unwrap();
        assert_eq!(step.settles, Some(request));
    }
}

#[test]
fn a_request_is_cancelled_when_its_limit_has_passed_and_not_before() {
    let expire = (Action::ExpireRequest, CaseState::Handling, "system", "late request");
    refused_when(expire, Refusal::NotYetDue, |facts| {
        facts.memory.pending[0].until = Some(now().plus_minutes(1));
    });
    refused_when(expire, Refusal::NotYetDue, |facts| facts.memory.pending[0].until = None);
    refused_when(expire, Refusal::NothingPending, |facts| facts.memory.pending.clear());
}

#[test]
fn nobody_reviews_judges_follows_up_or_closes_what_he_handled() {
    use CaseState::{Handling, Replied, ReplyReview};
    for act in [
        (Action::SendBack, ReplyReview, "reviewer", "plain"),
        (Action::ReleaseReply, ReplyReview, "reviewer", "plain"),
        (Action::ApproveExtension, Handling, "reviewer", "asked"),
        (Action::DenyExtension, Handling, "reviewer", "asked"),
        (Action::Commit, Handling, "government_inspector", "asked"),
        (Action::DenyCommitment, Handling, "government_inspector", "asked"),
        (Action::RateSatisfied, Replied, "follow_up_clerk", "plain"),
        (Action::Redo, Replied, "follow_up_clerk", "plain"),
        (Action::Redo, Replied, "follow_up_clerk", "third"),
        (Action::UpholdDemand, Replied, "reviewer", "demand"),
        (Action::DismissDemand, Replied, "reviewer", "demand"),
        (Action::RequestCloseExplained, Replied, "reviewer", "plain"),
        (Action::CloseExplained, Replied, "hotline_supervisor", "asked"),
        (Action::DenyCloseExplained, Replied, "hotline_supervisor", "asked"),
    ] {
        refused_when(act, Refusal::OwnWork, |facts| {
            facts.memory.handled_by.insert(ACTOR);
        });
    }
}

#[test]
fn a_follow_up_clerk_of_the_handling_unit_may_not_rate_for_the_requester() {
    let clerk = ActorFacts {
        unit: Some("hotline".to_owned()),
        ..actor("follow_up_clerk")
    };
    for action in [Action::RateSatisfied, Action::Redo] {
        refused_for(
            &clerk,
            (action, CaseState::Replied, "plain"),
            Refusal::HandlingUnit,
            |facts| {
                facts.lead_unit = Some("hotline".to_owned());
            },
        );
    }
}

#[test]
fn the_platform_acts_only_after_a_limit_and_never_without_one() {
    use CaseState::{Closed, Committed, Dispatched, NeedsInformation, Replied};
    for (action, state, given, clock) in [
        (
            Action::ExpireInformation,
            NeedsInformation,
            "late",
            ClockKind::Information,
        ),
        (Action::DeemSigned, Dispatched, "late", ClockKind::SignFor),
        (Action::ExpireRating, Replied, "late", ClockKind::RatingWindow),
        (Action::ExpireJudgement, Replied, "late demand", ClockKind::JudgeDemand),
        (Action::Archive, Closed, "late", ClockKind::Archive),
    ] {
        refused_when((action, state, "system", given), Refusal::NotYetDue, |facts| {
            facts.memory.clocks.insert(clock, now().plus_seconds(1));
        });
        refused_when((action, state, "system", given), Refusal::NotYetDue, |facts| {
            facts.memory.clocks.remove(&clock);
        });
    }
    refused_when(
        (Action::BreakPromise, Committed, "system", "late"),
        Refusal::NotYetDue,
        |facts| {
            facts.memory.promise_until = Some(now().plus_seconds(1));
        },
    );
    refused_when(
        (Action::Archive, Closed, "system", "late"),
        Refusal::LookBackOutstanding,
        |facts| {
            facts.memory.clocks.insert(ClockKind::SecondLookBack, now());
        },
    );
}

#[test]
fn a_waiting_demand_is_judged_before_anything_else_is_said_about_the_reply() {
    use CaseState::Replied;
    for act in [
        (Action::RateSatisfied, Replied, "owner", "plain"),
        (Action::Redo, Replied, "owner", "plain"),
        (Action::Redo, Replied, "owner", "third"),
        (Action::ExpireRating, Replied, "system", "late"),
        (Action::RequestCloseExplained, Replied, "reviewer", "plain"),
    ] {
        refused_when(act, Refusal::JudgementPending, |facts| {
            facts.memory.demand_since = Some(now());
        });
    }
    let dismissed = PendingRequest {
        action: Action::RequestCloseExplained,
        by: SOMEBODY,
        at: now(),
        until: None,
    };
    for action in [Action::UpholdDemand, Action::DismissDemand] {
        let act = (action, Replied, "reviewer", "demand");
        refused_when(act, Refusal::NoDemand, |facts| facts.memory.demand_since = None);
        refused_when(act, Refusal::AlreadyPending, |facts| {
            facts.memory.pending.push(dismissed);
        });
    }
}

#[test]
fn a_requester_reopens_once_within_the_window_and_a_supervisor_until_the_archive() {
    let own = (Action::Reopen, CaseState::Closed, "owner", "plain");
    refused_when(own, Refusal::AlreadyUsed, |facts| {
        facts.memory.reopened_by_requester = true;
    });
    refused_when(own, Refusal::WindowOver, |facts| {
        facts.memory.clocks.insert(ClockKind::ReopenWindow, now());
    });
    for who in ["owner", "hotline_supervisor"] {
        let act = (Action::Reopen, CaseState::Closed, who, "plain");
        refused_when(act, Refusal::SupplyInstead, |facts| {
            facts.outcome = Some(Outcome::Incomplete);
        });
    }
    let mut facts = world("late", CaseState::Closed, Action::Reopen);
    facts.memory.reopened_by_requester = true;
    assert!(decide(Action::Reopen, &facts, &actor("discipline_officer"), now(), &calendar()).is_ok());
}

#[test]
fn urging_is_once_a_working_day_and_a_weekend_belongs_to_the_friday() {
    let urge = |last: (i32, u32, u32), today: (i32, u32, u32)| {
        let mut facts = plain(CaseState::Handling);
        facts.memory.last_urged_on = NaiveDate::from_ymd_opt(last.0, last.1, last.2);
        decide(
            Action::Urge,
            &facts,
            &actor("owner"),
            on(today.0, today.1, today.2),
            &calendar(),
        )
        .err()
    };
    let (friday, saturday, sunday, monday) = ((2026, 11, 20), (2026, 11, 21), (2026, 11, 22), (2026, 11, 23));
    assert_eq!(urge(friday, friday), Some(Refusal::UrgedToday));
    assert_eq!(urge(friday, saturday), Some(Refusal::UrgedToday));
    assert_eq!(urge(saturday, sunday), Some(Refusal::UrgedToday));
    assert_eq!(urge(friday, monday), None);
    assert_eq!(urge(sunday, monday), None);
}

#[test]
fn a_member_rates_an_answered_primary_once_in_each_cycle() {
    let primary = |state, rating_until| {
        Some(PrimaryFacts {
            id: CaseId(1),
            state,
            cycle: 2,
            rating_until,
        })
    };
    for action in [Action::RateSatisfied, Action::Redo] {
        let act = (action, CaseState::Merged, "owner", "plain");
        refused_when(act, Refusal::PrimaryNotReady, |facts| {
            facts.primary = primary(CaseState::Handling, None);
        });
        refused_when(act, Refusal::PrimaryNotReady, |facts| {
            facts.primary = primary(CaseState::Closed, Some(now()));
        });
        refused_when(act, Refusal::AlreadyUsed, |facts| {
            facts.primary = primary(CaseState::Replied, None);
            facts.memory.rated_primary_cycle = Some(2);
        });
        let mut facts = plain(CaseState::Merged);
        facts.primary = primary(CaseState::Closed, Some(now().plus_minutes(1)));
        assert!(
            decide(action, &facts, &actor("owner"), now(), &calendar()).is_ok(),
            "closed, window still open"
        );
    }
    refused_when(
        (Action::Redo, CaseState::Closed, "member", "plain"),
        Refusal::WindowOver,
        |facts| {
            facts.memory.clocks.insert(ClockKind::RatingWindow, now());
        },
    );
}

#[test]
fn members_add_urge_and_withdraw_while_their_primary_is_open() {
    for action in [Action::AddInformation, Action::Urge, Action::Withdraw] {
        refused_when(
            (action, CaseState::Merged, "owner", "plain"),
            Refusal::PrimaryNotReady,
            |facts| {
                facts.primary = facts.primary.map(|primary| PrimaryFacts {
                    state: CaseState::Closed,
                    ..primary
                });
            },
        );
    }
    let merge = (Action::Merge, CaseState::Submitted, "dispatcher", "plain");
    refused_when(merge, Refusal::HasMembers, |facts| facts.member_count = 1);
}

#[test]
fn a_role_held_elsewhere_is_told_apart_from_no_role_and_from_a_wrong_state() {
    let refusal = |actor: &ActorFacts, state| decide(Action::Accept, &plain(state), actor, now(), &calendar()).err();
    let elsewhere = ActorFacts {
        roles_elsewhere: BTreeSet::from([Role::Clerk]),
        ..actor("analyst")
    };
    assert_eq!(refusal(&elsewhere, CaseState::Submitted), Some(Refusal::OutOfScope));
    assert_eq!(
        refusal(&actor("analyst"), CaseState::Submitted),
        Some(Refusal::RoleNotAllowed)
    );
    assert_eq!(refusal(&actor("clerk"), CaseState::Closed), Some(Refusal::WrongState));
}
