// What a document says, drawn again from what was signed: so that a printed page can be held against it. A list of lines
// with minutes is drawn wherever it stands in what is said, under the words for its name.

const MOVEMENTS = {
  gift_in: ["dons reçus", "gifts received"], gift_out: ["dons faits", "gifts made"], dues_in: ["cotisations reçues", "dues received"],
  dues_out: ["cotisations versées", "dues paid"], grant_in: ["aides du fonds", "grants from the fund"], grant_out: ["aides accordées", "grants made"],
  opening: ["soldes repris", "balances brought in"], departure: ["départ", "departure"], merger: ["fusion", "merger"],
};
const TOTALS = {
  openingMinutes: ["solde d'ouverture", "opening balance"], givenMinutes: ["donné", "given"], receivedMinutes: ["reçu", "received"],
  correctionMinutes: ["corrections", "corrections"], otherMinutes: ["autres mouvements", "other movements"],
  closingMinutes: ["solde de clôture", "closing balance"], minutes: ["", ""],
};
const LISTS = {
  months: ["Par mois", "By month"], partners: ["Par association", "By association"], skills: ["Par compétence", "By skill"],
  movements: ["Autres mouvements", "Other movements"], volunteers: ["Ce que ses bénévoles ont donné", "What its volunteers gave"],
  hours: ["Heures", "Hours"], years: ["Par année", "By year"], flows: ["Entre associations", "Between associations"],
  natures: ["Par nature", "By nature"],
};

const MONTHS = ["fr", "en-GB"].map((language) => new Intl.DateTimeFormat(language, { month: "long" }));
const inWords = (table, word) => (Object.hasOwn(table, word) ? table[word] : [word, word]);

function labelOf(part, place) {
  const month = whole(part.month) ? MONTHS[place].format(new Date(2000, part.month - 1)) : "";
  const words = [part.from, part.to, part.association, part.name, part.skill].filter(anyText);
  const kind = inWords(MOVEMENTS, textOf(part.kind))[place], nature = inWords(NATURES, textOf(part.nature))[place];
  const told = [whole(part.year) ? String(part.year) : "", month, words.join(anyText(part.to) ? " → " : " · "), kind, nature];
  return inLine(told.filter(Boolean).join(" · ")) || ["Coup de main", "A helping hand"][place];
}

function figuresOf(subject) {
  if (!isObject(subject)) return [];
  const amountsOf = (part, isTold) => Object.keys(TOTALS).filter((name) => whole(part[name]) && isTold(part[name]))
    .map((name) => ({ fr: TOTALS[name][0], en: TOTALS[name][1], minutes: part[name] }));
  const totals = amountsOf(subject, () => true).map((amount) => ({ fr: amount.fr, en: amount.en, amounts: [{ ...amount, fr: "", en: "" }] }));
  const groups = Object.entries(LISTS).map(([name, [fr, en]]) => {
    const parts = listOf(subject[name]).filter(isObject);
    const lines = parts.map((part) => ({ fr: labelOf(part, 0), en: labelOf(part, 1), amounts: amountsOf(part, (minutes) => minutes !== 0) }));
    return { fr, en, lines: lines.filter((line) => line.amounts.length > 0) };
  });
  return [{ fr: "Totaux", en: "Totals", lines: totals }, ...groups].filter((group) => group.lines.length > 0);
}
