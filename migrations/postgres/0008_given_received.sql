-- Each posting says the minutes that its account has given and received since the beginning, beside the balance after
-- it: a balance sheet is one row, and nothing has to be kept up to date next to the postings. What tells accounts apart
-- comes first in the key.
DROP TABLE total;

ALTER TABLE posting RENAME TO former_posting;
ALTER TABLE former_posting RENAME CONSTRAINT posting_pkey TO former_posting_pkey;
ALTER TABLE former_posting RENAME CONSTRAINT posting_book_check TO former_posting_book_check;
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
    given BIGINT NOT NULL,
    received BIGINT NOT NULL,
    PRIMARY KEY (network_id, account, book, sequence)
);
INSERT INTO posting (network_id, book, account, sequence, act, cause, kind, minutes, balance, booked, given, received)
SELECT network_id, book, account, sequence, act, cause, kind, minutes, balance, booked,
       sum(CASE kind WHEN 'given' THEN minutes ELSE 0 END) OVER so_far,
       sum(CASE kind WHEN 'received' THEN -minutes ELSE 0 END) OVER so_far
FROM former_posting
WINDOW so_far AS (PARTITION BY network_id, book, account ORDER BY sequence);
DROP TABLE former_posting;

-- What was accepted is never changed or removed: the database itself refuses.
CREATE TRIGGER posting_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON posting FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
