//! Signing in by mail: a link that works once, for twenty minutes, and six digits for whoever reads mail on another device.
//!
//! Whoever types an address is answered the same, in the same time, whether it is known or not: everything that depends on
//! it happens beside the request. The digits are good in the browser alone that asked, whose secret stands in a cookie, and
//! only five may be tried; once many were wrong at an address, its next mails have the link alone, so that nobody who
//! guesses keeps its owner out.

use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use ledger::{Digest, Language, PersonNumber};
use store::{Bounce, MailSignIn, NewMailSignIn};
use tokio::task::JoinHandle;

use super::{
    address,
    coming::{Coming, Entered},
};
use crate::{
    app::App,
    directory::Known,
    mail::{Letter, Part, Recipient},
    operation::{logs, moment::instant},
    place,
    problem::Problem,
    secret::{self, Secret},
    source::Source,
};

/// So long a link and its digits work.
const MINUTES: i64 = 20;
/// So many mails an hour go to an address, and from a network to all of them.
const MAILS_TO_ADDRESS_MOST: usize = 5;
const MAILS_OF_NETWORK_MOST: usize = 600;
/// After so many wrong digits in a day an address gets links alone: of a million combinations, fifty years of such days
/// come upon one with a chance of a quarter.
const WRONG_CODES_MOST: i64 = 15;
/// The path of the page that takes a link, up to the link's secret.
const PAGE: &str = "/sign-in/link/";
/// Wrong digits are told no earlier than this.
const WRONG_AFTER: Duration = Duration::from_millis(400);

/// What somebody asks who wants a mail.
#[derive(Debug)]
pub struct Asking<'a> {
    /// The network that they want to come into.
    pub known: &'a Arc<Known>,
    /// Where they ask.
    pub source: Source,
    /// The address, as they type it.
    pub address: &'a str,
    /// The secret of their browser, see [`new_browser`].
    pub browser: &'a str,
    /// What comes after the secret in the link: where one is led once one is in.
    pub query: String,
    /// In which language they read.
    pub language: Language,
}

/// A secret for a browser that asks for the first time.
pub fn new_browser(app: &App, known: &Known) -> String {
    Secret::new(known.id, app.random()).text
}

/// Sends whoever has that address a mail. Nothing where what was typed is no address; else what goes on beside the request,
/// which nobody who answers it waits for.
pub async fn ask(app: &App, asking: Asking<'_>) -> Option<JoinHandle<()>> {
    let address = address::read(asking.address)?;
    let Asking { known, source, browser, query, language, .. } = asking;
    tokio::time::sleep(app.guesses.try_at(&format!("mail {} {address}", known.id), source)).await;
    let asked = Asked { address, browser: browser.to_owned(), query, language };
    let (app, known) = (app.clone(), Arc::clone(known));
    Some(tokio::spawn(async move {
        if let Err(problem) = send(&app, &known, asked).await {
            logs::fault(&format!("a mail to sign in with was not sent: {}", problem.slug()));
        }
    }))
}

/// What is known of whoever asked, once they are answered.
struct Asked {
    address: String,
    browser: String,
    query: String,
    language: Language,
}

