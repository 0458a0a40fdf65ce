//! What holds, and that nothing holds any more once anything of it was touched.

mod envelopes;
mod forgeries;
mod histories;
mod succession;
mod witnessed;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use uuid::Uuid;

use super::*;
use crate::{
    ActNumber, AssociationNumber, Digest, Language, Minutes, PersonNumber, SkillNumber,
    account::{Account, PostingKind},
    act::{Act, Contributed, Outcome},
    association::{Association, AssociationKind, DatedName, MembershipState},
    badge::{Badge, HoursProof, baked_svg},
    checkpoint::{Checkpoint, InclusionProof},
    clock::SecretKey,
    command::{By, Command, Key},
    contribution::{Contribution, Nature},
    generation::origin,
    integrity::{Cryptosuite, sign},
    key::{AnnouncedKey, Issuer, KeyPurpose, PrivateKey, did_document},
    leaf::{ContributionPart, Leaf, hash_of},
    log::{self, leaf_hash, root_of},
    note::{Algorithm, Note, VerifierKey},
    recognition::Level,
    statement::{Binding, Books, Breakdown, Figures, Heading, binding, credential, number_text},
    status_list::{self, StatusList},
    year::{AccountYear, Year, YearClosing},
};

const NETWORK: Uuid = Uuid::from_u128(0x0198_0000_0000_7000_8000_0000_0000_0001);
const A: AssociationNumber = AssociationNumber(1);

fn now() -> DateTime<Utc> {
    "2026-03-01T10:00:00Z".parse().unwrap()
}

fn key() -> (PrivateKey, Issuer) {
    let key = PrivateKey::from_seed([8; 32]);
    let issuer = Issuer::new(key.public(), None);
    (key, issuer)
}

fn act(number: i64, command: Command, outcome: Outcome) -> Act {
    let key = Key { scope: "test".to_owned(), key: number.to_string() };
    let number = ActNumber(number);
    Act { number, at: now(), key, digest: leaf_hash(b""), by: By::OPERATOR, group: None, command, outcome }
}

/// A log of ten acts, of which the eighth is this one; signed.
fn logged(leaf: &str, index: u64) -> (InclusionProof, VerifierKey, Note) {
    let key = PrivateKey::from_seed([9; 32]);
    let name = origin(NETWORK, 1);
    let leaves: Vec<Digest> =
        (0..10_u64).map(|place| if place == index { hash_of(leaf) } else { leaf_hash(&place.to_be_bytes()) }).collect();
    let head = Checkpoint { origin: name.clone(), size: 10, root: root_of(&leaves) };
    let checkpoint = Note::new(head.to_text()).signed(&name, &key);
    let place = |at: u64| usize::try_from(at).unwrap();
    let path = log::inclusion_path(index, 10);
    let hashes = path.iter().map(|range| root_of(&leaves[place(range.start)..place(range.end)])).collect();
    let verifier = VerifierKey { name, algorithm: Algorithm::Ed25519, key: key.public() };
    (InclusionProof { index, hashes, checkpoint: checkpoint.clone() }, verifier, checkpoint)
}

fn years() -> Vec<AccountYear> {
    let minutes = Minutes::new;
    let year = |account, opening, totals: &[(PostingKind, i64)]| AccountYear {
        account,
        opening: minutes(opening),
        totals: totals.iter().map(|(kind, total)| (*kind, minutes(*total))).collect(),
    };
    vec![
        year(Account::Association(A), -60, &[(PostingKind::Given, 300), (PostingKind::Received, -120)]),
        year(
            Account::Association(AssociationNumber(2)),
            60,
            &[(PostingKind::Given, 120), (PostingKind::Received, -300)],
        ),
        year(Account::Engaged(A), 0, &[(PostingKind::Operational, -300)]),
    ]
}

fn closing_leaf(years: &[AccountYear]) -> (String, Vec<Digest>) {
    let leaves: Vec<_> = years.iter().map(|year| year.leaf_hash().unwrap()).collect();
    let closing =
        YearClosing { year: Year(2025), accounts: 3, root: root_of(&leaves), proposed: 0, contested: 0, held: 0 };
    let outcome = Outcome { closing: Some(closing), ..Outcome::default() };
    (Leaf::of(&act(7, Command::CloseYear { year: Year(2025) }, outcome), NETWORK).unwrap().into_text().unwrap(), leaves)
}

