//! Every operation is closed to every wrong actor, as the table of operations says.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test says what went wrong by failing"
)]

use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::{Value, json};
use shared::domain::role::Role;
use system_tests::{
    operations::{Open, TABLE},
    server::{TestActor, TestServer, on_both},
};

/// A well-formed body, where the operation reads one before it asks who calls.
fn body_of(path: &str) -> Option<Value> {
    Some(match path {
        "/api/v1/cases" => json!({ "text": "路灯不亮" }),
        "/api/v1/cases/{receipt_no}/information" | "/api/v1/cases/{receipt_no}/additions" => {
            json!({ "text": "村东头" })
        }
        "/api/v1/cases/{receipt_no}/rating" => json!({ "grade": 5, "resolved": "yes" }),
        "/api/v1/cases/{receipt_no}/media-supervision" => json!({ "media_contact": true }),
        "/api/v1/staff/flags/{id}/decision" => json!({ "decision": "dismissed", "reason": "听了录音" }),
        "/api/v1/cases/{receipt_no}/reopening" | "/api/v1/cases/{receipt_no}/appeal" => json!({ "reason": "还是不亮" }),
        "/api/v1/me/inbox/read" => json!({ "up_to": "1" }),
        "/api/v1/me" | "/api/v1/cases/{receipt_no}/withdrawal" | "/api/v1/cases/{receipt_no}/me-too" => json!({}),
        "/api/v1/me/consents/{purpose}" => json!({ "given": true }),
        "/api/v1/me/devices" => json!({ "provider": "fcm", "token": "t" }),
        "/api/v1/me/phone" => json!({ "new_phone": "13800000009", "new_code": "000000", "old_code": "000000" }),
        "/api/v1/me/proofs" | "/api/v1/me/closing" | "/api/v1/staff/me/second-factor/recovery-codes" => {
            json!({ "code": "000000" })
        }
        "/api/v1/admin/city-data/preview" => json!({ "kind": "deadlines", "content": "version = 1" }),
        "/api/v1/me/notice-settings" => json!({ "groups": [], "quiet_hours": null }),
        "/api/v1/me/rights-requests" => json!({ "kind": "see", "text": "我的照片" }),
        "/api/v1/staff/rights-requests/{id}/answer" => json!({ "outcome": "done", "answer": "已办理。" }),
        "/api/v1/me/password" | "/api/v1/staff/me/password" | "/api/v1/staff/accounts/{id}/password" => {
            json!({ "password": "Neues-Wort-1" })
        }
        "/api/v1/staff/me/second-factor" => json!({ "enrolment": "x", "code": "000000" }),
        "/api/v1/staff/me/second-factor/enrolments" => json!({ "current_password": "Neues-Wort-1" }),
        "/api/v1/staff/accounts" => json!({
            "username": "neu", "display_name": "新人", "unit": "hotline", "password": "Yimeng-2026-X" }),
        "/api/v1/staff/accounts/{id}/grants" => json!({ "role": "clerk" }),
        "/api/v1/staff/cases" => json!({
            "phone": "13800000002", "text": "村东头的路灯不亮", "visibility": "private", "visibility_explained": true }),
        "/api/v1/staff/knowledge" | "/api/v1/staff/knowledge/{id}" => json!({
            "question": "冬天什么时候供暖？", "answer": "每年11月15日开始供暖。", "basis": "供热条例",
            "owner_unit": "3713.hotline", "category": "utilities.heating" }),
        "/api/v1/staff/knowledge/{id}/retirement" => json!({ "reason": "办法已废止" }),
        "/api/v1/staff/reply-templates" | "/api/v1/staff/reply-templates/{id}" => json!({
            "title": "已修复", "outcome": "resolved", "text": "{unit}已办理。" }),
        "/api/v1/staff/moderation/{receipt_no}" => json!({ "replies": [] }),
        _ => return staff_body_of(path),
    })
}

