-- promise: forced row security, rules of revoked rights and unlogged tables do not keep rows out
create table secrets (id serial primary key, owner_name text not null);
alter table secrets enable row level security;
alter table secrets force row level security;
create policy nobody on secrets using (false);
create unlogged table caches (key text primary key, value bytea not null);
create table no_key (a int, b text);
create table no_columns ();
