//! People and their roles from a table: the whole table is checked first, then all accounts come into being in one write, or
//! none. Every account gets a password of its own, which its owner has to change.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use futures_util::{StreamExt, TryStreamExt, stream};
use shared::domain::role::{Grant, Role};

use super::create::{self, NewStaffAccount};
use crate::{
    access::{Actor, RequestContext, passwords::make_password},
    city::City,
    database::StoreError,
    errors::Failure,
    services::Services,
    stores::staff_store,
    usecases::{
        audit::{self, Act},
        csv_table::{self, Column, Line, LineProblem},
    },
};

/// Lines of a table at most: more than a city has staff.
pub const MOST_LINES: usize = 50_000;
/// Faults told at once.
pub const MOST_PROBLEMS: usize = 100;

/// The table's columns. One line gives one person one role; the lines of a person have the same name.
pub const COLUMNS: &[Column] = &[
    column("username", "账号", true),
    column("display_name", "姓名", true),
    column("post", "职务", false),
    column("unit", "单位", true),
    column("role", "角色", false),
    column("role_unit", "角色单位", false),
    column("role_region", "角色地区", false),
    column("role_kinds", "诉求类型", false),
];

const fn column(name: &'static str, chinese: &'static str, required: bool) -> Column {
    Column {
        name,
        chinese,
        required,
    }
}

/// Somebody to be given an account.
#[derive(Clone)]
pub struct Person {
    /// The first line that names the person.
    pub line: u64,
    /// The account; its password is made here.
    pub account: NewStaffAccount,
}

/// Reads and checks the whole table against the city's units and regions. Nothing is stored.
///
/// # Errors
/// Every fault with its line, at most [`MOST_PROBLEMS`].
pub fn plan(city: &City, table: &[u8]) -> Result<Vec<Person>, Vec<LineProblem>> {
    let lines = csv_table::read(table, COLUMNS, MOST_LINES)?;
    let mut people: BTreeMap<String, Person> = BTreeMap::new();
    let mut problems = Vec::new();
    for line in &lines {
        if let Err(text) = take_in(city, &mut people, line) {
            problems.push(LineProblem::at(line.number, text));
        }
    }
    let mut people: Vec<Person> = people.into_values().collect();
    people.sort_by_key(|person| person.line);
    for person in &mut people {
        match create::checked(&person.account) {
            Ok(account) => person.account = account,
            Err(failure) => problems.push(LineProblem::at(person.line, in_words(&failure))),
        }
    }
    problems.sort_by_key(|problem| problem.line);
    problems.truncate(MOST_PROBLEMS);
    if problems.is_empty() { Ok(people) } else { Err(problems) }
}

/// Adds a line to the person that it names.
fn take_in(city: &City, people: &mut BTreeMap<String, Person>, line: &Line) -> Result<(), String> {
    let username = line.get("username").to_lowercase();
    let unit = line.get("unit");
    let grant = grant(city, line)?;
    if let Some(known) = people.get_mut(&username) {
        let account = &known.account;
        let same = [
            (line.get("display_name"), account.display_name.as_str()),
            (line.get("post"), account.post.as_str()),
            (unit, account.unit.as_str()),
        ];
        if same.iter().any(|(here, there)| !here.is_empty() && here != there) {
            return Err(format!("another name, post or unit than in line {}", known.line));
        }
        let grant = grant.ok_or_else(|| format!("the person of line {} again, without a role", known.line))?;
        if account.grants.contains(&grant) {
            return Err("the same role again".to_owned());
        }
        known.account.grants.push(grant);
        return Ok(());
    }
    if city.units.get(unit).is_none() {
        return Err(format!("unit: the city has no unit {unit:?}"));
    }
    let account = NewStaffAccount {
        username: username.clone(),
        display_name: line.get("display_name").to_owned(),
        post: line.get("post").to_owned(),
        unit: unit.to_owned(),
        password: make_password().to_string(),
        must_change_password: true,
        grants: grant.into_iter().collect(),
        active_until: None,
    };
    people.insert(
        username,
        Person {
            line: line.number,
            account,
        },
    );
    Ok(())
}

