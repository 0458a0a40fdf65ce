//! What the readers of JSON and of queries say about what they cannot read, in plain words: what was found, and what
//! would have fitted. Libraries speak English and of their own types; some name neither.

use ledger::Language;
use serde_json::{Value, error::Category};

/// So much of what was found is shown.
const SHOWN_MOST: usize = 60;

/// A reader's sentence, made to say what was found and what would have fitted where it does not.
pub fn plain(why: &str, found: Option<&Value>) -> String {
    let expected = match why {
        _ if why.starts_with("UUID parsing failed") => NAME,
        "input is out of range"
        | "input is not enough for unique date and time"
        | "input contains invalid characters"
        | "no possible date and time matching input"
        | "premature end of input"
        | "trailing input" => "a date such as 2026-03-14",
        "invalid digit found in string" | "cannot parse integer from empty string" => "a whole number",
        "number too large to fit in target type" | "number too small to fit in target type" => "a smaller number",
        "provided string was not `true` or `false`" => "`true` or `false`",
        _ => return without_types(why),
    };
    let found = found.map(|found| found.as_str().map_or_else(|| found.to_string(), str::to_owned)).unwrap_or_default();
    let mut shown: String = found.chars().take(SHOWN_MOST).collect();
    if shown.len() < found.len() {
        shown.push('…');
    }
    format!("invalid value: `{shown}`, expected {expected}")
}

const NAME: &str = "a UUID such as 0d3b2f6a-7c41-8e52-8000-00000000000c";

/// The same sentence with what Rust calls a type called what it is.
fn without_types(why: &str) -> String {
    let Some((found, expected)) = why.rsplit_once(", expected ") else { return why.to_owned() };
    let expected = match expected {
        "i64" | "i32" | "u64" | "u32" | "u16" => "a whole number",
        "a formatted UUID string" | "UUID string" => NAME,
        _ if expected.starts_with("struct ") => "an object with named fields",
        _ => expected,
    };
    format!("{found}, expected {expected}")
}

/// Where a text stops being JSON.
pub fn not_json(error: &serde_json::Error) -> String {
    let place = format!("line {}, column {}", error.line(), error.column());
    match error.classify() {
        Category::Eof => format!("the JSON breaks off at {place}"),
        _ => format!("no JSON from {place} on"),
    }
}

