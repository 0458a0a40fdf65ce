//! What outsiders can check, end to end: statements, passports, keys, and what happens when something is lost.

use std::fs;
use std::io::Read as _;
use std::path::Path;

use chrono::Datelike as _;
use ledger::clock::{Clock as _, SystemClock};
use ledger::command::{By, Command, NewExchange};
use ledger::evidence::Evidence;
use ledger::exchange::Side;
use ledger::key::{KeyPurpose, PrivateKey};
use ledger::keyring::Keyring;
use ledger::person::Role;
use ledger::year::Year;
use ledger::{ExchangeNumber, Rejection};
use sqlx::Connection as _;
use store::{Erasable, WriteError};
use uuid::Uuid;

use crate::command::{Run, Sandbox};
use crate::ledger_on::{Database, Ledger, contribution, day, delegate, exchange, noon, request};
use crate::twins::{Twins, done, read, says};

/// What a run said, on both outputs.
fn said(run: &Run) -> String {
    run.to_string()
}

/// The village with a volunteer who helped, its year 2024 closed.
pub(crate) fn closed() -> Twins {
    let twins = Twins::village();
    twins.write(
        "persons.csv",
        "code,first_name,last_name,email,association\n\
         ZOE,Zoé,Kervella,zoe@example.org,Chorale de Janzé\n\
         ALI,Ali,Diallo,ali@example.org,Chorale de Janzé\n",
    );
    twins.write(
        "contributions.csv",
        "exchange,date,association,person,duration,nature\n\
         A-1,2024-03-01,Chorale de Janzé,ZOE,1h15,operational\n\
         A-1,2024-03-01,Chorale de Janzé,ALI,0h45,operational\n",
    );
    for sandbox in twins.each() {
        done(&sandbox.run("import persons persons.csv"));
        done(&sandbox.run("import contributions contributions.csv"));
        done(&sandbox.run("log checkpoint --out before.txt"));
        done(&sandbox.run("close --year 2024"));
    }
    twins
}

/// The first number that a run says.
pub(crate) fn number_in(run: &Run) -> String {
    run.stdout.chars().skip_while(|c| !c.is_ascii_digit()).take_while(char::is_ascii_digit).collect()
}

/// The files of a folder whose names end so, in order.
pub(crate) fn files(sandbox: &Sandbox, folder: &str, end: &str) -> Vec<String> {
    let entries = fs::read_dir(sandbox.path(folder)).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.ends_with(end) && name.starts_with("20"))
        .map(|name| format!("{folder}/{name}"))
        .collect();
    names.sort();
    names
}

#[test]
fn statements_are_issued_once_and_verify_for_whoever_trusts_the_network() {
    for sandbox in closed().each() {
        says(&sandbox.run("statement issue --year 2024 --out out --no-pdf"), 0, "4 relevés signés, 4 dans « out »");
        let names = files(sandbox, "out", ".json");
        assert_eq!(names.len(), 4);
        let all = names.join(" ");
        let run = sandbox.run(&format!("verify {all} --trust out/did.json"));
        assert_eq!((run.code, said(&run).matches("Tout est en ordre").count()), (Some(0), 4), "{run}");
        says(&run, 0, "le journal prolonge le point de contrôle précédent");
        says(&run, 0, "dernier relevé connu ici pour cet exercice : le n° 2024-0001 ; un plus récent peut exister");
        let first = fs::read(sandbox.path(&names[0])).unwrap();
        says(&sandbox.run("statement issue --year 2024 --out again --no-pdf"), 0, "0 relevé signé, 4 dans « again »");
        assert_eq!(fs::read(sandbox.path(&names[0].replace("out/", "again/"))).unwrap(), first);
        // The folder as it lies there, with the network's keys in it: they supply keys, and no trust.
        let folder = format!("verify out/did.json {all}");
        assert_eq!(sandbox.run(&format!("{folder} --trust out/did.json")).code, Some(0));
        let run = sandbox.run(&folder);
        says(&run, 3, "tout faussaire peut en faire autant");
        says(&run, 3, "Ce qu'annonce quelqu'un");
        let json = sandbox.run(&format!("{folder} --format json"));
        assert_eq!((json.code, said(&json).matches("\"verdict\": \"stranger\"").count()), (Some(3), 5), "{json}");
        says(&sandbox.run(&format!("verify {}", names[0])), 3, "vous n'avez pas dit si vous lui faites confiance");
        let stranger = "did:key:z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2";
        says(&sandbox.run(&format!("verify {} --trust {stranger}", names[0])), 3, "vous n'avez pas dit si vous lui");
        // One minute more in one place.
        let text = String::from_utf8(first).unwrap();
        let changed = text.replacen("\"givenMinutes\": 120", "\"givenMinutes\": 121", 1);
        assert_ne!(text, changed);
        sandbox.write("changed.json", changed);
        says(&sandbox.run("verify changed.json --trust out/did.json"), 1, "le document a été modifié");
        says(&sandbox.run("reconcile --statement changed.json"), 1, "≠ Signature : la signature ne correspond pas");
        says(&sandbox.run("reconcile --statement changed.json"), 1, "≠  donné");
        says(&sandbox.run("verify nothing.json"), 2, "pas de fichier « nothing.json »");
        says(&sandbox.run("audit"), 0, "tout concorde");
    }
}

