//! What is wrong, in the words of whoever found it, and what helps, in the words of the API: its addresses, headers and
//! fields. Each list of refusals has one function here, which names every one of its refusals.

use ledger::{Language, Rejection, year::OLDEST_DAY};
use service::problem::{Problem, Refusal};

/// What was found, and what would have fitted.
#[expect(clippy::too_many_lines, reason = "a remedy a refusal")]
pub(crate) fn detail(problem: &Problem, language: Language) -> String {
    let pick = |french: &'static str, english: &'static str| language.pick(french, english);
    let helps = match problem.refusal() {
        Refusal::NotFound => pick(" ; /openapi.json montre toutes les adresses", "; /openapi.json shows every address"),
        Refusal::MethodNotAllowed => pick(" ; l'en-tête Allow dit lesquelles", "; the Allow header says which"),
        Refusal::KeyIsMissing => pick(
            " : l'en-tête Idempotency-Key, 1 à 128 lettres, chiffres ou signes",
            ": the header Idempotency-Key, 1 to 128 letters, digits or signs",
        ),
        Refusal::TokenIsMissing => pick(
            " : un en-tête « Authorization: Bearer JETON » ; POST /v1/sessions donne un jeton",
            ": a header “Authorization: Bearer TOKEN”; POST /v1/sessions gives a token",
        ),
        Refusal::ActingForIsNotHeld => {
            pick(" avec l'en-tête Coudemain-Acting-For", " with the header Coudemain-Acting-For")
        }
        Refusal::SignInAgain => pick(
            " : POST /v1/sessions/current/sign-in-again, puis la même demande",
            ": POST /v1/sessions/current/sign-in-again, then the same request",
        ),
        Refusal::SayWhichNetwork(_) => pick(
            " ; le champ network prend l'un des noms de `fits`",
            "; the field network takes one of the names in `fits`",
        ),
        Refusal::SayForWhom => pick(" avec l'en-tête Coudemain-Acting-For", " with the header Coudemain-Acting-For"),
        Refusal::NameIsUnknown => pick(" ; les listes de l'API donnent les noms", "; the API's lists give the names"),
        Refusal::WasLost => pick(
            " ; les listes de l'API montrent ce qu'il y a : inscrivez de nouveau ce qui manque",
            "; the API's lists show what there is: record again what is missing",
        ),
        Refusal::CursorWasLost => pick(
            " ; oubliez ce que des actes perdus vous ont appris, et reprenez après l'événement que dit `fits`",
            "; forget what lost acts have told you, and go on after the event that `fits` says",
        ),
        Refusal::CursorIsAhead => pick(
            " ; comparez ce que vous tenez de ce réseau à ce que montrent ses listes, et reprenez après l'événement que \
             dit `fits`",
            "; hold what you have of this network against what its lists show, and go on after the event that `fits` \
             says",
        ),
        Refusal::ChangedMeanwhile => pick(" avec le nouvel ETag", " with the new ETag"),
        Refusal::Fault => {
            pick(" ; donnez request_id à qui tient ce service", "; give the request_id to whoever runs this service")
        }
        Refusal::Ledger { rejection, .. } => for_rejection(rejection, language),
        Refusal::BodyDoesNotFit(_)
        | Refusal::QueryDoesNotFit(_)
        | Refusal::BodyIsTooLarge(_)
        | Refusal::MediaTypeDoesNotFit
        | Refusal::BodyIsTooSlow
        | Refusal::TokenDoesNotHold
        | Refusal::SignInFailed
        | Refusal::ComesFromElsewhere
        | Refusal::InvitationDoesNotWork
        | Refusal::JoiningDoesNotWork
        | Refusal::SignsInAlready
        | Refusal::EmailStays
        | Refusal::ScopeIsMissing(_)
        | Refusal::RoleDoesNotAllow
        | Refusal::BelongsToOthers
        | Refusal::ValueDoesNotFit(_)
        | Refusal::KeyWasUsedForAnotherRequest
        | Refusal::EmailIsTaken
        | Refusal::UrlDoesNotFit(_)
        | Refusal::TooManyRequests(_)
        | Refusal::Busy(_)
        | Refusal::Unavailable(_)
        | Refusal::TooManyWebhooks
        | Refusal::TooManyStreams(..)
        | Refusal::NoRoom(_)
        | Refusal::TookTooLong
        | Refusal::ClockIsAhead(_) => "",
    };
    problem.detail(language) + helps
}

/// What helps against what the ledger's rules refuse.
#[expect(clippy::too_many_lines, reason = "a rejection a line")]
fn for_rejection(rejection: &Rejection, language: Language) -> &'static str {
    use Rejection as R;
    match rejection {
        R::OnlyForTheCoordinator | R::OnlyForAMediator => language.pick(
            " ; l'en-tête Coudemain-Acting-For dit au nom de qui vous demandez",
            "; the header Coudemain-Acting-For says in whose name you ask",
        ),
        R::YearIsOpen(_) | R::EarlierYearIsOpen(_) => {
            language.pick(" : POST /v1/years/{year}/close", ": POST /v1/years/{year}/close")
        }
        R::DateIsTooOld { oldest, .. } if *oldest > OLDEST_DAY => language.pick(
            " ; si ce jour est le bon, l'en-tête Coudemain-Long-Ago avec la valeur true",
            "; where that day is meant, the header Coudemain-Long-Ago with the value true",
        ),
        R::DepartureIsPastLimits(_) => language.pick(
            " ; si c'est voulu, le champ past_limits avec la valeur true",
            "; where that is meant, the field past_limits with the value true",
        ),
        R::ReplacedExchangeStands(_) => {
            language.pick(" : POST /v1/exchanges/{exchange}/reverse", ": POST /v1/exchanges/{exchange}/reverse")
        }
        R::PersonIsNotEnrolled(..) => {
            language.pick(" : POST /v1/persons/{person}/memberships", ": POST /v1/persons/{person}/memberships")
        }
        R::DateIsTooOld { .. }
        | R::KeyWasUsedForAnotherRequest { .. }
        | R::KeyWasUsedBeside
        | R::KeyWasUsedBeforeAnErasure { .. }
        | R::NetworkIsFounded
        | R::UnknownPerson(..)
        | R::UnknownPersonCode(..)
        | R::RoleIsNotHeld
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
        | R::LogWasReopened => "",
    }
}
