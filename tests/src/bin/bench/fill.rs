//! A city's years on file: a million cases with their timelines, written straight into the tables of either database.
//!
//! Places, categories and units are Linyi's; the words are put together from phrases, the same in every run.

use std::{
    io::{self, Write as _},
    path::Path,
    process::{Child, Command, Stdio},
};

use api::{city::City, database::ids::first_id_at};
use h3o::{LatLng, Resolution};
use shared::domain::time::Timestamp;

/// One value of a row.
pub(crate) enum Cell {
    /// BIGINT.
    Number(i64),
    /// TEXT.
    Text(String),
    /// DOUBLE PRECISION.
    Real(f64),
    /// BOOLEAN.
    Flag(bool),
    /// NULL.
    Nothing,
}

/// Where rows go.
pub(crate) trait Sink {
    /// Begins a table; rows that follow have these columns.
    fn table(&mut self, name: &str, columns: &[&str]) -> io::Result<()>;
    /// Adds a row.
    fn row(&mut self, cells: &[Cell]) -> io::Result<()>;
    /// Adds the words of a case to the search table begun before.
    fn words(&mut self, id: i64, text: &str) -> io::Result<()>;
    /// Ends what was begun.
    fn finish(&mut self) -> io::Result<()>;
}

const OPENINGS: &[&str] = &[
    "小区门口",
    "村口大路上",
    "学校旁边",
    "菜市场南头",
    "桥东侧",
    "广场附近",
    "工地外面",
    "医院门前",
];
const TROUBLES: &[&str] = &[
    "路灯不亮，夜班回家看不清路",
    "井盖翘起来了，电动车差点摔倒",
    "下雨就积水，老人小孩没法走",
    "垃圾几天没人清运，味道很大",
    "半夜施工噪音太大，睡不着觉",
    "路面坑洼，昨天有人摔伤",
    "自来水发黄，已经三天了",
    "暖气不热，家里只有十四度",
    "公交车等了四十分钟没有来",
    "树枝压住电线，刮风很危险",
    "占道经营，消防通道堵死了",
    "健身器材坏了没有人修",
];
const WISHES: &[&str] = &[
    "请尽快处理。",
    "希望有关部门来看看。",
    "已经反映过一次了。",
    "麻烦给个答复。",
    "谢谢你们。",
];
const STATES: &[(&str, bool)] = &[
    ("closed", false),
    ("closed", false),
    ("closed", false),
    ("archived", false),
    ("archived", false),
    ("archived", false),
    ("archived", false),
    ("replied", true),
    ("handling", true),
    ("submitted", true),
];

/// Numbers that look random and are the same in every run (the mixer is `SplitMix64`).
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % (end as u64)).unwrap_or_default()
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }
}

/// The requester of every filled case; the bench signs in as somebody else.
const REQUESTERS: i64 = 1000;
/// Two years before the newest case, in seconds.
const SPAN_SECONDS: i64 = 2 * 365 * 24 * 3600;

/// A case as it is filled in.
pub(crate) struct Made {
    /// Its id.
    pub(crate) id: i64,
    title: String,
    body: String,
    /// In the order of [`CASE_COLUMNS`].
    pub(crate) cells: Vec<Cell>,
}

/// The columns of a filled case.
pub(crate) const CASE_COLUMNS: &[&str] = &[
    "id",
    "version",
    "requester_id",
    "channel",
    "kind",
    "category",
    "county",
    "region",
    "latitude",
    "longitude",
    "h3_cell",
    "place",
    "title",
    "body",
    "answers",
    "visibility",
    "urgency",
    "state",
    "is_open",
    "cycle",
    "redo_count",
    "return_count",
    "dispatch_count",
    "designated",
    "tier",
    "primary_case_id",
    "lead_unit",
    "due_at",
    "outcome",
    "publication",
    "memory",
    "updated_at",
];

/// Where cases come from: the city's villages and categories.
pub(crate) struct Villages<'a> {
    city: &'a City,
    places: Vec<(&'a str, &'a str, &'a str)>,
    categories: Vec<&'a str>,
}

impl<'a> Villages<'a> {
    /// Those of this city.
    pub(crate) fn of(city: &'a City) -> Self {
        let villages = city.regions.iter().filter(|region| region.code.len() == 12);
        Self {
            city,
            places: villages
                .map(|region| (region.code.as_str(), &region.code[..6], region.name.as_str()))
                .collect(),
            categories: city.categories.leaves().map(|leaf| leaf.code.as_str()).collect(),
        }
    }

    /// The case with this number of so many, the last of which came at `newest`.
    pub(crate) fn make(&self, number: i64, total: i64, newest: Timestamp) -> Made {
        make(self, number, total, newest)
    }
}

