-- Erasable. What hides the keys and digests that acts keep. Of earlier acts it hides nothing: they keep them as they are.
CREATE TABLE network_secret (
    network_id BIGINT NOT NULL,
    purpose TEXT COLLATE "C" NOT NULL CHECK (purpose in ('lines', 'requests')),
    since BIGINT NOT NULL,
    secret BYTEA NOT NULL CHECK (length(secret) = 32),
    PRIMARY KEY (network_id, purpose)
);
-- Two UUIDs of version 4 have 244 bits drawn at random.
INSERT INTO network_secret (network_id, purpose, since, secret)
SELECT h.network_id, p.purpose, h.next_act,
       decode(replace(cast(gen_random_uuid() AS text) || cast(gen_random_uuid() AS text), '-', ''), 'hex')
FROM head AS h CROSS JOIN (VALUES ('lines'), ('requests')) AS p (purpose);
