// Ed25519: by the browser where it can, by the library above where it cannot. What the two might see differently is
// refused before either is asked: points of small order, and numbers that are not in their one spelling.

const FIELD = (1n << 255n) - 19n;
const ORDER = (1n << 252n) + 27742317777372353535851937790883648493n;

function littleEndian(bytes) {
  let number = 0n;
  for (const byte of [...bytes].reverse()) number = (number << 8n) | BigInt(byte);
  return number;
}

// The y of the points whose eighth multiple is nothing: with such a key or such a beginning of a signature anything may
// come out as signed.
const SMALL_ORDER = [
  0n, 1n, FIELD - 1n,
  littleEndian(fromHex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05")),
  littleEndian(fromHex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a")),
];

function isSoundPoint(bytes) {
  const y = littleEndian(bytes) & ((1n << 255n) - 1n);
  return y < FIELD && !SMALL_ORDER.includes(y);
}

// Whether a key is a point of the curve, as the library reads it: what is none can have signed nothing.
const KEYS = new Map();
function isKey(bytes) {
  const name = toHex(bytes);
  if (!KEYS.has(name)) {
    try {
      Point.fromHex(bytes, false);
      KEYS.set(name, isSoundPoint(bytes));
    } catch {
      KEYS.set(name, false);
    }
  }
  return KEYS.get(name);
}

const imported = new Map();
let hasOwn = null;

// Whether this browser knows Ed25519 itself.
async function browserKnowsEd25519() {
  hasOwn ??= (async () => {
    try {
      const subtle = globalThis.crypto?.subtle;
      const key = fromHex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
      await subtle.importKey("raw", key, "Ed25519", false, ["verify"]);
      return true;
    } catch {
      return false;
    }
  })();
  return hasOwn;
}

async function isSignedBy(key, message, signature) {
  if (key.length !== 32 || signature.length !== 64) return false;
  if (!isKey(key) || !isSoundPoint(signature.slice(0, 32))) return false;
  if (littleEndian(signature.slice(32)) >= ORDER) return false;
  try {
    if (!(await browserKnowsEd25519())) return await verifyAsync(signature, message, key, { zip215: false });
    const name = toHex(key);
    if (!imported.has(name)) {
      imported.set(name, await crypto.subtle.importKey("raw", key, "Ed25519", false, ["verify"]));
    }
    return await crypto.subtle.verify("Ed25519", imported.get(name), signature, message);
  } catch {
    return false;
  }
}

// A Multikey of Ed25519: `z6Mk…`.
function fromMultikey(text) {
  if (typeof text !== "string" || text[0] !== "z") return null;
  const bytes = fromBase58(text.slice(1));
  return bytes?.length === 34 && bytes[0] === 0xed && bytes[1] === 1 && isKey(bytes.slice(2)) ? bytes.slice(2) : null;
}

// A few digits of a key's SHA-256, to be compared by eye.
const fingerprint = (key) => toHex(sha256(key).slice(0, 8)).match(/.{4}/g).join(" ");

// The key in a verification method of a `did:key` or of a network's domain: the fragment is the key itself.
function fromMethod(method) {
  const [did, fragment, more] = method.split("#");
  const key = more === undefined ? fromMultikey(fragment) : null;
  if (!key) return null;
  if (did.startsWith("did:key:")) return did === `did:key:${fragment}` ? { did, key } : null;
  return /^did:web:./.test(did) ? { did, key } : null;
}
