//! Every rejection, in the order of the enum. What is rejected leaves everything as it was.

use super::super::{Decision, RejectedRequest};
use super::world::*;
use uuid::Uuid;

use crate::{
    ActNumber, AssociationNumber, Language, Minutes, PersonNumber, Rejection, SkillNumber,
    account::{Account, AccountHead},
    association::{Contact, MembershipState, NewAssociation},
    command::{By, Capacity, Command, LostHead, NewExchange, Request, Seen},
    contribution::Nature,
    evidence::{Evidence, EvidenceKind},
    exchange::{ExchangeState, Side},
    generation::{Generation, Opening, origin},
    log,
    person::{PersonRef, Role},
    policy::{Limits, Policy},
    recognition::{Level, RecognitionState},
    skill::{Alignment, Framework, SkillRef},
    state::OpenExchanges,
    transfer::TransferReason,
    year::Year,
};

/// Why it is refused, who asks, what, and the answer. The first is also the request's key.
type Row = (&'static str, By, Command, Rejection);

/// Names every variant; one that is missing does not compile.
macro_rules! variants {
    ($($variant:ident),+ $(,)?) => {
        const VARIANTS: &[&str] = &[$(stringify!($variant)),+];

        const fn is_listed(rejection: &Rejection) -> bool {
            match rejection {
                $(Rejection::$variant { .. })|+ => true,
            }
        }
    };
}

variants![
    KeyWasUsedForAnotherRequest,
    KeyWasUsedBeforeAnErasure,
    KeyWasUsedBeside,
    NetworkIsFounded,
    UnknownPerson,
    UnknownPersonCode,
    RoleIsNotHeld,
    OnlyForTheCoordinator,
    OnlyForAMediator,
    MediatorBelongsToASide,
    TextIsMissing,
    TextIsTooLong,
    TextHasControlCharacters,
    UnknownAssociation,
    NameIsTaken,
    IdentifierIsTaken,
    AssociationIs,
    MembershipStateDoesNotFit,
    CannotMergeWithItself,
    ExchangesAreOpen,
    CodeIsTaken,
    PersonIsEnrolled,
    PersonIsNotEnrolled,
    RoleIsHeld,
    LastOneInCharge,
    SkillExists,
    UnknownSkill,
    CodeDoesNotFit,
    StepDoesNotFit,
    LimitsContradictEachOther,
    AssociationsMustDiffer,
    MinutesOutOfRange,
    StepIsNotFitted,
    DateIsInTheFuture,
    DateIsTooOld,
    YearIsClosed,
    ReferenceIsTaken,
    ReferenceIsReserved,
    UnknownExchange,
    ReplacedExchangeStands,
    ExchangeIsNotOpenToThat,
    NotASide,
    OtherSideAnswers,
    ProposerMayNotAnswer,
    NoMandateCoversIt,
    NothingIsAmended,
    GovernanceOnExchange,
    ContributionsExceedExchange,
    TransferDoesNotFit,
    NothingToReverse,
    IsReversed,
    HardLimitIsPassed,
    DepartureIsPastLimits,
    BalanceOutOfRange,
    YearIsClosedAlready,
    EarlierYearIsOpen,
    YearIsNotOver,
    YearIsOpen,
    NoStatements,
    DomainDoesNotFit,
    DomainIsTaken,
    PersonDidNotHelp,
    SkillIsMissing,
    UnknownRecognition,
    RecognitionIs,
    VolunteerAnswers,
    GuardianConsents,
    StandsAlone,
    ChangedMeanwhile,
    LostLogDoesNotFit,
    LogWasReopened,
];

#[test]
fn every_rejection_has_its_turn() {
    let rows = [who_asks(), texts(), who_takes_part(), rules(), terms(), answers(), engagement(), movements()].concat();
    let mut world = World::new();
    // Only somebody's mistake brings an account this far.
    world.state.accounts.insert(
        Account::Opening,
        AccountHead { sequence: 1, balance: Minutes::new(i64::MIN), ..AccountHead::default() },
    );
    for row in &rows {
        check(&mut world, row);
    }

    let mut closed = World::new();
    closed.decide(&request("closing", By::OPERATOR, Command::CloseYear { year: Year(2025) })).unwrap();
    let last =
        ("this year", By::OPERATOR, Command::CloseYear { year: Year(2026) }, Rejection::YearIsNotOver(Year(2026)));
    check(&mut closed, &last);
    let sealed = proofs(&mut closed);
    for row in &sealed {
        check(&mut closed, row);
    }

    let close = || Command::CloseYear { year: Year(2025) };
    let together = [record(help(A, C, 90)), close()].map(|command| request("together", COORDINATION, command));
    let mut world = World::new();
    assert_eq!(
        world.decide_group(&together, None),
        Err(RejectedRequest { index: 1, rejection: Rejection::StandsAlone })
    );
    world.state.closing = Some(closing(Year(2025)));
    assert!(world.decide_group(&[request("alone", COORDINATION, close())], None).is_ok());
    // What B owes is more than the fund has: no limit stands against leaving, in a group of one either, once that is said.
    let mut world = World::new();
    world.state.open_exchanges = Some(OpenExchanges { association: B, any: false });
    let unaware = world.decide_group(&[request("unaware", COORDINATION, leave(B, None))], None).unwrap_err().rejection;
    assert_eq!(unaware, Rejection::DepartureIsPastLimits(vec![Account::Fund]));
    let left = world.decide_group(&[request("leaving", COORDINATION, leave_past_limits(B, None))], None);
    let Ok([Decision::New(act)]) = left.as_deref() else { panic!("{left:?}") };
    assert_eq!(act.outcome.overridden, [Account::Fund]);

    let mut met: Vec<_> = rows.iter().chain([&last]).chain(&sealed).map(|(.., rejection)| rejection.code()).collect();
    met.extend([Rejection::StandsAlone, changed_meanwhile()].map(|rejection| rejection.code()));
    met.extend(reopened().map(|rejection| rejection.code()));
    met.dedup();
    met.insert(1, forgotten().code());
    met.insert(2, used_beside().code());
    let after_limits = met.iter().rposition(|code| *code == "HardLimitIsPassed").map_or(0, |at| at + 1);
    met.insert(after_limits, unaware.code());
    assert_eq!(met, VARIANTS);
}

/// Once somebody was erased, nobody can tell whether a key that was used before comes with the same request.
fn forgotten() -> Rejection {
    let mut world = World::new();
    let asked = request("before", COORDINATION, add_skill("Jardin"));
    let Ok(Decision::New(first)) = world.decide(&asked) else { panic!("not accepted") };
    assert_eq!(world.decide(&asked), Ok(Decision::Repeated(first.number)));
    assert!(world.decide(&request("erasing", COORDINATION, Command::ErasePerson { person: V2 })).is_ok());
    let rejection = Rejection::KeyWasUsedBeforeAnErasure { act: first.number };
    assert_eq!(world.decide(&asked), Err(rejection.clone()));
    assert!(world.decide(&request("after", COORDINATION, add_skill("Escalade"))).is_ok());
    rejection
}

/// A key that a caller used for what is no act names nothing else.
fn used_beside() -> Rejection {
    let mut world = World::new();
    let asked = request("an offer", COORDINATION, add_skill("Jardin"));
    world.state.keys_beside.insert(asked.key.clone());
    let before = world.memory();
    assert_eq!(world.decide(&asked), Err(Rejection::KeyWasUsedBeside));
    assert_eq!(world.memory(), before);
    assert!(world.decide(&request("an act", COORDINATION, add_skill("Jardin"))).is_ok());
    Rejection::KeyWasUsedBeside
}

/// What nobody has changed since it was seen may be built on, and what somebody has may not.
fn changed_meanwhile() -> Rejection {
    let seen = |world: &World| {
        let registry = &world.state.registry;
        [
            Seen::Exchange(Box::new(world.state.exchange(PROPOSED).unwrap().unwrap().exchange)),
            Seen::Member(Box::new(registry.association(A).unwrap().clone())),
            Seen::Policy(Box::new(*registry.policy())),
        ]
    };
    let limits = Some(Limits { hard_floor: Some(Minutes::new(-60)), ..Limits::NONE });
    let rules = Policy { answer_within_days: 9, ..Policy::default() };
    let changes = [
        (FOR_B, amend(PROPOSED, 90, "2026-03-01")),
        (COORDINATION, Command::SetLimits { association: A, limits, decision: "AG".to_owned() }),
        (COORDINATION, Command::AdoptPolicy { policy: rules, decision: "AG".to_owned() }),
    ];
    let mut world = World::new();
    let before = seen(&world);
    for (seen, (by, change)) in before.into_iter().zip(changes) {
        let asked = |key: &str| Request { seen: Some(seen.clone()), ..request(key, by, change.clone()) };
        assert!(world.decide(&asked(&format!("first {seen:?}"))).is_ok(), "{seen:?}");
        assert_eq!(world.decide(&asked(&format!("late {seen:?}"))), Err(Rejection::ChangedMeanwhile), "{seen:?}");
        // A repeat was meant for what was there before it.
        assert!(world.decide(&asked(&format!("first {seen:?}"))).is_ok(), "{seen:?}");
    }
    Rejection::ChangedMeanwhile
}

/// Only a later log than the present one can have been lost, and ids that were read before it was name nothing any more.
fn reopened() -> [Rejection; 2] {
    let mut world = World::new();
    let network = world.state.network.as_ref().unwrap().uuid;
    let reopen = |origin: String| {
        let lost = LostHead { origin: origin.clone(), size: 1_000, root: Some(log::leaf_hash(b"lost")) };
        request(&origin, By::OPERATOR, Command::ReopenLog { lost })
    };
    let in_generation = |key: &str, losses| Request {
        generation: Generation::new(losses),
        ..request(key, By::OPERATOR, add_skill(key))
    };
    for wrong in [origin(Uuid::nil(), 1), origin(network, 1) + "/1", origin(network, 16_384), String::new()] {
        assert_eq!(world.decide(&reopen(wrong.clone())), Err(Rejection::LostLogDoesNotFit), "{wrong}");
    }
    assert!(world.decide(&in_generation("before", 0)).is_ok());
    let opened = world.decide(&reopen(origin(network, 1))).unwrap().number();
    assert_eq!(
        world.state.registry.generations().present(),
        Opening { generation: Generation::new(1).unwrap(), act: opened }
    );
    assert_eq!(world.decide(&in_generation("after", 0)), Err(Rejection::LogWasReopened));
    // A repeat was meant for what was there before.
    assert!(world.decide(&in_generation("before", 0)).is_ok());
    assert!(world.decide(&in_generation("read again", 1)).is_ok());
    let again = Request { key: in_generation("again", 0).key, ..reopen(origin(network, 1)) };
    assert_eq!(world.decide(&again), Err(Rejection::LostLogDoesNotFit), "it was named already");
    // A backup from before the second loss, of which only the head outside tells.
    assert!(world.decide(&reopen(origin(network, 5))).is_ok());
    assert_eq!(world.state.registry.generations().present().generation, Generation::new(5).unwrap());
    [Rejection::LostLogDoesNotFit, Rejection::LogWasReopened]
}

fn check(world: &mut World, (why, by, command, rejection): &Row) {
    let before = world.memory();
    let decided = world.decide(&request(why, *by, command.clone()));
    assert_eq!(decided, Err(rejection.clone()), "{why}: {command:?}");
    assert_eq!(world.memory(), before, "{why}: {command:?}");
    assert!(is_listed(rejection));
    for language in [Language::French, Language::English] {
        let sentence = rejection.in_words(language, &|number| format!("association {number}"));
        assert!(sentence.len() > 10, "{rejection:?}: {sentence}");
    }
}

fn who_asks() -> Vec<Row> {
    use Rejection::{
        KeyWasUsedForAnotherRequest, MediatorBelongsToASide, NetworkIsFounded, OnlyForAMediator, RoleIsNotHeld,
        UnknownPerson, UnknownPersonCode,
    };
    let operator_for_a = By { capacity: Capacity::Association(A), ..By::OPERATOR };
    let auditor = person_for(AUDITOR, Capacity::Coordinator);
    let volunteer = person_for(V1, Capacity::Association(A));
    let no_mediator = person_for(COORDINATOR, Capacity::Mediator);
    let mediator_of_a = person_for(MEDIATOR_OF_A, Capacity::Mediator);
    let nobody = person_for(NOBODY, Capacity::Coordinator);
    let no_such_code = Command::Enrol { person: PersonRef::Code("zoé".to_owned()), association: A };
    let mut rows = vec![
        (USED_KEY, By::OPERATOR, add_skill("Jardin"), KeyWasUsedForAnotherRequest { act: ActNumber(0) }),
        ("founded twice", By::OPERATOR, founding(), NetworkIsFounded),
        ("asked by nobody", nobody, add_skill("Jardin"), UnknownPerson(NOBODY)),
        ("nobody is enrolled", COORDINATION, enrol(NOBODY, A), UnknownPerson(NOBODY)),
        ("nobody is corrected", COORDINATION, correct(NOBODY, "zoé"), UnknownPerson(NOBODY)),
        ("nobody gets a role", COORDINATION, grant(NOBODY, Role::Mediator), UnknownPerson(NOBODY)),
        ("nobody gave hours", FOR_A, own_hours(A, contribution(NOBODY, 60, Nature::Governance)), UnknownPerson(NOBODY)),
        ("nobody helped", FOR_A, tell(CONFIRMED, &[(NOBODY, 10)]), UnknownPerson(NOBODY)),
        ("nobody has that code", COORDINATION, no_such_code, UnknownPersonCode("zoé".to_owned())),
        ("the operator is no delegate", operator_for_a, propose(help(A, B, 60)), RoleIsNotHeld),
        ("an auditor changes nothing", auditor, add_skill("Jardin"), RoleIsNotHeld),
        ("a volunteer is no delegate", volunteer, propose(help(A, B, 60)), RoleIsNotHeld),
        ("a coordinator is no mediator", no_mediator, settle(CONTESTED, 60), RoleIsNotHeld),
        ("a delegate gives no roles", FOR_A, grant(V1, Role::Delegate(A)), RoleIsNotHeld),
        ("the role was not held", COORDINATION, revoke(V1, Role::Delegate(A)), RoleIsNotHeld),
    ];
    rows.extend(coordinators_alone());
    rows.extend([
        ("only a mediator settles", COORDINATION, settle(CONTESTED, 60), OnlyForAMediator),
        ("a side does not settle", FOR_B, settle(CONTESTED, 60), OnlyForAMediator),
        ("contested is for a mediator", COORDINATION, dismiss(CONTESTED), OnlyForAMediator),
        ("a member of a side settles", mediator_of_a, settle(CONTESTED, 60), MediatorBelongsToASide(A)),
        ("a member of a side dismisses", mediator_of_a, dismiss(CONTESTED), MediatorBelongsToASide(A)),
    ]);
    rows
}

fn coordinators_alone() -> Vec<Row> {
    let file = Command::ReceiveFile { name: "a.csv".to_owned(), digest: crate::Digest([0; 32]), lines: 1 };
    let grant_of_fund = transfer(None, Some(A), 60, TransferReason::Grant);
    let of_b = transfer(Some(B), Some(A), 60, TransferReason::Gift);
    let by_witness =
        Command::Propose { side: Side::Giver, exchange: help(A, B, 60), evidence: Some(Evidence::COORDINATOR) };
    [
        ("only the coordinator: a file", ADMINISTRATOR, file),
        ("only the coordinator: a member", ADMINISTRATOR, add_association("Gym")),
        ("only the coordinator: a name", ADMINISTRATOR, rename(A, "Gym")),
        ("only the coordinator: membership", ADMINISTRATOR, set_membership(A, MembershipState::Suspended)),
        ("only the coordinator: departure", ADMINISTRATOR, leave(A, None)),
        ("only the coordinator: a person", ADMINISTRATOR, Command::AddPerson(identity("zoé"))),
        ("only the coordinator: another's members", ADMINISTRATOR, enrol(V1, B)),
        ("only the coordinator: an administrator's new members", ADMINISTRATOR, enrol(W, A)),
        ("only the coordinator: a delegate's new members", FOR_A, enrol(W, A)),
        ("only the coordinator: whoever says yes for another", person_for(V1, Capacity::Oneself), enrol(W, A)),
        ("only the coordinator: somebody unknown", ADMINISTRATOR, enrol(NOBODY, A)),
        ("only the coordinator: another's delegate", ADMINISTRATOR, grant(V1, Role::Delegate(B))),
        ("only the coordinator: a role of the network", ADMINISTRATOR, grant(V1, Role::Mediator)),
        ("only the coordinator: taking one back", ADMINISTRATOR, revoke(AUDITOR, Role::Auditor)),
        ("only the coordinator: a skill", ADMINISTRATOR, add_skill("Jardin")),
        ("only the coordinator: rules", ADMINISTRATOR, adopt(Policy::default())),
        ("only the coordinator: limits", ADMINISTRATOR, set_limits(Limits::NONE)),
        ("only the coordinator: recording", ADMINISTRATOR, record(help(A, B, 60))),
        ("only the coordinator: proposing for a side", MEDIATION, propose(help(A, B, 60))),
        ("only the coordinator: a witness for what a side says itself", FOR_A, by_witness),
        ("only the coordinator: dismissing", FOR_B, dismiss(PROPOSED)),
        ("only the coordinator: releasing", FOR_A, release(HELD)),
        ("only the coordinator: reversing unasked", FOR_A, reverse(CONFIRMED)),
        ("only the coordinator: reversing a transfer", FOR_A, reverse(GIFT)),
        ("only the coordinator: another's contributions", FOR_B, tell(CONFIRMED, &[(V1, 10)])),
        ("only the coordinator: another's hours", FOR_B, own_hours(A, contribution(V1, 10, Nature::Operational))),
        ("only the coordinator: the fund's hours", FOR_A, grant_of_fund),
        ("only the coordinator: another's hours to give", FOR_A, of_b),
        ("only the coordinator: a balance", ADMINISTRATOR, bring_in(A, 60, "2026-01-01")),
        ("only the coordinator: who a person is", ADMINISTRATOR, correct(V1, "v1")),
        ("only the coordinator: what a member is", ADMINISTRATOR, describe(A, Contact::default())),
        ("only the coordinator: closing", ADMINISTRATOR, Command::CloseYear { year: Year(2025) }),
    ]
    .map(|(why, by, command)| (why, by, command, Rejection::OnlyForTheCoordinator))
    .into()
}

fn texts() -> Vec<Row> {
    use Rejection::{TextHasControlCharacters, TextIsMissing, TextIsTooLong};
    let memo = |memo: &str| propose(NewExchange { memo: Some(memo.to_owned()), ..help(A, B, 60) });
    let reference = |reference: &str| propose(with_reference(help(A, B, 60), reference));
    let slip = |reference: &str| {
        let evidence = Evidence { kind: EvidenceKind::PaperSlip, reference: Some(reference.to_owned()), line: None };
        Command::Record { exchange: help(A, B, 60), evidence }
    };
    let contact = Contact { phone: Some(" ".to_owned()), ..Contact::default() };
    let unreachable = NewAssociation { contact: contact.clone(), ..new_association("Gym", MembershipState::Active) };
    let commune = NewAssociation { commune: Some(String::new()), ..new_association("Gym", MembershipState::Active) };
    let unsigned =
        Command::Transfer { from: None, to: Some(A), minutes: min(60), reason: TransferReason::Grant, decision: None };
    let no_reason = Command::Contest { exchange: PROPOSED, reason: " \n".to_owned() };
    let no_decision = Command::AdoptPolicy { policy: Policy::default(), decision: String::new() };
    let long = |length: usize| "é".repeat(length);
    vec![
        ("an empty name", COORDINATION, add_association("  "), TextIsMissing("name")),
        ("a name without letters", COORDINATION, add_association("!?"), TextIsMissing("name")),
        ("an empty code", COORDINATION, Command::AddPerson(identity("")), TextIsMissing("code")),
        ("an empty code anew", COORDINATION, correct(V1, " "), TextIsMissing("code")),
        ("an empty telephone number anew", COORDINATION, describe(A, contact.clone()), TextIsMissing("phone")),
        ("an empty skill", COORDINATION, add_skill(""), TextIsMissing("name")),
        ("an empty telephone number", COORDINATION, Command::AddAssociation(unreachable), TextIsMissing("phone")),
        ("an empty commune", COORDINATION, Command::AddAssociation(commune), TextIsMissing("commune")),
        ("no decision behind rules", COORDINATION, no_decision, TextIsMissing("decision")),
        ("no decision behind a grant", COORDINATION, unsigned, TextIsMissing("decision")),
        ("an empty reference", FOR_A, reference(" "), TextIsMissing("reference")),
        ("evidence that says nothing", COORDINATION, slip(""), TextIsMissing("evidence")),
        ("contested without a reason", FOR_B, no_reason, TextIsMissing("reason")),
        ("the coordinator confirms without a reason", COORDINATION, confirm(PROPOSED), TextIsMissing("reason")),
        ("nobody told", FOR_A, tell(CONFIRMED, &[]), TextIsMissing("contributions")),
        ("a long name", COORDINATION, add_association(&long(201)), TextIsTooLong("name", 200)),
        ("a long reference", FOR_A, reference(&long(65)), TextIsTooLong("reference", 64)),
        ("a long remark", FOR_A, memo(&long(2_001)), TextIsTooLong("memo", 2_000)),
        ("a bell in a name", COORDINATION, add_association("G\u{7}ym"), TextHasControlCharacters("name", '\u{7}')),
        ("a null in a remark", FOR_A, memo("a\0b"), TextHasControlCharacters("memo", '\0')),
        ("a carriage return in a reference", FOR_A, reference("F\r12"), TextHasControlCharacters("reference", '\r')),
        (
            "a mark that no page has",
            COORDINATION,
            add_association("G\u{feff}ym"),
            TextHasControlCharacters("name", '\u{feff}'),
        ),
        (
            "a name told backwards",
            COORDINATION,
            add_association("\u{202e}myG"),
            TextHasControlCharacters("name", '\u{202e}'),
        ),
    ]
}

#[expect(clippy::too_many_lines, reason = "a table")]
fn who_takes_part() -> Vec<Row> {
    use MembershipState::{Active, Applicant, Left, Suspended};
    use Rejection::{
        AssociationIs, CannotMergeWithItself, CodeIsTaken, ExchangesAreOpen, IdentifierIsTaken, LastOneInCharge,
        MembershipStateDoesNotFit, NameIsTaken, PersonIsEnrolled, PersonIsNotEnrolled, RoleIsHeld, UnknownAssociation,
    };
    let none = UnknownAssociation(NO_ASSOCIATION);
    let formerly = NewAssociation { former_names: vec!["CHORALE".to_owned()], ..new_association("Gym", Active) };
    let twin = NewAssociation { identifiers: vec![siren()], ..new_association("Gym", Active) };
    let identify = Command::IdentifyAssociation { association: B, identifier: siren() };
    let joining = |state| Command::AddAssociation(new_association("Gym", state));
    let for_suspended = Command::Propose { side: Side::Giver, exchange: help(SUSPENDED, B, 60), evidence: None };
    let gift_to_left = transfer(Some(A), Some(LEFT), 60, TransferReason::Gift);
    vec![
        ("an unknown giver", COORDINATION, propose(help(NO_ASSOCIATION, B, 60)), none.clone()),
        ("an unknown association described", COORDINATION, describe(NO_ASSOCIATION, Contact::default()), none.clone()),
        ("an unknown association renamed", COORDINATION, rename(NO_ASSOCIATION, "Gym"), none.clone()),
        ("enrolled nowhere", COORDINATION, enrol(V1, NO_ASSOCIATION), none.clone()),
        ("a delegate of nothing", COORDINATION, grant(V1, Role::Delegate(NO_ASSOCIATION)), none.clone()),
        ("a gift to nobody", FOR_A, transfer(Some(A), Some(NO_ASSOCIATION), 60, TransferReason::Gift), none),
        ("a name that is taken", COORDINATION, add_association("amis du vélo"), NameIsTaken(A)),
        ("a name that was another's", COORDINATION, add_association("les pédales"), NameIsTaken(A)),
        ("a former name that is another's", COORDINATION, Command::AddAssociation(formerly), NameIsTaken(C)),
        ("another's name", COORDINATION, rename(A, "Bricoleurs"), NameIsTaken(B)),
        ("the name that it bears", COORDINATION, rename(A, "Amis du vélo"), NameIsTaken(A)),
        ("another's registration", COORDINATION, identify, IdentifierIsTaken(A)),
        ("a registration that is taken", COORDINATION, Command::AddAssociation(twin), IdentifierIsTaken(A)),
        ("help from an applicant", COORDINATION, propose(help(APPLICANT, B, 60)), AssociationIs(APPLICANT, Applicant)),
        ("help for one that left", FOR_A, propose(help(A, LEFT, 60)), AssociationIs(LEFT, Left)),
        ("a suspended one proposes", FOR_SUSPENDED, for_suspended, AssociationIs(SUSPENDED, Suspended)),
        ("a gift to one that left", FOR_A, gift_to_left, AssociationIs(LEFT, Left)),
        (
            "a balance of an applicant",
            COORDINATION,
            bring_in(APPLICANT, 60, "2026-01-01"),
            AssociationIs(APPLICANT, Applicant),
        ),
        ("admitted twice", COORDINATION, set_membership(A, Active), AssociationIs(A, Active)),
        (
            "an applicant suspended",
            COORDINATION,
            set_membership(APPLICANT, Suspended),
            AssociationIs(APPLICANT, Applicant),
        ),
        ("back after leaving", COORDINATION, set_membership(LEFT, Active), AssociationIs(LEFT, Left)),
        ("leaving twice", COORDINATION, leave(LEFT, None), AssociationIs(LEFT, Left)),
        ("merging into a suspended one", COORDINATION, leave(A, Some(SUSPENDED)), AssociationIs(SUSPENDED, Suspended)),
        ("joining as suspended", COORDINATION, joining(Suspended), MembershipStateDoesNotFit(Suspended)),
        ("joining as one that left", COORDINATION, joining(Left), MembershipStateDoesNotFit(Left)),
        ("leaving by the wrong door", COORDINATION, set_membership(A, Left), MembershipStateDoesNotFit(Left)),
        ("an applicant again", COORDINATION, set_membership(A, Applicant), MembershipStateDoesNotFit(Applicant)),
        ("merging with itself", COORDINATION, leave(A, Some(A)), CannotMergeWithItself),
        ("leaving with exchanges open", COORDINATION, leave(C, None), ExchangesAreOpen),
        ("a code that is taken", COORDINATION, Command::AddPerson(identity("v1")), CodeIsTaken(V1)),
        ("another's code", COORDINATION, correct(ADAM, "v1"), CodeIsTaken(V1)),
        ("enrolled twice", COORDINATION, enrol(V1, A), PersonIsEnrolled(V1, A)),
        ("saying yes twice", person_for(V1, Capacity::Oneself), enrol(V1, A), PersonIsEnrolled(V1, A)),
        ("a role for another's people", ADMINISTRATOR, grant(W, Role::Delegate(A)), PersonIsNotEnrolled(W, A)),
        (
            "a role for nobody's people",
            ADMINISTRATOR,
            grant(AUDITOR, Role::Delegate(A)),
            PersonIsNotEnrolled(AUDITOR, A),
        ),
        ("another's volunteer helped", FOR_A, tell(CONFIRMED, &[(W, 10)]), PersonIsNotEnrolled(W, A)),
        (
            "another's volunteer gave hours",
            FOR_A,
            own_hours(A, contribution(W, 10, Nature::Operational)),
            PersonIsNotEnrolled(W, A),
        ),
        ("the same role twice", ADMINISTRATOR, grant(ANNE, Role::Delegate(A)), RoleIsHeld(Role::Delegate(A))),
        (
            "the last coordinator",
            COORDINATION,
            revoke(COORDINATOR, Role::Coordinator),
            LastOneInCharge(Role::Coordinator),
        ),
        (
            "the last administrator",
            ADMINISTRATOR,
            revoke(ADAM, Role::Administrator(A)),
            LastOneInCharge(Role::Administrator(A)),
        ),
    ]
}

fn rules() -> Vec<Row> {
    use Rejection::{CodeDoesNotFit, LimitsContradictEachOther, SkillExists, StepDoesNotFit, UnknownSkill};
    let step = |step_minutes| adopt(Policy { step_minutes, ..Policy::default() });
    let crossed = Limits { soft_floor: Some(min(60)), soft_ceiling: Some(min(0)), ..Limits::NONE };
    let no_skill = SkillRef::Number(SkillNumber(999));
    let no_skill = propose(NewExchange { skill: Some(no_skill), ..help(A, B, 60) });
    let no_such_skill = propose(with_skill(help(A, B, 60), "Cuisines"));
    vec![
        ("a skill of the catalogue", COORDINATION, add_skill("CUISINE !"), SkillExists),
        ("a skill of no number", FOR_A, no_skill, UnknownSkill("999".to_owned())),
        ("a skill of no name", FOR_A, no_such_skill, UnknownSkill("Cuisines".to_owned())),
        (
            "a list's entry for a skill of no name",
            COORDINATION,
            align("Cuisines", "K1206"),
            UnknownSkill("Cuisines".to_owned()),
        ),
        (
            "a code of another form",
            COORDINATION,
            align("Cuisine", "K12"),
            CodeDoesNotFit { framework: Framework::Rome, code: "K12".to_owned() },
        ),
        ("no step", COORDINATION, step(0), StepDoesNotFit(0)),
        ("a step of more than a day", COORDINATION, step(1_441), StepDoesNotFit(1_441)),
        (
            "rules that cross",
            COORDINATION,
            adopt(Policy { limits: crossed, ..Policy::default() }),
            LimitsContradictEachOther,
        ),
        ("limits that cross", COORDINATION, set_limits(crossed), LimitsContradictEachOther),
    ]
}

fn terms() -> Vec<Row> {
    use Rejection::{
        AssociationsMustDiffer, DateIsInTheFuture, DateIsTooOld, MinutesOutOfRange, ReferenceIsReserved,
        ReferenceIsTaken, ReplacedExchangeStands, StepIsNotFitted, UnknownExchange, YearIsClosed,
    };
    let fit = |minutes, below, above| StepIsNotFitted { minutes: min(minutes), below: min(below), above: min(above) };
    let today = date("2026-03-15");
    let tomorrow = DateIsInTheFuture { date: date("2026-03-16"), today };
    let too_old = |day, oldest| DateIsTooOld { date: date(day), oldest: date(oldest) };
    let taken = |reference: &str| ReferenceIsTaken(reference.to_owned());
    let reserved = |reference: &str| ReferenceIsReserved(reference.to_owned());
    let reference = |reference: &str| propose(with_reference(help(A, B, 60), reference));
    let replaces = |replaced| propose(NewExchange { replaces: Some(replaced), ..help(A, B, 60) });
    let to_itself = transfer(Some(A), Some(A), 60, TransferReason::Gift);
    let nothing_given = transfer(Some(A), Some(B), 0, TransferReason::Gift);
    let old_hours = Command::GiveOwnHours {
        association: A,
        service_date: date("1900-12-31"),
        skill: None,
        contribution: contribution(V1, 10, Nature::Operational),
    };
    vec![
        ("helping itself", FOR_A, propose(help(A, A, 0)), AssociationsMustDiffer),
        ("giving to itself", FOR_A, to_itself, AssociationsMustDiffer),
        (
            "from the fund to the fund",
            COORDINATION,
            transfer(None, None, 60, TransferReason::Grant),
            AssociationsMustDiffer,
        ),
        ("no minutes", FOR_A, propose(help(A, B, 0)), MinutesOutOfRange(min(0))),
        ("negative minutes", FOR_A, propose(help(A, B, -15)), MinutesOutOfRange(min(-15))),
        ("too many minutes", FOR_A, propose(help(A, B, 10_000_005)), MinutesOutOfRange(min(10_000_005))),
        ("nothing given", FOR_A, nothing_given, MinutesOutOfRange(min(0))),
        ("no balance", COORDINATION, bring_in(A, 0, "2026-01-01"), MinutesOutOfRange(min(0))),
        (
            "a balance without an opposite",
            COORDINATION,
            bring_in(A, i64::MIN, "2026-01-01"),
            MinutesOutOfRange(min(i64::MIN)),
        ),
        ("nobody's minutes", FOR_A, tell(CONFIRMED, &[(V1, 0)]), MinutesOutOfRange(min(0))),
        ("off the step", FOR_A, propose(help(A, B, 50)), fit(50, 45, 60)),
        ("under one step", FOR_A, propose(help(A, B, 7)), fit(7, 0, 15)),
        ("amended off the step", FOR_B, amend(PROPOSED, 50, "2026-03-01"), fit(50, 45, 60)),
        ("settled off the step", MEDIATION, settle(CONTESTED, 50), fit(50, 45, 60)),
        ("help tomorrow", FOR_A, propose(on(help(A, B, 60), "2026-03-16")), tomorrow.clone()),
        ("amended to tomorrow", FOR_B, amend(PROPOSED, 60, "2026-03-16"), tomorrow.clone()),
        ("a balance of tomorrow", COORDINATION, bring_in(A, 60, "2026-03-16"), tomorrow),
        ("help long ago", FOR_A, propose(on(help(A, B, 60), "1900-12-31")), too_old("1900-12-31", "2016-03-15")),
        ("a balance of long ago", COORDINATION, bring_in(A, 60, "2016-03-14"), too_old("2016-03-14", "2016-03-15")),
        ("hours long ago", FOR_A, old_hours, too_old("1900-12-31", "2016-03-15")),
        ("a balance of a closed year", COORDINATION, bring_in(A, 60, "2024-12-31"), YearIsClosed(Year(2024))),
        ("a reference that is taken", FOR_A, reference("2026-000001"), taken("2026-000001")),
        ("a reference of next year", COORDINATION, reference("2027-000001"), reserved("2027-000001")),
        ("a reference that is to be given yet", FOR_A, reference("2026-000009"), reserved("2026-000009")),
        ("a reference that uses up the numbers", FOR_A, reference("2026-999999999999"), reserved("2026-999999999999")),
        ("a reference that nobody reads aloud", COORDINATION, reference("2026-1000000"), reserved("2026-1000000")),
        (
            "the last number of all",
            COORDINATION,
            reference("2026-9223372036854775807"),
            reserved("2026-9223372036854775807"),
        ),
        ("no exchange to confirm", FOR_B, confirm(NEW), UnknownExchange(NEW)),
        ("no exchange to replace", FOR_A, replaces(NEW), UnknownExchange(NEW)),
        ("no exchange to tell of", FOR_A, tell(NEW, &[(V1, 10)]), UnknownExchange(NEW)),
        ("replacing what stands", FOR_A, replaces(CONFIRMED), ReplacedExchangeStands(CONFIRMED)),
    ]
}

fn answers() -> Vec<Row> {
    use ExchangeState::{Confirmed, Contested, Dismissed, Held, Proposed, Reversed, Withdrawn};
    use Rejection::{
        ExchangeIsNotOpenToThat, NoMandateCoversIt, NotASide, NothingIsAmended, OtherSideAnswers, ProposerMayNotAnswer,
    };
    let is = |exchange, state| ExchangeIsNotOpenToThat { exchange, state };
    let not_its_words = Command::Propose { side: Side::Receiver, exchange: help(A, B, 60), evidence: None };
    vec![
        ("confirmed twice", FOR_B, confirm(CONFIRMED), is(CONFIRMED, Confirmed)),
        ("confirmed while contested", FOR_B, confirm(CONTESTED), is(CONTESTED, Contested)),
        ("confirmed after withdrawal", FOR_B, confirm(WITHDRAWN), is(WITHDRAWN, Withdrawn)),
        ("contested after confirming", FOR_B, contest(CONFIRMED), is(CONFIRMED, Confirmed)),
        ("amended after confirming", FOR_B, amend(CONFIRMED, 60, "2026-03-01"), is(CONFIRMED, Confirmed)),
        ("withdrawn while held", FOR_A, Command::Withdraw { exchange: HELD }, is(HELD, Held)),
        ("dismissed twice", COORDINATION, dismiss(DISMISSED), is(DISMISSED, Dismissed)),
        ("settled without a dispute", MEDIATION, settle(PROPOSED, 60), is(PROPOSED, Proposed)),
        ("released without being held", COORDINATION, release(PROPOSED), is(PROPOSED, Proposed)),
        ("corrected before it is posted", FOR_A, request_correction(PROPOSED), is(PROPOSED, Proposed)),
        ("kept without a question", COORDINATION, keep(CONFIRMED), is(CONFIRMED, Confirmed)),
        ("reversed twice", COORDINATION, reverse(REVERSED), is(REVERSED, Reversed)),
        ("reversed before it is posted", COORDINATION, reverse(PROPOSED), is(PROPOSED, Proposed)),
        ("told before it is posted", FOR_A, tell(PROPOSED, &[(V1, 10)]), is(PROPOSED, Proposed)),
        ("told once it is reversed", FOR_A, tell(REVERSED, &[(V1, 10)]), is(REVERSED, Reversed)),
        ("proposing for others", FOR_B, propose(help(A, C, 60)), NotASide(B)),
        ("speaking for the other side", FOR_A, not_its_words, NotASide(A)),
        ("confirming for others", FOR_B, confirm(HELD), NotASide(B)),
        ("the proposer confirms", FOR_A, confirm(PROPOSED), OtherSideAnswers),
        ("the proposer contests", ADMINISTRATOR, contest(PROPOSED), OtherSideAnswers),
        ("the proposer amends", FOR_A, amend(PROPOSED, 30, "2026-03-01"), OtherSideAnswers),
        ("the other side withdraws", FOR_B, Command::Withdraw { exchange: PROPOSED }, OtherSideAnswers),
        ("a mediator confirms", MEDIATION, confirm(PROPOSED), OtherSideAnswers),
        ("who asks for a correction keeps", FOR_B, keep(CORRECTION_REQUESTED), OtherSideAnswers),
        ("who asks for a correction reverses", FOR_B, reverse(CORRECTION_REQUESTED), OtherSideAnswers),
        ("the coordinator asks for a correction", COORDINATION, request_correction(CONFIRMED), OtherSideAnswers),
        ("both roles keep", BOTH_FOR_A, keep(CORRECTION_REQUESTED), ProposerMayNotAnswer),
        ("both roles reverse", BOTH_FOR_A, reverse(CORRECTION_REQUESTED), ProposerMayNotAnswer),
        ("confirming without a mandate", ADMINISTRATOR, confirm_by_mandate(PROPOSED), NoMandateCoversIt(B)),
        ("a mandate of which there is no need", FOR_B, confirm_by_mandate(PROPOSED), NoMandateCoversIt(B)),
        ("amended to the same", FOR_B, amend(PROPOSED, 60, "2026-03-01"), NothingIsAmended),
    ]
}

fn engagement() -> Vec<Row> {
    use Rejection::{ContributionsExceedExchange, GovernanceOnExchange};
    let exceed = |told, exchange| ContributionsExceedExchange { told: min(told), exchange: min(exchange) };
    let governing = vec![contribution(V1, 10, Nature::Governance)];
    let governing_told = Command::TellContributions { exchange: CONFIRMED, contributions: governing.clone() };
    let governing = propose(NewExchange { contributions: governing, ..help(A, B, 60) });
    vec![
        ("governing is no help", FOR_A, governing, GovernanceOnExchange),
        ("governing told later", FOR_A, governing_told, GovernanceOnExchange),
        ("more told than done", FOR_A, propose(by(help(A, B, 60), &[(V1, 30), (V2, 31)])), exceed(61, 60)),
        ("more told in all than done", FOR_A, tell(CONFIRMED, &[(V1, 30), (V2, 31)]), exceed(121, 120)),
    ]
}

fn movements() -> Vec<Row> {
    use Rejection::{
        BalanceOutOfRange, EarlierYearIsOpen, HardLimitIsPassed, IsReversed, NothingToReverse, TransferDoesNotFit,
        YearIsClosedAlready,
    };
    use TransferReason::{Dues, Gift, Grant};
    let fund = Account::Fund;
    let pass = |from, to, reason| transfer(from, to, 90, reason);
    let by_hand = TransferReason::ALL[3..].iter().map(|reason| {
        (
            "a reason with a command of its own",
            COORDINATION,
            pass(Some(A), Some(B), *reason),
            TransferDoesNotFit(*reason),
        )
    });
    let mut rows: Vec<Row> = by_hand.collect();
    rows.extend([
        ("the fund makes no gifts", COORDINATION, pass(None, Some(A), Gift), TransferDoesNotFit(Gift)),
        ("dues go to the fund", FOR_A, pass(Some(A), Some(B), Dues), TransferDoesNotFit(Dues)),
        ("grants come from the fund", FOR_A, pass(Some(A), None, Grant), TransferDoesNotFit(Grant)),
        ("nothing was posted there", COORDINATION, reverse(ActNumber(1)), NothingToReverse(ActNumber(1))),
        ("nothing is there yet", COORDINATION, reverse(NEW), NothingToReverse(NEW.into())),
        ("a gift taken back twice", COORDINATION, reverse(REVERSED_GIFT), IsReversed(REVERSED_GIFT)),
        ("told of an exchange that is reversed", COORDINATION, reverse(TOLD_OF_REVERSED), IsReversed(TOLD_OF_REVERSED)),
        ("a grant from an empty fund", COORDINATION, pass(None, Some(A), Grant), HardLimitIsPassed(vec![fund])),
        (
            "dues past a hard floor",
            COORDINATION,
            pass(Some(C), None, Dues),
            HardLimitIsPassed(vec![Account::Association(C)]),
        ),
        (
            "a debt past a hard floor",
            COORDINATION,
            bring_in(C, -61, "2026-01-01"),
            HardLimitIsPassed(vec![Account::Association(C)]),
        ),
        (
            "a balance past all numbers",
            COORDINATION,
            bring_in(A, 15, "2026-01-01"),
            BalanceOutOfRange(Account::Opening),
        ),
        ("closed twice", COORDINATION, Command::CloseYear { year: Year(2024) }, YearIsClosedAlready(Year(2024))),
        ("closed before", COORDINATION, Command::CloseYear { year: Year(2020) }, YearIsClosedAlready(Year(2020))),
        (
            "an earlier year is open",
            COORDINATION,
            Command::CloseYear { year: Year(2026) },
            EarlierYearIsOpen(Year(2025)),
        ),
    ]);
    rows
}

/// What is refused of statements, keys and recognitions, once 2025 is closed and somebody was recognised.
fn proofs(world: &mut World) -> Vec<Row> {
    use Rejection::{
        DomainDoesNotFit, DomainIsTaken, GuardianConsents, NoStatements, PersonDidNotHelp, RecognitionIs,
        SkillIsMissing, UnknownRecognition, VolunteerAnswers, YearIsOpen,
    };
    let offered = world.decide(&request("recognised", FOR_B, recognise(V1, Some("Cuisine")))).unwrap().number();
    let taken_back = Command::WithdrawRecognition { recognition: offered, reason: "erreur".to_owned() };
    world.decide(&request("taken back", FOR_B, taken_back.clone())).unwrap();
    let other = world.decide(&request("recognised again", FOR_B, recognise(V1, Some("Cuisine")))).unwrap().number();
    let statements = |year| Command::IssueStatements { year: Year(year), statements: Vec::new() };
    let address = "https://reseau.example";
    let domain = "reseau.example";
    world.state.domains.insert(domain.to_owned(), ());
    let accept = |recognition| Command::AcceptRecognition { recognition, guardian: None };
    let oneself = |person| person_for(person, Capacity::Oneself);
    vec![
        ("statements of an open year", By::OPERATOR, statements(2026), YearIsOpen(Year(2026))),
        ("no statements", By::OPERATOR, statements(2025), NoStatements),
        ("an address is no domain", By::OPERATOR, adopt_key(Some(address)), DomainDoesNotFit(address.to_owned())),
        ("a domain is one network's", By::OPERATOR, adopt_key(Some(domain)), DomainIsTaken(domain.to_owned())),
        ("recognised for nothing", FOR_B, recognise(W, Some("Cuisine")), PersonDidNotHelp(W, CONFIRMED)),
        ("recognised in what?", FOR_B, recognise(V1, None), SkillIsMissing),
        ("nothing to accept", oneself(V1), accept(ActNumber(0)), UnknownRecognition(ActNumber(0))),
        ("accepted too late", oneself(V1), accept(offered), RecognitionIs(offered, RecognitionState::Withdrawn)),
        ("taken back twice", FOR_B, taken_back, RecognitionIs(offered, RecognitionState::Withdrawn)),
        ("accepted by another", oneself(W), accept(other), VolunteerAnswers),
        ("accepted by a minor alone", oneself(V1), accept(other), GuardianConsents(date(MAJORITY))),
    ]
}

fn recognise(person: PersonNumber, skill: Option<&str>) -> Command {
    Command::Recognise {
        exchange: CONFIRMED,
        person,
        skill: skill.map(|name| SkillRef::Name(name.to_owned())),
        level: Level::Independent,
        context: "le repas".to_owned(),
        activities: "la cuisine".to_owned(),
    }
}

fn add_association(name: &str) -> Command {
    Command::AddAssociation(new_association(name, MembershipState::Active))
}

fn rename(association: AssociationNumber, name: &str) -> Command {
    Command::RenameAssociation { association, name: name.to_owned(), since: date("2026-03-01") }
}

fn set_membership(association: AssociationNumber, state: MembershipState) -> Command {
    Command::SetMembership { association, state, reason: "vote".to_owned() }
}

fn enrol(person: PersonNumber, association: AssociationNumber) -> Command {
    Command::Enrol { person: person.into(), association }
}

fn grant(person: PersonNumber, role: Role) -> Command {
    Command::GrantRole { person, role }
}

fn revoke(person: PersonNumber, role: Role) -> Command {
    Command::RevokeRole { person, role }
}

fn add_skill(name: &str) -> Command {
    Command::AddSkill { name: name.to_owned() }
}

fn align(skill: &str, code: &str) -> Command {
    let text = |text: &str| text.to_owned();
    let alignment =
        Alignment { code: text(code), name: text("Cuisine"), url: text("https://example.org/"), version: text("4.0") };
    Command::AlignSkill { skill: SkillRef::Name(text(skill)), framework: Framework::Rome, alignment: Some(alignment) }
}

fn adopt(policy: Policy) -> Command {
    Command::AdoptPolicy { policy, decision: "AG".to_owned() }
}

fn set_limits(limits: Limits) -> Command {
    Command::SetLimits { association: A, limits: Some(limits), decision: "AG".to_owned() }
}
