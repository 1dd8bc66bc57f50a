/** Sends an act: under the version that was read, and under one key however often it is sent. */
import { data, type Schemas } from "@shoufa/api";
import { api } from "../session/session.ts";
import type { ActionForm } from "./actions.ts";

export interface Sending {
  receipt: string;
  order: string | undefined;
  version: number;
  key: string;
  body: Record<string, unknown>;
}

export function perform(form: ActionForm, sending: Sending): Promise<Schemas["CaseStepView"]> {
  const path = form.on === "case" ? { receipt_no: sending.receipt } : { id: sending.order ?? "" };
  const header = { "Idempotency-Key": sending.key, "If-Match": `"${sending.version}"` };
  const hasBody = Object.keys(form.fields).length > 0;
  // One table for all acts: its types were held against the document where its lines were written.
  const post = api.POST as (path: string, init: object) => Promise<{ data?: Schemas["CaseStepView"]; error?: unknown; response: Response }>;
  return data(post(form.path, { params: { path, header }, ...(hasBody ? { body: sending.body } : {}) }));
}

/** Sends a photo and answers the name by which reports and replies call it. */
export async function sendPhoto(file: Blob): Promise<string> {
  const bytes = await file.arrayBuffer();
  const digest = await crypto.subtle.digest("SHA-256", bytes);
  const sha256 = Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
  const post = api.POST as (path: string, init: object) => Promise<{ data?: unknown; error?: unknown; response: Response }>;
  await data(
    post("/api/v1/photos", {
      params: { query: { sha256 } },
      body: bytes,
      bodySerializer: (body: ArrayBuffer) => body,
      headers: { "Content-Type": "application/octet-stream" },
    }),
  );
  return sha256;
}
