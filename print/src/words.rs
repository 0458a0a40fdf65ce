//! The words of printed documents, in both languages. Those of closed lists are the ledger's.

use ledger::{
    IdentifierKind, Language, Minutes, account::PostingKind, contribution::Nature, exchange::ExchangeState,
    words::capitalised,
};

/// Minutes as people read them.
pub(crate) fn minutes(minutes: i64, language: Language) -> String {
    Minutes::new(minutes).display(language).to_string()
}

/// Minutes with a sign in front even when they are more than nothing.
pub(crate) fn signed(minutes: i64, language: Language) -> String {
    let plus = if minutes > 0 { "+" } else { "" };
    format!("{plus}{}", self::minutes(minutes, language))
}

/// An amount that is nothing is shown as a dash, so that the others stand out.
pub(crate) fn or_dash(minutes: i64, language: Language) -> String {
    if minutes == 0 { "–".to_owned() } else { self::minutes(minutes, language) }
}

/// A word of a closed list as a line begins with it. A document may come from a newer program: a word that this one does
/// not know stays as it is.
fn line<T: for<'a> TryFrom<&'a str>>(text: &str, in_words: impl FnOnce(T) -> &'static str) -> String {
    T::try_from(text).map_or_else(|_| text.to_owned(), |word| capitalised(in_words(word)))
}

/// What postings of a kind are called.
pub(crate) fn kind(kind: &str, language: Language) -> String {
    line(kind, |kind: PostingKind| kind.in_words_of_several(language))
}

/// What a nature of volunteering is called.
pub(crate) fn nature(nature: &str, language: Language) -> String {
    line(nature, |nature: Nature| nature.in_words(language))
}

/// What waits, and for whom.
pub(crate) fn waiting(state: &str, language: Language) -> String {
    let state = ExchangeState::try_from(state).map(|state| state.in_words_of_several(language));
    state.map_or_else(|unknown| unknown.found, str::to_owned)
}

/// What a registration is called.
pub(crate) fn identifier(kind: &str, language: Language) -> String {
    line(kind, |kind: IdentifierKind| kind.in_words(language))
}

/// The months, as they stand under a chart.
pub(crate) fn months(language: Language) -> [&'static str; 12] {
    language.pick(
        ["janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."],
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
    )
}
