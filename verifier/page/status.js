// Whether a credential was taken back, as far as a list at hand says so (W3C Bitstring Status List 1.0).

const LIST_BYTES_LEAST = 131_072 / 8;
const LIST_BYTES_MOST = 16 << 20;

async function bitsOf(list) {
  const encoded = textOf(at(list, "credentialSubject", "encodedList"));
  const packed = encoded.startsWith("u") ? fromBase64url(encoded.slice(1)) : null;
  const bits = packed && (await unpacked(packed, "gzip", LIST_BYTES_MOST));
  return bits && bits.length >= LIST_BYTES_LEAST ? bits : null;
}

async function listReport(report, document) {
  report.judge((await bitsOf(document)) !== null, "list",
    "la liste {se lit|est illisible ou trop courte}", "the list {can be read|is unreadable or too short}");
  const made = instant(document.validFrom);
  const [fr, en] = made === null ? ["?", "?"] : [inFrench(made), inEnglish(made)];
  report.say(HOLDS, "freshness", `elle dit ce qui était révoqué le ${fr}, et rien de plus récent`, `it says what was revoked on ${en}, and nothing later`);
}

async function status(report, document, trust, now) {
  const entry = document.credentialStatus;
  if (entry === undefined || entry === null) return;
  const address = at(entry, "statusListCredential"), place = numberOf(at(entry, "statusListIndex"));
  const isRead = anyText(address) && anyText(at(entry, "statusListIndex")) && place !== null && place < 2 ** 32 &&
    at(entry, "type") === "BitstringStatusListEntry" && at(entry, "statusPurpose") === "revocation";
  if (!isRead) {
    report.say(FAILS, "status", "l'indication de révocation est illisible", "the revocation entry is unreadable");
    return;
  }
  // The newest list at hand is the one that counts; of two of one date the later file, as with `coudemain verify`.
  let list = null;
  for (const other of trust.others) {
    if (!isObject(other.document) || other.document.id !== address) continue;
    if (!list || (instant(other.document.validFrom) ?? -Infinity) >= (instant(list.document.validFrom) ?? -Infinity)) list = other;
  }
  if (!list) {
    // That a statement may have been taken back since is said of each; its number says that a later one may exist.
    const verdict = report.kind === "annual statement" ? HOLDS : UNKNOWN;
    report.say(verdict, "status",
      "s'il a été repris depuis, seule la liste de révocation du réseau le dirait : donnez-la aussi",
      "whether it was taken back since, the network's status list alone would tell: give it, too");
    return;
  }
  await toldByList(report, document, list, place, trust, now);
}

async function toldByList(report, document, other, place, trust, now) {
  const list = other.document;
  // Many documents ask one list.
  other.checked ??= signedReport(list, trust, now);
  other.bits ??= bitsOf(list);
  const checked = await other.checked, bits = await other.bits;
  if (other.isOdd || checked.conclusion === "unjudged") {
    report.unjudged("la liste de révocation donnée", "the status list that is given");
    return;
  }
  const isSound = checked.kind === "status list" && checked.holds && bits !== null;
  const isOwn = issuerOf(list) === issuerOf(document) || trust.areOfOne(document, list);
  const subject = list.credentialSubject;
  const isOfRevocations = at(subject, "statusPurpose") === "revocation" && at(subject, "type") === "BitstringStatusList";
  const byte = bits?.[Math.floor(place / 8)];
  if (!isSound || !isOwn || !isOfRevocations || byte === undefined) {
    report.say(FAILS, "status", "la liste de révocation donnée n'est pas valable", "the status list that is given does not hold");
    return;
  }
  const made = instant(list.validFrom), until = instant(list.validUntil), begun = instant(document.validFrom);
  const [fr, en] = made === null ? ["date inconnue", "an unknown date"] : [inFrench(made), inEnglish(made)];
  if (byte & (0x80 >> place % 8)) {
    report.say(FAILS, "status", `révoqué, selon la liste du ${fr}`, `revoked, says the list of ${en}`, { headline: "revoked" });
  } else if (begun !== null && (made === null || made < begun)) {
    report.say(UNKNOWN, "status",
      "révocation non vérifiée : la liste donnée est plus ancienne que ce document, ou sans date",
      "revocation not checked: the given list is older than this document, or has no date");
  } else if (until !== null && until < now) {
    report.say(UNKNOWN, "status",
      `révocation non vérifiée : la liste donnée, du ${fr}, n'est plus à jour`,
      `revocation not checked: the given list, of ${en}, is out of date`);
  } else {
    report.say(HOLDS, "status", `non révoqué au ${fr}, date de la liste donnée`, `not revoked as of ${en}, the date of the given list`);
  }
}
