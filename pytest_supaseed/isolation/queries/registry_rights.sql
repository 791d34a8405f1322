-- Whose the registry's table is, and whether the login may make databases, and act as that owner.
select
    pg_catalog.pg_get_userbyid(c.relowner)::text as owner,
    pg_catalog.pg_has_role(c.relowner, 'usage') as may_use,
    r.rolcreatedb or r.rolsuper as may_create
from pg_catalog.pg_class as c
cross join pg_catalog.pg_roles as r
where c.oid = pg_catalog.to_regclass('public.template') and r.rolname = current_user
