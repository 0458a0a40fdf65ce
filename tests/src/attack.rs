//! What somebody could do to the service, the files and the command, and what comes of it.

mod kills;
