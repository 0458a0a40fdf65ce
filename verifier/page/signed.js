// What all credentials have in common (W3C Verifiable Credentials 2.0 with Data Integrity): names, signatures, an
// issuer, dates. Of the two ways to sign that networks use, the one by canonical JSON (eddsa-jcs-2022) is judged here,
// the one by canonical RDF (eddsa-rdfc-2022) is not.

const JCS = "eddsa-jcs-2022", RDFC = "eddsa-rdfc-2022";
const PROOFS_MOST = 8;

function kindOf(document) {
  const types = oneOrSeveral(document.type);
  if (types.includes("AnnualStatement")) return "annual statement";
  if (types.includes("ProvisionalStatement")) return "provisional statement";
  if (types.includes("OpenBadgeCredential") || types.includes("AchievementCredential")) return "recognition (Open Badge)";
  return types.includes("BitstringStatusListCredential") ? "status list" : "credential";
}

function issuerOf(document) {
  return anyText(document.issuer) ? document.issuer : textOf(at(document, "issuer", "id"));
}

async function signedReport(document, trust, now) {
  const report = new Report(kindOf(document));
  report.title = nameInLine(document.name);
  terms(report, document);
  const verified = await signatures(report, document, trust, now);
  if (verified.some((one) => one.isJudged)) issuer(report, document, verified, trust);
  dates(report, document, now);
  return report;
}

function terms(report, document) {
  const { are, name } = termsOf(document);
  if (are === "unknown") {
    const unknown = nameInLine(name);
    report.say(FAILS, "terms",
      `« ${unknown} » n'est pas un terme de ce document : ses @context ne le connaissent pas`,
      `“${unknown}” is no term of this document: its @context does not know it`);
  } else if (are === "elsewhere") {
    report.say(UNKNOWN, "terms",
      "ses termes sont d'un @context inconnu ici : un autre programme peut y lire autre chose",
      "its terms are of an @context unknown here: another program may read something else in it");
  }
}

// Every proof has to hold. What each says before any key is looked at is judged of both kinds.
async function signatures(report, document, trust, now) {
  const proofs = proofsOf(document);
  if (proofs.length === 0) {
    report.say(FAILS, "signature", "le document ne porte aucune signature", "the document bears no signature");
    return [];
  }
  if (proofs.length > PROOFS_MOST) {
    report.say(FAILS, "signature", `le document porte ${proofs.length} signatures`, `the document bears ${proofs.length} signatures`);
    return [];
  }
  const unsecured = without(document, "proof");
  const found = [];
  for (const proof of proofs) {
    const options = optionsOf(proof, now, trust);
    if (options.problem) {
      report.say(FAILS, "signature", ...options.problem);
    } else if (options.suite === RDFC) {
      found.push({ ...options, isJudged: false });
    } else if (await jcsHolds(unsecured, proof, options)) {
      found.push({ ...options, isJudged: true });
      report.say(HOLDS, "signature",
        `signé le ${inFrench(options.created)} (${JCS}), et rien n'a changé depuis`,
        `signed on ${inEnglish(options.created)} (${JCS}), and nothing has changed since`);
    } else {
      report.say(FAILS, "signature",
        "la signature ne correspond pas : le document a été modifié, ou une autre clé l'a signé",
        "the signature does not fit: the document was changed, or another key signed it");
    }
  }
  if (new Set(found.map((one) => one.method)).size > 1) {
    report.say(FAILS, "signature", "les signatures sont de clés différentes", "the signatures are by different keys");
  }
  const isJudged = found.some((one) => one.isJudged);
  if (found.some((one) => !one.isJudged)) {
    if (isJudged) {
      report.unjudged(
        `sa seconde signature (${RDFC}) ; la première, vérifiée, couvre tout le document`,
        `its second signature (${RDFC}); the first one, which was checked, covers all of the document`,
        "second signature");
    } else {
      report.unjudged(
        `la seule signature est du procédé ${RDFC}`,
        `its only signature is of the kind ${RDFC}`);
    }
  }
  return found;
}

