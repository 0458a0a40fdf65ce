//! What is sent because time goes by: reminders, each once, and digests for those who chose them.

use chrono::{DateTime, TimeDelta, Utc};
use ledger::Language;
use ledger::clock::Clock as _;
use service::mailer::unsubscribing;
use store::{DigestRhythm, MailSetting};

use super::{Village, app, confirm, folder, shown};
use crate::ledger_on::Database;

#[tokio::test(flavor = "multi_thread")]
async fn who_does_not_answer_is_reminded_three_times_and_then_no_more() {
    for database in Database::tried() {
        let folder = folder();
        let village = Village::with_folder(database, folder.path()).await;
        let answered = village.proposed(60).await;
        village.proposed(600).await;
        let mut said = String::new();
        let began = village.ledger.clock.now();
        for days in [0, 6, 7, 8, 20, 21, 22, 44, 45, 46, 59, 61, 200] {
            village.ledger.clock.set(began + TimeDelta::days(days));
            if days == 7 {
                village.ledger.done_by(village.bob(), confirm(answered)).await;
            }
            // Another process, or this one after it was started again, reminds nobody twice.
            for _ in 0..2 {
                let way = format!("folder:{}", folder.path().display());
                service::mailer::see_to_all(&app(&village.ledger, &way)).await.unwrap();
            }
            said += &format!("day {days}\n{}\n", shown(&village.new_letters(folder.path())));
        }
        insta::allow_duplicates! { insta::assert_snapshot!(said, @r"
        day 0
          bob@example.org: Judo-club dit vous avoir aidés : 1 h, est-ce juste ?
          bob@example.org: Judo-club dit vous avoir aidés : 10 h, est-ce juste ?
        day 6

        day 7
          alice@example.org: École de musique a dit oui : 1 h
          anne@example.org: École de musique a dit oui : 1 h
          bob@example.org: Rappel : Judo-club dit vous avoir aidés : 10 h, est-ce juste ?
        day 8

        day 20

        day 21
          bob@example.org: Rappel : Judo-club dit vous avoir aidés : 10 h, est-ce juste ?
        day 22

        day 44

        day 45
          bob@example.org: Rappel : Judo-club dit vous avoir aidés : 10 h, est-ce juste ?
        day 46

        day 59

        day 61

        day 200
        "); }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_that_slept_reminds_once_as_befits_the_wait() {
    let folder = folder();
    let village = Village::with_folder(Database::Sqlite, folder.path()).await;
    village.proposed(600).await;
    // Nobody is told late of what happened days ago; the reminder says all that is needed.
    village.later(TimeDelta::days(30));
    village.see_to_mail().await;
    let [letter] = village.new_letters(folder.path()).try_into().unwrap();
    assert!(letter.id.contains(".second-reminder."), "{}", letter.id);
    assert!(letter.subject.starts_with("Rappel"), "{}", letter.subject);
}

fn setting(digest: DigestRhythm, language: Language, changed_at: DateTime<Utc>) -> MailSetting {
    MailSetting { language, digest, changed_at }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_digest_comes_on_its_day_to_those_who_chose_one_and_stops_with_one_post() {
    for database in Database::tried() {
        let folder = folder();
        let village = Village::with_folder(database, folder.path()).await;
        // Bob answers for both associations.
        village.ledger.grant(village.bob, ledger::person::Role::Delegate(village.club)).await;
        let now = village.ledger.clock.now();
        let store = &village.ledger.store;
        let network = village.ledger.network;
        // The first of March 2025 was a Saturday.
        let weekly = setting(DigestRhythm::Weekly(1), Language::French, now);
        store.set_mail_setting(network, village.bob, &weekly).await.unwrap();
        let monthly = setting(DigestRhythm::Monthly(5), Language::English, now);
        store.set_mail_setting(network, village.alice, &monthly).await.unwrap();
        village.confirmed(600).await;
        village.proposed(90).await;
        village.see_to_mail().await;
        village.new_letters(folder.path());

        village.later(TimeDelta::days(2));
        village.see_to_mail().await;
        village.see_to_mail().await;
        let [digest] = village.new_letters(folder.path()).try_into().unwrap();
        assert_eq!(digest.to, "bob@example.org");
        let link = digest.link("/unsubscribe/").unwrap();
        let ids = digest.text.split("/a/").nth(1).unwrap().split_whitespace().next().unwrap().to_owned();
        let text = digest.text.replace(&link, "/unsubscribe/SECRET").replace(&ids, "ID");
        insta::allow_duplicates! {
            insta::assert_snapshot!(format!("{}\n\n{text}", digest.subject).replace('\u{a0}', "~").replace('\r', ""), @r"
            Une réponse attendue, et où vous en êtes

            Bonjour Bob,

            JUDO-CLUB

            Vous avez donné 10~h de plus que vous n’avez reçu.

            Compté depuis le dernier point~:

            - Le samedi 22~février, Judo-club a aidé École de musique~: 10~h.

            ÉCOLE DE MUSIQUE

            Vous avez reçu 10~h de plus que vous n’avez donné.

            À vous de répondre~:

            - Le samedi 22~février, Judo-club a aidé École de musique~: 1~h~30.

            Répondre
            https://heures.example.org/a/ID

            Compté depuis le dernier point~:

            - Le samedi 22~février, Judo-club a aidé École de musique~: 10~h.

            Vous avez choisi de recevoir ce point (Entraide du pays). Ne plus le recevoir~: https://heures.example.org/unsubscribe/SECRET
            ");
        }
        assert_eq!(digest.headers["List-Unsubscribe"], format!("<https://heures.example.org{link}>"));
        assert_eq!(digest.headers["List-Unsubscribe-Post"], "List-Unsubscribe=One-Click");

        village.later(TimeDelta::days(2));
        village.see_to_mail().await;
        let [digest] = village.new_letters(folder.path()).try_into().unwrap();
        assert_eq!(
            (digest.to.as_str(), digest.headers["Content-Language"].as_str()),
            ("alice@example.org", Some("en"))
        );
        assert!(digest.text.contains("You have given 10\u{a0}h more than you have received."), "{}", digest.text);

        // The link stops digests, and does nothing else.
        let secret = link.trim_start_matches("/unsubscribe/");
        assert!(service::mailer::action_link::find(&village.app, secret).await.unwrap().is_none());
        for _ in 0..2 {
            let found = unsubscribing::find(&village.app, secret).await.unwrap().unwrap();
            assert_eq!(found.person, village.bob);
            unsubscribing::stop(&village.app, &found).await.unwrap();
        }
        assert!(unsubscribing::find(&village.app, "cdm_1_x").await.unwrap().is_none());
        village.later(TimeDelta::days(5));
        village.see_to_mail().await;
        let letters = village.new_letters(folder.path());
        assert!(letters.iter().all(|letter| letter.subject.starts_with("Rappel")), "{letters:?}");
        let kept = store.mail_setting(network, village.bob).await.unwrap();
        assert_eq!((kept.digest, kept.language), (DigestRhythm::None, Language::French));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_gets_a_digest_that_says_nothing() {
    let folder = folder();
    let village = Village::with_folder(Database::Sqlite, folder.path()).await;
    let weekly = setting(DigestRhythm::Weekly(1), Language::French, village.ledger.clock.now());
    village.ledger.store.set_mail_setting(village.ledger.network, village.bob, &weekly).await.unwrap();
    village.later(TimeDelta::days(8));
    village.see_to_mail().await;
    assert!(village.new_letters(folder.path()).is_empty());
}
