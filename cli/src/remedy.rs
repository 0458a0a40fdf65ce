//! What is wrong, in the words of whoever found it, and what helps, in the words of the command line: its verbs and
//! flags. Each list of errors has one function here, which names every one of its errors.

use files::remedy::Remedy;
use ledger::{
    Language, Rejection,
    keyring::KeyringError,
    lines::LinesError,
    verify::{Check, Stranger, Verdict},
    words::Names,
    year::OLDEST_DAY,
};
use store::{SealError, StoreError, Trouble, WriteError};

/// A request that the rules forbid.
pub(crate) fn of_rejection(rejection: &Rejection, language: Language, names: Names<'_>) -> String {
    rejection.in_words(language, names) + &for_rejection(rejection, language)
}

/// What helps against a rejection, to stand behind its own sentence.
#[expect(clippy::too_many_lines, reason = "a rejection a line")]
pub(crate) fn for_rejection(rejection: &Rejection, language: Language) -> String {
    use Rejection as R;
    match rejection {
        R::YearIsOpen(year) => language.pick(
            format!(" ; « coudemain clore --year {year} » d'abord"),
            format!("; “coudemain close --year {year}” comes first"),
        ),
        R::DepartureIsPastLimits(_) => {
            language.pick(" ; --yes le fait quand même", "; --yes does it all the same").to_owned()
        }
        R::DateIsTooOld { oldest, .. } if *oldest > OLDEST_DAY => language.pick(
            " ; si ce jour est le bon, un fichier peut le faire entrer (« coudemain importer »)".to_owned(),
            "; where that day is meant, a file may bring it in (“coudemain import”)".to_owned(),
        ),
        R::DateIsTooOld { .. }
        | R::KeyWasUsedForAnotherRequest { .. }
        | R::KeyWasUsedBeside
        | R::KeyWasUsedBeforeAnErasure { .. }
        | R::NetworkIsFounded
        | R::UnknownPerson(..)
        | R::UnknownPersonCode(..)
        | R::RoleIsNotHeld
        | R::OnlyForTheCoordinator
        | R::OnlyForAMediator
        | R::MediatorBelongsToASide(..)
        | R::TextIsMissing(..)
        | R::TextIsTooLong(..)
        | R::TextHasControlCharacters(..)
        | R::UnknownAssociation(..)
        | R::NameIsTaken(..)
        | R::IdentifierIsTaken(..)
        | R::AssociationIs(..)
        | R::MembershipStateDoesNotFit(..)
        | R::CannotMergeWithItself
        | R::ExchangesAreOpen
        | R::CodeIsTaken(..)
        | R::PersonIsEnrolled(..)
        | R::PersonIsNotEnrolled(..)
        | R::RoleIsHeld(..)
        | R::LastOneInCharge(..)
        | R::SkillExists
        | R::UnknownSkill(..)
        | R::CodeDoesNotFit { .. }
        | R::StepDoesNotFit(..)
        | R::LimitsContradictEachOther
        | R::AssociationsMustDiffer
        | R::MinutesOutOfRange(..)
        | R::StepIsNotFitted { .. }
        | R::DateIsInTheFuture { .. }
        | R::YearIsClosed(..)
        | R::ReferenceIsTaken(..)
        | R::ReferenceIsReserved(..)
        | R::UnknownExchange(..)
        | R::ReplacedExchangeStands(..)
        | R::ExchangeIsNotOpenToThat { .. }
        | R::NotASide(..)
        | R::OtherSideAnswers
        | R::ProposerMayNotAnswer
        | R::NoMandateCoversIt(..)
        | R::NothingIsAmended
        | R::GovernanceOnExchange
        | R::ContributionsExceedExchange { .. }
        | R::TransferDoesNotFit(..)
        | R::NothingToReverse(..)
        | R::IsReversed(..)
        | R::HardLimitIsPassed(..)
        | R::BalanceOutOfRange(..)
        | R::YearIsClosedAlready(..)
        | R::EarlierYearIsOpen(..)
        | R::YearIsNotOver(..)
        | R::NoStatements
        | R::DomainDoesNotFit(..)
        | R::DomainIsTaken(..)
        | R::PersonDidNotHelp(..)
        | R::SkillIsMissing
        | R::UnknownRecognition(..)
        | R::RecognitionIs(..)
        | R::VolunteerAnswers
        | R::GuardianConsents(..)
        | R::StandsAlone
        | R::ChangedMeanwhile
        | R::LostLogDoesNotFit
        | R::LogWasReopened => String::new(),
    }
}

