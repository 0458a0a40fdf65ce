-- How a network is found: by its UUID, its slug, its domain, or the name that people write. All that stands here but the
-- slug is told by the network's own rows. SQL knows no slugs: a network has none until the program opens the database.
-- This table and the next one are the instance's: every other key begins with network_id.
CREATE TABLE directory (
    network_id INTEGER NOT NULL,
    uuid BLOB NOT NULL,
    slug TEXT,
    folded_name TEXT,
    domain TEXT,
    has_webhooks INTEGER NOT NULL,
    PRIMARY KEY (network_id),
    UNIQUE (uuid),
    UNIQUE (slug),
    UNIQUE (domain)
) STRICT;
CREATE INDEX directory_folded_name ON directory (folded_name);
CREATE INDEX directory_has_webhooks ON directory (network_id) WHERE has_webhooks = 1;

-- Erasable. In which networks an address signs in: its SHA-256, as a leaf of the log is hashed.
CREATE TABLE sign_in (
    network_id INTEGER NOT NULL,
    person INTEGER NOT NULL,
    address BLOB NOT NULL,
    PRIMARY KEY (network_id, person)
) STRICT, WITHOUT ROWID;
CREATE INDEX sign_in_address ON sign_in (address, network_id);

INSERT INTO directory (network_id, uuid, has_webhooks) SELECT network_id, uuid, 0 FROM network;
-- One UUID, one network: the directory sees to that now.
ALTER TABLE network RENAME TO former_network;
CREATE TABLE network (
    network_id INTEGER NOT NULL,
    uuid BLOB NOT NULL,
    name TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    PRIMARY KEY (network_id)
) STRICT;
INSERT INTO network (network_id, uuid, name, time_zone) SELECT network_id, uuid, name, time_zone FROM former_network;
DROP TABLE former_network;
