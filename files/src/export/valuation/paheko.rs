//! The entry as Paheko imports it.
//!
//! The columns are those of its “simplified” form of entries, by their own names and in their own order: a row is an
//! entry with two accounts and one amount. Read in its source, <https://fossil.kd2.org/paheko/> (mirrored at
//! <https://github.com/paheko/paheko>): `Accounting/Export.php` lists the columns, `Accounting/Import.php` takes them, and
//! its charts of accounts for French associations have 864 and 875. An entry without a number is a new one.

use ledger::valuation::{VOLUNTEERS_CREDIT, VOLUNTEERS_DEBIT};
use rust_decimal::Decimal;

use super::accounts::{Accounts, Whose};
use crate::{error::FileError, table::harmless};

/// The names of the columns; Paheko speaks French.
const COLUMNS: [&str; 13] = [
    "Numéro d'écriture",
    "Type",
    "Statut",
    "Libellé",
    "Date",
    "Remarques",
    "Numéro pièce comptable",
    "Référence paiement",
    "Compte de débit",
    "Compte de crédit",
    "Montant",
    "Projet analytique",
    "Membres associés",
];
/// An entry between accounts of no bank, neither income nor expense.
const KIND: &str = "Avancé";

impl Accounts {
    /// The one entry of an association, dated on the last day; `None` without a rate, or of several associations.
    pub fn paheko(&self) -> Result<Option<Vec<u8>>, FileError> {
        let association = match self.whose {
            Whose::One(association) | Whose::Own(association) => association,
            Whose::All => return Ok(None),
        };
        if !self.has_rates() {
            return Ok(None);
        }
        let wrong = |error: csv::Error| FileError::said(error.to_string(), error.to_string());
        let mut writer = csv::WriterBuilder::new()
            .quote_style(csv::QuoteStyle::Always)
            .terminator(csv::Terminator::CRLF)
            .from_writer(Vec::new());
        writer.write_record(COLUMNS).map_err(wrong)?;
        if let Some((_, euros)) = self.total(association).filter(|(_, euros)| !euros.is_zero()) {
            writer.write_record(self.entry(association, euros)).map_err(wrong)?;
        }
        let bytes = writer.into_inner().map_err(|error| FileError::said(error.to_string(), error.to_string()))?;
        Ok(Some(bytes))
    }

    fn entry(&self, association: ledger::AssociationNumber, euros: Decimal) -> [String; 13] {
        let day = |date: chrono::NaiveDate| date.format("%d/%m/%Y").to_string();
        let (from, to) = (day(self.days.0), day(self.days.1));
        // What was taken back beyond what was given stands on the other side: Paheko takes no amount below zero.
        let (debit, credit) = if euros.is_sign_negative() {
            (VOLUNTEERS_CREDIT, VOLUNTEERS_DEBIT)
        } else {
            (VOLUNTEERS_DEBIT, VOLUNTEERS_CREDIT)
        };
        let blank = String::new;
        [
            blank(),
            KIND.to_owned(),
            blank(),
            format!("Bénévolat valorisé du {from} au {to}"),
            to.clone(),
            harmless(&self.how(association)).into_owned(),
            format!("BENEVOLAT-{}-{}", self.days.0.format("%Y%m%d"), self.days.1.format("%Y%m%d")),
            blank(),
            debit.to_owned(),
            credit.to_owned(),
            format!("{:.2}", euros.abs()).replace('.', ","),
            blank(),
            blank(),
        ]
    }
}
