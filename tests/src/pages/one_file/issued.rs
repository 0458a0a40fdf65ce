//! All that the sample year issues, and the keys with which it is signed: a forger who has them goes furthest.

use std::fs;
use std::path::PathBuf;

use chrono::{DateTime, Utc};
use ledger::clock::{Clock as _, SystemClock};
use ledger::integrity::{Cryptosuite, sign};
use ledger::key::{Issuer, PrivateKey};
use serde_json::Value;

use super::judges::Given;
use crate::command::Sandbox;
use crate::proofs::{files, number_in};
use crate::twins::done;

/// A network of the sample year that has handed out all that it can.
pub(super) struct Issued {
    pub(super) sandbox: Sandbox,
    /// The statement whose place another one took.
    pub(super) superseded: String,
}

/// Both suites that a badge is signed with, in their order.
pub(super) const BOTH: [Cryptosuite; 2] = [Cryptosuite::EddsaRdfc2022, Cryptosuite::EddsaJcs2022];
pub(super) const JCS: [Cryptosuite; 1] = [Cryptosuite::EddsaJcs2022];

impl Issued {
    /// A network that has handed out nothing.
    pub(super) fn founded() -> Self {
        let sandbox = Sandbox::sqlite();
        done(&sandbox.run("init 'Entraide du pays'"));
        Self { sandbox, superseded: String::new() }
    }

    pub(super) fn sample_year() -> Self {
        let Self { sandbox, .. } = Self::founded();
        for kind in ["associations", "persons", "exchanges", "contributions"] {
            let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("samples/{kind}.csv"));
            sandbox.write(&format!("{kind}.csv"), fs::read(path).unwrap());
            done(&sandbox.run(&format!("import {kind} {kind}.csv")));
        }
        done(&sandbox.run("log checkpoint --out before.txt"));
        done(&sandbox.run("close --year 2025"));
        done(&sandbox.run("statement issue --year 2025 --out out --no-pdf"));
        let recognise = "passport recognise 2025-00002 --person V0014 --level independent --context 'Une demande' \
                         --activities 'Le budget'";
        let run = sandbox.run(recognise);
        done(&run);
        done(&sandbox.run(&format!("passport accept {} --as V0014", number_in(&run))));
        done(&sandbox.run("passport issue --person V0014 --out passport"));
        done(&sandbox.run("log checkpoint --out after.txt"));
        let mut issued = Self { sandbox, superseded: String::new() };
        let name_of =
            |statement: &String| issued.json(statement)["credentialSubject"]["name"].as_str().unwrap().to_owned();
        let mut named = issued.statements().into_iter().map(|statement| (name_of(&statement), statement));
        let (name, statement) = named.find(|(name, _)| !name.contains(['\'', '’'])).unwrap();
        issued.superseded = statement;
        let again = format!("statement issue --year 2025 --association '{name}' --again --out new");
        done(&issued.sandbox.run(&again));
        done(&issued.sandbox.run("log inclusion 1 --out 1.tlog-proof --leaf 1.json"));
        done(&issued.sandbox.run("log checkpoint --out last.txt"));
        let size = issued.text("before.txt").lines().nth(1).unwrap().to_owned();
        done(&issued.sandbox.run(&format!("log consistency {size} --out goes-on.txt")));
        issued
    }

    pub(super) fn bytes(&self, name: &str) -> Vec<u8> {
        fs::read(self.sandbox.path(name)).unwrap()
    }

    pub(super) fn text(&self, name: &str) -> String {
        String::from_utf8(self.bytes(name)).unwrap()
    }

    pub(super) fn json(&self, name: &str) -> Value {
        serde_json::from_slice(&self.bytes(name)).unwrap()
    }

    pub(super) fn given(&self, name: &str) -> Given {
        Given::new(name, self.bytes(name))
    }

    /// The network's keys, which somebody says they have from itself.
    pub(super) fn keys(&self) -> Given {
        self.given("out/did.json").trusted()
    }

    pub(super) fn statements(&self) -> Vec<String> {
        files(&self.sandbox, "out", ".json")
    }

    /// The files of a folder with that beginning and end.
    pub(super) fn named(&self, folder: &str, begin: &str, end: &str) -> Vec<String> {
        let entries = fs::read_dir(self.sandbox.path(folder)).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<_> = names.filter(|name| name.starts_with(begin) && name.ends_with(end)).collect();
        names.sort();
        names.into_iter().map(|name| format!("{folder}/{name}")).collect()
    }

    /// The network's own key of that purpose.
    pub(super) fn key(&self, purpose: &str) -> PrivateKey {
        let folder = fs::read_dir(self.sandbox.path("coudemain.keys")).unwrap();
        let network = folder.map(|entry| entry.unwrap().path()).find(|path| path.is_dir()).unwrap();
        let mut keys = fs::read_dir(network).unwrap().map(|entry| entry.unwrap().path());
        let is_one = |path: &PathBuf| path.file_name().unwrap().to_str().unwrap().starts_with(purpose);
        PrivateKey::from_pem(&fs::read_to_string(keys.find(is_one).unwrap()).unwrap()).unwrap()
    }

    /// The document, signed with the network's own key.
    pub(super) fn signed(&self, document: &Value, suites: &[Cryptosuite]) -> Option<Value> {
        signed_by(&self.key("credential"), None, document, suites)
    }
}

/// The document signed by a key, in the key's own name or a domain's; `None` where it has no form to be signed in.
pub(super) fn signed_by(
    key: &PrivateKey,
    domain: Option<&str>,
    document: &Value,
    suites: &[Cryptosuite],
) -> Option<Value> {
    let mut document = document.clone();
    let issuer = Issuer::new(key.public(), domain);
    document.as_object_mut()?.remove("proof");
    sign(&mut document, suites, key, &issuer, now()).ok()?;
    Some(document)
}

pub(super) fn now() -> DateTime<Utc> {
    SystemClock.now()
}
