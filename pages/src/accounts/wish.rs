//! Whether hours are told in euros, too, and at which rate.

use files::export::valuation::rates;
use ledger::valuation::Rates;

use crate::{
    form::{Filled, Misfits, as_sentence, line},
    frame::Frame,
};

/// So many letters say where a rate comes from.
const SOURCE_MOST: usize = 120;

/// What was chosen of the rate.
#[derive(Debug)]
pub(super) struct Wish {
    pub(super) is_in_euros: bool,
    /// What stands in the fields.
    pub(super) rate: String,
    pub(super) source: String,
    pub(super) with_governance: bool,
    /// None for hours alone; nothing where what was typed does not fit.
    rates: Option<Rates>,
}

impl Wish {
    pub(super) fn read(frame: &Frame, filled: &Filled, misfits: &mut Misfits) -> Self {
        let is_in_euros = filled.is("told", "euros");
        Self {
            is_in_euros,
            rate: filled.get("rate").to_owned(),
            source: filled.get("source").to_owned(),
            with_governance: filled.is("governance", "yes"),
            rates: if is_in_euros { typed(frame, filled, misfits) } else { Some(Rates::default()) },
        }
    }

    /// What an hour is worth, once it fits.
    pub(super) fn rates(&self) -> Option<Rates> {
        self.rates.clone()
    }

    /// The same as fields of an address.
    pub(super) fn query(&self) -> Vec<(&'static str, &str)> {
        let mut fields = Vec::new();
        if self.is_in_euros {
            fields.extend([("told", "euros"), ("rate", self.rate.as_str()), ("source", self.source.as_str())]);
        }
        if self.with_governance {
            fields.push(("governance", "yes"));
        }
        fields
    }
}

/// A rate is nothing without its source: whoever reads the accounts wants to know both.
fn typed(frame: &Frame, filled: &Filled, misfits: &mut Misfits) -> Option<Rates> {
    let rate = match filled.said("rate") {
        None => {
            misfits.add("rate", frame.t("accounts-no-rate"));
            None
        }
        Some(text) => match rates::decimal(text) {
            Ok(rate) => Some(rate),
            Err(error) => {
                misfits.add("rate", as_sentence(&error.in_words(frame.language())));
                None
            }
        },
    };
    let source = if filled.said("source").is_none() {
        misfits.add("source", frame.t("accounts-no-source"));
        None
    } else {
        line(frame, filled, ("source", SOURCE_MOST), misfits)
    };
    match rates::one(rate?, source?) {
        Ok(rates) => Some(rates),
        Err(error) => {
            misfits.add("rate", as_sentence(&error.in_words(frame.language())));
            None
        }
    }
}
