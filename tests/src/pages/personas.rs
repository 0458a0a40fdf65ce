//! The days of those who do more than note and answer, in a real browser: on a phone in French, and at a desk in English
//! without script and with the keyboard alone.

use serde_json::json;

use super::browser::Browser;
use super::coordinator::age;
use super::looking::crowded;
use super::tab::{Eyes, Tab};
use super::village::Village;
use crate::api::served::token;
use crate::command::Sandbox;

/// The ways in which each day is spent.
pub(super) const WAYS: [Eyes; 2] =
    [Eyes::PHONE, Eyes { language: "en", without_script: true, without_mouse: true, ..Eyes::DESK }];

/// Says it in the language that somebody reads.
pub(super) fn said_in(eyes: Eyes) -> impl Fn(&'static str, &'static str) -> &'static str {
    move |french, english| if eyes.language == "fr" { french } else { english }
}

/// What a coordinator finds in the morning, and does until noon; the names are of one way's own.
struct Morning {
    eyes: Eyes,
    /// An association that does not answer, one that a limit holds, and one that asks to join.
    names: [&'static str; 3],
    /// Somebody who comes to help.
    helper: &'static str,
}

const MORNINGS: [Morning; 2] = [
    Morning {
        eyes: WAYS[0],
        names: [
            "Ludothèque de Bain",
            "Amap de Redon",
            "Atelier de réparation partagé de Guer et du pays de Brocéliande",
        ],
        helper: "Yann",
    },
    Morning {
        eyes: WAYS[1], names: ["Cyclo-club de Guichen", "Fablab de Messac", "Cinéma de Pipriac"], helper: "Zoé"
    },
];

/// What waits for the coordinator before they come.
fn set_the_stage(village: &Village, morning: &Morning) {
    let served = &village.served;
    let [silent, held, _] = morning.names;
    let silent = served.association(silent);
    let contact = json!({ "name": "Anne Rault", "phone": "02 99 00 00 01" });
    served.put(&served.operator, &format!("/v1/associations/{silent}/contact"), &contact).expect(200);
    served.propose(village.token("Alice"), &village.chorale, &silent, 90);
    let held = served.association(held);
    let limits = json!({ "limits": { "hard_floor": -60 }, "decision": "AG du 12 mars" });
    served.put(&served.operator, &format!("/v1/associations/{held}/limits"), &limits).expect(200);
    let record = json!({
        "giver": village.chorale, "receiver": held, "minutes": 120, "service_date": "2026-03-14",
        "evidence": { "kind": "paper_slip", "reference": "12" },
    });
    served.post(&served.operator, "/v1/exchanges", &record).expect(201);
}

impl Morning {
    /// Calls who does not answer, and decides about what is held.
    fn call_and_decide(&self, tab: &mut Tab) {
        let t = said_in(self.eyes);
        let [silent, held, _] = self.names;
        tab.open("/");
        tab.reads(silent);
        tab.follow_in(silent, t("1 h 30 avec Chorale de Janzé", "1 h 30 min with Chorale de Janzé"));
        tab.tap(t("Confirmer à la place de l’association", "Confirm for the association"));
        tab.tap(t("Par téléphone", "By telephone"));
        tab.write(t("Qui vous a parlé", "Who spoke to you"), "Anne Rault");
        tab.write(t("Pourquoi, en une phrase", "Why, in one sentence"), "Elle n’a pas d’ordinateur");
        tab.follow(t("Confirmer à sa place", "Confirm for it"));
        tab.reads(t("C’est confirmé : ces heures sont comptées.", "Confirmed: these hours are counted."));

        tab.follow(t("À faire", "To do"));
        tab.reads(t("limite", "limit"));
        tab.follow_in(held, t("Voir l’échange", "See the exchange"));
        tab.reads(t("Limite décidée par : AG du 12 mars", "Limit decided by: AG du 12 mars"));
        let reason = t("Pourquoi, en une phrase", "Why, in one sentence");
        if self.eyes.language == "fr" {
            tab.tap("Compter ces heures malgré la limite");
            tab.write(reason, "Aide déjà donnée, et ils rendront au printemps");
            tab.follow("Compter ces heures");
            tab.reads("C’est fait : ces heures sont comptées.");
        } else {
            tab.tap("Do not count these hours");
            tab.write(reason, "Noted twice");
            tab.follow("Close without counting");
            tab.reads("Closed. Nothing was counted.");
        }
    }

