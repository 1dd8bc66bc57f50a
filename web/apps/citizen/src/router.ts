/** Which address shows which screen. Each screen is fetched when it is first shown. */
import { nextTick } from "vue";
import { createRouter, createWebHistory } from "vue-router";

declare module "vue-router" {
  interface RouteMeta {
    /** One of the five places, with the tab bar. */
    tab?: boolean;
  }
}

export const router = createRouter({
  history: createWebHistory(),
  scrollBehavior: (_to, _from, kept) => kept ?? { top: 0 },
  routes: [
    { path: "/", component: () => import("./screens/HomeScreen.vue"), meta: { tab: true } },
    { path: "/nearby", component: () => import("./screens/NearbyScreen.vue"), meta: { tab: true } },
    { path: "/inbox", component: () => import("./screens/InboxScreen.vue"), meta: { tab: true } },
    { path: "/mine", component: () => import("./screens/MineScreen.vue"), meta: { tab: true } },
    { path: "/report", component: () => import("./screens/ReportScreen.vue") },
    { path: "/sent/:id", component: () => import("./screens/SentScreen.vue"), props: true },
    { path: "/cases/:receipt", component: () => import("./screens/CaseScreen.vue"), props: true },
    { path: "/cases/:receipt/rating", component: () => import("./screens/RatingScreen.vue"), props: true },
    { path: "/look-up", component: () => import("./screens/LookUpScreen.vue") },
    { path: "/sign-in", component: () => import("./screens/SignInScreen.vue") },
    { path: "/settings", component: () => import("./screens/SettingsScreen.vue") },
    { path: "/privacy", component: () => import("./screens/PrivacyScreen.vue") },
    { path: "/refusals", component: () => import("./screens/RefusalsScreen.vue") },
    { path: "/:rest(.*)*", component: () => import("./screens/NowhereScreen.vue") },
  ],
});

/** Who hears the page or uses keys is taken to the title of the new screen; the page's title says it too. */
router.afterEach(async (to, from) => {
  if (from.matched.length === 0 || to.path === from.path) return;
  await nextTick();
  document.querySelector<HTMLElement>("#content h1")?.focus({ preventScroll: true });
});

const RELOADED = "reloaded-for";

/** A screen of an older release is gone from the server: the page is fetched anew, once, at the address that was wanted. */
router.onError((_problem, to) => {
  if (!navigator.onLine || sessionStorage.getItem(RELOADED) === to.fullPath) return;
  sessionStorage.setItem(RELOADED, to.fullPath);
  location.assign(to.fullPath);
});
