// So that a judge's page can be opened again without a connection. Marks never pass through here.

const PAGES = "judge-pages"; // emptied when a judge signs out
const FILES = "judge-files";
const PATIENCE = 6_000; // milliseconds until a page kept here is shown instead
const BETWEEN = 300; // between two pages fetched in advance

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (url.pathname.startsWith("/static/")) event.respondWith(file(request));
  else if (request.mode === "navigate" && url.pathname.startsWith("/judge")) event.respondWith(page(request, url));
});

/** A page under one address, whatever language was asked for. */
function nameOf(url) {
  const name = new URL(url);
  name.searchParams.delete("lang");
  name.hash = "";
  return name.href;
}

async function page(request, url) {
  const kept = async () => (await caches.open(PAGES)).match(nameOf(url));
  const fetched = fetch(request).then((response) => {
    if (response.ok && !response.redirected) keep(PAGES, nameOf(url), response.clone());
    return response;
  });
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE)).then(async () => (await kept()) || fetched);
  try {
    const response = await Promise.race([fetched, late]);
    return response.status >= 500 ? (await kept()) || response : response;
  } catch (error) {
    const found = await kept();
    if (found) return found;
    throw error;
  }
}

/** A file whose address has its digest never changes; of the others the fresh one is better. */
async function file(request) {
  const known = () => caches.match(request, { cacheName: FILES });
  if (request.url.includes("?v=")) {
    const found = await known();
    if (found) return found;
  }
  try {
    const response = await fetch(request);
    if (response.ok) keep(FILES, request, response.clone());
    return response;
  } catch (error) {
    const found = await known();
    if (found) return found;
    throw error;
  }
}

async function keep(cache, request, response) {
  await (await caches.open(cache)).put(request, response);
}

/** Fetch pages before they are asked for, slowly, so that a judge can go on without a connection. */
self.addEventListener("message", (event) => {
  if (event.data.ahead) event.waitUntil(ahead(event.data.ahead));
});

async function ahead(addresses) {
  const cache = await caches.open(PAGES);
  for (const address of addresses) {
    const name = nameOf(new URL(address, location.href));
    if (await cache.match(name)) continue;
    const response = await fetch(name, { credentials: "same-origin" }).catch(() => null);
    if (response === null || !response.ok || response.redirected) return; // another time
    await cache.put(name, response);
    await new Promise((resolve) => setTimeout(resolve, BETWEEN));
  }
}
