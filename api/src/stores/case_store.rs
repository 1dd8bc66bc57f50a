//! The case's own row: adding it, reading it as the rules see it, and moving it under guard of its version.

use diesel::{
    prelude::*,
    sql_types::{Array, BigInt, Bool, Nullable, Text},
};
use serde::{Deserialize, Serialize};
use shared::domain::{
    case::{Action, CaseFacts, CaseMemory, CaseState, Visibility, facts::PrimaryFacts},
    id::CaseId,
    location::Datum,
    time::Timestamp,
};

use super::{parse_json, parse_word, to_json};
use crate::database::{
    DbConnection, StoreError, Transaction,
    append::append_row,
    batch::{BatchedChange, all_of},
    prepared::ExecutePrepared,
    schema::{case_events, cases},
};

/// Where a case is, besides the columns that lists and maps ask for.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct PlaceRecord {
    /// As the requester described it.
    pub words: Option<String>,
    /// Radius in metres that the phone gave.
    pub accuracy_m: Option<f64>,
    /// The datum in which the point was sent; the columns hold WGS-84.
    pub datum: Option<Datum>,
    /// The place is somebody's home: the public sees it coarsely.
    pub home: bool,
}

/// A case's row as it is stored. Ids and instants are plain integers here.
#[derive(Debug, Clone, Queryable, Selectable, Identifiable, Insertable)]
#[diesel(table_name = cases, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct CaseRow {
    /// Time-ordered id; the receipt number is made from it.
    pub id: i64,
    /// One more at every change.
    pub version: i64,
    /// The resident whose case it is; none for a case without one.
    pub requester_id: Option<i64>,
    /// How it came: `app`, `web`, `phone`, …
    pub channel: String,
    /// `CaseKind`.
    pub kind: String,
    /// Code of the category.
    pub category: Option<String>,
    /// Code of the county-level division.
    pub county: Option<String>,
    /// Code of the finest known division or added place.
    pub region: Option<String>,
    /// Degrees, WGS-84.
    pub latitude: Option<f64>,
    /// Degrees, WGS-84.
    pub longitude: Option<f64>,
    /// H3 cell of resolution 9.
    pub h3_cell: Option<i64>,
    /// [`PlaceRecord`] as JSON.
    pub place: String,
    /// The requester's words, never edited.
    pub title: String,
    /// The requester's words, never edited.
    pub body: String,
    /// Answers to the category's questions, JSON object code -> answer.
    pub answers: String,
    /// `Visibility`.
    pub visibility: String,
    /// `Urgency`.
    pub urgency: String,
    /// `CaseState`.
    pub state: String,
    /// Whether the state is an open one.
    pub is_open: bool,
    /// 1 from submission on.
    pub cycle: i64,
    /// Redos so far.
    pub redo_count: i64,
    /// Returns so far.
    pub return_count: i64,
    /// Dispatches so far.
    pub dispatch_count: i64,
    /// The unit was named for good.
    pub designated: bool,
    /// Supervision tier, 0 to 5.
    pub tier: i64,
    /// The case that this one is merged under.
    pub primary_case_id: Option<i64>,
    /// Code of the unit that leads or led the handling.
    pub lead_unit: Option<String>,
    /// What is promised next to the requester: when the clock that counts for him is due.
    pub due_at: Option<i64>,
    /// `Outcome`, when closed.
    pub outcome: Option<String>,
    /// Whether the words are released to the public: `none`, `pending`, `released`, `refused`.
    pub publication: String,
    /// `CaseMemory` as JSON.
    pub memory: String,
    /// When it last changed.
    pub updated_at: i64,
}
append_row!(CaseRow, cases::table, order = 10);

impl CaseRow {
    /// The case as the rules see it. `primary`, `member_count` and `no_publicity` come from elsewhere and are
    /// left empty.
    ///
    /// # Errors
    /// When a column holds a word that this program does not know.
    pub fn facts(&self) -> Result<CaseFacts, StoreError> {
        let memory: CaseMemory = parse_json("cases.memory", &self.memory)?;
        Ok(CaseFacts {
            state: parse_word("cases.state", &self.state)?,
            kind: parse_word("cases.kind", &self.kind)?,
            urgency: parse_word("cases.urgency", &self.urgency)?,
            visibility: parse_word("cases.visibility", &self.visibility)?,
            cycle: small(self.cycle),
            redo_count: small(self.redo_count),
            return_count: small(self.return_count),
            dispatch_count: small(self.dispatch_count),
            designated: self.designated,
            tier: u8::try_from(self.tier).unwrap_or_default(),
            lead_unit: self.lead_unit.clone(),
            outcome: self
                .outcome
                .as_deref()
                .map(|word| parse_word("cases.outcome", word))
                .transpose()?,
            primary: None,
            member_count: 0,
            no_publicity: false,
            figures: memory.figures.unwrap_or_default(),
            memory,
        })
    }

