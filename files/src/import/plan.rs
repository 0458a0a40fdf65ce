//! What a file's lines ask for, and what is wrong or doubtful about them.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::NaiveDate;
use ledger::{
    AssociationNumber, Language, Minutes,
    brought_in::{BroughtIn, NamelessLine},
    clock::Secrets as _,
    command::{Command, Request},
    content::digest_of_all,
    name,
    skill::SkillRef,
    year::{Year, oldest_plausible},
};
use store::SystemSecrets;

use super::{
    options::Options,
    question::{Answer, Question, row_of},
    summary::{BadLine, Summary},
};
use crate::{
    cells::is_fault,
    column::Columns,
    date,
    network::{OpenNetwork, find_association},
    remedy::Remedy,
    table::{Row, Table},
};

/// So many things are looked up in the ledger at a time: what is asked for them stands in memory once more.
pub(super) const LOOKED_UP_AT_ONCE: usize = 4_096;

/// A request, and the line that it comes from.
pub(super) struct Asked {
    pub(super) line: u64,
    pub(super) request: Request,
}

/// A plan for a file.
pub(super) struct Plan<'a> {
    pub(super) table: &'a Table,
    columns: &'a Columns,
    pub(super) network: &'a OpenNetwork,
    pub(super) options: &'a Options,
    /// Requests that no line stands for, such as skills to add.
    pub(super) preparations: Vec<Request>,
    /// What the lines ask for.
    pub(super) requests: Vec<Asked>,
    /// What is wrong with a line that is not in the ledger yet; one that is may stay as it is.
    pub(super) objections: HashMap<u64, String>,
    /// Lines about an exchange of a closed year.
    pub(super) told_late: HashMap<u64, Year>,
    /// Lines that need no request, because the ledger has what they say.
    pub(super) known_lines: usize,
    /// What is to be said of the lines.
    pub(super) summary: Summary,
    /// The file's name, for the reasons of corrections.
    pub(super) file_name: &'a str,
    /// Lines after which the ledger is corrected.
    pub(super) updated: BTreeSet<u64>,
    keys: SystemSecrets,
    /// How many questions about a line were asked.
    answered: HashMap<u64, usize>,
    /// Associations by the name that the file writes: the same names come a thousand times.
    associations: HashMap<String, Result<AssociationNumber, String>>,
    skills: Skills,
}

impl<'a> Plan<'a> {
    pub(super) fn new(
        table: &'a Table,
        columns: &'a Columns,
        network: &'a OpenNetwork,
        options: &'a Options,
        file_name: &'a str,
    ) -> Self {
        let mut notes = Vec::new();
        notes.extend(table.encoding.note(network.language));
        let unknown = columns.unknown();
        if !unknown.is_empty() {
            notes.push(network.language.pick(
                format!("colonnes ignorées : {}", unknown.join(", ")),
                format!("columns ignored: {}", unknown.join(", ")),
            ));
        }
        notes.extend(large_hours(table, columns, network.language));
        notes.extend(titles_left_out(table, network.language));
        let skills = network.registry.skills().iter();
        let known =
            skills.map(|skill| (name::fold(&skill.name), Skill::Known(SkillRef::Number(skill.number)))).collect();
        Self {
            table,
            columns,
            network,
            options,
            preparations: Vec::new(),
            requests: Vec::with_capacity(table.rows.len()),
            objections: HashMap::new(),
            told_late: HashMap::new(),
            known_lines: 0,
            summary: Summary {
                bad_lines: table
                    .ragged
                    .iter()
                    .map(|row| BadLine { line: row.line, why: table.why_ragged(row, network.language) })
                    .chain(above_header(table, network.language))
                    .chain(faults(table, columns, network.language))
                    .collect(),
                notes,
                ..Summary::default()
            },
            file_name,
            updated: BTreeSet::new(),
            keys: SystemSecrets::new(),
            answered: HashMap::new(),
            associations: HashMap::new(),
            skills: Skills { known },
        }
    }

    pub(super) fn language(&self) -> Language {
        self.network.language
    }

