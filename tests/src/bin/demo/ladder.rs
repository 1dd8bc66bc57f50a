//! `./dev demo --ladder`: a case that everybody leaves alone climbs through the five tiers by itself, across the Spring Festival of
//! 2026 and a Saturday that is worked for it. The clock goes from one thing that is due to the next; nobody acts.

use serde_json::{Value, json};
use shared::domain::time::Timestamp;
use system_tests::schema::Schema;

use crate::{
    acts_resident::moment,
    caller::{Caller, Told, expect, list, text},
    stage::oldest_first,
    stepped::{Done, Order, PASSWORD, SteppedServer, told},
    tale::Tale,
};

/// The day before the festival's last worked Friday.
const BEGINNING: &str = "2026-02-12T10:00:00+08:00";
const NUMBER: &str = "13905390002";
const HOTLINE: &str = "3713.hotline";

/// Who holds each tier, the lowest first.
const HOLDERS: [(&str, &str, &str); 5] = [
    ("rexian", "hotline_supervisor", "热线督办员"),
    ("meiti", "media_supervisor", "媒体督办员"),
    ("ducha", "government_inspector", "政务督查员"),
    ("daibiao", "deputy_office", "代表委员联络机构"),
    ("jijian", "discipline_officer", "纪检监察员"),
];

/// The tier, when it opens, and by when its result is due, counted by hand. The festival lasts from Sunday, 15 to Monday,
/// 23 February, for which the Saturdays 14 and 28 February are worked; Qingming is off from 4 to 6 April, Labour Day from 1 to 5 May.
const BY_HAND: [(&str, &str, &str); 5] = [
    ("hotline", "2026-02-14T08:30:00+08:00", "2026-02-27T00:00:00+08:00"),
    ("media", "2026-02-27T00:00:00+08:00", "2026-03-11T00:00:00+08:00"),
    ("government", "2026-03-11T00:00:00+08:00", "2026-03-26T00:00:00+08:00"),
    ("deputies", "2026-03-26T00:00:00+08:00", "2026-04-18T00:00:00+08:00"),
    ("discipline", "2026-04-18T00:00:00+08:00", "2026-05-07T00:00:00+08:00"),
];

/// Plays it to its end.
pub(crate) async fn play(tale: &mut Tale) -> Told<()> {
    tale.chapter("一、反映");
    tale.begin("系统", "启动");
    let data = tempfile::tempdir().map_err(told)?;
    let schema = std::env::var("DATABASE_URL").ok().map(|url| Schema::make_on(&url));
    let beginning = serde_json::from_value(json!(BEGINNING)).map_err(told)?;
    let server = SteppedServer::start(data.path(), schema.as_ref().map(Schema::url), beginning, true).await?;
    let database = if schema.is_some() { "PostgreSQL" } else { "SQLite" };
    tale.done(format!(
        "服务器已就绪（{database}），时钟停在 2026-02-12 10:00，五级督办各有一人"
    ));
    let city = City::settle(&server).await?;
    let (receipt, accept_by) = city.report(tale).await?;

    tale.chapter("二、没有人办");
    let mut climb = Climb {
        server: &server,
        city,
        receipt,
        until: accept_by,
        heard: 0,
        tier: 0,
    };
    climb.tell_the_requester(tale).await?;
    while let Some(next) = climb.next().await? {
        climb.step(tale, next).await?;
    }

    tale.chapter("三、最后");
    tale.begin("公众", "公开页");
    let path = format!("/api/v1/public/cases/{}", climb.receipt);
    let page = climb.city.resident.get(&path).await?;
    expect(page["tier"] == 5 && page["state"] == "submitted", || {
        format!("公开页不是五级、待受理：{page}")
    })?;
    tale.done("诉求还是待受理，督办到了五级，再没有要等的日子");
    expect(climb.tier == BY_HAND.len(), || format!("只升到 {} 级", climb.tier))?;
    tale.end(&[
        "五级依次打开，每一级的日子与手工算的一致：跨过春节、调休的周六、清明和劳动节".to_owned(),
        "诉求人在每一级都知道：几级、为什么、谁负责、到哪天".to_owned(),
        format!("数据库：{database}"),
    ]);
    Ok(())
}

/// Everybody who could act, and does not.
struct City {
    resident: Caller,
    holders: Vec<Caller>,
}

impl City {
    async fn settle(server: &SteppedServer) -> Told<Self> {
        let anybody = Caller::anonymous(&server.base());
        let mut holders = Vec::new();
        for (username, role, _) in HOLDERS {
            let hire = Order::Hire {
                username: username.to_owned(),
                role: role.to_owned(),
                unit: HOTLINE.to_owned(),
                within: false,
            };
            server.ask::<Value>(&hire).await?;
            let body = json!({ "username": username, "password": PASSWORD });
            let session = anybody.post("/api/v1/staff/sessions", body).await?;
            holders.push(anybody.signed_in(&session)?);
        }
        anybody
            .post("/api/v1/accounts/codes", json!({ "phone": NUMBER }))
            .await?;
        let phone = NUMBER.to_owned();
        let code: String = server.ask(&Order::Code { phone }).await?;
        let body = json!({ "phone": NUMBER, "code": code, "consents": ["handling"] });
        let session = anybody.post("/api/v1/accounts", body).await?;
        Ok(Self {
            resident: anybody.signed_in(&session)?,
            holders,
        })
    }

