//! What would help, where only the face knows the words for it: a flag, a button, a link.

use ledger::Language;

/// What would help. The sentence around it says what is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Remedy {
    /// After "unknown association": where all of them are shown.
    AllAssociations,
    /// After "unknown person": persons are brought in first.
    PersonsFirst,
    /// After "unknown exchange": exchanges are brought in first.
    ExchangesFirst,
    /// After "a date of an open year would fit": or how help of a closed year counts today.
    LetLateHelpIn,
    /// After "the same skill?": mend the file, or how it is added all the same.
    AddSkills,
    /// After "is recorded already with other content": mend the file, or how the ledger is corrected.
    Update,
    /// After "at which day does this balance hold?": fill it in, or how it is said for all of them.
    DateBalances,
    /// After "is none of them somebody who was erased?": mend the file, or how they are added all the same.
    AddPersons,
    /// How a file of associations is brought in, as a name in the middle of a sentence.
    BringInAssociations,
    /// The same of skills.
    BringInSkills,
    /// The same of persons.
    BringInPersons,
    /// The same of balances from before.
    BringInBalances,
    /// The same of exchanges.
    BringInExchanges,
    /// The same of contributions.
    BringInContributions,
    /// After questions about lines: how they are answered.
    Answer,
    /// After "is confirmed already": leave the line out, or how it comes in as confirmed.
    BringInAsConfirmed,
    /// After "no table is recognised": how somebody says which columns to read.
    NameColumns,
    /// After "no column of durations is recognised": how somebody says which one it is.
    NameDurations,
    /// After "no column of partners is recognised": how somebody says which one it is.
    NamePartners,
    /// After "no column of dates is recognised": how somebody says which one it is.
    NameDates,
    /// After "two columns may be meant": how somebody says which one it is, or that the other is of no use.
    SayWhichColumn,
    /// After "this sheet was not read": how somebody says which sheets to read.
    SayWhichSheets,
}

/// The face's words for each remedy: a clause, or a sentence without its stop.
pub type Remedies = fn(Remedy, Language) -> &'static str;
