/**
 * How each act of a requester is asked for and sent. Whether it is possible, how it is called and why not is said by the
 * server (`allowed_actions`).
 */
import { data, type Schemas } from "@shoufa/api";
import { sendPhoto } from "../photos/send.ts";
import { api } from "../session/session.ts";
import type { KeptPhoto } from "../outbox/store.ts";
import type { IconName } from "../parts/AppIcon.vue";

type Action = Schemas["Action"];

/** What a form asks before the act is sent. */
export interface Act {
  words: "none" | "needed" | "optional";
  most: number;
  photos: boolean;
  /** The purpose of a consent that goes with it. */
  consent: Schemas["ConsentPurpose"] | null;
  icon: IconName;
  /** Taking something back: said in red, and never first. */
  grave: boolean;
}

const QUICK: Act = { words: "none", most: 0, photos: false, consent: null, icon: "horn", grave: false };
const TELL: Act = { words: "needed", most: 2000, photos: true, consent: null, icon: "note", grave: false };
const WHY: Act = { words: "needed", most: 500, photos: false, consent: null, icon: "note", grave: false };

/** In the order in which they are offered. */
export const ACTS = {
  supply_information: TELL,
  add_information: TELL,
  urge: QUICK,
  reopen: WHY,
  appeal_refusal: WHY,
  ask_media: { ...QUICK, consent: "media_contact", icon: "people" },
  withdraw: { ...WHY, words: "optional", grave: true, icon: "close" },
} as const satisfies Partial<Record<Action, Act>>;

export type ActName = keyof typeof ACTS;

export function isAct(action: Action): action is ActName {
  return action in ACTS;
}

export interface ActInput {
  words: string;
  photos: readonly KeptPhoto[];
}

/** Has the act done, once for the key, however often it is sent. */
export async function perform(name: ActName, receipt_no: string, key: string, input: ActInput): Promise<void> {
  const params = { path: { receipt_no }, header: { "Idempotency-Key": key } };
  const text = input.words.trim();
  const told = { text, photos: input.photos.map((photo) => photo.sha256) };
  switch (name) {
    case "urge":
      await data(api.POST("/api/v1/cases/{receipt_no}/urge", { params }));
      break;
    case "supply_information":
      await data(api.POST("/api/v1/cases/{receipt_no}/information", { params, body: told }));
      break;
    case "add_information":
      await data(api.POST("/api/v1/cases/{receipt_no}/additions", { params, body: told }));
      break;
    case "withdraw":
      await data(api.POST("/api/v1/cases/{receipt_no}/withdrawal", { params, body: { reason: text || null } }));
      break;
    case "reopen":
      await data(api.POST("/api/v1/cases/{receipt_no}/reopening", { params, body: { reason: text } }));
      break;
    case "appeal_refusal":
      await data(api.POST("/api/v1/cases/{receipt_no}/appeal", { params, body: { reason: text } }));
      break;
    case "ask_media":
      await data(api.POST("/api/v1/cases/{receipt_no}/media-supervision", { params, body: { media_contact: true } }));
      break;
  }
  for (const { sha256, blob } of input.photos) await sendPhoto(sha256, blob);
}
