//! Keys, names and logs that take the place of others: what was issued before stays checkable, revocation included.

use std::fs;

use serde_json::Value;

use crate::api::served::{exchange, serve};
use crate::command::Sandbox;
use crate::proofs::{closed, files, number_in};
use crate::twins::{done, says};

/// A badge of Zoé's in a folder of that name; its number.
fn badge(sandbox: &Sandbox, folder: &str) -> String {
    let recognised = sandbox.run(
        "passport recognise A-1 --person ZOE --level independent --context 'La fête de mai' --activities 'La caisse'",
    );
    done(&recognised);
    let number = number_in(&recognised);
    done(&sandbox.run(&format!("passport accept {number} --as ZOE")));
    done(&sandbox.run(&format!("passport issue --person ZOE --out {folder} --no-pdf")));
    number
}

#[test]
fn whoever_knows_the_old_key_alone_learns_of_the_new_one_and_nothing_issued_is_lost() {
    let twins = closed();
    let sandbox = &twins.sqlite;
    let number = badge(sandbox, "zoe");
    done(&sandbox.run("statement issue --year 2024 --out before --no-pdf"));
    done(&sandbox.run("key export-public --out old.json"));
    let rotated = sandbox.run("key rotate");
    says(&rotated, 0, "Un point signé avec l'ancienne clé annonce la nouvelle");
    done(&sandbox.run("key export-public --out new.json"));
    sandbox.write("more.csv", "name\nJudo\n");
    done(&sandbox.run("import associations more.csv"));
    done(&sandbox.run("log checkpoint --out now.txt"));
    assert_eq!(sandbox.run("log checkpoint").stdout.matches("\n— ").count(), 1, "the old key signs the change alone");
    says(&sandbox.run("verify now.txt --trust old.json"), 1, "aucune signature du journal attendu");
    says(&sandbox.run("verify now.txt new.json --trust old.json"), 0, "signé par le journal");

    let again = "statement issue --year 2024 --association 'Chorale de Janzé' --again --out after --no-pdf";
    done(&sandbox.run(again));
    let (before, after) = (files(sandbox, "before", ".json").remove(0), files(sandbox, "after", ".json").remove(0));
    says(&sandbox.run(&format!("verify {after} --trust old.json")), 3, "vous n'avez pas dit si vous lui");
    says(&sandbox.run(&format!("verify {after} new.json --trust old.json")), 0, "à laquelle vous faites confiance");
    says(&sandbox.run(&format!("verify {before} --trust new.json")), 0, "à laquelle vous faites confiance");

    // The list that tells what is revoked is signed with the new key.
    let badge = format!("zoe/badge-{number}.json");
    done(&sandbox.run("passport status --out none.json"));
    says(&sandbox.run(&format!("verify {badge} none.json --trust new.json")), 0, "non révoqué au");
    done(&sandbox.run(&format!("passport withdraw {number} --reason 'Par erreur'")));
    done(&sandbox.run("passport status --out status.json"));
    says(&sandbox.run(&format!("verify {badge} status.json --trust new.json")), 1, "révoqué, selon la liste");
    says(&sandbox.run(&format!("verify {badge} status.json new.json --trust old.json")), 1, "révoqué, selon la liste");
    // To whoever trusts neither, it is somebody else's list.
    says(&sandbox.run(&format!("verify {badge} status.json")), 1, "la liste de révocation donnée n'est pas valable");

    // The log is lost, and goes on under another name.
    done(&sandbox.run("log reopen --head unknown --out opened.txt"));
    says(&sandbox.run("verify opened.txt --trust new.json"), 0, "signé par le journal");
    says(&sandbox.run("verify opened.txt new.json --trust old.json"), 0, "signé par le journal");
    says(&sandbox.run("audit"), 0, "tout concorde");

    // A key that was lost signs nothing, and the new one is made all the same.
    for key in files_of_keys(sandbox) {
        fs::remove_file(key).unwrap();
    }
    says(&sandbox.run("key rotate"), 0, "L'ancienne clé n'est pas ici");
    done(&sandbox.run("log checkpoint"));
}

fn files_of_keys(sandbox: &Sandbox) -> Vec<std::path::PathBuf> {
    let network = fs::read_dir(sandbox.path("coudemain.keys")).unwrap().next().unwrap().unwrap().path();
    let files = fs::read_dir(network).unwrap().map(|file| file.unwrap().path());
    files.filter(|file| file.extension().is_some_and(|end| end == "pem")).collect()
}

#[test]
fn lists_and_keys_answer_under_the_names_that_a_network_had() {
    let twins = closed();
    let sandbox = &twins.sqlite;
    done(&sandbox.run("key rotate --domain old.example --purpose checkpoint"));
    done(&sandbox.run("key export-public --out first.json"));
    let rotated = sandbox.run("key rotate --domain old.example --purpose credential");
    says(&rotated, 0, "Un point signé avec l'ancienne clé annonce la nouvelle");
    assert_eq!(sandbox.run("log checkpoint").stdout.matches("\n— ").count(), 1, "the log's own key is the same");
    let number = badge(sandbox, "zoe");
    let badge = format!("zoe/badge-{number}.json");
    done(&sandbox.run("key rotate --domain new.example"));
    done(&sandbox.run("key export-public --out new.json"));
    says(&sandbox.run(&format!("verify {badge} new.json --trust first.json")), 0, "à laquelle vous faites confiance");
    done(&sandbox.run("key export-public --domain old.example --out old.json"));
    let status = sandbox.run("passport status --out status.json");
    says(&status, 0, "sous l'ancien nom old.example");
    let verify = format!("verify {badge} status-old.example.json --trust old.json");
    says(&sandbox.run(&verify), 0, "non révoqué au");
    done(&sandbox.run(&format!("passport withdraw {number} --reason 'Par erreur'")));
    done(&sandbox.run("passport status --out status.json"));
    says(&sandbox.run(&verify), 1, "révoqué, selon la liste");
    let other = sandbox.run("key export-public --domain other.example");
    says(&other, 2, "ce réseau n'a pas eu le nom « other.example » ; conviendrait : new.example, old.example");

    let (_running, address) = serve(sandbox, "");
    let told = |host: &str, path: &str| {
        let request = format!("GET {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n");
        exchange(&address, request.as_bytes()).unwrap()
    };
    let asked = |host: &str| told(host, "/.well-known/did.json");
    let exported: Value = serde_json::from_slice(&fs::read(sandbox.path("old.json")).unwrap()).unwrap();
    for others in [0, 20] {
        for other in 0..others {
            done(&sandbox.run(&format!("init 'Réseau {other}' --another")));
        }
        for name in ["old.example", "new.example"] {
            assert_eq!(asked(name).expect(200).field("id"), format!("did:web:{name}"));
            let list = told(name, "/credentials/status/1").expect(200);
            assert_eq!(list.field("id"), format!("https://{name}/credentials/status/1"));
            sandbox.write("served.json", list.text);
            let verify = format!("verify {badge} served.json --trust old.json");
            if name == "old.example" {
                says(&sandbox.run(&verify), 1, "révoqué, selon la liste");
            }
        }
        for path in ["/.well-known/did.json", "/credentials/status/1"] {
            told("other.example", path).expect(404);
        }
        assert_eq!(asked("old.example").json(), exported);
    }
}
