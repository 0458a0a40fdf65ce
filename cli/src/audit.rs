//! `audit`: everything recomputed from the acts, and held against what the database says.

use clap::{ArgMatches, Command};
use ledger::{Language, audit::Check};
use serde_json::json;
use store::{AuditReport, SealError};

use crate::{
    arguments,
    failure::Failure,
    for_ever::sealed_digests,
    report::{Align, Table, count, more, print_json},
    session::{Session, wants_json},
};

pub(crate) fn arguments(language: Language) -> Command {
    let t = |french: &'static str, english: &'static str| language.pick(french, english);
    arguments::ledger_verb(
        "audit",
        "controler",
        t("Recalcule tout depuis les actes et compare", "Recomputes everything from the acts and compares"),
        "coudemain audit",
        language,
    )
    .arg(arguments::keys(language))
    .arg(arguments::format(language))
}

pub(crate) async fn run(args: &ArgMatches, language: Language) -> Result<bool, Failure> {
    let session = Session::open(args, language).await?;
    let kept = crate::keys::keyring(args, &session).last_checkpoint().map_err(SealError::from)?;
    let kept = kept.map(|(head, _)| head);
    let report = session.store.audit(session.network_id, kept.as_ref()).await?;
    let signed = session.store.signed_heads(session.network_id, 1).await?.into_iter().next();
    let unkept = signed.filter(|_| kept.is_none()).map(|signed| signed.head.size);
    let digests = session.store.sealed_file_digests(session.network_id).await?;
    if wants_json(args) {
        print_json(&as_json(&report, (digests, unkept), language))?;
    } else {
        say!("{}", as_table(&report, language));
        say_line!("\n{}", verdict(&session.network.name, &report, language));
        for told in unkept.map(|size| nothing_kept(size, language)).into_iter().chain(sealed_digests(digests, language))
        {
            say_line!("{told}");
        }
    }
    Ok(report.findings.is_ok())
}

/// Against what the database was held alone: nothing outside of it tells whether its end is there.
fn nothing_kept(size: u64, language: Language) -> String {
    language.pick(
        format!("Le dernier point signé n'est pas gardé près des clés, alors que la base en connaît un de taille {size} : rien ici ne dirait si elle a perdu des actes signés depuis. « coudemain journal rouvrir » le remet à sa place, ou dit la perte."),
        format!("The last signed head is not kept beside the keys, though the database knows of one of size {size}: nothing here would tell whether it lost acts that were signed since. “coudemain log reopen” puts it back, or names the loss."),
    )
}

/// One sentence: everything agrees, or how much does not.
pub(crate) fn verdict(network: &str, report: &AuditReport, language: Language) -> String {
    let exchanges = usize::try_from(report.exchanges).unwrap_or(usize::MAX);
    let exchanges = count(exchanges, language, ("échange", "échanges"), ("exchange", "exchanges"));
    let acts =
        count(usize::try_from(report.log_size).unwrap_or_default(), language, ("acte", "actes"), ("act", "acts"));
    if report.findings.is_ok() {
        return language.pick(
            format!("{network} : {exchanges}, {acts}, tout concorde, pas une minute ne manque."),
            format!("{network}: {exchanges}, {acts}, everything agrees, not a minute is missing."),
        );
    }
    let problems: u64 = Check::ALL.iter().map(|check| report.findings.result(*check).problem_count).sum();
    let problems = usize::try_from(problems).unwrap_or(usize::MAX);
    let problems = count(problems, language, ("anomalie", "anomalies"), ("problem", "problems"));
    language.pick(
        format!("{network} : {problems}. La base a été modifiée en dehors du programme ; gardez-la et repartez d'une sauvegarde."),
        format!("{network}: {problems}. The database was changed outside of the program; keep it, and go back to a backup."),
    )
}

fn as_table(report: &AuditReport, language: Language) -> String {
    let mut table = Table::new(&[
        ("", Align::Left),
        (language.pick("Contrôle", "Check"), Align::Left),
        (language.pick("Vérifiés", "Checked"), Align::Right),
    ]);
    let mut problems = String::new();
    for check in Check::ALL {
        let result = report.findings.result(check);
        let mark = if result.problem_count == 0 { "✓" } else { "✗" };
        table.row(vec![mark.to_owned(), check.in_words(language).to_owned(), result.checked.to_string()]);
        problems.extend(result.problems.iter().map(|problem| format!("  ✗ {}\n", problem.in_words(language))));
        let unlisted = result.problem_count - result.problems.len() as u64;
        if unlisted > 0 {
            problems.push_str(&format!("  ✗ … {} {}\n", language.pick("et", "and"), more(unlisted, language)));
        }
    }
    format!("{table}{}{problems}", if problems.is_empty() { "" } else { "\n" })
}

fn as_json(report: &AuditReport, (digests, unkept): (u64, Option<u64>), language: Language) -> serde_json::Value {
    let checks: Vec<_> = Check::ALL
        .into_iter()
        .map(|check| {
            let result = report.findings.result(check);
            let problems: Vec<_> = result.problems.iter().map(|problem| problem.in_words(language)).collect();
            json!({
                "name": check.name(),
                "ok": result.problem_count == 0,
                "checked": result.checked,
                "problems": problems,
            })
        })
        .collect();
    json!({
        "ok": report.findings.is_ok(),
        "checks": checks,
        "exchanges": report.exchanges,
        "sealed_file_digests": digests,
        "signed_and_not_kept": unkept,
        "log": { "size": report.log_size, "root": report.log_root.to_hex() },
    })
}
