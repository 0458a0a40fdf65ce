//! Requests that stand or fall together, and requests that come again.

use super::super::{Decision, RejectedRequest};
use super::world::*;
use crate::{
    ActNumber, Rejection,
    account::Account,
    command::{By, Command, Request},
    policy::Limits,
    transfer::TransferReason::{Gift, Grant},
};

/// What is asked as one group, perhaps with a reason to pass hard limits, and what becomes of each request.
type Story = (&'static str, Vec<(By, Command)>, Option<&'static str>, &'static [&'static str]);

#[test]
fn groups_stand_or_fall_together() {
    groups().iter().for_each(check_group);
}

fn check_group((what, steps, reason, expected): &Story) {
    let mut world = World::new();
    let before = world.memory();
    let requests: Vec<_> = steps
        .iter()
        .enumerate()
        .map(|(index, (by, command))| request(&format!("{what} {index}"), *by, command.clone()))
        .collect();
    match world.decide_group(&requests, *reason) {
        Ok(decisions) => {
            let group = Some((NEW.into(), ActNumber(world.state.head.next.0 - 1)));
            let acts: Vec<_> = decisions
                .into_iter()
                .map(|decision| {
                    if let Decision::New(act) = &decision {
                        assert_eq!(act.group, group, "{what}");
                    }
                    said(Ok(decision))
                })
                .collect();
            assert_eq!(acts, *expected, "{what}");
        }
        Err(RejectedRequest { index, rejection }) => {
            assert_eq!([format!("request {index}: {rejection:?}")], *expected, "{what}");
            assert_eq!(world.memory(), before, "{what}");
        }
    }
}

#[expect(clippy::too_many_lines, reason = "a table")]
fn groups() -> Vec<Story> {
    let gift = || (FOR_A, transfer(Some(A), None, 90, Gift));
    let grant = || (COORDINATION, transfer(None, Some(C), 90, Grant));
    let helped = || (COORDINATION, record(help(A, C, 90)));
    let floor_for_b = || {
        let limits = Some(Limits { hard_floor: Some(min(-100)), ..Limits::NONE });
        (COORDINATION, Command::SetLimits { association: B, limits, decision: "AG".to_owned() })
    };
    let off_step = || (COORDINATION, record(help(A, B, 50)));
    vec![
        (
            "help paid by the fund: limits hold for the net, whatever comes first",
            vec![helped(), grant(), gift()],
            None,
            &[
                "confirmed 90 min of 01/03/26; 2026-000009; A +90 given, C -90 received; booked 01/03/26",
                "C +90 grant_in, Fund -90 grant_out; booked 15/03/26; decision “AG du 12 mars”",
                "Fund +90 gift_in, A -90 gift_out; booked 15/03/26",
            ],
        ),
        (
            "a fund without hours pays for nothing",
            vec![helped(), grant()],
            None,
            &["request 0: HardLimitIsPassed([Fund])"],
        ),
        (
            "an override is noted on the first act, for the whole group",
            vec![(COORDINATION, file()), helped(), grant(), (COORDINATION, record(help(C, A, 60))), helped()],
            Some(" bureau du 3 mars "),
            &[
                "overridden for Fund; file_name “cahier.csv”; file_digest “0000000000000000000000000000000000000000000000000000000000000000”; override “bureau du 3 mars”",
                "confirmed 90 min of 01/03/26; 2026-000009; A +90 given, C -90 received; booked 01/03/26",
                "C +90 grant_in, Fund -90 grant_out; booked 15/03/26; decision “AG du 12 mars”",
                "confirmed 60 min of 01/03/26; 2026-000010; C +60 given, A -60 received; booked 01/03/26",
                "confirmed 90 min of 01/03/26; 2026-000011; A +90 given, C -90 received; booked 01/03/26",
            ],
        ),
        (
            "an override that nothing needs is not noted",
            vec![(COORDINATION, record(help(A, C, 60)))],
            Some("bureau"),
            &["confirmed 60 min of 01/03/26; 2026-000009; A +60 given, C -60 received; booked 01/03/26"],
        ),
        ("an override has a reason", vec![helped()], Some(" "), &["request 0: TextIsMissing(\"reason\")"]),
        (
            "without an override the group is refused",
            vec![(COORDINATION, file()), helped()],
            None,
            &["request 0: HardLimitIsPassed([Association(AssociationNumber(3))])"],
        ),
        (
            "one that fails takes the others with it",
            vec![(COORDINATION, file()), (COORDINATION, record(help(A, B, 60))), off_step(), helped()],
            Some("bureau"),
            &["request 2: StepIsNotFitted { minutes: Minutes(50), below: Minutes(45), above: Minutes(60) }"],
        ),
        (
            "soft limits are noted on the first act",
            vec![(COORDINATION, file()), (COORDINATION, record(help(A, B, 2_250)))],
            None,
            &[
                "past limits of B; file_name “cahier.csv”; file_digest “0000000000000000000000000000000000000000000000000000000000000000”",
                "confirmed 2250 min of 01/03/26; 2026-000009; A +2250 given, B -2250 received; booked 01/03/26",
            ],
        ),
        (
            "a reversal is never blocked",
            vec![floor_for_b(), (COORDINATION, reverse(GIFT))],
            None,
            &["decision “AG”", "A +15 correction, B -15 correction; booked 15/03/26; reason “erreur”"],
        ),
        (
            "a reversal makes no room for others either",
            vec![floor_for_b(), (COORDINATION, reverse(CONFIRMED)), (COORDINATION, transfer(Some(B), None, 60, Gift))],
            None,
            &["request 0: HardLimitIsPassed([Association(AssociationNumber(2))])"],
        ),
    ]
}

