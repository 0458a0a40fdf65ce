//! A statement that an association was given, held against the ledger on a page.

use std::fs;

use super::browser::Browser;
use super::looks::{WAYS, faults};
use super::tab::Eyes;
use super::village::Village;
use crate::command::{Sandbox, both};
use crate::proofs::files;
use crate::twins::done;

const FIELD: &str = "Votre relevé annuel";

/// A village whose last year is closed, and the choir's and the band's statements of it.
fn village() -> (Village, String, String) {
    village_on(Sandbox::sqlite())
}

fn village_on(sandbox: Sandbox) -> (Village, String, String) {
    let village = Village::on(sandbox);
    let sandbox = &village.served.sandbox;
    sandbox.write(
        "past.csv",
        "Date,Donneur,Receveur,Durée\n2024-03-14,Chorale de Janzé,Fanfare de Retiers,2h30\n\
         2024-05-02,Judo-club de Vitré,Chorale de Janzé,1h\n",
    );
    done(&sandbox.run("import exchanges past.csv"));
    done(&sandbox.run("close --year 2024"));
    done(&sandbox.run("statement issue --year 2024 --out out"));
    let named = |part: &str| {
        let names = files(sandbox, "out", ".json");
        names.into_iter().find(|name| name.contains(part)).unwrap()
    };
    let (own, others) = (named("chorale"), named("fanfare"));
    (village, own, others)
}

fn check(browser: &mut Browser, association: &str, name: &str, bytes: impl Into<Vec<u8>>) -> u16 {
    browser.open(&format!("/a/{association}/notebook")).expect(200);
    browser.attach(FIELD, name, bytes).press("Vérifier ce relevé").reply.status
}

fn own_part(browser: &Browser) -> String {
    let text = &browser.page.text;
    let begin = text.find("# ").unwrap_or(0);
    let end = text.find("[Accueil]").unwrap_or(text.len());
    text[begin..end].trim().to_owned()
}

