-- pg_graphql: graphql.resolve answers that GraphQL is not enabled, as on a project without the extension, and the
-- functions that schemas mention are there. May be run again.
create schema if not exists graphql;
create or replace function graphql.resolve(
    query text, variables jsonb default '{}', "operationName" text default null, extensions jsonb default null
) returns jsonb language sql stable as $$
    select jsonb_build_object('errors', jsonb_build_array(
        jsonb_build_object('message', 'pg_graphql is not enabled in this database')
    ))
$$;
-- What comments `@graphql({...})` hold, and a version that changes with the schema.
create or replace function graphql.comment_directive(comment_ text) returns jsonb language sql immutable as $$
    select coalesce((regexp_match(comment_, '@graphql\((.+)\)'))[1]::jsonb, '{}')
$$;
create sequence if not exists graphql.seq_schema_version as integer cycle;
create or replace function graphql.get_schema_version() returns integer
language sql security definer set search_path = '' as $$ select last_value::integer from graphql.seq_schema_version $$;
create or replace function graphql.increment_schema_version() returns event_trigger
language plpgsql security definer set search_path = '' as $$
begin
    perform pg_catalog.nextval('graphql.seq_schema_version');
end
$$;
grant usage on schema graphql to :"owner", anon, authenticated, service_role;
grant execute on all functions in schema graphql to :"owner", anon, authenticated, service_role;
