//! How associations and people come in who were not asked: through a real server, each step by the person who takes it.

use serde_json::json;

use super::browser::Browser;
use super::coordinator::send;
use super::sign_in::{House, ask};
use crate::api::served::by_hand;
use crate::command::both;

const CHOIR: &str = "Chorale de Janzé";

/// Fills in what an association says of itself, and who asks.
fn apply<'a>(browser: &'a mut Browser, name: &str, email: &str) -> &'a mut Browser {
    browser.open("/sign-in").follow("Votre association veut rejoindre le réseau ?").expect(200);
    browser.write("Le nom de l’association", name).write("Sa commune", "Retiers");
    browser.write("Votre prénom", "Rose").write("Votre nom", "Blin").write("Votre adresse e-mail", email);
    browser
}

/// A browser in which whoever reads the mail of that address is signed in.
fn signed_in(house: &House, address: &str, mails: usize) -> Browser {
    let mut browser = house.browser();
    ask(&mut browser, address);
    browser.open(&house.link_to(address, mails)).expect(200).press("Entrer").expect(200);
    browser
}

#[test]
fn an_association_asks_to_join_and_speaks_for_itself_once_it_is_admitted() {
    for sandbox in both() {
        let house = House::on(sandbox);
        let mut coordinator = house.coordinator();
        let mut asking = house.browser();
        apply(&mut asking, "Fanfare de Retiers", "rose@example.org").write("Son numéro RNA", "W35");
        asking.press("Envoyer la demande").expect(422).reads("W353012345").reads("Fanfare de Retiers");
        asking.write("Son numéro RNA", "W353012345").write("Ce qu’elle fait", "<script>alert(1)</script> & des bals");
        let form = asking.page.forms.iter().find(|form| form.action.ends_with("/join")).unwrap().clone();
        asking.press("Envoyer la demande").expect(200).reads("Votre demande est arrivée");
        // Two taps are one request.
        asking.submit(&form, 0).expect(200).reads("Votre demande est arrivée");
        // Nothing of it is public, and nothing stands in the ledger.
        let members = house.served.get(&house.served.operator, "/v1/associations").expect(200);
        assert!(!members.text.contains("Fanfare"), "{}", members.text);

        coordinator.open("/c").reads("Répondre à Fanfare de Retiers, qui veut rejoindre le réseau");
        coordinator.reads("Rose Blin l’a demandé le").follow("Lire la demande").expect(200);
        coordinator
            .reads("W353012345")
            .reads("<script>alert(1)</script> & des bals")
            .reads("Écrire à rose@example.org");
        coordinator.press("Admettre").expect(200).reads("L’association est admise ; un message l’en prévient.");
        coordinator.reads("Fanfare de Retiers");
        coordinator.open("/c").open("/c/applications").reads("Aucune association n’attend de réponse.");

        let mails = house.mails_to("rose@example.org", 1);
        assert!(mails[0].contains("fait maintenant partie de"), "{}", mails[0]);
        let mut rose = signed_in(&house, "rose@example.org", 2);
        rose.open("/").expect(200).reads("Fanfare de Retiers").reads("Bonjour Rose");
        rose.follow("Noter de l’aide").expect(200);
        rose.open("/me").reads("Vous faites partie de Fanfare de Retiers.");
    }
}

#[test]
fn whoever_is_given_a_role_gets_a_letter_with_the_way_in() {
    for sandbox in both() {
        let house = House::on(sandbox);
        let mut coordinator = house.coordinator();
        let served = &house.served;
        let body = json!({ "code": "rose", "first_name": "Rose", "email": "rose@example.org" });
        let rose = served.post(&served.operator, "/v1/persons", &body).expect(201).field("id");
        // Whoever gives it to themselves knows it already, and the same request twice is one letter.
        let role = json!({ "role": "mediator" });
        let path = format!("/v1/persons/{rose}/roles");
        for _ in 0..2 {
            served.call("POST", &path).token(&served.operator).key("one").json(&role).send().expect(200);
        }
        let mails = house.news_of_roles_to("rose@example.org", 1);
        assert!(mails[0].contains("Vous assurez maintenant la médiation"), "{}", mails[0]);
        assert!(mails[0].contains("http://heures.example.org/sign-in"), "{}", mails[0]);
        coordinator.open(&format!("/c/persons/{rose}")).expect(200);
        send(&mut coordinator, "/grant", &[("role", "auditor")]).expect(200);
        let mails = house.news_of_roles_to("rose@example.org", 2);
        assert!(mails.iter().any(|mail| mail.contains("tout lire")), "{mails:?}");
        assert_eq!(mails.len(), 2, "{mails:?}");
    }
}

