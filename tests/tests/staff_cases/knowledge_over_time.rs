//! What happens to knowledge articles when time passes and when city data are imported.

use api::{
    background::tell_owners_once,
    city::{CityKind, shipped},
    usecases::city_data::{DataFile, import, plan_import},
};
use serde_json::{Value, json};
use shared::domain::role::Role;
use system_tests::server::{TestActor, TestServer, on_both};

use crate::{
    desk::HOTLINE,
    knowledge::{heating, path, write},
};

const DAY: i64 = 24 * 60;

async fn told(server: &TestServer) -> usize {
    tell_owners_once(&server.services).await.unwrap()
}

/// What the inbox says of articles that end, newest first.
async fn notices(actor: &TestActor) -> Vec<String> {
    let inbox = actor.get("/api/v1/me/inbox").await.expect(200).value();
    let items = inbox["items"].as_array().unwrap().iter();
    items
        .filter(|notice| notice["topic"] == "knowledge_expiring")
        .map(|notice| notice["body"].as_str().unwrap().to_owned())
        .collect()
}

fn until(day: &str) -> Value {
    let mut article = heating();
    article["valid_to"] = json!(day);
    article
}

#[test]
fn the_owners_desk_is_told_thirty_days_before_the_end_once_for_each_version() {
    on_both(async |server: TestServer| {
        let editor = server.staff(Role::KnowledgeEditor, HOTLINE).await;
        let desk = server.staff(Role::UnitLiaison, "3713.heat").await;
        // Thirty days before 24 December is tomorrow.
        let id = write(&editor, &until("2026-12-24")).await;
        assert_eq!(told(&server).await, 0, "a day too early");
        server.clock.advance_minutes(DAY);
        assert_eq!((told(&server).await, told(&server).await), (1, 0));
        let other = server.staff(Role::UnitLiaison, "3713.water").await;
        let editor = server.staff(Role::KnowledgeEditor, HOTLINE).await;
        let leader = server.staff(Role::UnitLeader, "3713.heat").await;
        assert_eq!((notices(&other).await.len(), notices(&editor).await.len()), (0, 0));

        let version = editor.get(&path(&id)).await.value()["version"].clone();
        assert_eq!(version, 1, "telling is no change");
        editor.put(&path(&id), &until("2026-12-20")).await.expect(200);
        assert_eq!((told(&server).await, told(&server).await), (1, 0));
        let told_leader = notices(&leader).await;
        assert_eq!(told_leader.len(), 1, "who came later hears of the later version only");
        assert!(
            told_leader[0].contains("“今年冬天几号开始供暖？”的有效期到2026年12月20日为止"),
            "{told_leader:?}"
        );
        drop(desk);
        editor.put(&path(&id), &until("2027-12-20")).await.expect(200);
        assert_eq!(told(&server).await, 0, "the new end is far away");
    });
}

#[test]
fn an_outage_delays_a_notice_and_two_processes_tell_it_once() {
    on_both(async |server: TestServer| {
        let editor = server.staff(Role::KnowledgeEditor, HOTLINE).await;
        for _ in 0..120 {
            write(&editor, &until("2026-12-30")).await;
        }
        let retired = write(&editor, &until("2026-12-30")).await;
        let reason = json!({ "reason": "供热办法已经废止" });
        let retirement = format!("{}/retirement", path(&retired));
        editor.post(&retirement, &reason).await.expect(200);
        server.clock.advance_minutes(60 * DAY);
        let other = TestServer::start_at(server.services.config.clone(), server.clock.clone()).await;
        let desk = server.staff(Role::UnitLeader, "3713.heat").await;
        let (one, two) = tokio::join!(tell_owners_once(&server.services), tell_owners_once(&other.services));
        assert_eq!(
            one.unwrap() + two.unwrap(),
            120,
            "more than a page, and nothing of what is retired"
        );
        assert_eq!((told(&server).await, told(&other).await), (0, 0));
        let words = notices(&desk).await;
        assert!(words[0].contains("有效期已于2026年12月30日结束"), "{}", words[0]);
        other.stop().await;
    });
}

#[test]
fn where_nobody_sits_at_the_owners_desk_the_editors_are_told() {
    on_both(async |server: TestServer| {
        let editor = server.staff(Role::KnowledgeEditor, HOTLINE).await;
        write(&editor, &until("2026-12-01")).await;
        assert_eq!(told(&server).await, 1);
        assert_eq!(notices(&editor).await.len(), 1);
    });
}

/// Imports the shipped articles with another version and these words in place of others.
async fn imported(server: &TestServer, version: &str, changes: &[(&str, &str)]) {
    let mut text = shipped::contents()[&CityKind::Knowledge].replacen("2026-11-23.1\"", &format!("{version}\""), 1);
    for (from, to) in changes {
        assert!(text.contains(from), "{from}");
        text = text.replacen(from, to, 1);
    }
    let file = DataFile {
        name: "knowledge.toml".to_owned(),
        kind: None,
        text,
    };
    let database = &server.services.database;
    let plan = plan_import(database, vec![file]).await.unwrap();
    import(database, server.services.now(), &plan).await.unwrap();
    server.services.articles.refresh_if_changed(database).await.unwrap();
}

/// What anybody finds under this id.
async fn public(server: &TestServer, id: &str) -> Option<Value> {
    let answer = server.anonymous().get(&format!("/api/v1/knowledge/{id}")).await;
    (answer.status == 200).then(|| answer.value())
}

#[test]
fn imported_articles_follow_the_import_until_an_editor_changes_them() {
    on_both(async |server: TestServer| {
        let editor = server.staff(Role::KnowledgeEditor, HOTLINE).await;
        let own = write(&editor, &heating()).await;
        let by_hand = json!({
            "question": "公积金贷款要什么条件？", "answer": "连续足额缴存满六个月，信用良好，就可以申请。",
            "basis": "《住房公积金管理条例》", "owner_unit": "3713.housing-fund",
            "category": "government.housing_fund", "words": ["公积金贷款"], "valid_from": "2026-01-01",
        });
        editor.put(&path("fund-loan"), &by_hand).await.expect(200);
        imported(
            &server,
            "2026-12-01.1",
            &[
                ("连续足额缴存满三个月就能提取", "连续足额缴存满两个月就能提取"),
                ("一般要连续足额缴存六个月以上", "一般要连续足额缴存一年以上"),
            ],
        )
        .await;
        let followed = public(&server, "fund-withdrawal").await.unwrap();
        assert!(followed["answer"].as_str().unwrap().contains("满两个月"), "{followed}");
        let seen = editor.get(&path("fund-withdrawal")).await.value();
        assert_eq!((&seen["version"], seen.get("changed_by")), (&json!(2), None));
        let kept = public(&server, "fund-loan").await.unwrap();
        assert_eq!(kept["answer"], by_hand["answer"]);
        assert!(public(&server, &own).await.is_some());

        // Another id is another article: the one that the data no longer hold ends, and comes back with them.
        let renamed = [("id = \"fund-withdrawal\"", "id = \"fund-rent\"")];
        imported(&server, "2026-12-02.1", &renamed).await;
        assert!(public(&server, "fund-withdrawal").await.is_none() && public(&server, "fund-rent").await.is_some());
        assert_eq!(editor.get(&path("fund-withdrawal")).await.value()["state"], "retired");
        imported(&server, "2026-12-03.1", &[]).await;
        assert!(public(&server, "fund-withdrawal").await.is_some() && public(&server, "fund-rent").await.is_none());
        let unchanged = editor.get(&path("fund-loan")).await.value();
        assert_eq!(unchanged["version"], 2);
    });
}
