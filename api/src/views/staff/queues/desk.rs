//! A list as one person works from it: what is walked for him, and which of its entries his grants reach.

use std::{collections::BTreeSet, sync::Arc};

use shared::domain::{
    case::{CaseFacts, Visibility},
    queue::{OtherList, Queue, QueueSource},
    role::{Grant, Reach, Role},
    supervision::Tier,
};

use crate::{
    access::StaffActor,
    city::City,
    database::StoreError,
    stores::{
        parse_json, parse_word,
        queue_store::{MOST_MERGED, MOST_NAMED, QueueRow, Walk},
    },
};

/// A list of any sort.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum List {
    /// A queue.
    Queue(Queue),
    /// The open supervisions of a tier.
    Tier(Tier),
    /// One with an operation of its own.
    Other(OtherList),
}

/// A list as one person works from it.
pub(super) struct Desk {
    pub(super) list: List,
    viewer: i64,
    grants: Vec<Grant>,
    /// The units within reach, where the list is one of orders.
    pub(super) units: BTreeSet<String>,
    city: Arc<City>,
}

/// Which of a list's roles decide on an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Decider {
    /// It does not lie in the list.
    Nobody,
    /// Every one.
    AnyRole,
    /// This one.
    Only(Role),
}

impl Decider {
    fn is(self, role: Role) -> bool {
        match self {
            Self::Nobody => false,
            Self::AnyRole => true,
            Self::Only(one) => one == role,
        }
    }
}

impl Desk {
    /// The list as the viewer works from it; none when it is not his.
    pub(super) fn of(city: &Arc<City>, viewer: &StaffActor, list: List) -> Option<Self> {
        let held = |grant: &&Grant| match list {
            List::Queue(queue) => queue.roles().contains(&grant.role),
            List::Tier(tier) => city.ladder.rule(tier).owner == grant.role,
            List::Other(other) => other.role() == grant.role,
        };
        let grants: Vec<Grant> = viewer.grants.iter().filter(held).cloned().collect();
        if grants.is_empty() {
            return None;
        }
        let of_orders = matches!(list, List::Queue(queue) if matches!(queue.source(), QueueSource::Orders { .. }));
        Some(Self {
            list,
            viewer: viewer.id,
            units: if of_orders {
                units_within(city, viewer, &grants)
            } else {
                BTreeSet::new()
            },
            grants,
            city: Arc::clone(city),
        })
    }

