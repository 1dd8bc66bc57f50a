//! What people are promised about pushes and texts: told once, in spite of what gateways answer and of processes that die;
//! on both databases, against faithful fakes on loopback.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test may end where its premise fails"
)]

mod reports;

use std::{cell::RefCell, collections::BTreeSet, rc::Rc, sync::Arc};

use api::{
    access::sms::SealedSms,
    background::deliver_once,
    clock::{Clock, HandClock},
    config::Config,
    database::{DbConnection, StoreError, schema},
    delivery::outbox::Outbox,
    stores::{
        notice_store::NoticeRow,
        outbox_store::{self, OutboxRow, Task},
        timeline_store::{CaseEventRow, list_events},
    },
};
use diesel::prelude::*;
use serde_json::json;
use shared::contract::secret::Secret;
use system_tests::{
    fake_fcm::{Answer, FakeFcm, RecordedMessage},
    fake_sms::{BEARER, FakeSms, SmsAnswer},
    server::{TestActor, TestServer, beginning, on_both, on_both_with},
};

/// A push service whose clock goes with the server's.
struct Fcm {
    fake: FakeFcm,
    clock: Arc<HandClock>,
}

impl std::ops::Deref for Fcm {
    type Target = FakeFcm;

    fn deref(&self) -> &FakeFcm {
        &self.fake
    }
}

impl Fcm {
    fn start() -> Self {
        let clock = Arc::new(HandClock::at(beginning()));
        let shared: Arc<dyn Clock> = Arc::clone(&clock) as _;
        let fake = FakeFcm::start_with_clock(shared).unwrap();
        Self { fake, clock }
    }

    fn advance_minutes(&self, server: &TestServer, minutes: i64) {
        server.clock.advance_minutes(minutes);
        self.clock.advance_minutes(minutes);
    }
}

/// The same promise on both databases, each with a push service of its own.
fn with_fcm(promise: impl AsyncFn(TestServer, Rc<Fcm>)) {
    let fake: RefCell<Option<Rc<Fcm>>> = RefCell::new(None);
    let change = |config: &mut Config| {
        let started = Fcm::start();
        let key = config.data.join("push-key.json");
        std::fs::write(&key, started.service_account_json()).unwrap();
        config.push.fcm_service_account = Some(key);
        config.push.fcm_base = Some(started.base());
        *fake.borrow_mut() = Some(Rc::new(started));
    };
    on_both_with(change, async |server: TestServer| {
        let started = fake.borrow().clone().unwrap();
        promise(server, started).await;
    });
}

async fn with_phone(server: &TestServer, number: &str, tokens: &[&str]) -> TestActor {
    let resident = server.citizen(number).await;
    for token in tokens {
        let device = json!({ "provider": "fcm", "token": token });
        resident.put("/api/v1/me/devices", &device).await.expect(200);
    }
    let consent = json!({ "given": true });
    resident.put("/api/v1/me/consents/push", &consent).await.expect(200);
    resident
}

/// Puts a notice into the inbox and its push into the outbox, as a step of a case does.
async fn notify(server: &TestServer, recipient: &TestActor, case_id: Option<i64>) -> i64 {
    let services = Arc::clone(&server.services);
    let recipient_id = recipient.id().parse().unwrap();
    services
        .database
        .writer
        .clone()
        .write(move |transaction| {
            let id = services.next_id();
            transaction.append(NoticeRow {
                id,
                recipient_id,
                case_id,
                topic: "accept".to_owned(),
                title: "东关街路灯坏了".to_owned(),
                body: "您的诉求已受理，正在派单。".to_owned(),
                read_at: None,
            });
            let row = OutboxRow::new(services.next_id(), Task::Push, id, "{}".to_owned(), services.now());
            transaction.append(row);
            Ok::<_, StoreError>(id)
        })
        .await
        .unwrap()
}

async fn read<T: Send + 'static>(
    server: &TestServer,
    query: impl FnOnce(&mut DbConnection) -> QueryResult<T> + Send + 'static,
) -> T {
    let readers = &server.services.database.readers;
    readers
        .read(|connection| query(connection).map_err(StoreError::from))
        .await
        .unwrap()
}

async fn waiting(server: &TestServer, task: Task) -> Vec<OutboxRow> {
    read(server, move |connection| {
        schema::outbox::table
            .filter(schema::outbox::task.eq(task.as_str()))
            .order(schema::outbox::id)
            .select(OutboxRow::as_select())
            .load(connection)
    })
    .await
}

async fn deliver(server: &TestServer) {
    deliver_once(&server.services).await.unwrap();
}

