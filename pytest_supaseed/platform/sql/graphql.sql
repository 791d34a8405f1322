-- What stands in these schemas while pg_graphql is not enabled: an answer that says so.

create function graphql.resolve(
    query text, variables jsonb default '{}', "operationName" text default null, extensions jsonb default null
) returns jsonb language sql stable as $$
    select jsonb_build_object('errors', jsonb_build_array(
        jsonb_build_object('message', 'pg_graphql is not enabled in this database')
    ))
$$;

create function graphql_public.graphql(
    "operationName" text default null, query text default null, variables jsonb default null,
    extensions jsonb default null
) returns jsonb language sql stable as $$
    select graphql.resolve(query, coalesce(variables, '{}'), "operationName", extensions)
$$;
grant all on all routines in schema graphql, graphql_public to :"owner", anon, authenticated, service_role;
