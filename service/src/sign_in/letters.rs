//! Codes that people read off paper and type: twelve letters and digits, in three groups.

use ledger::Digest;

use crate::secret;

/// What codes are made of: no letter that is taken for a digit (Crockford's base 32).
const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// So many of them, 5 bits each: at five guesses free and then one in eight seconds nobody comes upon one.
const LENGTH: usize = 12;
/// So many stand together.
const GROUP: usize = 4;

/// New letters, from random bytes, in groups.
pub fn draw(random: [u8; 32]) -> String {
    let letters = random.into_iter().take(LENGTH).map(|byte| char::from(LETTERS[usize::from(byte % 32)]));
    letters.enumerate().fold(String::new(), |mut text, (index, letter)| {
        if index > 0 && index % GROUP == 0 {
            text.push('-');
        }
        text.push(letter);
        text
    })
}

/// What is kept of letters that are good for something, as people type them: case and hyphens do not count, nor whether O
/// or 0, I, L or 1 was meant.
pub fn digest(what_for: &str, typed: &str) -> Digest {
    let letters = typed.chars().filter(char::is_ascii_alphanumeric);
    let letters = letters.map(|letter| match letter.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        letter => letter,
    });
    secret::digest(&format!("{what_for} {}", letters.collect::<String>()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_read_as_people_type_them() {
        let kept = digest("card", "7F3K01QRZ2T9");
        for typed in ["7F3K-01QR-Z2T9", "7f3k 01qr z2t9", "7f3kO1QrZ2T9", " 7F3K-0lQR-Z2T9", "7F3K–0IQR–Z2T9"] {
            assert_eq!(digest("card", typed), kept, "{typed}");
        }
        assert_ne!(digest("card", "7F3K01QRZ2T8"), kept);
        assert_ne!(digest("joining", "7F3K01QRZ2T9"), kept, "good for one thing alone");
    }

    #[test]
    fn letters_are_drawn_in_groups() {
        let drawn = draw(std::array::from_fn(|index| u8::try_from(index * 7).unwrap()));
        assert_eq!(drawn, "07EN-W3AH-RZ6D");
    }
}