fn tokens(messages: &[RecordedMessage]) -> Vec<&str> {
    messages.iter().map(|message| message.token.as_str()).collect()
}

#[test]
fn who_agreed_is_told_on_every_phone_and_the_words_of_the_case_stay_in_the_house() {
    with_fcm(async |server, fcm| {
        let resident = with_phone(&server, "13805390001", &["phone-a", "phone-b"]).await;
        let case = reports::submit(&server, &resident, reports::lamp()).await;
        deliver(&server).await;
        let messages = fcm.messages();
        assert_eq!(tokens(&messages), ["phone-a", "phone-b"]);
        let receipt = reports::receipt(&server, case);
        for message in &messages {
            assert_eq!(message.title, "诉求进展");
            assert_eq!(message.data["receipt_no"], receipt);
            assert!(message.raw.to_string().contains(&receipt), "the collapse key");
            assert!(!message.raw.to_string().contains("东关街"), "{}", message.raw);
        }
        assert!(waiting(&server, Task::Push).await.is_empty());

        let silent = server.citizen("13805390002").await;
        let device = json!({ "provider": "fcm", "token": "phone-c" });
        silent.put("/api/v1/me/devices", &device).await.expect(200);
        notify(&server, &silent, None).await;
        deliver(&server).await;
        assert_eq!(fcm.posts(), 2, "no consent, no push");
        assert!(waiting(&server, Task::Push).await.is_empty());
        let agreed = json!({ "given": false });
        resident.put("/api/v1/me/consents/push", &agreed).await.expect(200);
        notify(&server, &resident, Some(case)).await;
        deliver(&server).await;
        assert_eq!(fcm.posts(), 2, "a consent withdrawn");
    });
}

#[test]
fn a_failing_phone_is_tried_again_alone_and_one_that_is_gone_is_forgotten() {
    with_fcm(async |server, fcm| {
        let resident = with_phone(&server, "13805390001", &["well", "asleep", "gone"]).await;
        fcm.script("asleep", [Answer::Unavailable(Some(120)), Answer::Internal]);
        fcm.script("gone", [Answer::Unregistered]);
        notify(&server, &resident, None).await;
        deliver(&server).await;
        assert_eq!(tokens(&fcm.messages()), ["well"]);
        let row = waiting(&server, Task::Push).await.remove(0);
        assert_eq!(row.attempts, 1);
        assert!(
            row.next_at.unwrap() >= server.services.now().plus_seconds(120).0,
            "as asked for"
        );
        let account: i64 = resident.id().parse().unwrap();
        let left = read(&server, move |connection| {
            api::stores::device_store::list_devices(connection, account)
        })
        .await;
        assert_eq!(left.len(), 2, "the one that is gone is forgotten");

        deliver(&server).await;
        assert_eq!(fcm.posts(), 3, "not before its time");
        fcm.advance_minutes(&server, 3);
        deliver(&server).await;
        assert_eq!(tokens(&fcm.messages()), ["well"]);
        fcm.advance_minutes(&server, 3);
        deliver(&server).await;
        assert_eq!(
            tokens(&fcm.messages()),
            ["well", "asleep"],
            "the well one is left in peace"
        );
        assert!(waiting(&server, Task::Push).await.is_empty());
    });
}

#[test]
fn what_is_refused_for_good_is_kept_for_a_person_to_look_at() {
    with_fcm(async |server, fcm| {
        let resident = with_phone(&server, "13805390001", &["phone"]).await;
        fcm.script("phone", [Answer::InvalidOther]);
        notify(&server, &resident, None).await;
        deliver(&server).await;
        fcm.advance_minutes(&server, 24 * 60);
        deliver(&server).await;
        let row = waiting(&server, Task::Push).await.remove(0);
        assert_eq!((row.next_at, row.attempts), (None, 1));
        assert_eq!(row.last_failure.as_deref(), Some("INVALID_ARGUMENT"));
        assert_eq!(fcm.posts(), 1);
    });
}

