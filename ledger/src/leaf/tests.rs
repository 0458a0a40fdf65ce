//! The bytes of leaves: kept for ever in `golden/leaf-v1` and `golden/leaf-v2`, canonical, and with nothing personal in
//! them.

use std::{
    fs,
    io::Write as _,
    path::{Path, PathBuf},
};

use chrono::NaiveDate;
use hmac::{Hmac, KeyInit, Mac};
use proptest::prelude::*;
use sha2::Sha256;

use super::*;
use crate::{
    ActNumber, AssociationNumber, Digest, ExchangeNumber, Identifier, InseeCode, Minutes, PersonNumber, Rejection, Rna,
    Siren, SkillNumber,
    account::{Account, AccountHead, Movement, Posting, PostingKind},
    act::{ActKind, Contributed, Outcome, Reference, Text, TextField},
    association::{AssociationKind, Contact, Description, MembershipState, NewAssociation},
    clock::{CountedSecrets, SecretKey, Secrets},
    command::{By, IssuedStatement, Key, LostHead, NewExchange, Request},
    contribution::{Contribution, Nature},
    decide::{Decision, Outside, decide},
    evidence::EvidenceKind,
    exchange::{Exchange, ExchangeState, Side, Terms},
    key::{KeyPurpose, PrivateKey},
    log::leaf_hash,
    mandate::Mandate,
    person::{Identity, Role},
    policy::{Limits, Policy},
    printable::unreadable_in,
    recognition::{Level, Recognition, RecognitionState},
    skill::{Alignment, Framework, SkillRef},
    state::{Network, State},
    transfer::TransferReason,
    year::{Year, YearClosing},
};

const NETWORK: Uuid = Uuid::from_u128(0x0198_0000_0000_7000_8000_0000_0000_0001);
const A: AssociationNumber = AssociationNumber(1);
const B: AssociationNumber = AssociationNumber(2);
const COOKING: SkillNumber = SkillNumber(7);
/// So odd a number that it would be seen.
const ZOE: PersonNumber = PersonNumber(876_543);

const NAME: &str = "Amis de l'\"Œuf\" \\ <vélo> & 🚲";
const CODE: &str = "ZK-1";
const FIRST_NAME: &str = "Zoé";
const LAST_NAME: &str = "Kervella";
const EMAIL: &str = "zoe@example.org";
const PHONE: &str = "06 12 34 56 78";
const MEMO: &str = "pour la fête de Zoé";
const REASON: &str = "elle n'était pas là";
const DECISION: &str = "AG du 12 mars";
const REFERENCE: &str = "Carnet 3, page 12";
const SLIP: &str = "fiche 77 signée";
const FILE: &str = "cahier de mai.csv";
const OVERRIDE: &str = "vu au bureau";
const CONTEXT: &str = "le repas de quartier de mai";
const ACTIVITIES: &str = "a tenu la cuisine avec Zoé";
const COMMUNE: &str = "Val-d'Izé";

/// What no leaf may show.
const PERSONAL: [&str; 17] = [
    CONTEXT,
    ACTIVITIES,
    CODE,
    FIRST_NAME,
    LAST_NAME,
    EMAIL,
    PHONE,
    MEMO,
    REASON,
    DECISION,
    REFERENCE,
    SLIP,
    FILE,
    OVERRIDE,
    COMMUNE,
    "876543",
    "scope of keys",
];

#[test]
fn golden_leaves_keep_their_bytes() {
    for kind in ActKind::ALL {
        let (text, path) = (leaf_text(*kind), golden(*kind));
        assert_eq!(kept_or_written(&path, &text), text, "{}", path.display());
    }
    for (version, kinds) in [(1, kinds_of_version_1().len()), (2, ActKind::ALL.len())] {
        let kept = fs::read_dir(golden_folder(version)).unwrap().map(|entry| entry.unwrap());
        let files = kept.filter(|entry| entry.file_type().unwrap().is_file());
        assert_eq!(files.count(), kinds, "a golden leaf of no kind");
    }
}

/// Leaves of version 1 are of these: what came later was never sealed in one.
fn kinds_of_version_1() -> Vec<ActKind> {
    let later = [ActKind::AssociationDescribed, ActKind::PersonCorrected];
    ActKind::ALL.iter().copied().filter(|kind| !later.contains(kind)).collect()
}

