//! One small network, grown by real requests: act by act its numbers are known, so that the tables may name them.

use std::collections::BTreeMap;
use std::hash::Hash;

use chrono::{DateTime, Datelike as _, NaiveDate, Utc};
use uuid::Uuid;

use super::super::{Decision, Outside, Rehearsal, RejectedRequest, Tally, decide, decide_group};
use crate::{
    ActNumber, AssociationNumber, Digest, ExchangeNumber, Identifier, Minutes, PersonNumber, Rejection, Siren,
    SkillNumber,
    account::{Account, Book},
    act::{Act, Contributed},
    association::{AssociationKind, Contact, Description, MembershipState, NewAssociation},
    clock::CountedSecrets,
    command::{By, Capacity, Command, Key, NewExchange, Principal, Request},
    contribution::{Contribution, Nature},
    evidence::{Evidence, EvidenceKind},
    exchange::Side,
    key::{KeyPurpose, PrivateKey},
    loaded::{Loaded, NotLoaded},
    log::leaf_hash,
    mandate::Mandate,
    person::{Identity, Role},
    policy::Limits,
    skill::SkillRef,
    state::{OpenExchanges, State, numbered_reference},
    touched::Touched,
    transfer::TransferReason,
    year::{Year, YearClosing, YearToClose},
};

pub(super) const A: AssociationNumber = AssociationNumber(1);
pub(super) const B: AssociationNumber = AssociationNumber(2);
/// Has a hard floor of its own: −60 min.
pub(super) const C: AssociationNumber = AssociationNumber(3);
pub(super) const SUSPENDED: AssociationNumber = AssociationNumber(4);
pub(super) const APPLICANT: AssociationNumber = AssociationNumber(5);
pub(super) const LEFT: AssociationNumber = AssociationNumber(6);
pub(super) const NO_ASSOCIATION: AssociationNumber = AssociationNumber(999);

pub(super) const ANNE: PersonNumber = PersonNumber(7);
pub(super) const ADAM: PersonNumber = PersonNumber(8);
pub(super) const BOTH: PersonNumber = PersonNumber(9);
pub(super) const COORDINATOR: PersonNumber = PersonNumber(10);
pub(super) const MEDIATOR: PersonNumber = PersonNumber(11);
pub(super) const MEDIATOR_OF_A: PersonNumber = PersonNumber(12);
pub(super) const AUDITOR: PersonNumber = PersonNumber(13);
/// Volunteers of A.
pub(super) const V1: PersonNumber = PersonNumber(14);
pub(super) const V2: PersonNumber = PersonNumber(15);
/// A volunteer of B.
pub(super) const W: PersonNumber = PersonNumber(16);
pub(super) const NOBODY: PersonNumber = PersonNumber(998);

pub(super) const COOKING: SkillNumber = SkillNumber(32);

/// Exchanges, each from A to B unless said otherwise, in the state of their name.
pub(super) const PROPOSED: ExchangeNumber = ExchangeNumber(34);
pub(super) const CONTESTED: ExchangeNumber = ExchangeNumber(35);
/// From A to C.
pub(super) const HELD: ExchangeNumber = ExchangeNumber(37);
/// The day on which V1 comes of age.
pub(super) const MAJORITY: &str = "2031-05-04";
/// Of 120 min, 60 of which V1 gave.
pub(super) const CONFIRMED: ExchangeNumber = ExchangeNumber(39);
/// B asks for it.
pub(super) const CORRECTION_REQUESTED: ExchangeNumber = ExchangeNumber(41);
pub(super) const REVERSED: ExchangeNumber = ExchangeNumber(44);
/// Who helped in the one that is reversed.
pub(super) const TOLD_OF_REVERSED: ActNumber = ActNumber(45);
pub(super) const WITHDRAWN: ExchangeNumber = ExchangeNumber(47);
pub(super) const DISMISSED: ExchangeNumber = ExchangeNumber(49);
/// Gifts from A to B.
pub(super) const GIFT: ActNumber = ActNumber(52);
pub(super) const REVERSED_GIFT: ActNumber = ActNumber(53);
/// What the next act creates, and those after it.
pub(super) const NEW: ExchangeNumber = ExchangeNumber(55);
pub(super) const SECOND: ExchangeNumber = ExchangeNumber(56);
pub(super) const THIRD: ExchangeNumber = ExchangeNumber(57);
pub(super) const FOURTH: ExchangeNumber = ExchangeNumber(58);

