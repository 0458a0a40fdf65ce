// What makes noting quicker, and possible without a network. Every page is whole without it.
//
// On the page for noting: the sum while one types, partners found by a few letters, and what waits to be sent. On every
// page of somebody who is signed in: what waits in their name is sent, and signing out asks first. Nothing is decided
// here: the service reads what was typed, and says what does not fit.

const who = document.querySelector("[data-who]")?.dataset.who;
const form = document.querySelector("form.note");
const isKept = document.documentElement.hasAttribute("data-kept");
const language = document.documentElement.lang;
const REMEMBERED_DAYS = 40;

// ---- What waits: the worker writes it, under the key that the phone made.

function database() {
  return new Promise((done, failed) => {
    const opening = indexedDB.open("coudemain", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("noted", { keyPath: "once" });
    opening.onerror = () => failed(opening.error);
    opening.onsuccess = () => done(opening.result);
  });
}

async function noted(mode, ask) {
  const opened = await database();
  return new Promise((done, failed) => {
    const asking = opened.transaction("noted", mode);
    const asked = ask(asking.objectStore("noted"));
    asking.oncomplete = () => { opened.close(); done(asked.result); };
    asking.onerror = () => failed(asking.error);
  });
}

const put = (entry) => noted("readwrite", (store) => store.put(entry));
const remove = (once) => noted("readwrite", (store) => store.delete(once));

/// Everything that this person noted on this phone, the oldest first.
async function mine() {
  const all = await noted("readonly", (store) => store.getAll());
  return all.filter((entry) => entry.who === who).sort((one, other) => one.at - other.at);
}

const waiting = async () => (await mine()).filter((entry) => !entry.sent);

// ---- Sending.

/// Whether this phone's session is still this person's: a page that stayed open may be of somebody who has left.
async function isMe() {
  try {
    const answer = await fetch(new URL("me", document.querySelector("link[rel=manifest]").href));
    return (await answer.text()).includes(`data-who="${who}"`);
  } catch {
    return false;
  }
}

/// Sends what waits in this person's name; what the service does not take is kept, with its reason.
async function sendAll() {
  const entries = (await waiting()).filter((entry) => !entry.reason);
  if (!entries.length || !(await isMe())) return;
  for (const entry of entries) {
    let answer;
    try {
      answer = await fetch(entry.action, {
        method: "POST",
        headers: { "content-type": "application/x-www-form-urlencoded" },
        body: entry.body,
      });
    } catch {
      return;
    }
    if (answer.redirected && new URL(answer.url).searchParams.get("said")?.startsWith("said-noted")) {
      await put({ ...entry, sent: Date.now() });
    } else if (answer.status >= 400 && answer.status < 500 && ![401, 408, 429].includes(answer.status)) {
      await put({ ...entry, reason: reasonOf(await answer.text()) });
    } else {
      // The session has ended, or the service rests: another time.
      return;
    }
  }
}

function reasonOf(html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  const misfits = [...page.querySelectorAll("#misfits li")].map((line) => line.textContent.trim());
  const said = misfits.length ? misfits : [page.querySelector("main h1 + p")?.textContent.trim() ?? ""];
  return said.join(" ");
}

async function forgetOld() {
  const before = Date.now() - REMEMBERED_DAYS * 86400000;
  for (const entry of await mine()) {
    if (entry.sent && entry.sent < before) await remove(entry.once);
  }
}

/// Pages that were kept for somebody else are dropped.
async function dropOthers() {
  const kept = await caches.match("/who", { cacheName: "noting" });
  if (kept && (await kept.text()) !== who) await caches.delete("noting");
}

// ---- Durations, as far as they can be read for certain; anything else is left to the service.

export function minutesOf(text) {
  const written = text.trim().toLowerCase().replace(/[\u00a0\u202f]/g, " ");
  const clock = written.match(/^(\d{1,3}) ?(?:h|heures?|hours?|:) ?(\d{2})$/);
  if (clock) return clock[2] < 60 ? clock[1] * 60 + Number(clock[2]) : null;
  const minutes = written.match(/^(\d{1,4}) ?(?:min|minutes?|')$/);
  if (minutes) return Number(minutes[1]);
  const hours = written.match(/^(\d{1,3})(?:[.,](\d{1,2}))? ?(?:h|heures?|hours?)?$/);
  if (!hours) return null;
  const hundredths = Number((hours[2] ?? "0").padEnd(2, "0"));
  const rest = (hundredths * 60) / 100;
  return Number.isInteger(rest) ? hours[1] * 60 + rest : null;
}

export function inWords(minutes) {
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  if (!hours) return `${rest}\u00a0min`;
  if (!rest) return `${hours}\u00a0h`;
  return `${hours}\u00a0h\u00a0${String(rest).padStart(2, "0")}${language === "en" ? "\u00a0min" : ""}`;
}

// ---- The form.

const fill = (sentence, words) => sentence.replace(/\{(\w+)\}/g, (_, name) => words[name]);

/// "4 × 2 h 30 = 10 h", and the button says what it will do.
function showSum() {
  const { people, time } = form.elements;
  const count = /^\d{1,3}$/.test(people.value.trim()) ? Number(people.value) : 0;
  const each = minutesOf(time.value);
  const isRead = count > 0 && each > 0;
  const all = isRead ? inWords(count * each) : "";
  const sum = document.getElementById("sum");
  sum.textContent = !isRead || count === 1 ? all : `${count}\u00a0× ${inWords(each)} = ${all}`;
  const send = document.getElementById("send");
  const partners = [...form.querySelectorAll("[name=partner]:checked")].map(labelOf);
  const isGiven = form.elements.side.value === "giver";
  const known = partners.length === 1 && isRead && !form.elements.other_partner.value.trim();
  const words = isGiven ? send.dataset.given : send.dataset.received;
  const short = isGiven ? send.dataset.givenShort : send.dataset.receivedShort;
  send.textContent = known ? fill(words, { partner: partners[0], hours: all }) : short;
}

/// What a choice says, without what stands below it in small letters.
const labelOf = (choice) => choice.closest("label").querySelector("span").firstChild.textContent.trim();

const folded = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replace(/[^\p{L}\p{N}]+/gu, " ").trim();

/// Whether each word that was typed begins one of the name's or the commune's, or all of it is the name's initials.
export function fits(typed, name, commune) {
  const words = `${folded(name)} ${folded(commune)}`.split(" ");
  const asked = folded(typed).split(" ");
  const initials = folded(name).split(" ").filter((word) => word.length > 2).map((word) => word[0]).join("");
  return asked.every((one) => words.some((word) => word.startsWith(one))) || initials.startsWith(asked.join(""));
}

/// Partners whose name fits are offered as choices while one types.
function offerPartners() {
  const search = form.elements.other_partner;
  const names = [...document.querySelectorAll("#names option")];
  if (!names.length) return;
  search.removeAttribute("list");
  const found = document.getElementById("found");
  const listed = () => new Set([...form.querySelectorAll("#partners [name=partner]")].map((choice) => choice.value));
  search.addEventListener("input", () => {
    const typed = search.value.trim();
    const known = listed();
    const fitting = folded(typed)
      ? names.filter((one) => !known.has(one.dataset.value) && fits(typed, one.value, one.textContent)).slice(0, 6)
      : [];
    found.replaceChildren(...fitting.map((one) => choiceOf(one)));
  });
  found.addEventListener("change", (event) => {
    document.getElementById("partners").append(event.target.closest("label"));
    found.replaceChildren();
    search.value = "";
    event.target.focus();
    showSum();
  });
}

function choiceOf(option) {
  const [label, choice, said] = ["label", "input", "span"].map((name) => document.createElement(name));
  label.className = "choice";
  Object.assign(choice, { type: "checkbox", name: "partner", value: option.dataset.value });
  said.textContent = option.value;
  if (option.textContent.trim()) {
    const commune = document.createElement("small");
    commune.textContent = option.textContent.trim();
    said.append(commune);
  }
  label.append(choice, said);
  return label;
}

/// A page that was kept is of another day, and what it is told by may have been used: the phone knows better.
function freshen() {
  form.elements.once.value = crypto.randomUUID();
  const shown = (day) => new Intl.DateTimeFormat(language, { weekday: "short", day: "numeric", month: "short" }).format(day);
  const written = (day) => [day.getFullYear(), day.getMonth() + 1, day.getDate()].map((part) => String(part).padStart(2, "0")).join("-");
  // A phone cannot live before the day on which the page was made.
  const made = new Date(`${form.dataset.today}T12:00`);
  const today = new Date(Math.max(new Date(), made));
  [...form.querySelectorAll("[name=day]:not([value=other])")].forEach((choice, ago) => {
    const day = new Date(today);
    day.setDate(day.getDate() - ago);
    choice.value = written(day);
    const beside = choice.closest("label").querySelector("small");
    if (beside) beside.textContent = shown(day);
  });
  form.elements.other_day.max = written(today);
  document.getElementById("without-network").hidden = false;
}

/// What was noted of the same day with the same partners, as long: a second time has to be meant.
async function repeated() {
  const told = (body) => {
    const of = new URLSearchParams(body);
    const day = of.get("day") === "other" ? of.get("other_day") : of.get("day");
    const all = Number(of.get("people") || 1) * minutesOf(of.get("time"));
    return [of.get("side"), of.getAll("partner").sort(), folded(of.get("other_partner") ?? ""), day, all || of.get("time")].join();
  };
  const now = new URLSearchParams(new FormData(form));
  const same = (await mine()).find((entry) => entry.action === new URL(form.action).pathname && told(entry.body) === told(now));
  return same && same.once !== form.elements.once.value;
}

let isMeant = false;

async function ask(event) {
  if (navigator.onLine && !isKept) return; // The service asks, and knows more.
  if (isMeant || event.submitter?.name === "repeat") return;
  event.preventDefault();
  if (await repeated()) {
    const question = document.getElementById("again");
    question.hidden = false;
    question.focus();
  } else {
    isMeant = true;
    form.requestSubmit(event.submitter);
  }
}

// ---- What waits, shown.

async function showWaiting() {
  const box = document.getElementById("waiting");
  const entries = (await waiting()).filter((entry) => entry.action === new URL(form.action).pathname);
  box.hidden = !entries.length;
  const words = box.dataset;
  box.querySelector("h2").textContent = fill(entries.length === 1 ? words.one : words.many, { count: entries.length });
  box.querySelector("ul").replaceChildren(...entries.map((entry) => lineOf(entry, words)));
}

function lineOf(entry, words) {
  const line = document.createElement("li");
  const say = (element, text, name) => {
    const made = Object.assign(document.createElement(element), { textContent: text, className: name ?? "" });
    line.append(made);
    return made;
  };
  say("span", toldOf(entry));
  if (entry.reason) {
    say("p", entry.reason, "bad");
    say("button", words.mend).addEventListener("click", () => sendAsForm(entry));
  }
  say("button", words.remove, "plain").addEventListener("click", async () => {
    if (!(await isSure(words.sure, words.yes, words.no))) return;
    await remove(entry.once);
    await showWaiting();
  });
  return line;
}

/// "Judo-club de Vitré, 4 × 2h30, 2026-11-28": as it was typed.
function toldOf(entry) {
  const of = new URLSearchParams(entry.body);
  const names = [...document.querySelectorAll("#names option")];
  const name = (value) => {
    const choice = [...form.querySelectorAll("[name=partner]")].find((one) => one.value === value);
    return choice ? labelOf(choice) : names.find((one) => one.dataset.value === value)?.value ?? "";
  };
  const partners = [...of.getAll("partner").map(name), of.get("other_partner")].filter(Boolean).join(", ");
  const people = of.get("people") || "1";
  const day = of.get("day") === "other" ? of.get("other_day") : of.get("day");
  const date = new Date(`${day}T12:00`);
  const shown = isNaN(date) ? day : new Intl.DateTimeFormat(language, { day: "numeric", month: "long" }).format(date);
  return `${partners}, ${people === "1" ? "" : `${people}\u00a0× `}${of.get("time")}, ${shown}`;
}

/// The service shows the form again, with all that was typed and what does not fit.
function sendAsForm(entry) {
  const again = Object.assign(document.createElement("form"), { method: "post", action: entry.action });
  for (const [name, value] of new URLSearchParams(entry.body)) {
    again.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
  }
  document.body.append(again);
  again.submit();
}

// ---- Signing out.

async function guardSignOut() {
  const signOut = document.querySelector("form[data-waiting-one]");
  let count = (await waiting()).length;
  addEventListener("noted", async () => { count = (await waiting()).length; });
  signOut?.addEventListener("submit", async (event) => {
    if (!count) return;
    event.preventDefault();
    const words = signOut.dataset;
    const question = fill(count === 1 ? words.waitingOne : words.waitingMany, { count });
    if (await isSure(question, words.yes, words.no)) signOut.submit();
  });
}

/// Asks, and waits for the answer; leaving the question is a no.
function isSure(question, yes, no) {
  const make = (name, properties) => Object.assign(document.createElement(name), properties);
  const dialog = make("dialog", { className: "card" });
  const form = make("form", { method: "dialog" });
  const row = make("div", { className: "row" });
  row.append(make("button", { value: "no", textContent: no }), make("button", { value: "yes", textContent: yes }));
  form.append(make("p", { textContent: question }), row);
  dialog.append(form);
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((answered) => dialog.addEventListener("close", () => {
    answered(dialog.returnValue === "yes");
    dialog.remove();
  }));
}

// ---- All of it.

async function catchUp() {
  await navigator.locks.request("sending", sendAll);
  if (form) await showWaiting();
  dispatchEvent(new Event("noted"));
}

/// The worker watches from the next page on. A page that came before it, it is told of, even where it has taken the page
/// over meanwhile.
const isWatched = Boolean(navigator.serviceWorker?.controller);

async function keepAtHand() {
  const scope = new URL(document.querySelector("link[rel=manifest]").href).pathname.replace(/[^/]*$/, "");
  await navigator.serviceWorker.register(`${scope}worker.js`, { scope });
  const { active } = await navigator.serviceWorker.ready;
  if (form && !isWatched) active.postMessage({ keep: location.pathname });
}

if (form) {
  if (isKept) freshen();
  form.addEventListener("input", showSum);
  form.addEventListener("submit", ask);
  offerPartners();
  showSum();
}
if (who && "serviceWorker" in navigator && "indexedDB" in self) {
  addEventListener("online", catchUp);
  dropOthers().then(forgetOld).then(guardSignOut).then(catchUp).then(keepAtHand);
}
