//! The terminal: colours where somebody sees them, and numbers as people write them.

use std::io::IsTerminal;

use ledger::Language;

/// Colours, or none.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Paint {
    is_on: bool,
}

impl Paint {
    /// Colours when standard output is a terminal and `NO_COLOR` (<https://no-color.org>) is unset or empty.
    pub(crate) fn for_stdout() -> Self {
        let is_refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        Self { is_on: !is_refused && std::io::stdout().is_terminal() }
    }

    /// No colours.
    #[cfg(test)]
    pub(crate) const NONE: Self = Self { is_on: false };

    pub(crate) fn bold(self, text: &str) -> String {
        self.code("1", text)
    }

    pub(crate) fn dim(self, text: &str) -> String {
        self.code("2", text)
    }

    pub(crate) fn red(self, text: &str) -> String {
        self.code("31", text)
    }

    pub(crate) fn green(self, text: &str) -> String {
        self.code("32", text)
    }

    pub(crate) fn yellow(self, text: &str) -> String {
        self.code("33", text)
    }

    pub(crate) fn cyan(self, text: &str) -> String {
        self.code("36", text)
    }

    fn code(self, code: &str, text: &str) -> String {
        if self.is_on && !text.is_empty() { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_owned() }
    }
}

/// A count with its thousands apart: `1 234` in French, `1,234` in English.
pub(crate) fn grouped(number: u64, language: Language) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(language.pick('\u{202f}', ','));
        }
        grouped.push(digit);
    }
    grouped
}

/// At most so many characters; what is longer ends in an ellipsis.
pub(crate) fn shortened(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let kept: String = text.chars().take(most.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_stand_apart() {
        for (number, french, english) in [
            (0, "0", "0"),
            (999, "999", "999"),
            (1_234, "1\u{202f}234", "1,234"),
            (1_000_000, "1\u{202f}000\u{202f}000", "1,000,000"),
        ] {
            assert_eq!(
                (grouped(number, Language::French), grouped(number, Language::English)),
                (french.to_owned(), english.to_owned())
            );
        }
    }

    #[test]
    fn long_names_end_in_an_ellipsis() {
        assert_eq!(shortened("Ciné-club", 9), "Ciné-club");
        assert_eq!(shortened("Ciné-club d'Estarnac", 11), "Ciné-club…");
    }
}