    /// The row with what a step changed.
    fn moved(&self, facts: &CaseFacts, due_at: Option<Timestamp>, now: Timestamp) -> Self {
        Self {
            version: self.version + 1,
            kind: facts.kind.as_str().to_owned(),
            visibility: facts.visibility.as_str().to_owned(),
            urgency: facts.urgency.as_str().to_owned(),
            state: facts.state.as_str().to_owned(),
            is_open: facts.state.is_open(),
            cycle: i64::from(facts.cycle),
            redo_count: i64::from(facts.redo_count),
            return_count: i64::from(facts.return_count),
            dispatch_count: i64::from(facts.dispatch_count),
            designated: facts.designated,
            tier: i64::from(facts.tier),
            primary_case_id: facts.primary.map(|primary| primary.id.0),
            lead_unit: facts.lead_unit.clone(),
            due_at: due_at.map(|due| due.0),
            outcome: facts.outcome.map(|outcome| outcome.as_str().to_owned()),
            memory: to_json(&facts.memory),
            updated_at: now.0,
            ..self.clone()
        }
    }

    /// Where it is, besides the columns.
    ///
    /// # Errors
    /// When the JSON is not what this program writes.
    pub fn place(&self) -> Result<PlaceRecord, StoreError> {
        parse_json("cases.place", &self.place)
    }

    /// When it last changed.
    #[must_use]
    pub const fn updated_at(&self) -> Timestamp {
        Timestamp(self.updated_at)
    }

    /// Whether anybody may see its facts.
    #[must_use]
    pub fn is_public(&self) -> bool {
        self.visibility == Visibility::Public.as_str()
    }
}

fn small(number: i64) -> u32 {
    u32::try_from(number).unwrap_or_default()
}

/// The case's row.
///
/// # Errors
/// `NotFound`, or the database's failure.
pub fn get_case(connection: &mut DbConnection, id: i64) -> QueryResult<CaseRow> {
    cases::table.find(id).select(CaseRow::as_select()).first(connection)
}

/// What a merged case needs to know of the case that it follows.
///
/// # Errors
/// The database's failure, or a column with an unknown word.
pub fn primary_facts(primary: &CaseRow) -> Result<PrimaryFacts, StoreError> {
    let facts = primary.facts()?;
    Ok(PrimaryFacts {
        id: CaseId(primary.id),
        state: facts.state,
        cycle: facts.cycle,
        rating_until: facts.due(shared::domain::deadline::ClockKind::RatingWindow),
    })
}

/// How many cases are merged under this one.
///
/// # Errors
/// The database's failure.
pub fn count_members(connection: &mut DbConnection, id: i64) -> QueryResult<i64> {
    cases::table
        .filter(
            cases::primary_case_id
                .eq(id)
                .and(cases::state.eq(CaseState::Merged.as_str())),
        )
        .count()
        .get_result(connection)
}

/// How many of the cases merged under this one came in after it was first redone.
///
/// # Errors
/// The database's failure.
pub fn count_members_since_redo(connection: &mut DbConnection, id: i64) -> QueryResult<i64> {
    let redone = case_events::table
        .filter(
            case_events::case_id
                .eq(id)
                .and(case_events::action.eq(Action::Redo.as_str())),
        )
        .order(case_events::id)
        .select(case_events::id)
        .first::<i64>(connection)
        .optional()?;
    let Some(redone) = redone else { return Ok(0) };
    cases::table
        .filter(
            cases::primary_case_id
                .eq(id)
                .and(cases::state.eq(CaseState::Merged.as_str()))
                .and(cases::id.gt(redone)),
        )
        .count()
        .get_result(connection)
}

/// The cases merged under this one, oldest first.
///
/// # Errors
/// The database's failure.
pub fn list_members(connection: &mut DbConnection, id: i64, limit: i64) -> QueryResult<Vec<CaseRow>> {
    cases::table
        .filter(
            cases::primary_case_id
                .eq(id)
                .and(cases::state.eq(CaseState::Merged.as_str())),
        )
        .order(cases::id.asc())
        .limit(limit)
        .select(CaseRow::as_select())
        .load(connection)
}