/// The key under which the network was founded.
pub(super) const USED_KEY: &str = "a key that was used";

pub(super) const FOR_A: By = person_for(ANNE, Capacity::Association(A));
pub(super) const ADMINISTRATOR: By = person_for(ADAM, Capacity::Association(A));
pub(super) const FOR_SUSPENDED: By = person_for(ANNE, Capacity::Association(SUSPENDED));
pub(super) const FOR_B: By = person_for(BOTH, Capacity::Association(B));
pub(super) const BOTH_FOR_A: By = person_for(BOTH, Capacity::Association(A));
pub(super) const COORDINATION: By = person_for(COORDINATOR, Capacity::Coordinator);
pub(super) const MEDIATION: By = person_for(MEDIATOR, Capacity::Mediator);

pub(super) const fn person_for(person: PersonNumber, capacity: Capacity) -> By {
    By { principal: Principal::Person(person), capacity }
}

/// A network, and the world around it.
#[derive(Clone)]
pub(super) struct World {
    pub(super) state: State,
    pub(super) now: DateTime<Utc>,
    secrets: CountedSecrets,
}

impl World {
    /// The network that the tables are about, on 15 March 2026. The year 2024 is closed.
    pub(super) fn new() -> Self {
        let mut world =
            Self { state: State::whole(), now: "2026-03-15T09:00:00Z".parse().unwrap(), secrets: CountedSecrets(0) };
        world.accept(&request(USED_KEY, By::OPERATOR, founding()));
        world.add_members();
        world.add_rules();
        world.add_exchanges();
        world
    }

    fn add_members(&mut self) {
        use MembershipState::{Active, Applicant, Left, Suspended};
        for (number, name, state) in [
            (A, "Amis du vélo", Active),
            (B, "Bricoleurs", Active),
            (C, "Chorale", Active),
            (SUSPENDED, "Danseurs", Suspended),
            (APPLICANT, "Échecs", Applicant),
            (LEFT, "Fanfare", Left),
        ] {
            let joining = if state == Applicant { Applicant } else { Active };
            let mut new = new_association(name, joining);
            if number == A {
                new.identifiers.push(siren());
                new.former_names.push("Les Pédales".to_owned());
            }
            self.grow(number.0, By::OPERATOR, Command::AddAssociation(new));
        }
        for (number, code) in [
            (ANNE, "anne"),
            (ADAM, "adam"),
            (BOTH, "both"),
            (COORDINATOR, "coordinator"),
            (MEDIATOR, "mediator"),
            (MEDIATOR_OF_A, "mediator of A"),
            (AUDITOR, "auditor"),
            (V1, "v1"),
            (V2, "v2"),
            (W, "w"),
        ] {
            let adult_on = (number == V1).then(|| date(MAJORITY));
            self.grow(number.0, By::OPERATOR, Command::AddPerson(Identity { adult_on, ..identity(code) }));
        }
        let role = |person, role| Command::GrantRole { person, role };
        let enrol = |person: PersonNumber, association| Command::Enrol { person: person.into(), association };
        let reason = "vote".to_owned();
        for command in [
            Command::SetMembership { association: SUSPENDED, state: Suspended, reason: reason.clone() },
            Command::Leave { association: LEFT, into: None, reason, past_limits: false },
            role(ANNE, Role::Delegate(A)),
            role(ANNE, Role::Delegate(SUSPENDED)),
            role(ADAM, Role::Administrator(A)),
            role(BOTH, Role::Delegate(A)),
            role(BOTH, Role::Delegate(B)),
            role(COORDINATOR, Role::Coordinator),
            role(MEDIATOR, Role::Mediator),
            role(MEDIATOR_OF_A, Role::Mediator),
            role(AUDITOR, Role::Auditor),
            enrol(MEDIATOR_OF_A, A),
            enrol(V1, A),
            enrol(V2, A),
            enrol(W, B),
        ] {
            self.grow(self.state.head.next.0, By::OPERATOR, command);
        }
    }

