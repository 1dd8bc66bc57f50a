//! The process that is the server: services, app and a hand clock. No loop runs beside it; what is due is done when it is told to.
//!
//! Commands come as JSON, one a line, and each is answered with one line; the end of the input is the end of the process.

use std::{
    io::{self, BufRead, Write},
    net::TcpListener,
    sync::Arc,
};

use api::{
    access::{Actor, RequestContext, sms::SealedSms},
    background::{deliver_once, sweep_once},
    clock::{Clock, HandClock},
    config::{CodeConfig, Config, DatabaseConfig, LimitsConfig, SecondFactorPolicy, SessionConfig, StaffConfig},
    database::{
        StoreError,
        schema::{leases, outbox},
    },
    server,
    services::Services,
    stores::backlog_store::read_backlog,
    usecases::{
        cases::sweep::Swept,
        staff_accounts::create::{NewStaffAccount, create},
    },
};
use diesel::prelude::*;
use serde::Serialize;
use serde_json::Value;
use shared::{
    contract::secret::Secret,
    domain::{
        phone::MobileNumber,
        role::{Grant, Role},
        time::Timestamp,
    },
};

use super::{Done, Order, PASSWORD, SteppedSetting, look, told};
use crate::caller::Told;

/// Nobody has to sign in twice in a year of compressed time.
const A_YEAR: i64 = 366 * 24 * 3600;

/// Minutes of the clock after which the process says that it still lives; its number is its own for ten.
const RENEWAL_MINUTES: i64 = 5;

/// Runs the server that `setting` describes, until its input ends.
pub(crate) fn run(setting: &str) -> Told<()> {
    let setting: SteppedSetting = serde_json::from_str(setting).map_err(told)?;
    actix_web::rt::System::new().block_on(serve(setting))
}

async fn serve(setting: SteppedSetting) -> Told<()> {
    let clock = Arc::new(HandClock::at(setting.at));
    let shared: Arc<dyn api::clock::Clock> = Arc::clone(&clock) as _;
    let services = Arc::new(Services::start(config(&setting), shared).await.map_err(told)?);
    if setting.alone {
        take_over(&services).await.map_err(told)?;
    }
    let listener = TcpListener::bind(&setting.address).map_err(told)?;
    let running = server::start(&services, listener).map_err(told)?;
    actix_web::rt::spawn(running.server);
    let (send, mut orders) = tokio::sync::mpsc::unbounded_channel();
    std::thread::spawn(move || {
        for line in io::stdin().lock().lines().map_while(Result::ok) {
            if send.send(line).is_err() {
                break;
            }
        }
    });
    answer(&Ok(Value::Null))?;
    while let Some(line) = orders.recv().await {
        let done = match serde_json::from_str(&line) {
            Ok(order) => obey(&services, &clock, order).await,
            Err(error) => Err(error.to_string()),
        };
        answer(&done)?;
    }
    running.handle.stop(false).await;
    Ok(())
}

fn answer(done: &Told<Value>) -> Told<()> {
    let mut out = io::stdout().lock();
    let text = serde_json::to_string(done).map_err(told)?;
    writeln!(out, "{text}").and_then(|()| out.flush()).map_err(told)
}

fn config(setting: &SteppedSetting) -> Config {
    let mut config = Config {
        data: setting.data.clone(),
        database: DatabaseConfig {
            url: setting.database.as_deref().map(Secret::new),
            ..DatabaseConfig::default()
        },
        sessions: SessionConfig {
            access_seconds: A_YEAR,
            resident_seconds: A_YEAR,
            staff_seconds: A_YEAR,
            staff_idle_seconds: A_YEAR,
            ..SessionConfig::default()
        },
        // Invented people have no authenticator app, and all ask from one address.
        staff: StaffConfig {
            second_factor: SecondFactorPolicy::Enrolled,
            password_days: 0,
            ..StaffConfig::default()
        },
        codes: CodeConfig {
            address_hourly: 1_000_000,
            ..CodeConfig::default()
        },
        limits: LimitsConfig {
            enabled: false,
            ..LimitsConfig::default()
        },
        ..Config::default()
    };
    config.server.workers = 2;
    config
}

