-- http: types and functions of pgsql-http. What has to call out raises; what only computes, computes. May be run again.
do $$
begin
    if to_regtype('@extschema@.http_request') is null then
        create domain @extschema@.http_method as text;
        create domain @extschema@.content_type as text check (value ~ '^\S+/\S+');
        create type @extschema@.http_header as (field varchar, value varchar);
        create type @extschema@.http_response as (
            status integer, content_type varchar, headers @extschema@.http_header[], content varchar
        );
        create type @extschema@.http_request as (
            method @extschema@.http_method, uri varchar, headers @extschema@.http_header[], content_type varchar,
            content varchar
        );
    end if;
end
$$;

create or replace function @extschema@.http(request @extschema@.http_request) returns @extschema@.http_response
language plpgsql as $$
begin
    raise exception '% %: a stand-in for the http extension cannot call out', request.method, request.uri
        using errcode = 'feature_not_supported',
            hint = 'Replace the function that calls it, or say http = "install" in [tool.supaseed.extensions] '
                'on a server that has the extension.';
end
$$;

-- RFC 3986, 2.3: what is not unreserved is written as %XX.
create or replace function @extschema@.urlencode(string bytea) returns text language sql immutable strict as $$
    select coalesce(string_agg(
        case
            when byte between 48 and 57 or byte between 65 and 90 or byte between 97 and 122
                or byte in (45, 46, 95, 126) then chr(byte)
            else '%' || upper(lpad(to_hex(byte), 2, '0'))
        end, '' order by nr
    ), '')
    from generate_series(0, length(string) - 1) as nr, get_byte(string, nr) as byte
$$;
create or replace function @extschema@.urlencode(string varchar) returns text language sql immutable strict as $$
    select @extschema@.urlencode(convert_to($1, 'UTF8'))
$$;
create or replace function @extschema@.urlencode(data jsonb) returns text language sql immutable strict as $$
    select coalesce(string_agg(
        @extschema@.urlencode(pair.key::varchar) || '=' || @extschema@.urlencode(pair.value::varchar), '&'
    ), '')
    from jsonb_each_text(data) as pair
    where pair.value is not null
$$;
create or replace function @extschema@.text_to_bytea(data text) returns bytea language sql immutable strict as $$
    select convert_to($1, getdatabaseencoding())
$$;
create or replace function @extschema@.bytea_to_text(data bytea) returns text language sql immutable strict as $$
    select convert_from($1, getdatabaseencoding())
$$;
create or replace function @extschema@.http_header(field varchar, value varchar) returns @extschema@.http_header
language sql as $$ select $1, $2 $$;
create or replace function @extschema@.http_headers(variadic args text[]) returns @extschema@.http_header[]
language plpgsql immutable strict as $$
begin
    if cardinality(args) % 2 <> 0 then
        raise exception 'Arguments must be provided in key-value pairs';
    end if;
    return (
        select array_agg(row(args[nr], args[nr + 1])::@extschema@.http_header order by nr)
        from generate_series(1, cardinality(args), 2) as nr
    );
end
$$;

create or replace function @extschema@.http_get(uri varchar) returns @extschema@.http_response
language sql as $$ select @extschema@.http(('GET', $1, null, null, null)::@extschema@.http_request) $$;
create or replace function @extschema@.http_get(uri varchar, data jsonb) returns @extschema@.http_response
language sql as $$
    select @extschema@.http(
        ('GET', $1 || '?' || @extschema@.urlencode($2), null, null, null)::@extschema@.http_request
    )
$$;
create or replace function @extschema@.http_post(uri varchar, content varchar, content_type varchar)
returns @extschema@.http_response
language sql as $$ select @extschema@.http(('POST', $1, null, $3, $2)::@extschema@.http_request) $$;
create or replace function @extschema@.http_post(uri varchar, data jsonb) returns @extschema@.http_response
language sql as $$
    select @extschema@.http((
        'POST', $1, null, 'application/x-www-form-urlencoded', @extschema@.urlencode($2)
    )::@extschema@.http_request)
$$;
create or replace function @extschema@.http_put(uri varchar, content varchar, content_type varchar)
returns @extschema@.http_response
language sql as $$ select @extschema@.http(('PUT', $1, null, $3, $2)::@extschema@.http_request) $$;
create or replace function @extschema@.http_patch(uri varchar, content varchar, content_type varchar)
returns @extschema@.http_response
language sql as $$ select @extschema@.http(('PATCH', $1, null, $3, $2)::@extschema@.http_request) $$;
create or replace function @extschema@.http_delete(uri varchar) returns @extschema@.http_response
language sql as $$ select @extschema@.http(('DELETE', $1, null, null, null)::@extschema@.http_request) $$;
create or replace function @extschema@.http_delete(uri varchar, content varchar, content_type varchar)
returns @extschema@.http_response
language sql as $$ select @extschema@.http(('DELETE', $1, null, $3, $2)::@extschema@.http_request) $$;
create or replace function @extschema@.http_head(uri varchar) returns @extschema@.http_response
language sql as $$ select @extschema@.http(('HEAD', $1, null, null, null)::@extschema@.http_request) $$;

-- Options of a connection that is never made.
create or replace function @extschema@.http_set_curlopt(curlopt varchar, value varchar) returns boolean
language sql as $$ select true $$;
create or replace function @extschema@.http_reset_curlopt() returns boolean language sql as $$ select true $$;
create or replace function @extschema@.http_list_curlopt() returns table (curlopt text, value text)
language sql as $$ select null::text, null::text where false $$;
