//! Many letters to one person about one association are one: whoever brings a year in, or says yes to a whole list, fills
//! nobody's mailbox.

use std::collections::HashMap;

use ledger::{AssociationNumber, PersonNumber};
use store::{Mail, StoreError};

use super::letters::{Desk, Line, Writing};
use crate::mail::{Letter, Part};

/// So many letters that are due together become one.
const GATHERED_FROM: usize = 3;
/// So many exchanges are named in one, of those to be answered and of the others.
const NAMED_MOST: usize = 20;

/// Letters that leave together: one by itself, or several as one.
#[derive(Debug)]
pub(super) struct Bundle {
    /// The letters, in the order in which they are due.
    pub(super) mails: Vec<Mail>,
    /// What each says; nothing for one by itself.
    pub(super) lines: Vec<Line>,
}

/// What may be gathered: those to one person about one association.
type Pile = (PersonNumber, AssociationNumber);

impl Desk<'_> {
    /// Puts letters together that are due at once.
    pub(super) async fn bundles(&self, due: Vec<Mail>) -> Result<Vec<Bundle>, StoreError> {
        let mut counts: HashMap<PersonNumber, usize> = HashMap::new();
        for mail in &due {
            *counts.entry(mail.key.person).or_default() += 1;
        }
        let mut languages = HashMap::new();
        for (person, _) in counts.into_iter().filter(|(_, count)| *count >= GATHERED_FROM) {
            let setting = self.app.store.mail_setting(self.known.id, person).await?;
            languages.insert(person, self.sentences(setting.language));
        }
        let mut bundles: Vec<Bundle> = Vec::new();
        let mut piles: Vec<(Pile, Bundle)> = Vec::new();
        for mail in &due {
            let person = mail.key.person;
            let line = match languages.get(&person) {
                Some(sentences) => self.line(mail.key, *sentences).await?,
                None => None,
            };
            let Some(line) = line else {
                bundles.push(Bundle { mails: vec![*mail], lines: Vec::new() });
                continue;
            };
            let pile = (person, line.own);
            match piles.iter_mut().find(|(known, _)| *known == pile) {
                Some((_, bundle)) => {
                    bundle.mails.push(*mail);
                    bundle.lines.push(line);
                }
                None => piles.push((pile, Bundle { mails: vec![*mail], lines: vec![line] })),
            }
        }
        for (_, bundle) in piles {
            if bundle.mails.len() >= GATHERED_FROM {
                bundles.push(bundle);
            } else {
                bundles.extend(bundle.mails.into_iter().map(|mail| Bundle { mails: vec![mail], lines: Vec::new() }));
            }
        }
        Ok(bundles)
    }

    /// Several letters as one. It bears the name of the first, so that a repeat bears the same.
    pub(super) fn gathered(&self, writing: &Writing<'_>, lines: &[Line]) -> Option<Letter> {
        let sentences = writing.sentences;
        let own = lines.first()?.own;
        let (asked, told): (Vec<&Line>, Vec<&Line>) = lines.iter().partition(|line| line.is_asked);
        let name = self.name_of(own);
        let subject = match asked.len() {
            0 => sentences.count_of("mail-gathered-subject", told.len(), &name),
            count => sentences.count_of("mail-gathered-subject-waiting", count, &name),
        };
        let list = |lines: &[&Line]| {
            sentences.list(lines.iter().map(|line| format!("{} {}", line.subject, line.fact)), NAMED_MOST)
        };
        let mut parts = vec![sentences.hello(writing.to.first_name())];
        if !asked.is_empty() {
            parts.push(sentences.text("mail-digest-waiting", &[]));
            parts.push(list(&asked));
            if asked.iter().any(|line| line.is_last) {
                parts.push(sentences.text("mail-last-reminder", &[]));
            }
            parts
                .push(Part::Button { words: sentences.say("mail-answer", &[]), address: self.page_of(own, "/answer") });
        }
        if !told.is_empty() {
            parts.push(sentences.text("mail-gathered-told", &[]));
            parts.push(list(&told));
            parts.push(Part::Button {
                words: sentences.say("mail-gathered-see", &[]),
                address: self.page_of(own, "/exchanges"),
            });
        }
        parts.push(sentences.small("mail-why", &[("own", &name), ("network", &self.known.network.name)]));
        Some(self.letter(writing, subject, parts))
    }
}
