-- The first schema. The same tables and columns on SQLite and PostgreSQL; every key begins with network_id.

-- The networks of this database. The one table that is not a network's own.
CREATE TABLE network (
    network_id INTEGER NOT NULL,
    uuid BLOB NOT NULL,
    name TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    PRIMARY KEY (network_id),
    UNIQUE (uuid)
) STRICT;

-- Where each network's acts have got to: the row that whoever decides locks.
CREATE TABLE head (
    network_id INTEGER NOT NULL,
    next_act INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    registry_act INTEGER NOT NULL,
    reference_year INTEGER NOT NULL,
    reference_last INTEGER NOT NULL,
    first_year INTEGER,
    closed_through INTEGER,
    root BLOB NOT NULL,
    PRIMARY KEY (network_id)
) STRICT;

-- What was accepted, in order. The leaf is the canonical text whose hash the log holds.
CREATE TABLE act (
    network_id INTEGER NOT NULL,
    number INTEGER NOT NULL,
    kind TEXT NOT NULL,
    recorded_at INTEGER NOT NULL,
    principal TEXT NOT NULL,
    key_scope TEXT NOT NULL,
    key TEXT NOT NULL,
    request BLOB NOT NULL,
    leaf TEXT NOT NULL,
    PRIMARY KEY (network_id, number),
    UNIQUE (network_id, key_scope, key)
) STRICT, WITHOUT ROWID;

-- Double entry: the movements of each account, in its own order, with the balance after each.
CREATE TABLE posting (
    network_id INTEGER NOT NULL,
    book TEXT NOT NULL CHECK (book in ('exchange', 'engagement')),
    account INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    act INTEGER NOT NULL,
    cause INTEGER NOT NULL,
    kind TEXT NOT NULL,
    minutes INTEGER NOT NULL,
    balance INTEGER NOT NULL,
    booked TEXT NOT NULL,
    PRIMARY KEY (network_id, book, account, sequence)
) STRICT, WITHOUT ROWID;

-- Who gave the time: minutes posted in book engagement, negative when taken back.
CREATE TABLE contribution (
    network_id INTEGER NOT NULL,
    act INTEGER NOT NULL,
    line INTEGER NOT NULL,
    person INTEGER NOT NULL,
    association INTEGER NOT NULL,
    exchange INTEGER,
    minutes INTEGER NOT NULL,
    nature TEXT NOT NULL,
    skill INTEGER,
    service_date TEXT NOT NULL,
    PRIMARY KEY (network_id, act, line)
) STRICT, WITHOUT ROWID;

-- What was negated, and by which act.
CREATE TABLE reversal (
    network_id INTEGER NOT NULL,
    target INTEGER NOT NULL,
    act INTEGER NOT NULL,
    PRIMARY KEY (network_id, target)
) STRICT, WITHOUT ROWID;

-- Years closed for good, with the commitment to their totals.
CREATE TABLE year_closing (
    network_id INTEGER NOT NULL,
    year INTEGER NOT NULL,
    act INTEGER NOT NULL,
    accounts INTEGER NOT NULL,
    root BLOB NOT NULL,
    proposed INTEGER NOT NULL,
    contested INTEGER NOT NULL,
    held INTEGER NOT NULL,
    PRIMARY KEY (network_id, year)
) STRICT, WITHOUT ROWID;

-- Hashes of the log: 256 a full tile. A tile only grows.
CREATE TABLE log_tile (
    network_id INTEGER NOT NULL,
    level INTEGER NOT NULL,
    tile INTEGER NOT NULL,
    hashes BLOB NOT NULL CHECK (length(hashes) BETWEEN 32 AND 8192),
    PRIMARY KEY (network_id, level, tile)
) STRICT;

-- The end of each account. Derived from the postings.
CREATE TABLE balance (
    network_id INTEGER NOT NULL,
    book TEXT NOT NULL,
    account INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    minutes INTEGER NOT NULL,
    PRIMARY KEY (network_id, book, account)
) STRICT, WITHOUT ROWID;

-- What moved each account in each month (202505), by kind. Derived from the postings.
CREATE TABLE total (
    network_id INTEGER NOT NULL,
    book TEXT NOT NULL,
    account INTEGER NOT NULL,
    month INTEGER NOT NULL,
    kind TEXT NOT NULL,
    minutes INTEGER NOT NULL,
    PRIMARY KEY (network_id, book, account, month, kind)
) STRICT, WITHOUT ROWID;

