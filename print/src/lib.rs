//! Statements, passports and reports as PDF.
