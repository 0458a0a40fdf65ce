//! Volunteer hours as the annual accounts print them: what was done, valued or not, and what whoever signs should know.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;
use ledger::{
    AssociationNumber, Language, Minutes, PersonNumber, SkillNumber,
    headcount::Headcount,
    registry::Registry,
    valuation::{CecLine, Rates, Valuation, cec_lines},
    year::Year,
};
use rust_decimal::Decimal;
use store::WorkDone;

use crate::{
    error::FileError,
    network::{OpenNetwork, name_in},
    text::count,
};

/// Whose hours are told, and to whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// Those of all associations, to the network.
    All,
    /// Those of one, to the network.
    One(AssociationNumber),
    /// Those of one, to itself: what its volunteers give elsewhere concerns others.
    Own(AssociationNumber),
}

/// What is asked for.
#[derive(Debug)]
pub struct Basis {
    /// The first and the last service date.
    pub days: (NaiveDate, NaiveDate),
    /// Whose hours.
    pub whose: Whose,
    /// What an hour is worth; none for hours alone.
    pub rates: Rates,
    /// Whether time in governing bodies is valued, too.
    pub with_governance: bool,
}

/// Everything that is told, in any form.
#[derive(Debug)]
pub struct Accounts {
    pub(super) language: Language,
    pub(super) network_name: String,
    registry: Arc<Registry>,
    pub(super) days: (NaiveDate, NaiveDate),
    pub(super) whose: Whose,
    valuation: Valuation,
    headcount: BTreeMap<AssociationNumber, Headcount>,
    /// Only for a calendar year.
    cec: Option<Vec<CecLine>>,
    done: WorkDone,
    has_rates: bool,
    pub(super) with_governance: bool,
}

impl Accounts {
    /// Reads what was done, and values it.
    pub async fn read(network: &OpenNetwork, basis: &Basis) -> Result<Self, FileError> {
        let days = basis.days;
        let own = match basis.whose {
            Whose::Own(number) => Some(number),
            Whose::All | Whose::One(_) => None,
        };
        let mut done = network.store.work_done(network.network_id, days, own).await?;
        let is_year = Year::of(days.0).days() == Some(days);
        // The citizen-engagement account adds up a person's associations before one of them is picked.
        let mut cec = if is_year { cec_lines(&done.works) } else { None };
        if let Whose::One(number) = basis.whose {
            done.works.retain(|work| work.association == number);
            done.untold.retain(|association, _| *association == number);
            cec = cec.map(|lines| lines.into_iter().filter(|line| line.association == number).collect());
        }
        let insee = |association| done.insee.get(&association).cloned().unwrap_or_default();
        let valuation = Valuation::of(&done.works, &basis.rates, insee, basis.with_governance);
        Ok(Self {
            language: network.language,
            network_name: network.network.name.clone(),
            registry: Arc::clone(&network.registry),
            days,
            whose: basis.whose,
            valuation: valuation.ok_or(FileError::TooManyHours)?,
            headcount: Headcount::of(&done.works).ok_or(FileError::TooManyHours)?,
            cec,
            done,
            has_rates: !basis.rates.is_empty(),
            with_governance: basis.with_governance,
        })
    }

    /// The hours line by line, in euros where there is a rate.
    pub const fn valuation(&self) -> &Valuation {
        &self.valuation
    }

    /// Whether hours are told in euros, too.
    pub const fn has_rates(&self) -> bool {
        self.has_rates
    }

    /// An association's hours and euros in all; `None` where nothing was valued.
    pub fn total(&self, association: AssociationNumber) -> Option<(Minutes, Decimal)> {
        self.valuation.totals().get(&association).copied()
    }

    /// How many persons gave how much, by association.
    pub const fn headcount(&self) -> &BTreeMap<AssociationNumber, Headcount> {
        &self.headcount
    }

    /// Help that an association gave without saying by whom.
    pub fn untold(&self, association: AssociationNumber) -> Minutes {
        self.done.untold.get(&association).copied().unwrap_or_default()
    }

    /// What the citizen-engagement account asks for, by volunteer; `None` unless the days are those of a calendar year.
    pub fn engaged(&self) -> Option<&[CecLine]> {
        self.cec.as_deref()
    }

    /// How many acts the ledger held when this was read.
    pub const fn acts(&self) -> i64 {
        self.done.acts
    }

    /// What whoever signs the accounts should know.
    pub fn notes(&self) -> Vec<String> {
        let t = |french: String, english: String| self.language.pick(french, english);
        let shown = |minutes: &Minutes| minutes.display(self.language).to_string();
        let (from, to, acts) = (self.day(self.days.0), self.day(self.days.1), self.done.acts);
        let acts = count(acts, self.language, ("acte", "actes"), ("act", "acts"));
        let mut notes = vec![t(
            format!("Par date de service, du {from} au {to} ; calculé après {acts} du registre."),
            format!("By service date, {from} to {to}; computed after {acts} of the ledger."),
        )];
        for ((association, nature), minutes) in self.valuation.left_out.iter().filter(|(_, minutes)| !minutes.is_zero())
        {
            let (name, nature, shown) = (self.name(*association), nature.in_words(self.language), shown(minutes));
            notes.push(t(
                format!("Hors valorisation : {name}, {nature}, {shown}."),
                format!("Not valued: {name}, {nature}, {shown}."),
            ));
        }
        for (association, minutes) in &self.valuation.without_rate {
            let (name, shown) = (self.name(*association), shown(minutes));
            notes.push(t(
                format!("Sans taux à ces dates : {name}, {shown}."),
                format!("No rate on these dates: {name}, {shown}."),
            ));
        }
        let untold: BTreeMap<_, _> = self.done.untold.iter().collect();
        for (association, minutes) in untold {
            let (name, shown) = (self.name(*association), shown(minutes));
            notes.push(t(
                format!("Aide donnée sans dire par qui, donc non valorisée : {name}, {shown}."),
                format!("Help given without saying by whom, hence not valued: {name}, {shown}."),
            ));
        }
        for (association, person) in &self.valuation.employed_volunteers {
            let (name, (code, _)) = (self.name(*association), self.person(*person));
            notes.push(t(
                format!("À vérifier : {code} est salarié et bénévole de {name}."),
                format!("To check: {code} is both employee and volunteer of {name}."),
            ));
        }
        if self.has_rates {
            notes.push(t(
                "À valider avec votre expert-comptable. Assujettis à la TVA : un échange réciproque peut être imposable.".to_owned(),
                "Have it checked by your accountant. If you are registered for VAT, an exchange in return may be taxable.".to_owned(),
            ));
        }
        notes
    }

    pub(super) fn t<'t>(&self, french: &'t str, english: &'t str) -> &'t str {
        self.language.pick(french, english)
    }

    /// An association's name.
    pub fn name(&self, association: AssociationNumber) -> String {
        name_in(&self.registry, association)
    }

    /// A skill's name, or that of a hand that needs no particular skill.
    pub fn skill(&self, skill: Option<SkillNumber>) -> String {
        let known = self.registry.skills().iter().find(|known| Some(known.number) == skill);
        known.map_or_else(|| self.t("coup de main", "helping hand").to_owned(), |skill| skill.name.clone())
    }

    /// A person's code and name. Of whoever was erased nothing but a number is left.
    pub fn person(&self, person: PersonNumber) -> (String, String) {
        self.done.persons.get(&person).cloned().unwrap_or_else(|| (person.to_string(), String::new()))
    }

    pub(super) fn day(&self, date: NaiveDate) -> String {
        ledger::reconcile::date_in_words(date, self.language)
    }
}