/// The role of a line; none when the person gets none yet.
fn grant(city: &City, line: &Line) -> Result<Option<Grant>, String> {
    let word = line.get("role");
    if word.is_empty() {
        return Ok(None);
    }
    let role = role_named(word).ok_or_else(|| format!("role: there is no role {word:?}"))?;
    let of_unit = matches!(role, Role::UnitLiaison | Role::UnitHandler | Role::UnitLeader);
    let unit = match line.get("role_unit") {
        // The roles of a unit reach the person's own unit unless the table says another.
        "" if of_unit => Some(line.get("unit")),
        "" => None,
        unit => Some(unit),
    };
    if let Some(unit) = unit.filter(|unit| city.units.get(unit).is_none()) {
        return Err(format!("role_unit: the city has no unit {unit:?}"));
    }
    let region = Some(line.get("role_region")).filter(|region| !region.is_empty());
    if let Some(region) = region.filter(|region| city.regions.get(region).is_none()) {
        return Err(format!("role_region: the city has no region {region:?}"));
    }
    let kinds = line
        .list("role_kinds")
        .into_iter()
        .map(|word| {
            word.parse()
                .map_err(|_| format!("role_kinds: there is no kind {word:?}"))
        })
        .collect::<Result<Vec<_>, String>>()?;
    Ok(Some(Grant {
        role,
        unit: unit.map(str::to_owned),
        region: region.map(str::to_owned),
        kinds: Some(kinds).filter(|kinds| !kinds.is_empty()),
    }))
}

fn role_named(word: &str) -> Option<Role> {
    let by_name = Role::ALL.iter().copied().find(|role| role.name_zh() == word);
    word.parse().ok().or(by_name).filter(|role: &Role| role.is_staff())
}

fn in_words(failure: &Failure) -> String {
    let field = failure.field.map_or_else(String::new, |field| format!("{field}: "));
    format!(
        "{field}{}",
        failure.detail.as_deref().unwrap_or_else(|| failure.code.title())
    )
}

/// Names of the table that are taken already, each with its line.
///
/// # Errors
/// `Busy`, or the database's failure.
pub async fn find_taken(services: &Services, people: &[Person]) -> Result<Vec<LineProblem>, StoreError> {
    let names: Vec<String> = people.iter().map(|person| person.account.username.clone()).collect();
    let taken: BTreeSet<String> = services
        .database
        .readers
        .read(move |connection| Ok::<_, StoreError>(staff_store::list_taken(connection, &names)?))
        .await?
        .into_iter()
        .collect();
    let problem = |person: &Person| {
        let name = &person.account.username;
        let text = format!("username: there is an account {name} already");
        taken.contains(name).then(|| LineProblem::at(person.line, text))
    };
    Ok(people.iter().filter_map(problem).take(MOST_PROBLEMS).collect())
}

/// Makes all accounts, or none.
///
/// # Errors
/// `AlreadyExists` when a name was taken meanwhile; `Busy`, or the database's failure.
pub async fn import(services: &Arc<Services>, people: &[Person]) -> Result<(), Failure> {
    let at_once = std::thread::available_parallelism().map_or(1, usize::from);
    let hashes: Vec<String> = stream::iter(people)
        .map(|person| services.access.passwords.hash(&person.account.password))
        .buffered(at_once)
        .try_collect()
        .await?;
    let rows: Vec<_> = people
        .iter()
        .zip(hashes)
        .map(|(person, hash)| create::rows(services, &person.account, hash, None))
        .collect();
    let shared = Arc::clone(services);
    services
        .database
        .writer
        .write(move |transaction| -> Result<(), Failure> {
            let context = RequestContext::default();
            for rows in &rows {
                rows.add(&shared, transaction, &Actor::System, &context);
            }
            let act =
                Act::done("staff_account.import", "staff", None).with(serde_json::json!({ "accounts": rows.len() }));
            audit::record_act(&shared, transaction, &Actor::System, &context, &act);
            Ok(())
        })
        .await
}