/// A request that was not carried out.
pub(crate) fn of_write(error: &WriteError, language: Language, names: Names<'_>) -> String {
    match error {
        WriteError::Rejected(rejection) | WriteError::GroupRejected { rejection, .. } => {
            of_rejection(rejection, language, names)
        }
        WriteError::Unavailable(error) => of_store(error, language),
        WriteError::Busy { .. } | WriteError::Stopped => error.in_words(language, names),
    }
}

/// What the database could not do.
pub(crate) fn of_store(error: &StoreError, language: Language) -> String {
    let helps = match error {
        StoreError::NoSuchFile(_) => {
            language.pick(" ; « coudemain creer » en crée une", "; “coudemain init” makes one")
        }
        StoreError::NoNetwork => language.pick(" ; « coudemain creer » en crée un", "; “coudemain init” makes one"),
        StoreError::SeveralNetworks(names) => {
            let names = names.join(", ");
            return language.pick(
                format!("cette base contient plusieurs réseaux ; dites lequel avec --network : {names}"),
                format!("this database holds several networks; say which one with --network: {names}"),
            );
        }
        StoreError::File(_) | StoreError::Database(_) => match error.trouble() {
            Some(Trouble::DiskIsFull) => language.pick(
                " : faites de la place, puis relancez la même commande ; rien n'est entré à moitié",
                ": make room, then run the same command again; nothing entered by half",
            ),
            Some(Trouble::DiskIsReadOnly) => language.pick(
                " : sur un disque ouvert à l'écriture, relancez la même commande",
                ": on a disk that can be written to, run the same command again",
            ),
            Some(Trouble::FileDoesNotOpen) => language.pick(
                " : vérifiez que son dossier existe, et qu'il est permis d'y écrire",
                ": check that its folder exists, and may be written to",
            ),
            Some(Trouble::NoSuchDatabase) => language.pick(" : « createdb » en crée une", ": “createdb” makes one"),
            Some(Trouble::OutOfReach) => language.pick(
                " ; vérifiez son adresse, et qu'elle est en marche",
                "; check its address, and that it is running",
            ),
            Some(Trouble::NotADatabase | Trouble::DiskFails) | None => "",
        },
        StoreError::OlderAndReadOnly { .. } => {
            language.pick(" : travaillez sur une copie du fichier", ": work on a copy of the file")
        }
        StoreError::LastWritesAreAside(_) => language.pick(
            " : copiez les deux fichiers ailleurs, et travaillez sur la copie",
            ": copy both files elsewhere, and work on the copy",
        ),
        StoreError::FileIsAnother(_) => language.pick(
            " : remettez le fichier, ou relancez le programme sur celui qui s'y trouve",
            ": put the file back, or start the program again on the one that is there",
        ),
        StoreError::ClockIsAhead(_) => language.pick(
            ". Rien n'a été écrit. Si elle est fausse, mettez-la à l'heure ; si elle est juste, dites-le une fois en \
             ajoutant --accept-clock à la commande",
            ". Nothing was written. If it is wrong, set it right; if it is right, say so once by adding --accept-clock \
             to the command",
        ),
        StoreError::UnreadableUrl(_)
        | StoreError::DatabaseIsNewer { .. }
        | StoreError::Migration(_)
        | StoreError::UnknownNetwork(_)
        | StoreError::ImpossibleRow { .. }
        | StoreError::Encoding(_)
        | StoreError::NotLoaded(_)
        | StoreError::Backup(_) => "",
    };
    error.in_words(language) + helps
}

