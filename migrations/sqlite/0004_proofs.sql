-- Keys, signed heads, statements, recognitions, erasure.

-- Keys that the network announced; the last of a purpose is in use. Derived from the acts.
CREATE TABLE network_key (
    network_id INTEGER NOT NULL,
    act INTEGER NOT NULL,
    purpose TEXT NOT NULL,
    key BLOB NOT NULL,
    domain TEXT,
    PRIMARY KEY (network_id, act)
) STRICT;

-- Heads of the log that were signed.
CREATE TABLE log_checkpoint (
    network_id INTEGER NOT NULL,
    generation INTEGER NOT NULL,
    size INTEGER NOT NULL,
    signed_at INTEGER NOT NULL,
    note TEXT NOT NULL,
    PRIMARY KEY (network_id, generation, size)
) STRICT;

-- Logs that went on after their head was lost, with that head. Derived from the acts.
CREATE TABLE log_generation (
    network_id INTEGER NOT NULL,
    generation INTEGER NOT NULL,
    act INTEGER NOT NULL,
    lost_origin TEXT NOT NULL,
    lost_size INTEGER NOT NULL,
    lost_root BLOB NOT NULL,
    PRIMARY KEY (network_id, generation)
) STRICT;

-- Statements that were handed out, as they were signed.
CREATE TABLE statement (
    network_id INTEGER NOT NULL,
    year INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    association INTEGER NOT NULL,
    supersedes INTEGER,
    act INTEGER NOT NULL,
    bytes BLOB NOT NULL,
    PRIMARY KEY (network_id, year, sequence)
) STRICT;

-- Where each recognition stands. Derived from the acts, but for the person.
CREATE TABLE recognition (
    network_id INTEGER NOT NULL,
    recognition INTEGER NOT NULL,
    person INTEGER NOT NULL,
    association INTEGER NOT NULL,
    exchange INTEGER NOT NULL,
    skill INTEGER NOT NULL,
    level TEXT NOT NULL,
    state TEXT NOT NULL,
    answered_in INTEGER,
    PRIMARY KEY (network_id, recognition)
) STRICT;

-- Erasable. Badges as they were signed, for whom they were made.
CREATE TABLE badge (
    network_id INTEGER NOT NULL,
    recognition INTEGER NOT NULL,
    person INTEGER NOT NULL,
    id BLOB NOT NULL,
    issued_at INTEGER NOT NULL,
    status INTEGER NOT NULL,
    bytes BLOB NOT NULL,
    PRIMARY KEY (network_id, recognition)
) STRICT;

-- Places in the network's status list, and since when what stands there is revoked.
CREATE TABLE credential_status (
    network_id INTEGER NOT NULL,
    position INTEGER NOT NULL,
    issued_at INTEGER NOT NULL,
    revoked_at INTEGER,
    PRIMARY KEY (network_id, position)
) STRICT;

-- Persons who were erased.
CREATE TABLE erasure (
    network_id INTEGER NOT NULL,
    person INTEGER NOT NULL,
    act INTEGER NOT NULL,
    PRIMARY KEY (network_id, person)
) STRICT;

CREATE INDEX statement_association ON statement (network_id, year, association);
CREATE INDEX recognition_person ON recognition (network_id, person);

-- What was signed is never removed; a signed head may gain a witness's signature.
CREATE TRIGGER log_checkpoint_no_delete BEFORE DELETE ON log_checkpoint BEGIN SELECT raise(ABORT, 'log_checkpoint is append-only'); END;
CREATE TRIGGER statement_no_update BEFORE UPDATE ON statement BEGIN SELECT raise(ABORT, 'statement is append-only'); END;
CREATE TRIGGER statement_no_delete BEFORE DELETE ON statement BEGIN SELECT raise(ABORT, 'statement is append-only'); END;
CREATE TRIGGER erasure_no_update BEFORE UPDATE ON erasure BEGIN SELECT raise(ABORT, 'erasure is append-only'); END;
CREATE TRIGGER erasure_no_delete BEFORE DELETE ON erasure BEGIN SELECT raise(ABORT, 'erasure is append-only'); END;
