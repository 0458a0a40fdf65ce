//! What letters about exchanges say.

use std::sync::Arc;

use ledger::{
    ActNumber, AssociationNumber, ExchangeNumber, Language, Minutes, PersonNumber, SkillNumber,
    command::Principal,
    evidence::EvidenceKind,
    exchange::{ExchangeState, Terms},
    leaf::{ExchangePart, Leaf},
    registry::Registry,
};
use store::{ExchangeView, MailKey, MailKind, SealedAct, StoreError};

use super::{
    action_link::{self, Errand},
    occasion::{Happening, Standing, concerns, speaks_for},
    recipient::Correspondent,
    sentences::Sentences,
};
use crate::{
    app::App,
    directory::Known,
    mail::{Letter, Part},
};

/// Writes the letters of one network.
pub(super) struct Desk<'a> {
    pub(super) app: &'a App,
    pub(super) known: &'a Known,
    pub(super) registry: Arc<Registry>,
    /// What the addresses of the network's pages begin with.
    pub(super) prefix: String,
}

/// To whom a letter is written.
pub(super) struct Writing<'a> {
    pub(super) key: MailKey,
    pub(super) to: &'a Correspondent,
    pub(super) address: &'a str,
    pub(super) sentences: Sentences,
}

/// What an exchange is to one of its sides.
struct Matter {
    partner: String,
    own: String,
    hours: String,
    /// "Samedi 14 mars, la Chorale a aidé la Fanfare : 8 h (chant)."
    fact: String,
    is_given: bool,
}

