//! Each kind of act is told to those who have to act or be told, by a real mail server, and to nobody else.

use ledger::command::{By, Command, Principal};
use ledger::evidence::{Evidence, Witness};
use ledger::exchange::Side;
use ledger::mandate::Mandate;
use ledger::policy::Limits;
use ledger::{ActNumber, ExchangeNumber, Minutes};

use super::smtp::MailServer;
use super::{Village, confirm, folder, shown};
use crate::ledger_on::{Database, day, exchange};

/// What is done, by whom, and who hears of it.
struct Told<'a> {
    village: &'a Village,
    server: &'a MailServer,
    said: String,
    /// What is proposed next differs in its length from all before.
    minutes: i64,
}

impl Told<'_> {
    async fn done(&mut self, what: &str, by: By, command: Command) -> ActNumber {
        let act = self.village.ledger.done_by(by, command).await;
        self.tell(what).await;
        act
    }

    async fn tell(&mut self, what: &str) {
        self.village.see_to_mail().await;
        let letters = self.village.new_letters(self.server.folder.path());
        self.said += &format!("{what}\n{}\n", shown(&letters));
    }

    async fn proposed(&mut self) -> ExchangeNumber {
        self.minutes += 15;
        let exchange = self.village.proposed(self.minutes).await;
        self.village.see_to_mail().await;
        self.village.new_letters(self.server.folder.path());
        exchange
    }
}