fn make(from: &Villages<'_>, number: i64, total: i64, newest: Timestamp) -> Made {
    let Villages {
        city,
        places,
        categories,
    } = from;
    let mut dice = Dice(number.cast_unsigned());
    let moment = newest.plus_seconds(-SPAN_SECONDS + SPAN_SECONDS * number / total);
    let id = first_id_at(moment) + number % 4096;
    let (region, county, name) = *dice.pick(places);
    let trouble = *dice.pick(TROUBLES);
    let title: String = trouble.chars().take(12).collect();
    let body = format!("{name}{}{trouble}，{}", dice.pick(OPENINGS), dice.pick(WISHES));
    let category = *dice.pick(categories);
    #[expect(clippy::cast_precision_loss, reason = "a share of a degree")]
    let share = |dice: &mut Dice| dice.below(1_000_000) as f64 / 1_000_000.0;
    let (latitude, longitude) = (34.4 + 1.8 * share(&mut dice), 117.4 + 2.0 * share(&mut dice));
    let cell = LatLng::new(latitude, longitude).map(|point| u64::from(point.to_cell(Resolution::Nine)).cast_signed());
    let (state, open) = *dice.pick(STATES);
    let visibility = if dice.below(10) < 7 { "public" } else { "private" };
    let text = |word: &str| Cell::Text(word.to_owned());
    let unit = city
        .units
        .by_region(county)
        .first()
        .map_or_else(|| "3713.hotline".to_owned(), |unit| unit.code.clone());
    let cells = vec![
        Cell::Number(id),
        Cell::Number(6),
        Cell::Number(1 + number % REQUESTERS),
        text("app"),
        text("assistance"),
        text(category),
        text(county),
        text(region),
        Cell::Real(latitude),
        Cell::Real(longitude),
        cell.map_or(Cell::Nothing, Cell::Number),
        text("{}"),
        text(&title),
        text(&body),
        text("{}"),
        text(visibility),
        text("routine"),
        text(state),
        Cell::Flag(open),
        Cell::Number(1),
        Cell::Number(0),
        Cell::Number(0),
        Cell::Number(1),
        Cell::Flag(false),
        Cell::Number(0),
        Cell::Nothing,
        Cell::Text(unit),
        Cell::Nothing,
        if open { Cell::Nothing } else { text("resolved") },
        text(if visibility == "public" { "released" } else { "none" }),
        text("{}"),
        Cell::Number(moment.0),
    ];
    Made { id, title, body, cells }
}

/// Writes the requesters of the cases.
pub(crate) fn persons(sink: &mut dyn Sink) -> io::Result<()> {
    sink.table(
        "persons",
        &["id", "version", "phone_cipher", "phone_lookup", "locale", "status"],
    )?;
    for person in 1..=REQUESTERS {
        let lookup = Cell::Text(format!("filled-{person}"));
        let cipher = Cell::Text(String::new());
        let word = |word: &str| Cell::Text(word.to_owned());
        sink.row(&[
            Cell::Number(person),
            Cell::Number(1),
            cipher,
            lookup,
            word("zh-CN"),
            word("active"),
        ])?;
    }
    Ok(())
}

/// Writes `total` cases, telling `progress` how far it is.
pub(crate) fn fill(
    city: &City,
    sink: &mut dyn Sink,
    total: i64,
    newest: Timestamp,
    progress: &dyn Fn(i64),
) -> io::Result<()> {
    let villages = Villages::of(city);
    let made = |number| villages.make(number, total, newest);
    persons(sink)?;
    sink.table("cases", CASE_COLUMNS)?;
    for number in 0..total {
        sink.row(&made(number).cells)?;
        if number % 20_000 == 0 {
            progress(number);
        }
    }
    let columns = [
        "id",
        "case_id",
        "cycle",
        "action",
        "actor_role",
        "state_after",
        "audience",
        "sentence",
        "detail",
    ];
    sink.table("case_events", &columns)?;
    for number in 0..total {
        let case = made(number).id;
        for (step, action) in [(1, "submit"), (2, "accept"), (3, "dispatch"), (4, "release_reply")] {
            let word = |word: &str| Cell::Text(word.to_owned());
            sink.row(&[
                Cell::Number(case + (step << 17)),
                Cell::Number(case),
                Cell::Number(1),
                word(action),
                word("clerk"),
                word("closed"),
                word("public"),
                word("您的诉求有了新的进展。"),
                word("{}"),
            ])?;
        }
    }
    for table in ["case_search", "public_case_search"] {
        sink.table(table, &[])?;
        for number in 0..total {
            let made = made(number);
            sink.words(made.id, &format!("{} {}", made.title, made.body))?;
        }
    }
    sink.finish()
}

/// SQLite, through rusqlite in one transaction a table, without waiting for the disk.
pub(crate) struct SqliteSink {
    connection: rusqlite::Connection,
    statement: String,
}

impl SqliteSink {
    /// Opens the database that the server made.
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        let connection = rusqlite::Connection::open(path).map_err(io::Error::other)?;
        connection
            .execute_batch("PRAGMA synchronous = OFF; PRAGMA cache_size = -400000; PRAGMA foreign_keys = OFF; BEGIN")
            .map_err(io::Error::other)?;
        Ok(Self {
            connection,
            statement: String::new(),
        })
    }
}

