//! Every sentence that the program can say, collected from its source, and held against what people read.
//!
//! A sentence stands in the source as two texts beside each other, the French one first: in `pick(…, …)`, `said(…, …)`,
//! a local `t(…, …)`, or a pair in a table. They are read as tokens, so that those inside of macros are found too.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use proc_macro2::{Delimiter, TokenStream, TokenTree};

use crate::command::coudemain;

/// Whose sentences people read.
const CRATES: [&str; 8] = ["ledger", "store", "files", "print", "service", "api", "pages", "cli"];

/// Sentences about what is never one alone, by a word of theirs in French: what is summed up, what is too much, the acts
/// with which a network begins.
const ALWAYS_SEVERAL: [&str; 5] = [
    "Cette ligne additionne {count}",
    "_MOST} conviendraient",
    "{acts} premiers actes",
    "{acts} actes scellés",
    "{more} autres réseaux",
];

/// A sentence, and where it stands.
#[derive(Debug)]
struct Said {
    file: String,
    french: String,
    english: String,
}

impl Said {
    /// A noun in the plural behind a number that may be one.
    fn counted(&self) -> Option<String> {
        if ALWAYS_SEVERAL.iter().any(|several| self.french.contains(several)) {
            return None;
        }
        plural_after_number(&self.french).or_else(|| plural_after_number(&self.english))
    }
}

#[test]
fn every_sentence_is_in_the_words_of_its_language() {
    let all = sentences();
    assert!(all.len() > 800, "only {} sentences were found", all.len());
    let verbs = Verbs::of_the_command();
    let mut found = String::new();
    for said in &all {
        let (french, english) = (&said.french, &said.english);
        let faults = [
            verbs.english_in_french(french).map(|verb| format!("names the verb “{verb}” in English")),
            verbs.french_in_english(english).map(|verb| format!("names the verb “{verb}” in French")),
            colon_without_space(french).then(|| "has a colon without a space before it in French".to_owned()),
            english.contains(" :").then(|| "has a colon after a space in English".to_owned()),
            said.counted().map(|noun| format!("counts “{noun}” without looking whether there is one")),
            inner_name(french).or_else(|| inner_name(english)).map(|name| format!("shows our own name “{name}”")),
            ["(os error", "aliases:"].into_iter().find(|raw| french.contains(raw)).map(|raw| format!("has “{raw}”")),
        ];
        for fault in faults.into_iter().flatten() {
            writeln!(found, "{}: {fault}:\n    {french}\n    {english}", said.file).unwrap();
        }
    }
    assert!(found.is_empty(), "{found}");
}

#[test]
fn every_help_is_in_its_language() {
    let verbs = Verbs::of_the_command();
    for path in verbs.paths() {
        let help = |language: &str| {
            let mut words = path.clone();
            words.extend(["--help".to_owned(), "--lang".to_owned(), language.to_owned()]);
            coudemain(&words).run()
        };
        let (french, english) = (help("fr"), help("en"));
        for raw in ["aliases:", "alias:", "possible values", "default:", "Commands", "Usage:", "Options:", "[env"] {
            assert!(!french.stdout.contains(raw), "{raw}: {french}");
        }
        assert!(french.stdout.contains("\u{a0}:\n"), "{french}");
        assert!(!english.stdout.contains("[alias"), "{english}");
        for line in french.stdout.lines().filter(|line| line.contains("coudemain ") && !line.starts_with("Usage")) {
            assert_eq!(verbs.english_in_french(line), None, "{french}");
        }
        for line in english.stdout.lines().filter(|line| line.contains("coudemain ")) {
            assert_eq!(verbs.french_in_english(line), None, "{english}");
        }
    }
}

/// The command's verbs as its help shows them: below each path, the English name and the French one.
struct Verbs(BTreeMap<Vec<String>, BTreeMap<String, String>>);

impl Verbs {
    fn of_the_command() -> Self {
        let mut verbs = Self(BTreeMap::new());
        verbs.read(Vec::new());
        verbs
    }

