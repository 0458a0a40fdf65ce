//! The invented network and its year, and the four files that hold it.

use std::{io, path::Path};

use chrono::NaiveDate;

/// A network and its year. An association, a person or an exchange is named elsewhere by its position in here.
#[derive(Debug, PartialEq, Eq)]
pub struct Invented {
    /// The members.
    pub associations: Vec<InventedAssociation>,
    /// Their persons.
    pub persons: Vec<InventedPerson>,
    /// In the order of their dates.
    pub exchanges: Vec<InventedExchange>,
    /// Those of exchanges, in the same order, then the hours that persons gave to their own associations.
    pub contributions: Vec<InventedContribution>,
    /// Help of the last weeks of the year that nobody has confirmed yet.
    pub proposals: Vec<InventedExchange>,
}

/// A member.
#[derive(Debug, PartialEq, Eq)]
pub struct InventedAssociation {
    /// Its name.
    pub name: String,
    /// In the ledger's words: `association`, `municipality`, `social_economy_company`, `informal_group`.
    pub kind: &'static str,
    /// A number of the right form, given to nobody.
    pub rna: Option<String>,
    /// Likewise.
    pub siren: Option<String>,
    /// A town that is on no map.
    pub commune: &'static str,
    /// That town's code.
    pub insee: &'static str,
}

/// A person.
#[derive(Debug, PartialEq, Eq)]
pub struct InventedPerson {
    /// The code that files know the person by.
    pub code: String,
    /// First name.
    pub first_name: &'static str,
    /// Last name.
    pub last_name: &'static str,
    /// An address that receives nothing.
    pub email: String,
    /// One association, or two.
    pub associations: Vec<usize>,
}

/// Help given by one association to another.
#[derive(Debug, PartialEq, Eq)]
pub struct InventedExchange {
    /// The reference, as 2025-00001.
    pub reference: String,
    /// When help was given.
    pub date: NaiveDate,
    /// Which association helped.
    pub giver: usize,
    /// Which one was helped.
    pub receiver: usize,
    /// Person-minutes.
    pub minutes: i64,
    /// Empty for a helping hand of no particular skill.
    pub skill: &'static str,
    /// A remark; often empty.
    pub memo: &'static str,
}

/// The time that a person gave.
#[derive(Debug, PartialEq, Eq)]
pub struct InventedContribution {
    /// None for hours given to one's own association.
    pub exchange: Option<usize>,
    /// When help was given.
    pub date: NaiveDate,
    /// For which association.
    pub association: usize,
    /// By whom.
    pub person: usize,
    /// Person-minutes.
    pub minutes: i64,
    /// In the ledger's words.
    pub nature: &'static str,
    /// The skill; may be empty.
    pub skill: &'static str,
}

impl Invented {
    /// The files that [`write_csv`](Self::write_csv) writes.
    pub const FILES: [&str; 4] = ["associations.csv", "persons.csv", "exchanges.csv", "contributions.csv"];

    /// Writes the four files, as an import takes them. Proposals are not among them: an import brings what is agreed.
    pub fn write_csv(&self, folder: &Path) -> io::Result<()> {
        let start = |name: &str, header: &[&str]| {
            let mut file = csv::Writer::from_path(folder.join(name))?;
            file.write_record(header).map(|()| file)
        };
        let name = |association: usize| self.associations[association].name.as_str();

        let mut file = start("associations.csv", &["name", "kind", "rna", "siren", "commune", "insee"])?;
        for InventedAssociation { name, kind, rna, siren, commune, insee } in &self.associations {
            let (rna, siren) = (rna.as_deref().unwrap_or(""), siren.as_deref().unwrap_or(""));
            file.write_record([name.as_str(), kind, rna, siren, commune, insee])?;
        }
        file.flush()?;

        let mut file = start("persons.csv", &["code", "first_name", "last_name", "email", "association"])?;
        for InventedPerson { code, first_name, last_name, email, associations } in &self.persons {
            for &association in associations {
                file.write_record([code.as_str(), first_name, last_name, email, name(association)])?;
            }
        }
        file.flush()?;

        let header = ["reference", "date", "giver", "receiver", "duration", "skill", "memo"];
        let mut file = start("exchanges.csv", &header)?;
        for InventedExchange { reference, date, giver, receiver, minutes, skill, memo } in &self.exchanges {
            let (date, duration) = (date.to_string(), duration(*minutes));
            file.write_record([reference, &date, name(*giver), name(*receiver), &duration, skill, memo])?;
        }
        file.flush()?;

        let header = ["exchange", "date", "association", "person", "duration", "nature", "skill"];
        let mut file = start("contributions.csv", &header)?;
        for InventedContribution { exchange, date, association, person, minutes, nature, skill } in &self.contributions
        {
            let reference = exchange.map_or("", |exchange| &self.exchanges[exchange].reference);
            let (date, duration) = (date.to_string(), duration(*minutes));
            let person = &self.persons[*person].code;
            file.write_record([reference, &date, name(*association), person, &duration, nature, skill])?;
        }
        file.flush()
    }
}

fn duration(minutes: i64) -> String {
    format!("{}h{:02}", minutes / 60, minutes % 60)
}
