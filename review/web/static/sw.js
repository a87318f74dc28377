// So that a judge's page can be opened again without a connection. Marks never pass through here.
// The server writes two constants before this: NEEDED, the files without which a kept page does
// nothing, and APART, by language a page for where nothing is kept.

const PAGES = "judge-pages"; // emptied when a judge signs out
const FILES = "judge-files";
const PATIENCE = 6_000; // milliseconds until a page kept here is shown instead …
const FILE_PATIENCE = 2_500; // … and a file
const BETWEEN = 300; // between two pages fetched in advance

let errand = 0; // the fetching in advance that goes on; another one, or a sign-out, ends it

self.addEventListener("install", (event) => {
  self.skipWaiting();
  event.waitUntil(fetchNeeded());
});
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

/** All of them, or this worker is not installed: half of the scripts are as good as none. */
async function fetchNeeded() {
  const cache = await caches.open(FILES);
  await cache.addAll(NEEDED.map((address) => new Request(address, { cache: "no-cache" })));
  const needed = new Set(NEEDED.map((address) => new URL(address, location.href).href));
  for (const { url } of await cache.keys()) if (url.includes("?v=") && !needed.has(url)) await cache.delete(url);
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== location.origin) return;
  if (request.mode === "navigate" && request.method !== "GET") event.respondWith(fetch(request).catch(apart));
  else if (request.method !== "GET") return;
  else if (url.pathname.startsWith("/static/")) event.respondWith(file(request));
  else if (request.mode === "navigate" && (url.pathname === "/" || url.pathname.startsWith("/judge"))) event.respondWith(page(request, url));
});

/** A page under one address, whatever language and order were asked for. */
function nameOf(address) {
  const name = new URL(address, location.href);
  const asked = new URLSearchParams(name.search);
  for (const key of ["lang", "order"]) asked.delete(key);
  name.search = asked; // written in one way
  name.hash = "";
  return name.href;
}

const keptPage = async (address) => (await caches.open(PAGES)).match(nameOf(address));

/** In the place of the browser's error page, from which there may be no way back. */
const apart = () => {
  const language = /^zh/i.test(self.navigator.language) ? "zh-Hans" : "en";
  return new Response(APART[language], { status: 503, headers: { "Content-Type": "text/html; charset=utf-8" } });
};

async function page(request, url) {
  const kept = () => keptPage(url);
  const fetched = fetch(request).then((response) => {
    if (response.ok && !response.redirected) keep(PAGES, nameOf(url), response.clone());
    return response;
  });
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE)).then(async () => (await kept()) || fetched);
  try {
    const response = await Promise.race([fetched, late]);
    return response.status >= 500 ? (await kept()) || response : response;
  } catch {
    return (await kept()) || apart();
  }
}

/** A file whose address has its digest never changes; of the others the fresh one is better. */
async function file(request) {
  const known = await caches.match(request, { cacheName: FILES });
  if (known && request.url.includes("?v=")) return known;
  const fetched = fetch(request).then((response) => {
    if (response.ok) keep(FILES, request, response.clone());
    return response;
  });
  if (!known) return fetched;
  const late = new Promise((resolve) => setTimeout(() => resolve(known), FILE_PATIENCE));
  try {
    const response = await Promise.race([fetched, late]);
    return response.status >= 500 ? known : response;
  } catch {
    return known;
  }
}

async function keep(cache, request, response) {
  await (await caches.open(cache)).put(request, response);
}

self.addEventListener("message", (event) => {
  const { ahead: addresses, kept, forget } = event.data;
  if (addresses) event.waitUntil(ahead(addresses));
  if (kept) event.waitUntil(keptPage(kept).then((found) => event.ports[0].postMessage(Boolean(found))));
  if (forget) {
    errand += 1;
    event.waitUntil(caches.delete(PAGES));
  }
});

/** Fetch pages before they are asked for, slowly, so that a judge can go on without a connection. */
async function ahead(addresses) {
  errand += 1;
  const mine = errand;
  const cache = await caches.open(PAGES);
  for (const address of addresses) {
    const name = nameOf(address);
    if (await cache.match(name)) continue;
    const response = await fetch(name, { credentials: "same-origin" }).catch(() => null);
    if (mine !== errand || response === null || !response.ok || response.redirected) return; // another time
    await cache.put(name, response);
    await new Promise((resolve) => setTimeout(resolve, BETWEEN));
  }
}
