//! The service itself, with a mail server that wants TLS and a password.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::Command;

use serde_json::json;
use tempfile::TempDir;

use super::letters;
use super::smtp::MailServer;
use crate::api::served::{Served, eventually, token};
use crate::command::Sandbox;
use crate::packages;
use crate::twins::{done, says};

/// An authority that nobody knows, and a certificate by it for this machine.
fn certificates() -> TempDir {
    let folder = TempDir::new().unwrap();
    let key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
    std::fs::write(folder.path().join("names"), "subjectAltName = DNS:localhost\n").unwrap();
    for words in [
        [&["req", "-x509"], &key[..], &["-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=ca", "-days", "2"]]
            .concat(),
        [&["req"], &key[..], &["-keyout", "key.pem", "-out", "csr.pem", "-subj", "/CN=localhost"]].concat(),
        vec![
            "x509",
            "-req",
            "-in",
            "csr.pem",
            "-CA",
            "ca.pem",
            "-CAkey",
            "ca.key",
            "-CAcreateserial",
            "-out",
            "cert.pem",
            "-days",
            "2",
            "-extfile",
            "names",
        ],
    ] {
        openssl(folder.path(), &words);
    }
    folder
}

fn openssl(folder: &Path, words: &[&str]) {
    let run = || Command::new("openssl").args(words).current_dir(folder).output();
    let run = run().or_else(|_| {
        packages::install("openssl", "openssl is missing").unwrap_or_else(|why| panic!("{why}"));
        run()
    });
    let run = run.unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
}

/// A network with two members and a delegate of the second, served with these words, under these certificates.
fn serve(words: &str, authority: &Path) -> Served {
    let sandbox = Sandbox::sqlite();
    done(&sandbox.run("init 'Entraide du pays'"));
    let operator = token(&sandbox, "");
    let line = format!(
        "serve --listen 127.0.0.1:0 --log-requests false --public-url https://heures.example.org \
         --mail-from heures@example.org {words}"
    );
    let mut process = sandbox.command(&line).env("SSL_CERT_FILE", authority.to_str().unwrap()).spawn();
    let mut said = String::new();
    BufReader::new(process.stdout.take().unwrap()).read_line(&mut said).unwrap();
    let address = said.trim().split_once("http://").unwrap().1.to_owned();
    Served { sandbox, address, second_address: None, operator, process }
}

/// One member says that it helped another, whose delegate has an address.
fn propose(served: &Served) {
    let [club, school] = ["Judo-club", "École de musique"].map(|name| served.association(name));
    let bob = json!({ "code": "BOB", "first_name": "Bob", "email": "bob@example.org" });
    let bob = served.post(&served.operator, "/v1/persons", &bob).expect(201).field("id");
    served.give_role(&bob, "delegate", Some(&school));
    served.propose(&served.operator, &club, &school, 600);
}

#[test]
fn letters_leave_under_tls_with_a_password_and_never_without() {
    let certificates = certificates();
    let user = "club%40x:p%3A%40ss%20%C3%A9";
    for (how, way) in [("starttls", "smtp"), ("tls", "smtps")] {
        let server = MailServer::with_tls(how, certificates.path());
        let way = format!("{way}://{user}@localhost:{}", server.port);
        let way = if how == "starttls" { format!("{way}?tls=required") } else { way };
        let served = serve(&format!("--mail {way}"), &certificates.path().join("ca.pem"));
        propose(&served);
        // What he may do now, and what waits for him.
        eventually("Both letters arrive.", || letters(server.folder.path()).len() == 2);
        let to: Vec<_> = letters(server.folder.path()).into_iter().map(|letter| letter.to).collect();
        assert_eq!(to, ["bob@example.org"; 2]);
        served.assert_sound();
    }
}

