// A file is looked at: what it is, what signed document it carries, and what becomes of that.

const FILE_MOST = 32 << 20, UNPACKED_MOST = 64 << 20, ATTACHMENTS_MOST = 100, DICTIONARY_MOST = 16 * 1024;
const CREDENTIALS_MOST = 100;
const RECORD = "VolunteerRecord";

// When this page was written: a clock that shows an earlier day is wrong, and so would be whatever is said of dates.
const CLOCK_FLOOR = Date.UTC(2026, 10, 1);
const WRONG_CLOCK = ["l'horloge de cet appareil est fausse ; mettez-la à l'heure, puis recommencez", "the clock of this device is wrong; set it, and begin again"];
const NO_KEYS = ["ce navigateur ne vérifie pas de signatures ici ; gardez cette page comme un fichier, et ouvrez-le", "this browser checks no signatures here; keep this page as a file, and open that"];

const beginOf = (text) => text.replace(/^\ufeff+/, "").trimStart();
const isPdf = (bytes) => bytes.length >= 5 && String.fromCharCode(...bytes.slice(0, 5)) === "%PDF-";

function textOrNull(bytes) {
  try {
    return fromUtf8(bytes);
  } catch {
    return null;
  }
}

// What a file is beside others that are checked with it.
async function otherOf(name, bytes) {
  const carried = await carriedBy(bytes);
  const signed = carried?.signed ?? bytes, text = textOrNull(signed);
  const other = { name, bytes: signed, text, carried, document: null, isOdd: false, note: text && parseNote(text) };
  try {
    if (text !== null) Object.assign(other, documentOf(parseJson(text)));
  } catch {
    // It is no JSON, and may be something else.
  }
  other.consistency = consistencyIn(text, other.document);
  other.heads = headsIn(other);
  const ofStatement = digestsOf(at(other.document, "logBinding", "previous", "consistency"));
  other.proofs = [other.consistency, ofStatement].filter(Boolean);
  return other;
}

const documentOf = ({ value, isOdd }) => ({ document: value, isOdd });

// The signed document in a PDF or an image, with what else is to be said of those; null for any other file.
async function carriedBy(bytes) {
  if (bytes.length > FILE_MOST) return null;
  if (isPdf(bytes)) return pdfOf(bytes);
  const text = textOrNull(bytes);
  if (text === null || !beginOf(text).startsWith("<")) return null;
  const image = imageOf(text);
  return image.problem ? image : { signed: toUtf8(image.credential), writing: image.writing };
}

const PDF_FOREIGN = /\/(?:JavaScript|JS|OpenAction|AA|Launch|AcroForm|RichMedia|Encrypt|SubmitForm)(?![A-Za-z0-9+\-_.])/;

// The only embedded file of a PDF that is JSON. Its streams stand in the file as they are (ISO 32000-1, 7.3.8, 7.11.4).
async function pdfOf(bytes) {
  const text = new TextDecoder("latin1").decode(bytes);
  if (!text.slice(-1024).includes("%%EOF")) return { problem: ["ce fichier est tronqué", "this file is cut short"] };
  let signed = null, others = 0, left = UNPACKED_MOST, from = 0, isDamaged = false;
  for (let tries = 0; ; tries++) {
    const place = text.indexOf("/EmbeddedFile", from);
    if (place < 0) break;
    if (tries === ATTACHMENTS_MOST) return { problem: ["la pièce jointe de ce PDF est abîmée", "the attachment of this PDF is damaged"] };
    from = place + "/EmbeddedFile".length;
    if (/[A-Za-z0-9]/.test(text[from] ?? "")) continue;
    const stream = await streamAround(text, bytes, place, left);
    if (!stream) {
      isDamaged = true;
      continue;
    }
    [from, left] = [stream.end, left - stream.bytes.length];
    if (stream.bytes.find((byte) => ![9, 10, 12, 13, 32].includes(byte)) !== 0x7b) {
      others++;
      isDamaged ||= stream.bytes.length === 0;
    } else if (signed && !areSame(signed, stream.bytes)) {
      return { problem: ["ce PDF porte plusieurs documents signés", "this PDF has several signed documents"] };
    } else {
      signed = stream.bytes;
    }
  }
  if (!signed) {
    return { problem: isDamaged
      ? ["la pièce jointe de ce PDF est abîmée", "the attachment of this PDF is damaged"]
      : ["ce PDF ne porte pas de document signé ; demandez l'original", "this PDF has no signed document; ask for the original"] };
  }
  return { signed, isPdf: true, others, updates: text.split("%%EOF").length - 2, foreign: PDF_FOREIGN.exec(text)?.[0] ?? null };
}

