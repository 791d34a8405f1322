-- The sequences that the login owns, of all schemas but those of the system.
select namespace.nspname, class.relname, sequence.seqcache
from pg_catalog.pg_sequence as sequence
join pg_catalog.pg_class as class on class.oid = sequence.seqrelid
join pg_catalog.pg_namespace as namespace on namespace.oid = class.relnamespace
where pg_has_role(class.relowner, 'usage')
    and namespace.nspname !~ '^pg_' and namespace.nspname <> 'information_schema'
order by namespace.nspname, class.relname
