//! What the city's staff do, each with an account of the own role: hotline, unit, moderation.

use serde_json::{Value, json};

use crate::{
    acts_resident::{PRIVATE_WORDS, Resident, moment},
    caller::{Caller, Told, expect, list, text},
    picture::{Part, Picture, difference, tells_its_origin},
    stage::{Seat, Stage},
    tale::Tale,
};

/// The unit that the catalogue names for lamps in the district of the story.
const UNIT: &str = "371302.urban";

/// What is made unrecognisable on the resident's photo.
const BLURRED: Part = [0.55, 0.6, 0.25, 0.2];

const SEATS: [Seat; 7] = [
    hotline("shouli", "王敏", "受理员", "clerk"),
    hotline("paidan", "李强", "派单员", "dispatcher"),
    hotline("shenhe", "周芳", "审核员", "reviewer"),
    hotline("neirong", "冯雪", "内容审核员", "moderator"),
    desk("lianluo", "华梅", "联络员", "unit_liaison"),
    desk("chengban", "金波", "承办人", "unit_handler"),
    desk("fuze", "魏林", "单位负责人", "unit_leader"),
];

const fn hotline(username: &'static str, name: &'static str, post: &'static str, role: &'static str) -> Seat {
    Seat {
        username,
        name,
        post,
        role,
        unit: "3713.hotline",
        reach: None,
    }
}

const fn desk(username: &'static str, name: &'static str, post: &'static str, role: &'static str) -> Seat {
    Seat {
        username,
        name,
        post,
        role,
        unit: UNIT,
        reach: Some(UNIT),
    }
}

/// Everybody who works on the case.
pub(crate) struct Staff {
    clerk: Caller,
    dispatcher: Caller,
    reviewer: Caller,
    moderator: Caller,
    liaison: Caller,
    handler: Caller,
    handler_id: String,
    leader: Caller,
}

/// What a unit answers in one round.
pub(crate) struct Answer<'a> {
    pub(crate) contact: &'a str,
    pub(crate) progress: &'a str,
    pub(crate) reply: &'a str,
    pub(crate) outcome: &'a str,
    pub(crate) cause: &'a str,
    pub(crate) before: &'a Picture,
    pub(crate) after: &'a Picture,
}

/// The administrator makes the accounts; everybody signs in.
pub(crate) async fn hire(stage: &Stage, tale: &mut Tale) -> Told<Staff> {
    tale.begin("安全管理员", "建账号");
    let administrator = stage.staff("anquan").await?;
    let mut ids = Vec::new();
    for seat in &SEATS {
        ids.push(stage.make_staff(&administrator, seat).await?);
    }
    let handler_id = ids[5].clone();
    let staff = Staff {
        clerk: stage.staff_at_first("shouli").await?,
        dispatcher: stage.staff_at_first("paidan").await?,
        reviewer: stage.staff_at_first("shenhe").await?,
        moderator: stage.staff_at_first("neirong").await?,
        liaison: stage.staff_at_first("lianluo").await?,
        handler: stage.staff_at_first("chengban").await?,
        handler_id,
        leader: stage.staff_at_first("fuze").await?,
    };
    tale.done(format!("{} 人，各有角色和范围，都已登录并改了初始密码", ids.len()));
    Ok(staff)
}

