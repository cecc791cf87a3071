-- Templates of root-cause analysis. A version is written once; which one is in force is said by its template.

create table rca_template (
    tenant_id uuid not null references tenants (id) on delete cascade,
    key text not null,
    latest integer not null,
    -- The version used by itself where it applies; none when it is only used by name.
    active integer,
    constraint rca_template_pkey primary key (tenant_id, key),
    constraint rca_template_active_check check (active between 1 and latest)
);
call tenant_table('rca_template');

create table rca_template_version (
    tenant_id uuid not null references tenants (id) on delete cascade,
    key text not null,
    version integer not null,
    -- `rca.template/v1`.
    body jsonb not null,
    reason text not null default '',
    -- The version it brought back.
    of_version integer,
    by_name text not null,
    at timestamptz not null default now(),
    constraint rca_template_version_pkey primary key (tenant_id, key, version),
    constraint rca_template_version_template_fkey foreign key (tenant_id, key)
        references rca_template (tenant_id, key) on delete cascade
);
call tenant_table('rca_template_version');
-- They go with their template only.
revoke update, delete on rca_template_version from tobit_app;
