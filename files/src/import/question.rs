//! Questions about lines, and what somebody answers.
//!
//! A question is not a yes: nothing enters before each has its answer, which stands in a column of the file itself or in
//! a file of answers. Every question can be answered by yes, by no, or by leaving the line out.

use std::{collections::HashMap, io, path::Path};

use ledger::{Language, name::fold};

use crate::{
    column,
    error::FileError,
    table::{self, Row, Table},
};

/// A question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// The line that it is about; none where it is about the whole file.
    pub line: Option<u64>,
    /// What is asked.
    pub text: String,
}

impl Question {
    /// The question with its line.
    pub fn in_words(&self, language: Language) -> String {
        let Self { line, text } = self;
        match line {
            Some(line) => language.pick(format!("ligne {line} : {text}"), format!("line {line}: {text}")),
            None => text.clone(),
        }
    }
}

/// What somebody answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Answer {
    /// It is so.
    Yes,
    /// It is not.
    No,
    /// The line is to be left out.
    Skip,
}

impl Answer {
    /// Reads an answer as people write it.
    fn parse(word: &str) -> Option<Self> {
        match fold(word).as_str() {
            "oui" | "o" | "yes" | "y" | "vrai" | "true" => Some(Self::Yes),
            "non" | "n" | "no" | "faux" | "false" => Some(Self::No),
            "ignorer" | "ignore" | "laisser" | "skip" => Some(Self::Skip),
            _ => None,
        }
    }

    /// The answers to the questions about a line, in their order.
    pub(super) fn parse_all(cell: &str, language: Language) -> Result<Vec<Self>, String> {
        let words = cell.split([',', ';', '/']).map(str::trim).filter(|word| !word.is_empty());
        let parsed = words.map(|word| {
            Self::parse(word).ok_or_else(|| {
                language.pick(
                    format!("réponse inconnue : « {word} » ; oui, non ou ignorer conviendrait"),
                    format!("unknown answer: “{word}”; yes, no or skip would fit"),
                )
            })
        });
        parsed.collect()
    }
}

/// What somebody answered in a file beside, by line.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Answers(HashMap<u64, Vec<Answer>>);

impl Answers {
    /// Reads a file of answers: a line each, with the number of the line that was asked about. Where nothing is
    /// answered yet, the question stays open.
    pub fn read(path: &Path, language: Language) -> Result<Self, FileError> {
        let (_, table) = Table::read(path).map_err(|error| FileError::about(path, |lang| error.in_words(lang)))?;
        let columns = column::match_header(&table.header, column::ANSWERS)
            .map_err(|error| FileError::about(path, |lang| error.in_words(lang)))?;
        let mut answers = Self::default();
        for row in &table.rows {
            let wrong = |why: String| {
                let line = row.line;
                FileError::about(path, |lang| lang.pick(format!("ligne {line} : {why}"), format!("line {line}: {why}")))
            };
            let number = row.cell(columns.get("line"));
            let line: u64 = number.parse().map_err(|_| {
                wrong(language.pick(
                    format!("numéro de ligne illisible : « {number} » ; un nombre entier conviendrait"),
                    format!("unreadable line number: “{number}”; a whole number would fit"),
                ))
            })?;
            let said = Answer::parse_all(row.cell(columns.get("answer")), language).map_err(wrong)?;
            answers.0.entry(line).or_default().extend(said);
        }
        Ok(answers)
    }

    /// The answers about a line.
    pub(super) fn of(&self, line: u64) -> &[Answer] {
        self.0.get(&line).map_or(&[], Vec::as_slice)
    }

    /// A file to be answered in: the questions about lines, each with an empty cell.
    pub fn form(questions: &[Question], language: Language) -> io::Result<Vec<u8>> {
        let header = language.pick(["ligne", "question", "réponse"], ["line", "question", "answer"]).map(str::to_owned);
        let about_lines = questions
            .iter()
            .filter_map(|Question { line, text }| Some([line.as_ref()?.to_string(), text.clone(), String::new()]));
        table::written(std::iter::once(header).chain(about_lines))
    }
}

/// The row of a line.
pub(super) fn row_of(table: &Table, line: u64) -> Option<&Row> {
    table.rows.binary_search_by_key(&line, |row| row.line).ok().map(|at| &table.rows[at])
}
