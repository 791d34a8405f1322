-- pgmq: queues are tables, as in the real one, by the documented functions. May be run again.
-- Partitioned queues are plain ones, and nothing is cleaned up by itself.
create schema if not exists pgmq;

create table if not exists pgmq.meta (
    queue_name varchar unique not null,
    is_partitioned boolean not null,
    is_unlogged boolean not null,
    created_at timestamptz not null default now()
);

do $$
begin
    if to_regtype('pgmq.message_record') is null then
        create type pgmq.message_record as (
            msg_id bigint, read_ct integer, enqueued_at timestamptz, vt timestamptz, message jsonb, headers jsonb
        );
        create type pgmq.queue_record as (
            queue_name varchar, is_partitioned boolean, is_unlogged boolean, created_at timestamptz
        );
        create type pgmq.metrics_result as (
            queue_name text, queue_length bigint, newest_msg_age_sec integer, oldest_msg_age_sec integer,
            total_messages bigint, scrape_time timestamptz, queue_visible_length bigint
        );
    end if;
end
$$;

create or replace function pgmq.format_table_name(queue_name text, prefix text) returns text
language plpgsql immutable as $$
begin
    if queue_name ~ '\$|;|--|''' then
        raise exception 'queue name contains invalid characters: $, ;, --, or ''';
    end if;
    return lower(prefix || '_' || queue_name);
end
$$;

create or replace function pgmq.validate_queue_name(queue_name text) returns void language plpgsql immutable as $$
begin
    if length(queue_name) > 47 then
        raise exception 'queue name is too long, maximum length is 47 characters';
    end if;
end
$$;

create or replace function pgmq.supaseed_create(name text, partitioned boolean, unlogged boolean) returns void
language plpgsql as $$
begin
    perform pgmq.validate_queue_name(name);
    execute format(
        'create %s table if not exists pgmq.%I ('
        'msg_id bigint primary key generated always as identity, read_ct integer not null default 0,'
        ' enqueued_at timestamptz not null default now(), vt timestamptz not null, message jsonb, headers jsonb)',
        case when unlogged then 'unlogged' end, pgmq.format_table_name(name, 'q')
    );
    execute format(
        'create table if not exists pgmq.%I ('
        'msg_id bigint primary key, read_ct integer not null default 0,'
        ' enqueued_at timestamptz not null default now(), archived_at timestamptz not null default now(),'
        ' vt timestamptz not null, message jsonb, headers jsonb)',
        pgmq.format_table_name(name, 'a')
    );
    execute format(
        'create index if not exists %I on pgmq.%I (vt)',
        pgmq.format_table_name(name, 'q') || '_vt_idx', pgmq.format_table_name(name, 'q')
    );
    execute format(
        'create index if not exists %I on pgmq.%I (archived_at)',
        'archived_at_idx_' || lower(name), pgmq.format_table_name(name, 'a')
    );
    insert into pgmq.meta (queue_name, is_partitioned, is_unlogged)
    values (name, partitioned, unlogged) on conflict do nothing;
end
$$;
create or replace function pgmq.create(queue_name text) returns void language sql as $$
    select pgmq.supaseed_create($1, false, false)
$$;
create or replace function pgmq.create_non_partitioned(queue_name text) returns void language sql as $$
    select pgmq.supaseed_create($1, false, false)
$$;
create or replace function pgmq.create_unlogged(queue_name text) returns void language sql as $$
    select pgmq.supaseed_create($1, false, true)
$$;
create or replace function pgmq.create_partitioned(
    queue_name text, partition_interval text default '10000', retention_interval text default '100000'
) returns void language sql as $$
    select pgmq.supaseed_create($1, true, false)
$$;

create or replace function pgmq.drop_queue(queue_name text) returns boolean language plpgsql as $$
begin
    execute format('drop table if exists pgmq.%I', pgmq.format_table_name($1, 'q'));
    execute format('drop table if exists pgmq.%I', pgmq.format_table_name($1, 'a'));
    delete from pgmq.meta as m where m.queue_name = $1;
    return found;
end
$$;
create or replace function pgmq.drop_queue(queue_name text, partitioned boolean) returns boolean
language sql as $$ select pgmq.drop_queue($1) $$;

create or replace function pgmq.detach_archive(queue_name text) returns void language sql as $$ $$;

