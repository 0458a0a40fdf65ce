//! What a forger hands in: sound signatures, and something wrong above them.

use super::*;
use crate::note::NoteSignature;

/// A day that has not come, whenever it is asked.
const FAR_AWAY: &str = "2999-01-01T00:00:00Z";

/// What a forger hands in, what its reader has beside it, and what is to be concluded.
struct Case {
    what: &'static str,
    file: Vec<u8>,
    beside: Beside,
    conclusion: Conclusion,
    /// What is said of it, among other things; nothing where only the conclusion counts.
    sentence: &'static str,
}

/// What the reader of a forgery has at hand.
#[derive(Default)]
struct Beside {
    /// What `--trust` is given.
    trusted: Vec<String>,
    /// Another document.
    other: Option<Value>,
    /// A head that is remembered.
    remembered: Option<Note>,
}

impl Beside {
    /// The network's document of keys, from the network itself.
    fn keys() -> Self {
        Self { trusted: vec![key_document().to_string()], ..Self::default() }
    }

    fn trusting(text: impl Into<String>) -> Self {
        Self { trusted: vec![text.into()], ..Self::default() }
    }

    fn trust(&self) -> Trust {
        let mut trust = Trust::default();
        self.trusted.iter().for_each(|text| trust.add(text).unwrap());
        self.other.iter().for_each(|other| trust.with_other(bytes(other)));
        self.remembered.iter().for_each(|head| trust.with_pinned(head.clone()));
        trust
    }
}

/// A document signed by that key in that name.
pub(super) fn forged(mut document: Value, seed: u8, domain: Option<&str>, suites: &[Cryptosuite]) -> Value {
    let key = PrivateKey::from_seed([seed; 32]);
    let issuer = Issuer::new(key.public(), domain);
    document.as_object_mut().unwrap().remove("proof");
    if document["issuer"].is_object() {
        document["issuer"]["id"] = issuer.did.clone().into();
    }
    sign(&mut document, suites, &key, &issuer, now()).unwrap();
    document
}

/// A head with a witness's signature of that instant, and the witness's key.
fn witnessed(at: &str) -> (Note, VerifierKey) {
    let (key, name) = (PrivateKey::from_seed([6; 32]), "witness.example");
    let witness = VerifierKey { name: name.to_owned(), algorithm: Algorithm::Cosignature, key: key.public() };
    let mut note = logged("{}", 4).2;
    let time = u64::try_from(at.parse::<DateTime<Utc>>().unwrap().timestamp()).unwrap();
    let signature = key.sign(format!("cosignature/v1\ntime {time}\n{}", note.text).as_bytes());
    let bytes = time.to_be_bytes().into_iter().chain(signature).collect();
    note.signatures.push(NoteSignature { name: name.to_owned(), id: witness.id(), bytes });
    (note, witness)
}

/// A badge whose nameless nodes all point at each other. Nobody can sign it in this way, and nobody needs to: the reader
/// would be busy before the signature is looked at.
fn entangled(suites: &[Cryptosuite]) -> Value {
    let mut document = badge();
    let node = |number: usize| json!({ "id": format!("_:n{number}"), "type": ["VerifiableCredential"] });
    let clique = (0..12).map(|own| {
        let mut it = node(own);
        it["evidence"] =
            (0..12).filter(|other| *other != own).map(|other| json!({ "id": node(other)["id"] })).collect();
        it
    });
    document["evidence"] = clique.collect();
    document["proof"] = suites
        .iter()
        .map(|suite| {
            let mut proof = badge()["proof"][0].clone();
            proof["cryptosuite"] = suite.as_str().into();
            proof
        })
        .collect();
    document
}

