-- What stands in the place of an exchange that was taken back is asked for by that exchange. Few have one.
CREATE INDEX exchange_by_replaced ON exchange (network_id, replaces) WHERE replaces IS NOT NULL;
