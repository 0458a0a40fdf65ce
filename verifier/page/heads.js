// Signed heads of a log: by whom, and whether those at hand tell one history. Of one log and one size there is one root.

const HEADS_MOST = 32, PROOFS_TRIED_MOST = 256;

// Who signed a head. `own` is a key that a signed document vouches for.
async function headSignatures(report, note, trust, now, own) {
  const keys = [...(own ? [own] : []), ...trust.logKeys];
  let isSigned = false;
  for (const key of keys) {
    const verdict = await verdictOn(note, key);
    if (verdict === WRONG) {
      report.say(FAILS, "checkpoint",
        `la signature de ${key.name} sur le point de contrôle est fausse`,
        `the signature of ${key.name} on the checkpoint is wrong`);
      return false;
    }
    isSigned ||= verdict === SIGNED && namesUpTo(note.head.origin).includes(key.name);
  }
  if (isSigned) {
    report.say(HOLDS, "checkpoint",
      `le point de contrôle (${note.head.size} actes) est signé par le journal`,
      `the checkpoint (${note.head.size} acts) is signed by the log`);
  } else if (keys.length > 0) {
    report.say(FAILS, "checkpoint",
      "aucune signature du journal attendu", "no signature of the expected log");
  } else {
    report.say(UNKNOWN, "checkpoint", "la clé du journal n'est pas connue", "the log's key is not known", { stranger: "log" });
  }
  return isSigned;
}

// Whether the log's key is one that the issuer's own document names: a thief of the key that signs statements could bind
// them to a log of their own.
function isLogOfIssuer(report, document, trust, key) {
  const method = proofsOf(document).map((proof) => at(proof, "verificationMethod")).find(anyText) ?? "";
  if (!trust.knowsLogOf(method)) {
    report.say(UNKNOWN, "log",
      "rien ne dit quelles clés signent ce journal",
      "nothing says which keys sign this log");
    return true;
  }
  if (trust.logKeys.some((listed) => listed.text === key.text)) return true;
  return report.say(FAILS, "log",
    "ce journal est signé par une clé que le document du réseau ne nomme pas",
    "this log is signed by a key that the network's document does not name");
}

// The heads in a file: by itself, in a proof, in a statement (its own, and the one before), behind a badge's hours.
function headsIn(other) {
  const binding = at(other.document, "logBinding");
  const proofs = [other.text && parseInclusion(other.text), parseIfText(parseInclusion, at(binding, "closingProof"))];
  const notes = proofs.filter(Boolean).map((proof) => ({ from: "document", note: proof.note }));
  if (other.note) notes.push({ from: "file", note: other.note });
  const previous = parseIfText(parseNote, at(binding, "previous", "checkpoint"));
  if (previous) notes.push({ from: "before", note: previous });
  for (const hours of hoursProofs(other.document)) {
    const proof = parseIfText(parseInclusion, at(hours, "proof"));
    if (proof && parseIfText(parseVerifierKey, at(hours, "log_key"))) notes.push({ from: "document", note: proof.note });
  }
  return notes.filter(({ note }) => note.head !== null);
}

const parseIfText = (parse, text) => (anyText(text) ? parse(text) : null);

// The heads of that log at hand that a key which is known to be its own signed.
async function knownHeads(trust, origin, own) {
  const keys = [...(own ? [own] : []), ...trust.logKeys].filter((key) => key.name === origin);
  const known = [];
  for (const { from, note } of trust.others.flatMap((other) => other.heads)) {
    if (note.head.origin !== origin) continue;
    for (const key of keys) {
      if ((await verdictOn(note, key)) !== SIGNED) continue;
      known.push({ from, ...note.head });
      break;
    }
  }
  return known;
}

// Holds a head against the others of its log.
async function holdAgainstOthers(report, head, trust, own) {
  const known = await knownHeads(trust, head.origin, own);
  const ofSize = known.filter((other) => other.size === head.size);
  if (ofSize.some((other) => !areSame(other.root, head.root))) {
    report.say(FAILS, "published",
      `ALERTE : deux histoires différentes des ${head.size} premiers actes ont été signées ; l'une est fausse`,
      `ALARM: two different histories of the first ${head.size} acts were signed; one of them is false`,
      { headline: "two_histories" });
    return;
  }
  const sizes = new Set();
  for (const other of known) {
    if (other.size === head.size || other.from === "before" || sizes.has(other.size)) continue;
    sizes.add(other.size);
    const [old, later] = other.size < head.size ? [other, head] : [head, other];
    report.judge(shows(old, later, known, trust), "consistency",
      `{la preuve montre|rien ne montre} que le point de ${later.size} actes est la suite de celui de ${old.size}{| : il y faut une preuve de cohérence}`,
      `{the proof|nothing} shows that the head of ${later.size} acts goes on from the one of ${old.size}{|: that takes a proof of consistency}`, UNKNOWN);
  }
}

