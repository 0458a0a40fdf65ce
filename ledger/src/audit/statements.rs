//! Where the figures of a statement are not those of the books: each is named, with its hours.

use std::collections::BTreeMap;

use super::{
    findings::{Check, Disagreement, Findings},
    said::Said,
};
use crate::{
    AssociationNumber, Language,
    account::PostingKind,
    contribution::Nature,
    statement::{Figures, MonthPart, SkillPart},
    words::{Names, known_by},
};

impl Findings {
    /// Holds a statement's figures against those of the books, and names each that differs. Names may have changed since
    /// it was made, and what waited may have been answered: neither is compared.
    pub fn expect_figures(&mut self, row: &Said, found: &Figures, expected: &Figures, names: Names<'_>) {
        let told = [
            (found.id.clone(), expected.id.clone(), ("adhérent", "member")),
            (found.year.to_string(), expected.year.to_string(), ("exercice", "year")),
            (number(found), number(expected), ("numéro", "number")),
        ];
        for (found, expected, (french, english)) in told {
            if found != expected {
                let row = row.and(&format!(", {french}"), &format!(", {english}"));
                self.disagrees(Check::Proofs, Disagreement::new(row, Some(found.into()), Some(expected.into())));
            }
        }
        let (Amounts(found), Amounts(mut expected)) = (Amounts::of(found, names), Amounts::of(expected, names));
        let mut differs = |(french, english): &(String, String), found: Option<i64>, expected: Option<i64>| {
            if found != expected {
                let row = row.and(&format!(", {french}"), &format!(", {english}"));
                let said = |amount: Option<i64>| amount.map(Said::minutes);
                self.disagrees(Check::Proofs, Disagreement::new(row, said(found), said(expected)));
            }
        };
        for (name, found) in &found {
            differs(name, Some(*found), expected.remove(name));
        }
        for (name, expected) in &expected {
            differs(name, None, Some(*expected));
        }
    }
}

fn number(figures: &Figures) -> String {
    figures.number.clone().unwrap_or_else(|| "-".to_owned())
}

/// Every figure of a statement by its name, in both languages. One that is not there is none, which is not zero.
#[derive(Default)]
struct Amounts(BTreeMap<(String, String), i64>);

impl Amounts {
    fn of(figures: &Figures, names: Names<'_>) -> Self {
        let mut amounts = Self::default();
        amounts.totals(figures);
        amounts.breakdown(figures, names);
        amounts
    }

    /// Adds a figure. One that is told twice is two.
    fn add(&mut self, french: String, english: String, minutes: i64) {
        let (mut french, mut english) = (french, english);
        while self.0.contains_key(&(french.clone(), english.clone())) {
            french.push_str(" (bis)");
            english.push_str(" (again)");
        }
        self.0.insert((french, english), minutes);
    }

    fn add_three(&mut self, (french, english): (&str, &str), [given, received, correction]: [i64; 3]) {
        self.add(format!("données, {french}"), format!("given, {english}"), given);
        self.add(format!("reçues, {french}"), format!("received, {english}"), received);
        self.add(format!("annulées, {french}"), format!("corrected, {english}"), correction);
    }

    fn totals(&mut self, figures: &Figures) {
        let totals = [
            (figures.opening_minutes, "solde d'ouverture", "opening balance"),
            (figures.given_minutes, "heures données", "hours given"),
            (figures.received_minutes, "heures reçues", "hours received"),
            (figures.correction_minutes, "annulations", "corrections"),
            (figures.other_minutes, "autres mouvements", "other movements"),
            (figures.closing_minutes, "solde de clôture", "closing balance"),
        ];
        for (minutes, french, english) in totals {
            self.add(french.to_owned(), english.to_owned(), minutes);
        }
        for part in &figures.movements {
            let known = |language| PostingKind::try_from(part.kind.as_str()).map(|it| it.in_words_of_several(language));
            let word = |language| known(language).unwrap_or(&part.kind).to_owned();
            let (french, english) = (word(Language::French), word(Language::English));
            self.add(format!("mouvements, {french}"), format!("movements, {english}"), part.minutes);
        }
    }

    fn breakdown(&mut self, figures: &Figures, names: Names<'_>) {
        for MonthPart { month, given_minutes, received_minutes } in &figures.months {
            let name = (format!("mois {month}"), format!("month {month}"));
            self.add_three((&name.0, &name.1), [*given_minutes, *received_minutes, 0]);
        }
        for part in &figures.partners {
            let (number, name) = (part.association, names(AssociationNumber(part.association)));
            let called = (format!("avec {name} (n° {number})"), format!("with {name} ({number})"));
            let three = [part.given_minutes, part.received_minutes, part.correction_minutes];
            self.add_three((&called.0, &called.1), three);
        }
        // A skill may be called otherwise since: the amounts are compared from the smallest on.
        let of_skill = |part: &SkillPart| [part.given_minutes, part.received_minutes, part.correction_minutes];
        let mut of_skills: Vec<_> = figures.skills.iter().map(of_skill).collect();
        of_skills.sort_unstable();
        for (place, three) in (1_usize..).zip(of_skills) {
            self.add_three((&format!("compétence {place}"), &format!("skill {place}")), three);
        }
        for part in &figures.volunteers {
            let known = |language| Nature::try_from(part.nature.as_str()).map(|nature| nature.in_words(language));
            let word = |language| known(language).unwrap_or(&part.nature).to_owned();
            let (french, english) = (word(Language::French), word(Language::English));
            self.add(format!("bénévoles, {french}"), format!("volunteers, {english}"), part.minutes);
        }
        for part in &figures.known_by {
            let (count, french, english) =
                (part.exchanges, known_by(&part.kind, Language::French), known_by(&part.kind, Language::English));
            self.add(format!("{count} échanges {french}"), format!("{count} exchanges {english}"), part.minutes);
        }
    }
}
