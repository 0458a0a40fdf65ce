-- The first schema. The same tables and columns on SQLite and PostgreSQL; every key begins with network_id.

-- The networks of this database. The one table that is not a network's own.
CREATE TABLE network (
    network_id BIGINT NOT NULL,
    uuid UUID NOT NULL,
    name TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    PRIMARY KEY (network_id),
    UNIQUE (uuid)
);

-- Where each network's acts have got to: the row that whoever decides locks.
CREATE TABLE head (
    network_id BIGINT NOT NULL,
    next_act BIGINT NOT NULL,
    last_at BIGINT NOT NULL,
    registry_act BIGINT NOT NULL,
    reference_year BIGINT NOT NULL,
    reference_last BIGINT NOT NULL,
    first_year BIGINT,
    closed_through BIGINT,
    root BYTEA NOT NULL,
    PRIMARY KEY (network_id)
);

-- What was accepted, in order. The leaf is the canonical text whose hash the log holds.
CREATE TABLE act (
    network_id BIGINT NOT NULL,
    number BIGINT NOT NULL,
    kind TEXT NOT NULL,
    recorded_at BIGINT NOT NULL,
    principal TEXT NOT NULL,
    key_scope TEXT COLLATE "C" NOT NULL,
    key TEXT COLLATE "C" NOT NULL,
    request BYTEA NOT NULL,
    leaf TEXT NOT NULL,
    PRIMARY KEY (network_id, number),
    UNIQUE (network_id, key_scope, key)
);

-- Double entry: the movements of each account, in its own order, with the balance after each.
CREATE TABLE posting (
    network_id BIGINT NOT NULL,
    book TEXT COLLATE "C" NOT NULL CHECK (book in ('exchange', 'engagement')),
    account BIGINT NOT NULL,
    sequence BIGINT NOT NULL,
    act BIGINT NOT NULL,
    cause BIGINT NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    minutes BIGINT NOT NULL,
    balance BIGINT NOT NULL,
    booked DATE NOT NULL,
    PRIMARY KEY (network_id, book, account, sequence)
);

-- Who gave the time: minutes posted in book engagement, negative when taken back.
CREATE TABLE contribution (
    network_id BIGINT NOT NULL,
    act BIGINT NOT NULL,
    line BIGINT NOT NULL,
    person BIGINT NOT NULL,
    association BIGINT NOT NULL,
    exchange BIGINT,
    minutes BIGINT NOT NULL,
    nature TEXT NOT NULL,
    skill BIGINT,
    service_date DATE NOT NULL,
    PRIMARY KEY (network_id, act, line)
);

-- What was negated, and by which act.
CREATE TABLE reversal (
    network_id BIGINT NOT NULL,
    target BIGINT NOT NULL,
    act BIGINT NOT NULL,
    PRIMARY KEY (network_id, target)
);

-- Years closed for good, with the commitment to their totals.
CREATE TABLE year_closing (
    network_id BIGINT NOT NULL,
    year BIGINT NOT NULL,
    act BIGINT NOT NULL,
    accounts BIGINT NOT NULL,
    root BYTEA NOT NULL,
    proposed BIGINT NOT NULL,
    contested BIGINT NOT NULL,
    held BIGINT NOT NULL,
    PRIMARY KEY (network_id, year)
);

-- Hashes of the log: 256 a full tile. A tile only grows.
CREATE TABLE log_tile (
    network_id BIGINT NOT NULL,
    level BIGINT NOT NULL,
    tile BIGINT NOT NULL,
    hashes BYTEA NOT NULL CHECK (length(hashes) BETWEEN 32 AND 8192),
    PRIMARY KEY (network_id, level, tile)
);

-- The end of each account. Derived from the postings. Rows that change all the time leave room in their pages, so that
-- no index has to follow.
CREATE TABLE balance (
    network_id BIGINT NOT NULL,
    book TEXT COLLATE "C" NOT NULL,
    account BIGINT NOT NULL,
    sequence BIGINT NOT NULL,
    minutes BIGINT NOT NULL,
    PRIMARY KEY (network_id, book, account)
) WITH (fillfactor = 50);

