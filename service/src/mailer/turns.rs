//! Sees to the letters of one network after the other.

use std::time::Duration;

use chrono::TimeDelta;
use ledger::{ActNumber, Language, NetworkId};
use store::{Bounce, MailEnd, MailKind, MailerLease, StoreError};

use super::{
    due::because_of,
    gathering::Bundle,
    letters::{Desk, Writing},
    recipient::{Correspondent, Reach},
};
use crate::{
    app::App,
    directory::Known,
    mail::NotSent,
    operation::{logs, moment::instant},
    place,
    sign_in::address,
};

/// So long a network has its turn before others may.
const TURN: Duration = Duration::from_secs(20);
/// A network is this process's for a turn, the last letter of it, and so much longer.
const SPARE: Duration = Duration::from_secs(40);
/// So often it is looked for reminders and digests.
const LOOK_AROUND: TimeDelta = TimeDelta::minutes(10);
/// So often it is looked for acts that another process wrote.
const LOOK: Duration = Duration::from_secs(1);
/// So many acts are read at once.
const ACTS: u32 = 200;
/// So many letters are: those to one person about one association become one.
const LETTERS: u32 = 500;
/// After so many minutes a letter that did not leave is tried again; after the last of them it is given up.
const PAUSES_MINUTES: [i64; 8] = [1, 5, 15, 60, 240, 720, 1_440, 1_440];

/// Runs until the service ends; not at all where no mail is sent.
pub async fn run(app: App) {
    if !app.postman.is_set() {
        return;
    }
    let mut news = app.news.subscribe();
    let mut last = None;
    loop {
        let began = instant();
        match turn(&app, last).await {
            Ok(Some(network)) => last = Some(network),
            Ok(None) => {
                let looking = began.elapsed();
                let _ = tokio::time::timeout(LOOK, news.changed()).await;
                // Acts come many at a time: one look for all of them. However many networks there are, to look takes a
                // tenth of the time.
                tokio::time::sleep(Duration::from_millis(200).max(9 * looking)).await;
            }
            Err(error) => {
                logs::fault(&error.in_words(Language::English));
                tokio::time::sleep(LOOK).await;
            }
        }
    }
}

/// Sees to all that is due now, and comes back.
///
/// # Errors
/// When the database does not answer or a row cannot be true.
pub async fn see_to_all(app: &App) -> Result<(), StoreError> {
    let mut last = None;
    while let Some(network) = turn(app, last).await? {
        last = Some(network);
    }
    Ok(())
}

/// Gives a network its turn, if there is one to which something is due; which one it was.
async fn turn(app: &App, last: Option<NetworkId>) -> Result<Option<NetworkId>, StoreError> {
    let now = app.now();
    // To connect and to hand over may each take as long as a server is given.
    let lease = TURN + 2 * app.postman.patience() + SPARE;
    let lease = TimeDelta::from_std(lease).unwrap_or(TimeDelta::MAX);
    let Some(mut lease) = app.store.lease_mailer(last, now, lease, now - LOOK_AROUND).await? else { return Ok(None) };
    let seen_to = see_to(app, &mut lease).await;
    app.store.release_mailer(&lease).await?;
    seen_to.map(|()| Some(lease.network))
}

async fn see_to(app: &App, lease: &mut MailerLease) -> Result<(), StoreError> {
    let Some(known) = app.directory.network(&app.store, lease.network).await? else { return Ok(()) };
    let began = instant();
    while began.elapsed() < TURN {
        if !read_acts(app, &known, lease).await? {
            break;
        }
    }
    // Read after the acts, so that whatever they did to persons and roles is known.
    let desk = desk(app, &known).await?;
    let now = app.now();
    if lease.looked_at < now - LOOK_AROUND {
        let mut due = desk.reminders(now).await?;
        due.extend(desk.digests(now).await?);
        lease.looked_at = now;
        if !app.store.write_mail(lease, &due, now).await? {
            return Ok(());
        }
    }
    loop {
        let due = app.store.mail_due(lease.network, app.now(), LETTERS).await?;
        if due.is_empty() {
            return Ok(());
        }
        for bundle in desk.bundles(due).await? {
            if began.elapsed() > TURN {
                return Ok(());
            }
            let end = send(&desk, &bundle).await?;
            // Whoever lost the lease lets the letters be.
            if !app.store.note_mails(lease, &bundle.mails, &end, app.now()).await? {
                return Ok(());
            }
        }
    }
}

/// Reads acts for the letters that they make due. Returns whether there may be more.
async fn read_acts(app: &App, known: &Known, lease: &mut MailerLease) -> Result<bool, StoreError> {
    let acts = app.store.acts_from(lease.network, lease.next_act, ACTS).await?;
    let Some(last) = acts.last() else { return Ok(false) };
    let registry = known.refreshed(&app.store).await?;
    let now = app.now();
    lease.next_act = ActNumber(last.number.0 + 1);
    let mut due = Vec::new();
    for act in &acts {
        due.extend(because_of(act, &registry, now)?);
    }
    app.store.write_mail(lease, &due, now).await
}

async fn desk<'a>(app: &'a App, known: &'a Known) -> Result<Desk<'a>, StoreError> {
    let registry = known.refreshed(&app.store).await?;
    Ok(Desk { app, known, registry, prefix: place::prefix_of(&app.store, known.id).await? })
}

/// Writes a letter, or several as one, and sends it.
async fn send(desk: &Desk<'_>, Bundle { mails, lines }: &Bundle) -> Result<MailEnd, StoreError> {
    let Desk { app, known, .. } = desk;
    let Some(mail) = mails.first() else { return Ok(MailEnd::Dropped) };
    let person = mail.key.person;
    let to = Correspondent::find(&app.store, known.id, person).await?;
    let address = match &to.reach {
        Reach::At(address) => address,
        // What waits for somebody who is not reached is on the coordinator's list.
        Reach::NoAddress | Reach::Bounces { .. } => return Ok(MailEnd::Dropped),
    };
    let setting = app.store.mail_setting(known.id, person).await?;
    let writing = Writing { key: mail.key, to: &to, address, sentences: desk.sentences(setting.language) };
    let letter = if lines.is_empty() {
        match mail.key.kind {
            MailKind::Act | MailKind::FirstReminder | MailKind::SecondReminder | MailKind::LastReminder => {
                desk.about_act(&writing).await?
            }
            MailKind::Digest => desk.digest(&writing, &setting).await?,
        }
    } else {
        desk.gathered(&writing, lines)
    };
    let Some(letter) = letter else { return Ok(MailEnd::Dropped) };
    match app.postman.deliver(&letter).await {
        Ok(()) => Ok(MailEnd::Sent),
        Err(NotSent::NoMail) => Ok(MailEnd::Dropped),
        Err(NotSent::LetterRefused(why)) => {
            logs::fault(&format!("a letter was refused: {why}"));
            Ok(MailEnd::Refused(why))
        }
        Err(NotSent::AddressRefused(why)) => {
            let bounce = Bounce { address: address::hash(address), by: None, reason: why.clone(), at: app.now() };
            app.store.note_bounce(known.id, person, &bounce).await?;
            Ok(MailEnd::Refused(why))
        }
        Err(NotSent::NotNow(why)) => {
            let pause = usize::try_from(mail.attempts).ok().and_then(|tried| PAUSES_MINUTES.get(tried));
            Ok(match pause {
                Some(minutes) => MailEnd::TryAgain(app.now() + TimeDelta::minutes(*minutes), why),
                None => {
                    logs::fault(&format!("a letter was given up: {why}"));
                    MailEnd::Refused(why)
                }
            })
        }
    }
}
