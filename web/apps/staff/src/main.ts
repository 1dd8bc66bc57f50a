import { createApp } from "vue";
import App from "./App.vue";
import { router } from "./router.ts";
import { speakAsBefore } from "./words/index.ts";
import "./design/tokens.css";
import "./design/base.css";

await speakAsBefore();
createApp(App).use(router).mount("#app");