#[test]
fn a_statement_is_superseded_never_changed() {
    for sandbox in closed().each() {
        done(&sandbox.run("statement issue --year 2024 --out out --no-pdf"));
        let old = files(sandbox, "out", ".json").remove(0);
        done(&sandbox.run("statement issue --year 2024 --association 'Chorale de Janzé' --again --out new --no-pdf"));
        let new = files(sandbox, "new", ".json").remove(0);
        assert!(new.starts_with("new/2024-0005-"), "{new}");
        let run = sandbox.run(&format!("verify {old} {new} --trust out/did.json"));
        says(&run, 1, "ce relevé a été remplacé par le n° 2024-0005");
        says(&run, 1, "→ REMPLACÉ");
        says(&run, 1, "ce relevé remplace celui qui est donné avec lui");
        // Whoever has one alone finds it in the list, once another took its place or it was taken back.
        let listed =
            |statement: &str, list: &str| sandbox.run(&format!("verify {statement} {list} --trust out/did.json"));
        says(&listed(&old, "new/status.json"), 1, "→ RÉVOQUÉ");
        says(&listed(&new, "new/status.json"), 0, "non révoqué au");
        says(&sandbox.run("statement withdraw 2024-0099"), 2, "pas de relevé n° 2024-0099");
        says(&sandbox.run("statement withdraw 2024-0005"), 0, "Le relevé n° 2024-0005 est repris.");
        says(&sandbox.run("statement withdraw 2024-0005"), 0, "était déjà repris");
        done(&sandbox.run("passport status --out now.json"));
        says(&listed(&new, "now.json"), 1, "→ RÉVOQUÉ");
        says(&sandbox.run("audit"), 0, "tout concorde");
    }
}

#[test]
fn an_open_year_has_provisional_statements_and_no_others() {
    for sandbox in Twins::village().each() {
        says(&sandbox.run("statement issue --year 2024 --out out"), 2, "l'exercice 2024 est encore ouvert");
        assert!(!sandbox.path("out").exists());
        done(&sandbox.run("close --year 2024 --preview --out draft --no-pdf"));
        let draft = files(sandbox, "draft", ".json").remove(0);
        let run = sandbox.run(&format!("verify {draft}"));
        says(&run, 3, "relevé provisoire : l'exercice n'est pas clos");
        says(&run, 3, "→ PROVISOIRE");
        says(&run, 3, "tout faussaire peut en faire autant");
    }
}

#[test]
fn the_pdf_carries_the_signed_document() {
    let twins = closed();
    let sandbox = &twins.sqlite;
    done(&sandbox.run("statement issue --year 2024 --association 'Chorale de Janzé' --out out"));
    let (json, pdf) = (files(sandbox, "out", ".json").remove(0), files(sandbox, "out", ".pdf").remove(0));
    let printed = fs::read(sandbox.path(&pdf)).unwrap();
    assert_eq!(ledger::verify::from_pdf(&printed).unwrap(), fs::read(sandbox.path(&json)).unwrap());
    let run = sandbox.run(&format!("verify {pdf} --trust out/did.json"));
    says(&run, 0, "heures données");
    says(&run, 0, "Tout est en ordre");
    says(&run, 0, "les pages sont celles que ce programme imprime du document joint, octet pour octet");
    // The printed figures may be anybody's: of another file than the one that is printed they are to be compared.
    let add = [printed.as_slice(), b"1 0 obj\n<<>>\nendobj\n%%EOF\n"].concat();
    sandbox.write("changed.pdf", add);
    let run = sandbox.run("verify changed.pdf --trust out/did.json");
    says(&run, 0, "comparez les chiffres imprimés avec ceux-ci");
    says(&run, 0, "ce PDF a été modifié après coup (1 fois)");
    says(&run, 0, "Fanfare de Retiers                       2\u{a0}h donné");
    says(&run, 0, "heures données");
    assert!(!said(&run).contains("n'est pas construit"), "{run}");
    says(&sandbox.run(&format!("reconcile --statement {pdf}")), 0, "Ce réseau l'a signé tel quel.");
    sandbox.write("cut.pdf", &printed[..printed.len() / 2]);
    says(&sandbox.run("verify cut.pdf"), 1, "ce fichier est tronqué");
    sandbox.write("other.pdf", b"%PDF-1.7\n%%EOF\n");
    says(&sandbox.run("verify other.pdf"), 1, "ne porte pas de document signé");
}

