//! A city in which nothing is closed: as many open cases as are wanted at every place where one can lie, with their orders, clocks
//! and supervisions, and with so many clocks due. Written straight into the tables of either database.

use std::{collections::BTreeMap, io};

use api::city::City;
use shared::domain::{
    case::{CaseMemory, Outcome},
    deadline::ClockKind,
    time::Timestamp,
};

use super::fill::{CASE_COLUMNS, Cell, Sink, Villages};

/// Units that have orders, the first of the city's list.
const UNITS: usize = 40;
/// Apart enough for the ids of one case's own rows.
const NEXT_ROW: i64 = 1 << 12;
/// Far enough from now for the bench to end before it.
const FAR_MINUTES: i64 = 400 * 24 * 60;

/// Where a case lies.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Submitted,
    NeedsInformation,
    Accepted,
    ReturnRequested,
    Dispatched,
    Handling,
    ReplyReview,
    Replied,
}

impl Place {
    const fn state(self) -> &'static str {
        match self {
            Self::Submitted => "submitted",
            Self::NeedsInformation => "needs_information",
            Self::Accepted => "accepted",
            Self::ReturnRequested => "return_requested",
            Self::Dispatched => "dispatched",
            Self::Handling => "handling",
            Self::ReplyReview => "reply_review",
            Self::Replied => "replied",
        }
    }

    /// The stage of its order; none before there is one.
    const fn stage(self) -> Option<&'static str> {
        match self {
            Self::Submitted | Self::NeedsInformation | Self::Accepted => None,
            Self::ReturnRequested => Some("return_requested"),
            Self::Dispatched => Some("to_sign"),
            Self::Handling => Some("handling"),
            Self::ReplyReview => Some("to_review"),
            Self::Replied => Some("finished"),
        }
    }

    const fn clock(self) -> ClockKind {
        match self {
            Self::Submitted => ClockKind::Accept,
            Self::NeedsInformation => ClockKind::Information,
            Self::Accepted => ClockKind::Dispatch,
            Self::ReturnRequested => ClockKind::ReturnDecision,
            Self::Dispatched => ClockKind::SignFor,
            Self::Handling => ClockKind::Handle,
            Self::ReplyReview => ClockKind::ReplyReview,
            Self::Replied => ClockKind::RatingWindow,
        }
    }
}

/// What is due about a case. Of twenty: fourteen reminders, two orders that nobody signed for (which the first tier takes up),
/// three answers that nobody rated, and one red card (which the first tier takes up).
#[derive(Clone, Copy, PartialEq, Eq)]
enum Due {
    Reminder,
    Unsigned,
    Unrated,
    Late,
}

/// How large the city is and how much of it is due.
pub(crate) struct OpenCity<'a> {
    pub(crate) city: &'a City,
    pub(crate) cases: i64,
    pub(crate) due: i64,
    pub(crate) now: Timestamp,
}

/// One case with what hangs on it.
struct Open {
    id: i64,
    place: Place,
    urgency: &'static str,
    cells: Vec<Cell>,
    unit: String,
    /// Kind, start, end, next look, told until.
    clocks: Vec<(ClockKind, Timestamp, Timestamp, Timestamp, Timestamp)>,
}

