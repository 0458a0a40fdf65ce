//! Why a request is not accepted: one closed list, in the order in which the ladder of checks climbs.
//!
//! A long file, since each reason stands in it once with its stable word and its sentence in both languages.

use chrono::NaiveDate;

use crate::{
    ActNumber, AssociationNumber, ExchangeNumber, Language, Minutes, PersonNumber,
    account::Account,
    association::MembershipState,
    exchange::{self, ExchangeState},
    person::Role,
    recognition::{self, RecognitionState},
    skill::Framework,
    transfer::TransferReason,
    words::{Names, account_name},
    year::Year,
};

/// Why a request is not accepted. A rejected request changes nothing, and is decided anew when it comes again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rejection {
    /// The key was used for another request.
    KeyWasUsedForAnotherRequest {
        /// The act that the first request became.
        act: ActNumber,
    },
    /// The key was used for something that is no act: an offer, a token, a webhook.
    KeyWasUsedBeside,
    /// The key was used before somebody was erased: whether for the same request, nobody can tell any more.
    KeyWasUsedBeforeAnErasure {
        /// The act that the first request became.
        act: ActNumber,
    },
    /// The network exists already.
    NetworkIsFounded,
    /// Nobody of that number is known.
    UnknownPerson(PersonNumber),
    /// Nobody of that code is known.
    UnknownPersonCode(String),
    /// Nobody holds the role that the request needs.
    RoleIsNotHeld,
    /// Only the coordinator may do this.
    OnlyForTheCoordinator,
    /// Only a mediator may do this.
    OnlyForAMediator,
    /// A mediator may not settle what concerns an association of their own.
    MediatorBelongsToASide(AssociationNumber),
    /// A needed text is empty.
    TextIsMissing(&'static str),
    /// A text is longer than this many characters.
    TextIsTooLong(&'static str, usize),
    /// A text holds a character that steers machines or that nobody sees; of those only tabs and line feeds are text.
    TextHasControlCharacters(&'static str, char),
    /// No member has that number.
    UnknownAssociation(AssociationNumber),
    /// Another member bears or bore that name.
    NameIsTaken(AssociationNumber),
    /// Another member has that registration.
    IdentifierIsTaken(AssociationNumber),
    /// The member's state does not allow it.
    AssociationIs(AssociationNumber, MembershipState),
    /// A new member starts as an applicant or active; leaving has its own way.
    MembershipStateDoesNotFit(MembershipState),
    /// An association cannot merge with itself.
    CannotMergeWithItself,
    /// Exchanges are waiting; they are settled before a member leaves.
    ExchangesAreOpen,
    /// Another person has that code.
    CodeIsTaken(PersonNumber),
    /// The person belongs to that association already.
    PersonIsEnrolled(PersonNumber, AssociationNumber),
    /// The person does not belong to that association.
    PersonIsNotEnrolled(PersonNumber, AssociationNumber),
    /// The person holds that role already.
    RoleIsHeld(Role),
    /// Somebody has to stay in charge.
    LastOneInCharge(Role),
    /// The catalogue has that skill already.
    SkillExists,
    /// The catalogue does not have that skill.
    UnknownSkill(String),
    /// A public list gives its codes another form.
    CodeDoesNotFit {
        /// The list.
        framework: Framework,
        /// What was said.
        code: String,
    },
    /// A step of zero minutes, or of more than a day.
    StepDoesNotFit(u32),
    /// A floor above a ceiling, or a soft limit outside its hard one.
    LimitsContradictEachOther,
    /// Giver and receiver are the same.
    AssociationsMustDiffer,
    /// Zero, negative, or more than ten million minutes.
    MinutesOutOfRange(Minutes),
    /// Not a multiple of the network's step.
    StepIsNotFitted {
        /// What was asked.
        minutes: Minutes,
        /// The nearest amount below that fits; zero when none does.
        below: Minutes,
        /// The nearest amount above that fits.
        above: Minutes,
    },
    /// Help cannot have been given tomorrow.
    DateIsInTheFuture {
        /// The date.
        date: NaiveDate,
        /// Today, in the network's time zone.
        today: NaiveDate,
    },
    /// So long ago that it is a slip, unless the asker says that it is meant; before 1901 whatever they say.
    DateIsTooOld {
        /// The date.
        date: NaiveDate,
        /// The first day that would fit.
        oldest: NaiveDate,
    },
    /// The year is closed: what is brought in with a date must find it open.
    YearIsClosed(Year),
    /// Another exchange bears that reference.
    ReferenceIsTaken(String),
    /// The ledger gives references of that form itself, and has not come that far.
    ReferenceIsReserved(String),
    /// No exchange has that number.
    UnknownExchange(ExchangeNumber),
    /// What is replaced has to be reversed first.
    ReplacedExchangeStands(ExchangeNumber),
    /// The exchange's state does not allow it.
    ExchangeIsNotOpenToThat {
        /// Which exchange.
        exchange: ExchangeNumber,
        /// Its state.
        state: ExchangeState,
    },
    /// The association is on neither side of the exchange.
    NotASide(AssociationNumber),
    /// It is for the other side to answer.
    OtherSideAnswers,
    /// Whoever proposed does not answer as well, even with both roles.
    ProposerMayNotAnswer,
    /// That member has not given the caller's association a mandate for as much, or not until today.
    NoMandateCoversIt(AssociationNumber),
    /// An amendment that changes nothing.
    NothingIsAmended,
    /// Governing is not help to others.
    GovernanceOnExchange,
    /// More time told than the exchange has.
    ContributionsExceedExchange {
        /// What would be told in all.
        told: Minutes,
        /// What the exchange has.
        exchange: Minutes,
    },
    /// This way of passing hours on has its own command, or does not go between these two.
    TransferDoesNotFit(TransferReason),
    /// There is nothing of that number that could be reversed.
    NothingToReverse(ActNumber),
    /// It was reversed already.
    IsReversed(ActNumber),
    /// A hard limit stands against it.
    HardLimitIsPassed(Vec<Account>),
    /// What a departing member leaves behind would take these past a hard limit, and whoever asks does not say that they
    /// know.
    DepartureIsPastLimits(Vec<Account>),
    /// A balance would leave the range of whole minutes.
    BalanceOutOfRange(Account),
    /// The year is closed already.
    YearIsClosedAlready(Year),
    /// An earlier year with postings is still open.
    EarlierYearIsOpen(Year),
    /// The year is not over yet.
    YearIsNotOver(Year),
    /// The year is still open: its statements would change.
    YearIsOpen(Year),
    /// No statement is to be handed out.
    NoStatements,
    /// Not a domain that a network could be known by.
    DomainDoesNotFit(String),
    /// Another network of the database is known by that domain.
    DomainIsTaken(String),
    /// The person put no time into that exchange.
    PersonDidNotHelp(PersonNumber, ExchangeNumber),
    /// A recognition names a competence, and the exchange has none.
    SkillIsMissing,
    /// Nothing was recognised under that number.
    UnknownRecognition(ActNumber),
    /// The recognition's state does not allow it.
    RecognitionIs(ActNumber, RecognitionState),
    /// It is for the volunteer to answer.
    VolunteerAnswers,
    /// The volunteer is a minor until that day: a parent or guardian has to consent.
    GuardianConsents(NaiveDate),
    /// Closing a year and leaving speak of all that came before: in a group they are its only request.
    StandsAlone,
    /// What the request was meant for is no longer what the asker has seen.
    ChangedMeanwhile,
    /// The log that is said to be lost is not this network's, or is earlier than the present one.
    LostLogDoesNotFit,
    /// The log went on after a loss: the asker's ids may name what was lost.
    LogWasReopened,
}

impl From<exchange::NotOpenToThat> for Rejection {
    fn from(exchange::NotOpenToThat { exchange, state }: exchange::NotOpenToThat) -> Self {
        Self::ExchangeIsNotOpenToThat { exchange, state }
    }
}

impl From<recognition::NotOpenToThat> for Rejection {
    fn from(recognition::NotOpenToThat { recognition, state }: recognition::NotOpenToThat) -> Self {
        Self::RecognitionIs(recognition, state)
    }
}

impl Rejection {
    /// The rejection in a sentence that says what was found and what would have fitted.
    pub fn in_words(&self, language: Language, names: Names<'_>) -> String {
        match language {
            Language::French => self.in_french(names),
            Language::English => self.in_english(names),
        }
    }

    #[expect(clippy::too_many_lines, reason = "a list of sentences, one a variant")]
    fn in_french(&self, names: Names<'_>) -> String {
        let show = |minutes: &Minutes| minutes.display(Language::French).to_string();
        match self {
            Self::KeyWasUsedForAnotherRequest { act } => {
                format!("déjà enregistré avec un autre contenu (acte n° {act}) ; rien n'a été changé")
            }
            Self::KeyWasUsedBeside => "cette clé a déjà servi à autre chose ; rien n'a été changé".to_owned(),
            Self::KeyWasUsedBeforeAnErasure { act } => format!(
                "cette clé a déjà servi (acte n° {act}), avant l'effacement d'une personne : rien ne dit plus si c'était \
                 pour la même demande ; rien n'a été changé"
            ),
            Self::NetworkIsFounded => "ce réseau existe déjà".to_owned(),
            Self::UnknownPerson(person) => format!("personne n° {person} inconnue"),
            Self::UnknownPersonCode(code) => format!("personne inconnue : « {code} »"),
            Self::RoleIsNotHeld => "cette personne n'a pas le rôle qu'il faut pour cela".to_owned(),
            Self::OnlyForTheCoordinator => "seule la coordination du réseau peut le faire".to_owned(),
            Self::OnlyForAMediator => "seul un médiateur peut le faire".to_owned(),
            Self::MediatorBelongsToASide(side) => {
                format!("le médiateur est membre de « {} » ; il faut quelqu'un qui n'est d'aucun des deux côtés", names(*side))
            }
            Self::TextIsMissing(what) => format!("il manque : {}", french_field(what)),
            Self::TextIsTooLong(what, most) => format!("trop long : {} ({most} caractères au plus)", french_field(what)),
            Self::TextHasControlCharacters(what, found) => format!(
                "caractère invisible ou de commande (U+{:04X}) dans un texte : {} ; effacez-le, ou retapez ce texte",
                u32::from(*found),
                french_field(what)
            ),
            Self::UnknownAssociation(number) => format!("association n° {number} inconnue"),
            Self::NameIsTaken(by) => format!("ce nom est, ou a été, celui de « {} »", names(*by)),
            Self::IdentifierIsTaken(by) => format!("cet identifiant est celui de « {} »", names(*by)),
            Self::AssociationIs(who, MembershipState::Applicant) => format!("« {} » n'est pas encore admise", names(*who)),
            Self::AssociationIs(who, MembershipState::Active) => format!("« {} » est déjà membre", names(*who)),
            Self::AssociationIs(who, MembershipState::Suspended) => format!("« {} » est suspendue", names(*who)),
            Self::AssociationIs(who, MembershipState::Left) => format!("« {} » a quitté le réseau", names(*who)),
            Self::MembershipStateDoesNotFit(state) => format!("l'état « {} » ne convient pas ici", state.in_words(Language::French)),
            Self::CannotMergeWithItself => "une association ne peut pas fusionner avec elle-même".to_owned(),
            Self::ExchangesAreOpen => "des échanges attendent encore une réponse ; réglez-les d'abord".to_owned(),
            Self::CodeIsTaken(person) => format!("ce code est celui de la personne n° {person}"),
            Self::PersonIsEnrolled(_, association) => format!("cette personne est déjà membre de « {} »", names(*association)),
            Self::PersonIsNotEnrolled(_, association) => {
                format!("cette personne n'est pas membre de « {} » ; inscrivez-la d'abord", names(*association))
            }
            Self::RoleIsHeld(_) => "cette personne a déjà ce rôle".to_owned(),
            Self::LastOneInCharge(_) => "c'est la dernière personne à avoir ce rôle ; confiez-le d'abord à quelqu'un d'autre".to_owned(),
            Self::SkillExists => "cette compétence est déjà au catalogue".to_owned(),
            Self::UnknownSkill(name) => format!("compétence inconnue : « {name} »"),
            Self::CodeDoesNotFit { framework, code } => {
                let example = framework.example(Language::French);
                format!("« {code} » n'est pas un code {framework} ; conviendrait : {example}")
            }
            Self::StepDoesNotFit(step) => format!("un pas de {step} min ne convient pas ; entre 1 et 1440"),
            Self::LimitsContradictEachOther => {
                "ces limites se contredisent : plancher dur ≤ plancher souple ≤ plafond souple ≤ plafond dur".to_owned()
            }
            Self::AssociationsMustDiffer => "qui aide et qui est aidé sont la même association".to_owned(),
            Self::MinutesOutOfRange(minutes) => {
                format!("durée de {} ; il faut plus de zéro et moins de 166 666 h", show(minutes))
            }
            Self::StepIsNotFitted { minutes, below, above } if below.is_zero() => {
                format!("{} n'est pas un multiple du pas du réseau ; le plus proche : {}", show(minutes), show(above))
            }
            Self::StepIsNotFitted { minutes, below, above } => format!(
                "{} n'est pas un multiple du pas du réseau ; les plus proches : {} ou {}",
                show(minutes),
                show(below),
                show(above)
            ),
            Self::DateIsInTheFuture { date, today } => format!(
                "le {} est dans le futur ; au plus tard aujourd'hui, le {}",
                date.format("%d/%m/%Y"),
                today.format("%d/%m/%Y")
            ),
            Self::DateIsTooOld { date, oldest } => {
                let [date, oldest] = [date, oldest].map(|day| day.format("%d/%m/%Y"));
                format!("le {date}, il y a trop longtemps ; un jour depuis le {oldest} conviendrait")
            }
            Self::YearIsClosed(year) => format!("l'exercice {year} est clos ; une date d'un exercice ouvert conviendrait"),
            Self::ReferenceIsTaken(reference) => format!("la référence « {reference} » est celle d'un autre échange"),
            Self::ReferenceIsReserved(reference) => {
                format!(
                    "la référence « {reference} » a la forme de celles que le registre donne lui-même ; écrivez-la \
                     autrement, par exemple « A-{reference} »"
                )
            }
            Self::UnknownExchange(number) => format!("échange n° {number} inconnu"),
            Self::ReplacedExchangeStands(_) => "l'échange à remplacer n'est pas annulé ; annulez-le d'abord".to_owned(),
            Self::ExchangeIsNotOpenToThat { state, .. } => format!("l'échange est {}", state.in_words(Language::French)),
            Self::NotASide(who) => format!("« {} » n'est d'aucun des deux côtés de cet échange", names(*who)),
            Self::OtherSideAnswers => "c'est à l'autre association de répondre".to_owned(),
            Self::ProposerMayNotAnswer => "qui propose ne répond pas aussi pour l'autre association".to_owned(),
            Self::NoMandateCoversIt(who) => {
                format!("aucun mandat de « {} » ne couvre cet échange aujourd'hui ; c'est à elle de répondre", names(*who))
            }
            Self::NothingIsAmended => "la durée et la date proposées sont celles de l'échange".to_owned(),
            Self::GovernanceOnExchange => {
                "des heures de gouvernance ne sont pas un coup de main à une autre association ; autre nature, ou sans échange".to_owned()
            }
            Self::ContributionsExceedExchange { told, exchange } => {
                format!("les participations feraient {}, plus que l'échange ({})", show(told), show(exchange))
            }
            Self::TransferDoesNotFit(reason) => format!("un transfert « {} » ne va pas entre ces deux comptes", reason.in_words(Language::French)),
            Self::NothingToReverse(act) => format!("rien à annuler sous le n° {act}"),
            Self::IsReversed(act) => format!("le n° {act} est déjà annulé"),
            Self::HardLimitIsPassed(accounts) => format!("limite dépassée pour : {}", account_names(accounts, Language::French, names)),
            Self::DepartureIsPastLimits(accounts) => {
                format!("avec ce départ, limite dépassée pour : {}", account_names(accounts, Language::French, names))
            }
            Self::BalanceOutOfRange(account) => {
                format!("le solde de {} deviendrait trop grand", account_name(*account, Language::French, names))
            }
            Self::YearIsClosedAlready(year) => format!("l'exercice {year} est déjà clos"),
            Self::EarlierYearIsOpen(year) => format!("l'exercice {year} est encore ouvert ; clôturez-le d'abord"),
            Self::YearIsNotOver(year) => format!("l'exercice {year} n'est pas terminé ; il pourra être clos à partir du 1er janvier {}", year.next()),
            Self::YearIsOpen(year) => format!("l'exercice {year} est encore ouvert"),
            Self::NoStatements => "aucun relevé à émettre".to_owned(),
            Self::DomainDoesNotFit(found) => format!("« {found} » n'est pas un nom de domaine ; reseau.example conviendrait"),
            Self::DomainIsTaken(domain) => format!("un autre réseau de cette base est connu sous le domaine « {domain} »"),
            Self::PersonDidNotHelp(person, _) => format!("la personne n° {person} n'a pas participé à cet échange"),
            Self::SkillIsMissing => "cet échange ne dit pas quelle compétence ; nommez-la".to_owned(),
            Self::UnknownRecognition(number) => format!("aucune reconnaissance sous le n° {number}"),
            Self::RecognitionIs(number, state) => {
                format!("la reconnaissance n° {number} est {}", state.in_words(Language::French))
            }
            Self::VolunteerAnswers => "c'est au bénévole concerné de répondre".to_owned(),
            Self::StandsAlone => "une clôture d'exercice ou un départ se demande seul, sans autres demandes dans le même groupe".to_owned(),
            Self::ChangedMeanwhile => "quelqu'un l'a changé entre-temps ; relisez avant de recommencer".to_owned(),
            Self::LostLogDoesNotFit => "le journal dit perdu n'est pas celui de ce réseau, ou il est plus ancien que le présent".to_owned(),
            Self::LogWasReopened => "le réseau est revenu entre-temps à une sauvegarde, et des actes ont été perdus ; relisez avant de recommencer".to_owned(),
            Self::GuardianConsents(adult_on) => format!("le bénévole est mineur jusqu'au {} ; il faut l'accord d'un parent ou tuteur : son nom", adult_on.format("%d/%m/%Y")),
        }
    }

    #[expect(clippy::too_many_lines, reason = "a list of sentences, one a variant")]
    fn in_english(&self, names: Names<'_>) -> String {
        let show = |minutes: &Minutes| minutes.display(Language::English).to_string();
        match self {
            Self::KeyWasUsedForAnotherRequest { act } => {
                format!("already recorded with other content (act {act}); nothing was changed")
            }
            Self::KeyWasUsedBeside => "this key was used for something else; nothing was changed".to_owned(),
            Self::KeyWasUsedBeforeAnErasure { act } => format!(
                "this key was used before (act {act}), before a person was erased: nothing tells any more whether for \
                 the same request; nothing was changed"
            ),
            Self::NetworkIsFounded => "this network exists already".to_owned(),
            Self::UnknownPerson(person) => format!("person {person} is unknown"),
            Self::UnknownPersonCode(code) => format!("unknown person: “{code}”"),
            Self::RoleIsNotHeld => "this person does not hold the role that it takes".to_owned(),
            Self::OnlyForTheCoordinator => "only the network's coordinator may do this".to_owned(),
            Self::OnlyForAMediator => "only a mediator may do this".to_owned(),
            Self::MediatorBelongsToASide(side) => {
                format!("the mediator belongs to “{}”; it takes somebody who is on neither side", names(*side))
            }
            Self::TextIsMissing(what) => format!("missing: {what}"),
            Self::TextIsTooLong(what, most) => format!("too long: {what} (at most {most} characters)"),
            Self::TextHasControlCharacters(what, found) => format!(
                "an invisible or control character (U+{:04X}) in a text: {what}; delete it, or type the text again",
                u32::from(*found)
            ),
            Self::UnknownAssociation(number) => format!("association {number} is unknown"),
            Self::NameIsTaken(by) => format!("this name is, or was, that of “{}”", names(*by)),
            Self::IdentifierIsTaken(by) => format!("this identifier is that of “{}”", names(*by)),
            Self::AssociationIs(who, MembershipState::Applicant) => format!("“{}” is not admitted yet", names(*who)),
            Self::AssociationIs(who, MembershipState::Active) => format!("“{}” is a member already", names(*who)),
            Self::AssociationIs(who, MembershipState::Suspended) => format!("“{}” is suspended", names(*who)),
            Self::AssociationIs(who, MembershipState::Left) => format!("“{}” has left the network", names(*who)),
            Self::MembershipStateDoesNotFit(state) => {
                format!("the state “{}” does not fit here", state.in_words(Language::English))
            }
            Self::CannotMergeWithItself => "an association cannot merge with itself".to_owned(),
            Self::ExchangesAreOpen => "exchanges are still waiting for an answer; settle them first".to_owned(),
            Self::CodeIsTaken(person) => format!("this code is that of person {person}"),
            Self::PersonIsEnrolled(_, association) => {
                format!("this person belongs to “{}” already", names(*association))
            }
            Self::PersonIsNotEnrolled(_, association) => {
                format!("this person does not belong to “{}”; enrol them first", names(*association))
            }
            Self::RoleIsHeld(_) => "this person holds that role already".to_owned(),
            Self::LastOneInCharge(_) => {
                "this is the last person with that role; give it to somebody else first".to_owned()
            }
            Self::SkillExists => "the catalogue has this skill already".to_owned(),
            Self::UnknownSkill(name) => format!("unknown skill: “{name}”"),
            Self::CodeDoesNotFit { framework, code } => {
                let example = framework.example(Language::English);
                format!("“{code}” is no code of {framework}; this would fit: {example}")
            }
            Self::StepDoesNotFit(step) => format!("a step of {step} min does not fit; between 1 and 1440"),
            Self::LimitsContradictEachOther => {
                "these limits contradict each other: hard floor ≤ soft floor ≤ soft ceiling ≤ hard ceiling".to_owned()
            }
            Self::AssociationsMustDiffer => "the one that helps and the one that is helped are the same".to_owned(),
            Self::MinutesOutOfRange(minutes) => {
                format!("a duration of {}; it takes more than zero and less than 166,666 h", show(minutes))
            }
            Self::StepIsNotFitted { minutes, below, above } if below.is_zero() => {
                format!("{} is no multiple of the network's step; the nearest: {}", show(minutes), show(above))
            }
            Self::StepIsNotFitted { minutes, below, above } => format!(
                "{} is no multiple of the network's step; the nearest: {} or {}",
                show(minutes),
                show(below),
                show(above)
            ),
            Self::DateIsInTheFuture { date, today } => {
                format!("{date} lies in the future; today, {today}, at the latest")
            }
            Self::DateIsTooOld { date, oldest } => format!("{date} is too long ago; a day since {oldest} would fit"),
            Self::YearIsClosed(year) => format!("the year {year} is closed; a date of an open year would fit"),
            Self::ReferenceIsTaken(reference) => format!("the reference “{reference}” is that of another exchange"),
            Self::ReferenceIsReserved(reference) => {
                format!(
                    "the reference “{reference}” has the form of those that the ledger gives itself; write it \
                     otherwise, for instance “A-{reference}”"
                )
            }
            Self::UnknownExchange(number) => format!("exchange {number} is unknown"),
            Self::ReplacedExchangeStands(_) => "the exchange to replace is not reversed; reverse it first".to_owned(),
            Self::ExchangeIsNotOpenToThat { state, .. } => {
                format!("the exchange is {}", state.in_words(Language::English))
            }
            Self::NotASide(who) => format!("“{}” is on neither side of this exchange", names(*who)),
            Self::OtherSideAnswers => "it is for the other association to answer".to_owned(),
            Self::ProposerMayNotAnswer => {
                "whoever proposes does not answer for the other association as well".to_owned()
            }
            Self::NoMandateCoversIt(who) => {
                format!("no mandate of “{}” covers this exchange today; it is for them to answer", names(*who))
            }
            Self::NothingIsAmended => "the minutes and the date are those of the exchange".to_owned(),
            Self::GovernanceOnExchange => {
                "hours of governance are no help to another association; another nature, or without an exchange"
                    .to_owned()
            }
            Self::ContributionsExceedExchange { told, exchange } => {
                format!("the contributions would add up to {}, more than the exchange ({})", show(told), show(exchange))
            }
            Self::TransferDoesNotFit(reason) => {
                format!("a transfer “{}” does not go between these two accounts", reason.in_words(Language::English))
            }
            Self::NothingToReverse(act) => format!("nothing to reverse under number {act}"),
            Self::IsReversed(act) => format!("number {act} is reversed already"),
            Self::HardLimitIsPassed(accounts) => {
                format!("limit passed for: {}", account_names(accounts, Language::English, names))
            }
            Self::DepartureIsPastLimits(accounts) => {
                format!("with this departure, limit passed for: {}", account_names(accounts, Language::English, names))
            }
            Self::BalanceOutOfRange(account) => {
                format!("the balance of {} would become too large", account_name(*account, Language::English, names))
            }
            Self::YearIsClosedAlready(year) => format!("the year {year} is closed already"),
            Self::EarlierYearIsOpen(year) => format!("the year {year} is still open; close it first"),
            Self::YearIsNotOver(year) => {
                format!("the year {year} is not over; it can be closed from 1 January {}", year.next())
            }
            Self::YearIsOpen(year) => {
                format!("the year {year} is still open")
            }
            Self::NoStatements => "no statement to issue".to_owned(),
            Self::DomainDoesNotFit(found) => format!("“{found}” is no domain name; network.example would fit"),
            Self::DomainIsTaken(domain) => {
                format!("another network of this database is known by the domain “{domain}”")
            }
            Self::PersonDidNotHelp(person, _) => format!("person {person} had no part in this exchange"),
            Self::SkillIsMissing => "this exchange does not say which skill; name it".to_owned(),
            Self::UnknownRecognition(number) => format!("nothing was recognised under number {number}"),
            Self::RecognitionIs(number, state) => {
                format!("recognition {number} is {}", state.in_words(Language::English))
            }
            Self::VolunteerAnswers => "it is for the volunteer to answer".to_owned(),
            Self::StandsAlone => {
                "closing a year and leaving are asked alone, without other requests in the same group".to_owned()
            }
            Self::ChangedMeanwhile => "somebody changed it meanwhile; read it again before you repeat this".to_owned(),
            Self::LostLogDoesNotFit => {
                "the log that is said to be lost is not this network's, or is earlier than the present one".to_owned()
            }
            Self::LogWasReopened => {
                "the network went back to a backup meanwhile, and acts were lost; read again before you repeat this"
                    .to_owned()
            }
            Self::GuardianConsents(adult_on) => format!(
                "the volunteer is a minor until {adult_on}; it takes the consent of a parent or guardian: their name"
            ),
        }
    }
}

/// Gives each variant its code: the match names every variant, and the same table is the list of all codes.
macro_rules! codes {
    ($($rejection:pat => $code:literal,)+) => {
        impl Rejection {
            /// Every code, in the order in which the ladder of checks climbs.
            pub const CODES: &'static [&'static str] = &[$($code),+];

            /// A stable name for programs and metrics. It is public, and stays though a variant be renamed.
            pub const fn code(&self) -> &'static str {
                match self { $($rejection => $code,)+ }
            }
        }
    };
}

