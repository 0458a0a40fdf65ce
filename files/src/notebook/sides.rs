//! What a cell or a title says of the direction.

use ledger::{exchange::Side, name::fold};

/// The direction that a word tells, seen from whoever keeps the notebook.
pub(super) fn side(text: &str) -> Option<Side> {
    const GIVEN: [&str; 19] = [
        "donne",
        "don",
        "donnes",
        "donnee",
        "donnees",
        "dons",
        "aide donnee",
        "nous avons donne",
        "nous avons aide",
        "on a aide",
        "fourni",
        "rendu",
        "offert",
        "d",
        "given",
        "gave",
        "we gave",
        "we helped",
        "heures donnees",
    ];
    const RECEIVED: [&str; 19] = [
        "recu",
        "recus",
        "recue",
        "recues",
        "aide recue",
        "nous avons recu",
        "nous avons ete aides",
        "on a ete aides",
        "beneficie",
        "obtenu",
        "r",
        "received",
        "got",
        "we received",
        "we were helped",
        "heures recues",
        "reception",
        "on nous a aides",
        "nous avons ete aidees",
    ];
    let folded = fold(text);
    match text.trim() {
        "+" => return Some(Side::Giver),
        "-" | "−" => return Some(Side::Receiver),
        _ => {}
    }
    if GIVEN.contains(&folded.as_str()) {
        Some(Side::Giver)
    } else if RECEIVED.contains(&folded.as_str()) {
        Some(Side::Receiver)
    } else {
        None
    }
}

/// The direction that a title above a table tells.
pub(super) fn side_of_title(text: &str) -> Option<Side> {
    let folded = fold(text);
    let has = |stems: &[&str]| folded.split(' ').any(|word| stems.iter().any(|stem| word.starts_with(stem)));
    match (has(&["donn", "given", "offert", "rendu"]), has(&["recu", "received", "beneficie"])) {
        (true, false) => Some(Side::Giver),
        (false, true) => Some(Side::Receiver),
        _ => side(text),
    }
}
