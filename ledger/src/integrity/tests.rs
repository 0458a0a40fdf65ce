//! The W3C's own vectors, byte for byte, and what happens to a document that was touched.

use super::*;

macro_rules! w3c {
    ($name:literal) => {
        include_str!(concat!("../../vectors/w3c/", $name))
    };
}

fn now() -> DateTime<Utc> {
    "2026-11-22T06:00:00Z".parse().unwrap()
}

fn own_key(method: &str) -> Option<PublicKey> {
    Issuer::from_method(method).map(|issuer| issuer.key)
}

fn parsed(text: &str) -> Value {
    json::parse(text.as_bytes()).unwrap()
}

fn w3c_key() -> (PrivateKey, Issuer) {
    let pair = parsed(w3c!("keyPair.json"));
    let private = pair["privateKeyMultibase"].as_str().unwrap();
    let bytes = bs58::decode(&private[1..]).into_vec().unwrap();
    // Multicodec of an Ed25519 private key: two bytes.
    let key = PrivateKey::from_seed(bytes[2..34].try_into().unwrap());
    assert_eq!(key.public().multibase(), pair["publicKeyMultibase"].as_str().unwrap());
    let issuer = Issuer::new(key.public(), None);
    (key, issuer)
}

fn hex(bytes: &[u8]) -> String {
    bytes.chunks(32).map(|half| crate::Digest(half.try_into().unwrap()).to_hex()).collect()
}

#[test]
fn the_w3cs_jcs_vector_comes_out_with_every_intermediate_value() {
    let document = parsed(w3c!("unsigned.json"));
    let options = parsed(w3c!("eddsa-jcs-2022/proofConfigJCS.json"));
    let text = |value: &Value| String::from_utf8(json::canonical(value).unwrap()).unwrap();
    assert_eq!(text(&document), w3c!("eddsa-jcs-2022/canonDocJCS.txt"));
    assert_eq!(text(&options), w3c!("eddsa-jcs-2022/proofCanonJCS.txt"));
    let hash = hash_data(Cryptosuite::EddsaJcs2022, &document, &options).unwrap();
    assert_eq!(hex(&hash[..32]), w3c!("eddsa-jcs-2022/proofHashJCS.txt"));
    assert_eq!(hex(&hash[32..]), w3c!("eddsa-jcs-2022/docHashJCS.txt"));
    assert_eq!(hex(&hash), w3c!("eddsa-jcs-2022/combinedHashJCS.txt"));
    assert_eq!(hex(&w3c_key().0.sign(&hash)), w3c!("eddsa-jcs-2022/sigHexJCS.txt"));
}

#[test]
fn the_w3cs_rdfc_vector_comes_out_with_every_intermediate_value() {
    let document = parsed(w3c!("unsigned.json"));
    let options = parsed(w3c!("eddsa-rdfc-2022/proofConfigDataInt.json"));
    let canonical = canonical(Cryptosuite::EddsaRdfc2022, &options, &document).unwrap();
    assert_eq!(String::from_utf8(canonical).unwrap(), w3c!("eddsa-rdfc-2022/proofCanonDataInt.txt"));
    let hash = hash_data(Cryptosuite::EddsaRdfc2022, &document, &options).unwrap();
    assert_eq!(hex(&hash[..32]), w3c!("eddsa-rdfc-2022/proofHashDataInt.txt"));
    assert_eq!(hex(&hash[32..]), w3c!("eddsa-rdfc-2022/docHashDataInt.txt"));
    assert_eq!(hex(&hash), w3c!("eddsa-rdfc-2022/combinedHashDataInt.txt"));
    assert_eq!(hex(&w3c_key().0.sign(&hash)), w3c!("eddsa-rdfc-2022/sigHexDataInt.txt"));
}

