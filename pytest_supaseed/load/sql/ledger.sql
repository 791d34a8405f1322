-- What `supaseed seed` put into a database of the user's own: runs, and the key of each row.
create schema if not exists supaseed;

create table if not exists supaseed.runs (
    id bigint generated always as identity primary key,
    version text not null,
    seed text not null,
    users integer not null,
    started_at timestamptz not null default now(),
    finished_at timestamptz,
    state text not null default 'running' check (state in ('running', 'done', 'failed')),
    next_row bigint not null default 0
);

-- `next_row`: the index that a later run's rows begin at, so that none of its values was used before.

-- `key`: the key's columns as texts; null where a table has no key, and its rows are told by their digest.
-- `digest`: of the row as the run left it; null where the run did not come to its end.
create table if not exists supaseed.rows (
    run bigint not null references supaseed.runs (id) on delete cascade,
    relation oid not null,
    key text[],
    digest text,
    unique (relation, key)
);

create index if not exists rows_by_run on supaseed.rows (run, relation);
