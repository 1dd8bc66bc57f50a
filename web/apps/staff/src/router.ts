/** Which address shows which room. Each room is fetched when it is first entered. */
import { createRouter, createWebHistory, type RouteLocation, type RouteRecordRaw } from "vue-router";
import { stage } from "./session/session.ts";

const doors: RouteRecordRaw[] = [
  { path: "/sign-in", name: "sign-in", component: () => import("./session/SignInScreen.vue"), meta: { door: true } },
  { path: "/password", name: "password", component: () => import("./session/PasswordScreen.vue"), meta: { door: true } },
  { path: "/second-factor", name: "second-factor", component: () => import("./session/SecondFactorScreen.vue"), meta: { door: true } },
];

/** The parts of the address that are there: the router writes absent ones as empty. */
function given(to: RouteLocation): Record<string, unknown> {
  return Object.fromEntries(Object.entries(to.params).filter(([, value]) => value !== ""));
}

const rooms: RouteRecordRaw[] = [
  { path: "/", name: "home", component: () => import("./desk/HomeScreen.vue") },
  { path: "/queues/:queue/:receipt?", name: "queue", component: () => import("./queues/QueueScreen.vue"), props: given },
  { path: "/cases/:receipt", name: "case", component: () => import("./cases/CaseScreen.vue"), props: given },
  { path: "/benches/:tier/:id?", name: "bench", component: () => import("./benches/BenchScreen.vue"), props: given },
  { path: "/moderation/:receipt?", name: "moderation", component: () => import("./moderation/ModerationScreen.vue"), props: given },
  { path: "/search", name: "search", component: () => import("./desk/SearchScreen.vue") },
  { path: "/calls", name: "calls", component: () => import("./desk/CallScreen.vue") },
  { path: "/knowledge", name: "knowledge", component: () => import("./desk/KnowledgeScreen.vue") },
  { path: "/templates", name: "templates", component: () => import("./desk/TemplatesScreen.vue") },
  { path: "/rights", name: "rights", component: () => import("./desk/RightsScreen.vue") },
  { path: "/me", name: "me", component: () => import("./session/OwnAccountScreen.vue") },
  { path: "/people/:id?", name: "people", component: () => import("./admin/PeopleScreen.vue"), props: given },
  { path: "/units", name: "units", component: () => import("./admin/UnitsScreen.vue") },
  { path: "/categories", name: "categories", component: () => import("./admin/CategoriesScreen.vue") },
  { path: "/policies", name: "policies", component: () => import("./admin/PoliciesScreen.vue") },
  { path: "/dead-letters", name: "dead-letters", component: () => import("./admin/DeadLettersScreen.vue") },
  { path: "/audit", name: "audit", component: () => import("./admin/AuditScreen.vue") },
  { path: "/:rest(.*)*", name: "nowhere", component: () => import("./desk/NowhereScreen.vue") },
];

export const router = createRouter({ history: createWebHistory("/staff/"), routes: [...doors, ...rooms] });

router.beforeEach((to) => {
  const wanted = { out: "sign-in", password: "password", "second-factor": "second-factor", in: null }[stage.value];
  if (wanted === null) return to.name === "sign-in" ? { name: "home" } : true;
  return to.name === wanted ? true : { name: wanted, query: to.meta["door"] === true ? to.query : { next: to.fullPath } };
});
