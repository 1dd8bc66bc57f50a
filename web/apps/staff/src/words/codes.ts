/** The codes that people read as words. Closed lists are the API's own types, so that a new code without a word fails the check. */
import type { Schemas } from "@shoufa/api";

type Named<K extends string> = Readonly<Record<K, string>>;

export interface Codes {
  readonly queue: Named<Schemas["Queue"]>;
  readonly tier: Named<Schemas["Tier"]>;
  readonly tool: Named<Schemas["Tool"]>;
  readonly result: Named<Schemas["SupervisionResult"]>;
  readonly cause: Named<Schemas["Cause"]>;
  readonly kind: Named<Schemas["CaseKind"]>;
  readonly urgency: Named<Schemas["Urgency"]>;
  readonly visibility: Named<Schemas["Visibility"]>;
  readonly dueState: Named<Schemas["DueState"]>;
  readonly outcome: Named<Schemas["Outcome"]>;
  readonly rootCause: Named<Schemas["RootCause"]>;
  readonly exclusion: Named<Schemas["ExclusionReason"]>;
  readonly contactWay: Named<Schemas["ContactWay"]>;
  readonly finding: Named<Schemas["LookBackFinding"]>;
  readonly resolved: Named<Schemas["Resolved"]>;
  readonly clock: Named<Schemas["ClockKind"]>;
  readonly state: Named<Schemas["CaseState"]>;
  readonly role: Named<Schemas["Role"]>;
  readonly mask: Named<Schemas["MaskKind"]>;
  readonly flagDecision: Named<Schemas["FlagDecision"]>;
  readonly cityData: Named<Schemas["PreviewedKind"]>;
  readonly rightsKind: Named<Schemas["RightsRequestKind"]>;
  readonly rightsOutcome: Named<Schemas["RightsOutcome"]>;
  readonly regionLevel: Named<Schemas["RegionLevel"]>;
  readonly unitLevel: Named<Schemas["UnitLevel"]>;
  readonly photo: Readonly<Record<string, string>>;
  readonly stage: Readonly<Record<string, string>>;
  readonly replyState: Readonly<Record<string, string>>;
  readonly publication: Readonly<Record<string, string>>;
  readonly channel: Readonly<Record<string, string>>;
  readonly accountStatus: Readonly<Record<string, string>>;
}