#[tokio::test]
async fn a_minute_changed_in_the_database_is_found_by_audit() {
    let twins = closed();
    let sandbox = &twins.sqlite;
    done(&sandbox.run("statement issue --year 2024 --out out --no-pdf"));
    let mut database = sqlx::SqliteConnection::connect(&sandbox.database).await.unwrap();
    let cases = [
        (
            "UPDATE statement SET bytes = cast(replace(cast(bytes AS text), '\"givenMinutes\": 120', '\"givenMinutes\": 121') AS blob) WHERE sequence = 1",
            "heures données : 2\u{a0}h\u{a0}01 au lieu de 2\u{a0}h",
        ),
        (
            "UPDATE exchange SET minutes = minutes + 1 WHERE exchange = (SELECT exchange FROM exchange_reference \
             WHERE reference = 'A-1')",
            "(Chorale de Janzé a aidé Fanfare de Retiers), durée [exchange] : 2\u{a0}h\u{a0}01 au lieu de 2\u{a0}h",
        ),
        (
            "UPDATE posting SET minutes = minutes + 1 WHERE book = 'exchange' AND kind = 'given' \
             AND cause = (SELECT exchange FROM exchange_reference WHERE reference = 'A-1')",
            "(Chorale de Janzé), durée [posting] : 2\u{a0}h\u{a0}01 au lieu de 2\u{a0}h",
        ),
        ("DELETE FROM statement WHERE sequence = 4", "relevés, acte"),
        ("UPDATE log_checkpoint SET note = replace(note, 'coudemain/', 'autre/')", "log_checkpoint"),
        ("UPDATE network_key SET domain = 'faux.example' WHERE purpose = 'credential'", "network_key"),
        // A signed head stands over it: the audit goes on all the same.
        ("DROP TRIGGER act_no_delete; DELETE FROM act WHERE number = 3", "acte 3 [act] : manque"),
    ];
    sqlx::raw_sql("DROP TRIGGER statement_no_update; DROP TRIGGER statement_no_delete; DROP TRIGGER posting_no_update")
        .execute(&mut database)
        .await
        .unwrap();
    for (sql, row) in cases {
        let kept = format!("VACUUM INTO '{}'", sandbox.path("kept.db").display());
        sqlx::raw_sql(sqlx::AssertSqlSafe(kept)).execute(&mut database).await.unwrap();
        let url = format!("sqlite://{}", sandbox.path("kept.db").display());
        let mut copy = sqlx::SqliteConnection::connect(&url).await.unwrap();
        sqlx::raw_sql(sql).execute(&mut copy).await.unwrap();
        copy.close().await.unwrap();
        let run = sandbox.command("audit").db(&url).run();
        says(&run, 1, row);
        assert!(!said(&run).contains('{'), "what differs is named, not dumped: {run}");
        let of_an_exchange = sql.contains("'A-1'");
        assert!(!of_an_exchange || said(&run).contains("réf. A-1, "), "{run}");
        fs::remove_file(sandbox.path("kept.db")).unwrap();
    }
}

