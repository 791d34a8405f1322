-- Each sequence; whether it leaves no trace in the log, so that drawing from it takes no transaction id; and
-- whether it goes in circles.
select
    c.oid::int8 as oid,
    n.nspname::text as schema,
    c.relname::text as name,
    c.relpersistence = 'u' as unlogged,
    s.seqcycle as cycles
from pg_catalog.pg_class as c
inner join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
inner join pg_catalog.pg_sequence as s on s.seqrelid = c.oid
where c.relkind = 'S' and c.relpersistence in ('p', 'u')
order by c.oid