#[test]
fn an_association_is_refused_for_a_reason_that_it_reads() {
    for sandbox in both() {
        let house = House::on(sandbox);
        let (mut coordinator, mut other) = (house.coordinator(), house.browser());
        apply(&mut house.browser(), "Casino de Janzé", "rose@example.org").press("Envoyer la demande").expect(200);
        coordinator.open("/c").follow("Lire la demande").reads("elle n’en donne pas");
        let page = coordinator.path.clone();
        coordinator.press("Refuser").expect(422).reads("Dites pourquoi");
        coordinator.write("Pourquoi", "Nous n’accueillons que des associations.").press("Refuser").expect(200);
        coordinator.reads("C’est refusé ; un message dit pourquoi.").reads("Nous n’accueillons que des associations.");
        let mails = house.mails_to("rose@example.org", 1);
        assert!(mails[0].contains("Nous n’accueillons que des associations."), "{}", mails[0]);
        // It is out of the day's list, and stays among those that were refused.
        coordinator.open("/c").open("/c/applications").reads("Casino de Janzé");
        assert!(!coordinator.open("/c").page.text.contains("Casino"));
        // Nobody but the coordinator reads any of it.
        other.open(&page).reads("Se connecter");

        // Whoever gave a telephone number alone is called.
        let mut asking = house.browser();
        apply(&mut asking, "Fanfare de Retiers", "").press("Envoyer la demande");
        asking.expect(422).reads("il faut pouvoir vous répondre");
        asking.write("Votre téléphone", "02 99 00 00 00").press("Envoyer la demande").expect(200);
        coordinator.open("/c").follow("Lire la demande").reads("Appeler le 02 99 00 00 00");
        coordinator.press("Admettre").expect(200).reads("Prévenez-la vous-même");
    }
}

#[test]
fn what_resembles_a_member_is_said_and_the_ledgers_refusal_leaves_the_request() {
    let house = House::on(crate::command::Sandbox::sqlite());
    let mut coordinator = house.coordinator();
    apply(&mut house.browser(), "chorale de JANZE", "rose@example.org").press("Envoyer la demande").expect(200);
    coordinator.open("/c").follow("Lire la demande").reads("Est-elle déjà membre ?").reads("Chorale de Janzé (actif)");
    let long = "long ".repeat(60);
    coordinator.write("Nom", &long).press("Admettre").expect(422);
    // It can still be refused.
    coordinator.write("Pourquoi", "Elle est déjà là.").press("Refuser").expect(200).reads("C’est refusé");
}

#[test]
fn an_admission_that_broke_off_is_gone_on_with_under_any_name_and_nobody_refuses_it() {
    for sandbox in both() {
        let house = House::on(sandbox);
        let database = house.served.sandbox.database.clone();
        let mut coordinator = house.coordinator();
        apply(&mut house.browser(), "Fanfare de Retiers", "rose@example.org").press("Envoyer la demande").expect(200);
        let page = coordinator.open("/c").follow("Lire la demande").path.clone();
        by_hand(
            &database,
            "UPDATE application SET state = 'admitting'; CREATE TABLE noted AS SELECT * FROM application",
        );
        coordinator.open(&page).press("Admettre").expect(200).reads("L’association est admise");
        // As if the machine had stopped before the request was forgotten.
        by_hand(&database, "INSERT INTO application SELECT * FROM noted; DROP TABLE noted");
        coordinator.open(&page).expect(200);
        assert!(!coordinator.page.text.contains("Refuser"), "{}", coordinator.page.text);
        coordinator.write("Nom", "La Fanfare").press("Admettre").expect(200).reads("L’association est admise");
        coordinator
            .reads("Fanfare de Retiers")
            .open("/c/applications")
            .reads("Aucune association n’attend de réponse.");
        // It is in once, under its first name, and its letters say the same.
        let members = house.served.get(&house.served.operator, "/v1/associations").expect(200);
        assert_eq!(members.text.matches("Fanfare").count(), 1, "{}", members.text);
        let mails = house.mails_to("rose@example.org", 2);
        assert!(mails.iter().all(|mail| mail.contains("Fanfare de Retiers")), "{mails:?}");
        assert!(!mails.iter().any(|mail| mail.contains("La Fanfare")), "{mails:?}");
    }
}

/// Where somebody's own association is.
fn ours(browser: &mut Browser) -> &mut Browser {
    browser.open("/").follow("Le réseau").follow("Notre association").expect(200)
}

/// The path of a link that the choir's administrator has just made.
fn link(administrator: &mut Browser, button: &str) -> String {
    ours(administrator).follow("Accueillir des bénévoles").expect(200).press(button).expect(200);
    let text = administrator.page.text.clone();
    let (_, after) = text.split_once("http://heures.example.org").unwrap();
    after.split_whitespace().next().unwrap().to_owned()
}

/// A house whose choir has Ana as its administrator, who is signed in.
fn with_administrator(sandbox: crate::command::Sandbox) -> (House, Browser) {
    let house = House::on(sandbox);
    let mut coordinator = house.coordinator();
    coordinator.open("/c/persons").follow("Ana Petit").expect(200);
    coordinator.write("Rôle", "Administrateur").write("Pour quelle association", CHOIR).press("Donner ce rôle");
    coordinator.expect(200);
    let ana = signed_in(&house, "ana@example.org", 1);
    (house, ana)
}

