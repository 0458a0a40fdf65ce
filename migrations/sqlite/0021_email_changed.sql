-- Who a person is can be said anew; whose address is another then is told what ended with it.
CREATE TABLE former_access_event AS SELECT * FROM access_event;
DROP TABLE access_event;
CREATE TABLE access_event (
    network_id INTEGER NOT NULL,
    person INTEGER NOT NULL,
    happened_at INTEGER NOT NULL,
    kind TEXT NOT NULL
        CHECK (kind in (
            'password_set', 'network_role_given', 'other_role_given', 'role_taken_back', 'card_used', 'email_changed')),
    principal TEXT NOT NULL,
    PRIMARY KEY (network_id, person, happened_at, kind)
) STRICT, WITHOUT ROWID;
INSERT INTO access_event (network_id, person, happened_at, kind, principal)
SELECT network_id, person, happened_at, kind, principal FROM former_access_event;
DROP TABLE former_access_event;
