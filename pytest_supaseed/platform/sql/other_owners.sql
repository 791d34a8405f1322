-- Roles that sources gave a table or a schema of this database to, and that the owner may not act as.
select distinct r.rolname
from pg_catalog.pg_roles as r
join (
    select c.relowner as owner from pg_catalog.pg_class as c
    union
    select n.nspowner from pg_catalog.pg_namespace as n
) as found on found.owner = r.oid
where not r.rolsuper
and r.rolname <> 'pg_database_owner'
and not pg_catalog.pg_has_role(%(owner)s, r.oid, 'member')
-- Postgres refuses circles.
and not pg_catalog.pg_has_role(r.oid, %(owner)s::pg_catalog.regrole, 'member')
