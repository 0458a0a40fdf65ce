//! Servers that refuse, hang, or take a letter and die; a process that ends at the wrong moment; a log that lost its head.
//! Nothing is lost, nothing is told that did not happen, and what comes twice bears the same Message-ID.

use std::time::Duration;

use axum::http::HeaderMap;
use chrono::TimeDelta;
use ledger::command::{Command, Principal};
use ledger::person::Role;
use ledger::{Language, NetworkId};
use service::mail::Part;
use service::mailer::recipient::{Reach, mark_bounced};
use service::mailer::{self, unreached};
use service::sign_in::by_mail;
use service::source::Source;
use store::MailKind;

use super::bad_servers::{BadServer, Manner};
use super::smtp::MailServer;
use super::{Village, app, app_of_patience, confirm, folder, person, shown};
use crate::ledger_on::Database;

fn message_id(letter: &str) -> &str {
    letter.lines().find(|line| line.starts_with("Message-ID: ")).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_waits_for_a_server_that_refuses_hangs_or_talks_nonsense() {
    for database in Database::tried() {
        let village = Village::on_route(database, "smtp://127.0.0.1:9").await;
        village.proposed(600).await;
        for manner in [[Manner::Refuses], [Manner::Hangs], [Manner::TalksNonsense]] {
            let server: BadServer = match manner {
                [Manner::Refuses] => BadServer::start(&[Manner::Refuses]),
                [Manner::Hangs] => BadServer::start(&[Manner::Hangs]),
                _ => BadServer::start(&[Manner::TalksNonsense]),
            };
            let app = app_of_patience(&village.ledger, &server.way(), Duration::from_millis(300));
            mailer::see_to_all(&app).await.unwrap();
            assert!(server.taken.try_recv().is_err(), "{manner:?}");
            // It is not tried again at once.
            mailer::see_to_all(&app).await.unwrap();
            village.later(TimeDelta::hours(1));
        }
        let server = MailServer::start();
        mailer::see_to_all(&app(&village.ledger, &server.way())).await.unwrap();
        let letters = village.new_letters(server.folder.path());
        assert_eq!(letters.len(), 1, "{letters:?}");
        assert!(village.ledger.store.bounces(village.ledger.network).await.unwrap().is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_takes_a_letter_and_dies_gets_it_again_with_the_same_id() {
    for database in Database::tried() {
        let server = BadServer::start(&[Manner::TakesAndDies, Manner::TakesAndHangs]);
        let village = Village::on_route(database, "smtp://127.0.0.1:9").await;
        let app = app_of_patience(&village.ledger, &server.way(), Duration::from_secs(5));
        village.proposed(600).await;
        for _ in 0..4 {
            mailer::see_to_all(&app).await.unwrap();
            village.later(TimeDelta::hours(1));
        }
        // The second one was said to be taken, which is enough: that the server said no goodbye is nothing.
        let [first, second] = [(); 2].map(|()| server.taken.try_recv().unwrap());
        assert_eq!(message_id(&first), message_id(&second));
        assert!(server.taken.try_recv().is_err());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_process_that_ends_before_it_noted_a_letter_sends_it_again_with_the_same_id_and_the_others_once() {
    for database in Database::tried() {
        // The server takes letters, and the process ends before it hears so.
        let server = BadServer::start(&[Manner::TakesAndDies]);
        let village = Village::on_route(database, "smtp://127.0.0.1:9").await;
        let exchange = village.proposed(600).await;
        village.ledger.done_by(village.bob(), confirm(exchange)).await;
        let dying = app(&village.ledger, &server.way());
        let network = village.ledger.network;
        let at_work = tokio::spawn(async move { mailer::see_to_all(&dying).await });
        let taken = tokio::task::spawn_blocking(move || {
            let first = server.taken.recv().unwrap();
            (first, server)
        });
        let (first, _server) = taken.await.unwrap();
        at_work.abort();
        let _ = at_work.await;

        // While the one that ended may still be at work, nobody else is.
        let server = MailServer::start();
        let next = app(&village.ledger, &server.way());
        village.later(TimeDelta::seconds(5));
        village.later(TimeDelta::hours(1));
        mailer::see_to_all(&next).await.unwrap();
        let letters = village.new_letters(server.folder.path());
        // Alice and Anne are told of the confirmation; Bob is asked nothing that he has answered.
        assert_eq!(shown(&letters).lines().count(), 2, "{letters:?}");
        let ids: Vec<_> = letters.iter().map(|letter| format!("Message-ID: {}", letter.id)).collect();
        assert!(ids.iter().any(|id| id == message_id(&first)), "{first} {ids:?}");
        assert!(village.ledger.store.mail_due(network, village.app.now(), 10).await.unwrap().is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_the_server_does_not_know_is_marked_and_others_get_their_letters() {
    for database in Database::tried() {
        let server = MailServer::start();
        let village = Village::on_route(database, &server.way()).await;
        let network = village.ledger.network;
        let role = ledger::person::Role::Delegate(village.school);
        let mut people = Vec::new();
        for (name, address) in [
            ("Nora", "nobody@example.org"),
            ("Paul", "no address"),
            ("Remi", "later@example.org"),
            ("Sam", "sam@écoles.example"),
            ("Tom", ""),
        ] {
            let person = person(&village.ledger, name, address).await;
            village.ledger.grant(person, role).await;
            people.push(person);
        }
        let exchange = village.proposed(600).await;
        village.see_to_mail().await;
        let letters = village.new_letters(server.folder.path());
        assert_eq!(
            shown(&letters),
            "  bob@example.org: Judo-club dit vous avoir aidés : 10 h, est-ce juste ?\n  \
             sam@xn--coles-9ra.example: Judo-club dit vous avoir aidés : 10 h, est-ce juste ?"
        );
        let known = village.app.directory.network(&village.ledger.store, network).await.unwrap().unwrap();
        let bounced = unreached::bounced(&village.app, &known).await.unwrap();
        let who: Vec<_> = bounced.iter().map(|bounced| bounced.person).collect();
        assert_eq!(who, people[..2]);
        let Reach::Bounces { address, bounce } = &bounced[0].correspondent.reach else { panic!("{bounced:?}") };
        assert_eq!((address.as_str(), bounce.by), ("nobody@example.org", None));
        // What the server said is told without the address.
        assert!(bounce.reason.contains("5.1.1") && !bounce.reason.contains("nobody@"), "{}", bounce.reason);

        // Who is to come later is tried again until they are given up; nobody else is written to again.
        for _ in 0..12 {
            village.later(TimeDelta::hours(25));
            let due = village.ledger.store.mail_due(network, village.app.now(), 10).await.unwrap();
            let waits: Vec<_> = due.iter().filter(|mail| mail.key.kind == MailKind::Act).collect();
            assert!(waits.iter().all(|mail| mail.key.person == people[2]), "{waits:?}");
            village.see_to_mail().await;
        }
        assert!(village.new_letters(server.folder.path()).iter().all(|letter| letter.subject.starts_with("Rappel")));

        // A coordinator says that it works again, or does not.
        assert!(village.ledger.store.clear_bounce(network, people[0]).await.unwrap());
        // A link to sign in with that is not taken there says so, too.
        let asking = by_mail::Asking {
            known: &known,
            source: Source::of([127, 0, 0, 1].into(), &HeaderMap::new(), &[]),
            address: "nobody@example.org",
            browser: "browser",
            query: String::new(),
            language: Language::French,
        };
        by_mail::ask(&village.app, asking).await.unwrap().await.unwrap();
        assert!(village.ledger.store.clear_bounce(network, people[0]).await.unwrap(), "it was marked again");
        let by = Principal::Person(village.cora);
        assert!(mark_bounced(&village.app, network, village.bob, by, "Bob a changé d’adresse").await.unwrap());
        assert!(!mark_bounced(&village.app, network, people[4], by, "").await.unwrap());
        village.ledger.done_by(village.alice(), Command::Withdraw { exchange }).await;
        village.see_to_mail().await;
        let letters = village.new_letters(server.folder.path());
        assert_eq!(shown(&letters).matches("retire").count(), 1, "{letters:?}");
        assert_eq!(letters.last().unwrap().to, "sam@xn--coles-9ra.example");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_letters_do_not_reach_is_there_to_be_told_by_hand() {
    for database in Database::tried() {
        let folder = folder();
        let village = Village::with_folder(database, folder.path()).await;
        let network = village.ledger.network;
        village.proposed(600).await;
        let known = village.app.directory.network(&village.ledger.store, network).await.unwrap().unwrap();
        let list = |app: service::App| {
            let known = known.clone();
            async move { unreached::unreached(&app, &known, Language::French, 100).await.unwrap() }
        };
        assert!(list(village.app.clone()).await.is_empty());
        let by = Principal::Person(village.cora);
        mark_bounced(&village.app, network, village.bob, by, "revenu").await.unwrap();
        let [found] = list(village.app.clone()).await.try_into().unwrap();
        assert_eq!((found.association, found.people[0].0), (village.school, village.bob));
        let fact = "Le samedi 22 février, Judo-club a aidé École de musique : 10 h.";
        let says = |part: &Part| matches!(part, Part::Text(text) if text.replace('\u{a0}', " ") == fact);
        assert!(found.words.iter().any(says), "{:?}", found.words);
        village.ledger.store.clear_bounce(network, village.bob).await.unwrap();
        assert!(list(village.app.clone()).await.is_empty());
        // Without mail nobody is reached.
        let clock = village.ledger.clock.clone();
        let (store, writer) = (village.ledger.store.clone(), village.ledger.writer.clone());
        let without = service::App::new(store, writer, clock, service::Config::default(), Vec::new());
        assert_eq!(list(without).await.len(), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_that_the_server_refuses_is_not_sent_for_ever_and_its_reader_is_not_to_blame() {
    let server = MailServer::start();
    let village = Village::on_route(Database::Sqlite, &server.way()).await;
    let network = village.ledger.network;
    let renamed = Command::RenameAssociation {
        association: village.club,
        name: "spam".to_owned(),
        since: crate::ledger_on::day(2025, 3, 1),
    };
    village.ledger.done(renamed).await;
    village.proposed(600).await;
    for _ in 0..3 {
        village.see_to_mail().await;
        village.later(TimeDelta::days(2));
    }
    assert!(village.new_letters(server.folder.path()).is_empty());
    assert!(village.ledger.store.bounces(network).await.unwrap().is_empty());
    assert!(village.ledger.store.mail_due(network, village.app.now(), 10).await.unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn several_processes_write_each_letter_once() {
    for database in Database::tried() {
        let folder = folder();
        let village = Village::with_folder(database, folder.path()).await;
        // Each of twenty people has a letter of their own.
        for number in 1..20 {
            let name = format!("Jo{number}");
            let person = person(&village.ledger, &name, &format!("{name}@example.org")).await;
            village.ledger.grant(person, Role::Delegate(village.school)).await;
        }
        village.proposed(15).await;
        let way = format!("folder:{}", folder.path().display());
        let processes = (0..4).map(|_| {
            let app = app(&village.ledger, &way);
            tokio::spawn(async move { mailer::see_to_all(&app).await.unwrap() })
        });
        futures_util::future::join_all(processes.collect::<Vec<_>>()).await;
        // Whoever came while another was at work may have left the rest to it.
        village.see_to_mail().await;
        let letters = village.new_letters(folder.path());
        let ids: std::collections::BTreeSet<_> = letters.iter().map(|letter| letter.id.clone()).collect();
        assert_eq!((letters.len(), ids.len()), (20, 20));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn networks_of_one_database_write_to_their_own() {
    for database in Database::tried() {
        let folder = folder();
        let village = Village::with_folder(database, folder.path()).await;
        let other = village.ledger.another(7).await;
        assert_ne!(other.network, NetworkId(1));
        let [club, school] = [other.association("Club").await, other.association("École").await];
        let zoe = person(&other, "Zoe", "zoe@example.org").await;
        other.grant(zoe, ledger::person::Role::Delegate(school)).await;
        let exchange = crate::ledger_on::exchange(club, school, 60, crate::ledger_on::day(2025, 2, 22));
        let side = ledger::exchange::Side::Giver;
        let by = ledger::command::By::OPERATOR;
        other.done_by(by, Command::Propose { side, exchange, evidence: None }).await;
        village.proposed(600).await;
        village.see_to_mail().await;
        let letters = village.new_letters(folder.path());
        let mut to: Vec<_> = letters.iter().map(|letter| letter.to.as_str()).collect();
        to.sort_unstable();
        assert_eq!(to, ["bob@example.org", "zoe@example.org"]);
        let of_zoe = letters.iter().find(|letter| letter.to == "zoe@example.org").unwrap();
        // Where there are several, addresses say which network they are in.
        let link = of_zoe.link("/n/").unwrap();
        assert!(link.starts_with(&format!("/n/reseau-7/r/cdm_{}_", other.network)), "{link}");
        assert!(!of_zoe.text.contains("Judo"), "{}", of_zoe.text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_act_that_reopens_the_log_takes_letters_back_to_itself() {
    for database in Database::tried() {
        let folder = folder();
        let village = Village::with_folder(database, folder.path()).await;
        let lost = village.proposed(600).await;
        village.see_to_mail().await;
        let [before] = village.new_letters(folder.path()).try_into().unwrap();
        // The database went back to before that act, and what was kept beside it did not.
        let (next, _) = village.ledger.head().await;
        let sql = format!(
            "UPDATE mailer SET next_act = {}; UPDATE mail SET about = {next} WHERE about = {lost}; \
             UPDATE mail_link SET exchange = {next} WHERE exchange = {lost}",
            next + 50
        );
        village.ledger.place.sql(&sql).await.unwrap();
        let secret = before.link("/r/").unwrap();
        let secret = secret.trim_start_matches("/r/");
        let link = service::secret::digest(secret);
        assert!(village.ledger.store.mail_link(village.ledger.network, link).await.unwrap().is_some());
        let origin = ledger::generation::origin(known(&village).await.network.uuid, 1);
        let lost = ledger::command::LostHead { origin, size: 99, root: None };
        village.ledger.done(Command::ReopenLog { lost }).await;
        assert!(village.ledger.store.mail_link(village.ledger.network, link).await.unwrap().is_none());
        village.proposed(300).await;
        village.see_to_mail().await;
        let [after] = village.new_letters(folder.path()).try_into().unwrap();
        assert!(after.subject.contains('5') && after.id != before.id, "{after:?}");
    }
}

async fn known(village: &Village) -> std::sync::Arc<service::directory::Known> {
    village.app.directory.network(&village.ledger.store, village.ledger.network).await.unwrap().unwrap()
}
