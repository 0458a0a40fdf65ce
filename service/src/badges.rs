//! Badges of what was recognised and accepted. They are made as soon as that is known, where the network's keys are on this
//! service; elsewhere they wait for whoever has the keys.

use files::{error::FileError, passport, signer::Signer};
use ledger::{
    Language, NetworkId, PersonNumber,
    command::{By, Capacity, Principal},
    keyring::Keyring,
};
use store::SealError;
use uuid::Uuid;

use crate::{
    app::App,
    credential_key::credential_key,
    directory::Known,
    opened::{Maker, open},
    operation::logs,
    problem::Problem,
};

/// Whether badges of this network are made here: its key is, and its log can be signed. With a key that cannot be used they
/// are not, which is for whoever runs the service.
///
/// # Errors
/// When the database does not answer.
pub async fn are_made_here(app: &App, known: &Known) -> Result<bool, Problem> {
    let Some(keys) = &app.config.keys else { return Ok(false) };
    let keyring = Keyring::new(keys, known.network.uuid);
    let asked = async {
        let has_key = credential_key(&app.store, known.id, &keyring).await?.is_some();
        Ok(has_key && app.store.can_sign(known.id, &keyring).await?)
    };
    match asked.await {
        Ok(are) => Ok(are),
        Err(SealError::Store(error)) => Err(Problem::of_store(&error)),
        Err(error) => {
            logs::fault(&format!("no badge can be made: {}", error.in_words(Language::English)));
            Ok(false)
        }
    }
}

/// Makes the badges that a person waits for, where the keys are here. What fails is for whoever runs the service, and is
/// tried again every minute: what was accepted stays accepted.
pub async fn make_soon(app: &App, known: &Known, person: PersonNumber) {
    let Some(keys) = &app.config.keys else { return };
    let keyring = Keyring::new(keys, known.network.uuid);
    if let Err(error) = make(app, known, &keyring, &[person]).await {
        tell(known.network.uuid, &error);
    }
}

/// Makes all badges that somebody waits for.
pub(crate) async fn make_due(app: &App, keyring: &Keyring, network: NetworkId, uuid: Uuid) {
    let due = async {
        if !keyring.folder().is_dir() {
            return Ok(());
        }
        let persons = app.store.who_awaits_badges(network).await?;
        if persons.is_empty() {
            return Ok(());
        }
        let Some(known) = app.directory.network(&app.store, network).await? else { return Ok(()) };
        make(app, &known, keyring, &persons).await
    };
    if let Err(error) = due.await {
        tell(uuid, &error);
    }
}

async fn make(app: &App, known: &Known, keyring: &Keyring, persons: &[PersonNumber]) -> Result<(), FileError> {
    let Some((in_use, key)) = credential_key(&app.store, known.id, keyring).await? else { return Ok(()) };
    if !app.store.can_sign(known.id, keyring).await? {
        return Ok(());
    }
    let signer = Signer::of(key, in_use.issuer());
    // Whoever was added just now is in it too.
    let registry = known.refreshed(&app.store).await?;
    let by = By { principal: Principal::Operator, capacity: Capacity::Coordinator };
    let maker = Maker { by, language: Language::French, remedies: |_, _| "" };
    let open = open(app, known, &registry, maker).await?;
    for person in persons {
        // What is wrong with one person's is no reason for others to wait.
        if let Err(error) = passport::make_badges(&open, keyring, &signer, *person, app.now()).await {
            tell(known.network.uuid, &error);
        }
    }
    Ok(())
}

fn tell(network: Uuid, error: &FileError) {
    match error {
        FileError::Store(error) | FileError::Seal(SealError::Store(error)) if error.is_passing() => {}
        error => logs::fault(&format!("badges of {network} were not made: {}", error.in_words(Language::English))),
    }
}
