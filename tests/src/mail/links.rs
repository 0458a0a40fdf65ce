//! Links in letters do one thing, for one person, for as long as it is theirs to do.

use ledger::command::Command;
use ledger::evidence::{Evidence, Witness};
use ledger::exchange::ExchangeState;
use ledger::person::Role;
use ledger::{ExchangeNumber, Minutes};
use service::mailer::action_link::{self, Errand, Followed};

use super::{Letter, Village, folder, letters, person};
use crate::ledger_on::{Database, day};

/// The secret in the first link of a letter to somebody that begins so.
fn secret(letters: &[Letter], to: &str, beginning: &str) -> String {
    let letter = letters.iter().find(|letter| letter.to == to).unwrap_or_else(|| panic!("{to}: {letters:?}"));
    letter.link(beginning).unwrap().trim_start_matches(beginning).to_owned()
}

async fn followed(village: &Village, secret: &str) -> Option<Followed> {
    action_link::find(&village.app, secret).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_answers_for_one_person_and_one_exchange_until_it_is_answered() {
    for database in Database::tried() {
        let folder = folder();
        let village = Village::with_folder(database, folder.path()).await;
        let exchange = village.proposed(600).await;
        village.see_to_mail().await;
        let link = secret(&village.new_letters(folder.path()), "bob@example.org", "/r/");

        let found = followed(&village, &link).await.unwrap();
        assert_eq!((found.errand, found.association, found.is_open), (Errand::Answer, village.school, true));
        assert_eq!(found.view.exchange.number, exchange);
        assert_eq!(found.caller.by().unwrap(), village.bob());
        assert!(!found.caller.access.is_session);
        for wrong in ["", "cdm_1_x", "cdm_2_x", &link[..link.len() - 1], &format!("{link}a"), &link.to_uppercase()] {
            assert!(followed(&village, wrong).await.is_none(), "{wrong}");
        }

        // Whoever was amended meanwhile answers what is proposed now; the side that amended has nothing to answer.
        let amend = Command::Amend { exchange, minutes: Minutes::new(540), service_date: day(2025, 2, 22) };
        village.ledger.done_by(village.bob(), amend).await;
        assert!(!followed(&village, &link).await.unwrap().is_open);
        village.see_to_mail().await;
        let letters = village.new_letters(folder.path());
        let [of_alice, of_anne] = ["alice@example.org", "anne@example.org"].map(|to| secret(&letters, to, "/r/"));
        assert_ne!(of_alice, of_anne);
        let found = followed(&village, &of_alice).await.unwrap();
        assert_eq!((found.association, found.is_open), (village.club, true));
        let evidence = Evidence { kind: Witness::Link.usual(), reference: None, line: None };
        let command = Command::Confirm { exchange, evidence, reason: None };
        village.ledger.done_by(found.caller.by().unwrap(), command).await;
        for link in [&link, &of_alice, &of_anne] {
            let found = followed(&village, link).await.unwrap();
            assert_eq!((found.is_open, found.view.exchange.state), (false, ExchangeState::Confirmed));
        }

        // Both of the club's delegates can say that it was none of them, the owner of the link too.
        village.see_to_mail().await;
        let letters = village.new_letters(folder.path());
        assert_eq!(letters.len(), 3, "{letters:?}");
        let disown = ["alice@example.org", "anne@example.org"].map(|to| secret(&letters, to, "/r/"));
        for link in &disown {
            let found = followed(&village, link).await.unwrap();
            assert_eq!((found.errand, found.association, found.is_open), (Errand::Disown, village.club, true));
        }
        let by = followed(&village, &disown[1]).await.unwrap().caller.by().unwrap();
        let ask = Command::RequestCorrection { exchange, reason: "Ce n’était pas nous".to_owned() };
        village.ledger.done_by(by, ask).await;
        for link in &disown {
            assert!(!followed(&village, link).await.unwrap().is_open);
        }
        village.ledger.assert_sound().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_ends_with_its_owners_role_and_with_them() {
    for database in Database::tried() {
        let folder = folder();
        let village = Village::with_folder(database, folder.path()).await;
        let zoe = person(&village.ledger, "Zoe", "zoe@example.org").await;
        village.ledger.grant(zoe, Role::Delegate(village.school)).await;
        village.proposed(600).await;
        village.see_to_mail().await;
        let letters = village.new_letters(folder.path());
        let [of_bob, of_zoe] = ["bob@example.org", "zoe@example.org"].map(|to| secret(&letters, to, "/r/"));
        assert!(followed(&village, &of_bob).await.unwrap().is_open);
        let role = Role::Delegate(village.school);
        village.ledger.done(Command::RevokeRole { person: village.bob, role }).await;
        assert!(followed(&village, &of_bob).await.is_none());

        assert!(followed(&village, &of_zoe).await.is_some());
        village.ledger.done(Command::ErasePerson { person: zoe }).await;
        assert!(followed(&village, &of_zoe).await.is_none());
        // Nothing is left that says that letters were written to her.
        let mut backup = Vec::new();
        village.ledger.store.backup(&mut backup).await.unwrap();
        let mut text = String::new();
        std::io::Read::read_to_string(&mut flate2::read::GzDecoder::new(backup.as_slice()), &mut text).unwrap();
        let mail = text.split("\"name\":\"mail\"").nth(1).unwrap().split("\"name\":\"mail_link\"").next().unwrap();
        assert!(mail.contains(&format!(",{},\"sent\"", village.bob)), "{mail}");
        assert!(!mail.contains(&format!(",{zoe},")), "{mail}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn restoring_ends_links_and_writes_to_nobody_about_what_was() {
    let folder = folder();
    let village = Village::with_folder(Database::Sqlite, folder.path()).await;
    village.proposed(600).await;
    village.see_to_mail().await;
    let link = secret(&village.new_letters(folder.path()), "bob@example.org", "/r/");
    // One more, of which nobody was told when the backup was taken.
    village.proposed(300).await;
    let mut backup = Vec::new();
    village.ledger.store.backup(&mut backup).await.unwrap();
    for database in Database::tried() {
        let folder = self::folder();
        let place = crate::ledger_on::Place::fresh(database);
        let store = store::Store::open(&place.url, true).await.unwrap();
        let ended = store.restore(&mut backup.as_slice(), village.app.now()).await.unwrap().ended;
        assert_eq!(ended.links, 1);
        assert!(store.mail_link(village.ledger.network, service::secret::digest(&link)).await.unwrap().is_none());
        let writer = store::Writer::start(
            store.clone(),
            village.ledger.clock.clone(),
            Box::new(ledger::clock::CountedSecrets(9)),
            store::WriterOptions::default(),
        );
        let ledger = crate::ledger_on::Ledger {
            place: place.into(),
            store,
            writer,
            network: village.ledger.network,
            clock: village.ledger.clock.clone(),
        };
        let app = super::app(&ledger, &format!("folder:{}", folder.path().display()));
        service::mailer::see_to_all(&app).await.unwrap();
        assert!(letters(folder.path()).is_empty());
        // What happens from now on is told.
        let exchange = crate::ledger_on::exchange(village.club, village.school, 60, day(2025, 2, 22));
        let side = ledger::exchange::Side::Giver;
        let act = ledger.done_by(village.alice(), Command::Propose { side, exchange, evidence: None }).await;
        service::mailer::see_to_all(&app).await.unwrap();
        let [letter] = letters(folder.path()).try_into().unwrap();
        let secret = letter.link("/r/").unwrap();
        let found = action_link::find(&app, secret.trim_start_matches("/r/")).await.unwrap().unwrap();
        assert_eq!(found.view.exchange.number, ExchangeNumber(act.0));
    }
}
