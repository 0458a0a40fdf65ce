//! Getting in and out, as people do it: through a real server, with the plainest of browsers.

use std::io::{BufRead as _, BufReader, Read as _};
use std::path::PathBuf;
use std::process::ChildStdout;

use super::browser::Browser;
use super::mailbox::Mailbox;
use super::page::Kind;
use crate::api::served::{Served, by_hand, eventually, exchange, token};
use crate::command::{Sandbox, both};
use crate::twins::done;

const PERSONS: &str = "code,first_name,last_name,email,association\n\
                       ANA,Ana,Petit,ana@example.org,Chorale de Janzé\n\
                       BOB,Bob,Petit,us@example.org,Chorale de Janzé\n\
                       EVE,Ève,Petit,us@example.org,Chorale de Janzé\n\
                       MAR,Marcel,Blin,,Chorale de Janzé\n";

/// A network that is served with its pages, and the link for its first coordinator.
pub(super) struct House {
    pub(super) served: Served,
    /// The paths of the links for first coordinators.
    links: Vec<String>,
    mails: PathBuf,
    _said: BufReader<ChildStdout>,
}

impl House {
    /// With mail.
    pub(super) fn on(sandbox: Sandbox) -> Self {
        Self::with(sandbox, "--mail folder:mails --mail-from heures@example.org", 1)
    }

    pub(super) fn with(sandbox: Sandbox, words: &str, networks: usize) -> Self {
        let members = sandbox.write("members.csv", "name,kind\nChorale de Janzé,association\n");
        sandbox.write("persons.csv", PERSONS);
        let mails = members.parent().unwrap().join("mails");
        let another = if networks > 1 { "--another" } else { "" };
        done(&sandbox.run(&format!("init 'Entraide du pays' {another}")));
        let network = if networks > 1 { "--network entraide-du-pays" } else { "" };
        for line in ["import associations members.csv", "import persons persons.csv"] {
            done(&sandbox.run(&format!("{line} {network}")));
        }
        let public = "--public-url http://heures.example.org";
        let line = format!("serve --listen 127.0.0.1:0 --log-requests false --rate 0 {public} {words}");
        let mut process = sandbox.spawn(&line);
        let mut said = BufReader::new(process.stdout.take().unwrap());
        let (mut address, mut links) = (String::new(), Vec::new());
        while links.len() < networks {
            let mut line = String::new();
            if said.read_line(&mut line).unwrap() == 0 {
                let mut why = String::new();
                process.stderr.take().unwrap().read_to_string(&mut why).unwrap();
                panic!("The service does not start: {why}");
            }
            match line.trim().split_once("http://heures.example.org") {
                Some((_, path)) => links.push(path.to_owned()),
                None => line.trim().split_once("http://").unwrap().1.clone_into(&mut address),
            }
        }
        let operator = token(&sandbox, network);
        let served = Served { sandbox, address, second_address: None, operator, process };
        Self { served, links, mails, _said: said }
    }

    pub(super) fn browser(&self) -> Browser {
        Browser::before(&self.served.address, "fr")
    }

    /// A browser in which the first coordinator is signed in.
    pub(super) fn coordinator(&self) -> Browser {
        let mut browser = self.browser();
        browser.open(&self.links[0]);
        browser.write("Votre prénom", "Anne").write("Votre nom", "Le Goff");
        browser.write("Votre adresse e-mail", "anne@example.org").press("Commencer");
        browser
    }

    /// What was sent to an address, once so many letters were; news of a role apart.
    pub(super) fn mails_to(&self, address: &str, count: usize) -> Vec<String> {
        self.sent_to(address, count, false)
    }

    /// News of a role that were sent to an address, once so many were.
    pub(super) fn news_of_roles_to(&self, address: &str, count: usize) -> Vec<String> {
        self.sent_to(address, count, true)
    }

    fn sent_to(&self, address: &str, count: usize, is_of_role: bool) -> Vec<String> {
        let mailbox = Mailbox::at(&self.mails);
        let is_theirs = |mail: &String| {
            let is_to_them = mail.lines().any(|line| line.starts_with("To: ") && line.contains(address));
            is_to_them && mail.contains("vous a été donné") == is_of_role
        };
        let theirs = || mailbox.read().into_iter().filter(is_theirs).collect();
        eventually(&format!("{count} mails to {address}"), || Vec::len(&theirs()) >= count);
        theirs()
    }

