-- Ground: extension, the way to make a table of tenants' data, tenants, people, sessions, audit.
--
-- How every later migration makes a table that holds data of tenants:
--
--     CREATE TABLE things (
--         tenant_id uuid NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
--         id        uuid NOT NULL,
--         …
--         CONSTRAINT things_pkey PRIMARY KEY (tenant_id, id),
--         CONSTRAINT things_owner_fkey FOREIGN KEY (tenant_id, owner_id) REFERENCES owners (tenant_id, id)
--     );
--     CALL tenant_table('things');
--
-- Keys, foreign keys and indexes begin with tenant_id. `tenant_table` forces row-level security, makes the policies and
-- grants SELECT, INSERT, UPDATE, DELETE; take away what must not happen by REVOKE after it (see audit_log). Partitions
-- of such a table get neither policies nor grants: they are reached through their parent alone. Sequences need
-- `GRANT USAGE ON SEQUENCE … TO tobit_app`; better, make ids in the program.
--
-- PostgreSQL refuses COPY … FROM into a table under row-level security. Bulk rows go by
-- INSERT … SELECT * FROM unnest($1::…[], $2::…[]), or by COPY into a temporary table and INSERT … SELECT from it.
--
-- The roles exist before the first migration runs (services::db makes them): tobit_app answers requests and sees one
-- tenant, tobit_sys works for the listed system reasons. Neither owns a table or bypasses row-level security.

DO $$
BEGIN
    IF EXISTS (SELECT 1 FROM pg_available_extensions WHERE name = 'vector') THEN
        CREATE EXTENSION IF NOT EXISTS vector;
    END IF;
EXCEPTION WHEN insufficient_privilege THEN
    RAISE NOTICE 'extension vector is not installed: this role may not; an administrator runs CREATE EXTENSION vector';
END
$$;

GRANT USAGE ON SCHEMA public TO tobit_app, tobit_sys;

-- `current_setting` without a default fails loudly where no tenant was set: a forgotten scope is an error, never an
-- empty list.
CREATE PROCEDURE tenant_table(target regclass)
    LANGUAGE plpgsql