    /// What would help, in the words of whoever asks.
    pub(super) fn remedy(&self, remedy: Remedy) -> &'static str {
        (self.network.remedies)(remedy, self.network.language)
    }

    /// A cell, trimmed; empty where the file has no such column.
    pub(super) fn cell<'r>(&self, row: &'r Row, field: &str) -> &'r str {
        row.cell(self.columns.get(field)).trim()
    }

    /// A cell that says something.
    pub(super) fn filled<'r>(&self, row: &'r Row, field: &str) -> Option<&'r str> {
        Some(self.cell(row, field)).filter(|cell| !cell.is_empty())
    }

    /// What the file calls a field.
    pub(super) fn column_name<'n>(&'n self, field: &'n str) -> &'n str {
        self.columns.get(field).and_then(|at| self.table.header.get(at)).map_or(field, String::as_str)
    }

    /// The association that a cell names.
    pub(super) fn association(&mut self, row: &Row, field: &str) -> Result<AssociationNumber, String> {
        let wanted = self.cell(row, field);
        if wanted.is_empty() {
            let column = self.column_name(field);
            return Err(self.language().pick(
                format!("il manque l'association (colonne « {column} »)"),
                format!("the association is missing (column “{column}”)"),
            ));
        }
        if let Some(found) = self.associations.get(wanted) {
            return found.clone();
        }
        let found = find_association(&self.network.registry, wanted).map(|association| association.number);
        let found = found.ok_or_else(|| self.network.unknown_association(wanted, self.language()));
        self.associations.insert(wanted.to_owned(), found.clone());
        found
    }

    /// The date that a cell holds.
    pub(super) fn date(&self, row: &Row, field: &str) -> Result<NaiveDate, String> {
        date::parse(self.cell(row, field)).map_err(|error| error.in_words(self.language()))
    }

    /// The duration that a cell holds, with the number of persons if it says so.
    pub(super) fn minutes(&self, row: &Row, field: &str) -> Result<(Option<u32>, Minutes), String> {
        Minutes::parse_people(self.cell(row, field)).map_err(|error| error.in_words(self.language()))
    }

    /// The skill that a cell names: known, or to be added. One that is close to a known one is a question.
    pub(super) fn skill(&mut self, row: &Row) -> Option<SkillRef> {
        let wanted = self.filled(row, "skill")?;
        let folded = name::fold(wanted);
        if let Some(Skill::Known(skill)) = self.skills.known.get(&folded) {
            return Some(skill.clone());
        }
        let near = self.skills.close_to(&folded).filter(|_| !self.options.add_skills);
        let answer = near.as_ref().and_then(|near| self.ask_about_skill(row.line, wanted, &folded, near));
        let skill = match (near, answer) {
            (Some(near), Some(Answer::Yes)) => match self.skills.known.get(&near) {
                Some(Skill::Known(skill)) => Skill::Known(skill.clone()),
                Some(Skill::Doubtful) | None => Skill::Doubtful,
            },
            (Some(_), Some(Answer::Skip) | None) => Skill::Doubtful,
            (None, _) | (Some(_), Some(Answer::No)) => {
                let command = Command::AddSkill { name: wanted.to_owned() };
                let request = self.request(&BroughtIn::Skill(&folded), &[wanted], command);
                self.preparations.push(request);
                Skill::Known(SkillRef::Name(wanted.to_owned()))
            }
        };
        let found = if let Skill::Known(skill) = &skill { Some(skill.clone()) } else { None };
        self.skills.known.insert(folded, skill);
        found
    }

    /// Takes back the request that adds a skill, for the line that asks for nothing else.
    pub(super) fn take_preparation(&mut self, folded: &str) -> Option<Request> {
        let key = BroughtIn::Skill(folded).key(&self.network.secrets);
        let place = self.preparations.iter().position(|request| request.key == key)?;
        Some(self.preparations.remove(place))
    }

    /// The same skill? Where bad lines come back to be mended, each line that names it does; otherwise the question is
    /// asked once.
    fn ask_about_skill(&mut self, line: u64, wanted: &str, folded: &str, near: &str) -> Option<Answer> {
        let is_asked = self.skills.known.contains_key(folded);
        if is_asked && !self.options.lets_good_lines_enter {
            return None;
        }
        let (near, remedy) = (self.written(near), self.remedy(Remedy::AddSkills));
        let question = self.language().pick(
            format!("la compétence « {wanted} » ressemble à « {near} » ; la même ? {remedy}"),
            format!("the skill “{wanted}” looks like “{near}”; the same? {remedy}"),
        );
        self.answer(line, question)
    }

    /// A folded skill's name as somebody wrote it.
    fn written(&self, folded: &str) -> String {
        if let Some(Skill::Known(SkillRef::Name(name))) = self.skills.known.get(folded) {
            return name.clone();
        }
        let mut skills = self.network.registry.skills().iter();
        skills
            .find(|skill| name::fold(&skill.name) == folded)
            .map_or_else(|| folded.to_owned(), |skill| skill.name.clone())
    }

    /// A request of this import; its digest covers what the line says. A date of long ago was asked about.
    pub(super) fn request(&self, asked: &BroughtIn<'_>, content: &[&str], command: Command) -> Request {
        let request = asked.request_about(&self.network.secrets, digest_of_all(content), self.network.by, command);
        Request { long_ago: true, ..request }
    }

    /// A line asks for this.
    pub(super) fn ask(&mut self, line: u64, asked: &BroughtIn<'_>, content: &[&str], command: Command) {
        let request = self.request(asked, content, command);
        self.requests.push(Asked { line, request });
    }

    /// A line asks for something that the ledger has otherwise to be corrected.
    pub(super) fn ask_to_mend(&mut self, line: u64, command: Command) {
        let drawn = self.keys.key();
        let request = self.request(&BroughtIn::Update(drawn), &[], command);
        self.requests.push(Asked { line, request });
    }

    /// What mends the ledger after a line that it did not know is known by that line from then on.
    pub(super) fn mend_under(&mut self, asked: &Request, line: u64) {
        if let Some(last) = self.requests.last_mut().filter(|last| last.line == line) {
            (last.request.key, last.request.digest) = (asked.key.clone(), asked.digest);
        }
    }

    /// Whether a line says something in that field.
    pub(super) fn says(&self, line: u64, field: &str) -> bool {
        row_of(self.table, line).is_some_and(|row| self.filled(row, field).is_some())
    }

    /// Asks about the whole file: nothing enters before it is answered.
    pub(super) fn ask_once(&mut self, text: String) {
        self.summary.questions.push(Question { line: None, text });
    }

    /// Whether a line's date is one that somebody meant: nobody brings in what is so old but by a slip, and every year since
    /// would have to be closed one by one. What looks like a slip is asked about.
    pub(super) fn is_meant(&mut self, line: u64, date: NaiveDate) -> bool {
        if date >= oldest_plausible(self.network.today()) {
            return true;
        }
        let shown = show_date(date, self.language());
        let question = self.language().pick(
            format!("le {shown}, il y a plus de dix ans : est-ce la bonne date ?"),
            format!("{shown}, more than ten years ago: is that the right date?"),
        );
        match self.answer(line, question) {
            Some(Answer::Yes) => true,
            Some(Answer::No) => {
                let why =
                    self.language().pick("la date n'est pas la bonne ; corrigez-la", "the date is not right; mend it");
                self.problem(line, why.to_owned());
                false
            }
            Some(Answer::Skip) | None => false,
        }
    }

    /// What somebody answers to a question about a line. Where nobody has, it is asked, and nothing enters before; where
    /// bad lines come back to be mended, this one does.
    pub(super) fn answer(&mut self, line: u64, question: String) -> Option<Answer> {
        let place = self.answered.entry(line).or_default();
        let at = *place;
        *place += 1;
        let in_file = row_of(self.table, line).and_then(|row| self.filled(row, "answer"));
        let said = in_file.map_or(Ok(Vec::new()), |cell| Answer::parse_all(cell, self.language()));
        let said = match said {
            Ok(said) => said,
            Err(problem) => {
                self.problem(line, problem);
                return None;
            }
        };
        // Who answers in a file beside has seen the questions last.
        if let Some(answer) = self.options.answers.of(line).get(at).or(said.get(at)) {
            if *answer == Answer::Skip {
                self.summary.left_out += 1;
            }
            return Some(*answer);
        }
        if self.options.lets_good_lines_enter {
            let how = self
                .language()
                .pick("(colonne « réponse » : oui, non ou ignorer)", "(column “answer”: yes, no or skip)");
            self.problem(line, format!("{question} {how}"));
        } else {
            self.summary.questions.push(Question { line: Some(line), text: question });
        }
        None
    }

    /// Asks whether a line says the same as something that the ledger has; whether it is another thing, and enters.
    pub(super) fn is_another(&mut self, line: u64, question: String) -> bool {
        match self.answer(line, question) {
            Some(Answer::No) => true,
            Some(Answer::Yes) => {
                self.known_lines += 1;
                false
            }
            Some(Answer::Skip) | None => false,
        }
    }

    /// Something is wrong with a line.
    pub(super) fn problem(&mut self, line: u64, why: String) {
        self.summary.bad_lines.push(BadLine { line, why });
    }
}

