-- How people come in without a password: by mail, with a paper card, as the first coordinator, and into a demo.

-- So long after its last use a session ends; NULL where it ends at an instant that does not move.
ALTER TABLE access_token ADD COLUMN idle_seconds INTEGER;
-- For whom whoever printed the card acted with which this session was opened: an association, or 0 for the network.
ALTER TABLE access_token ADD COLUMN handed_out_for INTEGER;

-- Whoever types an address is looked for by it, without case.
CREATE INDEX person_identity_address ON person_identity (network_id, lower(email));

-- Erasable. Mails to sign in with: a link, and a code that is good in the browser alone that asked for the mail. One row
-- for each person who has the address. Only digests of the secrets are kept, and rows only for a day.
CREATE TABLE mail_sign_in (
    network_id INTEGER NOT NULL,
    mail BLOB NOT NULL,
    person INTEGER NOT NULL,
    secret BLOB NOT NULL,
    browser BLOB NOT NULL,
    code BLOB,
    tries INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at INTEGER,
    PRIMARY KEY (network_id, mail, person)
) STRICT, WITHOUT ROWID;
CREATE INDEX mail_sign_in_secret ON mail_sign_in (network_id, secret);
CREATE INDEX mail_sign_in_browser ON mail_sign_in (network_id, browser);

-- Erasable. Paper cards, each for one person, once. Only the SHA-256 of the letters is kept.
CREATE TABLE card (
    network_id INTEGER NOT NULL,
    card BLOB NOT NULL,
    secret BLOB NOT NULL,
    person INTEGER NOT NULL,
    principal TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at INTEGER,
    ended_at INTEGER,
    PRIMARY KEY (network_id, card),
    UNIQUE (network_id, secret)
) STRICT, WITHOUT ROWID;

-- Links on the terminal of whoever set the network up, for its first coordinator.
CREATE TABLE founding_link (
    network_id INTEGER NOT NULL,
    secret BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    ended_at INTEGER,
    PRIMARY KEY (network_id, secret)
) STRICT, WITHOUT ROWID;

-- Erasable. As whom anybody may look around: a network that has such rows was made by the demo.
CREATE TABLE demo_persona (
    network_id INTEGER NOT NULL,
    person INTEGER NOT NULL,
    persona TEXT NOT NULL
        CHECK (persona in ('delegate', 'other_delegate', 'treasurer', 'coordinator', 'mediator', 'volunteer')),
    PRIMARY KEY (network_id, person)
) STRICT, WITHOUT ROWID;

-- A card that was used is told to whom it was for.
CREATE TABLE former_access_event AS SELECT * FROM access_event;
DROP TABLE access_event;
CREATE TABLE access_event (
    network_id INTEGER NOT NULL,
    person INTEGER NOT NULL,
    happened_at INTEGER NOT NULL,
    kind TEXT NOT NULL
        CHECK (kind in ('password_set', 'network_role_given', 'other_role_given', 'role_taken_back', 'card_used')),
    principal TEXT NOT NULL,
    PRIMARY KEY (network_id, person, happened_at, kind)
) STRICT, WITHOUT ROWID;
INSERT INTO access_event (network_id, person, happened_at, kind, principal)
SELECT network_id, person, happened_at, kind, principal FROM former_access_event;
DROP TABLE former_access_event;
