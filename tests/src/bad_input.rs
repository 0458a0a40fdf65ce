//! Bad input: a sentence that says what, where and what would fit; exit code 2; nothing written.

use std::io::Write as _;

use flate2::{Compression, write::GzEncoder};
use serde_json::Value;
use sqlx::Connection as _;

use crate::command::{Sandbox, coudemain};
use crate::twins::{Twins, audited_exchanges, done, json, plain, says};

const EXCHANGES: &str = "date,giver,receiver,duration\n";
const PERSONS: &str = "code,association\nV1,Chorale de Janzé\n";
const CONTRIBUTIONS: &str = "exchange,date,association,person,duration,nature\n";

/// Asserts that bad input is refused in these words, with these words in it.
#[track_caller]
fn refused(screen: &str, expected: &str) {
    assert!(screen.ends_with("=> exit 2"), "{screen}\nshould end with exit 2");
    let said: Vec<_> = screen.lines().filter_map(|line| line.strip_prefix("! ")).collect();
    assert!(said.join("\n").contains(expected), "{screen}\nshould say:\n{expected}");
}

#[test]
fn a_bad_line_is_named_with_what_would_fit() {
    let twins = Twins::village();
    twins.write("persons.csv", PERSONS);
    twins.run("import persons persons.csv");
    let cases = [
        (
            "2024-03-05,Chorale de Janzé,Fanfare de Retiers,deux heures",
            "durée illisible : « deux heures » ; écrivez par exemple 2h30, 2:30, 2,5 ou 150 min",
        ),
        (
            "2024-03-05,Chorale de Janzé,Fanfare de Retiers,0.33",
            "« 0.33 » ne tombe pas sur une minute entière ; au plus près : 20 min",
        ),
        (
            "2024-03-05,Chorale de Janzé,Fanfare de Retiers,",
            "durée manquante ; écrivez par exemple 2h30, 2:30, 2,5 ou 150 min",
        ),
        (
            "hier,Chorale de Janzé,Fanfare de Retiers,1h",
            "« hier » n'est pas une date ; écrivez par exemple 30/05/2025 ou 30 mai 2025",
        ),
        (
            "31/02/2024,Chorale de Janzé,Fanfare de Retiers,1h",
            "« 31/02/2024 » n'existe pas dans le calendrier ; vérifiez le jour et le mois",
        ),
        (
            "02/25/2024,Chorale de Janzé,Fanfare de Retiers,1h",
            "« 02/25/2024 » met le mois avant le jour ; écrivez 25/02/2024",
        ),
        (",Chorale de Janzé,Fanfare de Retiers,1h", "il manque la date ; écrivez par exemple 30/05/2025"),
        (
            "2999-01-01,Chorale de Janzé,Fanfare de Retiers,1h",
            "le 01/01/2999 est dans le futur ; au plus tard aujourd'hui, le ",
        ),
        (
            "2024-03-05,Velo,Fanfare de Retiers,1h",
            "association inconnue : « Velo » ; les noms les plus proches : « Amis du vélo », « Atelier vélo de Vitré »",
        ),
        (
            "2024-03-05,Chorale de Janzé,Xylophone,1h",
            "association inconnue : « Xylophone » ; « coudemain soldes » les montre toutes",
        ),
        ("2024-03-05,Chorale de Janzé,,1h", "il manque l'association"),
        (
            "2024-03-05,Chorale de Janzé,chorale de janze,1h",
            "qui aide et qui est aidé sont la même association, « Chorale de Janzé »",
        ),
        (
            "2024-03-05,Chorale de Janzé,Fanfare de Retiers,40 min",
            "40 min n'est pas un multiple du pas du réseau ; les plus proches : 30 min ou 45 min",
        ),
        ("2024-03-05,Chorale de Janzé,Fanfare de Retiers,0", "durée de 0 min ; il faut plus de zéro"),
    ];
    for (line, expected) in cases {
        twins.write("bad.csv", format!("{EXCHANGES}{line}\n"));
        let screen = twins.run("import exchanges bad.csv");
        refused(&screen, &format!("bad.csv, ligne 2 : {expected}"));
        assert!(screen.contains("\n! Rien n'a été écrit."), "{screen}");
    }
    assert_eq!(twins.audited_exchanges(), 2);
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table of cases")]
fn every_kind_of_file_names_its_bad_lines() {
    let twins = Twins::village();
    twins.write("persons.csv", PERSONS);
    twins.run("import persons persons.csv");
    let before = log_sizes(&twins);
    let cases = [
        (
            "associations",
            "name,siren\nJudo-club,116979007\n",
            "« 116979007 » n'est pas un SIREN ; un chiffre est faux : après les autres, le dernier serait 6",
        ),
        (
            "associations",
            "name,rna\nJudo-club,W12\n",
            "« W12 » n'est pas un numéro RNA ; écrivez par exemple W353012345",
        ),
        ("associations", "name,rna\n,W353012345\n", "il manque le nom"),
        ("associations", "name,siren\nJudo-club,116979006\n", "cet identifiant est celui de « Amis du vélo »"),
        (
            "associations",
            "name,siren\nChorale de Janzé,116979006\n",
            "« Chorale de Janzé » est déjà enregistré avec un autre contenu",
        ),
        ("associations", "name,kind\nJudo-club,secte\n", "secte"),
        (
            "associations",
            "name,rna\nJudo-club,W353012345\nJudo-club 2,W353012345\n",
            "bad.csv, ligne 3 : le numéro W353012345 est déjà à la ligne 2",
        ),
        (
            "associations",
            "name,former_names\nJudo-club,\nDojo,Judo club\n",
            "bad.csv, ligne 3 : le nom « Judo club » est déjà à la ligne 2",
        ),
        (
            "persons",
            "code,association\nV2,Choral de Janzé\n",
            "association inconnue : « Choral de Janzé » ; les noms les plus proches : « Chorale de Janzé »",
        ),
        (
            "persons",
            "code,association\n,Chorale de Janzé\n",
            "il manque de quoi nommer la personne : code, e-mail ou nom",
        ),
        ("balances", "association,balance\nChorale de Janzé,beaucoup\n", "durée illisible : « beaucoup »"),
        ("balances", "association,balance,date\nChorale de Janzé,2h,2999-01-01\n", "le 01/01/2999 est dans le futur"),
        (
            "contributions",
            &format!("{CONTRIBUTIONS}A-1,,,V1,1h,governance\n"),
            "des heures de gouvernance ne sont pas un coup de main à une autre association ; autre nature, ou sans échange",
        ),
        (
            "contributions",
            &format!("{CONTRIBUTIONS}A-9,,,V1,1h,\n"),
            "échange inconnu : « A-9 » ; il doit d'abord entrer avec « importer echanges »",
        ),
        (
            "contributions",
            &format!("{CONTRIBUTIONS}A-1,,,V7,1h,\n"),
            "personne inconnue : « V7 » ; son code doit d'abord entrer avec « importer personnes »",
        ),
        (
            "contributions",
            &format!("{CONTRIBUTIONS}A-1,,,V1,1h,cadeau\n"),
            "nature inconnue : « cadeau » ; conviendrait : opérationnel, gouvernance, encadrement, salarié, mécénat, service civique",
        ),
        (
            "contributions",
            &format!("{CONTRIBUTIONS}A-1,,,V1,5h,\n"),
            "les participations feraient 5 h, plus que l'échange (2 h)",
        ),
        ("contributions", &format!("{CONTRIBUTIONS},2024-03-01,,V1,1h,\n"), "il manque l'association"),
        ("contributions", &format!("{CONTRIBUTIONS}A-1,,,,1h,\n"), "il manque la personne (colonne « person »)"),
        (
            "contributions",
            &format!("{CONTRIBUTIONS}A-1,2024-03-02,,V1,1h,\n"),
            "l'échange « A-1 » est du 01/03/2024, la ligne dit 02/03/2024 ; corrigez l'un ou l'autre, ou laissez la date vide",
        ),
        (
            "contributions",
            &format!("{CONTRIBUTIONS}A-1,2024-03-01,Fanfare de Retiers,V1,1h,\n"),
            "dans l'échange « A-1 », « Chorale de Janzé » a aidé, la ligne dit « Fanfare de Retiers »",
        ),
    ];
    for (kind, content, expected) in cases {
        twins.write("bad.csv", content);
        refused(&twins.run(&format!("import {kind} bad.csv")), expected);
    }
    assert_eq!(twins.audited_exchanges(), 2);
    assert_eq!(log_sizes(&twins), before);
}

/// How many acts there are: nothing was written as long as there are no more.
fn log_sizes(twins: &Twins) -> [Value; 2] {
    twins.each().map(|sandbox| json(sandbox, "audit --format json")["log"]["size"].clone())
}

#[test]
fn a_file_that_is_no_table_is_refused() {
    let twins = Twins::village();
    for sandbox in twins.each() {
        std::fs::create_dir(sandbox.path("folder.csv")).unwrap();
    }
    let half = [EXCHANGES.as_bytes(), b"2024-03-05,Chorale de Janz\xc3\xa9,", &[7, 8, 9, 27, 1, 2, 3, 4]].concat();
    let nul = [EXCHANGES.as_bytes(), &[0; 40]].concat();
    let xlsx = b"PK\x03\x04\x14\x00\x06\x00[Content_Types].xml\x9f\xff\x00PK\x03\x04xl/workbook.xml\x00".to_vec();
    let quote = format!("{EXCHANGES}2024-03-05,\"Chorale de Janzé,Fanfare de Retiers,1h\n");
    let ragged = format!("{EXCHANGES}2024-03-05,Chorale de Janzé,Fanfare de Retiers,2,5\n");
    let stray =
        [EXCHANGES.as_bytes(), "2024-03-05,Chorale de Janzé,Élan,1h\n".as_bytes(), b"2024-03-05,Janz\xe9,a,1h\n"];
    let stray = stray.concat();
    let cases: [(&str, &[u8], &str); 10] = [
        (
            "stray.csv",
            &stray,
            "stray.csv : la ligne 3 contient un « é » écrit autrement (octet E9) que le reste du fichier, qui est en UTF-8 ; corrigez-le, puis enregistrez le fichier de nouveau en UTF-8",
        ),
        ("empty.csv", b"", "empty.csv : ce fichier est vide ; il faut une ligne de titres, puis une ligne par entrée"),
        (
            "title.csv",
            b"Les heures\n",
            "title.csv : ce fichier ne contient que « Les heures » ; il faut une ligne de titres, puis des lignes",
        ),
        (
            "half.csv",
            &half,
            "half.csv : la ligne 2 n'est pas du texte, le fichier est abîmé ; enregistrez-le de nouveau en CSV",
        ),
        ("nul.csv", &nul, "nul.csv : ce n'est pas du texte (octet nul en position 29) ; donnez un fichier CSV"),
        ("really.csv", &xlsx, "really.csv : ce classeur ne se laisse pas lire"),
        (
            "quote.csv",
            quote.as_bytes(),
            "quote.csv : la ligne 2 ouvre un guillemet (\") qui n'est pas refermé ; refermez-le ou enlevez-le",
        ),
        (
            "ragged.csv",
            ragged.as_bytes(),
            "ragged.csv, ligne 2 : 5 cellules pour 4 titres ; une virgule, peut-être celle de « 2,5 », a coupé une cellule en deux : écrivez \"2,5\" entre guillemets",
        ),
        (
            "column.csv",
            b"date,giver,duration\n2024-03-05,Amis,1h\n",
            "column.csv : il manque une colonne « receveur » (ou : association aidée, qui est aidé, bénéficiaire…) ; la ligne de titres dit : date, giver, duration",
        ),
        (
            "twice.csv",
            b"date,giver,receiver,duration,heures\n2024-03-05,a,b,1h,2h\n",
            "twice.csv : les colonnes « duration » et « heures » disent la même chose ; gardez-en une, renommez l'autre",
        ),
    ];
    for (name, content, expected) in cases {
        twins.write(name, content);
        refused(&twins.run(&format!("import exchanges {name}")), expected);
    }
    refused(&twins.run("import exchanges folder.csv"), "folder.csv : c'est un dossier ; donnez un fichier CSV");
    refused(
        &twins.run("import exchanges no.csv"),
        "no.csv : ce fichier n'existe pas ; vérifiez son nom et son dossier",
    );
    refused(
        &twins.run("import exchanges no.csv --lang en"),
        "no.csv: there is no such file; check its name and its folder",
    );
    assert_eq!(twins.audited_exchanges(), 2);
}

#[test]
fn a_bad_command_line_is_explained() {
    let twins = Twins::village();
    let cases = [
        ("blance", "commande inconnue : « blance » ; peut-être : balance, bench"),
        ("blance --lang en", "unknown command: “blance”; perhaps: balance, bench"),
        ("balance --tout", "argument inconnu : « --tout »\n« --help » montre ce qui est possible."),
        ("balance --at hier", "« hier » n'est pas une date ; écrivez par exemple 30/05/2025 ou 30 mai 2025"),
        ("balance --at 2024-02-30 --lang en", "2024-02-30"),
        ("balance --format xml", "--format <table|json> : « xml » ne convient pas ; conviendrait : table, json"),
        ("balance Choral", "association inconnue : « Choral » ; les noms les plus proches : « Chorale de Janzé »"),
        ("balance --network Autre", "pas de réseau « Autre » dans cette base"),
        (
            "balance --db mysql://x",
            "adresse de base de données illisible : « mysql://x » ; sqlite://FICHIER ou postgres://… conviendrait",
        ),
        ("balance --db sqlite://no.db", "pas de base de données « no.db » ; « coudemain creer » en crée une"),
        ("history", "il manque : <ASSOCIATION>"),
        ("history Xylophone", "association inconnue : « Xylophone »"),
        ("import exchanges", "il manque : <FICHIER>"),
        ("close", "il manque : --year <ANNÉE>"),
        ("close --year bientôt", "--year <ANNÉE> : « bientôt » ne convient pas"),
        ("bench --clients 0", "--clients <N> : « 0 » ne convient pas ; conviendrait : un nombre entier, au moins 1"),
        ("bench --clients 2 --networks 3", "il faut un appelant par réseau au moins : --clients 3"),
        ("bench --seconds x", "« x » ne convient pas ; conviendrait : un nombre entier"),
        ("close --year 1", "« 1 » ne convient pas ; conviendrait : un nombre entier, entre 1900 et 9999"),
        ("close --year 2999", "l'exercice 2024 est encore ouvert ; clôturez-le d'abord"),
        ("init 'Entraide du pays'", "cette base contient déjà le réseau « Entraide du pays » ; rien n'a été changé"),
        ("init ''", "il faut un nom pour le réseau : coudemain creer \"Entraide du pays\""),
        (
            "init Ailleurs --time-zone Europe/Pari",
            "fuseau horaire inconnu : « Europe/Pari » ; Europe/Paris ou Indian/Reunion conviendrait",
        ),
        ("export pdf", "commande inconnue : « pdf »"),
        ("restore no.backup", "pas de fichier « no.backup »"),
        ("balance --as V9", "personne inconnue : « V9 »"),
    ];
    for (line, expected) in cases {
        refused(&twins.run(line), expected);
    }
    assert!(!twins.sqlite.path("no.db").exists());
    assert_eq!(twins.audited_exchanges(), 2);
}

#[test]
fn a_year_that_is_not_over_stays_open() {
    for sandbox in Twins::new().each() {
        done(&sandbox.run("init 'Entraide du pays'"));
        let screen = plain(&sandbox.run("close --year 2999"));
        refused(&screen, "l'exercice 2999 n'est pas terminé ; il pourra être clos à partir du 1er janvier 3000");
    }
}

#[test]
fn a_bad_backup_leaves_the_database_empty() {
    let twins = Twins::village();
    twins.run("backup whole.backup");
    for (origin, new) in twins.each().into_iter().zip([Sandbox::postgres(), Sandbox::sqlite()]) {
        let whole = std::fs::read(origin.path("whole.backup")).unwrap();
        let mut damaged = whole.clone();
        damaged[whole.len() / 2] ^= 0xff;
        std::fs::create_dir(new.path("folder")).unwrap();
        let mut newer = GzEncoder::new(Vec::new(), Compression::fast());
        newer.write_all(b"{\"coudemain_backup\":9999,\"said_by_it\":true}\n").unwrap();
        let newer = newer.finish().unwrap();
        let cases: [(&str, &[u8], &str); 6] = [
            (
                "newer",
                &newer,
                "cette sauvegarde vient d'une version plus récente (forme 9999) ; mettez le programme à jour",
            ),
            ("damaged", &damaged, "cette sauvegarde est abîmée"),
            ("truncated", &whole[..whole.len() - 20], "cette sauvegarde est incomplète : le fichier s'arrête trop tôt"),
            ("foreign", b"date,giver,receiver\n", "ce fichier n'est pas une sauvegarde de Coudemain"),
            (
                "picture",
                b"\x89PNG\r\n\x1a\n and much more than the ten bytes of a header",
                "ce fichier n'est pas une sauvegarde de Coudemain",
            ),
            ("empty", b"", "ce fichier n'est pas une sauvegarde de Coudemain"),
        ];
        for (name, content, expected) in cases {
            new.write(name, content);
            refused(&plain(&new.run(&format!("restore {name}"))), expected);
        }
        refused(&plain(&new.run("restore folder")), "« folder » est un dossier ; il faut une sauvegarde");
        new.write("whole", &whole);
        done(&new.run("restore whole --head unknown"));
        let again = plain(&new.run("restore whole --head unknown"));
        refused(&again, "la base de destination contient déjà un réseau ; il faut une base vide");
        assert_eq!(audited_exchanges(&new), 2);
    }
    refused(&twins.run("backup whole.backup"), "« whole.backup » existe déjà ; choisissez un autre nom");
}

#[tokio::test]
async fn a_database_newer_than_the_program_is_left_alone() {
    const NEWER: &str = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
                         SELECT 9999, 'to come', success, checksum, 0 FROM _sqlx_migrations WHERE version = 1";
    let twins = Twins::village();
    let mut sqlite = sqlx::SqliteConnection::connect(&twins.sqlite.database).await.unwrap();
    sqlx::raw_sql(NEWER).execute(&mut sqlite).await.unwrap();
    sqlite.close().await.unwrap();
    let mut postgres = sqlx::PgConnection::connect(&twins.postgres.database).await.unwrap();
    sqlx::raw_sql(NEWER).execute(&mut postgres).await.unwrap();
    postgres.close().await.unwrap();
    for line in ["balance", "import exchanges begin.csv", "init Autre"] {
        refused(&twins.run(line), "cette base vient d'une version plus récente du programme");
    }
}

#[test]
fn a_database_that_does_not_answer_is_said_to() {
    // Nobody listens on port 1.
    let run = coudemain(&["balance"]).db("postgres://nobody@127.0.0.1:1/nothing").run();
    refused(&plain(&run), "la base de données ne répond pas ; vérifiez son adresse, et qu'elle est en marche");
}

#[test]
fn a_database_may_be_named_by_its_file_alone() {
    let sandbox = Sandbox::sqlite();
    let run = sandbox.command("init 'Entraide du pays'").db("reseau.db").run();
    says(&run, 0, "Tout est dans le fichier « [DB] »");
    assert!(sandbox.path("reseau.keys").is_dir(), "its keys stand beside it");
}
