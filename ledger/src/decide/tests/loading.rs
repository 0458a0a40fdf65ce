//! What was not looked up is never taken for absent.

use super::super::Decision;
use super::world::*;
use crate::{
    ActNumber, Digest, ExchangeNumber, Rejection,
    account::{Account, AccountHead},
    command::{By, Command, Request, Seen},
    loaded::{Loaded, NotLoaded},
    recognition::Level,
    state::State,
    touched::Touched,
    transfer::TransferReason::{Gift, Grant},
    year::Year,
};

/// The world, of which a store has brought in the members, the rules and nothing else.
fn nothing_loaded() -> World {
    let mut world = World::new();
    let State { network, head, registry, secrets, .. } = world.state.clone();
    world.state = State { network, head, registry, secrets, ..State::default() };
    world
}

/// Each request needs something besides members and rules, and each used to be decided as if that were not there.
#[test]
fn what_was_not_loaded_is_no_answer() {
    use NotLoaded::{
        Account as OfAccount, Domain, Exchange, OpenExchanges, Recognition, Reference, Reversible, YearClosing,
    };
    let accept = Command::AcceptRecognition { recognition: ActNumber(60), guardian: None };
    let recognise = Command::Recognise {
        exchange: CONFIRMED,
        person: V1,
        skill: None,
        level: Level::Supported,
        context: "repas".to_owned(),
        activities: "cuisine".to_owned(),
    };
    let of_exchange = |number| Exchange(number);
    for (by, command, needed) in [
        (COORDINATION, record(help(A, B, 60)), OfAccount(Account::Association(A))),
        (FOR_A, propose(with_reference(help(A, B, 60), "C 3")), Reference("C 3".to_owned())),
        (FOR_B, confirm(PROPOSED), of_exchange(PROPOSED)),
        (FOR_B, amend(PROPOSED, 90, "2026-03-01"), of_exchange(PROPOSED)),
        (FOR_B, contest(PROPOSED), of_exchange(PROPOSED)),
        (COORDINATION, dismiss(PROPOSED), of_exchange(PROPOSED)),
        (MEDIATION, settle(CONTESTED, 60), of_exchange(CONTESTED)),
        (COORDINATION, release(HELD), of_exchange(HELD)),
        (FOR_A, request_correction(CONFIRMED), of_exchange(CONFIRMED)),
        (COORDINATION, keep(CORRECTION_REQUESTED), of_exchange(CORRECTION_REQUESTED)),
        (FOR_A, tell(CONFIRMED, &[(V1, 10)]), of_exchange(CONFIRMED)),
        (FOR_B, recognise, of_exchange(CONFIRMED)),
        (COORDINATION, reverse(CONFIRMED), of_exchange(CONFIRMED)),
        (COORDINATION, reverse(GIFT), of_exchange(ExchangeNumber(GIFT.0))),
        (COORDINATION, accept, Recognition(ActNumber(60))),
        (FOR_A, transfer(Some(A), Some(B), 15, Gift), OfAccount(Account::Association(B))),
        (COORDINATION, transfer(None, Some(B), 15, Grant), OfAccount(Account::Association(B))),
        (COORDINATION, bring_in(A, 60, "2026-01-01"), OfAccount(Account::Association(A))),
        (COORDINATION, leave(B, None), OpenExchanges(B)),
        (COORDINATION, Command::CloseYear { year: Year(2025) }, YearClosing(Year(2025))),
        (COORDINATION, adopt_key(Some("reseau.example")), Domain("reseau.example".to_owned())),
    ] {
        let mut world = nothing_loaded();
        let before = world.memory();
        assert_eq!(world.decide_on_what_is_loaded(&request("asked", by, command.clone())), Err(needed), "{command:?}");
        assert_eq!(world.memory(), before, "{command:?}");
    }
    let mut world = nothing_loaded();
    world.state.exchanges.insert_nothing(ExchangeNumber(GIFT.0));
    let reversal = request("asked", COORDINATION, reverse(GIFT));
    assert_eq!(world.decide_on_what_is_loaded(&reversal), Err(Reversible(GIFT)));
    world.state.reversible.insert_nothing(GIFT);
    let looked_up = world.decide_on_what_is_loaded(&reversal).unwrap();
    assert_eq!(looked_up, Err(Rejection::NothingToReverse(GIFT)));
}

