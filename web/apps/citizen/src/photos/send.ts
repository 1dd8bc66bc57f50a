/** Sends a photo; the server knows it by its hash and takes it once. */
import { data } from "@shoufa/api";
import { api } from "../session/session.ts";

export async function sendPhoto(sha256: string, blob: Blob): Promise<void> {
  await data(
    api.POST("/api/v1/photos", {
      params: { query: { sha256 } },
      headers: { "Content-Type": "image/jpeg" },
      body: blob as never,
      bodySerializer: (body) => body as never,
    }),
  );
}
