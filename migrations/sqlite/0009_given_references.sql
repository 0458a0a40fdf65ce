-- A reference that the ledger gave says nothing of anybody, and stands with its exchange. What stays aside, to be erased,
-- are references that were brought in.
ALTER TABLE exchange ADD COLUMN given_reference TEXT;
UPDATE exchange SET given_reference =
    (SELECT n.reference FROM exchange_reference AS n
     WHERE n.network_id = exchange.network_id AND n.exchange = exchange.exchange AND n.key IS NULL);
DELETE FROM exchange_reference WHERE key IS NULL;
CREATE UNIQUE INDEX exchange_given_reference ON exchange (network_id, given_reference) WHERE given_reference IS NOT NULL;
