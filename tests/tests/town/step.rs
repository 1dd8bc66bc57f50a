//! One act of a life: sent as it is, sent by somebody else, sent with other content.

use reqwest::Method;
use serde_json::{Value, json};
use system_tests::server::{TestActor, TestAnswer};

/// One act.
#[derive(Clone)]
pub(crate) struct Step {
    pub(crate) actor: TestActor,
    pub(crate) method: &'static str,
    /// The path as documented.
    pub(crate) template: &'static str,
    pub(crate) path: String,
    pub(crate) body: Option<Value>,
    /// The case concerned.
    pub(crate) receipt: Option<String>,
    /// Entries that it adds to that case's timeline.
    pub(crate) entries: i64,
}

impl Step {
    pub(crate) async fn send(&self, actor: &TestActor, key: Option<&str>) -> TestAnswer {
        self.send_to(actor, key, &self.path, self.body.clone()).await
    }

    /// The same operation with other content.
    pub(crate) async fn send_changed(&self, key: &str) -> TestAnswer {
        let changed = self.body.as_ref().and_then(changed);
        let path = match &changed {
            Some(_) => self.path.clone(),
            None => self.elsewhere(),
        };
        let body = changed.or_else(|| self.body.clone());
        self.send_to(&self.actor, Some(key), &path, body).await
    }

    async fn send_to(&self, actor: &TestActor, key: Option<&str>, path: &str, body: Option<Value>) -> TestAnswer {
        let headers: Vec<(&str, &str)> = key.map(|key| ("Idempotency-Key", key)).into_iter().collect();
        let method: Method = self.method.parse().unwrap();
        actor.send(method, path, &headers, body).await
    }

    /// The same path for something else: acts without a body say with the path what they are about.
    fn elsewhere(&self) -> String {
        let services = &self.actor.server.services;
        self.template
            .replace("{receipt_no}", &services.receipts.write(services.next_id()))
            .replace("{id}", "4")
            .replace("{grant}", "5")
            .replace("{purpose}", "publication")
    }
}

/// The body with other content that is as well-formed.
fn changed(body: &Value) -> Option<Value> {
    let mut other = body.clone();
    let fields = other.as_object_mut()?;
    let words = [
        "text",
        "reason",
        "question",
        "note",
        "legal_basis",
        "comment",
        "display_name",
        "token",
        "password",
        "unit",
        "answer",
        "receiver",
    ];
    if let Some(name) = words
        .iter()
        .find(|name| fields.get(**name).is_some_and(Value::is_string))
    {
        let more = format!("{}X", fields[*name].as_str()?);
        fields.insert((*name).to_owned(), json!(more));
    } else if fields.contains_key("urgency") {
        fields.insert("urgency".to_owned(), json!("emergency"));
    } else if fields.contains_key("handler") {
        fields.insert("handler".to_owned(), json!("1"));
    } else if fields.contains_key("up_to") {
        fields.insert("up_to".to_owned(), json!("1"));
    } else if fields.contains_key("report") {
        fields.remove("report");
    } else if fields.contains_key("quiet_hours") {
        fields.insert("quiet_hours".to_owned(), Value::Null);
    } else if fields.contains_key("given") {
        fields.insert("given".to_owned(), json!(false));
    } else {
        return None;
    }
    Some(other)
}
