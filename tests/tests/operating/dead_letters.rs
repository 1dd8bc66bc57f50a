//! Messages that were given up are seen without their words and can be sent again.

use std::sync::Arc;

use api::{
    access::sms::SealedSms,
    background::deliver_once,
    config::Config,
    database::{StoreError, schema},
    stores::outbox_store::{OutboxRow, Task},
    usecases::outbox::resend::resend_all_here,
};
use diesel::prelude::*;
use serde_json::Value;
use shared::{
    contract::{problem::ProblemCode, secret::Secret},
    domain::role::{Grant, Role},
};
use system_tests::{
    fake_sms::{BEARER, FakeSms, SmsAnswer},
    server::{TestServer, on_both_with},
};

const LETTERS: &str = "/api/v1/admin/outbox/dead-letters";
const NUMBER: &str = "13805391234";

/// The gateway refuses this number for good at first.
#[expect(clippy::needless_pass_by_value, reason = "a promise is written where it is made")]
fn with_gateway(promise: impl AsyncFn(TestServer, &FakeSms)) {
    let fake = FakeSms::start().unwrap();
    let change = |config: &mut Config| {
        config.sms.url = Some(fake.address());
        config.sms.token = Some(Secret::new(BEARER));
    };
    on_both_with(change, async |server: TestServer| promise(server, &fake).await);
}

/// A text that the gateway refused for good.
async fn give_up(server: &TestServer, fake: &FakeSms) -> i64 {
    let services = Arc::clone(&server.services);
    let id = services.next_id();
    let text = SealedSms {
        number: format!("+86{NUMBER}"),
        text: "您的诉求有新进展，请登录查看。".to_owned(),
        is_code: false,
    };
    let payload = text.seal(&services.access.secrets).unwrap();
    let row = OutboxRow::new(id, Task::Sms, id, payload, services.now());
    services
        .database
        .writer
        .write(move |transaction| {
            transaction.append(row.clone());
            Ok::<_, StoreError>(())
        })
        .await
        .unwrap();
    fake.script([SmsAnswer::Status(400, None)]);
    deliver_once(&server.services).await.unwrap();
    id
}

#[test]
fn a_text_that_was_given_up_is_shown_without_its_words_and_sent_again() {
    with_gateway(async |server, fake| {
        let id = give_up(&server, fake).await;
        let admin = server.staff(Role::SystemAdmin, "3713.hotline").await;
        let page = admin.get(LETTERS).await.expect(200);
        let shown = String::from_utf8(page.body.clone()).unwrap();
        assert!(!shown.contains(NUMBER) && !shown.contains("进展"), "{shown}");
        let letter = &page.value()["items"][0];
        assert_eq!(letter["id"], id.to_string());
        assert_eq!(letter["task"], "sms");
        assert_eq!(letter["recipient"], "138****1234");
        assert_eq!(letter["attempts"], 1);
        assert!(letter["failure"].is_string());

        let again = format!("{LETTERS}/{id}/resend");
        let before = fake.posts();
        admin.post_once(&again, "einmal-1", &Value::Null).await.expect(204);
        // A phone in a lift, or an impatient finger: the second sending changes nothing.
        admin.post_once(&again, "einmal-1", &Value::Null).await.expect(204);
        admin
            .post(&again, &Value::Null)
            .await
            .expect(404)
            .problem(ProblemCode::NotFound);
        deliver_once(&server.services).await.unwrap();
        assert_eq!(fake.posts(), before + 1, "sent once more");
        let left = admin.get(LETTERS).await.expect(200).value();
        assert_eq!(left["items"], Value::Array(Vec::new()));
        assert_eq!(acts(&server, "outbox.resend").await, 1, "who did it is on the trail");
    });
}

#[test]
fn from_the_machine_all_are_put_back_at_once() {
    with_gateway(async |server, fake| {
        for _ in 0..3 {
            give_up(&server, fake).await;
        }
        assert_eq!(resend_all_here(&server.services).await.unwrap(), 3);
        assert_eq!(resend_all_here(&server.services).await.unwrap(), 0);
        let before = fake.posts();
        deliver_once(&server.services).await.unwrap();
        assert_eq!(fake.posts(), before + 3);
        assert_eq!(acts(&server, "outbox.resend_all").await, 1);
    });
}

#[test]
fn an_administrator_of_one_unit_does_not_run_the_system() {
    with_gateway(async |server, _| {
        let grant = Grant {
            unit: Some("3713.hotline".to_owned()),
            ..Grant::everywhere(Role::SystemAdmin)
        };
        let limited = server.staff_with("3713.hotline", vec![grant]).await;
        limited.get(LETTERS).await.expect(403).problem(ProblemCode::Forbidden);
    });
}

async fn acts(server: &TestServer, action: &'static str) -> i64 {
    server
        .services
        .database
        .readers
        .read(move |connection| {
            Ok::<_, StoreError>(
                schema::audit_records::table
                    .filter(schema::audit_records::action.eq(action))
                    .count()
                    .get_result(connection)?,
            )
        })
        .await
        .unwrap()
}
