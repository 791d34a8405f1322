-- What is known of the template databases of this server. A row is written in the transaction that marks the
-- database as a template: there is no row without a whole template.
--
-- Several versions of this package may share a server. So columns are only ever added, and each has a default:
-- an older version does not write it, and reads the others by their names.
create table if not exists public.template (
    name name primary key,
    content text not null,
    made_at timestamptz not null default now(),
    used_at timestamptz not null default now()
);

-- kind: schema or dataset. title: what it holds, for people. package: the version of this package.
-- made_from, made_from_oid: the schema template that a dataset is a copy of; the same name is another database
-- when it was made anew, and then its tables have other OIDs. bytes: what it takes; no template changes, and to
-- ask Postgres for the size of one takes a millisecond.
alter table public.template
    add column if not exists kind text not null default '',
    add column if not exists title text not null default '',
    add column if not exists package text not null default '',
    add column if not exists made_from name,
    add column if not exists made_from_oid oid,
    add column if not exists bytes int8;
