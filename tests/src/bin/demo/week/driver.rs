//! Steps the clock. At each instant first all that is due is done, until nothing is left; then everybody whose turn it is acts, cases
//! beside each other, the cases of one matter one after the other. Then the clock goes to the next instant that matters.

use std::collections::{BTreeMap, BTreeSet};

use api::city::City;
use futures_util::{StreamExt, future::try_join_all, stream};
use serde_json::Value;
use shared::domain::time::Timestamp;

use super::{
    character::Plan,
    dice::Dice,
    disturbance::Disturbance,
    line::Line,
    people::{People, Who},
    summary::Progress,
    tiers,
    turns::{Matter, Memory, Move, Scene, Then, Turn},
};
use crate::{
    caller::{Told, text},
    stepped::{CaseSeen, Done, Order},
};

/// Minutes between two instants at which people act.
const STEP_MINUTES: i64 = 10;
/// Cases that act at the same time.
const AT_ONCE: usize = 24;
/// Days that are played: the week of the reports and another one, in which their limits end.
pub(super) const DAYS: i64 = 14;
/// Minutes after midnight at which the holders of the tiers go through their lists.
const MORNING: i64 = 9 * 60;

/// The whole play.
pub(super) struct Driver<'a> {
    seed: u64,
    monday: Timestamp,
    city: City,
    line: &'a Line,
    people: People,
    matters: Vec<Matter>,
    turns: BTreeMap<Timestamp, BTreeSet<usize>>,
    disturbance: Disturbance,
    pub(super) acts: BTreeMap<String, usize>,
    pub(super) refusals: BTreeMap<String, usize>,
}

/// What one turn led to.
struct Played {
    matter: Matter,
    act: Option<String>,
    refusal: Option<String>,
    next: Option<Timestamp>,
}

impl<'a> Driver<'a> {
    pub(super) async fn prepare(
        line: &'a Line,
        (seed, cases): (u64, usize),
        monday: Timestamp,
        kills: u32,
    ) -> Told<Self> {
        let matters: Vec<Matter> = (0..cases)
            .map(|number| Matter {
                number,
                plan: Plan::of(seed, number, cases, monday),
                receipt: None,
                turns: 0,
                memory: Memory::default(),
            })
            .collect();
        let mut turns: BTreeMap<Timestamp, BTreeSet<usize>> = BTreeMap::new();
        for matter in &matters {
            turns
                .entry(on_grid(matter.plan.reported))
                .or_default()
                .insert(matter.number);
        }
        let residents = matters.iter().map(|matter| matter.plan.resident + 1).max().unwrap_or(0);
        let weekend = monday.plus_minutes((DAYS - 3) * 24 * 60);
        Ok(Self {
            seed,
            monday,
            city: City::shipped().map_err(|problems| problems.join("；"))?,
            people: People::settle(line, residents).await?,
            line,
            matters,
            turns,
            disturbance: Disturbance::plan(seed, kills, (monday.plus_minutes(10 * 60), weekend)),
            acts: BTreeMap::new(),
            refusals: BTreeMap::new(),
        })
    }

    /// Plays to the end; `progress` is told how far it is.
    pub(super) async fn play(&mut self, progress: &mut Progress) -> Told<()> {
        let end = self.monday.plus_minutes(DAYS * 24 * 60 + MORNING);
        let (mut next, mut day) = (Some(self.monday), 0);
        while let Some(now) = next.filter(|now| *now < end) {
            let due = self.sweep(now).await?;
            let morning = self.monday.plus_minutes(i64::from(day) * 24 * 60 + MORNING);
            if now >= morning {
                day += 1;
                self.holders(now, day).await?;
            }
            self.act(now).await?;
            progress.show(
                now.micros_since(self.monday),
                end.micros_since(self.monday),
                self.acts.values().sum(),
            );
            let people = self.turns.keys().next().copied();
            let after = now.plus_minutes(STEP_MINUTES);
            let morning = self.monday.plus_minutes(i64::from(day) * 24 * 60 + MORNING);
            next = [due.map(on_grid), people, Some(morning)]
                .into_iter()
                .flatten()
                .min()
                .map(|next| next.max(after));
        }
        // The last morning belongs to the clock alone: every red card of the night is given.
        self.sweep(end).await.map(drop)
    }

