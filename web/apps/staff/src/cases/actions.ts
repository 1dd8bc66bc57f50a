/**
 * The acts of staff on a case, one line each: what the server calls the act, the operation that does it, and what it asks for.
 * Whether an act may be done now is the server's answer (`allowed_actions`); here is only how it is asked for. The types hold the
 * fields against the document of the API: a field that an operation needs and that is missing here does not compile.
 */
import type { Schemas, paths } from "@shoufa/api";
import { openMilestones, type CaseView, type Field } from "./fields.ts";

type Acts<Prefix extends string> = Extract<{ [P in keyof paths]: paths[P] extends { post: object } ? P : never }[keyof paths], `${Prefix}${string}`>;
type BodyOf<P extends keyof paths> = paths[P] extends { post: { requestBody: { content: { "application/json": infer B } } } } ? B : Record<never, never>;
type FieldsOf<P extends keyof paths> = { readonly [K in keyof BodyOf<P>]: Field };

export type CasePath = Acts<"/api/v1/staff/cases/{receipt_no}/">;
export type OrderPath = Acts<"/api/v1/staff/orders/{id}/">;

export interface ActionForm {
  action: Schemas["Action"];
  on: "case" | "order";
  path: CasePath | OrderPath;
  fields: Readonly<Record<string, Field>>;
  /** Works while the case is open and nothing is typed. */
  key?: string;
  /** Speaks against somebody, or cannot be taken back. */
  grave?: boolean;
  /** The form needs room. */
  wide?: boolean;
  /** Done beside the way of the case: never offered as the next step. */
  aside?: boolean;
}

type More = Pick<ActionForm, "key" | "grave" | "wide" | "aside">;

function onCase<P extends CasePath>(action: Schemas["Action"], path: P, fields: FieldsOf<P>, more: More = {}): ActionForm {
  return { action, on: "case", path, fields: fields as Readonly<Record<string, Field>>, ...more };
}

function onOrder<P extends OrderPath>(action: Schemas["Action"], path: P, fields: FieldsOf<P>, more: More = {}): ActionForm {
  return { action, on: "order", path, fields: fields as Readonly<Record<string, Field>>, ...more };
}

const toRequester = (most = 500): Field => ({ as: "words", most, must: true, readBy: "requester" });
const toColleagues = (most = 500, must = true): Field => ({ as: "words", most, must, readBy: "colleagues" });

/** The causes that a person names; the others the platform finds by itself. */
const BY_HAND: readonly Schemas["Cause"][] = [
  "public_interest", "several_units", "cluster", "needs_policy", "city_wide", "repeated_complaints", "false_closing",
  "identity_leaked", "retaliation", "pressure", "duty_crime",
];

const first = (view: CaseView) => view.suggestions[0];

const REPLY = {
  outcome: { as: "code", list: "outcome", must: true, start: () => "resolved" },
  root_cause: { as: "code", list: "rootCause", must: true, start: () => "facility" },
  text: { as: "reply", most: 2000, must: true, readBy: "requester" },
  photos_before: { as: "photos" },
  photos_after: { as: "photos" },
} satisfies Record<string, Field>;