/// A head that was not signed.
pub(crate) fn of_seal(error: &SealError, language: Language) -> String {
    let helps = match error {
        SealError::Store(error) => return of_store(error, language),
        SealError::Keyring(error) => return of_keyring(error, language),
        SealError::NoKey(_) => {
            language.pick(" ; « coudemain cle remplacer » en fait une", "; “coudemain key rotate” makes one")
        }
        SealError::WouldFork { .. } => language.pick(
            ", « coudemain controler » dit quoi ; si c'est une base plus ancienne qui a continué, « coudemain journal \
             rouvrir » ouvre un nouveau journal qui le dit",
            ", “coudemain audit” says what; if it is an older database that has gone on, “coudemain log reopen” opens a \
             new log that says so",
        ),
        SealError::KeptHeadIsGone { .. } => language.pick(
            " : « coudemain journal rouvrir --point FICHIER » le montre de nouveau, ou dit qu'il est perdu",
            ": “coudemain log reopen --head FILE” shows it again, or says that it is lost",
        ),
        SealError::FellBehind { .. } => language.pick(
            " : « coudemain journal rouvrir » ouvre un nouveau journal qui le dit",
            ": “coudemain log reopen” opens a new log that says so",
        ),
        SealError::NotACosignature => "",
    };
    error.in_words(language) + helps
}

/// A key that cannot be used.
pub(crate) fn of_keyring(error: &KeyringError, language: Language) -> String {
    let helps = match error {
        KeyringError::Missing(_) => language
            .pick(
                ". C'est là qu'elle a été cherchée ; si les clés sont ailleurs, --keys DOSSIER dit où, et \
                 « coudemain restaurer » les remet depuis une sauvegarde faite --avec-cles",
                ". That is where it was looked for; if the keys are elsewhere, --keys FOLDER says where, and \
                 “coudemain restore” puts them back from a backup made --with-keys",
            )
            .to_owned(),
        KeyringError::ReadableByOthers(path) => language.pick(
            format!(" ; « chmod 600 {} » le répare", path.display()),
            format!("; “chmod 600 {}” mends it", path.display()),
        ),
        KeyringError::WritableByOthers(path) => language.pick(
            format!(" ; « chmod go-w {} » le répare", path.display()),
            format!("; “chmod go-w {}” mends it", path.display()),
        ),
        KeyringError::Damaged(_)
        | KeyringError::NotAHead(_)
        | KeyringError::NotAPerson(..)
        | KeyringError::NotOurs(_)
        | KeyringError::Exists(_)
        | KeyringError::File(..) => String::new(),
    };
    error.in_words(language) + &helps
}

/// An export of lines that cannot be read: a clause to put after the file's name.
pub(crate) fn of_lines(error: &LinesError, language: Language) -> String {
    let helps = match error {
        LinesError::AnotherFile => {
            language.pick(" ; « coudemain exporter lignes » en fait un", "; “coudemain export lines” makes one")
        }
        LinesError::Damaged { .. } | LinesError::Truncated => "",
    };
    error.in_words(language) + helps
}

