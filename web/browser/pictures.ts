/**
 * Pictures of the screens, when `SHOTS` is set: `docs` writes one of each into `docs/screens/` (residents' in light, the most seen
 * also in the other looks); a folder's path writes each look of each there. WebP, which Chromium itself makes from what it shows.
 */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "@playwright/test";

const WANTED = process.env["SHOTS"];
const DOCS = join(import.meta.dirname, "../../docs/screens");
const QUALITY = 0.8;
/** The look that each screen is shown in. */
const PLAIN: ReadonlySet<string> = new Set(["light", "desk", "phone"]);
/** Shown in the other looks too. */
const OFTEN_SEEN: ReadonlySet<string> = new Set(["home", "report", "case-supervised", "rating", "desk-dispatch-case"]);

export async function picture(page: Page, name: string, look: string): Promise<void> {
  if (!WANTED) return;
  if (WANTED === "docs" && !PLAIN.has(look) && !OFTEN_SEEN.has(name)) return;
  const folder = WANTED === "docs" ? DOCS : WANTED;
  await mkdir(folder, { recursive: true });
  const suffix = look === "light" || look === "desk" ? "" : `-${look}`;
  await writeFile(join(folder, `${name}${suffix}.webp`), await asWebp(page, await page.screenshot()));
}

/** In a page of its own: the program's policy lets no page read what it is not meant to. */
async function asWebp(page: Page, png: Buffer): Promise<Buffer> {
  const browser = page.context().browser();
  if (browser === null) throw new Error("a picture needs the browser of its page");
  const blank = await browser.newPage();
  const packed = await blank.evaluate(
    async ([png, quality]) => {
      const bytes = Uint8Array.from(atob(png), (letter) => letter.charCodeAt(0));
      const image = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
      const canvas = new OffscreenCanvas(image.width, image.height);
      canvas.getContext("2d")?.drawImage(image, 0, 0);
      const blob = await canvas.convertToBlob({ type: "image/webp", quality });
      const made = new Uint8Array(await blob.arrayBuffer());
      return btoa(made.reduce((text, byte) => text + String.fromCharCode(byte), ""));
    },
    [png.toString("base64"), QUALITY] as const,
  );
  await blank.close();
  return Buffer.from(packed, "base64");
}
