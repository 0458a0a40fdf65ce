// Keeps the page for noting at hand where there is no network, and what is noted there until it can be sent.
//
// Only that page is kept, with what it is shown with: the last one that was opened, of one person. Whoever else signs in
// on the same phone drops it. What could not be sent waits in a database that the page reads (noting.js), which sends it.
"use strict";

const PAGES = "noting";
const PATIENCE = 8000;
const isNoting = (path) => /\/a\/[^/]+\/note$/.test(path);

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== self.location.origin) return;
  if (request.mode === "navigate" && isNoting(url.pathname)) {
    event.respondWith(request.method === "POST" ? send(event, url) : open(event, url));
  } else if (request.mode === "navigate" && url.href === new URL("note", self.registration.scope).href) {
    event.respondWith(start(request));
  } else if (request.method === "GET" && url.pathname.startsWith("/assets/")) {
    // Other bytes have another name: what was kept under this one is right.
    event.respondWith(kept(url.pathname).then((asset) => asset ?? fetch(request)));
  }
});

// A page that was there before the worker was is opened once more, unseen.
self.addEventListener("message", (event) => {
  const path = event.data.keep;
  if (isNoting(path)) event.waitUntil(fetch(path).then((response) => response.ok && keep(path, response)));
});

/// The page from the service, or else the one that was kept.
async function open(event, url) {
  try {
    const response = await inTime(fetch(event.request));
    if (response.ok && response.type === "basic") event.waitUntil(keep(url.pathname, response.clone()));
    return response;
  } catch (gone) {
    const page = await kept(url.pathname);
    if (!page) throw gone;
    // The page is told where it came from: its day is not today's, and its key may have been used.
    const text = (await page.text()).replace("<html", "<html data-kept");
    return new Response(text, { headers: page.headers });
  }
}

/// Where the icon on the phone leads: to the page that was kept, where the service cannot say which.
async function start(request) {
  try {
    return await inTime(fetch(request));
  } catch (gone) {
    const pages = await (await caches.open(PAGES)).keys();
    const last = pages.map((page) => new URL(page.url).pathname).filter(isNoting).pop();
    if (!last) throw gone;
    return Response.redirect(last, 303);
  }
}

/// Sends what was noted; where the network is away, it waits here.
async function send(event, url) {
  const body = await event.request.clone().text();
  const form = new URLSearchParams(body);
  const entry = { once: form.get("once"), who: form.get("who"), action: url.pathname, body, at: Date.now() };
  try {
    const response = await inTime(fetch(event.request));
    // It was taken: the page that says so follows. What is kept of it now is for noticing a repeat.
    if (response.type === "opaqueredirect" && entry.once && entry.who) event.waitUntil(write({ ...entry, sent: Date.now() }));
    return response;
  } catch (gone) {
    if (!entry.once || !entry.who) throw gone;
    await write(entry);
    return Response.redirect(`${url.pathname}?kept=${encodeURIComponent(entry.once)}`, 303);
  }
}

/// What is kept under an address, whatever headers it is asked for with: a page's scripts are asked for with others.
function kept(path) {
  return caches.match(path, { cacheName: PAGES, ignoreVary: true });
}

/// A network that does not answer is none.
function inTime(answer) {
  return Promise.race([answer, new Promise((_, late) => setTimeout(() => late(new TypeError("too late")), PATIENCE))]);
}

async function keep(path, response) {
  const text = await response.clone().text();
  const who = text.match(/data-who="([^"]*)"/)?.[1];
  if (!who) return;
  const before = await kept("/who");
  if (before && (await before.text()) !== who) await caches.delete(PAGES);
  const pages = await caches.open(PAGES);
  await pages.put("/who", new Response(who));
  const assets = [...text.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map((found) => found[1]);
  for (const asset of new Set(assets)) {
    if (!(await pages.match(asset))) await pages.add(asset);
  }
  // The page comes after what it is shown with, so that it is never kept alone; anew, so that it stands last.
  await pages.delete(path);
  await pages.put(path, response);
}

function write(entry) {
  return new Promise((done, failed) => {
    const opening = indexedDB.open("coudemain", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("noted", { keyPath: "once" });
    opening.onerror = () => failed(opening.error);
    opening.onsuccess = () => {
      const writing = opening.result.transaction("noted", "readwrite");
      writing.objectStore("noted").put(entry);
      writing.oncomplete = () => { opening.result.close(); done(); };
      writing.onerror = () => failed(writing.error);
    };
  });
}
