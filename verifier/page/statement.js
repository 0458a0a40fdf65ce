// A network's statement of an association's year: that its figures add up, that the log says the same, and what other
// statements at hand say of it.

const STATEMENT_CONTEXTS = ["https://www.w3.org/ns/credentials/v2", "https://w3id.org/coudemain/statement/v1"];
const STATEMENT_TERMS = "sha256-SEGrAH7snpwYD7u4Fnr+8c3aVZBcezlwJ2KYeGXzg2A=";

const KIND = { kind: anyText, minutes: whole }, COUNT = { kind: anyText, exchanges: natural, minutes: whole };
const SIDES = { givenMinutes: whole, receivedMinutes: whole };
const FIGURES = {
  id: anyText, name: anyText, identifiers: [{ kind: anyText, value: anyText }], year: (it) => whole(it) && Math.abs(it) < 2 ** 31, number: maybe(anyText),
  supersedes: maybe({ number: anyText, sha256: anyText }),
  openingMinutes: whole, ...SIDES, correctionMinutes: whole, otherMinutes: whole, closingMinutes: whole,
  movements: [KIND], months: [{ month: (it) => natural(it) && it < 256, ...SIDES }],
  partners: [{ association: whole, name: anyText, ...SIDES, correctionMinutes: whole }],
  skills: [{ name: maybe(anyText), ...SIDES, correctionMinutes: whole }],
  volunteers: [{ nature: anyText, minutes: whole }], knownBy: [COUNT], notCounted: [COUNT],
  annex: maybe({ bytes: natural, sha256: anyText }),
};
const ACCOUNT_PROOF = { leaf: anyText, index: natural, count: natural, path: [anyText] };
const BINDING = {
  closingLeaf: anyText, closingProof: anyText, logKey: anyText, account: maybe(ACCOUNT_PROOF), engaged: maybe(ACCOUNT_PROOF),
  previous: maybe({ checkpoint: anyText, consistency: [anyText] }),
};

async function statement(report, document, trust, now) {
  const figures = document.credentialSubject;
  if (!fits(figures, FIGURES)) return report.say(FAILS, "form", "les chiffres du relevé ne se lisent pas", "the statement's figures cannot be read");
  const isOurs = areEqual(document["@context"], STATEMENT_CONTEXTS) && at(document, "relatedResource", 0, "digestSRI") === STATEMENT_TERMS;
  report.judge(isOurs, "terms",
    "les termes (@context) {sont|ne sont pas} ceux d'un relevé", "the terms (@context) {are|are not} those of a statement");
  const wrong = firstDisagreement(figures);
  report.judge(wrong === null, "arithmetic",
    `les chiffres {s'additionnent|ne s'additionnent pas : ${wrong?.[0]}}`, `the figures {add up|do not add up: ${wrong?.[1]}}`);
  if (report.kind === "provisional statement") {
    report.say(UNKNOWN, "binding",
      "relevé provisoire", "provisional statement", { headline: "provisional" });
    return;
  }
  if (fits(document.logBinding, BINDING)) await bound(report, document, trust, now);
  else report.say(FAILS, "binding", "le lien avec le journal ne se lit pas", "the binding to the log cannot be read");
  await status(report, document, trust, now);
  await succession(report, document, trust, now);
}

// No sum that is too large to be told exactly equals anything.
const sumOf = (parts, name) => parts.reduce((sum, part) => (whole(sum + part[name]) ? sum + part[name] : NaN), 0);

function firstDisagreement(it) {
  const closing = it.openingMinutes + it.givenMinutes + it.correctionMinutes + it.otherMinutes - it.receivedMinutes;
  if (closing !== it.closingMinutes || !whole(closing)) return ["le solde de clôture", "the closing balance"];
  if (sumOf(it.movements, "minutes") !== it.correctionMinutes + it.otherMinutes) return ["les autres mouvements", "other movements"];
  const isOther = (parts) => sumOf(parts, "givenMinutes") !== it.givenMinutes || sumOf(parts, "receivedMinutes") !== it.receivedMinutes;
  if (isOther(it.months)) return ["les mois", "the months"];
  if (isOther(it.partners)) return ["les associations", "the associations"];
  return isOther(it.skills) ? ["les compétences", "the skills"] : null;
}

