//! What a network's people do on an ordinary day, with the verbs of the command line.

use crate::command::{Sandbox, both};
use crate::twins::{Twins, done, json, read, says};

/// The village, with a delegate for each side of its first exchange, and a mediator.
fn village() -> Twins {
    let twins = Twins::village();
    twins.write(
        "persons.csv",
        "code;prénom;association\nALI;Ali;Chorale de Janzé\nBOB;Bob;Fanfare de Retiers\nMED;Mina;Amis du vélo\n",
    );
    for sandbox in twins.each() {
        done(&sandbox.run("import persons persons.csv"));
        for line in [
            "person grant --person ALI --role delegate --association 'Chorale de Janzé'",
            "person grant --person BOB --role delegate --association 'Fanfare de Retiers'",
            "person grant --person MED --role mediator",
        ] {
            done(&sandbox.run(line));
        }
    }
    twins
}

/// The exchange that was noted last.
fn newest(sandbox: &Sandbox) -> String {
    let listed = json(sandbox, "exchange list --limit 1 --format json");
    listed[0]["reference"].as_str().expect("It has a reference.").to_owned()
}

fn propose(sandbox: &Sandbox, more: &str) -> String {
    let line = format!(
        "exchange propose --giver 'Chorale de Janzé' --receiver 'Fanfare de Retiers' --duration '4 x 2h' \
         --date 14/03/2024 {more}"
    );
    done(&sandbox.run(&line));
    newest(sandbox)
}

#[test]
fn delegates_answer_each_other_by_references() {
    for sandbox in village().each() {
        let exchange = propose(sandbox, "--as ALI");
        says(&sandbox.run("a-faire --as ALI"), 0, "Rien n'attend.");
        says(&sandbox.run("a-faire --as BOB"), 0, &exchange);
        says(&sandbox.run("todo --lang en"), 0, "1 exchange waits for an answer, 0 of them overdue.");
        says(&sandbox.run(&format!("exchange confirm {exchange} --as ALI")), 2, "l'autre");
        says(&sandbox.run(&format!("exchange amend {exchange} --duration 6h")), 2, "--as CODE");
        says(&sandbox.run(&format!("echange modifier {exchange} --duree 6h --as BOB")), 0, "proposé");
        says(&sandbox.run("todo --as ALI"), 0, &exchange);
        says(&sandbox.run(&format!("echange confirmer {exchange} --as ALI")), 0, "6\u{a0}h, le 14/03/2024 : confirmé.");
        says(&sandbox.run(&format!("exchange confirm {exchange} --as ALI")), 2, "");
        says(
            &sandbox.run(&format!("exchange request-correction {exchange} --reason 'trop' --as BOB")),
            0,
            "confirmé, correction demandée",
        );
        says(&sandbox.run("todo --as ALI"), 0, "annuler ou maintenir");
        let preview = sandbox.run("close --year 2024 --preview");
        says(&preview, 0, "1 échange est compté, mais une correction est demandée");
        says(&preview, 0, &exchange);
        let closing = json(sandbox, "close --year 2024 --preview --format json");
        assert_eq!(closing["correction_requested"][0]["reference"], exchange);
        assert_eq!(closing["not_counted"].as_array().unwrap().len(), 0);
        says(&sandbox.run(&format!("exchange reverse {exchange} --reason 'oui' --as ALI")), 0, "annulé");
        says(&sandbox.run("exchange confirm X-1 --as ALI"), 2, "échange inconnu : « X-1 »");
        assert_eq!(json(sandbox, "audit --format json")["ok"], true);
    }
}

#[test]
fn the_same_help_is_not_noted_twice_by_mistake() {
    for sandbox in village().each() {
        let first = propose(sandbox, "");
        let line = "exchange propose --giver Chorale --receiver Fanfare --duration 8h --date 2024-03-14";
        says(
            &sandbox.run(&line.replace("Chorale", "'Chorale de Janzé'").replace("Fanfare", "'Fanfare de Retiers'")),
            2,
            &first,
        );
        let again = propose(sandbox, "--again");
        assert_ne!(first, again);
        done(&sandbox.run(&format!("exchange withdraw {again} --as ALI --for 'Chorale de Janzé'")));
    }
}

