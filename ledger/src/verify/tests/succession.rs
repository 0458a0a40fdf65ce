//! Statements that are given together, and what each knows of the others.

use sha2::Digest as _;

use super::*;
use crate::statement::Superseded;

/// A statement of 2025 of that number, which supersedes these bytes.
fn numbered(sequence: u32, superseded: Option<(u32, &[u8])>) -> Vec<u8> {
    let (mut figures, binding) = figures_and_binding();
    figures.number = Some(number_text(Year(2025), sequence));
    figures.supersedes = superseded.map(|(sequence, bytes)| Superseded {
        number: number_text(Year(2025), sequence),
        sha256: Digest(sha2::Sha256::digest(bytes).into()).to_hex(),
    });
    bytes(&signed_with(&figures, Some(&binding)))
}

fn with(others: &[&[u8]]) -> Trust {
    let mut trust = pinned();
    for other in others {
        trust.with_other(other.to_vec());
    }
    trust
}

/// What is checked, what is given with it, what it has become, and a sentence that says so.
type Case<'a> = (&'a [u8], &'a [&'a [u8]], Option<Headline>, &'a str);

#[test]
fn each_statement_of_a_chain_knows_its_successor_and_the_last_one() {
    let first = numbered(1, None);
    let second = numbered(4, Some((1, &first)));
    let third = numbered(9, Some((4, &second)));
    let all: [&[u8]; 3] = [&first, &second, &third];
    let cases: [Case<'_>; 9] = [
        (&first, &[], None, "the last statement known here of that year is 2025-0001; a later one may exist"),
        (&second, &[], None, "this statement supersedes 2025-0001"),
        (&second, &[], None, "known here of that year is 2025-0004; a later one may exist"),
        (&first, &all, Some(Headline::Superseded), "superseded by 2025-0004; the last one known here is 2025-0009"),
        (&second, &all, Some(Headline::Superseded), "superseded by 2025-0009; the last one known here is 2025-0009"),
        (&second, &all, Some(Headline::Superseded), "this statement supersedes the other one given"),
        (&third, &all, None, "known here of that year is 2025-0009; a later one may exist"),
        // The one between is not at hand.
        (&first, &[&third], Some(Headline::Superseded), "is no longer the last of its year: 2025-0009 is a later one"),
        (&third, &[&first], None, "this statement supersedes 2025-0004"),
    ];
    for (file, others, headline, sentence) in cases {
        let report = verify(file, &with(others), now());
        assert_eq!(report.headline(), headline, "{}", said(&report));
        assert_eq!(report.holds(), headline.is_none(), "{}", said(&report));
        assert!(said(&report).contains(sentence), "{sentence}: {}", said(&report));
    }
}

#[test]
fn only_what_the_same_network_signed_speaks_of_a_statement() {
    let first = numbered(1, None);
    let document = crate::json::parse(&numbered(4, Some((1, &first)))).unwrap();
    let by_another = bytes(&forgeries::forged(document.clone(), 7, None, &[Cryptosuite::EddsaJcs2022]));
    let mut changed = document;
    changed["credentialSubject"]["name"] = "Chorale".into();
    for other in [&by_another, &bytes(&changed)] {
        let report = verify(&first, &with(&[other]), now());
        assert!(report.holds(), "{}", said(&report));
        assert!(said(&report).contains("statement 2025-0004, given with it, does not count"), "{}", said(&report));
    }
    // Two documents of one number are never both true, whoever signed them.
    let (mut figures, binding) = figures_and_binding();
    figures.name = "Chorale".to_owned();
    let twin = bytes(&signed_with(&figures, Some(&binding)));
    let report = verify(&first, &with(&[&twin]), now());
    assert!(!report.holds() && said(&report).contains("two different statements bear the number"), "{}", said(&report));
}

#[test]
fn a_statement_supersedes_an_earlier_one_as_it_was_signed() {
    let first = numbered(1, None);
    for (own, other, sentence) in [
        (numbered(4, Some((1, b"another"))), &first, "this statement supersedes another one"),
        (numbered(4, Some((7, &first))), &first, "supersedes 2025-0007, which is no earlier one"),
    ] {
        let report = verify(&own, &with(&[other]), now());
        assert!(!report.holds() && said(&report).contains(sentence), "{}", said(&report));
    }
}

#[test]
fn a_statement_is_found_in_its_pdf_too() {
    let first = numbered(1, None);
    let second = String::from_utf8(numbered(4, Some((1, &first)))).unwrap();
    let pdf = envelopes::pdf_of(&[&second]);
    let report = verify(&first, &with(&[pdf.as_bytes()]), now());
    assert_eq!(report.headline(), Some(Headline::Superseded), "{}", said(&report));
}