impl Desk<'_> {
    /// The letter about an act or a reminder of it; nothing where there is nothing left to say.
    pub(super) async fn about_act(&self, writing: &Writing<'_>) -> Result<Option<Letter>, StoreError> {
        let Some((act, view)) = self.found(writing.key).await? else { return Ok(None) };
        let leaf = act.leaf()?;
        let (subject, parts) = match writing.key.kind {
            MailKind::Act => {
                let person = writing.key.person;
                let concerns = concerns(&leaf, act.principal, &self.registry);
                let Some(concern) = concerns.into_iter().find(|concern| concern.person == person) else {
                    return Ok(None);
                };
                let said = self.about(writing, &act, &leaf, &view, concern.standing).await?;
                let Some(said) = said else { return Ok(None) };
                said
            }
            MailKind::FirstReminder | MailKind::SecondReminder | MailKind::LastReminder => {
                let Some(own) = self.answering(&view, act.number, writing.key.person) else { return Ok(None) };
                self.asking(writing, &view, own).await?
            }
            MailKind::Digest => return Ok(None),
        };
        Ok(Some(self.letter(writing, subject, parts)))
    }

    /// The act that a letter is about, and the exchange as it is now.
    async fn found(&self, key: MailKey) -> Result<Option<(SealedAct, ExchangeView)>, StoreError> {
        let Some(act) = self.app.store.act(self.known.id, ActNumber(key.about)).await? else { return Ok(None) };
        let Some(number) = act.leaf()?.exchange.as_ref().map(|exchange| ExchangeNumber(exchange.number)) else {
            return Ok(None);
        };
        Ok(self.app.store.exchange(self.known.id, number).await?.map(|view| (act, view)))
    }

    /// What a letter says in one line, where it may stand with others in one letter.
    pub(super) async fn line(&self, key: MailKey, sentences: Sentences) -> Result<Option<Line>, StoreError> {
        let Some((act, view)) = self.found(key).await? else { return Ok(None) };
        let leaf = act.leaf()?;
        let asked = |own| {
            let Question { subject, fact, .. } = self.question(sentences, MailKind::Act, &view, own);
            Line { own, is_asked: true, is_last: key.kind == MailKind::LastReminder, subject, fact }
        };
        let told = |own, happening| {
            let Told { subject, fact, .. } = self.told(sentences, &leaf, &view, own, happening);
            Line { own, is_asked: false, is_last: false, subject, fact }
        };
        Ok(match key.kind {
            MailKind::Act => {
                let concerns = concerns(&leaf, act.principal, &self.registry);
                match concerns.into_iter().find(|concern| concern.person == key.person).map(|found| found.standing) {
                    Some(Standing::Answers(_)) => self.answering(&view, act.number, key.person).map(asked),
                    Some(Standing::IsTold(own)) => Happening::of(leaf.kind).map(|happening| told(own, happening)),
                    // Each of these has a link of its own, or is for somebody who is neither side.
                    Some(Standing::AnsweredByLink(_) | Standing::Mediates) | None => None,
                }
            }
            MailKind::FirstReminder | MailKind::SecondReminder | MailKind::LastReminder => {
                self.answering(&view, act.number, key.person).map(asked)
            }
            MailKind::Digest => None,
        })
    }

    /// For which association somebody has to answer what was said in that act, if it still waits.
    fn answering(&self, view: &ExchangeView, said_in: ActNumber, person: PersonNumber) -> Option<AssociationNumber> {
        let Terms { giver, receiver, .. } = view.exchange.terms;
        let person = self.registry.person(person)?;
        let waits = |own: &AssociationNumber| view.exchange.waits_for_association(*own) && speaks_for(person, *own);
        [giver, receiver].into_iter().find(waits).filter(|_| view.exchange.spoken_in == said_in)
    }

    async fn about(
        &self,
        writing: &Writing<'_>,
        act: &SealedAct,
        leaf: &Leaf<'_>,
        view: &ExchangeView,
        standing: Standing,
    ) -> Result<Option<(String, Vec<Part>)>, StoreError> {
        match standing {
            Standing::Answers(_) => match self.answering(view, act.number, writing.key.person) {
                Some(own) => self.asking(writing, view, own).await.map(Some),
                None => Ok(None),
            },
            Standing::IsTold(own) => {
                Ok(Happening::of(leaf.kind).map(|happening| self.telling(writing, leaf, view, own, happening)))
            }
            Standing::AnsweredByLink(own) => self.answered_by_link(writing, act, leaf, own).await.map(Some),
            Standing::Mediates => {
                if view.exchange.state.waits_for_a_mediator() {
                    Ok(Some(self.mediating(writing, leaf)))
                } else {
                    Ok(None)
                }
            }
        }
    }

    /// Asks for an answer, the first time or again.
    async fn asking(
        &self,
        writing: &Writing<'_>,
        view: &ExchangeView,
        own: AssociationNumber,
    ) -> Result<(String, Vec<Part>), StoreError> {
        let sentences = writing.sentences;
        let said = self.question(sentences, writing.key.kind, view, own);
        let Question { subject, mut parts, own_name, .. } = said;
        parts.insert(0, sentences.hello(writing.to.first_name()));
        let number = view.exchange.number;
        if view.exchange.state == ExchangeState::CorrectionRequested {
            // What was posted is not undone by a link that may have been passed on.
            parts.push(self.see_it(sentences, own, number));
            parts.push(sentences.small("mail-why", &[("own", &own_name), ("network", &self.known.network.name)]));
        } else {
            let person = writing.key.person;
            let path = action_link::make(self.app, self.known.id, person, own, number, Errand::Answer).await?;
            parts.push(Part::Button { words: sentences.say("mail-answer", &[]), address: self.page(&path) });
            parts.push(sentences.small("mail-link-is-yours", &[("own", &own_name)]));
        }
        Ok((subject, parts))
    }

    /// What is asked, without greeting and link.
    fn question(&self, sentences: Sentences, kind: MailKind, view: &ExchangeView, own: AssociationNumber) -> Question {
        let matter = self.matter(sentences, &view.exchange.terms, own);
        let with = [("partner", matter.partner.as_str()), ("hours", matter.hours.as_str())];
        let is_correction = view.exchange.state == ExchangeState::CorrectionRequested;
        let is_amended = view.exchange.spoken_in.0 != view.exchange.number.0;
        let (subject, before, asked) = match (is_correction, is_amended, matter.is_given) {
            (true, ..) => ("mail-correction-subject", "mail-correction-before", "mail-correction-asked"),
            (false, true, _) => ("mail-amended-subject", "mail-amended-before", "mail-proposal-asked"),
            (false, false, true) => ("mail-you-helped-subject", "mail-proposal-before", "mail-proposal-asked"),
            (false, false, false) => ("mail-helped-you-subject", "mail-proposal-before", "mail-proposal-asked"),
        };
        let subject = sentences.say(subject, &with);
        let (subject, reminder) = match kind {
            MailKind::Act | MailKind::Digest => (subject, None),
            MailKind::FirstReminder | MailKind::SecondReminder => (again(sentences, &subject), Some("mail-reminder")),
            MailKind::LastReminder => (again(sentences, &subject), Some("mail-last-reminder")),
        };
        let mut parts = vec![
            sentences.text(before, &[("partner", &matter.partner)]),
            Part::Text(matter.fact.clone()),
            sentences.text(asked, &[("partner", &matter.partner)]),
        ];
        parts.extend(reminder.map(|key| sentences.text(key, &[])));
        Question { subject, parts, fact: matter.fact, own_name: matter.own }
    }

    /// What is asked of an association, for whoever tells it on paper or by telephone.
    pub(super) fn told_by_hand(&self, language: Language, view: &ExchangeView, own: AssociationNumber) -> Vec<Part> {
        self.question(self.sentences(language), MailKind::Act, view, own).parts
    }

    /// Tells a side what the other one, or the network, did.
    fn telling(
        &self,
        writing: &Writing<'_>,
        leaf: &Leaf<'_>,
        view: &ExchangeView,
        own: AssociationNumber,
        happening: Happening,
    ) -> (String, Vec<Part>) {
        let sentences = writing.sentences;
        let Told { subject, sentence, fact, own_name } = self.told(sentences, leaf, view, own, happening);
        let parts = vec![
            sentences.hello(writing.to.first_name()),
            sentence,
            Part::Text(fact),
            self.see_it(sentences, own, view.exchange.number),
            sentences.small("mail-why", &[("own", &own_name), ("network", &self.known.network.name)]),
        ];
        (subject, parts)
    }

    /// The same, without greeting and link.
    fn told(
        &self,
        sentences: Sentences,
        leaf: &Leaf<'_>,
        view: &ExchangeView,
        own: AssociationNumber,
        happening: Happening,
    ) -> Told {
        let matter = self.matter(sentences, &terms_of(leaf, view), own);
        let by_side = leaf.by.starts_with("association:");
        let is_held = leaf.exchange.as_ref().is_some_and(|after| after.state == ExchangeState::Held.as_str());
        let by_mandate = leaf.evidence.as_ref().is_some_and(|proof| proof.kind == EvidenceKind::Mandate.as_str());
        let key = match (happening, by_side) {
            // Whoever did not speak for themselves was spoken for.
            (Happening::Asked, _) => "noted-for-you",
            (Happening::Confirmed, _) if is_held => "held",
            (Happening::Confirmed, true) if by_mandate => "confirmed-by-mandate",
            (Happening::Confirmed, true) => "confirmed",
            (Happening::Confirmed, false) => "confirmed-by-network",
            (Happening::Contested, _) => "contested",
            (Happening::Withdrawn, _) => "withdrawn",
            (Happening::Dismissed, _) => "dismissed",
            (Happening::Settled, _) => "settled",
            (Happening::Released, _) => "released",
            (Happening::Kept, true) => "kept",
            (Happening::Kept, false) => "kept-by-network",
            (Happening::Reversed, true) => "reversed",
            (Happening::Reversed, false) => "reversed-by-network",
        };
        let with = [("partner", matter.partner.as_str()), ("hours", matter.hours.as_str())];
        let subject = sentences.say(&format!("mail-{key}-subject"), &with);
        let sentence = sentences.text(&format!("mail-{key}"), &[("partner", &matter.partner)]);
        Told { subject, sentence, fact: matter.fact, own_name: matter.own }
    }

    /// Tells a side that somebody answered for it with a link, and how to say that it was not them.
    async fn answered_by_link(
        &self,
        writing: &Writing<'_>,
        act: &SealedAct,
        leaf: &Leaf<'_>,
        own: AssociationNumber,
    ) -> Result<(String, Vec<Part>), StoreError> {
        let sentences = writing.sentences;
        let answerer = match act.principal {
            Principal::Person(person) => Correspondent::find(&self.app.store, self.known.id, person).await?.full_name(),
            Principal::Operator => None,
        };
        let answerer = answerer.unwrap_or_else(|| sentences.say("mail-somebody", &[]));
        let Some(exchange) = &leaf.exchange else { return Ok((String::new(), Vec::new())) };
        let number = ExchangeNumber(exchange.number);
        let matter = self.matter(sentences, &terms_in(exchange), own);
        let person = writing.key.person;
        let path = action_link::make(self.app, self.known.id, person, own, number, Errand::Disown).await?;
        let with =
            [("answerer", answerer.as_str()), ("partner", matter.partner.as_str()), ("hours", matter.hours.as_str())];
        let subject = sentences.say("mail-by-link-subject", &with);
        let parts = vec![
            sentences.hello(writing.to.first_name()),
            sentences.text("mail-by-link", &[("answerer", &answerer), ("own", &matter.own)]),
            Part::Text(matter.fact),
            sentences.text("mail-by-link-check", &[]),
            Part::Button { words: sentences.say("mail-not-us", &[]), address: self.page(&path) },
            sentences.small("mail-why", &[("own", &matter.own), ("network", &self.known.network.name)]),
        ];
        Ok((subject, parts))
    }

    /// Tells a mediator that two members do not agree.
    fn mediating(&self, writing: &Writing<'_>, leaf: &Leaf<'_>) -> (String, Vec<Part>) {
        let sentences = writing.sentences;
        let Some(exchange) = &leaf.exchange else { return (String::new(), Vec::new()) };
        let matter = self.matter(sentences, &terms_in(exchange), AssociationNumber(exchange.giver));
        let with = [("giver", matter.own.as_str()), ("receiver", matter.partner.as_str())];
        let subject = sentences.say("mail-mediate-subject", &with);
        let address = format!("/m/{}", self.known.fingerprint.ids(self.registry.generations()).shown(exchange.number));
        let parts = vec![
            sentences.hello(writing.to.first_name()),
            sentences.text("mail-mediate", &with),
            Part::Text(matter.fact),
            Part::Button { words: sentences.say("mail-see", &[]), address: self.page(&address) },
            sentences.small("mail-why-mediator", &[("network", &self.known.network.name)]),
        ];
        (subject, parts)
    }

    fn see_it(&self, sentences: Sentences, own: AssociationNumber, exchange: ExchangeNumber) -> Part {
        let exchange = self.known.fingerprint.ids(self.registry.generations()).shown(exchange.0);
        let address = self.page_of(own, &format!("/exchanges/{exchange}"));
        Part::Button { words: sentences.say("mail-see", &[]), address }
    }

    /// The whole address of a page of an association.
    pub(super) fn page_of(&self, own: AssociationNumber, path: &str) -> String {
        let own = self.known.fingerprint.ids(self.registry.generations()).shown(own.0);
        self.page(&format!("/a/{own}{path}"))
    }

    /// The whole address of a page of this network.
    pub(super) fn page(&self, path: &str) -> String {
        self.app.postman.link(&format!("{}{path}", self.prefix))
    }

    /// The sentences of a language, today.
    pub(super) fn sentences(&self, language: Language) -> Sentences {
        let today = self.known.network.day_of(self.app.now());
        Sentences::new(language, today)
    }

    pub(super) fn name_of(&self, association: AssociationNumber) -> String {
        self.registry.association(association).map(|member| member.name().to_owned()).unwrap_or_default()
    }

    /// An exchange in a sentence.
    pub(super) fn fact(&self, sentences: Sentences, terms: &Terms, own: AssociationNumber) -> String {
        self.matter(sentences, terms, own).fact
    }

    fn matter(&self, sentences: Sentences, terms: &Terms, own: AssociationNumber) -> Matter {
        let [giver, receiver] = [terms.giver, terms.receiver].map(|side| self.name_of(side));
        let is_given = terms.giver == own;
        let hours = sentences.hours(terms.minutes);
        let day = sentences.day(terms.service_date);
        let skill = self.registry.skills().iter().find(|skill| Some(skill.number) == terms.skill);
        let mut with = vec![("day", day.as_str()), ("giver", &giver), ("receiver", &receiver), ("hours", &hours)];
        let fact = match skill {
            Some(skill) => {
                with.push(("skill", &skill.name));
                sentences.say("mail-fact-skill", &with)
            }
            None => sentences.say("mail-fact", &with),
        };
        let (own, partner) = if is_given { (giver, receiver) } else { (receiver, giver) };
        Matter { partner, own, hours, fact, is_given }
    }

    pub(super) fn letter(&self, writing: &Writing<'_>, subject: String, parts: Vec<Part>) -> Letter {
        Letter {
            id: self.id(writing.key),
            to: writing.to.recipient(writing.address),
            language: writing.sentences.language(),
            subject,
            parts,
            headers: Vec::new(),
        }
    }

    /// Made of the network, of what the letter is about, and of whom it is for. The name of an act tells its network, and
    /// acts that were lost from those that bear their numbers now.
    fn id(&self, MailKey { kind, about, person }: MailKey) -> String {
        let about = match kind {
            MailKind::Digest => format!("{}.{about}", self.known.network.uuid),
            MailKind::Act | MailKind::FirstReminder | MailKind::SecondReminder | MailKind::LastReminder => {
                self.known.fingerprint.ids(self.registry.generations()).shown(about).to_string()
            }
        };
        format!("{about}.{}.{person}", kind.as_str().replace('_', "-"))
    }
}

