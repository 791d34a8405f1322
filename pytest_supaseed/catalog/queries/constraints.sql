-- Foreign keys, checks (of tables and domains) and exclusions, temporal keys among them; other unique keys come
-- from their indexes. Left out: the copies that Postgres keeps, on the same table, for each partition of a target.
select
    k.oid::bigint as oid,
    k.conname as name,
    k.contype::text as kind,
    k.conrelid::bigint as table_oid,
    k.contypid::bigint as type_oid,
    coalesce(own.names, '{}') as columns,
    k.confrelid::bigint as target_oid,
    tn.nspname as target_schema,
    t.relname as target_table,
    coalesce(other.names, '{}') as target_columns,
    k.confdeltype::text as on_delete,
    k.confupdtype::text as on_update,
    k.confmatchtype = 'f' as match_full,
    k.condeferrable as deferrable,
    k.condeferred as initially_deferred,
    k.convalidated as validated,
    k.connoinherit as no_inherit,
    since_18.enforced,
    since_18.period,
    pg_catalog.pg_get_expr(k.conbin, k.conrelid) as expression,
    case when x.indexrelid is not null then pg_catalog.pg_get_constraintdef(k.oid) end as definition,
    pg_catalog.pg_get_expr(x.indpred, x.indrelid) as predicate,
    coalesce(
        (
            select pg_catalog.array_agg(
                pg_catalog.pg_get_indexdef(x.indexrelid, u.position::integer, true) order by u.position
            )
            from pg_catalog.unnest(k.conkey) with ordinality as u (number, position)
            where u.number = 0 and x.indexrelid is not null
        ),
        '{}'
    ) as expressions,
    coalesce(
        (
            select pg_catalog.array_agg(o.oprname::text order by u.position)
            from pg_catalog.unnest(k.conexclop) with ordinality as u (operator, position)
            join pg_catalog.pg_operator o on o.oid = u.operator
        ),
        '{}'
    ) as operators
from pg_catalog.pg_constraint k
-- Where pg_constraint lacks a column, its unqualified name below means this one: the value of older servers.
cross join (values (true, false)) as absent (conenforced, conperiod)
cross join lateral (
    select conenforced as enforced, conperiod as period
    from pg_catalog.pg_constraint newer
    where newer.oid = k.oid
) since_18
left join pg_catalog.pg_constraint parent on parent.oid = k.conparentid
left join pg_catalog.pg_class t on t.oid = k.confrelid
left join pg_catalog.pg_namespace tn on tn.oid = t.relnamespace
left join pg_catalog.pg_index x on x.indexrelid = k.conindid and k.contype <> 'f'
left join lateral (
    select pg_catalog.array_agg(a.attname::text order by u.position) as names
    from pg_catalog.unnest(k.conkey) with ordinality as u (number, position)
    left join pg_catalog.pg_attribute a on a.attrelid = k.conrelid and a.attnum = u.number and u.number > 0
) own on true
left join lateral (
    select pg_catalog.array_agg(a.attname::text order by u.position) as names
    from pg_catalog.unnest(k.confkey) with ordinality as u (number, position)
    join pg_catalog.pg_attribute a on a.attrelid = k.confrelid and a.attnum = u.number
) other on true
where (k.contype in ('f', 'c', 'x') or (k.contype in ('p', 'u') and since_18.period))
    and (k.conrelid = any(%(tables)s::pg_catalog.oid[]) or k.contypid = any(%(types)s::pg_catalog.oid[]))
    and (k.contype <> 'f' or parent.oid is null or parent.confrelid = k.confrelid)
order by k.conrelid, k.contypid, k.conname, k.oid