/// What a golden file holds. One that is not there is written, if that is wished; one that is there never again: its
/// bytes are in somebody's log.
fn kept_or_written(path: &Path, text: &str) -> String {
    let may_write = std::env::var_os("COUDEMAIN_WRITE_GOLDEN").is_some_and(|value| value == "1");
    if may_write {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        if let Ok(mut file) = fs::File::create_new(path) {
            file.write_all(text.as_bytes()).unwrap();
        }
    }
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[test]
fn golden_leaves_are_canonical_and_come_back_from_their_text() {
    for kind in ActKind::ALL {
        let text = fs::read_to_string(golden(*kind)).unwrap();
        for line in text.split('\n') {
            assert_eq!(canonical(line), line);
        }
        let leaf = Leaf::parse(&text).unwrap();
        assert_eq!(leaf, Leaf::of(&act(*kind), NETWORK).unwrap());
        assert_eq!((leaf.kind, leaf.v), (*kind, VERSION));
        assert_eq!(leaf.into_text().unwrap(), text);
    }
}

/// They are in somebody's log: what they say is read as it always was, and their hashes are those of their whole text.
#[test]
fn leaves_of_version_1_stay_what_they_were() {
    for kind in kinds_of_version_1() {
        let text = fs::read_to_string(golden_of(1, kind)).unwrap();
        assert_eq!(canonical(&text), text);
        assert_eq!(hash_of(&text), leaf_hash(text.as_bytes()));
        let leaf = Leaf::parse(&text).unwrap();
        assert_eq!(leaf.clone().into_text().unwrap(), text);
        let act = act(kind);
        let now = Leaf::of(&act, NETWORK).unwrap();
        if kind == ActKind::FileReceived {
            // Its digest stands among the commitments now.
            assert!(leaf.file.unwrap().digest.is_some());
            continue;
        }
        let as_before = Leaf {
            v: 1,
            salt: None,
            contributions: now.contributions.iter().cloned().map(of_version_1).collect(),
            ..now
        };
        assert_eq!(leaf, as_before, "{kind}");
    }
}

fn of_version_1(part: ContributionPart<'_>) -> ContributionPart<'_> {
    ContributionPart { booked: None, receiver: None, ..part }
}

#[test]
fn one_line_is_shown_without_the_others() {
    let alone = act(ActKind::ContributionsTold);
    let mut many = alone.clone();
    let other = |number: i64| {
        let key = SecretKey([u8::try_from(number).unwrap(); 32]);
        Contributed {
            person: PersonNumber(number),
            minutes: Minutes::new(1_000 + number),
            key,
            ..given(&mut CountedSecrets(0), 5)
        }
    };
    for count in [1, 2, 3, 4, 5, 9] {
        many.outcome.contributions = (1..=count).map(other).collect();
        let text = Leaf::of(&many, NETWORK).unwrap().into_text().unwrap();
        for (number, contributed) in many.outcome.contributions.iter().enumerate() {
            let line = Line::of(&text, number).unwrap();
            let part = line.contribution().unwrap();
            assert_eq!(part.minutes, contributed.minutes.get());
            assert_eq!(part.person.0, person_commitment(contributed.key, contributed.person));
            assert_eq!((part.booked, part.receiver), (many.outcome.booked, Some(B.0)));
            // Nothing of the others, of the act, or of how many there are but up to a power of two.
            assert_eq!(line.places, (u64::try_from(count).unwrap().next_power_of_two()).max(4));
            let shown = format!("{line:?}");
            let is_there = |number: usize| shown.contains(&format!("\\\"minutes\\\":{}", 1_001 + number));
            let there: Vec<_> = (0..9).filter(|number| is_there(*number)).collect();
            assert_eq!(there, [number]);
            assert!(!shown.contains("balance") && !shown.contains("exchange"), "{shown}");
            for changed in [
                Line { line: line.line.replace("\"minutes\":1", "\"minutes\":2"), ..line.clone() },
                Line { place: line.place ^ 1, ..line.clone() },
                Line { leaf: line.leaf.replace("\"v\":2", "\"v\":1"), ..line.clone() },
                Line { path: Vec::new(), ..line.clone() },
            ] {
                assert_eq!(changed.contribution(), None, "{changed:?}");
            }
        }
        assert_eq!(Line::of(&text, many.outcome.contributions.len()), None);
    }
    assert_eq!(Line::of(&leaf_text(ActKind::YearClosed), 0), None);
}

#[test]
fn what_is_no_leaf_is_refused_by_name() {
    let whole = leaf_text(ActKind::SkillAdded);
    let persons = leaf_text(ActKind::ContributionsTold);
    let first = fs::read_to_string(golden_of(1, ActKind::ContributionsTold)).unwrap();
    let cases = [
        (whole.replace("skill_added", "moon_bought"), "“moon_bought” is no known kind of act"),
        (whole.replace("\"v\":2", "\"v\":3"), "version 3 is not known: only 1 to 2 are"),
        (whole.replace("\"v\":2", "\"v\":0"), "version 0 is not known: only 1 to 2 are"),
        (whole.replace("\"v\":2", "\"v\":2,\"weather\":1"), "unknown field `weather`"),
        (first.replace("\"v\":1", "\"v\":2"), "a leaf of version 2 has no “contributions” there"),
        (
            first.replace("\"minutes\":30", "\"booked\":\"2026-01-01\",\"minutes\":30"),
            "a leaf of version 1 has no “booked” there",
        ),
        (persons.replace("\"minutes\":75", "\"minutes\":76"), "the act is not what was sealed"),
        (persons.replace("\"minutes\":30", "\"minutes\":31"), "a person's line is not what was sealed"),
        (persons.lines().take(2).collect::<Vec<_>>().join("\n"), "a person's line is not what was sealed"),
        (format!("{persons}\n"), "a person's line is not what was sealed"),
        (format!("{whole}\n"), "unknown field `at`, expected one of `act`"),
    ];
    for (text, problem) in cases {
        let refused = Leaf::parse(&text).unwrap_err().to_string();
        assert!(refused.contains(problem), "{refused}: {problem}");
    }
}

/// What version 1 demands may be absent now: a golden leaf shows each.
#[test]
fn what_is_optional_in_version_2_may_be_absent() {
    let mut recognised = act(ActKind::Recognised);
    recognised.outcome.recognition = recognised.outcome.recognition.map(|one| Recognition { exchange: None, ..one });
    let lost = LostHead { origin: format!("coudemain/{NETWORK}"), size: 4_321, root: None };
    let reopened = Act { command: Command::ReopenLog { lost }, ..act(ActKind::LogReopened) };
    for (name, act) in [("recognised-in-a-training", recognised), ("log-reopened-without-root", reopened)] {
        let text = Leaf::of(&act, NETWORK).unwrap().into_text().unwrap();
        let path = golden_folder(2).join("optional").join(format!("{name}.json"));
        assert_eq!(kept_or_written(&path, &text), text);
        assert_eq!(Leaf::parse(&text).unwrap(), Leaf::of(&act, NETWORK).unwrap());
        let first = text.replace("\"v\":2", "\"v\":1");
        assert!(Leaf::parse(&first).is_err(), "{first}");
    }
}

#[test]
fn a_leaf_says_in_whose_name_the_act_was_done() {
    let text = leaf_text(ActKind::ExchangeContested);
    let leaf = Leaf::parse(&text).unwrap();
    for (by, capacity) in [
        ("operator", Some(Capacity::Coordinator)),
        ("coordinator", Some(Capacity::Coordinator)),
        ("mediator", Some(Capacity::Mediator)),
        ("oneself", Some(Capacity::Oneself)),
        ("association:2", Some(Capacity::Association(B))),
        ("association:", None),
        ("association:B", None),
        ("", None),
    ] {
        assert_eq!(Leaf { by: by.into(), ..leaf.clone() }.capacity(), capacity, "{by}");
    }
    for kind in ActKind::ALL {
        let act = act(*kind);
        assert_eq!(Leaf::of(&act, NETWORK).unwrap().capacity(), Some(act.by.capacity), "{kind}");
    }
}

#[test]
fn golden_leaves_show_every_part() {
    let all: String = ActKind::ALL.iter().map(|kind| leaf_text(*kind)).collect();
    for part in [
        "at",
        "booked",
        "by",
        "closing",
        "evidence",
        "exchange",
        "file",
        "group",
        "kind",
        "limits",
        "limits_met",
        "mandate",
        "partner",
        "until",
        "member",
        "network",
        "network_founded",
        "number",
        "overridden",
        "person",
        "policy",
        "key",
        "lost_log",
        "recognition",
        "statements",
        "postings",
        "reference",
        "reference_commitment",
        "role",
        "skill",
        "target",
        "texts",
        "transfer",
        "salt",
        "act",
        "persons",
        "receiver",
        "v",
        "former_names",
        "identifiers",
        "into",
        "since",
        "state",
        "line",
        "replaces",
        "hard_ceiling",
        "hard_floor",
        "soft_ceiling",
        "soft_floor",
    ] {
        assert!(all.contains(&format!("\"{part}\":")), "{part}");
    }
}

#[test]
fn golden_leaves_show_nothing_personal() {
    let acts: Vec<_> = ActKind::ALL.iter().map(|kind| act(*kind)).collect();
    let told = format!("{acts:?}");
    for personal in PERSONAL {
        let debug = format!("{personal:?}");
        assert!(told.contains(debug.trim_matches('"')), "no act has {personal}");
        for kind in ActKind::ALL {
            assert!(!leaf_text(*kind).contains(personal), "{kind}: {personal}");
        }
    }
}

#[test]
fn a_day_has_one_form() {
    assert_eq!(day_from("2024-02-29"), chrono::NaiveDate::from_ymd_opt(2024, 2, 29));
    for other in
        ["2023-02-29", "2024-2-29", "+2024-02-29", "02024-02-29", "2024-02-291", "2024/02/29", "2024-02-2é", ""]
    {
        assert_eq!(day_from(other), None, "{other}");
    }
    let leaf = leaf_text(ActKind::ExchangeRecorded);
    let date = leaf.find("\"date\":\"").unwrap() + 8;
    let other = format!("{}{}{}", &leaf[..date], "2025-3-1", &leaf[date + 10..]);
    assert!(Leaf::parse(&leaf).is_ok());
    let problem = Leaf::parse(&other).unwrap_err().to_string();
    assert!(problem.starts_with("not a day such as 2026-11-22: 2025-3-1"), "{problem}");
}

#[test]
fn commitments_open_with_their_keys() {
    let mut opened = 0;
    for kind in ActKind::ALL {
        let act = act(*kind);
        let leaf = Leaf::of(&act, NETWORK).unwrap();
        for text in &act.outcome.texts {
            let field = text.field.as_str();
            assert_eq!(leaf.texts[field], hmac(text.key, &format!("{field}\0{}", text.text)));
            opened += 1;
        }
        assert_eq!(leaf.texts.len(), act.outcome.texts.len());
        if let Some((person, key)) = act.outcome.person {
            assert_eq!(leaf.person, Some(hmac(key, &format!("person\0{person}"))));
            opened += 1;
        }
        for (contributed, part) in act.outcome.contributions.iter().zip(&leaf.contributions) {
            assert_eq!(part.person, hmac(contributed.key, &format!("person\0{}", contributed.person)));
            opened += 1;
        }
        if let Some(Reference { text, key: Some(key) }) = &act.outcome.reference {
            assert_eq!(leaf.reference_commitment, Some(hmac(*key, &format!("reference\0{text}"))));
            assert_eq!(leaf.reference, None);
            opened += 1;
        }
    }
    assert_eq!(opened, 38);
}

/// Computed with Python: `hmac.new(bytes(range(32)), b"memo\0" + text.encode(), "sha256").hexdigest()`.
#[test]
fn commitments_are_those_that_others_compute() {
    let key = SecretKey(std::array::from_fn(|index| u8::try_from(index).unwrap()));
    assert_eq!(
        commitment(key, "memo", "Fête du 1er mai").to_hex(),
        "85f509f8d56f81ee0d19572a185e1751028fc3bf59be3550a56ee140dbc13bcb"
    );
    assert_eq!(
        person_commitment(key, PersonNumber(14)).to_hex(),
        "0ba977d00100dc9ee53d11f440649860ed208e654f9e66cd4d4f7f81942ed277"
    );
}

proptest! {
    #[test]
    fn whatever_name_is_accepted_is_canonical(name in prop_oneof!["\\PC{1,40}", "[\"\\\\/\n\t\u{7f}-\u{a0}a\u{2028}é𝄞]{1,20}", any::<String>()]) {
        let refused = unreadable_in(&name);
        match admitted(&name) {
            Ok(text) => {
                prop_assert_eq!(refused, None);
                prop_assert_eq!(canonical(&text), text.as_str());
                let leaf = Leaf::parse(&text).unwrap();
                prop_assert_eq!(leaf.clone().into_text().unwrap(), text.as_str());
                prop_assert_eq!(leaf.member.unwrap().name.unwrap(), name);
            }
            Err(Rejection::TextHasControlCharacters("name", found)) => prop_assert_eq!(refused, Some(found)),
            Err(Rejection::TextIsMissing("name")) => prop_assert!(crate::name::fold(&name).is_empty()),
            Err(other) => prop_assert_eq!(other, Rejection::TextIsTooLong("name", 200)),
        }
    }
}

/// The leaf of the admission of an association of that name.
fn admitted(name: &str) -> Result<String, Rejection> {
    let new = NewAssociation { name: name.to_owned(), former_names: vec![name.to_owned()], ..member() };
    let request = request(By::OPERATOR, Command::AddAssociation(new));
    let mut outside = Outside { now: chrono::DateTime::UNIX_EPOCH, secrets: &mut CountedSecrets(0) };
    let network = Network { uuid: NETWORK, name: "Réseau".to_owned(), time_zone: chrono_tz::Europe::Paris };
    let mut state = State { network: Some(network), ..State::whole() };
    match decide(&mut state, &request, &mut outside).unwrap()? {
        Decision::New(act) => Ok(Leaf::of(&act, NETWORK).unwrap().into_text().unwrap()),
        Decision::Repeated(act) => panic!("repeats {act}"),
    }
}

fn golden(kind: ActKind) -> PathBuf {
    golden_of(VERSION, kind)
}

fn golden_of(version: u8, kind: ActKind) -> PathBuf {
    golden_folder(version).join(format!("{kind}.json"))
}

fn golden_folder(version: u8) -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "golden", &format!("leaf-v{version}")].iter().collect()
}

