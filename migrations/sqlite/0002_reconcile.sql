-- What somebody said about an association's notebooks: columns ('map') and partners' names ('alias'). No act: it
-- changes nothing in the ledger, and may be forgotten.
CREATE TABLE notebook_habit (
    network_id INTEGER NOT NULL,
    association INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind in ('map', 'alias')),
    written TEXT NOT NULL,
    meaning TEXT NOT NULL,
    PRIMARY KEY (network_id, association, kind, written)
) STRICT, WITHOUT ROWID;
