// The names that the contexts define which a network's documents use, by the context's address. A name that none of a
// document's contexts knows would be read by whoever reads the JSON, and be no part of what others read there.

const CONTEXTS = new Map(Object.entries(JSON.parse(`{{terms}}`)).map(([address, names]) => [address, new Set(names.split(" "))]));
const ALL_NAMES = "@vocab";
const TEXT_KEYWORDS = ["@value", "@language", "@direction"];

// "known", "elsewhere" where a context is none of these, or the first name that no context knows.
function termsOf(document) {
  const contexts = oneOrSeveral(document["@context"]);
  if (contexts.length === 0) return { are: "known" };
  const known = contexts.map((context) => CONTEXTS.get(context));
  if (known.some((context) => context === undefined)) return { are: "elsewhere" };
  const isTerm = (name) => TEXT_KEYWORDS.includes(name) ||
    (!/[:@]/.test(name) && known.some((context) => context.has(ALL_NAMES) || context.has(name)));
  const todo = [document];
  while (todo.length > 0) {
    const value = todo.pop();
    if (Array.isArray(value)) todo.push(...value);
    if (!isObject(value)) continue;
    for (const [name, member] of Object.entries(value)) {
      if (name === "@context") {
        const tellsAgain = oneOrSeveral(member).every((context) => contexts.includes(context));
        if (member === null || !tellsAgain) return { are: "elsewhere" };
        continue;
      }
      const types = name === "type" ? oneOrSeveral(member).filter(anyText) : [];
      const other = [...types, name].find((name) => !isTerm(name));
      if (other !== undefined) return { are: "unknown", name: other };
      todo.push(member);
    }
  }
  return { are: "known" };
}
