// JSON that is signed: read strictly (RFC 8259, no name twice in one object), written in its one form (RFC 8785).

const VALUES_MOST = 200_000;
const DEPTH_MOST = 126;

class NotJson extends Error {}

// Reads a text. What it holds is plain: null, booleans, numbers, strings, arrays, and objects without a prototype.
// `isOdd` says that a number stands there that two programs may take for two: one that is no whole number as it is
// written, or too large to be told exactly.
function parseJson(text) {
  let at = 0, left = VALUES_MOST, isOdd = false;
  const fail = (why) => { throw new NotJson(`${why} (${at})`); };
  const skip = () => { while (" \t\n\r".includes(text[at] ?? "x")) at++; };
  const take = (word, value) => {
    if (!text.startsWith(word, at)) fail("unexpected");
    at += word.length;
    return value;
  };

  function string() {
    const start = ++at;
    for (;;) {
      const code = text.charCodeAt(at);
      if (Number.isNaN(code) || code < 0x20) fail("a string does not end");
      if (code === 0x22) break;
      at += code === 0x5c ? 2 : 1;
    }
    const raw = text.slice(start, at++);
    if (!/^(?:[^\\]|\\["\\/bfnrt]|\\u[0-9a-fA-F]{4})*$/s.test(raw)) fail("an escape");
    const value = raw.includes("\\") ? JSON.parse(`"${raw}"`) : raw;
    if (!value.isWellFormed()) fail("half a letter");
    return value;
  }

  function number() {
    const found = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/.exec(text.slice(at, at + 400));
    if (!found || found[0].length === 400) fail("a number");
    at += found[0].length;
    const value = Number(found[0]);
    if (!Number.isFinite(value)) fail("a number out of range");
    isOdd ||= !/^(?:-?[1-9][0-9]*|0)$/.test(found[0]) || !Number.isSafeInteger(value);
    return value;
  }

  function object(depth) {
    const members = Object.create(null);
    at++;
    skip();
    if (text[at] === "}") return at++, members;
    for (;;) {
      skip();
      if (text[at] !== '"') fail("a name is missing");
      const name = string();
      if (name in members) fail(`the name "${name}" stands twice in one object`);
      skip();
      take(":");
      members[name] = value(depth + 1);
      skip();
      if (text[at] === "}") return at++, members;
      take(",");
    }
  }

  function array(depth) {
    const items = [];
    at++;
    skip();
    if (text[at] === "]") return at++, items;
    for (;;) {
      items.push(value(depth + 1));
      skip();
      if (text[at] === "]") return at++, items;
      take(",");
    }
  }

  function value(depth) {
    if (left-- === 0) fail(`more than ${VALUES_MOST} values`);
    if (depth > DEPTH_MOST) fail("too deep");
    skip();
    switch (text[at]) {
      case "{": return object(depth);
      case "[": return array(depth);
      case '"': return string();
      case "t": return take("true", true);
      case "f": return take("false", false);
      case "n": return take("null", null);
      default: return number();
    }
  }

  const whole = value(0);
  skip();
  if (at < text.length) fail("something follows");
  return { value: whole, isOdd };
}

function jsonOrNull(text) {
  try {
    const { value, isOdd } = parseJson(text);
    return isOdd ? null : value;
  } catch {
    return null;
  }
}

const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
const oneOrSeveral = (value) => (Array.isArray(value) ? value : value === undefined || value === null ? [] : [value]);
const textOf = (value) => (typeof value === "string" ? value : "");
const listOf = (value) => (Array.isArray(value) ? value : []);

// What stands at a path, as far as it leads.
function at(value, ...path) {
  for (const name of path) {
    if (Array.isArray(value) && Number.isInteger(name)) value = value[name];
    else if (isObject(value) && typeof name === "string") value = value[name];
    else return undefined;
  }
  return value;
}

// RFC 8785: names in the order of their UTF-16 units, strings and numbers as ECMAScript writes them.
function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const members = Object.keys(value).sort().map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`);
  return `{${members.join(",")}}`;
}

const areEqual = (one, other) => one !== undefined && other !== undefined && canonical(one) === canonical(other);

function without(object, ...names) {
  const rest = Object.create(null);
  for (const name of Object.keys(object)) if (!names.includes(name)) rest[name] = object[name];
  return rest;
}

// Whether a value has a shape: a test, a list of one shape, or an object with these members and no others.
const anyText = (value) => typeof value === "string";
const whole = (value) => Number.isSafeInteger(value);
const natural = (value) => whole(value) && value >= 0;
const hexDigest = (value) => typeof value === "string" && /^[0-9a-f]{64}$/.test(value);
const maybe = (shape) => ({ maybe: shape });

function fits(value, shape) {
  if (typeof shape === "function") return shape(value);
  if (Array.isArray(shape)) return Array.isArray(value) && value.every((item) => fits(item, shape[0]));
  if (!isObject(value) || Object.keys(value).some((name) => !(name in shape))) return false;
  return Object.entries(shape).every(([name, inner]) => {
    if (typeof inner !== "object" || !("maybe" in inner)) return name in value && fits(value[name], inner);
    return value[name] === undefined || value[name] === null || fits(value[name], inner.maybe);
  });
}
