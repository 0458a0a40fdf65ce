//! Registrations as people write them, and what is refused.

use super::*;

/// Kind, text and what comes of it: the value, or the error in short.
const CASES: &str = "
    rna | W353907065 | W353907065
    rna |  w35 390 7065 | W353907065
    rna | W9R1000123 | W9R1000123 unusual
    rna | W35390706 | Shape
    rna | W3539070655 | Shape
    rna | 353907065 | Shape
    rna | W35390706é | Shape
    rna | | Shape
    siren | 732829320 | 732829320
    siren | 732 829 320 | 732829320
    siren | 732\u{a0}829\u{202f}320 | 732829320
    siren | 356000000 | 356000000
    siren | 732829321 | last digit 0
    siren | 732829302 | last digit 4
    siren | 000000000 | Shape
    siren | 73282932 | Shape
    siren | FR732829320 | Shape
    siren | ７32829320 | Shape
    siret | 73282932000074 | 73282932000074
    siret | 732 829 320 00074 | 73282932000074
    siret | 73282932000075 | last digit 4
    siret | 73282932100074 | last digit 0
    siret | 35600000000048 | 35600000000048
    siret | 35600000000001 | 35600000000001
    siret | 35600000000006 | 35600000000006
    siret | 35600000000003 | last digit 1
    siret | 732829320 | Shape
    court_register | Strasbourg vol. 92 folio 15 | Strasbourg vol. 92 folio 15
    court_register | TJ Strasbourg 92/15 | Strasbourg vol. 92 folio 15
    court_register | STRASBOURG, Volume 92, Folio n° 15 | Strasbourg vol. 92 folio 15
    court_register | Tribunal judiciaire de Strasbourg vol.092 fol.015 | Strasbourg vol. 92 folio 15
    court_register | Tribunal d’instance d'Illkirch-Graffenstaden vol 7 f 3 | Illkirch-Graffenstaden vol. 7 folio 3
    court_register | Registre des associations du Tribunal de proximité de saint-avold : 12 / 4 | Saint-Avold vol. 12 folio 4
    court_register | ti Sélestat volume n°XXIV folio n°120 | Sélestat vol. XXIV folio 120
    court_register | Colmar V/12 | Colmar vol. V folio 12
    court_register | Strasbourg vol. 92 | Shape
    court_register | Strasbourg | Shape
    court_register | 92/15 | Shape
    court_register | TJ 92/15 | Shape
    court_register | Strasbourg 0/15 | Shape
    court_register | W353907065 | Shape";

fn outcome(kind: &str, text: &str) -> String {
    let kind = IdentifierKind::try_from(kind).unwrap();
    match Identifier::from_parts(kind, text) {
        Ok(Identifier::Rna(rna)) if rna.is_unusual() => format!("{rna} unusual"),
        Ok(identifier) => {
            let again = Identifier::from_parts(identifier.kind(), &identifier.value());
            assert_eq!(again.as_ref(), Ok(&identifier), "reads back what it prints");
            identifier.value()
        }
        Err(IdentifierError::CheckDigit { expected_digit, .. }) => {
            format!("last digit {expected_digit}")
        }
        Err(error) => format!("{error:?}").split(' ').next().unwrap().to_owned(),
    }
}

#[test]
fn identifiers_follow_the_rule_of_their_kind() {
    for line in CASES.trim().lines() {
        let (kind, case) = line.split_once('|').unwrap();
        let (text, expected) = case.split_once('|').unwrap();
        assert_eq!(outcome(kind.trim(), text), expected.trim(), "{line}");
    }
}

#[test]
fn communes_have_five_characters() {
    for code in ["35360", "01001", "2A004", "2b033", "97411", "98818", " 35 360 "] {
        assert_eq!(InseeCode::parse(code).unwrap().as_str(), compact(code));
    }
    for code in ["", "1001", "353600", "20004", "00001", "96001", "99100", "2C004", "35000", "+1001", "3536é"] {
        assert_eq!(InseeCode::parse(code), Err(IdentifierError::NotACommune(code.to_owned())));
    }
}

#[test]
fn says_what_was_found_and_what_would_fit() {
    let errors = [
        Rna::parse("353907065").unwrap_err(),
        CourtRegister::parse("Strasbourg 92").unwrap_err(),
        Siren::parse("123").unwrap_err(),
        Siret::parse("73282932000075").unwrap_err(),
        InseeCode::parse("1001").unwrap_err(),
    ];
    let explain = |language| {
        let lines: Vec<_> = errors.iter().map(|error| error.in_words(language)).collect();
        lines.join("\n")
    };
    insta::assert_snapshot!(explain(Language::French), @"
    « 353907065 » n'est pas un numéro RNA ; écrivez par exemple W353012345
    « Strasbourg 92 » n'est pas une inscription au registre d'un tribunal ; écrivez par exemple Strasbourg vol. 92 folio 15
    « 123 » n'est pas un SIREN ; écrivez par exemple 732829320
    « 73282932000075 » n'est pas un SIRET ; un chiffre est faux : après les autres, le dernier serait 4
    « 1001 » n'est pas le code INSEE d'une commune ; écrivez par exemple 35360
    ");
    insta::assert_snapshot!(explain(Language::English), @"
    “353907065” is not an RNA number; write for instance W353012345
    “Strasbourg 92” is not an entry in a court's register; write for instance Strasbourg vol. 92 folio 15
    “123” is not a SIREN; write for instance 732829320
    “73282932000075” is not a SIRET; one digit is wrong: after the others, the last would be 4
    “1001” is not a commune's INSEE code; write for instance 35360
    ");
}
