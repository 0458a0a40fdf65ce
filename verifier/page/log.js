// The sealed log as outsiders see it: signed notes and heads (C2SP signed-note, tlog-checkpoint),
// proofs that an act is in it (tlog-proof, RFC 9162, 2.1.3.2) and that it goes on from an earlier head (2.1.4.2).

const leafHash = (bytes) => sha256(joined([0], bytes));
const nodeHash = (left, right) => sha256(joined([1], left, right));

function isIncluded(root, size, index, leaf, path) {
  if (!(index < size)) return false;
  let place = index, last = size - 1, hash = leaf;
  for (const other of path) {
    if (last === 0) return false;
    if (place % 2 === 1 || place === last) {
      hash = nodeHash(other, hash);
      while (place % 2 === 0 && place !== 0) [place, last] = [place / 2, Math.floor(last / 2)];
    } else {
      hash = nodeHash(hash, other);
    }
    [place, last] = [Math.floor(place / 2), Math.floor(last / 2)];
  }
  return last === 0 && areSame(hash, root);
}

function goesOnFrom(old, later, proof) {
  if (old.size > later.size) return false;
  if (old.size === 0) return proof.length === 0;
  if (old.size === later.size) return proof.length === 0 && areSame(old.root, later.root);
  let path = proof, place = old.size - 1, last = later.size - 1;
  const isWhole = Number.isInteger(Math.log2(old.size));
  if (isWhole) path = [old.root, ...path];
  if (path.length === 0) return false;
  while (place % 2 === 1) [place, last] = [Math.floor(place / 2), Math.floor(last / 2)];
  let oldHash = path[0], newHash = path[0];
  for (const other of path.slice(1)) {
    if (last === 0) return false;
    if (place % 2 === 1 || place === last) {
      oldHash = nodeHash(other, oldHash);
      newHash = nodeHash(other, newHash);
      while (place % 2 === 0 && place !== 0) [place, last] = [place / 2, Math.floor(last / 2)];
    } else {
      newHash = nodeHash(newHash, other);
    }
    [place, last] = [Math.floor(place / 2), Math.floor(last / 2)];
  }
  return last === 0 && areSame(oldHash, old.root) && areSame(newHash, later.root);
}

function digestOf(text) {
  const bytes = fromBase64(text);
  return bytes?.length === 32 ? bytes : null;
}

function digestsOf(texts) {
  const digests = listOf(texts).map(digestOf);
  return Array.isArray(texts) && digests.every((digest) => digest !== null) ? digests : null;
}

function numberOf(text) {
  const number = /^(0|[1-9][0-9]{0,15})$/.test(text ?? "") ? Number(text) : NaN;
  return Number.isSafeInteger(number) ? number : null;
}

const isKeyName = (name) => name !== "" && !/[\s+\u0085]/u.test(name);
// `name+hash+key`: whoever signs heads. Keys of witnesses are none here: who else saw a head is not judged.
function parseVerifierKey(text) {
  const [, name, id, key] = /^([^+]*)\+([0-9a-fA-F]{8})\+(\S+)$/.exec(text.trim()) ?? [];
  const bytes = fromBase64(key);
  if (name === undefined || !isKeyName(name) || bytes?.length !== 33 || bytes[0] !== 1 || !isKey(bytes.slice(1))) return null;
  const own = toHex(sha256(joined(toUtf8(`${name}\n`), bytes)).slice(0, 4));
  return own === id.toLowerCase() ? { name, id: own, key: bytes.slice(1), text: `${name}+${own}+${key}` } : null;
}

// A text with signatures below it.
function parseNote(text) {
  const split = text.lastIndexOf("\n\n");
  if (split < 0 || !text.endsWith("\n")) return null;
  const body = text.slice(0, split + 1), below = text.slice(split + 2, -1);
  if (/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/.test(body)) return null;
  const signatures = below.split("\n").map((line) => {
    const found = /^— ([^ ]+) ([^ ]+)$/.exec(line);
    const bytes = found && fromBase64(found[2]);
    if (!bytes || bytes.length < 5 || !isKeyName(found[1])) return null;
    return { name: found[1], id: toHex(bytes.slice(0, 4)), bytes: bytes.slice(4) };
  });
  if (signatures.length > 100 || signatures.some((signature) => signature === null)) return null;
  return { text: body, signatures, head: parseHead(body) };
}

