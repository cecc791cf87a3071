-- Which way failures travel along a relation type, and who said so. A type with impact from before counts as decided.
ALTER TABLE relation_type
    -- a failure of the source reaches the target; `impact` is the other way round
    ADD COLUMN forward boolean NOT NULL DEFAULT false,
    -- a mapping or a person has said which way
    ADD COLUMN decided boolean NOT NULL DEFAULT false,
    -- the person who said so by hand, which no import changes
    ADD COLUMN set_by  text,
    ADD COLUMN set_at  timestamptz;
