//! What a repeated request is recognised by, as one text: the key says which request it is, the digest of this text
//! that it asks for the same again.
//!
//! Digests stay in the acts for ever. Their texts were first written by a compiler; the spelling is kept here by hand,
//! so that no renamed type or field ever takes an old file for another one.

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

use crate::{
    ActNumber, Digest, ExchangeNumber, Identifier, PersonNumber,
    association::{AssociationKind, Contact, MembershipState, NewAssociation},
    key::PublicKey,
    log,
    person::Identity,
    recognition::Level,
    skill::{Alignment, SkillRef},
};

/// SHA-256 of several texts, each closed by a byte that none of them holds.
pub fn digest_of_all(content: &[&str]) -> Digest {
    let mut hasher = Sha256::new();
    for text in content {
        hasher.update(text.as_bytes());
        hasher.update([0]);
    }
    Digest(hasher.finalize().into())
}

/// A member that joins.
pub fn association(new: &NewAssociation) -> String {
    let NewAssociation { name, former_names, kind, state, identifiers, commune, insee, member_since, contact } = new;
    let Contact { name: whom, email, phone, paper_only } = contact;
    let kind = match kind {
        AssociationKind::Association => "Association",
        AssociationKind::Municipality => "Municipality",
        AssociationKind::SocialEconomyCompany => "SocialEconomyCompany",
        AssociationKind::InformalGroup => "InformalGroup",
    };
    let state = match state {
        MembershipState::Applicant => "Applicant",
        MembershipState::Active => "Active",
        MembershipState::Suspended => "Suspended",
        MembershipState::Left => "Left",
    };
    format!(
        "NewAssociation {{ name: {}, former_names: [{}], kind: {kind}, state: {state}, identifiers: [{}], commune: {}, \
         insee: {}, member_since: {}, contact: Contact {{ name: {}, email: {}, phone: {}, paper_only: {paper_only} }} }}",
        quoted(name),
        listed(former_names.iter().map(|name| quoted(name))),
        listed(identifiers.iter().map(identifier)),
        if_said(commune.as_deref(), quoted),
        if_said(insee.as_ref(), |code| format!("InseeCode({})", quoted(&code.to_string()))),
        if_said(member_since.as_ref(), ToString::to_string),
        if_said(whom.as_deref(), quoted),
        if_said(email.as_deref(), quoted),
        if_said(phone.as_deref(), quoted),
    )
}

/// An entry of a public list that a skill is put beside.
pub fn alignment(Alignment { code, name, url, version }: &Alignment) -> String {
    format!(
        "Alignment {{ code: {}, name: {}, url: {}, version: {} }}",
        quoted(code),
        quoted(name),
        quoted(url),
        quoted(version)
    )
}

/// A person who is brought in. The day of majority is left out: of an adult nothing is kept, and who is a minor in one
/// year's file is an adult in another's.
pub fn identity(Identity { code, first_name, last_name, email, adult_on: _ }: &Identity) -> String {
    format!(
        "Identity {{ code: {}, first_name: {}, last_name: {}, email: {} }}",
        quoted(code),
        if_said(first_name.as_deref(), quoted),
        if_said(last_name.as_deref(), quoted),
        if_said(email.as_deref(), quoted),
    )
}

/// A key that the network adopts, with the domain that it is known by from then on.
pub fn adopted_key(key: &PublicKey, domain: Option<&str>) -> Digest {
    log::leaf_hash(format!("key:{key} {}", if_said(domain, quoted)).as_bytes())
}

/// A recognised competence.
pub fn recognition(
    exchange: ExchangeNumber,
    person: PersonNumber,
    skill: Option<&SkillRef>,
    level: Level,
    [context, activities]: [&str; 2],
) -> Digest {
    let level = match level {
        Level::Supported => "Supported",
        Level::Independent => "Independent",
        Level::Reference => "Reference",
    };
    let skill = if_said(skill, |skill| match skill {
        SkillRef::Number(number) => format!("Number(SkillNumber({number}))"),
        SkillRef::Name(name) => format!("Name({})", quoted(name)),
    });
    let text = format!(
        "Recognise {{ exchange: ExchangeNumber({exchange}), person: PersonNumber({person}), skill: {skill}, \
         level: {level}, context: {}, activities: {} }}",
        quoted(context),
        quoted(activities),
    );
    log::leaf_hash(text.as_bytes())
}

