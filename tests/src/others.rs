//! What a program by others says of what the network signs: `affinidi-data-integrity`, which shares no line with ours.

use std::fs;
use std::path::PathBuf;

use affinidi_data_integrity::{DataIntegrityProof, VerifyOptions, crypto_suites::CryptoSuite, did_vm::resolve_did_key};
use serde_json::Value;

use crate::command::Sandbox;
use crate::proofs::number_in;
use crate::twins::{Twins, done};

#[test]
fn others_accept_every_statement_and_badge_of_the_sample_year_and_nothing_that_was_changed() {
    let twins = Twins::new();
    let [sandbox, _] = twins.each();
    done(&sandbox.run("init 'Entraide du pays'"));
    for kind in ["associations", "persons", "exchanges", "contributions"] {
        twins.write_sample(&format!("{kind}.csv"));
        done(&sandbox.run(&format!("import {kind} {kind}.csv")));
    }
    done(&sandbox.run("close --year 2025"));
    done(&sandbox.run("statement issue --year 2025 --out out --no-pdf"));
    let statements = signed(sandbox, "out", "2025");
    assert_eq!(statements.len(), 38);
    for statement in &statements {
        let minutes = &statement["credentialSubject"]["givenMinutes"];
        holds_unchanged_alone(statement, "/credentialSubject/givenMinutes", (minutes.as_i64().unwrap() + 1).into());
    }

    let run = sandbox.run(
        "passport recognise 2025-00002 --person V0014 --level independent --context 'Une demande de subvention' \
         --activities 'Le budget'",
    );
    done(&run);
    done(&sandbox.run(&format!("passport accept {} --as V0014", number_in(&run))));
    done(&sandbox.run("passport issue --person V0014 --out passport --no-pdf"));
    let badges = signed(sandbox, "passport", "badge");
    assert_eq!(badges.len(), 1);
    for badge in &badges {
        holds_unchanged_alone(badge, "/credentialSubject/achievement/name", "Pilotage".into());
    }
}

/// The signed documents of a folder whose names begin so.
fn signed(sandbox: &Sandbox, folder: &str, begin: &str) -> Vec<Value> {
    let entries = fs::read_dir(sandbox.path(folder)).unwrap().map(|entry| entry.unwrap().path());
    let is_one = |path: &PathBuf| {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap();
        name.starts_with(begin) && path.extension().is_some_and(|extension| extension == "json")
    };
    entries.filter(is_one).map(|path| serde_json::from_slice(&fs::read(path).unwrap()).unwrap()).collect()
}

/// The document is accepted as it is, and refused once it says something else at that place.
#[track_caller]
fn holds_unchanged_alone(document: &Value, place: &str, other: Value) {
    is_accepted(document).unwrap();
    let mut changed = document.clone();
    *changed.pointer_mut(place).unwrap() = other;
    is_accepted(&changed).unwrap_err();
}

/// Whether the proof by canonical JSON holds, of whoever's key it names.
fn is_accepted(document: &Value) -> Result<(), affinidi_data_integrity::DataIntegrityError> {
    let mut document = document.clone();
    let proofs = match document.as_object_mut().unwrap().remove("proof").unwrap() {
        Value::Array(proofs) => proofs,
        proof => vec![proof],
    };
    let proofs = proofs.into_iter().map(|proof| serde_json::from_value::<DataIntegrityProof>(proof).unwrap());
    let proof = proofs.into_iter().find(|proof| proof.cryptosuite == CryptoSuite::EddsaJcs2022).unwrap();
    let key = resolve_did_key(&proof.verification_method)?;
    proof.verify_with_public_key(&document, &key.public_key_bytes, VerifyOptions::new())
}
