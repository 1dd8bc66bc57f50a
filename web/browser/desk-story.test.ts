/** The way of a case through the hands of the staff, each at a desk of their own. */
import { act, enter, codeOf, expect, openCase, PASSWORD, takeCall, test, type Page } from "./desk.ts";
import { PHOTOS } from "./phone.ts";

const WORDS = "沂城街道健康路东段的路灯有五盏不亮，已经一个星期了，晚上很黑。";

/** Takes a call and brings it to the unit's handler. */
async function handled(sit: (username: string) => Promise<Page>, phone: string): Promise<string> {
  const receipt = await takeCall(await sit("shouli"), phone, WORDS);
  const clerk = await sit("shouli2");
  await openCase(clerk, receipt);
  await act(clerk, "受理");
  const dispatcher = await sit("paidan");
  await openCase(dispatcher, receipt);
  await expect(dispatcher.getByRole("region", { name: "目录建议" })).toContainText("沂水县城市管理局");
  await act(dispatcher, "派单");
  const liaison = await sit("ys-chengguan.lianluo");
  await openCase(liaison, receipt);
  await act(liaison, "签收");
  return receipt;
}

test("a call passes through every desk to the reply, is rated badly on the phone, and is done again", async ({ sit }) => {
  test.setTimeout(180_000);
  const receipt = await handled(sit, "13900001001");

  const handler = await sit("ys-chengguan.chengban");
  await openCase(handler, receipt);
  await act(handler, "登记首次联系", (form) => form.getByRole("textbox", { name: "情况记录" }).fill("电话联系，约好今晚去看。"));
  await act(handler, "提交答复", async (form) => {
    await form.getByRole("textbox", { name: "内容" }).fill("您反映的五盏路灯已更换灯泡，全部恢复照明。");
    await form.getByLabel("办理前的照片").setInputFiles(PHOTOS[0] ?? "");
    await form.getByLabel("办理后的照片").setInputFiles(PHOTOS[1] ?? "");
    await expect(form.getByText("照片 1")).toHaveCount(2);
  });

  const leader = await sit("ys-chengguan.fuze");
  await openCase(leader, receipt);
  await act(leader, "签发答复");

  const reviewer = await sit("shenhe");
  await reviewer.goto("/staff/queues/review");
  await reviewer.getByRole("link", { name: /路灯/ }).first().click();
  await act(reviewer, "发布答复");

  const moderator = await sit("neirong");
  await moderator.goto(`/staff/moderation/${receipt}`);
  await moderator.getByRole("button", { name: "加一个遮盖框" }).first().click();
  await moderator.keyboard.press("ArrowLeft");
  await moderator.getByRole("button", { name: "没有决定的全部公开" }).click();
  await moderator.getByRole("button", { name: "提交决定" }).click();
  await expect(moderator.getByText(`${receipt} 已经处理。`)).toBeVisible();

  const follow = await sit("huifang");
  await openCase(follow, receipt);
  await act(follow, "登记回访评价", async (form) => {
    await form.getByRole("group", { name: "对结果" }).getByRole("radio", { name: /2/ }).check({ force: true });
    await form.getByRole("combobox", { name: "解决了吗" }).selectOption("没有解决");
    await form.getByRole("textbox", { name: "诉求人的话" }).fill("还有一盏不亮。");
  });
  await expect(follow.getByText("第 2 轮").first()).toBeVisible();

  const supervisor = await sit("rexian");
  await supervisor.goto("/staff/benches/hotline");
  await supervisor.getByRole("link", { name: /路灯/ }).first().click();
  await supervisor.getByText("电话督办").click();
  await supervisor.getByRole("textbox", { name: "做了什么，结果怎样" }).fill("已电话提醒承办单位，今天下班前换好剩下一盏。");
  await supervisor.getByRole("button", { name: "记下来" }).click();
  await expect(supervisor.getByText("已电话提醒承办单位，今天下班前换好剩下一盏。")).toBeVisible();
});

