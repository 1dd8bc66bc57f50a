/**
 * Keeps the app on the phone, so that it opens without network: its files as they were built, all of one release together,
 * and the few public lists that a report is written with. Nothing of a person is kept here; reports are the page's matter.
 */
const worker = self as unknown as ServiceWorkerGlobalScope;

/** Put in when the app is built: a name for the release, and the files of the shell. */
const RELEASE = "%RELEASE%";
const SHELL: readonly string[] = JSON.parse("%SHELL%") as string[];

/** A kept file is the file, whatever the request said of its sender or of packing. */
const SAME: CacheQueryOptions = { ignoreVary: true };

const APP = `app-${RELEASE}`;
const LISTS = "lists";
const PAGE = "/";
/** Public, small, and needed to write a report: asked of the server first, and of what was kept when there is none. */
const KEPT_LISTS = ["/api/v1/categories", "/api/v1/outlines", "/api/v1/emergency-numbers", "/api/v1/regions"];
/** What the server has beside this app. */
const NOT_OURS = ["/api/", "/docs", "/staff", "/healthz", "/readyz"];

worker.addEventListener("install", (event) => {
  event.waitUntil(caches.open(APP).then((cache) => cache.addAll([PAGE, ...SHELL])));
});

worker.addEventListener("activate", (event) => {
  event.waitUntil(forgetOld().then(() => worker.clients.claim()));
});

async function forgetOld(): Promise<void> {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name !== APP && name !== LISTS).map((name) => caches.delete(name)));
}

worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== worker.location.origin) return;
  if (KEPT_LISTS.includes(pathname)) event.respondWith(freshOrKept(request));
  else if (NOT_OURS.some((start) => pathname.startsWith(start))) return;
  else if (request.mode === "navigate") event.respondWith(page(request));
  else event.respondWith(keptOrFresh(request));
});

/** The one page of the app, of the same release as its files. */
async function page(request: Request): Promise<Response> {
  const cache = await caches.open(APP);
  return (await cache.match(PAGE, SAME)) ?? fetch(request);
}

/** A file of the app; one that was not kept at once, such as the map, is kept when it is first used. */
async function keptOrFresh(request: Request): Promise<Response> {
  const cache = await caches.open(APP);
  const kept = await cache.match(request, SAME);
  if (kept) return kept;
  const fresh = await fetch(request);
  if (fresh.ok && request.url.includes("/assets/")) await cache.put(request, fresh.clone());
  return fresh;
}

async function freshOrKept(request: Request): Promise<Response> {
  const cache = await caches.open(LISTS);
  try {
    const fresh = await fetch(request);
    if (fresh.ok) await cache.put(request, fresh.clone());
    return fresh;
  } catch (problem) {
    const kept = await cache.match(request, SAME);
    if (kept) return kept;
    throw problem;
  }
}