export const ACTIONS: readonly ActionForm[] = [
  onCase("accept", "/api/v1/staff/cases/{receipt_no}/accept", {
    kind: { as: "code", list: "kind", must: true, start: (view) => view.kind },
    category: { as: "category", must: true, start: (view) => view.category ?? "" },
    region: { as: "region", start: (view) => view.place.region ?? "" },
    urgency: { as: "code", list: "urgency", must: true, start: (view) => view.urgency },
    visibility: { as: "code", list: "visibility", must: true, start: (view) => view.visibility },
    complained_unit: { as: "unit", start: (view) => view.complained_unit ?? "" },
    complex: { as: "yes" },
    concerns_minor: { as: "yes" },
  }, { key: "a" }),
  onCase("answer_directly", "/api/v1/staff/cases/{receipt_no}/answer", {
    article: { as: "article", must: true },
    text: { as: "words", most: 2000, readBy: "requester", label: "wordsBefore" },
  }),
  onCase("ask_information", "/api/v1/staff/cases/{receipt_no}/ask-information", { question: toRequester() }, { key: "q" }),
  onCase("hand_off", "/api/v1/staff/cases/{receipt_no}/hand-off", {
    receiver: { as: "line", most: 60, must: true, readBy: "requester" },
    acknowledgement: { as: "words", most: 500, readBy: "colleagues" },
  }),
  onCase("refuse", "/api/v1/staff/cases/{receipt_no}/refuse", { reason: toRequester(), lawful_path: toRequester() }, { grave: true }),
  onCase("dispatch", "/api/v1/staff/cases/{receipt_no}/dispatch", {
    lead: { as: "unit", label: "lead", start: (view) => first(view)?.lead ?? "" },
    co: { as: "units", most: 6, start: (view) => first(view)?.co ?? [] },
    reason: { as: "words", most: 500, readBy: "colleagues", start: (view) => first(view)?.reason ?? "" },
  }, { key: "d" }),
  onCase("designate", "/api/v1/staff/cases/{receipt_no}/designate", {
    lead: { as: "unit", must: true, label: "lead", start: (view) => first(view)?.lead ?? "" },
    co: { as: "units", most: 6 },
    reason: toColleagues(),
  }),
  onOrder("sign_for", "/api/v1/staff/orders/{id}/sign-for", {}, { key: "s" }),
  onOrder("request_return", "/api/v1/staff/orders/{id}/return", { legal_basis: toColleagues(), reason: toColleagues(500, false) }, { grave: true }),
  onOrder("approve_return", "/api/v1/staff/orders/{id}/return-approval", { reason: toColleagues() }),
  onOrder("deny_return", "/api/v1/staff/orders/{id}/return-refusal", { reason: toColleagues() }, { grave: true }),
  onOrder("assign", "/api/v1/staff/orders/{id}/assign", { handler: { as: "handler" }, unit: { as: "unit", label: "toUnit" } }),
  onOrder("record_contact", "/api/v1/staff/orders/{id}/contact", {
    how: { as: "code", list: "contactWay", must: true, start: () => "phone" },
    note: toColleagues(),
  }, { key: "c" }),
  onOrder("add_progress", "/api/v1/staff/orders/{id}/progress", {
    text: { as: "words", most: 500, must: true },
    public: { as: "yes", label: "forRequester", start: () => true },
    photos: { as: "photos" },
  }, { key: "p" }),
  onOrder("submit_reply", "/api/v1/staff/orders/{id}/reply", REPLY, { key: "w", wide: true }),
  onOrder("fulfil", "/api/v1/staff/orders/{id}/fulfilment", REPLY, { wide: true }),
  onOrder("request_extension", "/api/v1/staff/orders/{id}/extension", {
    working_days: { as: "number", from: 1, to: 10, must: true, start: () => "3" },
    reason: toColleagues(),
  }),
  onOrder("approve_extension", "/api/v1/staff/orders/{id}/extension-approval", { reason: toRequester() }),
  onOrder("deny_extension", "/api/v1/staff/orders/{id}/extension-refusal", { reason: toColleagues() }, { grave: true }),
  onOrder("request_commitment", "/api/v1/staff/orders/{id}/commitment", {
    promised_day: { as: "day", must: true },
    milestones: { as: "steps", must: true, readBy: "everybody" },
    reason: toColleagues(),
  }),
  onOrder("commit", "/api/v1/staff/orders/{id}/commitment-approval", {}),
  onOrder("reach_milestone", "/api/v1/staff/orders/{id}/milestone", {
    milestone: { as: "milestone", must: true, start: (view) => openMilestones(view)[0]?.place ?? "" },
    text: { as: "words", most: 500, must: true, readBy: "requester", label: "reached" },
    photos: { as: "photos" },
  }),
  onOrder("deny_commitment", "/api/v1/staff/orders/{id}/commitment-refusal", { reason: toColleagues() }, { grave: true }),
  onOrder("sign_reply", "/api/v1/staff/orders/{id}/reply-signature", {}, { key: "s" }),
  onOrder("decline_reply", "/api/v1/staff/orders/{id}/reply-refusal", { reason: toColleagues() }, { grave: true }),
  onCase("release_reply", "/api/v1/staff/cases/{receipt_no}/reply-release", {}, { key: "g" }),
  onCase("send_back", "/api/v1/staff/cases/{receipt_no}/send-back", { reason: toColleagues() }, { grave: true, key: "b" }),
  onCase("rate_satisfied", "/api/v1/staff/cases/{receipt_no}/follow-up-rating", {
    grade: { as: "grade", must: true },
    resolved: { as: "code", list: "resolved", must: true },
    attitude: { as: "grade" },
    speed: { as: "grade" },
    comment: { as: "words", most: 500 },
  }),
  onCase("attempt_follow_up", "/api/v1/staff/cases/{receipt_no}/follow-up-attempt", { note: toColleagues() }),
  onCase("uphold_demand", "/api/v1/staff/cases/{receipt_no}/demand-judgement", { reasonable: { as: "fixed", value: true }, reason: toColleagues() }),
  onCase("dismiss_demand", "/api/v1/staff/cases/{receipt_no}/demand-judgement", { reasonable: { as: "fixed", value: false }, reason: toColleagues() }, { grave: true }),
  onCase("request_close_explained", "/api/v1/staff/cases/{receipt_no}/close-explained", { legal_basis: toRequester(), reason: toColleagues(500, false) }),
  onCase("close_explained", "/api/v1/staff/cases/{receipt_no}/close-explained-approval", { reason: toRequester() }),
  onCase("deny_close_explained", "/api/v1/staff/cases/{receipt_no}/close-explained-refusal", { reason: toColleagues() }, { grave: true }),
  onCase("request_exclusion", "/api/v1/staff/cases/{receipt_no}/exclusion", { exclusion: { as: "code", list: "exclusion", must: true }, note: toColleagues() }, { aside: true }),
  onCase("approve_exclusion", "/api/v1/staff/cases/{receipt_no}/exclusion-approval", { reason: toColleagues() }),
  onCase("deny_exclusion", "/api/v1/staff/cases/{receipt_no}/exclusion-refusal", { reason: toColleagues() }, { grave: true }),
  onCase("reopen", "/api/v1/staff/cases/{receipt_no}/reopening", { reason: toRequester() }),
  onCase("merge", "/api/v1/staff/cases/{receipt_no}/merge", {
    primary: { as: "receipt", must: true, start: (view) => view.duplicates[0]?.receipt_no ?? "" },
    reason: toColleagues(),
  }, { aside: true }),
  onCase("split", "/api/v1/staff/cases/{receipt_no}/split", { reason: toColleagues() }, { aside: true }),
  onCase("look_back", "/api/v1/staff/cases/{receipt_no}/look-back", {
    finding: { as: "code", list: "finding", must: true },
    note: toColleagues(2000),
  }),
  onCase("add_information", "/api/v1/staff/cases/{receipt_no}/additions", { text: { as: "words", most: 2000, must: true, label: "callersWords" }, photos: { as: "photos" } }, { aside: true }),
  onCase("supervise", "/api/v1/staff/cases/{receipt_no}/supervision", {
    cause: { as: "code", list: "cause", only: BY_HAND, must: true },
    reason: toColleagues(),
  }, { grave: true, aside: true }),
  onCase("tighten_visibility", "/api/v1/staff/cases/{receipt_no}/visibility", {
    visibility: { as: "code", list: "visibility", only: ["private", "confidential"], must: true },
    reason: toRequester(),
  }, { aside: true }),
];
