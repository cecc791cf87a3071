-- Golden questions: answers that are to come out again, and every check of them.

create table golden (
    tenant_id uuid not null references tenants (id) on delete cascade,
    id uuid not null,
    question text not null,
    -- Language, zone, moment and earlier turns the question is asked with.
    request jsonb not null,
    -- Status, text, numbers and plan of the pinned answer.
    expected jsonb not null,
    note text not null default '',
    -- 0 checks on demand only.
    every_min integer not null default 0,
    same_moment boolean not null default true,
    -- The run pinned. It may be removed by retention; what it said is kept here.
    run_id uuid not null,
    created_by uuid not null,
    created_name text not null,
    created_at timestamptz not null default now(),
    due_at timestamptz,
    primary key (tenant_id, id)
);
create index golden_due_idx on golden (due_at) where due_at is not null;

create table golden_check (
    tenant_id uuid not null references tenants (id) on delete cascade,
    id uuid not null,
    golden_id uuid not null,
    at timestamptz not null default now(),
    scheduled boolean not null,
    outcome text not null,
    run_id uuid,
    ms double precision,
    differences jsonb not null,
    error text,
    primary key (tenant_id, id),
    foreign key (tenant_id, golden_id) references golden (tenant_id, id) on delete cascade
);
create index golden_check_latest_idx on golden_check (tenant_id, golden_id, at desc);

call tenant_table('golden');
call tenant_table('golden_check');
