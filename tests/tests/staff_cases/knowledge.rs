//! The knowledge base as its editors keep it: who writes it, how it is searched, what residents find of it, and what a reply that cites it
//! goes on pointing to.

use reqwest::Method;
use serde_json::{Value, json};
use shared::{
    contract::problem::ProblemCode,
    domain::{
        case::CaseKind,
        role::{Grant, Role},
    },
};
use system_tests::{
    server::{TestActor, TestServer, on_both},
    trail::audited,
};

use crate::desk::{HOTLINE, case, lamp, submit, view};

pub(crate) const ARTICLES: &str = "/api/v1/staff/knowledge";

/// When the heating comes, by the unit for heat.
pub(crate) fn heating() -> Value {
    json!({
        "question": "今年冬天几号开始供暖？",
        "answer": "每年11月15日起供暖，到次年3月15日止。家里温度不到18度的，可以要求供热公司上门量室温。",
        "basis": "《临沂市供热条例》第二十一条",
        "owner_unit": "3713.heat",
        "category": "utilities.heating",
        "words": ["供暖", "暖气", "量室温"],
        "valid_to": "2027-03-15",
    })
}

pub(crate) async fn write(editor: &TestActor, article: &Value) -> String {
    let made = editor.post(ARTICLES, article).await.expect(201).value();
    made["id"].as_str().unwrap().to_owned()
}

pub(crate) fn path(id: &str) -> String {
    format!("{ARTICLES}/{id}")
}

async fn found(actor: &TestActor, filter: &str) -> Vec<String> {
    let page = actor.get(&format!("{ARTICLES}?{filter}")).await.expect(200).value();
    let items = page["items"].as_array().unwrap().iter();
    items.map(|item| item["id"].as_str().unwrap().to_owned()).collect()
}

async fn residents_find(server: &TestServer, question: &str) -> Vec<String> {
    let visitor = server.anonymous();
    let answer = visitor
        .get(&format!("/api/v1/knowledge?q={question}"))
        .await
        .expect(200);
    let items = answer.value()["items"].as_array().unwrap().clone();
    let ids = items.iter().map(|item| item["id"].as_str().unwrap().to_owned());
    ids.collect()
}

async fn retire(editor: &TestActor, id: &str) -> Value {
    let reason = json!({ "reason": "供热办法已经废止" });
    let answer = editor.post(&format!("{}/retirement", path(id)), &reason).await;
    answer.expect(200).value()
}

#[test]
fn an_article_is_found_as_soon_as_it_is_written_and_until_it_is_retired() {
    on_both(async |server: TestServer| {
        let editor = server.staff(Role::KnowledgeEditor, HOTLINE).await;
        let handler = server.staff(Role::UnitHandler, "3713.water").await;
        let id = write(&editor, &heating()).await;
        assert_eq!(residents_find(&server, "供暖几号开始").await[0], id);
        let public = server.anonymous().get(&format!("/api/v1/knowledge/{id}")).await;
        assert_eq!(public.expect(200).value()["basis"], "《临沂市供热条例》第二十一条");

        let mut other = heating();
        other["answer"] = json!("今年提前供暖：11月8日起，到次年3月20日止。");
        let sent = |version: &'static str, words: Value| {
            let (editor, path) = (&editor, path(&id));
            async move {
                editor
                    .send(Method::PUT, &path, &[("If-Match", version)], Some(words))
                    .await
            }
        };
        let changed = sent("\"1\"", other.clone()).await.expect(200);
        assert_eq!(
            (changed.header("etag"), changed.value()["version"].clone()),
            (Some("\"2\""), json!(2))
        );
        sent("\"1\"", heating()).await.problem(ProblemCode::VersionMismatch);
        let public = server.anonymous().get(&format!("/api/v1/knowledge/{id}")).await.value();
        assert!(public["answer"].as_str().unwrap().contains("11月8日"), "{public}");

        let retired = retire(&editor, &id).await;
        assert_eq!(
            (&retired["state"], &retired["retired_because"]),
            (&json!("retired"), &json!("供热办法已经废止"))
        );
        assert!(!residents_find(&server, "供暖几号开始").await.contains(&id));
        let gone = server.anonymous().get(&format!("/api/v1/knowledge/{id}")).await;
        gone.problem(ProblemCode::NotFound);
        editor.put(&path(&id), &other).await.problem(ProblemCode::Stale);

        let versions = handler
            .get(&format!("{}/versions", path(&id)))
            .await
            .expect(200)
            .value();
        let told: Vec<_> = versions["items"].as_array().unwrap().iter().collect();
        let states: Vec<_> = told.iter().map(|version| version["state"].as_str().unwrap()).collect();
        assert_eq!(states, ["retired", "replaced", "replaced"]);
        assert!(told[2]["answer"].as_str().unwrap().contains("11月15日"));
        assert_eq!(told[2]["changed_by"], "测试员");
        let older = handler
            .get(&format!("{}/versions?after=3&limit=1", path(&id)))
            .await
            .value();
        assert_eq!(
            (&older["items"][0]["version"], &older["next"]),
            (&json!(2), &json!("2"))
        );

        let trail = audited(&server).await;
        let acts: Vec<_> = trail
            .iter()
            .map(|(action, _)| action.as_str())
            .filter(|action| action.starts_with("knowledge_article."))
            .collect();
        assert_eq!(
            acts,
            [
                "knowledge_article.create",
                "knowledge_article.change",
                "knowledge_article.retire"
            ]
        );
    });
}

