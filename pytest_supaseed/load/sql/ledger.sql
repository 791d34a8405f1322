-- What `supaseed seed` put into a database of the user's own: runs, and the key of each row.
create schema if not exists supaseed;

create table if not exists supaseed.runs (
    id bigint generated always as identity primary key,
    version text not null,
    seed text not null,
    users integer not null,
    started_at timestamptz not null default now(),
    finished_at timestamptz,
    state text not null default 'running' check (state in ('running', 'stopped', 'done', 'failed')),
    next_row bigint not null default 0,
    parts integer not null,
    digest text not null,
    asked jsonb not null
);

-- `next_row`: the index that a later run's rows begin at, so that none of its values was used before.
-- `parts`: how many the plan has; `digest`: of the plan and the schema; `asked`: what the plan was made of, for a run that goes on with it.

-- No key leads from `rows` to `runs`, which would be looked up for each row. Digests are written in the end: pages
-- are left half empty for that, so that no index has to be touched. Together a third of what the ledger costs.
-- `part`: the part of the plan by whose loading a row came in, a trigger's row included.
-- `key`: the key's columns as texts; null where a table has no key, and its rows are told by their digest.
-- `digest`: of the row as the run left it; null where the run did not come to its end.
create table if not exists supaseed.rows (
    run bigint not null,
    relation oid not null,
    part integer not null,
    key text[],
    digest text,
    unique (relation, key)
) with (fillfactor = 45);

create index if not exists rows_by_run on supaseed.rows (run, relation);

-- How far a run came, part by part of its plan. `place`: phase, rows tried, rows taken; `known`: what was
-- found out on the way and decides on what follows; `report`: once the part is done.
create table if not exists supaseed.parts (
    run bigint not null references supaseed.runs (id) on delete cascade,
    part integer not null,
    label text not null,
    planned bigint not null,
    place jsonb not null,
    known jsonb not null,
    report jsonb,
    primary key (run, part)
);
