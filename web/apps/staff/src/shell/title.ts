/** What the window is called: the list or room, then whose house it is. */
import type { RouteLocationNormalizedLoaded } from "vue-router";
import { codes, named, words } from "../words/index.ts";
import { ROOMS } from "./rooms.ts";

export function titleOf(route: RouteLocationNormalizedLoaded): string {
  const room = roomOf(route);
  const receipt = route.params["receipt"];
  return [typeof receipt === "string" ? receipt : "", room, words.value.app.name].filter((part) => part !== "").join(" · ");
}

function roomOf(route: RouteLocationNormalizedLoaded): string {
  switch (route.name) {
    case "queue":
      return named(codes.value.queue, String(route.params["queue"]));
    case "bench":
      return named(codes.value.tier, String(route.params["tier"]));
    case "moderation":
      return words.value.rooms.moderation;
    case "me":
      return words.value.rooms.me;
    case "sign-in":
      return words.value.session.signIn;
    default: {
      const room = ROOMS.find((one) => one.to.name === route.name);
      return room === undefined ? "" : words.value.rooms[room.word];
    }
  }
}
