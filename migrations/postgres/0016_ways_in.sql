-- How people come in without a password: by mail, with a paper card, as the first coordinator, and into a demo.

-- So long after its last use a session ends; NULL where it ends at an instant that does not move.
ALTER TABLE access_token ADD COLUMN idle_seconds BIGINT;
-- For whom whoever printed the card acted with which this session was opened: an association, or 0 for the network.
ALTER TABLE access_token ADD COLUMN handed_out_for BIGINT;

-- Whoever types an address is looked for by it, without case.
CREATE INDEX person_identity_address ON person_identity (network_id, lower(email));

-- Erasable. Mails to sign in with: a link, and a code that is good in the browser alone that asked for the mail. One row
-- for each person who has the address. Only digests of the secrets are kept, and rows only for a day.
CREATE TABLE mail_sign_in (
    network_id BIGINT NOT NULL,
    mail UUID NOT NULL,
    person BIGINT NOT NULL,
    secret BYTEA NOT NULL,
    browser BYTEA NOT NULL,
    code BYTEA,
    tries BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT,
    PRIMARY KEY (network_id, mail, person)
);
CREATE INDEX mail_sign_in_secret ON mail_sign_in (network_id, secret);
CREATE INDEX mail_sign_in_browser ON mail_sign_in (network_id, browser);

-- Erasable. Paper cards, each for one person, once. Only the SHA-256 of the letters is kept.
CREATE TABLE card (
    network_id BIGINT NOT NULL,
    card UUID NOT NULL,
    secret BYTEA NOT NULL,
    person BIGINT NOT NULL,
    principal TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT,
    ended_at BIGINT,
    PRIMARY KEY (network_id, card),
    UNIQUE (network_id, secret)
);

-- Links on the terminal of whoever set the network up, for its first coordinator.
CREATE TABLE founding_link (
    network_id BIGINT NOT NULL,
    secret BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    ended_at BIGINT,
    PRIMARY KEY (network_id, secret)
);

-- Erasable. As whom anybody may look around: a network that has such rows was made by the demo.
CREATE TABLE demo_persona (
    network_id BIGINT NOT NULL,
    person BIGINT NOT NULL,
    persona TEXT NOT NULL
        CHECK (persona in ('delegate', 'other_delegate', 'treasurer', 'coordinator', 'mediator', 'volunteer')),
    PRIMARY KEY (network_id, person)
);

-- A card that was used is told to whom it was for.
ALTER TABLE access_event DROP CONSTRAINT access_event_kind_check;
ALTER TABLE access_event ADD CONSTRAINT access_event_kind_check
    CHECK (kind in ('password_set', 'network_role_given', 'other_role_given', 'role_taken_back', 'card_used'));