fn breakdown() -> Breakdown {
    let mut all = std::collections::HashMap::new();
    for (minutes, giver, kinds) in [(300, 1, ["given", "received"]), (120, 2, ["received", "given"])] {
        let leaf = json!({
            "booked": "2025-03-01", "kind": "exchange_confirmed", "evidence": {"kind": "both_sides"},
            "exchange": {"giver": giver, "receiver": 3 - giver, "minutes": minutes, "skill": 5},
            "postings": [
                {"account": 1, "kind": kinds[0], "minutes": if giver == 1 { minutes } else { -minutes }},
                {"account": 2, "kind": kinds[1], "minutes": if giver == 1 { -minutes } else { minutes }},
            ],
        });
        Breakdown::add_leaf(&mut all, Year(2025), &leaf.to_string()).unwrap();
    }
    all.remove(&A).unwrap()
}

fn figures_and_binding() -> (Figures, Binding) {
    let association = Association {
        number: A,
        kind: AssociationKind::Association,
        state: MembershipState::Active,
        names: vec![DatedName { name: "Chorale de Janzé".to_owned(), since: None, is_current: true }],
        identifiers: Vec::new(),
        limits: None,
        mandates: std::collections::BTreeMap::new(),
    };
    let years = years();
    let books = Books {
        exchange: Some(&years[0]),
        engaged: Some(&years[2]),
        breakdown: &breakdown(),
        name_of: &|number| format!("association {number}"),
        skill_name_of: &|_| "Cuisine".to_owned(),
    };
    let mut figures = Figures::new(NETWORK, &association, Year(2025), &books).unwrap();
    figures.number = Some(number_text(Year(2025), 1));
    let (leaf, leaves) = closing_leaf(&years);
    let (proof, log_key, _) = logged(&leaf, 7);
    let binding = binding(&years, &leaves, A, &leaf, &proof, &log_key.to_string(), None);
    (figures, binding)
}

fn signed_with(figures: &Figures, binding: Option<&Binding>) -> Value {
    let (key, issuer) = key();
    let heading = Heading { network: NETWORK, network_name: "Entraide", issuer: &issuer, at: now(), status: None };
    let mut document = credential(&heading, figures, binding).unwrap();
    sign(&mut document, &[Cryptosuite::EddsaJcs2022], &key, &issuer, now()).unwrap();
    document
}

fn statement() -> Value {
    let (figures, binding) = figures_and_binding();
    signed_with(&figures, Some(&binding))
}

fn bytes(document: &Value) -> Vec<u8> {
    serde_json::to_vec_pretty(document).unwrap()
}

fn said(report: &Report) -> String {
    let line = |check: &Check| format!("{:?} {}: {}\n", check.verdict, check.name, check.in_words(Language::English));
    report.checks.iter().map(line).collect()
}