/// Titles above the header are no lines.
fn titles_left_out(table: &Table, language: Language) -> Option<String> {
    let titles = table.above.iter().filter(|row| row.count_filled() <= MOST_IN_TITLE).map(|row| row.line);
    let lines: Vec<String> = titles.map(|line| line.to_string()).collect();
    let listed = lines.join(", ");
    (!lines.is_empty()).then(|| {
        language.pick(
            format!("au-dessus des noms de colonnes, laissé de côté : ligne {listed}"),
            format!("above the names of columns, left aside: line {listed}"),
        )
    })
}

/// What stands above the header and is no title.
fn above_header(table: &Table, language: Language) -> impl Iterator<Item = BadLine> {
    let full = table.above.iter().filter(|row| row.count_filled() > MOST_IN_TITLE);
    full.map(move |row| {
        let why = language.pick(
            "cette ligne est au-dessus des noms de colonnes ; mettez-la au-dessous, ou enlevez-la",
            "this line stands above the names of columns; put it below them, or take it away",
        );
        BadLine { line: row.line, why: why.to_owned() }
    })
}

/// Lines in which a formula came to nothing, in a column that counts.
fn faults(table: &Table, columns: &Columns, language: Language) -> impl Iterator<Item = BadLine> {
    let places: Vec<usize> = columns.places().collect();
    table.rows.iter().filter_map(move |row| {
        let fault = places.iter().map(|at| row.cell(Some(*at))).find(|cell| is_fault(cell))?;
        let why = language.pick(
            format!("une formule n'a pas de résultat ({fault}) ; écrivez ce qu'elle vaut"),
            format!("a formula has no result ({fault}); write what it comes to"),
        );
        Some(BadLine { line: row.line, why })
    })
}

