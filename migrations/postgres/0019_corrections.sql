-- What an association has to answer is asked on each of its first pages: requests for correction are few, and found at once.
CREATE INDEX exchange_correction ON exchange (network_id, exchange) WHERE state = 'correction_requested';