async fn obey(services: &Arc<Services>, clock: &HandClock, order: Order) -> Told<Value> {
    match order {
        Order::Clock { at } => {
            let before = clock.now();
            clock.set(at);
            // As the program does every other minute: a successor must not make ids under the same number.
            if at >= before.plus_minutes(RENEWAL_MINUTES) {
                services.database.renew_process(at).await.map_err(told)?;
            }
            Ok(Value::Null)
        }
        Order::Sweep => given(sweep(services).await?),
        Order::Hire {
            username,
            role,
            unit,
            within,
        } => hire(services, username, &role, unit, within).await,
        Order::Code { phone } => given(code(services, &phone).await?),
        Order::Look => given(look::look(services).await.map_err(told)?),
    }
}

fn given(value: impl Serialize) -> Told<Value> {
    serde_json::to_value(value).map_err(told)
}

/// A killed process answers no more: what it had leased is free at once, as it would be a minute later.
async fn take_over(services: &Arc<Services>) -> Result<(), StoreError> {
    let now = services.now().0;
    services
        .database
        .writer
        .write(move |transaction| {
            transaction.change(|connection| {
                diesel::update(leases::table)
                    .set(leases::held_until.eq(now))
                    .execute(connection)
            })?;
            transaction.change(|connection| {
                diesel::update(outbox::table.filter(outbox::next_at.is_not_null()))
                    .set(outbox::next_at.eq(now))
                    .execute(connection)
            })?;
            Ok(())
        })
        .await
}

/// Until there is nothing more to do at this instant.
async fn sweep(services: &Arc<Services>) -> Told<Done> {
    let mut done = Done::default();
    loop {
        let swept = sweep_once(services)
            .await
            .map_err(|failure| format!("{:?}：{:?}", failure.code, failure.cause))?;
        done.warned += swept.warned;
        done.stepped += swept.stepped;
        done.overdue += swept.overdue;
        done.opened += swept.opened;
        let delivered = deliver_once(services).await.map_err(told)?;
        if swept == Swept::default() && delivered == 0 {
            break;
        }
    }
    let readers = &services.database.readers;
    let backlog = readers
        .read(|connection| read_backlog(connection).map_err(StoreError::from))
        .await
        .map_err(told)?;
    done.next = backlog.next_wake.map(Timestamp);
    Ok(done)
}

async fn hire(services: &Arc<Services>, username: String, role: &str, unit: String, within: bool) -> Told<Value> {
    let role: Role = role.parse().map_err(|_| format!("没有 {role} 这个角色"))?;
    let grant = Grant {
        unit: within.then(|| unit.clone()),
        ..Grant::everywhere(role)
    };
    let new = NewStaffAccount {
        username,
        display_name: role.name_zh().to_owned(),
        post: role.name_zh().to_owned(),
        unit,
        password: PASSWORD.to_owned(),
        must_change_password: false,
        grants: vec![grant],
        active_until: None,
    };
    let made = create(services, &RequestContext::default(), Actor::System, new).await;
    made.map(|id| Value::String(id.to_string()))
        .map_err(|failure| format!("{:?}：{:?}", failure.code, failure.cause))
}

/// Read where the message waits to be sent: the invented numbers have no phones.
async fn code(services: &Arc<Services>, phone: &str) -> Told<String> {
    let number: MobileNumber = phone.parse().map_err(|_| format!("{phone} 不是手机号"))?;
    let payloads: Vec<String> = services
        .database
        .readers
        .read(|connection| {
            Ok::<_, StoreError>(
                outbox::table
                    .filter(outbox::task.eq("sms"))
                    .order(outbox::id.desc())
                    .limit(100)
                    .select(outbox::payload)
                    .load(connection)?,
            )
        })
        .await
        .map_err(told)?;
    let digits = |part: &&str| part.len() == 6 && part.bytes().all(|byte| byte.is_ascii_digit());
    payloads
        .iter()
        .filter_map(|payload| SealedSms::open(payload, &services.access.secrets).ok())
        .filter(|message| message.number == number.to_e164())
        .find_map(|message| {
            let mut parts = message.text.split(|letter: char| !letter.is_ascii_digit());
            parts.find(digits).map(str::to_owned)
        })
        .ok_or_else(|| format!("没有发给 {phone} 的验证码"))
}