    fn add_rules(&mut self) {
        self.grow(COOKING.0, COORDINATION, Command::AddSkill { name: "Cuisine".to_owned() });
        let limits = Limits { hard_floor: Some(min(-60)), ..Limits::NONE };
        let limits = Command::SetLimits { association: C, limits: Some(limits), decision: "AG".to_owned() };
        self.grow(33, COORDINATION, limits);
    }

    fn add_exchanges(&mut self) {
        self.grow(PROPOSED.0, FOR_A, propose(help(A, B, 60)));
        self.grow(CONTESTED.0, FOR_A, propose(help(A, B, 60)));
        self.grow(36, FOR_B, contest(CONTESTED));
        self.grow(HELD.0, FOR_A, propose(help(A, C, 90)));
        self.grow(38, COORDINATION, confirm_with_reason(HELD));
        self.grow(CONFIRMED.0, FOR_A, propose(by(help(A, B, 120), &[(V1, 60)])));
        self.grow(40, FOR_B, confirm(CONFIRMED));
        self.grow(CORRECTION_REQUESTED.0, FOR_A, propose(help(A, B, 60)));
        self.grow(42, FOR_B, confirm(CORRECTION_REQUESTED));
        self.grow(43, FOR_B, request_correction(CORRECTION_REQUESTED));
        self.grow(REVERSED.0, By::OPERATOR, record(help(A, B, 60)));
        self.grow(TOLD_OF_REVERSED.0, FOR_A, tell(REVERSED, &[(V1, 10)]));
        self.grow(46, By::OPERATOR, reverse(REVERSED));
        self.grow(WITHDRAWN.0, FOR_A, propose(help(A, B, 60)));
        self.grow(48, FOR_A, Command::Withdraw { exchange: WITHDRAWN });
        self.grow(DISMISSED.0, FOR_A, propose(help(A, B, 60)));
        self.grow(50, COORDINATION, dismiss(DISMISSED));
        self.grow(51, COORDINATION, Command::CloseYear { year: Year(2024) });
        let gift = transfer(Some(A), Some(B), 15, TransferReason::Gift);
        self.grow(GIFT.0, FOR_A, gift.clone());
        self.grow(REVERSED_GIFT.0, FOR_A, gift);
        self.grow(54, COORDINATION, reverse(REVERSED_GIFT));
        assert_eq!(self.state.head.next, NEW.into());
    }

    /// Decides what has to be accepted, as the act of that number.
    fn grow(&mut self, number: i64, by: By, command: Command) {
        assert_eq!(self.state.head.next.0, number, "{command:?}");
        self.accept(&request(&format!("act {number}"), by, command));
    }

    fn accept(&mut self, request: &Request) -> Decision {
        self.decide(request).unwrap_or_else(|rejection| panic!("{:?}: {rejection:?}", request.command))
    }

    /// Decides a request, with what the store would have read for it.
    pub(super) fn decide(&mut self, request: &Request) -> Result<Decision, Rejection> {
        self.load(&request.command);
        let mut narrow = self.with_what_is_touched(request);
        let decided = self.decide_on_what_is_loaded(request);
        assert_eq!(narrow.decide_on_what_is_loaded(request), decided, "on what it touches: {:?}", request.command);
        decided.unwrap()
    }

