//! Heads of logs, held against each other.

use super::*;
use crate::checkpoint::hashes_text;

/// A log of so many acts, each of them this text and its number.
struct Grown(Vec<Digest>);

impl Grown {
    fn of(text: &str, size: u64) -> Self {
        Self((0..size).map(|number| leaf_hash(format!("{text} {number}").as_bytes())).collect())
    }

    fn root(&self, range: std::ops::Range<u64>) -> Digest {
        let place = |at: u64| usize::try_from(at).unwrap();
        root_of(&self.0[place(range.start)..place(range.end)])
    }

    /// The head over the first acts, signed by the log's key.
    fn head(&self, size: u64) -> String {
        self.head_of(&origin(NETWORK, 1), size)
    }

    fn head_of(&self, origin: &str, size: u64) -> String {
        let head = Checkpoint { origin: origin.to_owned(), size, root: self.root(0..size) };
        Note::new(head.to_text()).signed(origin, &PrivateKey::from_seed([9; 32])).to_string()
    }

    /// What shows that the log of the one size goes on from that of the other.
    fn consistency(&self, old: u64, new: u64) -> String {
        let hashes = log::consistency_path(old, new).into_iter().map(|range| self.root(range));
        hashes_text(&hashes.collect::<Vec<_>>())
    }
}

/// The log's key is trusted, these files are given, and this is remembered.
fn knowing(pins: &Pins, files: &[&str]) -> Trust {
    let mut trust = Trust::default();
    for generation in [1, 2] {
        let name = origin(NETWORK, generation);
        let key = PrivateKey::from_seed([9; 32]).public();
        trust.add(&VerifierKey { name, algorithm: Algorithm::Ed25519, key }.to_string()).unwrap();
    }
    for pin in pins.notes() {
        trust.with_pinned(pin.clone());
    }
    for file in files {
        trust.with_other(file.as_bytes().to_vec());
    }
    trust
}

#[test]
fn heads_are_held_against_what_is_given_and_what_is_remembered() {
    let (log, fork) = (Grown::of("act", 40), Grown::of("other", 40));
    let (ten, twenty, forty) = (log.head(10), log.head(20), log.head(40));
    let (to_twenty, to_forty) = (log.consistency(10, 20), log.consistency(20, 40));
    let as_json = json!({
        "size": 20, "root": "", "hashes": to_twenty.lines().collect::<Vec<_>>(),
    })
    .to_string();
    let remembers = |head: &str| Pins::parse(head).unwrap();
    let nothing = Pins::default();
    let ten_known = remembers(&ten);
    let (fork_ten, fork_twenty) = (fork.head(10), fork.head(20));
    let reopened = fork.head_of(&origin(NETWORK, 2), 20);
    let ten_forty = log.consistency(10, 40);
    let cases: [(&str, &Pins, &[&str], Verdict, &str); 15] = [
        (&ten, &nothing, &[], Verdict::Holds, "is signed by the log"),
        (&ten, &ten_known, &[], Verdict::Holds, "the one that you remembered"),
        (&fork_ten, &ten_known, &[], Verdict::Fails, "ALARM: two different histories of the first 10 acts"),
        (&ten, &nothing, &[&fork_ten], Verdict::Fails, "ALARM"),
        (
            &twenty,
            &ten_known,
            &[],
            Verdict::Unknown,
            "nothing shows that the log goes on from the head of 10 acts that you",
        ),
        (&twenty, &ten_known, &[&to_twenty], Verdict::Holds, "goes on from the head of 10 acts that you remembered"),
        (&twenty, &ten_known, &[&as_json], Verdict::Holds, "goes on from the head of 10 acts that you remembered"),
        (&fork_twenty, &ten_known, &[&to_twenty], Verdict::Unknown, "nothing shows that the log goes on"),
        (&ten, &nothing, &[&twenty], Verdict::Unknown, "nothing shows that the log is the beginning of the head of 20"),
        (&ten, &nothing, &[&twenty, &to_twenty], Verdict::Holds, "the log is the beginning of the head of 20 acts"),
        // By way of a head between.
        (&forty, &ten_known, &[&to_forty, &to_twenty], Verdict::Unknown, "nothing shows"),
        (&forty, &ten_known, &[&to_forty, &twenty, &to_twenty], Verdict::Holds, "goes on from the head of 10 acts"),
        // Both are the beginning of a later one.
        (&twenty, &ten_known, &[&forty, &to_forty, &ten_forty], Verdict::Holds, "from the head of 10 acts that you"),
        (&reopened, &ten_known, &[], Verdict::Unknown, "opened again after a loss: the head of 10 acts"),
        (&ten, &remembers(&reopened), &[], Verdict::Unknown, "of a log that was lost since"),
    ];
    for (file, pins, files, verdict, sentence) in cases {
        let report = verify(file.as_bytes(), &knowing(pins, files), now());
        assert_eq!(report.verdict(), verdict, "{sentence}: {}", said(&report));
        assert!(said(&report).contains(sentence), "{sentence}: {}", said(&report));
        assert_eq!(report.headline() == Some(Headline::TwoHistories), verdict == Verdict::Fails);
    }
}