/// A row that says more is no title.
const MOST_IN_TITLE: usize = 2;

/// Whole numbers that are hours, and so many of them that somebody may have meant minutes.
fn large_hours(table: &Table, columns: &Columns, language: Language) -> Option<String> {
    const SHOWN: usize = 3;
    const HOURS_OF_A_DAY: u64 = 24;
    let column = columns.get("duration")?;
    let is_large = |cell: &str| cell.parse::<u64>().is_ok_and(|hours| hours > HOURS_OF_A_DAY);
    let large: Vec<_> = table.rows.iter().filter(|row| is_large(row.cell(Some(column)))).collect();
    let first = large.first()?.cell(Some(column));
    let shown = large.iter().take(SHOWN).map(|row| {
        let (line, cell) = (row.line, row.cell(Some(column)));
        language.pick(
            format!("ligne {line} : « {cell} » lu comme {cell} heures"),
            format!("line {line}: “{cell}” read as {cell} hours"),
        )
    });
    let shown = shown.collect::<Vec<_>>().join(", ");
    let more = match large.len().saturating_sub(SHOWN) {
        0 => String::new(),
        unshown => format!(" ({} {})", language.pick("et", "and"), crate::text::more(unshown, language)),
    };
    Some(language.pick(
        format!("{shown}{more} ; écrivez {first} min pour des minutes"),
        format!("{shown}{more}; write {first} min for minutes"),
    ))
}

struct Skills {
    /// By folded name.
    known: BTreeMap<String, Skill>,
}

enum Skill {
    Known(SkillRef),
    /// A question has been asked about it.
    Doubtful,
}

impl Skills {
    fn close_to(&self, folded: &str) -> Option<String> {
        let mut known = self.known.iter().filter(|(_, skill)| matches!(skill, Skill::Known(_)));
        known.find(|(known, _)| name::is_close(known, folded)).map(|(known, _)| known.clone())
    }
}

/// A date as people read it.
pub(super) fn show_date(date: NaiveDate, language: Language) -> String {
    date.format(language.pick("%d/%m/%Y", "%Y-%m-%d")).to_string()
}

/// Counts how often the same content came before, for lines that nothing else tells apart.
#[derive(Debug, Default)]
pub(super) struct Occurrences(HashMap<[u8; 16], u32>);

impl Occurrences {
    /// What a line without a reference is known by: its date, its content and how many lines before it say the same.
    pub(super) fn line(&mut self, date: NaiveDate, content: &[&str]) -> NamelessLine {
        let content = digest_of_all(content);
        // Half of a digest tells the lines of a file apart as well.
        let half = content.0.first_chunk().copied().unwrap_or_default();
        let occurrence = self.0.entry(half).or_default();
        *occurrence += 1;
        NamelessLine { date, content, occurrence: *occurrence }
    }
}
