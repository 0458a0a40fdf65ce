//! Reading what people bring: tables from any spreadsheet, headers in their own words, dates as they write them.

pub(crate) mod table;

pub(crate) mod column;

pub(crate) mod date;