    /// The path of the link in the last mail to an address.
    pub(super) fn link_to(&self, address: &str, count: usize) -> String {
        let mails = self.mails_to(address, count);
        let (_, after) = mails.last().unwrap().split_once("http://heures.example.org").unwrap();
        after.split_whitespace().next().unwrap().to_owned()
    }

    /// The digits in the last mail to an address.
    fn code_to(&self, address: &str, count: usize) -> String {
        let mails = self.mails_to(address, count);
        let is_code = |line: &&str| line.len() == 7 && line.chars().all(|it| it.is_ascii_digit() || it == ' ');
        mails.last().unwrap().lines().map(str::trim).find(is_code).unwrap().to_owned()
    }
}

pub(super) fn ask(browser: &mut Browser, address: &str) {
    browser.open("/sign-in").write("Votre adresse e-mail", address).press("Recevoir mon lien").expect(200);
}

#[test]
fn the_first_coordinator_says_who_they_are_once() {
    for sandbox in both() {
        let house = House::on(sandbox);
        let mut browser = house.browser();
        browser.open(&house.links[0]).expect(200).reads("Bienvenue : Entraide du pays");
        // What does not fit is said at its field, and all that was written is kept.
        browser.write("Votre prénom", "Anne").write("Votre adresse e-mail", "anne@@example.org").press("Commencer");
        browser.expect(422).reads("Votre nom manque.").reads("Anne");
        browser.write("Votre nom", "Le Goff").press("Commencer").expect(422).reads("Cette adresse n’est pas complète.");
        browser.write("Votre adresse e-mail", "anne@example.org").press("Commencer");
        browser.open("/me/devices").expect(200).reads("C’est l’appareil que vous tenez.");
        house.browser().open(&house.links[0]).expect(410).reads("Ce lien a déjà servi");
        house.browser().open("/first/cdm_1_x").expect(410);
        // They are coordinator, and have an address to come back with.
        browser.open("/c/cards").expect(200).reads("Marcel Blin");
        let mut elsewhere = house.browser();
        ask(&mut elsewhere, "Anne@Example.org");
        elsewhere.open(&house.link_to("anne@example.org", 1)).press("Entrer : Anne Le Goff");
        elsewhere.open("/c/cards").expect(200);
    }
}

#[test]
fn a_mail_lets_in_by_its_link_and_opening_it_does_nothing() {
    for sandbox in both() {
        let house = House::on(sandbox);
        let (mut known, mut unknown) = (house.browser(), house.browser());
        ask(&mut known, "ana@example.org");
        ask(&mut unknown, "nobody@example.org");
        assert_eq!((&known.path, &known.page.text), (&unknown.path, &unknown.page.text), "nobody learns who is known");
        let link = house.link_to("ana@example.org", 1);

        // Scanners of mail open every link, and some send what is there without having seen the form.
        for method in ["GET", "HEAD"] {
            assert_eq!(house.browser().ask(method, &link, None).status, 200, "{method}");
        }
        let blind = format!(
            "POST {link} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n",
            house.served.address
        );
        assert_eq!(exchange(&house.served.address, blind.as_bytes()).unwrap().status, 403);

        let mut browser = house.browser();
        browser.open(&link).reads("Vous y êtes presque").press("Entrer : Ana Petit");
        browser.open("/me/devices").expect(200).reads("Mes appareils");
        // Twice, and on another device: it is spent, and the page says what helps.
        for mut late in [house.browser(), house.browser()] {
            late.open(&link).expect(410).reads("Ce lien ne vaut plus").follow("Demander un autre lien").expect(200);
        }
        browser.press("Se déconnecter").reads("Vous êtes déconnecté de cet appareil.");
        assert_eq!(browser.cookies(), Vec::<String>::new());
        browser.open("/me/devices").reads("Se connecter");
    }
}