/// A command names what it posts to, or the exchange that says so.
#[test]
fn what_a_command_touches_is_said() {
    let recognition = Command::WithdrawRecognition { recognition: ActNumber(60), reason: "erreur".to_owned() };
    for (command, expected) in [
        (Command::AddSkill { name: "Soudure".to_owned() }, "nothing"),
        (propose(by(help(A, B, 60), &[(V1, 60)])), "nothing"),
        (propose(with_reference(help(A, B, 60), "C 3")), "reference C 3"),
        (record(by(help(A, B, 60), &[(V1, 60)])), "A, B, A(engaged), V1"),
        (confirm(PROPOSED), "exchange 34 and its accounts"),
        (amend(PROPOSED, 90, "2026-03-01"), "exchange 34"),
        (reverse(GIFT), "exchange 52 and its accounts, act 52"),
        (tell(CONFIRMED, &[(V2, 10)]), "V2, exchange 39 and its accounts"),
        (transfer(Some(A), None, 15, Gift), "Fund, A"),
        (transfer(None, Some(B), 15, Grant), "Fund, B"),
        (bring_in(A, 60, "2026-01-01"), "Opening, A"),
        (leave(A, None), "Fund, A, open exchanges of A"),
        (leave(A, Some(B)), "A, B, open exchanges of A"),
        (Command::CloseYear { year: Year(2025) }, "year 2025"),
        (recognition, "recognition 60"),
        (adopt_key(None), "nothing"),
        (adopt_key(Some("reseau.example")), "domain reseau.example"),
    ] {
        let touched = Touched::by(&request("asked", COORDINATION, command.clone()));
        assert_eq!(in_words(&touched), expected, "{command:?}");
    }
}

fn in_words(touched: &Touched) -> String {
    let mut words: Vec<_> = touched.named_accounts.iter().map(|account| label(*account)).collect();
    words.extend(touched.exchanges.iter().map(|number| {
        let posts = if touched.posting_exchanges.contains(number) { " and its accounts" } else { "" };
        format!("exchange {number}{posts}")
    }));
    words.extend(touched.reversible.iter().map(|act| format!("act {act}")));
    words.extend(touched.references.iter().map(|reference| format!("reference {reference}")));
    words.extend(touched.recognitions.iter().map(|number| format!("recognition {number}")));
    words.extend(touched.domains.iter().map(|domain| format!("domain {domain}")));
    words.extend(touched.closing.map(|year| format!("year {year}")));
    words.extend(touched.open_exchanges_of.map(|of| format!("open exchanges of {}", label(Account::Association(of)))));
    if words.is_empty() { "nothing".to_owned() } else { words.join(", ") }
}

/// What was told of an exchange is taken back with it or not at all: whether the exchange is reversed has to be known.
#[test]
fn hours_told_of_an_exchange_need_the_exchange() {
    let mut world = World::new();
    let exchanges = std::mem::take(&mut world.state.exchanges);
    world.state.exchanges.insert_nothing(ExchangeNumber(TOLD_OF_REVERSED.0));
    let taken_back = request("taken back", COORDINATION, reverse(TOLD_OF_REVERSED));
    assert_eq!(world.decide_on_what_is_loaded(&taken_back), Err(NotLoaded::Exchange(REVERSED)));
    world.state.exchanges = exchanges;
    let known = world.decide_on_what_is_loaded(&taken_back).unwrap();
    assert_eq!(known, Err(Rejection::IsReversed(TOLD_OF_REVERSED)));
}