#[test]
fn a_statement_holds_in_all_its_parts() {
    let report = verify(&bytes(&statement()), &pinned(), now());
    insta::assert_snapshot!(said(&report), @r"
    Holds signature: signed at 2026-03-01T10:00:00Z (eddsa-jcs-2022), and nothing has changed since
    Holds issuer: signed by the key 5c29 b78f 10a3 5a49, which you trust (did:key:z6Mkfmm57fsb6VL7zVusP8zeA9SYkCKdvUhby2G7Yh8vvQ1P); it calls itself “Entraide”
    Holds terms: the terms are those that this program knows
    Holds arithmetic: the figures add up
    Holds checkpoint: the checkpoint (10 acts) is signed by the log
    Holds binding: the totals are those that closing the year sealed in the log
    Holds freshness: the last statement known here of that year is 2025-0001; a later one may exist
    ");
    assert_eq!((report.kind, report.verdict()), (Kind::Statement, Verdict::Holds));
    assert_eq!(report.conclusion(), Conclusion::Trusted);
    let alone = verify(&bytes(&statement()), &Trust::default(), now());
    assert_eq!((alone.verdict(), alone.conclusion()), (Verdict::Unknown, Conclusion::Stranger), "{}", said(&alone));
    // Whoever is trusted by the name of a key alone may have another log: it is said.
    let mut by_name = Trust::default();
    by_name.add(&key().1.did).unwrap();
    let report = verify(&bytes(&statement()), &by_name, now());
    assert_eq!((report.verdict(), report.conclusion()), (Verdict::Unknown, Conclusion::Trusted), "{}", said(&report));
    let mut another = Trust::default();
    another.add(&Issuer::new(PrivateKey::from_seed([1; 32]).public(), None).did).unwrap();
    assert_eq!(verify(&bytes(&statement()), &another, now()).conclusion(), Conclusion::Stranger);
}

/// The document of the network's keys, with the log's.
fn key_document() -> Value {
    let announced = AnnouncedKey {
        purpose: KeyPurpose::Credential,
        key: key().0.public(),
        domain: None,
        act: ActNumber(1),
        since: "2025-01-01T00:00:00Z".parse().unwrap(),
        until: None,
    };
    let mut document = did_document(&[announced]).unwrap();
    document["logKeys"] = json!([logged("{}", 4).1.to_string()]);
    document
}

fn pinned() -> Trust {
    trusting(&key_document().to_string())
}

fn trusting(text: &str) -> Trust {
    let mut trust = Trust::default();
    trust.add(text).unwrap();
    trust
}

/// Every scalar of a document, as a pointer.
fn scalars(value: &Value, at: &str, found: &mut Vec<String>) {
    match value {
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, item)| scalars(item, &format!("{at}/{index}"), found));
        }
        Value::Object(members) => {
            for (name, member) in members {
                scalars(member, &format!("{at}/{}", name.replace('~', "~0").replace('/', "~1")), found);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => found.push(at.to_owned()),
    }
}

fn refuses_every_change(document: &Value) {
    let mut places = Vec::new();
    scalars(document, "", &mut places);
    assert!(places.len() > 20);
    for place in places {
        let mut changed = document.clone();
        let value = changed.pointer_mut(&place).unwrap();
        *value = match &*value {
            Value::Number(number) => (number.as_i64().unwrap_or_default() + 1).into(),
            Value::String(text) => format!("{text}x").into(),
            Value::Bool(truth) => (!truth).into(),
            other => json!([other]),
        };
        assert!(!verify(&bytes(&changed), &Trust::default(), now()).holds(), "{place} was changed");
    }
    let Value::Object(members) = document else { panic!("no object") };
    for name in members.keys() {
        let mut changed = document.clone();
        changed.as_object_mut().unwrap().remove(name);
        assert!(!verify(&bytes(&changed), &Trust::default(), now()).holds(), "{name} was removed");
    }
    let mut more = document.clone();
    more["more"] = json!(1);
    assert!(!verify(&bytes(&more), &Trust::default(), now()).holds());
    let twice = String::from_utf8(bytes(document)).unwrap().replacen('{', "{\"name\": \"x\",", 1);
    assert!(!verify(twice.as_bytes(), &Trust::default(), now()).holds());
}

#[test]
fn a_statement_with_any_field_changed_is_refused() {
    refuses_every_change(&statement());
}

#[test]
fn a_statement_with_any_byte_changed_or_cut_off_is_refused() {
    let good = bytes(&statement());
    for index in (0..good.len()).step_by(5) {
        let mut changed = good.clone();
        changed[index] ^= 0x01;
        assert!(!verify(&changed, &Trust::default(), now()).holds(), "byte {index}");
    }
    for length in (0..good.len()).step_by(211) {
        assert!(!verify(&good[..length], &Trust::default(), now()).holds(), "cut at {length}");
    }
}

