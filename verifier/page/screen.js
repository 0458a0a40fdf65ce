// What people see: the files that they gave, and of each what is to be concluded. All is drawn from what `checkFiles`
// returns, as text.

const KINDS = {
  "annual statement": "relevé annuel", "provisional statement": "relevé provisoire", "recognition (Open Badge)": "reconnaissance (Open Badge)",
  "status list": "liste de révocation", "credential": "attestation", "checkpoint of the log": "point de contrôle du journal",
  "proof of inclusion in the log": "preuve d'inclusion dans le journal", "proof of consistency of the log": "preuve de cohérence du journal",
  "passport": "passeport", "list of keys": "liste de clés", "act of the log": "acte du journal", "unknown file": "fichier inconnu",
};
const HEADLINES = {
  two_histories: ["ALERTE : deux histoires du même journal ont été signées. Gardez ces fichiers et montrez-les à d'autres.", "ALARM: two histories of one log were signed. Keep these files, and show them to others."],
  revoked: ["RÉVOQUÉ : le réseau l'a repris, ou remplacé par un autre.", "REVOKED: the network took it back, or put another one in its place."],
  superseded: ["REMPLACÉ : un relevé plus récent compte à sa place.", "SUPERSEDED: a later statement counts in its place."],
  expired: ["EXPIRÉ : il ne vaut plus.", "EXPIRED: it holds no longer."],
  provisional: ["PROVISOIRE : l'exercice n'est pas clos, les chiffres peuvent changer.", "PROVISIONAL: the year is not closed, the figures may change."],
};
const SIGNS = { holds: "✓", unknown: "?", fails: "✗" };
const SIGN_WORDS = { holds: ["tient", "holds"], unknown: ["inconnu", "unknown"], fails: ["faux", "wrong"] };

let language = /^fr\b/.test(navigator.language) ? "fr" : "en";
const files = [];
const say = (fr, en) => (language === "fr" ? french(fr) : en);

function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children.filter((child) => child !== null));
  return made;
}

// What is to be concluded, in a sentence: it stands first, so that nothing that follows can cover it.
function concluded(report) {
  const { conclusion, headline, beyond, all } = report;
  const first = headline ? `${say(...HEADLINES[headline])} ` : "";
  if (conclusion === "fails") return first || say("À NE PAS CROIRE.", "DO NOT BELIEVE IT.");
  if (conclusion === "unjudged") return first + say("Ne peut pas être jugé ici.", "Cannot be judged here.");
  if (report.kind === "list of keys") {
    return report.isTrusted
      ? say("Des clés que vous tenez du réseau lui-même.", "Keys that you have from the network itself.")
      : say("Des clés : elles comptent si vous les tenez du réseau lui-même.", "Keys: they count if you have them from the network itself.");
  }
  if (all.some((check) => check.stranger === "nobody")) {
    return first + say("Rien de faux, mais personne ne l'a signé : n'importe qui peut en écrire autant.", "Nothing is wrong, but nobody signed it: anybody can write as much.");
  }
  if (conclusion === "stranger") {
    return first + say(
      "Rien de faux, mais signé par quelqu'un en qui vous n'avez pas dit avoir confiance : tout faussaire peut en faire autant.",
      "Nothing is wrong, but it is signed by somebody whom you have not said that you trust: any forger can do as much.");
  }
  if (beyond.length > 0) return first + say("Rien de faux dans ce qui se juge ici.", "Nothing is wrong in what can be judged here.");
  if (all.every((check) => check.verdict === HOLDS)) return first + say("Tout est en ordre.", "All is in order.");
  return first + say("Rien de faux ; ce qui est marqué « ? » reste à savoir.", "Nothing is wrong; what is marked “?” remains to be known.");
}

const WHO = ["issuer", "checkpoint"], FRESH = ["status", "freshness", "supersedes"];

function section(fr, en, lines) {
  return lines.length === 0 ? null : element("div", { className: "part" }, element("h3", { textContent: say(fr, en) }), ...lines);
}