// The closing of the year commits to every account's totals; the statement shows its own, and leads up to a signed head.
async function bound(report, document, trust, now) {
  const { logBinding: binding, credentialSubject: figures } = document;
  const fails = (fr, en) => report.say(FAILS, "binding", fr, en);
  const proof = parseInclusion(binding.closingProof), key = parseVerifierKey(binding.logKey);
  if (!proof || !key) return fails("la preuve d'inclusion est illisible", "the proof of inclusion is unreadable");
  const { head } = proof.note;
  if (!head) return fails("le point de contrôle est illisible", "the checkpoint is unreadable");
  if (!(await headSignatures(report, proof.note, trust, now, key))) return;
  if (!isLogOfIssuer(report, document, trust, key)) return;
  if (!leadsTo(proof, toUtf8(binding.closingLeaf))) return fails("l'acte de clôture n'est pas dans le journal", "the closing act is not in the log");
  const leaf = parseClosing(binding.closingLeaf);
  const isClosing = leaf && leaf.number === proof.index && figures.id.startsWith(`urn:coudemain:${leaf.network}:`);
  if (!isClosing) return fails("cet acte n'est pas la clôture de l'exercice", "this act is not the closing of the year");
  const nothing = { opening: 0, closing: 0, totals: {} };
  const account = binding.account ? accountOf(binding.account, leaf.closing.root) : nothing;
  const engaged = binding.engaged ? accountOf(binding.engaged, leaf.closing.root) : undefined;
  if (account === null || engaged === null) {
    return fails("les totaux du compte ne mènent pas à la clôture scellée", "the account's totals do not lead to the sealed closing");
  }
  const number = Number(/:([1-9][0-9]*)$/.exec(figures.id)?.[1]);
  const isOwn = !binding.account || (account.account === number && account.book === "exchange");
  const isEngaged = !engaged || (engaged.account === -number && engaged.book === "engagement");
  report.judge(whole(number) && isOwn && isEngaged && leaf.closing.year === figures.year && agree(figures, account, engaged), "binding",
    "les totaux {sont|ne sont pas} ceux que la clôture de l'exercice a scellés dans le journal",
    "the totals {are|are not} those that closing the year sealed in the log");
  if (binding.previous) await extendsPrevious(report, binding.previous, head, key);
  await holdAgainstOthers(report, head, trust, key);
}

function accountOf(proof, root) {
  const path = digestsOf(proof.path), account = jsonOrNull(proof.leaf);
  const leads = path && isIncluded(fromHex(root), proof.count, proof.index, leafHash(toUtf8(proof.leaf)), path);
  return leads && isObject(account) ? account : null;
}

function agree(figures, account, engaged) {
  const totals = account.totals ?? {};
  if (!isObject(totals) || !Object.values(totals).every(whole)) return false;
  const total = (kind) => totals[kind] ?? 0;
  const named = ["given", "received"].filter((kind) => kind in totals).length;
  const volunteers = engaged?.totals ?? {};
  return account.opening === figures.openingMinutes && account.closing === figures.closingMinutes &&
    total("given") === figures.givenMinutes && -total("received") + 0 === figures.receivedMinutes &&
    total("correction") === figures.correctionMinutes &&
    figures.movements.every((part) => part.kind in totals && totals[part.kind] === part.minutes) &&
    Object.keys(totals).length === figures.movements.length + named &&
    isObject(volunteers) && Object.keys(volunteers).length === figures.volunteers.length &&
    figures.volunteers.every((part) => whole(volunteers[part.nature]) && -volunteers[part.nature] + 0 === part.minutes);
}

// The head that was signed before is shown to be a beginning of this one.
async function extendsPrevious(report, previous, head, key) {
  const note = parseNote(previous.checkpoint), hashes = digestsOf(previous.consistency);
  // The key may have changed since: then the earlier signature bears the same name, and is another key's.
  const isSound = note?.head && (await verdictOn(note, key)) !== WRONG && note.head.origin === head.origin;
  report.judge(isSound && hashes !== null && goesOnFrom(note.head, head, hashes), "consistency",
    "le journal {prolonge|ne prolonge pas} le point de contrôle précédent", "the log {goes|does not go} on from the checkpoint before");
}

// `2025-0007` is the seventh of its year.
function sequenceOf(number, year) {
  const found = /^(-?[0-9]+)-([0-9]{4,})$/.exec(textOf(number));
  if (!found || String(Number(found[1])) !== found[1] || Number(found[1]) !== year) return null;
  const sequence = Number(found[2]);
  return sequence < 2 ** 32 && String(sequence).padStart(4, "0") === found[2] ? sequence : null;
}

