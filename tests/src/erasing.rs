//! What is left of somebody in the keys and digests that acts keep for ever: nothing, once they are erased.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod former_keys;

use std::fs;
use std::io::Read as _;

use flate2::read::GzDecoder;
use ledger::{
    AssociationNumber, Digest,
    brought_in::{BroughtIn, NamelessLine},
    clock::SecretKey,
    command::By,
    content::{self, digest_of_all},
    keyed::NetworkSecrets,
    person::Identity,
};
use serde_json::Value;
use store::Store;

use crate::command::Sandbox;
use crate::ledger_on::{Database, Ledger, add_person, request};
use crate::twins::{Twins, done, says};

const CONTRIBUTIONS: &str = "date,association,person,duration,nature\n2026-03-12,Chorale de Janzé,ZOE,1h15,operational\n\
                             2026-03-12,Chorale de Janzé,ALI,2h,operational\n";

/// The same, with what somebody answers to the question about Zoé.
const ANSWERED: [&str; 3] = [
    "date,association,person,duration,nature,réponse",
    "2026-03-12,Chorale de Janzé,ZOE,1h15,operational,oui",
    "2026-03-12,Chorale de Janzé,ALI,2h,operational,",
];

/// The digest of what the line about Zoé says, as an import reads it.
fn line_of(association: AssociationNumber) -> Digest {
    digest_of_all(&["", "2026-03-12", &association.to_string(), "ZOE", "75", "operational", ""])
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_tells_which_acts_were_about_somebody_who_was_erased() {
    let twins = Twins::new();
    twins.write("members.csv", "name,kind\nFanfare de Retiers,association\nChorale de Janzé,association\n");
    twins.write(
        "persons.csv",
        "code,first_name,last_name,email,association\nZOE,Zoé,Kervella,zoe@example.org,Chorale de Janzé\n\
         ALI,Ali,Benali,,Chorale de Janzé\n",
    );
    twins.write("contributions.csv", CONTRIBUTIONS);
    twins.write(
        "exchanges.csv",
        "date,giver,receiver,duration,memo\n2026-03-01,Chorale de Janzé,Fanfare de Retiers,1h,merci à Zoé KERVELLA\n",
    );
    for sandbox in twins.each() {
        for line in ["init Entraide", "import associations members.csv", "import persons persons.csv"] {
            done(&sandbox.run(line));
        }
        done(&sandbox.run("import contributions contributions.csv"));
        done(&sandbox.run("import exchanges exchanges.csv"));
        says(&sandbox.run("import contributions contributions.csv"), 0, "2 déjà là");
        says(&sandbox.run("import persons persons.csv"), 0, "2 déjà là");

        // Whoever has the secrets finds the acts by what the line says; nobody finds them without.
        let before = Secrets::of(sandbox).await;
        let kept = Kept::of(sandbox, "before.backup");
        assert!(kept.has_line(&before, before.zoe.unwrap()));
        assert!(kept.acts.contains(&before.network.requests.hidden(before.line).to_hex()));
        for guess in guesses(before.line) {
            assert!(!kept.acts.contains(&guess), "{guess}");
        }

        let bytes = bytes_of(sandbox);
        assert!(bytes.is_none_or(|bytes| tells(&bytes)), "nothing to be erased");
        // Others' words may speak of her: which of them go is for somebody to say.
        says(&sandbox.run("person erase --person ZOE"), 0, "1. remarque (acte");
        says(&sandbox.run("person erase --person ZOE --yes"), 1, "merci à Zoé KERVELLA");
        says(&sandbox.run("person erase --person ZOE --yes --mentions 2"), 2, "de 1 à 1");
        says(&sandbox.run("person erase --person ZOE --yes --mentions tous"), 0, "(effacé)");
        assert!(!bytes_of(sandbox).is_some_and(|bytes| tells(&bytes)), "bytes of who was erased stay in the file");
        let after = Secrets::of(sandbox).await;
        let kept = Kept::of(sandbox, "after.backup");
        assert_eq!(after.zoe, None);
        assert_eq!(after.network.lines, before.network.lines);
        for secret in after.all() {
            assert!(!kept.has_line(&after, secret));
            let requests = ledger::keyed::RequestSecret { key: secret, ..after.network.requests };
            for said in [before.line, digest_of_all(&[&content::identity(&zoe())])] {
                assert!(!kept.acts.contains(&requests.hidden(said).to_hex()));
            }
        }
        // Nor is there what hid them.
        for gone in [before.zoe.unwrap(), before.network.requests.key] {
            assert!(!kept.all.contains(&Digest(gone.0).to_hex()));
        }
        assert!(!kept.all.contains("Kervella") && !kept.all.contains("ZOE"));

        // What is about nobody is still known; who comes again is asked about.
        says(&sandbox.run("import exchanges exchanges.csv"), 0, "1 déjà là");
        says(&sandbox.run("import contributions contributions.csv"), 2, "personne inconnue : « ZOE »");
        says(&sandbox.run("import persons persons.csv"), 1, "est-ce l'une d'elles qui revient ?");
        says(&sandbox.run("import persons persons.csv --new-persons"), 0, "Entré : 1 adhésion");
        // Nor are the lines about her known by anything: that the same hours are there is asked, before anything enters.
        says(&sandbox.run("import contributions contributions.csv"), 1, "d'une personne effacée depuis, le 12/03/2026");
        sandbox.write("answered.csv", format!("{}\n", ANSWERED.join("\n")));
        says(&sandbox.run("import contributions answered.csv"), 0, "2 déjà là");
        says(&sandbox.run("import exchanges exchanges.csv"), 0, "1 déjà là");
        says(&sandbox.run("import associations members.csv"), 0, "2 déjà là");
        says(&sandbox.run("audit"), 0, "tout concorde");
    }
}

/// The bytes of the database's file and of the log beside it; of a server's, nothing is to be seen.
fn bytes_of(sandbox: &Sandbox) -> Option<Vec<u8>> {
    let path = sandbox.database.strip_prefix("sqlite://")?;
    let beside = fs::read(format!("{path}-wal")).unwrap_or_default();
    Some([fs::read(path).unwrap(), beside].concat())
}

/// Whether they tell of Zoé.
fn tells(bytes: &[u8]) -> bool {
    let has = |wanted: &str| bytes.windows(wanted.len()).any(|window| window.eq_ignore_ascii_case(wanted.as_bytes()));
    ["Kervella", "zoe@example.org", "person:ZOE"].into_iter().any(has)
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_that_others_chose_and_that_name_somebody_are_shown() {
    for database in Database::tried() {
        let ledger = Ledger::fresh(database).await;
        let named = |key: &str, code: &str| {
            let mut request = request(key, By::OPERATOR, add_person(code));
            request.key.scope = "api:operator".to_owned();
            request
        };
        let act = ledger.submit(named("personne-zoe kervella-1", "ZOE")).await.unwrap().act;
        ledger.submit(named("01a20342-1247-7d47-815e-9d3f3dcc34eb", "ALI")).await.unwrap();
        ledger.submit(named("personne-2", "BEN")).await.unwrap();
        let found = ledger.store.keys_that_name(ledger.network, &zoe()).await.unwrap();
        assert_eq!(found, [(act, "personne-zoe kervella-1".to_owned())], "{database:?}");
        // Networks of this version seal no file's digest.
        assert_eq!(ledger.store.sealed_file_digests(ledger.network).await.unwrap(), 0);
    }
}

#[test]
fn the_file_of_a_database_is_its_owner_s_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let sandbox = Sandbox::sqlite();
    done(&sandbox.run("init Entraide"));
    let path = sandbox.database.strip_prefix("sqlite://").unwrap();
    assert_eq!(fs::metadata(path).unwrap().permissions().mode() & 0o777, 0o600);
}

fn zoe() -> Identity {
    Identity {
        code: "ZOE".to_owned(),
        first_name: Some("Zoé".to_owned()),
        last_name: Some("Kervella".to_owned()),
        email: Some("zoe@example.org".to_owned()),
        adult_on: None,
    }
}

/// What somebody would look for who knows what was brought in, and not under which secrets.
fn guesses(line: Digest) -> Vec<String> {
    let identity = digest_of_all(&[&content::identity(&zoe())]).to_hex();
    let line = line.to_hex();
    vec!["person:ZOE".to_owned(), "membership:ZOE".to_owned(), identity, line[..32].to_owned(), line]
}

/// The secrets that a database has.
struct Secrets {
    network: NetworkSecrets,
    /// What the line about Zoé says.
    line: Digest,
    zoe: Option<SecretKey>,
    persons: Vec<SecretKey>,
}

impl Secrets {
    async fn of(sandbox: &Sandbox) -> Self {
        let store = Store::open(&sandbox.database, false).await.unwrap();
        let network = store.network(None).await.unwrap().id;
        let persons = store.line_secrets(network).await.unwrap();
        let registry = store.registry(network).await.unwrap();
        let zoe = registry.person_with_code("ZOE").and_then(|person| persons.get(&person.number).copied());
        let chorale = registry.associations().find(|one| one.name() == "Chorale de Janzé").unwrap().number;
        let secrets = Self {
            line: line_of(chorale),
            network: store.secrets(network).await.unwrap(),
            zoe,
            persons: persons.into_values().collect(),
        };
        store.close().await;
        secrets
    }

    fn all(&self) -> impl Iterator<Item = SecretKey> {
        let NetworkSecrets { lines, requests, .. } = self.network;
        self.persons.iter().copied().chain([lines, requests.key])
    }
}

/// What a database holds.
struct Kept {
    all: String,
    /// The acts alone.
    acts: String,
}

impl Kept {
    fn of(sandbox: &Sandbox, name: &str) -> Self {
        done(&sandbox.run(&format!("backup {name}")));
        Self::in_bytes(&fs::read(sandbox.path(name)).unwrap())
    }

    fn in_bytes(backup: &[u8]) -> Self {
        let mut all = String::new();
        GzDecoder::new(backup).read_to_string(&mut all).unwrap();
        let (mut acts, mut is_act) = (String::new(), false);
        for line in all.lines() {
            let parsed: Value = serde_json::from_str(line).unwrap();
            if let Some(table) = parsed.get("table") {
                is_act = table["name"] == "act";
            }
            if is_act {
                acts += line;
            }
        }
        Self { all, acts }
    }

    /// Whether the line about Zoé is found under that secret.
    fn has_line(&self, secrets: &Secrets, of: SecretKey) -> bool {
        let line = NamelessLine { date: "2026-03-12".parse().unwrap(), content: secrets.line, occurrence: 1 };
        self.acts.contains(&BroughtIn::Contribution { line, of }.key(&secrets.network).key)
    }
}
