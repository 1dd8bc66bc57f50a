//! What is special about a case before it begins: when and by whom it is reported, what it is, and how those who meet it behave.

use serde_json::{Value, json};
use shared::domain::time::Timestamp;

use super::{dice::Dice, people::UNITS, turns::Then};

/// Days on which cases are reported.
const DAYS: u32 = 7;
/// The first and the last hour of a day in which somebody reports, and the share of a weekend's day to a weekday's.
const HOURS: (u32, u32) = (7, 22);
/// Cases that belong to one resident, on average.
const CASES_OF_ONE: usize = 12;

/// What a matter can be: category, place in words, what the resident writes.
const TROUBLES: [(&str, &str, &str); 10] = [
    (
        "facilities.street_light",
        "健康路东段",
        "路灯有五盏不亮，上夜班的人摸黑走，已经一个星期了。",
    ),
    (
        "facilities.road_damage",
        "沂蒙路与银雀山路交叉口",
        "路面塌了一块，电动车绕着走，下雨看不出深浅。",
    ),
    (
        "facilities.sidewalk",
        "学校南门外",
        "人行道的砖翘起来了，孩子放学都从那里过。",
    ),
    (
        "facilities.drainage",
        "菜市场北门",
        "一下雨就积水，没过脚脖子，几天退不下去。",
    ),
    ("sanitation.garbage", "小区西侧垃圾点", "垃圾三天没有人清运，味道很大。"),
    (
        "environment.life_noise",
        "广场对面",
        "夜里十一点还在放音响，老人睡不着。",
    ),
    ("utilities.gas", "锦绣家园二期", "楼道里有煤气味，物业也说不清是哪里。"),
    (
        "utilities.power_line",
        "锦绣家园三期",
        "树枝压着电线，刮风的时候冒火花。",
    ),
    ("order.stall", "医院门口", "占道摆摊，救护车进出都要等。"),
    ("labour.social_insurance", "开发区的工地", "干了两年，社保一直没有交。"),
];

/// How a unit treats an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Temper {
    /// Signs, calls, works and answers in time.
    Diligent,
    /// Does all of it, too late; the tier that gets it moving.
    Late(u64),
    /// Does nothing, whoever asks.
    Deaf,
    /// Gives it back.
    Returning,
    /// Answers at once that it is done, and it is not.
    FalselyClosing,
    /// Promises a day.
    Promising,
}

/// What the clerk makes of the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Intake {
    Accept,
    Ask,
    Refuse,
    HandOff,
    Answer,
    /// Overlooked, until a tier asks.
    Overlook,
}

/// How the requester takes the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mood {
    Content,
    /// Wants it done properly.
    Strict,
    /// Never content.
    Hard,
    /// Does not answer anything.
    Silent,
}

/// A case before it begins.
#[derive(Debug, Clone)]
pub(super) struct Plan {
    pub(super) resident: usize,
    pub(super) reported: Timestamp,
    pub(super) kind: &'static str,
    pub(super) urgency: &'static str,
    pub(super) visibility: &'static str,
    trouble: usize,
    pub(super) intake: Intake,
    pub(super) temper: Temper,
    pub(super) mood: Mood,
    /// The unit that it is sent to first, as an index.
    pub(super) unit: usize,
    /// An earlier case of the same matter.
    pub(super) twin_of: Option<usize>,
    /// The requester takes it back after so many turns.
    pub(super) withdrawn_after: Option<u32>,
}

impl Plan {
    /// The plan of a case; `monday` is midnight before the first day.
    pub(super) fn of(seed: u64, number: usize, of: usize, monday: Timestamp) -> Self {
        let mut dice = Dice::of(seed, number, u32::MAX);
        let trouble = dice.between(0, 10) as usize;
        let day = dice.between(0, DAYS);
        let minute = dice.between(HOURS.0 * 60, HOURS.1 * 60);
        let kind = match dice.between(0, 100) {
            0..=47 => "assistance",
            48..=71 => "complaint",
            72..=83 => "inquiry",
            84..=89 => "suggestion",
            90..=95 => "violation_report",
            _ => "commendation",
        };
        let urgency = match dice.between(0, 100) {
            0..=3 if matches!(kind, "assistance" | "complaint") => "emergency",
            4..=21 if matches!(kind, "assistance" | "complaint" | "inquiry") => "livelihood",
            _ => "routine",
        };
        let visibility = match (kind, dice.between(0, 10)) {
            ("violation_report", _) => "confidential",
            (_, 0..=6) => "public",
            _ => "private",
        };
        let intake = match dice.between(0, 100) {
            0..=2 => Intake::Overlook,
            3..=5 => Intake::Refuse,
            6..=8 => Intake::HandOff,
            9..=15 => Intake::Ask,
            16..=60 if kind == "inquiry" => Intake::Answer,
            _ => Intake::Accept,
        };
        let temper = match dice.between(0, 100) {
            0..=10 => Temper::Late(1),
            11..=15 => Temper::Late(2),
            16..=17 => Temper::Deaf,
            18..=25 => Temper::Returning,
            26..=30 => Temper::FalselyClosing,
            31..=33 => Temper::Promising,
            _ => Temper::Diligent,
        };
        let mood = match dice.between(0, 100) {
            0..=54 => Mood::Content,
            55..=74 => Mood::Strict,
            75..=79 => Mood::Hard,
            _ => Mood::Silent,
        };
        let unit = dice.between(0, u32::try_from(UNITS.len()).unwrap_or(1)) as usize;
        // The same matter, reported again: always under a case that was there from the beginning.
        let twin = number >= 8 && number % 2 == 1 && dice.percent(8);
        let twin_of = twin.then(|| number / 8 * 8);
        let withdrawn_after = dice.percent(2).then(|| dice.between(2, 9));
        Self {
            resident: number % (of / CASES_OF_ONE).max(3),
            reported: monday.plus_minutes(i64::from(day * 24 * 60 + minute)),
            kind: if twin_of.is_some() { "complaint" } else { kind },
            urgency,
            visibility: if twin_of.is_some() && visibility == "confidential" {
                "private"
            } else {
                visibility
            },
            trouble,
            intake: if twin_of.is_some() { Intake::Accept } else { intake },
            temper,
            mood,
            unit,
            twin_of,
            withdrawn_after,
        }
    }

    /// What the clerk finds it to be about.
    pub(super) const fn category(&self) -> &'static str {
        TROUBLES[self.trouble].0
    }

    /// The report as it is sent.
    pub(super) fn report(&self, number: usize) -> Value {
        let (category, place, words) = TROUBLES[self.trouble];
        json!({
            "text": format!("{place}{words}（第{}次反映）", number % 3 + 1),
            "kind": self.kind, "category": category,
            "place": { "region": REGION, "words": place },
            "visibility": self.visibility,
        })
    }
}

/// A street in the city's first district.
pub(super) const REGION: &str = "371302002";

impl Plan {
    /// When the clerk looks at the report for the first time.
    pub(super) fn first_look(&self) -> Then {
        match self.urgency {
            "routine" => Then::Working(20, 350),
            "livelihood" => Then::Wall(5, 50),
            _ => Then::Wall(1, 15),
        }
    }
}