#[test]
fn a_proof_of_consistency_is_told_by_the_heads_that_it_joins() {
    let log = Grown::of("act", 20);
    let (ten, twenty, proof) = (log.head(10), log.head(20), log.consistency(10, 20));
    let other = Grown::of("other", 20).head(20);
    let cases: [(&[&str], Verdict, &str); 4] = [
        (&[&ten, &twenty], Verdict::Holds, "the head of 20 acts goes on from the one of 10 acts"),
        (&[&ten, &other], Verdict::Fails, "joins none of the checkpoints"),
        (&[&ten], Verdict::Unknown, "are not at hand"),
        (&[], Verdict::Unknown, "are not at hand"),
    ];
    for (files, verdict, sentence) in cases {
        let report = verify(proof.as_bytes(), &knowing(&Pins::default(), files), now());
        assert_eq!((report.kind, report.verdict()), (Kind::ConsistencyProof, verdict), "{}", said(&report));
        assert!(said(&report).contains(sentence), "{sentence}: {}", said(&report));
    }
}

#[test]
fn the_largest_head_is_remembered_and_nothing_that_is_not_shown_takes_its_place() {
    let (log, fork) = (Grown::of("act", 40), Grown::of("other", 40));
    let mut pins = Pins::default();
    // File by file, as somebody checks them over the years: what is given, and the size that is remembered after it.
    let steps: Vec<(Vec<String>, u64, &str)> = vec![
        (vec![log.head(10)], 10, "Head remembered: coudemain/"),
        (vec![log.head(10)], 10, ""),
        (vec![log.head(5)], 10, ""),
        (vec![fork.head(10)], 10, ""),
        (vec![log.head(20)], 10, "The head of 10 acts stays the one remembered"),
        (vec![fork.head(20), log.consistency(10, 20)], 10, "stays the one remembered"),
        (vec![log.head(20), log.head(30), log.consistency(10, 20)], 20, "going on from the 10 of before"),
        (vec![log.head(30), log.head(40), log.consistency(20, 30), log.consistency(30, 40)], 40, "from the 20"),
        // Where two histories come to light, the one that was remembered stays.
        (vec![log.head(40), fork.head(40)], 40, ""),
    ];
    for (files, size, sentence) in steps {
        let texts: Vec<&str> = files.iter().map(String::as_str).collect();
        let trust = knowing(&pins, &texts);
        let reports: Vec<Report> = files.iter().map(|file| verify(file.as_bytes(), &trust, now())).collect();
        let told = pins.remember(&reports, &trust);
        let told: String = told.iter().map(|told| told.in_words(Language::English)).collect();
        assert!(told.contains(sentence) && told.is_empty() == sentence.is_empty(), "{sentence}: {told}");
        let again = Pins::parse(&pins.to_text()).unwrap();
        assert_eq!(again, pins);
        let head = Checkpoint::parse(&again.notes()[0].text).unwrap();
        assert_eq!((head.size, head.root), (size, log.root(0..size)));
    }
    // A head whose signer nobody trusts is not remembered: it would turn what is true into an alarm.
    let mut none = Pins::default();
    let mut stranger = Trust::default();
    stranger.with_other(log.head(10).into_bytes());
    let report = verify(log.head(10).as_bytes(), &stranger, now());
    assert_eq!((none.remember(&[report], &stranger), none), (Vec::new(), Pins::default()));
    // Two logs are remembered side by side; two heads of one log, or nonsense, are no memory.
    let second = log.head_of("coudemain/another", 3);
    assert_eq!(Pins::parse(&format!("{}---\n{second}", log.head(10))).unwrap().notes().len(), 2);
    for text in [format!("{}---\n{}", log.head(10), log.head(20)), String::new(), "hello\n".to_owned()] {
        assert_eq!(Pins::parse(&text), None, "{text}");
    }
}