#[test]
fn a_passport_is_offered_accepted_shared_and_revoked() {
    for sandbox in closed().each() {
        let recognise = "passport recognise A-1 --person ZOE --level independent --context 'La fête de mai' \
                         --activities 'A tenu la caisse'";
        let run = sandbox.run(recognise);
        done(&run);
        let number = number_in(&run);
        says(&sandbox.run(&format!("passport accept {number} --as ALI")), 2, "c'est au bénévole concerné");
        done(&sandbox.run(&format!("passport accept {number} --as ZOE")));
        says(&sandbox.run("passport list"), 0, "acceptée");
        let row = "Comptabilité,ROME,M1203,Comptabilité,https://example.org/M1203,4.0";
        sandbox.write("skills.csv", format!("skill,framework,code,label,url,version\n{row}\n"));
        done(&sandbox.run("import skills skills.csv"));
        done(&sandbox.run("passport issue --person ZOE --out zoe --no-pdf"));
        let badge = format!("zoe/badge-{number}");
        let all = format!("{badge}.json {badge}.svg zoe/passport.json zoe/status.json");
        done(&sandbox.run("key export-public --out did.json"));
        let run = sandbox.run(&format!("verify {all} --trust did.json"));
        says(
            &run,
            0,
            "1 h 15 inscrites au journal"
                .replace(' ', "\u{a0}")
                .replace("\u{a0}inscrites\u{a0}au\u{a0}journal", " inscrites au journal")
                .as_str(),
        );
        says(&run, 0, "non révoqué au");
        says(&run, 0, "le dessin est celui que ce programme fait de ce badge, octet pour octet");
        // A picture that says otherwise than the badge in it.
        let drawn = fs::read_to_string(sandbox.path(&format!("{badge}.svg"))).unwrap();
        sandbox.write("drawn.svg", drawn.replacen(">Comptabilité<", ">Direction financière<", 1));
        let run = sandbox.run("verify drawn.svg --trust did.json");
        says(&run, 1, "le dessin dit « Direction financière », que le badge signé ne dit pas");
        // A folder as it lies there, with the keys in it.
        done(&sandbox.run("key export-public --out zoe/did.json"));
        let folder = fs::read_dir(sandbox.path("zoe")).unwrap();
        let folder: Vec<_> =
            folder.map(|file| format!("zoe/{}", file.unwrap().file_name().into_string().unwrap())).collect();
        let run = sandbox.run(&format!("verify {} --trust did.json", folder.join(" ")));
        assert_eq!((run.code, said(&run).contains("À NE PAS CROIRE")), (Some(0), false), "{run}");
        let signed = fs::read(sandbox.path(&format!("{badge}.json"))).unwrap();
        let credential: serde_json::Value = serde_json::from_slice(&signed).unwrap();
        let alignment = &credential["credentialSubject"]["achievement"]["alignment"][0];
        assert_eq!((&alignment["targetCode"], &alignment["targetFramework"]), (&"M1203".into(), &"ROME 4.0".into()));
        done(&sandbox.run("passport issue --person ZOE --out again --no-pdf"));
        assert_eq!(fs::read(sandbox.path(&format!("again/badge-{number}.json"))).unwrap(), signed);
        done(&sandbox.run(&format!("passport withdraw {number} --reason 'Par erreur'")));
        done(&sandbox.run("passport status --out status.json"));
        says(&sandbox.run(&format!("verify {badge}.svg status.json --trust did.json")), 1, "révoqué, selon la liste");
        let run = sandbox.run(&format!("verify {badge}.json status.json --trust did.json"));
        says(&run, 1, "→ RÉVOQUÉ");
        let json = sandbox.run(&format!("verify {badge}.json status.json --trust did.json --format json"));
        says(&json, 1, "\"headline\": \"revoked\"");
        says(&json, 1, "\"holder\": \"Zoé Kervella\"");
        // The hours beside the badges are taken back by themselves, all that were handed out.
        let record = alone(sandbox, "zoe/passport.json", "VolunteerRecord");
        sandbox.write("record.json", &record);
        says(&sandbox.run("verify record.json zoe/status.json --trust did.json"), 0, "non révoqué au");
        says(&sandbox.run("verify record.json --trust did.json"), 0, "révocation non vérifiée");
        says(&sandbox.run("passport revoke --person ZOE"), 0, "2 attestations reprises");
        says(&sandbox.run("passeport revoquer --person ZOE"), 0, "0 attestation reprise");
        done(&sandbox.run("passport status --out status.json"));
        says(&sandbox.run("verify record.json status.json --trust did.json"), 1, "→ RÉVOQUÉ");
        says(&sandbox.run("verify zoe/passport.json status.json --trust did.json"), 1, "révoqué, selon la liste");
        says(&sandbox.run("audit"), 0, "tout concorde");
    }
}

/// The only credential of that type in a passport.
fn alone(sandbox: &Sandbox, passport: &str, of_type: &str) -> String {
    let passport: serde_json::Value = serde_json::from_str(&read(sandbox, passport)).unwrap();
    let is =
        |credential: &&serde_json::Value| credential["type"].as_array().unwrap().iter().any(|name| name == of_type);
    let mut found = passport["coudemainPassport"].as_array().unwrap().iter().filter(is);
    let only = found.next().unwrap().to_string();
    assert!(found.next().is_none());
    only
}