fn leaf_text(kind: ActKind) -> String {
    Leaf::of(&act(kind), NETWORK).unwrap().into_text().unwrap()
}

fn canonical(text: &str) -> String {
    let value: serde_json::Value = serde_json::from_str(text).unwrap();
    serde_json_canonicalizer::to_string(&value).unwrap()
}

fn hmac(key: SecretKey, text: &str) -> HexDigest {
    let mut mac = Hmac::<Sha256>::new_from_slice(&key.0).unwrap();
    mac.update(text.as_bytes());
    HexDigest(Digest(mac.finalize().into_bytes().into()))
}

fn request(by: By, command: Command) -> Request {
    let key = Key { scope: "scope of keys".to_owned(), key: "key".to_owned() };
    Request { key, digest: leaf_hash(b"request"), by, seen: None, generation: None, long_ago: false, command }
}

/// A fixed act of each kind. Their numbers are those of their kinds; what they name need not agree.
fn act(kind: ActKind) -> Act {
    let place = ActKind::ALL.iter().position(|other| *other == kind).unwrap();
    let number = i64::try_from(place).unwrap();
    let mut keys = CountedSecrets(1_000 * u64::try_from(place).unwrap());
    let (capacity, command, outcome) = happened(kind, &mut keys);
    let principal = if kind == ActKind::FileReceived { Principal::Operator } else { Principal::Person(ZOE) };
    let Request { key, digest, by, command, .. } = request(By { principal, capacity }, command);
    let is_in_group = matches!(kind, ActKind::FileReceived | ActKind::ExchangeRecorded);
    let at = "2026-03-15T09:00:00.123456Z".parse().unwrap();
    let group = is_in_group.then_some((ActNumber(number), ActNumber(number + 20)));
    Act { number: ActNumber(number), at, key, digest, by, group, command, outcome }
}

