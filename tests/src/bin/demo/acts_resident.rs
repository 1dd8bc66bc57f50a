//! What the resident does and hears: registers, previews, reports, uploads, rates, and reads the inbox.

use serde_json::{Value, json};

use crate::{
    caller::{Caller, Told, expect, list, new_key, text},
    picture::{Picture, tells_its_origin},
    stage::{Stage, oldest_first},
    tale::Tale,
};

/// The number that the resident registers with.
const NUMBER: &str = "13905390001";
/// What the resident's phone is called by the push service.
const DEVICE: &str = "demo-phone-of-the-resident";
/// What must not be public: the resident's number and a stranger's plate.
pub(crate) const PRIVATE_WORDS: [&str; 2] = ["13905390001", "鲁Q6K808"];
const ROLE: &str = "居民";

/// The resident, with what the story remembers.
pub(crate) struct Resident {
    pub(crate) caller: Caller,
    pub(crate) receipt: String,
    heard: Vec<Notice>,
}

/// An entry of the inbox that was pushed too.
struct Notice {
    id: i64,
    topic: String,
}

/// Phone number, code, consents, device.
pub(crate) async fn register(stage: &Stage, tale: &mut Tale) -> Told<Resident> {
    tale.begin(ROLE, "登记");
    let asked = json!({ "phone": NUMBER });
    stage.anybody.post("/api/v1/accounts/codes", asked).await?;
    let code = stage.code(NUMBER).await?;
    let body = json!({ "phone": NUMBER, "code": code, "display_name": "夜班小周", "consents": ["handling"] });
    let session = stage.anybody.post("/api/v1/accounts", body).await?;
    let caller = stage.anybody.signed_in(&session)?;
    let profile = caller.get("/api/v1/me").await?;
    let masked = text(&profile, "/phone")?;
    expect(!profile.to_string().contains(NUMBER) && masked.contains('*'), || {
        format!("手机号没有遮盖：{profile}")
    })?;
    tale.done(format!("短信验证码 {} 位，手机号显示为 {masked}", code.len()));

    tale.begin(ROLE, "同意推送");
    let consents = caller.put("/api/v1/me/consents/push", json!({ "given": true })).await?;
    let push = consents
        .as_array()
        .into_iter()
        .flatten()
        .find(|consent| consent["purpose"] == "push");
    let agreed = push.filter(|consent| consent["given"] == true);
    let agreed = agreed.ok_or_else(|| format!("没有记下同意：{consents}"))?;
    let device = json!({ "provider": "fcm", "token": DEVICE });
    caller.put("/api/v1/me/devices", device).await?;
    // The tale is told at any hour.
    let path = "/api/v1/me/notice-settings";
    let mut settings = caller.get(path).await?;
    settings["quiet_hours"] = Value::Null;
    caller.put(path, settings).await?;
    tale.done(format!(
        "按 {} 版说明同意，手机已登记，夜间也提醒",
        text(agreed, "/wording_version")?
    ));
    Ok(Resident {
        caller,
        receipt: String::new(),
        heard: Vec::new(),
    })
}

/// The report, as the preview and the submission take it.
fn report(photo: &Picture) -> Value {
    json!({
        "title": "下夜班路上一段路灯全黑",
        "text": "银雀山路中段的路灯坏了一个多月，每天下夜班骑车都看不清路，昨晚差点撞上停在路边的鲁Q6K808。\
                 我的电话是13905390001，随时可以带路。",
        "category": "facilities.street_light",
        "place": {
            "latitude": 35.0518, "longitude": 118.3478, "datum": "wgs84", "accuracy_m": 18.0,
            "region": "371302002", "words": "银雀山路中段公交站往东一百米",
        },
        "visibility": "public",
        "photos": [photo.sha256],
        "channel": "app",
        "wants_push": true,
    })
}

/// What the platform says before anything is sent.
pub(crate) async fn preview(stage: &Stage, tale: &mut Tale, photo: &Picture) -> Told<()> {
    tale.begin(ROLE, "预览");
    let full = report(photo);
    let asked = json!({ "text": full["text"], "place": full["place"] });
    let preview = stage.anybody.post("/api/v1/cases/preview", asked).await?;
    let category = text(&preview, "/categories/0/name")?;
    let unit = text(&preview, "/recipient/unit/name")?;
    expect(category.ends_with("路灯"), || format!("建议的类别是 {category}"))?;
    tale.done(format!("不用登录就知道：{category}类，将由{unit}办理"));
    tale.aside("理由", text(&preview, "/recipient/reason")?);
    Ok(())
}

