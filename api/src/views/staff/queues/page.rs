//! One page of one list: the most urgent first, then in the order in which they came. Two statements, whatever the page's size
//! and whatever is asked for: filters that no index serves pass over entries among a bounded number.

use std::{collections::BTreeMap, sync::Arc};

use shared::{
    contract::{
        paging::{PageQuery, PageView},
        problem::ProblemCode,
        staff_queue::{DueState, QueueEntryView, QueueFlagView, QueueQuery},
    },
    domain::{
        case::{CaseKind, Urgency},
        deadline::ClockKind,
        id::{FlagId, OrderId},
        integrity::Sign,
        queue::Queue,
        role::{Grant, Reach, Role},
        time::Timestamp,
    },
};

use super::desk::{Desk, List};
use crate::{
    access::StaffActor,
    city::City,
    database::{DbConnection, StoreError, ids::made_at},
    errors::Failure,
    services::Services,
    stores::{
        clock_store::ClockRow,
        parse_word,
        queue_store::{self, Place, QueueRow, Scan},
    },
    views::staff::{Hurry, due_state},
};

/// Rows read for each entry wanted, where some lie outside the reach.
const SCAN_FACTOR: u32 = 5;
/// Rows read at most, where entries are passed over.
const MOST_SCANNED: u32 = 300;
/// Rows read at most, where entries are passed over for their colour: the clocks of each are read too.
const MOST_COLOURED: u32 = 150;
/// The highest tier of supervision.
const MOST_TIER: u8 = 5;
/// Longest code that is looked up.
const LONGEST_CODE: usize = 64;

/// One page of one list.
///
/// # Errors
/// `NotFound` for a list that does not exist; `Forbidden` for one that is not the caller's; `Invalid` for a cursor or a filter that is none.
pub async fn list(
    services: &Services,
    viewer: &StaffActor,
    queue: &str,
    query: &QueueQuery,
) -> Result<PageView<QueueEntryView>, Failure> {
    let queue: Queue = queue.parse().map_err(|_| ProblemCode::NotFound)?;
    let city = services.city();
    let desk = Desk::of(&city, viewer, List::Queue(queue)).ok_or(ProblemCode::Forbidden)?;
    let after = query.after.as_deref().map(str::parse::<Place>).transpose();
    let after = after.map_err(|_| Failure::invalid("after", "翻页位置不对"))?;
    let page = PageQuery {
        after: None,
        limit: query.limit,
    };
    let reader = Reader {
        filter: Filter::of(&city, query)?,
        city: Arc::clone(&city),
        desk,
        queue,
        after,
        wanted: page.wanted(),
        now: services.now(),
    };
    let (entries, next) = services
        .database
        .readers
        .read(move |connection| reader.read(connection))
        .await?;
    let show = |entry: &Entry| view(services, &city, entry);
    Ok(PageView {
        items: entries.iter().map(show).collect::<Result<_, _>>()?,
        next: next.map(|place| place.to_string()),
    })
}

/// What of a list is asked for.
#[derive(Debug)]
struct Filter {
    /// Place and kind, as a grant names them.
    reach: Grant,
    county: Option<String>,
    category: Option<String>,
    urgency: Option<Urgency>,
    due: Option<DueState>,
    tier: i64,
}

impl Filter {
    fn of(city: &City, query: &QueueQuery) -> Result<Self, Failure> {
        let short = |code: &Option<String>| code.as_ref().is_none_or(|code| code.len() <= LONGEST_CODE);
        let region = query.region.clone();
        if !short(&region) || region.as_deref().is_some_and(|code| city.regions.get(code).is_none()) {
            return Err(Failure::invalid("region", "没有这个地方"));
        }
        let category = query.category.clone();
        if !short(&category)
            || category
                .as_deref()
                .is_some_and(|code| city.categories.get(code).is_none())
        {
            return Err(Failure::invalid("category", "没有这个类别"));
        }
        if query.tier.is_some_and(|tier| tier > MOST_TIER) {
            return Err(Failure::invalid("tier", "督办级次是 1 到 5"));
        }
        let county = region.as_deref().and_then(|code| city.regions.county_of(code));
        Ok(Self {
            county: county.map(|county| county.code.clone()),
            reach: Grant {
                region,
                kinds: query.kind.map(|kind| vec![kind]),
                ..Grant::everywhere(Role::Analyst)
            },
            category,
            urgency: query.urgency,
            due: query.due,
            tier: i64::from(query.tier.unwrap_or(0)),
        })
    }

    /// Whether everything that is walked is asked for.
    const fn is_open(&self) -> bool {
        self.reach.region.is_none()
            && self.reach.kinds.is_none()
            && self.category.is_none()
            && self.due.is_none()
            && self.urgency.is_none()
            && self.tier == 0
    }

    /// Whether the entry is asked for, its colour apart.
    fn asks_for(&self, city: &City, row: &QueueRow) -> Result<bool, StoreError> {
        let of_category = |wanted: &str| {
            let code = row.category.as_deref().unwrap_or_default();
            code == wanted || code.strip_prefix(wanted).is_some_and(|rest| rest.starts_with('.'))
        };
        let region_path = row.region.as_deref().map(|code| city.region_path(code));
        let kind: CaseKind = parse_word("cases.kind", &row.kind)?;
        let reach = Reach {
            unit_path: &[],
            region_path: &region_path.unwrap_or_default(),
            kind: Some(kind),
        };
        Ok(row.tier >= self.tier
            && self.urgency.is_none_or(|urgency| urgency.as_str() == row.urgency)
            && self.category.as_deref().is_none_or(of_category)
            && self.reach.covers(&reach))
    }
}

