// The field pages without a line: the shell and what it is made of are kept; the API is never answered from here.

const CACHE = "denghuo-field-1";
const SHELL = "/field";

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll([SHELL, "/icon.svg"])));
  self.skipWaiting();
});

self.addEventListener("activate", (event) => {
  const old = async () => {
    for (const name of await caches.keys()) {
      if (name.startsWith("denghuo-field-") && name !== CACHE) {
        await caches.delete(name);
      }
    }
    await self.clients.claim();
  };
  event.waitUntil(old());
});

// The page tells which files it is made of: those of its first load came before this worker.
self.addEventListener("message", (event) => {
  const urls = event.data?.keep;
  if (!Array.isArray(urls)) {
    return;
  }
  const keep = async () => {
    const cache = await caches.open(CACHE);
    for (const url of urls) {
      if (!(await cache.match(url))) {
        await cache.add(url).catch(() => undefined);
      }
    }
    event.source?.postMessage({ kept: urls.length });
  };
  event.waitUntil(keep());
});

async function shell(request) {
  const cache = await caches.open(CACHE);
  try {
    const fresh = await fetch(request);
    if (fresh.ok) {
      await cache.put(SHELL, fresh.clone());
    }
    return fresh;
  } catch {
    return (await cache.match(SHELL)) ?? Response.error();
  }
}

async function file(request) {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(request);
  if (kept) {
    return kept;
  }
  const fresh = await fetch(request);
  if (fresh.ok) {
    await cache.put(request, fresh.clone());
  }
  return fresh;
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin || url.pathname.startsWith("/api/")) {
    return;
  }
  if (request.mode === "navigate") {
    event.respondWith(shell(request));
  } else if (url.pathname.startsWith("/assets/") || url.pathname === "/icon.svg") {
    event.respondWith(file(request));
  }
});
