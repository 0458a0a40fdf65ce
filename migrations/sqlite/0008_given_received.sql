-- Each posting says the minutes that its account has given and received since the beginning, beside the balance after
-- it: a balance sheet is one row, and nothing has to be kept up to date next to the postings. What tells accounts apart
-- comes first in the key.
DROP TABLE total;

ALTER TABLE posting RENAME TO former_posting;
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
    given INTEGER NOT NULL,
    received INTEGER NOT NULL,
    PRIMARY KEY (network_id, account, book, sequence)
) STRICT, WITHOUT ROWID;
INSERT INTO posting (network_id, book, account, sequence, act, cause, kind, minutes, balance, booked, given, received)
SELECT network_id, book, account, sequence, act, cause, kind, minutes, balance, booked,
       sum(CASE kind WHEN 'given' THEN minutes ELSE 0 END) OVER so_far,
       sum(CASE kind WHEN 'received' THEN -minutes ELSE 0 END) OVER so_far
FROM former_posting
WINDOW so_far AS (PARTITION BY network_id, book, account ORDER BY sequence);
DROP TABLE former_posting;

-- What was accepted is never changed or removed: the database itself refuses.
CREATE TRIGGER posting_no_update BEFORE UPDATE ON posting BEGIN SELECT raise(ABORT, 'posting is append-only'); END;
CREATE TRIGGER posting_no_delete BEFORE DELETE ON posting BEGIN SELECT raise(ABORT, 'posting is append-only'); END;
