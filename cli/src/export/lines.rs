//! An association's own lines of a year, for it to take home.

use std::io::Write;

use clap::ArgMatches;
use ledger::year::Year;

use crate::{
    failure::Failure,
    session::{Session, text},
};

pub(super) async fn write(session: &Session, args: &ArgMatches, out: &mut impl Write) -> Result<(), Failure> {
    let association = session.association(text(args, "association"))?.number;
    let year = Year(args.get_one::<i32>("year").copied().unwrap_or_default());
    let bytes = session.store.lines_file(session.network_id, association, year).await?;
    Ok(out.write_all(&bytes)?)
}