impl OpenCity<'_> {
    fn due_of(&self, number: i64) -> Option<Due> {
        let every = (self.cases / self.due.max(1)).max(1);
        (number % every == 0 && number / every < self.due).then(|| match number / every % 20 {
            0..=13 => Due::Reminder,
            14 | 15 => Due::Unsigned,
            16..=18 => Due::Unrated,
            _ => Due::Late,
        })
    }

    fn make(&self, villages: &Villages<'_>, number: i64) -> Open {
        let due = self.due_of(number);
        let place = match (due, number % 100) {
            (Some(Due::Reminder | Due::Late), _) | (None, 37..=76) => Place::Handling,
            (Some(Due::Unsigned), _) | (None, 27..=36) => Place::Dispatched,
            (Some(Due::Unrated), _) | (None, 80..) => Place::Replied,
            (None, ..=14) => Place::Submitted,
            (None, 15..=18) => Place::NeedsInformation,
            (None, 19..=24) => Place::Accepted,
            (None, 25 | 26) => Place::ReturnRequested,
            (None, _) => Place::ReplyReview,
        };
        let mut made = villages.make(number, self.cases, self.now.plus_minutes(-60));
        let index = usize::try_from(number).unwrap_or_default() % UNITS;
        let unit = self
            .city
            .units
            .iter()
            .nth(index)
            .map(|unit| unit.code.clone())
            .unwrap_or_default();
        let ago = |minutes: i64| self.now.plus_minutes(-minutes);
        let far = self.now.plus_minutes(FAR_MINUTES);
        let hour = 60;
        let clock = match due {
            Some(Due::Reminder) => (ago(13 * hour), ago(-11 * hour), ago(hour), ago(13 * hour)),
            Some(Due::Unsigned) => (ago(2 * hour), ago(90), ago(90), ago(91)),
            Some(Due::Unrated) => (ago(14 * 24 * hour), ago(hour), ago(hour), ago(hour + 1)),
            Some(Due::Late) => (ago(30 * hour), ago(6 * hour), ago(6 * hour), ago(6 * hour + 1)),
            None => (self.now, far, far, self.now),
        };
        let mut clocks = vec![(place.clock(), clock.0, clock.1, clock.2, clock.3)];
        if matches!(place, Place::Handling | Place::Dispatched) {
            clocks.push((ClockKind::FirstContact, self.now, far, far, self.now));
        }
        if place == Place::Handling && number % 50 == 41 {
            clocks.push((ClockKind::ExtensionDecision, self.now, far, far, self.now));
        }
        let memory = CaseMemory {
            clocks: clocks
                .iter()
                .map(|(kind, _, due, ..)| (*kind, *due))
                .collect::<BTreeMap<_, _>>(),
            policy_version: (!matches!(place, Place::Submitted | Place::NeedsInformation))
                .then(|| self.city.policy.version.clone()),
            has_work_order: place.stage().is_some(),
            claimed_outcome: (place == Place::Replied).then_some(Outcome::Resolved),
            ..CaseMemory::default()
        };
        let text = |word: &str| Cell::Text(word.to_owned());
        let urgency = if due.is_some_and(|due| due != Due::Unrated) {
            "livelihood"
        } else {
            "routine"
        };
        for (column, cell) in [
            ("state", text(place.state())),
            ("urgency", text(urgency)),
            ("is_open", Cell::Flag(true)),
            ("outcome", Cell::Nothing),
            (
                "lead_unit",
                if place.stage().is_some() {
                    text(&unit)
                } else {
                    Cell::Nothing
                },
            ),
            ("dispatch_count", Cell::Number(i64::from(place.stage().is_some()))),
            ("memory", Cell::Text(serde_json::to_string(&memory).unwrap_or_default())),
        ] {
            if let Some(index) = CASE_COLUMNS.iter().position(|name| *name == column) {
                made.cells[index] = cell;
            }
        }
        Open {
            id: made.id,
            place,
            urgency,
            cells: made.cells,
            unit,
            clocks,
        }
    }

    /// Writes everything.
    pub(crate) fn fill(&self, sink: &mut dyn Sink, progress: &dyn Fn(i64)) -> io::Result<()> {
        let villages = Villages::of(self.city);
        let made = |number| self.make(&villages, number);
        super::fill::persons(sink)?;
        self.desks(sink)?;
        sink.table("cases", CASE_COLUMNS)?;
        for number in 0..self.cases {
            sink.row(&made(number).cells)?;
            if number % 20_000 == 0 {
                progress(number);
            }
        }
        orders(sink, (0..self.cases).map(made))?;
        self.clocks(sink, (0..self.cases).map(made))?;
        supervisions(sink, (0..self.cases).map(made), self.now)?;
        sink.finish()
    }

    /// Two people at the desk of each unit.
    fn desks(&self, sink: &mut dyn Sink) -> io::Result<()> {
        let text = |word: &str| Cell::Text(word.to_owned());
        let columns = [
            "id",
            "version",
            "username",
            "display_name",
            "post",
            "unit",
            "password_hash",
            "must_change_password",
            "password_set_at",
            "status",
        ];
        sink.table("staff_accounts", &columns)?;
        for (number, unit) in (1..).zip(self.city.units.iter().take(UNITS)) {
            for chair in 0..2 {
                sink.row(&[
                    Cell::Number(number * 10 + chair),
                    Cell::Number(1),
                    Cell::Text(format!("desk{number}.{chair}")),
                    text("值班员"),
                    text(""),
                    text(&unit.code),
                    text(""),
                    Cell::Flag(false),
                    Cell::Number(self.now.0),
                    text("active"),
                ])?;
            }
        }
        sink.table("staff_grants", &["id", "account_id", "role", "unit", "kinds"])?;
        for (number, unit) in (1..).zip(self.city.units.iter().take(UNITS)) {
            for (chair, role) in (0..).zip(["unit_liaison", "unit_leader"]) {
                let id = Cell::Number(number * 10 + chair);
                let account = Cell::Number(number * 10 + chair);
                sink.row(&[id, account, text(role), text(&unit.code), text("null")])?;
            }
        }
        Ok(())
    }

    fn clocks(&self, sink: &mut dyn Sink, cases: impl Iterator<Item = Open>) -> io::Result<()> {
        let columns = [
            "id",
            "case_id",
            "order_id",
            "kind",
            "started_at",
            "due_at",
            "provisional",
            "policy_version",
            "calendar_version",
            "wake_at",
            "told_until",
        ];
        sink.table("clocks", &columns)?;
        let text = |word: &str| Cell::Text(word.to_owned());
        for case in cases {
            for (place, (kind, started, due, wake, told)) in (0..).zip(&case.clocks) {
                sink.row(&[
                    Cell::Number(case.id + place * NEXT_ROW),
                    Cell::Number(case.id),
                    if case.place.stage().is_some() {
                        Cell::Number(case.id)
                    } else {
                        Cell::Nothing
                    },
                    text(kind.as_str()),
                    Cell::Number(started.0),
                    Cell::Number(due.0),
                    Cell::Flag(false),
                    text(&self.city.policy.version),
                    text("2026"),
                    Cell::Number(wake.0),
                    Cell::Number(told.0),
                ])?;
            }
        }
        Ok(())
    }
}