#[test]
fn a_person_is_erased_and_everything_still_verifies() {
    for sandbox in closed().each() {
        done(&sandbox.run("statement issue --year 2024 --out out --no-pdf"));
        done(&sandbox.run("backup old.backup"));
        says(&sandbox.run("person export --person ZOE"), 0, "zoe@example.org");
        says(&sandbox.run("person erase --person ZOE"), 0, "Serait effacé (ajoutez --yes)");
        done(&sandbox.run("passport issue --person ZOE --out zoe --no-pdf"));
        says(&sandbox.run("person erase --person ZOE --yes --revoke"), 0, "Effacé : nom, courriel, code");
        done(&sandbox.run("passport status --out status.json"));
        says(&sandbox.run("verify zoe/passport.json status.json --trust out/did.json"), 1, "révoqué, selon la liste");
        says(&sandbox.run("person export --person ZOE"), 2, "personne inconnue : « ZOE »");
        says(&sandbox.run("audit"), 0, "tout concorde");
        let names = files(sandbox, "out", ".json").join(" ");
        assert_eq!(sandbox.run(&format!("verify {names} --trust out/did.json")).code, Some(0));
        done(&sandbox.run("backup new.backup"));
        let whole = fs::read(sandbox.path("new.backup")).unwrap();
        let mut text = String::new();
        std::io::Read::read_to_string(&mut flate2::read::GzDecoder::new(whole.as_slice()), &mut text).unwrap();
        assert!(!text.contains("Kervella") && !text.contains("zoe@example.org"));
        // An older backup does not bring them back.
        let again = sandbox.command("restore old.backup --keys coudemain.keys").db("sqlite://restored.db").run();
        says(&again, 0, "1 personne effacée depuis cette sauvegarde l'est de nouveau");
        let run = sandbox.command("person export --person ZOE").db("sqlite://restored.db").run();
        says(&run, 2, "personne inconnue");
    }
}

#[test]
fn keys_are_private_rotate_and_survive_the_loss_of_a_laptop() {
    let twins = closed();
    let sandbox = &twins.sqlite;
    done(&sandbox.run("statement issue --year 2024 --out out --no-pdf"));
    let statement = files(sandbox, "out", ".json").remove(0);
    done(&sandbox.run("key rotate --domain reseau.example"));
    done(&sandbox.run("key export-public --out did.json"));
    says(&sandbox.run(&format!("verify {statement} --trust did.json")), 0, "à laquelle vous faites confiance");
    says(&sandbox.run("key list"), 0, "did:web:reseau.example");
    sandbox.write("phrase", "une phrase assez longue\n");
    done(&sandbox.run("backup all.backup --with-keys --passphrase-file phrase"));
    // The laptop is gone.
    fs::remove_dir_all(sandbox.path("coudemain.keys")).unwrap();
    fs::remove_file(sandbox.path("coudemain.db")).unwrap();
    sandbox.write("wrong", "une autre phrase secrète\n");
    let restore = "restore all.backup --with-keys --passphrase-file";
    let elsewhere = |line: &str| sandbox.command(line).db("sqlite://new.db").run();
    says(&elsewhere(&format!("{restore} wrong")), 2, "mauvaise phrase secrète");
    says(&elsewhere(&format!("{restore} phrase --head unknown")), 0, "Clés remises");
    done(&elsewhere("log checkpoint"));
    says(&elsewhere("key list"), 0, "did:web:reseau.example");
    make_readable(&sandbox.path("new.keys"));
    says(&elsewhere("log checkpoint"), 2, "d'autres que vous peuvent lire");
}

/// Lets everybody read the keys.
#[cfg(unix)]
pub(crate) fn make_readable(folder: &Path) {
    use std::os::unix::fs::PermissionsExt as _;
    for network in fs::read_dir(folder).unwrap() {
        for key in fs::read_dir(network.unwrap().path()).unwrap() {
            fs::set_permissions(key.unwrap().path(), fs::Permissions::from_mode(0o644)).unwrap();
        }
    }
}

#[test]
fn a_restore_that_falls_behind_opens_a_new_log_that_names_the_lost_one() {
    for sandbox in Twins::village().each() {
        done(&sandbox.run("log checkpoint"));
        done(&sandbox.run("backup old.backup"));
        sandbox.write("more.csv", "name\nTroisième\n");
        done(&sandbox.run("import associations more.csv"));
        done(&sandbox.run("log checkpoint --out lost.txt"));
        let restored = |line: &str| sandbox.command(line).db("sqlite://restored.db").run();
        says(&restored("restore old.backup --keys coudemain.keys"), 0, "son premier acte nomme l'ancien");
        let head = restored("log checkpoint --keys coudemain.keys");
        says(&head, 0, "/2\n");
        says(&restored("audit"), 0, "tout concorde");
    }
}

