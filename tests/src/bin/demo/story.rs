//! The story: a dark stretch of road, reported, answered badly, rated 2, redone, rated 5 and closed.

use serde_json::json;

use crate::{
    acts_resident::{Resident, preview, register},
    acts_staff::{Answer, hire, look_at_public_page},
    caller::{Told, expect, list, text},
    picture::Album,
    stage::Stage,
    tale::Tale,
};

/// What the resident is told on the way, in this order.
const TOLD: [&str; 14] = [
    "submit",
    "accept",
    "dispatch",
    "sign_for",
    "record_contact",
    "add_progress",
    "sign_reply",
    "release_reply",
    "redo",
    "record_contact",
    "add_progress",
    "sign_reply",
    "release_reply",
    "rate_satisfied",
];

/// Plays it to its end.
pub(crate) async fn play(tale: &mut Tale) -> Told<()> {
    tale.chapter("一、开门");
    tale.begin("系统", "启动");
    let album = Album::fetch()?;
    let stage = Stage::set().await?;
    tale.done(format!("服务器已就绪（{}），首位管理员由命令建立", stage.database));
    let staff = hire(&stage, tale).await?;

    tale.chapter("二、居民反映");
    let mut resident = register(&stage, tale).await?;
    preview(&stage, tale, &album.report).await?;
    resident.submit(tale, &album.report).await?;
    resident.upload(tale, &album.report).await?;
    resident.hears(&stage, tale, "submit").await?;

    tale.chapter("三、第一次办理");
    let order = staff.take_on(&stage, tale, &mut resident).await?;
    let [before, after, before_again, after_again] = &album.unit;
    let first = Answer {
        contact: "已电话联系，约定今晚现场查看。",
        progress: "已到现场，先换好公交站旁的一盏灯",
        reply: "已更换损坏灯具一盏，其余路段排入检修计划。",
        outcome: "partly_resolved",
        cause: "facility",
        before,
        after,
    };
    staff.answer(&stage, tale, &mut resident, &order, &first).await?;
    staff.moderate(tale, &resident.receipt).await?;
    let page = look_at_public_page(&stage, tale, &resident.receipt).await?;
    staff.compare_photo(&stage, tale, &page, &resident.receipt).await?;
    let rating = json!({ "grade": 2, "resolved": "no", "comment": "只亮了一盏，后面还是黑的。" });
    let after_it = resident.rate(tale, rating, "2 分，未解决").await?;
    expect(after_it == "handling", || format!("不满意之后是 {after_it}"))?;
    resident.hears(&stage, tale, "redo").await?;

    tale.chapter("四、重新办理");
    let second = Answer {
        contact: "已上门致歉，说明这次整段检修。",
        progress: "查明是控制箱损坏，整段线路正在更换",
        reply: "控制箱和整段线路已更换，十六盏路灯今晚全部点亮。",
        outcome: "resolved",
        cause: "facility",
        before: before_again,
        after: after_again,
    };
    let order = resident.order().await?;
    staff.answer(&stage, tale, &mut resident, &order, &second).await?;
    staff.moderate(tale, &resident.receipt).await?;
    let rating = json!({ "grade": 5, "resolved": "yes", "attitude": 5, "speed": 4, "comment": "全亮了，谢谢！" });
    let after_it = resident.rate(tale, rating, "5 分，已解决").await?;
    expect(after_it == "closed", || format!("满意之后是 {after_it}"))?;
    resident.hears(&stage, tale, "rate_satisfied").await?;

    tale.chapter("五、公开");
    let kept = check_the_end(&stage, tale, &resident).await?;
    tale.end(&kept);
    Ok(())
}

/// What anybody can see at the end, and what the resident keeps; answers the promises that were kept.
async fn check_the_end(stage: &Stage, tale: &mut Tale, resident: &Resident) -> Told<Vec<String>> {
    let page = look_at_public_page(stage, tale, &resident.receipt).await?;
    for (pointer, wanted) in [
        ("/state", json!("closed")),
        ("/outcome", json!("resolved")),
        ("/rating/grade", json!(5)),
        ("/redo_count", json!(1)),
        ("/awaits_moderation", json!(false)),
    ] {
        let shown = page.pointer(pointer);
        expect(shown == Some(&wanted), || {
            format!("公开页的 {pointer} 是 {shown:?}，应为 {wanted}")
        })?;
    }
    expect(list(&page, "/replies")?.len() == 2, || "公开页没有两次答复".to_owned())?;
    for event in list(&page, "/timeline")? {
        tale.aside("公开", text(event, "/sentence")?);
    }

    tale.begin("公众", "地图和数字");
    let near = stage
        .anybody
        .get("/api/v1/public/map?latitude=35.052&longitude=118.348&radius=500")
        .await?;
    expect(list(&near, "/cases")?.len() == 1, || {
        format!("附近没有这件诉求：{near}")
    })?;
    let counts = stage.anybody.get("/api/v1/public/counts").await?;
    let all_one = ["received", "answered", "closed"]
        .iter()
        .all(|figure| counts[figure] == 1);
    expect(all_one, || format!("数字不对：{counts}"))?;
    tale.done("地图上有这一件；收到 1，答复 1，办结 1");

    tale.begin("居民", "回看收件箱");
    let heard = resident.heard();
    expect(heard == TOLD, || format!("听到的是 {heard:?}"))?;
    let own = resident.case().await?;
    let photo = text(&own, "/photos/0/display")?;
    let status = stage.anybody.status(&photo).await?;
    expect(status == 401 || status == 404, || {
        format!("不登录也能看原图，状态码 {status}")
    })?;
    expect(text(&own, "/text")?.contains("13905390001"), || {
        "本人看到的不是自己的原话".to_owned()
    })?;
    tale.done(format!("{} 条，依次讲完整件事，每条都有推送", heard.len()));
    for event in list(&own, "/timeline")? {
        tale.aside("时间线", text(event, "/sentence")?);
    }
    Ok(vec![
        "2 分、未解决，自动重办；5 分、已解决，办结".to_owned(),
        "同一请求重发，得到同一个回执，只有一件".to_owned(),
        "公开页没有手机号、车牌和诉求人；照片都没有 EXIF，本人原图不公开".to_owned(),
        format!(
            "居民收到 {} 条通知，顺序正确，每条都推送到手机，推送里没有隐私",
            heard.len()
        ),
        format!("数据库：{}", stage.database),
    ])
}