/// The sentence in the reader's language, as far as its parts are known.
pub fn in_words(why: &str, language: Language) -> String {
    const FRENCH: [(&str, &str); 41] = [
        ("unknown field ", "champ inconnu : "),
        ("missing field ", "champ manquant : "),
        ("duplicate field ", "champ en double : "),
        ("unknown variant, ", "mot inconnu, "),
        ("unknown variant ", "mot inconnu : "),
        ("invalid type: string ", "type impossible : texte "),
        ("invalid type: integer ", "type impossible : nombre entier "),
        ("invalid type: floating point ", "type impossible : nombre à virgule "),
        ("invalid type: boolean ", "type impossible : booléen "),
        ("invalid type: null", "type impossible : rien (null)"),
        ("invalid type: map", "type impossible : objet"),
        ("invalid type: sequence", "type impossible : liste"),
        ("invalid type: no array", "type impossible : pas de liste"),
        ("invalid type: ", "type impossible : "),
        ("invalid value: a control character", "valeur impossible : un caractère de commande"),
        ("invalid value: no cursor of this list", "valeur impossible : pas un repère de cette liste"),
        ("invalid value: nothing of this network", "valeur impossible : rien de ce réseau"),
        ("invalid value: no address", "valeur impossible : pas une adresse"),
        ("invalid value: ", "valeur impossible : "),
        ("invalid length ", "longueur impossible : "),
        (", expected one of ", " ; conviendrait : "),
        (", expected a whole number", " ; conviendrait : un nombre entier"),
        (", expected a smaller number", " ; conviendrait : un nombre plus petit"),
        (", expected a date such as ", " ; conviendrait : une date comme "),
        (", expected a UUID such as ", " ; conviendrait : un UUID comme "),
        (", expected an object with named fields", " ; conviendrait : un objet, avec ses champs nommés"),
        (", expected a string", " ; conviendrait : un texte"),
        (", expected a boolean", " ; conviendrait : `true` ou `false`"),
        (", expected a sequence", " ; conviendrait : une liste"),
        (", expected an array", " ; conviendrait : une liste"),
        (", expected `true` or `false`", " ; conviendrait : `true` ou `false`"),
        (", expected `both_sides` or `mandate`", " ; conviendrait : `both_sides` ou `mandate`"),
        (", expected the `next` of a page", " ; conviendrait : le `next` d'une page"),
        (", expected a name from one of the lists", " ; conviendrait : un nom pris dans une liste"),
        (", expected name@host", " ; conviendrait : nom@hote"),
        (", expected at least one scope", " ; conviendrait : au moins un droit"),
        (", expected ", " ; conviendrait : "),
        (", there are no fields", " ; il n'y a pas de champ ici"),
        ("the JSON breaks off at line ", "le JSON s'arrête trop tôt, ligne "),
        ("no JSON from line ", "pas de JSON à partir de la ligne "),
        ("the body breaks off", "le contenu s'arrête trop tôt"),
    ];
    const ENDS: [(&str, &str); 4] =
        [(" on", ""), (" characters", " caractères"), (" exchanges", " échanges"), (" elements", " éléments")];
    if language == Language::English {
        return why.to_owned();
    }
    let french = FRENCH.iter().fold(why.to_owned(), |text, (english, french)| text.replace(english, french));
    let french = french.replace(", column ", ", colonne ").replace(" 1 to ", " 1 à ").replace("between 1 and ", "1 à ");
    let end = ENDS.iter().find_map(|(english, french_end)| Some(french.strip_suffix(english)?.to_owned() + french_end));
    end.unwrap_or(french)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_sentence_says_what_was_found_and_what_would_fit() {
        let said = |why: &str, found: Value| {
            let plain = plain(why, Some(&found));
            format!("{plain}\n{}", in_words(&plain, Language::French))
        };
        insta::assert_snapshot!(said("input contains invalid characters", json!("14/03/2026")), @"
        invalid value: `14/03/2026`, expected a date such as 2026-03-14
        valeur impossible : `14/03/2026` ; conviendrait : une date comme 2026-03-14
        ");
        insta::assert_snapshot!(said("UUID parsing failed: invalid length: found 1", json!("1")), @"
        invalid value: `1`, expected a UUID such as 0d3b2f6a-7c41-8e52-8000-00000000000c
        valeur impossible : `1` ; conviendrait : un UUID comme 0d3b2f6a-7c41-8e52-8000-00000000000c
        ");
        insta::assert_snapshot!(said("invalid digit found in string", json!("x".repeat(70))), @"
        invalid value: `xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…`, expected a whole number
        valeur impossible : `xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…` ; conviendrait : un nombre entier
        ");
        insta::assert_snapshot!(said(r#"invalid type: string "2h", expected i64"#, json!("2h")), @r#"
        invalid type: string "2h", expected a whole number
        type impossible : texte "2h" ; conviendrait : un nombre entier
        "#);
        insta::assert_snapshot!(said("invalid length 0, expected struct ProposedExchange with 11 elements", json!([])), @"
        invalid length 0, expected an object with named fields
        longueur impossible : 0 ; conviendrait : un objet, avec ses champs nommés
        ");
        insta::assert_snapshot!(said("invalid value: 0, expected 1 to 200", json!(0)), @"
        invalid value: 0, expected 1 to 200
        valeur impossible : 0 ; conviendrait : 1 à 200
        ");
        insta::assert_snapshot!(said("invalid length 0, expected 1 to 2000 characters", json!("")), @"
        invalid length 0, expected 1 to 2000 characters
        longueur impossible : 0 ; conviendrait : 1 à 2000 caractères
        ");
    }

    #[test]
    fn where_json_ends_is_said() {
        let said = |text: &str| {
            let plain = not_json(&serde_json::from_str::<Value>(text).unwrap_err());
            format!("{plain}\n{}", in_words(&plain, Language::French))
        };
        insta::assert_snapshot!(said("{\"giver\":12,"), @"
        the JSON breaks off at line 1, column 12
        le JSON s'arrête trop tôt, ligne 1, colonne 12
        ");
        insta::assert_snapshot!(said("[1,\n2} "), @"
        no JSON from line 2, column 2 on
        pas de JSON à partir de la ligne 2, colonne 2
        ");
    }
}