#[test]
fn a_repeat_gets_the_same_answer_once() {
    let mut world = World::new();
    let first = request("once", FOR_A, propose(help(A, B, 60)));
    let other = request("once", FOR_A, propose(help(A, B, 75)));
    let grouped = request("twice", FOR_A, propose(help(A, B, 60)));
    let conflict = Rejection::KeyWasUsedForAnotherRequest { act: NEW.into() };
    assert_eq!(world.decide(&first).unwrap().number(), NEW.into());
    let after = world.memory();
    assert_eq!(world.decide(&first), Ok(Decision::Repeated(NEW.into())));
    assert_eq!(world.decide(&other), Err(conflict.clone()));
    assert_eq!(world.decide_group(&[first.clone(), first.clone()], None), Ok(vec![Decision::Repeated(NEW.into()); 2]));
    assert_eq!(
        world.decide_group(&[grouped.clone(), other], None),
        Err(RejectedRequest { index: 1, rejection: conflict })
    );
    assert_eq!(world.memory(), after);
    // A repeat beside something new: only what is new belongs to the group.
    let mixed = world.decide_group(&[first, grouped], None).unwrap();
    assert_eq!(mixed[0], Decision::Repeated(NEW.into()));
    let Decision::New(act) = &mixed[1] else { panic!("{mixed:?}") };
    assert_eq!(act.group, Some((SECOND.into(), SECOND.into())));
    // What was rejected is decided anew.
    let mut refused = request("refused", By::OPERATOR, leave(A, None));
    assert_eq!(world.decide(&refused), Err(Rejection::ExchangesAreOpen));
    refused.command = Command::AddSkill { name: "Jardin".to_owned() };
    assert_eq!(world.decide(&refused).unwrap().number(), THIRD.into());
}

#[test]
fn a_rehearsal_names_all_that_would_go_wrong() {
    let mut world = World::new();
    let commands = [
        (COORDINATION, record(help(A, B, 50))),
        (COORDINATION, record(help(A, C, 90))),
        (FOR_B, confirm(CONFIRMED)),
        (COORDINATION, record(help(A, B, 2_250))),
    ];
    let requests: Vec<Request> = commands
        .into_iter()
        .enumerate()
        .map(|(index, (by, command))| request(&index.to_string(), by, command))
        .collect();
    let rehearsal = world.rehearse_on_what_is_loaded(&requests).unwrap();
    let rejected: Vec<_> =
        rehearsal.rejections.iter().map(|rejected| (rejected.index, rejected.rejection.code())).collect();
    assert_eq!(rejected, [(0, "StepIsNotFitted"), (2, "ExchangeIsNotOpenToThat")]);
    assert_eq!(rehearsal.limits_met.hard, [Account::Association(C)]);
    assert_eq!(rehearsal.limits_met.soft, [Account::Association(B)]);
}
