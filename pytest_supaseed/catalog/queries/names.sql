-- Schemas, extensions and roles, by name.
select found.kind, found.name
from (
    select 'schema' as kind, n.nspname::text as name
    from pg_catalog.pg_namespace n
    where n.nspname !~ '^pg_' and n.nspname <> 'information_schema' and n.nspname <> all(%(exclude)s::text[])
    union all
    select 'extension', e.extname::text from pg_catalog.pg_extension e
    union all
    select 'role', r.rolname::text from pg_catalog.pg_roles r where r.rolname !~ '^pg_'
) found
order by found.kind collate "C", found.name collate "C"
