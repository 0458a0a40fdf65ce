-- Erasable. Which places in the status list are those of records of hours that a person took away: so they can be taken back.
-- The records themselves are not kept, each is made anew.
CREATE TABLE volunteer_record (
    network_id BIGINT NOT NULL,
    status BIGINT NOT NULL,
    person BIGINT NOT NULL,
    issued_at BIGINT NOT NULL,
    PRIMARY KEY (network_id, status)
);