impl Staff {
    /// From the clerk's queue to the unit's desk; answers the work order.
    pub(crate) async fn take_on(&self, stage: &Stage, tale: &mut Tale, resident: &mut Resident) -> Told<String> {
        let receipt = resident.receipt.clone();
        tale.begin("受理员", "受理");
        self.finds_in_queue(&self.clerk, "acceptance", &receipt).await?;
        let body = json!({
            "kind": "assistance", "category": "facilities.street_light", "region": "371302002", "urgency": "routine",
        });
        let path = |act: &str| format!("/api/v1/staff/cases/{receipt}/{act}");
        let step = self.clerk.post(&path("accept"), body).await?;
        tale.done(format!("求助，路灯，一般；现在{}", text(&step, "/state_name")?));
        resident.hears(stage, tale, "accept").await?;

        tale.begin("派单员", "派单");
        let case = self.dispatcher.get(&format!("/api/v1/staff/cases/{receipt}")).await?;
        let suggested = text(&case, "/suggestions/0/lead")?;
        expect(suggested == UNIT, || format!("目录建议的是 {suggested}"))?;
        let step = self.dispatcher.post(&path("dispatch"), json!({})).await?;
        let order = text(&step, "/order_id")?;
        let unit = text(&case, "/suggestions/0/lead_name")?;
        tale.done(format!("按派单目录派给{unit}，{} 前办结", moment(&step["due"])));
        resident.hears(stage, tale, "dispatch").await?;

        tale.begin("联络员", "签收");
        self.finds_in_queue(&self.liaison, "signing", &receipt).await?;
        let sign = format!("/api/v1/staff/orders/{order}/sign-for");
        self.liaison.post(&sign, json!({})).await?;
        tale.done("单位已签收");
        resident.hears(stage, tale, "sign_for").await?;

        tale.begin("联络员", "指派");
        let assign = format!("/api/v1/staff/orders/{order}/assign");
        self.liaison
            .post(&assign, json!({ "handler": self.handler_id }))
            .await?;
        let mine = self.handler.get("/api/v1/me/inbox?limit=10").await?;
        expect(!list(&mine, "/items")?.is_empty(), || "承办人没有收到提醒".to_owned())?;
        tale.done("金波承办，已收到提醒");
        Ok(order)
    }

    /// One round of work: contact, progress, reply with photos, signature, release.
    pub(crate) async fn answer(
        &self,
        stage: &Stage,
        tale: &mut Tale,
        resident: &mut Resident,
        order: &str,
        answer: &Answer<'_>,
    ) -> Told<()> {
        let path = |act: &str| format!("/api/v1/staff/orders/{order}/{act}");
        tale.begin("承办人", "先行联系");
        let contact = json!({ "how": "phone", "note": answer.contact });
        self.handler.post(&path("contact"), contact).await?;
        tale.done(answer.contact);
        resident.hears(stage, tale, "record_contact").await?;

        tale.begin("承办人", "更新进展");
        let progress = json!({ "text": answer.progress, "public": true });
        self.handler.post(&path("progress"), progress).await?;
        tale.done(answer.progress);
        resident.hears(stage, tale, "add_progress").await?;

        tale.begin("承办人", "答复");
        self.handler.upload(&answer.before.bytes).await?;
        self.handler.upload(&answer.after.bytes).await?;
        let reply = json!({
            "text": answer.reply, "outcome": answer.outcome, "root_cause": answer.cause,
            "photos_before": [answer.before.sha256], "photos_after": [answer.after.sha256],
        });
        self.handler.post(&path("reply"), reply).await?;
        tale.done(format!("{}（办理前后照片各一张）", answer.reply));

        tale.begin("单位负责人", "签发");
        self.finds_in_queue(&self.leader, "signature", &resident.receipt)
            .await?;
        self.leader.post(&path("reply-signature"), json!({})).await?;
        tale.done("已签发，送热线审核");
        resident.hears(stage, tale, "sign_reply").await?;

        tale.begin("审核员", "发布答复");
        self.finds_in_queue(&self.reviewer, "review", &resident.receipt).await?;
        let release = format!("/api/v1/staff/cases/{}/reply-release", resident.receipt);
        let step = self.reviewer.post(&release, json!({})).await?;
        tale.done(format!("现在{}", text(&step, "/state_name")?));
        resident.hears(stage, tale, "release_reply").await
    }

    /// Releases what waits: proposed masks on words, a box blurred on the resident's photo.
    pub(crate) async fn moderate(&self, tale: &mut Tale, receipt: &str) -> Told<()> {
        tale.begin("内容审核员", "审核公开内容");
        let path = format!("/api/v1/staff/moderation/{receipt}");
        let shown = self.moderator.get(&path).await?;
        let decisions = decide(&shown)?;
        let masks: usize = ["/report/title_masks", "/report/text_masks"]
            .iter()
            .filter_map(|part| decisions.pointer(part)?.as_array())
            .map(Vec::len)
            .sum();
        let photos = list(&decisions, "/photos")?;
        let blurred = photos.iter().filter(|photo| photo["blur"] != json!([])).count();
        let what = format!("遮盖 {masks} 处文字，放行 {} 张照片，打码 {blurred} 处", photos.len());
        let moderated = self.moderator.post(&path, decisions).await?;
        let publication = text(&moderated, "/publication")?;
        expect(publication == "released", || format!("公开状态是 {publication}"))?;
        tale.done(what);
        Ok(())
    }

