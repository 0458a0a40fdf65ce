-- Erasable. What hides the keys and digests that acts keep. Of earlier acts it hides nothing: they keep them as they are.
CREATE TABLE network_secret (
    network_id INTEGER NOT NULL,
    purpose TEXT NOT NULL CHECK (purpose in ('lines', 'requests')),
    since INTEGER NOT NULL,
    secret BLOB NOT NULL CHECK (length(secret) = 32),
    PRIMARY KEY (network_id, purpose)
) STRICT;
INSERT INTO network_secret (network_id, purpose, since, secret)
SELECT h.network_id, p.purpose, h.next_act, randomblob(32)
FROM head AS h CROSS JOIN (SELECT 'lines' AS purpose UNION ALL SELECT 'requests') AS p;