    /// The same world, of which only what the request touches is known.
    fn with_what_is_touched(&self, request: &Request) -> Self {
        let touched = Touched::by(request);
        let State { network, head, registry, closing, open_exchanges, secrets, keys, keys_beside, .. } =
            self.state.clone();
        let known = State { network, head, registry, closing, open_exchanges, secrets, ..State::default() };
        let mut state = State { keys, keys_beside, ..known };
        state.closing = state.closing.filter(|closing| touched.closing == Some(closing.closing.year));
        state.open_exchanges =
            state.open_exchanges.filter(|known| touched.open_exchanges_of == Some(known.association));
        touched.references.iter().for_each(|key| copy(&self.state.references, &mut state.references, key));
        let years = touched.references.iter().filter_map(|reference| numbered_reference(reference));
        let given_in = touched.is_given_reference.then(|| self.state.today(self.now).unwrap().year());
        for year in years.map(|(year, _)| year).chain(given_in) {
            copy(&self.state.reference_counters, &mut state.reference_counters, &year);
        }
        touched.exchanges.iter().for_each(|key| copy(&self.state.exchanges, &mut state.exchanges, key));
        for key in touched.acts_to_reverse(&state).unwrap() {
            copy(&self.state.reversible, &mut state.reversible, &key);
        }
        for key in touched.exchanges_told_of(&state).unwrap() {
            copy(&self.state.exchanges, &mut state.exchanges, &key);
        }
        touched.recognitions.iter().for_each(|key| copy(&self.state.recognitions, &mut state.recognitions, key));
        touched.domains.iter().for_each(|key| copy(&self.state.domains, &mut state.domains, key));
        for key in touched.accounts(&state).unwrap() {
            copy(&self.state.accounts, &mut state.accounts, &key);
        }
        Self { state, ..self.clone() }
    }

    pub(super) fn decide_on_what_is_loaded(
        &mut self,
        request: &Request,
    ) -> Result<Result<Decision, Rejection>, NotLoaded> {
        let mut outside = Outside { now: self.now, secrets: &mut self.secrets };
        decide(&mut self.state, request, &mut outside)
    }

    pub(super) fn group_on_what_is_loaded(
        &mut self,
        requests: &[Request],
    ) -> Result<Result<Vec<Decision>, RejectedRequest>, NotLoaded> {
        let mut outside = Outside { now: self.now, secrets: &mut self.secrets };
        decide_group(&mut self.state, requests, None, &mut outside)
    }

    pub(super) fn rehearse_on_what_is_loaded(&mut self, requests: &[Request]) -> Result<Rehearsal, NotLoaded> {
        let (mut tally, mut state) = (Tally::default(), self.state.clone());
        let mut outside = Outside { now: self.now, secrets: &mut self.secrets };
        let rejections = tally.rehearse(&mut state, requests, &mut outside)?;
        let limits_met = tally.limits_met(&state)?.unwrap();
        Ok(Rehearsal { rejections, limits_met })
    }

    /// Decides a group, on what is loaded.
    pub(super) fn decide_group(
        &mut self,
        requests: &[Request],
        override_reason: Option<&str>,
    ) -> Result<Vec<Decision>, RejectedRequest> {
        let mut outside = Outside { now: self.now, secrets: &mut self.secrets };
        decide_group(&mut self.state, requests, override_reason, &mut outside).unwrap()
    }

    /// Sums up what a request that stands alone needs of all that came before.
    fn load(&mut self, command: &Command) {
        if let Command::CloseYear { year } = command {
            let head = &self.state.head;
            // Here every year since the first has something booked.
            let open_since = head.closed_through.map(Year::next).or(head.first_year);
            let open_before = open_since.filter(|open| open < year);
            self.state.closing = Some(YearToClose { open_before, ..closing(*year) });
        }
        if let Command::Leave { association, .. } = command {
            let mut exchanges = self.state.exchanges.iter().map(|(_, known)| known.exchange);
            let any =
                exchanges.any(|exchange| exchange.state.is_open() && exchange.terms.side_of(*association).is_some());
            self.state.open_exchanges = Some(OpenExchanges { association: *association, any });
        }
    }

