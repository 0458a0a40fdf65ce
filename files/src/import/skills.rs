//! The catalogue of skills, and what its entries are in public lists.

use ledger::{
    brought_in::BroughtIn,
    command::Command,
    content, name,
    skill::{Alignment, Framework},
};
use store::StoreError;

use super::plan::{Asked, Plan};
use crate::table::Row;

/// A line per skill and list; a line without a list only names the skill.
pub(super) async fn read(plan: &mut Plan<'_>) -> Result<(), StoreError> {
    // What a line says may be said, changed, and said again: its key counts the acts before it.
    let next = plan.network.store.head(plan.network.network_id).await?.0.next;
    for row in &plan.table.rows {
        let Some(wanted) = plan.filled(row, "skill") else {
            plan.problem(row.line, missing(plan, plan.language().pick("compétence", "skill")));
            continue;
        };
        let entry = match entry(plan, row) {
            Ok(entry) => entry,
            Err(problem) => {
                plan.problem(row.line, problem);
                continue;
            }
        };
        let folded = name::fold(wanted);
        let known = plan.network.registry.skills().iter().find(|skill| name::fold(&skill.name) == folded);
        let is_known = |(framework, alignment): &(Framework, Alignment)| {
            known.is_some_and(|skill| skill.alignments.get(framework) == Some(alignment))
        };
        let (is_new, says_more) = (known.is_none(), entry.as_ref().is_some_and(|entry| !is_known(entry)));
        if !is_new && !says_more {
            plan.known_lines += 1;
            continue;
        }
        let Some(skill) = plan.skill(row) else { continue };
        if let Some((framework, alignment)) = entry {
            let asked = BroughtIn::Alignment { skill: &folded, framework, next };
            let content = content::alignment(&alignment);
            let command = Command::AlignSkill { skill, framework, alignment: Some(alignment) };
            plan.ask(row.line, &asked, &[&content], command);
        } else {
            match plan.take_preparation(&folded) {
                Some(request) => {
                    plan.requests.push(Asked { line: row.line, request });
                }
                None => plan.known_lines += 1,
            }
        }
    }
    Ok(())
}

/// The entry of a list that a line names, if it names one.
fn entry(plan: &Plan<'_>, row: &Row) -> Result<Option<(Framework, Alignment)>, String> {
    let language = plan.language();
    let missing = |column| missing(plan, column);
    let Some(list) = plan.filled(row, "framework") else {
        return match plan.filled(row, "code") {
            None => Ok(None),
            Some(_) => Err(missing(language.pick("liste", "framework"))),
        };
    };
    let framework = Framework::try_from(list.to_uppercase().as_str()).map_err(|_| {
        language.pick(
            format!("liste inconnue : « {list} » ; ESCO ou ROME conviendrait"),
            format!("unknown list: “{list}”; ESCO or ROME would fit"),
        )
    })?;
    let code = plan.filled(row, "code").ok_or_else(|| missing("code"))?.to_owned();
    let url = plan.filled(row, "url").or_else(|| framework.address(&code));
    let url = url.ok_or_else(|| missing(language.pick("adresse", "url")))?.to_owned();
    let label = plan.filled(row, "label").ok_or_else(|| missing(language.pick("libellé", "label")))?.to_owned();
    let version = plan.filled(row, "version").ok_or_else(|| missing("version"))?.to_owned();
    Ok(Some((framework, Alignment { code, name: label, url, version })))
}

fn missing(plan: &Plan<'_>, column: &str) -> String {
    plan.language().pick(format!("il manque « {column} » à cette ligne"), format!("this line has no “{column}”"))
}