    fn read(&mut self, path: Vec<String>) {
        let mut words = path.clone();
        words.extend(["--help", "--lang", "en"].map(str::to_owned));
        let help = coudemain(&words).run().stdout;
        let Some((_, listed)) = help.split_once("\nCommands:\n") else { return };
        let mut inner = BTreeMap::new();
        // What is long goes on in a line that is further to the right.
        let mut lines: Vec<String> = Vec::new();
        for line in listed.lines().take_while(|line| !line.is_empty()) {
            match lines.last_mut().filter(|_| line.starts_with("   ")) {
                Some(verb) => *verb = format!("{verb} {}", line.trim_start()),
                None => lines.push(line.to_owned()),
            }
        }
        for line in lines {
            let name = line.split_whitespace().next().unwrap().to_owned();
            let also = line.split_once("[also: ").map(|(_, also)| also.split([',', ']']).next().unwrap().to_owned());
            // In both languages it is the first one; the second is how Americans spell it.
            let also = also.filter(|_| name != "licences");
            self.read([path.clone(), vec![name.clone()]].concat());
            inner.insert(name.clone(), also.unwrap_or(name));
        }
        self.0.insert(path, inner);
    }

    /// Every verb, its groups included.
    fn paths(&self) -> Vec<Vec<String>> {
        let below = self
            .0
            .iter()
            .flat_map(|(path, inner)| inner.keys().map(|name| [path.clone(), vec![name.clone()]].concat()));
        std::iter::once(Vec::new()).chain(below).collect()
    }

    /// A verb that a French text names as in English.
    fn english_in_french(&self, text: &str) -> Option<String> {
        self.misnamed(text, '«', |english, french, word| word == english && word != french)
    }

    fn french_in_english(&self, text: &str) -> Option<String> {
        self.misnamed(text, '“', |english, french, word| word == french && word != english)
    }

    /// A verb behind the program's name, or first in quotes, of which that is true.
    fn misnamed(&self, text: &str, quote: char, is_wrong: impl Fn(&str, &str, &str) -> bool) -> Option<String> {
        let lines = text.match_indices("coudemain ").map(|(at, program)| &text[at + program.len()..]);
        let quoted = text.match_indices(quote).map(|(at, quote)| text[at + quote.len()..].trim_start());
        // What is quoted may be anything; two words that are verbs, or a verb before a flag, are a command line.
        let quoted = quoted.filter(|line| {
            let mut words = line.split_whitespace();
            let first = words.next().unwrap_or_default();
            let is_verb = self.find(&[], first).is_some();
            let second = words.next().unwrap_or_default();
            is_verb
                && (second.starts_with("--")
                    || self.below(first).is_some_and(|path| self.find(&path, second).is_some()))
        });
        for line in lines.chain(quoted) {
            let mut path = Vec::new();
            for word in line.split(|letter: char| !letter.is_alphanumeric() && letter != '-') {
                let Some((english, french)) = self.find(&path, word) else { break };
                if is_wrong(english, french, word) {
                    return Some(word.to_owned());
                }
                path.push(english.clone());
            }
        }
        None
    }

    fn below(&self, word: &str) -> Option<Vec<String>> {
        self.find(&[], word).map(|(english, _)| vec![english.clone()])
    }

    fn find(&self, path: &[String], word: &str) -> Option<(&String, &String)> {
        self.0.get(path)?.iter().find(|(english, french)| word == english.as_str() || word == french.as_str())
    }
}

/// `Commandes:`, but a header of a request is written so.
fn colon_without_space(french: &str) -> bool {
    let said = french.replace("Authorization: Bearer", "");
    said.match_indices(": ").any(|(at, _)| said[..at].ends_with(char::is_alphabetic))
}