    /// All that a rejected request has to leave alone, in a fixed order.
    pub(super) fn memory(&self) -> String {
        let State { network, head, registry, .. } = &self.state;
        let accounts: BTreeMap<_, _> = self.state.accounts.iter().collect();
        let exchanges: BTreeMap<_, _> = self.state.exchanges.iter().collect();
        let keys: BTreeMap<_, _> = self.state.keys.iter().collect();
        let references: BTreeMap<_, _> = self.state.references.iter().collect();
        let counters: BTreeMap<_, _> = self.state.reference_counters.iter().collect();
        let members: Vec<_> = registry.associations().collect();
        let persons: Vec<_> = registry.persons().collect();
        let rules = (members, persons, registry.skills(), registry.policy());
        format!("{network:?} {head:?} {rules:?} {accounts:?} {exchanges:?} {keys:?} {references:?} {counters:?}")
    }
}

/// Looks something up in one world for another.
fn copy<K: Clone + Eq + Hash, V: Clone>(from: &Loaded<K, V>, to: &mut Loaded<K, V>, key: &K) {
    match from.look_up(key).unwrap() {
        Some(value) => to.insert(key.clone(), value.clone()),
        None => to.insert_nothing(key.clone()),
    }
}

pub(super) fn min(minutes: i64) -> Minutes {
    Minutes::new(minutes)
}

pub(super) fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// A request under a key of its own.
pub(super) fn request(key: &str, by: By, command: Command) -> Request {
    let digest = leaf_hash(format!("{by:?} {command:?}").as_bytes());
    Request {
        key: Key { scope: "tests".to_owned(), key: key.to_owned() },
        digest,
        by,
        seen: None,
        generation: None,
        long_ago: false,
        command,
    }
}

pub(super) fn founding() -> Command {
    Command::FoundNetwork { uuid: Uuid::from_u128(1), name: "Réseau".to_owned(), time_zone: chrono_tz::Europe::Paris }
}

pub(super) fn new_association(name: &str, state: MembershipState) -> NewAssociation {
    NewAssociation {
        name: name.to_owned(),
        former_names: Vec::new(),
        kind: AssociationKind::Association,
        state,
        identifiers: Vec::new(),
        commune: None,
        insee: None,
        member_since: None,
        contact: Contact::default(),
    }
}

/// That person under another code, with nothing else said of them.
pub(super) fn correct(person: PersonNumber, code: &str) -> Command {
    Command::CorrectPerson { person, identity: identity(code) }
}

/// That member as one of which nothing but this is known.
pub(super) fn describe(association: AssociationNumber, contact: Contact) -> Command {
    let (kind, commune, insee, member_since) = (AssociationKind::InformalGroup, None, None, None);
    Command::DescribeAssociation {
        association,
        description: Description { kind, commune, insee, member_since, contact },
    }
}

/// A's registration.
pub(super) fn siren() -> Identifier {
    Identifier::Siren(Siren::parse("732829320").unwrap())
}

pub(super) fn identity(code: &str) -> Identity {
    Identity { code: code.to_owned(), first_name: None, last_name: None, email: None, adult_on: None }
}

pub(super) fn file() -> Command {
    Command::ReceiveFile { name: "cahier.csv".to_owned(), digest: crate::Digest([0; 32]), lines: 3 }
}

/// Help on 1 March 2026.
pub(super) fn help(giver: AssociationNumber, receiver: AssociationNumber, minutes: i64) -> NewExchange {
    NewExchange {
        giver,
        receiver,
        minutes: min(minutes),
        service_date: date("2026-03-01"),
        skill: None,
        reference: None,
        memo: None,
        contributions: Vec::new(),
        replaces: None,
    }
}

/// The same help, and who did it.
pub(super) fn by(help: NewExchange, contributions: &[(PersonNumber, i64)]) -> NewExchange {
    NewExchange { contributions: told(contributions), ..help }
}

pub(super) fn told(contributions: &[(PersonNumber, i64)]) -> Vec<Contribution> {
    contributions.iter().map(|&(person, minutes)| contribution(person, minutes, Nature::Operational)).collect()
}

pub(super) fn contribution(person: PersonNumber, minutes: i64, nature: Nature) -> Contribution {
    Contribution { person, minutes: min(minutes), nature }
}

