//! Texts that may speak of somebody who is erased: shown by numbers, and erased when somebody says so.

use std::fmt::Write as _;

use ledger::{Language, act::TextField};
use store::{Mention, MentionPlace};

use crate::{failure::Failure, session::Session};

/// The mentions that are to be erased: all, or those of some numbers.
pub(super) fn chosen(typed: Option<&str>, mentions: &[Mention]) -> Result<Vec<Mention>, Failure> {
    let Some(typed) = typed else { return Ok(Vec::new()) };
    match ledger::name::fold(typed).as_str() {
        "tous" | "toutes" | "all" => return Ok(mentions.to_vec()),
        "aucun" | "aucune" | "none" => return Ok(Vec::new()),
        _ => {}
    }
    let numbered = |word: &str| {
        let number: Option<usize> = word.trim().parse().ok();
        number
            .and_then(|number| mentions.get(number.checked_sub(1)?))
            .cloned()
            .ok_or_else(|| no_such_text(word, mentions.len()))
    };
    typed.split(',').map(numbered).collect()
}

fn no_such_text(word: &str, most: usize) -> Failure {
    Failure::said(
        format!(
            "--mentions : « {word} » n'est le numéro d'aucun texte ; conviendrait : de 1 à {most}, « tous » ou « aucun »"
        ),
        format!("--mentions: “{word}” is the number of no text; would fit: from 1 to {most}, “all” or “none”"),
    )
}

/// The texts, each with its number and where it stands; nothing where there are none.
pub(super) fn in_words(session: &Session, mentions: &[Mention], chosen: &[Mention], is_real: bool) -> String {
    let language = session.language;
    if mentions.is_empty() {
        return String::new();
    }
    let mut text =
        language.pick("Ces textes en parlent peut-être aussi :\n", "These texts may speak of them, too:\n").to_owned();
    for (number, mention) in (1..).zip(mentions) {
        let is_chosen = chosen.contains(mention);
        let fate = match (is_chosen, is_real) {
            (true, true) => language.pick(" (effacé)", " (erased)"),
            (true, false) => language.pick(" (serait effacé)", " (would be erased)"),
            (false, _) => "",
        };
        let said = &mention.text;
        let place = place(session, &mention.place);
        let line = language
            .pick(format!("{number}. {place} : « {said} »{fate}"), format!("{number}. {place}: “{said}”{fate}"));
        let _ = writeln!(text, "{line}");
    }
    text
}

/// What is to be said before anything is erased.
pub(super) fn to_be_chosen(language: Language) -> &'static str {
    language.pick(
        "Rien n'a été effacé. Dites d'abord lesquels de ces textes partent aussi : --mentions 1,3, --mentions tous ou --mentions aucun.",
        "Nothing was erased. First say which of these texts go, too: --mentions 1,3, --mentions all or --mentions none.",
    )
}

fn place(session: &Session, place: &MentionPlace) -> String {
    let language = session.language;
    match place {
        MentionPlace::Act { act, field } => {
            let field = field_in_words(session, field);
            language.pick(format!("{field} (acte {act})"), format!("{field} (act {act})"))
        }
        MentionPlace::Contact(association) => {
            let name = session.name_of(*association);
            language.pick(format!("contact de {name}"), format!("contact of {name}"))
        }
        MentionPlace::Alias { association, .. } => {
            let name = session.name_of(*association);
            language.pick(format!("nom dans le carnet de {name}"), format!("name in the notebook of {name}"))
        }
        MentionPlace::Notice(_) => language.pick("annonce", "notice").to_owned(),
        MentionPlace::TokenLabel(_) => language.pick("nom d'un jeton", "name of a token").to_owned(),
    }
}

fn field_in_words(session: &Session, field: &str) -> String {
    let language = session.language;
    let Ok(known) = TextField::try_from(field) else { return field.to_owned() };
    match known {
        TextField::Memo => language.pick("remarque", "remark"),
        TextField::Reason => language.pick("raison", "reason"),
        TextField::Decision => language.pick("décision", "decision"),
        TextField::FileName => language.pick("nom de fichier", "file name"),
        TextField::FileDigest => language.pick("empreinte de fichier", "file digest"),
        TextField::Evidence => language.pick("preuve", "evidence"),
        TextField::Identity => language.pick("identité", "identity"),
        TextField::Override => language.pick("raison d'un dépassement", "reason past a limit"),
        TextField::Context => language.pick("cadre", "setting"),
        TextField::Activities => language.pick("activités", "activities"),
        TextField::Guardian => language.pick("représentant légal", "guardian"),
    }
    .to_owned()
}
