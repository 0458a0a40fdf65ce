-- What the HTTP service keeps beside the ledger. Nothing here is an act.

-- Erasable. Who may call, for how long and to do what. The token itself is never kept, only its SHA-256.
CREATE TABLE access_token (
    network_id INTEGER NOT NULL,
    token BLOB NOT NULL,
    secret BLOB NOT NULL,
    kind TEXT NOT NULL CHECK (kind in ('token', 'session')),
    principal TEXT NOT NULL,
    scopes TEXT NOT NULL,
    acting_for TEXT,
    label TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER,
    last_used_at INTEGER,
    revoked_at INTEGER,
    PRIMARY KEY (network_id, token),
    UNIQUE (network_id, secret)
) STRICT, WITHOUT ROWID;

-- Erasable. How a person signs in: an argon2id hash.
CREATE TABLE credential (
    network_id INTEGER NOT NULL,
    person INTEGER NOT NULL,
    email TEXT NOT NULL,
    hash TEXT NOT NULL,
    changed_at INTEGER NOT NULL,
    PRIMARY KEY (network_id, person),
    UNIQUE (network_id, email)
) STRICT, WITHOUT ROWID;

-- Links with which a person chooses a password. Only the SHA-256 of what stands in the link is kept.
CREATE TABLE invitation (
    network_id INTEGER NOT NULL,
    invitation BLOB NOT NULL,
    secret BLOB NOT NULL,
    person INTEGER NOT NULL,
    principal TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at INTEGER,
    PRIMARY KEY (network_id, invitation),
    UNIQUE (network_id, secret)
) STRICT, WITHOUT ROWID;

-- What was answered to writes that are no acts, so that a repeat gets the same.
CREATE TABLE answer (
    network_id INTEGER NOT NULL,
    scope TEXT NOT NULL,
    key TEXT NOT NULL,
    request BLOB NOT NULL,
    status INTEGER NOT NULL,
    body TEXT NOT NULL,
    recorded_at INTEGER NOT NULL,
    PRIMARY KEY (network_id, scope, key)
) STRICT, WITHOUT ROWID;

-- What associations offer and need.
CREATE TABLE notice (
    network_id INTEGER NOT NULL,
    notice BLOB NOT NULL,
    kind TEXT NOT NULL CHECK (kind in ('offer', 'need')),
    association INTEGER NOT NULL,
    skill INTEGER,
    description TEXT NOT NULL,
    until TEXT,
    is_open INTEGER NOT NULL,
    version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    PRIMARY KEY (network_id, notice)
) STRICT, WITHOUT ROWID;

-- Who is told of acts, and how far they have been told.
CREATE TABLE webhook (
    network_id INTEGER NOT NULL,
    webhook BLOB NOT NULL,
    url TEXT NOT NULL,
    secret TEXT NOT NULL,
    kinds TEXT NOT NULL,
    association INTEGER NOT NULL,
    principal TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state in ('active', 'paused', 'failing')),
    next_act INTEGER NOT NULL,
    failures INTEGER NOT NULL,
    retry_at INTEGER NOT NULL,
    leased_until INTEGER NOT NULL,
    version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (network_id, webhook)
) STRICT, WITHOUT ROWID;

-- What was sent, and what came of it.
CREATE TABLE webhook_delivery (
    network_id INTEGER NOT NULL,
    webhook BLOB NOT NULL,
    act INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    is_delivered INTEGER NOT NULL,
    status INTEGER,
    problem TEXT,
    tried_at INTEGER NOT NULL,
    PRIMARY KEY (network_id, webhook, act)
) STRICT, WITHOUT ROWID;

-- Acts that are few and asked for by their kind; the index holds nothing of the others.
CREATE INDEX act_seldom ON act (network_id, kind, number)
    WHERE kind in ('limits_set', 'transferred', 'balance_brought_in', 'association_left');
