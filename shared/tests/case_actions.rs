//! Every (state x action x actor) triple against the rule book's table, written out once more here in words and on its own,
//! so that neither the code nor this file can drift unseen.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use shared::domain::calendar::Calendar;
use shared::domain::case::facts::{ActBy, ActorFacts, CaseFacts, PendingRequest, PrimaryFacts};
use shared::domain::case::{
    Action, CaseKind, CaseState, Outcome, Refusal, Transition, Urgency, Visibility, allowed_actions, decide,
    decide_submission,
};
use shared::domain::deadline::ClockKind;
use shared::domain::id::{AccountId, CaseId};
use shared::domain::role::Role;
use shared::domain::time::Timestamp;

/// Row, action, from, who, given, to. `given` names the facts (see `world`) under which the line holds; under every other
/// set of facts that the action's lines name, and under `plain`, the triple must be refused. Row 34 is the paragraph below
/// the rule book's table.
const EXPECTED: &str = "
 2 | ask_information       | submitted                       | clerk                    | plain                 | needs_information
 3 | supply_information    | needs_information               | owner                    | plain, incomplete     | submitted
 3 | supply_information    | closed                          | owner                    | incomplete            | submitted
 3 | expire_information    | needs_information               | system                   | late                  | closed
 4 | accept                | submitted                       | clerk                    | plain                 | accepted
 5 | refuse                | submitted                       | clerk                    | plain                 | not_accepted
 6 | appeal_refusal        | not_accepted                    | owner                    | plain                 | submitted
 7 | hand_off              | submitted, accepted, handling   | clerk                    | plain                 | handed_off
 8 | merge                 | submitted, accepted, dispatched | dispatcher               | plain                 | merged
 8 | split                 | merged                          | dispatcher               | plain                 | submitted
 8 | split                 | merged                          | dispatcher               | was accepted          | accepted
 8 | split                 | merged                          | dispatcher               | was dispatched        | dispatched
 8 | me_too                | OPEN                            | resident                 | plain                 | SAME
 8 | follow                | OPEN                            | resident                 | plain                 | SAME
 9 | answer_directly       | submitted, accepted             | clerk                    | inquiry               | replied
10 | dispatch              | accepted                        | dispatcher, system       | plain                 | dispatched
11 | sign_for              | dispatched                      | unit_liaison             | plain                 | handling
11 | deem_signed           | dispatched                      | system                   | late                  | handling
12 | request_return        | dispatched, handling            | unit_leader              | plain                 | return_requested
13 | approve_return        | return_requested                | dispatcher               | plain                 | accepted
13 | deny_return           | return_requested                | dispatcher               | plain                 | handling
14 | record_contact        | handling                        | unit_handler             | plain                 | handling
14 | add_progress          | handling                        | unit_handler             | plain                 | handling
15 | request_extension     | handling                        | unit_leader              | plain                 | handling
15 | approve_extension     | handling                        | reviewer                 | asked                 | handling
15 | approve_extension     | handling                        | government_inspector     | asked a second time   | handling
15 | deny_extension        | handling                        | reviewer                 | asked                 | handling
15 | deny_extension        | handling                        | government_inspector     | asked a second time   | handling
16 | refer_to_mediation    | accepted, handling              | dispatcher               | plain                 | in_mediation
17 | conclude_mediation    | in_mediation                    | mediator                 | plain                 | reply_review
17 | fail_mediation        | in_mediation                    | mediator                 | plain                 | handling
17 | fail_mediation        | in_mediation                    | mediator                 | no order              | accepted
18 | request_commitment    | handling                        | unit_leader              | plain                 | handling
18 | commit                | handling                        | government_inspector     | asked                 | committed
18 | deny_commitment       | handling                        | government_inspector     | asked                 | handling
19 | fulfil                | committed                       | unit_handler, unit_leader | plain                | reply_review
19 | break_promise         | committed                       | system                   | late                  | handling
20 | submit_reply          | handling                        | unit_handler             | plain                 | handling
20 | sign_reply            | handling                        | unit_leader              | asked                 | reply_review
20 | decline_reply         | handling                        | unit_leader              | asked                 | handling
21 | send_back             | reply_review                    | reviewer                 | plain                 | handling
21 | send_back             | reply_review                    | reviewer                 | from mediation        | in_mediation
22 | release_reply         | reply_review                    | reviewer                 | plain                 | replied
23 | rate_satisfied        | replied                         | owner, follow_up_clerk   | plain                 | closed
23 | rate_satisfied        | merged                          | owner                    | plain                 | merged
24 | redo                  | replied                 | owner, member, follow_up_clerk   | plain                 | handling
24 | redo                  | replied                 | owner, member, follow_up_clerk   | no order              | accepted
24 | redo                  | replied                 | owner, member, follow_up_clerk   | third                 | replied
24 | redo                  | closed                          | member                   | plain                 | handling
24 | redo                  | closed                          | member                   | no order              | accepted
24 | redo                  | closed                          | member                   | third                 | replied
24 | redo                  | merged                          | owner                    | plain, no order, third | merged
24 | uphold_demand         | replied                         | reviewer                 | demand                | handling
24 | uphold_demand         | replied                         | reviewer                 | demand without order  | accepted
24 | dismiss_demand        | replied                         | reviewer                 | demand                | replied
24 | expire_judgement      | replied                         | system                   | late demand           | handling
25 | request_close_explained | replied                       | reviewer                 | plain                 | replied
25 | close_explained       | replied                         | hotline_supervisor       | asked, asked after demand | closed
25 | deny_close_explained  | replied                         | hotline_supervisor       | asked                 | replied
25 | deny_close_explained  | replied                         | hotline_supervisor       | asked after demand    | handling
26 | expire_rating         | replied                         | system                   | late                  | closed
27 | reopen                | closed                          | owner, SUPERVISORS       | plain                 | handling
27 | reopen                | closed                          | owner, SUPERVISORS       | no order              | accepted
28 | withdraw              | OPEN, merged                    | owner                    | plain                 | withdrawn
29 | archive               | closed, not_accepted, handed_off, withdrawn | system       | late                  | archived
30 | designate             | accepted         | hotline_supervisor, government_inspector | plain                | dispatched
31 | assign                | handling                        | unit_liaison             | plain                 | handling
32 | add_information       | OPEN, merged                    | owner, callers_clerk     | plain                 | SAME
33 | urge                  | OPEN, merged                    | owner                    | plain                 | SAME
34 | expire_request        | handling, replied               | system                   | late request          | SAME
34 | expire_request        | replied                         | system                   | late request after demand | handling
34 | expire_request        | handling                        | system                   | late request after demand | handling
";

