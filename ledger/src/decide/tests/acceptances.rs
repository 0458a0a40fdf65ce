//! What accepted requests do: each act on one line, by hand.

use chrono_tz::Europe::Paris;

use super::super::Decision;
use super::world::*;
use crate::{
    ActNumber, ExchangeNumber, Identifier, PersonNumber, Rejection, Siren,
    association::{Contact, MembershipState, NewAssociation},
    command::{By, Capacity, Command, NewExchange},
    contribution::Nature,
    exchange::Side,
    person::Role,
    policy::Policy,
    transfer::TransferReason::{Dues, Gift, Grant},
    year::Year,
};

/// A story of the network: what is asked, one after the other, and what becomes of it.
type Story = (&'static str, Vec<(By, Command)>, &'static [&'static str]);

#[test]
fn stories_end_as_told() {
    [lives(), limits(), corrections(), engagement(), transfers(), departures(), dates(), references(), registry()]
        .iter()
        .flatten()
        .for_each(check);
}

fn check((what, steps, expected): &Story) {
    let mut world = World::new();
    let decide = |(index, (by, command)): (usize, &(By, Command))| {
        said(world.decide(&request(&format!("{what} {index}"), *by, command.clone())))
    };
    let lines: Vec<_> = steps.iter().enumerate().map(decide).collect();
    assert_eq!(lines, *expected, "{what}");
}

#[expect(clippy::too_many_lines, reason = "a table")]
fn lives() -> Vec<Story> {
    let helped = by(help(A, B, 180), &[(V1, 120), (V2, 60)]);
    let were_helped =
        Command::Propose { side: Side::Receiver, exchange: with_skill(help(A, B, 60), "cuisine"), evidence: None };
    let remark = NewExchange { memo: Some(" fête\n\tdu 1er ".to_owned()), ..help(A, B, 15) };
    vec![
        (
            "an exchange from A to B of 180 min, by V1 for 120 and V2 for 60",
            vec![(FOR_A, propose(helped)), (FOR_B, confirm(NEW))],
            &[
                "proposed 180 min of 01/03/26; 2026-000009; waiting: V1 120, V2 60",
                "confirmed 180 min of 01/03/26; A +180 given, B -180 received; V1 +120 operational, \
                 A(engaged) -120 operational, V2 +60 operational, A(engaged) -60 operational; booked 01/03/26",
            ],
        ),
        (
            "the receiver may be the first to speak, and a suspended member may answer",
            vec![
                (FOR_B, were_helped),
                (FOR_A, confirm(NEW)),
                (COORDINATION, propose(help(A, SUSPENDED, 30))),
                (FOR_SUSPENDED, confirm(THIRD)),
            ],
            &[
                "proposed 60 min of 01/03/26; 2026-000009",
                "confirmed 60 min of 01/03/26; A +60 given, B -60 received; booked 01/03/26",
                "proposed 30 min of 01/03/26; 2026-000010",
                "confirmed 30 min of 01/03/26; A +30 given, association 4 -30 received; booked 01/03/26",
            ],
        ),
        (
            "nobody answers what they said, in whichever name",
            vec![
                (BOTH_FOR_A, propose(help(A, B, 60))),
                (FOR_B, confirm(NEW)),
                (COORDINATION, propose(help(A, B, 60))),
                (COORDINATION, confirm_with_reason(SECOND)),
                (By::OPERATOR, propose(help(A, B, 60))),
                (By::OPERATOR, confirm_with_reason(THIRD)),
            ],
            &[
                "proposed 60 min of 01/03/26; 2026-000009",
                "ProposerMayNotAnswer",
                "proposed 60 min of 01/03/26; 2026-000010",
                "ProposerMayNotAnswer",
                "proposed 60 min of 01/03/26; 2026-000011",
                "confirmed 60 min of 01/03/26; A +60 given, B -60 received; booked 01/03/26; reason “sans réponse”; \
                 evidence “fiche 12”",
            ],
        ),
        (
            "a partner confirms in the other's stead as far as its mandate goes, but not the person who proposed",
            vec![
                (COORDINATION, mandate(B, A, Some((60, "2026-12-31")))),
                (FOR_A, propose(help(A, B, 60))),
                (FOR_A, confirm_by_mandate(SECOND)),
                (ADMINISTRATOR, confirm_by_mandate(SECOND)),
                (FOR_A, propose(help(A, B, 75))),
                (ADMINISTRATOR, confirm_by_mandate(FOURTH)),
                (COORDINATION, mandate(B, A, Some((75, "2026-03-14")))),
                (ADMINISTRATOR, confirm_by_mandate(FOURTH)),
                (COORDINATION, mandate(B, A, None)),
                (ADMINISTRATOR, confirm_by_mandate(FOURTH)),
            ],
            &[
                "",
                "proposed 60 min of 01/03/26; 2026-000009",
                "ProposerMayNotAnswer",
                "confirmed 60 min of 01/03/26; A +60 given, B -60 received; booked 01/03/26",
                "proposed 75 min of 01/03/26; 2026-000010",
                "NoMandateCoversIt(AssociationNumber(2))",
                "",
                "NoMandateCoversIt(AssociationNumber(2))",
                "",
                "NoMandateCoversIt(AssociationNumber(2))",
            ],
        ),
        (
            "the coordinator confirms in a member's stead, with a reason and evidence",
            vec![(COORDINATION, confirm_with_reason(PROPOSED))],
            &["confirmed 60 min of 01/03/26; A +60 given, B -60 received; booked 01/03/26; reason “sans réponse”; \
               evidence “fiche 12”"],
        ),
        (
            "amended back and forth: what was told of who did it follows the date",
            vec![
                (FOR_A, propose(by(help(A, B, 180), &[(V1, 90)]))),
                (FOR_B, amend(NEW, 120, "2026-03-02")),
                (FOR_B, confirm(NEW)),
                (FOR_A, amend(NEW, 150, "2026-03-02")),
                (FOR_B, confirm(NEW)),
            ],
            &[
                "proposed 180 min of 01/03/26; 2026-000009; waiting: V1 90",
                "proposed 120 min of 02/03/26",
                "OtherSideAnswers",
                "proposed 150 min of 02/03/26",
                "confirmed 150 min of 02/03/26; A +150 given, B -150 received; V1 +90 operational, \
                 A(engaged) -90 operational; booked 02/03/26",
            ],
        ),
        (
            "amended to less than was told of who did it: that is dropped, and may be told again",
            vec![
                (FOR_A, propose(by(help(A, B, 180), &[(V1, 90)]))),
                (FOR_B, amend(NEW, 75, "2026-03-01")),
                (FOR_A, confirm(NEW)),
                (FOR_A, tell(NEW, &[(V1, 75)])),
            ],
            &[
                "proposed 180 min of 01/03/26; 2026-000009; waiting: V1 90",
                "proposed 75 min of 01/03/26",
                "confirmed 75 min of 01/03/26; A +75 given, B -75 received; booked 01/03/26",
                "confirmed 75 min of 01/03/26; V1 +75 operational, A(engaged) -75 operational; booked 01/03/26",
            ],
        ),
        (
            "a dispute is settled by a mediator, with other minutes",
            vec![(MEDIATION, settle(CONTESTED, 45))],
            &["confirmed 45 min of 01/03/26; A +45 given, B -45 received; booked 01/03/26; reason “entendus”"],
        ),
        (
            "a dispute ends without posting",
            vec![
                (FOR_B, contest(PROPOSED)),
                (MEDIATION, dismiss(PROPOSED)),
                (FOR_A, Command::Withdraw { exchange: CONTESTED }),
            ],
            &[
                "contested 60 min of 01/03/26; reason “personne n'est venu”",
                "dismissed 60 min of 01/03/26; reason “sans suite”",
                "withdrawn 60 min of 01/03/26",
            ],
        ),
        (
            "the coordinator dismisses what nobody answers, and what is held",
            vec![(COORDINATION, dismiss(PROPOSED)), (COORDINATION, dismiss(HELD))],
            &["dismissed 60 min of 01/03/26; reason “sans suite”", "dismissed 90 min of 01/03/26; reason “sans suite”"],
        ),
        (
            "a remark keeps its lines and tabs",
            vec![(FOR_A, propose(remark))],
            &["proposed 15 min of 01/03/26; 2026-000009; memo “fête\n\tdu 1er”"],
        ),
    ]
}

#[expect(clippy::too_many_lines, reason = "a table")]
fn limits() -> Vec<Story> {
    vec![
        (
            "past a hard limit help is held, and released with an override",
            vec![
                (COORDINATION, record(by(help(A, C, 90), &[(V1, 30)]))),
                (COORDINATION, release(NEW)),
                (COORDINATION, record(help(C, A, 60))),
                (COORDINATION, record(help(A, C, 15))),
            ],
            &[
                "held 90 min of 01/03/26; 2026-000009; waiting: V1 30; past limits of C",
                "confirmed 90 min of 01/03/26; A +90 given, C -90 received; V1 +30 operational, \
                 A(engaged) -30 operational; booked 01/03/26; overridden for C; reason “le bureau est d'accord”",
                "confirmed 60 min of 01/03/26; 2026-000010; C +60 given, A -60 received; booked 01/03/26",
                "confirmed 15 min of 01/03/26; 2026-000011; A +15 given, C -15 received; booked 01/03/26",
            ],
        ),
        (
            "what was told with a proposal waits while it is held",
            vec![
                (FOR_A, propose(by(help(A, C, 90), &[(V1, 30)]))),
                (COORDINATION, confirm_with_reason(NEW)),
                (COORDINATION, record(help(C, A, 60))),
                (COORDINATION, release(NEW)),
            ],
            &[
                "proposed 90 min of 01/03/26; 2026-000009; waiting: V1 30",
                "held 90 min of 01/03/26; past limits of C; reason “sans réponse”; evidence “fiche 12”",
                "confirmed 60 min of 01/03/26; 2026-000010; C +60 given, A -60 received; booked 01/03/26",
                "confirmed 90 min of 01/03/26; A +90 given, C -90 received; V1 +30 operational, \
                 A(engaged) -30 operational; booked 01/03/26; reason “le bureau est d'accord”",
            ],
        ),
        (
            "what a mediator settles past a hard limit is held too",
            vec![
                (FOR_A, propose(help(A, C, 30))),
                (By { capacity: Capacity::Coordinator, ..By::OPERATOR }, grant(BOTH, Role::Delegate(C))),
                (person_for(BOTH, Capacity::Association(C)), contest(NEW)),
                (MEDIATION, settle(NEW, 75)),
            ],
            &[
                "proposed 30 min of 01/03/26; 2026-000009",
                "about person 9",
                "contested 30 min of 01/03/26; reason “personne n'est venu”",
                "held 75 min of 01/03/26; past limits of C; reason “entendus”",
            ],
        ),
        (
            "past a soft limit help is posted with a warning; on the way back there is none",
            vec![
                (COORDINATION, record(help(A, B, 2_250))),
                (COORDINATION, record(help(B, A, 15))),
                (COORDINATION, record(help(A, B, 15))),
            ],
            &[
                "confirmed 2250 min of 01/03/26; 2026-000009; A +2250 given, B -2250 received; booked 01/03/26; \
                 past limits of B",
                "confirmed 15 min of 01/03/26; 2026-000010; B +15 given, A -15 received; booked 01/03/26",
                "confirmed 15 min of 01/03/26; 2026-000011; A +15 given, B -15 received; booked 01/03/26; \
                 past limits of B",
            ],
        ),
        (
            "hard limits refuse transfers, but let help through that leads away from them",
            vec![
                (COORDINATION, transfer(Some(C), Some(A), 61, Gift)),
                (COORDINATION, transfer(Some(C), Some(A), 60, Gift)),
                (COORDINATION, transfer(Some(A), Some(C), 15, Gift)),
            ],
            &[
                "HardLimitIsPassed([Association(AssociationNumber(3))])",
                "A +60 gift_in, C -60 gift_out; booked 15/03/26",
                "C +15 gift_in, A -15 gift_out; booked 15/03/26",
            ],
        ),
    ]
}

#[expect(clippy::too_many_lines, reason = "a table")]
fn corrections() -> Vec<Story> {
    let replacement = NewExchange { replaces: Some(CONFIRMED), ..help(A, B, 30) };
    vec![
        (
            "a correction is refused by the other side",
            vec![(FOR_A, keep(CORRECTION_REQUESTED))],
            &["confirmed 60 min of 01/03/26; reason “c'est juste”"],
        ),
        (
            "a correction is refused by the coordinator",
            vec![(COORDINATION, keep(CORRECTION_REQUESTED))],
            &["confirmed 60 min of 01/03/26; reason “c'est juste”"],
        ),
        (
            "a correction is granted by the other side",
            vec![(FOR_A, reverse(CORRECTION_REQUESTED))],
            &["reversed 60 min of 01/03/26; B +60 correction, A -60 correction; booked 01/03/26; reason “erreur”"],
        ),
        (
            "a reversal negates both books: with what was told later, less what was taken back",
            vec![
                (FOR_A, tell(CONFIRMED, &[(V1, 15)])),
                (FOR_A, tell(CONFIRMED, &[(V2, 30)])),
                (FOR_A, tell(CONFIRMED, &[(V1, 5), (V1, 2)])),
                (COORDINATION, reverse(NEW)),
                (COORDINATION, reverse(SECOND)),
                (FOR_A, request_correction(CONFIRMED)),
                (FOR_B, reverse(CONFIRMED)),
                (FOR_A, propose(replacement)),
            ],
            &[
                "confirmed 120 min of 01/03/26; V1 +15 operational, A(engaged) -15 operational; booked 01/03/26",
                "confirmed 120 min of 01/03/26; V2 +30 operational, A(engaged) -30 operational; booked 01/03/26",
                "confirmed 120 min of 01/03/26; V1 +5 operational, A(engaged) -5 operational, V1 +2 operational, \
                 A(engaged) -2 operational; booked 01/03/26",
                "confirmed 120 min of 01/03/26; V1 -15 operational, A(engaged) +15 operational; booked 01/03/26; \
                 reason “erreur”",
                "confirmed 120 min of 01/03/26; V2 -30 operational, A(engaged) +30 operational; booked 01/03/26; \
                 reason “erreur”",
                "correction_requested 120 min of 01/03/26; reason “une heure de trop”",
                "reversed 120 min of 01/03/26; B +120 correction, A -120 correction; V1 -67 operational, \
                 A(engaged) +67 operational; booked 01/03/26; reason “erreur”",
                "proposed 30 min of 01/03/26; 2026-000009",
            ],
        ),
        (
            "what was taken back may be told again",
            vec![
                (FOR_A, tell(CONFIRMED, &[(V2, 60)])),
                (FOR_A, tell(CONFIRMED, &[(V2, 1)])),
                (COORDINATION, reverse(NEW)),
                (COORDINATION, reverse(NEW)),
                (FOR_A, tell(CONFIRMED, &[(V2, 60)])),
            ],
            &[
                "confirmed 120 min of 01/03/26; V2 +60 operational, A(engaged) -60 operational; booked 01/03/26",
                "ContributionsExceedExchange { told: Minutes(121), exchange: Minutes(120) }",
                "confirmed 120 min of 01/03/26; V2 -60 operational, A(engaged) +60 operational; booked 01/03/26; \
                 reason “erreur”",
                "IsReversed(ActNumber(55))",
                "confirmed 120 min of 01/03/26; V2 +60 operational, A(engaged) -60 operational; booked 01/03/26",
            ],
        ),
        (
            "transfers, balances and own hours are reversed as they were posted, whatever the limits",
            vec![
                (COORDINATION, transfer(Some(A), None, 60, Dues)),
                (COORDINATION, transfer(None, Some(B), 60, Grant)),
                (COORDINATION, reverse(NEW)),
                (COORDINATION, reverse(SECOND)),
                (COORDINATION, bring_in(C, -60, "2026-01-01")),
                (COORDINATION, reverse(ActNumber(NEW.0 + 4))),
                (FOR_A, own_hours(A, contribution(V1, 50, Nature::Governance))),
                (COORDINATION, reverse(ActNumber(NEW.0 + 6))),
            ],
            &[
                "Fund +60 dues_in, A -60 dues_out; booked 15/03/26",
                "B +60 grant_in, Fund -60 grant_out; booked 15/03/26; decision “AG du 12 mars”",
                "A +60 correction, Fund -60 correction; booked 15/03/26; reason “erreur”",
                "Fund +60 correction, B -60 correction; booked 15/03/26; reason “erreur”",
                "C -60 opening, Opening +60 opening; booked 01/01/26",
                "Opening -60 correction, C +60 correction; booked 01/01/26; reason “erreur”",
                "V1 +50 governance, A(engaged) -50 governance; booked 02/03/26",
                "V1 -50 governance, A(engaged) +50 governance; booked 02/03/26; reason “erreur”",
            ],
        ),
    ]
}

fn engagement() -> Vec<Story> {
    let led = vec![contribution(V2, 10, Nature::Supervision), contribution(V1, 7, Nature::Employee)];
    vec![
        (
            "contributions are not bound by the step, and the coordinator may tell them",
            vec![
                (COORDINATION, Command::TellContributions { exchange: CONFIRMED, contributions: led }),
                (ADMINISTRATOR, tell(CORRECTION_REQUESTED, &[(V1, 1)])),
            ],
            &[
                "confirmed 120 min of 01/03/26; V2 +10 supervision, A(engaged) -10 supervision, V1 +7 employee, \
                 A(engaged) -7 employee; booked 01/03/26",
                "correction_requested 60 min of 01/03/26; V1 +1 operational, A(engaged) -1 operational; booked 01/03/26",
            ],
        ),
        (
            "natures are taken back each for itself",
            vec![
                (
                    FOR_A,
                    Command::TellContributions {
                        exchange: CONFIRMED,
                        contributions: vec![contribution(V1, 20, Nature::Supervision)],
                    },
                ),
                (COORDINATION, reverse(CONFIRMED)),
            ],
            &[
                "confirmed 120 min of 01/03/26; V1 +20 supervision, A(engaged) -20 supervision; booked 01/03/26",
                "reversed 120 min of 01/03/26; B +120 correction, A -120 correction; V1 -60 operational, \
                 A(engaged) +60 operational, V1 -20 supervision, A(engaged) +20 supervision; booked 01/03/26; \
                 reason “erreur”",
            ],
        ),
    ]
}

fn transfers() -> Vec<Story> {
    vec![(
        "hours are passed on without help, on no step",
        vec![
            (FOR_A, transfer(Some(A), Some(B), 7, Gift)),
            (FOR_A, transfer(Some(A), None, 7, Gift)),
            (FOR_A, transfer(Some(A), None, 30, Dues)),
            (COORDINATION, transfer(None, Some(B), 37, Grant)),
            (COORDINATION, bring_in(A, 61, "2025-12-31")),
        ],
        &[
            "B +7 gift_in, A -7 gift_out; booked 15/03/26",
            "Fund +7 gift_in, A -7 gift_out; booked 15/03/26",
            "Fund +30 dues_in, A -30 dues_out; booked 15/03/26",
            "B +37 grant_in, Fund -37 grant_out; booked 15/03/26; decision “AG du 12 mars”",
            "A +61 opening, Opening -61 opening; booked 31/12/25",
        ],
    )]
}

/// All exchanges of A and B that wait, settled: A stands at 165 min, B at −165.
fn none_waiting() -> Vec<(By, Command)> {
    vec![(MEDIATION, dismiss(CONTESTED)), (COORDINATION, dismiss(PROPOSED)), (COORDINATION, dismiss(HELD))]
}

fn departures() -> Vec<Story> {
    const NONE_WAITING: [&str; 3] = [
        "dismissed 60 min of 01/03/26; reason “sans suite”",
        "dismissed 60 min of 01/03/26; reason “sans suite”",
        "dismissed 90 min of 01/03/26; reason “sans suite”",
    ];
    let after = |last: (By, Command)| none_waiting().into_iter().chain([last]).collect::<Vec<_>>();
    vec![
        (
            "what a departing member has goes to the fund",
            after((COORDINATION, leave(A, None))),
            &[
                NONE_WAITING[0],
                NONE_WAITING[1],
                NONE_WAITING[2],
                "Fund +165 departure, A -165 departure; booked 15/03/26; reason “AG”",
            ],
        ),
        (
            "what a departing member owes is borne by the fund, though it has nothing",
            after((COORDINATION, leave(B, None)))
                .into_iter()
                .chain([(COORDINATION, leave_past_limits(B, None))])
                .collect(),
            &[
                NONE_WAITING[0],
                NONE_WAITING[1],
                NONE_WAITING[2],
                "DepartureIsPastLimits([Fund])",
                "Fund -165 departure, B +165 departure; booked 15/03/26; overridden for Fund; reason “AG”",
            ],
        ),
        (
            "what a merging member has goes with it",
            after((COORDINATION, leave_past_limits(A, Some(B)))),
            &[
                NONE_WAITING[0],
                NONE_WAITING[1],
                NONE_WAITING[2],
                "B +165 merger, A -165 merger; booked 15/03/26; reason “AG”",
            ],
        ),
        (
            "what a merging member owes goes with it, past a hard floor",
            after((COORDINATION, leave(B, Some(C))))
                .into_iter()
                .chain([(COORDINATION, leave_past_limits(B, Some(C)))])
                .collect(),
            &[
                NONE_WAITING[0],
                NONE_WAITING[1],
                NONE_WAITING[2],
                "DepartureIsPastLimits([Association(AssociationNumber(3))])",
                "C -165 merger, B +165 merger; booked 15/03/26; overridden for C; reason “AG”",
            ],
        ),
        ("an applicant goes as it came", vec![(COORDINATION, leave(APPLICANT, None))], &["reason “AG”"]),
    ]
}

fn dates() -> Vec<Story> {
    let old_hours = Command::GiveOwnHours {
        association: A,
        service_date: date("2024-05-01"),
        skill: None,
        contribution: contribution(V1, 50, Nature::Operational),
    };
    vec![
        (
            "help of a closed year is booked today, help of an open one on its day",
            vec![
                (COORDINATION, record(by(on(help(A, B, 60), "2024-06-01"), &[(V1, 30)]))),
                (COORDINATION, record(on(help(A, B, 60), "2025-06-01"))),
                (FOR_A, tell(NEW, &[(V1, 30)])),
                (FOR_A, old_hours),
                (FOR_A, propose(help(A, B, 60))),
                (FOR_B, amend(ExchangeNumber(NEW.0 + 4), 60, "2024-06-01")),
                (FOR_A, confirm(ExchangeNumber(NEW.0 + 4))),
            ],
            &[
                "confirmed 60 min of 01/06/24; 2026-000009; A +60 given, B -60 received; V1 +30 operational, \
                 A(engaged) -30 operational; booked 15/03/26",
                "confirmed 60 min of 01/06/25; 2026-000010; A +60 given, B -60 received; booked 01/06/25",
                "confirmed 60 min of 01/06/24; V1 +30 operational, A(engaged) -30 operational; booked 15/03/26",
                "V1 +50 operational, A(engaged) -50 operational; booked 15/03/26",
                "proposed 60 min of 01/03/26; 2026-000011",
                "proposed 60 min of 01/06/24",
                "confirmed 60 min of 01/06/24; A +60 given, B -60 received; booked 15/03/26",
            ],
        ),
        (
            "a closed year never changes: what it held is reversed today",
            vec![
                (COORDINATION, record(on(help(A, B, 60), "2025-06-01"))),
                (COORDINATION, bring_in(A, 60, "2025-01-01")),
                (COORDINATION, Command::CloseYear { year: Year(2025) }),
                (COORDINATION, reverse(NEW)),
                (COORDINATION, reverse(SECOND)),
            ],
            &[
                "confirmed 60 min of 01/06/25; 2026-000009; A +60 given, B -60 received; booked 01/06/25",
                "A +60 opening, Opening -60 opening; booked 01/01/25",
                "closed 2025",
                "reversed 60 min of 01/06/25; B +60 correction, A -60 correction; booked 15/03/26; reason “erreur”",
                "Opening +60 correction, A -60 correction; booked 15/03/26; reason “erreur”",
            ],
        ),
    ]
}

fn references() -> Vec<Story> {
    let brought_in = |reference| propose(with_reference(help(A, B, 15), reference));
    let named = |reference| (COORDINATION, brought_in(reference));
    let next = || (FOR_A, propose(help(A, B, 15)));
    vec![(
        "references that the coordinator brings in move the counter of their year",
        vec![
            next(),
            named("2026-000100"),
            next(),
            (FOR_A, brought_in("2026-000050")),
            next(),
            named("2025-000777"),
            (FOR_A, brought_in("Fiche 12")),
            named("2026-00000200"),
            next(),
            named("2026-999999"),
            next(),
        ],
        &[
            "proposed 15 min of 01/03/26; 2026-000009",
            "proposed 15 min of 01/03/26; 2026-000100",
            "proposed 15 min of 01/03/26; 2026-000101",
            "proposed 15 min of 01/03/26; 2026-000050",
            "proposed 15 min of 01/03/26; 2026-000102",
            "proposed 15 min of 01/03/26; 2025-000777",
            "proposed 15 min of 01/03/26; Fiche 12",
            "proposed 15 min of 01/03/26; 2026-00000200",
            "proposed 15 min of 01/03/26; 2026-000201",
            "proposed 15 min of 01/03/26; 2026-999999",
            "proposed 15 min of 01/03/26; 2026-1000000",
        ],
    )]
}

#[expect(clippy::too_many_lines, reason = "a table")]
fn registry() -> Vec<Story> {
    use MembershipState::{Active, Suspended};
    let set =
        |association, state| (COORDINATION, Command::SetMembership { association, state, reason: "vote".to_owned() });
    let rename = |name: &str| {
        (COORDINATION, Command::RenameAssociation { association: A, name: name.to_owned(), since: date("2026-03-01") })
    };
    let another = Identifier::Siren(Siren::parse("116979006").unwrap());
    let identify = Command::IdentifyAssociation { association: A, identifier: another };
    let twin = NewAssociation { identifiers: vec![siren()], ..new_association("Gym", Active) };
    let no_floor = Command::SetLimits { association: C, limits: None, decision: "AG du 12 mars".to_owned() };
    let person = PersonNumber(NEW.0);
    vec![
        (
            "an identifier takes the place of the last one of its kind, which is free again",
            vec![(COORDINATION, identify), (COORDINATION, Command::AddAssociation(twin))],
            &["", ""],
        ),
        (
            "a member is admitted, suspended, taken back",
            vec![
                (COORDINATION, Command::AddAssociation(new_association("Gym", Active))),
                set(APPLICANT, Active),
                set(A, Suspended),
                (FOR_A, propose(help(A, B, 60))),
                set(A, Active),
                (FOR_A, propose(help(A, APPLICANT, 60))),
            ],
            &[
                "",
                "reason “vote”",
                "reason “vote”",
                "AssociationIs(AssociationNumber(1), Suspended)",
                "reason “vote”",
                "proposed 60 min of 01/03/26; 2026-000009",
            ],
        ),
        (
            "a member mends its name, and may take an old one back",
            vec![rename("Amis du Vélo"), rename("Les Pédales"), rename("Les pédales"), rename("Les pédales")],
            &["", "", "", "NameIsTaken(AssociationNumber(1))"],
        ),
        (
            "a person joins and leaves a role",
            vec![
                (COORDINATION, Command::AddPerson(identity("zoé"))),
                (person_for(person, Capacity::Oneself), Command::Enrol { person: person.into(), association: A }),
                (ADMINISTRATOR, grant(person, Role::Administrator(A))),
                (ADMINISTRATOR, Command::RevokeRole { person: ADAM, role: Role::Administrator(A) }),
                (ADMINISTRATOR, grant(V1, Role::Delegate(A))),
                (person_for(person, Capacity::Association(A)), grant(V1, Role::Delegate(A))),
            ],
            &[
                "identity “zoé\n\n\n”",
                "about person 55",
                "about person 55",
                "about person 8",
                "RoleIsNotHeld",
                "about V1",
            ],
        ),
        (
            "who a person is and what a member is can be said anew",
            vec![
                (COORDINATION, correct(V1, "v1-bis")),
                (COORDINATION, correct(ADAM, "v1")),
                (COORDINATION, correct(V1, "v1")),
                (COORDINATION, correct(V1, "V1-BIS")),
                (COORDINATION, describe(A, Contact { phone: Some("02".to_owned()), ..Contact::default() })),
            ],
            &[
                "about V1; identity “v1-bis\n\n\n”",
                "about person 8; identity “v1\n\n\n”",
                "CodeIsTaken(PersonNumber(8))",
                "about V1; identity “V1-BIS\n\n\n”",
                "",
            ],
        ),
        (
            "rules and limits hold from the act that makes them",
            vec![
                (
                    COORDINATION,
                    Command::AdoptPolicy {
                        policy: Policy { step_minutes: 1, ..Policy::default() },
                        decision: "AG".to_owned(),
                    },
                ),
                (FOR_A, propose(help(A, B, 7))),
                (COORDINATION, no_floor),
                (COORDINATION, release(HELD)),
            ],
            &[
                "decision “AG”",
                "proposed 7 min of 01/03/26; 2026-000009",
                "decision “AG du 12 mars”",
                "confirmed 90 min of 01/03/26; A +90 given, C -90 received; booked 01/03/26; \
                 reason “le bureau est d'accord”",
            ],
        ),
        (
            "a file is noted by its name",
            vec![(By::OPERATOR, file()), (COORDINATION, Command::AddSkill { name: "Jardin".to_owned() })],
            &[
                "file_name “cahier.csv”; file_digest “0000000000000000000000000000000000000000000000000000000000000000”",
                "",
            ],
        ),
    ]
}

#[test]
fn acts_go_forward_in_time_and_years_begin_in_the_networks_zone() {
    let mut world = World::new();
    let before = world.now;
    let mut propose_at = |now: &str, brought_in: Option<&str>, expected: (&str, &str)| {
        world.now = now.parse().unwrap();
        let mut help = help(A, B, 15);
        help.reference = brought_in.map(str::to_owned);
        let decided = world.decide(&request(now, COORDINATION, propose(help)));
        let Ok(Decision::New(act)) = decided else { panic!("{now}") };
        let at = act.at.with_timezone(&Paris).format("%d/%m/%y %H:%M").to_string();
        assert_eq!((at.as_str(), act.outcome.reference.unwrap().text.as_str()), expected);
        assert!(act.at >= before);
    };
    propose_at("2026-03-14T12:00:00Z", None, ("15/03/26 10:00", "2026-000009"));
    propose_at("2026-12-31T22:59:00Z", None, ("31/12/26 23:59", "2026-000010"));
    propose_at("2026-12-31T23:00:00Z", Some("2027-000004"), ("01/01/27 00:00", "2027-000004"));
    propose_at("2026-12-31T23:01:00Z", None, ("01/01/27 00:01", "2027-000005"));
    propose_at("2026-12-31T22:00:00Z", Some("2026-000500"), ("01/01/27 00:01", "2026-000500"));
    propose_at("2027-01-01T12:00:00Z", None, ("01/01/27 13:00", "2027-000006"));
    // A clock that was nine years ahead is set right: each year's references go on where they were left.
    propose_at("2035-06-01T12:00:00Z", None, ("01/06/35 14:00", "2035-000001"));
    propose_at("2027-01-01T13:00:00Z", None, ("01/06/35 14:00", "2027-000007"));
    propose_at("2026-12-31T12:00:00Z", None, ("01/06/35 14:00", "2026-000501"));
    propose_at("2034-12-31T12:00:00Z", Some("2033-000042"), ("01/06/35 14:00", "2033-000042"));
    propose_at("2033-12-31T12:00:00Z", None, ("01/06/35 14:00", "2033-000043"));
    propose_at("2035-05-01T12:00:00Z", None, ("01/06/35 14:00", "2035-000002"));
}

#[test]
fn today_follows_the_clock_of_the_moment() {
    let mut world = World::new();
    let right = world.now;
    world.now = "2035-06-01T12:00:00Z".parse().unwrap();
    world.decide(&request("ahead", FOR_A, propose(on(help(A, B, 15), "2033-01-01")))).unwrap();
    // Nobody should close years under such a clock. Where somebody did, what is agreed is still recorded.
    for year in 2025..=2030 {
        let close = Command::CloseYear { year: Year(year) };
        world.decide(&request(&format!("close {year}"), COORDINATION, close)).unwrap();
    }
    world.now = right;
    let date = date("2026-03-16");
    let refused = world.decide(&request("tomorrow", FOR_A, propose(on(help(A, B, 15), "2026-03-16"))));
    assert_eq!(refused, Err(Rejection::DateIsInTheFuture { date, today: date.pred_opt().unwrap() }));
    let Ok(Decision::New(act)) = world.decide(&request("confirm", FOR_B, confirm(PROPOSED))) else { panic!() };
    assert_eq!(act.outcome.booked, Some(super::world::date("2031-01-01")));
}

#[test]
fn contributions_follow_their_exchange_to_another_date() {
    let mut world = World::new();
    for (key, by, command) in [
        ("help", FOR_A, propose(by(help(A, B, 60), &[(V1, 60)]))),
        ("another day", FOR_B, amend(NEW, 60, "2025-12-31")),
        ("agreed", FOR_A, confirm(NEW)),
    ] {
        world.decide(&request(key, by, command)).unwrap();
    }
    assert_eq!(world.state.exchange(NEW).unwrap().unwrap().told[0].service_date, date("2025-12-31"));
}

fn grant(person: PersonNumber, role: Role) -> Command {
    Command::GrantRole { person, role }
}
