//! The same register in every format, from other programs too, and files that are brought in under the wrong name.

use crate::brought::grid::{Cell, csv, ods, sheet, xlsx};
use serde_json::Value;

use crate::command::{Run, Sandbox};
use crate::twins::done;

/// What a run that went well tells.
fn told(run: &Run) -> Value {
    done(run);
    serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error} in {run}"))
}

fn network() -> Sandbox {
    let sandbox = Sandbox::sqlite();
    done(&sandbox.run("init 'Entraide du pays'"));
    sandbox
}

/// A register of two, then what else a file is about.
fn with_members() -> Sandbox {
    let sandbox = network();
    sandbox.write("a.csv", "nom\nClaire Exemple\nJean Modèle\nDEMO0001\nDEMO0002\n");
    done(&sandbox.run("import associations a.csv"));
    sandbox
}

#[test]
fn a_register_is_the_same_in_every_format() {
    let text = "Registre 2025;\n;\nNom;Commune;SIREN\nClub 2000;Retiers;012345674\nAmis du vélo;Vitré;";
    let table = sheet("Adhérents", text);
    for (name, bytes) in [
        ("a.csv", csv(&table)),
        ("titled.csv", text.replace("Registre 2025;\n;\n", "Registre 2025\n\n").into_bytes()),
        ("a.xlsx", xlsx(std::slice::from_ref(&table))),
        ("a.ods", ods(&[sheet("Notes", "À faire;bientôt"), table.clone()])),
    ] {
        let sandbox = network();
        sandbox.write(name, bytes);
        let run = sandbox.run(&format!("import associations {name} --format json"));
        let told = told(&run);
        assert_eq!((told["entered"].as_u64(), told["problems"].as_array().map(Vec::len)), (Some(2), Some(0)), "{run}");
        let notes = told["notes"].to_string();
        assert!(notes.contains("ligne 1"), "{notes}");
    }
    // Two sheets with the same columns: nobody knows which.
    let sandbox = network();
    sandbox.write("b.xlsx", xlsx(&[table.clone(), sheet("Anciens", "Nom;Commune\nX;Y")]));
    let run = sandbox.run("import associations b.xlsx");
    assert!(run.code == Some(2) && run.stderr.contains("« Adhérents » et « Anciens »"), "{run}");
    // What stands above the header and is no title does not vanish.
    sandbox.write("c.csv", "Club 2000;Retiers;1;2\nnom;commune;x;y\nAmis du vélo;Vitré;;\n");
    let run = sandbox.run("import associations c.csv");
    assert!(run.code == Some(2) && run.stderr.contains("ligne 1 : cette ligne est au-dessus"), "{run}");
    let run = sandbox.run("import associations c.csv --rejects back.csv");
    assert_eq!(run.code, Some(1), "{run}");
    assert!(crate::twins::read(&sandbox, "back.csv").contains("Club 2000;Retiers;1;2;"), "the line comes back");
}

#[test]
fn a_formula_without_a_result_is_no_name() {
    let sandbox = network();
    let mut table = sheet("Adhérents", "Nom;Commune\nClub 2000;Retiers");
    table.rows[1][1] = Cell::Formula("B1");
    sandbox.write("a.ods", ods(&[table]));
    let run = sandbox.run("import associations a.ods");
    assert!(run.code == Some(2) && run.stderr.contains("ligne 2"), "{run}");
}

