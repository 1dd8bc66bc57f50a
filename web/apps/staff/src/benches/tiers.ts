/** The tiers in their order, the first to be climbed first. */
import type { Schemas } from "@shoufa/api";

export const TIERS: readonly Schemas["Tier"][] = ["hotline", "media", "government", "deputies", "discipline"];