impl Resident {
    /// Sends the report, twice with the same key, as a phone does whose first answer was lost.
    pub(crate) async fn submit(&mut self, tale: &mut Tale, photo: &Picture) -> Told<()> {
        tale.begin(ROLE, "提交");
        let key = new_key();
        let body = report(photo);
        let first = self.caller.post_with_key("/api/v1/cases", body.clone(), &key).await?;
        self.receipt = text(&first, "/receipt_no")?;
        let unit = text(&first, "/recipient/name")?;
        tale.done(format!("回执 {}，预计由{unit}办理", self.receipt));
        tale.aside("期限", format!("{} 前受理", moment(&first["due_at"])));
        tale.begin(ROLE, "信号中断重发");
        let again = self.caller.post_with_key("/api/v1/cases", body, &key).await?;
        expect(again == first, || format!("重发得到了另一个回执：{again}"))?;
        let own = self.caller.get("/api/v1/me/cases").await?;
        expect(list(&own, "/items")?.len() == 1, || format!("重发多出了一件：{own}"))?;
        tale.done("还是同一个回执，只有一件");
        Ok(())
    }

    /// The photo follows by itself and joins the case by its hash.
    pub(crate) async fn upload(&self, tale: &mut Tale, photo: &Picture) -> Told<()> {
        tale.begin(ROLE, "上传照片");
        expect(tells_its_origin(&photo.bytes), || "样例照片没有 EXIF".to_owned())?;
        let uploaded = self.caller.upload(&photo.bytes).await?;
        expect(uploaded["attached"] == true, || format!("照片没有归到诉求：{uploaded}"))?;
        expect(uploaded["hints"]["in_city"] == true, || {
            format!("没有读出照片里的位置：{uploaded}")
        })?;
        let (width, height) = (&uploaded["width"], &uploaded["height"]);
        let megabytes = photo.bytes.len() / 100_000;
        tale.done(format!(
            "{width}×{height}，{}.{} MB，按哈希归到诉求",
            megabytes / 10,
            megabytes % 10
        ));
        let (latitude, longitude) = (&uploaded["hints"]["latitude"], &uploaded["hints"]["longitude"]);
        tale.aside("位置", format!("从照片读出 {latitude}, {longitude}，只给本人看"));
        for rendition in ["/display_url", "/thumbnail_url"] {
            let served = self.caller.bytes(&text(&uploaded, rendition)?).await?;
            expect(!tells_its_origin(&served), || format!("{rendition} 还带着 EXIF"))?;
        }
        Ok(())
    }

    /// Rates the reply; answers the case's state after it.
    pub(crate) async fn rate(&self, tale: &mut Tale, rating: Value, words: &str) -> Told<String> {
        tale.begin(ROLE, "评价");
        let path = format!("/api/v1/cases/{}/rating", self.receipt);
        self.caller.post(&path, rating).await?;
        let case = self.case().await?;
        let state = text(&case, "/state")?;
        tale.done(format!("{words}，诉求{}", text(&case, "/state_name")?));
        Ok(state)
    }

    /// The own case.
    pub(crate) async fn case(&self) -> Told<Value> {
        self.caller.get(&format!("/api/v1/cases/{}", self.receipt)).await
    }

    /// The order that the unit works on now.
    pub(crate) async fn order(&self) -> Told<String> {
        let case = self.case().await?;
        let orders = list(&case, "/orders")?;
        let leading = orders.iter().rev().find(|order| order["leads"] == true);
        leading.map_or_else(|| Err(format!("没有工单：{case}")), |order| text(order, "/id"))
    }

    /// Reads what is new in the inbox; each entry must have been pushed as well. `topic` must be among them.
    pub(crate) async fn hears(&mut self, stage: &Stage, tale: &Tale, topic: &str) -> Told<()> {
        let inbox = self.caller.get("/api/v1/me/inbox?limit=100").await?;
        let newest = self.heard.last().map_or(0, |notice| notice.id);
        let mut told = false;
        for entry in oldest_first(&inbox) {
            let id: i64 = text(&entry, "/id")?
                .parse()
                .map_err(|_| format!("编号不是数字：{entry}"))?;
            if id <= newest {
                continue;
            }
            let (body, about) = (text(&entry, "/body")?, text(&entry, "/topic")?);
            let push = stage.push_of(&id.to_string()).await?;
            expect(push.token == DEVICE && push.body == body, || {
                format!("推送与收件箱不一致：{} / {body}", push.body)
            })?;
            let private = PRIVATE_WORDS.iter().any(|word| push.body.contains(word));
            expect(!private, || format!("推送里有隐私：{}", push.body))?;
            tale.aside("推送", body);
            told |= about == topic;
            self.heard.push(Notice { id, topic: about });
        }
        expect(told, || format!("没有告诉居民 {topic}"))
    }

    /// The topics that the resident heard of, in their order.
    pub(crate) fn heard(&self) -> Vec<&str> {
        self.heard.iter().map(|notice| notice.topic.as_str()).collect()
    }
}

/// A moment as people write it; the platform's are ISO 8601 in the city's time or UTC, or microseconds.
pub(crate) fn moment(value: &Value) -> String {
    match value {
        Value::String(text) => text.chars().take(16).collect::<String>().replace('T', " "),
        other => other.to_string(),
    }
}