#[test]
fn a_mediator_settles_and_nobody_acts_in_a_role_that_is_not_theirs() {
    for sandbox in village().each() {
        let exchange = propose(sandbox, "--as ALI");
        done(&sandbox.run(&format!("exchange contest {exchange} --reason 'pas vu' --as BOB")));
        says(&sandbox.run("todo --as MED"), 0, &exchange);
        let settle = format!("exchange settle {exchange} --duration 2h --reason 'entendus'");
        says(&sandbox.run(&format!("{settle} --as BOB")), 2, "la médiation");
        says(&sandbox.run(&format!("{settle} --as BOB --for mediation")), 2, "n'a pas le rôle");
        says(&sandbox.run(&format!("{settle} --as MED")), 0, "2\u{a0}h, le 14/03/2024 : confirmé.");
        says(&sandbox.run("member contact 'Chorale de Janzé' --phone 02 --as BOB"), 2, "n'a pas de rôle");
        says(&sandbox.run("exchange list --association 'Atelier vélo de Vitré' --as BOB"), 2, "d'autres associations");
    }
}

#[test]
fn members_change_names_contacts_and_limits() {
    for sandbox in village().each() {
        done(&sandbox.run("adherent renommer 'Chorale de Janzé' 'Chœur de Janzé'"));
        says(&sandbox.run("member show 'Chorale de Janzé'"), 0, "Anciens noms");
        says(&sandbox.run("member contact 'Chœur de Janzé' --name Zoé --phone '02 99' --as ALI"), 0, "Zoé, 02 99");
        says(&sandbox.run("member contact 'Chœur de Janzé' --phone '' --paper oui"), 0, "Zoé, sur papier seulement");
        says(&sandbox.run("member show 'Chœur de Janzé' --lang en"), 0, "on paper only");
        says(&sandbox.run("member show 'Chœur de Janzé' --as BOB"), 0, "Limites");
        assert!(!sandbox.run("member show 'Chœur de Janzé' --as BOB").stdout.contains("Zoé"));
        says(
            &sandbox.run("member limits 'Fanfare de Retiers' --soft-floor -1h --hard-floor none --decision 'AG'"),
            0,
            "plancher souple −1\u{a0}h",
        );
        let exchange = propose(sandbox, "--as ALI");
        let confirmed = sandbox.run(&format!("exchange confirm {exchange} --as BOB"));
        says(
            &confirmed,
            0,
            "limite souple dépassée : Fanfare de Retiers (solde −9\u{a0}h, limite −1\u{a0}h, depuis le 14/03/2024)",
        );
        done(&sandbox.run("member suspend 'Amis du vélo' --reason 'sans nouvelles'"));
        says(&sandbox.run("member list"), 0, "suspendu");
        done(&sandbox.run("member admit 'Amis du vélo' --reason 'de retour'"));
    }
}

#[test]
fn a_departure_that_the_fund_cannot_bear_is_asked_about() {
    for sandbox in village().each() {
        let leave = "member leave 'Atelier vélo de Vitré' --reason dissoute";
        says(&sandbox.run(leave), 2, "le fonds de solidarité passerait sous zéro, à −1\u{a0}h ; rien n'a été écrit");
        says(&sandbox.run(&format!("{leave} --yes")), 0, "qui est à −1\u{a0}h.");
        says(&sandbox.run("balance"), 0, "Atelier vélo de Vitré (parti)");
        let balances = json(sandbox, "balance --format json");
        let left = balances.as_array().unwrap().iter().find(|line| line["membership"] == "left").unwrap();
        assert_eq!(left["association"], "Atelier vélo de Vitré");
        // What was entered by mistake, and never had an hour, is out of sight.
        done(&sandbox.run("member leave 'Amis du vélo' --reason 'créé par erreur'"));
        let balance = sandbox.run("balance").to_string();
        assert!(!balance.contains("Amis du vélo"), "{balance}");
        says(&sandbox.run("member list"), 0, "parti");
        let merge = "member merge 'Chorale de Janzé' --into 'Fanfare de Retiers' --reason 'votée'";
        says(&sandbox.run(merge), 0, "qui prend son solde de 2\u{a0}h.");
        assert_eq!(json(sandbox, "audit --format json")["ok"], true);
    }
}