const OPEN: [&str; 10] = [
    "submitted",
    "needs_information",
    "accepted",
    "dispatched",
    "return_requested",
    "handling",
    "in_mediation",
    "committed",
    "reply_review",
    "replied",
];
const SUPERVISORS: [&str; 5] = [
    "hotline_supervisor",
    "media_supervisor",
    "government_inspector",
    "deputy_office",
    "discipline_officer",
];

struct Line {
    row: u8,
    action: Action,
    from: Vec<CaseState>,
    who: Vec<String>,
    given: Vec<String>,
    to: String,
}

fn words(column: &str) -> Vec<String> {
    column
        .split(',')
        .map(str::trim)
        .flat_map(|word| match word {
            "OPEN" => OPEN.iter().map(ToString::to_string).collect(),
            "SUPERVISORS" => SUPERVISORS.iter().map(ToString::to_string).collect(),
            word => vec![word.to_owned()],
        })
        .collect()
}

fn expected() -> Vec<Line> {
    EXPECTED
        .lines()
        .filter(|line| !line.trim().is_empty())
        .map(|line| {
            let columns: Vec<_> = line.split('|').map(str::trim).collect();
            let [row, action, from, who, given, to] = columns[..] else {
                panic!("six columns: {line}")
            };
            Line {
                row: row.parse().unwrap(),
                action: action.parse().unwrap(),
                from: words(from).iter().map(|state| state.parse().unwrap()).collect(),
                who: words(who),
                given: words(given),
                to: to.to_owned(),
            }
        })
        .collect()
}

const ACTOR: AccountId = AccountId(7);
const SOMEBODY: AccountId = AccountId(8);

fn on(year: i32, month: u32, day: u32) -> Timestamp {
    Timestamp::from_city_time(
        NaiveDate::from_ymd_opt(year, month, day)
            .unwrap()
            .and_hms_opt(12, 0, 0)
            .unwrap(),
    )
}

/// A Monday noon.
fn now() -> Timestamp {
    on(2026, 11, 23)
}

/// Weekdays only: what matters here is not which days are holidays.
fn calendar() -> Calendar {
    Calendar::from_holiday_cn(&[]).unwrap()
}

/// A case in `state` to which nothing has happened that would stand in the way: all windows open, no limit passed.
fn plain(state: CaseState) -> CaseFacts {
    let mut facts = CaseFacts::submitted(CaseKind::Assistance, Urgency::Routine, Visibility::Public);
    facts.state = state;
    facts.lead_unit = Some("371323001".to_owned());
    facts.memory.has_work_order = true;
    facts.memory.dispatched_by = Some(SOMEBODY);
    facts.memory.promise_until = Some(now().plus_minutes(60));
    facts.memory.clocks = ClockKind::ALL
        .iter()
        .map(|clock| (*clock, now().plus_minutes(60)))
        .collect();
    if state == CaseState::Closed {
        facts.outcome = Some(Outcome::Resolved);
    }
    if state == CaseState::Merged {
        facts.primary = Some(PrimaryFacts {
            id: CaseId(1),
            state: CaseState::Replied,
            cycle: 1,
            rating_until: None,
        });
    }
    facts
}

