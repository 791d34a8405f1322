-- Each table that holds rows of its own, other than the system's: its columns that take values, the columns of
-- a key that is never null, whether something on it acts even while session_replication_role is `replica`, its
-- rows' bytes.
select
    c.oid::int8 as oid,
    n.nspname::text as schema,
    c.relname::text as name,
    array(
        select a.attname::text
        from pg_catalog.pg_attribute as a
        where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
        order by a.attnum
    ) as columns,
    array(
        select a.attname::text
        from (
            select i.indkey::int2[] as numbers, i.indnkeyatts as length
            from pg_catalog.pg_index as i
            where
                i.indrelid = c.oid and i.indisunique and i.indisvalid
                and i.indpred is null and i.indexprs is null
                and not exists (
                    select
                    from pg_catalog.pg_attribute as part
                    where part.attrelid = c.oid and part.attnum = any (i.indkey) and not part.attnotnull
                )
            order by i.indisprimary desc, i.indnkeyatts, i.indexrelid
            limit 1
        ) as k
        cross join lateral unnest(k.numbers) with ordinality as part (number, place)
        inner join pg_catalog.pg_attribute as a on a.attrelid = c.oid and a.attnum = part.number
        where part.place <= k.length
        order by part.place
    ) as key,
    exists (
        select from pg_catalog.pg_trigger as t where t.tgrelid = c.oid and t.tgenabled in ('A', 'R')
    )
    or exists (
        select
        from pg_catalog.pg_rewrite as r
        where r.ev_class = c.oid and r.ev_type <> '1' and r.ev_enabled in ('A', 'R')
    ) as acts,
    pg_catalog.pg_table_size(c.oid) as bytes
from pg_catalog.pg_class as c
inner join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
where
    c.relkind = 'r' and not c.relisshared and c.relpersistence in ('p', 'u')
    and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast', 'pg_supaseed')
order by bytes, c.oid
