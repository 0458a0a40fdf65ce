//! What every face must agree on about acts: whom one concerns, and who may see it.

use ledger::{ActNumber, AssociationNumber, leaf::Leaf};
use store::SealedAct;
use uuid::Uuid;

use crate::{app::App, caller::Caller, problem::Problem};

/// The associations that an act concerns.
pub fn concerned(leaf: &Leaf<'_>) -> Vec<AssociationNumber> {
    let mut numbers: Vec<i64> = leaf.postings.iter().map(|posting| posting.account).filter(|one| *one > 0).collect();
    if let Some(exchange) = &leaf.exchange {
        numbers.extend([exchange.giver, exchange.receiver]);
    }
    if let Some(member) = &leaf.member {
        numbers.push(member.number);
    }
    numbers.extend(leaf.contributions.iter().map(|contribution| contribution.association));
    numbers.extend(leaf.role.as_ref().and_then(|role| role.association));
    numbers.sort_unstable();
    numbers.dedup();
    numbers.into_iter().map(AssociationNumber).collect()
}

/// The act of that name, if it concerns the caller.
///
/// # Errors
/// When there is none, it is others', or the database does not answer.
pub async fn find(app: &App, caller: &Caller, name: Uuid) -> Result<SealedAct, Problem> {
    let number = ActNumber(caller.found(name)?);
    let act = app.store.act(caller.known.id, number).await?.ok_or_else(Problem::not_found)?;
    let concerned = concerned(&act.leaf()?);
    caller.check_concerns_one_of(&concerned)?;
    Ok(act)
}
