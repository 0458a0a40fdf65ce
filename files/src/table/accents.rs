//! Which of the encodings with 256 letters a text is in: nothing in the file says so, its accents do.
//!
//! The byte of an "é" is "Ž" or "‚" when read in another encoding, which no French text has between small letters. What
//! is doubtful in every reading, or right in several, is left to whoever can look at the file.

use encoding_rs::{MACINTOSH, WINDOWS_1252};

use super::encoding::Encoding;

/// The upper half of code page 850, which MS-DOS had in Western Europe, and which some cash desks and old accounts
/// programs still write.
const CP850: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u{ad}±‗¾¶§÷¸°¨·¹³²■\u{a0}";

/// A text in one of these encodings, and which; or none, where the accents do not tell.
pub(super) fn read(bytes: &[u8]) -> Option<(String, Encoding)> {
    let windows = WINDOWS_1252.decode_without_bom_handling(bytes).0;
    let doubt = doubt_of(&windows);
    if doubt == Doubt::None {
        return Some((windows.into_owned(), Encoding::Windows1252));
    }
    let others = [
        (MACINTOSH.decode_without_bom_handling(bytes).0.into_owned(), Encoding::MacRoman),
        (cp850(bytes), Encoding::CodePage850),
    ];
    let mut right = others.into_iter().filter(|(text, _)| doubt_of(text) < doubt);
    match (doubt, right.next(), right.next()) {
        // Letters of other languages, or slips of the pen, and no better reading.
        (Doubt::Some, None, _) => Some((windows.into_owned(), Encoding::Windows1252)),
        (Doubt::Wrong, Some(one), None) => Some(one),
        _ => None,
    }
}

fn cp850(bytes: &[u8]) -> String {
    let upper: Vec<char> = CP850.chars().collect();
    let letter = |byte: &u8| match byte.checked_sub(128) {
        Some(place) => upper.get(usize::from(place)).copied().unwrap_or(char::REPLACEMENT_CHARACTER),
        None => char::from(*byte),
    };
    bytes.iter().map(letter).collect()
}

/// How a text, or a letter of it, reads in French.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Doubt {
    /// As French does.
    None,
    /// With letters or signs that other languages have, or a slip among many right letters.
    Some,
    /// With signs inside words, capitals after small letters, or what no text has.
    Wrong,
}

fn doubt_of(text: &str) -> Doubt {
    let letters: Vec<char> = text.chars().collect();
    let neighbour = |at: Option<usize>| at.and_then(|at| letters.get(at)).copied().unwrap_or(' ');
    let (mut all, mut wrong, mut doubtful) = (0_usize, 0_usize, 0_usize);
    for (at, letter) in letters.iter().enumerate().filter(|(_, letter)| !letter.is_ascii()) {
        let (before, after) = (neighbour(at.checked_sub(1)), neighbour(at.checked_add(1)));
        // A small letter after two capitals: "JANZâ".
        let is_among_capitals = before.is_uppercase() && neighbour(at.checked_sub(2)).is_uppercase();
        let doubt = if letter.is_lowercase() && is_among_capitals {
            Doubt::Wrong
        } else {
            doubt_of_letter(*letter, before, after)
        };
        all += 1;
        wrong += usize::from(doubt == Doubt::Wrong);
        doubtful += usize::from(doubt == Doubt::Some);
    }
    // People swap letters: "pÉicerie". One in ten is no slip any more.
    match (wrong, doubtful) {
        _ if wrong * 10 > all => Doubt::Wrong,
        (0, 0) => Doubt::None,
        _ => Doubt::Some,
    }
}

