//! The lists: where they end, how they go on, what they cost.

use shared::{
    contract::problem::ProblemCode,
    domain::{
        case::CaseKind,
        role::{Grant, Role},
    },
};
use system_tests::server::{TestServer, on_both};

use crate::desk::{HOTLINE, accepted, lamp, lies_in, submit};

#[test]
fn a_list_ends_at_the_edge_of_the_grant_and_goes_on_from_its_cursor() {
    on_both(async |server: TestServer| {
        let resident = server.citizen("13853900017").await;
        let mut receipts = Vec::new();
        for _ in 0..5 {
            receipts.push(submit(&server, &resident, lamp(&server)).await);
        }
        let clerk = server.staff(Role::Clerk, HOTLINE).await;
        let first = clerk
            .get("/api/v1/staff/queues/acceptance?limit=3")
            .await
            .expect(200)
            .value();
        let next = first["next"].as_str().unwrap();
        let path = format!("/api/v1/staff/queues/acceptance?limit=3&after={next}");
        let second = clerk.get(&path).await.expect(200).value();
        assert!(second.get("next").is_none());
        let pages = [first, second];
        let seen: Vec<_> = pages
            .iter()
            .flat_map(|page| page["items"].as_array().unwrap().clone())
            .map(|item| item["receipt_no"].as_str().unwrap().to_owned())
            .collect();
        assert_eq!(seen, receipts);
        clerk
            .get("/api/v1/staff/queues/acceptance?after=x")
            .await
            .problem(ProblemCode::Invalid);

        let limited = |region: Option<&str>, kinds: Option<Vec<CaseKind>>| Grant {
            region: region.map(str::to_owned),
            kinds,
            ..Grant::everywhere(Role::Clerk)
        };
        for (grant, expected) in [
            (limited(Some("371323"), None), 5),
            (limited(Some("371312"), None), 0),
            (limited(None, Some(vec![CaseKind::Inquiry])), 0),
            (limited(Some("371323"), Some(vec![CaseKind::Assistance])), 5),
        ] {
            let other = server.staff_with(HOTLINE, vec![grant.clone()]).await;
            assert_eq!(lies_in(&other, "acceptance").await.len(), expected, "{grant:?}");
            let status = other.get(&format!("/api/v1/staff/cases/{}", receipts[0])).await.status;
            assert_eq!(status, if expected == 0 { 404 } else { 200 }, "{grant:?}");
        }
    });
}

#[test]
fn a_list_takes_at_most_five_statements_and_a_case_at_most_four() {
    on_both(async |server: TestServer| {
        let people = accepted(&server).await;
        people.in_handling().await;
        for _ in 0..8 {
            submit(&server, &people.resident, lamp(&server)).await;
        }
        let open = format!("/api/v1/staff/cases/{}", people.receipt);
        for (actor, path, most) in [
            (&people.clerk, "/api/v1/staff/queues/acceptance", 5),
            (&people.handler, "/api/v1/staff/queues/handling", 5),
            (&people.leader, "/api/v1/staff/queues/signature", 5),
            (&people.reviewer, "/api/v1/staff/queues/judgement", 5),
            (&people.liaison, "/api/v1/staff/queues", 5),
            (&people.reviewer, open.as_str(), 4),
        ] {
            actor.get(path).await.expect(200);
            let before = server.services.database.statements_sent();
            actor.get(path).await.expect(200);
            let sent = server.services.database.statements_sent() - before;
            assert!(sent <= most, "{path}: {sent} statements");
        }
    });
}
