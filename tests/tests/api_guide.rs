//! The guide's commands do what the guide says: they are pasted into a shell, in their order.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on fails, and says where"
)]

use std::{
    io::Write as _,
    process::{Command, Stdio},
};

use system_tests::server::{TestServer, on_sqlite_with};

const GUIDE: &str = include_str!("../../docs/api.md");
const PHONE: &str = "13800000001";

/// All commands of the guide, with the address of this server.
fn commands(server: &TestServer) -> String {
    let blocks = GUIDE.split("```bash\n").skip(1);
    let commands: String = blocks.filter_map(|block| block.split("```").next()).collect();
    commands.replace("http://127.0.0.1:12345", &server.base)
}

/// What a shell prints that reads these commands.
async fn pasted(commands: String) -> String {
    let shell = tokio::task::spawn_blocking(move || {
        let mut shell = Command::new("bash")
            .arg("-u")
            .env("no_proxy", "127.0.0.1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        shell.stdin.take().unwrap().write_all(commands.as_bytes()).unwrap();
        shell.wait_with_output().unwrap()
    });
    let output = shell.await.unwrap();
    let printed = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{printed}");
    printed
}

#[test]
fn the_guide_can_be_pasted() {
    on_sqlite_with(
        |_| {},
        async |server: TestServer| {
            let commands = commands(&server);
            let (asking, doing) = commands.split_once("read -rp 'the six digits: ' CODE\n").unwrap();
            pasted(asking.to_owned()).await;
            let (names, _) = asking.split_once("json \"$BASE").unwrap();
            let code = server.latest_code(PHONE).await;
            let printed = pasted(format!("{names}CODE={code}\n{doing}")).await;
            let (first, again) = printed.lines().next().unwrap().split_once(" is ").unwrap();
            assert!(!first.is_empty() && first == again, "{printed}");
            for told in [
                "idempotency_key_reused",
                "\"field\":\"text\"",
                "no more",
                "etag: \"",
                "version_mismatch",
            ] {
                assert!(printed.contains(told), "{told} is not in\n{printed}");
            }
        },
    );
}
