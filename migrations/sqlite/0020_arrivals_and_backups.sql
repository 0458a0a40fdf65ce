-- Who is not in yet, and when a backup was last made. Nothing here is an act, and none of it is public.

-- Erasable. Associations that ask to join the network. One that is being admitted has its acts written; then its row goes.
CREATE TABLE application (
    network_id INTEGER NOT NULL,
    application BLOB NOT NULL,
    name TEXT NOT NULL,
    rna TEXT,
    commune TEXT,
    first_name TEXT NOT NULL,
    last_name TEXT NOT NULL,
    email TEXT,
    phone TEXT,
    remark TEXT,
    language TEXT NOT NULL CHECK (language in ('fr', 'en')),
    asked_at INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state in ('waiting', 'admitting', 'refused')),
    reason TEXT,
    principal TEXT,
    decided_at INTEGER,
    PRIMARY KEY (network_id, application)
) STRICT, WITHOUT ROWID;

-- Erasable. People who ask, by an association's link, to belong to it. Whoever has an address proves it with a letter,
-- whose secret's SHA-256 stands here; the others wait for somebody to add them. Once they are in, the row goes.
CREATE TABLE sign_up (
    network_id INTEGER NOT NULL,
    sign_up BLOB NOT NULL,
    secret BLOB,
    joining BLOB NOT NULL,
    association INTEGER NOT NULL,
    first_name TEXT NOT NULL,
    last_name TEXT NOT NULL,
    email TEXT,
    phone TEXT,
    adult_on TEXT,
    language TEXT NOT NULL CHECK (language in ('fr', 'en')),
    asked_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (network_id, sign_up)
) STRICT, WITHOUT ROWID;
CREATE INDEX sign_up_secret ON sign_up (network_id, secret);

-- When a network was last put into a backup.
CREATE TABLE backup_made (
    network_id INTEGER NOT NULL,
    made_at INTEGER NOT NULL,
    PRIMARY KEY (network_id)
) STRICT, WITHOUT ROWID;