// Whether the proofs at hand show that the later tree begins with the earlier one, directly or by way of others.
function shows(old, later, byWayOf, trust) {
  const proofs = trust.others.flatMap((other) => other.proofs).slice(0, PROOFS_TRIED_MOST);
  const trees = [...byWayOf, later].sort((one, other) => one.size - other.size).slice(0, HEADS_MOST);
  const isSameTree = (one, other) => one.size === other.size && areSame(one.root, other.root);
  const reachedFrom = (start) => {
    const reached = [start];
    for (const tree of trees) {
      if (reached.some((from) => isSameTree(from, tree))) continue;
      const isReached = reached.some((from) => from.size < tree.size && proofs.some((proof) => goesOnFrom(from, tree, proof)));
      if (isReached) reached.push(tree);
    }
    return reached;
  };
  const fromOld = reachedFrom(old);
  if (fromOld.some((tree) => isSameTree(tree, later))) return true;
  return reachedFrom(later).some((tree) => tree.size > later.size && fromOld.some((it) => isSameTree(it, tree)));
}

async function headReport(note, trust, now) {
  const report = new Report("checkpoint of the log");
  report.title = nameInLine(`${note.head.origin} : ${note.head.size}`);
  await headSignatures(report, note, trust, now, null);
  await holdAgainstOthers(report, note.head, trust, null);
  return report;
}

async function inclusionReport(text, trust, now) {
  const report = new Report("proof of inclusion in the log");
  const proof = parseInclusion(text);
  if (!proof?.note.head) {
    report.say(FAILS, "form", "preuve illisible ou tronquée", "an unreadable or shortened proof");
    return report;
  }
  report.title = nameInLine(`${proof.note.head.origin} : ${proof.index}`);
  await headSignatures(report, proof.note, trust, now, null);
  await holdAgainstOthers(report, proof.note.head, trust, null);
  const mayBeAct = (other) => !other.note && !other.consistency && !(other.text && parseInclusion(other.text)) &&
    !(isObject(other.document) && ("proof" in other.document || "verificationMethod" in other.document));
  const others = trust.others.filter(mayBeAct);
  if (others.some((other) => leadsTo(proof, other.bytes))) {
    report.say(HOLDS, "inclusion", `l'acte n° ${proof.index} est dans le journal, tel que le fichier le dit`, `act ${proof.index} is in the log, as the file says it`);
  } else if (others.length === 0) {
    report.say(UNKNOWN, "inclusion", "l'acte lui-même n'est pas là : donnez aussi son fichier", "the act itself is not at hand: give its file, too");
  } else {
    report.say(FAILS, "inclusion", "aucun des fichiers donnés n'est l'acte que cette preuve montre", "none of the given files is the act that this proof shows");
  }
  return report;
}

async function consistencyReport(hashes, trust, now) {
  const report = new Report("proof of consistency of the log");
  const notes = trust.others.flatMap((other) => other.heads).map(({ note }) => note);
  const pairs = notes.flatMap(({ head: old }) => notes.filter(({ head }) => old.origin === head.origin && old.size < head.size).map((later) => [old, later]));
  const joins = pairs.find(([old, later]) => goesOnFrom(old, later.head, hashes));
  if (joins) {
    const [old, { head: later }] = joins;
    report.say(HOLDS, "consistency", `le point de ${later.size} actes est la suite de celui de ${old.size} actes`, `the head of ${later.size} acts goes on from the one of ${old.size} acts`);
    await headSignatures(report, joins[1], trust, now, null);
  } else if (pairs.length > 0) {
    report.say(FAILS, "consistency", "cette preuve ne relie aucun des points de contrôle donnés", "this proof joins none of the checkpoints that are given");
  } else {
    report.say(UNKNOWN, "consistency", "donnez aussi les points de contrôle qu'elle relie", "give the checkpoints that it joins, too", { stranger: "nobody" });
  }
  return report;
}

// An act as the log sealed it. Its parts are not judged here one by one: only whether the log has it as it stands.
async function actReport(number, bytes, trust, now) {
  const report = new Report("act of the log");
  const proofs = trust.others.map((other) => other.text && parseInclusion(other.text)).filter(Boolean);
  report.title = String(number);
  if (proofs.length === 0) {
    report.unjudged("sa place dans le journal n'est pas montrée ; donnez aussi sa preuve", "its place in the log is not shown; give its proof, too", "document", "inclusion");
    return report;
  }
  const shown = proofs.filter((proof) => proof.note.head && leadsTo(proof, bytes)).map((proof) => proof.note);
  const isShown = report.judge(shown.length > 0, "inclusion",
    "{une des preuves données montre|aucune des preuves données ne montre} sa place dans le journal",
    "{one|none} of the given proofs shows its place in the log");
  if (!isShown) return report;
  // Anybody can make a log in which it stands: whoever signed that log answers for it.
  let note = shown[0];
  for (const key of trust.logKeys) {
    for (const other of shown) if ((await verdictOn(other, key)) === SIGNED) note = other;
  }
  await headSignatures(report, note, trust, now, null);
  report.unjudged("ce que l'acte dit, partie par partie", "what the act says, part by part", "act");
  return report;
}