create or replace function pgmq.list_queues() returns setof pgmq.queue_record language sql as $$
    select (m.queue_name, m.is_partitioned, m.is_unlogged, m.created_at)::pgmq.queue_record from pgmq.meta as m
$$;

create or replace function pgmq.purge_queue(queue_name text) returns bigint language plpgsql as $$
declare
    gone bigint;
begin
    execute format('select count(*) from pgmq.%I', pgmq.format_table_name($1, 'q')) into gone;
    execute format('truncate pgmq.%I', pgmq.format_table_name($1, 'q'));
    return gone;
end
$$;

create or replace function pgmq.supaseed_send(name text, msgs jsonb[], headers jsonb[], visible timestamptz)
returns setof bigint language plpgsql as $$
begin
    return query execute format(
        'insert into pgmq.%I (vt, message, headers)'
        ' select $1, m.message, m.headers from unnest($2, $3) with ordinality as m (message, headers, n)'
        ' order by m.n returning msg_id',
        pgmq.format_table_name(name, 'q')
    ) using visible, msgs, headers;
end
$$;
create or replace function pgmq.send(queue_name text, msg jsonb) returns setof bigint language sql as $$
    select pgmq.supaseed_send($1, array[$2], null, clock_timestamp())
$$;
create or replace function pgmq.send(queue_name text, msg jsonb, headers jsonb) returns setof bigint language sql as $$
    select pgmq.supaseed_send($1, array[$2], array[$3], clock_timestamp())
$$;
create or replace function pgmq.send(queue_name text, msg jsonb, delay integer) returns setof bigint language sql as $$
    select pgmq.supaseed_send($1, array[$2], null, clock_timestamp() + make_interval(secs => $3))
$$;
create or replace function pgmq.send(queue_name text, msg jsonb, delay timestamptz) returns setof bigint
language sql as $$ select pgmq.supaseed_send($1, array[$2], null, $3) $$;
create or replace function pgmq.send(queue_name text, msg jsonb, headers jsonb, delay integer) returns setof bigint
language sql as $$
    select pgmq.supaseed_send($1, array[$2], array[$3], clock_timestamp() + make_interval(secs => $4))
$$;
create or replace function pgmq.send(queue_name text, msg jsonb, headers jsonb, delay timestamptz)
returns setof bigint language sql as $$ select pgmq.supaseed_send($1, array[$2], array[$3], $4) $$;

create or replace function pgmq.send_batch(queue_name text, msgs jsonb[]) returns setof bigint language sql as $$
    select pgmq.supaseed_send($1, $2, null, clock_timestamp())
$$;
create or replace function pgmq.send_batch(queue_name text, msgs jsonb[], headers jsonb[]) returns setof bigint
language sql as $$ select pgmq.supaseed_send($1, $2, $3, clock_timestamp()) $$;
create or replace function pgmq.send_batch(queue_name text, msgs jsonb[], delay integer) returns setof bigint
language sql as $$
    select pgmq.supaseed_send($1, $2, null, clock_timestamp() + make_interval(secs => $3))
$$;
create or replace function pgmq.send_batch(queue_name text, msgs jsonb[], delay timestamptz) returns setof bigint
language sql as $$ select pgmq.supaseed_send($1, $2, null, $3) $$;
create or replace function pgmq.send_batch(queue_name text, msgs jsonb[], headers jsonb[], delay integer)
returns setof bigint language sql as $$
    select pgmq.supaseed_send($1, $2, $3, clock_timestamp() + make_interval(secs => $4))
$$;
create or replace function pgmq.send_batch(queue_name text, msgs jsonb[], headers jsonb[], delay timestamptz)
returns setof bigint language sql as $$ select pgmq.supaseed_send($1, $2, $3, $4) $$;

create or replace function pgmq.read(queue_name text, vt integer, qty integer, conditional jsonb default '{}')
returns setof pgmq.message_record language plpgsql as $$
begin
    return query execute format(
        'with next as ('
        '  select msg_id from pgmq.%1$I where vt <= clock_timestamp() and message @> $1'
        '  order by msg_id limit $2 for update skip locked'
        '), taken as ('
        '  update pgmq.%1$I as q set vt = clock_timestamp() + make_interval(secs => $3), read_ct = read_ct + 1'
        '  from next where q.msg_id = next.msg_id'
        '  returning q.msg_id, q.read_ct, q.enqueued_at, q.vt, q.message, q.headers'
        ') select * from taken order by msg_id',
        pgmq.format_table_name($1, 'q')
    ) using conditional, qty, $2;
