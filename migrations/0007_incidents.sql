-- What the detector keeps: what is usual for each series and day, anomalies, the incidents they belong to, what people said
-- of them, and how far the search has come.

create table detector_state (
    tenant_id uuid primary key references tenants (id) on delete cascade,
    -- The server that searches, and until when it is believed to.
    owner uuid,
    lease_until timestamptz,
    asked_at timestamptz,
    asked_name text not null default '',
    -- The generation of the estate the last whole search saw.
    generation bigint not null default -1,
    started_at timestamptz,
    ended_at timestamptz,
    error text,
    -- Series there are, series of the search at work that have new samples, and how many of them are done.
    series integer not null default 0,
    todo integer not null default 0,
    done integer not null default 0,
    -- Series too short to be judged.
    too_short integer not null default 0,
    -- Anomalies that belong to no incident.
    alone integer not null default 0,
    covered_from timestamptz,
    covered_until timestamptz,
    next_number bigint not null default 1
);
call tenant_table('detector_state');

-- What is usual on a day: learned from what was before it, so that it is learned once.
create table series_model (
    tenant_id uuid not null references tenants (id) on delete cascade,
    series_id uuid not null,
    day date not null,
    -- The version of the row of samples that was judged: another one was written since.
    seen text not null,
    -- The threshold it was judged by.
    k double precision not null,
    -- Empty where the history was too short.
    basis text not null,
    sigma double precision not null default 0,
    step_ms bigint not null default 0,
    longest_run bigint not null default 0,
    longest_gap bigint not null default 0,
    curve real[] not null default '{}',
    -- By hour, where it differs.
    hourly real[] not null default '{}',
    primary key (tenant_id, series_id, day),
    foreign key (tenant_id, series_id) references series (tenant_id, id) on delete cascade
);
call tenant_table('series_model');

create table incident (
    tenant_id uuid not null references tenants (id) on delete cascade,
    -- What people call it; it keeps it while it grows.
    number bigint not null,
    from_at timestamptz not null,
    until_at timestamptz not null,
    severe boolean not null,
    -- Codes of its items, those that deviated first in front.
    items text[] not null,
    deviations integer not null,
    events integer not null,
    created_at timestamptz not null default now(),
    -- When its anomalies or records last changed, and when causes were last looked for.
    changed_at timestamptz not null default now(),
    explained_at timestamptz,
    -- By language: hypotheses, best first, and what could not be looked at.
    causes jsonb not null default '{}',
    -- Of what the causes were looked for: they are looked for again when it has changed.
    fingerprint text not null,
    -- An anomaly of it went: it is put together anew.
    stale boolean not null default false,
    primary key (tenant_id, number)
);
create index incident_from_idx on incident (tenant_id, from_at desc, number desc);
call tenant_table('incident');

create table anomaly (
    tenant_id uuid not null references tenants (id) on delete cascade,
    id uuid not null,
    series_id uuid not null,
    form text not null,
    from_at timestamptz not null,
    until_at timestamptz not null,
    -- The value farthest away; none where there were no samples.
    value double precision,
    expected double precision not null,
    sigma double precision not null,
    incident bigint,
    -- Whether it was looked at for incidents since it last changed.
    grouped boolean not null default false,
    primary key (tenant_id, id),
    constraint anomaly_what_key unique (tenant_id, series_id, form, from_at),
    foreign key (tenant_id, series_id) references series (tenant_id, id) on delete cascade,
    foreign key (tenant_id, incident) references incident (tenant_id, number) on delete set null (incident)
);
create index anomaly_from_idx on anomaly (tenant_id, from_at);
create index anomaly_incident_idx on anomaly (tenant_id, incident);
call tenant_table('anomaly');

-- "Not an anomaly", with who, when and why. A row stays when it is withdrawn.
create table anomaly_feedback (
    tenant_id uuid not null references tenants (id) on delete cascade,
    id uuid not null,
    series_id uuid not null,
    metric text not null,
    ci text not null,
    peer text not null default '',
    form text not null,
    from_at timestamptz not null,
    until_at timestamptz not null,
    value double precision,
    expected double precision not null,
    sigma double precision not null,
    reason text not null,
    by_id uuid not null,
    by_name text not null,
    at timestamptz not null default now(),
    trace_id text not null,
    withdrawn_at timestamptz,
    withdrawn_name text,
    primary key (tenant_id, id),
    foreign key (tenant_id, series_id) references series (tenant_id, id) on delete cascade
);
create index anomaly_feedback_series_idx on anomaly_feedback (tenant_id, series_id);
create index anomaly_feedback_at_idx on anomaly_feedback (tenant_id, at desc);
call tenant_table('anomaly_feedback');
