//! The two languages that Coudemain speaks.

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