end
$$;
create or replace function pgmq.read_with_poll(
    queue_name text, vt integer, qty integer, max_poll_seconds integer default 5,
    poll_interval_ms integer default 100, conditional jsonb default '{}'
) returns setof pgmq.message_record language plpgsql as $$
declare
    deadline constant timestamptz := clock_timestamp() + make_interval(secs => max_poll_seconds);
begin
    loop
        return query select * from pgmq.read($1, $2, $3, $6);
        exit when found or clock_timestamp() >= deadline;
        perform pg_sleep(poll_interval_ms / 1000.0);
    end loop;
end
$$;
create or replace function pgmq.pop(queue_name text, qty integer default 1) returns setof pgmq.message_record
language plpgsql as $$
begin
    return query execute format(
        'with next as ('
        '  select msg_id from pgmq.%1$I where vt <= clock_timestamp() order by msg_id limit $1 for update skip locked'
        '), taken as ('
        '  delete from pgmq.%1$I as q using next where q.msg_id = next.msg_id'
        '  returning q.msg_id, q.read_ct, q.enqueued_at, q.vt, q.message, q.headers'
        ') select * from taken order by msg_id',
        pgmq.format_table_name($1, 'q')
    ) using qty;
end
$$;

create or replace function pgmq.delete(queue_name text, msg_ids bigint[]) returns setof bigint language plpgsql as $$
begin
    return query execute format(
        'delete from pgmq.%I where msg_id = any($1) returning msg_id', pgmq.format_table_name($1, 'q')
    ) using msg_ids;
end
$$;
create or replace function pgmq.delete(queue_name text, msg_id bigint) returns boolean language sql as $$
    select count(*) > 0 from pgmq.delete($1, array[$2])
$$;
create or replace function pgmq.archive(queue_name text, msg_ids bigint[]) returns setof bigint language plpgsql as $$
begin
    return query execute format(
        'with gone as ('
        '  delete from pgmq.%I where msg_id = any($1) returning msg_id, read_ct, enqueued_at, vt, message, headers'
        ') insert into pgmq.%I (msg_id, read_ct, enqueued_at, vt, message, headers)'
        ' select * from gone returning msg_id',
        pgmq.format_table_name($1, 'q'), pgmq.format_table_name($1, 'a')
    ) using msg_ids;
end
$$;
create or replace function pgmq.archive(queue_name text, msg_id bigint) returns boolean language sql as $$
    select count(*) > 0 from pgmq.archive($1, array[$2])
$$;
create or replace function pgmq.set_vt(queue_name text, msg_id bigint, vt integer)
returns setof pgmq.message_record language plpgsql as $$
begin
    return query execute format(
        'update pgmq.%I set vt = clock_timestamp() + make_interval(secs => $1) where msg_id = $2'
        ' returning msg_id, read_ct, enqueued_at, vt, message, headers',
        pgmq.format_table_name($1, 'q')
    ) using $3, $2;
end
$$;

create or replace function pgmq.metrics(queue_name text) returns pgmq.metrics_result language plpgsql as $$
declare
    found pgmq.metrics_result;
begin
    execute format(
        'select $1, count(*), extract(epoch from now() - max(enqueued_at))::integer,'
        ' extract(epoch from now() - min(enqueued_at))::integer,'
        ' (select case when is_called then last_value else 0 end from %s), now(),'
        ' count(*) filter (where vt <= clock_timestamp()) from pgmq.%I',
        pg_get_serial_sequence(format('pgmq.%I', pgmq.format_table_name($1, 'q')), 'msg_id'),
        pgmq.format_table_name($1, 'q')
    ) into found using $1;
    return found;
end
$$;
create or replace function pgmq.metrics_all() returns setof pgmq.metrics_result language sql as $$
    select pgmq.metrics(m.queue_name) from pgmq.meta as m
$$;

grant usage, create on schema pgmq to :"owner" with grant option;
grant all on pgmq.meta to :"owner" with grant option;
grant execute on all functions in schema pgmq to :"owner" with grant option;
