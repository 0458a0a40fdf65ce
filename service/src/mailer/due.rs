//! Which letters are due: because of acts, because something waits, because of the day.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use ledger::{exchange::ExchangeState, registry::Registry};
use store::{ExchangeFilter, ExchangeView, MailKey, MailKind, NewMail, Page, SealedAct, StoreError};

use super::{
    digest::due_day,
    letters::Desk,
    occasion::{Happening, concerns, speaks_for},
};

/// Nobody is told of acts that are older: mail was not sent then, and what still waits is reminded of.
const OLD: TimeDelta = TimeDelta::days(3);
/// After so long a wait one is reminded. Who waited longer when it is looked is reminded once, as befits the wait.
const REMINDERS: [(TimeDelta, MailKind); 3] = [
    (TimeDelta::days(45), MailKind::LastReminder),
    (TimeDelta::days(21), MailKind::SecondReminder),
    (TimeDelta::days(7), MailKind::FirstReminder),
];
/// After so long it has been the coordinator's call for a while, and letters about it end.
const NO_MORE: TimeDelta = TimeDelta::days(60);
/// So many exchanges are read at once.
const EXCHANGES: u32 = 500;

/// The letters that an act makes due.
///
/// # Errors
/// When its row cannot be true.
pub(super) fn because_of(act: &SealedAct, registry: &Registry, now: DateTime<Utc>) -> Result<Vec<NewMail>, StoreError> {
    if Happening::of(act.kind).is_none() || act.recorded_at < now - OLD {
        return Ok(Vec::new());
    }
    let concerns = concerns(&act.leaf()?, act.principal, registry);
    let letter =
        |person| NewMail { key: MailKey { kind: MailKind::Act, about: act.number.0, person }, not_before: now };
    Ok(concerns.into_iter().map(|concern| letter(concern.person)).collect())
}

/// The reminder that befits so long a wait.
fn reminder(waited: TimeDelta) -> Option<MailKind> {
    REMINDERS.iter().find(|(least, _)| waited >= *least).map(|(_, kind)| *kind).filter(|_| waited < NO_MORE)
}

impl Desk<'_> {
    /// Reminders of what waits for an answer.
    pub(super) async fn reminders(&self, now: DateTime<Utc>) -> Result<Vec<NewMail>, StoreError> {
        let mut filter = ExchangeFilter {
            states: vec![ExchangeState::Proposed, ExchangeState::CorrectionRequested],
            spoken_from: Some(now - NO_MORE),
            spoken_before: Some(now - TimeDelta::days(7) + TimeDelta::microseconds(1)),
            page: Page::newest(EXCHANGES),
            ..ExchangeFilter::default()
        };
        let mut due = Vec::new();
        loop {
            let views = self.app.store.exchange_views(self.known.id, &filter).await?;
            due.extend(views.iter().flat_map(|view| self.reminders_of(view, now)));
            match views.last() {
                Some(last) if views.len() >= EXCHANGES as usize => filter.page.before = Some(last.exchange.number),
                Some(_) | None => return Ok(due),
            }
        }
    }

    fn reminders_of(&self, view: &ExchangeView, now: DateTime<Utc>) -> Vec<NewMail> {
        let Some(kind) = reminder(now - view.spoken_at) else { return Vec::new() };
        let sides = [view.exchange.terms.giver, view.exchange.terms.receiver];
        let Some(own) = sides.into_iter().find(|side| view.exchange.waits_for_association(*side)) else {
            return Vec::new();
        };
        let about = view.exchange.spoken_in.0;
        let speakers = self.registry.persons().filter(|person| speaks_for(person, own));
        speakers
            .map(|person| NewMail { key: MailKey { kind, about, person: person.number }, not_before: now })
            .collect()
    }

    /// Digests whose day has come.
    pub(super) async fn digests(&self, now: DateTime<Utc>) -> Result<Vec<NewMail>, StoreError> {
        let wanted = self.app.store.digests_wanted(self.known.id).await?;
        let due = wanted.into_iter().filter_map(|(person, setting)| {
            let day = due_day(&setting, now, self.known.network.time_zone)?;
            let about = (day - NaiveDate::default()).num_days();
            Some(NewMail { key: MailKey { kind: MailKind::Digest, about, person }, not_before: now })
        });
        Ok(due.collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_wait_has_its_reminder_and_none_comes_after_the_last() {
        let minute = TimeDelta::minutes(1);
        for (waited, kind) in [
            (TimeDelta::days(7) - minute, None),
            (TimeDelta::days(7), Some(MailKind::FirstReminder)),
            (TimeDelta::days(21) - minute, Some(MailKind::FirstReminder)),
            (TimeDelta::days(21), Some(MailKind::SecondReminder)),
            (TimeDelta::days(45), Some(MailKind::LastReminder)),
            (TimeDelta::days(60) - minute, Some(MailKind::LastReminder)),
            (TimeDelta::days(60), None),
        ] {
            assert_eq!(reminder(waited), kind, "{waited}");
        }
    }
}
