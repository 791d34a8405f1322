-- Functions and procedures that no extension owns. A body in standard SQL (BEGIN ATOMIC) is printed from its tree.
select
    p.oid::bigint as oid,
    n.nspname as schema,
    p.proname as name,
    pg_catalog.pg_get_function_identity_arguments(p.oid) as arguments,
    l.lanname as language,
    coalesce(pg_catalog.pg_get_function_result(p.oid), '') as returns,
    coalesce(nullif(p.prosrc, ''), pg_catalog.pg_get_function_sqlbody(p.oid), '') as source,
    case p.prokind when 'p' then 'procedure' when 'a' then 'aggregate' when 'w' then 'window' else 'function' end
        as kind,
    case p.provolatile when 'i' then 'immutable' when 's' then 'stable' else 'volatile' end as volatility
from pg_catalog.pg_proc p
join pg_catalog.pg_namespace n on n.oid = p.pronamespace
join pg_catalog.pg_language l on l.oid = p.prolang
where n.nspname !~ '^pg_'
    and n.nspname <> 'information_schema'
    and n.nspname <> all(%(exclude)s::text[])
    and not exists (
        select
        from pg_catalog.pg_depend d
        where d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass and d.objid = p.oid and d.deptype = 'e'
    )
order by n.nspname, p.proname, pg_catalog.pg_get_function_identity_arguments(p.oid) collate "C"
