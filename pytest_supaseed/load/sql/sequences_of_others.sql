-- The sequences that the login may draw from, or set, but does not own, and the last number drawn.
select quote_ident(namespace.nspname) || '.' || quote_ident(class.relname), pg_sequence_last_value(class.oid)
from pg_catalog.pg_sequence as sequence
join pg_catalog.pg_class as class on class.oid = sequence.seqrelid
join pg_catalog.pg_namespace as namespace on namespace.oid = class.relnamespace
where not pg_has_role(class.relowner, 'usage')
    and has_schema_privilege(namespace.oid, 'usage')
    and case when class.relkind = 'S' then has_sequence_privilege(class.oid, 'usage, select') end
    and namespace.nspname !~ '^pg_' and namespace.nspname <> 'information_schema'
order by 1
