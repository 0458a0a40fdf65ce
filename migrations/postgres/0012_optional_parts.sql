-- A competence may be seen in a training, and of a lost log perhaps no more is known than its size.
ALTER TABLE recognition ALTER COLUMN exchange DROP NOT NULL;
ALTER TABLE log_generation ALTER COLUMN lost_root DROP NOT NULL;
