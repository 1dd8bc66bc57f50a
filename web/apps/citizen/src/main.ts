import { createApp } from "vue";
import App from "./App.vue";
import { router } from "./router.ts";
import { showAsBefore } from "./session/appearance.ts";
import { keepSending } from "./outbox/send.ts";
import { keepOffline } from "./session/offline.ts";
import { speakAsBefore } from "./words/index.ts";
import "./design/tokens.css";
import "./design/base.css";

showAsBefore();
void speakAsBefore();
createApp(App).use(router).mount("#app");
keepSending();
keepOffline();
