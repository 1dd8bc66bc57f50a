//! Every (state x action x actor) triple against the rule book's table, written out once more here in words and on its own,
//! so that neither the code nor this file can drift unseen.

use std::collections::{BTreeMap, BTreeSet};

use shared::domain::case::{Action, CaseState, Refusal, allowed_actions, decide, decide_submission};

use crate::world::{actor, calendar, everybody, now, plain, world};

/// Row, action, from, who, given, to. `given` names the facts (see `world`) under which the line holds; under every other
/// set of facts that the action's lines name, and under `plain`, the triple must be refused. Row 34 is what the rule book
/// says beside its table, row 35 its chapter on supervision.
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
18 | reach_milestone       | committed                       | unit_handler, unit_leader | plain                | committed
19 | fulfil                | committed                       | unit_handler, unit_leader | plain                | reply_review
19 | break_promise         | committed                       | system                   | late                  | handling
20 | submit_reply          | handling                        | unit_handler             | plain                 | handling
20 | sign_reply            | handling                        | unit_leader              | asked                 | reply_review
20 | decline_reply         | handling                        | unit_leader              | asked                 | handling
21 | send_back             | reply_review                    | reviewer                 | plain                 | handling
21 | send_back             | reply_review                    | reviewer                 | from mediation        | in_mediation
21 | send_back             | reply_review                    | reviewer                 | after a promise       | handling
22 | release_reply         | reply_review                    | reviewer                 | plain                 | replied
23 | attempt_follow_up     | replied                         | follow_up_clerk          | plain                 | replied
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
34 | request_exclusion     | closed                          | unit_leader, reviewer    | plain                 | closed
34 | approve_exclusion     | closed                          | hotline_supervisor       | asked                 | closed
34 | deny_exclusion        | closed                          | hotline_supervisor       | asked                 | closed
34 | tighten_visibility    | OPEN, merged, closed, not_accepted, handed_off, withdrawn | clerk, hotline_supervisor | plain | SAME
34 | expire_request        | handling, replied, closed       | system                   | late request          | SAME
34 | expire_request        | replied                         | system                   | late request after demand | handling
34 | expire_request        | handling, closed                | system                   | late request after demand | SAME
34 | recount_dues          | OPEN, ENDED                     | system                   | plain                 | SAME
35 | ask_media             | OPEN                            | owner                    | plain                 | SAME
35 | look_back             | closed                          | media_supervisor         | look-back due         | SAME
35 | look_back             | closed                          | hotline_supervisor       | look-back due without publicity | SAME
35 | supervise             | OPEN, ENDED                     | system, SUPERVISORS      | plain                 | SAME
35 | postpone_supervision  | OPEN, ENDED                     | SUPERVISORS              | supervised            | SAME
35 | end_supervision       | OPEN, ENDED                     | system, SUPERVISORS      | supervised            | SAME
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
const ENDED: [&str; 4] = ["closed", "not_accepted", "handed_off", "withdrawn"];
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
            "ENDED" => ENDED.iter().map(ToString::to_string).collect(),
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
    assert_eq!(rows, (2..=35).collect(), "row 1 has no state before it");
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
