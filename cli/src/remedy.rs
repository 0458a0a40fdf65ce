//! What is wrong, in the words of whoever found it, and what helps, in the words of the command line: its verbs and
//! flags. Each list of errors has one function here, which names every one of its errors.

use ledger::{
    Language, Rejection,
    keyring::KeyringError,
    lines::LinesError,
    verify::{Check, Stranger},
    words::Names,
};
use store::{SealError, WriteError};

/// A request that the rules forbid.
pub(crate) fn of_rejection(rejection: &Rejection, language: Language, names: Names<'_>) -> String {
    use Rejection as R;
    let helps = match rejection {
        R::YearIsOpen(year) => language.pick(
            format!(" ; « coudemain clore --year {year} » d'abord"),
            format!("; “coudemain close --year {year}” comes first"),
        ),
        R::KeyWasUsedForAnotherRequest { .. }
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
        | R::DateIsTooOld(..)
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
        | R::PersonDidNotHelp(..)
        | R::SkillIsMissing
        | R::UnknownRecognition(..)
        | R::RecognitionIs(..)
        | R::VolunteerAnswers
        | R::GuardianConsents(..)
        | R::StandsAlone
        | R::ChangedMeanwhile => String::new(),
    };
    rejection.in_words(language, names) + &helps
}

/// A request that was not carried out.
pub(crate) fn of_write(error: &WriteError, language: Language, names: Names<'_>) -> String {
    match error {
        WriteError::Rejected(rejection) | WriteError::GroupRejected { rejection, .. } => {
            of_rejection(rejection, language, names)
        }
        WriteError::Unavailable(error) => error.in_words(language),
        WriteError::Busy { .. } | WriteError::Stopped => error.in_words(language, names),
    }
}

/// A head that was not signed.
pub(crate) fn of_seal(error: &SealError, language: Language) -> String {
    let helps = match error {
        SealError::Store(error) => return error.in_words(language),
        SealError::Keyring(error) => return of_keyring(error, language),
        SealError::NoKey(_) => {
            language.pick(" ; « coudemain key rotate » en fait une", "; “coudemain key rotate” makes one")
        }
        SealError::WouldFork { .. } => {
            language.pick(", « coudemain controler » dit quoi", ", “coudemain audit” says what")
        }
        SealError::FellBehind { .. } => language.pick(
            " : « coudemain log reopen » ouvre un nouveau journal qui le dit",
            ": “coudemain log reopen” opens a new log that says so",
        ),
        SealError::ClockWentBack { .. } | SealError::NotACosignature => "",
    };
    error.in_words(language) + helps
}

/// A key that cannot be used.
pub(crate) fn of_keyring(error: &KeyringError, language: Language) -> String {
    let helps = match error {
        KeyringError::Missing(_) => language
            .pick(
                " ; --keys dit où elles sont, « coudemain key rotate » en fait une nouvelle",
                "; --keys says where they are, “coudemain key rotate” makes a new one",
            )
            .to_owned(),
        KeyringError::ReadableByOthers(path) => language.pick(
            format!(" ; « chmod 600 {} » le répare", path.display()),
            format!("; “chmod 600 {}” mends it", path.display()),
        ),
        KeyringError::Damaged(_) | KeyringError::Exists(_) | KeyringError::File(..) => String::new(),
    };
    error.in_words(language) + &helps
}

/// An export of lines that cannot be read: a clause to put after the file's name.
pub(crate) fn of_lines(error: &LinesError, language: Language) -> String {
    let helps = match error {
        LinesError::AnotherFile => {
            language.pick(" ; « coudemain export lines » en fait un", "; “coudemain export lines” makes one")
        }
        LinesError::Damaged { .. } | LinesError::Truncated => "",
    };
    error.in_words(language) + helps
}

/// A check of a document that outsiders verify.
pub(crate) fn of_check(check: &Check, language: Language) -> String {
    let helps = match &check.stranger {
        Some(Stranger::Issuer(did)) => language.pick(format!(" : --trust {did}"), format!(": --trust {did}")),
        Some(Stranger::Log) => language.pick(" : donnez-la avec --trust", ": give it with --trust").to_owned(),
        None => String::new(),
    };
    check.in_words(language).to_owned() + &helps
}