/// Writes everything that a step may change, when the row still has the version that was read; answers the row as it is now. It waits
/// for the other changes of the write, and is `Stale` there when somebody else was faster.
pub fn move_case(
    transaction: &mut Transaction<'_>,
    row: &CaseRow,
    facts: &CaseFacts,
    due_at: Option<Timestamp>,
    now: Timestamp,
) -> CaseRow {
    let moved = row.moved(facts, due_at, now);
    transaction.batch(MovedCase {
        read: row.version,
        row: moved.clone(),
    });
    moved
}

/// A case that was moved from the version that was read.
struct MovedCase {
    read: i64,
    row: CaseRow,
}

impl BatchedChange for MovedCase {
    const ORDER: u8 = 30;

    /// A case that is moved on in the same write is written as it is at the end.
    fn join(self, waiting: &mut Vec<Self>) {
        match waiting.last_mut() {
            Some(before) if (before.row.id, before.row.version) == (self.row.id, self.read) => before.row = self.row,
            _ => waiting.push(self),
        }
    }

    fn write_all(waiting: Vec<Self>, connection: &mut DbConnection) -> Result<(), StoreError> {
        match connection {
            DbConnection::Postgres(inner) if waiting.len() > 1 => {
                all_of(waiting.len(), move_together(inner, &waiting)?)
            }
            _ => waiting.iter().try_for_each(|moved| all_of(1, moved.write(connection)?)),
        }
    }
}

impl MovedCase {
    fn write(&self, connection: &mut DbConnection) -> QueryResult<usize> {
        let Self { read, row } = self;
        diesel::update(cases::table.filter(cases::id.eq(row.id).and(cases::version.eq(read))))
            .set((
                (
                    cases::version.eq(row.version),
                    cases::kind.eq(&row.kind),
                    cases::category.eq(&row.category),
                    cases::county.eq(&row.county),
                    cases::region.eq(&row.region),
                    cases::visibility.eq(&row.visibility),
                    cases::urgency.eq(&row.urgency),
                    cases::state.eq(&row.state),
                    cases::is_open.eq(row.is_open),
                    cases::cycle.eq(row.cycle),
                    cases::redo_count.eq(row.redo_count),
                ),
                (
                    cases::return_count.eq(row.return_count),
                    cases::dispatch_count.eq(row.dispatch_count),
                    cases::designated.eq(row.designated),
                    cases::tier.eq(row.tier),
                    cases::primary_case_id.eq(row.primary_case_id),
                    cases::lead_unit.eq(&row.lead_unit),
                    cases::due_at.eq(row.due_at),
                    cases::outcome.eq(&row.outcome),
                    cases::publication.eq(&row.publication),
                    cases::memory.eq(&row.memory),
                    cases::updated_at.eq(row.updated_at),
                ),
            ))
            .execute_prepared(connection)
    }
}

const MOVE_TOGETHER: &str = "UPDATE cases SET \
    version = v.version, kind = v.kind, category = v.category, county = v.county, region = v.region, \
    visibility = v.visibility, urgency = v.urgency, state = v.state, is_open = v.is_open, cycle = v.cycle, \
    redo_count = v.redo_count, return_count = v.return_count, dispatch_count = v.dispatch_count, \
    designated = v.designated, tier = v.tier, primary_case_id = v.primary_case_id, lead_unit = v.lead_unit, \
    due_at = v.due_at, outcome = v.outcome, publication = v.publication, memory = v.memory, \
    updated_at = v.updated_at \
    FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24) \
    AS v (id, read, version, kind, category, county, region, visibility, urgency, state, is_open, cycle, \
    redo_count, return_count, dispatch_count, designated, tier, primary_case_id, lead_unit, due_at, \
    outcome, publication, memory, updated_at) \
    WHERE cases.id = v.id AND cases.version = v.read";

