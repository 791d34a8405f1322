-- Each sequence, and whether it leaves no trace in the log, so that drawing from it takes no transaction id.
select c.oid::int8 as oid, n.nspname::text as schema, c.relname::text as name, c.relpersistence = 'u' as unlogged
from pg_catalog.pg_class as c
inner join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
where c.relkind = 'S' and c.relpersistence in ('p', 'u')
order by c.oid