/// An entry with the clock that decides, and its colour.
struct Entry {
    row: QueueRow,
    place: Place,
    clock: Option<ClockRow>,
    colour: Option<DueState>,
}

impl Entry {
    fn take(
        &mut self,
        connection: &mut DbConnection,
        city: &City,
        clock: ClockRow,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let hurry = Hurry {
            kind: parse_word("cases.kind", &self.row.kind)?,
            urgency: parse_word("cases.urgency", &self.row.urgency)?,
            category: self.row.category.as_deref(),
            now,
        };
        self.colour = Some(due_state(connection, city, &hurry, &clock)?);
        self.clock = Some(clock);
        Ok(())
    }
}

/// One page of a list for one person.
struct Reader {
    city: Arc<City>,
    desk: Desk,
    queue: Queue,
    filter: Filter,
    after: Option<Place>,
    wanted: u32,
    now: Timestamp,
}

impl Reader {
    fn read(&self, connection: &mut DbConnection) -> Result<(Vec<Entry>, Option<Place>), Failure> {
        let scanned = self.scanned();
        let scan = Scan {
            walk: self.desk.walk(self.filter.county.as_deref()),
            after: self.after,
            urgency: self.filter.urgency,
            remembers: self.desk.remembers(),
            limit: i64::from(scanned),
        };
        let rows = queue_store::list_waiting(connection, &[scan])?
            .pop()
            .unwrap_or_default();
        let full = rows.len() == scanned as usize;
        let end = rows.last().map(QueueRow::place).transpose()?.filter(|_| full);
        let mut entries = Vec::new();
        for row in rows {
            if self.filter.asks_for(&self.city, &row)? && self.desk.reaches(&row)? {
                entries.push(Entry {
                    place: row.place()?,
                    clock: None,
                    colour: None,
                    row,
                });
            }
        }
        if self.filter.due.is_none() {
            let next = self.cut(&mut entries, end);
            self.read_clocks(connection, &mut entries)?;
            return Ok((entries, next));
        }
        self.read_clocks(connection, &mut entries)?;
        entries.retain(|entry| entry.colour == self.filter.due);
        let next = self.cut(&mut entries, end);
        Ok((entries, next))
    }

    /// How many rows are read for the page: one more than wanted where none is passed over.
    fn scanned(&self) -> u32 {
        if self.filter.due.is_some() {
            MOST_COLOURED
        } else if !self.filter.is_open() || self.desk.walks_others() {
            MOST_SCANNED
        } else if self.desk.is_whole() {
            self.wanted + 1
        } else {
            (self.wanted * SCAN_FACTOR).min(MOST_SCANNED)
        }
    }

    /// Leaves the page's entries; answers where the next page goes on.
    fn cut(&self, entries: &mut Vec<Entry>, end: Option<Place>) -> Option<Place> {
        let wanted = self.wanted as usize;
        if entries.len() <= wanted {
            return end;
        }
        entries.truncate(wanted);
        entries.last().map(|entry| entry.place)
    }

    fn read_clocks(&self, connection: &mut DbConnection, entries: &mut [Entry]) -> Result<(), StoreError> {
        let ids: Vec<i64> = entries.iter().map(|entry| entry.row.case_id).collect();
        let kinds: Vec<&str> = self.queue.clocks().iter().map(|kind| kind.as_str()).collect();
        let clocks = queue_store::list_clocks(connection, &ids, &kinds)?;
        let mut running: BTreeMap<(i64, String), ClockRow> = BTreeMap::new();
        for clock in clocks {
            running.entry((clock.case_id, clock.kind.clone())).or_insert(clock);
        }
        for entry in entries {
            let of_kind = |kind: &&str| running.get(&(entry.row.case_id, (*kind).to_owned()));
            if let Some(clock) = kinds.iter().find_map(of_kind).cloned() {
                entry.take(connection, &self.city, clock, self.now)?;
            }
        }
        Ok(())
    }
}

fn view(services: &Services, city: &City, entry: &Entry) -> Result<QueueEntryView, Failure> {
    let row = &entry.row;
    let flag = row.sign.as_deref().map(|sign| {
        let sign: Sign = parse_word("flags.sign", sign)?;
        Ok::<_, StoreError>(QueueFlagView {
            id: FlagId(entry.place.id),
            sign,
            sign_name: sign.name_zh().to_owned(),
        })
    });
    let flag = flag.transpose()?;
    let made = row.order_id.or(flag.as_ref().map(|flag| flag.id.0));
    let since = made.map_or(Timestamp(row.updated_at), made_at);
    let unit = row.unit.clone();
    let category = row.category.as_deref();
    let place = row.region.as_deref().and_then(|code| city.regions.full_name(code));
    Ok(QueueEntryView {
        receipt_no: services.receipts.write(row.case_id),
        order_id: row.order_id.map(OrderId),
        flag,
        title: row.title.clone(),
        kind: parse_word("cases.kind", &row.kind)?,
        state: parse_word("cases.state", &row.state)?,
        urgency: parse_word("cases.urgency", &row.urgency)?,
        category: row.category.clone(),
        category_name: category.and_then(|code| city.categories.full_name(code)),
        place_name: place.map(str::to_owned),
        clock: entry.clock.as_ref().and_then(|clock| ClockKind::parse(&clock.kind)),
        due: entry.clock.as_ref().map(|clock| Timestamp(clock.due_at)),
        due_state: entry.colour,
        unit_name: unit.as_deref().map(|code| city.unit_name(code).to_owned()),
        unit,
        since: entry.clock.as_ref().map_or(since, |clock| Timestamp(clock.started_at)),
        cycle: u32::try_from(row.cycle).unwrap_or_default(),
        tier: u8::try_from(row.tier).unwrap_or_default(),
    })
}