/// Who somebody is, and the text that a leaf commits to.
fn identity() -> (Identity, String) {
    let identity = Identity {
        code: CODE.to_owned(),
        first_name: Some(FIRST_NAME.to_owned()),
        last_name: Some(LAST_NAME.to_owned()),
        email: Some(EMAIL.to_owned()),
        adult_on: None,
    };
    (identity, format!("{CODE}\n{FIRST_NAME}\n{LAST_NAME}\n{EMAIL}"))
}

#[expect(clippy::too_many_lines, reason = "a table")]
fn happened(kind: ActKind, keys: &mut CountedSecrets) -> (Capacity, Command, Outcome) {
    use {ActKind as Kind, TextField as Field};
    let (network, mediator) = (Capacity::Coordinator, Capacity::Mediator);
    let (for_a, for_b) = (Capacity::Association(A), Capacity::Association(B));
    let exchange = ExchangeNumber(13);
    let reason = REASON.to_owned();
    let decision = DECISION.to_owned();
    match kind {
        Kind::NetworkFounded => {
            let (name, time_zone) = ("Coup de main, Pays de Vitré".to_owned(), chrono_tz::Europe::Paris);
            (network, Command::FoundNetwork { uuid: NETWORK, name, time_zone }, Outcome::default())
        }
        Kind::FileReceived => {
            let command = Command::ReceiveFile { name: FILE.to_owned(), digest: leaf_hash(b"file"), lines: 412 };
            let digest = leaf_hash(b"file").to_hex();
            let noted =
                texts(keys, &[(Field::FileName, FILE), (Field::FileDigest, &digest), (Field::Override, OVERRIDE)]);
            let overridden = vec![Account::Fund, Account::Association(B)];
            (network, command, Outcome { overridden, limits_met: vec![Account::Association(A)], ..noted })
        }
        Kind::AssociationAdded => (network, Command::AddAssociation(member()), Outcome::default()),
        Kind::AssociationRenamed => {
            let (name, since) = ("Les Amis".to_owned(), date("2026-04-01"));
            (network, Command::RenameAssociation { association: A, name, since }, Outcome::default())
        }
        Kind::AssociationIdentified => {
            let identifier = Identifier::Siren(Siren::parse("116979006").unwrap());
            (network, Command::IdentifyAssociation { association: A, identifier }, Outcome::default())
        }
        Kind::AssociationDescribed => {
            let NewAssociation { kind, commune, insee, member_since, contact, .. } = member();
            let description = Description { kind, commune, insee, member_since, contact };
            (network, Command::DescribeAssociation { association: A, description }, Outcome::default())
        }
        Kind::MembershipSet => {
            let state = MembershipState::Suspended;
            (network, Command::SetMembership { association: A, state, reason }, because(keys))
        }
        Kind::AssociationLeft => {
            let postings =
                pair((Account::Association(A), -90, 0), (Account::Association(B), 90, 135), PostingKind::Merger);
            let booked = Some(date("2026-03-15"));
            (
                network,
                Command::Leave { association: A, into: Some(B), reason, past_limits: true },
                Outcome { booked, postings, ..because(keys) },
            )
        }
        Kind::PersonAdded => {
            let (identity, text) = identity();
            (network, Command::AddPerson(identity), texts(keys, &[(Field::Identity, &text)]))
        }
        Kind::PersonCorrected => {
            let (identity, text) = identity();
            let told = texts(keys, &[(Field::Identity, &text)]);
            let command = Command::CorrectPerson { person: ZOE, identity };
            (network, command, Outcome { texts: told.texts, ..about_zoe(keys) })
        }
        Kind::PersonEnrolled => (for_a, Command::Enrol { person: ZOE.into(), association: A }, about_zoe(keys)),
        Kind::RoleGranted => (for_a, Command::GrantRole { person: ZOE, role: Role::Delegate(A) }, about_zoe(keys)),
        Kind::RoleRevoked => (network, Command::RevokeRole { person: ZOE, role: Role::Mediator }, about_zoe(keys)),
        Kind::SkillAdded => (network, Command::AddSkill { name: "Cuisine".to_owned() }, Outcome::default()),
        Kind::SkillAligned => {
            let alignment = Some(Alignment {
                code: "K1206".to_owned(),
                name: "Intervention socioculturelle".to_owned(),
                url: "https://example.org/K1206".to_owned(),
                version: "4.0".to_owned(),
            });
            let skill = Some(SkillNumber(9));
            let command =
                Command::AlignSkill { skill: SkillRef::Number(SkillNumber(9)), framework: Framework::Rome, alignment };
            (network, command, Outcome { skill, ..Outcome::default() })
        }
        Kind::PolicyAdopted => {
            let policy = Policy { step_minutes: 30, limits: limits(), answer_within_days: 45 };
            (network, Command::AdoptPolicy { policy, decision }, texts(keys, &[(Field::Decision, DECISION)]))
        }
        Kind::LimitsSet => {
            let limits = Some(Limits { hard_floor: Some(Minutes::new(-600)), ..Limits::NONE });
            let command = Command::SetLimits { association: A, limits, decision };
            (network, command, texts(keys, &[(Field::Decision, DECISION)]))
        }
        Kind::MandateSet => {
            let mandate = Some(Mandate { minutes_most: Minutes::new(240), until: date("2026-12-31") });
            (for_a, Command::SetMandate { association: A, partner: B, mandate }, Outcome::default())
        }
        Kind::ExchangeProposed => {
            let reference = Some(Reference { text: REFERENCE.to_owned(), key: Some(keys.key()) });
            let contributions = vec![given(keys, 30)];
            let command = Command::Propose { side: Side::Giver, exchange: new_exchange(), evidence: None };
            let outcome = texts(keys, &[(Field::Memo, MEMO)]);
            (for_a, command, Outcome { reference, contributions, ..stands(ExchangeState::Proposed, outcome) })
        }
        Kind::ExchangeRecorded => {
            let evidence = Evidence { kind: EvidenceKind::File, reference: Some(SLIP.to_owned()), line: Some(17) };
            let reference = Some(Reference { text: "2026-000123".to_owned(), key: None });
            let outcome = texts(keys, &[(Field::Memo, MEMO), (Field::Evidence, SLIP)]);
            let posted = posted(stands(ExchangeState::Confirmed, outcome));
            (network, Command::Record { exchange: new_exchange(), evidence }, Outcome { reference, ..posted })
        }
        Kind::ExchangeConfirmed => {
            let contributions = vec![given(keys, 30), given(keys, 45)];
            let limits_met = vec![Account::Association(B)];
            let posted = posted(stands(ExchangeState::Confirmed, Outcome::default()));
            let command = Command::Confirm { exchange, evidence: Evidence::BOTH_SIDES, reason: None };
            (for_b, command, Outcome { contributions, limits_met, ..posted })
        }
        Kind::ExchangeAmended => {
            let (minutes, service_date) = (Minutes::new(75), date("2026-03-02"));
            let command = Command::Amend { exchange, minutes, service_date };
            (for_b, command, stands(ExchangeState::Proposed, Outcome::default()))
        }
        Kind::ExchangeContested => {
            (for_b, Command::Contest { exchange, reason }, stands(ExchangeState::Contested, because(keys)))
        }
        Kind::ExchangeWithdrawn => {
            (for_a, Command::Withdraw { exchange }, stands(ExchangeState::Withdrawn, Outcome::default()))
        }
        Kind::ExchangeDismissed => {
            (mediator, Command::Dismiss { exchange, reason }, stands(ExchangeState::Dismissed, because(keys)))
        }
        Kind::ExchangeSettled => {
            let outcome = posted(stands(ExchangeState::Confirmed, because(keys)));
            (mediator, Command::Settle { exchange, minutes: Minutes::new(75), reason }, outcome)
        }
        Kind::ExchangeReleased => {
            let outcome = posted(stands(ExchangeState::Confirmed, because(keys)));
            let overridden = vec![Account::Association(B)];
            (network, Command::Release { exchange, reason }, Outcome { overridden, ..outcome })
        }
        Kind::CorrectionRequested => {
            let outcome = stands(ExchangeState::CorrectionRequested, because(keys));
            (for_b, Command::RequestCorrection { exchange, reason }, outcome)
        }
        Kind::CorrectionRefused => {
            (for_a, Command::Keep { exchange, reason }, stands(ExchangeState::Confirmed, because(keys)))
        }
        Kind::Reversed => {
            let contributions = vec![given(keys, -30)];
            let kind = PostingKind::Correction;
            let postings = pair((Account::Association(B), 75, 0), (Account::Association(A), -75, 0), kind);
            let outcome = posted(stands(ExchangeState::Reversed, because(keys)));
            (
                network,
                Command::Reverse { target: exchange.into(), reason },
                Outcome { postings, contributions, ..outcome },
            )
        }
        Kind::ContributionsTold => {
            let command = Command::TellContributions { exchange, contributions: vec![contribution()] };
            let outcome = posted(stands(ExchangeState::Confirmed, Outcome::default()));
            let (postings, contributions) = (Vec::new(), vec![given(keys, 30)]);
            (for_a, command, Outcome { postings, contributions, ..outcome })
        }
        Kind::OwnHoursGiven => {
            let (service_date, skill) = (date("2026-03-01"), Some(SkillRef::Number(COOKING)));
            let command = Command::GiveOwnHours { association: A, service_date, skill, contribution: contribution() };
            let person = (Account::Person(ZOE), 30, 30);
            let postings = pair(person, (Account::Engaged(A), -30, -30), PostingKind::Operational);
            let contributions = vec![Contributed { exchange: None, ..given(keys, 30) }];
            (for_a, command, Outcome { booked: Some(service_date), postings, contributions, ..Outcome::default() })
        }
        Kind::Transferred => {
            let (minutes, reason) = (Minutes::new(600), TransferReason::Grant);
            let command = Command::Transfer { from: None, to: Some(B), minutes, reason, decision: Some(decision) };
            let mut postings =
                pair((Account::Association(B), 600, 555), (Account::Fund, -600, 0), PostingKind::GrantOut);
            postings[0].movement.kind = PostingKind::GrantIn;
            let booked = Some(date("2026-03-15"));
            (network, command, Outcome { booked, postings, ..texts(keys, &[(Field::Decision, DECISION)]) })
        }
        Kind::BalanceBroughtIn => {
            let (minutes, date) = (Minutes::new(-45), date("2025-12-31"));
            let command = Command::BringInBalance { association: B, minutes, date };
            let postings = pair((Account::Association(B), -45, -45), (Account::Opening, 45, 45), PostingKind::Opening);
            (network, command, Outcome { booked: Some(date), postings, ..Outcome::default() })
        }
        Kind::YearClosed => {
            let year = Year(2025);
            let root = leaf_hash(b"accounts");
            let closing = YearClosing { year, accounts: 80, root, proposed: 3, contested: 2, held: 1 };
            (network, Command::CloseYear { year }, Outcome { closing: Some(closing), ..Outcome::default() })
        }
        Kind::KeyAdopted => {
            let key = PrivateKey::from_seed([7; 32]).public();
            let domain = Some("reseau.example".to_owned());
            (network, Command::AdoptKey { purpose: KeyPurpose::Credential, key, domain }, Outcome::default())
        }
        Kind::StatementsIssued => {
            let statement = |sequence, bytes: &str| IssuedStatement {
                association: A,
                sequence,
                supersedes: Some(1),
                bytes: bytes.as_bytes().to_vec(),
            };
            let statements = vec![statement(8, "one"), statement(9, "two")];
            (network, Command::IssueStatements { year: Year(2025), statements }, Outcome::default())
        }
        Kind::Recognised => {
            let (context, activities) = (CONTEXT.to_owned(), ACTIVITIES.to_owned());
            let (skill, level) = (Some(SkillRef::Number(COOKING)), Level::Independent);
            let command = Command::Recognise { exchange, person: ZOE, skill, level, context, activities };
            let said = texts(keys, &[(Field::Context, CONTEXT), (Field::Activities, ACTIVITIES)]);
            (for_b, command, recognised(keys, RecognitionState::Offered, said))
        }
        Kind::RecognitionAccepted => {
            let outcome = recognised(keys, RecognitionState::Accepted, Outcome::default());
            (Capacity::Oneself, Command::AcceptRecognition { recognition: ActNumber(32), guardian: None }, outcome)
        }
        Kind::RecognitionWithdrawn => {
            let said = because(keys);
            let outcome = recognised(keys, RecognitionState::Withdrawn, said);
            (for_b, Command::WithdrawRecognition { recognition: ActNumber(32), reason }, outcome)
        }
        Kind::PersonErased => (network, Command::ErasePerson { person: ZOE }, about_zoe(keys)),
        Kind::LogReopened => {
            let origin = format!("coudemain/{NETWORK}");
            let lost = LostHead { origin, size: 4_321, root: Some(leaf_hash(b"lost")) };
            (network, Command::ReopenLog { lost }, Outcome::default())
        }
    }
}