#[test]
fn staff_search_by_words_owner_and_state_page_by_page() {
    on_both(async |server: TestServer| {
        let editor = server.staff(Role::KnowledgeEditor, HOTLINE).await;
        let handler = server.staff(Role::UnitHandler, "3713.water").await;
        let id = write(&editor, &heating()).await;
        let mut soon = heating();
        soon["question"] = json!("供暖补贴怎么申请？");
        soon["valid_to"] = json!("2026-12-01");
        let soon = write(&editor, &soon).await;
        let mut coming = heating();
        coming["valid_from"] = json!("2026-12-15");
        let coming = write(&editor, &coming).await;
        for (filter, expected) in [
            ("owner_unit=3713.heat&q=量室温", vec![&coming, &soon, &id]),
            ("q=供暖补贴", vec![&soon]),
            ("q=量室温&state=expiring", vec![&soon]),
            ("q=量室温&state=coming", vec![&coming]),
            ("q=量室温&state=in_force", vec![&id]),
            ("q=量室温&owner_unit=3713.water", vec![]),
            ("q=量室温&state=retired", vec![]),
            ("q=量室温&limit=1", vec![&coming]),
        ] {
            assert_eq!(
                found(&handler, filter).await.iter().collect::<Vec<_>>(),
                expected,
                "{filter}"
            );
        }
        retire(&editor, &soon).await;
        assert_eq!(found(&handler, "q=供暖补贴").await, Vec::<String>::new());
        assert_eq!(found(&handler, "q=供暖补贴&state=retired").await, [soon]);

        let (mut all, mut next) = (Vec::new(), String::new());
        loop {
            let asked = handler.get(&format!("{ARTICLES}?limit=7{next}")).await.expect(200);
            let page = asked.value();
            let items = page["items"].as_array().unwrap().iter();
            all.extend(items.map(|item| item["id"].as_str().unwrap().to_owned()));
            let Some(after) = page["next"].as_str() else { break };
            next = format!("&after={after}");
        }
        let shipped = server.services.city().knowledge.article.len();
        assert_eq!(all.len(), shipped + 2, "those of the city's data, and two of ours");
        assert_eq!(all[..2], [coming, id]);
        all.sort();
        all.dedup();
        assert_eq!(all.len(), shipped + 2);
    });
}