AS $$
BEGIN
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', target);
    EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', target);
    EXECUTE format(
        'CREATE POLICY tenant_rows ON %s TO tobit_app
         USING (tenant_id = current_setting(''app.tenant_id'')::uuid)
         WITH CHECK (tenant_id = current_setting(''app.tenant_id'')::uuid)', target);
    EXECUTE format('CREATE POLICY system_rows ON %s TO tobit_sys USING (true) WITH CHECK (true)', target);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO tobit_app, tobit_sys', target);
END
$$;

CREATE TABLE tenants (
    id         uuid NOT NULL,
    slug       text NOT NULL,
    name       text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT tenants_pkey PRIMARY KEY (id),
    CONSTRAINT tenants_slug_key UNIQUE (slug),
    CONSTRAINT tenants_slug_check CHECK (slug ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
    CONSTRAINT tenants_name_check CHECK (length(name) BETWEEN 1 AND 200)
);

-- A person may belong to several tenants.
CREATE TABLE users (
    id            uuid NOT NULL,
    login         text NOT NULL,
    name          text NOT NULL,
    lang          text NOT NULL DEFAULT 'ko',
    password_hash text,
    disabled_at   timestamptz,
    created_at    timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT users_pkey PRIMARY KEY (id),
    CONSTRAINT users_lang_check CHECK (lang IN ('ko', 'en')),
    CONSTRAINT users_login_check CHECK (length(login) BETWEEN 1 AND 200)
);
CREATE UNIQUE INDEX users_login_key ON users (lower(login));

CREATE TABLE memberships (
    tenant_id  uuid NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    user_id    uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    role       text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT memberships_pkey PRIMARY KEY (tenant_id, user_id),
    CONSTRAINT memberships_role_check CHECK (role IN ('viewer', 'developer', 'manager', 'admin'))
);
CREATE INDEX memberships_user_idx ON memberships (user_id);
CALL tenant_table('memberships');
REVOKE INSERT, UPDATE, DELETE ON memberships FROM tobit_app;

-- A request sees its own tenant and the people who belong to it, and never a password hash.
ALTER TABLE tenants ENABLE ROW LEVEL SECURITY;
ALTER TABLE tenants FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_rows ON tenants TO tobit_app USING (id = current_setting('app.tenant_id')::uuid);
CREATE POLICY system_rows ON tenants TO tobit_sys USING (true) WITH CHECK (true);
GRANT SELECT ON tenants TO tobit_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON tenants TO tobit_sys;

ALTER TABLE users ENABLE ROW LEVEL SECURITY;
ALTER TABLE users FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_rows ON users TO tobit_app
    USING (EXISTS (SELECT 1 FROM memberships m
                   WHERE m.tenant_id = current_setting('app.tenant_id')::uuid AND m.user_id = users.id));
CREATE POLICY system_rows ON users TO tobit_sys USING (true) WITH CHECK (true);
GRANT SELECT (id, login, name, lang, disabled_at, created_at) ON users TO tobit_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON users TO tobit_sys;

-- A session is a family of refresh tokens. Each exchange raises the generation; a token of an older generation that is
-- presented again (apart from a short grace) ends the session.
CREATE TABLE sessions (
    tenant_id  uuid NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    id         uuid NOT NULL,
    user_id    uuid NOT NULL,
    generation integer NOT NULL DEFAULT 0,
    rotated_at timestamptz,
    address    text NOT NULL,
    user_agent text NOT NULL,
    created_at timestamptz NOT NULL,
    seen_at    timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz,
    revoked_why text,
    CONSTRAINT sessions_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT sessions_member_fkey FOREIGN KEY (tenant_id, user_id)
        REFERENCES memberships (tenant_id, user_id) ON DELETE CASCADE,
    CONSTRAINT sessions_revoked_check CHECK (revoked_why IN ('signed_out', 'reused', 'ended'))
);
CREATE INDEX sessions_user_idx ON sessions (tenant_id, user_id);
CREATE INDEX sessions_expires_idx ON sessions (expires_at);
CALL tenant_table('sessions');
REVOKE INSERT, UPDATE, DELETE ON sessions FROM tobit_app;

-- Only the SHA-256 of a token is kept: a dump of the database signs nobody in.
CREATE TABLE refresh_tokens (
    tenant_id  uuid NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    id         uuid NOT NULL,
    session_id uuid NOT NULL,
    generation integer NOT NULL,
    hash       bytea NOT NULL,
    issued_at  timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    CONSTRAINT refresh_tokens_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT refresh_tokens_hash_key UNIQUE (hash),
    CONSTRAINT refresh_tokens_session_fkey FOREIGN KEY (tenant_id, session_id)
        REFERENCES sessions (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX refresh_tokens_session_idx ON refresh_tokens (tenant_id, session_id);
CALL tenant_table('refresh_tokens');
REVOKE ALL ON refresh_tokens FROM tobit_app;

-- One-time tokens of the first administrator: one per start of a server, until there is an administrator.
CREATE TABLE setup_tokens (
    hash       bytea NOT NULL,
    expires_at timestamptz NOT NULL,
    CONSTRAINT setup_tokens_pkey PRIMARY KEY (hash)
);
GRANT SELECT, INSERT, DELETE ON setup_tokens TO tobit_sys;

-- Failed sign-ins by account, by address and by both; the key is a hash, so that no login name is kept that nobody has.
CREATE TABLE sign_in_failures (
    key        bytea NOT NULL,
    failures   integer NOT NULL,
    last_at    timestamptz NOT NULL,
    blocked_until timestamptz,
    CONSTRAINT sign_in_failures_pkey PRIMARY KEY (key)
);
GRANT SELECT, INSERT, UPDATE, DELETE ON sign_in_failures TO tobit_sys;

-- What happened, written in the transaction of the change and never changed afterwards.
CREATE TABLE audit_log (
    tenant_id  uuid NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    id         uuid NOT NULL,
    at         timestamptz NOT NULL DEFAULT now(),
    actor      uuid,
    actor_name text NOT NULL,
    action     text NOT NULL,
    object     text NOT NULL,
    before     jsonb,
    after      jsonb,
    trace_id   text NOT NULL,
    CONSTRAINT audit_log_pkey PRIMARY KEY (tenant_id, id)
);
CREATE INDEX audit_log_at_idx ON audit_log (tenant_id, at DESC);
CALL tenant_table('audit_log');
REVOKE UPDATE, DELETE ON audit_log FROM tobit_app, tobit_sys;
