//! The digest: for each association that somebody answers for, where it stands, what waits and what was posted.

use chrono::{DateTime, Datelike, Months, NaiveDate, TimeDelta, TimeZone as _, Utc};
use chrono_tz::Tz;
use ledger::{AssociationNumber, account::Account};
use store::{DigestRhythm, ExchangeFilter, ExchangeView, MailSetting, Page, StoreError};

use super::{
    letters::{Desk, Writing},
    occasion::speaks_for,
    sentences::Sentences,
    unsubscribing,
};
use crate::mail::{Letter, Part, letter::HeaderName};

/// A digest leaves at this hour of the network's day, or later.
const HOUR: u32 = 7;
/// A digest tells of so many exchanges of each sort; the page tells of all.
const EXCHANGES_MOST: usize = 10;

/// The last day at or before today on which a digest is due; nothing where none was wanted yet.
pub(super) fn due_day(setting: &MailSetting, now: DateTime<Utc>, zone: Tz) -> Option<NaiveDate> {
    let local = now.with_timezone(&zone);
    let today = local.date_naive();
    // What is due today is not before its hour.
    let last = if local.time() < chrono::NaiveTime::from_hms_opt(HOUR, 0, 0)? { today.pred_opt()? } else { today };
    let day = match setting.digest {
        DigestRhythm::None => return None,
        DigestRhythm::Weekly(day) => {
            let back = (7 + last.weekday().number_from_monday() - u32::from(day)) % 7;
            last - TimeDelta::days(i64::from(back))
        }
        DigestRhythm::Monthly(day) => {
            let this = last.with_day(u32::from(day))?;
            if this <= last { this } else { this.checked_sub_months(Months::new(1))? }
        }
    };
    let begins = zone.from_local_datetime(&day.and_hms_opt(HOUR, 0, 0)?).earliest()?;
    // Whoever chooses a day later than that is told on the next one.
    (setting.changed_at <= begins).then_some(day)
}

/// The day before it on which one was due.
fn day_before(rhythm: DigestRhythm, day: NaiveDate) -> Option<NaiveDate> {
    match rhythm {
        DigestRhythm::None => None,
        DigestRhythm::Weekly(_) => Some(day - TimeDelta::days(7)),
        DigestRhythm::Monthly(_) => day.checked_sub_months(Months::new(1)),
    }
}