fn doubt_of_letter(letter: char, before: char, after: char) -> Doubt {
    let is_inside = before.is_alphabetic() && after.is_alphabetic();
    match letter {
        'à' | 'â' | 'æ' | 'ç' | 'è' | 'é' | 'ê' | 'ë' | 'î' | 'ï' | 'ô' | 'œ' | 'ù' | 'û' | 'ü' | 'ÿ' => {
            Doubt::None
        }
        // A capital begins a word, or stands among capitals.
        'À' | 'Â' | 'Æ' | 'Ç' | 'È' | 'É' | 'Ê' | 'Ë' | 'Î' | 'Ï' | 'Ô' | 'Œ' | 'Ù' | 'Û' | 'Ü' | 'Ÿ' =>
        {
            let is_among_small = before.is_lowercase() || (before.is_alphabetic() && after.is_lowercase());
            if is_among_small { Doubt::Wrong } else { Doubt::None }
        }
        '’' | '‘' | '\u{ad}' => Doubt::None,
        '\u{a0}' | '«' | '»' | '“' | '”' | '–' | '—' | '…' | '€' | '°' | '²' | '³' | '½' | '¼' | '¾' | '·' | '×'
        | '•' | '§' | '±' | '£' | '©' | '®' | '™' | 'µ' | '¹' | 'º' | 'ª' => {
            if is_inside {
                Doubt::Wrong
            } else {
                Doubt::None
            }
        }
        _ if letter.is_alphabetic() && letter.is_uppercase() => {
            let is_apart = before.is_lowercase() || !after.is_alphabetic();
            if is_apart { Doubt::Wrong } else { Doubt::Some }
        }
        _ if letter.is_alphabetic() && letter != 'ƒ' && letter != 'ı' => Doubt::Some,
        _ => Doubt::Wrong,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MANY: &str = "Club d'été;Chœur à Noël;L'Île-aux-Moines;École «\u{a0}Là-bas\u{a0}»;ÉLÈVES;déjà reçu;où;âge";

    /// What a text is read as that was written in another encoding.
    fn read_from(text: &str, write: impl Fn(&str) -> Vec<u8>) -> String {
        match read(&write(text)) {
            Some((read, encoding)) => format!("{encoding:?} {read}"),
            None => "asked".to_owned(),
        }
    }

    fn mac(text: &str) -> Vec<u8> {
        let of = |letter: char| {
            (0..=255_u8).find(|byte| MACINTOSH.decode_without_bom_handling(&[*byte]).0.starts_with(letter))
        };
        text.chars().map(|letter| of(letter).unwrap()).collect()
    }

    fn dos(text: &str) -> Vec<u8> {
        let of = |letter: char| (0..=255_u8).find(|byte| cp850(&[*byte]).starts_with(letter));
        text.chars().map(|letter| of(letter).unwrap()).collect()
    }

    fn windows(text: &str) -> Vec<u8> {
        WINDOWS_1252.encode(text).0.into_owned()
    }

    #[test]
    fn accents_tell_the_encoding() {
        let no_ligature = MANY.replace('œ', "oe");
        assert_eq!(read_from(MANY, windows), format!("Windows1252 {MANY}"));
        assert_eq!(read_from(MANY, mac), format!("MacRoman {MANY}"));
        assert_eq!(read_from(&no_ligature, dos), format!("CodePage850 {no_ligature}"));
        for name in ["Club d'été", "Fanfare de Vitré", "Chorale de Janzé", "CHORALE DE JANZÉ"] {
            assert_eq!(read_from(name, windows), format!("Windows1252 {name}"));
            assert_eq!(read_from(name, mac), format!("MacRoman {name}"), "{name}");
        }
        for name in ["Club d'été", "Fanfare de Vitré", "déjà", "boîte", "goût"] {
            let read = read_from(name, dos);
            assert!(read == format!("CodePage850 {name}") || read == "asked", "{name}: {read}");
        }
    }

    #[test]
    fn what_can_be_read_in_two_ways_is_asked() {
        // "Ž" begins a Czech word as well as the "é" of a Mac.
        assert_eq!(read(b"\x8ecole"), None);
        assert_eq!(read(b"\xff\xfe\x81\x8d\x8f"), None);
    }

    #[test]
    fn other_languages_stay_as_they_were() {
        for name in ["Sociedad Española", "Größe", "Smørrebrød på Åland"] {
            assert_eq!(read_from(name, windows), format!("Windows1252 {name}"));
        }
    }
}
