//! People from a table: every fault named with its line, all or nobody, and a first password that its owner changes.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test says what went wrong by failing"
)]

use api::usecases::staff_accounts::import::{find_taken, import, plan};
use serde_json::json;
use shared::contract::session::TokensView;
use system_tests::{
    server::{TestServer, on_both, on_sqlite_with},
    trail::audited,
};

const HEAD: &str = "username,display_name,post,unit,role,role_unit,role_region,role_kinds\n";
const EXAMPLE: &str = include_str!("../../docs/examples/people.csv");

fn faults(server: &TestServer, lines: &str) -> Vec<String> {
    let table = format!("{HEAD}{lines}");
    let faults = plan(&server.services.city(), table.as_bytes())
        .err()
        .unwrap_or_default();
    faults.iter().map(ToString::to_string).collect()
}

#[test]
fn the_example_gives_everybody_an_account_the_roles_and_a_password_to_be_changed() {
    on_both(async |server: TestServer| {
        let people = plan(&server.services.city(), EXAMPLE.as_bytes()).unwrap();
        assert_eq!(people.len(), 4);
        import(&server.services, &people).await.unwrap();
        for person in &people {
            let body = json!({ "username": person.account.username, "password": person.account.password });
            let answer = server
                .anonymous()
                .post("/api/v1/staff/sessions", &body)
                .await
                .expect(201);
            let tokens: TokensView = answer.json();
            assert!(tokens.must_change_password);
        }
        let own = async |place: usize| {
            let account = &people[place].account;
            let body = json!({ "username": account.username, "password": account.password });
            let tokens = server.anonymous().post("/api/v1/staff/sessions", &body).await.json();
            server.signed_in(tokens).get("/api/v1/staff/me").await.value()
        };
        let (first, second, third, fourth) = (own(0).await, own(1).await, own(2).await, own(3).await);
        assert_eq!(
            (&first["display_name"], &first["unit"]),
            (&json!("王丽"), &json!("3713.hotline"))
        );
        assert_eq!(
            (&first["grants"][0]["role"], &first["grants"][1]["role"]),
            (&json!("clerk"), &json!("dispatcher"))
        );
        assert_eq!(
            second["grants"][0]["unit"], "3713.housing",
            "a role of a unit reaches the own unit"
        );
        assert_eq!(third["grants"][0]["region"], "371323");
        assert_eq!(fourth["grants"][0]["kinds"], json!(["inquiry", "suggestion"]));
        let taken = find_taken(&server.services, &people).await.unwrap();
        assert_eq!(
            taken[0].to_string(),
            "line 2: username: there is an account wang.li already"
        );
        assert_eq!(taken.len(), 4);
        let trail = audited(&server).await;
        assert!(trail.contains(&("staff_account.import".into(), "done".into())));
        assert_eq!(trail.iter().filter(|(act, _)| act == "staff_account.create").count(), 4);
    });
}

#[test]
fn nobody_is_imported_when_one_name_was_taken_meanwhile() {
    on_both(async |server: TestServer| {
        let people = plan(&server.services.city(), EXAMPLE.as_bytes()).unwrap();
        import(&server.services, &people[3..]).await.unwrap();
        assert!(import(&server.services, &people).await.is_err());
        assert_eq!(find_taken(&server.services, &people).await.unwrap().len(), 1);
    });
}

#[test]
fn every_fault_is_named_with_its_line() {
    on_sqlite_with(
        |_| {},
        async |server: TestServer| {
            let lines = "1wang,王一,,3713.hotline,,,,\n\
                wang.er,王二,,3713.nowhere,,,,\n\
                wang.san,王三,,3713.hotline,mayor,,,\n\
                wang.si,王四,,3713.hotline,clerk,,999999,\n\
                wang.wu,王五,,3713.hotline,clerk,,,petition\n\
                wang.liu,王六,,3713.hotline,system_admin,,,\n\
                wang.liu,,,3713.hotline,audit_admin,,,\n\
                wang.qi,王七,,3713.hotline,clerk,,,\n\
                wang.qi,王八,,3713.hotline,reviewer,,,\n\
                wang.jiu,,,3713.hotline,clerk,,,\n";
            let found = faults(&server, lines);
            let expected = [
                ("line 2: ", "username"),
                ("line 3: ", "no unit \"3713.nowhere\""),
                ("line 4: ", "no role \"mayor\""),
                ("line 5: ", "no region \"999999\""),
                ("line 6: ", "no kind \"petition\""),
                ("line 7: ", "不能由同一个账号兼任"),
                ("line 10: ", "than in line 9"),
                ("line 11: ", "display_name"),
            ];
            assert_eq!(found.len(), expected.len(), "{found:#?}");
            for (found, (line, words)) in found.iter().zip(expected) {
                assert!(
                    found.starts_with(line) && found.contains(words),
                    "{found} is not {line}{words}"
                );
            }
            let many = "wang.li,王丽,,3713.nowhere,,,,\n".repeat(500);
            assert_eq!(faults(&server, &many).len(), 100, "a bounded list");
            let chinese = "\u{feff}账号,姓名,单位,角色\nwang.li,王丽,3713.hotline,受理员\n";
            let people = plan(&server.services.city(), chinese.as_bytes()).unwrap();
            assert_eq!(people[0].account.grants[0].role.as_str(), "clerk");
        },
    );
}
