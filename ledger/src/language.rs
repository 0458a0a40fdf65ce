//! The two languages that Coudemain speaks.

use crate::text_enum::UnknownWord;

/// The language a person reads: French first, English too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Language {
    /// French, the default.
    #[default]
    French,
    /// English.
    English,
}

impl Language {
    /// The language's tag (BCP 47).
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::French => "fr",
            Self::English => "en",
        }
    }

    /// Picks the text in this language.
    ///
    /// ```
    /// use ledger::Language;
    /// assert_eq!(Language::French.pick("échange", "exchange"), "échange");
    /// ```
    pub fn pick<T>(self, french: T, english: T) -> T {
        match self {
            Self::French => french,
            Self::English => english,
        }
    }
}

impl TryFrom<&str> for Language {
    type Error = UnknownWord;

    fn try_from(text: &str) -> Result<Self, UnknownWord> {
        match text {
            "fr" => Ok(Self::French),
            "en" => Ok(Self::English),
            _ => Err(UnknownWord { found: text.to_owned(), expected: &["fr", "en"] }),
        }
    }
}