function sentence(check) {
  const sign = element("span", { className: `sign ${check.verdict}`, textContent: SIGNS[check.verdict] });
  sign.setAttribute("aria-hidden", "true");
  const words = element("span", { className: "hidden", textContent: `${say(...SIGN_WORDS[check.verdict])} : ` });
  return element("li", {}, sign, element("span", {}, words, check[language]));
}

function sentences(checks) {
  return checks.length === 0 ? [] : [element("ul", { className: "checks" }, ...checks.map(sentence))];
}

function figures(report) {
  if (report.conclusion === "fails") return [];
  const facts = report.facts.map((fact) => element("div", {}, element("dt", { textContent: fact[language] }), element("dd", { textContent: fact.text })));
  const lists = facts.length > 0 ? [element("dl", { className: "facts" }, ...facts)] : [];
  const shown = (amount) => `${duration(amount.minutes, language)} ${amount[language]}`.trim();
  for (const group of report.figures) {
    const rows = group.lines.map((row) => element("tr", {},
      Object.assign(element("th", { textContent: row[language] }), { scope: "row" }),
      element("td", { textContent: row.amounts.map(shown).join(", ") })));
    lists.push(element("table", {}, element("caption", { textContent: group[language] }), element("tbody", {}, ...rows)));
  }
  // The totals stand there; what they are made of unfolds.
  const rest = lists.splice(report.kind === "credential" ? lists.length : 1);
  if (rest.length > 0) lists.push(element("details", {}, element("summary", { textContent: say("Ligne par ligne", "Line by line") }), ...rest));
  return lists;
}

function drawnReport(report, name, file) {
  const kind = say(KINDS[report.kind], report.kind);
  const failing = report.all.filter((check) => check.verdict === FAILS);
  const left = report.checks.filter((check) => check.verdict === UNKNOWN && ![...WHO, ...FRESH].includes(check.check) && !report.isTrusted);
  const says = report.conclusion === "trusted"
    ? ["Ce que dit le document signé", "What the signed document says"]
    : ["Ce qu'annonce quelqu'un en qui vous n'avez pas dit avoir confiance", "What is claimed by somebody whom you have not said that you trust"];
  return element(file ? "article" : "section", { className: `card ${report.conclusion} ${report.headline ?? ""}` },
    element("p", { className: "what" }, element("b", { textContent: name }), ` ${kind}`),
    element("h2", { textContent: file ? concluded(report) : report.title || kind }),
    file && !report.title ? null : element("p", { className: "title", textContent: file ? report.title : concluded(report) }),
    file ? printedFor(report) : null,
    file ? keyQuestion(report, file) : null,
    section("Ce qui ne tient pas", "What does not hold", sentences(file ? failing : [])),
    section("Qui a signé", "Who signed", sentences(report.checks.filter((check) => WHO.includes(check.check) && check.verdict !== FAILS))),
    section(...says, figures(report)),
    section("Repris ou remplacé depuis ?", "Taken back or replaced since?", sentences(report.checks.filter((check) => FRESH.includes(check.check) && report.holds))),
    section("Ce qu'on ne peut pas savoir ici", "What cannot be known here", sentences(left)),
    ...report.parts.map((part, place) => drawnReport(part, String(place + 1), null)),
    report.checks.length === 0 ? null : element("details", {},
      element("summary", { textContent: say(`Tout ce qui a été regardé (${report.checks.length})`, `All that was looked at (${report.checks.length})`) }),
      ...sentences(report.checks),
      report.digest ? element("p", { className: "small" }, say("Empreinte (SHA-256) : ", "Digest (SHA-256): "), element("code", { textContent: report.digest.match(/.{8}/g).join(" ") })) : null));
}

// The square on a printed page leads here with the digest of the document that it was printed for.
const printedDigest = () => /^#sha256=([0-9a-f]{64})$/.exec(location.hash)?.[1] ?? null;

function printedFor(report) {
  const digest = printedDigest();
  if (!digest || !report.digest || ["list of keys", "status list", "checkpoint of the log"].includes(report.kind)) return null;
  return report.digest === digest
    ? element("p", { className: "match", textContent: say("✓ C'est le document pour lequel le carré a été imprimé.", "✓ This is the document that the square was printed for.") })
    : element("p", { className: "mismatch", textContent: say("✗ Ce n'est pas le document pour lequel le carré a été imprimé.", "✗ This is not the document that the square was printed for.") });
}