#[test]
fn only_sound_words_of_editors_who_reach_the_owner_become_an_article() {
    on_both(async |server: TestServer| {
        let editor = server.staff(Role::KnowledgeEditor, HOTLINE).await;
        for (field, wrong) in [
            ("question", json!("")),
            ("question", json!("问".repeat(101))),
            ("answer", json!("答".repeat(2001))),
            ("basis", json!(" ")),
            ("owner_unit", json!("3713.moon")),
            ("category", json!("utilities")),
            ("words", json!(["词".repeat(21)])),
            ("words", json!(vec!["暖气"; 41])),
            ("valid_to", json!("2026-11-22")),
        ] {
            let mut article = heating();
            article[field] = wrong;
            let answer = editor.post(ARTICLES, &article).await.problem(ProblemCode::Invalid);
            assert_eq!(answer.value()["field"], field);
        }
        let id = write(&editor, &heating()).await;
        let empty = json!({ "reason": " " });
        let retirement = format!("{}/retirement", path(&id));
        editor.post(&retirement, &empty).await.problem(ProblemCode::Invalid);
        editor.get(&path("nothing")).await.problem(ProblemCode::NotFound);

        let of_water = Grant {
            unit: Some("3713.water".to_owned()),
            ..Grant::everywhere(Role::KnowledgeEditor)
        };
        let of_water = server.staff_with("3713.water", vec![of_water]).await;
        let mut moved = heating();
        moved["owner_unit"] = json!("3713.water");
        of_water
            .post(ARTICLES, &heating())
            .await
            .problem(ProblemCode::Forbidden);
        of_water.put(&path(&id), &moved).await.problem(ProblemCode::Forbidden);
        let reason = json!({ "reason": "不归我们管" });
        of_water
            .post(&retirement, &reason)
            .await
            .problem(ProblemCode::Forbidden);
        let own = write(&of_water, &moved).await;
        of_water.put(&path(&own), &moved).await.expect(200);
        of_water
            .put(&path(&own), &heating())
            .await
            .problem(ProblemCode::Forbidden);
        of_water.get(&path(&id)).await.expect(200);
    });
}

async fn inquiry(server: &TestServer, resident: &TestActor) -> String {
    let mut question = lamp(server);
    question.kind = Some(CaseKind::Inquiry);
    submit(server, resident, question).await
}

#[test]
fn a_direct_answer_keeps_the_version_that_it_cites() {
    on_both(async |server: TestServer| {
        let editor = server.staff(Role::KnowledgeEditor, HOTLINE).await;
        let clerk = server.staff(Role::Clerk, HOTLINE).await;
        let resident = server.citizen("13853900061").await;
        let id = write(&editor, &heating()).await;
        let first = inquiry(&server, &resident).await;
        let cite = json!({ "article": id });
        clerk.post(&case(&first, "answer"), &cite).await.expect(200);
        let mut other = heating();
        other["answer"] = json!("今年提前供暖：11月8日起，到次年3月20日止。");
        editor.put(&path(&id), &other).await.expect(200);
        let second = inquiry(&server, &resident).await;
        clerk.post(&case(&second, "answer"), &cite).await.expect(200);
        for (receipt, version, words) in [(&first, 1, "11月15日"), (&second, 2, "11月8日")] {
            let reply = view(&clerk, receipt).await["replies"][0].clone();
            assert_eq!(
                (&reply["article"], &reply["article_version"]),
                (&json!(id), &json!(version))
            );
            let text = reply["text"].as_str().unwrap();
            assert!(text.contains(words) && text.contains("有效期至2027年3月15日"), "{text}");
            let cited = clerk
                .get(&format!("{}/versions?after={}&limit=1", path(&id), version + 1))
                .await
                .value();
            assert!(text.contains(cited["items"][0]["answer"].as_str().unwrap()), "{cited}");
        }
    });
}

#[test]
fn what_is_not_in_force_is_not_cited() {
    on_both(async |server: TestServer| {
        let editor = server.staff(Role::KnowledgeEditor, HOTLINE).await;
        let clerk = server.staff(Role::Clerk, HOTLINE).await;
        let resident = server.citizen("13853900062").await;
        let question = inquiry(&server, &resident).await;
        let retired = write(&editor, &heating()).await;
        retire(&editor, &retired).await;
        let mut later = heating();
        later["valid_from"] = json!("2026-12-15");
        let coming = write(&editor, &later).await;
        let mut last_day = heating();
        last_day["valid_to"] = json!("2026-11-23");
        let ends_today = write(&editor, &last_day).await;
        let answer = case(&question, "answer");
        for article in [&retired, &coming] {
            let refused = clerk.post(&answer, &json!({ "article": article })).await;
            refused.problem(ProblemCode::ArticleNotInForce);
        }
        assert!(residents_find(&server, "供暖几号开始").await.contains(&ends_today));

        server.clock.advance_minutes(60 * 24);
        let clerk = server.staff(Role::Clerk, HOTLINE).await;
        let refused = clerk.post(&answer, &json!({ "article": ends_today })).await;
        refused.problem(ProblemCode::ArticleNotInForce);
        assert!(!residents_find(&server, "供暖几号开始").await.contains(&ends_today));
        assert_eq!(found(&clerk, "q=量室温&state=expired").await, [ends_today]);
        assert_eq!(
            view(&clerk, &question).await["replies"],
            json!([]),
            "nothing was answered"
        );
    });
}
