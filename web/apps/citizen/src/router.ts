/** Which address shows which screen. Each screen is fetched when it is first shown. */
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
    { path: "/:rest(.*)*", redirect: "/" },
  ],
});