#[test]
fn figures_that_the_network_signed_but_the_log_does_not_know_are_refused() {
    let (figures, binding) = figures_and_binding();
    type Change = fn(&mut Figures, &mut Binding);
    let cases: [(&str, Change); 9] = [
        ("arithmetic", |figures, _| figures.closing_minutes += 1),
        ("arithmetic", |figures, _| figures.months[0].given_minutes += 1),
        ("arithmetic", |figures, _| figures.partners[0].received_minutes += 1),
        ("binding", |figures, _| {
            figures.opening_minutes += 60;
            figures.closing_minutes += 60;
        }),
        ("binding", |figures, _| figures.volunteers[0].minutes += 1),
        ("binding", |figures, _| figures.year = 2024),
        ("binding", |figures, _| figures.id = figures.id.replace(":association:1", ":association:2")),
        ("binding", |_, binding| binding.account.as_mut().unwrap().index = 1),
        ("binding", |_, binding| binding.account = None),
    ];
    for (index, (name, change)) in cases.into_iter().enumerate() {
        let (mut figures, mut binding) = (figures.clone(), binding.clone());
        change(&mut figures, &mut binding);
        let report = verify(&bytes(&signed_with(&figures, Some(&binding))), &Trust::default(), now());
        let failed: Vec<_> = report.checks.iter().filter(|check| check.verdict == Verdict::Fails).collect();
        assert_eq!(failed.first().map(|check| check.name), Some(name), "case {index}: {}", said(&report));
    }
    let provisional = verify(&bytes(&signed_with(&figures, None)), &Trust::default(), now());
    assert_eq!((provisional.kind, provisional.verdict()), (Kind::ProvisionalStatement, Verdict::Unknown));
}

#[test]
fn a_key_that_was_retired_before_is_refused_and_one_that_was_retired_later_is_not() {
    let (key, issuer) = key();
    let listed = |until: &str| {
        let announced = AnnouncedKey {
            purpose: KeyPurpose::Credential,
            key: key.public(),
            domain: None,
            act: ActNumber(1),
            since: "2025-01-01T00:00:00Z".parse().unwrap(),
            until: Some(until.parse().unwrap()),
        };
        let mut trust = Trust::default();
        trust.add(&did_document(&[announced]).unwrap().to_string()).unwrap();
        trust
    };
    assert_eq!(issuer.did, key_did());
    assert!(verify(&bytes(&statement()), &listed("2026-06-01T00:00:00Z"), now()).holds());
    assert!(!verify(&bytes(&statement()), &listed("2026-02-01T00:00:00Z"), now()).holds());
}

fn key_did() -> String {
    key().1.did
}

/// An act by which the person 14 gave 90 minutes, and its proof.
fn hours() -> HoursProof {
    let (leaf, secret) = gave();
    proof_of(&leaf.into_text().unwrap(), secret)
}

/// The same, as it was sealed in version 1.
fn hours_of_version_1() -> HoursProof {
    let (leaf, secret) = gave();
    let parts = leaf.contributions.into_iter();
    let contributions = parts.map(|part| ContributionPart { booked: None, receiver: None, ..part }).collect();
    let leaf = Leaf { v: 1, salt: None, contributions, ..leaf };
    proof_of(&leaf.into_text().unwrap(), secret)
}

fn proof_of(text: &str, secret: SecretKey) -> HoursProof {
    let (proof, log_key, _) = logged(text, 4);
    HoursProof::of(text, 0, (PersonNumber(14), secret), &proof, &log_key).unwrap()
}

fn gave() -> (Leaf<'static>, SecretKey) {
    let secret = SecretKey([3; 32]);
    let contribution =
        Contribution { person: PersonNumber(14), minutes: Minutes::new(90), nature: Nature::Operational };
    let date = "2025-05-01".parse().unwrap();
    let contributed = Contributed {
        person: PersonNumber(14),
        association: A,
        exchange: None,
        minutes: Minutes::new(90),
        nature: Nature::Operational,
        skill: Some(SkillNumber(5)),
        service_date: date,
        key: secret,
    };
    let command = Command::GiveOwnHours { association: A, service_date: date, skill: None, contribution };
    let outcome = Outcome { booked: Some(date), contributions: vec![contributed], ..Outcome::default() };
    let act = act(4, command, outcome);
    let text = Leaf::of(&act, NETWORK).unwrap().into_text().unwrap().leak();
    (Leaf::parse(text).unwrap(), secret)
}

fn badge() -> Value {
    let (key, issuer) = key();
    let badge = Badge {
        id: Uuid::from_u128(1),
        subject: Uuid::from_u128(2),
        network: NETWORK,
        network_name: "Entraide",
        issuer: &issuer,
        at: now(),
        person_name: "Zoé Kervella",
        association: (A, "Chorale de Janzé"),
        skill: (SkillNumber(5), "Cuisine"),
        alignments: &std::collections::BTreeMap::new(),
        level: Level::Independent,
        context: "le repas de quartier",
        activities: "a tenu la cuisine",
        hours: &[hours()],
        status: 77,
    };
    let mut document = badge.credential().unwrap();
    sign(&mut document, &[Cryptosuite::EddsaRdfc2022, Cryptosuite::EddsaJcs2022], &key, &issuer, now()).unwrap();
    document
}