    /// Everything that is due, by all processes at once; answers when there is something to do next.
    async fn sweep(&mut self, now: Timestamp) -> Told<Option<Timestamp>> {
        self.clock(now).await?;
        self.disturbance.strike(self.line.server(0), now, true);
        let sweeps = self
            .line
            .servers()
            .iter()
            .map(|server| server.ask::<Done>(&Order::Sweep));
        let done = try_join_all(sweeps).await?;
        Ok(done.into_iter().filter_map(|done| done.next).min())
    }

    async fn clock(&self, now: Timestamp) -> Told<()> {
        try_join_all(self.line.servers().iter().map(|server| server.step_to(now)))
            .await
            .map(drop)
    }

    /// A minute after the sweep, so that what one sets going is never mistaken for what the other did.
    async fn holders(&mut self, now: Timestamp, day: u32) -> Told<()> {
        self.clock(now.plus_minutes(1)).await?;
        let cases: BTreeMap<&str, (usize, usize)> = self
            .matters
            .iter()
            .filter_map(|matter| {
                Some((
                    matter.receipt.as_deref()?,
                    (matter.number, group(&matter.plan, matter.number)),
                ))
            })
            .collect();
        let known = |receipt: &str| cases.get(receipt).copied();
        let acts = tiers::morning(self.line, &self.people, (self.seed, day), known).await?;
        *self.acts.entry("supervisions".to_owned()).or_default() += acts;
        Ok(())
    }

    /// Everybody whose turn it is.
    async fn act(&mut self, now: Timestamp) -> Told<()> {
        let later = self.turns.split_off(&now.plus_minutes(1));
        let due: BTreeSet<usize> = std::mem::replace(&mut self.turns, later)
            .into_values()
            .flatten()
            .collect();
        if due.is_empty() {
            return Ok(());
        }
        let now = now.plus_minutes(2);
        self.clock(now).await?;
        self.disturbance.strike(self.line.server(0), now, false);
        let mut groups: BTreeMap<usize, Vec<Matter>> = BTreeMap::new();
        let receipts: BTreeMap<usize, String> = due
            .iter()
            .filter_map(|number| self.matters[*number].plan.twin_of)
            .filter_map(|primary| Some((primary, self.matters[primary].receipt.clone()?)))
            .collect();
        for number in due {
            let blank = Matter {
                number,
                plan: self.matters[number].plan.clone(),
                receipt: None,
                turns: 0,
                memory: Memory::default(),
            };
            let matter = std::mem::replace(&mut self.matters[number], blank);
            groups.entry(group(&matter.plan, number)).or_default().push(matter);
        }
        let this = &*self;
        let played: Vec<Told<Vec<Played>>> = stream::iter(groups)
            .map(|(group, matters)| this.play_group(group, matters, &receipts, now))
            .buffer_unordered(AT_ONCE)
            .collect()
            .await;
        for played in played {
            for one in played? {
                self.settle(one);
            }
        }
        Ok(())
    }

    fn settle(&mut self, played: Played) {
        if let Some(next) = played.next {
            self.turns
                .entry(on_grid(next))
                .or_default()
                .insert(played.matter.number);
        }
        if let Some(act) = played.act {
            *self.acts.entry(act).or_default() += 1;
        }
        if let Some(refusal) = played.refusal {
            *self.refusals.entry(refusal).or_default() += 1;
        }
        let number = played.matter.number;
        self.matters[number] = played.matter;
    }

    async fn play_group(
        &self,
        group: usize,
        matters: Vec<Matter>,
        receipts: &BTreeMap<usize, String>,
        now: Timestamp,
    ) -> Told<Vec<Played>> {
        let mut played = Vec::new();
        for matter in matters {
            let primary = matter.plan.twin_of.and_then(|primary| receipts.get(&primary));
            played.push(self.turn(group, matter, primary, now).await?);
        }
        Ok(played)
    }