#[test]
fn an_account_that_never_moved_is_said_to_be_empty() {
    let mut world = nothing_loaded();
    assert_eq!(world.state.account(Account::Fund), Err(NotLoaded::Account(Account::Fund)));
    world.state.accounts.insert(Account::Fund, AccountHead::default());
    assert_eq!(world.state.account(Account::Fund), Ok(AccountHead::default()));
    assert_eq!(State::whole().account(Account::Fund), Ok(AccountHead::default()));
}

/// A group of which one request cannot be decided posts nothing, and so does what is only rehearsed.
#[test]
fn a_group_is_not_decided_in_part() {
    let mut world = nothing_loaded();
    let skill = Command::AddSkill { name: "Soudure".to_owned() };
    let requests = [request("first", COORDINATION, skill), request("second", COORDINATION, record(help(A, B, 60)))];
    assert_eq!(world.group_on_what_is_loaded(&requests), Err(NotLoaded::Account(Account::Association(A))));
    let needed = NotLoaded::Account(Account::Association(A));
    assert_eq!(world.rehearse_on_what_is_loaded(&requests), Err(needed));
}

#[test]
fn what_the_asker_has_seen_is_held_against_what_was_looked_up() {
    let seen = World::new().state.exchange(PROPOSED).unwrap().unwrap().exchange;
    let asked = request("asked", FOR_A, propose(help(A, B, 60)));
    let asked = Request { seen: Some(Seen::Exchange(Box::new(seen))), ..asked };
    assert_eq!(nothing_loaded().decide_on_what_is_loaded(&asked), Err(NotLoaded::Exchange(PROPOSED)));
}

/// What a year's closing commits to holds until the next act, and for that year alone.
#[test]
fn a_closing_is_of_its_year_and_of_this_moment() {
    let closes = |year| request("closing", By::OPERATOR, Command::CloseYear { year: Year(year) });
    let mut world = World::new();
    world.state.closing = Some(closing(Year(2024)));
    assert_eq!(world.decide_on_what_is_loaded(&closes(2025)), Err(NotLoaded::YearClosing(Year(2025))));
    world.state.closing = Some(closing(Year(2025)));
    let posted = world.decide_on_what_is_loaded(&request("posted", COORDINATION, record(help(A, B, 60))));
    assert!(matches!(posted, Ok(Ok(Decision::New(_)))), "{posted:?}");
    assert_eq!(world.decide_on_what_is_loaded(&closes(2025)), Err(NotLoaded::YearClosing(Year(2025))));
}

/// An hour's difference can be another day, and a day's another year.
#[test]
fn without_a_network_there_is_no_today() {
    let mut world = nothing_loaded();
    world.state.network = None;
    let skill = request("skill", COORDINATION, Command::AddSkill { name: "Soudure".to_owned() });
    assert_eq!(world.decide_on_what_is_loaded(&skill), Err(NotLoaded::Network));
}

/// An act about a member that is not here changes nothing that could be taken for true.
#[test]
fn an_act_about_nobody_known_is_not_applied() {
    let mut world = World::new();
    let Ok(Decision::New(act)) = world.clone().decide(&request(
        "act",
        COORDINATION,
        Command::SetLimits { association: A, limits: None, decision: "AG".to_owned() },
    )) else {
        panic!("limits are set")
    };
    world.state.registry = std::sync::Arc::default();
    assert_eq!(world.state.apply(&act), Err(NotLoaded::Member(A)));
}

#[test]
fn what_was_looked_up_and_not_found_is_not_forgotten_what_was_found() {
    let mut loaded: Loaded<ActNumber, Digest> = Loaded::default();
    assert_eq!(loaded.look_up(&ActNumber(1)), None);
    loaded.insert_nothing(ActNumber(1));
    assert_eq!(loaded.look_up(&ActNumber(1)), Some(None));
    loaded.insert(ActNumber(1), Digest([7; 32]));
    loaded.insert_nothing(ActNumber(1));
    assert_eq!(loaded.look_up(&ActNumber(1)), Some(Some(&Digest([7; 32]))));
    loaded.clear();
    assert!(!loaded.is_known(&ActNumber(1)) && Loaded::<ActNumber, Digest>::whole().is_known(&ActNumber(1)));
}