/// `{count} badges`: of one there are none.
fn plural_after_number(text: &str) -> Option<String> {
    /// What the source calls a number of things.
    const COUNTS: [&str; 11] =
        ["count", "number", "files", "acts", "rows", "more", "badges", "keys", "texts", "tokens", "persons"];
    for (at, _) in text.match_indices("} ") {
        let name = text[..at].rsplit('{').next().unwrap_or_default();
        let noun: String = text[at + 2..].chars().take_while(|letter| letter.is_alphabetic()).collect();
        if COUNTS.contains(&name) && noun.len() > 3 && noun.ends_with('s') {
            return Some(noun);
        }
    }
    None
}

/// `closingMinutes`: a name of a program's, unless it is one that people know.
fn inner_name(text: &str) -> Option<String> {
    const KNOWN: [&str; 1] = ["assertionMethod"];
    let words = text.split(|letter: char| !letter.is_alphanumeric() && letter != '`' && letter != '"' && letter != '{');
    let is_inner = |word: &str| {
        let mut letters = word.chars();
        letters.next().is_some_and(char::is_lowercase)
            && word.chars().any(char::is_uppercase)
            && word.chars().all(char::is_alphanumeric)
    };
    words.into_iter().find(|word| is_inner(word) && !KNOWN.contains(word)).map(str::to_owned)
}

fn sentences() -> Vec<Said> {
    let mut all = Vec::new();
    for name in CRATES {
        let mut files = Vec::new();
        source_files(&root().join(name).join("src"), &mut files);
        for path in files {
            let text = fs::read_to_string(&path).unwrap();
            let tokens: TokenStream = text.parse().unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            let file = path.strip_prefix(root()).unwrap().display().to_string();
            collect(tokens, &file, &mut all);
        }
    }
    all
}

fn source_files(folder: &Path, files: &mut Vec<PathBuf>) {
    let mut entries: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            source_files(&path, files);
        } else if path.extension().is_some_and(|end| end == "rs") && !path.ends_with("tests.rs") {
            files.push(path);
        }
    }
}

/// Finds pairs of texts in brackets, however deep. What stands there for tests alone nobody reads.
fn collect(tokens: TokenStream, file: &str, all: &mut Vec<Said>) {
    let mut is_for_tests = false;
    for tree in tokens {
        let group = match tree {
            TokenTree::Group(group) => group,
            TokenTree::Punct(end) if end.as_char() == ';' => {
                is_for_tests = false;
                continue;
            }
            TokenTree::Punct(_) | TokenTree::Ident(_) | TokenTree::Literal(_) => continue,
        };
        if group.stream().to_string().replace(' ', "") == "cfg(test)" {
            is_for_tests = true;
        }
        if is_for_tests {
            is_for_tests = group.delimiter() != Delimiter::Brace;
            continue;
        }
        if group.delimiter() == Delimiter::Parenthesis {
            let parts = parts(group.stream());
            if let [french, english] = parts.as_slice()
                && let (Some(french), Some(english)) = (text_of(french), text_of(english))
                && french.contains(' ')
            {
                all.push(Said { file: file.to_owned(), french, english });
            }
        }
        collect(group.stream(), file, all);
    }
}

/// What stands between commas.
fn parts(tokens: TokenStream) -> Vec<Vec<TokenTree>> {
    let mut parts = vec![Vec::new()];
    for tree in tokens {
        match tree {
            TokenTree::Punct(comma) if comma.as_char() == ',' => parts.push(Vec::new()),
            tree => parts.last_mut().unwrap().push(tree),
        }
    }
    if parts.last().is_some_and(Vec::is_empty) {
        parts.pop();
    }
    parts
}

/// The text that an argument is, or that it is made of: a literal, or the first one in `format!(…)`.
fn text_of(part: &[TokenTree]) -> Option<String> {
    match part {
        [TokenTree::Literal(literal), ..] => {
            let literal: syn::Lit = syn::parse_str(&literal.to_string()).ok()?;
            let syn::Lit::Str(text) = literal else { return None };
            Some(text.value())
        }
        [TokenTree::Ident(name), TokenTree::Punct(_), TokenTree::Group(inner), ..] if name == "format" => {
            text_of(parts(inner.stream()).first()?)
        }
        _ => None,
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}
