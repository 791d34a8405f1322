-- Row-level security policies; the role with OID 0 is PUBLIC.
select
    p.oid::bigint as oid,
    p.polname as name,
    p.polrelid::bigint as table_oid,
    p.polcmd::text as command,
    p.polpermissive as permissive,
    (
        select pg_catalog.array_agg(coalesce(r.rolname, 'public')::text order by coalesce(r.rolname, 'public'))
        from pg_catalog.unnest(p.polroles) as role (oid)
        left join pg_catalog.pg_roles r on r.oid = role.oid
    ) as roles,
    pg_catalog.pg_get_expr(p.polqual, p.polrelid) as using,
    pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid) as check
from pg_catalog.pg_policy p
where p.polrelid = any(%(tables)s::pg_catalog.oid[])
order by p.polrelid, p.polname
