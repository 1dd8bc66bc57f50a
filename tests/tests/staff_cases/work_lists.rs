//! What staff see first, what they can ask for, and how full a list is told to be.

use serde_json::{Value, json};
use shared::{
    contract::problem::ProblemCode,
    domain::{
        case::CaseKind,
        role::{Grant, Role},
        time::Timestamp,
    },
};
use system_tests::server::{TestActor, TestServer, on_both, on_both_from};

use crate::desk::{HOTLINE, acceptance, accepted, case, lamp, lies_in, order, submit};

/// Accepted with this urgency.
async fn accept_as(server: &TestServer, clerk: &TestActor, resident: &TestActor, urgency: &str) -> String {
    let receipt = submit(server, resident, lamp(server)).await;
    let mut body = acceptance();
    body["urgency"] = json!(urgency);
    clerk.post(&case(&receipt, "accept"), &body).await.expect(200);
    receipt
}

/// The receipt numbers of a list read page by page, one entry each.
async fn page_by_page(actor: &TestActor, list: &str) -> Vec<String> {
    let (mut seen, mut after) = (Vec::new(), String::new());
    loop {
        let path = format!("/api/v1/staff/queues/{list}?limit=1{after}");
        let page = actor.get(&path).await.expect(200).value();
        let items = page["items"].as_array().unwrap();
        seen.extend(items.iter().map(|item| item["receipt_no"].as_str().unwrap().to_owned()));
        match page["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => return seen,
        }
    }
}

/// Of the overview, the list with this name.
async fn told(actor: &TestActor, list: &str) -> (i64, bool) {
    let overview = actor.get("/api/v1/staff/queues").await.expect(200).value();
    let lists = ["items", "tiers", "others"]
        .map(|part| overview[part].as_array().unwrap().clone())
        .concat();
    let named = |entry: &&Value| ["queue", "tier", "list"].iter().any(|key| entry[key] == list);
    let entry = lists.iter().find(named).unwrap_or_else(|| panic!("{list}: {overview}"));
    (entry["count"].as_i64().unwrap(), entry["or_more"].as_bool().unwrap())
}

#[test]
fn what_endangers_people_comes_first_then_what_they_live_from_then_the_oldest() {
    on_both(async |server: TestServer| {
        let people = accepted(&server).await;
        let mut receipts = vec![people.receipt.clone()];
        for urgency in ["livelihood", "routine", "emergency", "emergency"] {
            receipts.push(accept_as(&server, &people.clerk, &people.resident, urgency).await);
        }
        let first_things_first = [3, 4, 1, 0, 2].map(|at: usize| receipts[at].clone());
        assert_eq!(lies_in(&people.dispatcher, "dispatch").await, first_things_first);
        assert_eq!(page_by_page(&people.dispatcher, "dispatch").await, first_things_first);

        for receipt in &receipts {
            let unit = json!({ "lead": people.unit, "reason": "路灯归该单位管。" });
            people
                .dispatcher
                .post(&case(receipt, "dispatch"), &unit)
                .await
                .expect(200);
        }
        assert_eq!(page_by_page(&people.liaison, "signing").await, first_things_first);
        // Whoever answers for the whole city reads the same, though the list is walked another way.
        let city = server.staff(Role::UnitLiaison, "3713.gov").await;
        assert_eq!(lies_in(&city, "signing").await, first_things_first);
        assert_eq!(page_by_page(&city, "signing").await, first_things_first);
        let page = people.liaison.get("/api/v1/staff/queues/signing").await.value();
        for entry in page["items"].as_array().unwrap() {
            let id = entry["order_id"].as_str().unwrap();
            people
                .liaison
                .post(&order(id, "sign-for"), &json!({}))
                .await
                .expect(200);
            let handler = json!({ "handler": people.handler.id() });
            people.liaison.post(&order(id, "assign"), &handler).await.expect(200);
        }
        for (actor, list) in [(&people.leader, "handling"), (&people.handler, "mine")] {
            assert_eq!(page_by_page(actor, list).await, first_things_first, "{list}");
        }
    });
}

#[test]
fn a_list_is_narrowed_to_what_is_asked_for() {
    on_both(async |server: TestServer| {
        let people = accepted(&server).await;
        let pressing = accept_as(&server, &people.clerk, &people.resident, "livelihood").await;
        let township = server.services.city().regions.find("沂城街道", None, 1)[0].code.clone();
        let (both, one, none) = (
            vec![pressing.clone(), people.receipt.clone()],
            vec![pressing],
            Vec::new(),
        );
        for (filter, expected) in [
            ("region=371323", &both),
            (format!("region={township}").as_str(), &both),
            ("region=371312", &none),
            ("category=facilities.street_light", &both),
            ("category=facilities", &both),
            ("category=utilities", &none),
            ("kind=assistance", &both),
            ("kind=complaint", &none),
            ("urgency=livelihood", &one),
            ("urgency=emergency", &none),
            ("due=ok", &both),
            ("due=late", &none),
            ("tier=1", &none),
            (
                "kind=assistance&region=371323&urgency=livelihood&due=ok&category=facilities",
                &one,
            ),
        ] {
            let list = format!("dispatch?{filter}");
            assert_eq!(&lies_in(&people.dispatcher, &list).await, expected, "{filter}");
        }
        for (filter, field) in [
            ("region=999999", "region"),
            ("category=路灯", "category"),
            ("tier=6", "tier"),
        ] {
            let path = format!("/api/v1/staff/queues/dispatch?{filter}");
            let answer = people.dispatcher.get(&path).await.problem(ProblemCode::Invalid);
            assert!(answer.value().to_string().contains(field), "{filter}");
        }
        for filter in ["urgency=soon", "due=red", "colour=red"] {
            let path = format!("/api/v1/staff/queues/dispatch?{filter}");
            people.dispatcher.get(&path).await.expect(400);
        }
    });
}

