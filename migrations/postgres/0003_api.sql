-- What the HTTP service keeps beside the ledger. Nothing here is an act.

-- Erasable. Who may call, for how long and to do what. The token itself is never kept, only its SHA-256.
CREATE TABLE access_token (
    network_id BIGINT NOT NULL,
    token UUID NOT NULL,
    secret BYTEA NOT NULL,
    kind TEXT NOT NULL CHECK (kind in ('token', 'session')),
    principal TEXT NOT NULL,
    scopes TEXT NOT NULL,
    acting_for TEXT,
    label TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT,
    last_used_at BIGINT,
    revoked_at BIGINT,
    PRIMARY KEY (network_id, token),
    UNIQUE (network_id, secret)
);

-- Erasable. How a person signs in: an argon2id hash.
CREATE TABLE credential (
    network_id BIGINT NOT NULL,
    person BIGINT NOT NULL,
    email TEXT NOT NULL,
    hash TEXT NOT NULL,
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (network_id, person),
    UNIQUE (network_id, email)
);

-- Links with which a person chooses a password. Only the SHA-256 of what stands in the link is kept.
CREATE TABLE invitation (
    network_id BIGINT NOT NULL,
    invitation UUID NOT NULL,
    secret BYTEA NOT NULL,
    person BIGINT NOT NULL,
    principal TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT,
    PRIMARY KEY (network_id, invitation),
    UNIQUE (network_id, secret)
);

-- What was answered to writes that are no acts, so that a repeat gets the same.
CREATE TABLE answer (
    network_id BIGINT NOT NULL,
    scope TEXT NOT NULL,
    key TEXT NOT NULL,
    request BYTEA NOT NULL,
    status BIGINT NOT NULL,
    body TEXT NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (network_id, scope, key)
);

-- What associations offer and need.
CREATE TABLE notice (
    network_id BIGINT NOT NULL,
    notice UUID NOT NULL,
    kind TEXT NOT NULL CHECK (kind in ('offer', 'need')),
    association BIGINT NOT NULL,
    skill BIGINT,
    description TEXT NOT NULL,
    until DATE,
    is_open BIGINT NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (network_id, notice)
);

-- Who is told of acts, and how far they have been told.
CREATE TABLE webhook (
    network_id BIGINT NOT NULL,
    webhook UUID NOT NULL,
    url TEXT NOT NULL,
    secret TEXT NOT NULL,
    kinds TEXT NOT NULL,
    association BIGINT NOT NULL,
    principal TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state in ('active', 'paused', 'failing')),
    next_act BIGINT NOT NULL,
    failures BIGINT NOT NULL,
    retry_at BIGINT NOT NULL,
    leased_until BIGINT NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (network_id, webhook)
);

-- What was sent, and what came of it.
CREATE TABLE webhook_delivery (
    network_id BIGINT NOT NULL,
    webhook UUID NOT NULL,
    act BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    is_delivered BIGINT NOT NULL,
    status BIGINT,
    problem TEXT,
    tried_at BIGINT NOT NULL,
    PRIMARY KEY (network_id, webhook, act)
);

-- Acts that are few and asked for by their kind; the index holds nothing of the others.
CREATE INDEX act_seldom ON act (network_id, kind, number)
    WHERE kind in ('limits_set', 'transferred', 'balance_brought_in', 'association_left');
