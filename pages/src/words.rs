//! What pages say, in both languages.

use std::sync::LazyLock;

use ledger::Language;
use service::words::Words;

macro_rules! files {
    ($language:literal, $($name:literal),+ $(,)?) => {
        [$(include_str!(concat!("../words/", $language, "/", $name, ".ftl"))),+]
    };
}

/// The files of a language, in the order in which they are read: each subject has one.
macro_rules! sources {
    ($language:literal) => {
        files!(
            $language,
            "frame",
            "problems",
            "exchange",
            "home",
            "note",
            "demo",
            "standing",
            "us",
            "phone",
            "sign_in",
            "devices",
            "cards",
            "first",
            "arrivals",
            "thread",
            "mail_answer",
            "morning",
            "overseen",
            "recording",
            "members",
            "persons",
            "rules",
            "transfers",
            "letters",
            "notebook",
            "recognition",
            "accounts",
            "statements",
        )
    };
}

const FRENCH: &[&str] = &sources!("fr");
const ENGLISH: &[&str] = &sources!("en");

static WORDS: LazyLock<[Words; 2]> =
    LazyLock::new(|| [Words::new(Language::French, FRENCH), Words::new(Language::English, ENGLISH)]);

/// The words of a language.
pub(crate) fn words(language: Language) -> &'static Words {
    let [french, english] = &*WORDS;
    language.pick(french, english)
}

#[cfg(test)]
mod tests;