/// A recognition that its holder, or a minor's guardian, accepts.
pub fn acceptance(recognition: ActNumber, guardian: Option<&str>) -> Digest {
    let guardian = if_said(guardian, quoted);
    let text = format!("AcceptRecognition {{ recognition: ActNumber({recognition}), guardian: {guardian} }}");
    log::leaf_hash(text.as_bytes())
}

/// A recognition that is taken back.
pub fn withdrawal(recognition: ActNumber, reason: &str) -> Digest {
    let reason = quoted(reason);
    let text = format!("WithdrawRecognition {{ recognition: ActNumber({recognition}), reason: {reason} }}");
    log::leaf_hash(text.as_bytes())
}

fn identifier(identifier: &Identifier) -> String {
    match identifier {
        Identifier::Rna(rna) => format!("Rna(Rna({}))", quoted(&rna.to_string())),
        Identifier::CourtRegister(entry) => format!(
            "CourtRegister(CourtRegister {{ court: {}, volume: {}, folio: {} }})",
            quoted(entry.court()),
            quoted(entry.volume()),
            quoted(entry.folio())
        ),
        Identifier::Siren(siren) => format!("Siren(Siren({}))", quoted(&siren.to_string())),
        Identifier::Siret(siret) => format!("Siret(Siret({}))", quoted(&siret.to_string())),
    }
}

fn if_said<T: ?Sized>(value: Option<&T>, text: impl FnOnce(&T) -> String) -> String {
    value.map_or_else(|| "None".to_owned(), |value| format!("Some({})", text(value)))
}

fn listed(texts: impl Iterator<Item = String>) -> String {
    texts.collect::<Vec<_>>().join(", ")
}

