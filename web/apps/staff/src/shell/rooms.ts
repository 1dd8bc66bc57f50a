/** What stands in the rail below the lists: which rooms whom may want. What may be done in them the server alone decides. */
import type { RouteLocationRaw } from "vue-router";
import type { Schemas } from "@shoufa/api";
import type { IconName } from "../parts/icons.ts";
import type { Words } from "../words/zh-CN.ts";

export interface Room {
  to: RouteLocationRaw & { name: string };
  icon: IconName;
  word: keyof Words["rooms"];
  /** Everybody, when absent. */
  roles?: readonly Schemas["Role"][];
}

const AT_THE_PHONE: readonly Schemas["Role"][] = ["clerk", "follow_up_clerk"];
const CASES: readonly Schemas["Role"][] = [
  "clerk", "dispatcher", "reviewer", "follow_up_clerk", "unit_liaison", "unit_handler", "unit_leader", "hotline_supervisor",
  "media_supervisor", "government_inspector", "deputy_office", "discipline_officer", "moderator",
];

export const ROOMS: readonly Room[] = [
  { to: { name: "calls" }, icon: "phone", word: "calls", roles: AT_THE_PHONE },
  { to: { name: "search" }, icon: "search", word: "search", roles: CASES },
  { to: { name: "knowledge" }, icon: "book", word: "knowledge" },
  { to: { name: "templates" }, icon: "note", word: "templates", roles: ["knowledge_editor", "unit_handler", "unit_leader", "reviewer"] },
  { to: { name: "rights" }, icon: "shield", word: "rights", roles: ["privacy_officer"] },
  { to: { name: "people" }, icon: "people", word: "people", roles: ["security_admin"] },
  { to: { name: "units" }, icon: "building", word: "units" },
  { to: { name: "categories" }, icon: "tag", word: "categories" },
  { to: { name: "policies" }, icon: "scale", word: "policies", roles: ["system_admin", "hotline_supervisor"] },
  { to: { name: "dead-letters" }, icon: "mail", word: "deadLetters", roles: ["system_admin"] },
  { to: { name: "audit" }, icon: "fileCheck", word: "audit", roles: ["audit_admin"] },
];

export const QUEUE_ICONS: Record<Schemas["Queue"], IconName> = {
  acceptance: "inbox",
  information: "wait",
  dispatch: "fork",
  returns: "undo",
  signing: "pen",
  handling: "tool",
  mine: "person",
  signature: "pen",
  extensions: "clock",
  commitments: "calendar",
  review: "fileCheck",
  judgement: "scale",
  closing: "check",
  exclusions: "ban",
  follow_up: "phone",
  look_backs: "refresh",
  flags: "flag",
};
