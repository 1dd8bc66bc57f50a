//! Templates of replies: who writes them, which of them fit a case, and what a draft says.

use serde_json::{Value, json};
use shared::{contract::problem::ProblemCode, domain::role::Role};
use system_tests::server::{TestActor, TestServer, on_both};

use crate::desk::{HOTLINE, accepted, view};

const TEMPLATES: &str = "/api/v1/staff/reply-templates";

fn repaired() -> Value {
    json!({
        "title": "路灯已修复", "category": "facilities", "outcome": "resolved",
        "text": "您好，您反映的“{title}”（{receipt_no}，{place}）已由{unit}办理完毕。{today}",
    })
}

async fn write(editor: &TestActor, template: &Value) -> String {
    let made = editor.post(TEMPLATES, template).await.expect(201).value();
    made["id"].as_str().unwrap().to_owned()
}

async fn titles(actor: &TestActor, filter: &str) -> Vec<String> {
    let page = actor.get(&format!("{TEMPLATES}?{filter}")).await.expect(200).value();
    let items = page["items"].as_array().unwrap().iter();
    items.map(|item| item["title"].as_str().unwrap().to_owned()).collect()
}

fn draft(receipt: &str, template: &str) -> String {
    format!("/api/v1/staff/cases/{receipt}/reply-draft?template={template}")
}

#[test]
fn a_draft_holds_what_the_case_says_and_sends_nothing() {
    on_both(async |server: TestServer| {
        let people = accepted(&server).await;
        let editor = server.staff(Role::KnowledgeEditor, HOTLINE).await;
        let template = write(&editor, &repaired()).await;
        let waiting = people
            .clerk
            .get(&draft(&people.receipt, &template))
            .await
            .expect(200)
            .value();
        assert!(waiting["text"].as_str().unwrap().contains("〔承办单位〕"), "{waiting}");
        assert_eq!(waiting["open_places"], json!(["unit"]));

        people.in_handling().await;
        let before = view(&people.handler, &people.receipt).await;
        let answer = people
            .handler
            .get(&draft(&people.receipt, &template))
            .await
            .expect(200)
            .value();
        let text = answer["text"].as_str().unwrap();
        let city = server.services.city();
        for words in [
            "健康路路灯不亮",
            &people.receipt,
            "沂城街道",
            city.unit_name(&people.unit),
            "2026年11月23日",
        ] {
            assert!(text.contains(words), "{words}: {text}");
        }
        assert_eq!(
            (&answer["outcome"], &answer["open_places"]),
            (&json!("resolved"), &json!([]))
        );
        assert_eq!(
            view(&people.handler, &people.receipt).await,
            before,
            "nothing is sent or kept"
        );

        let stranger = server.staff(Role::UnitHandler, "3713.water").await;
        stranger
            .get(&draft(&people.receipt, &template))
            .await
            .problem(ProblemCode::NotFound);
        people
            .resident
            .get(&draft(&people.receipt, &template))
            .await
            .expect(403);
        people
            .handler
            .get(&draft(&people.receipt, "4"))
            .await
            .problem(ProblemCode::NotFound);
        let of_water = write(
            &editor,
            &json!({
            "title": "停水抢修", "category": "utilities", "outcome": "resolved", "text": "供水已恢复。" }),
        )
        .await;
        people
            .handler
            .get(&draft(&people.receipt, &of_water))
            .await
            .problem(ProblemCode::NotFound);
    });
}

#[test]
fn templates_are_found_by_category_and_outcome_until_they_end() {
    on_both(async |server: TestServer| {
        let editor = server.staff(Role::KnowledgeEditor, HOTLINE).await;
        let handler = server.staff(Role::UnitHandler, "3713.water").await;
        let id = write(&editor, &repaired()).await;
        let any = json!({ "title": "政策解释", "outcome": "explained", "text": "依据规定解释如下。", "valid_to": "2026-11-23" });
        write(&editor, &any).await;
        for (filter, expected) in [
            ("", vec!["路灯已修复", "政策解释"]),
            ("category=facilities.street_light", vec!["路灯已修复", "政策解释"]),
            ("category=utilities.heating", vec!["政策解释"]),
            ("outcome=resolved", vec!["路灯已修复"]),
            ("category=utilities.heating&outcome=resolved", vec![]),
            ("limit=1", vec!["路灯已修复"]),
        ] {
            assert_eq!(titles(&handler, filter).await, expected, "{filter}");
        }
        let tomorrow = server.services.now().plus_minutes(24 * 60);
        server.clock.set(tomorrow);
        let handler = server.staff(Role::UnitHandler, "3713.water").await;
        let editor = server.staff(Role::KnowledgeEditor, HOTLINE).await;
        assert_eq!(titles(&handler, "").await, ["路灯已修复"], "its last day is over");
        assert_eq!(titles(&editor, "").await, ["路灯已修复", "政策解释"]);

        let mut other = repaired();
        other["title"] = json!("路灯已更换");
        let path = format!("{TEMPLATES}/{id}");
        let changed = editor.put(&path, &other).await.expect(200);
        assert_eq!(
            (changed.header("etag"), changed.value()["version"].clone()),
            (Some("\"2\""), json!(2))
        );
        assert_eq!(titles(&handler, "").await, ["路灯已更换"]);
        let retired = editor
            .post(&format!("{path}/retirement"), &json!({}))
            .await
            .expect(200)
            .value();
        assert_eq!(retired["in_use"], false);
        assert_eq!(titles(&editor, "outcome=resolved").await, Vec::<String>::new());
        editor.put(&path, &other).await.expect(409);
    });
}

#[test]
fn only_sound_words_of_editors_become_a_template() {
    on_both(async |server: TestServer| {
        let editor = server.staff(Role::KnowledgeEditor, HOTLINE).await;
        for (field, wrong) in [
            ("text", json!("您的电话是{phone}")),
            ("text", json!("{unit")),
            ("text", json!("字".repeat(2001))),
            ("title", json!("")),
            ("category", json!("月球")),
            ("valid_to", json!("2026-11-22")),
        ] {
            let mut template = repaired();
            template[field] = wrong;
            let answer = editor.post(TEMPLATES, &template).await.problem(ProblemCode::Invalid);
            assert!(answer.value().to_string().contains(field), "{field}");
        }
        let clerk = server.staff(Role::Clerk, HOTLINE).await;
        clerk.post(TEMPLATES, &repaired()).await.problem(ProblemCode::Forbidden);
        assert_eq!(titles(&editor, "").await, Vec::<String>::new());
    });
}
