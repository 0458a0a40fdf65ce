//! Printed documents: what is attached, how many pages, in every shape that a year can have.

use ledger::{
    AssociationNumber, Language,
    association::{Association, AssociationKind, DatedName, MembershipState},
    integrity::{Cryptosuite, sign},
    key::{Issuer, PrivateKey},
    statement::{
        Books, Breakdown, Figures, Heading, KindPart, MonthPart, NaturePart, PartnerPart, SkillPart, credential,
    },
    verify::from_pdf,
    year::Year,
};
use uuid::Uuid;

use super::*;

/// A signed statement with so many partners; its closing year is not proven, which printing does not ask.
fn signed(name: &str, partners: usize, is_numbered: bool) -> Vec<u8> {
    let association = Association {
        number: AssociationNumber(12),
        kind: AssociationKind::Association,
        state: MembershipState::Active,
        names: vec![DatedName { name: name.to_owned(), since: None, is_current: true }],
        identifiers: Vec::new(),
        limits: None,
        mandates: std::collections::BTreeMap::new(),
    };
    let books = Books {
        exchange: None,
        engaged: None,
        breakdown: &Breakdown::default(),
        name_of: &|_| String::new(),
        skill_name_of: &|_| String::new(),
    };
    let mut figures = Figures::new(Uuid::nil(), &association, Year(2025), &books).unwrap();
    let count = i64::try_from(partners).unwrap();
    figures.number = is_numbered.then(|| "2025-0012".to_owned());
    figures.given_minutes = 150 * count;
    figures.received_minutes = 60 * count;
    figures.correction_minutes = -15;
    figures.closing_minutes = 90 * count - 15;
    figures.movements = vec![KindPart { kind: "correction".to_owned(), minutes: -15 }];
    figures.months = (1..=12)
        .map(|month| MonthPart { month, given_minutes: i64::from(month) * count, received_minutes: 30 * count })
        .collect();
    figures.partners = (0..count)
        .map(|number| PartnerPart {
            association: number,
            name: format!("Association pour la sauvegarde du lavoir n° {number} et de ses abords"),
            given_minutes: 150,
            received_minutes: 60,
            correction_minutes: 0,
        })
        .collect();
    figures.skills = ["Cuisine", "Comptabilité, subventions et déclarations", "Sonorisation 🚲"]
        .into_iter()
        .take(partners)
        .map(|name| SkillPart {
            name: Some(name.to_owned()),
            given_minutes: 150,
            received_minutes: 0,
            correction_minutes: -15,
        })
        .collect();
    figures.volunteers = vec![NaturePart { nature: "operational".to_owned(), minutes: 1_234 }];
    let key = PrivateKey::from_seed([4; 32]);
    let issuer = Issuer::new(key.public(), Some("reseau.example"));
    let at = "2026-01-15T10:00:00Z".parse().unwrap();
    let heading =
        Heading { network: Uuid::nil(), network_name: "Entraide du pays de Vitré", issuer: &issuer, at, status: None };
    let mut document = credential(&heading, &figures, None).unwrap();
    sign(&mut document, &[Cryptosuite::EddsaJcs2022], &key, &issuer, at).unwrap();
    serde_json::to_vec_pretty(&document).unwrap()
}

/// The page objects of a PDF as the typesetter writes them.
fn pages(pdf: &[u8]) -> usize {
    let is_page = |place: &usize| {
        let after = pdf.get(*place..).unwrap_or_default();
        let name = after.strip_prefix(b"/Type").map(<[u8]>::trim_ascii_start);
        let rest = name.and_then(|name| name.strip_prefix(b"/Page"));
        rest.is_some_and(|rest| !rest.first().is_some_and(u8::is_ascii_alphabetic))
    };
    (0..pdf.len()).filter(is_page).count()
}

#[test]
fn what_is_attached_comes_back_byte_for_byte() {
    let short = signed("Chorale de Janzé", 3, true);
    for language in [Language::French, Language::English] {
        let pdf = statement(&short, language).unwrap().pdf;
        assert_eq!(from_pdf(&pdf).unwrap(), short);
        assert_eq!(pdf, statement(&short, language).unwrap().pdf, "the same bytes each time");
    }
}

#[test]
fn every_shape_of_year_fits_on_one_to_three_pages() {
    let long = "Association intercommunale pour la promotion de la lecture, de la musique et des arts du cirque 🚲 en \
                pays de Vitré et de La Guerche-de-Bretagne";
    for (name, partners, is_numbered, most) in
        [("Chorale", 0, true, 1), (long, 3, false, 1), ("Fête", 20, true, 2), (long, 200, true, 3)]
    {
        let bytes = signed(name, partners, is_numbered);
        let pdf = statement(&bytes, Language::French).unwrap().pdf;
        if let Some(folder) = std::env::var_os("COUDEMAIN_KEEP_PDF") {
            std::fs::write(std::path::Path::new(&folder).join(format!("statement-{partners}.pdf")), &pdf).unwrap();
        }
        assert!((1..=most).contains(&pages(&pdf)), "{partners} partners: {} pages", pages(&pdf));
    }
}

#[test]
fn what_is_no_statement_is_not_printed() {
    for bytes in [b"{}".as_slice(), b"{", br#"{"credentialSubject":{}}"#] {
        assert!(matches!(statement(bytes, Language::French), Err(PrintError::Unreadable(_))));
    }
}

/// Names as earlier versions let them in, and as no font has them.
#[test]
fn whatever_a_name_holds_is_printed_or_replaced_and_said() {
    let replaced = |name: &str| {
        let printed =
            statement(&signed(name, 1, true), Language::French).unwrap_or_else(|error| panic!("{name:?}: {error}"));
        assert!(printed.pdf.starts_with(b"%PDF"));
        printed.replaced.into_iter().collect::<String>()
    };
    // Of the sample's own skills one bears a bicycle.
    assert_eq!(replaced("L’Œuvre – « été » n° 5"), "");
    assert_eq!(replaced("Cho\u{feff}rale"), "\u{feff}");
    assert_eq!(replaced("\u{202e}elarohC\u{202c}"), "\u{202c}\u{202e}");
    assert_eq!(replaced("a\u{e000}b\u{fffe}c\u{f8ff}"), "\u{e000}\u{f8ff}\u{fffe}");
    assert_eq!(replaced("Fête 🎉"), "🎉");
    assert_eq!(replaced("中文"), "中文");
    // Letters that are put together with others are printed where that can be: no name makes the document fail.
    let all: Vec<char> = ('\u{1}'..='\u{ffff}').filter(|letter| !matches!(letter, '\u{3400}'..='\u{d7ff}')).collect();
    for letters in all.chunks(8_000) {
        let beside_others: Vec<_> = letters.chunks(4).map(String::from_iter).collect();
        replaced(&beside_others.join(" "));
    }
}

#[test]
fn the_square_leads_to_the_networks_verifier_with_the_digest_in_the_readers_browser_alone() {
    let signed = signed("Chorale", 1, true);
    let mut document: serde_json::Value = serde_json::from_slice(&signed).unwrap();
    document["issuer"]["id"] = "did:web:entraide.example".into();
    let told = crate::statement::Signature::of(&document, &signed);
    assert_eq!(told.address, format!("https://entraide.example/verify#sha256={}", told.digest));
}
