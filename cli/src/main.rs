//! The coudemain command.
fn main() {}
