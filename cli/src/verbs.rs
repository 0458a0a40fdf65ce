//! What the command can do: every verb once, in the order in which help shows them.

use std::future::ready;

use crate::{
    audit, backup, balance, bench, close, demo, exchange, export, history, import, init, keys, licences, log, member,
    passport, person, policy, reconcile, restore, serve, statement, todo, token, transfer, verb::Verb, verify,
};

/// The verbs.
pub(crate) const VERBS: [Verb; 26] = [
    Verb { arguments: demo::arguments, run: |args, language| Box::pin(demo::run(args, language)) },
    Verb { arguments: init::arguments, run: |args, language| Box::pin(init::run(args, language)) },
    Verb { arguments: import::arguments, run: |args, language| Box::pin(import::run(args, language)) },
    Verb { arguments: balance::arguments, run: |args, language| Box::pin(balance::run(args, language)) },
    Verb { arguments: history::arguments, run: |args, language| Box::pin(history::run(args, language)) },
    Verb { arguments: todo::arguments, run: |args, language| Box::pin(todo::run(args, language)) },
    Verb { arguments: exchange::arguments, run: |args, language| Box::pin(exchange::run(args, language)) },
    Verb { arguments: member::arguments, run: |args, language| Box::pin(member::run(args, language)) },
    Verb { arguments: transfer::arguments, run: |args, language| Box::pin(transfer::run(args, language)) },
    Verb { arguments: policy::arguments, run: |args, language| Box::pin(policy::run(args, language)) },
    Verb { arguments: close::arguments, run: |args, language| Box::pin(close::run(args, language)) },
    Verb { arguments: audit::arguments, run: |args, language| Box::pin(audit::run(args, language)) },
    Verb { arguments: export::arguments, run: |args, language| Box::pin(export::run(args, language)) },
    Verb { arguments: backup::arguments, run: |args, language| Box::pin(backup::run(args, language)) },
    Verb { arguments: restore::arguments, run: |args, language| Box::pin(restore::run(args, language)) },
    Verb { arguments: serve::arguments, run: |args, language| Box::pin(serve::run(args, language)) },
    Verb { arguments: token::arguments, run: |args, language| Box::pin(token::run(args, language)) },
    Verb { arguments: bench::arguments, run: |args, language| Box::pin(bench::run(args, language)) },
    Verb { arguments: keys::arguments, run: |args, language| Box::pin(keys::run(args, language)) },
    Verb { arguments: log::arguments, run: |args, language| Box::pin(log::run(args, language)) },
    Verb { arguments: verify::arguments, run: |args, language| Box::pin(ready(verify::run(args, language))) },
    Verb { arguments: statement::arguments, run: |args, language| Box::pin(statement::run(args, language)) },
    Verb { arguments: passport::arguments, run: |args, language| Box::pin(passport::run(args, language)) },
    Verb { arguments: person::arguments, run: |args, language| Box::pin(person::run(args, language)) },
    Verb { arguments: reconcile::arguments, run: |args, language| Box::pin(reconcile::run(args, language)) },
    Verb { arguments: licences::arguments, run: |args, language| Box::pin(ready(licences::run(args, language))) },
];
