//! What is particular to a statement: that its figures add up, and that the log says the same.

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::{
    histories::hold_against_others,
    log,
    report::{Headline, Kind, Report, Verdict},
    status, succession,
    trust::Trust,
};
use crate::{
    Digest, Language,
    checkpoint::{Checkpoint, InclusionProof},
    integrity::instant,
    leaf::Leaf,
    note::{Note, NoteVerdict, VerifierKey},
    statement::{AccountProof, Binding, CONTEXT_URL, CREDENTIALS_CONTEXT, Figures, context_digest, digests_from},
};

/// Checks a statement whose signature was looked at already.
pub(super) fn verify(report: &mut Report, document: &Value, trust: &Trust, now: DateTime<Utc>) {
    let figures: Figures = match serde_json::from_value(document["credentialSubject"].clone()) {
        Ok(figures) => figures,
        Err(error) => {
            report.say(
                Verdict::Fails,
                "form",
                format!("les chiffres du relevé ne se lisent pas : {error}"),
                format!("the statement's figures cannot be read: {error}"),
            );
            return;
        }
    };
    let terms = &document["@context"];
    let is_ours = terms == &serde_json::json!([CREDENTIALS_CONTEXT, CONTEXT_URL])
        && document["relatedResource"][0]["digestSRI"].as_str() == Some(&context_digest());
    report.judge(
        is_ours,
        "terms",
        ("les termes sont ceux que ce programme connaît", "the terms are those that this program knows"),
        ("les termes (@context) ne sont pas ceux d'un relevé", "the terms (@context) are not those of a statement"),
    );
    match figures.first_disagreement() {
        None => report.say(Verdict::Holds, "arithmetic", "les chiffres s'additionnent", "the figures add up"),
        Some(part) => report.say(
            Verdict::Fails,
            "arithmetic",
            format!("les chiffres ne s'additionnent pas : {}", part.in_words(Language::French)),
            format!("the figures do not add up: {}", part.in_words(Language::English)),
        ),
    }
    if report.kind == Kind::ProvisionalStatement {
        report.say_headline(
            Verdict::Unknown,
            Headline::Provisional,
            "binding",
            "relevé provisoire : l'exercice n'est pas clos, ces chiffres peuvent changer",
            "provisional: the year is not closed, these figures may change",
        );
        return;
    }
    match serde_json::from_value::<Binding>(document["logBinding"].clone()) {
        Ok(binding) => bound(report, (document, &figures), &binding, (trust, now)),
        Err(error) => report.say(
            Verdict::Fails,
            "binding",
            format!("le lien avec le journal ne se lit pas : {error}"),
            format!("the binding to the log cannot be read: {error}"),
        ),
    }
    status::verify(report, document, trust, now);
    succession::verify(report, (document, &figures), (trust, now));
    if let Some(at) = instant(document["validFrom"].as_str()) {
        report.title = format!("{} ({})", report.title, crate::key::instant_text(at));
    }
}

fn bound(
    report: &mut Report,
    (document, figures): (&Value, &Figures),
    binding: &Binding,
    (trust, now): (&Trust, DateTime<Utc>),
) {
    let fails =
        |report: &mut Report, french: &str, english: &str| report.say(Verdict::Fails, "binding", french, english);
    let (Some(proof), Some(key)) =
        (InclusionProof::parse(&binding.closing_proof), VerifierKey::parse(&binding.log_key))
    else {
        return fails(report, "la preuve d'inclusion est illisible", "the proof of inclusion is unreadable");
    };
    let Some(head) = Checkpoint::parse(&proof.checkpoint.text) else {
        return fails(report, "le point de contrôle est illisible", "the checkpoint is unreadable");
    };
    if !log::signatures(report, &proof.checkpoint, &head, (trust, now), Some(&key)) {
        return;
    }
    if !log::is_log_of_issuer(report, document, trust, &key) {
        return;
    }
    if !proof.holds(binding.closing_leaf.as_bytes()) {
        return fails(report, "l'acte de clôture n'est pas dans le journal", "the closing act is not in the log");
    }
    let Some((closing_year, root)) = closing_of(&binding.closing_leaf, document, proof.index) else {
        return fails(report, "cet acte n'est pas la clôture de l'exercice", "this act is not the closing of the year");
    };
    let nothing = serde_json::json!({"opening": 0, "closing": 0, "totals": {}});
    let account = binding.account.as_ref().map_or(Some(nothing), |account| account_of(account, root));
    let engaged = binding.engaged.as_ref().map(|engaged| account_of(engaged, root));
    let (Some(account), true) = (account, engaged.as_ref().is_none_or(Option::is_some)) else {
        return fails(
            report,
            "les totaux du compte ne mènent pas à la clôture scellée",
            "the account's totals do not lead to the sealed closing",
        );
    };
    let engaged = engaged.flatten();
    let number = figures.id.rsplit(':').next().and_then(|number| number.parse::<i64>().ok());
    let is_own = account["account"].as_i64() == number && account["book"] == "exchange";
    let is_this_account = number.is_some()
        && (is_own || binding.account.is_none())
        && engaged.as_ref().is_none_or(|engaged| {
            engaged["account"].as_i64() == number.and_then(i64::checked_neg) && engaged["book"] == "engagement"
        });
    report.judge(
        is_this_account && closing_year == figures.year && figures.agrees_with(&account, engaged.as_ref()),
        "binding",
        (
            "les totaux sont ceux que la clôture de l'exercice a scellés dans le journal",
            "the totals are those that closing the year sealed in the log",
        ),
        (
            "les totaux ne sont pas ceux que la clôture de l'exercice a scellés",
            "the totals are not those that closing the year sealed",
        ),
    );
    if let Some(previous) = &binding.previous {
        extends(report, &previous.checkpoint, &previous.consistency, &head, &key);
    }
    hold_against_others(report, &head, trust, Some(&key));
}

/// The year and the root of the closing act, if the leaf is one of this network.
fn closing_of(leaf: &str, document: &Value, index: u64) -> Option<(i32, Digest)> {
    let leaf = Leaf::parse(leaf).ok()?;
    let network = leaf.network.to_string();
    let is_ours = document["credentialSubject"]["id"].as_str()?.starts_with(&format!("urn:coudemain:{network}:"));
    let closing = leaf.closing.as_ref()?;
    (is_ours && u64::try_from(leaf.number) == Ok(index)).then_some((closing.year, closing.root.0))
}

/// An account's totals as the log committed to them, if they lead to the root.
fn account_of(proof: &AccountProof, root: Digest) -> Option<Value> {
    let account = crate::json::parse(proof.leaf.as_bytes()).ok()?;
    proof.leads_to(root).then_some(account)
}

/// The head that was signed before is shown to be a beginning of this one.
fn extends(report: &mut Report, previous: &str, consistency: &[String], head: &Checkpoint, key: &VerifierKey) {
    let old = Note::parse(previous).filter(|note| {
        // The key may have changed since; then the earlier signature bears the same name and is another key's.
        !matches!(note.verdict(key), NoteVerdict::Wrong)
    });
    let old = old.and_then(|note| Checkpoint::parse(&note.text));
    let hashes = digests_from(consistency);
    let holds = old.zip(hashes).is_some_and(|(old, hashes)| {
        old.origin == head.origin && crate::log::extends((old.size, old.root), (head.size, head.root), &hashes)
    });
    report.judge(
        holds,
        "consistency",
        ("le journal prolonge le point de contrôle précédent", "the log goes on from the checkpoint before"),
        (
            "le journal ne prolonge pas le point de contrôle précédent",
            "the log does not go on from the checkpoint before",
        ),
    );
}