// What a proof says of itself, or what is wrong with that.
function optionsOf(proof, now, trust) {
  const said = (name) => (isObject(proof) && anyText(proof[name]) ? proof[name] : "");
  const wrong = (fr, en) => ({ problem: [`la signature ne convient pas : ${fr}`, `the signature does not fit: ${en}`] });
  const suite = said("cryptosuite"), method = said("verificationMethod");
  if (said("type") !== "DataIntegrityProof") return wrong("elle n'est pas du type « DataIntegrityProof »", "it is no “DataIntegrityProof”");
  if (suite !== JCS && suite !== RDFC) return wrong(`procédé inconnu (${nameInLine(suite)})`, `an unknown cryptosuite (${nameInLine(suite)})`);
  if (said("proofPurpose") !== "assertionMethod") return wrong("elle n'est pas faite pour attester", "it was not made to attest");
  if ("previousProof" in proof) return wrong("elle pend d'une autre", "it hangs from another one");
  const created = instant(proof.created), expires = "expires" in proof ? instant(proof.expires) : Infinity;
  if (created === null || expires === null) return wrong("une date illisible", "an unreadable date");
  if (created - now > CLOCK_TOLERANCE) {
    return wrong(`datée du futur (${inFrench(created)}), ou l'horloge de cet appareil retarde`, `dated in the future (${inEnglish(created)}), or the clock of this device is slow`);
  }
  if (expires < now) return wrong(`expirée le ${inFrench(expires)}`, `expired on ${inEnglish(expires)}`);
  const key = trust.keyOf(method), value = said("proofValue");
  if (!key) return wrong(`clé inconnue (${nameInLine(method)})`, `an unknown key (${nameInLine(method)})`);
  const signature = value.startsWith("z") ? fromBase58(value.slice(1)) : null;
  return signature?.length === 64 ? { suite, method, created, key, signature } : wrong("illisible", "unreadable");
}

async function jcsHolds(unsecured, proof, { key, signature }) {
  let document = unsecured;
  if ("@context" in proof) {
    if (!beginsWith(document["@context"], proof["@context"])) return false;
    document = { __proto__: null, ...document, "@context": proof["@context"] };
  }
  const options = sha256(toUtf8(canonical(without(proof, "proofValue"))));
  return isSignedBy(key, joined(options, sha256(toUtf8(canonical(document)))), signature);
}

function beginsWith(contexts, signed) {
  if (!Array.isArray(contexts)) return areEqual(contexts, signed);
  const first = Array.isArray(signed) ? signed : [signed];
  return first.length <= contexts.length && areEqual(contexts.slice(0, first.length), first);
}

function issuer(report, document, verified, trust) {
  const did = issuerOf(document);
  const name = nameInLine(anyText(at(document, "issuer", "name")) ? document.issuer.name : did);
  const { method, key } = verified[0];
  const owner = method.split("#")[0];
  if (did !== owner) {
    report.say(FAILS, "issuer",
      `émis au nom de « ${nameInLine(did)} », mais signé par une clé de « ${nameInLine(owner)} »`,
      `issued in the name of “${nameInLine(did)}”, but signed by a key of “${nameInLine(owner)}”`);
    return;
  }
  const print = fingerprint(key), shown = nameInLine(did);
  // A key that was retired when any of its signatures was made was retired.
  const standings = verified.map((one) => trust.standing(one.method, one.created));
  const standing = standings.includes("retired") ? "retired" : standings[0];
  if (standing === "trusted") {
    const pinned = nameInLine(trust.pinnedName(method));
    report.say(HOLDS, "issuer",
      `signé par la clé ${print} de « ${name} » (${pinned}), dont vous avez dit tenir les clés`,
      `signed by the key ${print} of “${name}” (${pinned}), whose keys you said that you have`);
  } else if (standing === "retired") {
    report.say(FAILS, "issuer", `cette clé de « ${name} » était déjà retirée le jour de la signature`, `this key of “${name}” was retired before the signature`);
  } else if (standing === "not listed") {
    report.say(FAILS, "issuer", `cette clé n'est pas parmi celles que « ${shown} » a publiées`, `this key is not among those that “${shown}” published`);
  } else {
    report.say(UNKNOWN, "issuer",
      `la clé ${print} se dit de « ${name} » (${shown}), mais n'importe qui peut le dire d'une clé`,
      `the key ${print} says it is of “${name}” (${shown}), but anybody can say so of a key`,
      { stranger: did });
  }
}

function dates(report, document, now) {
  const unreadableDate = () => report.say(FAILS, "dates", "une date est illisible", "a date is unreadable");
  if ("validFrom" in document) {
    const from = instant(document.validFrom);
    if (from === null) return unreadableDate();
    if (from - now > CLOCK_TOLERANCE) {
      report.say(FAILS, "dates",
        `ne vaut qu'à partir du ${inFrench(from)}, ou l'horloge de cet appareil retarde`,
        `holds only from ${inEnglish(from)} on, or the clock of this device is slow`);
    }
  }
  if (!("validUntil" in document)) return;
  const until = instant(document.validUntil);
  if (until === null) return unreadableDate();
  if (until < now) {
    // What was revoked stays so: of an old list only what it does not say is unknown.
    const verdict = report.kind === "status list" ? UNKNOWN : FAILS;
    report.say(verdict, "dates", `a expiré le ${inFrench(until)}`, `expired on ${inEnglish(until)}`, { headline: "expired" });
  } else {
    report.say(HOLDS, "dates", `vaut jusqu'au ${inFrench(until)}`, `holds until ${inEnglish(until)}`);
  }
}