test("who is overtaken by a colleague keeps what was typed, and sends it once more", async ({ sit }) => {
  test.setTimeout(120_000);
  const receipt = await handled(sit, "13900001002");
  const [one, other] = [await sit("ys-chengguan.chengban"), await sit("ys-chengguan.chengban")];
  await openCase(one, receipt);
  await openCase(other, receipt);
  await one.getByRole("button", { name: /更新进展/ }).click();
  const form = one.getByRole("dialog", { name: "更新进展" });
  await form.getByRole("textbox", { name: "内容" }).fill("已派人带材料到现场。");
  await act(other, "更新进展", (its) => its.getByRole("textbox", { name: "内容" }).fill("已到现场查看。"));

  await form.getByRole("button", { name: "更新进展" }).click();
  await expect(form.getByText(/别人刚刚更新了这件诉求/)).toBeVisible();
  await expect(form.getByRole("textbox", { name: "内容" })).toHaveValue("已派人带材料到现场。");
  await form.getByRole("button", { name: "按最新情况再提交" }).click();
  await expect(form).toHaveCount(0);
  const told = one.getByRole("region", { name: "全部经过" });
  await expect(told.getByText("已派人带材料到现场。")).toHaveCount(1);
  await expect(told.getByText("已到现场查看。")).toHaveCount(1);
});

test("what a colleague does is seen while one looks on, and a unit's people are offered for its order", async ({ sit }) => {
  const receipt = await takeCall(await sit("shouli"), "13900001004", WORDS);
  const [one, other] = [await sit("shouli2"), await sit("shouli")];
  await openCase(one, receipt);
  const state = one.locator(".case header").first();
  await expect(state.getByText("待受理")).toBeVisible();
  const waiting = one.getByRole("navigation").getByRole("link", { name: /待受理/ });
  const before = await waiting.innerText();
  await openCase(other, receipt);
  await act(other, "受理");
  await expect(state.getByText("待派单")).toBeVisible();
  await expect(waiting).not.toHaveText(before);

  const dispatcher = await sit("paidan");
  await openCase(dispatcher, receipt);
  await act(dispatcher, "派单");
  const liaison = await sit("ys-chengguan.lianluo");
  await openCase(liaison, receipt);
  await act(liaison, "签收");
  await act(liaison, "指派", async (form) => {
    const people = form.getByRole("combobox", { name: "承办人" });
    await expect(people.getByRole("option")).not.toHaveCount(2);
    await people.selectOption({ index: 1 });
  });
});

test("what is typed stays when the network fails, and is written once when it is back", async ({ sit }) => {
  const page = await sit("shouli");
  await openCase(page, await takeCall(page, "13900001003", "夜市散了满地垃圾，没有人扫。"));
  await page.getByRole("button", { name: /要求补充/ }).click();
  const form = page.getByRole("dialog", { name: "要求补充" });
  await form.getByRole("textbox", { name: "要补充什么" }).fill("请问是哪个夜市，几点散的？");
  await page.context().setOffline(true);
  await form.getByRole("button", { name: "要求补充" }).click();
  await expect(form.getByText(/现在连不上网/)).toBeVisible();
  await page.context().setOffline(false);
  await form.getByRole("button", { name: "要求补充" }).click();
  await expect(form).toHaveCount(0);
  await expect(page.getByRole("region", { name: "全部经过" }).getByText("请问是哪个夜市，几点散的？")).toHaveCount(1);
});

test("a list is worked by the keyboard alone", async ({ sit }) => {
  const page = await sit("paidan");
  // Of one county, so that what others left in the list stands before nothing.
  await page.goto("/staff/queues/dispatch?region=371311");
  await expect(page.getByRole("link", { name: "夜里往河沟排黑水" })).toBeVisible();
  await page.keyboard.press("j");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("button", { name: /派单/ })).toBeVisible();
  await page.keyboard.press("d");
  await expect(page.getByRole("dialog", { name: "派单" })).toContainText("临沂市生态环境局罗庄区分局");
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await page.keyboard.press("Escape");
  await expect(page).toHaveURL(/queues\/dispatch\?region=371311$/);
  await page.keyboard.press("/");
  await expect(page.getByRole("searchbox")).toBeFocused();
});