    /// One turn: looks, decides, acts.
    async fn turn(&self, group: usize, mut matter: Matter, primary: Option<&String>, now: Timestamp) -> Told<Played> {
        matter.turns += 1;
        let (number, turns) = (matter.number, matter.turns);
        let key = format!("week-{}-{number}-{turns}", self.seed);
        let Some(receipt) = matter.receipt.clone() else {
            let token = self.people.token(Who::Resident(matter.plan.resident));
            let report = matter.plan.report(number);
            let receipted = self
                .line
                .post(group, Some(token), "/api/v1/cases", report, &key)
                .await?
                .done()?;
            matter.receipt = Some(text(&receipted, "/receipt_no")?);
            let mut dice = Dice::of(self.seed, number, turns);
            let next = self.after(now, matter.plan.first_look(), &mut dice);
            return Ok(Played {
                matter,
                act: Some("cases".to_owned()),
                refusal: None,
                next,
            });
        };
        let view = self.look(group, &receipt).await?;
        let primary = match primary {
            Some(primary) => Some((primary.clone(), text(&self.look(group, primary).await?, "/state")?)),
            None => None,
        };
        let mut scene = Scene {
            plan: &matter.plan,
            memory: &mut matter.memory,
            number,
            turns,
            dice: Dice::of(self.seed, number, turns),
            view: &view,
            primary,
            receipt: &receipt,
            now,
        };
        let turn = scene.turn()?;
        let mut dice = scene.dice;
        let (act, refusal, then) = match turn {
            Turn::Rest(then) => (None, None, then),
            Turn::Act(Move { who, path, body, then }) => {
                let token = self.people.token(who);
                let answered = self.line.post(group, Some(token), &path, body, &key).await?;
                let name = path.rsplit('/').next().unwrap_or_default().to_owned();
                let told = answered.refusal().map(|refusal| refusal.replace(&receipt, "…"));
                let told = told.map(|refusal| {
                    format!(
                        "{} {name} {}",
                        view["state"],
                        refusal.splitn(4, ' ').skip(2).collect::<Vec<_>>().join(" ")
                    )
                });
                // Who was turned away looks again tomorrow.
                let then = if told.is_some() || then == Then::Never {
                    Then::Working(400, 500)
                } else {
                    then
                };
                (Some(name), told, then)
            }
        };
        let next = self.after(now, then, &mut dice);
        Ok(Played {
            matter,
            act,
            refusal,
            next,
        })
    }

    async fn look(&self, group: usize, receipt: &str) -> Told<Value> {
        let supervisor = self.people.token(Who::City("rexian"));
        self.line
            .get(group, supervisor, &format!("/api/v1/staff/cases/{receipt}"))
            .await?
            .done()
    }

    fn after(&self, now: Timestamp, then: Then, dice: &mut Dice) -> Option<Timestamp> {
        match then {
            Then::Never => None,
            Then::Wall(least, most) => Some(now.plus_minutes(i64::from(dice.between(least, most)))),
            Then::Working(least, most) => {
                let hours = &self.city.policy.working_hours;
                let minutes = dice.between(least, most);
                Some(self.city.calendar.add_working_minutes(hours, now, minutes).at)
            }
        }
    }

    /// Every case with what became of it, in the order of the play's numbers, and people under the names of the play.
    pub(super) async fn look_back(&self) -> Told<Vec<(usize, CaseSeen)>> {
        let seen: Vec<CaseSeen> = self.line.server(0).ask(&Order::Look).await?;
        let numbers: BTreeMap<&str, usize> = self
            .matters
            .iter()
            .filter_map(|matter| Some((matter.receipt.as_deref()?, matter.number)))
            .collect();
        let mut cases = Vec::with_capacity(seen.len());
        for mut case in seen {
            let number = numbers.get(case.receipt.as_str()).copied();
            let number = number.ok_or_else(|| format!("多出了一件 {}", case.receipt))?;
            for told in &mut case.told {
                told.to = self.people.name(&told.to);
            }
            cases.push((number, case));
        }
        cases.sort_by_key(|(number, _)| *number);
        Ok(cases)
    }

    /// Times that a process was killed.
    pub(super) const fn kills(&self) -> usize {
        self.disturbance.done
    }
}

/// Cases of one matter belong together: nobody acts on one while somebody acts on another.
fn group(plan: &Plan, number: usize) -> usize {
    plan.twin_of.unwrap_or(number)
}

/// The next instant at which people act.
fn on_grid(at: Timestamp) -> Timestamp {
    let step = STEP_MINUTES * 60_000_000;
    Timestamp((at.0 + step - 1).div_euclid(step) * step)
}
