-- The journal of runs: who works on one, every step as it ends, outputs once each, what was told, what has to be decided.
--
-- A run belongs to the server that holds its lease (`locked_by`, `locked_until`). A server that lost the lease writes no
-- more; another takes the run over, skips the steps that are here and goes on. A waiting run has no lease: nobody works.

alter table run
    add column template text not null default '',
    add column forked_from uuid,
    add column forked_step text,
    add column locked_by uuid,
    add column takeovers integer not null default 0,
    -- Asked to stop; the server that holds the lease sees it when it renews.
    add column stop_requested_at timestamptz,
    add column step_count integer not null default 0,
    add column spent jsonb not null default '{}',
    add column tokens bigint not null default 0,
    add column cost double precision not null default 0;
create index run_user_idx on run (tenant_id, user_id, started_at desc);
create index run_title_idx on run (tenant_id, md5(question), started_at desc);
create index run_trace_idx on run (tenant_id, trace_id);
create index run_forked_idx on run (tenant_id, forked_from) where forked_from is not null;
create index run_open_idx on run (locked_until) where status = 'running';
create index run_old_idx on run (started_at);

-- Steps are numbered as they end. `start_seq` and `end_seq` are the numbers of the two events a step is told by, so that
-- the stream can be taken up again from here.
alter table run_step
    add column started_ms double precision not null default 0,
    add column attempts integer not null default 0,
    add column cached boolean not null default false,
    add column copied boolean not null default false,
    add column code text not null default '',
    add column output_hash bytea,
    add column output_bytes bigint not null default 0,
    -- The error as both languages have it, for steps that are read again.
    add column fault jsonb,
    add column start_seq bigint,
    add column end_seq bigint,
    add column ended_at timestamptz not null default now();
create index run_step_old_idx on run_step (ended_at);

-- Steps written before the journal may name a path twice; only a journalled one is unique.
create unique index run_step_path_key on run_step (tenant_id, run_id, path) where end_seq is not null;

-- Outputs by the hash of what they are: the same output of many runs is kept once.
create table run_blob (
    tenant_id uuid not null references tenants (id) on delete cascade,
    hash bytea not null,
    -- Deflated JSON, or plain JSON where that is not longer.
    bytes bytea not null,
    deflated boolean not null,
    used_at timestamptz not null default now(),
    primary key (tenant_id, hash)
);
create index run_blob_old_idx on run_blob (used_at);

-- What was told besides steps and the end of the run: plan, sub-plans, changes of the plan, decisions to make.
create table run_event (
    tenant_id uuid not null references tenants (id) on delete cascade,
    run_id uuid not null,
    seq bigint not null,
    kind text not null,
    payload jsonb not null,
    at timestamptz not null default now(),
    primary key (tenant_id, run_id, seq),
    foreign key (tenant_id, run_id) references run (tenant_id, id) on delete cascade
);
create index run_event_old_idx on run_event (at);

-- Plans that steps became, kept before they run: a run that is taken up again follows the same ones.
create table run_subplan (
    tenant_id uuid not null references tenants (id) on delete cascade,
    run_id uuid not null,
    path text not null,
    plan jsonb not null,
    primary key (tenant_id, run_id, path),
    foreign key (tenant_id, run_id) references run (tenant_id, id) on delete cascade
);

create table run_approval (
    tenant_id uuid not null references tenants (id) on delete cascade,
    run_id uuid not null,
    path text not null,
    kind text not null,
    what text not null,
    who text not null,
    asked_at timestamptz not null default now(),
    expires_at timestamptz not null,
    approved boolean,
    decided_by uuid,
    decided_at timestamptz,
    reason text not null default '',
    primary key (tenant_id, run_id, path),
    foreign key (tenant_id, run_id) references run (tenant_id, id) on delete cascade,
    constraint run_approval_kind_check check (kind in ('approve', 'ask')),
    constraint run_approval_who_check check (who in ('viewer', 'developer', 'manager', 'admin'))
);
create index run_approval_open_idx on run_approval (expires_at) where approved is null;
create index run_approval_list_idx on run_approval (tenant_id, asked_at desc);

-- Plans kept under a name, called with arguments.
create table plan_template (
    tenant_id uuid not null references tenants (id) on delete cascade,
    name text not null,
    title text not null,
    about text not null,
    params jsonb not null,
    plan jsonb not null,
    version integer not null default 1,
    updated_by text not null,
    updated_at timestamptz not null default now(),
    primary key (tenant_id, name),
    constraint plan_template_name_check check (name ~ '^[a-z0-9][a-z0-9._-]{0,79}$')
);

call tenant_table('run_blob');
call tenant_table('run_event');
call tenant_table('run_subplan');
call tenant_table('run_approval');
call tenant_table('plan_template');
