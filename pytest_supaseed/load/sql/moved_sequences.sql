-- The sequences that the login may read, of all schemas but those of the system and our own.
select namespace.nspname, class.relname, sequence.seqstart
from pg_catalog.pg_sequence as sequence
join pg_catalog.pg_class as class on class.oid = sequence.seqrelid
join pg_catalog.pg_namespace as namespace on namespace.oid = class.relnamespace
where namespace.nspname !~ '^pg_' and namespace.nspname not in ('information_schema', 'supaseed')
    and has_schema_privilege(namespace.oid, 'usage')
    and case when class.relkind = 'S' then has_sequence_privilege(class.oid, 'select') end
order by namespace.nspname, class.relname
