//! What is said of values that cannot be read.

use serde::Deserialize;
use serde_json::json;

use super::*;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    #[expect(dead_code, reason = "only read")]
    minutes: i64,
    #[expect(dead_code, reason = "only read")]
    service_date: Option<chrono::NaiveDate>,
    #[expect(dead_code, reason = "only read")]
    giver: Option<uuid::Uuid>,
    #[expect(dead_code, reason = "only read")]
    scope: Option<Scope>,
    #[expect(dead_code, reason = "only read")]
    memo: Option<String>,
    #[expect(dead_code, reason = "only read")]
    is_open: Option<bool>,
    #[expect(dead_code, reason = "only read")]
    people: Option<Vec<i64>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Scope {
    Read,
    Write,
}

fn said(misfit: &Misfit) -> String {
    format!("{}\n{}\n", misfit.in_words(Language::English), misfit.in_words(Language::French))
}

#[test]
fn a_sentence_says_what_was_found_and_what_would_fit() {
    let mut text = String::new();
    for value in [
        json!({ "minutes": "2h" }),
        json!({ "minutes": 60.5 }),
        json!({ "minutes": u64::MAX }),
        json!({ "minutes": true }),
        json!({ "minutes": null }),
        json!({ "minutes": [] }),
        json!({}),
        json!([]),
        json!("x"),
        json!({ "minutes": 1, "service_date": "14/03/2026" }),
        json!({ "minutes": 1, "service_date": 14 }),
        json!({ "minutes": 1, "giver": "1" }),
        json!({ "minutes": 1, "giver": 1 }),
        json!({ "minutes": 1, "scope": "all" }),
        json!({ "minutes": 1, "scope": 1 }),
        json!({ "minutes": 1, "memo": 1 }),
        json!({ "minutes": 1, "memo": {} }),
        json!({ "minutes": 1, "is_open": "yes" }),
        json!({ "minutes": 1, "people": "1" }),
    ] {
        text.push_str(&said(&Asked::deserialize(Json(&value)).unwrap_err().0));
    }
    insta::assert_snapshot!(text, @r#"
    invalid type: string "2h", expected a whole number
    type impossible : texte "2h" ; conviendrait : un nombre entier
    invalid type: floating point `60.5`, expected a whole number
    type impossible : nombre à virgule `60.5` ; conviendrait : un nombre entier
    invalid value: `18446744073709551615`, expected a smaller number
    valeur impossible : `18446744073709551615` ; conviendrait : un nombre plus petit
    invalid type: boolean `true`, expected a whole number
    type impossible : booléen `true` ; conviendrait : un nombre entier
    invalid type: null, expected a whole number
    type impossible : rien (null) ; conviendrait : un nombre entier
    invalid type: sequence, expected a whole number
    type impossible : liste ; conviendrait : un nombre entier
    missing field `minutes`
    champ manquant : `minutes`
    invalid length 0, expected an object with named fields
    longueur impossible : 0 ; conviendrait : un objet, avec ses champs nommés
    invalid type: string "x", expected an object with named fields
    type impossible : texte "x" ; conviendrait : un objet, avec ses champs nommés
    invalid value: `14/03/2026`, expected a date such as 2026-03-14
    valeur impossible : `14/03/2026` ; conviendrait : une date comme 2026-03-14
    invalid type: integer `14`, expected a date such as 2026-03-14
    type impossible : nombre entier `14` ; conviendrait : une date comme 2026-03-14
    invalid value: `1`, expected a UUID such as 0d3b2f6a-7c41-8e52-8000-00000000000c
    valeur impossible : `1` ; conviendrait : un UUID comme 0d3b2f6a-7c41-8e52-8000-00000000000c
    invalid type: integer `1`, expected a UUID such as 0d3b2f6a-7c41-8e52-8000-00000000000c
    type impossible : nombre entier `1` ; conviendrait : un UUID comme 0d3b2f6a-7c41-8e52-8000-00000000000c
    unknown variant `all`, expected `read` or `write`
    mot inconnu : `all` ; conviendrait : `read` ou `write`
    invalid type: integer `1`, expected a word
    type impossible : nombre entier `1` ; conviendrait : un mot
    invalid type: integer `1`, expected a string
    type impossible : nombre entier `1` ; conviendrait : un texte
    invalid type: map, expected a string
    type impossible : objet ; conviendrait : un texte
    invalid type: string "yes", expected `true` or `false`
    type impossible : texte "yes" ; conviendrait : `true` ou `false`
    invalid type: string "1", expected an array
    type impossible : texte "1" ; conviendrait : une liste
    "#);
}

#[test]
fn a_query_is_text_and_says_the_same() {
    let mut text = String::new();
    for (name, value) in [
        ("minutes", "many"),
        ("minutes", ""),
        ("minutes", "99999999999999999999"),
        ("minutes", &"x".repeat(70)),
        ("is_open", "1"),
        ("giver", "1"),
        ("service_date", "2026-3"),
        ("scope", "all"),
    ] {
        let asked = vec![(name.to_owned(), value.to_owned())];
        text.push_str(&said(&Asked::deserialize(query(asked)).unwrap_err().0));
    }
    let twice = vec![("minutes".to_owned(), "1".to_owned()); 2];
    text.push_str(&said(&Asked::deserialize(query(twice)).unwrap_err().0));
    insta::assert_snapshot!(text, @r#"
    invalid value: `many`, expected a whole number
    valeur impossible : `many` ; conviendrait : un nombre entier
    invalid value: ``, expected a whole number
    valeur impossible : `` ; conviendrait : un nombre entier
    invalid value: `99999999999999999999`, expected a smaller number
    valeur impossible : `99999999999999999999` ; conviendrait : un nombre plus petit
    invalid value: `xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…`, expected a whole number
    valeur impossible : `xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…` ; conviendrait : un nombre entier
    invalid value: `1`, expected `true` or `false`
    valeur impossible : `1` ; conviendrait : `true` ou `false`
    invalid value: `1`, expected a UUID such as 0d3b2f6a-7c41-8e52-8000-00000000000c
    valeur impossible : `1` ; conviendrait : un UUID comme 0d3b2f6a-7c41-8e52-8000-00000000000c
    invalid value: `2026-3`, expected a date such as 2026-03-14
    valeur impossible : `2026-3` ; conviendrait : une date comme 2026-03-14
    unknown variant `all`, expected `read` or `write`
    mot inconnu : `all` ; conviendrait : `read` ou `write`
    duplicate field `minutes`
    champ en double : `minutes`
    "#);
}

#[test]
fn what_the_caller_wrote_is_shown_as_it_is() {
    for written in
        ["unknown field `x`, expected one of `y`", "UUID parsing failed", "bound:between:1:2", "a \"b\" é, column 3"]
    {
        let words = |value: Value| {
            let misfit = Asked::deserialize(Json(&value)).unwrap_err().0;
            [Language::French, Language::English].map(|language| misfit.in_words(language))
        };
        let [french, english] = words(json!({ "minutes": written }));
        assert_eq!(french, format!("type impossible : texte \"{written}\" ; conviendrait : un nombre entier"));
        assert_eq!(english, format!("invalid type: string \"{written}\", expected a whole number"));
        let [french, english] = words(json!({ "minutes": 1, "service_date": written }));
        assert_eq!(french, format!("valeur impossible : `{written}` ; conviendrait : une date comme 2026-03-14"));
        assert_eq!(english, format!("invalid value: `{written}`, expected a date such as 2026-03-14"));
        let [french, english] = words(json!({ "minutes": 1, "scope": written }));
        assert_eq!(french, format!("mot inconnu : `{written}` ; conviendrait : `read` ou `write`"));
        assert_eq!(english, format!("unknown variant `{written}`, expected `read` or `write`"));
        let [french, _] = words(json!({ written: 1 }));
        assert!(french.starts_with(&format!("champ inconnu : `{written}` ; conviendrait : `minutes`, ")), "{french}");
    }
}

#[test]
fn where_json_ends_is_said() {
    let said = |text: &str| said(&not_json(&serde_json::from_str::<Value>(text).unwrap_err()));
    insta::assert_snapshot!(said("{\"giver\":12,"), @r"
    the JSON breaks off at line 1, column 12
    le JSON s'arrête trop tôt, ligne 1, colonne 12
    ");
    insta::assert_snapshot!(said("[1,\n2} "), @r"
    no JSON from line 2, column 2 on
    pas de JSON à partir de la ligne 2, colonne 2
    ");
}