#[test]
fn a_statement_is_held_against_the_ledger_and_not_kept() {
    let (village, own, others) = village();
    let read = |name: &str| fs::read(village.served.sandbox.path(name)).unwrap();
    let mut denis = village.browser("Denis", "fr");
    assert_eq!(check(&mut denis, &village.chorale, "releve.json", read(&own)), 200);
    insta::assert_snapshot!(own_part(&denis), @r"
    # Relevé 2024 : Chorale de Janzé
    Tout concorde : ce relevé dit ce que dit le registre.
    - ✓ Les lignes ont l'empreinte que le relevé annonce.
    - ✓ Ce réseau l'a signé tel quel.
    - solde au 1er janvier0 min
    - donné2 h 30
    - reçu1 h
    - annulations0 min
    - autres0 min
    - solde au 31 décembre1 h 30
    [Vérifier un autre relevé][Où nous en sommes]
    ");
    // The PDF says the same; so does the page that is opened anew: choose it again.
    let printed = own.replace(".json", ".pdf");
    if village.served.sandbox.path(&printed).exists() {
        assert_eq!(check(&mut denis, &village.chorale, "releve.pdf", read(&printed)), 200);
        denis.reads("Tout concorde");
    }
    denis.open(&format!("/a/{}/notebook/statement", village.chorale)).expect(200).reads("Vérifier un relevé");
    // Altered, it says so, by its figures and by its signature.
    let altered = String::from_utf8(read(&own)).unwrap().replacen("\"givenMinutes\": 150", "\"givenMinutes\": 180", 1);
    assert_eq!(check(&mut denis, &village.chorale, "releve.json", altered), 200);
    insta::assert_snapshot!(own_part(&denis), @r"
    # Relevé 2024 : Chorale de Janzé
    Ce relevé ne dit pas ce que dit le registre, ou n’est pas signé par le réseau.
    - ✓ Les lignes ont l'empreinte que le relevé annonce.
    - ≠ Signature : la signature ne correspond pas : le document a été modifié, ou une autre clé l'a signé
    - ≠ Signature : les chiffres ne s'additionnent pas : le solde de clôture n'est pas ce que donnent le solde d'ouverture et l'année
    - ≠ Signature : les totaux ne sont pas ceux que la clôture de l'exercice a scellés
    - solde au 1er janvier0 min
    - donné3 h ≠ le registre dit 2 h 30
    - reçu1 h
    - annulations0 min
    - autres0 min
    - solde au 31 décembre1 h 30
    Montrez cette page à la coordination du réseau, avec le relevé et la façon dont vous l’avez reçu.
    [Vérifier un autre relevé][Où nous en sommes]
    ");
    for (name, bytes, status, words) in [
        ("autre.json", read(&others), 422, "c'est le relevé de Fanfare de Retiers ; le vôtre conviendrait"),
        ("carnet.csv", b"Date;Heures\n".to_vec(), 422, "ce n'est pas un relevé annuel de Coudemain"),
        ("vide.json", Vec::new(), 422, "ce n'est pas un relevé annuel de Coudemain"),
        ("", Vec::new(), 422, "Choisissez d’abord un fichier."),
        ("lourd.pdf", vec![b'x'; (10 << 20) + 1], 413, "pèse plus de 10 Mo : ce n’est pas un relevé"),
    ] {
        assert_eq!(check(&mut denis, &village.chorale, name, bytes), status, "{name}");
        denis.reads(words);
    }
}

/// A stranger's signature is not the network's, however sound it is.
#[test]
fn a_statement_that_another_network_signed_is_told_apart() {
    let (village, ..) = village();
    let (other, own, _) = self::village();
    let theirs = fs::read(other.served.sandbox.path(&own)).unwrap();
    let mut denis = village.browser("Denis", "fr");
    assert_eq!(check(&mut denis, &village.chorale, "releve.json", theirs.clone()), 200);
    denis.reads("Ce n'est pas ce réseau qui l'a signé.").reads("ou n’est pas signé par le réseau");
    village.served.sandbox.write("theirs.json", theirs);
    let run = village.served.sandbox.run("reconcile --statement theirs.json");
    assert!(run.code == Some(1) && run.stdout.contains("≠ Ce n'est pas ce réseau qui l'a signé."), "{run}");
}

/// What was signed under a name that the network had is still its own.
#[test]
fn a_statement_from_before_the_network_moved_is_its_own() {
    for sandbox in both() {
        let (village, own, _) = village_on(sandbox);
        let sandbox = &village.served.sandbox;
        let is_signed = |name: &str| {
            let run = sandbox.run(&format!("reconcile --statement {name}"));
            done(&run);
            assert!(run.stdout.contains("Ce réseau l'a signé tel quel."), "{run}");
        };
        done(&sandbox.run("key rotate --domain old.example"));
        is_signed(&own);
        done(&sandbox.run("statement issue --year 2024 --association 'Chorale de Janzé' --again --out again --no-pdf"));
        done(&sandbox.run("key rotate --domain new.example"));
        let again = files(sandbox, "again", ".json").remove(0);
        for name in [&own, &again] {
            is_signed(name);
            let mut denis = village.browser("Denis", "fr");
            let bytes = fs::read(sandbox.path(name)).unwrap();
            assert_eq!(check(&mut denis, &village.chorale, "releve.json", bytes), 200);
            denis.reads("Ce réseau l'a signé tel quel.");
        }
    }
}

#[test]
fn the_page_of_a_statement_is_for_everybody() {
    let (village, own, _) = village();
    let path = village.served.sandbox.path(&own);
    for language in ["fr", "en"] {
        let mut tab = village.tab("Denis", Eyes::PHONE.reading(language));
        tab.open(&format!("/a/{}/notebook", village.chorale));
        tab.give("statement", std::slice::from_ref(&path));
        tab.tap(if language == "fr" { "Vérifier ce relevé" } else { "Check this statement" });
        let agrees = if language == "fr" { "Tout concorde" } else { "All agrees" };
        tab.eventually(agrees, |tab| tab.eval("document.body?.innerText ?? ''").to_string().contains(agrees));
        for eyes in WAYS {
            let eyes = eyes.reading(language);
            tab.look_with(eyes);
            if std::env::var_os("COUDEMAIN_TEST_PICTURES").is_some() {
                tab.picture(&format!("given-statement-{language}-{}-{}", eyes.width, eyes.in_the_dark));
            }
            assert_eq!(tab.seeing_all(|tab| faults(tab, eyes)), Vec::<String>::new(), "{language} {eyes:?}");
        }
        tab.close();
    }
}
