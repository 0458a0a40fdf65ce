//! What helps against what is found in a notebook, in the words of the page.

use files::remedy::Remedy;
use ledger::Language;

/// A clause, or a sentence without its stop.
pub(super) fn on_the_page(remedy: Remedy, language: Language) -> &'static str {
    let (french, english) = match remedy {
        Remedy::NameColumns | Remedy::SayWhichColumn => {
            ("Dites ci-dessous ce que chaque colonne veut dire", "Say below what each column means")
        }
        Remedy::NameDurations => {
            ("Dites ci-dessous laquelle donne les durées", "Say below which one has the durations")
        }
        Remedy::NamePartners => {
            ("Dites ci-dessous laquelle donne les partenaires", "Say below which one has the partners")
        }
        Remedy::NameDates => ("Dites ci-dessous laquelle donne les dates", "Say below which one has the dates"),
        Remedy::SayWhichSheets => ("Cochez ci-dessous les feuilles à lire", "Tick below the sheets to read"),
        // A notebook is compared and brings nothing in: these are said of other files.
        Remedy::AllAssociations => ("« Le réseau » les montre toutes", "“The network” shows them all"),
        Remedy::PersonsFirst
        | Remedy::ExchangesFirst
        | Remedy::LetLateHelpIn
        | Remedy::AddSkills
        | Remedy::Update
        | Remedy::DateBalances
        | Remedy::AddPersons
        | Remedy::BringInAssociations
        | Remedy::BringInSkills
        | Remedy::BringInPersons
        | Remedy::BringInBalances
        | Remedy::BringInExchanges
        | Remedy::BringInContributions
        | Remedy::Answer
        | Remedy::BringInAsConfirmed => ("voyez avec la coordination du réseau", "ask the network's coordination"),
    };
    language.pick(french, english)
}
