//! Standing mandates: a member lets a partner confirm in its stead, up to a number of hours and until a day.

use chrono::NaiveDate;

use crate::Minutes;

/// What a partner may confirm for the member that gave the mandate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mandate {
    /// Exchanges of more person-minutes wait for the member itself.
    pub minutes_most: Minutes,
    /// The last day on which the partner may confirm.
    pub until: NaiveDate,
}

impl Mandate {
    /// Whether an exchange of so many minutes may be confirmed on that day.
    pub fn covers(&self, minutes: Minutes, today: NaiveDate) -> bool {
        minutes <= self.minutes_most && today <= self.until
    }
}