/// The facts that the table names.
fn world(given: &str, state: CaseState, action: Action) -> CaseFacts {
    let mut facts = plain(state);
    let request = action.answers().unwrap_or(Action::RequestCloseExplained);
    let asked = PendingRequest {
        action: request,
        by: SOMEBODY,
        at: now(),
        until: Some(now().plus_minutes(60)),
    };
    let memory = &mut facts.memory;
    match given {
        "plain" => {}
        "late" => {
            memory.clocks = ClockKind::ALL.iter().map(|clock| (*clock, now())).collect();
            memory.promise_until = Some(now());
        }
        "was accepted" => memory.former_state = Some(CaseState::Accepted),
        "was dispatched" => memory.former_state = Some(CaseState::Dispatched),
        "no order" => memory.has_work_order = false,
        "from mediation" => memory.from_mediation = true,
        "asked" => memory.pending.push(asked),
        "asked a second time" => {
            memory.pending.push(asked);
            memory.extensions = 1;
        }
        "demand" => memory.demand_since = Some(now()),
        "demand without order" => {
            memory.demand_since = Some(now());
            memory.has_work_order = false;
        }
        "late demand" => {
            memory.demand_since = Some(now());
            memory.clocks.insert(ClockKind::JudgeDemand, now());
        }
        "asked after demand" => {
            memory.demand_since = Some(now());
            memory.pending.push(asked);
        }
        "late request" => memory.pending.push(PendingRequest {
            until: Some(now()),
            ..asked
        }),
        "late request after demand" => {
            memory.demand_since = Some(now());
            memory.pending.push(PendingRequest {
                until: Some(now()),
                ..asked
            });
        }
        "incomplete" => facts.outcome = Some(Outcome::Incomplete),
        "inquiry" => facts.kind = CaseKind::Inquiry,
        "third" => facts.redo_count = 2,
        other => panic!("no such facts: {other}"),
    }
    facts
}

fn actor(who: &str) -> ActorFacts {
    let mut actor = ActorFacts {
        id: Some(ACTOR),
        roles: BTreeSet::new(),
        ..ActorFacts::visitor()
    };
    match who {
        "owner" => actor.is_requester = true,
        "member" => actor.is_member = true,
        "resident" => actor.roles = BTreeSet::from([Role::Requester]),
        "callers_clerk" => {
            actor.roles = BTreeSet::from([Role::Clerk]);
            actor.speaks_for_requester = true;
        }
        role => actor.roles = BTreeSet::from([role.parse().unwrap()]),
    }
    actor
}

/// Everybody who can try: the owner, a member, a resident, a clerk on the phone, and one person for each other role.
fn everybody() -> Vec<String> {
    let roles = Role::ALL
        .iter()
        .filter(|role| **role != Role::Requester)
        .map(ToString::to_string);
    ["owner", "member", "resident", "callers_clerk"]
        .iter()
        .map(ToString::to_string)
        .chain(roles)
        .collect()
}

/// A clerk on the phone is still a clerk.
fn names(line: &Line, who: &str) -> bool {
    line.who
        .iter()
        .any(|named| named == who || (who == "callers_clerk" && named == "clerk"))
}

#[test]
fn every_triple_of_state_action_and_actor_does_what_the_rule_book_says_and_nothing_else() {
    let (lines, calendar, everybody) = (expected(), calendar(), everybody());
    let (mut allowed, mut refused) = (0, 0);
    let mut met = BTreeSet::new();
    for action in Action::ALL {
        let own: Vec<_> = lines.iter().filter(|line| line.action == *action).collect();
        let mut givens: BTreeSet<&str> = own
            .iter()
            .flat_map(|line| line.given.iter().map(String::as_str))
            .collect();
        givens.insert("plain");
        for given in givens {
            for (state, who) in CaseState::ALL
                .iter()
                .flat_map(|state| everybody.iter().map(move |who| (*state, who)))
            {
                let line = own.iter().find(|line| {
                    line.from.contains(&state) && names(line, who) && line.given.iter().any(|named| named == given)
                });
                let decided = decide(*action, &world(given, state, *action), &actor(who), now(), &calendar);
                let triple = format!("{action} from {state} by {who}, given {given}");
                if let Some(line) = line {
                    let step = decided.unwrap_or_else(|refusal| panic!("{triple}: refused as {refusal}"));
                    let to = if line.to == "SAME" {
                        state
                    } else {
                        line.to.parse().unwrap()
                    };
                    assert_eq!((step.from, step.to, step.row), (state, to, line.row), "{triple}");
                    met.insert(std::ptr::from_ref::<Line>(line));
                    allowed += 1;
                } else {
                    assert!(decided.is_err(), "{triple}: allowed, to {}", decided.unwrap().to);
                    refused += 1;
                }
            }
        }
    }
    assert_eq!(met.len(), lines.len(), "every line of the table was met");
    assert!(allowed >= 150, "only {allowed} allowed triples");
    assert!(refused >= 16 * 50 * 25, "only {refused} refused triples");
}

