-- What a skill is in a public list of competences.
CREATE TABLE skill_alignment (
    network_id BIGINT NOT NULL,
    skill BIGINT NOT NULL,
    framework TEXT NOT NULL CHECK (framework in ('ESCO', 'ROME')),
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    url TEXT NOT NULL,
    version TEXT NOT NULL,
    PRIMARY KEY (network_id, skill, framework)
);