    /// The stage of the orders that lie in it whole: those of all units within reach.
    pub(super) fn stage(&self) -> Option<&'static str> {
        match self.list {
            List::Queue(queue) => match queue.source() {
                QueueSource::Orders { stage } => Some(stage),
                _ => None,
            },
            _ => None,
        }
    }

    /// Whether everything that is walked lies in it.
    pub(super) fn is_whole(&self) -> bool {
        let unlimited = |grant: &Grant| grant.region.is_none() && grant.kinds.is_none();
        match self.list {
            List::Queue(queue) if queue.asks_memory() => false,
            List::Queue(queue) => match queue.source() {
                QueueSource::OwnOrders { .. } | QueueSource::Orders { .. } => self.grants.iter().all(unlimited),
                _ => self.holds_everywhere(),
            },
            List::Tier(_) => self.holds_everywhere(),
            List::Other(_) => false,
        }
    }

    /// Whether orders of units beyond reach are walked too.
    pub(super) fn walks_others(&self) -> bool {
        self.units.len() > MOST_MERGED
    }

    /// Whether one of the grants has no limit.
    fn holds_everywhere(&self) -> bool {
        let unlimited = |grant: &Grant| grant.unit.is_none() && grant.region.is_none() && grant.kinds.is_none();
        self.grants.iter().any(unlimited)
    }

    /// What is walked; of a list of cases only one county, when it is named or all grants lie in it.
    pub(super) fn walk(&self, county: Option<&str>) -> Walk {
        let queue = match self.list {
            List::Queue(queue) => queue,
            List::Tier(tier) => return Walk::Supervised(tier),
            List::Other(OtherList::Moderation) => return Walk::ToModerate,
        };
        match queue.source() {
            QueueSource::State(state) => Walk::State {
                state: state.as_str(),
                county: county.map(str::to_owned).or_else(|| self.only_county()),
            },
            QueueSource::Orders { stage } => Walk::Units {
                stage,
                units: self.units.iter().cloned().collect(),
            },
            QueueSource::OwnOrders { stage } => Walk::Handler {
                stage,
                handler: self.viewer,
            },
            QueueSource::Decision(clock, _) => Walk::Decision(clock.as_str()),
            QueueSource::LookBacks => Walk::LookBacks,
            QueueSource::Flags => Walk::Flags,
        }
    }

    /// Whether what the rules remember of a case is asked.
    pub(super) const fn remembers(&self) -> bool {
        matches!(self.list, List::Queue(queue) if queue.asks_memory())
    }

    /// Whether the entry lies in the list and within reach.
    pub(super) fn reaches(&self, row: &QueueRow) -> Result<bool, StoreError> {
        let unit = row.unit.as_deref();
        let others = !self.units.is_empty() && unit.is_none_or(|unit| !self.units.contains(unit));
        let hidden = self.list == List::Other(OtherList::Moderation) && row.visibility != Visibility::Public.as_str();
        if others || hidden {
            return Ok(false);
        }
        let decider = match self.list {
            List::Queue(queue) if queue.asks_memory() => self.decider(queue, row)?,
            _ => Decider::AnyRole,
        };
        let unit_path = unit.map(|unit| self.city.unit_path(unit)).unwrap_or_default();
        let region_path = row.region.as_deref().map(|region| self.city.region_path(region));
        let reach = Reach {
            unit_path: &unit_path,
            region_path: &region_path.unwrap_or_default(),
            kind: Some(parse_word("cases.kind", &row.kind)?),
        };
        let mut grants = self.grants.iter();
        Ok(grants.any(|grant| decider.is(grant.role) && grant.covers(&reach)))
    }

    /// Who decides on an entry, by what the rules remember of its case.
    fn decider(&self, queue: Queue, row: &QueueRow) -> Result<Decider, StoreError> {
        let mut facts = CaseFacts::submitted(
            parse_word("cases.kind", &row.kind)?,
            parse_word("cases.urgency", &row.urgency)?,
            parse_word("cases.visibility", &row.visibility)?,
        );
        facts.state = parse_word("cases.state", &row.state)?;
        facts.memory = parse_json("cases.memory", row.memory.as_deref().unwrap_or("{}"))?;
        let elsewhere = matches!(queue.source(), QueueSource::Decision(_, waits) if waits != facts.state);
        if elsewhere || !queue.holds(&facts.memory) {
            return Ok(Decider::Nobody);
        }
        let kept_private = &self.city.ladder.no_publicity;
        facts.no_publicity = kept_private.covers(&facts, row.category.as_deref());
        Ok(match queue {
            Queue::Extensions => Decider::Only(facts.memory.decides_extension()),
            Queue::LookBacks => Decider::Only(facts.looks_back()),
            _ => Decider::AnyRole,
        })
    }

    /// The county in which all grants lie.
    fn only_county(&self) -> Option<String> {
        let county = |grant: &Grant| {
            let region = grant.region.as_deref()?;
            self.city.regions.county_of(region).map(|county| county.code.clone())
        };
        let counties: Option<BTreeSet<String>> = self.grants.iter().map(county).collect();
        counties.filter(|counties| counties.len() == 1)?.pop_first()
    }
}

/// The units of the grants' subtrees; the own unit's where a grant names none.
fn units_within(city: &City, viewer: &StaffActor, grants: &[Grant]) -> BTreeSet<String> {
    let roots: BTreeSet<&str> = grants
        .iter()
        .map(|grant| grant.unit.as_deref().unwrap_or(&viewer.unit))
        .collect();
    let within = |code: &str| roots.iter().any(|root| city.units.in_subtree(root, code));
    let units = city.units.iter().filter(|unit| within(&unit.code));
    units.take(MOST_NAMED).map(|unit| unit.code.clone()).collect()
}