pub(super) fn on(help: NewExchange, service_date: &str) -> NewExchange {
    NewExchange { service_date: date(service_date), ..help }
}

pub(super) fn with_reference(help: NewExchange, reference: &str) -> NewExchange {
    NewExchange { reference: Some(reference.to_owned()), ..help }
}

pub(super) fn with_skill(help: NewExchange, name: &str) -> NewExchange {
    NewExchange { skill: Some(SkillRef::Name(name.to_owned())), ..help }
}

/// "We helped them."
pub(super) fn propose(exchange: NewExchange) -> Command {
    Command::Propose { side: Side::Giver, exchange, evidence: None }
}

pub(super) fn record(exchange: NewExchange) -> Command {
    Command::Record { exchange, evidence: Evidence::COORDINATOR }
}

pub(super) fn confirm(exchange: ExchangeNumber) -> Command {
    Command::Confirm { exchange, evidence: Evidence::BOTH_SIDES, reason: None }
}

pub(super) fn mandate(
    association: AssociationNumber,
    partner: AssociationNumber,
    terms: Option<(i64, &str)>,
) -> Command {
    let mandate = terms.map(|(minutes, until)| Mandate { minutes_most: min(minutes), until: date(until) });
    Command::SetMandate { association, partner, mandate }
}

pub(super) fn confirm_by_mandate(exchange: ExchangeNumber) -> Command {
    let evidence = Evidence { kind: EvidenceKind::Mandate, reference: None, line: None };
    Command::Confirm { exchange, evidence, reason: None }
}

pub(super) fn confirm_with_reason(exchange: ExchangeNumber) -> Command {
    let reference = Some("fiche 12".to_owned());
    let evidence = Evidence { kind: EvidenceKind::PaperSlip, reference, line: None };
    Command::Confirm { exchange, evidence, reason: Some("sans réponse".to_owned()) }
}

pub(super) fn amend(exchange: ExchangeNumber, minutes: i64, service_date: &str) -> Command {
    Command::Amend { exchange, minutes: min(minutes), service_date: date(service_date) }
}

pub(super) fn contest(exchange: ExchangeNumber) -> Command {
    Command::Contest { exchange, reason: "personne n'est venu".to_owned() }
}

pub(super) fn dismiss(exchange: ExchangeNumber) -> Command {
    Command::Dismiss { exchange, reason: "sans suite".to_owned() }
}

pub(super) fn settle(exchange: ExchangeNumber, minutes: i64) -> Command {
    Command::Settle { exchange, minutes: min(minutes), reason: "entendus".to_owned() }
}

pub(super) fn release(exchange: ExchangeNumber) -> Command {
    Command::Release { exchange, reason: "le bureau est d'accord".to_owned() }
}

pub(super) fn request_correction(exchange: ExchangeNumber) -> Command {
    Command::RequestCorrection { exchange, reason: "une heure de trop".to_owned() }
}

pub(super) fn keep(exchange: ExchangeNumber) -> Command {
    Command::Keep { exchange, reason: "c'est juste".to_owned() }
}

pub(super) fn reverse(target: impl Into<ActNumber>) -> Command {
    Command::Reverse { target: target.into(), reason: "erreur".to_owned() }
}

pub(super) fn tell(exchange: ExchangeNumber, contributions: &[(PersonNumber, i64)]) -> Command {
    Command::TellContributions { exchange, contributions: told(contributions) }
}

/// Hours for one's own association on 2 March 2026.
pub(super) fn own_hours(association: AssociationNumber, contribution: Contribution) -> Command {
    Command::GiveOwnHours { association, service_date: date("2026-03-02"), skill: None, contribution }
}

pub(super) fn transfer(
    from: Option<AssociationNumber>,
    to: Option<AssociationNumber>,
    minutes: i64,
    reason: TransferReason,
) -> Command {
    let decision = (reason == TransferReason::Grant).then(|| "AG du 12 mars".to_owned());
    Command::Transfer { from, to, minutes: min(minutes), reason, decision }
}

pub(super) fn bring_in(association: AssociationNumber, minutes: i64, day: &str) -> Command {
    Command::BringInBalance { association, minutes: min(minutes), date: date(day) }
}

