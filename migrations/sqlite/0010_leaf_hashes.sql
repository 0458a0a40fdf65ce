-- The hash of a leaf stands beside the leaf: what one more act changes of the log is its own row. Tiles hold what lies
-- above the leaves.
ALTER TABLE act RENAME TO former_act;
DROP INDEX act_seldom;
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
    leaf_hash BLOB NOT NULL CHECK (length(leaf_hash) = 32),
    PRIMARY KEY (network_id, number),
    UNIQUE (network_id, key_scope, key)
) STRICT, WITHOUT ROWID;
INSERT INTO act (network_id, number, kind, recorded_at, principal, key_scope, key, request, leaf, leaf_hash)
SELECT a.network_id, a.number, a.kind, a.recorded_at, a.principal, a.key_scope, a.key, a.request, a.leaf,
       -- Where the log is damaged, the audit says so.
       CASE WHEN length(t.hashes) >= a.number % 256 * 32 + 32 THEN substr(t.hashes, a.number % 256 * 32 + 1, 32)
            ELSE zeroblob(32) END
FROM former_act AS a
LEFT JOIN log_tile AS t ON t.network_id = a.network_id AND t.level = 0 AND t.tile = a.number / 256
ORDER BY a.network_id, a.number;
DROP TABLE former_act;
CREATE INDEX act_seldom ON act (network_id, kind, number)
    WHERE kind in ('limits_set', 'transferred', 'balance_brought_in', 'association_left', 'association_added', 'association_renamed', 'association_identified');

DROP TRIGGER log_tile_no_delete;
DELETE FROM log_tile WHERE level = 0;

-- What was accepted is never changed or removed: the database itself refuses.
CREATE TRIGGER act_no_update BEFORE UPDATE ON act BEGIN SELECT raise(ABORT, 'act is append-only'); END;
CREATE TRIGGER act_no_delete BEFORE DELETE ON act BEGIN SELECT raise(ABORT, 'act is append-only'); END;
CREATE TRIGGER log_tile_no_delete BEFORE DELETE ON log_tile BEGIN SELECT raise(ABORT, 'log_tile only grows'); END;
