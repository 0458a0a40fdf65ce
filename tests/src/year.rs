//! The sample year from end to end: brought in, read, closed, saved, and carried to the other database.

use std::fs;
use std::io::{Read as _, Write as _};

use flate2::{Compression, read::GzDecoder, write::GzEncoder};
use serde_json::Value;

use crate::command::{Sandbox, both};
use crate::twins::{Twins, audited_exchanges, done, json, plain};

/// Both databases with the whole sample year.
fn sample_year() -> Twins {
    let twins = Twins::new();
    for sandbox in twins.each() {
        done(&sandbox.run("init 'Entraide du pays'"));
    }
    for (kind, entered) in [
        ("associations", "Entré : 38 associations."),
        ("persons", "Entré : 236 adhésions."),
        ("exchanges", "Entré : 1200 échanges."),
        ("contributions", "Entré : 2328 participations."),
    ] {
        let file = format!("{kind}.csv");
        twins.write_sample(&file);
        let screen = twins.run(&format!("import {kind} {file}"));
        assert!(screen.contains(entered) && screen.ends_with("=> exit 0"), "{screen}");
    }
    twins
}

fn total(balances: &Value, field: &str) -> i64 {
    let lines = balances.as_array().expect("Balances are an array.");
    lines.iter().map(|line| line[field].as_i64().expect("Minutes are whole.")).sum()
}

