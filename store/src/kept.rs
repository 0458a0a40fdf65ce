//! What is kept beside the ledger, one file a subject: nothing here is an act.

pub(crate) mod notebooks;
pub(crate) mod tokens;
pub(crate) mod sign_in;
pub(crate) mod mail_sign_in;
pub(crate) mod cards;
pub(crate) mod founding;
pub(crate) mod demo;
pub(crate) mod joining;
pub(crate) mod askers;
pub(crate) mod applications;
pub(crate) mod sign_ups;
pub(crate) mod notices;
pub(crate) mod webhooks;
pub(crate) mod mail;
pub(crate) mod mail_links;
pub(crate) mod mail_settings;
pub(crate) mod backups;
pub(crate) mod access;
pub(crate) mod deliveries;
pub(crate) mod contacts;
pub(crate) mod changes;
pub(crate) mod habits;
pub(crate) mod badges;
pub(crate) mod signing;