#[test]
fn a_wrong_key_loses_nothing_and_counts_against_no_message() {
    with_fcm(async |server, fcm| {
        let resident = with_phone(&server, "13805390001", &["phone"]).await;
        let outbox = Outbox::new(Arc::clone(&server.services));
        fcm.script("phone", vec![Answer::PermissionDenied; 9]);
        for _ in 0..20 {
            notify(&server, &resident, None).await;
        }
        outbox.work_off().await.unwrap();
        assert!(fcm.posts() <= 8, "the others wait: {} posts", fcm.posts());
        assert!(fcm.messages().is_empty());
        let held = waiting(&server, Task::Push).await;
        assert_eq!(held.len(), 20);
        assert!(held.iter().all(|row| row.attempts == 0 && row.next_at.is_some()));
        // Each round meets one refusal at least, and as many as were under way together at most.
        for _ in 0..9 {
            fcm.advance_minutes(&server, 6);
            outbox.work_off().await.unwrap();
        }
        assert_eq!(fcm.messages().len(), 20);
        assert!(waiting(&server, Task::Push).await.is_empty());
    });
}

#[test]
fn several_workers_share_the_work_and_one_that_dies_leaves_it_to_the_next() {
    with_fcm(async |server, fcm| {
        let resident = with_phone(&server, "13805390001", &["phone"]).await;
        for _ in 0..100 {
            notify(&server, &resident, None).await;
        }
        let (now, until) = (server.services.now(), server.services.now().plus_seconds(300));
        let taken = server
            .services
            .database
            .writer
            .write(move |transaction| outbox_store::claim(transaction, Task::Push, "dying", now, until, 10))
            .await
            .unwrap();
        assert_eq!(taken.len(), 10);
        let workers = [0, 1, 2].map(|_| Outbox::new(Arc::clone(&server.services)));
        let [one, two, three] = &workers;
        let (one, two, three) = tokio::join!(one.work_off(), two.work_off(), three.work_off());
        assert_eq!(one.unwrap() + two.unwrap() + three.unwrap(), 90);
        assert_eq!(waiting(&server, Task::Push).await.len(), 10, "held by a lease");
        fcm.advance_minutes(&server, 6);
        deliver(&server).await;
        let ids: BTreeSet<_> = fcm
            .messages()
            .iter()
            .map(|message| message.data["notice_id"].clone())
            .collect();
        assert_eq!((ids.len(), fcm.messages().len()), (100, 100), "each once");
    });
}

#[test]
fn followers_and_members_hear_of_a_public_step_once_each() {
    on_both(async |server: TestServer| {
        let requester = server.citizen("13805390001").await;
        let primary = reports::submit(&server, &requester, reports::lamp()).await;
        let member = server.citizen("13805390002").await;
        let older = reports::submit(&server, &member, reports::lamp()).await;
        let newer = reports::submit(&server, &member, reports::lamp()).await;
        let follower = server.citizen("13805390003").await;
        let own: i64 = requester.id().parse().unwrap();
        let (member_id, follower_id): (i64, i64) = (member.id().parse().unwrap(), follower.id().parse().unwrap());
        let mut crowd = persons(&server, 230).await;
        crowd.extend([own, member_id, follower_id]);
        join(&server, primary, vec![older, newer], crowd).await;

        let event = read(&server, move |connection| list_events(connection, primary, 1))
            .await
            .remove(0);
        let before = notices_of(&server, RETOLD).await.len();
        assert_eq!(before, 0);
        tell(&server, event, "public").await;
        deliver(&server).await;
        let told = notices_of(&server, RETOLD).await;
        let people: BTreeSet<i64> = told.iter().map(|notice| notice.recipient_id).collect();
        assert_eq!(told.len(), 232, "230 followers, one follower more, one member");
        assert_eq!(people.len(), told.len(), "each once");
        assert!(!people.contains(&own), "the requester was told by the step itself");
        let of_member = told.iter().find(|notice| notice.recipient_id == member_id).unwrap();
        assert_eq!(of_member.case_id, Some(older), "about the member's own case");
        let of_follower = told.iter().find(|notice| notice.recipient_id == follower_id).unwrap();
        assert_eq!(of_follower.case_id, Some(primary));
        assert!(
            !of_follower.title.contains("东关街"),
            "unreleased words stay unreleased"
        );
        assert!(waiting(&server, Task::TellOthers).await.is_empty());
    });
}

#[test]
fn what_only_the_requester_may_read_is_told_to_nobody_else() {
    on_both(async |server: TestServer| {
        let requester = server.citizen("13805390001").await;
        let case = reports::submit(&server, &requester, reports::lamp()).await;
        let crowd = persons(&server, 2).await;
        join(&server, case, vec![], crowd).await;
        let event = read(&server, move |connection| list_events(connection, case, 1))
            .await
            .remove(0);
        tell(&server, event, "requester").await;
        deliver(&server).await;
        assert!(notices_of(&server, RETOLD).await.is_empty());
        assert!(waiting(&server, Task::TellOthers).await.is_empty());
    });
}