#[test]
fn not_a_minute_of_the_year_is_lost() {
    let twins = sample_year();
    let balances = twins.json("balance --format json");
    assert_eq!(total(&balances, "given_minutes"), 188_115);
    assert_eq!(total(&balances, "received_minutes"), 188_115);
    assert_eq!(total(&balances, "balance_minutes"), 0);
    // The fund is among them, under its name.
    assert_eq!(balances.as_array().map(Vec::len), Some(39));
    assert_eq!(twins.audited_exchanges(), 1_200);

    insta::assert_snapshot!(twins.run("balance 'Chorale de Janzé' --format json"), @r#"
    $ coudemain balance 'Chorale de Janzé' --format json
    [
      {
        "association": "Chorale de Janzé",
        "balance_minutes": -4230,
        "given_minutes": 795,
        "other_minutes": 0,
        "received_minutes": 5025
      }
    ]
    => exit 0
    "#);
    insta::assert_snapshot!(twins.run("balance 'Chorale de Janzé' --at 2025-06-30"), @r"
    $ coudemain balance 'Chorale de Janzé' --at 2025-06-30
    Association        A aidé  A été aidée  Autres     Solde
    Chorale de Janzé  11 h 15      36 h 45   0 min  −25 h 30
    => exit 0
    ");
    insta::assert_snapshot!(twins.run("balance 'chorale de janze' --au 30/06/2025 --lang en"), @r"
    $ coudemain balance 'chorale de janze' --au 30/06/2025 --lang en
    Association              Gave     Received  Other       Balance
    Chorale de Janzé  11 h 15 min  36 h 45 min  0 min  −25 h 30 min
    => exit 0
    ");
    let before = twins.json("balance --at 31/12/2024 --format json");
    assert_eq!(total(&before, "given_minutes"), 0);
    insta::assert_snapshot!(twins.first_lines("history 'Chorale de Janzé'", 9), @r"
    $ coudemain history 'Chorale de Janzé'
    Chorale de Janzé
    Dans l'ordre de la saisie, avec le solde après chaque ligne (--order jours : dans l'ordre des jours)

    Date        Référence   Quoi                  Avec                                  Compétence                          Durée     Solde
    15/12/2025  2025-00008  nous avons été aidés  Club de handball de Saint-Gravé       Couture                              −2 h      −2 h
    01/10/2025  2025-00095  nous avons été aidés  Apiculteurs de Martigné-Ferchaud      Informatique                      −30 min   −2 h 30
    07/06/2025  2025-00116  nous avons été aidés  Club de handball de Saint-Gravé       Sonorisation                         −6 h   −8 h 30
    13/02/2025  2025-00118  nous avons été aidés  Atelier vélo de Louvigné-de-Bais      Accueil du public                    −1 h   −9 h 30
    ");
    insta::assert_snapshot!(twins.run("audit"), @r"
    $ coudemain audit
       Contrôle                                             Vérifiés
    ✓  actes numérotés sans trou, dans l'ordre                  4039
    ✓  chaque acte est scellé dans le journal                   4039
    ✓  mouvements conformes aux actes, somme nulle              7056
    ✓  soldes conformes aux mouvements                           285
    ✓  heures données et reçues conformes                       7056
    ✓  échanges dans l'état que disent les actes                1200
    ✓  participations conformes, jamais plus que l'échange      2328
    ✓  aucune limite dépassée sans décision                       38
    ✓  exercices clos inchangés                                    0
    ✓  adhérents et règles conformes aux actes                   505
    ✓  références et textes conformes aux empreintes            2331
    ✓  points signés, relevés et reconnaissances conformes         2

    Entraide du pays : 1200 échanges, 4039 actes, tout concorde, pas une minute ne manque.
    => exit 0
    ");
}

#[test]
fn a_closed_year_stays_as_it_is() {
    let twins = sample_year();
    insta::assert_snapshot!(twins.run("close --year 2025 --preview"), @r"
    $ coudemain close --year 2025 --preview
    L'exercice 2025 serait clos avec 3 135 h 15 données. Rien n'a été écrit ; sans --preview, il est clos pour de bon.
    => exit 0
    ");
    insta::assert_snapshot!(twins.run("close --year 2025"), @r"
    $ coudemain close --year 2025
    L'exercice 2025 est clos : 3 135 h 15 données. Toute modification se verra.
    => exit 0
    ");
    insta::assert_snapshot!(twins.run("clore --annee 2025"), @r"
    $ coudemain clore --annee 2025
    L'exercice 2025 était déjà clos (3 135 h 15 données).
    => exit 0
    ");
    insta::assert_snapshot!(twins.run("close --year 2025 --preview --lang en"), @r"
    $ coudemain close --year 2025 --preview --lang en
    The year 2025 was closed already (3,135 h 15 min given).
    => exit 0
    ");

    let closed = twins.json("balance --at 2025-12-31 --format json");
    let late = "date,giver,receiver,duration\n2025-12-20,Chorale de Janzé,Ressourcerie de Vitré,1h30\n";
    twins.write("late.csv", late);
    insta::assert_snapshot!(twins.run("import exchanges late.csv"), @r"
    $ coudemain import exchanges late.csv
    ! late.csv, ligne 2 : l'exercice 2025 est clos ; une date d'un exercice ouvert conviendrait, ou --late pour que ces heures comptent aujourd'hui
    ! Rien n'a été écrit. Corrigez ces lignes, ou --rejects FICHIER pour faire entrer les autres.
    => exit 2
    ");
    insta::assert_snapshot!(twins.run("import exchanges late.csv --en-retard"), @r"
    $ coudemain import exchanges late.csv --en-retard
    Note : 1 ligne d'un exercice clos : ces heures comptent à la date d'aujourd'hui
    Entré : 1 échange.
    => exit 0
    ");
    // What has entered stays known, flag or no flag.
    insta::assert_snapshot!(twins.run("import exchanges late.csv"), @r"
    $ coudemain import exchanges late.csv
    Entré : 0 échange, 1 déjà là.
    => exit 0
    ");
    // Help that was told late counts from today on, and leaves the closed year alone.
    assert_eq!(twins.json("balance --at 2025-12-31 --format json"), closed);
    insta::assert_snapshot!(twins.run("balance 'Chorale de Janzé' --format json"), @r#"
    $ coudemain balance 'Chorale de Janzé' --format json
    [
      {
        "association": "Chorale de Janzé",
        "balance_minutes": -4140,
        "given_minutes": 885,
        "other_minutes": 0,
        "received_minutes": 5025
      }
    ]
    => exit 0
    "#);

    twins.write("balances.csv", "association,balance,date\nChorale de Janzé,2h,2025-12-31\n");
    insta::assert_snapshot!(twins.run("import balances balances.csv"), @r"
    $ coudemain import balances balances.csv
    ! balances.csv, ligne 2 : l'exercice 2025 est clos ; une date d'un exercice ouvert conviendrait
    ! Rien n'a été écrit. Corrigez ces lignes, ou --rejects FICHIER pour faire entrer les autres.
    => exit 2
    ");
    assert_eq!(twins.audited_exchanges(), 1_201);
}

#[test]
fn a_backup_of_an_earlier_version_is_restored() {
    // Written when balances stood in a table of their own.
    for sandbox in both() {
        sandbox.write("earlier.backup", include_bytes!("../backups/schema-5.backup"));
        insta::allow_duplicates! {
            insta::assert_snapshot!(plain(&sandbox.run("restore earlier.backup --head unknown")), @r"
            $ coudemain restore earlier.backup --head unknown
            Restauré : 12 actes, 42 lignes.
            Un nouveau journal est ouvert, coudemain/01a20342-1247-7d47-815e-9d3f3dcc34eb/2 : son premier acte dit que la fin de l'ancien est inconnue. Il en reste 12 actes.
            Sa clé n'est pas ici : quand elle y sera, « coudemain journal point » le signera.
            Entraide du pays : 2 échanges, 13 actes, tout concorde, pas une minute ne manque.
            => exit 0
            ");
            insta::assert_snapshot!(plain(&sandbox.run("balance")), @r"
            $ coudemain balance
            Association            A aidé  A été aidée  Autres    Solde
            Atelier vélo de Vitré   0 min       1 h 30   0 min  −1 h 30
            Chorale de Janzé          2 h        0 min   0 min      2 h
            Fanfare de Retiers     1 h 30          2 h   0 min  −30 min
            Fonds de solidarité     0 min        0 min   0 min    0 min
            Total                  3 h 30       3 h 30   0 min    0 min
            => exit 0
            ");
        }
    }
}

#[test]
fn a_backup_without_a_column_is_no_earlier_version() {
    let mut lines = String::new();
    let mut earlier = GzDecoder::new(&include_bytes!("../backups/schema-5.backup")[..]);
    earlier.read_to_string(&mut lines).unwrap();
    assert!(lines.contains(r#","root"]"#));
    let mut short = GzEncoder::new(Vec::new(), Compression::fast());
    short.write_all(lines.replacen(r#","root"]"#, "]", 1).as_bytes()).unwrap();
    let sandbox = Sandbox::sqlite();
    sandbox.write("short.backup", short.finish().unwrap());
    let run = sandbox.run("restore short.backup");
    assert_eq!(run.code, Some(2), "{run}");
    assert!(run.stderr.contains("head"), "{run}");
}

#[test]
fn the_file_is_whole_after_every_verb() {
    let twins = Twins::new();
    twins.write_sample("associations.csv");
    twins.write_sample("exchanges.csv");
    let [sqlite, _] = twins.each();
    for line in [
        "init 'Entraide du pays'",
        "import associations associations.csv",
        "import exchanges exchanges.csv",
        "import exchanges missing.csv",
        "balance",
        "close --year 2024",
        "audit",
    ] {
        sqlite.run(line);
        // Whoever copies the file has everything: nothing waits in another one.
        assert!(!sqlite.path("coudemain.db-wal").exists(), "{line}");
    }
}

#[test]
fn a_backup_carries_the_year_to_the_other_database() {
    let twins = sample_year();
    for sandbox in twins.each() {
        done(&sandbox.run("close --year 2025"));
        done(&sandbox.run("backup year.backup"));
        done(&sandbox.run("log checkpoint --out head.txt"));
    }
    let others = [Sandbox::postgres(), Sandbox::sqlite()];
    for (old, new) in twins.each().into_iter().zip(&others) {
        for name in ["year.backup", "head.txt"] {
            new.write(name, fs::read(old.path(name)).unwrap());
        }
        insta::allow_duplicates! {
            insta::assert_snapshot!(plain(&new.run("restore year.backup --head head.txt")), @r"
            $ coudemain restore year.backup --head head.txt
            Restauré : 4040 actes, 20315 lignes.
            Fermés, car ils ont pu l'être depuis la sauvegarde : 0 jeton, 0 connexion, 1 lien ou code ; en pause : 0 webhook. « coudemain jeton creer » fait un nouveau jeton.
            Aucune liste de personnes effacées (erased.txt) n'est près des clés : qui a été effacé depuis cette sauvegarde, qui nomme 210 personnes, est de nouveau là. Si vous avez cette liste ou une sauvegarde plus récente, restaurez encore, dans une base vide, avec --effaces FICHIER.
            Entraide du pays : 1200 échanges, 4040 actes, tout concorde, pas une minute ne manque.
            => exit 0
            ");
        }
        // Both audits look at the same. The root of the log depends on every act.
        let audits = [new, old].map(|sandbox| json(sandbox, "audit --format json"));
        assert_eq!(audits[0], audits[1]);
        assert_eq!(json(new, "balance --format json"), json(old, "balance --format json"));
        assert_eq!(audited_exchanges(new), 1_200);

        // It goes on where it stopped: what is known stays known, what is new enters.
        new.write("exchanges.csv", fs::read(old.path("exchanges.csv")).unwrap());
        new.write("more.csv", "date,giver,receiver,duration\n2026-01-10,Chorale de Janzé,Ressourcerie de Vitré,1h\n");
        insta::allow_duplicates! {
            insta::assert_snapshot!(plain(&new.run("import exchanges exchanges.csv")), @r"
            $ coudemain import exchanges exchanges.csv
            Entré : 0 échange, 1200 déjà là.
            => exit 0
            ");
            insta::assert_snapshot!(plain(&new.run("import exchanges more.csv")), @r"
            $ coudemain import exchanges more.csv
            Entré : 1 échange.
            => exit 0
            ");
        }
        assert_eq!(audited_exchanges(new), 1_201);
    }
}

#[test]
fn an_export_can_be_brought_in_again() {
    let twins = sample_year();
    insta::assert_snapshot!(twins.first_lines("export csv", 4), @r"
    $ coudemain export csv
    reference,date,giver,receiver,duration,skill,memo,state
    2025-00001,2025-05-30,Ludothèque de La Guerche-de-Bretagne,Repair café de Saint-Gravé,2h30,Comptabilité,,confirmed
    2025-00002,2025-10-15,Club de handball de Saint-Gravé,Aide aux devoirs de Saint-Gravé,3h00,Montage de dossier de subvention,,confirmed
    ");
    insta::assert_snapshot!(twins.run("export csv --out year.csv"), @r"
    $ coudemain export csv --out year.csv
    => exit 0
    ");
    let again = Sandbox::sqlite();
    done(&again.run("init 'Encore'"));
    again.write("associations.csv", fs::read(twins.sqlite.path("associations.csv")).unwrap());
    again.write("year.csv", twins.read("year.csv"));
    done(&again.run("import associations associations.csv"));
    done(&again.run("import exchanges year.csv"));
    assert_eq!(json(&again, "balance --format json"), twins.json("balance --format json"));

    let journal = twins.run("export hledger");
    assert!(journal.contains("commodity") && journal.ends_with("=> exit 0"), "{}", &journal[..200]);
    insta::assert_snapshot!(twins.run("export csv --out year.csv"), @r"
    $ coudemain export csv --out year.csv
    ! « year.csv » existe déjà ; choisissez un autre nom
    => exit 2
    ");
}
