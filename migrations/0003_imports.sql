-- Imports: files waiting for one, imports at work and done, rows that were not taken.
--
-- The data of an import is written in one transaction that also says here that it is done. While it runs, that transaction
-- holds the advisory lock 'import of <tenant>': a row in state `running` whose lock nobody holds died with its server.

CREATE TABLE upload (
    tenant_id  uuid NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    id         uuid NOT NULL,
    user_id    uuid NOT NULL,
    name       text NOT NULL,
    bytes      bigint NOT NULL,
    -- The first look at it: columns, first rows, number of rows, what is wrong with it.
    preview    jsonb NOT NULL,
    -- Codes and identifiers of the items it seems to describe, so that other files of the same person are understood.
    codes      text[] NOT NULL DEFAULT '{}',
    ids        text[] NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT upload_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT upload_name_key UNIQUE (tenant_id, user_id, name),
    CONSTRAINT upload_member_fkey FOREIGN KEY (tenant_id, user_id)
        REFERENCES memberships (tenant_id, user_id) ON DELETE CASCADE,
    CONSTRAINT upload_name_check CHECK (length(name) BETWEEN 1 AND 200)
);
CALL tenant_table('upload');

CREATE TABLE import (
    tenant_id   uuid NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    id          uuid NOT NULL,
    name        text NOT NULL,
    demo        boolean NOT NULL DEFAULT false,
    state       text NOT NULL,
    file        text NOT NULL DEFAULT '',
    progress    double precision NOT NULL DEFAULT 0,
    counts      jsonb NOT NULL DEFAULT '{}',
    message     jsonb,
    mapping     jsonb,
    started_by  text NOT NULL,
    started_at  timestamptz NOT NULL,
    -- When the server working on it last said so.
    seen_at     timestamptz NOT NULL,
    finished_at timestamptz,
    CONSTRAINT import_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT import_state_check CHECK (state IN ('running', 'done', 'failed', 'interrupted', 'undone'))
);
CREATE INDEX import_started_idx ON import (tenant_id, started_at DESC);
CREATE INDEX import_running_idx ON import (tenant_id) WHERE state = 'running';
CALL tenant_table('import');

CREATE TABLE import_reject (
    tenant_id uuid NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    import_id uuid NOT NULL,
    seq       integer NOT NULL,
    file      text NOT NULL,
    line      bigint NOT NULL,
    field     text NOT NULL,
    value     text NOT NULL,
    reason    text NOT NULL,
    label     jsonb NOT NULL,
    CONSTRAINT import_reject_pkey PRIMARY KEY (tenant_id, import_id, seq),
    CONSTRAINT import_reject_import_fkey FOREIGN KEY (tenant_id, import_id)
        REFERENCES import (tenant_id, id) ON DELETE CASCADE
);
CALL tenant_table('import_reject');
