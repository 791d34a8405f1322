-- Unique indexes, be they a primary key's, a constraint's or nobody's.
select
    x.indexrelid::bigint as oid,
    i.relname as name,
    x.indrelid::bigint as table_oid,
    x.indisprimary as is_primary,
    k.oid is not null as is_constraint,
    coalesce(k.condeferrable, false) as deferrable,
    pg_catalog.pg_get_expr(x.indpred, x.indrelid) as predicate,
    since_15.nulls_not_distinct,
    -- Only the index of a temporal key (PRIMARY KEY or UNIQUE ... WITHOUT OVERLAPS) is both.
    x.indisexclusion as without_overlaps,
    part.columns,
    part.expressions
from pg_catalog.pg_index x
join pg_catalog.pg_class i on i.oid = x.indexrelid
-- Where pg_index lacks the column, its unqualified name below means this one: the value of older servers.
cross join (values (false)) as absent (indnullsnotdistinct)
cross join lateral (
    select indnullsnotdistinct as nulls_not_distinct
    from pg_catalog.pg_index newer
    where newer.indexrelid = x.indexrelid
) since_15
left join pg_catalog.pg_constraint k on k.conindid = x.indexrelid and k.contype in ('p', 'u')
    and k.conrelid = x.indrelid
cross join lateral (
    select
        pg_catalog.array_agg(a.attname::text order by position) as columns,
        coalesce(
            pg_catalog.array_agg(pg_catalog.pg_get_indexdef(x.indexrelid, position::integer, true) order by position)
                filter (where x.indkey[position - 1] = 0),
            '{}'
        ) as expressions
    from pg_catalog.generate_series(1, x.indnkeyatts::integer) as position
    left join pg_catalog.pg_attribute a
        on a.attrelid = x.indrelid and a.attnum = x.indkey[position - 1] and a.attnum > 0
) part
where x.indisunique and x.indislive and x.indrelid = any(%(tables)s::pg_catalog.oid[])
order by x.indrelid, x.indisprimary desc, i.relname, x.indexrelid