async fn send(app: &App, known: &Known, asked: Asked) -> Result<(), Problem> {
    let registry = known.refreshed(&app.store).await?;
    let mut persons = app.store.persons_at_address(known.id, &asked.address).await?;
    persons.retain(|person| registry.person(*person).is_some());
    if persons.is_empty() || !app.postman.is_set() {
        return Ok(());
    }
    let lately = app.store.mails_lately(known.id, &persons, app.now()).await?;
    if lately.of_persons >= MAILS_TO_ADDRESS_MOST || lately.of_network >= MAILS_OF_NETWORK_MOST {
        logs::event("a mail to sign in with was not sent: many were within an hour");
        return Ok(());
    }
    let secret = Secret::new(known.id, app.random());
    let digits = (lately.wrong_codes < WRONG_CODES_MOST).then(|| digits(app.random()));
    let new = NewMailSignIn {
        mail: app.new_name(),
        persons,
        secret: secret.digest,
        browser: browser_digest(&asked.browser),
        code: digits.as_ref().map(|digits| code_digest(&asked.browser, digits)),
        expires_at: app.now() + TimeDelta::minutes(MINUTES),
    };
    app.store.add_mail_sign_in(known.id, &new, app.now()).await?;
    let prefix = place::prefix_of(&app.store, known.id).await?;
    let link = app.postman.link(&format!("{prefix}{PAGE}{}{}", secret.text, asked.query));
    let id = format!("sign-in-{}", new.mail);
    let hash = address::hash(&asked.address);
    let letter = letter(id, asked.address, &known.network.name, &link, digits.as_deref(), asked.language);
    if let Some(reason) = app.postman.send_and_hear(letter).await {
        // Whoever has that address is not reached by it: somebody has to call them.
        for person in new.persons {
            let bounce = Bounce { address: hash, by: None, reason: reason.clone(), at: app.now() };
            app.store.note_bounce(known.id, person, &bounce).await?;
        }
    }
    Ok(())
}

/// The letter: it names nobody, since several persons may have the address.
fn letter(id: String, address: String, network: &str, link: &str, digits: Option<&str>, language: Language) -> Letter {
    let t = |french: &str, english: &str| language.pick(french, english).to_owned();
    let mut parts = vec![
        Part::Text(language.pick(
            format!("Voici votre lien pour entrer dans «\u{a0}{network}\u{a0}». Il vaut {MINUTES}\u{a0}minutes, une seule fois."),
            format!("Here is your link to enter “{network}”. It works for {MINUTES}\u{a0}minutes, once."),
        )),
        Part::Button { words: t("Entrer", "Enter"), address: link.to_owned() },
    ];
    if let Some(digits) = digits {
        parts.push(Part::Text(t(
            "Ou recopiez ces six chiffres sur l’appareil où vous avez demandé ce message\u{a0}:",
            "Or copy these six digits on the device on which you asked for this mail:",
        )));
        parts.push(Part::Code(shown(digits)));
    }
    parts.push(Part::Small(t(
        "Vous n’avez rien demandé\u{a0}? Ne faites rien\u{a0}: sans ce lien, personne n’entre à votre place. Ne le \
         transmettez à personne.",
        "You asked for nothing? Do nothing: without this link nobody enters in your stead. Pass it on to nobody.",
    )));
    Letter {
        id,
        to: Recipient { name: None, address },
        language,
        subject: language
            .pick(format!("Votre lien pour entrer\u{a0}: {network}"), format!("Your link to enter: {network}")),
        parts,
        headers: Vec::new(),
    }
}

/// Who has the address that a link was sent to; nobody where it does not work.
///
/// # Errors
/// When the database does not answer.
pub async fn persons_of_link(app: &App, known: &Known, secret: &str) -> Result<Vec<PersonNumber>, Problem> {
    let mail = mail_of_link(app, known, secret).await?;
    Ok(mail.map(|mail| mail.persons).unwrap_or_default())
}

async fn mail_of_link(app: &App, known: &Known, secret: &str) -> Result<Option<MailSignIn>, Problem> {
    if secret::network_of(secret) != Some(known.id) {
        return Ok(None);
    }
    Ok(app.store.mail_of_link(known.id, secret::digest(secret), app.now()).await?)
}

/// Comes in with a link, as that person where several have the address.
///
/// # Errors
/// When the database does not answer.
pub async fn enter_with_link(
    app: &App,
    known: &Known,
    secret: &str,
    person: Option<PersonNumber>,
    coming: Coming<'_>,
) -> Result<Entered, Problem> {
    match mail_of_link(app, known, secret).await? {
        Some(mail) => enter(app, known, &mail, person, coming).await,
        None => Ok(Entered::DoesNotWork),
    }
}