fn member() -> NewAssociation {
    NewAssociation {
        name: NAME.to_owned(),
        former_names: vec!["Les Pédales".to_owned(), "L’Œuf".to_owned()],
        kind: AssociationKind::Association,
        state: MembershipState::Active,
        identifiers: vec![
            Identifier::Rna(Rna::parse("W353012345").unwrap()),
            Identifier::Siren(Siren::parse("732829320").unwrap()),
        ],
        commune: Some(COMMUNE.to_owned()),
        insee: Some(InseeCode::parse("35347").unwrap()),
        member_since: Some(date("2019-09-01")),
        contact: Contact {
            name: Some(LAST_NAME.to_owned()),
            email: Some(EMAIL.to_owned()),
            phone: Some(PHONE.to_owned()),
            paper_only: true,
        },
    }
}

fn limits() -> Limits {
    let minutes = |minutes| Some(Minutes::new(minutes));
    Limits {
        soft_floor: minutes(-2_400),
        hard_floor: minutes(-4_800),
        soft_ceiling: minutes(6_000),
        hard_ceiling: minutes(9_007_199_254_740_991),
    }
}

fn new_exchange() -> NewExchange {
    let Terms { giver, receiver, minutes, service_date, .. } = terms();
    NewExchange {
        giver,
        receiver,
        minutes,
        service_date,
        skill: Some(SkillRef::Number(COOKING)),
        reference: Some(REFERENCE.to_owned()),
        memo: Some(MEMO.to_owned()),
        contributions: vec![contribution()],
        replaces: Some(ExchangeNumber(9)),
    }
}

