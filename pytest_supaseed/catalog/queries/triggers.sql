-- Users' triggers. The bits of tgtype are those of src/include/catalog/pg_trigger.h. Up to Postgres 14, the copy
-- that a partition gets of its parent's trigger counts as internal; it fires like any other.
select
    g.oid::bigint as oid,
    g.tgname as name,
    g.tgrelid::bigint as table_oid,
    g.tgtype::integer as type,
    g.tgenabled::text as enabled,
    g.tgconstraint <> 0 as is_constraint,
    n.nspname as function_schema,
    p.proname as function_name,
    pg_catalog.pg_get_triggerdef(g.oid) as definition
from pg_catalog.pg_trigger g
join pg_catalog.pg_proc p on p.oid = g.tgfoid
join pg_catalog.pg_namespace n on n.oid = p.pronamespace
left join pg_catalog.pg_trigger parent on parent.oid = g.tgparentid
where (not g.tgisinternal or not parent.tgisinternal) and g.tgrelid = any(%(tables)s::pg_catalog.oid[])
order by g.tgrelid, g.tgname
