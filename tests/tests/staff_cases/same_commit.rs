//! Two acts on one case that arrive so close together that the writer commits them at once.

use std::{
    sync::{Arc, atomic::Ordering, mpsc},
    time::Duration,
};

use api::database::StoreError;
use serde_json::json;
use system_tests::server::{TestServer, on_both};
use tokio::sync::Notify;

use crate::desk::{accepted, order, view};

async fn wait_for(server: &TestServer, jobs: usize) {
    while server.services.database.writer.waiting() < jobs {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

#[test]
fn the_second_act_stops_the_clock_that_the_first_started() {
    on_both(async |server: TestServer| {
        let people = accepted(&server).await;
        let id = people.in_handling().await;
        let (ask, approve) = (order(&id, "extension"), order(&id, "extension-approval"));
        let asked = json!({ "working_days": 3, "reason": "灯具要从外地调运。" });
        let why = json!({ "reason": "灯具下周三到货。" });

        let (release, held) = mpsc::channel::<()>();
        let begun = Arc::new(Notify::new());
        let beginning = Arc::clone(&begun);
        let occupied = server.services.database.writer.write(move |_| {
            beginning.notify_one();
            let _released = held.recv();
            Ok::<_, StoreError>(())
        });
        let groups = || server.services.database.writer.figures().groups.load(Ordering::Relaxed);
        let acts = async {
            begun.notified().await;
            let before = groups();
            let first = async { people.leader.post(&ask, &asked).await.expect(200) };
            let second = async {
                wait_for(&server, 1).await;
                people.reviewer.post(&approve, &why).await.expect(200)
            };
            let open = async {
                wait_for(&server, 2).await;
                release.send(()).unwrap();
            };
            tokio::join!(first, second, open);
            groups() - before
        };
        let (freed, groups) = tokio::join!(occupied, acts);
        freed.unwrap();
        assert_eq!(groups, 2, "what held the writer, and both acts at once");

        let seen = view(&people.leader, &people.receipt).await;
        let clocks = seen["clocks"].as_array().unwrap();
        assert!(
            clocks.iter().all(|clock| clock["kind"] != "extension_decision"),
            "nothing is left to be decided: {clocks:?}"
        );
    });
}