#[test]
fn digits_let_in_where_they_were_asked_for() {
    for sandbox in both() {
        let house = House::on(sandbox);
        let (mut browser, mut other) = (house.browser(), house.browser());
        ask(&mut browser, "us@example.org");
        let code = house.code_to("us@example.org", 1);
        other.open("/sign-in/mail").write("Les six chiffres", &code).press("Entrer").expect(422);
        other.reads("Ces chiffres ne sont pas les bons");
        let wrong = if code == "000 000" { "111 111" } else { "000 000" };
        browser.write("Les six chiffres", wrong).press("Entrer").expect(422).reads("Ces chiffres ne sont pas les bons");
        // Two persons have the address.
        browser
            .write("Les six chiffres", &code)
            .press("Entrer")
            .expect(422)
            .reads("Qui êtes-vous ?")
            .press("Ève Petit");
        browser.open("/me/devices").expect(200).reads("Ève");
        // Who asks with what is no address is told so, whoever is known.
        let mut browser = house.browser();
        for address in ["ana", "ana@@example.org", "", "ana@example.org\u{0}", "<script>@x"] {
            browser.open("/sign-in").write("Votre adresse e-mail", address).press("Recevoir mon lien");
            if address == "<script>@x" {
                browser.expect(200);
            } else {
                browser.expect(422).reads("Cette adresse n’est pas complète.");
            }
        }
    }
}

#[test]
fn one_is_led_back_to_where_one_wanted_to_go_and_nowhere_else() {
    for sandbox in both() {
        let house = House::on(sandbox);
        let mut browser = house.browser();
        browser.open("/me/devices").expect(200).reads("Se connecter");
        browser.write("Votre adresse e-mail", "ana@example.org").press("Recevoir mon lien");
        browser.write("Les six chiffres", &house.code_to("ana@example.org", 1)).press("Entrer");
        assert_eq!(browser.path, "/me/devices");
        // The link of the mail remembers it as well.
        let mut browser = house.browser();
        browser.open("/me/devices").write("Votre adresse e-mail", "ana@example.org").press("Recevoir mon lien");
        let link = house.link_to("ana@example.org", 2);
        let mut other = house.browser();
        other.open(&link).press("Entrer : Ana Petit");
        assert_eq!(other.path, "/me/devices");
        for elsewhere in ["https://evil.example/", "//evil.example/", "/\\evil.example"] {
            let mut browser = house.browser();
            browser.open(&format!("/carte?back={elsewhere}"));
            let back = browser.page.forms.iter().flat_map(|form| &form.fields).find(|field| field.name == "back");
            assert_eq!(back.unwrap().value, "/", "{elsewhere}");
        }
    }
}

#[test]
fn a_card_is_printed_lets_in_once_and_is_taken_back() {
    for sandbox in both() {
        let house = House::on(sandbox);
        let mut coordinator = house.coordinator();
        coordinator.open("/c/cards?q=marc").expect(200).choose("Marcel Blin").press("Préparer les cartes").expect(200);
        coordinator.reads("Marcel Blin").reads("http://heures.example.org/carte");
        let letters = letters_on(&coordinator);
        // A reload shows the same; in another browser there is nothing to see.
        coordinator.open("/c/cards/sheet");
        assert_eq!(letters_on(&coordinator), letters);

        let mut marcel = house.browser();
        marcel.open("/carte").write("Les douze lettres", "0000-0000-0000").press("Entrer").expect(422);
        marcel.reads("Ces lettres ne sont pas les bonnes").reads("0000-0000-0000");
        // The square leads to the letters, and nothing is used by looking.
        for _ in 0..2 {
            marcel.open(&format!("/carte/{letters}")).expect(200).reads(&letters);
        }
        marcel.press("Entrer");
        marcel
            .open("/me/devices")
            .expect(200)
            .reads("avec une carte papier")
            .reads("quelqu’un est entré avec une carte");
        house.browser().open(&format!("/carte/{letters}")).press("Entrer").expect(422);

        coordinator.open("/c/cards").reads("Utilisée le");
        coordinator.open("/c/cards?q=Ana").choose("Ana Petit").press("Préparer les cartes");
        let letters = letters_on(&coordinator);
        coordinator
            .open("/c/cards")
            .press("Reprendre la carte : Ana Petit")
            .expect(200)
            .reads("La carte ne vaut plus rien.");
        house.browser().open(&format!("/carte/{letters}")).press("Entrer").expect(422);
        coordinator
            .open("/c/cards")
            .press("Préparer les cartes")
            .expect(422)
            .reads("Choisissez au moins une personne.");
        // Who is no coordinator finds nothing here.
        marcel.open("/c/cards").expect(403);
        house.browser().open("/c/cards").reads("Se connecter");
    }
}

