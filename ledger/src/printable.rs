//! What a text may not hold: characters that steer machines instead of being read, or that nobody sees.
//!
//! A printed page has no room for them (PDF/A forbids some by name), a terminal obeys them, and two names that differ in
//! one look alike. Whether a character is known to Unicode is not asked: next year it may be.

use std::borrow::Cow;

/// The first character that is not to be read, if there is one.
pub fn unreadable_in(text: &str) -> Option<char> {
    text.chars().find(|letter| is_unreadable(*letter))
}

/// Whether a character steers machines, or is seen by nobody.
///
/// Line ends and tabs may stand in a text. So may the two joiners: Persian and the scripts of India are misspelt without
/// them, and emoji are put together with one. The marks of direction may not: letters know their direction themselves,
/// and what overrides it shows one text and says another.
pub fn is_unreadable(letter: char) -> bool {
    match letter {
        '\n' | '\t' | '\u{200c}' | '\u{200d}' => false,
        // The soft hyphen; marks of direction; blanks without width; line and paragraph ends of another kind; the byte
        // order mark; what annotates, joins or tags without being seen.
        '\u{ad}'
        | '\u{61c}'
        | '\u{180e}'
        | '\u{200b}'
        | '\u{200e}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{feff}'
        | '\u{fff9}'..='\u{fffb}'
        | '\u{1bca0}'..='\u{1bca3}'
        | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{e0fff}' => !matches!(letter, '\u{e0100}'..='\u{e01ef}'),
        // For private use, where each machine shows another thing and most show none; and what is no character for ever.
        '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{10ffff}' | '\u{fdd0}'..='\u{fdef}' => true,
        _ => letter.is_control() || is_last_of_plane(letter),
    }
}

/// U+FFFE and U+FFFF of each plane are no characters.
fn is_last_of_plane(letter: char) -> bool {
    u32::from(letter) & 0xfffe == 0xfffe
}

/// A text without what nobody sees and what spreadsheets, phones and web pages leave in cells: marks of direction, blanks
/// without width, soft hyphens, byte order marks. A joiner stays where a script needs it, and goes between letters of
/// ours. What steers machines stays: whoever reads the text shall refuse it by name.
///
/// ```
/// use ledger::printable::without_marks;
/// assert_eq!(without_marks("Fan\u{ad}fare de Vit\u{200b}ré\u{200e}"), "Fanfare de Vitré");
/// assert_eq!(without_marks("می\u{200c}خواهم"), "می\u{200c}خواهم");
/// ```
pub fn without_marks(text: &str) -> Cow<'_, str> {
    if text.is_ascii() || !text.chars().any(is_mark) {
        return Cow::Borrowed(text);
    }
    let letters: Vec<char> = text.chars().collect();
    let is_needed = |at: usize| {
        let beside = [at.checked_sub(1), at.checked_add(1)].map(|at| at.and_then(|at| letters.get(at)));
        let is_foreign = |letter: Option<&char>| letter.is_some_and(|letter| u32::from(*letter) >= 0x0600);
        matches!(letters.get(at), Some('\u{200c}' | '\u{200d}')) && beside.into_iter().all(is_foreign)
    };
    let kept = letters.iter().enumerate().filter(|(at, letter)| !is_mark(**letter) || is_needed(*at));
    Cow::Owned(kept.map(|(_, letter)| *letter).collect())
}

/// Whether a character is seen by nobody and says nothing: what a name may be typed with and without.
pub(crate) const fn is_mark(letter: char) -> bool {
    matches!(
        letter,
        '\u{ad}'
            | '\u{34f}'
            | '\u{61c}'
            | '\u{180e}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{2064}'
            | '\u{2066}'..='\u{206f}'
            | '\u{feff}'
    )
}

/// A text as it may be shown anywhere: what is not to be read stands there by its number, `\u{feff}`.
pub fn shown(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for letter in text.chars() {
        if is_unreadable(letter) { shown.extend(letter.escape_unicode()) } else { shown.push(letter) }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_write_is_readable() {
        for text in [
            "Amis du vélo",
            "deux\nlignes\tet une tabulation",
            "L’Œuvre – « été » ; n° 5 · 2 × 3 ½ €",
            "Ελληνική Κοινότητα",
            "Українська",
            "جمعية",
            "می\u{200c}خواهم",
            "क्\u{200d}ष",
            "中文学校",
            "한국",
            "🎉 👩\u{200d}👩\u{200d}👧 ❤\u{fe0f}",
            "e\u{301}",
        ] {
            assert_eq!(unreadable_in(text), None, "{text}");
            assert_eq!(shown(text), text);
        }
    }

    #[test]
    fn what_nobody_sees_is_named() {
        for (letter, shown_as) in [
            ('\0', "a\\u{0}b"),
            ('\u{1b}', "a\\u{1b}b"),
            ('\r', "a\\u{d}b"),
            ('\u{7f}', "a\\u{7f}b"),
            ('\u{9b}', "a\\u{9b}b"),
            ('\u{ad}', "a\\u{ad}b"),
            ('\u{200b}', "a\\u{200b}b"),
            ('\u{202e}', "a\\u{202e}b"),
            ('\u{2066}', "a\\u{2066}b"),
            ('\u{2028}', "a\\u{2028}b"),
            ('\u{feff}', "a\\u{feff}b"),
            ('\u{e000}', "a\\u{e000}b"),
            ('\u{fdd0}', "a\\u{fdd0}b"),
            ('\u{fffe}', "a\\u{fffe}b"),
            ('\u{1ffff}', "a\\u{1ffff}b"),
            ('\u{e0041}', "a\\u{e0041}b"),
            ('\u{10fffd}', "a\\u{10fffd}b"),
        ] {
            let text = format!("a{letter}b");
            assert_eq!(unreadable_in(&text), Some(letter), "{shown_as}");
            assert_eq!(shown(&text), shown_as);
        }
    }
}