function keyQuestion(report, file) {
  if (report.kind !== "list of keys" && !file.isTrusted) return null;
  const box = element("input", { type: "checkbox", checked: file.isTrusted });
  box.addEventListener("change", () => {
    file.isTrusted = box.checked;
    judge();
  });
  return element("label", { className: "trust" }, box, element("span", { textContent: say("J'ai obtenu ce fichier du réseau lui-même", "I have this file from the network itself") }));
}

async function judge() {
  const now = Date.now();
  const reports = await checkFiles(files, now);
  // What speaks loudest stands first.
  const order = ["fails", "unjudged", "stranger", "trusted"];
  const rank = ({ headline, kind, conclusion }) => (headline === "two_histories" ? -1 : kind === "list of keys" ? 9 : order.indexOf(conclusion));
  const drawn = reports.map((report, place) => ({ report, file: files[place] })).sort((one, other) => rank(one.report) - rank(other.report));
  const focused = document.activeElement?.type === "checkbox";
  results.replaceChildren(...drawn.map(({ report, file }) => drawnReport(report, file.name, file)));
  if (focused) results.querySelector(".trust input")?.focus();
  const wrong = reports.filter((report) => report.conclusion === "fails").length;
  told.textContent = files.length === 0 ? "" : say(
    `Fichiers regardés : ${files.length}, dont à ne pas croire : ${wrong}. Le ${inFrench(now)}, d'après l'horloge de cet appareil.`,
    `Files looked at: ${files.length}, not to be believed: ${wrong}. On ${inEnglish(now)}, by the clock of this device.`);
  again.hidden = files.length === 0;
  document.documentElement.dataset.judged = String(files.length);
}

async function take(list) {
  for (const file of list) {
    const bytes = new Uint8Array(await file.slice(0, FILE_MOST + 1).arrayBuffer());
    if (!files.some((known) => areSame(known.bytes, bytes))) files.push({ name: file.name, bytes, isTrusted: false });
  }
  await judge();
}

function speak(chosen) {
  language = chosen;
  document.documentElement.lang = chosen;
  document.title = say("Vérifier un document – Coudemain", "Check a document – Coudemain");
  for (const button of document.querySelectorAll("[data-language]")) button.hidden = button.dataset.language === chosen;
  const digest = printedDigest();
  square.hidden = digest === null;
  judge();
}

const [results, told, again, square, choose] = ["results", "told", "again", "square", "choose"].map((id) => document.getElementById(id));
choose.addEventListener("change", () => take(choose.files).then(() => { choose.value = ""; }));
again.addEventListener("click", () => {
  files.length = 0;
  judge();
  choose.focus();
});
for (const button of document.querySelectorAll("[data-language]")) {
  button.addEventListener("click", () => {
    speak(button.dataset.language);
    document.querySelector("[data-language]:not([hidden])").focus();
  });
}
addEventListener("hashchange", () => speak(language));
for (const kind of ["dragenter", "dragover"]) {
  addEventListener(kind, (event) => {
    event.preventDefault();
    document.body.classList.add("over");
  });
}
addEventListener("dragleave", (event) => event.relatedTarget === null && document.body.classList.remove("over"));
addEventListener("drop", (event) => {
  event.preventDefault();
  document.body.classList.remove("over");
  take(event.dataTransfer.files);
});
document.getElementById("keep").hidden = !location.protocol.startsWith("http");
document.getElementById("tool").hidden = false;
speak(language);

// The same for programs: what is drawn above, as plain values.
function plain(report) {
  const { kind, title, conclusion, headline, beyond, checks, facts, figures, digest } = report;
  return { kind, title, verdict: conclusion, headline, beyond, checks, facts, figures, digest, parts: report.parts.map(plain) };
}
globalThis.verifier = {
  check: async (given, now = Date.now()) => (await checkFiles(given, now)).map(plain),
  canonical: (text) => canonical(parseJson(text).value),
};