#[tokio::test(flavor = "multi_thread")]
#[expect(clippy::too_many_lines, reason = "a table, a step after the other")]
async fn each_step_is_told_to_those_whom_it_concerns() {
    for database in Database::tried() {
        let server = MailServer::start();
        let village = Village::on_route(database, &server.way()).await;
        let mut told = Told { village: &village, server: &server, said: String::new(), minutes: 600 };
        let reason = || "parce que".to_owned();
        let (alice, bob, cora, medi) = (village.alice(), village.bob(), village.cora(), village.medi());

        told.tell("Members and roles").await;
        let ours = exchange(village.club, village.school, 600, day(2025, 2, 22));
        let one = told
            .done("Alice proposes", alice, Command::Propose { side: Side::Giver, exchange: ours, evidence: None })
            .await;
        let one = ExchangeNumber(one.0);
        let amend = Command::Amend { exchange: one, minutes: Minutes::new(540), service_date: day(2025, 2, 23) };
        told.done("Bob amends", bob, amend).await;
        told.done("Alice confirms", alice, confirm(one)).await;
        told.done("Bob asks for a correction", bob, Command::RequestCorrection { exchange: one, reason: reason() })
            .await;
        told.done("Alice keeps it", alice, Command::Keep { exchange: one, reason: reason() }).await;
        village.ledger.done_by(bob, Command::RequestCorrection { exchange: one, reason: "encore".to_owned() }).await;
        told.done("Alice undoes it", alice, Command::Reverse { target: ActNumber(one.0), reason: reason() }).await;

        let theirs = exchange(village.club, village.school, 60, day(2025, 2, 24));
        let two = told
            .done("Bob proposes", bob, Command::Propose { side: Side::Receiver, exchange: theirs, evidence: None })
            .await;
        let two = ExchangeNumber(two.0);
        told.done("Alice contests", alice, Command::Contest { exchange: two, reason: reason() }).await;
        let settle = Command::Settle { exchange: two, minutes: Minutes::new(45), reason: reason() };
        told.done("Medi settles", medi, settle).await;
        told.done("Cora undoes it", cora, Command::Reverse { target: ActNumber(two.0), reason: reason() }).await;
        let three = told.proposed().await;
        told.done("Alice withdraws", alice, Command::Withdraw { exchange: three }).await;
        let four = told.proposed().await;
        told.done("Cora dismisses", cora, Command::Dismiss { exchange: four, reason: reason() }).await;
        let five = told.proposed().await;
        let called = Command::Confirm { exchange: five, evidence: Evidence::COORDINATOR, reason: Some(reason()) };
        told.done("Cora confirms", cora, called).await;
        let noted = exchange(village.school, village.club, 90, day(2025, 2, 25));
        told.done(
            "Cora proposes for the school",
            cora,
            Command::Propose { side: Side::Giver, exchange: noted, evidence: None },
        )
        .await;

        let mandate = Some(Mandate { minutes_most: Minutes::new(6_000), until: day(2026, 1, 1) });
        let (association, partner) = (village.school, village.club);
        told.done("A mandate", By::OPERATOR, Command::SetMandate { association, partner, mandate }).await;
        let six = told.proposed().await;
        let anne = crate::ledger_on::delegate(village.anne, village.club);
        let evidence = Evidence { kind: ledger::evidence::EvidenceKind::Mandate, reference: None, line: None };
        told.done("Anne confirms by it", anne, Command::Confirm { exchange: six, evidence, reason: None }).await;

        let limits = Some(Limits { hard_floor: Some(Minutes::ZERO), ..Limits::NONE });
        let limits = Command::SetLimits { association: village.school, limits, decision: "AG".to_owned() };
        told.done("A limit", By::OPERATOR, limits).await;
        let seven = told.proposed().await;
        told.done("Bob confirms past a limit", bob, confirm(seven)).await;
        told.done("Cora releases", cora, Command::Release { exchange: seven, reason: reason() }).await;
        let eight = told.proposed().await;
        let evidence = Evidence { kind: Witness::Link.usual(), reference: None, line: None };
        told.done("Bob's link confirms", bob, Command::Confirm { exchange: eight, evidence, reason: None }).await;

        insta::allow_duplicates! { insta::assert_snapshot!(told.said, @r"
        Members and roles

        Alice proposes
          bob@example.org: Judo-club dit vous avoir aidés : 10 h, est-ce juste ?
        Bob amends
          alice@example.org: École de musique propose 9 h, est-ce juste ?
          anne@example.org: École de musique propose 9 h, est-ce juste ?
        Alice confirms
          bob@example.org: Judo-club a dit oui : 9 h
        Bob asks for a correction
          alice@example.org: École de musique demande une correction : 9 h
          anne@example.org: École de musique demande une correction : 9 h
        Alice keeps it
          bob@example.org: Judo-club garde l’échange tel quel : 9 h
        Alice undoes it
          bob@example.org: Judo-club a annulé un échange : 9 h
        Bob proposes
          alice@example.org: École de musique dit que vous les avez aidés : 1 h, est-ce juste ?
          anne@example.org: École de musique dit que vous les avez aidés : 1 h, est-ce juste ?
        Alice contests
          bob@example.org: Judo-club n’est pas d’accord : 1 h
          medi@example.org: Médiation : Judo-club et École de musique ne sont pas d’accord
        Medi settles
          alice@example.org: La médiation a tranché : 45 min avec École de musique
          anne@example.org: La médiation a tranché : 45 min avec École de musique
          bob@example.org: La médiation a tranché : 45 min avec Judo-club
        Cora undoes it
          alice@example.org: Un échange est annulé : 45 min avec École de musique
          anne@example.org: Un échange est annulé : 45 min avec École de musique
          bob@example.org: Un échange est annulé : 45 min avec Judo-club
        Alice withdraws
          bob@example.org: Judo-club retire ce qui était noté : 10 h 15
        Cora dismisses
          alice@example.org: Classé sans suite : 10 h 30 avec École de musique
          anne@example.org: Classé sans suite : 10 h 30 avec École de musique
          bob@example.org: Classé sans suite : 10 h 30 avec Judo-club
        Cora confirms
          alice@example.org: Confirmé par la coordination : 10 h 45 avec École de musique
          anne@example.org: Confirmé par la coordination : 10 h 45 avec École de musique
          bob@example.org: Confirmé par la coordination : 10 h 45 avec Judo-club
        Cora proposes for the school
          alice@example.org: École de musique dit vous avoir aidés : 1 h 30, est-ce juste ?
          anne@example.org: École de musique dit vous avoir aidés : 1 h 30, est-ce juste ?
          bob@example.org: La coordination a noté pour vous : 1 h 30 avec Judo-club
        A mandate

        Anne confirms by it
          bob@example.org: Judo-club a confirmé pour vous : 11 h
        A limit

        Bob confirms past a limit
          alice@example.org: D’accord, en attente : 11 h 15 avec École de musique
          anne@example.org: D’accord, en attente : 11 h 15 avec École de musique
        Cora releases
          alice@example.org: Les heures comptent : 11 h 15 avec École de musique
          anne@example.org: Les heures comptent : 11 h 15 avec École de musique
          bob@example.org: Les heures comptent : 11 h 15 avec Judo-club
        Bob's link confirms
          alice@example.org: D’accord, en attente : 11 h 30 avec École de musique
          anne@example.org: D’accord, en attente : 11 h 30 avec École de musique
          bob@example.org: Bob a dit oui à Judo-club : 11 h 30
        "); }
        village.ledger.assert_sound().await;
        assert_eq!(bob.principal, Principal::Person(village.bob));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_says_what_is_asked_and_nothing_personal() {
    let folder = folder();
    let village = Village::with_folder(Database::Sqlite, folder.path()).await;
    let mut secretive = exchange(village.club, village.school, 600, day(2025, 2, 22));
    secretive.memo = Some("Une remarque pour nous".to_owned());
    village
        .ledger
        .done_by(village.alice(), Command::Propose { side: Side::Giver, exchange: secretive, evidence: None })
        .await;
    village.see_to_mail().await;
    let [letter] = village.new_letters(folder.path()).try_into().unwrap();
    let link = letter.link("/r/").unwrap();
    insta::assert_snapshot!(letter.text.replace(&link, "/r/SECRET").replace('\u{a0}', "~").replace('\r', ""), @r"
    Bonjour Bob,

    Voici ce que Judo-club a noté~:

    Le samedi 22~février, Judo-club a aidé École de musique~: 10~h.

    Est-ce juste~? Vous pouvez dire oui, corriger la durée ou la date, ou dire non.

    Répondre
    https://heures.example.org/r/SECRET

    Ce lien est pour vous, pour répondre au nom de votre association (École de musique), jusqu’à ce qu’une réponse soit donnée. Gardez-le~: qui le suit peut répondre à votre place. Il n’ouvre rien d’autre.
    ");
    for header in ["Auto-Submitted", "Content-Language", "Date", "MIME-Version"] {
        assert!(letter.headers[header].is_string(), "{header}: {}", letter.headers);
    }
    assert_eq!(letter.headers["From"], "Entraide du pays <heures@example.org>");
    assert!(!letter.html.contains("remarque") && !letter.html.contains("<img"), "{}", letter.html);
    assert!(link.starts_with("/r/cdm_1_") && link.len() > 40, "{link}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mediator_is_led_to_the_page_of_the_disagreement() {
    let folder = folder();
    let village = Village::with_folder(Database::Sqlite, folder.path()).await;
    let theirs = exchange(village.club, village.school, 60, day(2025, 2, 24));
    let act = village
        .ledger
        .done_by(village.bob(), Command::Propose { side: Side::Receiver, exchange: theirs, evidence: None })
        .await;
    let contest = Command::Contest { exchange: ExchangeNumber(act.0), reason: "parce que".to_owned() };
    village.ledger.done_by(village.alice(), contest).await;
    village.see_to_mail().await;
    let letters = village.new_letters(folder.path());
    let letter = letters.iter().find(|letter| letter.to == "medi@example.org").unwrap();
    let link = letter.link("/m/").unwrap();
    // As the table of pages has it: `/m/{exchange}`.
    assert!(link.strip_prefix("/m/").is_some_and(|name| name.parse::<uuid::Uuid>().is_ok()), "{link}");
}

/// Whoever brings a year in, or says yes to a whole list, fills nobody's mailbox.
#[tokio::test(flavor = "multi_thread")]
async fn many_at_once_are_one_letter() {
    for database in Database::tried() {
        let server = MailServer::start();
        let village = Village::on_route(database, &server.way()).await;
        let mut proposed = Vec::new();
        for number in 1..=25 {
            proposed.push(village.proposed(15 * number).await);
        }
        village.see_to_mail().await;
        let letters = village.new_letters(server.folder.path());
        insta::allow_duplicates! { insta::assert_snapshot!(shown(&letters), @"  bob@example.org: École de musique : 25 réponses sont attendues"); }
        let text = letters.iter().map(|letter| letter.text.as_str()).collect::<Vec<_>>().join("\n");
        assert_eq!(text.matches("\n- ").count(), 21, "twenty, and that there are others: {text}");
        assert!(text.contains("/answer"), "{text}");
        for exchange in proposed.iter().take(3) {
            village.ledger.done_by(village.bob(), confirm(*exchange)).await;
        }
        village.see_to_mail().await;
        let letters = village.new_letters(server.folder.path());
        insta::allow_duplicates! { insta::assert_snapshot!(shown(&letters), @r"
        alice@example.org: Judo-club : 3 échanges ont changé
        anne@example.org: Judo-club : 3 échanges ont changé
        "); }
        // Two are told as they are.
        for exchange in proposed.iter().skip(3).take(2) {
            village.ledger.done_by(village.bob(), confirm(*exchange)).await;
        }
        village.see_to_mail().await;
        let letters = village.new_letters(server.folder.path());
        assert_eq!(letters.len(), 4, "{}", shown(&letters));
    }
}
