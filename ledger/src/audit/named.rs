//! What a row is called in a French finding: a word for its table and for its column, and behind them both as the database
//! has them, for whoever looks there. In English the tables' own names are words.

/// Tables, and the files beside the keys that stand among them, with the word for one row of each.
const ROWS: [(&str, &str); 29] = [
    ("act", "acte"),
    ("act_text", "texte de l'acte"),
    ("association", "adhérent"),
    ("balance", "solde"),
    ("contribution", "participation"),
    ("directory", "annuaire, réseau"),
    ("exchange", "échange"),
    ("exchange_reference", "référence de l'échange"),
    ("exchange_step", "étape de l'échange"),
    ("given", "mouvement"),
    ("head", "état du réseau"),
    ("last-checkpoint.note", "point signé gardé près des clés, taille"),
    ("log_checkpoint", "point signé"),
    ("log_generation", "réouverture du journal, acte"),
    ("log_tile", "empreintes du journal, niveau et rang"),
    ("membership", "appartenance (personne, adhérent)"),
    ("network_key", "clé du réseau, acte"),
    ("person", "personne"),
    ("person_key", "clé d'engagement de l'acte"),
    ("policy", "règles en vigueur"),
    ("posting", "mouvement"),
    ("received", "mouvement"),
    ("recognition", "reconnaissance"),
    ("reference_counter", "compteur des références de l'exercice"),
    ("reversal", "annulation de l'acte"),
    ("role", "rôle"),
    ("skill", "compétence"),
    ("statement", "relevés"),
    ("year_closing", "clôture de l'exercice"),
];

/// What stands behind a comma: columns, and other places in a row.
const PLACES: [(&str, &str); 12] = [
    ("account", "compte"),
    ("act", "acte"),
    ("closed_through", "dernier exercice clos"),
    ("first_year", "premier exercice"),
    ("hash", "empreinte"),
    ("leaf", "texte scellé"),
    ("leaf_hash", "empreinte du texte scellé"),
    ("next_act", "nombre d'actes"),
    ("root", "racine"),
    ("signature", "signature"),
    ("sum", "somme"),
    ("year", "exercice"),
];

/// The books, as they stand behind the tables that have one.
const BOOKS: [(&str, &str); 2] =
    [(" exchange", " du livre des échanges"), (" engagement", " du livre de l'engagement")];

/// A row in French, with its table and column in brackets. What begins otherwise is in words already.
pub(super) fn row_in_french(row: &str) -> String {
    let end = row.find([' ', ',']).unwrap_or(row.len());
    let (table, rest) = row.split_at(end);
    let Some((_, word)) = ROWS.iter().find(|(known, _)| *known == table) else { return row.to_owned() };
    let mut parts = rest.split(", ");
    let first = parts.next().unwrap_or_default();
    let mut french = format!("{word}{}", of_book(first));
    let mut source = table.to_owned();
    for part in parts {
        let (name, number) = part.split_at(part.find(' ').unwrap_or(part.len()));
        let is_place = number.chars().skip(1).all(|letter| letter == '-' || letter.is_ascii_digit());
        match PLACES.iter().find(|(known, _)| *known == name).filter(|_| is_place) {
            Some((column, place)) => {
                french.push_str(&format!(", {place}{number}"));
                if number.is_empty() {
                    source = format!("{table}.{column}");
                }
            }
            None => french.push_str(&format!(", {part}")),
        }
    }
    format!("{french} [{source}]")
}

/// What follows a table's name, with the book in words where it begins with one.
fn of_book(rest: &str) -> String {
    let found = BOOKS.iter().find_map(|(book, words)| {
        let behind = rest.strip_prefix(book)?;
        (behind.is_empty() || behind.starts_with(' ')).then_some((words, behind))
    });
    match found {
        Some((words, "")) => (*words).to_owned(),
        Some((words, behind)) => format!("{words}, compte{behind}"),
        None => rest.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::row_in_french;

    #[test]
    fn rows_are_called_by_words_with_the_table_behind_them() {
        for (row, french) in [
            ("act 12", "acte 12 [act]"),
            ("act 12, leaf_hash", "acte 12, empreinte du texte scellé [act.leaf_hash]"),
            ("act 12, account 4", "acte 12, compte 4 [act]"),
            ("act 12, account -1", "acte 12, compte -1 [act]"),
            ("head, next_act", "état du réseau, nombre d'actes [head.next_act]"),
            ("log_tile 1 0, hash 0", "empreintes du journal, niveau et rang 1 0, empreinte 0 [log_tile]"),
            ("policy", "règles en vigueur [policy]"),
            ("balance exchange, sum", "solde du livre des échanges, somme [balance.sum]"),
            (
                "posting exchange 4 n° 1 (Chorale, de Janzé), durée",
                "mouvement du livre des échanges, compte 4 n° 1 (Chorale, de Janzé), durée [posting]",
            ),
            ("posting engagement -4 n° 2", "mouvement du livre de l'engagement, compte -4 n° 2 [posting]"),
            (
                "given exchange 1 n° 3 (Chorale), heures données",
                "mouvement du livre des échanges, compte 1 n° 3 (Chorale), heures données [given]",
            ),
            ("exchange 5 (A a aidé B), état", "échange 5 (A a aidé B), état [exchange]"),
            ("exchange_step 5 6", "étape de l'échange 5 6 [exchange_step]"),
            ("statement, act 9", "relevés, acte 9 [statement]"),
            // In words already.
            ("relevé 2025-0001 (Chorale)", "relevé 2025-0001 (Chorale)"),
        ] {
            assert_eq!(row_in_french(row), french);
        }
    }
}