/// A check of a document that outsiders verify.
pub(crate) fn of_check(check: &Check, language: Language) -> String {
    let helps = match &check.stranger {
        Some(Stranger::Key(did)) => language.pick(
            format!(" ; si le réseau vous a donné cette clé lui-même : --trust {did}"),
            format!("; if the network gave you this key itself: --trust {did}"),
        ),
        Some(Stranger::Domain(_)) => language
            .pick(
                " : donnez avec --trust le did.json que vous tenez du réseau lui-même",
                ": give with --trust the did.json that you have from the network itself",
            )
            .to_owned(),
        Some(Stranger::Log) => language.pick(" : donnez-la avec --trust", ": give it with --trust").to_owned(),
        None if check.name == "log" && check.verdict == Verdict::Unknown => {
            language.pick(" : donnez son did.json avec --trust", ": give its did.json with --trust").to_owned()
        }
        Some(Stranger::Nobody) | None if check.name == "consistency" && check.verdict == Verdict::Unknown => language
            .pick(
                " ; le réseau la donne avec « coudemain journal suite N » ou à l'adresse …/log/consistency?from=N (N : les actes du plus petit des deux)",
                "; the network gives it with “coudemain log consistency N” or at the address …/log/consistency?from=N (N: the acts of the smaller one)",
            )
            .to_owned(),
        Some(Stranger::Nobody) | None => String::new(),
    };
    check.in_words(language).to_owned() + &helps
}

/// How the reader of a reconciliation says which member a name means: behind “say which”.
pub(crate) fn say_which_with(language: Language) -> &'static str {
    language.pick(" avec --alias", " with --alias")
}

/// What helps against what is found in a file, as a clause or a sentence without its stop.
pub(crate) fn for_file(remedy: Remedy, language: Language) -> &'static str {
    let (french, english) = match remedy {
        Remedy::AllAssociations => ("« coudemain soldes » les montre toutes", "“coudemain balance” shows them all"),
        Remedy::PersonsFirst => {
            ("son code doit d'abord entrer avec « importer personnes »", "the code enters first with “import persons”")
        }
        Remedy::ExchangesFirst => {
            ("il doit d'abord entrer avec « importer echanges »", "it enters first with “import exchanges”")
        }
        Remedy::LetLateHelpIn => {
            ("ou --late pour que ces heures comptent aujourd'hui", "or --late to have these hours count today")
        }
        Remedy::AddSkills => {
            ("Corrigez le fichier, ou --add-skills pour l'ajouter", "Mend the file, or --add-skills to add it")
        }
        Remedy::Update => (
            "corrigez le fichier, ou --update pour corriger le registre",
            "mend the file, or --update to correct the ledger",
        ),
        Remedy::DateBalances => {
            ("ou --date JOUR pour toutes les lignes qui n'en ont pas", "or --date DAY for all lines without one")
        }
        Remedy::AddPersons => (
            "Enlevez-la du fichier, ou --new-persons si toutes sont nouvelles",
            "Take them out of the file, or --new-persons if all are new",
        ),
        Remedy::BringInAssociations => ("« coudemain importer adherents »", "“coudemain import associations”"),
        Remedy::BringInSkills => ("« coudemain importer competences »", "“coudemain import skills”"),
        Remedy::BringInPersons => ("« coudemain importer personnes »", "“coudemain import persons”"),
        Remedy::BringInBalances => ("« coudemain importer soldes-repris »", "“coudemain import balances”"),
        Remedy::BringInExchanges => ("« coudemain importer echanges »", "“coudemain import exchanges”"),
        Remedy::BringInContributions => ("« coudemain importer participations »", "“coudemain import contributions”"),
        Remedy::Answer => (
            "Répondez (oui, non ou ignorer) dans une colonne « réponse » du fichier, ou avec --answers FICHIER, qui est fait avec les questions s'il n'existe pas",
            "Answer (yes, no or skip) in a column “answer” of the file, or with --answers FILE, which is made with the questions where it does not exist",
        ),
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
        Remedy::SayWhichColumn => (
            "Dites ce que chacune veut dire : --map COLONNE=CHAMP, ou --map COLONNE=ignorer",
            "Say what each of them means: --map COLUMN=FIELD, or --map COLUMN=ignore",
        ),
        Remedy::SayWhichSheets => (
            "Dites quelles feuilles lire : --feuille NOM, autant de fois qu'il en faut",
            "Say which sheets to read: --sheet NAME, as often as needed",
        ),
    };
    language.pick(french, english)
}
