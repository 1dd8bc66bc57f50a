/** Makes of a picture what is sent: upright, at most 2048 pixels a side, JPEG, without metadata, and its hash. */
import type { KeptPhoto } from "../outbox/store.ts";
import { Unreadable } from "./unreadable.ts";

const MOST_PIXELS = 2048;
const QUALITY = 0.8;


export async function shrink(file: Blob): Promise<KeptPhoto> {
  let picture: ImageBitmap;
  try {
    picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch {
    throw new Unreadable();
  }
  const scale = Math.min(1, MOST_PIXELS / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  canvas.getContext("2d")?.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  const blob = await new Promise<Blob | null>((made) => canvas.toBlob(made, "image/jpeg", QUALITY));
  if (blob === null) throw new Unreadable();
  return { blob, sha256: await sha256(blob) };
}

async function sha256(blob: Blob): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", await blob.arrayBuffer());
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
