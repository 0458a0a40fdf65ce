//! What somebody, or something, does on purpose or by misfortune to stop the service or to have it lose what it promised.

mod disks;
mod kills;
mod read_only;
