//! The lists that staff work from, as rows: the most urgent first, and of one urgency in the order in which they came. What
//! staff are asked to decide has no urgency of its own and comes in the order of the asking.
//!
//! Each list walks its own index and stops at the number of rows it is given, so that a page costs the same whatever waits
//! behind it. The urgencies are walked one after the other, since neither database goes on from the middle of an index by two
//! columns of which one is the row's id. The orders of a few units are merged from the walks of each; of more than [`MOST_MERGED`]
//! the orders of all units are walked, and the caller leaves out the others'. Who may see an entry is decided elsewhere.

use std::{fmt, fmt::Write as _, str::FromStr};

use diesel::{
    prelude::*,
    sql_query,
    sql_types::{BigInt, Nullable, Text},
};
use shared::domain::{case::Urgency, supervision::Tier};

use super::{clock_store::ClockRow, parse_word};
use crate::database::{
    DbConnection, StoreError,
    connection::on_each_backend,
    schema::{clocks, counters},
};

/// Units or counters named in one statement at most.
pub const MOST_NAMED: usize = 500;
/// Units whose orders are merged at most.
pub const MOST_MERGED: usize = 8;

/// Where an entry lies in its list; a page goes on after the last one of the page before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The urgency by which the list is ordered; none where it is not.
    pub urgency: Option<Urgency>,
    /// Of the case, the order, the clock, the supervision, the look-back or the flag.
    pub id: i64,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.urgency {
            Some(urgency) => write!(f, "{urgency}-{}", self.id),
            None => write!(f, "{}", self.id),
        }
    }
}

/// A text that is no place in a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoPlace;

impl FromStr for Place {
    type Err = NoPlace;

    fn from_str(text: &str) -> Result<Self, NoPlace> {
        let (urgency, id) = match text.split_once('-') {
            Some((word, id)) => (Some(word.parse().map_err(|_| NoPlace)?), id),
            None => (None, text),
        };
        let id = id.parse().map_err(|_| NoPlace)?;
        Ok(Self { urgency, id })
    }
}