/// As [`MovedCase::write`] for many at once.
fn move_together(connection: &mut PgConnection, moved: &[MovedCase]) -> QueryResult<usize> {
    diesel::sql_query(MOVE_TOGETHER)
        .bind::<Array<BigInt>, _>(list(moved, |row| row.id))
        .bind::<Array<BigInt>, _>(moved.iter().map(|moved| moved.read).collect::<Vec<_>>())
        .bind::<Array<BigInt>, _>(list(moved, |row| row.version))
        .bind::<Array<Text>, _>(list(moved, |row| &row.kind))
        .bind::<Array<Nullable<Text>>, _>(list(moved, |row| &row.category))
        .bind::<Array<Nullable<Text>>, _>(list(moved, |row| &row.county))
        .bind::<Array<Nullable<Text>>, _>(list(moved, |row| &row.region))
        .bind::<Array<Text>, _>(list(moved, |row| &row.visibility))
        .bind::<Array<Text>, _>(list(moved, |row| &row.urgency))
        .bind::<Array<Text>, _>(list(moved, |row| &row.state))
        .bind::<Array<Bool>, _>(list(moved, |row| row.is_open))
        .bind::<Array<BigInt>, _>(list(moved, |row| row.cycle))
        .bind::<Array<BigInt>, _>(list(moved, |row| row.redo_count))
        .bind::<Array<BigInt>, _>(list(moved, |row| row.return_count))
        .bind::<Array<BigInt>, _>(list(moved, |row| row.dispatch_count))
        .bind::<Array<Bool>, _>(list(moved, |row| row.designated))
        .bind::<Array<BigInt>, _>(list(moved, |row| row.tier))
        .bind::<Array<Nullable<BigInt>>, _>(list(moved, |row| row.primary_case_id))
        .bind::<Array<Nullable<Text>>, _>(list(moved, |row| &row.lead_unit))
        .bind::<Array<Nullable<BigInt>>, _>(list(moved, |row| row.due_at))
        .bind::<Array<Nullable<Text>>, _>(list(moved, |row| &row.outcome))
        .bind::<Array<Text>, _>(list(moved, |row| &row.publication))
        .bind::<Array<Text>, _>(list(moved, |row| &row.memory))
        .bind::<Array<BigInt>, _>(list(moved, |row| row.updated_at))
        .execute(connection)
}

/// One column of the rows.
fn list<'a, T>(moved: &'a [MovedCase], column: impl Fn(&'a CaseRow) -> T) -> Vec<T> {
    moved.iter().map(|moved| column(&moved.row)).collect()
}

/// Adds a case now, so that what runs later in the same group finds it.
///
/// # Errors
/// The database's refusal.
pub fn insert_case(transaction: &mut Transaction<'_>, row: &CaseRow) -> Result<(), StoreError> {
    transaction.change(|connection| diesel::insert_into(cases::table).values(row).execute(connection))?;
    Ok(())
}

/// Whether the person has a case merged under this one already.
///
/// # Errors
/// The database's failure.
pub fn has_member(connection: &mut DbConnection, primary_id: i64, requester_id: i64) -> QueryResult<bool> {
    let own = cases::table.filter(
        cases::primary_case_id
            .eq(primary_id)
            .and(cases::requester_id.eq(requester_id))
            .and(cases::state.eq(CaseState::Merged.as_str())),
    );
    diesel::select(diesel::dsl::exists(own)).get_result(connection)
}

/// The person's cases, newest first, below the case `before`.
///
/// # Errors
/// The database's failure.
pub fn list_of_requester(
    connection: &mut DbConnection,
    requester_id: i64,
    before: i64,
    limit: i64,
) -> QueryResult<Vec<CaseRow>> {
    cases::table
        .filter(cases::requester_id.eq(requester_id).and(cases::id.lt(before)))
        .order(cases::id.desc())
        .limit(limit)
        .select(CaseRow::as_select())
        .load(connection)
}

/// The person's closed cases of a category before the case `before`, newest first.
///
/// # Errors
/// The database's failure.
pub fn list_closed_of_requester(
    connection: &mut DbConnection,
    requester_id: i64,
    before: i64,
    category: &str,
    limit: i64,
) -> QueryResult<Vec<CaseRow>> {
    let closed = [CaseState::Closed.as_str(), CaseState::Archived.as_str()];
    cases::table
        .filter(cases::requester_id.eq(requester_id).and(cases::id.lt(before)))
        .filter(cases::category.eq(category).and(cases::state.eq_any(closed)))
        .order(cases::id.desc())
        .limit(limit)
        .select(CaseRow::as_select())
        .load(connection)
}

/// The cases with these ids, in no order.
///
/// # Errors
/// The database's failure.
pub fn list_cases(connection: &mut DbConnection, ids: &[i64]) -> QueryResult<Vec<CaseRow>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    cases::table
        .filter(cases::id.eq_any(ids))
        .select(CaseRow::as_select())
        .load(connection)
}

/// Open public cases in these H3 cells from the id `from` on, newest first.
///
/// # Errors
/// The database's failure.
pub fn list_public_in_cells(
    connection: &mut DbConnection,
    cells: &[i64],
    from: i64,
    limit: i64,
) -> QueryResult<Vec<CaseRow>> {
    // Written out, so that the planner sees that the partial index fits.
    let public = diesel::dsl::sql::<diesel::sql_types::Bool>("cases.visibility = 'public'");
    cases::table
        .filter(public)
        .filter(cases::h3_cell.eq_any(cells.iter().copied().map(Some)))
        .filter(cases::id.ge(from).and(cases::is_open.eq(true)))
        .order(cases::id.desc())
        .limit(limit)
        .select(CaseRow::as_select())
        .load(connection)
}