fn orders(sink: &mut dyn Sink, cases: impl Iterator<Item = Open> + Clone) -> io::Result<()> {
    let text = |word: &str| Cell::Text(word.to_owned());
    let columns = [
        "id",
        "version",
        "case_id",
        "cycle",
        "role",
        "unit",
        "stage",
        "urgency",
        "reason",
        "deemed_signed",
    ];
    sink.table("work_orders", &columns)?;
    for case in cases.clone() {
        let Some(stage) = case.place.stage() else { continue };
        sink.row(&[
            Cell::Number(case.id),
            Cell::Number(1),
            Cell::Number(case.id),
            Cell::Number(1),
            text("lead"),
            text(&case.unit),
            text(stage),
            text(case.urgency),
            text("按派单目录"),
            Cell::Flag(false),
        ])?;
    }
    let columns = [
        "id",
        "version",
        "case_id",
        "order_id",
        "cycle",
        "body",
        "outcome",
        "root_cause",
        "written_by",
        "state",
    ];
    sink.table("replies", &columns)?;
    for (number, case) in (0_i64..).zip(cases) {
        if case.place != Place::Handling || number % 23 != 5 {
            continue;
        }
        sink.row(&[
            Cell::Number(case.id),
            Cell::Number(1),
            Cell::Number(case.id),
            Cell::Number(case.id),
            Cell::Number(1),
            text("已经处理完毕。"),
            text("resolved"),
            text("facility"),
            Cell::Number(10),
            text("to_review"),
        ])?;
    }
    Ok(())
}

/// One case of forty is held by a tier, one as much as the other.
fn supervisions(sink: &mut dyn Sink, cases: impl Iterator<Item = Open>, now: Timestamp) -> io::Result<()> {
    let columns = [
        "id",
        "version",
        "case_id",
        "cycle",
        "tier",
        "cause",
        "occasion",
        "owner",
        "policy_version",
        "calendar_version",
        "due_at",
        "postponements",
    ];
    sink.table("supervisions", &columns)?;
    let text = |word: &str| Cell::Text(word.to_owned());
    let tiers = [
        ("hotline", "hotline_supervisor"),
        ("media", "media_supervisor"),
        ("government", "government_inspector"),
        ("deputies", "deputy_office"),
        ("discipline", "discipline_officer"),
    ];
    for (number, case) in (0_usize..).zip(cases) {
        if number % 40 != 33 {
            continue;
        }
        let (tier, owner) = tiers[number / 40 % tiers.len()];
        sink.row(&[
            Cell::Number(case.id),
            Cell::Number(1),
            Cell::Number(case.id),
            Cell::Number(1),
            text(tier),
            text("several_units"),
            text("bench"),
            text(owner),
            text("linyi-2026.1"),
            text("2026"),
            Cell::Number(now.plus_minutes(FAR_MINUTES).0),
            Cell::Number(0),
        ])?;
    }
    Ok(())
}
