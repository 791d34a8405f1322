-- Every function of uuid-ossp, over core Postgres. Also run as a plain script where extensions cannot be added.
-- What differs: version 1 UUIDs carry a random node address (marked so by its multicast bit), never the machine's own.

create or replace function @extschema@.uuid_nil() returns uuid
language sql immutable strict parallel safe as $$ select '00000000-0000-0000-0000-000000000000'::uuid $$;

create or replace function @extschema@.uuid_ns_dns() returns uuid
language sql immutable strict parallel safe as $$ select '6ba7b810-9dad-11d1-80b4-00c04fd430c8'::uuid $$;

create or replace function @extschema@.uuid_ns_url() returns uuid
language sql immutable strict parallel safe as $$ select '6ba7b811-9dad-11d1-80b4-00c04fd430c8'::uuid $$;

create or replace function @extschema@.uuid_ns_oid() returns uuid
language sql immutable strict parallel safe as $$ select '6ba7b812-9dad-11d1-80b4-00c04fd430c8'::uuid $$;

create or replace function @extschema@.uuid_ns_x500() returns uuid
language sql immutable strict parallel safe as $$ select '6ba7b814-9dad-11d1-80b4-00c04fd430c8'::uuid $$;

create or replace function @extschema@.uuid_generate_v4() returns uuid
language sql volatile strict parallel safe as $$ select gen_random_uuid() $$;

-- RFC 9562, 5.1: 60 bits of 100 ns since 15 October 1582, low word first; then 14 random bits and the node.
create or replace function @extschema@.uuid_generate_v1mc() returns uuid
language sql volatile strict parallel safe as $$
    select (
        substring(stamp, 9, 8) || substring(stamp, 5, 4) || '1' || substring(stamp, 2, 3)
        || substring(random, 17, 4) || encode(set_byte(node, 0, get_byte(node, 0) | 1), 'hex')
    )::uuid
    from (
        select
            lpad(to_hex((extract(epoch from clock_timestamp()) * 10000000)::bigint + 122192928000000000), 16, '0')
                as stamp,
            random,
            decode(substring(random, 21, 12), 'hex') as node
        from (select replace(gen_random_uuid()::text, '-', '') as random) as drawn
    ) as parts
$$;

create or replace function @extschema@.uuid_generate_v1() returns uuid
language sql volatile strict parallel safe as $$ select @extschema@.uuid_generate_v1mc() $$;

-- RFC 9562, 5.3 and 5.5: a hash over namespace and name, with version and variant written over it.
create or replace function @extschema@.supaseed_uuid_of_hash(hash bytea, version integer) returns uuid
language sql immutable strict parallel safe as $$
    select encode(
        set_byte(
            set_byte(substring(hash from 1 for 16), 6, (get_byte(hash, 6) & 15) | (version << 4)),
            8, (get_byte(hash, 8) & 63) | 128
        ), 'hex'
    )::uuid
$$;

create or replace function @extschema@.uuid_generate_v3(namespace uuid, name text) returns uuid
language sql immutable strict parallel safe as $$
    select @extschema@.supaseed_uuid_of_hash(
        decode(md5(uuid_send(namespace) || convert_to(name, getdatabaseencoding())), 'hex'), 3
    )
$$;

-- FIPS 180-4: core Postgres has SHA-2 and MD5, but no SHA-1. All of its bit operators bind alike, from left to right.
create or replace function @extschema@.supaseed_uuid_sha1(message bytea) returns bytea
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

create or replace function @extschema@.uuid_generate_v5(namespace uuid, name text) returns uuid
language sql immutable strict parallel safe as $$
    select @extschema@.supaseed_uuid_of_hash(
        @extschema@.supaseed_uuid_sha1(uuid_send(namespace) || convert_to(name, getdatabaseencoding())), 5
    )
$$;
