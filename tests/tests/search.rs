//! Finding cases by Chinese words: staff in all words, everybody in released words only.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on fails, and says where"
)]

mod reports;

use api::database::{
    DbConnection, StoreError,
    search::{SearchIndex, find_ids, put_words, remove_words},
};
use reports::{index, lamp, receipt, release_all, submit};
use serde_json::{Value, json};
use shared::{
    contract::problem::ProblemCode,
    domain::{
        role::{Grant, Role},
        search::tokens,
        time::Timestamp,
    },
};
use system_tests::server::{TestServer, beginning, on_both};

fn receipts(page: &Value) -> Vec<String> {
    let items = page["items"].as_array().unwrap().iter();
    items
        .map(|item| item["receipt_no"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn staff_find_all_words_and_the_public_only_released_ones() {
    on_both(async |server: TestServer| {
        let resident = server.citizen("13853900001").await;
        let mut report = lamp();
        report.title = Some("王大爷家门口路灯不亮".to_owned());
        let first = receipt(&server, submit(&server, &resident, report).await);
        let mut report = lamp();
        report.title = Some("窨井盖破损".to_owned());
        report.text = "金雀山路窨井盖破损，影响行人".to_owned();
        let second = receipt(&server, submit(&server, &resident, report).await);
        index(&server).await;

        let clerk = server.staff(Role::Clerk, "3713.hotline").await;
        let visitor = server.anonymous();
        let staff = async |words: &str| {
            let page = clerk.get(&format!("/api/v1/staff/search?q={words}")).await.expect(200);
            receipts(&page.value())
        };
        let public = async |words: &str| {
            let page = visitor
                .get(&format!("/api/v1/public/cases?q={words}"))
                .await
                .expect(200);
            receipts(&page.value())
        };
        assert_eq!(staff("路灯").await, std::slice::from_ref(&first));
        assert_eq!(staff("窨井盖").await, std::slice::from_ref(&second));
        assert_eq!(staff("13812345678").await, std::slice::from_ref(&first));
        assert_eq!(staff("井").await, std::slice::from_ref(&second));
        assert_eq!(staff("垃圾").await, Vec::<String>::new());
        assert_eq!(public("路灯").await, Vec::<String>::new(), "nothing is released yet");

        let moderator = server.staff(Role::Moderator, "3713.hotline").await;
        release_all(&moderator, &first).await;
        index(&server).await;
        assert_eq!(public("路灯").await, std::slice::from_ref(&first));
        assert_eq!(
            public("13812345678").await,
            Vec::<String>::new(),
            "masked words are not found"
        );
        assert_eq!(public("鲁Q12345").await, Vec::<String>::new());
        assert_eq!(public("窨井盖").await, Vec::<String>::new());

        let elsewhere = Grant {
            region: Some("371323".to_owned()),
            ..Grant::everywhere(Role::Clerk)
        };
        let other = server.staff_with("3713.hotline", vec![elsewhere]).await;
        let page = other.get("/api/v1/staff/search?q=路灯").await.expect(200).value();
        assert_eq!(page["items"], json!([]), "beyond the clerk's scope");
        let admin = server.staff(Role::SystemAdmin, "3713.hotline").await;
        admin
            .get("/api/v1/staff/search?q=路灯")
            .await
            .problem(ProblemCode::Forbidden);
        clerk.get("/api/v1/staff/search?q=").await.problem(ProblemCode::Invalid);
        let long = "路".repeat(61);
        visitor
            .get(&format!("/api/v1/public/cases?q={long}"))
            .await
            .problem(ProblemCode::Invalid);
    });
}

/// Words of many days: the newest first whatever the database has to do for it, and never one twice.
#[test]
fn hits_come_newest_first_across_days_and_years() {
    on_both(async |server: TestServer| {
        let database = &server.services.database;
        let mut ids = Vec::new();
        for (days, count) in [(900, 3), (300, 5), (40, 5), (9, 3), (1, 2), (0, 500)] {
            let moment = Timestamp(beginning().0 - days * 86_400_000_000);
            for number in 0..count {
                ids.push((
                    api::database::ids::first_id_at(moment) + number,
                    days > 0 || number % 100 == 0,
                ));
            }
        }
        let rows = ids.clone();
        database
            .writer
            .write(move |transaction| {
                for (id, lamp) in &rows {
                    let words = tokens(if *lamp { "路灯坏了" } else { "窨井盖破损" });
                    transaction.change(|connection| put_words(connection, SearchIndex::Staff, &[(*id, &words)]))?;
                }
                Ok::<_, StoreError>(())
            })
            .await
            .unwrap();
        let mut expected: Vec<i64> = ids.into_iter().filter(|(_, lamp)| *lamp).map(|(id, _)| id).collect();
        expected.sort_unstable_by(|a, b| b.cmp(a));
        let find = async |before: i64, limit: i64| {
            let look = move |connection: &mut DbConnection| {
                Ok::<_, StoreError>(find_ids(connection, SearchIndex::Staff, "路灯", before, limit)?)
            };
            database.readers.read(look).await.unwrap()
        };
        for limit in [1, 5, 8, 15, 100] {
            let wanted: Vec<i64> = expected.iter().copied().take(usize::try_from(limit).unwrap()).collect();
            assert_eq!(find(i64::MAX, limit).await, wanted, "limit {limit}");
        }
        let mut seen = Vec::new();
        let mut before = i64::MAX;
        loop {
            let sent = database.statements_sent();
            let page = find(before, 4).await;
            assert!(database.statements_sent() - sent <= 2);
            let Some(last) = page.last() else { break };
            before = *last;
            seen.extend(page);
        }
        assert_eq!(seen, expected);

        let gone = expected[0];
        database
            .writer
            .write(move |transaction| {
                transaction.change(|connection| remove_words(connection, SearchIndex::Staff, &[gone]))
            })
            .await
            .unwrap();
        assert_eq!(find(i64::MAX, 1).await, vec![expected[1]]);
    });
}