/// What is asked of a side.
struct Question {
    subject: String,
    parts: Vec<Part>,
    /// The exchange that it is about.
    fact: String,
    own_name: String,
}

/// What a side is told.
struct Told {
    subject: String,
    sentence: Part,
    /// The exchange that it is about.
    fact: String,
    own_name: String,
}

/// What a letter says in one line.
#[derive(Debug)]
pub(super) struct Line {
    /// The association that it is about.
    pub(super) own: AssociationNumber,
    /// Whether an answer is asked for.
    pub(super) is_asked: bool,
    /// Whether it is asked for the last time.
    pub(super) is_last: bool,
    /// What is asked or told.
    pub(super) subject: String,
    /// The exchange that it is about.
    pub(super) fact: String,
}

fn again(sentences: Sentences, subject: &str) -> String {
    sentences.say("mail-reminder-subject", &[("subject", subject)])
}

/// The terms as they were after the act.
fn terms_of(leaf: &Leaf<'_>, view: &ExchangeView) -> Terms {
    leaf.exchange.as_ref().map_or(view.exchange.terms, terms_in)
}

fn terms_in(exchange: &ExchangePart<'_>) -> Terms {
    Terms {
        giver: AssociationNumber(exchange.giver),
        receiver: AssociationNumber(exchange.receiver),
        minutes: Minutes::new(exchange.minutes),
        service_date: exchange.date,
        skill: exchange.skill.map(SkillNumber),
    }
}