#[test]
fn whoever_bears_the_number_of_somebody_lost_and_erased_is_not_erased() {
    let persons = |codes: &[&str]| {
        let line = |code: &&str| format!("{code},Anne,Martin,Chorale de Janzé\n");
        "code,first_name,last_name,association\n".to_owned() + &codes.iter().map(line).collect::<String>()
    };
    for sandbox in Twins::village().each() {
        let on = |database: &str, line: &str| sandbox.command(line).db(&format!("sqlite://{database}.db")).run();
        let number = |run: &Run| {
            done(run);
            serde_json::from_str::<serde_json::Value>(&run.stdout).unwrap()["person"].as_i64().unwrap()
        };
        done(&sandbox.run("backup old.backup"));
        let lost = ["L1", "L2", "L3"].map(|code| {
            sandbox.write("lost.csv", persons(&[code]));
            done(&sandbox.run("import persons lost.csv"));
            number(&sandbox.run(&format!("person export --person {code}")))
        });
        for code in ["L1", "L2", "L3"] {
            done(&sandbox.run(&format!("person erase --person {code} --yes")));
        }
        done(&sandbox.run("log checkpoint"));
        let run = on("restored", "restore old.backup --keys coudemain.keys");
        says(&run, 0, "son premier acte nomme l'ancien");
        sandbox.write("new.csv", persons(&["N1", "N2", "N3"]));
        done(&on("restored", "import persons new.csv"));
        done(&on("restored", "backup new.backup"));
        let run = on("again", "restore new.backup --keys coudemain.keys");
        done(&run);
        assert!(!said(&run).contains("effacées"), "{run}");
        let new = ["N1", "N2", "N3"].map(|code| number(&on("again", &format!("person export --person {code}"))));
        assert!(new.iter().any(|new| lost.contains(new)), "{new:?} have no number of {lost:?}");
    }
}

#[test]
fn a_log_that_does_not_go_on_from_the_head_kept_outside_is_found_and_no_year_closed_on_it() {
    let twins = Twins::village();
    let sandbox = &twins.sqlite;
    let before = fs::read(sandbox.path("coudemain.db")).unwrap();
    sandbox.write("more.csv", "name\nTroisième\n");
    done(&sandbox.run("import associations more.csv"));
    done(&sandbox.run("log checkpoint"));
    sandbox.write("coudemain.db", before);
    sandbox.write("other.csv", "name\nQuatrième\nCinquième\n");
    done(&sandbox.run("import associations other.csv"));
    says(&sandbox.run("audit"), 1, "last-checkpoint.note");
    says(&sandbox.run("close --year 2024"), 2, "le journal n'est pas la suite du dernier point signé");
    says(&sandbox.run("close --year 2024 --preview"), 0, "serait clos");
}

#[tokio::test]
async fn whoever_is_erased_goes_from_what_waits_too() {
    for database in Database::tried() {
        let ledger = Ledger::fresh(database).await;
        let (choir, band) = (ledger.association("Chorale").await, ledger.association("Fanfare").await);
        let (anne, claire) = (ledger.person("A1", &[choir]).await, ledger.person("C1", &[choir]).await);
        let bruno = ledger.person("B1", &[band]).await;
        ledger.grant(claire, Role::Delegate(choir)).await;
        ledger.grant(bruno, Role::Delegate(band)).await;
        let helped = NewExchange {
            memo: Some("Anne a tenu la caisse".to_owned()),
            contributions: vec![contribution(anne, 60), contribution(claire, 60)],
            ..exchange(choir, band, 120, day(2025, 3, 1))
        };
        let propose = Command::Propose { side: Side::Giver, exchange: helped, evidence: None };
        let proposed = ledger.done_by(delegate(claire, choir), propose).await;
        let Erasable { texts, keys, badges } = ledger.store.erasable(ledger.network, anne).await.unwrap();
        assert!(texts + keys + badges > 1);
        ledger.done(Command::ErasePerson { person: anne }).await;
        assert_eq!(ledger.store.erasable(ledger.network, anne).await.unwrap(), Erasable::default(), "{database:?}");
        let confirm =
            Command::Confirm { exchange: ExchangeNumber(proposed.0), evidence: Evidence::BOTH_SIDES, reason: None };
        ledger.done_by(delegate(bruno, band), confirm).await;
        assert_eq!(ledger.store.erasable(ledger.network, anne).await.unwrap(), Erasable::default(), "{database:?}");
        ledger.assert_sound().await;
    }
}