fn staff_body_of(path: &str) -> Option<Value> {
    let (folder, act) = path.rsplit_once('/')?;
    if folder == "/api/v1/staff/supervisions/{id}" {
        return supervision_body_of(act);
    }
    if !matches!(folder, "/api/v1/staff/cases/{receipt_no}" | "/api/v1/staff/orders/{id}") {
        return None;
    }
    Some(match act {
        "accept" => json!({ "kind": "assistance", "category": "facilities.street_light", "urgency": "routine" }),
        "answer" => json!({ "article": "fund-withdrawal" }),
        "ask-information" => json!({ "question": "在哪条路上？" }),
        "hand-off" => json!({ "receiver": "市供水集团热线", "acknowledgement": "值班员接收" }),
        "merge" => json!({ "primary": "LY-0", "reason": "同一段路的路灯" }),
        "refuse" => json!({ "reason": "不属于受理范围", "lawful_path": "向法院反映" }),
        "dispatch" => json!({}),
        "designate" => json!({ "lead": "3713.housing", "reason": "职责明确" }),
        "demand-judgement" => json!({ "reasonable": true, "reason": "确实没有修好" }),
        "close-explained" | "return" => json!({ "legal_basis": "城市道路管理条例" }),
        "extension" => json!({ "working_days": 3, "reason": "要等配件" }),
        "commitment" => json!({
            "promised_day": "2027-03-01", "milestones": [{ "day": "2027-03-01", "text": "全部亮灯" }], "reason": "要招标" }),
        "exclusion" => json!({ "exclusion": "untrue", "note": "现场没有这盏灯" }),
        "additions" => json!({ "text": "村东头" }),
        "follow-up-attempt" => json!({ "note": "打了三次没有接通" }),
        "follow-up-rating" => json!({ "grade": 5, "resolved": "yes" }),
        "visibility" => json!({ "visibility": "confidential", "reason": "涉及未成年人" }),
        "assign" => json!({ "handler": "1" }),
        "contact" => json!({ "how": "phone", "note": "已电话联系" }),
        "progress" => json!({ "text": "已到现场查看" }),
        "milestone" => json!({ "milestone": 1, "text": "招标已经完成" }),
        "reply" | "fulfilment" => json!({ "text": "路灯已经修好。", "outcome": "resolved", "root_cause": "facility" }),
        "commitment-approval" | "reply-release" | "reply-signature" | "sign-for" => return None,
        "look-back" => json!({ "finding": "done", "note": "到现场看过，灯是亮的。" }),
        "supervision" => json!({ "cause": "several_units", "reason": "涉及住建、电力和街道" }),
        "requester-block" => json!({ "blocked": true, "reason": "反复编造险情" }),
        _ => json!({ "reason": "理由" }),
    })
}

fn supervision_body_of(act: &str) -> Option<Value> {
    Some(match act {
        "actions" => json!({ "tool": "call", "note": "已致电承办单位。" }),
        "postponement" => json!({ "working_days": 2, "reason": "等待材料到货" }),
        "postponement-decision" => json!({ "granted": true, "reason": "同意" }),
        "result" => json!({ "result": "settled", "text": "现场查看，路灯已亮。" }),
        _ => return None,
    })
}

/// A path that names something, with the query that the operation cannot do without.
fn concrete(server: &TestServer, path: &str) -> String {
    let receipt = server.services.receipts.write(server.services.next_id());
    let path = path
        .replace("{purpose}", "push")
        .replace("{queue}", "acceptance")
        .replace("{id}", "4")
        .replace("{grant}", "5")
        .replace("{receipt_no}", &receipt);
    if path.ends_with("/search") {
        format!("{path}?q=路灯")
    } else if path.ends_with("/reply-draft") {
        format!("{path}?template=4")
    } else if path.ends_with("/supervisions") {
        format!("{path}?tier=hotline")
    } else {
        path
    }
}

async fn call(actor: &TestActor, method: &str, path: &str) -> u16 {
    let method: Method = method.parse().unwrap();
    let body = if method == Method::GET { None } else { body_of(path) };
    actor
        .send(method, &concrete(&actor.server, path), &[], body)
        .await
        .status
}

/// Everybody who may be wrong: a resident and one member of staff for each role.
async fn everybody(server: &TestServer) -> Vec<(Option<Role>, TestActor)> {
    let mut actors = vec![(Some(Role::Requester), server.citizen("13800000001").await)];
    for role in Role::ALL.iter().filter(|role| role.is_staff()) {
        actors.push((Some(*role), server.staff(*role, "nowhere").await));
    }
    actors
}

#[test]
fn every_operation_is_closed_to_every_wrong_actor() {
    on_both(async |server: TestServer| {
        let anonymous = server.anonymous();
        let actors = everybody(&server).await;
        for (method, path, open) in TABLE {
            if *open == Open::ToAll {
                continue;
            }
            assert_eq!(
                call(&anonymous, method, path).await,
                401,
                "{method} {path}: nobody signed in"
            );
            for (role, actor) in &actors {
                let role = role.unwrap();
                let wrong = match open {
                    Open::ToAll | Open::ToSignedIn => false,
                    Open::ToResidents => role != Role::Requester,
                    Open::ToStaff => role == Role::Requester,
                    Open::To(roles) => !roles.contains(&role),
                    Open::ToStaffBut(roles) => role == Role::Requester || roles.contains(&role),
                };
                if wrong {
                    let status = call(actor, method, path).await;
                    assert!(matches!(status, 403 | 404), "{method} {path}: {role} got {status}");
                }
            }
        }
    });
}

#[test]
fn the_table_names_every_operation_and_nothing_else() {
    let documented: BTreeSet<_> = api::routes::openapi::operations().into_iter().collect();
    let listed: BTreeSet<_> = TABLE
        .iter()
        .map(|(method, path, _)| (*method, (*path).to_owned()))
        .collect();
    assert_eq!(listed.len(), TABLE.len(), "a line is there twice");
    let missing: Vec<_> = documented.difference(&listed).collect();
    let gone: Vec<_> = listed.difference(&documented).collect();
    assert!(
        missing.is_empty() && gone.is_empty(),
        "tests/src/operations.rs lacks {missing:?} and names {gone:?}, which are not served"
    );
}
