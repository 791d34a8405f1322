-- pg_net: a request becomes a row of net.http_request_queue and is never sent, so a response never comes.
-- May be run again.
create schema if not exists net;

do $$
begin
    if to_regtype('net.http_method') is null then
        create domain net.http_method as text check (lower(value) in ('get', 'post', 'delete'));
        create type net.request_status as enum ('PENDING', 'SUCCESS', 'ERROR');
        create type net.http_response as (status_code integer, headers jsonb, body text);
        create type net.http_response_result as (
            status net.request_status, message text, response net.http_response
        );
    end if;
end
$$;

create unlogged table if not exists net.http_request_queue (
    id bigserial,
    method net.http_method not null,
    url text not null,
    headers jsonb,
    body bytea,
    timeout_milliseconds integer not null
);
create unlogged table if not exists net._http_response (
    id bigint,
    status_code integer,
    content_type text,
    headers jsonb,
    content text,
    timed_out boolean,
    error_msg text,
    created timestamptz not null default now()
);
create index if not exists _http_response_created_idx on net._http_response (created);

-- RFC 3986, 2.3: what is not unreserved is written as %XX.
create or replace function net._urlencode_string(string varchar) returns text language sql immutable strict as $$
    select coalesce(string_agg(
        case
            when byte between 48 and 57 or byte between 65 and 90 or byte between 97 and 122
                or byte in (45, 46, 95, 126) then chr(byte)
            else '%' || upper(lpad(to_hex(byte), 2, '0'))
        end, '' order by nr
    ), '')
    from convert_to(string, 'UTF8') as bytes,
        generate_series(0, length(bytes) - 1) as nr,
        get_byte(bytes, nr) as byte
$$;

create or replace function net.supaseed_enqueue(
    method text, url text, params jsonb, headers jsonb, body jsonb, timeout_milliseconds integer
) returns bigint language sql security definer set search_path = '' as $$
    insert into net.http_request_queue (method, url, headers, body, timeout_milliseconds)
    select $1, $2 || coalesce(
            case when strpos($2, '?') > 0 then '&' else '?' end || string_agg(
                net._urlencode_string(param.key) || '=' || net._urlencode_string(param.value), '&'
            ), ''
        ), $4, convert_to($5::text, 'UTF8'), $6
    from jsonb_each_text($3) as param
    returning id
$$;

create or replace function net.http_get(
    url text, params jsonb default '{}', headers jsonb default '{}', timeout_milliseconds integer default 5000
) returns bigint language sql as $$
    select net.supaseed_enqueue('GET', $1, $2, $3, null, $4)
$$;
create or replace function net.http_delete(
    url text, params jsonb default '{}', headers jsonb default '{}', timeout_milliseconds integer default 5000,
    body jsonb default null
) returns bigint language sql as $$
    select net.supaseed_enqueue('DELETE', $1, $2, $3, $5, $4)
$$;
create or replace function net.http_post(
    url text, body jsonb default '{}', params jsonb default '{}',
    headers jsonb default '{"Content-Type": "application/json"}', timeout_milliseconds integer default 5000
) returns bigint language plpgsql as $$
declare
    content_type constant text := (
        select value from jsonb_each_text(headers) as header (name, value) where lower(name) = 'content-type' limit 1
    );
begin
    if content_type <> 'application/json' then
        raise exception 'Content-Type header must be "application/json"';
    end if;
    if content_type is null then
        headers := headers || '{"Content-Type": "application/json"}';
    end if;
    return net.supaseed_enqueue('POST', url, params, headers, body, timeout_milliseconds);
end
$$;

-- Answers at once, whatever `async` says: to wait for what never comes would hang.
create or replace function net._http_collect_response(request_id bigint, async boolean default true)
returns net.http_response_result language sql as $$
    select coalesce(
        (
            select case
                when found.error_msg is not null then row('ERROR', found.error_msg, null)::net.http_response_result
                else row(
                    'SUCCESS', 'ok', row(found.status_code, found.headers, found.content)::net.http_response
                )::net.http_response_result
            end
            from net._http_response as found
            where found.id = request_id
            limit 1
        ),
        row('ERROR', 'request matching request_id not found', null)::net.http_response_result
    )
$$;
create or replace function net.http_collect_response(request_id bigint, async boolean default true)
returns net.http_response_result language sql as $$ select net._http_collect_response($1, $2) $$;
create or replace function net.worker_restart() returns boolean language sql as $$ select true $$;
create or replace function net.wait_until_running() returns void language sql as $$ select $$;
create or replace function net.check_worker_is_up() returns void language sql as $$ select $$;

grant usage on schema net to public;
grant all on all sequences in schema net to public;
grant all on all tables in schema net to public;
grant usage on schema net to :"owner" with grant option;
