-- The estate: configuration items, relations, records, series of metrics, and the catalogue that names their kinds.
--
-- Nothing here knows a kind, a field, a relation type or a metric by name: all of them are rows of the tenant.
-- `import_id` says which import brought a row first; undoing that import takes it out again.

CREATE TABLE ci (
    tenant_id   uuid NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    id          uuid NOT NULL,
    code        text NOT NULL,
    name        text NOT NULL,
    kind        text NOT NULL,
    fields      jsonb NOT NULL DEFAULT '{}',
    external_id text,
    import_id   uuid,
    created_at  timestamptz NOT NULL DEFAULT now(),
    updated_at  timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT ci_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT ci_code_key UNIQUE (tenant_id, code),
    CONSTRAINT ci_code_check CHECK (length(code) BETWEEN 1 AND 500),
    CONSTRAINT ci_fields_check CHECK (jsonb_typeof(fields) = 'object')
);
CREATE INDEX ci_import_idx ON ci (tenant_id, import_id);
CALL tenant_table('ci');

-- What an import changed in items that were there before it, so that undoing it gives them back.
CREATE TABLE ci_change (
    tenant_id uuid NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    import_id uuid NOT NULL,
    ci_id     uuid NOT NULL,
    before    jsonb NOT NULL,
    after     jsonb NOT NULL,
    CONSTRAINT ci_change_pkey PRIMARY KEY (tenant_id, import_id, ci_id),
    CONSTRAINT ci_change_ci_fkey FOREIGN KEY (tenant_id, ci_id) REFERENCES ci (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX ci_change_ci_idx ON ci_change (tenant_id, ci_id);
CALL tenant_table('ci_change');

CREATE TABLE ci_edge (
    tenant_id uuid NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    id        uuid NOT NULL,
    source_id uuid NOT NULL,
    target_id uuid NOT NULL,
    type      text NOT NULL,
    fields    jsonb NOT NULL DEFAULT '{}',
    import_id uuid,
    CONSTRAINT ci_edge_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT ci_edge_ends_key UNIQUE (tenant_id, source_id, target_id, type),
    CONSTRAINT ci_edge_source_fkey FOREIGN KEY (tenant_id, source_id) REFERENCES ci (tenant_id, id),
    CONSTRAINT ci_edge_target_fkey FOREIGN KEY (tenant_id, target_id) REFERENCES ci (tenant_id, id)
);
CREATE INDEX ci_edge_target_idx ON ci_edge (tenant_id, target_id);
CREATE INDEX ci_edge_import_idx ON ci_edge (tenant_id, import_id);
CALL tenant_table('ci_edge');

CREATE TABLE record (
    tenant_id   uuid NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    id          uuid NOT NULL,
    kind        text NOT NULL,
    external_id text NOT NULL,
    ci_id       uuid,
    at          timestamptz NOT NULL,
    until       timestamptz,
    fields      jsonb NOT NULL DEFAULT '{}',
    import_id   uuid,
    CONSTRAINT record_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT record_external_key UNIQUE (tenant_id, kind, external_id),
    CONSTRAINT record_ci_fkey FOREIGN KEY (tenant_id, ci_id) REFERENCES ci (tenant_id, id),
    CONSTRAINT record_fields_check CHECK (jsonb_typeof(fields) = 'object')
);
CREATE INDEX record_at_idx ON record (tenant_id, at DESC, id DESC);
CREATE INDEX record_kind_idx ON record (tenant_id, kind, at DESC, id DESC);
CREATE INDEX record_ci_idx ON record (tenant_id, ci_id, at DESC);
CREATE INDEX record_import_idx ON record (tenant_id, import_id);
CALL tenant_table('record');

CREATE TABLE series (
    tenant_id uuid NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    id        uuid NOT NULL,
    metric    text NOT NULL,
    ci_id     uuid NOT NULL,
    peer_id   uuid,
    import_id uuid,
    CONSTRAINT series_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT series_what_key UNIQUE NULLS NOT DISTINCT (tenant_id, metric, ci_id, peer_id),
    CONSTRAINT series_ci_fkey FOREIGN KEY (tenant_id, ci_id) REFERENCES ci (tenant_id, id),
    CONSTRAINT series_peer_fkey FOREIGN KEY (tenant_id, peer_id) REFERENCES ci (tenant_id, id)
);
CREATE INDEX series_ci_idx ON series (tenant_id, ci_id);
CREATE INDEX series_peer_idx ON series (tenant_id, peer_id);
CREATE INDEX series_import_idx ON series (tenant_id, import_id);
CALL tenant_table('series');

-- One row holds a day (UTC) of a series: two arrays of equal length, offsets ascending. A day of minutes costs one row
-- instead of 1440, which is what makes import and range queries fast.
CREATE TABLE metric_chunk (
    tenant_id  uuid NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    series_id  uuid NOT NULL,
    day        date NOT NULL,
    offsets_ms int4[] NOT NULL,
    vals       float8[] NOT NULL,
    import_id  uuid,
    samples    int4 GENERATED ALWAYS AS (cardinality(offsets_ms)) STORED,
    first_ms   int4 GENERATED ALWAYS AS (offsets_ms[1]) STORED,
    last_ms    int4 GENERATED ALWAYS AS (offsets_ms[cardinality(offsets_ms)]) STORED,
    CONSTRAINT metric_chunk_pkey PRIMARY KEY (tenant_id, series_id, day),
    CONSTRAINT metric_chunk_series_fkey FOREIGN KEY (tenant_id, series_id)
        REFERENCES series (tenant_id, id) ON DELETE CASCADE,
    CONSTRAINT metric_chunk_length_check
        CHECK (cardinality(offsets_ms) = cardinality(vals) AND cardinality(offsets_ms) > 0)
);
-- Measured values hardly compress; trying costs more than it saves.
ALTER TABLE metric_chunk ALTER COLUMN vals SET STORAGE EXTERNAL;
CREATE INDEX metric_chunk_import_idx ON metric_chunk (tenant_id, import_id);
CALL tenant_table('metric_chunk');

-- Samples as rows, for SQL written by people. Runs with the rights, and so the row-level security, of whoever reads it.
CREATE VIEW metric_sample WITH (security_invoker = true) AS
SELECT s.tenant_id, s.id AS series_id, s.metric, s.ci_id, s.peer_id,
       c.day::timestamp AT TIME ZONE 'UTC' + x.offset_ms * interval '1 millisecond' AS at,
       x.value
FROM metric_chunk c
JOIN series s ON s.tenant_id = c.tenant_id AND s.id = c.series_id
CROSS JOIN LATERAL unnest(c.offsets_ms, c.vals) AS x (offset_ms, value);
GRANT SELECT ON metric_sample TO tobit_app, tobit_sys;

-- The catalogue. `position` keeps the order in which things were first named.
CREATE TABLE ci_kind (
    tenant_id uuid NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    key       text NOT NULL,
    label     jsonb NOT NULL,
    synonyms  text[] NOT NULL DEFAULT '{}',
    position  integer NOT NULL DEFAULT 0,
    CONSTRAINT ci_kind_pkey PRIMARY KEY (tenant_id, key)
);
CALL tenant_table('ci_kind');

CREATE TABLE ci_field (
    tenant_id uuid NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    key       text NOT NULL,
    label     jsonb NOT NULL,
    type      text NOT NULL,
    unit      text NOT NULL DEFAULT '',
    role      text,
    synonyms  text[] NOT NULL DEFAULT '{}',
    words     text[] NOT NULL DEFAULT '{}',
    position  integer NOT NULL DEFAULT 0,
    CONSTRAINT ci_field_pkey PRIMARY KEY (tenant_id, key)
);
CALL tenant_table('ci_field');

CREATE TABLE relation_type (
    tenant_id uuid NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    key       text NOT NULL,
    label     jsonb NOT NULL,
    synonyms  text[] NOT NULL DEFAULT '{}',
    impact    boolean NOT NULL DEFAULT false,
    position  integer NOT NULL DEFAULT 0,
    CONSTRAINT relation_type_pkey PRIMARY KEY (tenant_id, key)
);
CALL tenant_table('relation_type');

CREATE TABLE record_kind (
    tenant_id uuid NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    key       text NOT NULL,
    label     jsonb NOT NULL,
    role      text NOT NULL,
    synonyms  text[] NOT NULL DEFAULT '{}',
    position  integer NOT NULL DEFAULT 0,
    -- Counted when an import ends, because counting at every start of the program would not scale with the records.
    total     bigint NOT NULL DEFAULT 0,
    first_at  timestamptz,
    last_at   timestamptz,
    CONSTRAINT record_kind_pkey PRIMARY KEY (tenant_id, key)
);
CALL tenant_table('record_kind');

CREATE TABLE record_field (
    tenant_id      uuid NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    kind           text NOT NULL,
    key            text NOT NULL,
    label          jsonb NOT NULL,
    type           text NOT NULL,
    unit           text NOT NULL DEFAULT '',
    role           text,
    synonyms       text[] NOT NULL DEFAULT '{}',
    words          text[] NOT NULL DEFAULT '{}',
    position       integer NOT NULL DEFAULT 0,
    -- Counted when an import ends: distinct values, and the values where there are at most 200.
    distinct_count bigint NOT NULL DEFAULT 0,
    distinct_vals  text[] NOT NULL DEFAULT '{}',
    CONSTRAINT record_field_pkey PRIMARY KEY (tenant_id, kind, key),
    CONSTRAINT record_field_kind_fkey FOREIGN KEY (tenant_id, kind)
        REFERENCES record_kind (tenant_id, key) ON DELETE CASCADE
);
CALL tenant_table('record_field');

CREATE TABLE metric (
    tenant_id uuid NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    key       text NOT NULL,
    label     jsonb NOT NULL,
    unit      text NOT NULL DEFAULT '',
    synonyms  text[] NOT NULL DEFAULT '{}',
    per_edge  boolean NOT NULL DEFAULT false,
    position  integer NOT NULL DEFAULT 0,
    CONSTRAINT metric_pkey PRIMARY KEY (tenant_id, key)
);
CALL tenant_table('metric');

-- Raised in the transaction of every change of the estate; whoever holds a snapshot compares it.
CREATE TABLE estate_generation (
    tenant_id  uuid NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    generation bigint NOT NULL,
    changed_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT estate_generation_pkey PRIMARY KEY (tenant_id)
);
CALL tenant_table('estate_generation');
