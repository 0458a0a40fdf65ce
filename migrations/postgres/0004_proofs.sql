-- Keys, signed heads, statements, recognitions, erasure.

-- Keys that the network announced; the last of a purpose is in use. Derived from the acts.
CREATE TABLE network_key (
    network_id BIGINT NOT NULL,
    act BIGINT NOT NULL,
    purpose TEXT NOT NULL,
    key BYTEA NOT NULL,
    domain TEXT,
    PRIMARY KEY (network_id, act)
);

-- Heads of the log that were signed.
CREATE TABLE log_checkpoint (
    network_id BIGINT NOT NULL,
    generation BIGINT NOT NULL,
    size BIGINT NOT NULL,
    signed_at BIGINT NOT NULL,
    note TEXT NOT NULL,
    PRIMARY KEY (network_id, generation, size)
);

-- Logs that went on after their head was lost, with that head. Derived from the acts.
CREATE TABLE log_generation (
    network_id BIGINT NOT NULL,
    generation BIGINT NOT NULL,
    act BIGINT NOT NULL,
    lost_origin TEXT NOT NULL,
    lost_size BIGINT NOT NULL,
    lost_root BYTEA NOT NULL,
    PRIMARY KEY (network_id, generation)
);

-- Statements that were handed out, as they were signed.
CREATE TABLE statement (
    network_id BIGINT NOT NULL,
    year BIGINT NOT NULL,
    sequence BIGINT NOT NULL,
    association BIGINT NOT NULL,
    supersedes BIGINT,
    act BIGINT NOT NULL,
    bytes BYTEA NOT NULL,
    PRIMARY KEY (network_id, year, sequence)
);

-- Where each recognition stands. Derived from the acts, but for the person.
CREATE TABLE recognition (
    network_id BIGINT NOT NULL,
    recognition BIGINT NOT NULL,
    person BIGINT NOT NULL,
    association BIGINT NOT NULL,
    exchange BIGINT NOT NULL,
    skill BIGINT NOT NULL,
    level TEXT NOT NULL,
    state TEXT NOT NULL,
    answered_in BIGINT,
    PRIMARY KEY (network_id, recognition)
);

-- Erasable. Badges as they were signed, for whom they were made.
CREATE TABLE badge (
    network_id BIGINT NOT NULL,
    recognition BIGINT NOT NULL,
    person BIGINT NOT NULL,
    id UUID NOT NULL,
    issued_at BIGINT NOT NULL,
    status BIGINT NOT NULL,
    bytes BYTEA NOT NULL,
    PRIMARY KEY (network_id, recognition)
);

-- Places in the network's status list, and since when what stands there is revoked.
CREATE TABLE credential_status (
    network_id BIGINT NOT NULL,
    position BIGINT NOT NULL,
    issued_at BIGINT NOT NULL,
    revoked_at BIGINT,
    PRIMARY KEY (network_id, position)
);

-- Persons who were erased.
CREATE TABLE erasure (
    network_id BIGINT NOT NULL,
    person BIGINT NOT NULL,
    act BIGINT NOT NULL,
    PRIMARY KEY (network_id, person)
);

CREATE INDEX statement_association ON statement (network_id, year, association);
CREATE INDEX recognition_person ON recognition (network_id, person);

-- What was signed is never removed; a signed head may gain a witness's signature.
CREATE TRIGGER log_checkpoint_is_kept BEFORE DELETE OR TRUNCATE ON log_checkpoint FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER statement_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON statement FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER erasure_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON erasure FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
