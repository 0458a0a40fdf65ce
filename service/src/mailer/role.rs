//! Whoever is given a role is told what they may do now, and how they come in.

use ledger::{
    AssociationNumber, PersonNumber,
    command::{Command, Principal},
    person::Role,
};
use store::Receipt;

use super::{
    recipient::{Correspondent, Reach},
    sentences::Sentences,
};
use crate::{
    app::App,
    asked::Asked,
    caller::Caller,
    mail::{Letter, Part},
    place,
    problem::Problem,
};

/// Gives somebody a role, and tells them with a letter that leads to the way in; whoever has no address that takes
/// letters gets a card from the coordinator.
///
/// # Errors
/// When the ledger refuses, or the database does not answer.
pub async fn grant(
    app: &App,
    caller: &Caller,
    asked: &Asked,
    person: PersonNumber,
    role: Role,
) -> Result<Receipt, Problem> {
    let receipt = app.write(caller, asked, Command::GrantRole { person, role }).await?;
    let did_it = caller.access.principal == Principal::Person(person);
    if !receipt.is_repeat && !did_it && app.postman.is_set() {
        let to = Correspondent::find(&app.store, caller.known.id, person).await?;
        if let Reach::At(address) = &to.reach {
            let setting = app.store.mail_setting(caller.known.id, person).await?;
            let sentences = Sentences::new(setting.language, caller.known.network.day_of(app.now()));
            let way_in = format!("{}/sign-in", place::prefix_of(&app.store, caller.known.id).await?);
            let (subject, parts) = said(caller, sentences, &to, role, app.postman.link(&way_in));
            // Where there is no room for it, the person finds the role when they sign in.
            app.postman.send(Letter {
                id: format!("role.{}", caller.name(receipt.act.0)),
                to: to.recipient(address),
                language: sentences.language(),
                subject,
                parts,
                headers: Vec::new(),
            });
        }
    }
    Ok(receipt)
}

fn said(caller: &Caller, sentences: Sentences, to: &Correspondent, role: Role, way_in: String) -> (String, Vec<Part>) {
    let network = caller.known.network.name.as_str();
    let name_of = |own: AssociationNumber| caller.name_of(own);
    let (giver, key) = match role {
        Role::Delegate(own) => (name_of(own), "mail-role-delegate"),
        Role::Administrator(own) => (name_of(own), "mail-role-administrator"),
        Role::Coordinator => (network.to_owned(), "mail-role-coordinator"),
        Role::Mediator => (network.to_owned(), "mail-role-mediator"),
        Role::Auditor => (network.to_owned(), "mail-role-auditor"),
    };
    let with = [("giver", giver.as_str()), ("network", network)];
    let parts = vec![
        sentences.hello(to.first_name()),
        sentences.text(key, &with),
        Part::Button { words: sentences.say("mail-role-enter", &[]), address: way_in },
        sentences.small("mail-role-why", &with),
    ];
    (sentences.say("mail-role-subject", &with), parts)
}