fn list(revoked: Option<u32>, at: DateTime<Utc>) -> Vec<u8> {
    let (key, issuer) = key();
    let mut list = StatusList::default();
    if let Some(place) = revoked {
        list.revoke(place);
    }
    let mut document = status_list::credential(&list, NETWORK, "Entraide", &issuer, at);
    sign(&mut document, &[Cryptosuite::EddsaJcs2022], &key, &issuer, at).unwrap();
    bytes(&document)
}

#[test]
fn a_badge_holds_with_its_hours_and_its_list() {
    let mut trust = pinned();
    trust.with_other(list(Some(76), now()));
    let report = verify(&bytes(&badge()), &trust, now());
    insta::assert_snapshot!(said(&report), @r"
    Holds signature: signed at 2026-03-01T10:00:00Z (eddsa-rdfc-2022), and nothing has changed since
    Holds signature: signed at 2026-03-01T10:00:00Z (eddsa-jcs-2022), and nothing has changed since
    Holds issuer: signed by the key 5c29 b78f 10a3 5a49, which you trust (did:key:z6Mkfmm57fsb6VL7zVusP8zeA9SYkCKdvUhby2G7Yh8vvQ1P); it calls itself “Entraide”
    Holds status: not revoked as of 2026-03-01T10:00:00Z, the date of the given list
    Holds hours: 1 h 30 min in the log, each line opened and followed (1)
    ");
    let facts: Vec<_> =
        report.facts.iter().map(|(fact, text)| format!("{}: {text}", fact.in_words(Language::English))).collect();
    insta::assert_snapshot!(facts.join("\n"), @r"
    whose: Zoé Kervella
    competence: Cuisine
    level: Cuisine : en autonomie
    recognised by: Chorale de Janzé
    on: 2026-03-01T10:00:00Z
    ");
    // The newest list counts.
    let tomorrow = now() - chrono::TimeDelta::days(1);
    trust.with_other(list(Some(77), tomorrow));
    assert!(verify(&bytes(&badge()), &trust, now()).holds());
    trust.with_other(list(Some(77), now() + chrono::TimeDelta::minutes(1)));
    assert!(!verify(&bytes(&badge()), &trust, now()).holds());
    let on_its_own = verify(&list(None, now()), &Trust::default(), now());
    assert_eq!((on_its_own.kind, on_its_own.holds()), (Kind::StatusList, true), "{}", said(&on_its_own));
}

/// A list signed with another key counts where somebody who is trusted says that both keys are theirs.
#[test]
fn a_list_of_the_same_network_counts_under_another_key() {
    let (_, old) = key();
    let (new_key, new) = (PrivateKey::from_seed([9; 32]), PrivateKey::from_seed([9; 32]).public());
    let issuer = Issuer::new(new, None);
    let at = now() + chrono::TimeDelta::minutes(1);
    let mut revoked = StatusList::default();
    revoked.revoke(77);
    let mut list = status_list::credential(&revoked, NETWORK, "Entraide", &issuer, at);
    sign(&mut list, &[Cryptosuite::EddsaJcs2022], &new_key, &issuer, at).unwrap();
    let announced = |key, until| AnnouncedKey {
        purpose: KeyPurpose::Credential,
        key,
        domain: None,
        act: ActNumber(1),
        since: now(),
        until,
    };
    let both = [announced(old.key, Some(at)), announced(new, None)];
    let status = |documents: &[&[AnnouncedKey]]| {
        let mut trust = Trust::default();
        for document in documents {
            trust.add(&did_document(document).unwrap().to_string()).unwrap();
        }
        trust.with_other(bytes(&list));
        trust.follow_successors();
        let report = verify(&bytes(&badge()), &trust, at);
        report
            .checks
            .iter()
            .find(|check| check.name == "status")
            .map(|check| check.in_words(Language::English).to_owned())
            .unwrap()
    };
    assert!(status(&[&both]).starts_with("revoked"), "{}", status(&[&both]));
    assert_eq!(status(&[&both[1..]]), "the given status list does not hold");
    // Whoever has a document of their own is spoken for by nobody else's.
    assert_eq!(status(&[&both[..1], &both]), "the given status list does not hold");
}

#[test]
fn a_badge_with_any_field_changed_is_refused() {
    refuses_every_change(&badge());
}

#[test]
fn hours_that_are_another_persons_prove_nothing() {
    let changes: [(HoursProof, &[(&str, &str)]); 2] = [
        (
            hours(),
            &[
                (r#"\"minutes\":90"#, r#"\"minutes\":91"#),
                (r#"\"booked\":\"2025-05-01\","#, ""),
                (r#""place":"#, r#""place":1"#),
                (r#"\"number\":4"#, r#"\"number\":5"#),
                (r#""log_key":"c"#, r#""log_key":"d"#),
                (r#""proof":"#, r#""key":"","proof":"#),
            ],
        ),
        (
            hours_of_version_1(),
            &[
                (r#""person":14"#, r#""person":15"#),
                (r#""line":0"#, r#""line":1"#),
                (r#""key":"0303"#, r#""key":"0304"#),
                (r#"\"minutes\":90"#, r#"\"minutes\":91"#),
                (r#""log_key":"c"#, r#""log_key":"d"#),
            ],
        ),
    ];
    for (good, changes) in changes {
        assert_eq!(good.minutes(), Some((Minutes::new(90), Nature::Operational)));
        let text = serde_json::to_string(&good).unwrap();
        for (what, other) in changes {
            assert!(text.contains(what), "{text}: {what}");
            let changed = serde_json::from_str::<HoursProof>(&text.replacen(what, other, 1));
            assert_eq!(changed.ok().and_then(|proof| proof.minutes()), None, "{what}: {other}");
        }
    }
}

/// What a badge shows of an act of version 2: a line about its holder, and hashes.
#[test]
fn a_proof_of_hours_shows_nothing_of_anybody_else() {
    let text = serde_json::to_string(&hours()).unwrap();
    for other in ["balance", "posting", "at\\\"", "principal", "person\":14", "own_hours_given"] {
        assert!(!text.contains(other), "{text}: {other}");
    }
}

#[test]
fn a_key_that_expires_and_was_revoked_ends_with_the_first_of_both() {
    let mut document = key_document();
    document["verificationMethod"][0]["expires"] = "2027-01-01T00:00:00Z".into();
    document["verificationMethod"][0]["revoked"] = "2026-02-01T00:00:00Z".into();
    let mut trust = Trust::default();
    trust.add(&document.to_string()).unwrap();
    assert_eq!(verify(&bytes(&statement()), &trust, now()).conclusion(), Conclusion::Fails);
}

#[test]
fn what_lies_beside_is_told_for_what_it_is() {
    let keys = verify(&bytes(&key_document()), &Trust::default(), now());
    assert_eq!((keys.kind, keys.verdict()), (Kind::KeyDocument, Verdict::Unknown));
    assert_eq!(keys.conclusion(), Conclusion::Stranger);
    for trust in [pinned(), trusting(&key_did())] {
        assert_eq!(verify(&bytes(&key_document()), &trust, now()).verdict(), Verdict::Holds);
    }
    let another = Issuer::new(PrivateKey::from_seed([1; 32]).public(), None).did;
    assert_eq!(verify(&bytes(&key_document()), &trusting(&another), now()).conclusion(), Conclusion::Stranger);
    let text = closing_leaf(&years()).0;
    let (proof, key, _) = logged(&text, 7);
    // Nobody signs an act, nor a proof that stands alone; a log that nobody knows is anybody's.
    assert_eq!(verify(text.as_bytes(), &pinned(), now()).conclusion(), Conclusion::Stranger);
    let mut trust = Trust::default();
    trust.with_other(proof.to_text().into_bytes());
    trust.with_other(text.clone().into_bytes());
    assert_eq!(verify(text.as_bytes(), &trust, now()).conclusion(), Conclusion::Stranger);
    trust.add(&key.to_string()).unwrap();
    let act = verify(text.as_bytes(), &trust, now());
    assert_eq!((act.kind, act.verdict()), (Kind::Act, Verdict::Holds), "{}", said(&act));
    assert_eq!(verify(proof.to_text().as_bytes(), &trust, now()).verdict(), Verdict::Holds);
}