#[test]
fn a_history_says_in_which_order_it_is() {
    let twins = Twins::village();
    twins.write("earlier.csv", "date,giver,receiver,duration\n2024-02-01,Fanfare de Retiers,Chorale de Janzé,30 min\n");
    twins.run("import exchanges earlier.csv");
    for sandbox in twins.each() {
        let recorded = json(sandbox, "history 'Chorale de Janzé' --format json");
        let of = |lines: &serde_json::Value, field: &str| -> Vec<i64> {
            lines.as_array().unwrap().iter().map(|line| line[field].as_i64().unwrap()).collect()
        };
        assert_eq!(of(&recorded, "balance_minutes"), [120, 90]);
        let days = json(sandbox, "historique 'Chorale de Janzé' --ordre jours --format json");
        assert_eq!(of(&days, "day_balance_minutes"), [-30, 90]);
        for (day, balance) in [("2024-02-01", -30), ("2024-03-01", 90)] {
            let at = json(sandbox, &format!("balance 'Chorale de Janzé' --at {day} --format json"));
            assert_eq!(at[0]["balance_minutes"], balance);
        }
        says(&sandbox.run("history 'Chorale de Janzé'"), 0, "Dans l'ordre de la saisie");
        says(&sandbox.run("history 'Chorale de Janzé' --order days --lang en"), 0, "balance at the end of each day");
    }
}

#[test]
fn a_spreadsheet_of_the_country_opens_the_exchanges_and_gives_them_back() {
    for sandbox in village().each() {
        done(&sandbox.run("export csv --tableur --out echanges.csv"));
        let text = read(sandbox, "echanges.csv");
        let lines: Vec<_> = text.lines().collect();
        assert_eq!(lines[0], "\u{feff}référence;date;a aidé;a été aidée;durée;compétence;remarque;en heures;état");
        assert_eq!(lines[1], "A-1;01/03/2024;Chorale de Janzé;Fanfare de Retiers;2h00;Comptabilité;;2,00;confirmé");
        says(&sandbox.run("import exchanges echanges.csv"), 0, "déjà là");
        let english = sandbox.run("export csv --spreadsheet --lang en").stdout;
        assert!(english.contains("A-1,2024-03-01,"), "{english}");
        done(&sandbox.run("export lines --association 'Chorale de Janzé' --year 2024 --format xlsx --out lines.xlsx"));
        assert!(std::fs::read(sandbox.path("lines.xlsx")).unwrap().starts_with(b"PK"));
    }
}

#[test]
fn a_second_network_is_no_accident() {
    for sandbox in both() {
        done(&sandbox.run("init Un"));
        says(&sandbox.run("init Deux"), 2, "contient déjà « Un » ; rien n'a été écrit");
        says(&sandbox.run("init Deux --lang en"), 2, "--another");
        done(&sandbox.run("init Deux --another"));
        says(&sandbox.run("init Trois"), 2, "« Un » et un autre réseau");
    }
}