pub(super) fn leave(association: AssociationNumber, into: Option<AssociationNumber>) -> Command {
    Command::Leave { association, into, reason: "AG".to_owned(), past_limits: false }
}

pub(super) fn leave_past_limits(association: AssociationNumber, into: Option<AssociationNumber>) -> Command {
    Command::Leave { association, into, reason: "AG".to_owned(), past_limits: true }
}

pub(super) fn adopt_key(domain: Option<&str>) -> Command {
    let key = PrivateKey::from_seed([1; 32]).public();
    Command::AdoptKey { purpose: KeyPurpose::Credential, key, domain: domain.map(str::to_owned) }
}

/// That year as the only one that is open.
pub(super) fn closing(year: Year) -> YearToClose {
    let closing = YearClosing { year, accounts: 4, root: Digest([7; 32]), proposed: 1, contested: 0, held: 0 };
    YearToClose { closing, open_before: None }
}

/// What became of a request, on one line.
pub(super) fn said(decided: Result<Decision, Rejection>) -> String {
    match decided {
        Ok(Decision::New(act)) => line(&act),
        Ok(Decision::Repeated(act)) => format!("repeats act {act}"),
        Err(rejection) => format!("{rejection:?}"),
    }
}

fn line(act: &Act) -> String {
    let outcome = &act.outcome;
    let mut parts = Vec::new();
    if let Some(exchange) = outcome.exchange {
        let terms = exchange.terms;
        parts.push(format!(
            "{} {} min of {}",
            exchange.state,
            terms.minutes.get(),
            terms.service_date.format("%d/%m/%y")
        ));
    }
    parts.extend(outcome.reference.iter().map(|reference| reference.text.clone()));
    for book in [Book::Exchange, Book::Engagement] {
        let moved = outcome.postings.iter().map(|posting| posting.movement);
        let moved = moved.filter(|movement| movement.account.book() == book);
        let moved = moved.map(|moved| format!("{} {:+} {}", label(moved.account), moved.minutes.get(), moved.kind));
        parts.push(moved.collect::<Vec<_>>().join(", "));
    }
    if outcome.postings.is_empty() && !outcome.contributions.is_empty() {
        parts
            .push(format!("waiting: {}", outcome.contributions.iter().map(contributed).collect::<Vec<_>>().join(", ")));
    }
    parts.extend(outcome.booked.map(|booked| format!("booked {}", booked.format("%d/%m/%y"))));
    for (what, accounts) in [("past limits of", &outcome.limits_met), ("overridden for", &outcome.overridden)] {
        let accounts: Vec<_> = accounts.iter().map(|account| label(*account)).collect();
        parts.push(if accounts.is_empty() { String::new() } else { format!("{what} {}", accounts.join(", ")) });
    }
    parts.extend(outcome.person.map(|(person, _)| format!("about {}", label(Account::Person(person)))));
    parts.extend(outcome.texts.iter().map(|text| format!("{} “{}”", text.field, text.text)));
    parts.extend(outcome.closing.map(|closing| format!("closed {}", closing.year)));
    parts.retain(|part| !part.is_empty());
    parts.join("; ")
}

fn contributed(contributed: &Contributed) -> String {
    format!("{} {}", label(Account::Person(contributed.person)), contributed.minutes.get())
}

pub(super) fn label(account: Account) -> String {
    match account {
        Account::Opening => "Opening".to_owned(),
        Account::Fund => "Fund".to_owned(),
        Account::Association(A) => "A".to_owned(),
        Account::Association(B) => "B".to_owned(),
        Account::Association(C) => "C".to_owned(),
        Account::Association(other) => format!("association {other}"),
        Account::Engaged(association) => format!("{}(engaged)", label(Account::Association(association))),
        Account::Person(V1) => "V1".to_owned(),
        Account::Person(V2) => "V2".to_owned(),
        Account::Person(W) => "W".to_owned(),
        Account::Person(other) => format!("person {other}"),
    }
}