async function streamAround(text, bytes, place, left) {
  const start = text.indexOf("stream", place);
  const object = text.lastIndexOf("obj", place);
  if (start < 0 || start - place > DICTIONARY_MOST || object < 0 || place - object > DICTIONARY_MOST) return null;
  const dictionary = text.slice(object, start);
  const body = start + "stream".length + (text.startsWith("\r\n", start + 6) ? 2 : text[start + 6] === "\n" ? 1 : NaN);
  if (Number.isNaN(body)) return null;
  const length = /\/Length ([0-9]{1,9})(?![0-9])(?!\s+[0-9])/.exec(dictionary)?.[1];
  const ends = length !== undefined ? [body + Number(length)] : [];
  if (length === undefined) {
    // The length stands elsewhere: the stream ends with the word, and the line end before that may be its own.
    const end = text.indexOf("endstream", body);
    if (end < 0) return null;
    ends.push(end, end - 1, end - 2);
  }
  for (const end of ends) {
    if (end > bytes.length || end < body) continue;
    const raw = bytes.slice(body, end);
    const found = dictionary.includes("/FlateDecode") ? await unpacked(raw, "deflate", left) : raw.length <= left ? raw : null;
    if (found) return { bytes: found, end };
  }
  return null;
}

// Checks files that are given together. Each is a name, its bytes, and whether the reader said that they have it from
// the network itself. Returns for each what was found out, in their order.
async function checkFiles(files, now) {
  const trust = new Trust();
  for (const { name, bytes } of files) trust.others.push(await otherOf(name, bytes));
  const unbelieved = new Set();
  files.forEach((file, place) => {
    const other = trust.others[place];
    if (file.isTrusted && !(isObject(other.document) && !other.isOdd && trust.believe(other.document))) unbelieved.add(place);
  });
  await trust.followSuccessors();
  const reports = [];
  for (const [place, file] of files.entries()) {
    const other = trust.others[place];
    const report = await fileReport(file.bytes, other, trust, now);
    if (now < CLOCK_FLOOR) report.unjudged(...WRONG_CLOCK);
    report.digest = toHex(sha256(other.bytes));
    report.isTrusted = Boolean(file.isTrusted) && !unbelieved.has(place);
    if (report.kind === "list of keys" && !report.isTrusted) report.checks[0].stranger = "nobody";
    if (unbelieved.has(place)) report.say(FAILS, "keys", "cette liste de clés ne tient pas", "this list of keys does not hold");
    reports.push(report);
  }
  return reports;
}

async function fileReport(bytes, other, trust, now) {
  if (!globalThis.crypto?.subtle) {
    const report = new Report("unknown file");
    report.unjudged(...NO_KEYS);
    return report;
  }
  if (bytes.length > FILE_MOST) return unreadable("ce fichier est trop grand : plus de 32 Mio", "this file is too large: more than 32 MiB");
  const { carried } = other;
  if (carried?.problem) return unreadable(...carried.problem);
  if (carried) {
    const report = await jsonReport(other, trust, now);
    if (carried.isPdf) pages(report, carried);
    else if (report.kind === "recognition (Open Badge)" && report.document) drawing(report, report.document, carried.writing);
    return report;
  }
  const { text } = other;
  if (text === null) return unreadable("ce fichier n'est ni du texte ni un PDF", "this file is neither text nor a PDF");
  const begin = beginOf(text);
  if (begin.startsWith(PROOF_LINE)) return inclusionReport(text, trust, now);
  if (begin.startsWith("{")) return jsonReport(other, trust, now);
  if (other.note?.head) return headReport(other.note, trust, now);
  if (other.consistency) return consistencyReport(other.consistency, trust, now);
  return unreadable(
    "ce fichier n'est pas reconnu, ou il est tronqué",
    "this file is not known, or it is cut short");
}

