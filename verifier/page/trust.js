// Whom the reader believes, and what else is at hand. Files supply keys; only the reader's own word supplies trust.

const CHANGES_MOST = 256;

class Trust {
  constructor() {
    Object.assign(this, { dids: [], listed: [], logKeys: [], logOwners: [], changes: [], others: [] });
  }

  // Believes the keys that a document lists. Nothing is believed of one that is not sound from end to end.
  believe(document) {
    const did = textOf(at(document, "id"));
    const asserting = at(document, "assertionMethod"), methods = at(document, "verificationMethod");
    if (!did.startsWith("did:") || !Array.isArray(asserting) || !Array.isArray(methods)) return false;
    const listed = [];
    for (const method of methods) {
      const id = textOf(at(method, "id"));
      if (id === "") return false;
      if (!asserting.includes(id)) continue;
      const key = fromMultikey(at(method, "publicKeyMultibase"));
      const parts = id.split("#");
      if (!key || parts.length < 2) return false;
      const owner = parts[0], fragment = parts.slice(1).join("#");
      // A document speaks for its own name, or for the key's that it bore before it had one; for nobody else.
      const isKeyItself = owner === `did:key:${fragment}` && fragment === method.publicKeyMultibase;
      const isOwn = owner.startsWith("did:key:") ? isKeyItself : owner === did;
      if (!isOwn || (anyText(method.controller) && method.controller !== owner)) continue;
      const ends = [instant(method.expires), instant(method.revoked)].filter((end) => end !== null);
      // An end that cannot be read is none that could be believed in.
      if ([method.expires, method.revoked].some((end) => end !== undefined && instant(end) === null)) return false;
      listed.push({ did: owner, subject: did, owner: did, method: id, key, until: ends.length ? Math.min(...ends) : null });
    }
    this.listed.push(...listed);
    for (const key of listOf(at(document, "logKeys")).map((text) => anyText(text) && parseVerifierKey(text)).filter(Boolean)) {
      this.logOwners.push({ key: key.text, owner: did });
      this.logKeys.push(key);
    }
    this.changes.push(...changesIn(document));
    this.dids.push(did);
    return true;
  }

  // Believes the keys of which believed keys say, in a head that is at hand, that they follow them.
  async followSuccessors() {
    const notes = [...this.changes];
    for (const other of this.others) notes.push(...(other.note ? [other.note] : []), ...changesIn(other.document));
    for (let next = 0; next < this.logKeys.length && next < CHANGES_MOST; next++) {
      const key = this.logKeys[next];
      const owners = this.logOwners.filter((owned) => owned.key === key.text).map((owned) => owned.owner);
      for (const note of notes.slice(0, CHANGES_MOST)) {
        for (const successor of await successorsNamed(key, note)) this.follow(successor, owners);
      }
    }
  }

  follow(successor, owners) {
    if (successor.log) {
      if (this.logKeys.some((key) => key.text === successor.log.text)) return;
      this.logKeys.push(successor.log);
      this.logOwners.push(...owners.map((owner) => ({ key: successor.log.text, owner })));
      return;
    }
    const { did, key, method } = successor;
    for (const owner of owners) {
      if (this.listed.some((listed) => listed.method === method && listed.owner === owner)) continue;
      this.listed.push({ did, subject: did, owner, method, key, until: null });
    }
  }

  keyOf(method) {
    return this.listed.find((listed) => listed.method === method)?.key ?? fromMethod(method)?.key ?? null;
  }

  pinnedName(method) {
    return this.listed.find((listed) => listed.method === method)?.subject ?? method.split("#")[0];
  }

  knowsLogOf(method) {
    return this.listed.some((listed) => listed.method === method) && this.logKeys.length > 0;
  }

  // What is known of a key that made a signature at that instant.
  standing(method, made) {
    const did = method.split("#")[0];
    const listed = this.listed.find((it) => it.method === method);
    if (listed) return listed.until !== null && listed.until < made ? "retired" : "trusted";
    if (this.listed.some((it) => it.did === did)) return "not listed";
    if (!this.dids.includes(did)) return "stranger";
    return did.startsWith("did:key:") ? "trusted" : "unpinned";
  }

  // Whether two documents were signed with keys of one and the same, whatever they were called then.
  areOfOne(one, other) {
    const owners = (document) => {
      const method = proofsOf(document).map((proof) => at(proof, "verificationMethod")).find(anyText);
      return this.listed.filter((listed) => listed.method === method);
    };
    const own = owners(one);
    const isItsOwn = own.some((listed) => listed.did === listed.owner);
    const theirs = owners(other).map((listed) => listed.owner);
    return own.some((listed) => (!isItsOwn || listed.did === listed.owner) && theirs.includes(listed.owner));
  }
}

const proofsOf = (document) => oneOrSeveral(at(document, "proof"));
const changesIn = (document) => listOf(at(document, "keyChanges")).map((text) => anyText(text) && parseNote(text)).filter(Boolean);

// The keys that a head names as following, where that key signed it under a name of that log.
async function successorsNamed(key, note) {
  if (!note.head) return [];
  const names = namesUpTo(note.head.origin);
  if (!names.includes(key.name) || (await verdictOn(note, key)) !== SIGNED) return [];
  const lines = note.text.split("\n").slice(3, 19).filter((line) => line.startsWith("successor "));
  return lines.map((line) => {
    const name = line.slice("successor ".length);
    const log = parseVerifierKey(name);
    if (log) return names.includes(log.name) ? { log } : null;
    const issuer = fromMethod(name);
    return issuer && { ...issuer, method: name };
  }).filter(Boolean);
}

const isKeyDocument = (document) =>
  textOf(at(document, "id")).startsWith("did:") && Array.isArray(at(document, "verificationMethod")) && !("proof" in document);