#[test]
fn somebody_signs_up_with_a_link_and_proves_their_address() {
    for sandbox in both() {
        let (house, mut ana) = with_administrator(sandbox);
        let path = link(&mut ana, "Un lien à envoyer");
        let mut zoe = house.browser();
        zoe.open(&path).expect(200).reads("Rejoindre Chorale de Janzé");
        zoe.write("Votre prénom", "Zoé").write("Votre nom", "Gallo").press("M’inscrire");
        zoe.expect(422).reads("il faut pouvoir vous répondre").reads("Gallo");
        zoe.write("Votre adresse e-mail", " ZOE@example.org ").press("M’inscrire").expect(200);
        zoe.reads("Un message vient de partir.");
        // Nobody is in before the address is proved, and a scanner that opens the link proves nothing.
        let letter = house.link_to("zoe@example.org", 1);
        house.browser().open(&letter).expect(200).reads("Vous êtes Zoé Gallo, à l’adresse zoe@example.org.");
        ours(&mut ana);
        assert!(!ana.page.text.contains("Zoé"), "{}", ana.page.text);

        zoe.open(&letter).press("C’est bien moi, entrer").expect(200).reads("C’est fait : vous en faites partie.");
        zoe.reads("Vous faites partie de Chorale de Janzé.").reads("Bonjour Zoé");
        house.browser().open(&letter).expect(410).reads("Ce lien ne vaut plus");
        ours(&mut ana).reads("Zoé Gallo");
        // To belong gives nobody a say.
        zoe.open("/").reads("Zoé");
        assert!(!zoe.page.text.contains("Noter de l’aide"), "{}", zoe.page.text);

        // Whoever is known signs in, and says yes.
        let mut bob = house.browser();
        bob.open(&path).follow("Vous entrez déjà ici ? Connectez-vous d’abord.").expect(200);
        // A link that was taken back works for nobody, and neither does a letter that came of it.
        let mut late = house.browser();
        late.open(&path).write("Votre prénom", "Luc").write("Votre nom", "Tard");
        late.write("Votre adresse e-mail", "luc@example.org").press("M’inscrire").expect(200);
        ours(&mut ana).follow("Accueillir des bénévoles").press("Reprendre ce lien");
        ana.expect(200).reads("Le lien ne vaut plus rien.");
        house.browser().open(&path).expect(410);
        late.open(&house.link_to("luc@example.org", 1)).expect(410);
    }
}

#[test]
fn an_address_that_is_known_is_answered_like_any_other_and_asks_who_it_is() {
    for sandbox in both() {
        let (house, mut ana) = with_administrator(sandbox);
        let path = link(&mut ana, "Une affiche à imprimer");
        ana.reads("Chorale de Janzé a besoin de vous");
        // Its letters are typed from paper.
        let path = path.to_lowercase().replace('-', "").replace("/signup/", "/sign-up/");
        assert_eq!(path.len(), "/sign-up/".len() + 12, "{path}");
        let mut eve = house.browser();
        eve.open(&path).write("Votre prénom", "Yann").write("Votre nom", "Petit");
        eve.write("Votre adresse e-mail", "us@example.org").press("M’inscrire").expect(200);
        eve.reads("Un message vient de partir.");
        let letter = house.link_to("us@example.org", 1);
        eve.open(&letter).reads("Cette adresse est déjà connue ici.").press("Quelqu’un d’autre : Yann Petit");
        eve.expect(200).reads("Bonjour Yann");
        // Bob belongs already: nothing is written twice.
        let mut bob = house.browser();
        bob.open(&path).write("Votre prénom", "Bob").write("Votre nom", "Petit");
        bob.write("Votre adresse e-mail", "us@example.org").press("M’inscrire").expect(200);
        bob.open(&house.link_to("us@example.org", 2)).press("Bob Petit").expect(200).reads("Bonjour Bob");
    }
}

#[test]
fn whoever_has_no_address_is_added_by_the_coordinator_and_gets_a_card() {
    for sandbox in both() {
        let (house, mut ana) = with_administrator(sandbox);
        let path = link(&mut ana, "Une affiche à imprimer");
        let mut lea = house.browser();
        lea.open(&path).write("Votre prénom", "Léa").write("Votre nom", "Roux");
        lea.write("Votre téléphone", "02 99 11 22 33").write("Vous avez moins de 18 ans ?", "2099-05-01");
        lea.press("M’inscrire").expect(200).reads("La coordination du réseau vous appelle");
        ours(&mut ana).follow("Accueillir des bénévoles");
        ana.reads("Une personne sans e-mail attend que la coordination du réseau l’ajoute.");

        let mut coordinator = signed_in(&house, "anne@example.org", 1);
        coordinator.open("/c").reads("Ajouter Léa Roux").follow("Voir").reads("Appeler le 02 99 11 22 33");
        let twice = coordinator.page.forms.iter().find(|form| form.action.ends_with("/add")).unwrap().clone();
        coordinator.press("Ajouter").expect(200).reads("C’est fait. Il reste à lui imprimer une carte.");
        coordinator.reads("Léa Roux");
        coordinator.submit(&twice, 0).expect(200).reads("Quelqu’un avait déjà répondu à cette demande.");
        ours(&mut ana).reads("Léa Roux");
    }
}