#[test]
fn what_others_signed_is_judged_rightly() {
    let one = |text: &str| verify(&parsed(text), now(), &own_key).unwrap().remove(0);
    for good in [
        w3c!("eddsa-jcs-2022/signedJCS.json"),
        w3c!("eddsa-rdfc-2022/signedDataInt.json"),
        include_str!("../../vectors/jcs-proof-without-context.json"),
    ] {
        assert!(one(good).is_ok(), "{good}");
    }
    for bad in [
        include_str!("../../vectors/jcs-tampered.json"),
        include_str!("../../vectors/openvc-nonconforming-signed.json"),
    ] {
        assert_eq!(one(bad), Err(ProofProblem::WrongSignature), "{bad}");
    }
}

#[test]
fn signing_the_w3cs_document_gives_the_w3cs_document() {
    let (key, issuer) = w3c_key();
    let mut document = parsed(w3c!("unsigned.json"));
    let created = "2023-02-24T23:36:38Z".parse().unwrap();
    sign(&mut document, &[Cryptosuite::EddsaJcs2022], &key, &issuer, created).unwrap();
    assert_eq!(document, parsed(w3c!("eddsa-jcs-2022/signedJCS.json")));
}

#[test]
fn a_proof_that_says_something_else_is_refused_by_name() {
    let signed = parsed(w3c!("eddsa-jcs-2022/signedJCS.json"));
    let with = |name: &str, value: Value| {
        let mut changed = signed.clone();
        changed["proof"][name] = value;
        verify(&changed, now(), &own_key).unwrap().remove(0).unwrap_err()
    };
    let cases = [
        ("type", json!("Ed25519Signature2020"), ProofProblem::NotADataIntegrityProof),
        ("cryptosuite", json!("ecdsa-jcs-2019"), ProofProblem::UnknownCryptosuite("ecdsa-jcs-2019".to_owned())),
        ("proofPurpose", json!("authentication"), ProofProblem::WrongPurpose("authentication".to_owned())),
        ("created", json!("2099-01-01T00:00:00Z"), ProofProblem::MadeInTheFuture("2099-01-01T00:00:00Z".to_owned())),
        ("created", json!("yesterday"), ProofProblem::UnreadableInstant),
        ("created", json!("2023-02-24T23:36:39Z"), ProofProblem::WrongSignature),
        ("expires", json!("2024-01-01T00:00:00Z"), ProofProblem::Expired("2024-01-01T00:00:00Z".to_owned())),
        ("previousProof", json!("urn:x"), ProofProblem::Chained),
        ("@context", json!(["https://www.w3.org/ns/credentials/examples/v2"]), ProofProblem::ContextDiffers),
        ("verificationMethod", json!("did:example:x#y"), ProofProblem::UnknownKey("did:example:x#y".to_owned())),
        ("proofValue", json!("u123"), ProofProblem::UnreadableSignature),
        ("nonce", json!("x"), ProofProblem::WrongSignature),
    ];
    for (name, value, expected) in cases {
        assert_eq!(with(name, value), expected, "{name}");
    }
    let mut without = signed.clone();
    without.as_object_mut().unwrap().remove("proof");
    assert_eq!(verify(&without, now(), &own_key), Err(ProofProblem::NoProof));
    // An added context stands outside the signature, and means nothing here.
    let mut more = signed;
    more["@context"].as_array_mut().unwrap().push(json!("https://example.org/more"));
    assert!(verify(&more, now(), &own_key).unwrap().remove(0).is_ok());
}

#[test]
fn both_proofs_of_a_set_hold_and_fall_together() {
    let (key, issuer) = w3c_key();
    let mut document = parsed(w3c!("unsigned.json"));
    sign(&mut document, &[Cryptosuite::EddsaRdfc2022, Cryptosuite::EddsaJcs2022], &key, &issuer, now()).unwrap();
    let verdicts = |document: &Value| verify(document, now(), &own_key).unwrap();
    assert!(verdicts(&document).iter().all(Result::is_ok));
    document["credentialSubject"]["alumniOf"] = json!("Another school");
    assert!(verdicts(&document).iter().all(|verdict| verdict == &Err(ProofProblem::WrongSignature)));
}
