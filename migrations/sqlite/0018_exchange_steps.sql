-- The steps in an exchange's life that its own row does not name, which names the act that brought it in and the one that
-- posted it. Who gave the time is no step. Derived from the acts.
CREATE TABLE exchange_step (
    network_id INTEGER NOT NULL,
    exchange INTEGER NOT NULL,
    act INTEGER NOT NULL,
    PRIMARY KEY (network_id, exchange, act)
) STRICT, WITHOUT ROWID;
-- A leaf is canonical JSON, in several lines where it is about persons: in any of its forms the exchange's number is the
-- first one behind its only part of that name. Read so, a damaged leaf keeps nobody from opening the database.
INSERT INTO exchange_step (network_id, exchange, act)
SELECT s.network_id, s.exchange, s.act
FROM (SELECT p.network_id, p.act, p.kind,
             cast(substr(p.part, instr(p.part, '"number":') + 9, 20) AS INTEGER) AS exchange
      FROM (SELECT network_id, number AS act, kind, substr(leaf, instr(leaf, '"exchange":{')) AS part FROM act
            WHERE kind IN ('exchange_confirmed', 'exchange_amended', 'exchange_contested', 'exchange_withdrawn',
                           'exchange_dismissed', 'exchange_settled', 'exchange_released', 'correction_requested',
                           'correction_refused', 'reversed')
              AND instr(leaf, '"exchange":{') > 0) AS p) AS s
JOIN exchange AS e ON e.network_id = s.network_id AND e.exchange = s.exchange
WHERE s.act <> s.exchange AND s.act IS NOT e.posted_in
  -- What is reversed may be hours that were told of the exchange.
  AND (s.kind <> 'reversed' OR EXISTS (SELECT 1 FROM reversal AS r WHERE r.network_id = s.network_id
                                       AND r.target = s.exchange AND r.act = s.act));