fn terms() -> Terms {
    let (minutes, service_date) = (Minutes::new(75), date("2026-03-01"));
    Terms { giver: A, receiver: B, minutes, service_date, skill: Some(COOKING) }
}

/// The exchange in that state, with whatever else was said.
fn stands(state: ExchangeState, said: Outcome) -> Outcome {
    let exchange = Exchange {
        number: ExchangeNumber(13),
        terms: terms(),
        state,
        spoken_by: Side::Giver,
        spoken_in: ActNumber(13),
        posted_in: state.is_posted().then_some(ActNumber(15)),
        replaces: Some(ExchangeNumber(9)),
    };
    Outcome { exchange: Some(exchange), ..said }
}

/// The same, posted.
fn posted(outcome: Outcome) -> Outcome {
    let mut postings =
        pair((Account::Association(A), 75, 75), (Account::Association(B), -75, -120), PostingKind::Given);
    postings[1].movement.kind = PostingKind::Received;
    postings.extend(pair((Account::Person(ZOE), 30, 30), (Account::Engaged(A), -30, -30), PostingKind::Operational));
    Outcome { booked: Some(date("2026-03-01")), postings, ..outcome }
}

/// An account, what it moves by, and its balance then.
type Moved = (Account, i64, i64);

fn pair(to: Moved, from: Moved, kind: PostingKind) -> Vec<Posting> {
    let posting = |(account, minutes, balance): Moved| Posting {
        movement: Movement { account, kind, minutes: Minutes::new(minutes) },
        after: AccountHead { sequence: 4, balance: Minutes::new(balance), ..AccountHead::default() },
    };
    vec![posting(to), posting(from)]
}