#[test]
fn a_statement_is_held_against_what_is_remembered() {
    let (_, key, other) = logged("{}", 4);
    let mut trust = pinned();
    trust.with_pinned(other);
    let report = verify(&bytes(&statement()), &trust, now());
    assert_eq!(report.headline(), Some(Headline::TwoHistories), "{}", said(&report));
    let mut pins = Pins::default();
    let report = verify(&bytes(&statement()), &pinned(), now());
    assert_eq!(pins.remember(&[report], &pinned()).len(), 1);
    assert_eq!(pins.notes()[0].verdict(&key), crate::note::NoteVerdict::Signed(None));
}

#[test]
fn checkpoints_and_proofs_are_judged_with_the_logs_key() {
    let (proof, key, checkpoint) = logged("{}", 4);
    let mut trust = Trust::default();
    let unknown = verify(checkpoint.to_string().as_bytes(), &trust, now());
    assert_eq!((unknown.kind, unknown.verdict()), (Kind::Checkpoint, Verdict::Unknown));
    trust.add(&key.to_string()).unwrap();
    assert_eq!(verify(checkpoint.to_string().as_bytes(), &trust, now()).verdict(), Verdict::Holds);
    let text = proof.to_text();
    assert_eq!(verify(text.as_bytes(), &trust, now()).verdict(), Verdict::Unknown);
    let mut with_leaf = trust.clone();
    with_leaf.with_other(b"{}".to_vec());
    assert_eq!(verify(text.as_bytes(), &with_leaf, now()).verdict(), Verdict::Holds);
    let mut with_another = trust.clone();
    with_another.with_other(b"{ }".to_vec());
    assert_eq!(verify(text.as_bytes(), &with_another, now()).verdict(), Verdict::Fails);
    let mut another_log = Trust::default();
    let stranger = PrivateKey::from_seed([1; 32]).public();
    another_log.add(&VerifierKey { key: stranger, ..key }.to_string()).unwrap();
    assert!(!verify(checkpoint.to_string().as_bytes(), &another_log, now()).holds());
    for nonsense in [b"".as_slice(), b"hello", b"%PDF-1.7 %%EOF", b"{", &[0xff, 0xfe], b"c2sp.org/tlog-proof@v1\n"] {
        assert!(!verify(nonsense, &trust, now()).holds());
    }
}

#[test]
fn two_histories_of_one_log_are_an_alarm_whichever_is_looked_at() {
    let (_, key, one) = logged("{}", 4);
    let (_, _, other) = logged("{ }", 4);
    let mut trust = Trust::default();
    trust.add(&key.to_string()).unwrap();
    for note in [&one, &other] {
        trust.with_other(note.to_string().into_bytes());
    }
    for note in [&one, &other] {
        let report = verify(note.to_string().as_bytes(), &trust, now());
        assert_eq!(report.conclusion(), Conclusion::Fails, "{}", said(&report));
        assert!(said(&report).contains("ALARM"), "{}", said(&report));
    }
}
