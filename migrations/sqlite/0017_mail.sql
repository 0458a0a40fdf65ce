-- Letters to people, beside the ledger. Nothing here is an act.

-- How far a network's acts were read for letters, when it was last looked for reminders and digests, and until when one
-- process alone does so.
CREATE TABLE mailer (
    network_id INTEGER NOT NULL,
    next_act INTEGER NOT NULL,
    looked_at INTEGER NOT NULL,
    leased_until INTEGER NOT NULL,
    PRIMARY KEY (network_id)
) STRICT, WITHOUT ROWID;
-- Nobody is told of what happened before letters were sent.
INSERT INTO mailer (network_id, next_act, looked_at, leased_until) SELECT network_id, next_act, 0, 0 FROM head;

-- Erasable. Letters: one for each occasion, what it is about and person, so that none is written twice. About is an act,
-- or for a digest a day, counted from 1970.
CREATE TABLE mail (
    network_id INTEGER NOT NULL,
    kind TEXT NOT NULL
        CHECK (kind in ('act', 'first_reminder', 'second_reminder', 'last_reminder', 'digest')),
    about INTEGER NOT NULL,
    person INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state in ('waiting', 'sent', 'dropped', 'refused')),
    attempts INTEGER NOT NULL,
    retry_at INTEGER NOT NULL,
    problem TEXT,
    written_at INTEGER NOT NULL,
    ended_at INTEGER,
    PRIMARY KEY (network_id, kind, about, person)
) STRICT, WITHOUT ROWID;
CREATE INDEX mail_waiting ON mail (network_id, retry_at) WHERE state = 'waiting';

-- Erasable. Links in letters: each does one thing for one person, and signs in for nothing. Only the SHA-256 of the secret
-- is kept.
CREATE TABLE mail_link (
    network_id INTEGER NOT NULL,
    secret BLOB NOT NULL,
    purpose TEXT NOT NULL CHECK (purpose in ('answer', 'disown', 'unsubscribe')),
    person INTEGER NOT NULL,
    association INTEGER,
    exchange INTEGER,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (network_id, secret)
) STRICT, WITHOUT ROWID;

-- Erasable. What letters a person wants, and in which language.
CREATE TABLE mail_setting (
    network_id INTEGER NOT NULL,
    person INTEGER NOT NULL,
    language TEXT NOT NULL CHECK (language in ('fr', 'en')),
    digest TEXT NOT NULL CHECK (digest in ('none', 'weekly', 'monthly')),
    digest_day INTEGER NOT NULL CHECK (digest_day BETWEEN 1 AND 28),
    changed_at INTEGER NOT NULL,
    PRIMARY KEY (network_id, person)
) STRICT, WITHOUT ROWID;

-- Erasable. Addresses that take no letters: a server said so, or a coordinator. Another address of the same person is not
-- meant.
CREATE TABLE mail_bounce (
    network_id INTEGER NOT NULL,
    person INTEGER NOT NULL,
    address BLOB NOT NULL,
    principal TEXT,
    reason TEXT NOT NULL,
    noted_at INTEGER NOT NULL,
    PRIMARY KEY (network_id, person)
) STRICT, WITHOUT ROWID;