#[test]
fn the_expected_table_names_every_row_and_every_action() {
    let lines = expected();
    let rows: BTreeSet<u8> = lines.iter().map(|line| line.row).collect();
    assert_eq!(rows, (2..=34).collect(), "row 1 has no state before it");
    let named: BTreeSet<Action> = lines.iter().map(|line| line.action).collect();
    let missing: Vec<_> = Action::ALL.iter().filter(|action| !named.contains(action)).collect();
    assert_eq!(missing, [&Action::Submit]);
}

#[test]
fn row_1_residents_clerks_for_callers_and_other_channels_submit_and_nobody_else() {
    for who in everybody() {
        let may = ["resident", "callers_clerk", "system"].contains(&who.as_str());
        assert_eq!(decide_submission(&actor(&who)).is_ok(), may, "{who}");
    }
}

#[test]
fn what_is_offered_is_exactly_what_is_decided() {
    let calendar = calendar();
    let mut offered = 0;
    for (state, who) in CaseState::ALL
        .iter()
        .flat_map(|state| everybody().into_iter().map(move |who| (*state, who)))
    {
        let (facts, actor) = (plain(state), actor(&who));
        let verdicts: BTreeMap<_, _> = allowed_actions(&facts, &actor, now(), &calendar)
            .into_iter()
            .map(|v| (v.action, v))
            .collect();
        for action in Action::ALL {
            let refusal = decide(*action, &facts, &actor, now(), &calendar).err();
            let Some(verdict) = verdicts.get(action) else {
                assert_eq!(
                    refusal,
                    Some(Refusal::RoleNotAllowed),
                    "what is not offered is not his: {action} by {who}"
                );
                continue;
            };
            assert_eq!(
                (verdict.refusal, verdict.allowed),
                (refusal, refusal.is_none()),
                "{action} by {who}"
            );
            offered += usize::from(verdict.allowed);
        }
    }
    assert!(offered > 100, "only {offered} offers");
}

// Each guard by itself: the same act passes without the fact and is refused with it.

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
            facts.memory.look_back_until = Some(now().plus_seconds(1));
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

#[test]
fn clocks_start_and_stop_where_the_rule_book_says() {
    let step = |action, state, who: &str, given: &str| -> Transition {
        decide(action, &world(given, state, action), &actor(who), now(), &calendar()).unwrap()
    };
    let accepted = step(Action::Accept, CaseState::Submitted, "clerk", "plain");
    assert_eq!(accepted.starts, [ClockKind::Dispatch]);
    assert_eq!(accepted.stops, [ClockKind::Accept, ClockKind::AppealDecision]);
    let dispatched = step(Action::Dispatch, CaseState::Accepted, "dispatcher", "plain");
    assert!(
        dispatched.starts.contains(&ClockKind::Handle),
        "the handling clock runs from dispatch, not from signing"
    );
    let signed = step(Action::SignFor, CaseState::Dispatched, "unit_liaison", "plain");
    assert_eq!((signed.starts, signed.stops), (vec![], vec![ClockKind::SignFor]));
    for (action, state, who) in [
        (Action::RequestReturn, CaseState::Handling, "unit_leader"),
        (Action::DenyReturn, CaseState::ReturnRequested, "dispatcher"),
        (Action::SendBack, CaseState::ReplyReview, "reviewer"),
        (Action::Assign, CaseState::Handling, "unit_liaison"),
        (Action::AddInformation, CaseState::Handling, "owner"),
        (Action::Urge, CaseState::Handling, "owner"),
    ] {
        let step = step(action, state, who, "plain");
        let touched = step.stops.contains(&ClockKind::Handle) || step.starts.contains(&ClockKind::Handle);
        assert!(!touched, "{action} leaves the handling clock alone");
    }
    assert_eq!(
        step(Action::Redo, CaseState::Replied, "owner", "plain").starts,
        [ClockKind::Redo]
    );
    let undispatched = step(Action::Redo, CaseState::Replied, "owner", "no order");
    assert_eq!(
        undispatched.starts,
        [ClockKind::Dispatch],
        "nobody's work clock runs before a dispatch"
    );
    let extended = step(Action::ApproveExtension, CaseState::Handling, "reviewer", "asked");
    assert!(
        extended.starts.contains(&ClockKind::Handle),
        "an extension gives the work clock a new end"
    );
}