/// What is walked. The words of states, stages and clocks are the program's own; codes may come from outside and are bound.
#[derive(Debug, Clone)]
pub enum Walk {
    /// The cases in a state, in one county when it is named.
    State {
        /// `CaseState`.
        state: &'static str,
        /// Code of the county.
        county: Option<String>,
    },
    /// The orders of these units at a stage: of all units when there are more than [`MOST_MERGED`].
    Units {
        /// The order's.
        stage: &'static str,
        /// Codes of the units.
        units: Vec<String>,
    },
    /// The orders of a handler at a stage.
    Handler {
        /// The order's.
        stage: &'static str,
        /// The account.
        handler: i64,
    },
    /// The cases for which a clock of a decision runs.
    Decision(&'static str),
    /// The cases with an open supervision of a tier.
    Supervised(Tier),
    /// The cases with an open look-back.
    LookBacks,
    /// The cases with an integrity sign that nobody has decided about.
    Flags,
    /// The cases that wait for a moderator.
    ToModerate,
}

/// A part of a list: what is walked, from where, and how many rows at most.
#[derive(Debug, Clone)]
pub struct Scan {
    /// What is walked.
    pub walk: Walk,
    /// Only entries after this one.
    pub after: Option<Place>,
    /// Only this urgency, where the list is ordered by it.
    pub urgency: Option<Urgency>,
    /// Whether what the rules remember of the case is read too.
    pub remembers: bool,
    /// Rows at most.
    pub limit: i64,
}

/// An entry, with what of its case a list shows or asks.
#[derive(Debug, Clone, QueryableByName)]
pub struct QueueRow {
    #[diesel(sql_type = BigInt)]
    scan: i64,
    #[diesel(sql_type = Text)]
    placed: String,
    #[diesel(sql_type = BigInt)]
    id: i64,
    /// The case.
    #[diesel(sql_type = BigInt)]
    pub case_id: i64,
    /// The work order, when the list is one of orders.
    #[diesel(sql_type = Nullable<BigInt>)]
    pub order_id: Option<i64>,
    /// The unit that holds the order, else the case's lead unit.
    #[diesel(sql_type = Nullable<Text>)]
    pub unit: Option<String>,
    /// `Sign`, when the list is one of flags.
    #[diesel(sql_type = Nullable<Text>)]
    pub sign: Option<String>,
    /// The requester's title.
    #[diesel(sql_type = Text)]
    pub title: String,
    /// `CaseKind`.
    #[diesel(sql_type = Text)]
    pub kind: String,
    /// `CaseState`.
    #[diesel(sql_type = Text)]
    pub state: String,
    /// `Urgency`.
    #[diesel(sql_type = Text)]
    pub urgency: String,
    /// `Visibility`.
    #[diesel(sql_type = Text)]
    pub visibility: String,
    /// Code of the category.
    #[diesel(sql_type = Nullable<Text>)]
    pub category: Option<String>,
    /// Code of the finest known region.
    #[diesel(sql_type = Nullable<Text>)]
    pub region: Option<String>,
    /// The cycle.
    #[diesel(sql_type = BigInt)]
    pub cycle: i64,
    /// The tier of supervision, 0 to 5.
    #[diesel(sql_type = BigInt)]
    pub tier: i64,
    /// When the case last changed.
    #[diesel(sql_type = BigInt)]
    pub updated_at: i64,
    /// `CaseMemory` as JSON, where it was asked for.
    #[diesel(sql_type = Nullable<Text>)]
    pub memory: Option<String>,
}

impl QueueRow {
    /// Where it lies.
    ///
    /// # Errors
    /// When a column holds a word that this program does not know.
    pub fn place(&self) -> Result<Place, StoreError> {
        let urgency = match self.placed.as_str() {
            "" => None,
            word => Some(parse_word("cases.urgency", word)?),
        };
        Ok(Place { urgency, id: self.id })
    }
}

/// A statement with the words that are bound to it.
#[derive(Default)]
struct Statement {
    text: String,
    words: Vec<String>,
}

impl Statement {
    /// Binds a word; answers its mark.
    fn bind(&mut self, word: &str) -> String {
        self.words.push(word.to_owned());
        format!("${}", self.words.len())
    }
}

/// What a walk reads of a case's own row, of an order's, and of another row that belongs to a case.
const OF_CASES: &str = "id AS case_id, CAST(NULL AS BIGINT) AS order_id, CAST(NULL AS TEXT) AS unit, CAST(NULL AS TEXT) AS sign FROM cases";
const OF_ORDERS: &str = "case_id, id AS order_id, unit, CAST(NULL AS TEXT) AS sign FROM work_orders";
const OF_OTHERS: &str =
    "case_id, CAST(NULL AS BIGINT) AS order_id, CAST(NULL AS TEXT) AS unit, CAST(NULL AS TEXT) AS sign FROM";
const OF_FLAGS: &str = "case_id, CAST(NULL AS BIGINT) AS order_id, CAST(NULL AS TEXT) AS unit, sign FROM flags";

/// The walks of one scan, each along its index as far as the scan goes at most, and how they become one list: several units' orders
/// are merged. Everything else follows walk by walk: both databases run the parts of a union in their order, and only until enough
/// is found, since readers do without parallel plans.
struct Walks {
    texts: Vec<String>,
    merged: bool,
}

impl Scan {
    /// The walks, each along its index: words are written into the statement, so that the planner sees which partial index fits.
    fn walks(&self, statement: &mut Statement) -> Walks {
        match &self.walk {
            Walk::State { state, county } => {
                let county = county
                    .as_ref()
                    .map(|code| format!("county = {} AND ", statement.bind(code)));
                let county = county.unwrap_or_default();
                self.by_urgency(OF_CASES, &[format!("{county}state = '{state}'")])
            }
            Walk::Units { stage, units } if units.len() <= MOST_MERGED => {
                let of_unit = |unit: &String| format!("unit = {} AND stage = '{stage}'", statement.bind(unit));
                self.by_urgency(OF_ORDERS, &units.iter().map(of_unit).collect::<Vec<_>>())
            }
            Walk::Units { stage, .. } => self.by_urgency(OF_ORDERS, &[format!("stage = '{stage}'")]),
            Walk::Handler { stage, handler } => {
                self.by_urgency(OF_ORDERS, &[format!("handler_id = {handler} AND stage = '{stage}'")])
            }
            Walk::Decision(clock) => self.by_age(&format!(
                "{OF_OTHERS} clocks WHERE stopped_at IS NULL AND kind = '{clock}'"
            )),
            Walk::Supervised(tier) => self.by_age(&format!(
                "{OF_OTHERS} supervisions WHERE closed_at IS NULL AND tier = '{tier}'"
            )),
            Walk::LookBacks => self.by_age(&format!("{OF_OTHERS} look_backs WHERE closed_at IS NULL")),
            Walk::Flags => self.by_age(&format!("{OF_FLAGS} WHERE decision IS NULL")),
            Walk::ToModerate => self.by_age(&format!("{OF_CASES} WHERE publication = 'pending'")),
        }
    }

    fn by_urgency(&self, of: &str, conditions: &[String]) -> Walks {
        let mut texts = Vec::new();
        for condition in conditions {
            for (urgency, id) in self.urgencies() {
                texts.push(format!(
                    "SELECT id, urgency AS placed, {of} WHERE {condition} AND urgency = '{urgency}' AND id > {id}"
                ));
            }
        }
        Walks {
            texts,
            merged: conditions.len() > 1,
        }
    }

    /// The urgencies that lie after the last entry, each with the id after which it goes on.
    fn urgencies(&self) -> impl Iterator<Item = (Urgency, i64)> {
        let (only, after) = (self.urgency, self.after);
        let wanted = move |urgency: &Urgency| only.is_none_or(|only| only == *urgency);
        let from = move |urgency: Urgency| match after.and_then(|place| Some((place.urgency?, place.id))) {
            Some((last, id)) if urgency == last => Some((urgency, id)),
            Some((last, _)) if urgency < last => None,
            _ => Some((urgency, 0)),
        };
        Urgency::ALL.into_iter().filter(wanted).filter_map(from)
    }