-- What moved each account in each month (202505), by kind. Derived from the postings.
CREATE TABLE total (
    network_id BIGINT NOT NULL,
    book TEXT COLLATE "C" NOT NULL,
    account BIGINT NOT NULL,
    month BIGINT NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    minutes BIGINT NOT NULL,
    PRIMARY KEY (network_id, book, account, month, kind)
) WITH (fillfactor = 50);

-- Where each exchange stands. Derived from the acts.
CREATE TABLE exchange (
    network_id BIGINT NOT NULL,
    exchange BIGINT NOT NULL,
    giver BIGINT NOT NULL,
    receiver BIGINT NOT NULL,
    minutes BIGINT NOT NULL,
    service_date DATE NOT NULL,
    skill BIGINT,
    state TEXT NOT NULL CHECK (state in ('proposed', 'contested', 'held', 'confirmed', 'correction_requested', 'reversed', 'withdrawn', 'dismissed')),
    spoken_by TEXT NOT NULL CHECK (spoken_by in ('giver', 'receiver')),
    spoken_in BIGINT NOT NULL,
    posted_in BIGINT,
    replaces BIGINT,
    PRIMARY KEY (network_id, exchange)
);

-- Members as they are now. Derived from the acts, but for commune and INSEE code.
CREATE TABLE association (
    network_id BIGINT NOT NULL,
    association BIGINT NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state in ('applicant', 'active', 'suspended', 'left')),
    commune TEXT,
    insee TEXT,
    member_since DATE,
    has_limits BIGINT NOT NULL,
    soft_floor BIGINT,
    hard_floor BIGINT,
    soft_ceiling BIGINT,
    hard_ceiling BIGINT,
    PRIMARY KEY (network_id, association)
);

-- The names that members bear and bore.
CREATE TABLE association_name (
    network_id BIGINT NOT NULL,
    association BIGINT NOT NULL,
    line BIGINT NOT NULL,
    name TEXT NOT NULL,
    since DATE,
    is_current BIGINT NOT NULL,
    PRIMARY KEY (network_id, association, line)
);

-- Registrations of members.
CREATE TABLE association_identifier (
    network_id BIGINT NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    value TEXT COLLATE "C" NOT NULL,
    association BIGINT NOT NULL,
    PRIMARY KEY (network_id, kind, value)
);

-- Who may confirm in a member's stead, up to how many minutes, until when. Derived from the acts.
CREATE TABLE mandate (
    network_id BIGINT NOT NULL,
    association BIGINT NOT NULL,
    partner BIGINT NOT NULL,
    minutes_most BIGINT NOT NULL,
    until DATE NOT NULL,
    PRIMARY KEY (network_id, association, partner)
);

-- The catalogue of skills.
CREATE TABLE skill (
    network_id BIGINT NOT NULL,
    skill BIGINT NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (network_id, skill)
);

-- Versions of the rules; the last is in force.
CREATE TABLE policy (
    network_id BIGINT NOT NULL,
    act BIGINT NOT NULL,
    step_minutes BIGINT NOT NULL,
    answer_within_days BIGINT NOT NULL,
    soft_floor BIGINT,
    hard_floor BIGINT,
    soft_ceiling BIGINT,
    hard_ceiling BIGINT,
    PRIMARY KEY (network_id, act)
);

-- Persons, by number alone.
CREATE TABLE person (
    network_id BIGINT NOT NULL,
    person BIGINT NOT NULL,
    PRIMARY KEY (network_id, person)
);

-- Which associations a person belongs to.
CREATE TABLE membership (
    network_id BIGINT NOT NULL,
    person BIGINT NOT NULL,
    association BIGINT NOT NULL,
    PRIMARY KEY (network_id, person, association)
);

-- What a person may do; association 0 is the network.
CREATE TABLE role (
    network_id BIGINT NOT NULL,
    person BIGINT NOT NULL,
    role TEXT COLLATE "C" NOT NULL,
    association BIGINT NOT NULL,
    PRIMARY KEY (network_id, person, role, association)
);