-- Where each exchange stands. Derived from the acts.
CREATE TABLE exchange (
    network_id INTEGER NOT NULL,
    exchange INTEGER NOT NULL,
    giver INTEGER NOT NULL,
    receiver INTEGER NOT NULL,
    minutes INTEGER NOT NULL,
    service_date TEXT NOT NULL,
    skill INTEGER,
    state TEXT NOT NULL CHECK (state in ('proposed', 'contested', 'held', 'confirmed', 'correction_requested', 'reversed', 'withdrawn', 'dismissed')),
    spoken_by TEXT NOT NULL CHECK (spoken_by in ('giver', 'receiver')),
    spoken_in INTEGER NOT NULL,
    posted_in INTEGER,
    replaces INTEGER,
    PRIMARY KEY (network_id, exchange)
) STRICT, WITHOUT ROWID;

-- Members as they are now. Derived from the acts, but for commune and INSEE code.
CREATE TABLE association (
    network_id INTEGER NOT NULL,
    association INTEGER NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state in ('applicant', 'active', 'suspended', 'left')),
    commune TEXT,
    insee TEXT,
    member_since TEXT,
    has_limits INTEGER NOT NULL,
    soft_floor INTEGER,
    hard_floor INTEGER,
    soft_ceiling INTEGER,
    hard_ceiling INTEGER,
    PRIMARY KEY (network_id, association)
) STRICT, WITHOUT ROWID;

-- The names that members bear and bore.
CREATE TABLE association_name (
    network_id INTEGER NOT NULL,
    association INTEGER NOT NULL,
    line INTEGER NOT NULL,
    name TEXT NOT NULL,
    since TEXT,
    is_current INTEGER NOT NULL,
    PRIMARY KEY (network_id, association, line)
) STRICT, WITHOUT ROWID;

-- Registrations of members.
CREATE TABLE association_identifier (
    network_id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    value TEXT NOT NULL,
    association INTEGER NOT NULL,
    PRIMARY KEY (network_id, kind, value)
) STRICT, WITHOUT ROWID;

-- Who may confirm in a member's stead, up to how many minutes, until when. Derived from the acts.
CREATE TABLE mandate (
    network_id INTEGER NOT NULL,
    association INTEGER NOT NULL,
    partner INTEGER NOT NULL,
    minutes_most INTEGER NOT NULL,
    until TEXT NOT NULL,
    PRIMARY KEY (network_id, association, partner)
) STRICT, WITHOUT ROWID;

-- The catalogue of skills.
CREATE TABLE skill (
    network_id INTEGER NOT NULL,
    skill INTEGER NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (network_id, skill)
) STRICT, WITHOUT ROWID;

-- Versions of the rules; the last is in force.
CREATE TABLE policy (
    network_id INTEGER NOT NULL,
    act INTEGER NOT NULL,
    step_minutes INTEGER NOT NULL,
    answer_within_days INTEGER NOT NULL,
    soft_floor INTEGER,
    hard_floor INTEGER,
    soft_ceiling INTEGER,
    hard_ceiling INTEGER,
    PRIMARY KEY (network_id, act)
) STRICT, WITHOUT ROWID;

-- Persons, by number alone.
CREATE TABLE person (
    network_id INTEGER NOT NULL,
    person INTEGER NOT NULL,
    PRIMARY KEY (network_id, person)
) STRICT, WITHOUT ROWID;

-- Which associations a person belongs to.
CREATE TABLE membership (
    network_id INTEGER NOT NULL,
    person INTEGER NOT NULL,
    association INTEGER NOT NULL,
    PRIMARY KEY (network_id, person, association)
) STRICT, WITHOUT ROWID;

-- What a person may do; association 0 is the network.
CREATE TABLE role (
    network_id INTEGER NOT NULL,
    person INTEGER NOT NULL,
    role TEXT NOT NULL,
    association INTEGER NOT NULL,
    PRIMARY KEY (network_id, person, role, association)
) STRICT, WITHOUT ROWID;

-- Erasable. What people call an exchange, with the key of the leaf's commitment when it was brought in.
CREATE TABLE exchange_reference (
    network_id INTEGER NOT NULL,
    exchange INTEGER NOT NULL,
    reference TEXT NOT NULL,
    key BLOB,
    PRIMARY KEY (network_id, exchange),
    UNIQUE (network_id, reference)
) STRICT, WITHOUT ROWID;

