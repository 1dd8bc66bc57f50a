/**
 * A case that nobody touches climbs from tier to tier while the city's clock runs ahead. Each of the five supervisors does something
 * about it at the own bench, which moves nobody; the resident's page shows each tier with its holder.
 */
import { expect, test, type Page } from "./desk.ts";
import { addPhotos, freshPhone, ownCase, PHOTOS, prove } from "./phone.ts";
import { startProgram, type Program } from "./server.ts";

/** Becomes the title. */
const WORDS = "健康路东段的路灯没有人管";

interface Tier {
  name: string;
  username: string;
  bench: string;
  tool: string;
  did: string;
}

const TIERS: readonly Tier[] = [
  { name: "热线督办", username: "rexian", bench: "hotline", tool: "电话督办", did: "已电话催促受理，请今天看一看。" },
  { name: "媒体督办", username: "meiti", bench: "media", tool: "现场走访", did: "记者到现场走访，路灯仍然不亮。" },
  { name: "政务督办", username: "zhengwu", bench: "government", tool: "现场会", did: "请有关单位到现场开会，定下分工。" },
  { name: "人大政协督办", username: "daibiao", bench: "deputies", tool: "代表委员视察", did: "组织代表委员夜间视察。" },
  { name: "纪委督办", username: "jijian", bench: "discipline", tool: "卷宗记录", did: "已调取受理和派单记录。" },
];

/** The city looks every three seconds at what fell due. */
const SWEPT_MS = 8_000;
/** So far the clock goes at a time once a limit is over: cards are given when the next working day begins. */
const STEP_MINUTES = 6 * 60;
const MOST_STEPS = 60;

let program: Program;
const before = { base: process.env["SHOUFA_BASE"], log: process.env["SHOUFA_LOG"] };
let ahead = 0;

test.beforeAll(async () => {
  test.setTimeout(200_000);
  program = await startProgram();
  process.env["SHOUFA_BASE"] = program.base;
  process.env["SHOUFA_LOG"] = program.log;
});

test.afterAll(async () => {
  process.env["SHOUFA_BASE"] = before.base;
  process.env["SHOUFA_LOG"] = before.log;
  await program?.stop();
});

test("a case that nobody touches climbs, and the five supervisors act at their benches", async ({ page: phone, sit }) => {
  test.setTimeout(600_000);
  const receipt = await report(phone);
  const ladder = phone.getByRole("region", { name: "督办到了哪一级" });
  for (const [index, tier] of TIERS.entries()) {
    await untilTier(phone, receipt, index + 1);
    await phone.goto(`/cases/${receipt}`);
    const holding = ladder.locator('[aria-current="step"]');
    await expect(holding).toContainText(tier.name);
    await expect(holding).toContainText("现在");
    await expect(ladder.getByRole("listitem")).toHaveCount(TIERS.length);

    const supervisor = await sit(tier.username);
    await supervisor.goto(`/staff/benches/${tier.bench}`);
    await supervisor.getByRole("link", { name: WORDS }).click();
    await expect(supervisor.getByText(receipt).first()).toBeVisible();
    await supervisor.getByText(tier.tool, { exact: true }).click();
    await supervisor.getByRole("textbox", { name: "做了什么，结果怎样" }).fill(tier.did);
    await supervisor.getByRole("button", { name: "记下来" }).click();
    await expect(supervisor.getByText(tier.did)).toBeVisible();
    await supervisor.context().close();
  }
  // Those that were climbed are told with what became of them.
  for (const tier of TIERS.slice(0, -1)) await expect(ladder.getByRole("listitem").filter({ hasText: tier.name })).toContainText("已提级");
});

async function report(phone: Page): Promise<string> {
  await phone.goto("/report");
  await addPhotos(phone, PHOTOS.slice(0, 1));
  await phone.getByRole("textbox", { name: "什么问题" }).fill(`${WORDS}，晚上看不清路。`);
  await phone.getByRole("button", { name: "定位" }).tap();
  await expect(phone.getByText("误差约 12 米")).toBeVisible();
  await phone.getByRole("button", { name: "提交" }).tap();
  await prove(phone, freshPhone());
  await expect(phone.getByRole("heading", { name: "已经收到" })).toBeVisible();
  return (await phone.getByText(/^LY-[0-9A-Z-]+$/).innerText()).trim();
}

/** Lets the clock run until the resident's page shows this tier: to the end of the limit that runs now, then on in steps. */
async function untilTier(phone: Page, receipt: string, tier: number): Promise<void> {
  const ladder = phone.getByRole("region", { name: "督办到了哪一级" });
  const isThere = async () => {
    await phone.goto(`/cases/${receipt}`);
    await expect(phone.getByRole("heading", { name: "您的原话" })).toBeVisible();
    return (await ladder.count()) > 0 && (await ladder.locator('[aria-current="step"]').innerText()).includes(TIERS[tier - 1]?.name ?? "");
  };
  // The page is open: its session was renewed after the last leap of the clock.
  await isThere();
  const own = await ownCase(phone, receipt);
  const due = Date.parse(own.supervisions.find((one) => one.tier_number === tier - 1)?.due_at ?? own.due_at ?? "");
  await to(Math.ceil((due - Date.now()) / 60_000) + 1);
  for (let step = 0; step < MOST_STEPS; step += 1) {
    const end = Date.now() + SWEPT_MS;
    while (Date.now() < end) if (await isThere()) return;
    await to(ahead + STEP_MINUTES);
  }
  throw new Error(`the case does not come to tier ${tier}`);
}

async function to(minutes: number): Promise<void> {
  ahead = Math.max(ahead, minutes);
  await program.goAhead(ahead);
}
