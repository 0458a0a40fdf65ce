-- The last number of each year's references. The year that goes on stands in the head, which knows better while it does.
CREATE TABLE reference_counter (
    network_id INTEGER NOT NULL,
    year INTEGER NOT NULL,
    last INTEGER NOT NULL CHECK (last > 0),
    PRIMARY KEY (network_id, year)
) STRICT;
-- No year has a thousand million exchanges: larger numbers were brought in, or given after such.
INSERT INTO reference_counter (network_id, year, last)
SELECT network_id, cast(substr(reference, 1, 4) AS INTEGER), max(cast(substr(reference, 6) AS INTEGER))
FROM (SELECT network_id, given_reference AS reference FROM exchange
      UNION ALL SELECT network_id, reference FROM exchange_reference) AS r
WHERE reference GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9][0-9][0-9][0-9][0-9]*' AND length(reference) <= 14
      AND substr(reference, 6) NOT GLOB '*[^0-9]*' AND cast(substr(reference, 6) AS INTEGER) > 0
GROUP BY network_id, cast(substr(reference, 1, 4) AS INTEGER);
UPDATE head SET reference_last = coalesce(
    (SELECT c.last FROM reference_counter AS c
     WHERE c.network_id = head.network_id AND c.year = head.reference_year), 0)
WHERE reference_last > 999999999;
