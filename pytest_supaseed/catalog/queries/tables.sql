-- Relations that hold or show rows, with what belongs to the relation itself.
select
    c.oid::bigint as oid,
    n.nspname as schema,
    c.relname as name,
    c.relkind::text as kind,
    pg_catalog.pg_get_userbyid(c.relowner) as owner,
    c.relrowsecurity as row_security,
    c.relforcerowsecurity as row_security_forced,
    c.relispartition as is_partition,
    c.relpersistence = 'u' as unlogged,
    pg_catalog.obj_description(c.oid, 'pg_class') as comment,
    pg_catalog.pg_get_expr(c.relpartbound, c.oid) as partition_bound,
    case when c.relkind = 'p' then pg_catalog.pg_get_partkeydef(c.oid) end as partition_key,
    parent.names as inherits,
    parent.oids as parent_oids,
    (
        select e.extname
        from pg_catalog.pg_depend d
        join pg_catalog.pg_extension e on e.oid = d.refobjid
        where d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
            and d.objid = c.oid
            and d.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass
            and d.deptype = 'e'
        limit 1
    ) as extension
from pg_catalog.pg_class c
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
cross join lateral (
    select
        coalesce(pg_catalog.array_agg(pn.nspname || '.' || p.relname order by i.inhseqno), '{}') as names,
        coalesce(pg_catalog.array_agg(p.oid::bigint order by i.inhseqno), '{}') as oids
    from pg_catalog.pg_inherits i
    join pg_catalog.pg_class p on p.oid = i.inhparent
    join pg_catalog.pg_namespace pn on pn.oid = p.relnamespace
    where i.inhrelid = c.oid
) parent
where c.relkind in ('r', 'p', 'v', 'm', 'f')
    and n.nspname !~ '^pg_'
    and n.nspname <> 'information_schema'
    and n.nspname <> all(%(exclude)s::text[])
order by n.nspname, c.relname
