// A badge (Open Badges 3.0): the hours behind it, each opened and followed into the log, and what is drawn around it.

const HOURS_GENRE = "c2sp.org/tlog-proof@v1";
const NATURES = {
  operational: ["opérationnel", "operational"], governance: ["gouvernance", "governance"], supervision: ["encadrement", "supervision"],
  employee: ["salarié", "employee"], skills_sponsorship: ["mécénat de compétences", "skills sponsorship"],
  civic_service: ["service civique", "civic service"],
};

const SHOWN = { leaf: anyText, line: anyText, path: [anyText], place: natural, places: natural };
const LINE_PROOF = { shown: SHOWN, proof: anyText, log_key: anyText };
const SEALED_HEAD = { act: hexDigest, network: (text) => UUID.test(textOf(text)), number: whole, persons: hexDigest, v: (v) => v === 2 };
const isDay = (text) => /^\d{4}-\d\d-\d\d$/.test(textOf(text)) && instant(`${text}T00:00:00Z`) !== null;
const isNature = (text) => Object.hasOwn(NATURES, textOf(text));
const CONTRIBUTION = {
  association: whole, booked: maybe(isDay), date: isDay, minutes: whole, nature: isNature, person: hexDigest,
  receiver: maybe(whole), skill: maybe(whole),
};

const hoursEvidence = (document) => listOf(at(document, "evidence")).filter((one) => at(one, "genre") === HOURS_GENRE);
const hoursProofs = (document) => hoursEvidence(document).map((one) => jsonOrNull(textOf(one.narrative))).filter(isObject);

async function badge(report, document, trust, now) {
  report.facts = badgeFacts(document);
  await status(report, document, trust, now);
  if (hoursEvidence(document).length > 0) {
    const suites = proofsOf(document).map((proof) => at(proof, "cryptosuite"));
    if (![JCS, RDFC].every((suite) => suites.includes(suite))) {
      report.say(FAILS, "signature", "il manque une des deux signatures d'un badge", "one of a badge's two signatures is missing");
    }
    await hours(report, document);
  }
  await headsOfHours(report, document, trust);
}

function badgeFacts(document) {
  const subject = document.credentialSubject;
  const isName = (one) => at(one, "identityType") === "name" && at(one, "hashed") === false;
  const told = [
    ["holder", "à qui", "whose", at(listOf(at(subject, "identifier")).find(isName), "identityHash")],
    ["competence", "compétence", "competence", at(subject, "achievement", "name")],
    ["level", "niveau", "level", at(subject, "achievement", "description")],
    ["recognised_by", "reconnue par", "recognised by", at(subject, "achievement", "creator", "name")],
    ["date", "le", "on", document.validFrom],
  ];
  return told.filter(([, , , text]) => anyText(text)).map(([fact, fr, en, text]) => ({ fact, fr, en, text: nameInLine(text) }));
}

// The minutes that a proof shows to stand in the log, with what tells it from every other; null where it shows none.
async function minutesOf(hours) {
  if (!fits(hours, LINE_PROOF)) return null;
  const proof = parseInclusion(hours.proof), key = parseVerifierKey(hours.log_key);
  const head = proof?.note.head;
  if (!head || !key || head.origin !== key.name) return null;
  if ((await verdictOn(proof.note, key)) !== SIGNED) return null;
  const { shown } = hours;
  const line = leadsTo(proof, toUtf8(shown.leaf)) ? lineShown(shown) : null;
  return line && { minutes: line.minutes, of: canonical([shown.leaf, shown.line]) };
}

// A line of an act of version 2, under the root over the persons' lines that the log sealed.
function lineShown(shown) {
  const head = jsonOrNull(shown.leaf), path = shown.path.map(fromHex);
  if (!fits(head, SEALED_HEAD) || path.some((hash) => hash?.length !== 32)) return null;
  if (!isIncluded(fromHex(head.persons), shown.places, shown.place, leafHash(toUtf8(shown.line)), path)) return null;
  const line = jsonOrNull(shown.line);
  return fits(line, CONTRIBUTION) && anyText(line.booked) ? line : null;
}

