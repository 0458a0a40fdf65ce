-- Acts from before keys and digests were hidden (migration 13) have them in plain text, with codes and references in them.
-- SQL knows no HMAC: the program hides them as it opens the database, and says here of which networks it has. The append-only
-- table lets the key and the digest alone be changed, and of no act from the one on that stands in `network_secret`: when all
-- are hidden that is the first, and nothing may change any more.
ALTER TABLE directory ADD COLUMN keys_hidden BIGINT;
CREATE FUNCTION refuse_all_but_hiding() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.network_id, NEW.number, NEW.kind, NEW.recorded_at, NEW.principal, NEW.key_scope, NEW.leaf, NEW.leaf_hash)
        IS DISTINCT FROM
        (OLD.network_id, OLD.number, OLD.kind, OLD.recorded_at, OLD.principal, OLD.key_scope, OLD.leaf, OLD.leaf_hash)
        OR NOT EXISTS (SELECT 1 FROM network_secret AS s
                       WHERE s.network_id = OLD.network_id AND s.purpose = 'lines' AND s.since > OLD.number) THEN
        RAISE EXCEPTION 'act is append-only';
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER act_is_append_only ON act;
CREATE TRIGGER act_is_append_only BEFORE DELETE OR TRUNCATE ON act FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER act_is_hidden_alone BEFORE UPDATE ON act FOR EACH ROW EXECUTE FUNCTION refuse_all_but_hiding();