test("a second factor is set up, asked for at the next sign-in, and its recovery codes are shown once", async ({ sit, browser, baseURL }) => {
  const page = await sit("fenxi");
  await page.goto("/staff/me");
  await page.getByText("启用第二步验证", { exact: true }).click();
  const card = page.getByRole("group").filter({ hasText: "启用第二步验证" });
  await card.getByLabel("现在的密码").fill(PASSWORD);
  await card.getByRole("button", { name: "开始设置" }).click();
  await expect(page.getByRole("img", { name: "验证器二维码" })).toBeVisible();
  const secret = await page.getByLabel("验证器密钥").innerText();
  await page.getByRole("textbox", { name: "验证器显示的 6 位数字" }).fill(codeOf(secret, -1));
  await page.getByRole("button", { name: "启用", exact: true }).click();
  await expect(card.getByRole("listitem")).toHaveCount(10);
  const recovery = await card.getByRole("listitem").first().innerText();
  await page.getByRole("button", { name: "我已经保存好了" }).click();

  const again = await (await browser.newContext({ baseURL: baseURL ?? "" })).newPage();
  await enter(again, "fenxi", PASSWORD);
  await again.getByRole("textbox", { name: "验证码或恢复码" }).fill(codeOf(secret));
  await again.getByRole("button", { name: "继续" }).click();
  await expect(again.getByRole("heading", { name: "您好，褚宁" })).toBeVisible();

  const lost = await (await browser.newContext({ baseURL: baseURL ?? "" })).newPage();
  await enter(lost, "fenxi", PASSWORD);
  await lost.getByRole("textbox", { name: "验证码或恢复码" }).fill(recovery);
  await lost.getByRole("button", { name: "继续" }).click();
  await expect(lost.getByRole("heading", { name: "您好，褚宁" })).toBeVisible();
});

test("somebody new chooses a password of their own before anything else", async ({ sit, browser, baseURL }) => {
  const admin = await sit("anquan");
  await admin.goto("/staff/people");
  await admin.getByRole("button", { name: "新增人员" }).click();
  const form = admin.getByRole("dialog", { name: "新增人员" });
  await form.getByRole("textbox", { name: "账号" }).fill("xin.shouli");
  await form.getByRole("textbox", { name: "姓名" }).fill("高新");
  await form.getByRole("combobox", { name: "单位" }).fill("12345热线");
  await form.getByRole("listbox", { name: "单位" }).getByRole("option").first().click();
  await form.getByRole("textbox", { name: "首次密码" }).fill("Shou-ci-12345");
  await form.getByRole("button", { name: "新增" }).click();
  const person = admin.getByRole("dialog", { name: "人员" });
  await person.getByText("给一个角色").first().click();
  await person.getByRole("combobox", { name: "角色" }).selectOption("受理员");
  await person.getByRole("button", { name: "给一个角色" }).click();
  await expect(person.getByText("角色已经给了。")).toBeVisible();

  const page = await (await browser.newContext({ baseURL: baseURL ?? "" })).newPage();
  await enter(page, "xin.shouli", "Shou-ci-12345");
  await expect(page.getByRole("heading", { name: "设置自己的密码" })).toBeVisible();
  await page.goto("/staff/queues/acceptance");
  await expect(page.getByRole("heading", { name: "设置自己的密码" })).toBeVisible();
  await page.getByLabel("现在的密码").fill("Shou-ci-12345");
  await page.getByLabel("新密码", { exact: true }).fill("Zi-ji-de-67890");
  await page.getByLabel("再输一遍新密码").fill("Zi-ji-de-67890");
  await page.getByRole("button", { name: "换密码" }).click();
  await expect(page.getByRole("heading", { name: "待受理" })).toBeVisible();
});
