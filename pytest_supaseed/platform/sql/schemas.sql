-- The schemas around a Supabase project's own, and who may enter them. Run by the login that makes databases.
-- :"owner" is the role that migrations run as.

-- Postgres 15 and newer do both by themselves; in 14 the bootstrap superuser owns `public`, and everybody may create there.
do $$
begin
    alter schema public owner to pg_database_owner;
    revoke create on schema public from public;
exception when insufficient_privilege then
    null; -- 14, and the login is no superuser: all may create there, the owner too
end
$$;

create schema extensions;
create schema auth;
create schema storage;
create schema realtime;
create schema graphql;
create schema graphql_public;
create schema supabase_functions;
create schema supabase_migrations;

grant usage on schema public, extensions, auth, storage, realtime, graphql, graphql_public
    to anon, authenticated, service_role;
grant usage on schema extensions, auth, storage, realtime, graphql, graphql_public to dashboard_user;
grant all on schema public, extensions, auth, storage, realtime, graphql, graphql_public,
    supabase_functions, supabase_migrations to :"owner";

grant all on schema auth to supabase_auth_admin;
grant all on schema storage to supabase_storage_admin;
grant all on schema realtime to supabase_realtime_admin;
grant all on schema supabase_functions to supabase_functions_admin;
grant usage on schema supabase_functions to anon, authenticated, service_role;

-- Tables that refer to auth.users, and functions that check them, belong to these too.
grant usage on schema auth to supabase_storage_admin, supabase_realtime_admin;

-- What migrations create in `public` is open to the API roles, and row level security is what guards it.
alter default privileges for role :"owner" in schema public
    grant all on tables to anon, authenticated, service_role;
alter default privileges for role :"owner" in schema public
    grant all on sequences to anon, authenticated, service_role;
alter default privileges for role :"owner" in schema public
    grant all on routines to anon, authenticated, service_role;
alter default privileges in schema public
    grant all on tables to :"owner", anon, authenticated, service_role;
alter default privileges in schema public
    grant all on sequences to :"owner", anon, authenticated, service_role;
alter default privileges in schema public
    grant all on routines to :"owner", anon, authenticated, service_role;
alter default privileges in schema extensions grant all on tables to :"owner" with grant option;
alter default privileges in schema extensions grant all on routines to :"owner" with grant option;
alter default privileges in schema extensions grant all on sequences to :"owner" with grant option;

-- The Supabase CLI notes here which migrations it ran.
create table supabase_migrations.schema_migrations (
    version text primary key,
    statements text[],
    name text
);
create table supabase_migrations.seed_files (
    path text primary key,
    hash text not null
);
grant all on all tables in schema supabase_migrations to :"owner";
