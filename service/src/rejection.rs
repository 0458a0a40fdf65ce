//! What the service makes of a rejection by the ledger's rules: a problem's type and status, the field at fault, and
//! what would have fitted.

use axum::http::StatusCode;
use ledger::Rejection;

/// The last part of the problem's type: public, and so it stays though a variant be renamed.
pub(crate) fn slug_of(rejection: &Rejection) -> String {
    kebab(rejection.code())
}

fn kebab(name: &str) -> String {
    let mut slug = String::with_capacity(name.len() + 8);
    for (index, letter) in name.char_indices() {
        if letter.is_ascii_uppercase() && index > 0 {
            slug.push('-');
        }
        slug.push(letter.to_ascii_lowercase());
    }
    slug
}

/// 403 for who asks, 409 for what stands against it, 404 and 422 for what is asked.
#[expect(clippy::too_many_lines, reason = "a list of variants")]
pub(crate) fn status_of(rejection: &Rejection) -> StatusCode {
    use Rejection as R;
    match rejection {
        R::RoleIsNotHeld
        | R::OnlyForTheCoordinator
        | R::OnlyForAMediator
        | R::MediatorBelongsToASide(_)
        | R::NotASide(_)
        | R::OtherSideAnswers
        | R::ProposerMayNotAnswer
        | R::NoMandateCoversIt(_) => StatusCode::FORBIDDEN,
        R::UnknownExchange(_) | R::NothingToReverse(_) => StatusCode::NOT_FOUND,
        R::NetworkIsFounded
        | R::NameIsTaken(_)
        | R::IdentifierIsTaken(_)
        | R::AssociationIs(..)
        | R::ExchangesAreOpen
        | R::CodeIsTaken(_)
        | R::PersonIsEnrolled(..)
        | R::RoleIsHeld(_)
        | R::LastOneInCharge(_)
        | R::SkillExists
        | R::YearIsClosed(_)
        | R::ReferenceIsTaken(_)
        | R::DomainIsTaken(_)
        | R::ReplacedExchangeStands(_)
        | R::ExchangeIsNotOpenToThat { .. }
        | R::IsReversed(_)
        | R::HardLimitIsPassed(_)
        | R::DepartureIsPastLimits(_)
        | R::BalanceOutOfRange(_)
        | R::YearIsClosedAlready(_)
        | R::EarlierYearIsOpen(_)
        | R::YearIsNotOver(_)
        | R::KeyWasUsedBeforeAnErasure { .. }
        | R::LogWasReopened => StatusCode::CONFLICT,
        R::KeyWasUsedForAnotherRequest { .. }
        | R::KeyWasUsedBeside
        | R::UnknownPerson(..)
        | R::UnknownPersonCode(..)
        | R::TextIsMissing(..)
        | R::TextIsTooLong(..)
        | R::TextHasControlCharacters(..)
        | R::UnknownAssociation(..)
        | R::MembershipStateDoesNotFit(..)
        | R::CannotMergeWithItself
        | R::PersonIsNotEnrolled(..)
        | R::UnknownSkill(..)
        | R::CodeDoesNotFit { .. }
        | R::StepDoesNotFit(..)
        | R::LimitsContradictEachOther
        | R::AssociationsMustDiffer
        | R::MinutesOutOfRange(..)
        | R::StepIsNotFitted { .. }
        | R::DateIsInTheFuture { .. }
        | R::DateIsTooOld { .. }
        | R::ReferenceIsReserved(..)
        | R::NothingIsAmended
        | R::GovernanceOnExchange
        | R::ContributionsExceedExchange { .. }
        | R::TransferDoesNotFit(..)
        | R::YearIsOpen(..)
        | R::NoStatements
        | R::DomainDoesNotFit(..)
        | R::PersonDidNotHelp(..)
        | R::SkillIsMissing
        | R::UnknownRecognition(..)
        | R::RecognitionIs(..)
        | R::VolunteerAnswers
        | R::GuardianConsents(..)
        | R::StandsAlone
        | R::ChangedMeanwhile
        | R::LostLogDoesNotFit => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

/// The field of the request that a rule speaks of.
pub(crate) fn field_of(rejection: &Rejection) -> Option<&'static str> {
    use Rejection as R;
    Some(match rejection {
        R::UnknownPerson(_) | R::UnknownPersonCode(_) | R::PersonIsNotEnrolled(..) => "person",
        R::TextIsMissing(field) | R::TextIsTooLong(field, _) | R::TextHasControlCharacters(field, _) => field,
        R::UnknownAssociation(_) | R::AssociationIs(..) => "association",
        R::NameIsTaken(_) | R::SkillExists => "name",
        R::IdentifierIsTaken(_) => "identifiers",
        R::MembershipStateDoesNotFit(_) => "state",
        R::CannotMergeWithItself => "into",
        R::DepartureIsPastLimits(_) => "past_limits",
        R::CodeIsTaken(_) | R::CodeDoesNotFit { .. } => "code",
        R::RoleIsHeld(_) | R::LastOneInCharge(_) => "role",
        R::UnknownSkill(_) => "skill",
        R::StepDoesNotFit(_) => "step_minutes",
        R::LimitsContradictEachOther => "limits",
        R::AssociationsMustDiffer => "receiver",
        R::ChangedMeanwhile => "If-Match",
        R::MinutesOutOfRange(_) | R::StepIsNotFitted { .. } => "minutes",
        R::DateIsInTheFuture { .. } | R::DateIsTooOld { .. } => "service_date",
        R::YearIsClosed(_) => "date",
        R::ReferenceIsTaken(_) | R::ReferenceIsReserved(_) => "reference",
        R::ReplacedExchangeStands(_) => "replaces",
        R::GovernanceOnExchange | R::ContributionsExceedExchange { .. } => "contributions",
        R::TransferDoesNotFit(_) => "reason",
        R::YearIsClosedAlready(_) | R::EarlierYearIsOpen(_) | R::YearIsNotOver(_) => "year",
        R::KeyWasUsedForAnotherRequest { .. }
        | R::KeyWasUsedBeside
        | R::KeyWasUsedBeforeAnErasure { .. }
        | R::NetworkIsFounded
        | R::RoleIsNotHeld
        | R::OnlyForTheCoordinator
        | R::OnlyForAMediator
        | R::MediatorBelongsToASide(..)
        | R::ExchangesAreOpen
        | R::PersonIsEnrolled(..)
        | R::UnknownExchange(..)
        | R::ExchangeIsNotOpenToThat { .. }
        | R::NotASide(..)
        | R::OtherSideAnswers
        | R::ProposerMayNotAnswer
        | R::NoMandateCoversIt(..)
        | R::NothingIsAmended
        | R::NothingToReverse(..)
        | R::IsReversed(..)
        | R::HardLimitIsPassed(..)
        | R::BalanceOutOfRange(..)
        | R::YearIsOpen(..)
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
        | R::LostLogDoesNotFit
        | R::LogWasReopened => return None,
    })
}

/// What would have fitted, where the rule knows.
pub(crate) fn fits_of(rejection: &Rejection) -> Vec<String> {
    match rejection {
        Rejection::StepIsNotFitted { below, above, .. } => {
            let amounts = [below, above].into_iter().filter(|minutes| minutes.is_positive());
            amounts.map(|minutes| minutes.get().to_string()).collect()
        }
        Rejection::DateIsInTheFuture { today, .. } => vec![today.to_string()],
        Rejection::EarlierYearIsOpen(year) => vec![year.to_string()],
        Rejection::StepDoesNotFit(_) => vec!["1".to_owned(), "1440".to_owned()],
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[expect(clippy::too_many_lines, reason = "a list, one line a type")]
    fn the_types_of_rejections_are_for_ever() {
        let of_the_ledger: Vec<_> = Rejection::CODES.iter().map(|code| kebab(code)).collect();
        insta::assert_snapshot!(of_the_ledger.join("\n"), @"
        key-was-used-for-another-request
        key-was-used-beside
        key-was-used-before-an-erasure
        network-is-founded
        unknown-person
        unknown-person-code
        role-is-not-held
        only-for-the-coordinator
        only-for-a-mediator
        mediator-belongs-to-a-side
        text-is-missing
        text-is-too-long
        text-has-control-characters
        unknown-association
        name-is-taken
        identifier-is-taken
        association-is
        membership-state-does-not-fit
        cannot-merge-with-itself
        exchanges-are-open
        code-is-taken
        person-is-enrolled
        person-is-not-enrolled
        role-is-held
        last-one-in-charge
        skill-exists
        unknown-skill
        code-does-not-fit
        step-does-not-fit
        limits-contradict-each-other
        associations-must-differ
        minutes-out-of-range
        step-is-not-fitted
        date-is-in-the-future
        date-is-too-old
        year-is-closed
        reference-is-taken
        reference-is-reserved
        unknown-exchange
        replaced-exchange-stands
        exchange-is-not-open-to-that
        not-a-side
        other-side-answers
        proposer-may-not-answer
        no-mandate-covers-it
        nothing-is-amended
        governance-on-exchange
        contributions-exceed-exchange
        transfer-does-not-fit
        nothing-to-reverse
        is-reversed
        hard-limit-is-passed
        departure-is-past-limits
        balance-out-of-range
        year-is-closed-already
        earlier-year-is-open
        year-is-not-over
        year-is-open
        no-statements
        domain-does-not-fit
        domain-is-taken
        person-did-not-help
        skill-is-missing
        unknown-recognition
        recognition-is
        volunteer-answers
        guardian-consents
        stands-alone
        changed-meanwhile
        lost-log-does-not-fit
        log-was-reopened
        ");
    }
}
