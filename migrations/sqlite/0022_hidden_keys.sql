-- Acts from before keys and digests were hidden (migration 13) have them in plain text, with codes and references in them.
-- SQL knows no HMAC: the program hides them as it opens the database, and says here of which networks it has. The append-only
-- table lets the key and the digest alone be changed, and of no act from the one on that stands in `network_secret`: when all
-- are hidden that is the first, and nothing may change any more.
ALTER TABLE directory ADD COLUMN keys_hidden INTEGER;
DROP TRIGGER act_no_update;
CREATE TRIGGER act_no_update BEFORE UPDATE ON act
WHEN NEW.network_id IS NOT OLD.network_id OR NEW.number IS NOT OLD.number OR NEW.kind IS NOT OLD.kind
    OR NEW.recorded_at IS NOT OLD.recorded_at OR NEW.principal IS NOT OLD.principal OR NEW.key_scope IS NOT OLD.key_scope
    OR NEW.leaf IS NOT OLD.leaf OR NEW.leaf_hash IS NOT OLD.leaf_hash
    OR NOT EXISTS (SELECT 1 FROM network_secret AS s
                   WHERE s.network_id = OLD.network_id AND s.purpose = 'lines' AND s.since > OLD.number)
BEGIN SELECT raise(ABORT, 'act is append-only'); END;
