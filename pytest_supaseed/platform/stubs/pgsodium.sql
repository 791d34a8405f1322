-- pgsodium: keys are written down as rows; every cipher raises; random bytes are real. May be run again.
create schema if not exists pgsodium;
create schema if not exists pgsodium_masks;

do $$
begin
    if to_regtype('pgsodium.key_type') is null then
        create type pgsodium.key_status as enum ('default', 'valid', 'invalid', 'expired');
        create type pgsodium.key_type as enum (
            'aead-ietf', 'aead-det', 'hmacsha512', 'hmacsha256', 'auth', 'shorthash', 'generichash', 'kdf',
            'secretbox', 'secretstream', 'stream_xchacha20'
        );
    end if;
end
$$;

create table if not exists pgsodium.key (
    id uuid primary key default gen_random_uuid(),
    status pgsodium.key_status default 'valid',
    created timestamptz not null default current_timestamp,
    expires timestamptz,
    key_type pgsodium.key_type,
    key_id bigserial,
    key_context bytea default 'pgsodium' check (length(key_context) = 8),
    name text constraint pgsodium_key_unique_name unique,
    associated_data text default 'associated',
    raw_key bytea,
    raw_key_nonce bytea,
    parent_key uuid references pgsodium.key,
    comment text,
    user_data text
);
alter table pgsodium.key alter column key_id drop not null;
create unique index if not exists key_status_idx1 on pgsodium.key (status) where status = 'default';
create unique index if not exists key_key_id_key_context_key_type_idx
    on pgsodium.key (key_id, key_context, key_type);

create or replace view pgsodium.valid_key as
select id, name, status, key_type, key_id, key_context, created, expires, associated_data
from pgsodium.key
where status in ('valid', 'default') and (expires is null or expires > now());

create or replace function pgsodium.create_key(
    key_type pgsodium.key_type default 'aead-det', name text default null, raw_key bytea default null,
    raw_key_nonce bytea default null, parent_key uuid default null, key_context bytea default 'pgsodium',
    expires timestamptz default null, associated_data text default ''
) returns pgsodium.valid_key language plpgsql security definer set search_path = '' as $$
declare
    made uuid;
    result pgsodium.valid_key;
begin
    insert into pgsodium.key as key (
        key_type, name, raw_key, raw_key_nonce, parent_key, key_context, expires, associated_data
    ) values ($1, $2, $3, $4, $5, $6, $7, $8) returning key.id into made;
    select * into result from pgsodium.valid_key as valid where valid.id = made;
    return result;
end
$$;
create or replace function pgsodium.get_key_by_id(uuid) returns pgsodium.valid_key
language sql stable security definer set search_path = '' as $$ select * from pgsodium.valid_key where id = $1 $$;
create or replace function pgsodium.get_key_by_name(text) returns pgsodium.valid_key
language sql stable security definer set search_path = '' as $$ select * from pgsodium.valid_key where name = $1 $$;

create or replace function pgsodium.randombytes_buf(size integer) returns bytea
language sql volatile set search_path = '' as $$
    select coalesce(pg_catalog.substring(pg_catalog.string_agg(
        pg_catalog.sha256(
            pg_catalog.uuid_send(pg_catalog.gen_random_uuid()) || pg_catalog.uuid_send(pg_catalog.gen_random_uuid())
        ), ''
    ), 1, size), '')
    from pg_catalog.generate_series(0, size / 32)
$$;
create or replace function pgsodium.randombytes_random() returns integer
language sql volatile set search_path = '' as $$
    select ('x' || pg_catalog.encode(pgsodium.randombytes_buf(4), 'hex'))::bit(32)::integer
$$;
create or replace function pgsodium.randombytes_uniform(upper_bound integer) returns integer
language sql volatile set search_path = '' as $$
    select (
        ('x' || pg_catalog.encode(pgsodium.randombytes_buf(7), 'hex'))::bit(56)::bigint % upper_bound
    )::integer
$$;
create or replace function pgsodium.crypto_aead_det_noncegen() returns bytea
language sql volatile as $$ select pgsodium.randombytes_buf(32) $$;
create or replace function pgsodium.crypto_aead_det_keygen() returns bytea
language sql volatile as $$ select pgsodium.randombytes_buf(64) $$;
create or replace function pgsodium.crypto_secretbox_keygen() returns bytea
language sql volatile as $$ select pgsodium.randombytes_buf(32) $$;
create or replace function pgsodium.crypto_secretbox_noncegen() returns bytea
language sql volatile as $$ select pgsodium.randombytes_buf(24) $$;

create or replace function pgsodium.supaseed_absent(function_name text) returns bytea
language plpgsql immutable as $$
begin
    raise exception '%() needs the real pgsodium, and this server does not have it', function_name
        using errcode = 'feature_not_supported',
            hint = 'Name a server that has pgsodium by --supaseed-url, '
                'or keep the secret in vault.secrets, which is plain text here.';
end
$$;
create or replace function pgsodium.crypto_aead_det_encrypt(
    message bytea, additional bytea, key_uuid uuid, nonce bytea default null
) returns bytea language sql immutable as $$ select pgsodium.supaseed_absent('pgsodium.crypto_aead_det_encrypt') $$;
create or replace function pgsodium.crypto_aead_det_decrypt(
    message bytea, additional bytea, key_uuid uuid, nonce bytea default null
) returns bytea language sql immutable as $$ select pgsodium.supaseed_absent('pgsodium.crypto_aead_det_decrypt') $$;
create or replace function pgsodium.crypto_aead_det_encrypt(
    message bytea, additional bytea, key bytea, nonce bytea default null
) returns bytea language sql immutable as $$ select pgsodium.supaseed_absent('pgsodium.crypto_aead_det_encrypt') $$;
create or replace function pgsodium.crypto_aead_det_decrypt(
    message bytea, additional bytea, key bytea, nonce bytea default null
) returns bytea language sql immutable as $$ select pgsodium.supaseed_absent('pgsodium.crypto_aead_det_decrypt') $$;
create or replace function pgsodium.crypto_secretbox(message bytea, nonce bytea, key bytea) returns bytea
language sql immutable as $$ select pgsodium.supaseed_absent('pgsodium.crypto_secretbox') $$;
create or replace function pgsodium.crypto_secretbox_open(ciphertext bytea, nonce bytea, key bytea) returns bytea
language sql immutable as $$ select pgsodium.supaseed_absent('pgsodium.crypto_secretbox_open') $$;
create or replace function pgsodium.derive_key(
    key_id bigint, key_len integer default 32, context bytea default 'pgsodium'
) returns bytea language sql immutable as $$ select pgsodium.supaseed_absent('pgsodium.derive_key') $$;

grant usage on schema pgsodium to public;
grant usage on schema pgsodium_masks to pgsodium_keyiduser;
revoke all on all functions in schema pgsodium from public;
grant execute on all functions in schema pgsodium to pgsodium_keyiduser, :"owner", service_role;
grant select on pgsodium.key, pgsodium.valid_key to pgsodium_keyiduser;
grant insert, update, delete on pgsodium.key to pgsodium_keymaker;
grant all on sequence pgsodium.key_key_id_seq to pgsodium_keyiduser;
