//! Who saw a head, and what was taken back since.

use chrono::TimeDelta;

use super::*;
use crate::quorum::Quorum;

fn witness(seed: u8) -> (VerifierKey, PrivateKey) {
    let key = PrivateKey::from_seed([seed; 32]);
    let name = format!("w{seed}.example");
    (VerifierKey { name, algorithm: Algorithm::Cosignature, key: key.public() }, key)
}

fn policy(logs: &[&VerifierKey], least: &str) -> Quorum {
    let logs: Vec<_> = logs.iter().map(|log| format!("log {log}\n")).collect();
    let witnesses: String = [31, 32].map(|seed| format!("witness w{seed} {}\n", witness(seed).0)).concat();
    Quorum::parse(&format!("{}{witnesses}group all-of-them {least} w31 w32\nquorum all-of-them\n", logs.concat()))
        .unwrap()
}

/// What is said of a demand, and whether all holds.
fn demanded(bytes: &[u8], trust: &Trust) -> (bool, String) {
    let report = verify(bytes, trust, now());
    let told = report.checks.iter().filter(|check| check.name == "witnesses");
    let told: Vec<_> = told.map(|check| format!("{:?} {}", check.verdict, check.in_words(Language::English))).collect();
    (report.holds(), told.join("\n"))
}

#[test]
fn a_policy_is_demanded_of_every_head_that_a_document_leads_to() {
    let (figures, mut bound) = figures_and_binding();
    let (leaf, _) = closing_leaf(&years());
    let (mut proof, log_key, head) = logged(&leaf, 7);
    let seen_at = |at: DateTime<Utc>| u64::try_from(at.timestamp()).unwrap();
    let cosigned = |note: Note, seed: u8, at| {
        let (verifier, key) = witness(seed);
        note.cosigned(&verifier.name, &key, seen_at(at))
    };
    let yesterday = now() - TimeDelta::days(1);
    proof.checkpoint = cosigned(head.clone(), 31, yesterday);
    bound.closing_proof = proof.to_text();
    let statement = bytes(&signed_with(&figures, Some(&bound)));
    let trusting = |quorum: Quorum| {
        let mut trust = pinned();
        trust.demand(quorum);
        trust
    };
    let (holds, told) = demanded(&statement, &trusting(policy(&[], "any")));
    assert_eq!((holds, told.as_str()), (true, "Holds the witnesses that your policy demands saw this checkpoint: w31"));
    let all = trusting(policy(&[], "all"));
    let (holds, told) = demanded(&statement, &all);
    assert_eq!(
        (holds, told.as_str()),
        (false, "Fails this checkpoint has too few witnesses for your policy: seen by w31; missing are w32")
    );
    // A cosignature that came later stands in a file beside it; one of the future, or of another text, does not count.
    let beside = |note: Note| {
        let mut trust = all.clone();
        trust.with_other(note.to_string().into_bytes());
        demanded(&statement, &trust).0
    };
    assert!(beside(cosigned(head.clone(), 32, yesterday)));
    assert!(!beside(cosigned(head.clone(), 32, now() + TimeDelta::days(1))));
    let other = Note::new(head.text.replacen("10", "11", 1)).signed(&log_key.name, &PrivateKey::from_seed([9; 32]));
    assert!(!beside(cosigned(other, 32, yesterday)));
    // A policy may name the logs that it is about.
    assert!(demanded(&statement, &trusting(policy(&[&log_key], "any"))).0);
    let another = VerifierKey { key: PrivateKey::from_seed([10; 32]).public(), ..log_key };
    let (holds, told) = demanded(&statement, &trusting(policy(&[&another], "any")));
    assert_eq!((holds, told.as_str()), (false, "Fails this log is none of those that your policy names"));
    // Badges hang from heads as well; what hangs from none cannot be asked for it.
    assert!(!demanded(&bytes(&badge()), &all).0);
    assert!(!demanded(head.to_string().as_bytes(), &all).0);
    let (holds, told) = demanded(&bytes(&signed_with(&figures, None)), &all);
    assert!(holds && told.starts_with("Unknown nothing in this document leads to a signed checkpoint"), "{told}");
}

#[test]
fn a_list_that_is_out_of_date_takes_back_and_clears_nobody() {
    let told = |revoked, days: i64| {
        let mut trust = pinned();
        trust.with_other(list(revoked, now()));
        let report = verify(&bytes(&badge()), &trust, now() + TimeDelta::days(days));
        let check = report.checks.iter().find(|check| check.name == "status").unwrap();
        (check.verdict, check.headline)
    };
    assert_eq!(told(None, 29), (Verdict::Holds, None));
    assert_eq!(told(None, 31), (Verdict::Unknown, None));
    assert_eq!(told(Some(77), 31), (Verdict::Fails, Some(Headline::Revoked)));
    let old = verify(&list(None, now()), &pinned(), now() + TimeDelta::days(31));
    assert_eq!((old.verdict(), old.headline()), (Verdict::Unknown, Some(Headline::Expired)));
}

#[test]
fn a_statement_says_where_it_is_told_whether_it_was_taken_back() {
    let (figures, bound) = figures_and_binding();
    let (key, issuer) = key();
    let status = Some(status_list::entry(77, NETWORK, &issuer));
    let heading = Heading { network: NETWORK, network_name: "Entraide", issuer: &issuer, at: now(), status };
    let mut document = credential(&heading, &figures, Some(&bound)).unwrap();
    sign(&mut document, &[Cryptosuite::EddsaJcs2022], &key, &issuer, now()).unwrap();
    assert_eq!(status_list::place_of(&document), Some(77));
    let alone = verify(&bytes(&document), &pinned(), now());
    assert_eq!(alone.verdict(), Verdict::Holds, "{}", said(&alone));
    for (revoked, holds) in [(76, true), (77, false)] {
        let mut trust = pinned();
        trust.with_other(list(Some(revoked), now()));
        let report = verify(&bytes(&document), &trust, now());
        assert_eq!(
            (report.holds(), report.headline() == Some(Headline::Revoked)),
            (holds, !holds),
            "{}",
            said(&report)
        );
    }
}

#[test]
fn a_strict_reader_knows_every_term_of_the_document_of_keys() {
    let announced = |purpose, until| AnnouncedKey {
        purpose,
        key: key().0.public(),
        domain: None,
        act: ActNumber(1),
        since: now(),
        until,
    };
    let keys = [announced(KeyPurpose::Credential, Some(now())), announced(KeyPurpose::Credential, None)];
    let mut document = did_document(&keys).unwrap();
    document["logKeys"] = json!(["log+key"]);
    // As the contexts have them, without what the last one adds: https://www.w3.org/ns/did/v1 and security/multikey/v1.
    let of_did = ["@context", "id", "type", "controller", "verificationMethod", "assertionMethod"];
    let of_multikey = ["publicKeyMultibase", "expires", "revoked"];
    let own = document["@context"][2].as_object().unwrap().clone();
    let is_known = |name: &str| of_did.contains(&name) || of_multikey.contains(&name) || own.contains_key(name);
    let methods = document["verificationMethod"].as_array().unwrap();
    let names = methods.iter().chain([&document]).flat_map(|part| part.as_object().unwrap().keys());
    let unknown: Vec<_> = names.filter(|name| !is_known(name)).collect();
    assert_eq!(unknown, Vec::<&String>::new());
}