#[test]
fn nothing_is_said_to_a_server_that_is_not_who_it_says_or_does_not_switch_to_tls() {
    let [certificates, others] = [certificates(), certificates()];
    let pretender = MailServer::with_tls("tls", certificates.path());
    let open = MailServer::start();
    for way in [
        format!("smtps://club%40x:secret@localhost:{}", pretender.port),
        format!("smtp://club%40x:secret@localhost:{}?tls=required", open.port),
    ] {
        let served = serve(&format!("--mail {way}"), &others.path().join("ca.pem"));
        propose(&served);
        let tried = "SELECT count(*) FROM mail WHERE attempts > 0";
        eventually("It was tried.", || counted(&served.sandbox.database, tried) > 0);
    }
    assert!(letters(pretender.folder.path()).is_empty());
    assert!(letters(open.folder.path()).is_empty());
}

/// What somebody counts behind the program's back.
fn counted(database: &str, sql: &'static str) -> i64 {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let options: sqlx::sqlite::SqliteConnectOptions = database.parse().unwrap();
        let mut connection = sqlx::ConnectOptions::connect(&options).await.unwrap();
        sqlx::query_scalar(sql).fetch_one(&mut connection).await.unwrap()
    })
}

#[test]
fn a_way_that_leads_nowhere_is_refused_and_its_secret_is_not_shown() {
    let sandbox = Sandbox::sqlite();
    done(&sandbox.run("init 'Entraide du pays'"));
    let serve = "serve --listen 127.0.0.1:0 --public-url https://heures.example.org";
    for (words, said) in [
        ("--mail smtp://localhost", "--mail-from"),
        ("--mail ftp://a:hidden@b --mail-from h@example.org", "smtp://nom:secret@hote:port"),
        ("--mail smtp://localhost --mail-from nobody", "« nobody » n'est pas une adresse"),
        ("--mail folder:coudemain.db --mail-from h@example.org", "ce dossier ne peut pas être fait"),
    ] {
        let run = sandbox.run(&format!("{serve} {words}"));
        says(&run, 2, said);
        assert!(!run.stderr.contains("hidden"), "{run}");
    }
    let run = sandbox.run("serve --listen 127.0.0.1:0 --mail smtp://localhost --mail-from h@example.org");
    says(&run, 2, "--public-url");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_provider_stops_digests_with_one_post_and_whoever_only_looks_does_not() {
    let served = Served::fresh(Sandbox::sqlite());
    propose(&served);
    let store = store::Store::open(&served.sandbox.database, false).await.unwrap();
    let network = ledger::NetworkId(1);
    let bob = store.registry(network).await.unwrap().persons().next().unwrap().number;
    let weekly = store::MailSetting { digest: store::DigestRhythm::Weekly(1), ..store::MailSetting::default() };
    store.set_mail_setting(network, bob, &weekly).await.unwrap();
    let secret = service::Secret::new(network, [7; 32]);
    let purpose = store::MailLinkPurpose::Unsubscribe;
    let link = store::MailLink { person: bob, purpose, created_at: chrono::DateTime::UNIX_EPOCH };
    store.add_mail_link(network, secret.digest, &link).await.unwrap();
    let path = format!("/unsubscribe/{}", secret.text);

    for method in ["GET", "HEAD", "GET"] {
        served.call(method, &path).send().expect(200);
    }
    assert_eq!(store.mail_setting(network, bob).await.unwrap(), weekly);
    served.call("GET", "/unsubscribe/cdm_1_x").send().expect(404);
    served.call("POST", "/unsubscribe/cdm_1_x").send().expect(404);
    for _ in 0..2 {
        // As RFC 8058 has it: from elsewhere, without a cookie, and nothing but this.
        let mut call = served.call("POST", &path).header("content-type", "application/x-www-form-urlencoded");
        call.body = b"List-Unsubscribe=One-Click".to_vec();
        let reply = call.send().expect(200);
        assert!(reply.text.contains("vous ne recevrez plus le point régulier"), "{}", reply.text);
        assert_eq!(reply.header("set-cookie"), None);
    }
    assert_eq!(store.mail_setting(network, bob).await.unwrap().digest, store::DigestRhythm::None);
    served.assert_sound();
}
