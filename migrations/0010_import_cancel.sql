-- Imports can be cancelled, also those at work in another process; the estate keeps the names of what brought its rows.

ALTER TABLE import DROP CONSTRAINT import_state_check;
ALTER TABLE import ADD CONSTRAINT import_state_check
    CHECK (state IN ('running', 'done', 'failed', 'interrupted', 'cancelled', 'undone'));

-- Whoever works on the import looks at this about once a second.
ALTER TABLE import ADD COLUMN cancel_asked_at timestamptz;
ALTER TABLE import ADD COLUMN cancel_asked_by text;

-- Where rows of the estate came from, by the import they carry.
CREATE TABLE estate_origin (
    tenant_id uuid NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    import_id uuid NOT NULL,
    name      text NOT NULL,
    CONSTRAINT estate_origin_pkey PRIMARY KEY (tenant_id, import_id)
);
-- Forced row-level security holds for the owner too, who has no policy.
ALTER TABLE import NO FORCE ROW LEVEL SECURITY;
INSERT INTO estate_origin (tenant_id, import_id, name)
SELECT tenant_id, id, name FROM import WHERE state = 'done';
ALTER TABLE import FORCE ROW LEVEL SECURITY;
CALL tenant_table('estate_origin');

-- Kinds of records a transaction has written, for counting only what is new: emptied before it ends.
CREATE TABLE record_touched (
    tenant_id uuid NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    kind      text NOT NULL,
    import_id uuid NOT NULL,
    -- Records that are new.
    fresh     bigint NOT NULL,
    -- Whether records that were there changed or went, so that all of the kind are counted again.
    recount   boolean NOT NULL,
    CONSTRAINT record_touched_pkey PRIMARY KEY (tenant_id, kind, import_id)
);
CALL tenant_table('record_touched');