#[test]
fn an_administrator_prints_cards_for_those_who_are_theirs_and_come_in_by_nothing_else() {
    for sandbox in both() {
        let house = House::on(sandbox);
        let served = &house.served;
        let listed = |path: &str| served.get(&served.operator, path).expect(200).json()["items"].clone();
        let association = listed("/v1/associations")[0]["id"].as_str().unwrap().to_owned();
        let persons = listed("/v1/persons");
        let person = |code: &str| {
            let found = persons.as_array().unwrap().iter().find(|person| person["code"] == code);
            found.unwrap()["id"].as_str().unwrap().to_owned()
        };
        served.give_role(&person("ANA"), "administrator", Some(&association));
        served.give_role(&person("BOB"), "delegate", Some(&association));
        let sign_in = |address: &str, name: &str| {
            let mut browser = house.browser();
            ask(&mut browser, address);
            browser.open(&house.link_to(address, 1)).press(name);
            browser
        };
        let cards = format!("/a/{association}/cards");
        let mut ana = sign_in("ana@example.org", "Entrer : Ana Petit");
        ana.open(&cards).expect(200).reads("Marcel Blin").reads("Bob Petit");
        assert!(!ana.page.text.contains("Ana Petit"), "who signs in by mail needs no card: {}", ana.page.text);
        // Lost, and printed again: of two cards the last one works.
        let mut printed = || {
            ana.open(&cards).choose("Marcel Blin").press("Préparer les cartes").expect(200);
            letters_on(&ana)
        };
        let (lost, letters) = (printed(), printed());
        let mut marcel = house.browser();
        marcel.open(&format!("/carte/{lost}")).press("Entrer").expect(422);
        marcel.write("Les douze lettres", &letters).press("Entrer");
        marcel.open("/me/devices").expect(200).reads("avec une carte papier");

        // Who signs in by themselves from now on is nobody's to print a card for, whatever the form said.
        let form =
            ana.open(&cards).page.forms.iter().find(|form| form.is_post && form.action == cards).unwrap().clone();
        let mut bob = sign_in("us@example.org", "Bob Petit");
        bob.open(&cards).expect(403);
        let mut form = form;
        for field in form.fields.iter_mut().filter(|field| field.label == "Bob Petit") {
            field.kind = Kind::Tick { is_ticked: true };
        }
        ana.submit(&form, 0).expect(422).reads("L’une de ces personnes se connecte déjà");
        assert!(!ana.open(&cards).page.text.contains("Bob Petit"), "{}", ana.page.text);
        served.assert_sound();
    }
}

/// The letters on the only card of a sheet.
fn letters_on(browser: &Browser) -> String {
    let is_letters = |word: &&str| word.len() == 14 && word.split('-').count() == 3;
    let mut words = browser.page.text.split_whitespace().filter(is_letters);
    let letters = words.next().unwrap_or_else(|| panic!("{}", browser.page.text)).to_owned();
    assert_eq!(words.next(), None, "{}", browser.page.text);
    letters
}

#[test]
fn a_lost_telephone_is_signed_out_from_another_device() {
    for sandbox in both() {
        let house = House::on(sandbox);
        let sign_in = |count: usize| {
            let mut browser = house.browser();
            ask(&mut browser, "ana@example.org");
            browser.write("Les six chiffres", &house.code_to("ana@example.org", count)).press("Entrer");
            browser
        };
        let (mut telephone, mut tablet, mut computer) = (sign_in(1), sign_in(2), sign_in(3));
        computer.open("/me/devices").expect(200);
        let others = computer.page.text.matches("<Déconnecter").count();
        assert_eq!(others, 3, "two others, and all of them: {}", computer.page.text);
        computer.press("Déconnecter tous les autres").reads("Tous les autres appareils sont déconnectés.");
        for other in [&mut telephone, &mut tablet] {
            other.open("/me/devices").reads("Se connecter");
        }
        computer.open("/me/devices").expect(200);
        // Nobody ends what is not theirs.
        let mut coordinator = house.coordinator();
        coordinator.open("/me/devices");
        let mut theirs = sign_in(4);
        theirs.open("/me/devices");
        let end = theirs.page.forms.iter().find(|form| form.action.ends_with("/end")).unwrap().clone();
        coordinator.submit(&end, 0).expect(404);
        computer.open("/me/devices").expect(200);
    }
}

