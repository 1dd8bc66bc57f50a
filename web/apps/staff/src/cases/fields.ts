/** What the forms of the acts are made of. A field knows how it is asked for; what it may hold the server says. */
import type { Schemas } from "@shoufa/api";
import type { Codes } from "../words/codes.ts";
import type { Words } from "../words/zh-CN.ts";

export type CaseView = Schemas["StaffCaseView"];
export type Label = keyof Words["field"];

/** Who reads what is typed: said beside the field. */
export type ReadBy = "requester" | "colleagues" | "everybody";

interface Common {
  label?: Label;
  /** Asked for before sending; the others may stay empty. */
  must?: boolean;
  readBy?: ReadBy;
  /** What the field begins with. */
  start?: (view: CaseView) => unknown;
}

export type Field = Common &
  (
    | { as: "line" | "words" | "reply"; most: number }
    | { as: "code"; list: keyof Codes; only?: readonly string[] }
    | { as: "category" | "region" | "article" | "receipt" | "handler" | "steps" | "milestone" | "day" | "yes" | "photos" }
    | { as: "units"; most: number }
    | { as: "unit" }
    | { as: "number"; from: number; to: number }
    | { as: "grade" }
    | { as: "fixed"; value: unknown }
  );

export interface OpenMilestone {
  /** Its place in the promise, 1 for the first. */
  place: string;
  step: Schemas["MilestoneView"];
}

/** The steps of the promise that nobody has reported as reached. */
export function openMilestones(view: CaseView): OpenMilestone[] {
  const steps = view.commitment?.milestones ?? [];
  return steps.map((step, at) => ({ place: String(at + 1), step })).filter(({ step }) => !step.reached_at);
}

/** What a form holds while it is filled in. */
export type Values = Record<string, unknown>;

export function begin(fields: Readonly<Record<string, Field>>, view: CaseView): Values {
  return Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, field.as === "fixed" ? field.value : (field.start?.(view) ?? empty(field))]));
}

function empty(field: Field): unknown {
  switch (field.as) {
    case "units":
    case "photos":
      return [];
    case "steps":
      return [{ day: "", text: "" }];
    case "yes":
      return false;
    default:
      return "";
  }
}

/** What is sent: without what was left empty. */
export function body(fields: Readonly<Record<string, Field>>, values: Values): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, field]) => {
      const value = sent(field, values[name]);
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

function sent(field: Field, value: unknown): unknown {
  if (typeof value === "string") {
    const trimmed = value.trim();
    if (trimmed === "") return undefined;
    return field.as === "number" || field.as === "grade" || field.as === "milestone" ? Number(trimmed) : trimmed;
  }
  if (Array.isArray(value) && field.as === "steps") return (value as Schemas["Milestone"][]).filter((step) => step.day !== "" && step.text.trim() !== "");
  if (Array.isArray(value) && value.length === 0) return undefined;
  return value;
}

/** The fields that must be filled in and are not. */
export function missing(fields: Readonly<Record<string, Field>>, values: Values): string[] {
  return Object.entries(fields).flatMap(([name, field]) => {
    if (field.must !== true) return [];
    const value = sent(field, values[name]);
    return value === undefined || (Array.isArray(value) && value.length === 0) ? [name] : [];
  });
}