impl Sink for SqliteSink {
    fn table(&mut self, name: &str, columns: &[&str]) -> io::Result<()> {
        self.connection
            .execute_batch("COMMIT; BEGIN")
            .map_err(io::Error::other)?;
        self.statement = if columns.is_empty() {
            format!("INSERT INTO {name} (rowid, tokens) VALUES (?1, ?2)")
        } else {
            let marks = (1..=columns.len())
                .map(|mark| format!("?{mark}"))
                .collect::<Vec<_>>()
                .join(", ");
            format!("INSERT INTO {name} ({}) VALUES ({marks})", columns.join(", "))
        };
        Ok(())
    }

    fn row(&mut self, cells: &[Cell]) -> io::Result<()> {
        use rusqlite::types::Value;
        let values = cells.iter().map(|cell| match cell {
            Cell::Number(number) => Value::Integer(*number),
            Cell::Text(text) => Value::Text(text.clone()),
            Cell::Real(real) => Value::Real(*real),
            Cell::Flag(flag) => Value::Integer(i64::from(*flag)),
            Cell::Nothing => Value::Null,
        });
        let mut prepared = self
            .connection
            .prepare_cached(&self.statement)
            .map_err(io::Error::other)?;
        prepared
            .execute(rusqlite::params_from_iter(values))
            .map_err(io::Error::other)?;
        Ok(())
    }

    fn words(&mut self, id: i64, text: &str) -> io::Result<()> {
        let tokens = shared::domain::search::tokens(text).join(" ");
        self.row(&[Cell::Number(id), Cell::Text(tokens)])
    }

    fn finish(&mut self) -> io::Result<()> {
        self.connection
            .execute_batch("COMMIT; PRAGMA wal_checkpoint(TRUNCATE);")
            .map_err(io::Error::other)
    }
}

/// PostgreSQL, through psql's COPY.
pub(crate) struct CopySink {
    url: String,
    schema: String,
    copying: Option<Child>,
    line: String,
}

impl CopySink {
    /// Copies into the tables of this schema.
    pub(crate) fn new(url: &str, schema: &str) -> Self {
        Self {
            url: url.to_owned(),
            schema: schema.to_owned(),
            copying: None,
            line: String::new(),
        }
    }

    fn psql(&self, statement: &str) -> Command {
        let mut command = Command::new("psql");
        command
            .args(["-q", "-v", "ON_ERROR_STOP=1", "-c", statement, &self.url])
            .env(
                "PGOPTIONS",
                format!("-c search_path={} -c synchronous_commit=off", self.schema),
            );
        command
    }

    fn send(&mut self) -> io::Result<()> {
        self.line.push('\n');
        let pipe = self.copying.as_mut().and_then(|child| child.stdin.as_mut());
        let result = pipe.map_or(Ok(()), |pipe| pipe.write_all(self.line.as_bytes()));
        self.line.clear();
        result
    }

    fn end(&mut self) -> io::Result<()> {
        let Some(mut child) = self.copying.take() else {
            return Ok(());
        };
        drop(child.stdin.take());
        if child.wait()?.success() {
            Ok(())
        } else {
            Err(io::Error::other("COPY failed"))
        }
    }
}

impl Sink for CopySink {
    fn table(&mut self, name: &str, columns: &[&str]) -> io::Result<()> {
        self.end()?;
        let columns = if columns.is_empty() {
            "case_id, tokens".to_owned()
        } else {
            columns.join(", ")
        };
        let mut command = self.psql(&format!("COPY {name} ({columns}) FROM STDIN"));
        self.copying = Some(command.stdin(Stdio::piped()).spawn()?);
        Ok(())
    }

    fn row(&mut self, cells: &[Cell]) -> io::Result<()> {
        use std::fmt::Write as _;
        for (position, cell) in cells.iter().enumerate() {
            if position > 0 {
                self.line.push('\t');
            }
            let written = match cell {
                Cell::Number(number) => write!(self.line, "{number}"),
                Cell::Text(text) => write!(self.line, "{text}"),
                Cell::Real(real) => write!(self.line, "{real}"),
                Cell::Flag(flag) => write!(self.line, "{flag}"),
                Cell::Nothing => write!(self.line, "\\N"),
            };
            written.map_err(io::Error::other)?;
        }
        self.send()
    }

    fn words(&mut self, id: i64, text: &str) -> io::Result<()> {
        let tokens = shared::domain::search::tokens(text);
        let words = api::database::search::words_on_postgres(id, &tokens);
        let quoted: Vec<String> = words.iter().map(|word| format!("'{word}'")).collect();
        self.line = format!("{id}\t{}", quoted.join(" "));
        self.send()
    }

    fn finish(&mut self) -> io::Result<()> {
        self.end()?;
        // Vacuumed and written out, so that the server does neither by itself while something is measured.
        for work in ["VACUUM ANALYZE", "CHECKPOINT"] {
            if !self.psql(work).status()?.success() {
                return Err(io::Error::other(format!("{work} failed")));
            }
        }
        Ok(())
    }
}
