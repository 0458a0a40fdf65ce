//! What the annex to the accounts may say of the volunteers, in sentences that are true as they stand.
//!
//! Regulation ANC 2018-06, art. 211-1 to 211-4: what was given in kind is booked where it can be measured, with a method
//! that is stated and stays the same; where it is not booked, the annex says why, and how much it was.

use std::collections::BTreeMap;

use ledger::{AssociationNumber, Minutes, contribution::Nature, headcount::Headcount};
use rust_decimal::Decimal;

use super::accounts::Accounts;
use crate::text::count;

impl Accounts {
    /// The wording, a paragraph for each association that was given time.
    pub fn annex(&self) -> Vec<String> {
        self.headcount().iter().map(|(association, headed)| self.paragraph(*association, headed)).collect()
    }

    fn paragraph(&self, association: AssociationNumber, headed: &Headcount) -> String {
        let mut sentences = self.counted(association, headed);
        sentences.push(match self.total(association).filter(|_| self.has_rates()) {
            Some(total) => self.valued(association, total),
            None => self.not_valued(),
        });
        let governing = headed.by_nature.get(&Nature::Governance).map_or(Minutes::ZERO, |headed| headed.minutes);
        if self.has_rates() && !governing.is_zero() {
            let hours = self.hours(governing);
            sentences.push(if self.with_governance {
                self.language.pick(
                    format!("Le temps passé dans les instances ({hours}) y est compris."),
                    format!("Time in governing bodies ({hours}) is included."),
                )
            } else {
                self.language.pick(
                    format!("Le temps passé dans les instances ({hours}) n'est pas valorisé."),
                    format!("Time in governing bodies ({hours}) is not valued."),
                )
            });
        }
        let untold = self.untold(association);
        if !untold.is_zero() {
            let hours = self.hours(untold);
            sentences.push(self.language.pick(
                format!("S'y ajoutent {hours} d'aide pour lesquelles les personnes ne sont pas dites : elles ne sont ni comptées ni valorisées ici."),
                format!("Beside these, {hours} of help for which nobody said who gave it are neither counted nor valued here."),
            ));
        }
        sentences.push(
            self.t(
                "Le temps des salariés, du mécénat de compétences et du service civique n'y est pas compris.",
                "Time of employees, lent staff and civic service is not included.",
            )
            .to_owned(),
        );
        sentences.join(" ")
    }

    /// Who gave how much, and where that is kept.
    fn counted(&self, association: AssociationNumber, headed: &Headcount) -> Vec<String> {
        let (from, to, name) = (self.day(self.days.0), self.day(self.days.1), self.name(association));
        let persons = count(
            headed.volunteers.persons,
            self.language,
            ("bénévole a donné", "bénévoles ont donné"),
            ("volunteer gave", "volunteers gave"),
        );
        let (hours, network) = (self.hours(headed.volunteers.minutes), self.network_name.as_str());
        let kept = self.language.pick(
            format!("Le registre du réseau « {network} » tient ces heures une à une, avec leur date et la personne."),
            format!(
                "The ledger of the network “{network}” keeps these hours one by one, with their date and the person."
            ),
        );
        let given = self.language.pick(
            format!("Contributions volontaires en nature : du {from} au {to}, {persons} {hours} au nom de « {name} »."),
            format!("Voluntary contributions in kind: from {from} to {to}, {persons} {hours} on behalf of “{name}”."),
        );
        vec![given, kept]
    }

    fn valued(&self, association: AssociationNumber, (_, euros): (Minutes, Decimal)) -> String {
        let (how, euros) = (self.how(association), self.money(euros));
        self.language.pick(
            format!("Elles sont valorisées ainsi : {how}, soit {euros}, au débit du compte 864 (personnel bénévole) et au crédit du compte 875 (bénévolat)."),
            format!("They are valued as follows: {how}, that is {euros}, debited to account 864 (volunteers' work) and credited to account 875 (volunteering)."),
        )
    }

    /// How many hours at which rate, and where that comes from.
    pub(super) fn how(&self, association: AssociationNumber) -> String {
        let mut by_rate: BTreeMap<(Decimal, &str), Minutes> = BTreeMap::new();
        for line in self.valuation().lines.iter().filter(|line| line.association == association) {
            if let Some((rate, _)) = &line.value {
                let sum = by_rate.entry((rate.hourly, rate.method.as_str())).or_default();
                // The lines' sum is a number: see `Valuation::totals`.
                *sum = Minutes::new(sum.get().saturating_add(line.minutes.get()));
            }
        }
        let told = by_rate.into_iter().map(|((hourly, method), minutes)| {
            let (hours, hourly) = (self.hours(minutes), self.money(hourly));
            let method = if method.is_empty() { String::new() } else { format!(" ({method})") };
            self.language
                .pick(format!("{hours} à {hourly} l'heure{method}"), format!("{hours} at {hourly} an hour{method}"))
        });
        told.collect::<Vec<_>>().join(", ")
    }

    fn not_valued(&self) -> String {
        let why = self.t(
            "Elles ne sont pas valorisées en euros ; en voici les raisons : … (à compléter).",
            "They are not valued in euros, for these reasons: … (to be completed).",
        );
        why.to_owned()
    }

    fn hours(&self, minutes: Minutes) -> String {
        minutes.display(self.language).to_string()
    }

    /// Euros as people write them: cents at least, and thousands apart.
    pub fn money(&self, euros: Decimal) -> String {
        let mut figure = euros.normalize();
        if figure.scale() < 2 {
            figure.rescale(2);
        }
        let figure = figure.abs().to_string();
        let (whole, cents) = figure.split_once('.').unwrap_or((&figure, "00"));
        let mut grouped = String::new();
        for (at, digit) in whole.chars().enumerate() {
            if at > 0 && (whole.len() - at).is_multiple_of(3) {
                grouped.push_str(self.language.pick("\u{202f}", ","));
            }
            grouped.push(digit);
        }
        let sign = if euros.is_sign_negative() { "−" } else { "" };
        self.language.pick(format!("{sign}{grouped},{cents}\u{a0}€"), format!("{sign}€{grouped}.{cents}"))
    }
}