fn contribution() -> Contribution {
    Contribution { person: ZOE, minutes: Minutes::new(30), nature: Nature::Operational }
}

fn given(keys: &mut CountedSecrets, minutes: i64) -> Contributed {
    Contributed {
        person: ZOE,
        association: A,
        exchange: Some(ExchangeNumber(13)),
        minutes: Minutes::new(minutes),
        nature: Nature::Operational,
        skill: Some(COOKING),
        service_date: date("2026-03-01"),
        key: keys.key(),
    }
}

fn about_zoe(keys: &mut CountedSecrets) -> Outcome {
    Outcome { person: Some((ZOE, keys.key())), ..Outcome::default() }
}

/// A recognition in that state, with whatever else was said.
fn recognised(keys: &mut CountedSecrets, state: RecognitionState, said: Outcome) -> Outcome {
    let recognition = Recognition {
        number: ActNumber(32),
        person: ZOE,
        association: B,
        exchange: Some(ExchangeNumber(13)),
        skill: COOKING,
        level: Level::Independent,
        state,
    };
    Outcome { recognition: Some(recognition), person: Some((ZOE, keys.key())), ..said }
}

fn because(keys: &mut CountedSecrets) -> Outcome {
    texts(keys, &[(TextField::Reason, REASON)])
}

