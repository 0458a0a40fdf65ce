//! What the ledger has otherwise than a line says: shown field by field, and mended where that is asked for.
//!
//! A line is first held against what stands now, not against what it said when it came in: so a mended file may come
//! again and again, and says nothing new the second time.

use ledger::{Language, command::Command};

use super::plan::Plan;
use crate::remedy::Remedy;

/// A field of which the ledger and a line say different things.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Difference {
    field: (&'static str, &'static str),
    known: String,
    said: String,
}

impl Difference {
    /// The difference, if there is one. A field is named in both languages.
    pub(super) fn between(field: (&'static str, &'static str), known: String, said: String) -> Option<Self> {
        (known != said).then_some(Self { field, known, said })
    }

    /// The same of a text that a line need not say: what it leaves empty stays as it is.
    pub(super) fn if_said(
        field: (&'static str, &'static str),
        known: Option<&str>,
        said: Option<&str>,
    ) -> Option<Self> {
        Self::between(field, known.unwrap_or_default().to_owned(), said?.to_owned())
    }

    fn in_words(&self, language: Language) -> String {
        let Self { field, known, said } = self;
        let [known, said] =
            [known, said].map(|text| if text.is_empty() { language.pick("rien", "nothing") } else { text });
        language.pick(
            format!("{} : {known} enregistré, {said} ici", field.0),
            format!("{}: {known} recorded, {said} here", field.1),
        )
    }
}

/// Something that the ledger has otherwise than a line says.
pub(super) struct Otherwise {
    /// The line.
    pub(super) line: u64,
    /// What people call it.
    pub(super) what: String,
    /// In which fields.
    pub(super) differences: Vec<Difference>,
    /// What makes the ledger say the same; nothing where that cannot be done by a file.
    pub(super) mends: Vec<Command>,
}

impl Plan<'_> {
    /// Mends the ledger, where somebody asked for that and it can be done, and names the difference in any case.
    pub(super) fn tell_otherwise(&mut self, otherwise: Otherwise) {
        let Otherwise { line, what, differences, mends } = otherwise;
        let language = self.language();
        let how = differences.iter().map(|difference| difference.in_words(language)).collect::<Vec<_>>().join(", ");
        if self.options.update && !mends.is_empty() {
            let change = language.pick(format!("ligne {line}, {what} : {how}"), format!("line {line}, {what}: {how}"));
            self.summary.changes.push(change);
            self.updated.insert(line);
            for command in mends {
                self.ask_to_mend(line, command);
            }
            return;
        }
        let how = if how.is_empty() { how } else { format!(" ({how})") };
        let remedy = if mends.is_empty() {
            language.pick("corrigez le fichier, ou demandez une correction", "mend the file, or ask for a correction")
        } else {
            self.remedy(Remedy::Update)
        };
        self.problem(
            line,
            language.pick(
                format!("{what} est déjà enregistré avec un autre contenu{how} ; {remedy}"),
                format!("{what} is recorded already with other content{how}; {remedy}"),
            ),
        );
    }

    /// Why something was corrected, as it is told afterwards.
    pub(super) fn reason(&self, line: u64) -> String {
        let file = self.file_name;
        self.language().pick(
            format!("corrigé d'après le fichier « {file} », ligne {line}"),
            format!("corrected after the file “{file}”, line {line}"),
        )
    }
}

/// A name between quotation marks.
pub(super) fn quoted(text: &str, language: Language) -> String {
    language.pick(format!("« {text} »"), format!("“{text}”"))
}
