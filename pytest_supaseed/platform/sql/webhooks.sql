-- Database webhooks: triggers call http_request. Here a call is written down in `hooks`, and no request leaves.

create table supabase_functions.migrations (
    version text primary key,
    inserted_at timestamptz not null default now()
);

create table supabase_functions.hooks (
    id bigserial primary key,
    hook_table_id integer not null,
    hook_name text not null,
    created_at timestamptz not null default now(),
    request_id bigint
);
create index supabase_functions_hooks_request_id_idx on supabase_functions.hooks (request_id);
create index supabase_functions_hooks_h_table_id_h_name_idx
    on supabase_functions.hooks (hook_table_id, hook_name);

-- Trigger arguments: url, method, headers, params, timeout in milliseconds.
create function supabase_functions.http_request() returns trigger
language plpgsql security definer set search_path = supabase_functions as $$
begin
    if coalesce(tg_argv[0], 'null') = 'null' then
        raise exception 'url argument is missing';
    end if;
    if coalesce(tg_argv[1], 'null') not in ('GET', 'POST') then
        raise exception 'method argument is missing or invalid: GET and POST are known';
    end if;
    insert into hooks (hook_table_id, hook_name) values (tg_relid, tg_name);
    return new;
end
$$;

grant all on all tables in schema supabase_functions to :"owner", service_role, supabase_functions_admin;
grant all on all sequences in schema supabase_functions
    to :"owner", anon, authenticated, service_role, supabase_functions_admin;
grant all on all routines in schema supabase_functions
    to :"owner", anon, authenticated, service_role, supabase_functions_admin;