/// A text between double quotes; what cannot be printed, and what would end it, stands as an escape.
fn quoted(text: &str) -> String {
    let mut quoted = String::from('"');
    for letter in text.chars() {
        match letter {
            '\'' => quoted.push(letter),
            // Writing to a text cannot fail.
            _ => drop(write!(quoted, "{}", letter.escape_debug())),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{IdentifierKind, InseeCode, SkillNumber};

    #[test]
    fn the_texts_behind_digests_never_change() {
        let read = |kind, value| Identifier::from_parts(kind, value).unwrap();
        let bare = NewAssociation {
            name: "L'Atelier \"du\" coin\u{a0}!".to_owned(),
            former_names: Vec::new(),
            kind: AssociationKind::InformalGroup,
            state: MembershipState::Applicant,
            identifiers: Vec::new(),
            commune: None,
            insee: None,
            member_since: None,
            contact: Contact::default(),
        };
        let full = NewAssociation {
            name: "Café\ttriangle".to_owned(),
            former_names: vec!["Un".to_owned(), "Deux\\".to_owned()],
            kind: AssociationKind::SocialEconomyCompany,
            state: MembershipState::Active,
            identifiers: vec![
                read(IdentifierKind::Rna, "W332001234"),
                read(IdentifierKind::CourtRegister, "Strasbourg vol. 92 folio 15"),
                read(IdentifierKind::Siren, "732829320"),
                read(IdentifierKind::Siret, "73282932000074"),
            ],
            commune: Some("Vitré".to_owned()),
            insee: Some(InseeCode::parse("35360").unwrap()),
            member_since: Some("2019-03-01".parse().unwrap()),
            contact: Contact {
                name: Some("Zoé".to_owned()),
                email: Some("z@example.org".to_owned()),
                phone: Some("02".to_owned()),
                paper_only: true,
            },
        };
        let identified = Identity {
            code: "B-1".to_owned(),
            first_name: Some("Zoe\u{301}".to_owned()),
            last_name: None,
            email: Some("z@example.org".to_owned()),
            adult_on: Some("2030-01-01".parse().unwrap()),
        };
        let entry = Alignment {
            code: "M1203".to_owned(),
            name: "Comptabilité d'ici".to_owned(),
            url: String::new(),
            version: "4.0".to_owned(),
        };
        for (text, kept) in [
            (
                association(&bare),
                r#"NewAssociation { name: "L'Atelier \"du\" coin\u{a0}!", former_names: [], kind: InformalGroup, state: Applicant, identifiers: [], commune: None, insee: None, member_since: None, contact: Contact { name: None, email: None, phone: None, paper_only: false } }"#,
            ),
            (
                association(&full),
                r#"NewAssociation { name: "Café\ttriangle", former_names: ["Un", "Deux\\"], kind: SocialEconomyCompany, state: Active, identifiers: [Rna(Rna("W332001234")), CourtRegister(CourtRegister { court: "Strasbourg", volume: "92", folio: "15" }), Siren(Siren("732829320")), Siret(Siret("73282932000074"))], commune: Some("Vitré"), insee: Some(InseeCode("35360")), member_since: Some(2019-03-01), contact: Contact { name: Some("Zoé"), email: Some("z@example.org"), phone: Some("02"), paper_only: true } }"#,
            ),
            (
                identity(&identified),
                r#"Identity { code: "B-1", first_name: Some("Zoe\u{301}"), last_name: None, email: Some("z@example.org") }"#,
            ),
            (alignment(&entry), r#"Alignment { code: "M1203", name: "Comptabilité d'ici", url: "", version: "4.0" }"#),
        ] {
            assert_eq!(text, kept);
        }
    }

    #[test]
    fn digests_never_change() {
        let digest = |text: &str| log::leaf_hash(text.as_bytes());
        let (exchange, person, act) = (ExchangeNumber(13), PersonNumber(5), ActNumber(300));
        let named = SkillRef::Name("Comptabilité".to_owned());
        let numbered = SkillRef::Number(SkillNumber(7));
        let key = crate::key::PrivateKey::from_seed([7; 32]).public();
        let words = ["l'atelier", "caisse\n"];
        for (computed, text) in [
            (
                recognition(exchange, person, Some(&named), Level::Reference, words),
                r#"Recognise { exchange: ExchangeNumber(13), person: PersonNumber(5), skill: Some(Name("Comptabilité")), level: Reference, context: "l'atelier", activities: "caisse\n" }"#.to_owned(),
            ),
            (
                recognition(exchange, person, Some(&numbered), Level::Supported, ["", ""]),
                r#"Recognise { exchange: ExchangeNumber(13), person: PersonNumber(5), skill: Some(Number(SkillNumber(7))), level: Supported, context: "", activities: "" }"#.to_owned(),
            ),
            (
                recognition(exchange, person, None, Level::Independent, ["", ""]),
                r#"Recognise { exchange: ExchangeNumber(13), person: PersonNumber(5), skill: None, level: Independent, context: "", activities: "" }"#.to_owned(),
            ),
            (acceptance(act, None), "AcceptRecognition { recognition: ActNumber(300), guardian: None }".to_owned()),
            (
                acceptance(act, Some("Sa mère")),
                r#"AcceptRecognition { recognition: ActNumber(300), guardian: Some("Sa mère") }"#.to_owned(),
            ),
            (
                withdrawal(act, "n'était pas là"),
                r#"WithdrawRecognition { recognition: ActNumber(300), reason: "n'était pas là" }"#.to_owned(),
            ),
            (adopted_key(&key, None), format!("key:{key} None")),
            (adopted_key(&key, Some("ici.example")), format!("key:{key} Some(\"ici.example\")")),
        ] {
            assert_eq!(computed, digest(&text), "{text}");
        }
        assert_eq!(
            digest_of_all(&["a", "", "é"]).to_hex(),
            Digest(Sha256::digest("a\0\0é\0".as_bytes()).into()).to_hex()
        );
    }
}