    /// Notes what both sides told by telephone.
    fn note_for_two(&self, tab: &mut Tab) {
        let t = said_in(self.eyes);
        let [silent, held, _] = self.names;
        tab.follow(t("Noter", "Note"));
        tab.write(t("Association qui a aidé", "Association that helped"), silent);
        tab.write(t("Association qui a été aidée", "Association that was helped"), held);
        tab.write(t("Combien de temps en tout", "How long in all"), "4 x 45 min");
        tab.write(t("Pour l’association qui a aidé", "For the association that helped"), "Anne Rault");
        tab.write(t("Pour l’association aidée", "For the association that was helped"), "Paul Guérin");
        tab.follow(t("Noter cette aide", "Note this help"));
        tab.reads(t("C’est noté, comme convenu", "Noted, as agreed between both"));
        tab.reads("3 h");
    }

    /// Admits who asks to join, gives them limits, and prints a card for who helps there.
    fn welcome(&self, tab: &mut Tab) {
        let t = said_in(self.eyes);
        let [.., new] = self.names;
        tab.follow(t("Réseau", "Network"));
        tab.follow(t("Nouveau membre", "New member"));
        tab.write(t("Nom", "Name"), new);
        tab.choose(t("Situation", "State"), t("Demande à entrer", "Asks to join"));
        tab.follow(t("Ajouter", "Add"));
        tab.reads(new);
        tab.tap(t("Admettre dans le réseau", "Admit to the network"));
        tab.write(t("Pourquoi", "Why"), "Votée par le bureau le 3 juin");
        tab.follow(t("Admettre", "Admit"));
        tab.reads(t("C’est fait, et scellé avec votre raison.", "Done, and sealed with your reason."));
        tab.tap(t("Lui donner des limites à elle", "Give it limits of its own"));
        tab.write(t("Reçu de plus que donné : prévenir", "Received more than given: warn"), "10 h");
        tab.write(t("La décision", "The decision"), "Bureau du 3 juin");
        tab.follow(t("Fixer ces limites", "Set these limits"));
        tab.reads(t("Au-delà de 10 h reçues de plus", "Beyond 10 h received more"));

        tab.follow(t("Réseau", "Network"));
        tab.follow(t("Personnes", "Persons"));
        tab.tap(t("Nouvelle personne", "New person"));
        tab.write(t("Prénom", "First name"), self.helper);
        tab.write(t("Nom", "Last name"), "Le Bihan");
        tab.write("Code", self.helper);
        tab.follow(t("Ajouter", "Add"));
        tab.tap(t("Dire où elle est bénévole", "Say where they volunteer"));
        tab.choose("Association", new);
        tab.follow(t("Enregistrer", "Save"));
        tab.reads(new);
        tab.follow(t("Imprimer une carte de connexion", "Print a card to sign in with"));
        tab.follow(t("Préparer les cartes", "Prepare the cards"));
        tab.reads(&format!("{} Le Bihan", self.helper));
        assert_eq!(tab.sheets(), 1);
        assert_eq!(tab.on_paper(crowded), Vec::<String>::new());
    }
}

#[test]
fn a_coordinators_morning() {
    let village = Village::on(Sandbox::sqlite());
    for morning in &MORNINGS {
        set_the_stage(&village, morning);
    }
    age(&village.served.sandbox.database);
    for morning in &MORNINGS {
        let mut tab = village.tab("Nadine", morning.eyes);
        tab.open("/");
        // What is printed fits on a sheet to carry about, however many lines it has.
        assert_eq!(tab.sheets(), 1);
        morning.call_and_decide(&mut tab);
        morning.note_for_two(&mut tab);
        morning.welcome(&mut tab);
        tab.close();
    }
    // 90 minutes twice that were called about, and 120 that were released once.
    assert_eq!(village.served.balance(&village.chorale), 90 + 90 + 120);
}

#[test]
fn a_mediators_decision_is_read_by_both_sides() {
    let village = Village::on(Sandbox::sqlite());
    for eyes in WAYS {
        let t = said_in(eyes);
        let served = &village.served;
        let exchange = served.propose(village.token("Alice"), &village.chorale, &village.judo, 240);
        let reason = json!({ "reason": "C’était 2 h : la pluie nous a arrêtés." });
        served.post(village.token("Bruno"), &format!("/v1/exchanges/{exchange}/contest"), &reason).expect(200);

        let mut tab = village.tab("Marc", eyes);
        tab.open("/");
        tab.follow(t("Chorale de Janzé a aidé Judo-club", "Chorale de Janzé helped Judo-club"));
        tab.reads("C’était 2 h : la pluie nous a arrêtés.");
        tab.tap(t("C’est arrivé : décider combien de temps", "It happened: decide how long"));
        tab.write(t("Combien de temps en tout", "How long in all"), "3h");
        let decision = "Deux heures de travail, et une heure d’attente. Le réseau compte les deux.";
        tab.write(t("Pourquoi, en une phrase", "Why, in one sentence"), decision);
        tab.follow(t("Décider ainsi", "Decide so"));
        tab.reads(t("C’est décidé : ces heures sont comptées.", "Decided: these hours are counted."));
        tab.open("/m");
        tab.reads(t("Aucun désaccord en ce moment.", "No disagreement at the moment."));
        tab.close();
        for (name, side) in [("Alice", &village.chorale), ("Bruno", &village.judo)] {
            let mut browser = village.browser(name, eyes.language);
            browser.open(&format!("/a/{side}/exchanges/{exchange}")).expect(200).reads(decision).reads("3 h");
        }
    }
    assert_eq!(village.served.balance(&village.chorale), 2 * 180);
    village.served.assert_sound();
}

#[test]
fn a_treasurer_knows_where_we_stand_and_who_speaks_for_us() {
    let village = Village::on(Sandbox::sqlite());
    let served = &village.served;
    for (giver, receiver, minutes) in [("Alice", "Bruno", 150), ("Bruno", "Alice", 60)] {
        let side = |name| if name == "Alice" { &village.chorale } else { &village.judo };
        let exchange = served.propose(village.token(giver), side(giver), side(receiver), minutes);
        let path = format!("/v1/exchanges/{exchange}/confirm");
        served.post(village.token(receiver), &path, &json!({})).expect(200);
    }
    for eyes in WAYS {
        let t = said_in(eyes);
        let mut tab = village.tab("Denis", eyes);
        tab.open("/");
        tab.reads(t("Vous avez donné 1 h 30 de plus", "You have given 1 h 30 min more"));
        tab.follow(t("Voir pourquoi", "See why"));
        tab.reads(t("donné 2 h 30", "gave 2 h 30 min"));
        let rows = tab.download(t("Fichier pour un tableur", "File for a spreadsheet"), "coudemain.csv");
        assert_eq!(rows.lines().filter(|line| line.contains("Judo-club de Vitré")).count(), 2, "{rows}");
        tab.follow(t("Avec chacun", "With each"));
        tab.reads(t("Vous avez donné 1 h 30 de plus.", "You gave 1 h 30 min more."));
        tab.follow(t("Échanges", "Exchanges"));
        tab.tap(t("Choisir lesquels", "Choose which"));
        tab.choose(t("Avec qui", "With whom"), "Fanfare");
        tab.follow(t("Montrer", "Show"));
        tab.reads(t("Aucun échange ici.", "No exchange here."));
        tab.follow(t("Tous les montrer", "Show all"));

        let us = t("Notre association", "Our association");
        tab.follow(t("Le réseau", "The network"));
        tab.follow(us);
        tab.follow("Véra Martin");
        tab.follow(t("Peut noter et confirmer", "May note and confirm"));
        tab.reads(t("C’est fait. La personne en est prévenue.", "Done. The person is told."));
        let mut vera = Browser::before(&served.address, eyes.language);
        vera.bring(&format!("coudemain={}", token(&served.sandbox, "--as Véra")));
        let note = format!("/a/{}/note", village.chorale);
        assert_eq!(vera.open(&note).path, note);
        tab.follow("Véra Martin");
        tab.follow(t("Ne note et ne confirme plus", "No longer notes and confirms"));
        assert_ne!(vera.open(&note).path, note);
        tab.follow("Denis Martin");
        tab.follow(t("N’administre plus", "No longer runs it"));
        tab.reads(t("À corriger encore", "Still to mend"));
        tab.follow(us);
        tab.reads("Denis Martin");
        tab.close();
    }
    assert_eq!(served.balance(&village.chorale), 90);
    served.assert_sound();
}

/// Prints a card for Véra, as the coordinator does, and returns its letters.
fn card_for_vera(coordinator: &mut Browser) -> String {
    coordinator.open("/c/cards?q=Véra").choose("Véra Martin").press("Préparer les cartes").expect(200);
    let lines = coordinator.page.text.lines();
    let is_letters = |line: &&str| line.len() == 14 && line.matches('-').count() == 2;
    lines.map(str::trim).find(is_letters).expect("The sheet shows the letters.").to_owned()
}

#[test]
fn a_volunteer_comes_in_with_a_paper_card() {
    let village = Village::on(Sandbox::sqlite());
    let mut denis = village.browser("Denis", "fr");
    denis.open(&format!("/a/{}/us/hours", village.chorale)).write("Qui", "Véra Martin");
    denis.write("Combien de temps", "2h30").press("Enregistrer").expect(200);
    let mut coordinator = village.browser("Nadine", "fr");
    for eyes in WAYS {
        let t = said_in(eyes);
        // On a telephone that is lost since.
        let mut lost = Browser::before(&village.served.address, "fr");
        lost.open("/carte").write("Les douze lettres", &card_for_vera(&mut coordinator)).press("Entrer").expect(200);
        lost.open("/me").expect(200);

        let letters = card_for_vera(&mut coordinator);
        let mut tab = Tab::before(&village.served.address, "a_volunteer_comes_in_with_a_paper_card", eyes);
        tab.open("/carte");
        tab.write(t("Les douze lettres", "The twelve letters"), &letters.to_lowercase().replace('-', " "));
        tab.follow(t("Entrer", "Enter"));
        tab.reads(t("Bonjour Véra", "Hello Véra"));
        tab.reads(t("Vous avez donné 2 h 30 en tout.", "You have given 2 h 30 min in all."));
        tab.follow(t("Mes messages", "My messages"));
        tab.tap(t("Chaque mois", "Every month"));
        tab.tap(if eyes.language == "fr" { "English" } else { "Français" });
        tab.follow(t("Enregistrer", "Save"));
        tab.reads(t("C’est enregistré.", "Saved."));

        tab.tap("Véra");
        tab.follow(t("Mes appareils", "My devices"));
        tab.reads(t("C’est l’appareil que vous tenez.", "This is the device in your hands."));
        tab.reads(t("avec une carte papier", "with a paper card"));
        tab.follow(t("Déconnecter : Un appareil", "Sign out: A device"));
        tab.reads(t("Cet appareil est déconnecté.", "That device is signed out."));
        lost.open("/me").reads("Se connecter");
        tab.tap("Véra");
        tab.follow(t("Se déconnecter", "Sign out"));
        tab.reads(t("Vous êtes déconnecté de cet appareil.", "You are signed out on this device."));
        tab.close();
    }
}