#[test]
fn keys_are_found_beside_the_database_however_it_is_named() {
    let sandbox = Sandbox::sqlite();
    std::fs::create_dir(sandbox.path("sub")).unwrap();
    let run = |line: &str, db: &str| sandbox.command(line).db(db).run();
    says(&run("init Un", "sub/un.db"), 0, "Tout est dans le fichier « [DB] »");
    assert!(sandbox.path("sub/un.keys").is_dir());
    std::os::unix::fs::symlink(sandbox.path("sub/un.db"), sandbox.path("lien.db")).unwrap();
    let whole = sandbox.path("sub/un.db").display().to_string();
    for db in [
        "sub/un.db",
        "sqlite:sub/un.db",
        "sqlite://sub/un.db",
        "./sub/un.db",
        "lien.db",
        &whole,
        &format!("sqlite://{whole}"),
    ] {
        done(&run("key list", db));
    }
    std::fs::rename(sandbox.path("sub/un.keys"), sandbox.path("ailleurs")).unwrap();
    let missing = run("key list", "sub/un.db");
    says(&missing, 1, "/sub/un.keys/");
    says(&missing, 1, "C'est là qu'elle a été cherchée");
    assert!(!missing.stdout.contains("remplacer") && !missing.stdout.contains("rotate"), "{missing}");
    done(&run("key list --keys ailleurs", "sub/un.db"));
}

#[test]
fn words_that_do_not_fit_are_told_in_the_language_of_whoever_types() {
    let sandbox = Sandbox::sqlite();
    done(&sandbox.run("init Un"));
    for (line, french) in [
        ("balance --at 2024-01-01 --at 2024-01-02", "--at <DATE> : une seule fois suffit"),
        ("balance --at", "--at <DATE> : il manque une valeur"),
        ("export valuation --year 2024 --from 2024-01-01 --to 2024-02-01", "ne vont pas ensemble"),
        ("balance --formt json", "argument inconnu : « --formt » ; peut-être : --format"),
        ("balance --format xml", "« xml » ne convient pas ; conviendrait : table, json"),
        ("exchange --lang fr", "commande"),
        ("balance un deux", "argument inconnu : « deux »"),
    ] {
        let run = sandbox.run(line);
        says(&run, 2, french);
        for english in ["error:", "argument '", "cannot", "Usage:", "provided"] {
            assert!(!run.stderr.contains(english), "{run}");
        }
    }
    says(&sandbox.command("restore no/where.backup").run(), 2, "pas de fichier");
    let listening = sandbox.run("serve --listen 203.0.113.1:1");
    says(&listening, 2, "cette machine n'a pas cette adresse");
}

#[test]
fn hours_are_passed_on_and_rules_adopted() {
    for sandbox in village().each() {
        let give = "transfer give --from 'Chorale de Janzé' --to 'Amis du vélo' --duration 30min";
        says(&sandbox.run(&format!("{give} --as BOB")), 2, "n'a pas de rôle qui le permette");
        says(&sandbox.run(&format!("{give} --as ALI")), 0, "Chorale de Janzé → Amis du vélo : 30\u{a0}min (don).");
        done(&sandbox.run("transfert cotiser --de 'Chorale de Janzé' --duree 1h"));
        let grant = "transfer grant --to 'Amis du vélo' --duration 45min";
        says(&sandbox.run(grant), 2, "il manque : --decision");
        says(&sandbox.run(&format!("{grant} --decision conseil")), 0, "(aide du fonds).");
        says(&sandbox.run(&format!("{grant} --decision conseil")), 2, "Fonds de solidarité");
        says(&sandbox.run("history 'Solidarity fund' --order days"), 0, "15\u{a0}min");
        let adopt = "policy adopt --step 30 --hard-floor -50h --decision 'AG du 12 mars'";
        says(&sandbox.run(&format!("{adopt} --as ALI")), 2, "la coordination");
        says(&sandbox.run(adopt), 0, "plancher dur −50\u{a0}h");
        says(&sandbox.run("regles montrer"), 0, "Les échanges se comptent par 30 minutes.");
        says(&sandbox.run("person list --association 'Fanfare de Retiers' --as BOB"), 0, "délégué");
        says(&sandbox.run("person list --as BOB"), 2, "--association dit laquelle");
        done(&sandbox.run("person revoke --person BOB --role delegate --association 'Fanfare de Retiers'"));
        assert!(!sandbox.run("person list").stdout.contains("délégué (Fanfare"));
        assert_eq!(json(sandbox, "audit --format json")["ok"], true);
    }
}
