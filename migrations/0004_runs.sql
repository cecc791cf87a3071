-- Conversations and runs: who asked what, the plan, every step, the answer.

create table chat_thread (
    tenant_id uuid not null references tenants (id) on delete cascade,
    id uuid not null,
    user_id uuid not null,
    title text not null,
    -- A title a person gave is never replaced by one made by itself.
    titled_by_hand boolean not null default false,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    deleted_at timestamptz,
    primary key (tenant_id, id)
);
create index chat_thread_user_idx on chat_thread (tenant_id, user_id, updated_at desc);

create table run (
    tenant_id uuid not null references tenants (id) on delete cascade,
    id uuid not null,
    kind text not null,
    user_id uuid not null,
    thread_id uuid,
    question text not null,
    request jsonb not null,
    status text not null,
    plan jsonb,
    response jsonb,
    trace_id text not null,
    parent_trace_id text,
    started_at timestamptz not null default now(),
    -- Renewed while the run is at work; a run whose time has passed died with its server.
    locked_until timestamptz,
    finished_at timestamptz,
    total_ms double precision,
    primary key (tenant_id, id),
    foreign key (tenant_id, thread_id) references chat_thread (tenant_id, id) on delete cascade
);
create index run_thread_idx on run (tenant_id, thread_id, started_at);
create index run_started_idx on run (tenant_id, started_at desc);

create table run_step (
    tenant_id uuid not null references tenants (id) on delete cascade,
    run_id uuid not null,
    ord integer not null,
    path text not null,
    tool text not null,
    label text not null,
    args jsonb not null,
    status text not null,
    row_count bigint not null,
    ms double precision not null,
    error text,
    primary key (tenant_id, run_id, ord),
    foreign key (tenant_id, run_id) references run (tenant_id, id) on delete cascade
);

call tenant_table('chat_thread');
call tenant_table('run');
call tenant_table('run_step');
