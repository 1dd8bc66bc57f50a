//! `./dev demo --week`: a city's week of thousands of cases, played in compressed time by people of all characters, through HTTP
//! against real server processes. Every choice is the seed's, so that the same week can be played again with the process killed in
//! the middle of its work, and by two processes on one database: what comes of the cases must be the same.

mod character;
mod dice;
mod digest;
mod disturbance;
mod driver;
mod line;
mod people;
mod summary;
mod tiers;
mod turns;

use std::{sync::Arc, time::Instant};

use serde_json::json;
use shared::domain::time::Timestamp;
use system_tests::schema::Schema;

use self::{driver::Driver, line::Line, summary::Progress};
use crate::{
    caller::{Told, expect},
    stepped::{SteppedServer, told},
    tale::Tale,
};

/// Midnight before the first day: a Monday without holidays near.
const MONDAY: &str = "2026-03-02T00:00:00+08:00";

/// What was asked for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asked {
    cases: usize,
    seed: u64,
    kill: bool,
    kills: u32,
    two: bool,
}

impl Asked {
    /// Reads the arguments after `--week`.
    pub(crate) fn read(words: &[&str]) -> Told<Self> {
        let mut asked = Self {
            cases: 3000,
            seed: 2026,
            kill: false,
            kills: 10,
            two: false,
        };
        let mut words = words.iter();
        while let Some(word) = words.next() {
            let mut number = || {
                let value = words.next().and_then(|value| value.parse::<u32>().ok());
                value.ok_or_else(|| format!("{word} wants a number"))
            };
            match *word {
                "--kill" => asked.kill = true,
                "--two" => asked.two = true,
                "--all" => (asked.kill, asked.two) = (true, true),
                "--cases" => asked.cases = number()? as usize,
                "--seed" => asked.seed = u64::from(number()?),
                "--kills" => asked.kills = number()?,
                other => return Err(format!("demo --week: no argument '{other}'; see ./dev help")),
            }
        }
        Ok(asked)
    }
}

/// One play of the week.
struct Play {
    name: &'static str,
    processes: usize,
    kills: u32,
}

/// Plays the week as often as was asked for, and holds the digests against the undisturbed one.
pub(crate) async fn play(asked: Asked, tale: &mut Tale) -> Told<()> {
    let server = std::env::var("DATABASE_URL").ok();
    expect(!asked.two || server.is_some(), || {
        "两个进程要用 PostgreSQL：加上 --postgres".to_owned()
    })?;
    let mut plays = vec![Play {
        name: "不受干扰",
        processes: 1,
        kills: 0,
    }];
    if asked.kill {
        plays.push(Play {
            name: "进程被杀",
            processes: 1,
            kills: asked.kills,
        });
    }
    if asked.two {
        plays.push(Play {
            name: "两个进程",
            processes: 2,
            kills: 0,
        });
    }
    tale.chapter(&format!("一周 {} 件诉求，种子 {}", asked.cases, asked.seed));
    let mut first: Option<Vec<(usize, crate::stepped::CaseSeen)>> = None;
    let mut kept = Vec::new();
    for play in plays {
        tale.begin(play.name, "");
        let begun = Instant::now();
        let (cases, words, kills) = once(&asked, &play, server.as_deref()).await?;
        let digest = digest::digest(&cases);
        let seconds = begun.elapsed().as_secs_f64();
        tale.done(format!("{kills} 次断电，{seconds:.0} 秒，摘要 {digest}"));
        summary::check(&cases)?;
        match &first {
            None => {
                tale.chapter("结果");
                tale.aside("", words);
                kept.push("每件超期的都有答复、有理由的不予受理、确认的转接或在办的督办；没有重复通知".to_owned());
                first = Some(cases);
            }
            Some(undisturbed) => {
                same(undisturbed, &cases)?;
                kept.push(format!("{}：摘要与不受干扰的一致", play.name));
            }
        }
        kept.push(format!("{} {digest}", play.name));
    }
    tale.end(&kept);
    Ok(())
}

/// What differs is shown by its first case.
fn same(one: &[(usize, crate::stepped::CaseSeen)], other: &[(usize, crate::stepped::CaseSeen)]) -> Told<()> {
    expect(one.len() == other.len(), || {
        format!("{} 件变成了 {} 件", one.len(), other.len())
    })?;
    for ((number, case), (_, again)) in one.iter().zip(other) {
        let (before, after) = (digest::lines(*number, case), digest::lines(*number, again));
        expect(before == after, || {
            let gone = before.lines().filter(|line| !after.lines().any(|other| other == *line));
            let come = after.lines().filter(|line| !before.lines().any(|other| other == *line));
            let (gone, come): (Vec<_>, Vec<_>) = (gone.collect(), come.collect());
            format!(
                "第 {number} 件不一样：\n- {}\n+ {}",
                gone.join("\n- "),
                come.join("\n+ ")
            )
        })?;
    }
    Ok(())
}

/// One play on a fresh database: the cases, the table about them, and how often a process was killed.
async fn once(
    asked: &Asked,
    play: &Play,
    database: Option<&str>,
) -> Told<(Vec<(usize, crate::stepped::CaseSeen)>, String, usize)> {
    let data = tempfile::tempdir().map_err(told)?;
    let schema = database.map(Schema::make_on);
    let monday: Timestamp = serde_json::from_value(json!(MONDAY)).map_err(told)?;
    let mut servers = Vec::new();
    for _ in 0..play.processes {
        let url = schema.as_ref().map(Schema::url);
        let server = SteppedServer::start(data.path(), url, monday, play.processes == 1).await?;
        servers.push(Arc::new(server));
    }
    let line = Line::to(servers);
    let mut driver = Driver::prepare(&line, (asked.seed, asked.cases), monday, play.kills).await?;
    let mut progress = Progress::of(play.name);
    driver.play(&mut progress).await?;
    progress.end();
    let cases = driver.look_back().await?;
    let words = summary::table(&cases, &driver.acts, &driver.refusals);
    Ok((cases, words, driver.kills()))
}
