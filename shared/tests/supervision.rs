//! The ladder that is shipped holds the table of the five tiers (rule book 6.6), written out once more here row by row.

#![allow(clippy::unwrap_used, reason = "a test that cannot read its own data has to fail")]

use chrono::{NaiveDate, NaiveDateTime};
use shared::domain::calendar::Calendar;
use shared::domain::case::{CaseFacts, CaseKind, CaseState, Urgency, Visibility};
use shared::domain::deadline::{ClockKind, DeadlinePolicy, Limit};
use shared::domain::id::SupervisionId;
use shared::domain::role::Role;
use shared::domain::supervision::{Cause, Ladder, OpenSupervision, SupervisionResult, Tier, Tool, is_late};
use shared::domain::time::Timestamp;

const LADDER: &str = include_str!("../../api/city/ladder.toml");
const DEADLINES: &str = include_str!("../../api/city/deadlines.toml");
const YEARS: [&str; 3] = [
    include_str!("../../api/city/calendar/2024.json"),
    include_str!("../../api/city/calendar/2025.json"),
    include_str!("../../api/city/calendar/2026.json"),
];

fn ladder() -> Ladder {
    toml::from_str(LADDER).unwrap()
}

fn at(text: &str) -> Timestamp {
    Timestamp::from_city_time(NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap())
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn plain() -> CaseFacts {
    let mut facts = CaseFacts::submitted(CaseKind::Assistance, Urgency::Routine, Visibility::Public);
    facts.state = CaseState::Handling;
    facts
}

/// The same case while a tier holds it, for which nothing else counts.
fn held(tier: Tier) -> CaseFacts {
    let mut facts = plain();
    facts.tier = tier.number();
    facts.memory.supervision = Some(OpenSupervision {
        id: SupervisionId(1),
        tier,
        cause: Cause::PublicInterest,
        owner: ladder().rule(tier).owner,
        until: at("2026-03-02 00:00"),
    });
    facts
}

fn opened(cause: Cause, facts: &CaseFacts) -> Option<(Tier, Cause)> {
    let opening = ladder().opening(cause, facts, None)?;
    Some((opening.tier, opening.cause))
}

/// What has to be there first, and within how many working days.
type Answer = Option<(Tool, u16)>;
/// Tier, owner, causes, answer, result in working days, tools.
type Row = (Tier, Role, &'static [Cause], Answer, u16, &'static [Tool]);

/// The table.
#[rustfmt::skip]
const TABLE: [Row; 5] = [
    (Tier::Hotline, Role::HotlineSupervisor,
        &[Cause::Late, Cause::Dissatisfied, Cause::Unsigned, Cause::Silent, Cause::ReturnedTwice],
        None, 3, &[Tool::Reminder, Tool::Call, Tool::Meeting, Tool::Redo]),
    (Tier::Media, Role::MediaSupervisor,
        &[Cause::DissatisfiedTwice, Cause::PublicInterest, Cause::RequesterAsks],
        Some((Tool::UnitReply, 3)), 8, &[Tool::Visit, Tool::Article, Tool::Film, Tool::UnitReply, Tool::LookBack]),
    (Tier::Government, Role::GovernmentInspector,
        &[Cause::DispatchedThrice, Cause::SeveralUnits, Cause::PromiseBroken, Cause::Cluster, Cause::EmergencyLate],
        Some((Tool::Plan, 3)), 10,
        &[Tool::SupervisionOrder, Tool::NamedLeader, Tool::Plan, Tool::SiteMeeting, Tool::Designation]),
    (Tier::Deputies, Role::DeputyOffice,
        &[Cause::NeedsPolicy, Cause::CityWide],
        None, 15, &[Tool::Inspection, Tool::Hearing, Tool::Vote]),
    (Tier::Discipline, Role::DisciplineOfficer,
        &[Cause::TooMany, Cause::RepeatedComplaints, Cause::ReturnedWidely, Cause::FalseClosing, Cause::IdentityLeaked,
            Cause::Retaliation, Cause::Pressure, Cause::DutyCrime],
        None, 10, &[Tool::File]),
];

/// Held by the tier, cause, which tier takes over.
#[rustfmt::skip]
const CLIMBS: [(Tier, Cause, Option<Tier>); 12] = [
    (Tier::Hotline,    Cause::TierFailed,        Some(Tier::Media)),
    (Tier::Hotline,    Cause::DissatisfiedTwice, Some(Tier::Media)),
    (Tier::Hotline,    Cause::Silent,            None),
    (Tier::Media,      Cause::TierFailed,        Some(Tier::Government)),
    (Tier::Media,      Cause::LookBackUndone,    Some(Tier::Government)),
    (Tier::Media,      Cause::Late,              None),
    (Tier::Government, Cause::TierFailed,        Some(Tier::Deputies)),
    (Tier::Government, Cause::DissatisfiedThrice, Some(Tier::Deputies)),
    (Tier::Government, Cause::DissatisfiedTwice, None),
    (Tier::Deputies,   Cause::TierFailed,        Some(Tier::Discipline)),
    (Tier::Deputies,   Cause::VoteNegative,      Some(Tier::Discipline)),
    (Tier::Discipline, Cause::TierFailed,        None),
];

#[test]
fn every_row_of_the_table_has_its_owner_causes_dues_and_tools() {
    let ladder = ladder();
    for (tier, owner, causes, answer, result, tools) in TABLE {
        let rule = ladder.rule(tier);
        assert_eq!((rule.owner, rule.result), (owner, Limit::WorkingDays(result)), "{tier}");
        let expected = answer.map(|(by, days)| (by, Limit::WorkingDays(days)));
        assert_eq!(rule.answer.map(|answer| (answer.by, answer.within)), expected, "{tier}");
        assert_eq!(rule.tools, tools, "{tier}");
        for cause in causes {
            assert_eq!(opened(*cause, &plain()), Some((tier, *cause)), "{cause}");
        }
    }
    let named: usize = TABLE.iter().map(|row| row.2.len()).sum();
    let climbing = [
        Cause::TierFailed,
        Cause::DissatisfiedThrice,
        Cause::LookBackUndone,
        Cause::VoteNegative,
    ];
    assert_eq!(named + climbing.len(), Cause::ALL.len(), "every cause has its row");
    for cause in climbing {
        assert_eq!(opened(cause, &plain()), None, "{cause} opens nothing by itself");
    }
}

#[test]
fn a_tier_climbs_for_what_the_table_names_and_for_nothing_else() {
    for (tier, cause, next) in CLIMBS {
        let expected = next.map(|next| (next, cause));
        assert_eq!(opened(cause, &held(tier)), expected, "{tier}, {cause}");
    }
}

#[test]
fn an_undone_look_back_goes_above_the_media_though_the_supervision_is_over() {
    let mut facts = plain();
    facts.tier = 2;
    let cause = Cause::LookBackUndone;
    assert_eq!(opened(cause, &facts), Some((Tier::Government, cause)));
    facts.tier = 4;
    assert_eq!(
        opened(cause, &facts),
        Some((Tier::Deputies, cause)),
        "a tier never falls"
    );
}

#[test]
fn named_causes_skip_upwards_whoever_holds_the_matter() {
    for cause in [
        Cause::FalseClosing,
        Cause::IdentityLeaked,
        Cause::Retaliation,
        Cause::Pressure,
    ] {
        assert_eq!(opened(cause, &held(Tier::Hotline)), Some((Tier::Discipline, cause)));
    }
    for cause in [Cause::DispatchedThrice, Cause::EmergencyLate] {
        assert_eq!(opened(cause, &held(Tier::Hotline)), Some((Tier::Government, cause)));
    }
}

#[test]
fn violation_reports_confidential_mediated_and_minors_matters_pass_the_media_by() {
    let mut violation = held(Tier::Hotline);
    violation.kind = CaseKind::ViolationReport;
    let mut confidential = held(Tier::Hotline);
    confidential.visibility = Visibility::Confidential;
    let mut mediated = held(Tier::Hotline);
    mediated.memory.from_mediation = true;
    let mut minor = held(Tier::Hotline);
    minor.memory.concerns_minor = true;
    for facts in [&violation, &confidential, &mediated, &minor] {
        assert_eq!(
            opened(Cause::TierFailed, facts),
            Some((Tier::Government, Cause::TierFailed))
        );
    }
    let children = ladder().opening(Cause::TierFailed, &held(Tier::Hotline), Some("welfare.children"));
    assert_eq!(children.unwrap().tier, Tier::Government);
    let lamps = ladder().opening(Cause::TierFailed, &held(Tier::Hotline), Some("facilities.street_light"));
    assert_eq!(lamps.unwrap().tier, Tier::Media);
}

#[test]
fn an_unwelcome_lawful_result_of_enforcement_or_mediation_is_no_cause_and_a_fault_of_the_way_is() {
    let mut violation = plain();
    violation.kind = CaseKind::ViolationReport;
    let mut mediated = plain();
    mediated.memory.from_mediation = true;
    for facts in [&violation, &mediated] {
        assert_eq!(opened(Cause::Dissatisfied, facts), None);
        assert_eq!(opened(Cause::DissatisfiedTwice, facts), None);
        assert_eq!(opened(Cause::Late, facts), Some((Tier::Hotline, Cause::Late)));
        assert_eq!(opened(Cause::Silent, facts), Some((Tier::Hotline, Cause::Silent)));
    }
}

#[test]
fn a_tier_never_falls_inside_one_matter() {
    let mut facts = plain();
    facts.tier = 3;
    assert_eq!(opened(Cause::Late, &facts), Some((Tier::Government, Cause::Late)));
    assert_eq!(
        opened(Cause::NeedsPolicy, &facts),
        Some((Tier::Deputies, Cause::NeedsPolicy))
    );
}

#[test]
fn the_fifth_redo_or_supervision_goes_to_the_discipline_task_force() {
    let mut facts = plain();
    (facts.redo_count, facts.memory.supervisions) = (2, 1);
    assert_eq!(opened(Cause::Late, &facts), Some((Tier::Hotline, Cause::Late)));
    facts.redo_count = 3;
    assert_eq!(opened(Cause::Late, &facts), Some((Tier::Discipline, Cause::TooMany)));
    let mut held = held(Tier::Media);
    (held.redo_count, held.memory.supervisions) = (2, 2);
    assert_eq!(opened(Cause::DissatisfiedThrice, &held), None);
    held.redo_count = 3;
    assert_eq!(
        opened(Cause::DissatisfiedThrice, &held),
        Some((Tier::Discipline, Cause::TooMany))
    );
}

#[test]
fn dues_are_working_days_across_the_spring_festival_and_its_make_up_saturdays() {
    let (ladder, calendar) = (ladder(), Calendar::from_holiday_cn(&YEARS).unwrap());
    let policy: DeadlinePolicy = toml::from_str(DEADLINES).unwrap();
    let hours = &policy.working_hours;
    // Friday, 13 February 2026; off from Sunday the 15th to Monday the 23rd; the Saturdays 14 and 28 February are worked.
    let start = at("2026-02-13 09:00");
    let last_day = |tier| ladder.result_due(tier, &calendar, hours, start).unwrap().last_day();
    assert_eq!(last_day(Tier::Hotline), day("2026-02-25"));
    assert_eq!(last_day(Tier::Media), day("2026-03-03"));
    assert_eq!(last_day(Tier::Government), day("2026-03-05"));
    assert_eq!(last_day(Tier::Deputies), day("2026-03-12"));
    let plan = ladder.answer_due(Tier::Government, &calendar, hours, start).unwrap();
    assert_eq!(
        (plan.last_day(), plan.policy_version.as_str()),
        (day("2026-02-25"), "linyi-2026.1")
    );
    let due = ladder.result_due(Tier::Hotline, &calendar, hours, start).unwrap();
    let later = ladder.postponed_due(&calendar, hours, due.at, 3).unwrap();
    assert_eq!(later.last_day(), day("2026-02-28"), "a worked Saturday");
    assert_eq!(
        ladder.postponed_due(&calendar, hours, due.at, 6),
        None,
        "more than is allowed"
    );
}

#[test]
fn somebody_is_late_while_a_limit_of_his_is_over_and_the_matter_is_open() {
    let now = at("2026-03-02 09:00");
    let mut facts = plain();
    facts.memory.clocks.insert(ClockKind::RatingWindow, now);
    assert!(!is_late(&facts, now), "the requester is never late");
    facts.memory.clocks.insert(ClockKind::Handle, now);
    assert!(is_late(&facts, now) && !is_late(&facts, Timestamp(now.0 - 1)));
    facts.state = CaseState::Closed;
    assert!(!is_late(&facts, now));
}

#[test]
fn a_ladder_that_leaves_something_open_is_refused() {
    let broken = |from: &str, to: &str| {
        assert!(LADDER.contains(from), "{from}");
        toml::from_str::<Ladder>(&LADDER.replacen(from, to, 1)).is_err()
    };
    assert!(broken("\"late\", ", ""), "a cause that opens nothing");
    assert!(broken("\"public_interest\"", "\"late\""), "a cause that opens two");
    assert!(broken("owner = \"media_supervisor\"", "owner = \"requester\""));
    assert!(broken("result = \"15wd\"", "result = \"none\""));
    assert!(broken(
        "tools = [\"file\"]\n",
        "tools = [\"file\"]\nanswer = { by = \"plan\", within = \"3wd\" }\n"
    ));
    assert!(
        broken("climbs = []", "climbs = [\"tier_failed\"]"),
        "nothing is above the fifth"
    );
    assert!(broken("\"unfounded\", ", "\"failed\", "));
    assert!(broken("returns = 2", "returns = 0"));
    assert!(broken("version = \"linyi-2026.1\"", "version = \"\""));
    assert!(
        ladder()
            .rule(Tier::Discipline)
            .results
            .contains(&SupervisionResult::RedCard)
    );
}
