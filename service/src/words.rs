//! Sentences for people, told by Fluent files: whoever translates needs no Rust, and plurals are right in each language.

use fluent_bundle::{FluentArgs, FluentResource, FluentValue, concurrent::FluentBundle};
use ledger::Language;

/// What a sentence is told with: a number, which its plural goes by, or a text.
pub type Value<'a> = FluentValue<'a>;

/// The sentences of one language.
pub struct Words {
    language: Language,
    bundle: FluentBundle<FluentResource>,
}

impl std::fmt::Debug for Words {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Words").field("language", &self.language).finish_non_exhaustive()
    }
}

impl Words {
    /// Reads Fluent files. What of them cannot be read is left out; a test of each face reads its own files and fails on
    /// the first such line.
    pub fn new(language: Language, sources: &[&str]) -> Self {
        let tag = language.as_str().parse().unwrap_or_default();
        let mut bundle = FluentBundle::new_concurrent(vec![tag]);
        // Marks around what is put in would be read out by some programs, and both languages go from left to right.
        bundle.set_use_isolating(false);
        for source in sources {
            let resource = FluentResource::try_new((*source).to_owned()).unwrap_or_else(|(readable, _)| readable);
            bundle.add_resource_overriding(resource);
        }
        Self { language, bundle }
    }

    /// The language.
    pub fn language(&self) -> Language {
        self.language
    }

    /// A sentence, with what it is told with. One that is missing is told by its key.
    pub fn say(&self, key: &str, with: &[(&str, Value<'_>)]) -> String {
        let Some(pattern) = self.bundle.get_message(key).and_then(|message| message.value()) else {
            return format!("«{key}»");
        };
        let mut args = FluentArgs::with_capacity(with.len());
        for (name, value) in with {
            args.set(*name, value.clone());
        }
        self.bundle.format_pattern(pattern, Some(&args), &mut Vec::new()).into_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plurals_follow_the_language() {
        let source = "hands = { $count ->\n    [one] { $count } hand\n   *[other] { $count } hands\n}\n";
        for (language, count, told) in [
            (Language::French, 0, "0 hand"),
            (Language::English, 0, "0 hands"),
            (Language::French, 1, "1 hand"),
            (Language::French, 1_500, "1500 hands"),
        ] {
            assert_eq!(Words::new(language, &[source]).say("hands", &[("count", count.into())]), told);
        }
    }

    #[test]
    fn what_is_put_in_stands_as_it_is_and_what_is_missing_is_told() {
        let words = Words::new(Language::French, &["hello = Bonjour { $name } !"]);
        assert_eq!(words.say("hello", &[("name", "{ $x } <b>".into())]), "Bonjour { $x } <b> !");
        assert_eq!(words.say("bye", &[]), "«bye»");
    }
}