-- Erasable. What people call an exchange, with the key of the leaf's commitment when it was brought in.
CREATE TABLE exchange_reference (
    network_id BIGINT NOT NULL,
    exchange BIGINT NOT NULL,
    reference TEXT COLLATE "C" NOT NULL,
    key BYTEA,
    PRIMARY KEY (network_id, exchange),
    UNIQUE (network_id, reference)
);

-- Erasable. Free texts of acts, with the keys of the leaf's commitments.
CREATE TABLE act_text (
    network_id BIGINT NOT NULL,
    act BIGINT NOT NULL,
    field TEXT COLLATE "C" NOT NULL,
    text TEXT NOT NULL,
    key BYTEA NOT NULL,
    PRIMARY KEY (network_id, act, field)
);

-- Erasable. Keys of the leaf's commitments to persons.
CREATE TABLE person_key (
    network_id BIGINT NOT NULL,
    act BIGINT NOT NULL,
    line BIGINT NOT NULL,
    person BIGINT NOT NULL,
    key BYTEA NOT NULL,
    PRIMARY KEY (network_id, act, line)
);

-- Erasable. Who gave the time of an exchange that is not posted yet.
CREATE TABLE proposed_contribution (
    network_id BIGINT NOT NULL,
    exchange BIGINT NOT NULL,
    line BIGINT NOT NULL,
    person BIGINT NOT NULL,
    association BIGINT NOT NULL,
    minutes BIGINT NOT NULL,
    nature TEXT NOT NULL,
    skill BIGINT,
    service_date DATE NOT NULL,
    key BYTEA NOT NULL,
    PRIMARY KEY (network_id, exchange, line)
);

-- Erasable. How to reach a member.
CREATE TABLE association_contact (
    network_id BIGINT NOT NULL,
    association BIGINT NOT NULL,
    name TEXT,
    email TEXT,
    phone TEXT,
    paper_only BIGINT NOT NULL,
    PRIMARY KEY (network_id, association)
);

-- Erasable. Who a person is.
CREATE TABLE person_identity (
    network_id BIGINT NOT NULL,
    person BIGINT NOT NULL,
    code TEXT COLLATE "C" NOT NULL,
    first_name TEXT,
    last_name TEXT,
    email TEXT,
    PRIMARY KEY (network_id, person),
    UNIQUE (network_id, code)
);

CREATE INDEX contribution_exchange ON contribution (network_id, exchange) WHERE exchange is not null;
CREATE INDEX exchange_open_giver ON exchange (network_id, giver) WHERE state in ('proposed', 'contested', 'held');
CREATE INDEX exchange_open_receiver ON exchange (network_id, receiver) WHERE state in ('proposed', 'contested', 'held');

-- A network that is younger than the statistics looks empty to the planner, which then reads all of it through the
-- shorter index. Without statistics of the networks it counts on each being there.
ALTER TABLE act ALTER COLUMN network_id SET STATISTICS 0;
ALTER TABLE contribution ALTER COLUMN network_id SET STATISTICS 0;
ALTER TABLE exchange ALTER COLUMN network_id SET STATISTICS 0;
ALTER TABLE exchange_reference ALTER COLUMN network_id SET STATISTICS 0;
ALTER TABLE person_identity ALTER COLUMN network_id SET STATISTICS 0;

-- What was accepted is never changed or removed: the database itself refuses.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$;
CREATE TRIGGER act_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON act FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER posting_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON posting FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER contribution_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON contribution FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER reversal_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON reversal FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER year_closing_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON year_closing FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER log_tile_is_kept BEFORE DELETE OR TRUNCATE ON log_tile FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER log_tile_only_grows BEFORE UPDATE ON log_tile FOR EACH ROW
WHEN (substring(NEW.hashes FROM 1 FOR length(OLD.hashes)) <> OLD.hashes) EXECUTE FUNCTION refuse_change();
-- Hashes do not compress.
ALTER TABLE log_tile ALTER COLUMN hashes SET STORAGE EXTERNAL;
