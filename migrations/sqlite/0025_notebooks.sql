-- A notebook that somebody laid on the page to have it compared: its cells, and what they said of it. It belongs to one
-- session and one association, and goes with a button, with the session, or after an hour. It is in no backup.
CREATE TABLE notebook (
    network_id INTEGER NOT NULL,
    session BLOB NOT NULL,
    association INTEGER NOT NULL,
    reading TEXT NOT NULL,
    name TEXT NOT NULL,
    cells BLOB NOT NULL,
    said TEXT NOT NULL,
    laid_at INTEGER NOT NULL,
    PRIMARY KEY (network_id, session, association)
) STRICT;
