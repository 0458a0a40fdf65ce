-- The day on which a person who is a minor comes of age; erased with the rest.
ALTER TABLE person_identity ADD COLUMN adult_on TEXT;
