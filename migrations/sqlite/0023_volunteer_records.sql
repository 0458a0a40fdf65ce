-- Erasable. Which places in the status list are those of records of hours that a person took away: so they can be taken back.
-- The records themselves are not kept, each is made anew.
CREATE TABLE volunteer_record (
    network_id INTEGER NOT NULL,
    status INTEGER NOT NULL,
    person INTEGER NOT NULL,
    issued_at INTEGER NOT NULL,
    PRIMARY KEY (network_id, status)
) STRICT;