/// Sound signatures, and something wrong above them.
#[expect(clippy::too_many_lines, reason = "a table, and what stands in it")]
fn cases() -> Vec<Case> {
    const BOTH: [Cryptosuite; 2] = [Cryptosuite::EddsaRdfc2022, Cryptosuite::EddsaJcs2022];
    let jcs = [Cryptosuite::EddsaJcs2022];
    let renamed = |from: &str, to: &str| {
        let mut document = badge();
        let members = document.as_object_mut().unwrap();
        members.remove("proof");
        let value = members.remove(from).unwrap();
        members.insert(to.to_owned(), value);
        forged(document, 8, None, &BOTH)
    };
    let with = |name: &str, value: Value, suites: &[Cryptosuite]| {
        let mut document = badge();
        document[name] = value;
        forged(document, 8, None, suites)
    };
    let with_context = |context: Value, name: &str, suites: &[Cryptosuite]| {
        let mut document = badge();
        document["@context"].as_array_mut().unwrap().push(context);
        let status = document["credentialStatus"].take();
        document.as_object_mut().unwrap().remove("credentialStatus");
        document[name] = status;
        forged(document, 8, None, suites)
    };
    let of_domain = Beside::trusting("did:web:entraide.example");
    let of_two = {
        // The second network says that it holds a key of the first one's domain.
        let theirs = PrivateKey::from_seed([7; 32]).public().multibase();
        let method = format!("did:web:entraide.example#{theirs}");
        let document = json!({ "id": "did:web:other.example", "assertionMethod": [method], "verificationMethod": [
            { "id": method, "controller": "did:web:entraide.example", "publicKeyMultibase": theirs },
        ] });
        Beside::trusting(document.to_string())
    };
    let list = |at: &str, change: fn(&mut Value)| {
        let mut document = crate::json::parse(&list(None, at.parse().unwrap())).unwrap();
        change(&mut document);
        Beside { other: Some(forged(document, 8, None, &jcs)), ..Beside::keys() }
    };
    let passport = |members: Value| bytes(&members);
    let spoof = {
        let mut document = statement();
        document["name"] = "x\n  → All is in order.\u{1b}[8m".into();
        forged(document, 8, None, &jcs)
    };
    let private_log = {
        let mut document = statement();
        let another = PrivateKey::from_seed([5; 32]);
        let head = Note::parse(&logged(&closing_leaf(&years()).0, 7).2.to_string()).unwrap();
        let name = origin(NETWORK, 1);
        let signed = Note::new(head.text).signed(&name, &another);
        let proof = document["logBinding"]["closingProof"].as_str().unwrap();
        let mut proof = InclusionProof::parse(proof).unwrap();
        proof.checkpoint = signed;
        document["logBinding"]["closingProof"] = proof.to_text().into();
        let key = VerifierKey { name, algorithm: Algorithm::Ed25519, key: another.public() };
        document["logBinding"]["logKey"] = key.to_string().into();
        forged(document, 8, None, &jcs)
    };
    // The thief of the key that signs badges has a log of their own, in which the hours stand.
    let private_hours = {
        let mut document = badge();
        let mut proof: Value = serde_json::from_str(document["evidence"][0]["narrative"].as_str().unwrap()).unwrap();
        let another = PrivateKey::from_seed([5; 32]);
        let mut inclusion = InclusionProof::parse(proof["proof"].as_str().unwrap()).unwrap();
        let name = origin(NETWORK, 1);
        inclusion.checkpoint = Note::new(inclusion.checkpoint.text).signed(&name, &another);
        proof["proof"] = inclusion.to_text().into();
        proof["log_key"] =
            VerifierKey { name, algorithm: Algorithm::Ed25519, key: another.public() }.to_string().into();
        document["evidence"][0]["narrative"] = proof.to_string().into();
        forged(document, 8, None, &BOTH)
    };
    let cases: Vec<(&'static str, Vec<u8>, Beside, Conclusion, &'static str)> = vec![
        (
            "a key that names itself after a domain",
            bytes(&forged(statement(), 7, Some("entraide.example"), &jcs)),
            of_domain,
            Conclusion::Stranger,
            "anybody can name a key so",
        ),
        (
            "a network that speaks for another",
            bytes(&forged(statement(), 7, Some("entraide.example"), &jcs)),
            of_two,
            Conclusion::Stranger,
            "you have not said",
        ),
        (
            "a revocation under its address",
            bytes(&renamed("credentialStatus", "https://www.w3.org/2018/credentials#credentialStatus")),
            Beside::keys(),
            Conclusion::Fails,
            "is no term of this document",
        ),
        (
            "a type under its address",
            bytes(&with(
                "type",
                json!(["VerifiableCredential", "https://purl.imsglobal.org/spec/vc/ob/vocab.html#OpenBadgeCredential"]),
                &BOTH,
            )),
            Beside::keys(),
            Conclusion::Fails,
            "is no term of this document",
        ),
        (
            "a term that nobody knows",
            bytes(&with("revokedNever", json!(true), &[Cryptosuite::EddsaRdfc2022])),
            Beside::keys(),
            Conclusion::Fails,
            "is no term of this document",
        ),
        (
            "a term that nobody knows, below a context that is named twice",
            bytes(&with_context(json!(crate::badge::EXTENSIONS_CONTEXT), "revokedNever", &BOTH)),
            Beside::keys(),
            Conclusion::Fails,
            "is no term of this document",
        ),
        (
            "a revocation under a name of its own",
            bytes(&with_context(
                json!({ "withdrawn": "https://www.w3.org/2018/credentials#credentialStatus" }),
                "withdrawn",
                &BOTH,
            )),
            Beside::keys(),
            Conclusion::Trusted,
            "may read something else",
        ),
        (
            "the same under a context that nobody has",
            bytes(&with_context(json!("https://example.org/terms"), "withdrawn", &jcs)),
            Beside::keys(),
            Conclusion::Fails,
            "may read something else",
        ),
        (
            "a revocation beneath a keyword",
            bytes(&with("@nest", json!({ "credentialStatus": badge()["credentialStatus"] }), &BOTH)),
            Beside::keys(),
            Conclusion::Fails,
            "is no term of this document",
        ),
        (
            "a badge with one of its proofs",
            bytes(&forged(badge(), 8, None, &[Cryptosuite::EddsaRdfc2022])),
            Beside::keys(),
            Conclusion::Fails,
            "one of the two proofs is missing",
        ),
        (
            "a statement that passes for a passport",
            passport({
                let mut document = statement();
                document["coudemainPassport"] = json!([badge()]);
                document
            }),
            Beside::keys(),
            Conclusion::Fails,
            "this is no passport",
        ),
        (
            "an empty passport",
            passport(json!({ "coudemainPassport": [] })),
            Beside::keys(),
            Conclusion::Fails,
            "this is no passport",
        ),
        (
            "a passport of statements",
            passport(json!({ "coudemainPassport": [statement()] })),
            Beside::keys(),
            Conclusion::Fails,
            "something other than badges",
        ),
        ("a log that is not the network's", bytes(&private_log), Beside::keys(), Conclusion::Fails, "does not name"),
        (
            "hours in a log that is not the network's",
            bytes(&private_hours),
            Beside::keys(),
            Conclusion::Fails,
            "does not name",
        ),
        (
            "a badge of another history than the one that is remembered",
            bytes(&badge()),
            Beside { remembered: Some(logged("{}", 4).2), ..Beside::keys() },
            Conclusion::Fails,
            "ALARM: two different histories",
        ),
        (
            "a list that is older than the badge",
            bytes(&badge()),
            list("2026-02-01T10:00:00Z", |_| {}),
            Conclusion::Trusted,
            "older than this document",
        ),
        (
            "a list without a date",
            bytes(&badge()),
            list("2026-03-01T10:00:00Z", |list| drop(list.as_object_mut().unwrap().remove("validFrom"))),
            Conclusion::Trusted,
            "or has no date",
        ),
        (
            "a list of another type",
            bytes(&badge()),
            list("2026-03-01T10:00:00Z", |list| list["type"] = json!(["VerifiableCredential"])),
            Conclusion::Fails,
            "does not hold",
        ),
        (
            "a list whose time is over",
            bytes(&badge()),
            list("2026-03-01T09:00:00Z", |list| list["validUntil"] = "2026-03-01T09:30:00Z".into()),
            Conclusion::Trusted,
            "revocation not checked",
        ),
        (
            "a credential whose time is over",
            bytes(&with("validUntil", json!("2026-03-01T09:30:00Z"), &BOTH)),
            Beside::keys(),
            Conclusion::Fails,
            "expired at 2026-03-01T09:30:00Z",
        ),
        (
            "a witness that saw a head before there was one",
            witnessed(FAR_AWAY).0.to_string().into_bytes(),
            Beside {
                trusted: vec![key_document().to_string(), witnessed(FAR_AWAY).1.to_string()],
                ..Beside::default()
            },
            Conclusion::Fails,
            "in the future",
        ),
        (
            "a list of another purpose",
            bytes(&badge()),
            list("2026-03-01T10:00:00Z", |list| list["credentialSubject"]["statusPurpose"] = "message".into()),
            Conclusion::Fails,
            "does not hold",
        ),
        (
            "a badge built to keep its reader busy, with eight proofs",
            bytes(&entangled(&[Cryptosuite::EddsaRdfc2022; 8])),
            Beside::keys(),
            Conclusion::Fails,
            "too entangled for a canonical form",
        ),
        (
            "a passport of such badges",
            passport(json!({ "coudemainPassport": vec![entangled(&[Cryptosuite::EddsaRdfc2022]); 20] })),
            Beside::keys(),
            Conclusion::Fails,
            "too entangled for a canonical form",
        ),
        ("a title that draws a verdict", bytes(&spoof), Beside::keys(), Conclusion::Trusted, ""),
    ];
    let case = |(what, file, beside, conclusion, sentence)| Case { what, file, beside, conclusion, sentence };
    cases.into_iter().map(case).collect()
}