impl Desk<'_> {
    /// Somebody's digest; nothing where nothing waits and nothing was posted since the last one.
    pub(super) async fn digest(
        &self,
        writing: &Writing<'_>,
        setting: &MailSetting,
    ) -> Result<Option<Letter>, StoreError> {
        let Some(person) = self.registry.person(writing.key.person) else { return Ok(None) };
        let day = NaiveDate::default() + TimeDelta::days(writing.key.about);
        let Some(before) = day_before(setting.digest, day) else { return Ok(None) };
        let since = before
            .and_hms_opt(HOUR, 0, 0)
            .and_then(|begins| self.known.network.time_zone.from_local_datetime(&begins).earliest());
        let Some(since) = since else { return Ok(None) };
        let since = since.with_timezone(&Utc);
        let sentences = writing.sentences;
        let mut parts = vec![sentences.hello(writing.to.first_name())];
        let (mut waiting, mut posted) = (0, 0);
        for association in self.registry.associations().filter(|member| speaks_for(person, member.number)) {
            let said = self.of_association(sentences, association.number, since).await?;
            waiting += said.waiting;
            posted += said.posted;
            parts.extend(said.parts);
        }
        if waiting + posted == 0 {
            return Ok(None);
        }
        let path = unsubscribing::make(self.app, self.known.id, writing.key.person).await?;
        let address = self.page(&path);
        parts.push(sentences.small("mail-digest-why", &[("network", &self.known.network.name), ("address", &address)]));
        let network = self.known.network.name.as_str();
        let subject = match waiting {
            0 => sentences.say("mail-digest-subject", &[("network", network)]),
            waiting => sentences.count("mail-digest-subject-waiting", waiting),
        };
        let mut letter = self.letter(writing, subject, parts);
        letter.headers = vec![
            (HeaderName::ListUnsubscribe, format!("<{address}>")),
            (HeaderName::ListUnsubscribePost, "List-Unsubscribe=One-Click".to_owned()),
        ];
        Ok(Some(letter))
    }

    async fn of_association(
        &self,
        sentences: Sentences,
        own: AssociationNumber,
        since: DateTime<Utc>,
    ) -> Result<Said, StoreError> {
        let read = |filter: ExchangeFilter| {
            let page = Page::newest(u32::try_from(EXCHANGES_MOST + 1).unwrap_or(u32::MAX));
            async move { self.app.store.exchange_views(self.known.id, &ExchangeFilter { page, ..filter }).await }
        };
        let waiting = read(ExchangeFilter { waiting_for: Some(own), ..ExchangeFilter::default() }).await?;
        let posted =
            read(ExchangeFilter { association: Some(own), posted_from: Some(since), ..ExchangeFilter::default() })
                .await?;
        let account = Account::Association(own);
        let stands = self.app.store.standings(self.known.id, &[account]).await?;
        let balance = stands.get(&account).copied().unwrap_or_default().balance;
        let difference = if balance.is_negative() { balance.checked_neg().unwrap_or(balance) } else { balance };
        let stands = match (balance.is_zero(), balance.is_negative()) {
            (true, _) => "mail-stand-even",
            (false, false) => "mail-stand-given",
            (false, true) => "mail-stand-received",
        };
        let mut parts =
            vec![Part::Heading(self.name_of(own)), sentences.text(stands, &[("hours", &sentences.hours(difference))])];
        if !waiting.is_empty() {
            parts.push(sentences.text("mail-digest-waiting", &[]));
            parts.push(self.list(sentences, &waiting, own));
            parts.push(Part::Button { words: sentences.say("mail-answer", &[]), address: self.page_of(own, "") });
        }
        if !posted.is_empty() {
            parts.push(sentences.text("mail-digest-posted", &[]));
            parts.push(self.list(sentences, &posted, own));
        }
        Ok(Said { parts, waiting: waiting.len(), posted: posted.len() })
    }

    fn list(&self, sentences: Sentences, views: &[ExchangeView], own: AssociationNumber) -> Part {
        let facts = views.iter().map(|view| self.fact(sentences, &view.exchange.terms, own));
        sentences.list(facts, EXCHANGES_MOST)
    }
}

/// What a digest says of one association.
struct Said {
    parts: Vec<Part>,
    waiting: usize,
    posted: usize,
}

#[cfg(test)]
mod tests {
    use ledger::Language;

    use super::*;

    #[test]
    fn a_digest_is_due_on_its_day_from_its_hour_on_and_never_for_before_it_was_chosen() {
        let zone = chrono_tz::Europe::Paris;
        let setting = |digest, changed: &str| MailSetting {
            language: Language::French,
            digest,
            changed_at: changed.parse().unwrap(),
        };
        let (old, weekly) = ("2026-01-01T00:00:00Z", DigestRhythm::Weekly(1));
        for (digest, changed, now, due) in [
            (DigestRhythm::None, old, "2026-03-09T12:00:00Z", None),
            // The ninth of March is a Monday; Paris is an hour ahead.
            (weekly, old, "2026-03-09T05:59:00Z", Some("2026-03-02")),
            (weekly, old, "2026-03-09T06:00:00Z", Some("2026-03-09")),
            (weekly, old, "2026-03-15T23:30:00Z", Some("2026-03-09")),
            (weekly, "2026-03-09T06:00:00Z", "2026-03-09T07:00:00Z", Some("2026-03-09")),
            (weekly, "2026-03-09T06:30:00Z", "2026-03-09T07:00:00Z", None),
            (DigestRhythm::Weekly(7), old, "2026-03-09T12:00:00Z", Some("2026-03-08")),
            (DigestRhythm::Monthly(28), old, "2026-03-01T12:00:00Z", Some("2026-02-28")),
            (DigestRhythm::Monthly(1), old, "2026-03-01T05:00:00Z", Some("2026-02-01")),
            (DigestRhythm::Monthly(1), old, "2026-03-01T06:00:00Z", Some("2026-03-01")),
        ] {
            let found = due_day(&setting(digest, changed), now.parse().unwrap(), zone);
            assert_eq!(found, due.map(|day| day.parse().unwrap()), "{digest:?} {changed} {now}");
        }
    }
}