    /// Answers the receipt and until when it has to be accepted.
    async fn report(&self, tale: &mut Tale) -> Told<(String, Timestamp)> {
        tale.begin("居民", "提交");
        let report = json!({
            "title": "健康路路灯不亮",
            "text": "健康路东段的路灯有五盏不亮，上夜班的人摸黑走，已经一个星期了。",
            "kind": "assistance", "category": "facilities.street_light",
            "place": { "latitude": 35.1047, "longitude": 118.3564, "datum": "wgs84", "words": "健康路东段" },
            "visibility": "public",
        });
        let taken = self.resident.post("/api/v1/cases", report).await?;
        let receipt = text(&taken, "/receipt_no")?;
        tale.done(format!("回执 {receipt}，{} 前受理", moment(&taken["due_at"])));
        Ok((receipt, serde_json::from_value(taken["due_at"].clone()).map_err(told)?))
    }
}

/// The case on its way up.
struct Climb<'a> {
    server: &'a SteppedServer,
    city: City,
    receipt: String,
    /// When the limit ends that runs now: of acceptance, then of each tier's result.
    until: Timestamp,
    /// Entries of the requester's inbox that were told.
    heard: usize,
    /// The tier that has it, 0 for none.
    tier: usize,
}

impl Climb<'_> {
    /// When there is something to do next.
    async fn next(&self) -> Told<Option<Timestamp>> {
        let done: Done = self.server.ask(&Order::Sweep).await?;
        Ok(done.next)
    }

    /// Goes there and tells what happens.
    async fn step(&mut self, tale: &mut Tale, at: Timestamp) -> Told<()> {
        self.server.step_to(at).await?;
        let moment = moment(&json!(at));
        let (day, hour) = moment.split_once(' ').unwrap_or((&moment, ""));
        tale.begin(day, hour);
        let done: Done = self.server.ask(&Order::Sweep).await?;
        if done.opened > 0 {
            self.climbed(tale, at).await?;
        } else {
            tale.done(self.left_alone(at, done));
        }
        self.tell_the_requester(tale).await
    }

    /// What there was to do about a limit that nobody minds.
    fn left_alone(&self, at: Timestamp, done: Done) -> String {
        let over = at >= self.until;
        match (self.tier.checked_sub(1).map(|tier| HOLDERS[tier].2), done.overdue > 0) {
            (None, _) if over => "受理期限到了，没有人受理".to_owned(),
            (None, _) => "受理期限快到了，没有人动".to_owned(),
            (Some(holder), true) if over => format!("{}的结果到期没有交，再催{holder}", tier_name(self.tier)),
            (Some(holder), true) => format!("单位的答复或方案到期没有交，催{holder}"),
            (Some(holder), false) => format!("快到期，提醒{holder}"),
        }
    }

    /// A tier opened: it is the next one, on the day that was counted by hand.
    async fn climbed(&mut self, tale: &mut Tale, at: Timestamp) -> Told<()> {
        let (tier, opens, due) = BY_HAND
            .get(self.tier)
            .copied()
            .ok_or_else(|| "五级以上还有督办".to_owned())?;
        let holder = &self.city.holders[self.tier];
        let listed = holder.get(&format!("/api/v1/staff/supervisions?tier={tier}")).await?;
        let held = list(&listed, "/items")?.first().cloned().unwrap_or_default();
        let instant = |text: &str| serde_json::from_value::<Timestamp>(json!(text)).map_err(told);
        let fits = at == instant(opens)?
            && serde_json::from_value::<Timestamp>(held["due"].clone()).ok() == Some(instant(due)?);
        expect(fits, || format!("{tier} 应在 {opens} 打开、{due} 到期：{at} {held}"))?;
        tale.done(format!(
            "升为{}（{}）：{}，{}持有，到 {}",
            tier_name(self.tier + 1),
            text(&held, "/tier_name")?,
            text(&held, "/cause_name")?,
            HOLDERS[self.tier].2,
            moment(&held["due"])
        ));
        self.tier += 1;
        self.until = instant(due)?;
        Ok(())
    }

    /// What is new in the requester's inbox.
    async fn tell_the_requester(&mut self, tale: &Tale) -> Told<()> {
        let inbox = self.city.resident.get("/api/v1/me/inbox?limit=100").await?;
        let entries = oldest_first(&inbox);
        for entry in entries.iter().skip(self.heard) {
            tale.aside("诉求人收到：", text(entry, "/body")?);
        }
        self.heard = entries.len();
        Ok(())
    }
}

fn tier_name(tier: usize) -> String {
    let numbers = ["零", "一", "二", "三", "四", "五"];
    format!("{}级督办", numbers.get(tier).unwrap_or(&"？"))
}