// Statements of one association that are given together: which took which one's place, and whether one year begins where
// the one before ended.
async function succession(report, document, trust, now) {
  const figures = document.credentialSubject;
  if (!figures.number) return;
  const own = sequenceOf(figures.number, figures.year);
  if (own === null) {
    report.say(FAILS, "form", "le numéro du relevé n'est pas un numéro de son exercice", "the statement's number is none of its year");
    return;
  }
  const others = await otherStatements(report, document, trust, now);
  const ofYear = others.filter((other) => other.year === figures.year).sort((one, other) => one.sequence - other.sequence);
  const number = nameInLine(figures.number);
  if (ofYear.some((other) => other.sequence === own)) {
    report.say(FAILS, "supersedes", `deux relevés différents portent le n° ${number} ; l'un d'eux est faux`, `two different statements bear the number ${number}; one of them is false`);
  }
  supersededBy(report, figures, own, ofYear);
  const before = others.filter((other) => other.year !== figures.year).sort((one, other) => one.sequence - other.sequence).at(-1);
  if (before) {
    report.judge(at(before.document, "credentialSubject", "closingMinutes") === figures.openingMinutes, "opening",
      "le solde d'ouverture {est|n'est pas} le solde de clôture de l'an passé", "it {opens|does not open} where last year's closed");
  }
}

async function otherStatements(report, document, trust, now) {
  const figures = document.credentialSubject, found = [];
  for (const other of trust.others) {
    const subject = at(other.document, "credentialSubject");
    if (!isObject(subject) || subject.id !== figures.id || areEqual(other.document, document)) continue;
    const year = whole(subject.year) ? subject.year : 0;
    if (![0, 1].includes(figures.year - year) || !anyText(subject.number)) continue;
    other.checked ??= signedReport(other.document, trust, now);
    const checked = await other.checked;
    const isBySame = issuerOf(other.document) === issuerOf(document);
    const sequence = sequenceOf(subject.number, year);
    if (other.isOdd || checked.conclusion === "unjudged") {
      report.unjudged("un autre relevé de la même association, donné avec lui", "another statement of the same association, given with it");
    } else if (sequence !== null && checked.holds && (isBySame || checked.conclusion === "trusted")) {
      found.push({ ...other, year, number: subject.number, sequence });
    } else {
      const number = nameInLine(subject.number);
      report.say(UNKNOWN, "supersedes",
        `le relevé n° ${number}, donné avec lui, n'est pas compté : son réseau ne l'a pas signé tel quel`,
        `statement ${number}, given with it, does not count: its network did not sign it as it is`);
    }
  }
  return found;
}

function supersededBy(report, figures, own, ofYear) {
  const { supersedes } = figures;
  if (supersedes) {
    const number = nameInLine(supersedes.number), sequence = sequenceOf(supersedes.number, figures.year);
    const other = ofYear.find((it) => it.number === supersedes.number);
    if (sequence === null || sequence >= own) {
      report.say(FAILS, "supersedes", `ce relevé dit remplacer le n° ${number}, qui n'est pas plus ancien`, `this statement says that it supersedes ${number}, which is no earlier one`);
    } else if (other) {
      report.judge(toHex(sha256(other.bytes)) === supersedes.sha256, "supersedes",
        "ce relevé remplace {celui|un autre que celui} qui est donné avec lui", "this statement supersedes {the|another than the} one given with it");
    } else {
      report.say(HOLDS, "supersedes", `ce relevé remplace le n° ${number}`, `this statement supersedes ${number}`);
    }
  }
  const last = ofYear.filter((other) => other.sequence > own).at(-1);
  const number = nameInLine(last ? last.number : figures.number);
  if (last) {
    report.say(FAILS, "supersedes",
      `ce relevé n'est plus le dernier de son exercice : le n° ${number} l'est, et un plus récent peut exister`,
      `this statement is no longer the last of its year: ${number} is, and a later one may exist`,
      { headline: "superseded" });
  } else {
    report.say(HOLDS, "freshness",
      `dernier relevé connu ici pour cet exercice : le n° ${number} ; un plus récent peut exister`,
      `the last statement known here of that year is ${number}; a later one may exist`);
  }
}