// Which log, how many acts, and the root over them.
function parseHead(text) {
  const [origin, size, root] = text.split("\n");
  const head = { origin, size: numberOf(size), root: digestOf(root) };
  return origin !== "" && head.size !== null && head.root ? head : null;
}

const NOT_SIGNED = "not signed", WRONG = "wrong", SIGNED = "signed";
const VERDICTS = new Map();

// What a key has to say of a note. It is asked often, and answers once.
async function verdictOn(note, key) {
  const own = note.signatures.find((signature) => signature.name === key.name && signature.id === key.id);
  if (!own) return NOT_SIGNED;
  const asked = `${key.text}\n${note.text}\n${toHex(own.bytes)}`;
  if (!VERDICTS.has(asked)) VERDICTS.set(asked, isSignedBy(key.key, toUtf8(note.text), own.bytes));
  return (await VERDICTS.get(asked)) ? SIGNED : WRONG;
}

const PROOF_LINE = "c2sp.org/tlog-proof@v1";

// The place of an act in a log, with the head that it leads to.
function parseInclusion(text) {
  const split = text.indexOf("\n\n");
  if (split < 0) return null;
  const lines = text.slice(0, split).split("\n");
  if (lines.shift() !== PROOF_LINE) return null;
  if (lines[0]?.startsWith("extra ")) lines.shift();
  const index = numberOf(/^index (.*)$/.exec(lines.shift() ?? "")?.[1]);
  const hashes = digestsOf(lines);
  const note = parseNote(text.slice(split + 2));
  return index !== null && hashes && note ? { index, hashes, note } : null;
}

function leadsTo(proof, leaf) {
  const { head } = proof.note;
  return head !== null && isIncluded(head.root, head.size, proof.index, leafHash(leaf), proof.hashes);
}

// A proof that a log goes on: hashes alone, a line each, or as a network's service answers.
function consistencyIn(text, document) {
  if (isObject(document)) {
    const is = Object.keys(document).sort().join() === "hashes,root,size";
    return is ? digestsOf(document.hashes) : null;
  }
  if (text === null) return null;
  const lines = text.endsWith("\n") ? text.slice(0, -1).split("\n") : text.split("\n");
  return digestsOf(lines);
}

// A log that was lost is opened again under another name: `coudemain/NETWORK`, then `coudemain/NETWORK/2`.
function generationOf(origin) {
  const last = origin.split("/")[2];
  return last !== undefined && /^[0-9]{1,9}$/.test(last) ? Number(last) : 1;
}

function namesUpTo(origin) {
  const first = origin.split("/").slice(0, 2).join("/");
  const names = [first];
  // No name counts further: a head that says so would keep us busy.
  for (let generation = 2; generation <= Math.min(generationOf(origin), 10_000); generation++) {
    names.unshift(`${first}/${generation}`);
  }
  return names;
}

// What the log sealed of the act that closed a year; null for anything else.
const LEAF_NAMES = "at by closing evidence group kind network number texts v".split(" ");
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const CLOSING = { accounts: natural, contested: natural, held: natural, proposed: natural, root: hexDigest, year: whole };

function parseClosing(text) {
  const leaf = jsonOrNull(text);
  if (!isObject(leaf) || canonical(leaf) !== text) return null;
  if (Object.keys(leaf).some((name) => !LEAF_NAMES.includes(name))) return null;
  if (!whole(leaf.at) || !whole(leaf.number) || !anyText(leaf.by) || !anyText(leaf.kind)) return null;
  if (!UUID.test(textOf(leaf.network)) || ![1, 2].includes(leaf.v)) return null;
  return fits(leaf.closing, CLOSING) ? leaf : null;
}