async function hours(report, document) {
  const proven = [];
  for (const evidence of hoursEvidence(document)) {
    const told = jsonOrNull(textOf(evidence.narrative)), found = await minutesOf(told);
    if (!found && isObject(told) && "person" in told) {
      report.unjudged("des heures prouvées à l'ancienne manière, par un acte entier", "hours that are proven in the former way, by a whole act");
      return;
    }
    if (!found) {
      report.say(FAILS, "hours", "une des preuves d'heures ne mène pas au journal", "one of the proofs of hours does not lead to the log");
      return;
    }
    proven.push(found);
  }
  const minutes = sumOf(proven, "minutes");
  const credits = at(document, "credentialSubject", "creditsEarned") ?? 0;
  // Less than an hour is told in words alone.
  const isTold = new Set(proven.map((one) => one.of)).size === proven.length && credits === Math.trunc(minutes / 60);
  report.judge(isTold, "hours",
    `les heures annoncées {sont|ne sont pas} celles que le journal prouve : ${duration(minutes, "fr")}, ${proven.length} lignes ouvertes et suivies`,
    `the hours it tells {are|are not} those that the log proves: ${duration(minutes, "en")}, ${proven.length} lines opened and followed`);
}

// The heads that the hours hang from: by a key of the network's log, and of the one history that is known of it.
async function headsOfHours(report, document, trust) {
  const heads = new Map(), keys = new Set();
  for (const hours of hoursProofs(document)) {
    const proof = parseIfText(parseInclusion, hours.proof), key = parseIfText(parseVerifierKey, hours.log_key);
    if (proof?.note.head && key) heads.set(`${key.text}\n${proof.note.text}`, { head: proof.note.head, key });
  }
  for (const { head, key } of heads.values()) {
    const isFirst = !keys.has(key.text);
    keys.add(key.text);
    if (isFirst && !isLogOfIssuer(report, document, trust, key)) return;
    await holdAgainstOthers(report, head, trust, key);
  }
}

const BADGES = "https://purl.imsglobal.org/ob/v3p0";
const UNWRITTEN = ["style", "script", "metadata"];

// The badge that is baked into an image, and what is written in the picture; or why there is none.
function imageOf(text) {
  if (/<!(?!--|\[CDATA\[)[^>]*\[/.test(text)) {
    return { problem: ["cette image définit ses propres noms (DOCTYPE)", "this image declares names of its own (DOCTYPE)"] };
  }
  const parsed = new DOMParser().parseFromString(text.replace(/^\ufeff/, "").trimStart(), "image/svg+xml");
  if (parsed.getElementsByTagName("parsererror").length > 0) return { problem: ["cette image est abîmée ou tronquée", "this image is damaged or cut short"] };
  const found = [...parsed.getElementsByTagNameNS(BADGES, "credential")];
  if (found.length > 1) return { problem: ["cette image contient plusieurs badges", "this image holds several badges"] };
  const credential = found[0]?.textContent.trim() ?? "";
  if (found[0]?.children.length > 0 || !credential.startsWith("{")) {
    return { problem: ["cette image ne contient pas de badge", "this image holds no badge"] };
  }
  const writing = [];
  const write = (told) => { const line = told.split(/\s+/).filter(Boolean).join(" "); if (line) writing.push(line); };
  const walk = (element, depth) => {
    if (depth > 99) return false;
    for (const attribute of element.attributes) if (attribute.name === "aria-label") write(attribute.value);
    for (const node of element.childNodes) {
      if (node.nodeType === Node.ELEMENT_NODE) { if (node !== found[0] && !walk(node, depth + 1)) return false; }
      else if ([Node.TEXT_NODE, Node.CDATA_SECTION_NODE].includes(node.nodeType) && !UNWRITTEN.includes(element.nodeName)) write(node.data);
    }
    return true;
  };
  if (!walk(parsed.documentElement, 0)) return { problem: ["cette image est trop profonde", "this image is too deep"] };
  return { credential, writing };
}

// What is written in a picture has to stand in the badge, whole or as a picture shortens it.
function drawing(report, document, writing) {
  const achievement = at(document, "credentialSubject", "achievement");
  const names = [at(achievement, "name"), at(achievement, "creator", "name"), at(document, "issuer", "name")].filter(anyText);
  const told = new Set(report.facts.map((fact) => fact.text));
  for (const name of names) {
    const letters = [...name];
    const shown = letters.length > 34 ? `${letters.slice(0, 33).join("").trimEnd()}…` : name;
    told.add(name).add(shown.split(/\s+/).filter(Boolean).join(" ")).add(name.split(/\s+/).filter(Boolean).join(" "));
  }
  const other = writing.find((line) => !told.has(line));
  const isOurs = textOf(at(achievement, "id")).startsWith("urn:coudemain:");
  if (other !== undefined && isOurs) {
    const line = nameInLine(other);
    report.say(FAILS, "drawing", `le dessin dit « ${line} », que le badge signé ne dit pas`, `the drawing says “${line}”, which the signed badge does not say`);
  } else {
    report.say(UNKNOWN, "drawing", "le dessin n'est pas signé : comparez-le avec ce qui est dit ici", "the drawing is not signed: hold it against what is said here");
  }
}