    fn by_age(&self, of: &str) -> Walks {
        let after = self.after.map_or(0, |place| place.id);
        Walks {
            texts: vec![format!("SELECT id, CAST('' AS TEXT) AS placed, {of} AND id > {after}")],
            merged: false,
        }
    }

    /// Adds the rows of the scan `number` to the statement; nothing when there is nothing to walk.
    fn write(&self, number: usize, statement: &mut Statement) {
        let walks = self.walks(statement);
        if walks.texts.is_empty() {
            return;
        }
        let union = if statement.text.is_empty() { "" } else { " UNION ALL " };
        let limit = self.limit;
        let part = |(number, walk): (usize, &String)| {
            format!("SELECT * FROM ({walk} ORDER BY id LIMIT {limit}) AS part_{number}")
        };
        let parts: Vec<String> = walks.texts.iter().enumerate().map(part).collect();
        let parts = parts.join(" UNION ALL ");
        let order = if walks.merged { "ORDER BY placed, id " } else { "" };
        let memory = if self.remembers {
            "c.memory"
        } else {
            "CAST(NULL AS TEXT)"
        };
        // Writing to a string cannot fail.
        let _ = write!(
            statement.text,
            "{union}SELECT CAST({number} AS BIGINT) AS scan, w.placed, w.id, w.case_id, w.order_id, \
             coalesce(w.unit, c.lead_unit) AS unit, w.sign, c.title, c.kind, c.state, c.urgency, c.visibility, c.category, c.region, \
             c.cycle, c.tier, c.updated_at, {memory} AS memory \
             FROM ({parts} {order}LIMIT {limit}) AS w JOIN cases c ON c.id = w.case_id"
        );
    }
}

/// The rows of each scan in their order, with one statement for all of them.
///
/// # Errors
/// The database's failure, or a column with an unknown word.
pub fn list_waiting(connection: &mut DbConnection, scans: &[Scan]) -> Result<Vec<Vec<QueueRow>>, StoreError> {
    let mut lists: Vec<Vec<QueueRow>> = vec![Vec::new(); scans.len()];
    let mut statement = Statement::default();
    for (number, scan) in scans.iter().enumerate() {
        scan.write(number, &mut statement);
    }
    if statement.text.is_empty() {
        return Ok(lists);
    }
    let rows: Vec<QueueRow> = on_each_backend!(connection, |inner| {
        let mut query = sql_query(&statement.text).into_boxed();
        for word in &statement.words {
            query = query.bind::<Text, _>(word);
        }
        query.load(inner)
    })?;
    for row in rows {
        if let Some(list) = usize::try_from(row.scan).ok().and_then(|number| lists.get_mut(number)) {
            list.push(row);
        }
    }
    for list in &mut lists {
        // The join keeps no order. An urgency that nobody knows is found when the place is asked for.
        list.sort_by_cached_key(|row| (row.placed.parse::<Urgency>().ok(), row.id));
    }
    Ok(lists)
}

/// The running clocks of these kinds of these cases.
///
/// # Errors
/// The database's failure.
pub fn list_clocks(connection: &mut DbConnection, case_ids: &[i64], kinds: &[&str]) -> QueryResult<Vec<ClockRow>> {
    if case_ids.is_empty() {
        return Ok(Vec::new());
    }
    clocks::table
        .filter(clocks::case_id.eq_any(case_ids).and(clocks::stopped_at.is_null()))
        .filter(clocks::kind.eq_any(kinds))
        .order(clocks::id.asc())
        .select(ClockRow::as_select())
        .load(connection)
}

/// The counters of these names with these dimensions, as name, dimension and amount.
///
/// # Errors
/// The database's failure.
pub fn list_counters(
    connection: &mut DbConnection,
    names: &[&str],
    dimensions: &[String],
) -> QueryResult<Vec<(String, String, i64)>> {
    if dimensions.is_empty() {
        return Ok(Vec::new());
    }
    counters::table
        .filter(counters::name.eq_any(names).and(counters::dimension.eq_any(dimensions)))
        .select((counters::name, counters::dimension, counters::amount))
        .load(connection)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_read_as_it_is_written_and_nothing_else_is() {
        for place in [
            Place {
                urgency: Some(Urgency::Livelihood),
                id: 382,
            },
            Place { urgency: None, id: 7 },
        ] {
            assert_eq!(place.to_string().parse(), Ok(place));
        }
        for text in ["", "x", "routine", "routine-", "soon-3", "routine-3'; --"] {
            assert_eq!(text.parse::<Place>(), Err(NoPlace), "{text}");
        }
    }

    #[test]
    fn the_names_of_the_urgencies_are_in_their_order() {
        assert!(Urgency::ALL.is_sorted_by_key(|urgency| urgency.as_str()));
    }
}