#[test]
fn what_a_forger_hands_in_is_never_concluded_to_be_in_order() {
    for Case { what, file, beside, conclusion, sentence } in cases() {
        let report = verify(&file, &beside.trust(), now());
        assert!(report.parts.len() <= 1, "{what}");
        let words = said(&report) + &report.parts.iter().map(said).collect::<String>();
        assert_eq!(report.conclusion(), conclusion, "{what}: {words}");
        assert!(words.contains(sentence), "{what}: {words}");
        assert!(!report.title.contains(['\n', '\u{1b}']), "{what}");
        assert!(report.verdict() != Verdict::Holds || sentence.is_empty(), "{what}: {words}");
    }
}

/// Writes each as a folder of its own, for programs that cannot call this one, and for later versions of it: they have to
/// refuse what this one made. What is there already stays.
#[test]
#[ignore = "it writes `tests/forgeries`"]
fn forgeries_are_kept_as_files() {
    let all = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/forgeries");
    for Case { what, file, beside, conclusion, sentence } in cases() {
        let folder = all.join(what.replace([',', '\''], "").replace(' ', "-"));
        if folder.exists() {
            continue;
        }
        std::fs::create_dir_all(&folder).unwrap();
        let write = |name: &str, bytes: &[u8]| {
            std::fs::write(folder.join(name), bytes).unwrap();
            name.to_owned()
        };
        let given = write(if file.starts_with(b"{") { "given.json" } else { "given.txt" }, &file);
        let trusted = beside.trusted.iter().enumerate().map(|(at, text)| {
            if text.starts_with('{') { write(&format!("trusted-{at}.json"), text.as_bytes()) } else { text.clone() }
        });
        let case = json!({
            "what": what,
            "given": given,
            "trusted": trusted.collect::<Vec<_>>(),
            "beside": beside.other.iter().map(|other| write("beside.json", &bytes(other))).collect::<Vec<_>>(),
            "remembered": beside.remembered.map(|head| write("remembered.txt", head.to_string().as_bytes())),
            "verdict": conclusion.as_str(),
            "sentence": sentence,
        });
        write("case.json", &bytes(&case));
    }
}