/// City time, as `2026-02-13 16:00`.
fn at(text: &str) -> Timestamp {
    serde_json::from_str(&format!("\"{}:00+08:00\"", text.replace(' ', "T"))).unwrap()
}

/// Five working days from Tuesday: Wednesday, Thursday, Friday, the Saturday that is worked before the Spring Festival, and the
/// Tuesday after it.
#[test]
fn an_order_is_yellow_from_the_working_day_before_its_limit_and_red_when_it_is_over() {
    on_both_from(at("2026-02-10 09:00"), async |server: TestServer| {
        let people = accepted(&server).await;
        people.in_handling().await;
        for (moment, colour) in [
            ("2026-02-10 10:00", "ok"),
            ("2026-02-14 08:29", "ok"),
            ("2026-02-14 08:30", "soon"),
            ("2026-02-20 12:00", "soon"),
            ("2026-02-24 17:59", "soon"),
            ("2026-02-25 08:30", "late"),
        ] {
            server.clock.set(at(moment));
            let liaison = server.staff(Role::UnitLiaison, &people.unit).await;
            let page = liaison.get("/api/v1/staff/queues/handling").await.expect(200).value();
            let entry = &page["items"][0];
            assert_eq!(
                (&entry["due_state"], &entry["clock"]),
                (&json!(colour), &json!("handle")),
                "{moment}"
            );
            assert!(entry["due"].is_string(), "{entry}");
            for asked in ["ok", "soon", "late"] {
                let lies = lies_in(&liaison, &format!("handling?due={asked}")).await.len();
                assert_eq!(lies, usize::from(asked == colour), "{moment}: {asked}");
            }
        }
    });
}

#[test]
fn everybody_is_told_how_full_the_own_lists_are() {
    on_both(async |server: TestServer| {
        let people = accepted(&server).await;
        people.in_handling().await;
        submit(&server, &people.resident, lamp(&server)).await;
        let limited = |region: &str, kinds: Option<Vec<CaseKind>>| Grant {
            region: Some(region.to_owned()),
            kinds,
            ..Grant::everywhere(Role::Clerk)
        };
        let here = server.staff_with(HOTLINE, vec![limited("371323", None)]).await;
        let elsewhere = server.staff_with(HOTLINE, vec![limited("371312", None)]).await;
        let inquiries = limited("371323", Some(vec![CaseKind::Inquiry]));
        let of_inquiries = server.staff_with(HOTLINE, vec![inquiries]).await;
        let moderator = server.staff(Role::Moderator, HOTLINE).await;
        for (actor, list, count) in [
            (&people.clerk, "acceptance", 1),
            (&here, "acceptance", 1),
            (&elsewhere, "acceptance", 0),
            (&of_inquiries, "acceptance", 0),
            (&people.dispatcher, "returns", 0),
            (&people.liaison, "handling", 1),
            (&people.handler, "mine", 0),
            (&people.leader, "signature", 0),
            (&moderator, "moderation", 2),
        ] {
            assert_eq!(told(actor, list).await, (count, false), "{list}");
        }
        let order = people.liaison.get("/api/v1/staff/queues/handling").await.value()["items"][0]["order_id"].clone();
        let handler = json!({ "handler": people.handler.id() });
        let assign = crate::desk::order(order.as_str().unwrap(), "assign");
        people.liaison.post(&assign, &handler).await.expect(200);
        assert_eq!(told(&people.handler, "mine").await, (1, false));
    });
}

#[test]
fn a_part_of_a_list_that_is_not_counted_apart_is_told_as_so_many_or_more() {
    on_both(async |server: TestServer| {
        let resident = server.citizen("13853900017").await;
        for _ in 0..102 {
            submit(&server, &resident, lamp(&server)).await;
        }
        let grant = Grant {
            region: Some("371323".to_owned()),
            ..Grant::everywhere(Role::Clerk)
        };
        let clerk = server.staff_with(HOTLINE, vec![grant]).await;
        assert_eq!(told(&clerk, "acceptance").await, (100, true));
        let all = server.staff(Role::Clerk, HOTLINE).await;
        assert_eq!(told(&all, "acceptance").await, (102, false));
    });
}
