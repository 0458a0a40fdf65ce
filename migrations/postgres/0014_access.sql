-- Whose right a way in goes back to, so that it ends with that right.
-- The token that a token was made with.
ALTER TABLE access_token ADD COLUMN made_with UUID;
-- When whoever holds the session last gave their password.
ALTER TABLE access_token ADD COLUMN signed_in_at BIGINT;
-- For whom the inviter of this password's owner acted: an association, or 0 for the network.
ALTER TABLE credential ADD COLUMN invited_for BIGINT;

-- Erasable. Codes with which a person lets an association enrol them, and links (without a person) with which an
-- association lets persons join. Only the SHA-256 of the secret is kept.
CREATE TABLE joining (
    network_id BIGINT NOT NULL,
    joining UUID NOT NULL,
    secret BYTEA NOT NULL,
    association BIGINT NOT NULL,
    person BIGINT,
    principal TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    ended_at BIGINT,
    PRIMARY KEY (network_id, joining),
    UNIQUE (network_id, secret)
);

-- Erasable. What became of a person's ways in, for them to be told.
CREATE TABLE access_event (
    network_id BIGINT NOT NULL,
    person BIGINT NOT NULL,
    happened_at BIGINT NOT NULL,
    kind TEXT COLLATE "C" NOT NULL
        CHECK (kind in ('password_set', 'network_role_given', 'other_role_given', 'role_taken_back')),
    principal TEXT NOT NULL,
    PRIMARY KEY (network_id, person, happened_at, kind)
);