#[tokio::test]
async fn the_last_in_charge_of_an_association_that_left_can_be_erased() {
    let ledger = Ledger::fresh(Database::Sqlite).await;
    let choir = ledger.association("Chorale").await;
    let anne = ledger.person("A1", &[choir]).await;
    ledger.grant(anne, Role::Administrator(choir)).await;
    let erase = || Command::ErasePerson { person: anne };
    let refused = ledger.submit(request("while it is there", By::OPERATOR, erase())).await;
    assert!(matches!(refused, Err(WriteError::Rejected(Rejection::LastOneInCharge(_)))), "{refused:?}");
    ledger
        .done(Command::Leave { association: choir, into: None, reason: "dissoute".to_owned(), past_limits: false })
        .await;
    ledger.done(erase()).await;
    ledger.assert_sound().await;
}

#[test]
fn the_log_proves_what_it_holds_to_whoever_keeps_its_key() {
    for sandbox in closed().each() {
        done(&sandbox.run("log inclusion 3 --out 3.tlog-proof --leaf 3.json"));
        done(&sandbox.run("log checkpoint --out now.txt"));
        done(&sandbox.run("key export-public --out did.json"));
        let run = sandbox.run("verify 3.tlog-proof 3.json now.txt before.txt --trust did.json");
        says(&run, 0, "l'acte n° 3 est dans le journal");
        says(&sandbox.run("verify 3.tlog-proof 3.json --trust did.json"), 0, "montre sa place dans le journal");
        says(&sandbox.run("verify 3.tlog-proof now.txt --trust did.json"), 0, "donnez aussi son fichier");
        done(&sandbox.run("log inclusion 2 --out 2.tlog-proof --leaf 2.json"));
        says(&sandbox.run("verify 3.tlog-proof 2.json --trust did.json"), 1, "aucun des fichiers donnés n'est l'acte");
        // Two heads of one log are not held to be one history before that is shown.
        let run = sandbox.run("verify now.txt before.txt --trust did.json");
        says(&run, 0, "rien ne montre que le journal est la suite du point de 21 actes donné avec lui");
        done(&sandbox.run("log consistency 21 --out suite.txt"));
        let run = sandbox.run("verify now.txt before.txt suite.txt --trust did.json");
        assert_eq!((run.code, said(&run).matches("Tout est en ordre").count()), (Some(0), 3), "{run}");
        says(&run, 0, "le point de 22 actes est la suite de celui de 21 actes");
        says(&sandbox.run("log consistency 3"), 0, "=");
        says(&sandbox.run("log consistency 3000"), 2, "conviendrait");
    }
}

/// What somebody remembers from one time to the next with `--pin`.
#[test]
fn a_head_is_remembered_and_only_what_goes_on_from_it_takes_its_place() {
    for sandbox in closed().each() {
        done(&sandbox.run("key export-public --out did.json"));
        done(&sandbox.run("log checkpoint --out now.txt"));
        // Whoever signed it is not trusted: nothing is remembered of them.
        assert_eq!(sandbox.run("verify before.txt --pin kept.txt").code, Some(3));
        assert!(!sandbox.path("kept.txt").exists());
        says(&sandbox.run("verify before.txt --trust did.json --pin kept.txt"), 0, "21 actes.");
        let kept = fs::read(sandbox.path("kept.txt")).unwrap();
        assert_eq!(kept, fs::read(sandbox.path("before.txt")).unwrap());
        let run = sandbox.run("verify now.txt --trust did.json --pin kept.txt");
        says(&run, 0, "rien ne montre que le journal est la suite du point de 21 actes que vous aviez retenu");
        says(&run, 0, "Le point retenu reste celui de 21 actes");
        assert_eq!(fs::read(sandbox.path("kept.txt")).unwrap(), kept);
        done(&sandbox.run("log consistency 21 --out suite.txt"));
        let run = sandbox.run("verify now.txt suite.txt --trust did.json --pin kept.txt");
        says(&run, 0, "Point retenu : coudemain/");
        assert_eq!(fs::read(sandbox.path("kept.txt")).unwrap(), fs::read(sandbox.path("now.txt")).unwrap());
        // A statement is held against it, too.
        done(&sandbox.run("statement issue --year 2024 --out out --no-pdf"));
        let statement = files(sandbox, "out", ".json").remove(0);
        let run = sandbox.run(&format!("verify {statement} --trust out/did.json --pin kept.txt"));
        says(&run, 0, "le point de contrôle est celui que vous aviez retenu");
        sandbox.write("kept.txt", "hello\n");
        says(&sandbox.run("verify now.txt --trust did.json --pin kept.txt"), 2, "il n'a pas été touché");
        assert_eq!(fs::read(sandbox.path("kept.txt")).unwrap(), b"hello\n");
    }
}

