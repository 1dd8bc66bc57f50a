/** Tells the service worker, when the app is built, which files belong to this release. */
import { createHash } from "node:crypto";
import type { Plugin } from "vite";

/** Fetched when it is needed, and only then kept: the map is large, and few use it. */
const LATER = /\/((base|MapPicker|PublicMap)-[^/]*|[^/]*\.png)$/;
/** Kept beside what is built. */
const ALWAYS = ["/manifest.webmanifest", "/icon.svg"];

export function shell(): Plugin {
  return {
    name: "shell",
    apply: "build",
    enforce: "post",
    generateBundle(_options, bundle) {
      const worker = bundle["sw.js"];
      if (worker?.type !== "chunk") throw new Error("the service worker is not built");
      const files = Object.keys(bundle).filter((name) => name.startsWith("assets/") && !LATER.test(name) && !name.endsWith(".map"));
      const addresses = [...files.map((name) => `/${name}`).sort(), ...ALWAYS];
      const release = createHash("sha256").update(addresses.join("\n")).digest("hex").slice(0, 12);
      worker.code = worker.code.replace("%RELEASE%", release).replace("%SHELL%", JSON.stringify(addresses).replaceAll('"', '\\"'));
    },
  };
}