#[test]
fn what_is_grave_asks_once_more_and_goes_on() {
    for sandbox in both() {
        let house = House::on(sandbox);
        let mut coordinator = house.coordinator();
        let long_ago = "UPDATE access_token SET signed_in_at = 0";
        by_hand(&house.served.sandbox.database, long_ago);
        coordinator.open("/me/devices").expect(200);
        eventually("what is remembered for a second is read again", || {
            coordinator.open("/c/cards?q=Marcel").path.starts_with("/me/again")
        });
        coordinator.reads("Est-ce bien vous ?").press("Recevoir six chiffres par e-mail").expect(200);
        let code = house.code_to("anne@example.org", 1);
        let wrong = if code == "000 000" { "111 111" } else { "000 000" };
        coordinator.write("Les six chiffres", wrong).press("Confirmer avec ces chiffres").expect(422);
        coordinator.reads("Ces chiffres ne sont pas les bons");
        coordinator.write("Les six chiffres", &code).press("Confirmer avec ces chiffres").expect(200);
        assert_eq!(coordinator.path, "/c/cards?q=Marcel");
        // A card of somebody else's shows nothing; one's own does.
        coordinator.choose("Marcel Blin").press("Préparer les cartes");
        let others = letters_on(&coordinator);
        coordinator.open("/c/cards?q=Anne").choose("Anne Le Goff").press("Préparer les cartes");
        let own = letters_on(&coordinator);
        by_hand(&house.served.sandbox.database, long_ago);
        eventually("it is old again", || coordinator.open("/c/cards").path.starts_with("/me/again"));
        coordinator.write("Ou les douze lettres", &others).press("Confirmer avec la carte").expect(422);
        coordinator.write("Ou les douze lettres", &own).press("Confirmer avec la carte").expect(200);
        assert_eq!(coordinator.path, "/c/cards");
        // What was filled in meanwhile is kept on the page, and one shows who one is beside it.
        coordinator.open("/c/cards?q=Marcel").choose("Marcel Blin");
        by_hand(&house.served.sandbox.database, long_ago);
        let mut beside = house.browser();
        beside.bring_all(&coordinator);
        eventually("it is old once more", || beside.open("/c/cards").path.starts_with("/me/again"));
        coordinator.press("Préparer les cartes").expect(403).reads("Est-ce bien vous ?");
        beside.press("Recevoir six chiffres par e-mail").expect(200);
        beside.write("Les six chiffres", &house.code_to("anne@example.org", 2)).press("Confirmer avec ces chiffres");
        coordinator.bring_all(&beside);
        coordinator.press("Envoyer à nouveau ce que vous aviez saisi").expect(200);
        assert_ne!(letters_on(&coordinator), others);
    }
}

#[test]
fn without_mail_the_page_says_so_and_names_the_other_ways() {
    let house = House::with(Sandbox::sqlite(), "", 1);
    let mut browser = house.browser();
    browser.open("/sign-in").expect(200).reads("Ce service n’envoie pas de messages.").follow("J’ai une carte papier");
    browser.expect(200).reads("Les douze lettres et chiffres de la carte");
    let mut coordinator = house.coordinator();
    coordinator.open("/c/cards").expect(200);
    assert_eq!(Browser::before(&house.served.address, "en").open("/sign-in").page.language, "en");
}

#[test]
fn networks_beside_each_other_let_nobody_into_another() {
    for sandbox in both() {
        done(&sandbox.run("init 'Entraide de Vitré' --another"));
        let house = House::with(sandbox, "--mail folder:mails --mail-from heures@example.org", 2);
        assert!(house.links.iter().any(|link| link.starts_with("/n/entraide-du-pays/first/")), "{:?}", house.links);
        let mut browser = house.browser();
        browser.open("/n/entraide-du-pays/sign-in").write("Votre adresse e-mail", "ana@example.org");
        browser.press("Recevoir mon lien");
        assert_eq!(browser.path, "/n/entraide-du-pays/sign-in/mail");
        let link = house.link_to("ana@example.org", 1);
        let (_, rest) = link.split_once("/sign-in/").unwrap();
        house.browser().open(&format!("/n/entraide-de-vitre/sign-in/{rest}")).expect(410);
        browser.open(&link).press("Entrer : Ana Petit");
        browser.open("/n/entraide-du-pays/me/devices").expect(200).reads("Entraide du pays");
        browser.open("/n/entraide-de-vitre/me/devices").reads("Se connecter");
        // Nobody of the other network has the address.
        browser.open("/n/entraide-de-vitre/sign-in").write("Votre adresse e-mail", "ana@example.org");
        browser.press("Recevoir mon lien").expect(200);
        assert_eq!(house.mails_to("ana@example.org", 1).len(), 1);
    }
}