    /// Compares the public copy of the resident's photo with the one that the moderator saw: changed in the box, and only there.
    pub(crate) async fn compare_photo(&self, stage: &Stage, tale: &mut Tale, page: &Value, receipt: &str) -> Told<()> {
        tale.begin("内容审核员", "核对打码");
        let of_report = |photos: &[Value]| photos.iter().find(|photo| photo["purpose"] == "report").cloned();
        let missing = || "没有居民的照片".to_owned();
        let seen = self
            .moderator
            .get(&format!("/api/v1/staff/moderation/{receipt}"))
            .await?;
        let seen = of_report(list(&seen, "/photos")?).ok_or_else(missing)?;
        let public = of_report(list(page, "/photos")?).ok_or_else(missing)?;
        let seen = self.moderator.bytes(&text(&seen, "/display")?).await?;
        let public = stage.anybody.bytes(&text(&public, "/display")?).await?;
        let (inside, outside) = difference(&seen, &public, BLURRED)?;
        let told = format!("框内平均相差 {inside:.1} 级，框外 {outside:.1} 级");
        expect(inside > 3.0 * outside && outside < 4.0, || format!("打码不对：{told}"))?;
        tale.done(told);
        Ok(())
    }

    async fn finds_in_queue(&self, who: &Caller, queue: &str, receipt: &str) -> Told<()> {
        let page = who.get(&format!("/api/v1/staff/queues/{queue}")).await?;
        let there = list(&page, "/items")?
            .iter()
            .any(|entry| entry["receipt_no"] == receipt);
        expect(there, || format!("{queue} 队列里没有这件诉求"))
    }
}

/// Releases every part that has no decision yet.
fn decide(shown: &Value) -> Told<Value> {
    let report = shown["report"].get("decision").is_none().then(|| {
        json!({
            "verdict": "release",
            "title_masks": shown["report"]["title"]["proposed"],
            "text_masks": shown["report"]["text"]["proposed"],
        })
    });
    let replies: Vec<Value> = list(shown, "/replies")?
        .iter()
        .filter(|reply| reply.get("decision").is_none())
        .map(|reply| json!({ "id": reply["id"], "verdict": "release", "masks": reply["text"]["proposed"] }))
        .collect();
    let photos: Vec<Value> = list(shown, "/photos")?
        .iter()
        .filter(|photo| photo["state"] != "released")
        .map(|photo| {
            let blur = if photo["purpose"] == "report" {
                let [x, y, width, height] = BLURRED;
                json!([{ "x": x, "y": y, "width": width, "height": height }])
            } else {
                json!([])
            };
            json!({ "id": photo["id"], "verdict": "release", "blur": blur })
        })
        .collect();
    Ok(json!({ "report": report, "replies": replies, "photos": photos }))
}

/// What anybody reads without signing in, and what nobody must.
pub(crate) async fn look_at_public_page(stage: &Stage, tale: &mut Tale, receipt: &str) -> Told<Value> {
    tale.begin("公众", "打开公开页");
    let page = stage.anybody.get(&format!("/api/v1/public/cases/{receipt}")).await?;
    let words = page.to_string();
    for private in PRIVATE_WORDS {
        expect(!words.contains(private), || format!("公开页里有 {private}"))?;
    }
    let photos = list(&page, "/photos")?;
    for photo in photos {
        for rendition in ["/display", "/thumbnail"] {
            let served = stage.anybody.bytes(&text(photo, rendition)?).await?;
            expect(!tells_its_origin(&served), || {
                format!("公开照片 {rendition} 还带着 EXIF")
            })?;
        }
    }
    let (title, replies) = (text(&page, "/title")?, list(&page, "/replies")?.len());
    tale.done(format!(
        "《{title}》，{replies} 次答复，{} 张照片，均无 EXIF",
        photos.len()
    ));
    tale.aside("原文", text(&page, "/text")?);
    Ok(page)
}