-- Erasable. Free texts of acts, with the keys of the leaf's commitments.
CREATE TABLE act_text (
    network_id INTEGER NOT NULL,
    act INTEGER NOT NULL,
    field TEXT NOT NULL,
    text TEXT NOT NULL,
    key BLOB NOT NULL,
    PRIMARY KEY (network_id, act, field)
) STRICT;

-- Erasable. Keys of the leaf's commitments to persons.
CREATE TABLE person_key (
    network_id INTEGER NOT NULL,
    act INTEGER NOT NULL,
    line INTEGER NOT NULL,
    person INTEGER NOT NULL,
    key BLOB NOT NULL,
    PRIMARY KEY (network_id, act, line)
) STRICT, WITHOUT ROWID;

-- Erasable. Who gave the time of an exchange that is not posted yet.
CREATE TABLE proposed_contribution (
    network_id INTEGER NOT NULL,
    exchange INTEGER NOT NULL,
    line INTEGER NOT NULL,
    person INTEGER NOT NULL,
    association INTEGER NOT NULL,
    minutes INTEGER NOT NULL,
    nature TEXT NOT NULL,
    skill INTEGER,
    service_date TEXT NOT NULL,
    key BLOB NOT NULL,
    PRIMARY KEY (network_id, exchange, line)
) STRICT, WITHOUT ROWID;

-- Erasable. How to reach a member.
CREATE TABLE association_contact (
    network_id INTEGER NOT NULL,
    association INTEGER NOT NULL,
    name TEXT,
    email TEXT,
    phone TEXT,
    paper_only INTEGER NOT NULL,
    PRIMARY KEY (network_id, association)
) STRICT, WITHOUT ROWID;

-- Erasable. Who a person is.
CREATE TABLE person_identity (
    network_id INTEGER NOT NULL,
    person INTEGER NOT NULL,
    code TEXT NOT NULL,
    first_name TEXT,
    last_name TEXT,
    email TEXT,
    PRIMARY KEY (network_id, person),
    UNIQUE (network_id, code)
) STRICT, WITHOUT ROWID;

CREATE INDEX contribution_exchange ON contribution (network_id, exchange) WHERE exchange is not null;
CREATE INDEX exchange_open_giver ON exchange (network_id, giver) WHERE state in ('proposed', 'contested', 'held');
CREATE INDEX exchange_open_receiver ON exchange (network_id, receiver) WHERE state in ('proposed', 'contested', 'held');

-- What was accepted is never changed or removed: the database itself refuses.
CREATE TRIGGER act_no_update BEFORE UPDATE ON act BEGIN SELECT raise(ABORT, 'act is append-only'); END;
CREATE TRIGGER act_no_delete BEFORE DELETE ON act BEGIN SELECT raise(ABORT, 'act is append-only'); END;
CREATE TRIGGER posting_no_update BEFORE UPDATE ON posting BEGIN SELECT raise(ABORT, 'posting is append-only'); END;
CREATE TRIGGER posting_no_delete BEFORE DELETE ON posting BEGIN SELECT raise(ABORT, 'posting is append-only'); END;
CREATE TRIGGER contribution_no_update BEFORE UPDATE ON contribution BEGIN SELECT raise(ABORT, 'contribution is append-only'); END;
CREATE TRIGGER contribution_no_delete BEFORE DELETE ON contribution BEGIN SELECT raise(ABORT, 'contribution is append-only'); END;
CREATE TRIGGER reversal_no_update BEFORE UPDATE ON reversal BEGIN SELECT raise(ABORT, 'reversal is append-only'); END;
CREATE TRIGGER reversal_no_delete BEFORE DELETE ON reversal BEGIN SELECT raise(ABORT, 'reversal is append-only'); END;
CREATE TRIGGER year_closing_no_update BEFORE UPDATE ON year_closing BEGIN SELECT raise(ABORT, 'year_closing is append-only'); END;
CREATE TRIGGER year_closing_no_delete BEFORE DELETE ON year_closing BEGIN SELECT raise(ABORT, 'year_closing is append-only'); END;
CREATE TRIGGER log_tile_no_delete BEFORE DELETE ON log_tile BEGIN SELECT raise(ABORT, 'log_tile only grows'); END;
CREATE TRIGGER log_tile_only_grows BEFORE UPDATE ON log_tile
WHEN substr(NEW.hashes, 1, length(OLD.hashes)) <> OLD.hashes BEGIN SELECT raise(ABORT, 'log_tile only grows'); END;
