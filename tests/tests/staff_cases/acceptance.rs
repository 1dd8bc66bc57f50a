//! What a clerk does with a new case.

use serde_json::json;
use shared::{
    contract::problem::ProblemCode,
    domain::{
        case::{CaseKind, Visibility},
        role::Role,
    },
};
use system_tests::server::{TestServer, on_both};

use crate::desk::{HOTLINE, acceptance, case, lamp, lies_in, submit, view};

#[test]
fn a_clerk_asks_refuses_or_answers_and_tells_the_requester_why() {
    on_both(async |server: TestServer| {
        let resident = server.citizen("13853900013").await;
        let clerk = server.staff(Role::Clerk, HOTLINE).await;
        let asked = submit(&server, &resident, lamp(&server)).await;
        clerk
            .post(
                &case(&asked, "ask-information"),
                &json!({ "question": "是健康路哪一段？" }),
            )
            .await
            .expect(200);
        assert_eq!(lies_in(&clerk, "information").await, [asked]);

        let refused = submit(&server, &resident, lamp(&server)).await;
        let path = case(&refused, "refuse");
        clerk
            .post(&path, &json!({ "reason": "已进入诉讼程序", "lawful_path": " " }))
            .await
            .problem(ProblemCode::Invalid);
        clerk
            .post(
                &path,
                &json!({ "reason": "已进入诉讼程序", "lawful_path": "向受理的法院反映" }),
            )
            .await
            .expect(200);
        let seen = view(&clerk, &refused).await;
        let told = seen["timeline"].as_array().unwrap().last().unwrap()["sentence"]
            .as_str()
            .unwrap()
            .to_owned();
        assert!(
            told.contains("已进入诉讼程序") && told.contains("向受理的法院反映"),
            "{told}"
        );

        let mut question = lamp(&server);
        question.kind = Some(CaseKind::Inquiry);
        let inquiry = submit(&server, &resident, question).await;
        let city = server.services.city();
        let today = server.services.now().city_date();
        let article = city
            .knowledge
            .article
            .iter()
            .find(|article| article.holds_on(today))
            .unwrap();
        let path = case(&inquiry, "answer");
        clerk
            .post(&path, &json!({ "article": "no-such" }))
            .await
            .problem(ProblemCode::Invalid);
        clerk
            .post(&path, &json!({ "article": article.id, "text": "您好！" }))
            .await
            .expect(200);
        let seen = view(&clerk, &inquiry).await;
        let text = seen["replies"][0]["text"].as_str().unwrap();
        for part in ["您好！", &article.question, &article.answer, &article.basis] {
            assert!(text.contains(part), "{text}");
        }
        let broken = submit(&server, &resident, lamp(&server)).await;
        let refused = clerk
            .post(&case(&broken, "answer"), &json!({ "article": article.id }))
            .await;
        assert_eq!(
            refused.problem(ProblemCode::ActionNotAllowed).value()["reason"],
            "not_inquiry"
        );
    });
}

#[test]
fn acceptance_only_tightens_who_may_see_a_case_and_knows_its_places_and_categories() {
    on_both(async |server: TestServer| {
        let resident = server.citizen("13853900014").await;
        let clerk = server.staff(Role::Clerk, HOTLINE).await;
        let mut private = lamp(&server);
        private.visibility = Some(Visibility::Private);
        let receipt = submit(&server, &resident, private).await;
        for (field, value) in [
            ("visibility", json!("public")),
            ("category", json!("facilities")),
            ("region", json!("999999")),
            ("complained_unit", json!("nobody")),
        ] {
            let mut body = acceptance();
            body[field] = value;
            let refused = clerk
                .post(&case(&receipt, "accept"), &body)
                .await
                .problem(ProblemCode::Invalid);
            assert_eq!(refused.value()["field"], field);
        }
        clerk.post(&case(&receipt, "accept"), &acceptance()).await.expect(200);
        assert_eq!(view(&clerk, &receipt).await["visibility"], "private");
    });
}

#[test]
fn the_same_matter_of_another_resident_is_pointed_out() {
    on_both(async |server: TestServer| {
        let one = server.citizen("13853900015").await;
        let other = server.citizen("13853900016").await;
        let first = submit(&server, &one, lamp(&server)).await;
        let mut again = lamp(&server);
        again.title = Some("健康路东段路灯不亮".to_owned());
        again.text = "健康路东段好几盏路灯不亮，夜班回家摸黑走。".to_owned();
        let second = submit(&server, &other, again).await;
        let clerk = server.staff(Role::Clerk, HOTLINE).await;
        let seen = view(&clerk, &second).await;
        assert_eq!(seen["duplicates"][0]["receipt_no"], first.as_str());
        assert_eq!(seen["duplicates"][0]["same_requester"], false);
    });
}
