// Keeps the pages on the device, so that paying works without a connection. A new version is taken
// as a whole, when the pages of the old one are closed or asked for again.

declare const self: ServiceWorkerGlobalScope;
declare const KEPT: readonly string[];
declare const VERSION: string;

const CACHE = `zegel-${VERSION}`;
const DOORS: Record<string, string> = {
  "/": "/index.html",
  "/till": "/till.html",
  "/console": "/console.html",
};

self.addEventListener("install", (event) => {
  event.waitUntil(fill());
});

self.addEventListener("activate", (event) => {
  event.waitUntil(tidy());
});

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  const isOurs = url.origin === self.location.origin && event.request.method === "GET";
  const path = DOORS[url.pathname.replace(/(.)\/$/, "$1")] ?? url.pathname;
  if (isOurs && KEPT.includes(path.slice(1))) event.respondWith(answer(event.request, path));
});

async function fill(): Promise<void> {
  const cache = await caches.open(CACHE);
  await cache.addAll(KEPT.map((name) => new Request(`/${name}`, { cache: "reload" })));
  await self.skipWaiting();
}

async function tidy(): Promise<void> {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith("zegel-") && name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
  await self.clients.claim();
}

// Pages are asked for anew, so that a new version is seen at once; parts never change.
async function answer(request: Request, path: string): Promise<Response> {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(path);
  if (kept && path.startsWith("/assets/")) return kept;
  try {
    const fresh = await fetch(request);
    return fresh.ok || !kept ? fresh : kept;
  } catch (error) {
    if (kept) return kept;
    throw error;
  }
}

export {};