async fn notices_of(server: &TestServer, topic: &'static str) -> Vec<NoticeRow> {
    read(server, move |connection| {
        schema::notices::table
            .filter(schema::notices::topic.eq(topic))
            .select(NoticeRow::as_select())
            .load(connection)
    })
    .await
}

/// An act that nothing else in these tests does.
const RETOLD: &str = "break_promise";

/// An entry like `event` for this audience, with the task to tell others of it.
async fn tell(server: &TestServer, event: CaseEventRow, audience: &'static str) {
    let services = Arc::clone(&server.services);
    let writer = services.database.writer.clone();
    writer
        .write(move |transaction| {
            let id = services.next_id();
            transaction.append(CaseEventRow {
                id,
                action: RETOLD.to_owned(),
                audience: audience.to_owned(),
                ..event.clone()
            });
            let payload = json!({ "case": event.case_id.to_string() }).to_string();
            transaction.append(OutboxRow::new(
                services.next_id(),
                Task::TellOthers,
                id,
                payload,
                services.now(),
            ));
            Ok::<_, StoreError>(())
        })
        .await
        .unwrap();
}

/// Residents by the hundred, as rows.
async fn persons(server: &TestServer, count: i64) -> Vec<i64> {
    use schema::persons::dsl as p;
    let services = Arc::clone(&server.services);
    let writer = services.database.writer.clone();
    writer
        .write(move |transaction| {
            let mut ids = Vec::new();
            for _ in 0..count {
                let id = services.next_id();
                transaction.change(|connection| {
                    diesel::insert_into(p::persons)
                        .values((
                            p::id.eq(id),
                            p::version.eq(1),
                            p::phone_cipher.eq(vec![0_u8]),
                            p::phone_lookup.eq(id.to_string()),
                            p::locale.eq("zh-CN"),
                            p::status.eq("active"),
                        ))
                        .execute(connection)
                })?;
                ids.push(id);
            }
            Ok::<_, StoreError>(ids)
        })
        .await
        .unwrap()
}

/// Members under the case and people who follow it, as rows.
async fn join(server: &TestServer, primary: i64, members: Vec<i64>, followers: Vec<i64>) {
    use schema::{cases::dsl as c, follows::dsl as f};
    let now = server.services.now().0;
    server
        .services
        .database
        .writer
        .write(move |transaction| {
            transaction.change(|connection| {
                diesel::update(c::cases.filter(c::id.eq_any(&members)))
                    .set((c::state.eq("merged"), c::primary_case_id.eq(primary)))
                    .execute(connection)
            })?;
            for person in &followers {
                transaction.change(|connection| {
                    diesel::insert_into(f::follows)
                        .values((f::case_id.eq(primary), f::person_id.eq(person), f::since.eq(now)))
                        .execute(connection)
                })?;
            }
            Ok::<_, StoreError>(())
        })
        .await
        .unwrap();
}

#[test]
fn a_text_is_sent_through_the_gateway_and_a_code_that_ended_is_not() {
    let fake: RefCell<Option<Rc<FakeSms>>> = RefCell::new(None);
    let change = |config: &mut Config| {
        let started = FakeSms::start().unwrap();
        config.sms.url = Some(started.address());
        config.sms.token = Some(Secret::new(BEARER));
        *fake.borrow_mut() = Some(Rc::new(started));
    };
    on_both_with(change, async |server: TestServer| {
        let sms = fake.borrow().clone().unwrap();
        let visitor = server.anonymous();
        sms.script([SmsAnswer::Status(503, None)]);
        let asked = json!({ "phone": "13805390001" });
        visitor.post("/api/v1/accounts/codes", &asked).await.expect(202);
        let code = server.latest_code("13805390001").await;
        deliver(&server).await;
        assert!(sms.texts().is_empty());
        server.clock.advance_minutes(1);
        deliver(&server).await;
        assert_eq!(sms.latest_code("+8613805390001"), Some(code));
        assert!(waiting(&server, Task::Sms).await.is_empty());

        visitor.post("/api/v1/accounts/codes", &asked).await.expect(202);
        let sealed = waiting(&server, Task::Sms).await.remove(0);
        assert!(!sealed.payload.contains("138"), "number and code are sealed");
        assert!(SealedSms::open(&sealed.payload, &server.services.access.secrets).is_ok());
        server.clock.advance_minutes(6);
        deliver(&server).await;
        assert_eq!(sms.texts().len(), 1, "nobody waits for a code that ended");
        assert!(waiting(&server, Task::Sms).await.is_empty());
    });
}
