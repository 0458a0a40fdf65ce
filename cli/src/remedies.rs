//! What would help, in the words of the command line.

use files::remedy::Remedy;
use ledger::Language;

/// The command line's words for a remedy.
pub(crate) fn in_words(remedy: Remedy, language: Language) -> &'static str {
    let (french, english) = match remedy {
        Remedy::AllAssociations => ("« coudemain soldes » les montre toutes", "“coudemain balance” shows them all"),
        Remedy::PersonsFirst => {
            ("son code doit d'abord entrer avec « import persons »", "the code enters first with “import persons”")
        }
        Remedy::ExchangesFirst => {
            ("il doit d'abord entrer avec « import exchanges »", "it enters first with “import exchanges”")
        }
        Remedy::LetLateHelpIn => {
            ("ou --late pour que ces heures comptent aujourd'hui", "or --late to have these hours count today")
        }
        Remedy::AddSkills => {
            ("Corrigez le fichier, ou --add-skills pour l'ajouter", "Mend the file, or --add-skills to add it")
        }
        Remedy::BringInAsConfirmed => (
            "enlevez cette ligne, ou importez-la sans --as-proposals",
            "take this line away, or bring it in without --as-proposals",
        ),
        Remedy::NameColumns => (
            "Dites quelles colonnes lire, par exemple --map A=date --map B=partenaire --map C=duree",
            "Say which columns to read, for instance --map A=date --map B=partner --map C=duration",
        ),
        Remedy::NameDurations => ("Dites laquelle : --map COLONNE=duree", "Say which: --map COLUMN=duration"),
        Remedy::NamePartners => ("Dites laquelle : --map COLONNE=partenaire", "Say which: --map COLUMN=partner"),
        Remedy::NameDates => ("Dites laquelle : --map COLONNE=date", "Say which: --map COLUMN=date"),
    };
    language.pick(french, english)
}