codes! {
    Self::KeyWasUsedForAnotherRequest { .. } => "KeyWasUsedForAnotherRequest",
    Self::KeyWasUsedBeside => "KeyWasUsedBeside",
    Self::KeyWasUsedBeforeAnErasure { .. } => "KeyWasUsedBeforeAnErasure",
    Self::NetworkIsFounded => "NetworkIsFounded",
    Self::UnknownPerson(..) => "UnknownPerson",
    Self::UnknownPersonCode(..) => "UnknownPersonCode",
    Self::RoleIsNotHeld => "RoleIsNotHeld",
    Self::OnlyForTheCoordinator => "OnlyForTheCoordinator",
    Self::OnlyForAMediator => "OnlyForAMediator",
    Self::MediatorBelongsToASide(..) => "MediatorBelongsToASide",
    Self::TextIsMissing(..) => "TextIsMissing",
    Self::TextIsTooLong(..) => "TextIsTooLong",
    Self::TextHasControlCharacters(..) => "TextHasControlCharacters",
    Self::UnknownAssociation(..) => "UnknownAssociation",
    Self::NameIsTaken(..) => "NameIsTaken",
    Self::IdentifierIsTaken(..) => "IdentifierIsTaken",
    Self::AssociationIs(..) => "AssociationIs",
    Self::MembershipStateDoesNotFit(..) => "MembershipStateDoesNotFit",
    Self::CannotMergeWithItself => "CannotMergeWithItself",
    Self::ExchangesAreOpen => "ExchangesAreOpen",
    Self::CodeIsTaken(..) => "CodeIsTaken",
    Self::PersonIsEnrolled(..) => "PersonIsEnrolled",
    Self::PersonIsNotEnrolled(..) => "PersonIsNotEnrolled",
    Self::RoleIsHeld(..) => "RoleIsHeld",
    Self::LastOneInCharge(..) => "LastOneInCharge",
    Self::SkillExists => "SkillExists",
    Self::UnknownSkill(..) => "UnknownSkill",
    Self::CodeDoesNotFit { .. } => "CodeDoesNotFit",
    Self::StepDoesNotFit(..) => "StepDoesNotFit",
    Self::LimitsContradictEachOther => "LimitsContradictEachOther",
    Self::AssociationsMustDiffer => "AssociationsMustDiffer",
    Self::MinutesOutOfRange(..) => "MinutesOutOfRange",
    Self::StepIsNotFitted { .. } => "StepIsNotFitted",
    Self::DateIsInTheFuture { .. } => "DateIsInTheFuture",
    Self::DateIsTooOld { .. } => "DateIsTooOld",
    Self::YearIsClosed(..) => "YearIsClosed",
    Self::ReferenceIsTaken(..) => "ReferenceIsTaken",
    Self::ReferenceIsReserved(..) => "ReferenceIsReserved",
    Self::UnknownExchange(..) => "UnknownExchange",
    Self::ReplacedExchangeStands(..) => "ReplacedExchangeStands",
    Self::ExchangeIsNotOpenToThat { .. } => "ExchangeIsNotOpenToThat",
    Self::NotASide(..) => "NotASide",
    Self::OtherSideAnswers => "OtherSideAnswers",
    Self::ProposerMayNotAnswer => "ProposerMayNotAnswer",
    Self::NoMandateCoversIt(..) => "NoMandateCoversIt",
    Self::NothingIsAmended => "NothingIsAmended",
    Self::GovernanceOnExchange => "GovernanceOnExchange",
    Self::ContributionsExceedExchange { .. } => "ContributionsExceedExchange",
    Self::TransferDoesNotFit(..) => "TransferDoesNotFit",
    Self::NothingToReverse(..) => "NothingToReverse",
    Self::IsReversed(..) => "IsReversed",
    Self::HardLimitIsPassed(..) => "HardLimitIsPassed",
    Self::DepartureIsPastLimits(..) => "DepartureIsPastLimits",
    Self::BalanceOutOfRange(..) => "BalanceOutOfRange",
    Self::YearIsClosedAlready(..) => "YearIsClosedAlready",
    Self::EarlierYearIsOpen(..) => "EarlierYearIsOpen",
    Self::YearIsNotOver(..) => "YearIsNotOver",
    Self::YearIsOpen(..) => "YearIsOpen",
    Self::NoStatements => "NoStatements",
    Self::DomainDoesNotFit(..) => "DomainDoesNotFit",
    Self::DomainIsTaken(..) => "DomainIsTaken",
    Self::PersonDidNotHelp(..) => "PersonDidNotHelp",
    Self::SkillIsMissing => "SkillIsMissing",
    Self::UnknownRecognition(..) => "UnknownRecognition",
    Self::RecognitionIs(..) => "RecognitionIs",
    Self::VolunteerAnswers => "VolunteerAnswers",
    Self::GuardianConsents(..) => "GuardianConsents",
    Self::StandsAlone => "StandsAlone",
    Self::ChangedMeanwhile => "ChangedMeanwhile",
    Self::LostLogDoesNotFit => "LostLogDoesNotFit",
    Self::LogWasReopened => "LogWasReopened",
}

fn account_names(accounts: &[Account], language: Language, names: Names<'_>) -> String {
    let list: Vec<_> = accounts.iter().map(|account| account_name(*account, language, names)).collect();
    list.join(", ")
}

fn french_field(field: &str) -> &str {
    match field {
        "name" => "le nom",
        "file_name" => "le nom du fichier",
        "contact_name" => "le nom du contact",
        "phone" => "le téléphone",
        "commune" => "la commune",
        "contributions" => "les participations",
        "reason" => "le motif",
        "decision" => "la décision",
        "reference" => "la référence",
        "evidence" => "la preuve",
        "code" => "le code",
        "memo" => "la remarque",
        "context" => "le contexte",
        "activities" => "les activités",
        "guardian" => "le parent ou tuteur",
        other => other,
    }
}
