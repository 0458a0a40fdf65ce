//! What the lines of a table add up to, and whether a total that stands below them says the same.

use ledger::{Language, Minutes, exchange::Side};

/// The column in which hours stand, where a table has one for each direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// One column for both.
    One,
    Given,
    Received,
}

impl Place {
    pub(super) const fn side(self) -> Option<Side> {
        match self {
            Self::One => None,
            Self::Given => Some(Side::Giver),
            Self::Received => Some(Side::Receiver),
        }
    }

    const fn index(self) -> usize {
        match self {
            Self::One => 0,
            Self::Given => 1,
            Self::Received => 2,
        }
    }
}

/// Minutes by column, and by direction as each line tells it.
#[derive(Debug, Clone, Copy, Default)]
struct Sum {
    columns: [i64; 3],
    /// The same before they are multiplied by the number of persons.
    each: [i64; 3],
    given: i64,
    received: i64,
    /// How many of the lines were rounded to whole minutes.
    rounded: i64,
    lines: usize,
}

/// What the lines so far add up to.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Sums {
    all: Sum,
    /// Since the last total.
    since: Sum,
}

/// What a line adds.
#[derive(Debug, Clone, Copy)]
pub(super) struct Added {
    pub(super) place: Place,
    pub(super) side: Option<Side>,
    pub(super) minutes: Minutes,
    /// Before it was multiplied by the number of persons.
    pub(super) each: Minutes,
    pub(super) is_rounded: bool,
}

impl Added {
    /// So much in one place, as it stands there.
    pub(super) const fn one(place: Place, minutes: Minutes) -> Self {
        Self { place, side: place.side(), minutes, each: minutes, is_rounded: false }
    }
}

impl Sums {
    pub(super) fn add(&mut self, added: Added) {
        for sum in [&mut self.all, &mut self.since] {
            let at = added.place.index();
            sum.columns[at] = sum.columns[at].saturating_add(added.minutes.get());
            sum.each[at] = sum.each[at].saturating_add(added.each.get());
            match added.side {
                Some(Side::Giver) => sum.given = sum.given.saturating_add(added.minutes.get()),
                Some(Side::Receiver) => sum.received = sum.received.saturating_add(added.minutes.get()),
                None => {}
            }
            sum.rounded += i64::from(added.is_rounded);
            sum.lines += 1;
        }
    }

    /// A total stood here: the next one may count from here on.
    pub(super) fn restart(&mut self) {
        self.since = Sum::default();
    }

    /// Whether nothing was added yet.
    pub(super) const fn is_empty(&self) -> bool {
        self.all.lines == 0
    }

    /// What the lines make where a total stands: all of them, or since the last total, or, in a table with a column for
    /// each direction, everything together. The one that the total says, if one does.
    pub(super) fn beside(&self, place: Place, written: Minutes) -> (Minutes, bool) {
        let close = |sum: &Sum, made: i64| (made - written.get()).abs() <= sum.rounded;
        let made = |sum: &Sum| {
            let (columns, each) = (sum.columns, sum.each);
            let whole: i64 = columns.iter().sum();
            let at = place.index();
            let balance = (sum.given - sum.received).abs();
            match place {
                Place::One => [whole, each.iter().sum(), sum.given, sum.received, balance],
                Place::Given | Place::Received => [columns[at], each[at], whole, each.iter().sum(), balance],
            }
        };
        let fits = |sum: &Sum| made(sum).into_iter().find(|made| close(sum, *made));
        match fits(&self.all).or_else(|| fits(&self.since)) {
            Some(_) => (written, true),
            None => (Minutes::new(made(&self.all)[0]), false),
        }
    }
}

/// Whether a cell holds the word for a total and nothing else that would make it a name: "Total", "Sous-total mars",
/// "Total des heures données".
pub(super) fn is_total(folded: &str) -> bool {
    const TOTALS: [&str; 12] = [
        "total",
        "totaux",
        "soustotal",
        "somme",
        "sommes",
        "cumul",
        "solde",
        "ensemble",
        "sum",
        "subtotal",
        "totals",
        "balance",
    ];
    #[rustfmt::skip] // One word a line would be fifty lines.
    const BESIDE: [&str; 54] = [
        "sous", "general", "generale", "generaux", "grand", "annuel", "annuelle", "mensuel", "mensuelle", "partiel",
        "provisoire", "cumule", "heures", "heure", "h", "hours", "min", "minutes", "donne", "donnees", "donnes", "donnee",
        "recu", "recues", "recus", "given", "received", "de", "du", "des", "d", "la", "le", "les", "l", "annee", "mois",
        "trimestre", "semestre", "exercice", "page", "a", "au", "reporter", "en", "of", "the", "in", "month", "year", "et",
        "and", "sub", "final",
    ];
    let is_period = |word: &str| {
        word.bytes().all(|byte| byte.is_ascii_digit())
            || crate::date::month(word).is_some()
            || matches!(word, "t1" | "t2" | "t3" | "t4")
    };
    let mut has_total = false;
    let is_all = folded.split(' ').all(|word| {
        let is_word = TOTALS.contains(&word);
        has_total |= is_word;
        is_word || BESIDE.contains(&word) || is_period(word)
    });
    is_all && has_total
}