#[test]
fn a_file_tells_by_its_columns_how_it_is_brought_in() {
    let sandbox = network();
    sandbox.write("e.csv", "date;qui aide;qui est aidé;heures\n");
    sandbox.write("p.csv", "prénom;nom;courriel;association\nA;B;;C\n");
    sandbox.write("x.csv", "a;b\n1;2\n");
    insta::assert_snapshot!(sandbox.run("import p.csv"), @r"
    $ coudemain import p.csv
    ! d'après ses colonnes, « p.csv » entre avec « coudemain importer personnes », suivi du nom du fichier
    => exit 2
    ");
    insta::assert_snapshot!(sandbox.run("import x.csv --lang en"), @r"
    $ coudemain import x.csv --lang en
    ! the columns of “x.csv” do not tell what it is; name it: import associations, skills, persons, balances, exchanges or contributions
    => exit 2
    ");
    // All that is missing at once, and where the file belongs.
    insta::assert_snapshot!(sandbox.run("import exchanges p.csv"), @r"
    $ coudemain import exchanges p.csv
    ! p.csv : il manque les colonnes « date » (ou : date de l'échange, jour, quand…), « donneur » (ou : association qui aide, qui aide, aidant…), « receveur » (ou : association aidée, qui est aidé, bénéficiaire…), « durée » (ou : heures, temps, nombre d'heures…) ; la ligne de titres dit : prénom, nom, courriel, association. Ces colonnes vont avec « coudemain importer personnes »
    => exit 2
    ");
    // In the wrong order: one sentence.
    insta::assert_snapshot!(sandbox.run("import persons p.csv"), @r"
    $ coudemain import persons p.csv
    ! p.csv : le réseau n'a encore aucun adhérent ; commencez par « coudemain importer adherents »
    => exit 2
    ");
}

#[test]
fn templates_come_in_as_they_are() {
    for (extension, language) in [("csv", "fr"), ("xlsx", "en")] {
        let sandbox = network();
        for kind in ["associations", "skills", "persons", "balances", "exchanges", "contributions"] {
            let file = format!("{kind}.{extension}");
            done(&sandbox.run(&format!("import {kind} --template {file} --lang {language}")));
            let run = sandbox.run(&format!("import {kind} {file} --lang {language} --format json"));
            let told = told(&run);
            assert_eq!(told["entered"], 2, "{run}");
        }
    }
    let run = network().run("import persons --template p.txt");
    assert!(run.code == Some(2) && run.stderr.contains(".csv ou .xlsx"), "{run}");
}

/// The registers that networks come from. What was seen of each stands in `docs/imports.md`.
#[test]
fn exports_of_other_programs_are_recognised() {
    let cases = [
        (
            "associations",
            "N,Nombre,Correo,Teléfono,Teléfono alternativo,Creado,Fecha último login,Locale,Balance\n\
             12,Marta Ejemplo,marta@example.org,600000001,,2024-01-15 09:30:00 UTC,,es,-5400\n",
            1,
        ),
        (
            "balances --date 2024-12-31",
            "N,Nom,Adresse email,Téléphone,Téléphone (secondaire),Créé·e le,Dernière connexion,Locale,Solde\n7,Claire Exemple,,,,2024-01-15 09:30:00 UTC,,fr,-5400\n",
            1,
        ),
        (
            "exchanges",
            "Date,Depuis,Vers,Annonce,Quantité\n\
             2024-03-05 18:22:11 UTC,Claire Exemple (7),Jean Modèle (12),Cours de guitare,1:30\n",
            1,
        ),
        (
            "exchanges",
            "id,created,updated,state,amount,description,hash,authorization,payer.id,payer.code,payee.id,payee.code,user.id\n\
             f001,2024-03-05T18:22:11.000Z,,committed,1.50,Jardin,,,1,DEMO0001,2,DEMO0002,3\n\
             f002,2024-03-06T18:22:11.000Z,,rejected,2.50,Jardin,,,1,DEMO0001,2,DEMO0002,3\n",
            1,
        ),
        (
            "persons --association 'Jean Modèle'",
            "Référence commande;Date de la commande;Statut de la commande;Nom adhérent;Prénom adhérent;Nom payeur;Prénom payeur;Email payeur;Raison sociale;Moyen de paiement;Tarif;Montant tarif;Code Promo;Montant code promo;Email\n\
             100;05/03/2024 14:25;Validé;Exemple;Claire;Exemple;Paul;paul@example.org;;CB;An;20,00;;;claire@example.org\n\
             101;05/03/2024 14:25;Annulé;Exemple;Luc;Exemple;Paul;paul@example.org;;CB;An;20,00;;;\n",
            1,
        ),
        (
            "persons --association 'Jean Modèle'",
            "\"Numéro de membre\",\"Nom & prénom\",\"Adresse E-Mail\",\"Date d'inscription\",\"Catégorie\"\n\
             \"12\",\"Claire Exemple\",\"c@example.org\",\"05/03/2024\",\"Membres actifs\"\n",
            1,
        ),
    ];
    for (kind, text, entered) in cases {
        let sandbox = with_members();
        sandbox.write("their.csv", text);
        let (verb, more) = kind.split_once(' ').unwrap_or((kind, ""));
        let run = sandbox.run(&format!("import {verb} their.csv {more} --format json"));
        let told = told(&run);
        assert_eq!(told["entered"], entered, "{run}");
        assert!(told["notes"][0].as_str().unwrap().starts_with("export de "), "{run}");
    }
}

#[test]
fn hours_of_other_programs_are_counted_in_their_own_units() {
    let sandbox = with_members();
    sandbox.write("p.csv", "code;association\nClaire Exemple;Jean Modèle\n");
    done(&sandbox.run("import persons p.csv"));
    for (text, minutes) in [
        (
            "Numéro de membre,Nom,Catégorie,Notes,Année,Semaine,Date,Durée,Valorisation\n\
             12,Claire Exemple,,Affiches,2024,10,05/03/2024,90,37.5\n",
            90,
        ),
        (
            "Prénom,Nom,Pseudo,Association,Titre,Description,Date,Date de fin,Durée,Durée (en heures),En attente de modération,Distance (en km),Catégorie,Projet,Niveau\n\
             Claire,Exemple,,Jean Modèle,Accueil,,2024-03-06,,2:30:00,2.5,False,,,,\n\
             Claire,Exemple,,Jean Modèle,Accueil,,2024-03-07,,9:30:00,9.5,True,,,,\n",
            150,
        ),
    ] {
        sandbox.write("hours.csv", text);
        let run = sandbox.run("import contributions hours.csv --association 'Jean Modèle' --format json");
        let told = told(&run);
        assert_eq!(told["entered"], 1, "{run}");
        let known = sandbox.run("person export --person 'Claire Exemple'");
        assert!(known.stdout.contains(&format!("\"minutes\": {minutes}")), "{known}");
    }
}

#[test]
fn amounts_of_an_unknown_unit_are_refused() {
    let sandbox = with_members();
    sandbox.write(
        "their.csv",
        "id,created,state,amount,payer.code,payee.code\nf001,2024-03-05T18:22:11.000Z,committed,150,DEMO0001,DEMO0002\n",
    );
    let run = sandbox.run("import exchanges their.csv");
    assert!(run.code == Some(2) && run.stderr.contains("150 (?)") && run.stdout.contains("février 2026"), "{run}");
}