#[test]
fn nothing_is_issued_to_a_minor_without_a_guardian() {
    let twins = Twins::village();
    let year = SystemClock.now().year();
    twins.write(
        "persons.csv",
        format!(
            "code,prénom,nom,né(e) le,association\n\
             ZOE,Zoé,Kervella,04/05/{},Chorale de Janzé\nALI,Ali,Diallo,04/05/{},Chorale de Janzé\n",
            year - 12,
            year - 40
        ),
    );
    twins.write(
        "contributions.csv",
        "exchange,date,association,person,duration,nature\nA-1,2024-03-01,Chorale de Janzé,ZOE,1h15,operational\n",
    );
    for sandbox in twins.each() {
        done(&sandbox.run("import persons persons.csv"));
        says(&sandbox.run("import persons persons.csv"), 0, "2 déjà là");
        done(&sandbox.run("import contributions contributions.csv"));
        says(&sandbox.run("person export --person ZOE"), 0, &format!("{}-05-04", year + 6));
        says(&sandbox.run("person export --person ALI"), 0, "\"adult_on\": null");
        let recognised = sandbox.run(
            "passport recognise A-1 --person ZOE --level independent --context 'La fête' --activities 'La caisse'",
        );
        done(&recognised);
        let number = number_in(&recognised);
        let alone = sandbox.run(&format!("passport accept {number} --as ZOE"));
        says(&alone, 2, &format!("le bénévole est mineur jusqu'au 04/05/{}", year + 6));
        done(&sandbox.run(&format!("passport accept {number} --as ZOE --guardian 'Anne Kervella'")));
        done(&sandbox.run("passport issue --person ZOE --out zoe --no-pdf"));
        says(&sandbox.run("audit"), 0, "tout concorde");

        // The guardian's name goes with the person.
        done(&sandbox.run("person erase --person ZOE --yes"));
        says(&sandbox.run("audit"), 0, "tout concorde");
        done(&sandbox.run("backup after.backup"));
        let mut kept = String::new();
        let backup = fs::File::open(sandbox.path("after.backup")).unwrap();
        flate2::read::GzDecoder::new(backup).read_to_string(&mut kept).unwrap();
        assert!(!kept.contains("Kervella"), "a name is left");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_head_is_signed_on_each_day_that_something_was_posted_and_when_a_year_is_closed() {
    for database in Database::tried() {
        let ledger = Ledger::fresh(database).await;
        let folder = tempfile::tempdir().unwrap();
        let keyring = Keyring::new(folder.path(), Uuid::from_u128(1));
        let signed = async |day: u32, hour: i64| {
            let now = noon(2025, 3, day) + chrono::TimeDelta::hours(hour - 12);
            let signed = ledger.store.sign_when_due(ledger.network, &keyring, now).await.unwrap();
            signed.map(|signed| signed.head.size)
        };
        assert_eq!(signed(1, 9).await, None, "without a key nothing is signed");
        let key = PrivateKey::from_seed([7; 32]);
        ledger.done(Command::AdoptKey { purpose: KeyPurpose::Checkpoint, key: key.public(), domain: None }).await;
        assert_eq!(signed(1, 9).await, None, "the key is not here");
        keyring.add(KeyPurpose::Checkpoint, &key).unwrap();
        assert_eq!(signed(1, 9).await, Some(2), "nothing was signed before");
        ledger.association("Amis du vélo").await;
        assert_eq!(signed(1, 22).await, None, "this day has its signature");
        // In Paris the day begins an hour before it does in universal time.
        assert_eq!(signed(1, 23).await, Some(3), "another day has begun");
        assert_eq!(signed(4, 9).await, None, "nothing was posted since");
        ledger.association("Chorale de Janzé").await;
        assert_eq!(signed(4, 9).await, Some(4));
        ledger.done(Command::CloseYear { year: Year(2024) }).await;
        assert_eq!(signed(4, 10).await, Some(5), "a closed year does not wait");
        assert_eq!(signed(4, 11).await, None);
        ledger.assert_sound().await;
    }
}
