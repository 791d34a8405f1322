-- pgjwt: JSON Web Tokens with HMAC (RFC 7515), over pgcrypto's hmac wherever that lies when a token is signed.
-- May be run again.
create or replace function @extschema@.url_encode(data bytea) returns text language sql immutable as $$
    select translate(encode(data, 'base64'), E'+/=\n', '-_')
$$;
create or replace function @extschema@.url_decode(data text) returns bytea language sql immutable as $$
    select decode(translate(data, '-_', '+/') || repeat('=', (4 - length(data) % 4) % 4), 'base64')
$$;

create or replace function @extschema@.algorithm_sign(signables text, secret text, algorithm text) returns text
language plpgsql immutable as $$
declare
    hash constant text := case algorithm
        when 'HS256' then 'sha256' when 'HS384' then 'sha384' when 'HS512' then 'sha512' else ''
    end;
    place constant text := (
        select routine.pronamespace::regnamespace
        from pg_catalog.pg_proc as routine
        where routine.proname = 'hmac' and routine.proargtypes = '25 25 25'::oidvector
            and routine.prorettype = 'bytea'::regtype
        limit 1
    );
    signature bytea;
begin
    if place is null then
        raise exception 'pgjwt signs by hmac() of pgcrypto, and this database has none'
            using errcode = 'undefined_function', hint = 'create extension pgcrypto with schema extensions';
    end if;
    execute format('select %s.hmac($1, $2, $3)', place) into signature using signables, secret, hash;
    return @extschema@.url_encode(signature);
end
$$;

create or replace function @extschema@.sign(payload json, secret text, algorithm text default 'HS256') returns text
language sql immutable as $$
    select signables || '.' || @extschema@.algorithm_sign(signables, secret, algorithm)
    from concat(
        @extschema@.url_encode(convert_to(format('{"alg":"%s","typ":"JWT"}', algorithm), 'UTF8')), '.',
        @extschema@.url_encode(convert_to(payload::text, 'UTF8'))
    ) as signables
$$;

create or replace function @extschema@.try_cast_double(inp text) returns double precision
language plpgsql immutable as $$
begin
    return inp::double precision;
exception when invalid_text_representation or numeric_value_out_of_range then
    return null;
end
$$;

-- Valid: signed so, and now lies between `nbf` and `exp`, where the token has them.
create or replace function @extschema@.verify(token text, secret text, algorithm text default 'HS256')
returns table (header json, payload json, valid boolean) language sql stable as $$
    select
        parts.header, parts.payload,
        split_part(token, '.', 3) = @extschema@.algorithm_sign(
            split_part(token, '.', 1) || '.' || split_part(token, '.', 2), secret, algorithm
        ) and tstzrange(
            to_timestamp(@extschema@.try_cast_double(parts.payload ->> 'nbf')),
            to_timestamp(@extschema@.try_cast_double(parts.payload ->> 'exp'))
        ) @> current_timestamp
    from (
        select
            convert_from(@extschema@.url_decode(split_part(token, '.', 1)), 'UTF8')::json as header,
            convert_from(@extschema@.url_decode(split_part(token, '.', 2)), 'UTF8')::json as payload
    ) as parts
$$;
