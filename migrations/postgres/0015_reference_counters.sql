-- The last number of each year's references. The year that goes on stands in the head, which knows better while it does.
CREATE TABLE reference_counter (
    network_id BIGINT NOT NULL,
    year BIGINT NOT NULL,
    last BIGINT NOT NULL CHECK (last > 0),
    PRIMARY KEY (network_id, year)
);
-- No year has a thousand million exchanges: larger numbers were brought in, or given after such.
INSERT INTO reference_counter (network_id, year, last)
SELECT network_id, cast(substr(reference, 1, 4) AS bigint), max(cast(substr(reference, 6) AS bigint))
FROM (SELECT network_id, given_reference AS reference FROM exchange
      UNION ALL SELECT network_id, reference FROM exchange_reference) AS r
WHERE reference ~ '^[0-9]{4}-[0-9]{6,9}$' AND reference !~ '-0+$'
GROUP BY network_id, cast(substr(reference, 1, 4) AS bigint);
UPDATE head SET reference_last = coalesce(
    (SELECT c.last FROM reference_counter AS c
     WHERE c.network_id = head.network_id AND c.year = head.reference_year), 0)
WHERE reference_last > 999999999;