/// Comes in with the digits of a mail that this browser asked for, as that person where several have the address.
///
/// # Errors
/// When the database does not answer.
pub async fn enter_with_code(
    app: &App,
    source: Source,
    known: &Known,
    (browser, typed): (&str, &str),
    person: Option<PersonNumber>,
    coming: Coming<'_>,
) -> Result<Entered, Problem> {
    let guessed = format!("mail codes of {}", known.id);
    tokio::time::sleep(app.guesses.try_at(&guessed, source)).await;
    let began = instant();
    let digits: String = typed.chars().filter(char::is_ascii_digit).collect();
    let (browser, code) = (browser_digest(browser), code_digest(browser, &digits));
    let entered = match app.store.try_mail_code(known.id, browser, code, app.now()).await? {
        Some(mail) => enter(app, known, &mail, person, coming).await?,
        None => Entered::DoesNotWork,
    };
    match entered {
        Entered::In(_) | Entered::Again | Entered::Who(_) => app.guesses.was_right(&guessed, source),
        // Who asked with an address that nobody has learns nothing of it here.
        Entered::DoesNotWork => tokio::time::sleep(WRONG_AFTER.saturating_sub(began.elapsed())).await,
    }
    Ok(entered)
}

async fn enter(
    app: &App,
    known: &Known,
    mail: &MailSignIn,
    person: Option<PersonNumber>,
    coming: Coming<'_>,
) -> Result<Entered, Problem> {
    let person = match coming.who(&mail.persons, person) {
        Ok(person) => person,
        Err(entered) => return Ok(entered),
    };
    if known.refreshed(&app.store).await?.person(person).is_none() {
        return Ok(Entered::DoesNotWork);
    }
    let writing = coming.writing(app, known, person, None);
    if app.store.use_mail(known.id, mail.mail, person, &writing.opens(), app.now()).await? {
        writing.done(app, known).await
    } else {
        Ok(Entered::DoesNotWork)
    }
}

/// Six digits from random bytes, each combination as likely as any other but for one in 10¹³.
fn digits(random: [u8; 32]) -> String {
    let number = random.into_iter().take(8).fold(0_u64, |number, byte| (number << 8) | u64::from(byte));
    format!("{:06}", number % 1_000_000)
}

/// Digits as they are read.
fn shown(digits: &str) -> String {
    let (front, back) = digits.split_at(digits.len() / 2);
    format!("{front} {back}")
}

fn browser_digest(browser: &str) -> Digest {
    secret::digest(&format!("browser {browser}"))
}

/// Whoever reads the database and not the browser's secret finds no digits by trying all of them.
fn code_digest(browser: &str, digits: &str) -> Digest {
    secret::digest(&format!("mail code {browser} {digits}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_six_and_read_in_threes() {
        for (random, drawn, read) in [(0, "000000", "000 000"), (1, "076673", "076 673"), (255, "551615", "551 615")] {
            let digits = digits([random; 32]);
            assert_eq!(digits, drawn);
            assert_eq!(shown(&digits), read);
        }
    }

    #[test]
    fn a_letter_says_what_it_opens_and_names_nobody() {
        let letter = |digits, language| {
            letter(
                "sign-in-1".to_owned(),
                "ana@example.org".to_owned(),
                "Entraide du pays",
                "https://e.fr/x",
                digits,
                language,
            )
        };
        insta::assert_snapshot!(letter(Some("042917"), Language::French).text().replace('\u{a0}', "~"), @r"
        Voici votre lien pour entrer dans «~Entraide du pays~». Il vaut 20~minutes, une seule fois.

        Entrer
        https://e.fr/x

        Ou recopiez ces six chiffres sur l’appareil où vous avez demandé ce message~:

            042 917

        Vous n’avez rien demandé~? Ne faites rien~: sans ce lien, personne n’entre à votre place. Ne le transmettez à personne.
        ");
        let without = letter(None, Language::English).text();
        assert!(!without.contains("digits"), "{without}");
    }
}
