// What is found out about a file: each thing that was looked at, what it came to, and what is to be concluded.

const HOLDS = "holds", UNKNOWN = "unknown", FAILS = "fails";

// What others wrote takes no line of its own, and steers nothing.
const UNREADABLE = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]/gu;
// French has a space before its double signs, at which no line is broken.
const french = (text) => text.replace(/ ([:;!?»])/g, "\u00a0$1").replaceAll("« ", "«\u00a0");
const inLine = (text) => text.replace(UNREADABLE, (letter) => `\\u{${letter.codePointAt(0).toString(16)}}`);
const NAME_MOST = 120;

function nameInLine(name) {
  const letters = [...textOf(name)];
  return inLine(letters.length > NAME_MOST ? `${letters.slice(0, NAME_MOST).join("")}…` : letters.join(""));
}

class Report {
  constructor(kind) {
    Object.assign(this, { kind, title: "", checks: [], facts: [], figures: [], document: null, parts: [], digest: null });
  }

  // `more` may have `stranger` (whom it would take to be trusted), `headline` (a word of its own for what became of the
  // document) and `beyond`: what is not judged here, the whole document ("document") or a part of it.
  say(verdict, name, fr, en, more = {}) {
    this.checks.push({ check: name, verdict, fr: french(inLine(fr)), en: inLine(en), ...more });
    return verdict !== FAILS;
  }

  // Sentences that say `{is|is not}`, as it may be.
  judge(holds, name, fr, en, otherwise = FAILS) {
    const told = (text) => text.replace(/\{(.*?)\|(.*?)\}/g, holds ? "$1" : "$2");
    return this.say(holds ? HOLDS : otherwise, name, told(fr), told(en));
  }

  unjudged(fr, en, beyond = "document", name = "beyond") {
    this.say(UNKNOWN, name, `ne peut pas être jugé ici : ${fr}`, `cannot be judged here: ${en}`, { beyond });
  }

  // Checks of this document and of what it contains.
  get all() {
    return [...this.checks, ...this.parts.flatMap((part) => part.all)];
  }

  get holds() {
    return this.all.every((check) => check.verdict !== FAILS);
  }

  // "trusted", "stranger", "unjudged" or "fails", the first of which says most.
  get conclusion() {
    if (!this.holds) return "fails";
    if (this.all.some((check) => check.beyond === "document")) return "unjudged";
    return this.all.some((check) => check.stranger) ? "stranger" : "trusted";
  }

  // What of it is not judged here, beside all that is.
  get beyond() {
    return [...new Set(this.all.map((check) => check.beyond).filter(Boolean))];
  }

  get headline() {
    const told = this.all.map((check) => check.headline).filter(Boolean);
    if (told.includes("two_histories")) return "two_histories";
    if (this.all.some((check) => check.verdict === FAILS && !check.headline)) return null;
    const own = this.checks.map((check) => check.headline);
    return ["revoked", "superseded", "expired", "provisional"].find((headline) => own.includes(headline)) ?? null;
  }
}

function unreadable(fr, en) {
  const report = new Report("unknown file");
  report.say(FAILS, "form", fr, en);
  return report;
}

// Instants as credentials write them, in milliseconds; null where the text is none.
function instant(text) {
  const found = /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)$/.exec(textOf(text));
  if (!found) return null;
  const [year, month, day, hour, minute, second] = found.slice(1).map(Number);
  const is = new Date(Date.UTC(year, month - 1, day));
  const isDay = is.getUTCFullYear() === year && is.getUTCMonth() === month - 1 && is.getUTCDate() === day;
  const at = Date.parse(text.toUpperCase());
  return isDay && hour < 24 && minute < 60 && second < 60 && !Number.isNaN(at) ? at : null;
}

const DAY = { dateStyle: "long", timeStyle: "short", timeZone: "UTC" };
const [FRENCH, ENGLISH] = ["fr", "en-GB"].map((language) => new Intl.DateTimeFormat(language, DAY));
const inFrench = (at) => `${FRENCH.format(at)} UTC`;
const inEnglish = (at) => `${ENGLISH.format(at)} UTC`;

// Minutes as people read them, as `coudemain` writes them.
function duration(minutes, language) {
  const size = Math.abs(minutes), hours = Math.floor(size / 60), rest = size % 60;
  const sign = minutes < 0 ? "−" : "";
  const grouped = String(hours).replace(/\B(?=(\d{3})+$)/g, language === "fr" ? "\u202f" : ",");
  if (hours === 0) return `${sign}${rest}\u00a0min`;
  if (rest === 0 && !(language === "en" && hours >= 1000)) return `${sign}${grouped}\u00a0h`;
  return `${sign}${grouped}\u00a0h\u00a0${String(rest).padStart(2, "0")}${language === "fr" ? "" : "\u00a0min"}`;
}

const CLOCK_TOLERANCE = 5 * 60 * 1000;
