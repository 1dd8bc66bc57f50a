/**
 * The whole way of a report through the hands of everybody, each in a browser of their own: reported on a phone by somebody new,
 * carried to a reply, rated badly, done again, rated well.
 */
import { act, expect, openCase, test, type Page } from "./desk.ts";
import { addPhotos, freshPhone, ownCase, PHOTOS, prove } from "./phone.ts";

const WORDS = "银雀山路东段的路灯有五盏不亮，已经一个星期了，晚上看不清路。";
const FIRST_REPLY = "您反映的五盏路灯已更换灯泡，恢复照明。";
const SECOND_REPLY = "剩下的一盏是线路老化，已换新线，五盏路灯今晚全部点亮。";

/** Of the five grades in words: 2 is 不满意, 5 is 很满意. */
test("a new resident's report is carried to the reply, rated 2, done again and rated 5", async ({ page: phone, sit }) => {
  test.setTimeout(300_000);
  const receipt = await report(phone);

  const clerk = await sit("shouli");
  await clerk.goto("/staff/queues/acceptance");
  await clerk.locator(`a[href*="${receipt}"]`).first().click();
  await expect(clerk.getByText(WORDS)).toBeVisible();
  const photo = clerk.getByRole("button", { name: /照片 1$/ }).locator("img").first();
  await expect.poll(() => photo.evaluate((image: HTMLImageElement) => image.naturalWidth), { message: "the clerk sees the photo" }).toBeGreaterThan(0);
  await act(clerk, "受理");

  const moderator = await sit("neirong");
  await moderate(moderator, receipt);

  const dispatcher = await sit("paidan");
  await openCase(dispatcher, receipt);
  await expect(dispatcher.getByRole("region", { name: "目录建议" })).toContainText("兰山区城市管理局");
  await act(dispatcher, "派单");

  const liaison = await sit("ls-chengguan.lianluo");
  await openCase(liaison, receipt);
  await act(liaison, "签收");

  const handler = await sit("ls-chengguan.chengban");
  await openCase(handler, receipt);
  await act(handler, "登记首次联系", (form) => form.getByRole("textbox", { name: "情况记录" }).fill("电话联系，约好今晚去看。"));
  await act(handler, "更新进展", (form) => form.getByRole("textbox", { name: "内容" }).fill("已到现场，五盏灯的灯泡都要换。"));
  await reply(handler, FIRST_REPLY);

  const leader = await sit("ls-chengguan.fuze");
  await openCase(leader, receipt);
  await act(leader, "签发答复");
  const reviewer = await sit("shenhe");
  await openCase(reviewer, receipt);
  await act(reviewer, "发布答复");
  await moderate(moderator, receipt);

  await isTold(phone, receipt, FIRST_REPLY);
  await rate(phone, "没解决", "不满意", "还有一盏不亮。");
  await expect(phone.getByText(/您不满意，我们重新办理/)).toBeVisible();
  await expect(phone.getByRole("region", { name: "督办到了哪一级" }).locator('[aria-current="step"]')).toContainText("热线督办");

  await openCase(handler, receipt);
  await expect(handler.getByText("第 2 轮").first()).toBeVisible();
  await expect(handler.getByText("还有一盏不亮。").first()).toBeVisible();
  await act(handler, "登记首次联系", (form) => form.getByRole("textbox", { name: "情况记录" }).fill("上门道歉，说明今晚换线。"));
  await reply(handler, SECOND_REPLY);
  await openCase(leader, receipt);
  await act(leader, "签发答复");
  await openCase(reviewer, receipt);
  await act(reviewer, "发布答复");
  await moderate(moderator, receipt);

  await isTold(phone, receipt, SECOND_REPLY);
  await rate(phone, "解决了", "很满意", "全亮了，谢谢！");
  await expect(phone.getByText("办结").first()).toBeVisible();

  await openCase(handler, receipt);
  await expect(handler.getByText("办结").first()).toBeVisible();
});

/** Registers with a new number and reports with a photo and the phone's position; answers the receipt number. */
async function report(phone: Page): Promise<string> {
  await phone.goto("/");
  await phone.getByRole("link", { name: "拍照报告问题" }).tap();
  await addPhotos(phone, PHOTOS.slice(0, 1));
  await phone.getByRole("textbox", { name: "什么问题" }).fill(WORDS);
  await phone.getByRole("button", { name: "定位" }).tap();
  await expect(phone.getByText("误差约 12 米")).toBeVisible();
  await expect(phone.getByText("将由兰山区城市管理局受理")).toBeVisible();
  await phone.getByRole("button", { name: "提交" }).tap();
  await prove(phone, freshPhone());
  await expect(phone.getByRole("heading", { name: "已经收到" })).toBeVisible();
  const receipt = (await phone.getByText(/^LY-[0-9A-Z-]+$/).innerText()).trim();
  await expect.poll(async () => (await ownCase(phone, receipt)).photos.map((photo) => typeof photo.id), { message: "the photo follows the case" }).toEqual(["string"]);
  return receipt;
}

/** Lets everything of the case be seen that waits for a moderator. */
async function moderate(moderator: Page, receipt: string): Promise<void> {
  await moderator.goto(`/staff/moderation/${receipt}`);
  await moderator.getByRole("button", { name: "没有决定的全部公开" }).click();
  await moderator.getByRole("button", { name: "提交决定" }).click();
  await expect(moderator.getByText(`${receipt} 已经处理。`)).toBeVisible();
}

async function reply(handler: Page, words: string): Promise<void> {
  await act(handler, "提交答复", async (form) => {
    await form.getByRole("textbox", { name: "内容" }).fill(words);
    await form.getByLabel("办理前的照片").setInputFiles(PHOTOS[0] ?? "");
    await form.getByLabel("办理后的照片").setInputFiles(PHOTOS[1] ?? "");
    await expect(form.getByText("照片 1")).toHaveCount(2);
  });
}

/** The inbox counts something new; from it the resident comes to the case with its reply. */
async function isTold(phone: Page, receipt: string, words: string): Promise<void> {
  await phone.goto("/");
  const tab = phone.getByRole("link", { name: "消息" });
  await expect(tab).toContainText(/\d+ 条未读/);
  await tab.tap();
  await phone.getByRole("listitem").filter({ hasText: "已经答复，请您看看并评价" }).first().getByRole("link").tap();
  await expect(phone).toHaveURL(new RegExp(receipt));
  await expect(phone.getByText(words)).toBeVisible();
}

async function rate(phone: Page, solved: string, satisfied: string, comment: string): Promise<void> {
  await phone.getByRole("link", { name: "评价处理结果" }).tap();
  await phone.getByRole("group", { name: "问题解决了吗？" }).getByText(solved, { exact: true }).tap();
  await phone.getByRole("group", { name: "对结果满意吗？" }).getByText(satisfied, { exact: true }).tap();
  await phone.getByRole("textbox", { name: /想说的话/ }).fill(comment);
  await phone.getByRole("button", { name: "提交评价" }).tap();
}