// The pages of a PDF are for reading, and anybody can draw them; they are not printed again here.
function pages(report, { updates, others, foreign }) {
  report.say(UNKNOWN, "pages",
    "seul le document joint est signé : comparez les chiffres imprimés avec ceux-ci",
    "the attached document alone is signed: compare the printed figures with these");
  if (updates > 0 || others > 0 || foreign) {
    report.say(UNKNOWN, "pages",
      "ce PDF a été modifié, ou porte d'autres fichiers ou des programmes",
      "this PDF was changed, or has other files or programs in it");
  }
}

async function jsonReport(other, trust, now) {
  if (other.document === null) return notJson(other.text);
  if (!isObject(other.document)) return unreadable("JSON illisible", "unreadable JSON");
  if (["kind", "v", "network", "number"].every((name) => name in other.document)) {
    return actReport(other.document.number, other.bytes, trust, now);
  }
  return documentReport(other.document, other, trust, now);
}

function notJson(text) {
  // An act that is about persons has lines below its own, which this page does not open.
  if (text.includes("\n") && fits(jsonOrNull(text.split("\n")[0]), SEALED_HEAD)) {
    const report = new Report("act of the log");
    report.unjudged("un acte qui parle de personnes, avec ses lignes", "an act that is about persons, with their lines");
    return report;
  }
  try {
    parseJson(text);
  } catch (error) {
    const why = error instanceof NotJson ? error.message : "?";
    return unreadable(`JSON illisible ou tronqué : ${why}`, `unreadable or shortened JSON: ${why}`);
  }
  return unreadable("JSON illisible", "unreadable JSON");
}

async function documentReport(document, { isOdd }, trust, now) {
  if ("coudemainPassport" in document) return passport(document, { isOdd }, trust, now);
  const hashes = consistencyIn(null, document);
  if (hashes) return consistencyReport(hashes, trust, now);
  if (isKeyDocument(document)) {
    const report = new Report("list of keys");
    report.title = nameInLine(document.id);
    report.say(UNKNOWN, "keys",
      "les clés que quelqu'un dit être les siennes : elles comptent si vous les tenez de lui-même",
      "the keys that somebody says are theirs: they count if you have them from themselves");
    return report;
  }
  const report = await signedReport(document, trust, now);
  if (isOdd) {
    report.unjudged("un nombre que deux programmes peuvent lire autrement", "a number that two programs may read otherwise");
    return report;
  }
  report.document = document;
  if (report.kind === "annual statement" || report.kind === "provisional statement") await statement(report, document, trust, now);
  else if (report.kind === "recognition (Open Badge)") await badge(report, document, trust, now);
  else if (report.kind === "status list") await listReport(report, document);
  else if (oneOrSeveral(document.type).includes(RECORD)) await status(report, document, trust, now);
  report.figures = figuresOf(document.credentialSubject);
  return report;
}

// A passport has credentials, and nothing beside them: whatever else stood there would pass unread.
async function passport(document, { isOdd }, trust, now) {
  const report = new Report("passport");
  const credentials = document.coudemainPassport;
  const isOne = Array.isArray(credentials) && credentials.length > 0 && Object.keys(document).length === 1;
  if (!isOne || credentials.length > CREDENTIALS_MOST) {
    report.say(FAILS, "form",
      `ce n'est pas un passeport : il n'en porterait que les badges, de 1 à ${CREDENTIALS_MOST}`,
      `this is no passport: one would hold badges alone, 1 to ${CREDENTIALS_MOST}`);
    return report;
  }
  for (const credential of credentials) {
    const part = isObject(credential)
      ? await documentReport(credential, { isOdd }, trust, now)
      : unreadable("ce n'est pas une attestation", "this is no credential");
    report.parts.push(part);
  }
  if (!report.parts.every((part) => ["recognition (Open Badge)", "credential"].includes(part.kind))) {
    report.say(FAILS, "form", "ce passeport porte autre chose que des badges et des heures", "this passport holds something other than badges and hours");
  }
  return report;
}
