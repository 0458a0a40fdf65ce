-- A competence may be seen in a training, and of a lost log perhaps no more is known than its size.
CREATE TABLE former_recognition AS SELECT * FROM recognition;
DROP TABLE recognition;
CREATE TABLE recognition (
    network_id INTEGER NOT NULL,
    recognition INTEGER NOT NULL,
    person INTEGER NOT NULL,
    association INTEGER NOT NULL,
    exchange INTEGER,
    skill INTEGER NOT NULL,
    level TEXT NOT NULL,
    state TEXT NOT NULL,
    answered_in INTEGER,
    PRIMARY KEY (network_id, recognition)
) STRICT;
INSERT INTO recognition (network_id, recognition, person, association, exchange, skill, level, state, answered_in)
SELECT network_id, recognition, person, association, exchange, skill, level, state, answered_in FROM former_recognition;
DROP TABLE former_recognition;
CREATE INDEX recognition_person ON recognition (network_id, person);

CREATE TABLE former_log_generation AS SELECT * FROM log_generation;
DROP TABLE log_generation;
CREATE TABLE log_generation (
    network_id INTEGER NOT NULL,
    generation INTEGER NOT NULL,
    act INTEGER NOT NULL,
    lost_origin TEXT NOT NULL,
    lost_size INTEGER NOT NULL,
    lost_root BLOB,
    PRIMARY KEY (network_id, generation)
) STRICT;
INSERT INTO log_generation (network_id, generation, act, lost_origin, lost_size, lost_root)
SELECT network_id, generation, act, lost_origin, lost_size, lost_root FROM former_log_generation;
DROP TABLE former_log_generation;