/// The hours in a text that begins with a word for a total: "Total du carnet : 5h".
pub(super) fn total_of_text(text: &str) -> Option<Minutes> {
    let folded = ledger::name::fold(text);
    let mut words = folded.split(' ');
    let first = words.next()?;
    let is_total = is_total(first) || (first == "sous" && words.next() == Some("total"));
    // The longest end of the text that is a duration with its unit.
    let starts = text.char_indices().filter(|(at, letter)| {
        let is_after_letter = text[..*at].chars().next_back().is_some_and(char::is_alphanumeric);
        letter.is_ascii_digit() && !is_after_letter
    });
    let ends = starts.map(|(at, _)| text[at..].trim_end_matches(['.', ' ', ')', ';']));
    let told = ends.filter(|end| end.contains([':', 'h', 'H', 'm', '\'']));
    let minutes = told.filter_map(|end| Minutes::parse(end).ok());
    if is_total { minutes.max_by_key(|minutes| minutes.get()) } else { None }
}

/// What is said of a total.
pub(super) fn in_words(written: Minutes, made: Minutes, is_same: bool, language: Language) -> String {
    let (shown, sum) = (written.display(language), made.display(language));
    if is_same {
        language.pick(format!("{shown}, comme les lignes lues"), format!("{shown}, as the lines read"))
    } else {
        language.pick(
            format!("{shown}, mais les lignes lues font {sum}"),
            format!("{shown}, but the lines read make {sum}"),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ledger::name::fold;

    #[test]
    fn a_total_is_a_word_and_no_name() {
        for text in [
            "Total",
            "TOTAL :",
            "Sous-total",
            "Sous total mars",
            "Total 2024",
            "Total général",
            "Totaux",
            "Solde",
            "Total des heures données",
            "Somme",
            "Cumul",
            "Ensemble",
            "Total T1",
            "Total du mois de mars 2024",
        ] {
            assert!(is_total(&fold(text)), "{text}");
        }
        for text in [
            "Total Danse",
            "Ensemble vocal de Retiers",
            "Solde Sud",
            "Cumul Théâtre",
            "Somme Nature",
            "Sous",
            "total à vérifier avec Paul",
            "Mars",
            "",
        ] {
            assert!(!is_total(&fold(text)), "{text}");
        }
    }

    #[test]
    fn a_total_may_stand_in_one_cell() {
        let read = |text: &str| total_of_text(text).map(Minutes::get);
        assert_eq!(read("Total : 5h"), Some(300));
        assert_eq!(read("TOTAL 2024 : 12 h 30"), Some(750));
        assert_eq!(read("Total général du carnet = 5 heures"), Some(300));
        assert_eq!(read("Sous-total mars (2:30)"), Some(150));
        assert_eq!(read("Totalement bénévole, 5h"), None);
        assert_eq!(read("Total"), None);
        assert_eq!(read("Réunion de 5h"), None);
    }

    #[test]
    fn a_total_may_count_in_several_ways() {
        let mut sums = Sums::default();
        let add = |sums: &mut Sums, place: Place, minutes: i64, each: i64| {
            sums.add(Added {
                place,
                side: place.side(),
                minutes: Minutes::new(minutes),
                each: Minutes::new(each),
                is_rounded: false,
            });
        };
        add(&mut sums, Place::Given, 120, 60);
        add(&mut sums, Place::Received, 90, 90);
        let says = |sums: &Sums, place, written| sums.beside(place, Minutes::new(written)).1;
        assert!(says(&sums, Place::Given, 120) && says(&sums, Place::Given, 60));
        assert!(says(&sums, Place::Received, 90) && says(&sums, Place::Received, 210));
        assert!(says(&sums, Place::Received, 30), "a balance");
        assert!(!says(&sums, Place::Received, 120) && !says(&sums, Place::Given, 100));
        sums.restart();
        add(&mut sums, Place::Given, 45, 45);
        assert!(says(&sums, Place::Given, 45) && says(&sums, Place::Given, 165));
    }
}
