//! Findings in words: a sentence for each line, that can be checked by eye in that line.

use chrono::{Datelike, NaiveDate};

use super::{
    accounts::{Accounts, Known, Standing, index},
    findings::{Finding, LineFinding, Reconciliation},
    names::Certainty,
    notebook::{LineDate, Notebook, NotebookLine},
};
use crate::{Language, Minutes, exchange::Side};

/// What a sentence needs to know.
#[derive(Debug, Clone, Copy)]
pub struct Wording<'a> {
    /// The ledger's side.
    pub accounts: &'a Accounts,
    /// The notebook's side.
    pub notebook: &'a Notebook,
    /// What became of it.
    pub result: &'a Reconciliation,
    /// The language of the sentences.
    pub language: Language,
    /// How the reader says which member a name means, to stand behind “say which”: with which flag, or nothing.
    pub say_which_with: &'a str,
}

/// A day as people write it.
pub fn date_in_words(date: NaiveDate, language: Language) -> String {
    let (day, month, year) = (date.day(), date.month(), date.year());
    // A report may hold a million dates: only the one that is wanted is written.
    match language {
        Language::French => format!("{day:02}/{month:02}/{year:04}"),
        Language::English => format!("{year:04}-{month:02}-{day:02}"),
    }
}

impl Wording<'_> {
    fn date(&self, date: NaiveDate) -> String {
        date_in_words(date, self.language)
    }

    fn minutes(&self, minutes: Minutes) -> String {
        minutes.display(self.language).to_string()
    }

    fn quoted(&self, name: &str) -> String {
        self.language.pick(format!("« {name} »"), format!("“{name}”"))
    }

    fn partner(&self, place: u32) -> &str {
        self.accounts.members.get(index(place)).map_or("", |party| &party.name)
    }

    fn exchange(&self, place: u32) -> &Known {
        &self.accounts.exchanges[index(place)]
    }

    /// "2025-00123, le 03/05/2025, Chorale de Janzé, 2 h d'aide donnée".
    fn about(&self, place: u32) -> String {
        let known = self.exchange(place);
        let (date, partner) = (self.date(known.date), self.partner(known.partner));
        let (minutes, side) = (self.minutes(known.minutes), known.side.of_help(self.language));
        let on = self.language.pick("le ", "");
        format!("{}, {on}{date}, {partner}, {minutes} {side}", known.reference)
    }

    /// The sentence for a line.
    pub fn explanation(&self, line: usize) -> String {
        let (said, found) = (&self.notebook.lines[line], &self.result.lines[line]);
        let mut text = match (found.finding, found.exchange) {
            (Finding::Matched, Some(_)) if !found.others.is_empty() => self.sum(found),
            (Finding::Matched, Some(exchange)) => self.matched(exchange),
            (Finding::AmountDiffers, Some(exchange)) => self.amount(said, exchange),
            (Finding::DateDiffers, Some(exchange)) => self.other_date(said, exchange),
            (Finding::DirectionDiffers, Some(exchange)) => self.other_side(said, exchange),
            (Finding::Waiting | Finding::Reversed, Some(exchange)) => self.unsettled(exchange),
            (Finding::Duplicate, exchange) => self.duplicate(found, exchange),
            (Finding::AmbiguousPartner, _) => self.ambiguous(said, found),
            _ => self.missing(said, found),
        };
        if let Some(exchange) = found.exchange.filter(|_| found.finding != Finding::Duplicate) {
            let notes = [
                self.two_differences(said, found, exchange),
                self.name_note(said, exchange),
                self.skill_note(said, exchange),
            ];
            for note in notes.into_iter().flatten() {
                text.push(' ');
                text.push_str(&note);
            }
        }
        text
    }

    /// The sentence for an exchange that no line stands for.
    pub fn missing_in_file(&self, exchange: u32) -> String {
        let said = self.language.pick("Au registre, pas dans le carnet :", "In the ledger, not in the notebook:");
        format!("{said} {}.", self.about(exchange))
    }

    fn matched(&self, exchange: u32) -> String {
        let said = self.language.pick("Le registre dit de même :", "The ledger says the same:");
        format!("{said} {}.", self.about(exchange))
    }

    /// What became of an exchange that does not stand in the accounts.
    fn unsettled(&self, exchange: u32) -> String {
        let about = self.about(exchange);
        match self.exchange(exchange).standing {
            Standing::Confirmed => self.matched(exchange),
            Standing::Proposed => self.language.pick(
                format!("En attente de réponse au registre : {about}."),
                format!("Waiting for an answer in the ledger: {about}."),
            ),
            Standing::Contested => self.language.pick(
                format!("Contesté, un médiateur doit trancher : {about}."),
                format!("Contested, a mediator has to settle it: {about}."),
            ),
            Standing::Held => self.language.pick(
                format!("En attente de la décision du réseau, à cause d'un plafond ou d'un plancher : {about}."),
                format!("Waiting for the network's decision, because of a limit: {about}."),
            ),
            Standing::Reversed(day) => {
                let day = self.date(day);
                self.language.pick(
                    format!("Annulé au registre le {day} : {about}."),
                    format!("Reversed in the ledger on {day}: {about}."),
                )
            }
        }
    }

    fn sum(&self, found: &LineFinding) -> String {
        let all: Vec<u32> = found.exchange.iter().chain(&found.others).copied().collect();
        let total = Minutes::sum(all.iter().map(|place| self.exchange(*place).minutes)).unwrap_or_default();
        let listed: Vec<_> = all
            .iter()
            .map(|place| {
                let known = self.exchange(*place);
                format!("{} ({}, {})", known.reference, self.date(known.date), self.minutes(known.minutes))
            })
            .collect();
        let (count, total, listed) = (all.len(), self.minutes(total), listed.join(", "));
        self.language.pick(
            format!("Cette ligne additionne {count} échanges, {total} en tout : {listed}."),
            format!("This line adds up {count} exchanges, {total} in all: {listed}."),
        )
    }

    fn amount(&self, said: &NotebookLine, exchange: u32) -> String {
        let known = self.exchange(exchange);
        let difference = said.minutes.checked_sub(known.minutes).unwrap_or_default();
        let more = self.minutes(Minutes::new(difference.get().saturating_abs()));
        let (yours, theirs, about) = (self.minutes(said.minutes), self.minutes(known.minutes), self.about(exchange));
        let (plus, minus) = self.language.pick(("de plus", "de moins"), ("more", "less"));
        let direction = if difference.is_negative() { minus } else { plus };
        self.language.pick(
            format!("Vous notez {yours}, le registre {theirs} ({more} {direction} chez vous) : {about}."),
            format!("You note {yours}, the ledger {theirs} ({more} {direction} on your side): {about}."),
        )
    }

    fn other_date(&self, said: &NotebookLine, exchange: u32) -> String {
        let known = self.exchange(exchange);
        let (yours, theirs, about) = (self.day(said.date), self.date(known.date), self.about(exchange));
        self.language.pick(
            format!("Vous notez le {yours}, le registre le {theirs} : {about}."),
            format!("You note {yours}, the ledger {theirs}: {about}."),
        )
    }

    fn other_side(&self, said: &NotebookLine, exchange: u32) -> String {
        let known = self.exchange(exchange);
        let side = |side: Side| self.quoted(side.in_words(self.language));
        let yours = side(said.side.unwrap_or(known.side.other()));
        let (theirs, about) = (side(known.side), self.about(exchange));
        self.language.pick(
            format!("Vous notez {yours}, le registre {theirs} : {about}."),
            format!("You note {yours}, the ledger {theirs}: {about}."),
        )
    }

    fn duplicate(&self, found: &LineFinding, exchange: Option<u32>) -> String {
        let row = found.twin.map_or(0, |twin| self.notebook.lines[index(twin)].row);
        match exchange {
            Some(exchange) => {
                let about = self.about(exchange);
                self.language.pick(
                    format!("Déjà noté à la ligne {row} ; le registre ne l'a qu'une fois : {about}."),
                    format!("Noted on line {row} already; the ledger has it once only: {about}."),
                )
            }
            None => self.language.pick(
                format!("Déjà noté à la ligne {row}, et le registre ne l'a pas."),
                format!("Noted on line {row} already, and the ledger does not have it."),
            ),
        }
    }

    fn missing(&self, said: &NotebookLine, found: &LineFinding) -> String {
        let name = &self.result.names[index(said.name)];
        let names: Vec<_> = match found.candidates.as_slice() {
            [] => name.candidates.first().map(|(place, _)| self.partner(*place)).into_iter().collect(),
            several => several.iter().map(|(place, _)| self.partner(*place)).collect(),
        };
        let who = names.join(self.language.pick(" ou ", " or "));
        let (date, minutes) = (self.day(said.date), self.minutes(said.minutes));
        let mut text = self.language.pick(
            format!("Le registre n'a rien qui convienne avec {who} autour du {date} ({minutes}). À voir avec {who}."),
            format!("The ledger has nothing that fits with {who} around {date} ({minutes}). Ask {who}."),
        );
        if let (Certainty::Likely, Some((place, _))) = (name.certainty, name.candidates.first()) {
            text.push(' ');
            text.push_str(&self.read_as(said, *place));
        }
        text
    }

    fn ambiguous(&self, said: &NotebookLine, found: &LineFinding) -> String {
        let name = &self.result.names[index(said.name)];
        let written = self.quoted(&self.notebook.names[index(said.name)].text);
        if name.is_own {
            return self.language.pick(
                format!("{written} est votre propre association ; il faut le nom du partenaire."),
                format!("{written} is your own association; the partner's name is needed."),
            );
        }
        let candidates: Vec<_> = found
            .candidates
            .iter()
            .map(|(place, exchange)| match exchange {
                Some(exchange) => format!("{} ({})", self.partner(*place), self.exchange(*exchange).reference),
                None => self.partner(*place).to_owned(),
            })
            .collect();
        if candidates.is_empty() {
            return self.language.pick(
                format!("Personne ne s'appelle {written} dans le réseau."),
                format!("Nobody in the network is called {written}."),
            );
        }
        let (candidates, how) = (candidates.join(self.language.pick(" ou ", " or ")), self.say_which_with);
        self.language.pick(
            format!("{written} peut être {candidates} ; dites lequel{how}."),
            format!("{written} may be {candidates}; say which{how}."),
        )
    }

    /// What else differs, when more than the finding says does.
    fn two_differences(&self, said: &NotebookLine, found: &LineFinding, exchange: u32) -> Option<String> {
        let known = self.exchange(exchange);
        let is_other_day = matches!(said.date, LineDate::Day(day) if day != known.date);
        let is_amount = said.minutes != known.minutes;
        let mut also = Vec::new();
        let is_waiting = matches!(found.finding, Finding::Waiting | Finding::Reversed);
        if is_amount && (is_waiting || found.finding == Finding::DirectionDiffers) {
            let (yours, theirs) = (self.minutes(said.minutes), self.minutes(known.minutes));
            also.push(
                self.language.pick(format!("{yours} au lieu de {theirs}"), format!("{yours} instead of {theirs}")),
            );
        }
        if (is_waiting || matches!(found.finding, Finding::DirectionDiffers | Finding::AmountDiffers)) && is_other_day {
            let (yours, theirs) = (self.day(said.date), self.date(known.date));
            also.push(
                self.language.pick(format!("le {yours} au lieu du {theirs}"), format!("{yours} instead of {theirs}")),
            );
        }
        let also = also.join(self.language.pick(" et ", " and "));
        let told = if is_waiting {
            self.language.pick(format!("Vous notez {also}."), format!("You note {also}."))
        } else {
            self.language.pick(format!("Et aussi : {also}."), format!("Also: {also}."))
        };
        (!also.is_empty()).then_some(told)
    }

    fn name_note(&self, said: &NotebookLine, exchange: u32) -> Option<String> {
        let name = &self.result.names[index(said.name)];
        let is_silent = matches!(name.certainty, Certainty::Exact | Certainty::Identifier);
        (!is_silent).then(|| self.read_as(said, self.exchange(exchange).partner))
    }

    fn read_as(&self, said: &NotebookLine, place: u32) -> String {
        let written = self.quoted(&self.notebook.names[index(said.name)].text);
        let meant = self.partner(place);
        self.language.pick(format!("{written} est lu comme {meant}."), format!("{written} is read as {meant}."))
    }

    fn skill_note(&self, said: &NotebookLine, exchange: u32) -> Option<String> {
        let written = said.skill?;
        let (meant, known) = (self.result.skills[index(written)]?, self.exchange(exchange).skill?);
        let skill = |place: u32| self.quoted(self.accounts.skills.get(index(place)).map_or("", |skill| skill));
        (meant != known).then(|| {
            let (yours, theirs) = (skill(meant), skill(known));
            self.language.pick(
                format!("Compétence : {yours} chez vous, {theirs} au registre."),
                format!("Skill: {yours} in yours, {theirs} in the ledger."),
            )
        })
    }

    fn day(&self, date: LineDate) -> String {
        match date {
            LineDate::Day(day) => self.date(day),
            LineDate::Month(first) => format!("{:02}/{}", first.month(), first.year()),
        }
    }
}