fn texts(keys: &mut CountedSecrets, said: &[(TextField, &str)]) -> Outcome {
    let texts = said.iter().map(|&(field, text)| Text { field, text: text.to_owned(), key: keys.key() });
    Outcome { texts: texts.collect(), ..Outcome::default() }
}

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// What an act is made of is sealed with it, or nothing is: an act that lacks it was once sealed without.
#[test]
fn an_act_that_lacks_something_is_not_sealed() {
    for kind in ActKind::ALL {
        let whole = act(*kind);
        let hollow = Act { outcome: Outcome::default(), ..whole.clone() };
        let is_sealed = Leaf::of(&hollow, NETWORK).is_ok();
        let says_all_itself = matches!(
            kind,
            ActKind::NetworkFounded
                | ActKind::AssociationAdded
                | ActKind::AssociationRenamed
                | ActKind::AssociationIdentified
                | ActKind::AssociationDescribed
                | ActKind::SkillAdded
                | ActKind::MandateSet
                | ActKind::KeyAdopted
                | ActKind::StatementsIssued
                | ActKind::LogReopened
        );
        assert_eq!(is_sealed, says_all_itself, "{kind}");
        let undated = Act { outcome: Outcome { booked: None, ..whole.outcome.clone() }, ..whole.clone() };
        assert_eq!(Leaf::of(&undated, NETWORK).is_ok(), whole.outcome.postings.is_empty(), "{kind}");
    }
    let closing = act(ActKind::YearClosed);
    let another = closing.outcome.closing.map(|closing| YearClosing { year: closing.year.next(), ..closing });
    let another = Act { outcome: Outcome { closing: another, ..Outcome::default() }, ..closing };
    let refused = Leaf::of(&another, NETWORK).unwrap_err();
    assert!(refused.to_string().ends_with("it has no commitment to the year"), "{refused}");
}
